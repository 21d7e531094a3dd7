"""Which row a key leads to: every key of a shard that names a row of another table in it is looked up once."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from broadsheet.checks.sheets import Sheet, Sheets

__all__ = ["at", "gathered", "linked", "located"]


def at(column: str) -> str:
    """Return the name of the column that holds the row (from 0, null: none) to which a key column leads."""
    return f"_at_{column}"


def linked(sheets: Sheets) -> dict[str, Sheet]:
    """Add to the rows of a shard which rows of its other tables their keys lead to."""
    return {name: sheet.with_frame(_linked(sheet, sheets)) for name, sheet in sheets.items()}


def _linked(sheet: Sheet, sheets: Sheets) -> pl.DataFrame:
    ways = {c: (p, k) for c, (p, k) in _ways(sheet, sheets).items() if p in sheets and p != sheet.name}
    return sheet.frame.with_columns(
        located(sheet.frame[column], sheets[parent].frame[key]).alias(at(column))
        for column, (parent, key) in ways.items()
    )


def _ways(sheet: Sheet, sheets: Sheets) -> Mapping[str, tuple[str, str]]:
    """Return by column the table and the column that it leads to, by foreign keys and by the rules of spans."""
    rules = sheet.rules
    named = {rules.inside.key: rules.inside.table} if rules.inside and rules.inside.key else {}
    named |= {rules.extent.home: rules.extent.home_table} if rules.extent and rules.extent.home else {}
    named |= {sheet.table.document: "documents"} if sheet.table.document else {}
    for other in sheets.values():
        if other.rules.extent and other.rules.extent.table == sheet.name:
            named[other.rules.extent.by] = other.name
    keys = {c: (parent, sheets[parent].table.primary_key[0]) for c, parent in named.items() if parent in sheets}
    return keys | {column: (parent, key) for column, parent, key in sheet.table.foreign_keys}


def located(values: pl.Series, keys: pl.Series) -> pl.Series:
    """Return by value the number of the first row whose key it is; null where there is none.

    Equal values stand beside each other, so runs of them are looked up and the result is spread over their rows.
    """
    runs = values.rle_id()
    heads = values.filter((runs != runs.shift(1)).fill_null(value=True)).to_frame("key")
    rows = keys.to_frame("key").with_row_index("row")
    found = heads.join(rows, on="key", how="left", maintain_order="left")
    if found.height != heads.height:  # a key stands twice
        found = heads.join(rows.unique("key", keep="first"), on="key", how="left", maintain_order="left")
    return found["row"].gather(runs)


def gathered(frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """Return rows of a frame by their numbers, in that order; a null gives nulls."""
    return frame.select(pl.all().gather(rows))
