"""Which row a key leads to: every key of a shard that names a row of another table in it is looked up once."""

from __future__ import annotations

import polars as pl

from broadsheet.checks.row_groups import Sheet, Sheets

__all__ = ["at", "gathered", "linked", "located"]


def at(column: str | None, parent: str) -> str:
    """Return the name of the column that holds the row of `parent` (from 0; null: none) to which a key column leads."""
    return f"_{parent}_at_{column}"


def linked(sheets: Sheets) -> dict[str, Sheet]:
    """Add to the rows of a shard which rows of its other tables their keys lead to."""
    return {name: sheet.with_frame(_linked(sheet, sheets)) for name, sheet in sheets.items()}


def _linked(sheet: Sheet, sheets: Sheets) -> pl.DataFrame:
    added = []
    for column, parent in sorted(_ways(sheet, sheets)):
        other = sheets.get(parent)
        if other is not None and parent != sheet.name and other.table.primary_key:
            values, keys = sheet.frame[column], other.frame[other.table.primary_key[0]]
            added += [located(values, keys).alias(at(column, parent))] if values.dtype == keys.dtype else []
    return sheet.frame.with_columns(added)


def _ways(sheet: Sheet, sheets: Sheets) -> set[tuple[str, str]]:
    """Return columns and the tables whose primary key they hold, by foreign keys and by the rules of spans."""
    table, rules = sheet.table, sheet.rules
    found = {
        (column, p) for column, p, key in table.foreign_keys if p in sheets and [key] == [*sheets[p].table.primary_key]
    }
    found |= {(table.document, "documents")} if table.document else set()
    found |= {(rules.inside.key, rules.inside.table)} if rules.inside and rules.inside.key else set()
    found |= {(rules.extent.home, rules.extent.home_table)} if rules.extent and rules.extent.home else set()
    extents = {name: other.rules.extent for name, other in sheets.items()}
    return found | {(e.by, name) for name, e in extents.items() if e and e.table == sheet.name}


def located(values: pl.Series, keys: pl.Series) -> pl.Series:
    """Return by value the number of the row whose key it is, of several the first; null where there is none.

    Equal values stand beside each other, so runs of them are looked up and the result is spread over their rows. Often
    the runs are the very keys, in their order.
    """
    runs = values.rle_id()
    heads = values.filter((runs != runs.shift(1)).fill_null(value=True)).to_frame("key")
    if heads.height == keys.len() and (heads["key"] == keys).all(ignore_nulls=False) and keys.is_unique().all():
        return runs
    rows = keys.to_frame("key").with_row_index("row")
    found = heads.join(rows, on="key", how="left", maintain_order="left")
    if found.height != heads.height:  # a key stands twice
        found = heads.join(rows.unique("key", keep="first"), on="key", how="left", maintain_order="left")
    return found["row"].gather(runs)


def gathered(frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """Return rows of a frame by their numbers, in that order; a null gives nulls."""
    return frame.select(pl.all().gather(rows))
