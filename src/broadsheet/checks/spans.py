"""Spans against the text they point into: words, bounds, tiling, the paragraph and the claim around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from broadsheet.checks.rules import Rule
from broadsheet.checks.sheets import Sheets, looked_up
from broadsheet.checks.vocabulary import Rules, Span
from broadsheet.schema import Table

__all__ = [
    "Texts",
    "claim_rules",
    "followed",
    "inside_rules",
    "span_rules",
    "texts",
    "with_claims",
    "with_home",
    "with_words",
]

LONG = 2**17  # bytes; a slice of a longer text is cut by Python, which reaches any character in one step
STRETCH = " … "  # between the stretches of one part of a claim
WORDS, LENGTH, BEFORE, AFTER, WITHHELD = "_words", "_length", "_before", "_after", "_withheld"


@dataclass(frozen=True, slots=True)
class Texts:
    """The canonical texts of a shard's articles: one frame, and the long ones as Python strings too."""

    frame: pl.DataFrame
    long: Mapping[str, str]

    def cut(self, frame: pl.DataFrame, start: pl.Expr, end: pl.Expr, name: str) -> pl.Series:
        """Return the words at [start, end) of each row's text; null where it has none or the bounds lie outside."""
        inside = (start >= 0) & (start <= end) & (end <= pl.col(LENGTH))
        length = pl.when(inside).then(end - start).otherwise(0)  # a length below 0 is an error of the engine's
        short = pl.col("_text").str.slice(start, length)
        cut = frame.select(pl.when(inside).then(short).alias(name), start.alias("start"), end.alias("end"), "_document")
        if not self.long:
            return cut[name]
        words = cut[name].to_list()
        rows = cut.with_row_index("row").filter(pl.col("_document").is_in(list(self.long)))
        for number, start_at, end_at, document in rows.select("row", "start", "end", "_document").iter_rows():
            text = self.long[document]
            if start_at is not None and end_at is not None and 0 <= start_at <= end_at <= len(text):
                words[number] = text[start_at:end_at]
        return pl.Series(name, words, dtype=pl.String)


def texts(documents: pl.DataFrame, rules: Rules) -> Texts:
    """Take the texts of a shard's articles."""
    if rules.text is None:
        return Texts(documents.select(pl.col("document_id").alias("_document")).clear(), {})
    text = pl.col(rules.text.column)
    frame = documents.select(
        pl.col("document_id").alias("_document"),
        text.alias("_text"),
        text.str.len_chars().cast(pl.Int64).alias(LENGTH),
        (pl.col(rules.text.status) == "withheld").alias(WITHHELD),
    ).unique("_document", keep="first", maintain_order=True)
    long = frame.filter(pl.col("_text").str.len_bytes() > LONG)
    if not long.height:
        return Texts(frame, {})
    kept = frame.with_columns(pl.when(pl.col("_text").str.len_bytes() <= LONG).then("_text").alias("_text"))
    return Texts(kept, dict(zip(long["_document"], long["_text"], strict=True)))


# --- words, bounds, tiling -------------------------------------------------------------------------------


def with_words(frame: pl.DataFrame, table: Table, rules: Rules, articles: Texts) -> pl.DataFrame:
    """Add to each span what its article has there, and for paragraphs the text before and after."""
    if rules.span is None or table.document is None:
        return frame
    own = pl.col(table.document).alias("_document")
    joined = looked_up(frame.with_columns(own), "_document", articles.frame, "_document")
    start, end = pl.col(rules.span.start), pl.col(rules.span.end)
    added = [articles.cut(joined, start, end, WORDS)] if rules.span.text else []
    if rules.tiles:
        same = pl.col("_document") == pl.col("_document").shift(1)
        before = pl.when(same).then(end.shift(1)).otherwise(0)
        last = (pl.col("_document") != pl.col("_document").shift(-1)).fill_null(value=True)
        added.append(articles.cut(joined, before, start, BEFORE))
        added.append(articles.cut(joined, pl.when(last).then(end), pl.col(LENGTH), AFTER))
    return joined.drop("_text").with_columns(added)


