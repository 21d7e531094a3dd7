"""The rows in the page: columns as JSON, compressed with gzip, in base64.

Words that a row repeats from its article are left out where the text of the article is in the page: there they are
`text[start:end]`, as everywhere in a package.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import msgspec
import polars as pl

__all__ = ["REPEATED", "block", "packed"]

REPEATED: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "paragraphs": ("text",),
        "mentions": ("text",),
        "claim_spans": ("text",),
        "claims": ("source_text", "cue_text", "content_text"),
    }
)
"""The columns that repeat words of the article, by table."""


def packed(value: object) -> str:
    """Return a value as JSON, compressed, in base64: the same characters for the same value.

    >>> gzip.decompress(base64.b64decode(packed({"a": "<script>"})))
    b'{"a":"<script>"}'
    """
    return base64.b64encode(gzip.compress(msgspec.json.encode(value), mtime=0)).decode("ascii")


def block(frames: Mapping[str, pl.DataFrame]) -> dict[str, dict[str, list[Any]]]:
    """Return the columns of every table, words that follow from the text of an article as null.

    >>> one = {"document_id": ["a"]}
    >>> tables = {"documents": pl.DataFrame(one | {"text": ["x y"]}), "mentions": pl.DataFrame(one | {"text": ["y"]})}
    >>> block(tables)["mentions"]
    {'document_id': ['a'], 'text': [None]}
    """
    texts = frames["documents"].filter(pl.col("text").is_not_null())["document_id"]
    return {name: _columns(frame, REPEATED.get(name, ()), texts) for name, frame in frames.items()}


def _columns(frame: pl.DataFrame, repeated: Sequence[str], texts: pl.Series) -> dict[str, list[Any]]:
    has_text = pl.col("document_id").is_in(texts.implode())
    left = [pl.when(~has_text).then(pl.col(name)).alias(name) for name in repeated if name in frame.columns]
    dates = pl.col(pl.Date).cast(pl.String)
    return frame.with_columns(left).with_columns(dates).to_dict(as_series=False)
