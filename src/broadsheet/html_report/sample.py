"""Which articles are in the page: all of a small package, a sample of a large one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from broadsheet import ids

__all__ = ["BUDGET", "Sample", "sampled"]

BUDGET: Final = 12_000_000
"""Code points of article text in one page. About 0.7 bytes of page each, with the rows about them."""
_LONGEST: Final = 100_000  # code points: a longer article is not drawn
Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Sample:
    """The frames of the articles in the page, and how many articles there are in it and in the package."""

    frames: Frames
    articles: int
    total: int


def sampled(frames: Frames, budget: int = BUDGET) -> Sample:
    """Return the rows of as many articles as fit into a budget of code points; all of them where they fit.

    Half of the budget is for the articles with the most doubtful claims a code point, so that what has to be reviewed
    is in the page. The other half is drawn by the hash of the id: it shows what is usual.
    """
    documents = frames["documents"]
    sized = documents.select("document_id", size=pl.col("text").str.len_chars().fill_null(0) + 1)
    if int(sized["size"].sum()) <= budget:
        return Sample(frames, documents.height, documents.height)
    fitting = sized.filter(pl.col("size") <= _LONGEST)
    doubtful = _first(_by_doubt(fitting, frames["claims"]), budget // 2)
    others = fitting.join(doubtful, on="document_id", how="anti")
    drawn = _first(_mixed(others), budget // 2)
    kept = pl.concat([doubtful, drawn]).select("document_id")
    return Sample(_of_articles(frames, kept), kept.height, documents.height)


def _by_doubt(sized: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Return the articles with a doubtful claim, those with the most of them a code point first."""
    if "confidence" not in claims.columns:
        return sized.clear()
    counts = claims.filter(pl.col("confidence") == "doubtful").group_by("document_id").len("doubts")
    found = sized.join(counts, on="document_id")
    return found.sort(pl.col("doubts") / pl.col("size"), "document_id", descending=[True, False]).drop("doubts")


def _mixed(sized: pl.DataFrame) -> pl.DataFrame:
    """Return the rows in an order that has nothing to do with their articles, and is always the same."""
    hashes = pl.Series("hash", [ids.sha256(key.encode()) for key in sized["document_id"]], dtype=pl.String)
    return sized.with_columns(hashes).sort("hash").drop("hash")


def _first(sized: pl.DataFrame, budget: int) -> pl.DataFrame:
    return sized.filter(pl.col("size").cum_sum() <= budget)


def _of_articles(frames: Frames, kept: pl.DataFrame) -> Frames:
    bound = {
        name: frame.join(kept, on="document_id", how="semi", maintain_order="left")
        for name, frame in frames.items()
        if "document_id" in frame.columns
    }
    named = bound["mentions"].select("entity_id").unique()
    entities = frames["entities"].join(named, on="entity_id", how="semi", maintain_order="left")
    claims = bound["claims"].select("claim_id")
    links = frames["claim_links"].join(claims, on="claim_id", how="semi", maintain_order="left")
    links = links.join(claims, left_on="other_claim_id", right_on="claim_id", how="semi", maintain_order="left")
    return {name: bound.get(name, entities) for name in frames} | {"claim_links": links}
