"""Count the measures by article, then by group; add the bounds of each share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from broadsheet.model import Confidence
from broadsheet.source_audit.groups import members
from broadsheet.source_audit.lists import SourceList
from broadsheet.source_audit.measures import ALL, MEASURES, POSITIONS, Measure, Unit
from broadsheet.source_audit.statements import MILLION, sources, statements

__all__ = ["COLUMNS", "Questions", "audit"]

COLUMNS: Final = ("by", "group", "measure", "part", "unit", "count", "total", "share", "low", "high")
"""The columns of an audit. docs/audit.md says what each means."""
_UNITS: Final[tuple[Unit, ...]] = ("articles", *ALL)
_KEY: Final = ("measure", "part", "unit")


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked: the least `confidence` of a row that counts, words of `topics`, and a list `about` entities."""

    confidence: Confidence = "likely"
    topics: tuple[str, ...] = ()
    about: SourceList = field(default_factory=SourceList)


@dataclass(frozen=True, slots=True)
class Frames:
    """The tables that an audit reads."""

    documents: pl.LazyFrame
    paragraphs: pl.LazyFrame
    claims: pl.LazyFrame


def audit(frames: Frames, questions: Questions) -> pl.DataFrame:
    """Return one row a figure, with the columns `COLUMNS`, the groups with most statements first.

    `count` of `total` are the part's, and `share` is their quotient; `low` and `high` are null where nothing is
    measured of the error.
    """
    found = statements(frames.claims, frames.paragraphs, questions.confidence).collect()
    listed = found.join(questions.about.rows, left_on="source_entity_id", right_on="entity_id", how="left")
    groups = members(frames.documents, frames.paragraphs, questions.topics)
    measures = (*MEASURES, *_of_list(questions.about))
    shares = _with_bounds(_summed(_counted(listed, measures), groups))
    return _ordered(pl.concat([_sizes(listed, groups), shares, _positions(listed, groups)]))


def _of_list(about: SourceList) -> Iterator[Measure]:
    """Yield the measures of a list: how many statements of entities it covers, and the shares by each column."""
    if about.columns:
        is_entity = pl.col("source_entity_id").is_not_null()
        is_listed = pl.any_horizontal(pl.col(name).is_not_null() for name in about.columns)
        covered = pl.when(is_listed).then(pl.lit("listed")).otherwise(pl.lit("not listed"))
        yield Measure("list", covered, ALL, is_entity)
        for name in about.columns:
            yield Measure(f"list.{name}", pl.col(name), ALL, pl.col(name).is_not_null())


def _counted(found: pl.DataFrame, measures: Iterable[Measure]) -> pl.DataFrame:
    """Return what each article adds to each part: its count, and how many hundredths of it are expected to be wrong."""
    once = sources(found)
    frames = {"statements": found, "words": found, "sources": once}
    return pl.concat(_cells(frames[unit], measure, unit) for measure in measures for unit in measure.units)


def _cells(frame: pl.DataFrame, measure: Measure, unit: Unit) -> pl.DataFrame:
    weight = pl.col("words") if unit == "words" else pl.lit(1, pl.Int64)
    counted = (
        frame.lazy()
        .filter(measure.where)
        .select("document_id", part=measure.part, count=weight, wrong=pl.col("wrong") * weight)
    )
    named = (pl.lit(measure.name).alias("measure"), "part", pl.lit(unit).alias("unit"))
    return (
        counted.group_by("document_id", "part")
        .agg(pl.col("count").sum(), pl.col("wrong").sum())
        .select("document_id", *named, "count", "wrong")
        .collect()
    )


def _summed(cells: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    return groups.join(cells, on="document_id").group_by("by", "group", *_KEY).agg(pl.col("count", "wrong").sum())


def _with_bounds(summed: pl.DataFrame) -> pl.DataFrame:
    """Add the whole of each part, its share and its bounds, and leave out what is of no part.

    The bounds are the shares that would be there without the wrong rows, if all of those were of this part (low) or
    none was (high), as far as the expected number of wrong rows of each goes.
    """
    whole = ["by", "group", "measure", "unit"]
    totals = summed.with_columns(total=pl.col("count").sum().over(whole), all_wrong=pl.col("wrong").sum().over(whole))
    others = pl.col("all_wrong") - pl.col("wrong")
    count, total = 100 * pl.col("count"), 100 * pl.col("total")
    bounded = totals.filter(pl.col("part").is_not_null(), pl.col("total") > 0).with_columns(
        share=count / total,
        low=(count - pl.col("wrong")) / (total - pl.col("wrong")),
        high=count / (total - others),
    )
    return bounded.select(COLUMNS)


def _sizes(found: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Return how much of everything a group has: articles, statements, sources and words."""
    per_article = found.group_by("document_id").agg(
        statements=pl.len().cast(pl.Int64),
        sources=pl.col("source").drop_nulls().n_unique().cast(pl.Int64),
        words=pl.col("words").sum(),
    )
    counted = groups.join(per_article, on="document_id", how="left").with_columns(articles=pl.lit(1, pl.Int64))
    sizes = counted.group_by("by", "group").agg(pl.col(_UNITS).sum())
    long = sizes.unpivot(_UNITS, index=["by", "group"], variable_name="unit", value_name="count")
    total = pl.col("count").filter(pl.col("by") == "all").sum().over("unit")
    return _filled(long.with_columns(measure=pl.lit("size"), part=pl.lit("all"), total=total)).with_columns(
        share=pl.col("count") / pl.col("total")
    )


def _positions(found: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Return the mean position of the first statements of sources, by what is known of them."""
    once = groups.join(sources(found), on="document_id")
    parts = (
        once.select("by", "group", "position", part=one.part, measure=pl.lit(one.name), unit=pl.lit(one.units[0]))
        for one in POSITIONS
    )
    every = pl.concat(parts)
    means = every.group_by("by", "group", *_KEY).agg(
        count=pl.len().cast(pl.Int64), share=pl.col("position").sum() / pl.len() / MILLION
    )
    return _filled(means.with_columns(total=pl.col("count").sum().over("by", "group", "measure")))


def _filled(frame: pl.DataFrame) -> pl.DataFrame:
    missing = (name for name in COLUMNS if name not in frame.columns)
    return frame.with_columns(pl.lit(None, pl.Float64).alias(name) for name in missing).select(COLUMNS)


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows by dimension, the groups with most statements first, then by measure, unit and count."""
    size = (pl.col("measure") == "size") & (pl.col("unit") == "statements")
    rank = pl.col("count").filter(size).sum().over("by", "group")
    first = {name: number for number, name in enumerate(("all", "publisher", "month", "topic"))}
    ordered = rows.sort(
        pl.col("by").replace_strict(first),
        rank,
        "group",
        pl.col("measure") != "size",
        "measure",
        pl.col("unit").replace_strict({unit: number for number, unit in enumerate(_UNITS)}),
        "count",
        "part",
        descending=[False, True, False, False, False, False, True, False],
    )
    return ordered.with_columns(pl.col("share", "low", "high").round(6))
