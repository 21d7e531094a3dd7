"""Keys: order, primary keys and foreign keys.

Rows are kept in an order that contains their key, so one comparison with the row before proves both; only where that
proof fails is a table of all keys made. A foreign key's different values are looked up, not its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from broadsheet import ids
from broadsheet.checks.joins import at
from broadsheet.checks.rule_language import SchemaBlock
from broadsheet.checks.rules import Collector, Rule
from broadsheet.schema import Table

__all__ = ["dangling_rules", "first_rules", "misplaced", "order_rule", "proven", "repeated_rules"]


def order_rule(table: Table) -> Rule:
    """Return the rule that rows do not decrease by the columns of the order (a tie is the primary key's matter)."""
    wrong = pl.lit(value=False)
    for column in reversed(table.order):
        now, before = pl.col(column), pl.col(column).shift(1)
        wrong = (now < before) | ((now == before) & wrong)
    return Rule("BS421", table.name, None, wrong, f"rows by {', '.join(table.order)}", _key(table))


def _key(table: Table) -> pl.Expr:
    return pl.concat_str([pl.col(c).cast(pl.String).fill_null("null") for c in table.order], separator=" ")


def tied(table: Table) -> pl.Expr:
    """Return true where a row has the same place in the order as the row before it."""
    return pl.all_horizontal(pl.col(c) == pl.col(c).shift(1) for c in table.order)


def proven(table: Table, block: SchemaBlock, frame: pl.DataFrame, collector: Collector) -> bool:
    """Return whether the order proves that no two rows of the frame have one primary key.

    The order must be kept without a tie, and be made of the key, or of what the key is made of.
    """
    if not block.order or collector.failed("BS421", table=table.name):
        return False
    judged = _made_of(block, set(table.primary_key))
    sound = judged is not None and not collector.failed(*judged, table=table.name)
    return sound and not frame.select(tied(table).any()).item()


def _made_of(block: SchemaBlock, key: set[str]) -> tuple[str, ...] | None:
    """Return the codes that say that a key does not follow from the order; None where it never does."""
    span_id = {block.id.column} if block.id and block.id.span else None
    number = {*block.ordinal.by, block.ordinal.column} if block.ordinal else None
    if key == span_id:
        return ("BS432",)
    if key == number:
        return ("BS435",)
    return () if set(block.order) <= key else None


def repeated_rules(table: Table) -> Iterator[Rule]:
    """Yield the rules of the primary key and of columns that are unique by themselves."""
    key = list(table.primary_key)
    if key:
        wrong = pl.struct(*key).is_duplicated() & pl.all_horizontal(pl.col(c).is_not_null() for c in key)
        yield Rule("BS420", table.name, key[0] if len(key) == 1 else None, wrong, "a key no other row has")
    for field in table.fields:
        if field.constraints.get("unique") and [field.name] != key:
            wrong = pl.col(field.name).is_duplicated() & pl.col(field.name).is_not_null()
            yield Rule("BS403", table.name, field.name, wrong, "a value no other row has")


def misplaced(table: Table, frame: pl.DataFrame, bucket: int, buckets: int) -> Rule:
    """Return the rule that articles are in the bucket of their id."""
    found = [d for d in frame["document_id"].to_list() if d is not None and ids.bucket_of(d, buckets) != bucket]
    wrong = pl.col("document_id").is_in(found)
    return Rule(
        "BS421", table.name, "document_id", wrong, f"articles of bucket {bucket} of {buckets} in this row group"
    )


def dangling_rules(table: Table, frame: pl.DataFrame, parents: Mapping[tuple[str, str], pl.Series]) -> Iterator[Rule]:
    """Yield a rule for every foreign key whose values are not all among those of its parent (table, column).

    A key that was followed already is wrong where it led nowhere; of the others, the different values are looked up.
    """
    for column, parent, key in table.foreign_keys:
        known = parents.get((parent, key))
        if at(column, parent) in frame.columns:
            lost = pl.col(at(column, parent)).is_null() & pl.col(column).is_not_null()
        elif known is None or frame[column].null_count() == frame.height:
            continue
        else:
            values = _different(frame, column)
            strange = values.to_frame("value").join(known.to_frame("value"), on="value", how="anti").to_series()
            lost = pl.col(column).is_in(strange.implode()) if strange.len() else pl.lit(value=False)
        yield Rule("BS422", table.name, column, lost, f"a {key} of {parent}")


def _different(frame: pl.DataFrame, column: str) -> pl.Series:
    """Return the different values of a column; its runs are reduced first, as rows of one parent are neighbours."""
    values = frame[column].drop_nulls()
    starts = values != values.shift(1)
    return values.filter(starts.fill_null(value=True)).unique()


def first_rules(
    table: Table, columns: Sequence[str], frame: pl.DataFrame, repeats: Mapping[str, pl.Series]
) -> Iterator[Rule]:
    """Yield the rules that a pointer names no repeat; `repeats`: by column, the keys of the rows that are."""
    for column in (c for c in columns if frame[c].null_count() < frame.height):
        values = _different(frame, column)
        wrong = values.to_frame("value").join(repeats[column].to_frame("value"), on="value", how="semi")
        if wrong.height:
            bad = pl.col(column).is_in(wrong.to_series().implode())
            yield Rule("BS443", table.name, column, bad, "the first copy, which repeats nothing itself")
