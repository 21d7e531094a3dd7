"""Which row a key leads to: every key of a bucket that names a row of another table in it is looked up once."""

from __future__ import annotations

import polars as pl

from broadsheet.checks.row_groups import Bucket, TableBucket

__all__ = ["at", "gathered", "linked", "located"]


def at(column: str | None, parent: str) -> str:
    """Return the name of the column with the rows of `parent`, from 0, that a key column leads to; null where none."""
    return f"_{parent}_at_{column}"


def linked(bucket: Bucket) -> dict[str, TableBucket]:
    """Add to the rows of a bucket which rows of its other tables their keys lead to."""
    return {name: rows.with_frame(_linked(rows, bucket)) for name, rows in bucket.items()}


def _linked(rows: TableBucket, bucket: Bucket) -> pl.DataFrame:
    added = []
    for column, parent in sorted(_ways(rows, bucket)):
        other = bucket.get(parent)
        if other is not None and parent != rows.name and other.table.primary_key:
            values, keys = rows.frame[column], other.frame[other.table.primary_key[0]]
            added += [located(values, keys).alias(at(column, parent))] if values.dtype == keys.dtype else []
    return rows.frame.with_columns(added)


def _ways(rows: TableBucket, bucket: Bucket) -> set[tuple[str, str]]:
    """Return the columns that name a row of another table, with that table: by foreign keys, and by what spans need."""
    table, inside = rows.table, rows.block.inside
    keys = {name: [*other.table.primary_key] for name, other in bucket.items()}
    found = {(column, parent) for column, parent, key in table.foreign_keys if keys.get(parent) == [key]}
    if table.document:
        found.add((table.document, "documents"))
    if inside and inside.key:
        found.add((inside.key, inside.table))
    return found


def located(values: pl.Series, keys: pl.Series) -> pl.Series:
    """Return by value the number of the first row with that key; null where there is none.

    Equal values are neighbours, so each run of them is looked up once and the result is given to all its rows. Often
    the runs are the very keys, in their order.
    """
    runs = values.rle_id()
    heads = values.filter((runs != runs.shift(1)).fill_null(value=True)).to_frame("key")
    if heads.height == keys.len() and (heads["key"] == keys).all(ignore_nulls=False) and keys.is_unique().all():
        return runs
    rows = keys.to_frame("key").with_row_index("row")
    found = heads.join(rows, on="key", how="left", maintain_order="left")
    if found.height != heads.height:  # two rows have one key
        found = heads.join(rows.unique("key", keep="first"), on="key", how="left", maintain_order="left")
    return found["row"].gather(runs)


def gathered(frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """Return rows of a frame by their numbers, in that order; a null gives nulls."""
    return frame.select(pl.all().gather(rows))
