"""Claims of other articles with words like those of a claim: a view to read on from, not a fact.

Two claims are as near as the cosine of the words of their contents, weighted by their rarity (tf-idf, each word
once). The report finds near claims in the same way.
"""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["near_claims"]

_MOST: Final = 3
_LEAST: Final = 0.3  # of the cosine
_RARE_WORDS: Final = 2  # that two claims share
_WORD: Final = r"[\p{L}\p{N}]{3,}"


def near_claims(claims: pl.LazyFrame, claim_id: str) -> pl.DataFrame:
    """Return at most three claims of other articles, the nearest first, with all columns and `nearness` (0 to 1).

    Repeats are left out. Two claims share two rare words at least: a word is rare if no more claims have it than the
    root of their number.
    """
    words = _words(claims)
    count = words.select(pl.col("claim_id").n_unique()).item()
    known = words.join(words.group_by("word").len("holders"), on="word").with_columns(
        weight=(count / pl.col("holders")).log().pow(2), is_rare=pl.col("holders") <= count**0.5
    )
    lengths = known.group_by("claim_id").agg(length=pl.col("weight").sum().sqrt())
    mine = known.filter(pl.col("claim_id") == claim_id)
    if not mine.height:
        return claims.head(0).with_columns(nearness=pl.lit(None, pl.Float64)).collect()
    length = lengths.filter(pl.col("claim_id") == claim_id)["length"][0]
    shared = (
        known.filter(pl.col("document_id") != mine["document_id"][0])
        .join(mine.select("word"), on="word")
        .group_by("claim_id")
        .agg(pl.col("weight").sum(), pl.col("is_rare").sum())
        .filter(pl.col("is_rare") >= _RARE_WORDS)
        .join(lengths, on="claim_id")
    )
    scored = shared.select("claim_id", nearness=(pl.col("weight") / (pl.col("length") * length)).round(6))
    best = (
        scored.filter(pl.col("nearness") >= _LEAST).sort("nearness", "claim_id", descending=[True, False]).head(_MOST)
    )
    found = claims.join(best.lazy(), on="claim_id").collect()
    return found.sort("nearness", "claim_id", descending=[True, False])


def _words(claims: pl.LazyFrame) -> pl.DataFrame:
    """Return one row a claim and word: `claim_id`, `document_id`, `word` in small letters."""
    words = pl.col("content_text").str.to_lowercase().str.extract_all(_WORD).list.unique()
    whole = claims.filter(pl.col("duplicate_of").is_null()).select("claim_id", "document_id", word=words)
    return whole.explode("word").drop_nulls("word").collect()
