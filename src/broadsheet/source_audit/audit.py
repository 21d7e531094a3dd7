"""Count the measures by article, then by group; add the bounds of each share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from broadsheet.model import Confidence
from broadsheet.source_audit import groups
from broadsheet.source_audit.lists import SourceList
from broadsheet.source_audit.measures import ALL, MEASURES, POSITIONS, Measure, Unit
from broadsheet.source_audit.origins import given_twice
from broadsheet.source_audit.statements import MILLION, sources, statements

__all__ = ["COLUMNS", "MARGIN", "Frames", "Questions", "audit"]

COLUMNS: Final = ("by", "group", "measure", "part", "unit", "count", "total", "share", "low", "high")
"""The columns of an audit. docs/audit.md says what each means."""
MARGIN: Final = 0.03
"""How far most shares were from those that a reader counted by hand, beyond wrong rows (docs/audit.md)."""
_UNITS: Final[tuple[Unit, ...]] = ("articles", *ALL)
_FIGURES: Final = ("number", "measure", "part", "unit", "count", "total", "share", "low", "high")


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked: the least `confidence` of a row that counts, words of `topics`, and a list `about` entities."""

    confidence: Confidence = "likely"
    topics: tuple[str, ...] = ()
    about: SourceList = field(default_factory=SourceList)


@dataclass(frozen=True, slots=True)
class Frames:
    """The tables that an audit reads; `links` are claim_links."""

    documents: pl.LazyFrame
    paragraphs: pl.LazyFrame
    claims: pl.LazyFrame
    links: pl.LazyFrame


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted, by `article`, and `members`: the `number` of every group that an article is in."""

    statements: pl.DataFrame
    sources: pl.DataFrame
    members: pl.DataFrame

    def frame(self, unit: Unit) -> pl.DataFrame:
        """Return the rows that a unit counts."""
        return self.sources if unit == "sources" else self.statements


def audit(frames: Frames, questions: Questions) -> pl.DataFrame:
    """Return one row a figure, with the columns `COLUMNS`, the groups with most statements first.

    `count` of `total` are the part's, and `share` is their quotient; `low` and `high` are null where nothing is
    measured of the error.
    """
    articles = groups.numbered(frames.documents)
    stated = statements(frames.claims, frames.paragraphs, articles, questions.confidence).collect()
    found = stated.with_columns(origins=_origins(frames))
    listed = found.join(questions.about.rows, left_on="source_entity_id", right_on="entity_id", how="left")
    named = groups.members(frames.documents, frames.paragraphs, questions.topics)
    known = _groups(named, found)
    members = named.join(known, on=["by", "group"], nulls_equal=True).select("article", "number")
    counted = _Counted(listed, sources(listed), members)
    return _ordered(_figures(counted, (*MEASURES, *_of_list(questions.about))), known)


def _origins(frames: Frames) -> pl.Expr:
    """Return how many origins a statement has."""
    twice = given_twice(frames.links, frames.claims, frames.documents).collect()["claim_id"]
    return pl.when(pl.col("claim_id").is_in(twice.implode())).then(pl.lit("two or more")).otherwise(pl.lit("one"))


def _groups(members: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return the groups by dimension, those with most statements first, each with its `number`."""
    rank = {name: number for number, name in enumerate(groups.DIMENSIONS)}
    sizes = members.join(found.group_by("article").len("said"), on="article", how="left")
    totals = sizes.group_by("by", "group").agg(pl.col("said").sum())
    ordered = totals.sort(pl.col("by").replace_strict(rank), "said", "group", descending=[False, True, False])
    return ordered.select("by", "group").with_row_index("number")


def _of_list(about: SourceList) -> Iterator[Measure]:
    """Yield the measures of a list: how many statements of entities it covers, and the shares by each column."""
    if about.columns:
        is_entity = pl.col("source_entity_id").is_not_null()
        is_listed = pl.any_horizontal(pl.col(name).is_not_null() for name in about.columns)
        covered = pl.when(is_listed).then(pl.lit("listed")).otherwise(pl.lit("not listed"))
        yield Measure("list", covered, ALL, is_entity)
        for name in about.columns:
            yield Measure(f"list.{name}", pl.col(name), ALL, pl.col(name).is_not_null())


