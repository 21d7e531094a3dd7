"""Stats: what a package contains, in counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from broadsheet.findings.quarantine import Skipped
from broadsheet.packages import Tables, left_out, load
from broadsheet.reports import Section
from broadsheet.workflows.build_changes import changes

__all__ = ["stats"]

MOST = 10  # rows of one table of counts


def stats(package: Path) -> tuple[Section, ...]:
    """Return the counts of a package as tables: inputs, articles, entities and claims, and what the last build changed.

    Raises PackageError.
    """
    return tuple(_sections(load(package), package))


def _sections(tables: Tables, package: Path) -> Iterator[Section]:
    yield Section("Inputs", ("input", "count"), tuple(_inputs(tables, package)))
    documents = tables.documents.with_columns(year=pl.col("published").dt.year())
    for column in ("publisher", "year", "language"):
        yield _counted(f"Articles by {column}", documents, column)
    most = tables.entities.sort("mention_count", "entity_id", descending=[True, False]).head(MOST)
    named = most.select("entity_id", "type", "mention_count", "document_count").collect()
    yield Section("Entities named most often", tuple(named.columns), _texts(named))
    known = tables.claims.collect_schema()
    for column in ("kind", "stance", "quote", "source_kind"):
        if column in known:  # packages of earlier versions have no source_kind
            yield _counted(f"Claims by {column}", tables.claims, column)
    yield from changes(package, tables)


def _inputs(tables: Tables, package: Path) -> Iterator[tuple[str, str]]:
    counts = tables.documents.select(pl.len(), pl.col("title", "published").null_count()).collect().row(0)
    yield from zip(("articles", "without a title", "without a day"), map(str, counts), strict=True)
    rows = left_out(package)
    skipped = sum(row["code"] == Skipped.code for row in rows)
    yield "quarantined", str(len(rows) - skipped)
    yield "left out by a rule", str(skipped)


def _counted(title: str, frame: pl.LazyFrame, column: str) -> Section:
    """Return how many rows have each value, the most frequent values first; the rest is one row."""
    counts = frame.group_by(column).len().sort("len", column, descending=[True, False], nulls_last=True).collect()
    rows = _texts(counts.head(MOST))
    rest = counts.slice(MOST)
    others = ((f"{rest.height} others", str(rest["len"].sum())),) if rest.height else ()
    return Section(title, (column, "count"), (*rows, *others))


def _texts(frame: pl.DataFrame) -> tuple[tuple[str, ...], ...]:
    return tuple(frame.select(pl.all().cast(pl.String).fill_null("–")).iter_rows())
