"""What a look at bytes and numbers proves of many rows at once, so that their rules need not be applied to each.

A proof never says that a row is wrong: what it leaves in doubt is judged by the rule itself.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

import numpy as np
import polars as pl

from broadsheet.checks.fast.utf8_index import Array
from broadsheet.checks.joins import at
from broadsheet.checks.patterns import anchored, fault
from broadsheet.checks.row_groups import Sheet, Sheets
from broadsheet.schema import Table

__all__ = ["doubtful_ids", "in_order", "sieves"]

DIGITS, TAIL = 8, 18  # of #SSSSSSSS-EEEEEEEE
FORM = "#[0-9]{8,}-[0-9]{8,}(-[0-9]+)?$"  # how the patterns of such ids end
_JOINS = [
    (np.uint64(bits), np.uint64(10 ** (bits // 8)), np.uint64(mask))
    for bits, mask in ((8, 0x00FF00FF00FF00FF), (16, 0x0000FFFF0000FFFF), (32, 0xFFFFFFFF))
]


def sieves(sheet: Sheet, sheets: Sheets, named: Collection[str]) -> dict[tuple[str, str | None], pl.Expr]:
    """Return by code and column where rules about ids are in doubt; those for which no proof was tried are not there.

    `named` are the tables whose ids are known to begin with their article's.
    """
    found: dict[tuple[str, str | None], pl.Expr] = {}
    for column, doubt in _inherited(sheet, sheets).items():
        found["BS404", column] = doubt
    span, document, own = sheet.rules.span, sheet.table.document, sheet.rules.id
    if span and document and own and own.span:
        doubtful = doubtful_ids(*(sheet.frame[c] for c in (own.column, document, span.start, span.end)))
        found["BS432", own.column] = pl.lit(doubtful)
        if _formed(sheet, sheets, own.column):
            found["BS404", own.column] = pl.lit(doubtful)
    for column, parent, _ in sheet.table.foreign_keys:
        strangers = _strangers(sheet, column, sheets[parent]) if parent in named else None
        if column in sheet.rules.within and strangers is not None:
            found["BS440", column] = pl.lit(strangers)
    return found


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
    """Return the numbers of eight digits at places; -2 where one is no digit.

    The digits of a number are the bytes of one integer, the first the lowest: neighbours are joined to pairs, pairs to
    fours, fours to eights.
    """
    digits = np.lib.stride_tricks.sliding_window_view(data, DIGITS)[places] - np.uint8(ord("0"))
    plain = (digits > 9).view(np.uint64)[:, 0] == 0  # eight booleans at once
    found = digits.view("<u8")[:, 0].astype(np.uint64, copy=False)
    for bits, tens, mask in _JOINS:
        found = (found * tens + (found >> bits)) & mask
    return np.where(plain, found.astype(np.int64), -2)


def in_order(sheet: Sheet, sheets: Sheets) -> bool:
    """Tell whether rows are proven to increase by article, start and end, which their order begins with."""
    table, span, document = sheet.table, sheet.rules.span, sheet.table.document
    articles = sheets.get("documents")
    article = at(document, "documents")
    if span is None or document is None or articles is None or article not in sheet.frame.columns:
        return False
    if table.order[:3] != (document, span.start, span.end) or not articles.frame[_key(articles.table)].is_sorted():
        return False
    columns = sheet.frame.select(article, span.start, span.end)
    if sum(columns.null_count().row(0)):
        return False
    text, start, end = (np.diff(column.to_numpy().astype(np.int64)) for column in columns)
    return bool(((text > 0) | ((text == 0) & ((start > 0) | ((start == 0) & (end > 0))))).all())


def _formed(sheet: Sheet, sheets: Sheets, column: str) -> bool:
    """Tell whether every id that is DOCUMENT#SSSSSSSS-EEEEEEEE has the form of its pattern, by the articles' keys."""
    articles, led = sheets.get("documents"), at(sheet.table.document, "documents")
    head = _head(_patterns(sheet.table).get(column) or "")
    if articles is None or head is None or led not in sheet.frame.columns or sheet.frame[led].null_count():
        return False
    return bool(articles.frame[_key(articles.table)].str.contains(anchored(head)).all())


@cache
def _head(pattern: str) -> str | None:
    """Return what stands before the usual end in a pattern of ids, where that is a pattern of its own."""
    head = pattern.removesuffix(FORM)
    return None if head == pattern or fault(head) else head


def _inherited(sheet: Sheet, sheets: Sheets) -> dict[str, pl.Expr]:
    """Return by column whose values are those of another table's, under the same pattern, where they are not."""
    patterns = _patterns(sheet.table)
    return {
        column: pl.col(at(column, parent)).is_null()
        for column, parent, key in sheet.table.foreign_keys
        if at(column, parent) in sheet.frame.columns
        and _patterns(sheets[parent].table).get(key) == patterns.get(column)
    }


def _patterns(table: Table) -> dict[str, str | None]:
    return {f.name: f.constraints.get("pattern") for f in table.fields}


def _strangers(sheet: Sheet, column: str, parent: Sheet) -> pl.Series | None:
    """Return true unless a key leads to a row of its own article; None where that cannot be told."""
    own, theirs = at(sheet.table.document, "documents"), at(parent.table.document, "documents")
    if {own, at(column, parent.name)} - set(sheet.frame.columns) or theirs not in parent.frame.columns:
        return None
    return parent.frame[theirs].gather(sheet.frame[at(column, parent.name)]).ne_missing(sheet.frame[own])


def _key(table: Table) -> str:
    return table.primary_key[0]
