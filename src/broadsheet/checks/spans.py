"""Spans against the text they point into: words, bounds, tiling, the paragraph and the claim around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from broadsheet.checks.fast.utf8_index import Array, Letters, letters
from broadsheet.checks.joins import at, gathered
from broadsheet.checks.row_groups import Bucket, TableBucket
from broadsheet.checks.rule_language import SchemaBlock, SpanColumns
from broadsheet.checks.rules import Rule
from broadsheet.schema import Table

__all__ = [
    "AFTER",
    "BEFORE",
    "COUNTED",
    "COVER",
    "PROVEN",
    "TEXT",
    "Texts",
    "inside_rules",
    "places",
    "row_numbers",
    "span_rules",
    "texts",
    "whole_numbers",
    "with_home",
    "with_words",
]

WORDS, LENGTH, BEFORE, AFTER, WITHHELD = "_words", "_length", "_before", "_after", "_withheld"
PROVEN, COUNTED = "_proven", "_counted"  # of paragraphs: the very text of the article there; its words
HOME = "_home"  # the row of the paragraph around a span
TEXT, COVER = "text-unless-withheld", "paragraphs-cover-the-text"  # the rules of articles and of paragraphs


@dataclass(frozen=True, slots=True)
class Texts:
    """The canonical texts of a bucket's articles, row by row: as a frame, and as bytes."""

    frame: pl.DataFrame
    letters: Letters

    def cut(self, spans: pl.DataFrame) -> list[str | None]:
        """Return the words at (row, start, end); null where there is no text or the bounds are outside of it."""
        known: dict[int, str | None] = {None: None}  # type: ignore[dict-item]
        found: list[str | None] = []
        for row, start, end in spans.iter_rows():
            if row not in known:
                known[row] = self.frame["_text"][row]
            text = known[row]
            whole = text is not None and start is not None and end is not None and 0 <= start <= end <= len(text)
            found.append(text[start:end] if whole and text is not None else None)
        return found


def texts(rows: TableBucket | None) -> Texts | None:
    """Return the texts of a bucket's articles; None where their schema does not say which they are."""
    if rows is None or TEXT not in rows.block.rules:
        return None
    text = pl.col("text")
    frame = rows.frame.select(
        text.alias("_text"),
        text.str.len_chars().cast(pl.Int64).alias(LENGTH),
        (pl.col("text_status") == "withheld").alias(WITHHELD),
    )
    return Texts(frame, letters(frame["_text"]))


# --- words, bounds, tiling -------------------------------------------------------------------------------


def with_words(frame: pl.DataFrame, table: Table, block: SchemaBlock, articles: Texts, others: Bucket) -> pl.DataFrame:
    """Add to each span what its article has there, and for paragraphs the text before and after."""
    if block.span is None or table.document is None or at(table.document, "documents") not in frame.columns:
        return frame
    article = frame[at(table.document, "documents")]
    frame = frame.with_columns(gathered(articles.frame.select(LENGTH, WITHHELD), article))
    if COVER in block.rules and block.span.text:
        return _tiled(frame, article, block.span, articles)
    return _worded(frame, article, table, block, articles, others) if block.span.text else frame


def _tiled(frame: pl.DataFrame, article: pl.Series, span: SpanColumns, articles: Texts) -> pl.DataFrame:
    """Compare paragraphs with the bytes of their articles; where that proves nothing, cut words and gaps."""
    text, start, end = pl.col(span.text or ""), pl.col(span.start), pl.col(span.end)
    whole = articles.letters.tiling(
        whole_numbers(article), whole_numbers(frame[span.start]), whole_numbers(frame[span.end]), frame[span.text or ""]
    )
    frame = frame.with_columns(pl.Series(PROVEN, whole.proven), pl.Series(COUNTED, whole.words))
    if whole.proven.all():
        return frame
    same = article == article.shift(1)
    last = (article != article.shift(-1)).fill_null(value=True)
    stretches = {
        WORDS: (text, start, end),
        BEFORE: (pl.lit(""), pl.when(same).then(end.shift(1)).otherwise(0), start),
        AFTER: (pl.lit(""), pl.when(last).then(end), pl.col(LENGTH)),
    }
    cuts = [_cut(frame, article, low, high, articles, name) for name, (_, low, high) in stretches.items()]
    return frame.with_columns(
        pl.when(PROVEN).then(known).otherwise(cut).alias(name)
        for (name, (known, _, _)), cut in zip(stretches.items(), cuts, strict=True)
    )


