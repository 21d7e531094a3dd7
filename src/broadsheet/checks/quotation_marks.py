"""Whether words are in quotation marks, as expressions over a content and the paragraph that it is in.

They are sure rather than complete: a quotation that began in an earlier paragraph, or an interview (`NAME: words`), is
taken as quoted, and where a mark has no fellow nothing can be said.
"""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["PAIR", "WHOLE", "is_balanced", "is_mostly_outside", "is_open", "is_unmarked"]

_DOUBLE: Final = '["“”„«»‟＂❝❞″「」『』]'
_ANY: Final = "[\"“”„«»‟＂❝❞″「」『』'‘’‚‛‹›`]"
PAIR: Final = r'"[^"“”]*"|“[^"“”]*”|«[^«»]*»'
WHOLE: Final = rf"^\s*(?:{PAIR})[.,]?\s*$"
_INTERVIEW: Final = r"^\s*[\pL\pN .,’'()\-]{1,60}:\s*$"
_SINGLE_BEGAN: Final = r"(?:^|\s)['‘‹`]"
_BESIDE: Final = 3  # characters


def is_balanced(text: pl.Expr) -> pl.Expr:
    """Return whether every double mark of a text has its fellow, by their numbers."""
    curly = text.str.count_matches("[“„«]") == text.str.count_matches("[”»]")
    return curly & (text.str.count_matches('"') % 2 == 0)


def is_open(before: pl.Expr) -> pl.Expr:
    """Return whether a quotation that began in the words before is not closed there, or they name a speaker."""
    curly = before.str.count_matches("[“„«]") > before.str.count_matches("[”»]")
    straight = before.str.count_matches('"') % 2 == 1
    return curly | straight | before.str.contains(_SINGLE_BEGAN) | before.str.contains(_INTERVIEW)


def is_unmarked(content: pl.Expr, before: pl.Expr, after: pl.Expr) -> pl.Expr:
    """Return whether a content has no quotation mark in it or beside it, and is not inside an open quotation."""
    beside = before.str.contains(rf"{_ANY}\s*\S?$") | after.str.slice(0, _BESIDE).str.contains(_ANY)
    return ~content.str.contains(_ANY) & ~beside & ~is_open(before)


def is_mostly_outside(content: pl.Expr) -> pl.Expr:
    """Return whether a content has whole quotations, no other double mark, and more letters outside than inside."""
    outside = content.str.replace_all(PAIR, "")
    letters = content.str.count_matches(r"\pL")
    left = outside.str.count_matches(r"\pL")
    return content.str.contains(PAIR) & ~outside.str.contains(_DOUBLE) & (2 * left > letters)
