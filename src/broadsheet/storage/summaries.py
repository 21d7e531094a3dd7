"""What the steps over all articles need of each, in a file: a summary is read when it is asked for, and not kept.

Of every article, only where its summary lies and what it is called are in memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from broadsheet.model import Citation, Cluster, Extraction, Finding, Text
from broadsheet.storage.blocks import Blocks

__all__ = ["Entry", "Head", "RowCounts", "Summaries", "Summary", "SummaryWriter", "pack"]


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
class _Clusters:
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class _Sketch:
    sketch: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Citations:
    citations: tuple[Citation, ...]


_AS_CLUSTERS, _AS_SKETCH = msgspec.msgpack.Decoder(_Clusters), msgspec.msgpack.Decoder(_Sketch)  # of the same bytes
_AS_CITATIONS = msgspec.msgpack.Decoder(_Citations)


@dataclass(frozen=True, slots=True)
class Summary:
    """The data of one article that the steps over all articles need. `key` names its entry.

    `clusters`, `sketch` and `citations` are decoded from `packed` each time; `cluster_count` is how many clusters it
    has.
    """

    key: str
    source_path: str
    source_sha256: str
    document_id: str
    rows: RowCounts
    cluster_count: int
    packed: bytes
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
        publisher, published = (one.value if one else None for one in (text.publisher, text.published))
        return cls(
            key=name,
            source_path=text.source_path,
            source_sha256=text.source_sha256,
            document_id=text.document_id,
            rows=rows,
            cluster_count=len(extraction.clusters),
            packed=pack(extraction.clusters, entry.sketch, entry.citations),
            publisher=publisher,
            published=published,
            findings=(*text.findings, *extraction.findings),
        )

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """Return the clusters of the article."""
        return _AS_CLUSTERS.decode(self.packed).clusters

    @property
    def sketch(self) -> tuple[int, ...]:
        """Return the shingles of the article, for finding copies."""
        return _AS_SKETCH.decode(self.packed).sketch

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Return the words that the article has from others."""
        return _AS_CITATIONS.decode(self.packed).citations


def pack(clusters: tuple[Cluster, ...], sketch: tuple[int, ...], citations: tuple[Citation, ...]) -> bytes:
    """Return the parts of a summary as it holds them: a map, of which each decoder takes one value."""
    return msgspec.msgpack.encode({"clusters": clusters, "sketch": sketch, "citations": citations})


# --- in files ---------------------------------------------------------------------------------------------------------


class Head(NamedTuple):
    """What an article is called, and where its summary lies."""

    key: str
    source_path: str
    document_id: str
    cluster_count: int
    blocks: Blocks
    place: int
    size: int

    def read(self) -> bytes:
        """Return the summary as it is written. Raises OSError."""
        return self.blocks.read(self.place, self.size)


_AS_SUMMARY = msgspec.msgpack.Decoder(Summary)


class Summaries(Mapping[str, Summary]):
    """Summaries by a name, in the order in which they are given; each is read anew when it is asked for."""

    def __init__(self, heads: Iterable[Head], name: Callable[[Head], str]) -> None:
        self.heads: dict[str, Head] = {}
        for head in heads:
            self.heads.setdefault(name(head), head)

    def __getitem__(self, name: str) -> Summary:
        """Return the summary of that name. KeyError where there is none."""
        return _AS_SUMMARY.decode(self.heads[name].read())

    def __contains__(self, name: object) -> bool:
        """Return whether there is one of that name."""
        return name in self.heads

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self.heads)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.heads)


class SummaryWriter:
    """A file without a name, to which summaries are added."""

    def __init__(self, folder: Path | None = None) -> None:
        with tempfile.TemporaryFile(dir=folder) as file:
            self._blocks, self._end = Blocks(file.fileno()), 0

    def add(self, one: Summary) -> Head:
        """Write a summary, and return where it lies. Raises OSError."""
        data, place = msgspec.msgpack.encode(one), self._end
        self._blocks.write(place, data)
        self._end += len(data)
        return Head(one.key, one.source_path, one.document_id, one.cluster_count, self._blocks, place, len(data))