def span_rules(table: Table, rules: Rules, *, ordered: bool, spared: Sequence[str] = ()) -> Iterator[Rule]:
    """Yield the rules of a frame that `with_words` made.

    Tiling is judged only where the rows are `ordered`. `spared` are articles whose paragraphs already differ from their
    text: what is wrong there has been said.
    """
    if rules.span is None:
        return
    start, end = pl.col(rules.span.start), pl.col(rules.span.end)
    beyond = (start >= end) | (end > pl.col(LENGTH))
    place = pl.format("[{}, {})", start, end)
    yield Rule("BS430", table.name, rules.span.end, beyond, "start < end, and end within the text", place)
    if rules.span.text:
        yield from _word_rules(table, rules.span, rules.span.text, spared)
    if rules.tiles and ordered:
        overlap = (pl.col("_document") == pl.col("_document").shift(1)) & (start < end.shift(1))
        yield Rule("BS431", table.name, rules.span.start, overlap, "no overlap with the paragraph before", place)
        for column, words in ((BEFORE, "before it"), (AFTER, "after it")):
            left = pl.col(column).str.strip_chars()
            yield Rule("BS431", table.name, rules.span.start, left != "", f"only white space {words}", left)


def _word_rules(table: Table, span: Span, text: str, spared: Sequence[str]) -> Iterator[Rule]:
    there = pl.format("[{}, {}) has the text '{}', the article '{}'", span.start, span.end, text, WORDS)
    differs = (pl.col(text) != pl.col(WORDS)) & (pl.col(span.start) < pl.col(span.end)) & _unspared(spared)
    yield Rule("BS402", table.name, text, differs, "the words of the article there", there)
    field = next(f for f in table.fields if f.name == text)
    if not field.required:
        wrong = pl.col(text).is_null() != pl.col(WITHHELD)
        yield Rule("BS442", table.name, text, wrong, "a text, unless its article's text is withheld")


def _unspared(spared: Sequence[str]) -> pl.Expr:
    return pl.col("_document").is_in(spared).not_() if spared else pl.lit(value=True)


# --- the paragraph around a span -------------------------------------------------------------------------


def with_home(frame: pl.DataFrame, table: Table, rules: Rules, others: Sheets) -> pl.DataFrame:
    """Add the bounds of the row that a span must lie in: the one its key names, or the last that begins before it."""
    if rules.inside is None or rules.inside.table not in others or rules.span is None or table.document is None:
        return frame
    other = others[rules.inside.table]
    theirs, homes = other.rules, other.frame
    if theirs.span is None:
        return frame
    bounds = homes.select(
        pl.col(other.table.primary_key[0]).alias("_home"),
        pl.col(other.table.document or "").alias("_home_document"),
        pl.col(theirs.span.start).alias("_home_start"),
        pl.col(theirs.span.end).alias("_home_end"),
    )
    if rules.inside.key:
        return looked_up(frame, rules.inside.key, bounds.unique("_home", keep="first"), "_home")
    return _nearest(frame, bounds, table.document, rules.span)


def _nearest(frame: pl.DataFrame, bounds: pl.DataFrame, document: str, span: Span) -> pl.DataFrame:
    """Join each row to the last home of its article that begins at or before it.

    An article's number and an offset make one number, by which both sides are in order already or are put in it.
    """
    numbers = bounds.select(pl.col("_home_document").alias("_d").unique(maintain_order=True)).with_row_index("_n")
    homes = looked_up(bounds, "_home_document", numbers, "_d").select(
        _place(pl.col("_home_start")), "_home_document", "_home_start", "_home_end"
    )
    rows = looked_up(frame.select(pl.col(document), pl.col(span.start)), document, numbers, "_d")
    placed = rows.select(_place(pl.col(span.start))).with_row_index("_at").sort("_place", maintain_order=True)
    found = placed.join_asof(homes.drop_nulls("_place").sort("_place"), on="_place", strategy="backward").sort("_at")
    return frame.with_columns(found.select("_home_document", "_home_start", "_home_end"))


def _place(offset: pl.Expr) -> pl.Expr:
    return (pl.col("_n").cast(pl.Int64) * 2**40 + offset.clip(0, 2**40 - 1)).alias("_place")


def inside_rules(table: Table, rules: Rules, columns: Sequence[str], spared: Sequence[str] = ()) -> Iterator[Rule]:
    """Yield the rule that a span lies in its paragraph, where `with_home` found one and the span's words are right."""
    if rules.inside is None or rules.span is None or "_home_start" not in columns:
        return
    start, end = pl.col(rules.span.start), pl.col(rules.span.end)
    same = pl.col("_home_document") == pl.col(table.document or "")
    wrong = same.not_() | (start < pl.col("_home_start")) | (end > pl.col("_home_end"))
    if WORDS in columns and rules.span.text:
        wrong &= _unspared(spared) & (pl.col(rules.span.text) == pl.col(WORDS)).fill_null(value=True)
    place = pl.format("[{}, {}) in [{}, {})", start, end, "_home_start", "_home_end")
    expected = f"a span inside one row of {rules.inside.table} of the same article"
    yield Rule("BS433", table.name, rules.inside.key or rules.span.start, wrong & (start < end), expected, place)


