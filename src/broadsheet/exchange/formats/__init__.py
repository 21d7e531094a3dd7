"""The formats of other tools: one module a format."""
