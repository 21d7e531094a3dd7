"""What was worked out for one article, kept by everything it depends on; and a register of all of them.

An entry is a file named by its key: the sha256 of its own content on the first line, JSON after it. The register is one
file of the same make, in MessagePack: what the step over all articles needs of each, and what it decided. A damaged
file is none. Nothing here is ever unpickled, and no time stamp decides anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec

from broadsheet import ids
from broadsheet.model import Cluster, Entity, Extraction, Finding, LinkedBy, Resolution, Text

__all__ = ["Entry", "Known", "Register", "Rows", "Store", "key", "note", "noted"]

_REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Entry:
    """One article, worked out: its text, what it says, and its shingles for finding copies."""

    text: Text
    extraction: Extraction
    sketch: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows an article gives."""

    paragraphs: int
    mentions: int
    claims: int
    claim_spans: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the step over all articles needs of one; `key` names its entry."""

    key: str
    source_path: str
    source_sha256: str
    document_id: str
    clusters: tuple[Cluster, ...]
    sketch: tuple[int, ...]
    rows: Rows

    @classmethod
    def of(cls, name: str, entry: Entry) -> Known:
        """Return what is known of an article by its entry and the key of that."""
        text, said = entry.text, entry.extraction
        spans = sum(
            len(part) for c in said.claims for part in (c.attribution.source, c.attribution.cue, c.attribution.content)
        )
        rows = Rows(len(text.paragraphs), len(said.mentions), len(said.claims), spans)
        return cls(name, text.source_path, text.source_sha256, text.document_id, said.clusters, entry.sketch, rows)


@dataclass(frozen=True, slots=True)
class Register:
    """What a build knew of all its articles, by the keys of their entries, and what it decided over them.

    The resolution holds for one state of the dataset alone, which `fingerprint` names; an article holds wherever its
    key is the same.
    """

    fingerprint: str
    articles: Mapping[str, Known]
    resolution: Resolution


def key(*parts: str) -> str:
    """Return the key of an entry: the sha256 of all that its content follows from."""
    return ids.sha256("\0".join(parts).encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of entries, and their register."""

    folder: Path

    def get(self, name: str) -> Entry | None:
        """Return the entry of a key, or None where there is none or it is damaged."""
        body = _whole(self._path(name))
        try:
            return None if body is None else msgspec.json.decode(body, type=Entry)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return None

    def put(self, name: str, entry: Entry) -> None:
        """Write an entry whole or not at all. OSError where the folder cannot be written."""
        _write(self._path(name), msgspec.json.encode(entry))

    def register(self) -> Register | None:
        """Return the register of the last build, or None where there is none or it is damaged."""
        body = _whole(self.folder / _REGISTER)
        try:
            return None if body is None else _opened(msgspec.msgpack.decode(body, type=_Sheet))
        except (msgspec.DecodeError, msgspec.ValidationError, IndexError):
            return None

    def enrol(self, fingerprint: str, articles: Iterable[Known], resolution: Resolution) -> None:
        """Write the register whole or not at all: the same bytes whatever the order of the articles.

        `resolution` is that of these articles in the state that `fingerprint` names. OSError where the folder cannot be
        written.
        """
        _write(self.folder / _REGISTER, msgspec.msgpack.encode(_sheet(fingerprint, articles, resolution)))

    def keep_only(self, names: set[str]) -> None:
        """Drop every entry but these: the cache of one build is what the next one needs."""
        for path in sorted((*self.folder.glob("*/*"), *self.folder.glob(f"{_REGISTER}.*"))):
            if path.name not in names:
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name


def _whole(path: Path) -> bytes | None:
    """Return what a file holds, or None where it is not what was written."""
    try:
        digest, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return body if digest.decode("ascii", "replace") == ids.sha256(body) else None


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.write_bytes(ids.sha256(body).encode() + b"\n" + body)
    aside.replace(path)


# --- the register as it is written ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """An article. Its clusters, and where they belong, are indices into the sheet: most stand in many articles.

    A cluster that belongs nowhere has the index -1.
    """

    key: str
    source_path: str
    source_sha256: str
    document_id: str
    sketch: tuple[int, ...]
    clusters: tuple[int, ...]
    belongs: tuple[int, ...]
    rows: Rows


@dataclass(frozen=True, slots=True)
class _Sheet:
    fingerprint: str
    articles: tuple[_Row, ...]
    clusters: tuple[Cluster, ...]
    belonging: tuple[tuple[str, LinkedBy | None], ...]
    entities: tuple[Entity, ...]
    copies: dict[str, str]
    findings: tuple[Finding, ...]


def _sheet(fingerprint: str, articles: Iterable[Known], resolution: Resolution) -> _Sheet:
    clusters: dict[Cluster, int] = {}
    belonging: dict[tuple[str, LinkedBy | None], int] = {}
    rows = []
    for one in sorted(articles, key=lambda article: article.document_id):
        places = [resolution.members.get((one.document_id, at)) for at in range(len(one.clusters))]
        rows.append(
            _Row(
                one.key,
                one.source_path,
                one.source_sha256,
                one.document_id,
                one.sketch,
                tuple(clusters.setdefault(cluster, len(clusters)) for cluster in one.clusters),
                tuple(belonging.setdefault(place, len(belonging)) if place else -1 for place in places),
                one.rows,
            )
        )
    copies = dict(sorted(resolution.copies.items()))
    return _Sheet(
        fingerprint, tuple(rows), tuple(clusters), tuple(belonging), resolution.entities, copies, resolution.findings
    )


def _opened(sheet: _Sheet) -> Register:
    articles: dict[str, Known] = {}
    members: dict[tuple[str, int], tuple[str, LinkedBy | None]] = {}
    unknown: list[tuple[str, int]] = []
    for row in sheet.articles:
        clusters = tuple(map(sheet.clusters.__getitem__, row.clusters))
        where = (row.key, row.source_path, row.source_sha256, row.document_id)
        articles[row.key] = Known(*where, clusters, row.sketch, row.rows)
        for at, place in enumerate(row.belongs):
            if place < 0:
                unknown.append((row.document_id, at))
            else:
                members[row.document_id, at] = sheet.belonging[place]
    resolution = Resolution(sheet.entities, MappingProxyType(members), sheet.copies, sheet.findings, frozenset(unknown))
    return Register(sheet.fingerprint, MappingProxyType(articles), resolution)


# --- what the last build found ----------------------------------------------------------------------------------------

NOTES = "findings.json"


@dataclass(frozen=True, slots=True)
class _Notes:
    inputs: str
    findings: tuple[Finding, ...]


def note(folder: Path, inputs: str, findings: Iterable[Finding]) -> None:
    """Keep what the last build found that cannot be found without it, with a digest of what it was made from."""
    _write(folder / NOTES, msgspec.json.encode(_Notes(inputs, tuple(findings))))


def noted(folder: Path, inputs: str) -> tuple[Finding, ...]:
    """Return what the last build found, nothing where it was made from something else."""
    body = _whole(folder / NOTES)
    try:
        kept = None if body is None else msgspec.json.decode(body, type=_Notes)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return ()
    return kept.findings if kept and kept.inputs == inputs else ()
