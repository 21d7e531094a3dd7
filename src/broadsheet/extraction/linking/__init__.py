"""Which mentions are one entity: inside a document, then across documents."""
