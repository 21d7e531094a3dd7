"""Make rows of spans: the one module that makes frames of records.

A bucket of articles becomes its rows of every table that is bound to documents, with keys, links and order. The table
of entities covers the whole corpus and is made last, from the mentions of all buckets.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from broadsheet import ids, package_files
from broadsheet.model import (
    EVIDENCE,
    METADATA,
    SOURCE_KINDS,
    STRETCH_SEPARATOR,
    Attribution,
    Claim,
    Cluster,
    Confidence,
    Entity,
    EntityType,
    Extraction,
    LinkedBy,
    Resolution,
    SourceKind,
    Span,
    Text,
)
from broadsheet.schema import Schemas
from broadsheet.schema.arrow import columnar
from broadsheet.sequences import MadeSequence
from broadsheet.storage.entities import Entities

__all__ = ["Buckets", "Census", "added_up", "census", "tabulate", "tabulate_entities"]

_SOURCE = ("document_id", "source_path", "source_sha256", "source_bytes", "media_type", "encoding", "language")
WORD = r"\S+"  # Rust's \S is the complement of the Unicode White_Space property: what a word is here
MAIN_ROLES = ("body", "subheading")
_LEAST_AGREEMENT = 2 / 3
"""Of the types that an article gives to a cluster; below, the mention is doubtful."""
_OFTEN = 3
"""So many mentions of one thing in one article support each other."""
_OFTEN_ONE_WORD = frozenset({"GPE", "NORP", "ORG"})
"""Types whose names often are one word: a word that is named once as anything else is doubtful."""

Row = dict[str, Any]
Census = pl.DataFrame  # entity_id, mention_count, document_count of one bucket


def tabulate(
    articles: Sequence[tuple[Text, Extraction]], resolution: Resolution, schemas: Schemas
) -> dict[str, pl.DataFrame]:
    """Return the rows of a bucket of articles, one frame for every document-bound table, sorted as its schema says.

    Every claim and mention must belong to a cluster that `resolution` knows; otherwise a KeyError is raised. A cluster
    in `Resolution.unknown` has no rows and is not a party of a claim.
    """
    rows: dict[str, list[Row]] = {table.name: [] for table in schemas if table.document}
    entities = Entities.of(resolution.entities)
    for text, extraction in articles:
        keys = _paragraph_keys(text)
        rows["documents"].append(_document(text, resolution))
        rows["paragraphs"].extend(_paragraphs(text, keys))
        rows["mentions"].extend(_mentions(text, extraction, resolution, entities))
        claims = _claim_keys(extraction)
        rows["claims"].extend(_claims(text, extraction, claims, resolution, entities))
        rows["claim_spans"].extend(_claim_spans(text, extraction, claims))
        rows["claim_entities"].extend(_claim_entities(extraction, claims, resolution))
    return _derive({name: _frame(found, schemas, name) for name, found in rows.items()})


def tabulate_entities(
    entities: Sequence[Entity], censuses: Iterable[Census], schemas: Schemas
) -> Iterator[pl.DataFrame]:
    """Yield the entities with mentions, in order, with their counts added up over the buckets.

    Each frame is a row group; there is at least one. Every entity that is counted must be one of `entities`; otherwise
    a KeyError is raised.
    """
    found, counts, table = Entities.of(entities), added_up(censuses).sort("entity_id"), schemas["entities"]
    for start in range(0, max(1, counts.height), package_files.ROWS_A_GROUP):
        some = counts.slice(start, package_files.ROWS_A_GROUP)
        named = _named(found[found.numbers[name]] for name in some["entity_id"])
        yield named.join(some, on="entity_id").select(table.columns).cast(columnar(table)).sort(table.order)


def _named(entities: Iterable[Entity]) -> pl.DataFrame:
    return pl.DataFrame(
        [(e.entity_id, e.name, e.type, e.wikidata_id) for e in entities],
        schema={"entity_id": pl.String, "name": pl.String, "type": pl.String, "wikidata_id": pl.String},
        orient="row",
    )


def census(mentions: pl.DataFrame) -> Census:
    """Return the mention and document counts of the entities of one bucket (buckets share no article)."""
    return mentions.group_by("entity_id").agg(
        mention_count=pl.len().cast(pl.Int64), document_count=pl.col("document_id").n_unique().cast(pl.Int64)
    )


def added_up(censuses: Iterable[Census]) -> Census:
    """Return the counts of several buckets as one census."""
    return pl.concat(list(censuses)).group_by("entity_id").sum()


def _frame(rows: list[Row], schemas: Schemas, name: str) -> pl.DataFrame:
    table = schemas[name]
    return pl.DataFrame(rows, schema=columnar(table)).sort(table.order)


def _derive(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Fill in the counts, which follow from other rows."""
    paragraphs = frames["paragraphs"].with_columns(word_count=pl.col("text").str.count_matches(WORD).cast(pl.Int64))
    main = pl.col("role").is_in(MAIN_ROLES) & pl.col("duplicate_of").is_null()
    counts = paragraphs.group_by("document_id").agg(
        words=pl.col("word_count").filter(main).sum(), rows=pl.len().cast(pl.Int64)
    )
    columns = frames["documents"].columns
    documents = (
        frames["documents"]
        .join(counts, on="document_id", how="left", maintain_order="left")
        .with_columns(word_count=pl.col("words").fill_null(0), paragraph_count=pl.col("rows").fill_null(0))
        .select(columns)
    )
    return frames | {"documents": documents, "paragraphs": paragraphs}


