"""What a look at bytes and numbers proves of many rows at once, so that their rules need not be applied to each.

A proof never says that a row is wrong: what it leaves in doubt is judged by the rule itself.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from broadsheet.checks.letters import Array
from broadsheet.checks.links import at
from broadsheet.checks.sheets import Sheet, Sheets
from broadsheet.schema import Table

__all__ = ["doubtful_ids", "in_order", "inherited", "strangers"]

DIGITS, TAIL = 8, 18  # of #SSSSSSSS-EEEEEEEE
_POWERS = 10.0 ** np.arange(DIGITS - 1, -1, -1)


def doubtful_ids(ids: pl.Series, documents: pl.Series, start: pl.Series, end: pl.Series) -> pl.Series:
    """Return true unless an id is DOCUMENT#SSSSSSSS-EEEEEEEE of its row."""
    array = ids.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, buffer = array.buffers()
    data = np.frombuffer(buffer, dtype=np.uint8) if buffer is not None else np.zeros(0, dtype=np.uint8)
    if len(data) < TAIL:
        return pl.repeat(value=True, n=len(ids), eager=True)
    ends = np.maximum(np.frombuffer(offsets, dtype=np.int64)[array.offset + 1 : array.offset + len(array) + 1], TAIL)
    own, document = pl.lit(ids), pl.lit(documents)
    named = pl.select(
        own.str.starts_with(document) & (own.str.len_bytes() == document.str.len_bytes() + TAIL)
    ).to_series()
    marks = (data[ends - TAIL] == ord("#")) & (data[ends - DIGITS - 1] == ord("-"))
    said = (_numbers(data, ends - 2 * DIGITS - 1), _numbers(data, ends - DIGITS))
    there = (column.fill_null(-1).to_numpy() for column in (start, end))
    same = [one == other for one, other in zip(said, there, strict=True)]
    return ~(named.fill_null(value=False) & pl.Series(marks & same[0] & same[1]))


def _numbers(data: Array, places: Array) -> Array:
    """Return the numbers of eight digits at places; -2 where one is no digit."""
    digits = np.lib.stride_tricks.sliding_window_view(data, DIGITS)[places] - np.uint8(ord("0"))
    plain = (digits > 9).view(np.uint64)[:, 0] == 0  # eight booleans at once
    return np.where(plain, digits.astype(np.float64) @ _POWERS, -2.0)


def in_order(sheet: Sheet, sheets: Sheets) -> bool:
    """Tell whether rows are proven to increase by article, start and end, which their order begins with."""
    table, span, document = sheet.table, sheet.rules.span, sheet.table.document
    articles = sheets.get("documents")
    if span is None or document is None or at(document) not in sheet.frame.columns or articles is None:
        return False
    if table.order[:3] != (document, span.start, span.end) or not articles.frame[_key(articles.table)].is_sorted():
        return False
    columns = sheet.frame.select(at(document), span.start, span.end)
    if sum(columns.null_count().row(0)):
        return False
    article, start, end = (np.diff(column.to_numpy().astype(np.int64)) for column in columns)
    return bool(((article > 0) | ((article == 0) & ((start > 0) | ((start == 0) & (end > 0))))).all())


def inherited(sheet: Sheet, sheets: Sheets) -> dict[str, pl.Expr]:
    """Return by column whose values are those of another table's, under the same pattern, where they are not."""
    patterns = {f.name: f.constraints.get("pattern") for f in sheet.table.fields}
    found = {}
    for column, parent, key in sheet.table.foreign_keys:
        if at(column) in sheet.frame.columns and parent in sheets:
            theirs = next((f for f in sheets[parent].table.fields if f.name == key), None)
            if theirs is not None and theirs.constraints.get("pattern") == patterns.get(column):
                found[column] = pl.col(at(column)).is_null()
    return found


def strangers(sheet: Sheet, column: str, parent: Sheet) -> pl.Series | None:
    """Return true unless a key leads to a row of its own article; None where that cannot be told."""
    own, theirs = at(sheet.table.document or ""), at(parent.table.document or "")
    if {own, at(column)} - set(sheet.frame.columns) or theirs not in parent.frame.columns:
        return None
    return parent.frame[theirs].gather(sheet.frame[at(column)]).ne_missing(sheet.frame[own])


def _key(table: Table) -> str:
    return table.primary_key[0]