def _figures(counted: _Counted, measures: tuple[Measure, ...]) -> Iterator[pl.DataFrame]:
    """Yield the figures of a measure and a unit at a time, in the order of the audit."""
    yield from _sizes(counted)
    for one in measures:
        for unit in one.units:
            yield _figure(_with_bounds(_sums(counted, one, unit)), one.name, unit)
    yield from (_figure(_positions(counted, one), one.name, "sources") for one in POSITIONS)


def _sums(counted: _Counted, measure: Measure, unit: Unit) -> pl.DataFrame:
    """Return the `count` of each part in each group, and how many hundredths of it are expected to be `wrong`."""
    weight = pl.col("words") if unit == "words" else pl.lit(1, pl.Int64)
    rows = counted.frame(unit).lazy().filter(measure.where)
    cells = rows.select("article", part=measure.part, count=weight, wrong=pl.col("wrong") * weight)
    per_article = cells.group_by("article", "part").agg(pl.col("count", "wrong").sum()).collect()
    found = counted.members.join(per_article, on="article")
    return found.group_by("number", "part").agg(pl.col("count", "wrong").sum())


def _sizes(counted: _Counted) -> Iterator[pl.DataFrame]:
    """Yield how many articles, statements, sources and words each group has, of those of all articles."""
    every = Measure("size", pl.lit("all"))
    articles = counted.members.group_by("number").agg(count=pl.len().cast(pl.Int64))
    sums = {unit: _sums(counted, every, unit).select("number", "count") for unit in ALL}
    for unit, found in {"articles": articles, **sums}.items():
        full = articles.select("number").join(found, on="number", how="left").fill_null(0)
        total = pl.col("count").filter(pl.col("number") == 0).sum()
        shared = full.with_columns(part=pl.lit("all"), total=total, share=pl.col("count") / total)
        yield _figure(shared, "size", unit)


def _with_bounds(sums: pl.DataFrame) -> pl.DataFrame:
    """Add the whole of each part, its share and its bounds, and leave out what is of no part.

    The bounds are the shares that would be left if the wrong rows that are to be expected of this part, and no others,
    were taken out (low), or those of the other parts (high), and `MARGIN` more for what the rows do not show.
    """
    totals = sums.with_columns(
        total=pl.col("count").sum().over("number"), others=pl.col("wrong").sum().over("number") - pl.col("wrong")
    )
    count, total, wrong = 100 * pl.col("count"), 100 * pl.col("total"), pl.col("wrong")
    return totals.filter(pl.col("part").is_not_null(), pl.col("total") > 0).with_columns(
        share=count / total,
        low=((count - wrong) / (total - wrong) - MARGIN).clip(0, 1),
        high=(count / (total - pl.col("others")) + MARGIN).clip(0, 1),
    )


def _positions(counted: _Counted, measure: Measure) -> pl.DataFrame:
    """Return the mean position of the first statements of sources, by what is known of them."""
    once = counted.members.join(counted.sources.select("article", "position", part=measure.part), on="article")
    means = once.group_by("number", "part").agg(count=pl.len().cast(pl.Int64), share=pl.col("position").mean())
    return means.with_columns(pl.col("share") / MILLION, total=pl.col("count").sum().over("number"))


def _figure(rows: pl.DataFrame, measure: str, unit: str) -> pl.DataFrame:
    """Return rows with all columns of a figure, those of no measure empty, the most frequent parts first."""
    empty = (pl.lit(None, pl.Float64).alias(name) for name in ("low", "high") if name not in rows.columns)
    named = rows.with_columns(*empty, measure=pl.lit(measure), unit=pl.lit(unit)).select(_FIGURES)
    return named.sort("count", "part", descending=[True, False])


def _ordered(figures: Iterator[pl.DataFrame], known: pl.DataFrame) -> pl.DataFrame:
    """Return the figures by group, each group in the order of the audit, with the names of the groups."""
    rows = pl.concat(figures).sort("number", maintain_order=True).with_columns(pl.col("share", "low", "high").round(6))
    return rows.join(known, on="number", maintain_order="left").select(COLUMNS)
