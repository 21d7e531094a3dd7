"""Parquet files: the settings for writing them, so that the same rows give the same bytes, and their facts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.errors import PackageError
from broadsheet.package_files import BLOCK
from broadsheet.schema import Table
from broadsheet.schema.arrow import arrow
from broadsheet.schema.logical_hash import Digest

__all__ = ["SETTINGS", "Facts", "described", "facts", "fitted", "hashes"]

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
    """What a descriptor says of a table: rows, logical hash (hex digits), and size (bytes) and sha256 of each file."""

    rows: int
    logical: str
    files: tuple[tuple[int, str], ...]


def facts(files: Iterable[BufferedReader | BytesIO]) -> Facts:
    """Return the facts of the files of a table that were just written; their page checksums are checked on the way.

    The logical hash is over the rows of all files, of which there is at least one. One row group is in memory at a
    time.
    """
    logical, rows, found = None, 0, []
    for file in files:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        found.append((file.seek(0, os.SEEK_END), digest))  # of bytes in memory, the digest is taken without reading
        stored = pq.ParquetFile(file, page_checksum_verification=True)
        logical = logical or Digest(stored.schema_arrow)
        rows += stored.metadata.num_rows
        _feed(logical, stored)
    assert logical is not None
    return Facts(rows, logical.hexdigest(), tuple(found))


def _feed(logical: Digest, stored: pq.ParquetFile) -> None:
    for group in range(stored.num_row_groups):
        for batch in stored.read_row_group(group, use_threads=False).to_batches():
            logical.update(batch)


def described(table: Table, paths: Sequence[str], found: Facts) -> dict[str, Any]:
    """Return the resource of a table. `paths` are those of its files in the package, in the order of the rows.

    Data Package 2.0 has one `hash` a resource: of several files, each has its own in `broadsheet.files`.
    """
    block = hashes(paths, found)
    return {
        "name": table.name,
        "type": "table",
        "title": table.descriptor.get("title", table.name),
        "description": table.descriptor.get("description", ""),
        "path": paths[0] if len(paths) == 1 else list(paths),
        "format": "parquet",
        "mediatype": MEDIA_TYPE,
        **({"hash": block.pop("hash")} if "hash" in block else {}),
        "schema": dict(table.descriptor),
        BLOCK: {"rows": found.rows, **block},
    }


def hashes(paths: Sequence[str], found: Facts) -> dict[str, Any]:
    """Return size, hashes and logical hash of a table, as they are in a descriptor."""
    files = [
        {"path": path, "size": size, "hash": f"sha256:{digest}"}
        for path, (size, digest) in zip(paths, found.files, strict=True)
    ]
    own = {"hash": files[0]["hash"]} if len(files) == 1 else {}
    several = {"files": files} if files[1:] else {}
    size = sum(size for size, _ in found.files)
    return {"size": size, **own, "logicalHash": f"sha256:{found.logical}", **several}


def fitted(frame: pl.DataFrame, table: Table) -> pa.Table:
    """Return a frame as Arrow in exactly the types of its schema. Raises PackageError where it does not fit."""
    try:
        found: pa.Table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(arrow(table))
    except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError) as error:
        raise PackageError(f"table {table.name} does not fit schemas/{table.name}.json: {error}") from None
    return found.combine_chunks()
