"""Files on disk: Parquet, cache, staging, atomic replacement, strict JSON."""
