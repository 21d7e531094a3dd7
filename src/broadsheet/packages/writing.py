"""Write tables as a data package.

A package is written into a staging folder and published by one exchange of directories: at every moment either the old
one or the new one is there, complete. Only pyarrow writes Parquet, one row group a bucket, so that the same rows give
the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import polars as pl
import pyarrow.parquet as pq

from broadsheet.errors import PackageError
from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.package_files import DESCRIPTOR, QUARANTINE, README, SUMS
from broadsheet.schema import Schemas, Table
from broadsheet.schema.arrow import arrow
from broadsheet.storage import parquet
from broadsheet.storage.atomic import naming

__all__ = ["package", "published"]

_BLOCK: Final = 2**20  # bytes
READ_ME: Final = (Path(__file__).parents[1] / "template" / "build" / README).read_text(encoding="utf-8")


# --- the target -------------------------------------------------------------------------------------------------------


def published(target: Path) -> None:
    """Raise PackageError unless a package may be published at `target`: absent, empty, or only a package."""
    if not os.path.lexists(target):
        return
    if target.is_symlink() or not target.is_dir():
        raise PackageError(f"{target} is not a folder", repair="move it away, or name another place with --to")
    with os.scandir(target) as files:
        strange = sorted(file.name for file in files if not _ours(file))
    if strange:
        more = f" and {len(strange) - 1} more" if strange[1:] else ""
        raise PackageError(
            f"{target} contains {strange[0]!r}{more}, not written by a build; a build replaces the whole folder",
            repair="move it away, or name another place with --to",
        )


def _ours(file: os.DirEntry[str]) -> bool:
    is_named = file.name in {DESCRIPTOR, SUMS, QUARANTINE, README} or file.name.endswith(".parquet")
    return is_named and not file.is_dir(follow_symlinks=False)


# --- writing ----------------------------------------------------------------------------------------------------------


def package(
    buckets: Iterable[Mapping[str, pl.DataFrame]],
    to: Path,
    *,
    schemas: Schemas,
    about: Mapping[str, Any],
    quarantine: Iterable[Quarantined | Skipped] = (),
) -> dict[str, int]:
    """Write a package into an empty folder; return the rows of every table.

    `buckets` gives one mapping of frames a bucket, in order; a table is in as many of them as it has row groups.
    `about` is the descriptor without its resources. Raises PackageError where a frame does not fit its schema.
    """
    rows = _write_tables(buckets, to, schemas)
    descriptor = {**about, "resources": [_resource(to / f"{t.name}.parquet", t.name, schemas) for t in schemas]}
    (to / DESCRIPTOR).write_bytes(_json(descriptor))
    (to / QUARANTINE).write_bytes(b"".join(msgspec.json.encode(q.row()) + b"\n" for q in quarantine))
    (to / README).write_text(READ_ME, encoding="utf-8")
    (to / SUMS).write_text(sums(to), encoding="utf-8")
    return rows


def sums(folder: Path) -> str:
    """Return the lines of SHA256SUMS for every file of a folder but itself, sorted by name."""
    paths = sorted(p for p in folder.iterdir() if p.name != SUMS)
    return "".join(f"{_sha256(p)}  {p.name}\n" for p in paths)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_tables(buckets: Iterable[Mapping[str, pl.DataFrame]], to: Path, schemas: Schemas) -> dict[str, int]:
    rows = {table.name: 0 for table in schemas}
    with ExitStack() as open_files:
        writers = {table.name: open_files.enter_context(_writer(to, table)) for table in schemas}
        for frames in buckets:
            for name in frames:
                rows[name] += _write_group(writers[name], frames[name], schemas[name], to)
    return rows


def _write_group(writer: pq.ParquetWriter, frame: pl.DataFrame, table: Table, to: Path) -> int:
    """Write a frame as one row group; return how many rows it has."""
    found = parquet.fitted(frame, table)
    with naming(to / f"{table.name}.parquet"):
        writer.write_table(found, row_group_size=max(1, found.num_rows))
    return int(found.num_rows)


@contextmanager
def _writer(to: Path, table: Table) -> Iterator[pq.ParquetWriter]:
    """Yield a writer of one table; its pages, most of them small, go to the disk in blocks.

    The file is one of Python: that of pyarrow does not say why it cannot be closed.
    """
    path = to / f"{table.name}.parquet"
    file = path.open("wb", buffering=_BLOCK)
    writer = pq.ParquetWriter(file, arrow(table), **parquet.SETTINGS)
    try:
        yield writer
    finally:
        with naming(path), file:
            writer.close()


def _resource(path: Path, name: str, schemas: Schemas) -> dict[str, Any]:
    with path.open("rb") as file:
        found = parquet.facts(file)
    return {
        "name": name,
        "type": "table",
        "title": schemas[name].descriptor.get("title", name),
        "description": schemas[name].descriptor.get("description", ""),
        "path": path.name,
        "format": "parquet",
        "mediatype": parquet.MEDIA_TYPE,
        "hash": f"sha256:{found.sha256}",
        "schema": dict(schemas[name].descriptor),
        "broadsheet": {"rows": found.rows, "size": found.size, "logicalHash": f"sha256:{found.logical}"},
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
