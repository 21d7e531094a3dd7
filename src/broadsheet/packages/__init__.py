"""Read a data package; `packages.writing` writes it, with libraries that a reader need not wait for."""

from __future__ import annotations

import html
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import msgspec
import polars as pl

from broadsheet import ids, strict_json
from broadsheet.errors import PackageError
from broadsheet.files import open_below, read_regular
from broadsheet.package_files import DESCRIPTOR, QUARANTINE, TableFile, resources_of, table_files
from broadsheet.schema.table_schemas import TABLES

__all__ = ["Tables", "left_out", "load"]

_WIDTH: Final = 90


@dataclass(frozen=True, slots=True, repr=False)
class Tables:
    """A package that was read: its descriptor and its tables as lazy frames.

    Its `repr` has eleven lines: name and version, title, the rows of each table, and how to get a frame. A notebook
    shows the same as a table.
    """

    descriptor: Mapping[str, Any]
    documents: pl.LazyFrame
    paragraphs: pl.LazyFrame
    entities: pl.LazyFrame
    mentions: pl.LazyFrame
    claims: pl.LazyFrame
    claim_spans: pl.LazyFrame
    claim_entities: pl.LazyFrame
    claim_links: pl.LazyFrame

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
        described = {str(r.get("name")): _one_line(r.get("description", "")) for r in resources_of(self.descriptor)}
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
        repair = "unpack it, and name its folder" if place.is_file() else "build it first: broadsheet build"
        raise PackageError(f"{place} is not the folder of a package: {error.strerror}", repair=repair) from None
    try:
        descriptor = _descriptor(pinned, place)
        resources = {str(r.get("name")): r for r in resources_of(descriptor)}
        return Tables(descriptor, *(_scan(pinned, place, resources.get(name), name) for name in TABLES))
    finally:
        os.close(pinned)


def left_out(folder: Path) -> tuple[Mapping[str, str], ...]:
    """Return the rows of `quarantine.jsonl` of a package; none where there is no such file. Raises PackageError."""
    try:
        lines = read_regular(folder, QUARANTINE).splitlines()
        return tuple(msgspec.json.decode(line, type=dict[str, str]) for line in lines)
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError) as error:
        words = getattr(error, "strerror", None) or error
        raise PackageError(
            f"{folder / QUARANTINE} cannot be read: {words}", repair="build again: broadsheet build"
        ) from None


def _descriptor(pinned: int, place: Path) -> dict[str, Any]:
    try:
        found = strict_json.parse(_read(pinned, DESCRIPTOR))
    except (OSError, ValueError, RecursionError) as error:
        words = getattr(error, "strerror", None) or error
        raise PackageError(
            f"{place / DESCRIPTOR} cannot be read: {words}", repair="build again: broadsheet build"
        ) from None
    if not isinstance(found, dict):
        raise PackageError(f"{place / DESCRIPTOR}: expected a JSON object, found {type(found).__name__}")
    return found


def _scan(pinned: int, place: Path, resource: Mapping[str, Any] | None, name: str) -> pl.LazyFrame:
    files = table_files(resource)
    if not files or any(file.path.startswith("/") or ".." in file.path.split("/") for file in files):
        raise PackageError(
            f"{place / DESCRIPTOR}: no resource {name!r} with a path inside the package; expected every table of this "
            "version of broadsheet",
            repair="build again: broadsheet build; an older release is read by the version of broadsheet it names",
        )
    return pl.scan_parquet([_judged(pinned, place, file) for file in files])


def _judged(pinned: int, place: Path, file: TableFile) -> IO[bytes]:
    """Return the bytes of a file of a table. Raises PackageError where it is missing or not the one described."""
    from broadsheet.storage.parquet_sizes import judged  # noqa: PLC0415 - pyarrow, which a search does without

    try:
        data = _read(pinned, file.path)
        _check_hash(data, file, place)
        return judged(data)
    except (OSError, ValueError) as error:  # of pyarrow too
        words = getattr(error, "strerror", None) or error
        raise PackageError(
            f"{place / file.path} cannot be read: {words}", repair="build again: broadsheet build"
        ) from None


def _check_hash(data: bytes, file: TableFile, place: Path) -> None:
    if file.hash != f"sha256:{ids.sha256(data)}":
        raise PackageError(
            f"{place / file.path} is not the file that datapackage.json names: its sha256 is {ids.sha256(data)}, "
            f"expected {file.hash or 'one'}",
            repair="build again, or fetch the package again",
        )


def _read(pinned: int, path: str) -> bytes:
    with open_below(pinned, path) as handle:
        return handle.read()