def _document(text: Text, resolution: Resolution) -> Row:
    row: Row = {column: getattr(text, column) for column in (*_SOURCE, *METADATA, "published_text", "text")}
    for column in EVIDENCE:
        evidence = row[column]
        row[column] = evidence and evidence.value
        row[f"{column}_from"] = evidence and evidence.origin
    row["published"] = row["published"] and dt.date.fromisoformat(row["published"])
    others = {
        "derived_from": resolution.derived.get(text.document_id),
        "duplicate_of": resolution.copies.get(text.document_id),
    }
    return row | {"text_status": "present", "word_count": 0, "paragraph_count": 0} | others


def _paragraph_keys(text: Text) -> list[str]:
    return [ids.span_id(text.document_id, p.start, p.end) for p in text.paragraphs]


def _paragraphs(text: Text, keys: list[str]) -> Iterable[Row]:
    for position, (paragraph, key) in enumerate(zip(text.paragraphs, keys, strict=True)):
        first = paragraph.duplicate_of
        yield {
            "paragraph_id": key,
            "document_id": text.document_id,
            "position": position,
            "role": paragraph.role,
            "text": text.text[paragraph.start : paragraph.end],
            "start": paragraph.start,
            "end": paragraph.end,
            "word_count": 0,
            "duplicate_of": None if first is None else keys[first],
            "duplicate_kind": paragraph.duplicate_kind,
        }


def _paragraph_at(text: Text, start: int) -> str:
    """Return the id of the paragraph that contains a code point."""
    after = bisect_right(text.paragraphs, start, key=lambda paragraph: paragraph.start)
    found = text.paragraphs[max(after - 1, 0)]
    return ids.span_id(text.document_id, found.start, found.end)


def _mentions(text: Text, extraction: Extraction, resolution: Resolution, entities: Entities) -> Iterable[Row]:
    known = (m for m in extraction.mentions if (text.document_id, m.cluster) not in resolution.unknown)
    for mention in known:
        entity, across = resolution.members[text.document_id, mention.cluster]
        linked_by, words = _reason(mention.linked_by, across), text.text[mention.start : mention.end]
        yield {
            "mention_id": ids.span_id(text.document_id, mention.start, mention.end),
            "entity_id": entity,
            "document_id": text.document_id,
            "paragraph_id": _paragraph_at(text, mention.start),
            "start": mention.start,
            "end": mention.end,
            "text": words,
            "linked_by": linked_by,
            "confidence": _confidence(words, linked_by, extraction.clusters[mention.cluster], entities.type_of(entity)),
        }


def _reason(inside: LinkedBy, across: LinkedBy | None) -> LinkedBy:
    """Return why a mention is linked: as its cluster is if it has the cluster's name, else for its own reason."""
    return across if across == "correction" or (across and inside == "exact") else inside


def _confidence(words: str, linked_by: LinkedBy, cluster: Cluster, decided: EntityType) -> Confidence:
    """Return how far a mention can be trusted, by its link, its words and what its article shows of its cluster.

    `decided` is the type of its entity, which the whole corpus decides. docs/confidence.md says how this was measured.
    """
    if linked_by == "correction":
        return "sure"
    agreement = _agreement(cluster, decided)
    if linked_by == "spelling" or agreement < _LEAST_AGREEMENT:
        return "doubtful"
    if linked_by == "frequency" or agreement < 1:
        return "likely"
    return _of_name(words, cluster, decided) if linked_by == "exact" else "sure"


def _agreement(cluster: Cluster, decided: EntityType) -> float:
    """Return the share of the types given to a cluster in its article that are the one that the corpus decided."""
    votes = dict(cluster.votes)
    return votes.get(decided, 0) / max(sum(votes.values()), 1)


def _of_name(words: str, cluster: Cluster, decided: EntityType) -> Confidence:
    """Return the confidence of a name in full: one that is named often or looks like a person's is sure."""
    times = sum(count for _, count in cluster.forms)
    is_long = len(words.split()) > 1
    if times >= _OFTEN:
        return "sure"
    if is_long and decided == "PERSON":
        return "sure"
    return "doubtful" if times == 1 and _is_weak(words, decided, is_long=is_long) else "likely"


