"""Whom an article is about, where a description does not fit the person who was named last."""

from __future__ import annotations

from typing import Final

from broadsheet.extraction.speakers import nominals
from broadsheet.extraction.speakers.context import Context
from broadsheet.model import Mention, Span

__all__ = ["meant", "times_named"]

_FEWEST: Final = 3
"""How often the article names a person, at least, for a description to mean this person and not the one named last."""
_TIMES: Final = 2
"""How many times as often as the one named last this person is named, at least."""


def meant(context: Context, person: int, noun: str, source: Span) -> int:
    """Return whom a description means that follows a person: this person, or the one whom the article is about.

    The second is meant where two things hold: the first has another office ("Mayor Roe") and is never called by the
    noun, and the second, named in this paragraph or the one before, is named twice as often.
    """
    known = [m for m in context.mentions_of[person] if m.start < source.start]
    if not _is_something_else(context, person, noun, known):
        return person
    counts = times_named(context, context.paragraph_start(source.start, 1), source.start)
    most = max(counts, key=lambda one: (counts[one], -one), default=person)
    return most if counts.get(most, 0) >= max(_FEWEST, _TIMES * len(known)) else person


def times_named(context: Context, start: int, place: int) -> dict[int, int]:
    """Return how often the article names each person of [start, place) before the place."""
    nearby = {m.cluster for m in context.people_between(start, place)}
    return {one: sum(m.start < place for m in context.mentions_of[one]) for one in nearby}


def _is_something_else(context: Context, person: int, noun: str, known: list[Mention]) -> bool:
    """Tell whether a person has an office or a body right before the name, and is never called by a noun."""
    if any(nominals.is_called(context, mention, noun) for mention in known):
        return False
    return bool(context.clusters[person].offices) or any(_is_of_body(context, mention) for mention in known)


def _is_of_body(context: Context, mention: Mention) -> bool:
    before = context.between(mention.start - nominals.LONGEST_BODY, mention.start)[-1:]
    return any(m.end == mention.start - 1 and context.kind(m.cluster) == "ORG" for m in before)
