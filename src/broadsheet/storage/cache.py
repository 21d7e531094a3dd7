"""The results of earlier builds: an entry for each article, a register of all of them, and what the last one reported.

An entry is a file named by its key, which covers everything its content depends on. Beside it is the reading of the
article: what the models found before any decision, so that a decision does not make them run again. The register is
one file: the data that entity resolution needs of each article, and what it decided. Every file begins with the sha256
of the rest; a damaged file counts as missing. Nothing is unpickled, and no time stamp decides anything.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from broadsheet import ids
from broadsheet.files import read_regular
from broadsheet.findings.quarantine import Record
from broadsheet.model import Citation, Cluster, Entity, Extraction, Finding, LinkedBy, Reading, Resolution, Text
from broadsheet.storage.atomic import naming

__all__ = ["Cache", "Entry", "LastBuild", "Register", "RowCounts", "Summary", "key"]

_REGISTER, _LAST = "register", "last-build.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """The result for one article: text, names and claims; its shingles for finding copies, and those of cited words."""

    text: Text
    extraction: Extraction
    sketch: tuple[int, ...]
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many rows an article has in each table."""

    paragraphs: int
    mentions: int
    claims: int
    claim_spans: int
    claim_entities: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The data of one article that the step over all articles needs. `key` names its entry."""

    key: str
    source_path: str
    source_sha256: str
    document_id: str
    clusters: tuple[Cluster, ...]
    sketch: tuple[int, ...]
    rows: RowCounts
    citations: tuple[Citation, ...] = ()
    publisher: str | None = None
    published: str | None = None
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, name: str, entry: Entry) -> Summary:
        """Return the summary of the entry with the key `name`."""
        text, extraction = entry.text, entry.extraction
        spans = sum(len(claim.attribution.spans) for claim in extraction.claims)
        named = sum(1 for _ in extraction.named_in_claims())
        rows = RowCounts(len(text.paragraphs), len(extraction.mentions), len(extraction.claims), spans, named)
        where = (name, text.source_path, text.source_sha256, text.document_id)
        publisher, published = (one.value if one else None for one in (text.publisher, text.published))
        findings = (*text.findings, *extraction.findings)
        return cls(*where, extraction.clusters, entry.sketch, rows, entry.citations, publisher, published, findings)


@dataclass(frozen=True, slots=True)
class Register:
    """The summaries of all articles of the last build, by key, and the resolution over them.

    The resolution is valid only for the state of the dataset that `fingerprint` names; a summary is valid wherever its
    key is the same. `package` names the package that the build wrote, and the schemas by which its rows were judged.
    """

    fingerprint: str
    package: str
    summaries: Mapping[str, Summary]
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What the last build reported: its rows by table, findings, and the articles that are no documents.

    `failed` are the findings about these, `quarantined` the articles themselves.
    `inputs` is the fingerprint of its inputs. `made_of` names these and everything else that the package depends on,
    `package` the package and the schemas by which its rows were judged.
    """

    inputs: str
    made_of: str
    package: str
    rows: Mapping[str, int]
    findings: tuple[Finding, ...]
    failed: tuple[Finding, ...]
    quarantined: tuple[Record, ...]

    @property
    def only_of_a_build(self) -> tuple[Finding, ...]:
        """Return the findings that only a build can make: about decisions, and about articles that failed."""
        return (*(found for found in self.findings if (found.path or "").startswith("corrections/")), *self.failed)


