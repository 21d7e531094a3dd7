"""The commands: one module each, and the steps they share."""
