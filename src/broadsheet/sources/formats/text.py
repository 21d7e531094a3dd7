"""A file that is one article: plain text, Markdown or a page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from broadsheet.model import Raw
from broadsheet.sources.format import Format
from broadsheet.sources.open_file import Limit, Source

__all__ = ["FORMATS"]


def _text(source: Source, media_type: str) -> Iterator[Raw]:
    yield _whole(source, media_type, source.limit("text_bytes"))


def _page(source: Source) -> Iterator[Raw]:
    yield _whole(source, "text/html", source.limit("markup_bytes"))


def _whole(source: Source, media_type: str, limit: Limit) -> Raw:
    data = source.whole(limit)
    return Raw(source.path, data, source.digest_of(data), media_type)


FORMATS: Final = (
    Format((".txt", ".text"), partial(_text, media_type="text/plain"), is_article=True),
    Format((".md",), partial(_text, media_type="text/markdown"), is_article=True),
    Format((".html", ".htm"), _page, is_article=True),
)
