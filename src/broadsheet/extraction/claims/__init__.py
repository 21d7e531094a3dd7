"""Who says what: the readers of claims, and what is made of their answers."""
