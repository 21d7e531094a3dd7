"""The annotations of a package, from its tables, a few hundred articles at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from broadsheet.exchange.articles import PARTIES, MarkedArticle, MarkedClaim, MarkedMention, Row, in_order
from broadsheet.model import CLAIM_PARTS, Attribution, Span

__all__ = ["Dataset", "marked_articles"]

_AT_ONCE: Final = 256  # articles whose rows are in memory

Frames = Mapping[str, pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The package that is exported: its descriptor, and the rows of `entities` by id."""

    descriptor: Mapping[str, Any]
    entities: Mapping[str, Row]

    @property
    def name(self) -> str:
        """Return the name of the package."""
        return str(self.descriptor.get("name", ""))

    @classmethod
    def of(cls, descriptor: Mapping[str, Any], frames: Frames) -> Dataset:
        """Return the package that tables are of."""
        rows = frames["entities"].sort("entity_id").collect().iter_rows(named=True)
        return cls(descriptor, {row["entity_id"]: row for row in rows})


def marked_articles(frames: Frames, dataset: Dataset, only: Collection[str] | None = None) -> Iterator[MarkedArticle]:
    """Yield the articles of a package, all or `only` some, with mentions and claims, ordered by `document_id`."""
    known = frames["documents"].select("document_id").sort("document_id").collect()["document_id"].to_list()
    ids = [one for one in known if only is None or one in only]
    for first in range(0, len(ids), _AT_ONCE):
        yield from _articles(frames, dataset, ids[first : first + _AT_ONCE])


def _articles(frames: Frames, dataset: Dataset, ids: list[str]) -> Iterator[MarkedArticle]:
    mentions, claims, spans = (_by(frames, name, ids, "document_id") for name in ("mentions", "claims", "claim_spans"))
    for document_id, (row,) in sorted(_by(frames, "documents", ids, "document_id").items()):
        named = tuple(_mention(one, dataset) for one in mentions[document_id])
        pieces = _grouped(spans[document_id], "claim_id")
        words = {Span(one["start"], one["end"]): one["text"] for one in (*mentions[document_id], *spans[document_id])}
        said = in_order(_claim(one, pieces[one["claim_id"]]) for one in claims[document_id])
        yield MarkedArticle(document_id, row["text"], named, said, row, words)


def _by(frames: Frames, table: str, ids: list[str], column: str) -> defaultdict[str, list[Row]]:
    rows = frames[table].filter(pl.col("document_id").is_in(ids)).collect().iter_rows(named=True)
    return _grouped(rows, column)


def _grouped(rows: Iterable[Row], column: str) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


def _mention(row: Row, dataset: Dataset) -> MarkedMention:
    entity = row["entity_id"]
    return MarkedMention(Span(row["start"], row["end"]), dataset.entities[entity]["type"], entity, row=row)


def _claim(row: Row, spans: list[Row]) -> MarkedClaim:
    parts = (tuple(sorted(Span(s["start"], s["end"]) for s in spans if s["part"] == part)) for part in CLAIM_PARTS)
    parties = {name: row[column] for name, column in PARTIES.items() if row[column]}
    return MarkedClaim(Attribution(*parts), row["kind"], row["stance"], parties, row=row)
