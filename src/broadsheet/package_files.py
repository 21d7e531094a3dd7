"""The files of a package: those that have a fixed name, the resources of its descriptor, and the files of a table.

`path` of a resource is a text, or a list of texts where a table has several files. Only this module reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = [
    "BLOCK",
    "DESCRIPTOR",
    "GROUPS_A_FILE",
    "QUARANTINE",
    "README",
    "ROWS_A_GROUP",
    "SUMS",
    "TableFile",
    "as_built",
    "file_names",
    "paths_of",
    "resources_of",
    "table_files",
]

DESCRIPTOR: Final = "datapackage.json"
SUMS: Final = "SHA256SUMS"
QUARANTINE: Final = "quarantine.jsonl"
README: Final = "README.md"
BLOCK: Final = "broadsheet"
"""The key of what only broadsheet reads: of a package its settings and what it was made of, of a resource its rows,
size and logical hash, and its files where it has several."""

GROUPS_A_FILE: Final = 16
"""Row groups of a file of a table. Where each is of one bucket, `documents` has 65,536 articles at most in a file."""
ROWS_A_GROUP: Final = 2**14
"""Rows of a row group, at most, in the tables of the whole corpus: `entities` and `claim_links`."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file of a table: its path, and as far as the descriptor says them its hash (`sha256:HEX`) and size in bytes."""

    path: str
    hash: str = ""
    size: int | None = None


def resources_of(descriptor: object) -> list[dict[str, Any]]:
    """Return the resources of a descriptor of any form, as far as they are objects.

    >>> resources_of({"resources": [{"name": "claims"}, None]}), resources_of({"resources": None}), resources_of([])
    ([{'name': 'claims'}], [], [])
    """
    listed = descriptor.get("resources") if isinstance(descriptor, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def file_names(table: str, count: int) -> tuple[str, ...]:
    """Return the names of the files of a table that has so many.

    >>> file_names("claims", 1), file_names("claims", 2)
    (('claims.parquet',), ('claims-00.parquet', 'claims-01.parquet'))
    """
    width = max(2, len(str(count - 1)))
    return (f"{table}.parquet",) if count == 1 else tuple(f"{table}-{n:0{width}}.parquet" for n in range(count))


def paths_of(resource: object) -> tuple[str, ...]:
    """Return the paths of the files of a resource of any form, in order.

    >>> paths_of({"path": "claims.parquet"}), paths_of({"path": ["a-00.parquet", "a-01.parquet"]}), paths_of({})
    (('claims.parquet',), ('a-00.parquet', 'a-01.parquet'), ())
    """
    path = resource.get("path") if isinstance(resource, dict) else None
    return tuple(one for one in (path if isinstance(path, list) else [path]) if isinstance(one, str))


def table_files(resource: object) -> tuple[TableFile, ...]:
    """Return the files of a resource of any form, in the order of the rows.

    The one file of a table has `hash` and `broadsheet.size` of the resource. Several have what the list
    `broadsheet.files` says at their place, if it names the same path there.

    >>> table_files({"path": "claims.parquet", "hash": "sha256:1f", "broadsheet": {"size": 9}})
    (TableFile(path='claims.parquet', hash='sha256:1f', size=9),)
    """
    paths, block = paths_of(resource), _block(resource)
    if len(paths) == 1 and isinstance(resource, dict):
        return (_file(paths[0], {"hash": resource.get("hash"), "size": block.get("size")}),)
    listed = block.get("files")
    given = dict(enumerate(listed)) if isinstance(listed, list) else {}
    return tuple(_file(path, given.get(number)) for number, path in enumerate(paths))


def as_built(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource as it was before texts were withheld: with the hashes of its full files."""
    block = _block(resource)
    full = block.get("full")
    return {**resource, "hash": full.get("hash"), BLOCK: block | full} if isinstance(full, dict) else dict(resource)


def _block(resource: object) -> dict[str, Any]:
    found = resource.get(BLOCK) if isinstance(resource, dict) else None
    return found if isinstance(found, dict) else {}


def _file(path: str, facts: object) -> TableFile:
    if not isinstance(facts, dict) or facts.get("path", path) != path:
        return TableFile(path)
    digest, size = facts.get("hash"), facts.get("size")
    return TableFile(path, digest if isinstance(digest, str) else "", size if type(size) is int else None)
