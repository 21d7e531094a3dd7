"""The characters on both sides of a mention, and the name of its entity."""

from __future__ import annotations

from typing import Final

import polars as pl

from broadsheet.checks.joins import at, gathered, located
from broadsheet.checks.row_groups import Bucket, TableBucket

__all__ = ["LEFT", "NAME", "RIGHT", "with_neighbours"]

LEFT: Final = "_left"
RIGHT: Final = "_right"
NAME: Final = "_name"


def with_neighbours(mentions: TableBucket, others: Bucket) -> pl.DataFrame:
    """Return mentions with the names of their entities, and the characters before and after them in their paragraph.

    Both only where the other table can be followed.
    """
    key, home = at("paragraph_id", "paragraphs"), others.get("paragraphs")
    mentions = mentions.with_frame(_with_names(mentions, others))
    if home is None or key not in mentions.frame.columns:
        return mentions.frame
    paragraphs = gathered(home.frame.select(pl.col("text", "start").name.prefix("_home_")), mentions.frame[key])
    text, offset = pl.col("_home_text"), pl.col("start") - pl.col("_home_start")
    length = pl.col("end") - pl.col("start")
    is_first = offset <= 0
    left = pl.when(is_first).then(pl.lit("")).otherwise(text.str.slice(offset - 1, 1))
    added = mentions.frame.select("start", "end").hstack(paragraphs)
    sides = added.select(left.alias(LEFT), text.str.slice(offset + length, 1).alias(RIGHT))
    return mentions.frame.hstack(sides)


def _with_names(mentions: TableBucket, others: Bucket) -> pl.DataFrame:
    """Return mentions with the names of their entities, where these are known."""
    if "entities" not in others:
        return mentions.frame
    entities = others["entities"].frame
    rows = located(mentions.frame["entity_id"], entities["entity_id"])
    return mentions.frame.with_columns(gathered(entities.select(pl.col("name").alias(NAME)), rows))
