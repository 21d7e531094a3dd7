"""Which articles belong together: all, those of a publisher, of a month, and those with a word in them."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from broadsheet.source_audit.statements import main_paragraphs

__all__ = ["members"]


def members(documents: pl.LazyFrame, paragraphs: pl.LazyFrame, topics: Iterable[str]) -> pl.DataFrame:
    """Return `document_id`, `by`, `group`: the groups of each article. `group` is null where the value is not known."""
    values = {
        "all": pl.lit("all"),
        "publisher": pl.col("publisher"),
        "month": pl.col("published").dt.strftime("%Y-%m"),
    }
    known = (documents.select("document_id", by=pl.lit(by), group=value) for by, value in values.items())
    named = (_with_word(documents, paragraphs, word) for word in sorted(set(topics)))
    return pl.concat([*known, *named]).collect()


def _with_word(documents: pl.LazyFrame, paragraphs: pl.LazyFrame, word: str) -> pl.LazyFrame:
    """Return the articles with a word, or words in this order, in title or main text, in any case."""
    pattern = rf"(?i)(?:^|[^\p{{L}}\p{{N}}]){pl.escape_regex(word)}(?:$|[^\p{{L}}\p{{N}}])"
    has_word = pl.col("words").str.contains(pattern).fill_null(value=False)
    title = documents.select("document_id", words="title")
    main = main_paragraphs(paragraphs).select("document_id", words="text")
    found = pl.concat([title, main]).filter(has_word).select("document_id").unique()
    return found.select("document_id", by=pl.lit("topic"), group=pl.lit(word))
