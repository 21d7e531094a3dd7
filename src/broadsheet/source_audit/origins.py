"""Which statements articles of two origins give, neither from the other nor from one agency."""

from __future__ import annotations

import polars as pl

__all__ = ["given_twice"]


def given_twice(links: pl.LazyFrame, claims: pl.LazyFrame, documents: pl.LazyFrame) -> pl.LazyFrame:
    """Return the `claim_id` of every claim whose words a claim of the same source has in an article of another origin.

    Claims are together that are linked, or that are linked to the same claim. A link that says that the source is
    another does not count.
    """
    same = links.filter(~pl.col("method").str.ends_with("-other-source")).select("claim_id", "other_claim_id")
    first = same.group_by(claim_id="other_claim_id").agg(first=pl.col("claim_id").min())
    ends = pl.concat([same.select("claim_id"), same.select(claim_id="other_claim_id")]).unique()
    nearer = ends.join(first, on="claim_id", how="left").with_columns(pl.coalesce("first", "claim_id").alias("first"))
    firsts = nearer.join(first.rename({"claim_id": "first", "first": "farther"}), on="first", how="left")
    of = claims.select("claim_id", "document_id").join(_origins(documents), on="document_id")
    placed = firsts.join(of, on="claim_id")
    together = pl.coalesce("farther", "first")
    return placed.filter(pl.col("origin").n_unique().over(together) > 1).select("claim_id")


def _origins(documents: pl.LazyFrame) -> pl.LazyFrame:
    """Return what each article has its statements from, `origin`: a name, or an article.

    It is the origin of the article that it is derived from, or of the first of its copies; else its agency, else its
    publisher, else itself. An agency that publishes is one with the agency that others credit.
    """
    own = documents.select("document_id", own=pl.coalesce(_first_name("agency"), "publisher", "document_id"))
    is_known = "derived_from" in documents.collect_schema()
    before = pl.coalesce("derived_from", "duplicate_of") if is_known else pl.col("duplicate_of")
    led = documents.select("document_id", before=before).join(own, on="document_id")
    there = led.join(own.rename({"document_id": "before", "own": "led"}), on="before", how="left")
    return there.select("document_id", origin=pl.coalesce("led", "own"))


def _first_name(column: str) -> pl.Expr:
    return pl.col(column).str.split("; ").list.first()
