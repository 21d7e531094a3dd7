"""The register of the last build: a summary of each article, and what was decided over all of them.

It is one file: the sha256 of the rest, the size of the head, the head, and the summaries one after another. The head
says where each lies; it has the entities and, for each cluster of each article, the number of its place.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from io import BufferedReader
from itertools import accumulate, chain
from os import SEEK_END
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from broadsheet.files import open_regular
from broadsheet.model import Finding, Members, Resolution
from broadsheet.storage.blocks import Blocks
from broadsheet.storage.entities import Entities, Places, WrittenEntities, WrittenPlaces, numbered
from broadsheet.storage.heads import Head, Heads, Written
from broadsheet.storage.summaries import Summaries

__all__ = ["Register", "read", "write"]

_DIGITS: Final = 64  # of a sha256
_SIZE: Final = 8  # bytes that say how large the head is
_INT: Final = "<i4"
_NONE: Final = -1  # the place of a cluster without an entity


@dataclass(frozen=True, slots=True)
class Register:
    """The summaries of all articles of the last build, by key, and the resolution over them.

    The resolution is valid only for the state of the dataset that `fingerprint` names; a summary is valid wherever its
    key is the same. `package` names the package that the build wrote, and the schemas by which its rows were judged.
    """

    fingerprint: str
    package: str
    summaries: Summaries
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class _Head:
    """All but the summaries. `members` are the places of the clusters of all articles, as little-endian int32."""

    fingerprint: str
    package: str
    articles: Written
    members: bytes
    places: WrittenPlaces
    entities: WrittenEntities
    copies: dict[str, str]
    derived: dict[str, str]
    findings: tuple[Finding, ...]


def write(register: Register, path: Path) -> None:
    """Write a register; the order of the articles changes no byte. Raises OSError."""
    heads = Heads.of(sorted(register.summaries.all_heads(), key=lambda head: head.document_id))
    head = msgspec.msgpack.encode(_written(register, heads))
    digest = hashlib.sha256()
    with path.open("wb") as file:
        file.write(b"0" * _DIGITS + b"\n")
        for part in chain((len(head).to_bytes(_SIZE, "big"), head), map(Head.read, heads)):
            digest.update(part)
            file.write(part)
        file.seek(0)
        file.write(digest.hexdigest().encode())


def read(path: Path) -> Register | None:
    """Return a register, of which the file stays open; None where it is missing, damaged or something else."""
    try:
        with open_regular(path.parent, path.name) as file:
            head, start = _whole(file)
            written = msgspec.msgpack.decode(head, type=_Head)
            return _register(written, Blocks(file.fileno()), start)
    except (OSError, ValueError, IndexError):  # of msgspec too
        return None


def _whole(file: BufferedReader) -> tuple[bytes, int]:
    """Return the head, and where the summaries begin. Raises ValueError where the file is not as it was written."""
    expected = file.read(_DIGITS + 1)
    if expected != hashlib.file_digest(file, "sha256").hexdigest().encode() + b"\n":
        raise ValueError("another sha256")
    file.seek(_DIGITS + 1)
    size, start = int.from_bytes(file.read(_SIZE), "big"), file.tell()
    if size > file.seek(0, SEEK_END) - start:
        raise ValueError("a head that is larger than the file")
    file.seek(start)
    return file.read(size), start + size


def _written(register: Register, heads: Heads) -> _Head:
    resolution, entities = register.resolution, Entities.of(register.resolution.entities)
    members, names = resolution.members, ((head.document_id, head.cluster_count) for head in heads)
    places = (members.get((document, number)) for document, count in names for number in range(count))
    numbers, different = numbered(places, entities)
    copies, derived = (dict(sorted(found.items())) for found in (resolution.copies, resolution.derived))
    of_all = (numbers.astype(_INT).tobytes(), different.written(), entities.written(), copies, derived)
    return _Head(register.fingerprint, register.package, heads.written(), *of_all, resolution.findings)


def _register(written: _Head, blocks: Blocks, start: int) -> Register:
    heads = Heads.read_from(written.articles, blocks, start)
    first = array("q", accumulate(heads.cluster_counts, initial=0))
    rows = np.frombuffer(written.members, _INT)
    summaries = Summaries(heads, "key")
    entities = Entities.read_from(written.entities)
    places = Places.read_from(written.places, entities.ids)
    members = Members(heads.rows_of("document_id"), first, array("i", rows.astype("i").tobytes()), places)
    unknown = _unknown(heads, rows, first)
    found = Resolution(entities, members, written.copies, written.findings, unknown, written.derived)
    return Register(written.fingerprint, written.package, summaries, found)


def _unknown(heads: Heads, rows: npt.NDArray[np.int32], first: Sequence[int]) -> frozenset[tuple[str, int]]:
    """Return the clusters without a place. Raises ValueError where there are more or fewer clusters than rows."""
    if len(rows) != first[-1]:
        raise ValueError("another number of clusters")
    places = np.flatnonzero(rows == _NONE).tolist()
    numbers = [bisect_right(first, place) - 1 for place in places]
    found = zip(places, numbers, strict=True)
    return frozenset((heads.document_ids[number], place - first[number]) for place, number in found)
