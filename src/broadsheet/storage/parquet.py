"""Parquet files: the settings for writing them, so that the same rows give the same bytes, and their facts."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet import ids
from broadsheet.errors import PackageError
from broadsheet.schema import Table
from broadsheet.schema.arrow import arrow
from broadsheet.schema.logical_hash import logical_hash

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


def facts(data: bytes) -> Facts:
    """Return the facts of a Parquet file that was just written; its page checksums are checked on the way."""
    table = pq.read_table(io.BytesIO(data), page_checksum_verification=True, use_threads=False)
    return Facts(table.num_rows, len(data), ids.sha256(data), logical_hash(table))


def fitted(frame: pl.DataFrame, table: Table) -> pa.Table:
    """Return a frame as Arrow in exactly the types of its schema. Raises PackageError where it does not fit."""
    try:
        found: pa.Table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(arrow(table))
    except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError) as error:
        raise PackageError(f"table {table.name} does not fit schemas/{table.name}.json: {error}") from None
    return found.combine_chunks()
