"""Write tables as a data package.

A package is written into a staging folder and published by one exchange of directories: at every moment either the old
one or the new one is there, complete. Only pyarrow writes Parquet, one row group a bucket or a fixed number of rows, so
that the same rows give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, Final

import msgspec
import polars as pl
import pyarrow.parquet as pq

from broadsheet import package_files
from broadsheet.errors import PackageError
from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.package_files import DESCRIPTOR, QUARANTINE, README, SUMS
from broadsheet.schema import Schemas, Table
from broadsheet.schema.arrow import arrow
from broadsheet.storage import parquet
from broadsheet.storage.atomic import naming
from broadsheet.storage.checksums import line_of

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

    `buckets` gives one mapping of frames a bucket, in order; a table is in as many of them as it has row groups. A
    table with more than `package_files.GROUPS_A_FILE` row groups has several files.
    `about` is the descriptor without its resources. Raises PackageError where a frame does not fit its schema.
    """
    written = _write_tables(buckets, to, schemas)
    descriptor = {**about, "resources": [table.resource() for table in written.values()]}
    (to / DESCRIPTOR).write_bytes(_json(descriptor))
    (to / QUARANTINE).write_bytes(b"".join(msgspec.json.encode(q.row()) + b"\n" for q in quarantine))
    (to / README).write_text(READ_ME, encoding="utf-8")
    (to / SUMS).write_text(sums(to), encoding="utf-8")
    return {name: table.rows for name, table in written.items()}


def sums(folder: Path) -> str:
    """Return the lines of SHA256SUMS for every file of a folder but itself, sorted by name."""
    paths = sorted(p for p in folder.iterdir() if p.name != SUMS)
    return "".join(line_of(_sha256(p), p.name) for p in paths)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_tables(buckets: Iterable[Mapping[str, pl.DataFrame]], to: Path, schemas: Schemas) -> dict[str, _TableWriter]:
    """Write the files of all tables; return the writers, closed, by table."""
    with ExitStack() as open_files:
        writers = {table.name: open_files.enter_context(closing(_TableWriter(to, table))) for table in schemas}
        for frames in buckets:
            for name in frames:
                writers[name].add(frames[name])
    return writers


class _TableWriter:
    """Writes one table, a frame a row group; the next file begins where one has all that it may have.

    `rows` counts the rows, `paths` are the files in order. They have their names when all are written, because these
    depend on how many there are.
    """

    def __init__(self, to: Path, table: Table) -> None:
        self.rows, self.paths = 0, list[Path]()
        self._to, self._table, self._file = to, table, ExitStack()
        self._begin()

    def _begin(self) -> None:
        number = f"-{len(self.paths)}" if self.paths else ""
        self.paths.append(self._to / f"{self._table.name}{number}.parquet")
        self._writer = self._file.enter_context(_writer(self.paths[-1], self._table))
        self._groups = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Write a frame as one row group. Raises PackageError where it does not fit the schema."""
        found = parquet.fitted(frame, self._table)
        if self._groups == package_files.GROUPS_A_FILE:
            self.close()
            self._begin()
        with naming(self.paths[-1]):
            self._writer.write_table(found, row_group_size=max(1, found.num_rows))
        self._groups += 1
        self.rows += found.num_rows

    def close(self) -> None:
        """Close the file that is being written."""
        self._file.close()

    def resource(self) -> dict[str, Any]:
        """Give the files their names and return the resource of the table."""
        names = package_files.file_names(self._table.name, len(self.paths))
        for path, name in zip(self.paths, names, strict=True):
            path.rename(self._to / name)
        self.paths = [self._to / name for name in names]
        return parquet.described(self._table, names, parquet.facts(_each_open(self.paths)))


@contextmanager
def _writer(path: Path, table: Table) -> Iterator[pq.ParquetWriter]:
    """Yield a writer of a file of a table; its pages, most of them small, go to the disk in blocks.

    The file is one of Python: that of pyarrow does not say why it cannot be closed.
    """
    file = path.open("wb", buffering=_BLOCK)
    writer = pq.ParquetWriter(file, arrow(table), **parquet.SETTINGS)
    try:
        yield writer
    finally:
        with naming(path), file:
            writer.close()


def _each_open(paths: Iterable[Path]) -> Iterator[BufferedReader]:
    for path in paths:
        with path.open("rb") as file:
            yield file


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
