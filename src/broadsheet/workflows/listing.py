"""List: the entities, claims or articles of a package as a short table, all or those about one entity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import polars as pl

from broadsheet.packages import Tables

__all__ = ["Listed", "What", "listed"]

What = Literal["articles", "claims", "entities"]


@dataclass(frozen=True, slots=True)
class Listed:
    """The first rows of a list, as text by column, and how many rows there are."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int


def listed(
    tables: Tables,
    what: What,
    *,
    entity: str | None,
    limit: int,
    only: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Listed:
    """Return the articles by day, the claims in their order, or the entities, those named most often first.

    With `entity` (an entity_id): the articles that name it, the claims in which it is a party or is named, and the
    entities that are named in the same paragraphs, those that share most of them first. `only` has the values that
    columns of the list may have, any of them where it has none.
    """
    wanted = [pl.col(column).is_in(values) for column, values in only.items() if values]
    frame = _LISTS[what](tables, entity).filter(*wanted).collect()
    texts = frame.head(limit).select(pl.all().cast(pl.String).fill_null("–"))
    return Listed(tuple(frame.columns), tuple(texts.iter_rows()), frame.height)


def _articles(tables: Tables, entity: str | None) -> pl.LazyFrame:
    found = tables.documents
    if entity:
        named = tables.mentions.filter(pl.col("entity_id") == entity).select("document_id").unique()
        found = found.join(named, on="document_id", how="semi")
    by_day = found.sort("published", "document_id", descending=[True, False], nulls_last=True)
    return by_day.select("document_id", "published", "publisher", "title")


def _claims(tables: Tables, entity: str | None) -> pl.LazyFrame:
    found = tables.claims
    if entity:
        parties = ("source_entity_id", "source_affiliation_id", "reported_via_id")
        is_party = pl.any_horizontal(pl.col(column) == entity for column in parties)
        named = tables.claim_entities.filter(pl.col("entity_id") == entity).select("claim_id").unique()
        is_named = pl.col("claim_id").is_in(named.collect()["claim_id"].to_list())
        found = found.filter(is_party.fill_null(value=False) | is_named)
    source = pl.coalesce("source_entity_id", "source_text").alias("source")
    return found.select("claim_id", source, "stance", "confidence", content="content_text")


def _entities(tables: Tables, entity: str | None) -> pl.LazyFrame:
    if entity is None:
        by_count = tables.entities.sort("mention_count", "entity_id", descending=[True, False])
        return by_count.select("entity_id", "name", "type", "mention_count", "document_count")
    named = tables.mentions.select("paragraph_id", "entity_id").unique()
    beside = named.join(
        named.filter(pl.col("entity_id") == entity).select("paragraph_id"), on="paragraph_id", how="semi"
    )
    others = beside.filter(pl.col("entity_id") != entity).group_by("entity_id").agg(shared_paragraphs=pl.len())
    counted = others.join(tables.entities, on="entity_id")
    by_count = counted.sort("shared_paragraphs", "entity_id", descending=[True, False])
    return by_count.select("entity_id", "name", "type", "shared_paragraphs")


_LISTS: Final[Mapping[What, Callable[[Tables, str | None], pl.LazyFrame]]] = MappingProxyType(
    {"articles": _articles, "claims": _claims, "entities": _entities}
)
