"""Whom "A:" means in an interview of questions and answers."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from broadsheet.extraction.speakers.context import Context, Parties
from broadsheet.model import Span

__all__ = ["answering"]

_QUESTION: Final = re.compile(r"^Q\s*[:.]", re.MULTILINE)
_ANSWER: Final = re.compile(r"A\s*[:.]")
_FEWEST: Final = 2
"""Times that the title and the introduction name the person who answers, at least."""


def answering(context: Context, span: Span) -> Parties | None:
    """Return the person who answers where a source is the label "A:": whom the words before the first "Q:" name most.

    None for other sources, and where two are named equally often.
    """
    text = context.text.text
    is_label = context.words(span) == "A" and _ANSWER.match(text, span.start) is not None
    first = _QUESTION.search(text) if is_label else None
    if first is None:
        return None
    named = Counter(m.cluster for m in context.people_between(0, first.start()))
    ranked = [*named.most_common(2), (-1, 0)]
    is_clear = ranked[0][1] >= _FEWEST and ranked[0][1] > ranked[1][1]
    return Parties(ranked[0][0]) if is_clear else None