def key(*parts: str) -> str:
    """Return the key of an entry: the sha256 of everything its content depends on.

    >>> key("a", "bc") == key("ab", "c")
    False
    """
    return ids.sha256("\0".join(parts).encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder with the entries, the register and the findings of earlier builds."""

    folder: Path

    def get(self, name: str) -> Entry | None:
        """Return the entry of a key; None where it is missing or damaged."""
        entry: Entry | None = _decoded(msgspec.json.Decoder(Entry), self._path(name))
        return entry

    def put(self, name: str, entry: Entry) -> None:
        """Write an entry as a whole or not at all. Raises OSError where the folder cannot be written."""
        _write(self._path(name), msgspec.json.encode(entry))

    def reading(self, name: str) -> Reading | None:
        """Return the reading of a key; None where it is missing or damaged."""
        found: Reading | None = _decoded(msgspec.json.Decoder(Reading), self._path(name))
        return found

    def put_reading(self, name: str, found: Reading) -> None:
        """Write a reading as a whole or not at all. Raises OSError where the folder cannot be written."""
        _write(self._path(name), msgspec.json.encode(found))

    def register(self) -> Register | None:
        """Return the register of the last build; None where it is missing or damaged."""
        written = _decoded(msgspec.msgpack.Decoder(_WrittenRegister), self.folder / _REGISTER)
        try:
            return written and _read_register(written)
        except IndexError:
            return None

    def write_register(self, register: Register) -> None:
        """Write the register as a whole or not at all; the order of the articles changes no byte.

        Raises OSError where the folder cannot be written.
        """
        _write(self.folder / _REGISTER, msgspec.msgpack.encode(_written(register)))

    def keep_only(self, names: Collection[str]) -> None:
        """Remove every entry and reading but these, and what a build that was killed left of the other files."""
        left = (path for name in (_REGISTER, _LAST) for path in self.folder.glob(f"{name}.*"))
        for path in sorted((*self.folder.glob("*/*"), *left)):
            if path.name not in names:
                path.unlink(missing_ok=True)

    def last_build(self) -> LastBuild | None:
        """Return what the last build reported; None where that is missing or damaged."""
        found: LastBuild | None = _decoded(msgspec.json.Decoder(LastBuild), self.folder / _LAST)
        return found

    def write_last_build(self, last: LastBuild) -> None:
        """Write what a build reports as a whole or not at all. Raises OSError where the folder cannot be written."""
        _write(self.folder / _LAST, msgspec.json.encode(last))

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name


def _decoded(decoder: Any, path: Path) -> Any:
    """Return the content of a file; None where it is missing or is not what was written."""
    try:
        digest, _, body = read_regular(path.parent, path.name).partition(b"\n")
        is_whole = digest.decode("ascii", "replace") == ids.sha256(body)
        return decoder.decode(body) if is_whole else None
    except (OSError, msgspec.DecodeError):
        return None


def _write(path: Path, body: bytes) -> None:
    with naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.write_bytes(ids.sha256(body).encode() + b"\n" + body)
        temporary.replace(path)


# --- the register as it is written ------------------------------------------------------------------------------------

Place = tuple[str, LinkedBy | None]  # the entity of a cluster, and why it belongs there


@dataclass(frozen=True, slots=True)
class _WrittenSummary:
    """An article. Its clusters and their entities are indices into the register: most are in many articles.

    A cluster without an entity has the index -1.
    """

    key: str
    source_path: str
    source_sha256: str
    document_id: str
    sketch: tuple[int, ...]
    clusters: tuple[int, ...]
    members: tuple[int, ...]
    rows: RowCounts
    citations: tuple[Citation, ...]
    publisher: str | None
    published: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _WrittenRegister:
    fingerprint: str
    package: str
    summaries: tuple[_WrittenSummary, ...]
    clusters: tuple[Cluster, ...]
    places: tuple[Place, ...]
    entities: tuple[Entity, ...]
    copies: dict[str, str]
    derived: dict[str, str]
    findings: tuple[Finding, ...]


def _written(register: Register) -> _WrittenRegister:
    resolution = register.resolution
    clusters: dict[Cluster, int] = {}
    places: dict[Place, int] = {}
    rows = []
    for one in sorted(register.summaries.values(), key=lambda summary: summary.document_id):
        found = [resolution.members.get((one.document_id, number)) for number in range(len(one.clusters))]
        numbers = tuple([clusters.setdefault(cluster, len(clusters)) for cluster in one.clusters])
        members = tuple([places.setdefault(place, len(places)) if place else -1 for place in found])
        where = (one.key, one.source_path, one.source_sha256, one.document_id)
        rest = (one.citations, one.publisher, one.published, one.findings)
        rows.append(_WrittenSummary(*where, one.sketch, numbers, members, one.rows, *rest))
    copies, derived = (dict(sorted(found.items())) for found in (resolution.copies, resolution.derived))
    kept = (resolution.entities, copies, derived, resolution.findings)
    return _WrittenRegister(register.fingerprint, register.package, tuple(rows), tuple(clusters), tuple(places), *kept)


def _read_register(written: _WrittenRegister) -> Register:
    summaries: dict[str, Summary] = {}
    members: dict[tuple[str, int], Place] = {}
    unknown: list[tuple[str, int]] = []
    for row in written.summaries:
        clusters = tuple(map(written.clusters.__getitem__, row.clusters))
        where = (row.key, row.source_path, row.source_sha256, row.document_id)
        rest = (row.citations, row.publisher, row.published, row.findings)
        summaries[row.key] = Summary(*where, clusters, row.sketch, row.rows, *rest)
        members |= _members(row, written.places)
        unknown += [(row.document_id, number) for number, place in enumerate(row.members) if place < 0]
    found = (written.entities, MappingProxyType(members), written.copies, written.findings, frozenset(unknown))
    resolution = Resolution(*found, written.derived)
    return Register(written.fingerprint, written.package, MappingProxyType(summaries), resolution)


def _members(row: _WrittenSummary, places: Sequence[Place]) -> dict[tuple[str, int], Place]:
    return {(row.document_id, number): places[place] for number, place in enumerate(row.members) if place >= 0}
