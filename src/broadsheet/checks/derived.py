"""Numbers that follow from other rows: ordinals, counts and sums."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from broadsheet.checks.joins import at
from broadsheet.checks.row_rules import described
from broadsheet.checks.rule_language import Derived, SchemaBlock
from broadsheet.checks.rules import Rule
from broadsheet.schema import Table

__all__ = ["contribution", "derived_rule", "ordinal_rules"]


def ordinal_rules(table: Table, block: SchemaBlock, frame: pl.DataFrame) -> Iterator[Rule]:
    """Yield the rule that rows which share some columns are numbered from 0 in row order."""
    if block.ordinal is None:
        return
    column, by = block.ordinal.column, block.ordinal.by
    expected = f"0, 1, 2 … for each {' and '.join(by)}"
    if by == [table.document]:  # these rows are in one run: count from where the article changes
        row = pl.int_range(pl.len(), dtype=pl.Int64)
        changes = (pl.col(by[0]) != pl.col(by[0]).shift(1)).fill_null(value=True)
        counted = row - pl.when(changes).then(row).forward_fill()
        yield Rule("BS435", table.name, column, pl.col(column) != counted, expected)
    elif wrong := _misnumbered(frame, column, by):
        yield Rule("BS435", table.name, column, pl.int_range(pl.len()).is_in(wrong), expected)


def _misnumbered(frame: pl.DataFrame, column: str, by: list[str]) -> list[int]:
    """Return the rows whose number is wrong. Most groups have one row: only the others are counted, if keys differ."""
    hashes = [pl.col(c).hash(seed) for seed, c in enumerate(by)]
    rows = frame.select(pl.int_range(pl.len()).alias("_row"), pl.col(column).alias("_number"), *by).with_columns(
        _group=pl.reduce(lambda one, other: one ^ other, hashes)
    )
    once = rows.select((pl.col("_group") ^ pl.col("_number").hash(len(by))).n_unique()).item() == rows.height
    if once:
        several = rows.filter(pl.col("_number") != 0)["_group"].unique()
        rows = rows.filter(pl.col("_group").is_in(several.implode()))
    counted = pl.int_range(pl.len(), dtype=pl.Int64).over(by)
    wrong: list[int] = rows.filter(pl.col("_number") != counted)["_row"].to_list()
    return wrong


def contribution(entry: Derived, rows: pl.DataFrame) -> pl.DataFrame:
    """Return by key what the rows of one bucket add to a derived number; buckets share no article: these add up."""
    of = entry.of or entry.by
    value = {
        "count": pl.len(),
        "sum": pl.col(of).sum(),
        "distinct": pl.col(article if (article := at(of, "documents")) in rows.columns else of).n_unique(),
    }[entry.rule]
    chosen = rows.filter(described(entry.where)) if entry.where else rows
    return chosen.group_by(pl.col(entry.by).alias("_by")).agg(value.cast(pl.Int64).alias("_value"))


def derived_rule(table: Table, entry: Derived, values: pl.DataFrame, frame: pl.DataFrame) -> tuple[pl.DataFrame, Rule]:
    """Return the frame with the right numbers added, and the rule that compares them."""
    name = f"_{entry.column}"
    added = frame.join(
        values.rename({"_by": table.primary_key[0], "_value": name}),
        on=table.primary_key[0],
        how="left",
        maintain_order="left",
    ).with_columns(pl.col(name).fill_null(0))
    what = {"count": "rows", "sum": f"sum of {entry.of}", "distinct": f"different {entry.of}"}[entry.rule]
    place = pl.format("{}, and {} gives {}", entry.column, pl.lit(entry.table), name)
    return added, Rule("BS436", table.name, entry.column, pl.col(entry.column) != pl.col(name), f"the {what}", place)