# --- the claim around its spans --------------------------------------------------------------------------


def with_claims(frame: pl.DataFrame, rules: Rules, others: Sheets) -> pl.DataFrame:
    """Add to each claim the extent of its spans, the texts of its parts and the bounds of its paragraph."""
    if rules.extent is None or rules.extent.table not in others:
        return frame
    by, pieces = rules.extent.by, others[rules.extent.table].frame
    extent = pieces.group_by(by).agg(pl.col("start").min().alias("_from"), pl.col("end").max().alias("_to"))
    joined = frame.join(extent, on=by, how="left", maintain_order="left")
    for part in sorted({word.part for word in rules.joined} | set(rules.extent.home_parts)):
        stretches = _stretches(pieces.filter(pl.col("part") == part), by, part)
        joined = joined.join(stretches, on=by, how="left", maintain_order="left")
    return _with_place(joined, rules, others)


def _stretches(pieces: pl.DataFrame, by: str, part: str) -> pl.DataFrame:
    """Return by claim the joined texts of a part and where it begins; only where it has several are rows grouped."""
    text, start = f"_{part}_text", f"_{part}_start"
    named = pieces.select(by, "ordinal", pl.col("text").alias(text), pl.col("start").alias(start))
    repeated = named.filter(pl.col("ordinal") != 0).select(by).unique()
    single = named.filter(pl.col("ordinal") == 0).drop("ordinal")
    if not repeated.height:
        return single.unique(by, keep="first")
    several = named.join(repeated, on=by, how="semi").sort("ordinal", maintain_order=True)
    grouped = several.group_by(by, maintain_order=True).agg(pl.col(text).str.join(STRETCH), pl.col(start).min())
    return pl.concat([single.join(repeated, on=by, how="anti").unique(by, keep="first"), grouped])


def _with_place(frame: pl.DataFrame, rules: Rules, others: Sheets) -> pl.DataFrame:
    """Add where the first of a claim's parts begins, and the bounds of the paragraph it names."""
    extent = rules.extent
    if extent is None or extent.home is None or extent.home_table not in others:
        return frame
    home = others[extent.home_table]
    bounds = home.frame.select(
        pl.col(home.table.primary_key[0]).alias("_home"),
        pl.col("start").alias("_home_start"),
        pl.col("end").alias("_home_end"),
    ).unique("_home", keep="first")
    first = pl.coalesce(f"_{part}_start" for part in extent.home_parts).alias("_first")
    return looked_up(frame.with_columns(first), extent.home, bounds, "_home")


def followed(rules: Rules, frame: pl.DataFrame, others: Sheets) -> tuple[tuple[str, str, str], ...]:
    """Return the foreign key by which `with_home` or `with_claims` led every row of the frame to a row of a table.

    It is given as column, table and column there; none where a row was not led to one, or both could have led it.
    """
    inside = (rules.inside.key, rules.inside.table) if rules.inside else None
    extent = (rules.extent.home, rules.extent.home_table) if rules.extent else None
    column, table = (inside or extent or (None, "")) if not (inside and extent) else (None, "")
    if column is None or table not in others or "_home_start" not in frame.columns or frame["_home_start"].null_count():
        return ()
    return ((column, table, others[table].table.primary_key[0]),)


def claim_rules(table: Table, rules: Rules, columns: list[str]) -> Iterator[Rule]:
    """Yield the rules of a frame that `with_claims` made."""
    if rules.extent is None or rules.span is None or "_from" not in columns:
        return
    start, end, first, last = pl.col(rules.span.start), pl.col(rules.span.end), pl.col("_from"), pl.col("_to")
    wrong = (first.is_null() & pl.col(rules.extent.by).is_not_null()) | (start != first) | (end != last)
    reach = pl.format(
        "[{}, {}) with spans in [{}, {})",
        start,
        end,
        first.cast(pl.String).fill_null("none"),
        last.cast(pl.String).fill_null("none"),
    )
    yield Rule("BS434", table.name, rules.span.start, wrong, "the extent of its spans", reach)
    for word in rules.joined:
        spans = pl.col(f"_{word.part}_text")
        differs = pl.col(word.column).eq_missing(spans).not_() & first.is_not_null()
        yield Rule("BS438", table.name, word.column, differs, "the texts of its spans, joined")
    if rules.extent.home and "_home_start" in columns:
        place = pl.col("_first")
        outside = (place < pl.col("_home_start")) | (place >= pl.col("_home_end"))
        expected = f"the row of {rules.extent.home_table} where its first {rules.extent.home_parts[0]} stands"
        yield Rule("BS433", table.name, rules.extent.home, outside, expected)
