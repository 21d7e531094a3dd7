"""Which articles belong together: all, those of a publisher, of a month, and those with a word in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from broadsheet.source_audit.statements import main_paragraphs

__all__ = ["DIMENSIONS", "members", "numbered"]

DIMENSIONS: Final = ("all", "publisher", "month", "topic")
"""What articles are grouped by, in the order of the audit."""


def members(documents: pl.LazyFrame, paragraphs: pl.LazyFrame, topics: Iterable[str]) -> pl.DataFrame:
    """Return `article` (its number in `documents`), `by`, `group`: the groups of each article.

    `group` is null where the value is not known.
    """
    values = {
        "all": pl.lit("all"),
        "publisher": pl.col("publisher"),
        "month": pl.col("published").dt.strftime("%Y-%m"),
    }
    articles = numbered(documents)
    known = (documents.select("document_id", by=pl.lit(by), group=value) for by, value in values.items())
    named = (_with_word(documents, paragraphs, word) for word in sorted(set(topics)))
    return pl.concat([*known, *named]).join(articles, on="document_id").drop("document_id").collect()


def numbered(documents: pl.LazyFrame) -> pl.LazyFrame:
    """Return the number of each article, `article`, which is quicker to group by than its id."""
    return documents.select("document_id").with_row_index("article")


def _with_word(documents: pl.LazyFrame, paragraphs: pl.LazyFrame, word: str) -> pl.LazyFrame:
    """Return the articles with a word, or words in this order, in title or main text, in any case."""
    pattern = rf"(?i)(?:^|[^\p{{L}}\p{{N}}]){pl.escape_regex(word)}(?:$|[^\p{{L}}\p{{N}}])"
    has_word = pl.col("words").str.contains(pattern).fill_null(value=False)
    title = documents.select("document_id", words="title")
    main = main_paragraphs(paragraphs).select("document_id", words="text")
    found = pl.concat([title, main]).filter(has_word).select("document_id").unique()
    return found.select("document_id", by=pl.lit("topic"), group=pl.lit(word))
