"""Whom "both" means: the two people that the text before it names."""

from __future__ import annotations

import re
from typing import Final

from broadsheet.extraction.speakers.context import Context, Parties
from broadsheet.model import Span

__all__ = ["both"]

_BOTH: Final = re.compile(r"both(?:\s+(?:candidates|leaders|men|of\s+them|politicians|senators|women))?", re.IGNORECASE)
_TWO: Final = 2


def both(context: Context, span: Span) -> Parties | None:
    """Return the first of the two people that "both" means; None for other sources, and where others are named, too."""
    if _BOTH.fullmatch(context.words(span)) is None:
        return None
    begin = context.paragraph_start(span.start)
    for start in (context.sentence_start(span.start), begin, context.paragraph_start(span.start, 1)):
        named = list(dict.fromkeys(m.cluster for m in context.people_between(start, span.start)))
        if named:
            return Parties(named=named[0]) if len(named) == _TWO else None
    return None
