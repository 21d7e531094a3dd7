"""Parquet files: the settings for writing them, so that the same rows give the same bytes, and their facts."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.errors import PackageError
from broadsheet.schema import Table
from broadsheet.schema.arrow import arrow
from broadsheet.schema.logical_hash import Digest

__all__ = ["MEDIA_TYPE", "SETTINGS", "Facts", "facts", "fitted"]

MEDIA_TYPE: Final = "application/vnd.apache.parquet"
SETTINGS: Final[dict[str, object]] = {
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": True,
    "write_statistics": True,
    "write_page_index": True,
    "write_page_checksum": True,
    "store_schema": False,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a descriptor says of a file: rows, size in bytes, sha256 and logical hash (hex digits)."""

    rows: int
    size: int
    sha256: str
    logical: str


def facts(file: BufferedReader | BytesIO) -> Facts:
    """Return the facts of a Parquet file that was just written; its page checksums are checked on the way.

    One row group is in memory at a time.
    """
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = file.seek(0, os.SEEK_END)  # of bytes in memory, the digest is taken without reading
    table = pq.ParquetFile(file, page_checksum_verification=True)
    logical = Digest(table.schema_arrow)
    for group in range(table.num_row_groups):
        for batch in table.read_row_group(group, use_threads=False).to_batches():
            logical.update(batch)
    return Facts(table.metadata.num_rows, size, digest, logical.hexdigest())


def fitted(frame: pl.DataFrame, table: Table) -> pa.Table:
    """Return a frame as Arrow in exactly the types of its schema. Raises PackageError where it does not fit."""
    try:
        found: pa.Table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(arrow(table))
    except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError) as error:
        raise PackageError(f"table {table.name} does not fit schemas/{table.name}.json: {error}") from None
    return found.combine_chunks()
