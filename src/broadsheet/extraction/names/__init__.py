"""Names in the text of one article: where they are and of which type."""
