"""Whom "A:", and "I" behind it, mean in an interview of questions and answers."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from broadsheet.extraction.speakers.context import Context, Parties
from broadsheet.model import Span

__all__ = ["answering"]

_QUESTION: Final = re.compile(r"^Q(?:\s*[:.]|(?=[A-Z][a-z]))", re.MULTILINE)
"""The label of a question; some lose the mark behind it: "QWhat is it?"."""
_LABEL: Final = re.compile(rf"{_QUESTION.pattern}|^A\s*[:.]", re.MULTILINE)
_ANSWER: Final = re.compile(r"A\s*[:.]")
_FEWEST: Final = 2
"""Times that the title and the introduction name the person who answers, at least."""


def answering(context: Context, span: Span) -> Parties | None:
    """Return the person who answers: whom the words before the first "Q:" name most.

    The source is the label "A:", "I" in an answer or "you" in a question. None for other sources, and where two are
    named equally often.
    """
    text = context.text.text
    is_label = context.words(span) == "A" and _ANSWER.match(text, span.start) is not None
    first = _QUESTION.search(text) if is_label or _is_answerer(text, span) else None
    if first is None or first.start() > span.start:
        return None
    named = Counter(m.cluster for m in context.people_between(0, first.start()))
    ranked = [*named.most_common(2), (-1, 0)]
    is_clear = ranked[0][1] >= _FEWEST and ranked[0][1] > ranked[1][1]
    return Parties(ranked[0][0]) if is_clear else None


def _is_answerer(text: str, span: Span) -> bool:
    """Tell whether a source is "I" behind the label of an answer, or "you" behind that of a question."""
    label = {"I": "A", "you": "Q", "You": "Q"}.get(span.slice(text))
    return label is not None and _label(text, span.start) == label


def _label(text: str, place: int) -> str:
    """Return the letter of the last label before a place; the empty string where there is none."""
    last = max(text.rfind("\nA", 0, place), text.rfind("\nQ", 0, place))
    while last >= 0 and _LABEL.match(text, last + 1) is None:
        last = max(text.rfind("\nA", 0, last), text.rfind("\nQ", 0, last))
    return text[last + 1] if last >= 0 else ""
