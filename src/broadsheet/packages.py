"""Write tables as a data package, and read a data package.

A package is written into a staging folder and published by one exchange of directories: at every moment either the old
one or the new one is there, complete. Only pyarrow writes Parquet, one row group a bucket, so that the same rows give
the same bytes.
"""

from __future__ import annotations

import html
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import polars as pl
import pyarrow.parquet as pq

from broadsheet import ids
from broadsheet.errors import PackageError
from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.schema import Schemas
from broadsheet.schema.arrow import arrow
from broadsheet.schema.descriptor import DESCRIPTOR, QUARANTINE, README, SUMS
from broadsheet.schema.table_schemas import TABLES
from broadsheet.storage import parquet

__all__ = ["Tables", "load", "package", "published"]

_WIDTH: Final = 90
READ_ME: Final = (Path(__file__).parent / "template" / "build" / README).read_text(encoding="utf-8")


# --- the target -------------------------------------------------------------------------------------------------------


def published(target: Path) -> None:
    """Raise PackageError unless a package may be published at `target`: absent, empty, or only a package."""
    if not target.exists() and not target.is_symlink():
        return
    if target.is_symlink() or not target.is_dir():
        raise PackageError(f"{target} is not a folder", repair="move it away, or name another place with --to")
    strange = sorted(name for name in os.listdir(target) if not _ours(name))
    if strange:
        more = f" and {len(strange) - 1} more" if strange[1:] else ""
        raise PackageError(
            f"{target} contains {strange[0]!r}{more}, not written by a build; a build replaces the whole folder",
            repair="move it away, or name another place with --to",
        )


def _ours(name: str) -> bool:
    return name in {DESCRIPTOR, SUMS, QUARANTINE, README} or name.endswith(".parquet")


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
    return "".join(f"{ids.sha256(p.read_bytes())}  {p.name}\n" for p in paths)


def _write_tables(buckets: Iterable[Mapping[str, pl.DataFrame]], to: Path, schemas: Schemas) -> dict[str, int]:
    rows = {table.name: 0 for table in schemas}
    writers = {
        table.name: pq.ParquetWriter(to / f"{table.name}.parquet", arrow(table), **parquet.SETTINGS)
        for table in schemas
    }
    try:
        for frames in buckets:
            for name, frame in frames.items():
                found = parquet.fitted(frame, schemas[name])
                writers[name].write_table(found, row_group_size=max(1, found.num_rows))
                rows[name] += found.num_rows
    finally:
        for writer in writers.values():
            writer.close()
    return rows


def _resource(path: Path, name: str, schemas: Schemas) -> dict[str, Any]:
    found = parquet.facts(path.read_bytes())
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


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Tables:
    """A package that was read: its descriptor and its tables as lazy frames.

    Its `repr` has ten lines: name and version, title, the rows of each table, and how to get a frame. A notebook shows
    the same as a table.
    """

    descriptor: Mapping[str, Any]
    documents: pl.LazyFrame
    paragraphs: pl.LazyFrame
    entities: pl.LazyFrame
    mentions: pl.LazyFrame
    claims: pl.LazyFrame
    claim_spans: pl.LazyFrame
    claim_entities: pl.LazyFrame

    def __repr__(self) -> str:
        name, title = self._heading()
        rows = [f"  {table:<15}{number:>10,}  {words}" for table, number, words in self._listed()]
        return "\n".join([name, title, *rows, "one table as a polars frame: .claims.collect()"])

    def _repr_html_(self) -> str:
        name, title = map(html.escape, self._heading())
        cells = (map(html.escape, (table, f"{number:,}", words)) for table, number, words in self._listed())
        rows = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in cells)
        head = "<thead><tr><th>table</th><th>rows</th><th>one row is</th></tr></thead>"
        return f"<table><caption>{name}: {title}</caption>{head}<tbody>{rows}</tbody></table>"

    def _heading(self) -> tuple[str, str]:
        written = [_one_line(self.descriptor.get(key, "")) for key in ("name", "version", "title")]
        return f"{written[0]} {written[1]}".strip() or "a package", written[2] or "without a title"

    def _listed(self) -> Iterator[tuple[str, int, str]]:
        """Yield the name of every table, its rows, and what one row is."""
        resources = [r for r in self.descriptor["resources"] if isinstance(r, dict)]
        described = {str(r.get("name")): _one_line(r.get("description", "")) for r in resources}
        for table in TABLES:
            number = getattr(self, table).select(pl.len()).collect().item()
            yield table, number, described[table].partition(". ")[0].removeprefix("One row is ").removesuffix(".")


def _one_line(value: object) -> str:
    """Return a value of a descriptor as at most 90 printable characters."""
    words = "".join(c if c.isprintable() else " " for c in str(value))
    return words if len(words) <= _WIDTH else f"{words[: _WIDTH - 1]}…"


def load(folder: str | Path) -> Tables:
    """Read a package: every file once, through one open directory, its sha256 compared with the descriptor.

    If the package is replaced meanwhile, all files are still those of the old one. Raises PackageError where a file is
    missing or is not the one that the descriptor names.
    """
    place = Path(folder)
    try:
        pinned = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise PackageError(
            f"{place} is not the folder of a package: {error.strerror}", repair="build it first: broadsheet build"
        ) from None
    try:
        descriptor = _descriptor(pinned, place)
        resources = {r.get("name"): r for r in descriptor.get("resources", []) if isinstance(r, dict)}
        return Tables(descriptor, *(_scan(pinned, place, resources.get(name), name) for name in TABLES))
    finally:
        os.close(pinned)


def _descriptor(pinned: int, place: Path) -> dict[str, Any]:
    try:
        found = json.loads(_read(pinned, DESCRIPTOR))
    except (OSError, ValueError, RecursionError) as error:
        raise PackageError(
            f"{place / DESCRIPTOR} cannot be read: {error}", repair="build again: broadsheet build"
        ) from None
    if not isinstance(found, dict):
        raise PackageError(f"{place / DESCRIPTOR}: expected a JSON object, found {type(found).__name__}")
    return found


def _scan(pinned: int, place: Path, resource: Mapping[str, Any] | None, name: str) -> pl.LazyFrame:
    path = resource.get("path") if resource else None
    if not isinstance(path, str) or path.startswith("/") or ".." in path.split("/"):
        raise PackageError(f"{place / DESCRIPTOR}: no resource {name!r} with a path inside the package")
    try:
        data = _read(pinned, path)
    except OSError as error:
        raise PackageError(f"{place / path} cannot be read: {error.strerror}") from None
    expected = str((resource or {}).get("hash", ""))
    if expected != f"sha256:{ids.sha256(data)}":
        raise PackageError(
            f"{place / path} is not the file that datapackage.json names: its sha256 is {ids.sha256(data)}, "
            f"expected {expected or 'one'}",
            repair="build again, or fetch the package again",
        )
    return pl.scan_parquet(io.BytesIO(data))


def _read(pinned: int, path: str) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=pinned), "rb") as handle:
        return handle.read()
