"""Values that are equal to a column of the row that a key names."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from broadsheet.checks.joins import gathered, located
from broadsheet.checks.row_groups import Bucket, TableBucket
from broadsheet.checks.row_rules import UNSEEN, described
from broadsheet.checks.rules import Rule

__all__ = ["equal_rules", "with_equals"]


def _other(number: int) -> str:
    """Return the name of the column with the values that the rule of that number compares with."""
    return f"_equal_{number}"


def with_equals(rows: TableBucket, others: Bucket) -> TableBucket:
    """Return rows with the values that the rules `equal` compare theirs with, where the other table is known."""
    added: list[pl.Series] = []
    for number, entry in enumerate(rows.block.equal):
        other = others.get(entry.table)
        if other is not None and other.table.primary_key:
            at = located(rows.frame[entry.key], other.frame[other.table.primary_key[0]])
            named = other.frame.select(pl.col(entry.to).alias(_other(number)))
            added.append(gathered(named, at).to_series())
    return rows.with_frame(rows.frame.with_columns(added))


def equal_rules(rows: TableBucket) -> Iterator[Rule]:
    """Yield the rules `equal` of a table whose other values were added."""
    for number, entry in enumerate(rows.block.equal):
        if _other(number) in rows.frame.columns:
            one, other = pl.col(entry.column), pl.col(_other(number))
            read = _folded if entry.folded else _visible
            differs = read(one) != read(other)
            wrong = differs & described(entry.where)
            place = pl.format("{}, and {} is {}", entry.column, pl.lit(entry.to), _other(number))
            expected = f"the {entry.to} of its {entry.key}"
            yield Rule("BS448", rows.name, entry.column, wrong, expected, place, sieve=one != other)


def _visible(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(UNSEEN, "")


def _folded(text: pl.Expr) -> pl.Expr:
    return _visible(text).str.to_lowercase().str.replace_all("ß", "ss").str.replace_all(r"\s+", " ").str.strip_chars()
