"""Whom words mean that were before a name: "Lima aide Ann Roe" and later "the Lima aide"; the leader of a country.

The first sentence of an article may say "a diver said …", and the second who that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from broadsheet.extraction import lexicon
from broadsheet.extraction.speakers import noun_phrases
from broadsheet.extraction.speakers.context import Context, Parties
from broadsheet.extraction.speakers.nominals import FAR, has_title
from broadsheet.extraction.speakers.titled_sources import is_near
from broadsheet.model import Mention, Span

__all__ = ["announced", "introduced"]

_THE: Final = "the "
_ONE: Final = re.compile(r"(?:an?|one|his|her|the)\s", re.IGNORECASE)
_END: Final = re.compile(r"[,;(]|\s(?:who|whose|whom|which|that)\s")
_SAYS: Final = re.compile(r",\s(?:said|says)\s+(?:[A-Z]\w+\s+){0,2}$")
_NO_PERSONS: Final = frozenset[str]().union(
    *map(lexicon.words, ("document_nouns", "records_and_works", "organisation_nouns", "bodies_without_a_name")),
    *map(lexicon.words, ("governments", "outlet_nouns", "private_person_nouns")),
)
_ADDRESSES: Final = (
    lexicon.words("female_titles") | lexicon.words("male_titles") | {"dr", "doctor", "prof", "professor"}
)
_LONGEST_SENTENCE: Final = 400
_FEWEST: Final = 2
"""Words of a source that are the same before a name, at least."""
_HEADS_OF_COUNTRIES: Final = ("president", "minister", "premier", "chancellor", "king")


def announced(context: Context, span: Span) -> Parties | None:
    """Return who one person without a name is, whom the first sentence of an article quotes and the second names.

    The second begins with the full name, or ends with it behind a verb of speech, and nobody was named so before.
    """
    may_be_announced = _is_one_person(context, span) and _is_first_sentence(context, span.start)
    person = _named_next(context, span) if may_be_announced else None
    return Parties(person.cluster) if person and _agrees(context, span, person.cluster) else None


def _named_next(context: Context, span: Span) -> Mention | None:
    """Return the first full name that is new, where the sentence after a source is about it."""
    begin = context.next_sentence(span.end)
    later = context.people_between(begin, begin + _LONGEST_SENTENCE)
    person = next((m for m in later if _is_new(context, m)), None)
    if person is None or context.sentence_start(person.start) != begin:
        return None
    is_said = _SAYS.search(context.text.text, begin, person.start) is not None
    return person if is_said or _begins(context, begin, person, span) else None


def _is_one_person(context: Context, span: Span) -> bool:
    """Tell whether words are a noun for one person, who is nobody's spokesman: "a diver", "his agent"."""
    words = context.words(span)
    noun = noun_phrases.head_noun(_END.split(words)[0])
    is_other = noun.endswith("s") or "spokes" in noun or noun in _NO_PERSONS
    return _ONE.match(words) is not None and not is_other


def _is_first_sentence(context: Context, place: int) -> bool:
    body = next((p for p in context.text.paragraphs if p.role == "body"), None)
    return body is not None and context.sentence_start(place) == body.start


def _is_new(context: Context, person: Mention) -> bool:
    """Tell whether a mention is the first one of a person, and a full name."""
    is_first = context.mentions_of[person.cluster][0] == person
    return is_first and " " in context.words(person)


def _begins(context: Context, begin: int, person: Mention, span: Span) -> bool:
    """Tell whether a sentence begins with a person, behind a form of address or a word of a source alone."""
    before = {word.rstrip(".") for word in context.text.text[begin : person.start].lower().split()}
    is_plain = before <= _ADDRESSES | set(context.words(span).lower().split())
    return is_plain and noun_phrases.is_subject(context.text.text, person)


def _agrees(context: Context, span: Span, person: int) -> bool:
    sex = noun_phrases.sex_of(noun_phrases.head_noun(_END.split(context.words(span))[0]))
    return context.clusters[person].sex in ("", sex) or not sex


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
