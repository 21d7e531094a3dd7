"""Which entity the source of a claim is."""
