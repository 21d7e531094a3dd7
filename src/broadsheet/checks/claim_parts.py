"""What the spans of a claim make together: its extent, the texts of its parts, and the paragraph they begin in."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from broadsheet.checks.fast.utf8_index import Array
from broadsheet.checks.joins import at, gathered, located
from broadsheet.checks.row_groups import Bucket, TableBucket
from broadsheet.checks.spans import row_numbers, whole_numbers
from broadsheet.model import CLAIM_PARTS, STRETCH_SEPARATOR

__all__ = [
    "FIRST_HOME",
    "HOME_END",
    "HOME_FIRST",
    "HOME_START",
    "HOME_TEXT",
    "NAMED_PARTIES",
    "OUTER_END",
    "OUTER_START",
    "SOURCE_TYPE",
    "mentioned",
    "with_parts",
]

SOURCE_TYPE: Final = "_source_type"  # the type of the entity that the source is
OUTER_START: Final = "_outer_start"  # the bounds of the content of the claim that `nested_in` names
OUTER_END: Final = "_outer_end"
NAMED_PARTIES: Final = ("source_entity_id", "reported_via_id")  # which the article mentions
HOME_START: Final = "_home_start"  # of the paragraph that `paragraph_id` names
HOME_END: Final = "_home_end"
HOME_TEXT: Final = "_home_text"
HOME_FIRST: Final = "_home_first"  # the first copy of that paragraph
FIRST_HOME: Final = "_first_home"  # the paragraph of the claim that `duplicate_of` names
FAR: Final = 2**62
NEEDED: Final = {"part", "ordinal", "start", "end", "text"}


def with_parts(claims: TableBucket, others: Bucket) -> pl.DataFrame:
    """Return claims with what their spans say added, where these can be followed.

    Columns: `_first` and `_last`, the extent of all spans; a text for each part; `_begins`, where its first part
    begins; `HOME_START`, `HOME_END`, `HOME_TEXT` and `HOME_FIRST`, of the paragraph that the claim names, where it can
    be followed; `FIRST_HOME`, the paragraph of the claim that it repeats; `SOURCE_TYPE`, where the entities are known;
    `mentioned(…)`, where the mentions are; `OUTER_START` and `OUTER_END`.
    """
    claims = claims.with_frame(_with_types(claims, others))
    claims = claims.with_frame(_with_mentioned(claims, others))
    spans = others["claim_spans"].frame if "claim_spans" in others else None
    if spans is None or not {at("claim_id", claims.name), *NEEDED} <= {*spans.columns}:
        return claims.frame
    rows, height = whole_numbers(spans[at("claim_id", claims.name)]), claims.frame.height
    parts = [_part(spans, rows, part, height) for part in CLAIM_PARTS]
    added = [column for found in (_extent(spans, rows, height), *parts) for column in found]
    content_first = (f"_{part}_start" for part in reversed(CLAIM_PARTS))
    begins = pl.coalesce(content_first).alias("_begins")
    found = claims.frame.with_columns(added).with_columns(begins, *_home(claims, others))
    return found.hstack(_outer(found, spans, rows))


def mentioned(column: str) -> str:
    """Return the name of the column that says whether the article mentions the entity of a party."""
    return f"_{column}_mentioned"


def _with_mentioned(claims: TableBucket, others: Bucket) -> pl.DataFrame:
    """Return claims with whether their article mentions each party; null where there is none."""
    if "mentions" not in others:
        return claims.frame
    known = others["mentions"].frame.select("document_id", "entity_id").unique()
    frame = claims.frame
    for column in NAMED_PARTIES:
        named = known.select("document_id", pl.col("entity_id").alias(column), pl.lit(value=True).alias("_known"))
        joined = frame.join(named, on=["document_id", column], how="left", maintain_order="left")
        found = pl.when(pl.col(column).is_not_null()).then(pl.col("_known").fill_null(value=False))
        frame = joined.with_columns(found.alias(mentioned(column))).drop("_known")
    return frame


def _outer(claims: pl.DataFrame, spans: pl.DataFrame, rows: Array) -> pl.DataFrame:
    """Return by claim the bounds of the content of the claim that it is nested in; null where it is in none."""
    outer = located(claims["nested_in"], claims["claim_id"])
    content = spans.select("start", "end", "part", pl.Series("_row", rows)).filter(pl.col("part") == "content")
    bounds = content.filter(pl.col("_row").is_in(outer.drop_nulls().implode())).group_by("_row")
    extents = bounds.agg(pl.col("start").min().alias(OUTER_START), pl.col("end").max().alias(OUTER_END))
    wanted = outer.cast(pl.Int64).to_frame("_row")
    return wanted.join(extents.cast({"_row": pl.Int64}), on="_row", how="left", maintain_order="left").drop("_row")


def _with_types(claims: TableBucket, others: Bucket) -> pl.DataFrame:
    """Return claims with the type of the entity that the source is."""
    if "entities" not in others:
        return claims.frame
    entities = others["entities"].frame
    rows = located(claims.frame["source_entity_id"], entities["entity_id"])
    return claims.frame.with_columns(gathered(entities.select(pl.col("type").alias(SOURCE_TYPE)), rows))


def _extent(spans: pl.DataFrame, rows: Array, height: int) -> pl.DataFrame:
    """Return by claim where the first of its spans begins and where the last ends; null where it has none."""
    known = rows >= 0
    first, last = np.full(height, FAR), np.full(height, -FAR)
    np.minimum.at(first, rows[known], spans["start"].fill_null(FAR).to_numpy()[known])
    np.maximum.at(last, rows[known], spans["end"].fill_null(-FAR).to_numpy()[known])
    found = pl.DataFrame({"_first": first, "_last": last})
    return found.select(pl.when(pl.all().abs() < FAR).then(pl.all()))


def _part(spans: pl.DataFrame, rows: Array, part: str, height: int) -> pl.DataFrame:
    """Return by claim the joined texts of a part and where it begins; only where it has several are rows grouped."""
    of_part = (spans["part"] == part).fill_null(value=False).to_numpy() & (rows >= 0)
    ordinals = whole_numbers(spans["ordinal"])
    firsts = np.flatnonzero(of_part & (ordinals == 0))[::-1]  # backwards: of two the first stays
    row = np.full(height, -1)
    row[rows[firsts]] = firsts
    named = spans.select(pl.col("text").alias(f"_{part}_text"), pl.col("start").alias(f"_{part}_start"))
    found = gathered(named, row_numbers(row))
    several = np.unique(rows[of_part & (ordinals != 0)])
    return _joined(found, named, of_part & np.isin(rows, several), rows, ordinals) if len(several) else found


def _joined(found: pl.DataFrame, named: pl.DataFrame, among: Array, rows: Array, ordinals: Array) -> pl.DataFrame:
    """Return `found` with the rows of several stretches replaced by these, joined in the order of their ordinals."""
    text, start = named.columns
    grouped = (
        named.with_columns(pl.Series("_claim", rows), pl.Series("_ordinal", ordinals))
        .filter(among)
        .sort("_claim", "_ordinal", maintain_order=True)
        .group_by("_claim", maintain_order=True)
        .agg(pl.col(text).str.join(STRETCH_SEPARATOR), pl.col(start).min())
    )
    return found.with_columns(found[c].scatter(grouped["_claim"], grouped[c]) for c in (text, start))


def _home(claims: TableBucket, others: Bucket) -> list[pl.Series]:
    """Return the bounds of the paragraph that each claim names."""
    key, home = at("paragraph_id", "paragraphs"), others.get("paragraphs")
    if home is None or home.block.span is None or key not in claims.frame.columns:
        return []
    start, end = pl.col(home.block.span.start), pl.col(home.block.span.end)
    named = {HOME_START: start, HOME_END: end, HOME_TEXT: pl.col("text"), HOME_FIRST: pl.col("duplicate_of")}
    found = gathered(home.frame.select(column.alias(name) for name, column in named.items()), claims.frame[key])
    first = gathered(claims.frame.select(pl.col("paragraph_id").alias(FIRST_HOME)), _repeated(claims.frame))
    return [*found.get_columns(), *first.get_columns()]


def _repeated(claims: pl.DataFrame) -> pl.Series:
    """Return by claim the row of the claim that it repeats; null where it repeats none."""
    return located(claims["duplicate_of"], claims["claim_id"])
