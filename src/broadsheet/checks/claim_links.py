"""The contents of two claims that are linked, as words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from broadsheet.checks.parquet_footers import Store
from broadsheet.checks.row_groups import TableBucket

__all__ = ["OTHER_WORDS", "WORDS", "with_contents"]

WORDS: Final = "_words"
OTHER_WORDS: Final = "_other_words"
_COLUMNS: Final = ("claim_id", "content_text")


def with_contents(links: TableBucket, stores: Mapping[str, Store]) -> pl.DataFrame:
    """Return claim_links with the words of both contents, without marks, where the claims can be read."""
    claims = stores.get("claims")
    if claims is None or not links.frame.height:
        return links.frame
    named = pl.concat([links.frame["claim_id"], links.frame["other_claim_id"].rename("claim_id")]).unique().to_frame()
    paths = dict.fromkeys(group.path for group in claims.groups)
    scans = [pl.scan_parquet(path, glob=False).select(_COLUMNS).join(named.lazy(), on="claim_id") for path in paths]
    try:
        contents = pl.concat(scans).unique("claim_id").select("claim_id", _words().alias(WORDS)).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return links.frame  # reported when the rows are read
    first = links.frame.join(contents, on="claim_id", how="left", maintain_order="left")
    others = contents.rename({"claim_id": "other_claim_id", WORDS: OTHER_WORDS})
    return first.join(others, on="other_claim_id", how="left", maintain_order="left")


def _words() -> pl.Expr:
    """Return the words of a content in small letters, without those in square brackets."""
    plain = pl.col("content_text").str.to_lowercase().str.replace_all("’", "'", literal=True)
    initials = plain.str.replace_all(r"\[[^\[\]]*\]", " ").str.replace_all(r"\b(\pL)\.", "$1")
    return initials.str.extract_all(r"[\pL\pN]+").fill_null([])
