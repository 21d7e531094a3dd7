"""Files on disk: Parquet, cache, staging, atomic replacement, strict JSON, word lists, choices that are modules."""
