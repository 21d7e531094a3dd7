"""Invisible characters: names and claims are read in the text without them, and placed in the text as it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from broadsheet.model import Attribution, Mention, Paragraph, Span, Text

__all__ = ["Visible", "visible"]

INVISIBLE: Final = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Soft hyphens, zero-width characters and marks of direction: a reader sees none of them."""


@dataclass(frozen=True, slots=True)
class Visible:
    """The visible text of an article, and the offset in its canonical text of each code point."""

    text: Text
    offsets: Sequence[int]

    def placed(self, span: Span) -> Span:
        """Return where a stretch of the visible text is in the canonical text."""
        return Span(self.offsets[span.start], self.offsets[span.end - 1] + 1)

    def mention(self, mention: Mention) -> Mention:
        """Return a mention at its place in the canonical text."""
        span = self.placed(Span(mention.start, mention.end))
        return replace(mention, start=span.start, end=span.end)

    def attribution(self, found: Attribution) -> Attribution:
        """Return an attribution at its place in the canonical text."""
        source, cue, content = (tuple(map(self.placed, part)) for part in (found.source, found.cue, found.content))
        return replace(found, source=source, cue=cue, content=content)


def visible(text: Text) -> Visible:
    """Return an article without its invisible characters; the same text where it has none."""
    if not INVISIBLE.search(text.text):
        return Visible(text, range(len(text.text)))
    hidden = {found.start() for found in INVISIBLE.finditer(text.text)}
    offsets = [at for at in range(len(text.text)) if at not in hidden]
    paragraphs = tuple(_moved(paragraph, offsets) for paragraph in text.paragraphs)
    return Visible(replace(text, text=INVISIBLE.sub("", text.text), paragraphs=paragraphs), offsets)


def _moved(paragraph: Paragraph, offsets: Sequence[int]) -> Paragraph:
    """Return a paragraph at its place in the visible text; one without visible characters is not read."""
    start, end = bisect_left(offsets, paragraph.start), bisect_left(offsets, paragraph.end)
    role = paragraph.role if start < end else "boilerplate"
    return replace(paragraph, start=start, end=end, role=role)