def _worded(
    frame: pl.DataFrame, article: pl.Series, table: Table, block: SchemaBlock, articles: Texts, others: Bucket
) -> pl.DataFrame:
    """Cut words out of the paragraphs around them, where these are proven, else out of the article."""
    span, other = block.span, others.get(block.inside.table) if block.inside else None
    if span is None:
        return frame
    start, end = pl.col(span.start), pl.col(span.end)
    if other is None or other.block.span is None or PROVEN not in other.frame.columns or HOME not in frame.columns:
        frame = frame.with_columns(pl.lit(value=False).alias(PROVEN), pl.lit(None, pl.String).alias(WORDS))
    else:
        theirs = other.frame.select(pl.col(other.block.span.text or "").alias(WORDS), PROVEN)
        offset = start - pl.col("_home_start")
        within = pl.col(PROVEN) & _same(table) & (offset >= 0) & (start <= end) & (end <= pl.col("_home_end"))
        frame = frame.with_columns(gathered(theirs, frame[HOME])).with_columns(
            within.fill_null(value=False).alias(PROVEN)
        )
        length = pl.when(PROVEN).then(end - start).otherwise(0)  # a length below 0 is an error of the engine's
        frame = frame.with_columns(pl.col(WORDS).str.slice(offset, length))
    if frame[PROVEN].all():
        return frame
    cut = _cut(frame, article, start, end, articles, WORDS)
    return frame.with_columns(pl.when(PROVEN).then(WORDS).otherwise(cut).alias(WORDS))


def _cut(frame: pl.DataFrame, article: pl.Series, low: pl.Expr, high: pl.Expr, articles: Texts, name: str) -> pl.Series:
    """Return the words at [low, high) of the articles of rows that are not proven; null elsewhere."""
    asked = frame.select(article.alias("row"), low.alias("low"), high.alias("high"))
    rows = frame[PROVEN].not_().arg_true()
    found = pl.Series(articles.cut(asked[rows]), dtype=pl.String)
    return pl.repeat(None, frame.height, dtype=pl.String, eager=True).alias(name).scatter(rows, found)


def whole_numbers(values: pl.Series) -> Array:
    """Return whole numbers, -1 for null."""
    return values.cast(pl.Int64).fill_null(-1).to_numpy()


def span_rules(table: Table, block: SchemaBlock, columns: Sequence[str], spared: Sequence[str] = ()) -> Iterator[Rule]:
    """Yield the rules of a frame that `with_words` made; words that it did not cut are right.

    `spared` are articles whose paragraphs already differ from their text: what is wrong there has been reported.
    """
    if block.span is None or LENGTH not in columns:
        return
    start, end = pl.col(block.span.start), pl.col(block.span.end)
    beyond = (start >= end) | (end > pl.col(LENGTH))
    place = pl.format("[{}, {})", start, end)
    yield Rule("BS430", table.name, block.span.end, beyond, "start < end, and end within the text", place)
    if block.span.text:
        yield from _word_rules(table, block.span, block.span.text, columns, spared)


def _word_rules(
    table: Table, span: SpanColumns, text: str, columns: Sequence[str], spared: Sequence[str]
) -> Iterator[Rule]:
    if WORDS in columns:
        there = pl.format("[{}, {}) has the text '{}', the article '{}'", span.start, span.end, text, WORDS)
        differs = (pl.col(text) != pl.col(WORDS)) & (pl.col(span.start) < pl.col(span.end)) & _unspared(table, spared)
        yield Rule("BS402", table.name, text, differs, "the words of the article there", there)
    field = next(f for f in table.fields if f.name == text)
    if not field.required:
        wrong = pl.col(text).is_null() != pl.col(WITHHELD)
        yield Rule("BS442", table.name, text, wrong, "a text, unless its article's text is withheld")


