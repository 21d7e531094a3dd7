"""What the steps over all articles need of each, in a file: a summary is read when it is asked for, and not kept.

Of every article, only where its summary lies and what it is called are in memory (`heads`).
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from broadsheet.model import Citation, Cluster, Extraction, Finding, Text
from broadsheet.sequences import MadeSequence
from broadsheet.storage.heads import By, Head, Heads
from broadsheet.storage.open_file import OpenFile

__all__ = ["Entry", "RowCounts", "Summaries", "Summary", "SummaryWriter", "pack"]


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


_AS_SUMMARY = msgspec.msgpack.Decoder(Summary)


class Summaries(Mapping[str, Summary]):
    """Summaries by a name, in the order of `rows`, of two with one name the first; each is read when it is asked for.

    `rows` are rows of the heads (None: all), and `all_names` are the names of all these.
    """

    def __init__(self, heads: Heads, by: By, rows: Sequence[int] | None = None) -> None:
        self.heads, self.by = heads, by
        given = range(len(heads)) if rows is None else rows
        self.all_names, self._index = heads.names(by), heads.rows_of(by)
        self._first: dict[str, int] = {}  # of names that several heads have
        self._is_in = bytearray(len(heads))
        self.rows = array("i", self._chosen(given))

    @classmethod
    def of(cls, heads: Iterable[Head], by: By) -> Self:
        """Return the summaries of some heads."""
        return cls(Heads.of(heads), by)

    def _chosen(self, rows: Iterable[int]) -> Iterator[int]:
        """Yield the rows that are not those of an earlier name, and mark them."""
        for row in rows:
            name = self.all_names[row]
            if not self._index.is_unique(row) and self._first.setdefault(name, row) != row:
                continue
            self._is_in[row] = True
            yield row

    def row(self, name: str) -> int:
        """Return the row of a name. Raises KeyError."""
        row = self._first[name] if name in self._first else self._index[name]
        if not self._is_in[row]:
            raise KeyError(name)
        return row

    def has_row(self, row: int) -> bool:
        """Return whether a row of the heads is one of these."""
        return bool(self._is_in[row])

    def head(self, name: str) -> Head:
        """Return the head of a name. Raises KeyError."""
        return self.heads[self.row(name)]

    @property
    def names(self) -> Sequence[str]:
        """Return the names."""
        return _Names(self)

    def __getitem__(self, name: str) -> Summary:
        """Return the summary of that name. Raises KeyError, and OSError where it cannot be read."""
        return _AS_SUMMARY.decode(self.heads.read(self.row(name)))

    def __contains__(self, name: object) -> bool:
        """Return whether there is one of that name."""
        try:
            return isinstance(name, str) and self.row(name) >= 0
        except KeyError:
            return False

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return map(self.all_names.__getitem__, self.rows)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def values(self) -> ValuesView[Summary]:
        """Return the summaries."""
        return _Values(self)


class _Names(MadeSequence[str]):
    """The names of summaries."""

    def __init__(self, summaries: Summaries) -> None:
        self._of = summaries

    def at(self, number: int) -> str:
        return self._of.all_names[self._of.rows[number]]

    def __len__(self) -> int:
        return len(self._of.rows)


class _Values(ValuesView[Summary]):
    """The summaries, without looking for a name of each."""

    def __init__(self, summaries: Summaries) -> None:
        super().__init__(summaries)
        self._of = summaries

    def __iter__(self) -> Iterator[Summary]:
        return (_AS_SUMMARY.decode(self._of.heads.read(row)) for row in self._of.rows)


class SummaryWriter:
    """A file without a name, to which summaries are added."""

    def __init__(self, folder: Path | None = None) -> None:
        with tempfile.TemporaryFile(dir=folder) as file:
            self._file, self._end = OpenFile(file.fileno()), 0

    def add(self, one: Summary) -> Head:
        """Write a summary, and return where it lies. Raises OSError."""
        data, place = msgspec.msgpack.encode(one), self._end
        self._file.write(place, data)
        self._end += len(data)
        return Head(one.key, one.source_path, one.document_id, one.cluster_count, self._file, place, len(data))
