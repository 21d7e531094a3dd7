"""Which mentions lie in the spans of claims, and which of them `claim_entities` lists."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from broadsheet.checks.fast.utf8_index import Array
from broadsheet.checks.joins import at, gathered
from broadsheet.checks.row_groups import Bucket, TableBucket
from broadsheet.checks.spans import places, whole_numbers

__all__ = ["CLAIM", "ENTITY", "LISTED", "NAMED", "SPAN", "with_counts", "with_spans"]

CLAIM, MENTION = at("claim_id", "claims"), at("mention_id", "mentions")
SPAN, ENTITY = "_span", "_entity"  # of a listed mention: the row of the span around it; the entity it names
NAMED, LISTED = "_named", "_listed"  # of a span: how many mentions are inside, and how many of them are listed
NEEDED: Final = {"part", CLAIM}


def with_spans(rows: TableBucket, others: Bucket) -> pl.DataFrame:
    """Return claim_entities with `SPAN` and `ENTITY`, where spans and mentions can be followed."""
    spans, mentions = others.get("claim_spans"), others.get("mentions")
    if spans is None or mentions is None or not _is_complete(rows, spans, mentions):
        return rows.frame
    theirs = mentions.frame.select(pl.col("entity_id").alias(ENTITY), pl.col("start", "end").name.prefix("_mention_"))
    frame = rows.frame.with_columns(gathered(theirs, rows.frame[MENTION])).with_row_index("_row")
    asked = frame.select("_row", CLAIM, "part", "_mention_start", "_mention_end").drop_nulls().sort("_mention_start")
    around = spans.frame.select(CLAIM, "part", "start", "end").with_row_index(SPAN).drop_nulls().sort("start")
    by = [CLAIM, "part"]
    near = asked.join_asof(around, left_on="_mention_start", right_on="start", by=by, check_sortedness=False)
    found = near.filter(pl.col("_mention_end") <= pl.col("end"))
    return frame.join(found.select("_row", SPAN), on="_row", how="left", maintain_order="left").drop("_row")


def with_counts(spans: TableBucket, others: Bucket) -> pl.DataFrame:
    """Return claim_spans with `NAMED` and `LISTED`, where mentions and claim_entities can be followed."""
    rows, mentions = others.get("claim_entities"), others.get("mentions")
    if rows is None or mentions is None or not _is_complete(rows, spans, mentions):
        return spans.frame
    listed = with_spans(rows, {**others, spans.name: spans}).select(CLAIM, "part", MENTION, SPAN).unique()[SPAN]
    counts = np.bincount(whole_numbers(listed) + 1, minlength=spans.frame.height + 1)[1:]
    return spans.frame.with_columns(pl.Series(NAMED, _inside(spans, mentions)), pl.Series(LISTED, counts))


def _is_complete(rows: TableBucket, spans: TableBucket, mentions: TableBucket) -> bool:
    """Tell whether every key and span that is followed is there."""
    article = at("document_id", "documents")
    is_placed = all(t.block.span and article in t.frame.columns for t in (spans, mentions))
    columns = {*rows.frame.columns}
    return is_placed and {*NEEDED, MENTION} <= columns and {*NEEDED} <= {*spans.frame.columns}


def _inside(spans: TableBucket, mentions: TableBucket) -> Array:
    """Return by span how many mentions lie wholly inside.

    These are the mentions that end in or before it without those that begin before it. No row is made for a pair of
    span and mention: in a package that was tampered with, there can be very many.
    """
    starts, ends = (np.sort(found[found >= 0]) for found in (places(mentions, "start"), places(mentions, "end")))
    before = np.searchsorted(starts, places(spans, "start"), side="left")
    until = np.searchsorted(ends, places(spans, "end"), side="right")
    inside: Array = np.maximum(until - before, 0)
    return inside