def _unspared(table: Table, spared: Sequence[str]) -> pl.Expr:
    return pl.col(table.document or "").is_in(spared).not_() if spared else pl.lit(value=True)


# --- the paragraph around a span -------------------------------------------------------------------------


def with_home(frame: pl.DataFrame, table: Table, block: SchemaBlock, others: Bucket) -> pl.DataFrame:
    """Add the bounds of the row around a span: the one that its key names, or the last that begins before it."""
    if block.inside is None or block.inside.table not in others or block.span is None or table.document is None:
        return frame
    other = others[block.inside.table]
    column = at(block.inside.key, other.name)
    home = frame.get_column(column, default=None) if block.inside.key else _nearest(frame, table, block.span, other)
    if home is None or other.block.span is None:
        return frame
    return frame.with_columns(home.alias(HOME), *gathered(_bounds(other, other.block.span), home))


def _bounds(other: TableBucket, span: SpanColumns) -> pl.DataFrame:
    return other.frame.select(
        pl.col(other.table.document or "").alias("_home_document"),
        pl.col(span.start).alias("_home_start"),
        pl.col(span.end).alias("_home_end"),
    )


def _nearest(frame: pl.DataFrame, table: Table, span: SpanColumns, other: TableBucket) -> pl.Series | None:
    """Return by row the last row of the other table that begins at or before it, in its article or an earlier one.

    An article's number and an offset make one number, by which the other rows are in order already or are put in it.
    """
    own, theirs = at(table.document, "documents"), at(other.table.document, "documents")
    if other.block.span is None or own not in frame.columns or theirs not in other.frame.columns:
        return None
    homes = places(other, other.block.span.start)
    order = np.argsort(homes, kind="stable")
    order = order[np.searchsorted(homes[order], 0) :]  # without those that have no place
    own_places = _places(frame, table, span.start)
    found = np.searchsorted(homes[order], own_places, side="right") - 1
    there = (found >= 0) & (own_places >= 0)
    return row_numbers(np.where(there, np.append(order, -1)[found], -1))


def places(rows: TableBucket, column: str) -> Array:
    """Return by row one number for its article and an offset, in their order; -1 where it has none of the two."""
    return _places(rows.frame, rows.table, column)


def _places(frame: pl.DataFrame, table: Table, column: str) -> Array:
    article = pl.col(at(table.document, "documents")).cast(pl.Int64)
    return whole_numbers(frame.select(article * 2**40 + pl.col(column).clip(0, 2**40 - 1)).to_series())


def _same(table: Table) -> pl.Expr:
    return pl.col("_home_document") == pl.col(table.document or "")


def inside_rules(
    table: Table, block: SchemaBlock, columns: Sequence[str], spared: Sequence[str] = ()
) -> Iterator[Rule]:
    """Yield the rule that a span is inside its paragraph, where `with_home` found one and the words are right."""
    if block.inside is None or block.span is None or "_home_start" not in columns:
        return
    start, end = pl.col(block.span.start), pl.col(block.span.end)
    wrong = _same(table).not_() | (start < pl.col("_home_start")) | (end > pl.col("_home_end"))
    if WORDS in columns and block.span.text:
        wrong &= _unspared(table, spared) & (pl.col(block.span.text) == pl.col(WORDS)).fill_null(value=True)
    place = pl.format("[{}, {}) in [{}, {})", start, end, "_home_start", "_home_end")
    expected = f"a span inside one row of {block.inside.table} of the same article"
    yield Rule("BS433", table.name, block.inside.key or block.span.start, wrong & (start < end), expected, place)


def row_numbers(numbers: Array) -> pl.Series:
    """Return row numbers, null where they are below 0."""
    return pl.Series(np.maximum(numbers, 0), dtype=pl.UInt32).set(pl.Series(numbers < 0), None)
