"""What a build changed: the package that it made, compared with the one that it replaced.

Before a package is replaced, what it had is written into the state folder, beside the root hash of the new package.
None of it is part of a package. Where the new package is the same, the record of the build before stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from broadsheet.errors import PackageError
from broadsheet.files import read_regular
from broadsheet.packages import Tables, load
from broadsheet.reports import Section
from broadsheet.schema.table_schemas import TABLES
from broadsheet.storage.atomic import replace_file
from broadsheet.storage.fixity import root_hash_or_empty
from broadsheet.storage.staging import state_folder

__all__ = ["changes", "record_replaced"]

SHOWN = 10  # articles or entities of one kind of change that are named
_FILE: Final = "replaced-package.json"


class _Record(msgspec.Struct, frozen=True):
    """What a package had that was replaced: rows by table, sha256 of the source by article, and entities.

    `replaced_by` is the root hash of the package that took its place.
    """

    replaced_by: str
    rows: dict[str, int]
    articles: dict[str, str]
    entities: tuple[str, ...]


def record_replaced(target: Path, new: Path) -> None:
    """Write what the package at `target` has, which the package in the folder `new` is about to replace.

    Nothing is written where there is no package that can be read, or where both have the same files.
    """
    if root_hash_or_empty(target) == root_hash_or_empty(new):
        return
    try:
        old = _record(load(target), replaced_by=root_hash_or_empty(new))
    except PackageError:
        return
    replace_file(_file(target), msgspec.json.encode(old))


def changes(package: Path, tables: Tables) -> tuple[Section, ...]:
    """Return what differs from the package that this one replaced; nothing where that is not known."""
    try:
        old = msgspec.json.decode(read_regular(_file(package).parent, _FILE), type=_Record)
    except (OSError, msgspec.DecodeError):
        return ()
    if old.replaced_by != root_hash_or_empty(package):
        return ()
    new = _record(tables, replaced_by="")
    rows = [(name, str(old.rows.get(name, 0)), str(count)) for name, count in new.rows.items()]
    differing = tuple(row for row in rows if row[1] != row[2])
    named = tuple(_named(old, new))
    found = (
        Section("Rows since the build before", ("table", "before", "now"), differing),
        Section("Articles and entities since the build before", ("change", "id"), named),
    )
    return tuple(section for section in found if section.rows)


def _named(old: _Record, new: _Record) -> Iterator[tuple[str, str]]:
    """Yield each kind of change with the ids of what changed; those that are too many as a number."""
    edited = {name for name, digest in new.articles.items() if old.articles.get(name, digest) != digest}
    kinds = {
        "new article": set(new.articles).difference(old.articles),
        "article gone": set(old.articles).difference(new.articles),
        "edited article": edited,
        "new entity": set(new.entities).difference(old.entities),
        "entity gone": set(old.entities).difference(new.entities),
    }
    for kind, names in kinds.items():
        yield from ((kind, name) for name in sorted(names)[:SHOWN])
        if len(names) > SHOWN:
            yield kind, f"{len(names) - SHOWN} more"


def _record(tables: Tables, *, replaced_by: str) -> _Record:
    rows = {name: getattr(tables, name).select(pl.len()).collect().item() for name in TABLES}
    articles = dict(tables.documents.select("document_id", "source_sha256").collect().iter_rows())
    entities = tables.entities.select("entity_id").collect()["entity_id"].to_list()
    return _Record(replaced_by, rows, articles, tuple(entities))


def _file(package: Path) -> Path:
    return state_folder(package).folder / _FILE
