"""Word lists and the forms of names."""