def _is_weak(words: str, decided: EntityType, *, is_long: bool) -> bool:
    """Tell whether a name that is named once may be no name, or of another type."""
    return words.isupper() if is_long else decided not in _OFTEN_ONE_WORD


def _spans(attribution: Attribution) -> list[tuple[str, int, Span]]:
    """Return every stretch of a claim as (part, ordinal, span)."""
    return [(part, ordinal, span) for part, spans in attribution.parts for ordinal, span in enumerate(sorted(spans))]


def _claim_keys(extraction: Extraction) -> list[str]:
    """Return the id of every claim; claims of one extent get -1, -2 … in their order."""
    seen: dict[Span, int] = {}
    keys = []
    for claim in extraction.claims:
        extent = claim.attribution.extent
        tie = seen.get(extent, 0)
        seen[extent] = tie + 1
        keys.append(ids.span_id(extraction.document_id, extent.start, extent.end, tie))
    return keys


def _source_kind(claim: Claim, named: str | None, row: Row, entities: Entities) -> SourceKind:
    """Return the kind of the source of a claim; `row` has its parties, and `named` is `Claim.named` as an entity."""
    if row["source_text"] is None:
        return "none"
    entity = row["source_entity_id"] or named
    if claim.source_kind == "document" or entity is None:
        is_of_nobody = claim.source_kind == "official" and row["source_affiliation_id"] is None
        return "unnamed" if is_of_nobody else claim.source_kind
    return SOURCE_KINDS[entities.type_of(entity)]


def _claims(
    text: Text, extraction: Extraction, keys: list[str], resolution: Resolution, entities: Entities
) -> Iterable[Row]:
    for claim, key in zip(extraction.claims, keys, strict=True):
        extent, parts = claim.attribution.extent, claim.attribution
        place = min(parts.content or parts.cue or parts.source)
        parties = {"source_entity_id": claim.source, "source_affiliation_id": claim.affiliation}
        parties["reported_via_id"] = claim.via
        links = {"nested_in": claim.nested_in, "duplicate_of": claim.duplicate_of}
        row: Row = {
            "claim_id": key,
            "document_id": text.document_id,
            "paragraph_id": _paragraph_at(text, place.start),
            "start": extent.start,
            "end": extent.end,
            "kind": claim.kind,
            "quote": claim.quote,
            "stance": claim.stance,
            "content_text": _words(text, parts.content),
            "cue_text": _words(text, parts.cue),
            "source_text": _words(text, parts.source),
            "confidence": claim.confidence,
        }
        row |= {column: _entity(text.document_id, cluster, resolution) for column, cluster in parties.items()}
        row["source_kind"] = _source_kind(claim, _entity(text.document_id, claim.named, resolution), row, entities)
        yield row | {column: None if other is None else keys[other] for column, other in links.items()}


def _entity(document: str, cluster: int | None, resolution: Resolution) -> str | None:
    if cluster is None or (document, cluster) in resolution.unknown:
        return None
    entity, _ = resolution.members[document, cluster]
    return entity


def _words(text: Text, spans: tuple[Span, ...]) -> str | None:
    return STRETCH_SEPARATOR.join(span.slice(text.text) for span in sorted(spans)) or None


def _claim_spans(text: Text, extraction: Extraction, keys: list[str]) -> Iterable[Row]:
    for claim, key in zip(extraction.claims, keys, strict=True):
        for part, ordinal, span in _spans(claim.attribution):
            yield {
                "claim_id": key,
                "part": part,
                "ordinal": ordinal,
                "document_id": text.document_id,
                "start": span.start,
                "end": span.end,
                "text": span.slice(text.text),
            }


def _claim_entities(extraction: Extraction, keys: list[str], resolution: Resolution) -> Iterable[Row]:
    document = extraction.document_id
    for claim, part, mention in extraction.named_in_claims():
        entity = _entity(document, mention.cluster, resolution)
        if entity is not None:
            yield {
                "claim_id": keys[claim],
                "part": part,
                "mention_id": ids.span_id(document, mention.start, mention.end),
                "entity_id": entity,
                "document_id": document,
            }


class Buckets(MadeSequence[Sequence[str]]):
    """The buckets of a corpus in order, each with the ids of its articles in order, which is made when it is asked for.

    >>> list(Buckets(["harbour", "ferry"]))
    [['ferry', 'harbour']]
    """

    def __init__(self, documents: Sequence[str]) -> None:
        self._documents, self._count = documents, ids.bucket_count(len(documents))
        self._numbers = np.fromiter((ids.bucket_of(one, self._count) for one in documents), np.int32, len(documents))

    def __len__(self) -> int:
        """Return how many buckets there are."""
        return self._count

    def at(self, number: int) -> Sequence[str]:
        """Return the ids of the articles of a bucket."""
        places = np.flatnonzero(self._numbers == number)
        return sorted(map(self._documents.__getitem__, places.tolist()))
