"""The articles of a package as the index of quotations has them: texts, quotations, who says what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from broadsheet.model import Span
from broadsheet.packages import Tables, load
from broadsheet.quotations.draft import continues
from broadsheet.quotations.index import Article, Index, Speaker, Statement, build
from broadsheet.quotes import find

if TYPE_CHECKING:
    from broadsheet.workflows.progress import Progress

__all__ = ["indexed"]


def indexed(package: Path, progress: Progress | None = None) -> tuple[Index, tuple[str, ...]]:
    """Return the index of a package, and the ids of the articles without a text. Raises PackageError."""
    tables = load(package)
    return build(_articles(tables, progress), _speakers(tables)), tuple(_without_text(tables))


def _without_text(tables: Tables) -> list[str]:
    found = tables.documents.filter(pl.col("text").is_null()).select("document_id").collect()
    return sorted(found["document_id"].to_list())


def _articles(tables: Tables, progress: Progress | None) -> Iterator[Article]:
    shown = tables.documents.filter(pl.col("text").is_not_null()).select("document_id", "text").collect()
    blocks = _by_document(tables.paragraphs.select("document_id", "start", "end").sort("document_id", "start"))
    said = _by_document(_contents(tables))
    for done, (document, text) in enumerate(shown.iter_rows(), 1):
        statements = tuple(Statement(*row) for row in said.get(document, ()))
        yield Article(document, text, tuple(_groups(text, blocks.get(document, ()))), statements)
        if progress:
            progress("articles", done, shown.height)


def _contents(tables: Tables) -> pl.LazyFrame:
    """Return the content spans of all claims, with the source of each and where its words begin."""
    spans = tables.claim_spans
    sources = tables.claims.select("claim_id", "source_entity_id", "source_text")
    begins = spans.filter(pl.col("part") == "source").group_by("claim_id").agg(source_start=pl.min("start"))
    content = (
        spans.filter(pl.col("part") == "content").join(sources, on="claim_id").join(begins, on="claim_id", how="left")
    )
    shown = content.with_columns(pl.col("source_start").fill_null(-1)).sort("document_id", "start", "claim_id")
    return shown.select("document_id", "claim_id", "start", "end", "source_entity_id", "source_text", "source_start")


def _by_document(rows: pl.LazyFrame) -> Mapping[str, list[tuple[Any, ...]]]:
    """Return the rows of each article, without its id."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for document, *row in rows.collect().iter_rows():
        found.setdefault(document, []).append(tuple(row))
    return found


def _groups(text: str, blocks: Sequence[tuple[int, int]]) -> Iterator[tuple[Span, ...]]:
    """Yield the quotations of an article; parts of one sentence that an attribution divides are together."""
    group: list[Span] = []
    runs_on = False
    for one in find(text, blocks):
        before = group[-1] if group else None
        if before and not (runs_on or continues(text, (before.start, before.end), (one.start, one.end))):
            yield tuple(group)
            group = []
        group.append(Span(one.start, one.end))
        runs_on = one.runs_on
    if group:
        yield tuple(group)


def _speakers(tables: Tables) -> Iterator[Speaker]:
    """Yield the entities that say something, with every form that the articles name them by."""
    sources = tables.claims.select(entity_id="source_entity_id").drop_nulls().unique()
    forms = tables.mentions.group_by("entity_id").agg(pl.col("text").unique().sort().alias("forms"))
    said = tables.entities.join(sources, on="entity_id", how="semi").join(forms, on="entity_id", how="left")
    for row in said.select("entity_id", "name", "type", "forms").sort("entity_id").collect().iter_rows():
        yield Speaker(row[1], row[2], tuple(row[3] or ()), row[0])
