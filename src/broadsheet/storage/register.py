"""The register of the last build: a summary of each article, and what was decided over all of them.

It is one file: the sha256 of the rest, the size of the head, the head, and the summaries one after another. The head
says where each lies; it has the entities and, for each cluster of each article, the number of its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec
import numpy as np

from broadsheet.files import open_regular
from broadsheet.model import Entity, Finding, LinkedBy, Resolution
from broadsheet.storage.summaries import Blocks, Head, Summaries

__all__ = ["Register", "read", "write"]

_DIGITS: Final = 64  # of a sha256
_SIZE: Final = 8  # bytes that say how large the head is
_INT: Final = "<i4"
_NONE: Final = -1  # the place of a cluster without an entity
Place = tuple[str, LinkedBy | None]  # the entity of a cluster, and why it belongs there


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
class _Article:
    """An article: how many bytes its summary has, and the places of its clusters, as little-endian int32."""

    key: str
    source_path: str
    document_id: str
    size: int
    members: bytes


@dataclass(frozen=True, slots=True)
class _Written:
    fingerprint: str
    package: str
    articles: tuple[_Article, ...]
    places: tuple[Place, ...]
    entities: tuple[Entity, ...]
    copies: dict[str, str]
    derived: dict[str, str]
    findings: tuple[Finding, ...]


def write(register: Register, path: Path) -> None:
    """Write a register; the order of the articles changes no byte. Raises OSError."""
    heads = sorted(register.summaries.heads.values(), key=lambda head: head.document_id)
    head = msgspec.msgpack.encode(_written(register, heads))
    digest = hashlib.sha256()
    with path.open("wb") as file:
        file.write(b"0" * _DIGITS + b"\n")
        for part in (len(head).to_bytes(_SIZE, "big"), head, *map(Head.read, heads)):
            digest.update(part)
            file.write(part)
        file.seek(0)
        file.write(digest.hexdigest().encode())


def read(path: Path) -> Register | None:
    """Return a register, of which the file stays open; None where it is missing, damaged or something else."""
    try:
        with open_regular(path.parent, path.name) as file:
            head, start = _whole(file)
            written = msgspec.msgpack.decode(head, type=_Written)
            return _register(written, Blocks(file.fileno()), start)
    except (OSError, ValueError, IndexError):  # of msgspec too
        return None


def _whole(file: BufferedReader) -> tuple[bytes, int]:
    """Return the head, and where the summaries begin. Raises ValueError where the file is not as it was written."""
    expected = file.read(_DIGITS + 1)
    if expected != hashlib.file_digest(file, "sha256").hexdigest().encode() + b"\n":
        raise ValueError("another sha256")
    file.seek(_DIGITS + 1)
    size = int.from_bytes(file.read(_SIZE), "big")
    return file.read(size), _DIGITS + 1 + _SIZE + size


def _written(register: Register, heads: Sequence[Head]) -> _Written:
    resolution, places = register.resolution, dict[Place, int]()
    articles = []
    for head in heads:
        found = [resolution.members.get((head.document_id, number)) for number in range(head.cluster_count)]
        numbers = [places.setdefault(place, len(places)) if place else _NONE for place in found]
        members = np.array(numbers, _INT).tobytes()
        articles.append(_Article(head.key, head.source_path, head.document_id, head.size, members))
    copies, derived = (dict(sorted(found.items())) for found in (resolution.copies, resolution.derived))
    kept = (resolution.entities, copies, derived, resolution.findings)
    return _Written(register.fingerprint, register.package, tuple(articles), tuple(places), *kept)


def _register(written: _Written, blocks: Blocks, start: int) -> Register:
    members: dict[tuple[str, int], Place] = {}
    unknown: list[tuple[str, int]] = []
    heads = []
    for one in written.articles:
        numbers = np.frombuffer(one.members, _INT).tolist()
        heads.append(Head(one.key, one.source_path, one.document_id, len(numbers), blocks, start, one.size))
        start += one.size
        for cluster, number in enumerate(numbers):
            if number == _NONE:
                unknown.append((one.document_id, cluster))
            else:
                members[one.document_id, cluster] = written.places[number]
    found = (written.entities, MappingProxyType(members), written.copies, written.findings, frozenset(unknown))
    summaries = Summaries(heads, lambda head: head.key)
    return Register(written.fingerprint, written.package, summaries, Resolution(*found, written.derived))
