"""Numbers that follow from other rows: ordinals, counts and sums."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from broadsheet.checks.joins import at
from broadsheet.checks.row_rules import described
from broadsheet.checks.rule_language import Derived, Rules
from broadsheet.checks.rules import Rule
from broadsheet.schema import Table

__all__ = ["derived_rule", "ordinal_rules", "partial"]


def ordinal_rules(table: Table, rules: Rules) -> Iterator[Rule]:
    """Yield the rule that rows which share some columns are numbered from 0 in row order."""
    if rules.ordinal is None:
        return
    column, by = rules.ordinal.column, rules.ordinal.by
    expected = f"0, 1, 2 … for each {' and '.join(by)}"
    counted = pl.int_range(pl.len(), dtype=pl.Int64).over(by)
    yield Rule("BS435", table.name, column, pl.col(column) != counted, expected)


def partial(word: Derived, rows: pl.DataFrame) -> pl.DataFrame:
    """Return by key what a part of the rows contributes; parts share no article, so that they add up."""
    of = word.of or word.by
    value = {
        "count": pl.len(),
        "sum": pl.col(of).sum(),
        "distinct": pl.col(article if (article := at(of, "documents")) in rows.columns else of).n_unique(),
    }[word.rule]
    chosen = rows.filter(described(word.where)) if word.where else rows
    return chosen.group_by(pl.col(word.by).alias("_by")).agg(value.cast(pl.Int64).alias("_value"))


def derived_rule(table: Table, word: Derived, values: pl.DataFrame, frame: pl.DataFrame) -> tuple[pl.DataFrame, Rule]:
    """Return the frame with the right numbers added, and the rule that compares them."""
    name = f"_{word.column}"
    added = frame.join(
        values.rename({"_by": table.primary_key[0], "_value": name}),
        on=table.primary_key[0],
        how="left",
        maintain_order="left",
    ).with_columns(pl.col(name).fill_null(0))
    what = {"count": "rows", "sum": f"sum of {word.of}", "distinct": f"different {word.of}"}[word.rule]
    place = pl.format("{}, and {} gives {}", word.column, pl.lit(word.table), name)
    return added, Rule("BS436", table.name, word.column, pl.col(word.column) != pl.col(name), f"the {what}", place)
