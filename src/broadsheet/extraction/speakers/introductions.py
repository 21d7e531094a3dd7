"""Whom words mean that were before a name: "Lima aide Ann Roe" and later "the Lima aide"; the leader of a country."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from broadsheet.extraction.speakers import noun_phrases
from broadsheet.extraction.speakers.context import Context, Parties
from broadsheet.extraction.speakers.nominals import FAR, has_title
from broadsheet.extraction.speakers.titled_sources import is_near
from broadsheet.model import Mention, Span

__all__ = ["introduced"]

_THE: Final = "the "
_FEWEST: Final = 2
"""Words of a source that are the same before a name, at least."""
_HEADS_OF_COUNTRIES: Final = ("president", "minister", "premier", "chancellor", "king")


def introduced(context: Context, span: Span) -> Parties | None:
    """Return the only person before a source who was introduced with its words, or as the head of its country."""
    words = context.words(span).lower()
    if not words.startswith(_THE):
        return None
    people = context.people_between(span.start - FAR, span.start)
    return _only(_called_so(context, people, words.removeprefix(_THE))) or _only(_leaders(context, people, span))


def _only(people: set[int]) -> Parties | None:
    return Parties(min(people)) if len(people) == 1 else None


def _called_so(context: Context, people: Iterable[Mention], words: str) -> set[int]:
    """Return the people with words directly before their names."""
    if len(words.split()) < _FEWEST:
        return set()
    text, length = context.text.text, len(words) + 1
    return {m.cluster for m in people if text[m.start - length : m.start].lower() == f"{words} "}


def _leaders(context: Context, people: Iterable[Mention], span: Span) -> set[int]:
    """Return the people with the office of a head of the country whose leader a source is: "the Chilean leader"."""
    country = "; ".join(context.country_of(m) for m in context.inside(span))
    is_leader = noun_phrases.head_noun(context.words(span)) == "leader" and country != ""
    heads = {m.cluster for m in people if _is_head(context, m)} if is_leader else ()
    return {one for one in heads if is_near(context, one, country, span.start)}


def _is_head(context: Context, person: Mention) -> bool:
    return any(has_title(context, person, title) for title in _HEADS_OF_COUNTRIES)
