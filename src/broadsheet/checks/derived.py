"""Numbers that follow from other rows: ordinals, words, counts and sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from broadsheet.checks.rules import Rule
from broadsheet.checks.values import described
from broadsheet.checks.vocabulary import Derived, Rules
from broadsheet.schema import Table

__all__ = ["derived_rule", "name_rules", "ordinal_rules", "partial", "word_rules"]

WORD = r"\S+"  # Rust's \S is the complement of the Unicode White_Space property


def ordinal_rules(table: Table, rules: Rules) -> Iterator[Rule]:
    """Yield the rule that rows which share some columns are numbered from 0 in row order."""
    if rules.ordinal is None:
        return
    column, by = rules.ordinal.column, rules.ordinal.by
    if by == [table.document]:  # these rows stand together: count from where the article changes
        row = pl.int_range(pl.len(), dtype=pl.Int64)
        changes = (pl.col(by[0]) != pl.col(by[0]).shift(1)).fill_null(value=True)
        expected = row - pl.when(changes).then(row).forward_fill()
    else:
        expected = pl.int_range(pl.len(), dtype=pl.Int64).over(by)
    yield Rule("BS435", table.name, column, pl.col(column) != expected, f"0, 1, 2 … for each {' and '.join(by)}")


def word_rules(table: Table, rules: Rules) -> Iterator[Rule]:
    """Yield the rule that a column counts the words of a text."""
    if rules.words:
        wrong = pl.col(rules.words.column) != pl.col(rules.words.of).str.count_matches(WORD)
        yield Rule("BS436", table.name, rules.words.column, wrong, f"the number of words of {rules.words.of}")


def partial(word: Derived, rows: pl.DataFrame) -> pl.DataFrame:
    """Return by key what a part of the rows contributes; parts share no article, so that they add up."""
    value = {
        "count": pl.len(),
        "sum": pl.col(word.of or word.by).sum(),
        "distinct": pl.col(word.of or word.by).n_unique(),
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


def name_rules(table: Table, rules: Rules, frames: Mapping[str, pl.DataFrame]) -> Iterator[Rule]:
    """Yield the rule that no two rows have one name after normal form C, lower case and single spaces."""
    if rules.names and table.name in frames:
        name, *rest = rules.names
        folded = pl.col(name).str.normalize("NFC").str.to_lowercase().str.replace_all(r"\s+", " ")
        twice = pl.struct(folded, *rest).is_duplicated() & pl.col(name).is_not_null()
        mend = "join them with a row in corrections/entities.csv"
        yield Rule("BS455", table.name, name, twice, "a name that differs in more than its form", None, mend)
