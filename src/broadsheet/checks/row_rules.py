"""What a single row must satisfy: Table Schema's constraints, and the other rules that stay in it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from broadsheet.checks.rule_language import SchemaBlock, Where
from broadsheet.checks.rules import Rule
from broadsheet.schema import Field, Table
from broadsheet.schema.constraints import constraints

__all__ = ["UNSEEN", "constraint_rules", "described", "hygiene_rules", "in_words", "row_rules"]

CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x9f]"
UNSEEN = r"[\x{ad}\x{200b}-\x{200f}\x{2060}\x{feff}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
INVISIBLE = r"[\x{200b}\x{2060}\x{feff}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
MOJIBAKE = r"â€|Ã[\x{80}-\x{bf}]|Â[\x{80}-\x{bf}]|(?:[ÐÑ][\x{80}-\x{bf}]){2}|\x{fffd}"
COMBINING = r"\pL[\x{300}-\x{36f}]"
SPACES = (
    ("\t", " \U0010ffff"),
    ("\x85", "\u200b"),
    ("\u2028", "\u3000\U0010ffff"),
)  # blank texts sort between
SUSPICIOUS = rf"{CONTROL}|{INVISIBLE}|{MOJIBAKE}|[\x{{300}}-\x{{36f}}]"


def constraint_rules(table: Table) -> list[Rule]:
    """Return the rules of every Table Schema constraint but `unique`, which is not about a single row."""
    return [rule for field in table.fields for rule in _constraints(table.name, field)]


def _constraints(table: str, field: Field) -> Iterator[Rule]:
    if field.required:
        yield Rule("BS401", table, field.name, pl.col(field.name).is_null(), "a value")
    for one in constraints(field):
        yield Rule(one.code, table, field.name, one.broken, one.expected)


def row_rules(table: Table, block: SchemaBlock) -> list[Rule]:
    """Return the rules of the block that need nothing but the row itself."""
    parts = (_pairs, _implied, _quoted, _identifiers, _pointers, _blanks)
    return [rule for part in parts for rule in part(table, block)]


def _pairs(table: Table, block: SchemaBlock) -> Iterator[Rule]:
    for one, other in block.together:
        wrong = pl.col(one).is_null() != pl.col(other).is_null()
        both = pl.format("{} and {}", *(pl.col(c).cast(pl.String).fill_null("null") for c in (one, other)))
        yield Rule("BS437", table.name, one, wrong, f"{one} and {other} both filled or both null", both)


def described(where: Where) -> pl.Expr:
    """Return true where a row has the values that `where` lists (None: null; True: any value)."""
    parts = [_has(column, values) for column, values in where.items()]
    return pl.all_horizontal(parts) if parts else pl.lit(value=True)


def _has(column: str, values: list[str] | bool | None) -> pl.Expr:
    if isinstance(values, list):
        return pl.col(column).is_in(values)
    return pl.col(column).is_not_null() if values else pl.col(column).is_null()


def _implied(table: Table, block: SchemaBlock) -> Iterator[Rule]:
    for entry in block.implies:
        wrong = described(entry.where) & described(entry.then).not_()
        expected = f"{in_words(entry.then)} where {in_words(entry.where)}"
        yield Rule("BS447", table.name, next(iter(entry.then)), wrong, expected)


def in_words(where: Where) -> str:
    """Return what `where` says of a row, in words.

    >>> in_words({"kind": ["speech", "report"], "content_text": True})
    'kind is speech or report and content_text is filled'
    """
    return " and ".join(f"{column} is {_value_in_words(values)}" for column, values in where.items())


def _value_in_words(values: list[str] | bool | None) -> str:
    if isinstance(values, list):
        return " or ".join(values)
    return "filled" if values else "null"


def _quoted(table: Table, block: SchemaBlock) -> Iterator[Rule]:
    """Yield the rules of words that stand in the text; line ends and invisible characters make no difference."""
    for entry in block.quoted:
        value, text = pl.col(entry.column), pl.col("text")
        missing = text.str.contains(value, literal=True).not_()
        folded = (one.str.replace_all(UNSEEN, "").str.replace_all(r"\s+", " ") for one in (text, value))
        wrong = next(folded).str.contains(next(folded), literal=True).not_() & described(entry.where)
        yield Rule("BS449", table.name, entry.column, wrong, "words of the article", sieve=missing)


def _identifiers(table: Table, block: SchemaBlock) -> Iterator[Rule]:
    if block.id and block.id.span and block.span and table.document:
        own, start, end = pl.col(block.id.column), pl.col(block.span.start), pl.col(block.span.end)
        base = pl.format("{}#{}-{}", pl.col(table.document), *(_eight(offset) for offset in (start, end)))
        wrong = (own != base) & own.str.starts_with(base + "-").not_() & (start >= 0)
        place = pl.format("{} for [{}, {})", own, start, end)
        expected = "DOCUMENT#START-END of the same row"
        yield Rule("BS432", table.name, block.id.column, wrong, expected, place, sieve=own != base)


def _eight(offset: pl.Expr) -> pl.Expr:
    """Return an offset with at least eight digits; zfill takes twice as long."""
    short = (offset + 10**8).cast(pl.String).str.slice(1)
    return pl.when(offset < 10**8).then(short).otherwise(offset.cast(pl.String))


def _pointers(table: Table, block: SchemaBlock) -> Iterator[Rule]:
    key = table.primary_key[0] if table.primary_key else None
    for column in block.within:
        wrong = pl.col(column).str.starts_with(pl.col(table.document or "") + "#").not_()
        sieve = pl.col(column).is_not_null()
        yield Rule("BS440", table.name, column, wrong, "an id of the row's own article", sieve=sieve)
    for column in block.earlier:
        wrong = pl.col(column) >= pl.col(key or "")
        yield Rule("BS441", table.name, column, wrong, "the id of an earlier row")


def _blanks(table: Table, block: SchemaBlock) -> Iterator[Rule]:
    texts = {*block.hygiene, *([block.span.text] if block.span and block.span.text else [])}
    for column in sorted(texts):
        value = pl.col(column)
        blank = (value != "") & value.str.contains(r"\S").not_()
        white = [value.is_between(pl.lit(low), pl.lit(high)) for low, high in SPACES]
        yield Rule("BS450", table.name, column, blank, "words, or null", sieve=pl.any_horizontal(white))


def hygiene_rules(table: Table, block: SchemaBlock, frame: pl.DataFrame, unusual: str | None = None) -> list[Rule]:
    """Return the rules of text hygiene for the columns in which anything is suspicious at all: one cheap look first.

    `unusual` are the characters of the articles' text outside printable ASCII, where these are known: they suffice.
    """
    values = {column: frame[column] for column in block.hygiene}
    if unusual is not None:
        values |= {"text": pl.Series([unusual])}
    found: list[Rule] = []
    for column in block.hygiene:
        if values[column].str.contains(SUSPICIOUS).any():
            found += _hygiene(table.name, column)
    return found


def _hygiene(table: str, column: str) -> Iterator[Rule]:
    value = pl.col(column)
    repair = "correct the article under seeds/ if it is a slip of its conversion"
    for code, pattern, expected in (
        ("BS451", CONTROL, "no control characters"),
        ("BS452", INVISIBLE, "no invisible characters"),
        ("BS453", MOJIBAKE, "no traces of a wrong decoding"),
        ("BS454", COMBINING, "letters in Unicode normal form C"),
    ):
        wrong = value.str.contains(pattern)
        if code == "BS454":
            wrong &= value.str.normalize("NFC") != value
        show = value.str.extract(rf"(.{{0,20}}(?:{pattern}).{{0,20}})")
        yield Rule(code, table, column, wrong, expected, show, repair)
