"""Tables become a data package on disk, and a data package becomes tables again.

A package is written aside and published by one exchange of directories: at every moment the old one or the new one is
there, whole. Parquet is written by pyarrow alone, one row group a bucket, so that the same rows give the same bytes.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet import ids
from broadsheet.errors import PackageError
from broadsheet.exchange import exchange
from broadsheet.model import Quarantined
from broadsheet.schema import Contract
from broadsheet.schema.arrow import arrow
from broadsheet.schema.digest import logical_hash

__all__ = ["Drawer", "Tables", "drawer", "load", "package", "publish", "published", "staged"]

DESCRIPTOR, SUMS, QUARANTINE, README = "datapackage.json", "SHA256SUMS", "quarantine.jsonl", "README.md"
MEDIA_TYPE = "application/vnd.apache.parquet"
PARQUET: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": True,
    "write_statistics": True,
    "write_page_index": True,
    "write_page_checksum": True,
    "store_schema": False,
}
READ_ME = """\
# build/

What follows from `seeds/`, `corrections/` and `schemas/`: the data package. It is made by `make dataset`, never edited,
and not kept in git (this page is). `datapackage.json` describes it, `SHA256SUMS` lets anybody check it
(`sha256sum -c SHA256SUMS`), `quarantine.jsonl` names every input that could not become a document, and why.
"""


# --- a place beside the target ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drawer:
    """`.broadsheet/` beside a package: cache, lock and staging, never part of it."""

    folder: Path

    @property
    def cache(self) -> Path:
        """Return the folder of the cache."""
        return self.folder / "cache"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock: a second build waits. What a killed build left in staging is swept."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = (self.folder / "lock").open("w")
        except OSError as error:
            raise _unwritable(self.folder.parent, error) from None
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            for left in sorted(self.folder.glob("staging-*")):
                shutil.rmtree(left, ignore_errors=True)
            yield


def drawer(target: Path) -> Drawer:
    """Return the drawer beside a package folder."""
    return Drawer(target.absolute().parent / ".broadsheet")


def published(target: Path) -> None:
    """Raise PackageError unless a package may be published at `target`: absent, empty, or holding only a package."""
    if not target.exists() and not target.is_symlink():
        return
    if target.is_symlink() or not target.is_dir():
        raise PackageError(f"{target} is no folder", repair="move it away, or name another place with --to")
    strange = sorted(name for name in os.listdir(target) if not _ours(name))
    if strange:
        raise PackageError(
            f"{target} holds {strange[0]!r}{f' and {len(strange) - 1} more' if strange[1:] else ''}, which no build "
            "wrote; a build replaces the whole folder",
            repair="move it away, or name another place with --to",
        )


def _ours(name: str) -> bool:
    return name in {DESCRIPTOR, SUMS, QUARANTINE, README} or name.endswith(".parquet")


@contextmanager
def staged(place: Drawer) -> Iterator[Path]:
    """Give a folder to write a package in, gone afterwards unless it was published."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="staging-", dir=place.folder))
    except OSError as error:
        raise _unwritable(place.folder, error) from None
    try:
        folder.chmod(0o755)
        yield folder
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, target: Path) -> None:
    """Put a finished folder in the place of `target` in one step, everything synced first. Raises PackageError."""
    try:
        for path in sorted(folder.iterdir()):
            _sync(path)
        _sync(folder)
        exchange(folder, target)
        _sync(target.parent)
    except OSError as error:
        raise _unwritable(target, error) from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(place: Path, error: OSError) -> PackageError:
    return PackageError(
        f"{error.filename or place} cannot be written: {error.strerror or error}",
        repair="make room, or give the right to write there, or name another place with --to (the old one is whole)",
    )


# --- writing ----------------------------------------------------------------------------------------------------------


def package(
    shelves: Iterable[Mapping[str, pl.DataFrame]],
    to: Path,
    *,
    contract: Contract,
    about: Mapping[str, Any],
    quarantine: Iterable[Quarantined] = (),
) -> dict[str, int]:
    """Write a package into an empty folder; return the rows of every table.

    `shelves` gives one mapping of frames a bucket, in order; a table is in as many of them as it has row groups.
    `about` is the descriptor without its resources. Raises PackageError where a frame does not fit its schema.
    """
    rows = _write_tables(shelves, to, contract)
    descriptor = {**about, "resources": [_resource(to / f"{t.name}.parquet", t.name, contract) for t in contract]}
    (to / DESCRIPTOR).write_bytes(_json(descriptor))
    (to / QUARANTINE).write_bytes(b"".join(msgspec.json.encode(q) + b"\n" for q in quarantine))
    (to / README).write_text(READ_ME, encoding="utf-8")
    (to / SUMS).write_text(sums(to), encoding="utf-8")
    return rows


def sums(folder: Path) -> str:
    """Return the lines of SHA256SUMS for every file of a folder but itself, sorted by name."""
    paths = sorted(p for p in folder.iterdir() if p.name != SUMS)
    return "".join(f"{ids.sha256(p.read_bytes())}  {p.name}\n" for p in paths)


def _write_tables(shelves: Iterable[Mapping[str, pl.DataFrame]], to: Path, contract: Contract) -> dict[str, int]:
    rows = {table.name: 0 for table in contract}
    writers = {
        table.name: pq.ParquetWriter(to / f"{table.name}.parquet", arrow(table), **PARQUET) for table in contract
    }
    try:
        for frames in shelves:
            for name, frame in frames.items():
                found = _arrow(frame, contract, name)
                writers[name].write_table(found, row_group_size=max(1, found.num_rows))
                rows[name] += found.num_rows
    finally:
        for writer in writers.values():
            writer.close()
    return rows


def _arrow(frame: pl.DataFrame, contract: Contract, name: str) -> pa.Table:
    try:
        found: pa.Table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(arrow(contract[name]))
    except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError) as error:
        raise PackageError(f"table {name} does not fit schemas/{name}.json: {error}") from None
    return found.combine_chunks()


def _resource(path: Path, name: str, contract: Contract) -> dict[str, Any]:
    data = path.read_bytes()
    table = pq.read_table(io.BytesIO(data), page_checksum_verification=True)
    return {
        "name": name,
        "type": "table",
        "title": contract[name].descriptor.get("title", name),
        "description": contract[name].descriptor.get("description", ""),
        "path": path.name,
        "format": "parquet",
        "mediatype": MEDIA_TYPE,
        "hash": f"sha256:{ids.sha256(data)}",
        "schema": dict(contract[name].descriptor),
        "broadsheet": {"rows": table.num_rows, "size": len(data), "logicalHash": f"sha256:{logical_hash(table)}"},
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tables:
    """A package, opened: its descriptor and its tables as lazy frames."""

    descriptor: Mapping[str, Any]
    documents: pl.LazyFrame
    paragraphs: pl.LazyFrame
    entities: pl.LazyFrame
    mentions: pl.LazyFrame
    claims: pl.LazyFrame
    claim_spans: pl.LazyFrame


TABLES = ("documents", "paragraphs", "entities", "mentions", "claims", "claim_spans")


def load(folder: str | Path) -> Tables:
    """Open a package: every file read once through one pinned directory, its sha256 checked against the descriptor.

    A package that is replaced meanwhile cannot mix with this one. Raises PackageError where a file is missing or is not
    the one that the descriptor names.
    """
    place = Path(folder)
    try:
        pinned = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise PackageError(
            f"{place}: no package here: {error.strerror}", repair="build it first: broadsheet build"
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
