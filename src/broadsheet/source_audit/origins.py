"""Which statements articles of two origins give, neither from the other nor from one agency."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

__all__ = ["given_twice"]


def given_twice(links: pl.LazyFrame, claims: pl.LazyFrame, documents: pl.LazyFrame) -> pl.LazyFrame:
    """Return the `claim_id` of every claim whose words a claim of the same source has in an article of another origin.

    Claims with equal words are each linked to the first of them; a part of others is linked to the first of each.
    A link that says that the source is another does not count.
    """
    same = links.filter(~pl.col("method").str.ends_with("-other-source")).select("claim_id", "other_claim_id", "method")
    known = _firsts(same)
    part = same.filter(pl.col("method") != "equal").select("claim_id", "other_claim_id")
    pairs = part.join(known, on="claim_id").join(
        known.select(other_claim_id="claim_id", other="first"), on="other_claim_id"
    )
    sides = [pairs.select("first", "other"), pairs.select(first="other", other="first")]
    near = pl.concat([known.select("first", other="first").unique(), *sides])
    of = claims.select("claim_id", "document_id").join(_origins(documents), on="document_id")
    origins = known.join(of, on="claim_id").select("origin", other="first")
    met = near.join(origins, on="other").group_by("first").agg(pl.col("origin").n_unique()).filter(pl.col("origin") > 1)
    return known.join(met, on="first", how="semi").select("claim_id")


def _firsts(links: pl.LazyFrame) -> pl.LazyFrame:
    """Return each linked claim and the first claim with its words, which may be itself."""
    equal = (
        links.filter(pl.col("method") == "equal")
        .group_by(claim_id="other_claim_id")
        .agg(pl.col("claim_id").min().alias("first"))
    )
    ends = pl.concat([links.select("claim_id"), links.select(claim_id="other_claim_id")]).unique()
    return ends.join(equal, on="claim_id", how="left").with_columns(pl.coalesce("first", "claim_id").alias("first"))


def _origins(documents: pl.LazyFrame) -> pl.LazyFrame:
    """Return what each article has its statements from, `origin`: a name, or an article.

    It is that of the article that it is derived from, or copies, and of which that one is in turn; of the last one it
    is its agency, else its publisher, else itself. An agency that publishes is one with the agency that others credit.
    """
    own = pl.coalesce(_first_name("agency"), "publisher", "document_id")
    known = documents.select("document_id", before=pl.coalesce("derived_from", "duplicate_of"), own=own).collect()
    before = dict(known.select("document_id", "before").drop_nulls().iter_rows())
    last = [_last(document, before) for document in known["document_id"]]
    names = dict(known.select("document_id", "own").iter_rows())
    return known.select("document_id", origin=pl.Series([names.get(one, one) for one in last], dtype=pl.String)).lazy()


def _last(document: str, before: Mapping[str, str]) -> str:
    """Return the article at the end of a chain; of a circle the smallest id, whichever it is entered by."""
    seen: list[str] = []
    while document in before and document not in seen:
        seen.append(document)
        document = before[document]
    return min(seen[seen.index(document) :]) if document in seen else document


def _first_name(column: str) -> pl.Expr:
    return pl.col(column).str.split("; ").list.first()
