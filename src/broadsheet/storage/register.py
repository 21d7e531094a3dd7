"""The register of the last build: a summary of each article, and what was decided over all of them.

It is one file: the sha256 of the rest, the size of the header, the header, columns as numpy writes them, and the
summaries one after another. The columns say where each summary lies; they have the entities and, for each cluster of
each article, the number of its place.
"""

from __future__ import annotations

import hashlib
import os
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BufferedReader
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec
import numpy as np
from numpy.lib.format import read_array, write_array

from broadsheet.files import open_regular
from broadsheet.model import Finding, Members, Place, Resolution
from broadsheet.storage.columns import Column
from broadsheet.storage.entities import Entities, EntityColumns, PlaceColumns, Places, numbered
from broadsheet.storage.heads import HeadColumns, Heads
from broadsheet.storage.open_file import OpenFile
from broadsheet.storage.summaries import Summaries

__all__ = ["Register", "read", "write"]

_DIGITS: Final = 64  # of a sha256
_SIZE: Final = 8  # bytes that say how large the header is
_INT: Final = "<i4"
_NONE: Final = -1  # the place of a cluster without an entity


@dataclass(frozen=True, slots=True)
class Register:
    """The summaries of all articles of the last build, by key, and the resolution over them.

    The resolution is valid only where `resolution_key` is the same, a summary wherever its key is the same. `package`
    names the package that the build wrote, and the schemas by which its rows were judged.
    """

    resolution_key: str
    package: str
    summaries: Summaries
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class _Header:
    """All but the columns and the summaries."""

    resolution_key: str
    package: str
    wikidata_ids: dict[int, str]
    copies: dict[str, str]
    derived: dict[str, str]
    findings: tuple[Finding, ...]


class _Columns(NamedTuple):
    """The heads of the articles, the numbers of the places of all their clusters, these places, and the entities."""

    heads: HeadColumns
    members: Column
    places: PlaceColumns
    entities: EntityColumns


class _Hashed:
    """A file that is hashed as it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._file.write(data)


def write(register: Register, path: Path) -> None:
    """Write a register; the order of the articles changes no byte. Raises OSError."""
    summaries, resolution = register.summaries, register.resolution
    heads, entities = summaries.heads.sorted(summaries.rows), Entities.of(resolution.entities)
    copies, derived = (dict(sorted(found.items())) for found in (resolution.copies, resolution.derived))
    of_all = (entities.wikidata_ids, copies, derived, resolution.findings)
    header = msgspec.msgpack.encode(_Header(register.resolution_key, register.package, *of_all))
    with path.open("wb") as file:
        file.write(b"0" * _DIGITS + b"\n")
        hashed = _Hashed(file)
        hashed.write(len(header).to_bytes(_SIZE, "big"))
        hashed.write(header)
        for column in _written(heads, resolution.members, entities):
            write_array(hashed, column, allow_pickle=False)
        for one in heads:
            hashed.write(one.read())
        file.seek(0)
        file.write(hashed.digest.hexdigest().encode())


def read(path: Path) -> Register | None:
    """Return a register, of which the file stays open; None where it is missing, damaged or something else."""
    try:
        with open_regular(path.parent, path.name) as file:
            header, columns = _header(file), _columns(file)
            return _register(header, columns, OpenFile(file.fileno()), file.tell())
    except (OSError, ValueError, IndexError):  # of msgspec too
        return None


def _header(file: BufferedReader) -> _Header:
    """Return the header; the columns come next. Raises ValueError where the file is not as it was written."""
    expected = file.read(_DIGITS + 1)
    if expected != hashlib.file_digest(file, "sha256").hexdigest().encode() + b"\n":
        raise ValueError("another sha256")
    file.seek(_DIGITS + 1)
    size = int.from_bytes(file.read(_SIZE), "big")
    if size > os.fstat(file.fileno()).st_size:
        raise ValueError("a header that is larger than the file")
    return msgspec.msgpack.decode(file.read(size), type=_Header)


def _written(heads: Heads, members: Mapping[tuple[str, int], Place], entities: Entities) -> Iterator[Column]:
    names = ((head.document_id, head.cluster_count) for head in heads)
    places = (members.get((document, number)) for document, count in names for number in range(count))
    numbers, different = numbered(places, entities)
    yield from heads.written()
    yield numbers.astype(_INT)
    yield from different.written()
    yield from entities.written()


def _columns(file: BufferedReader) -> _Columns:
    """Return the columns; the summaries come next. Raises ValueError where there are none."""

    def some(kind: type[Any]) -> Iterator[Column]:
        return (read_array(file, allow_pickle=False) for _ in kind._fields)

    heads, members = HeadColumns(*some(HeadColumns)), read_array(file, allow_pickle=False)
    return _Columns(heads, members, PlaceColumns(*some(PlaceColumns)), EntityColumns(*some(EntityColumns)))


def _register(header: _Header, columns: _Columns, file: OpenFile, start: int) -> Register:
    heads = Heads.read_from(columns.heads, file, start)
    first = array("q", accumulate(heads.cluster_counts, initial=0))
    rows = columns.members
    summaries = Summaries(heads, "key")
    entities = Entities.read_from(columns.entities, header.wikidata_ids)
    places = Places.read_from(columns.places, entities.ids)
    members = Members(heads.rows_of("document_id"), first, array("i", rows.astype("i").tobytes()), places)
    unknown = _unknown(heads, rows, first)
    found = Resolution(entities, members, header.copies, header.findings, unknown, header.derived)
    return Register(header.resolution_key, header.package, summaries, found)


def _unknown(heads: Heads, rows: Column, first: Sequence[int]) -> frozenset[tuple[str, int]]:
    """Return the clusters without a place. Raises ValueError where there are more or fewer clusters than rows."""
    if len(rows) != first[-1]:
        raise ValueError("another number of clusters")
    places = np.flatnonzero(rows == _NONE).tolist()
    numbers = [bisect_right(first, place) - 1 for place in places]
    found = zip(places, numbers, strict=True)
    return frozenset((heads.document_ids[number], place - first[number]) for place, number in found)
