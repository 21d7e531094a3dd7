"""Whom a title with a name beside it means: "the Libyan general", "the Labour candidate", "the Lima banker"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import names
from broadsheet.extraction.speakers import noun_phrases, protagonists
from broadsheet.extraction.speakers.context import Context, Parties
from broadsheet.extraction.speakers.nominals import FAR, TITLES_BEFORE, has_title
from broadsheet.model import Mention, Span

__all__ = ["is_near", "label", "labelled", "member_of", "titled"]

_NEAR = 60
"""Code points within which a country counts as named beside a person."""
_QUOTED = re.compile(r"[”\"»]\s+$|''\s+$")
_PARTY = re.compile(r"(?:,\s+|\s+[(\[])([A-Z])-")
_TITLES = re.compile(rf"(?:\s+[\w-]+\.?){{1,{TITLES_BEFORE}}}\s+")
_OF = re.compile(r"(?<!secretary )\b(?:of|for|from|at)\b")


def titled(context: Context, span: Span) -> Parties | None:
    """Return whom a title means: who was introduced so, the only one so titled, or whom the text before is about.

    The party is between the titles of the person who was introduced, a country near the only one who has the title.
    Where nobody before has it, it is the only one with the title behind the source.
    """
    member = _of_party(context, span)
    if member is not None:
        return Parties(member)
    words = context.words(span)
    noun = noun_phrases.head_noun(words)
    is_title = noun in lexicon.words("military_ranks") | lexicon.words("offices")
    people = _with_title(context, span, noun) if is_title and words.lower().startswith("the ") else set()
    return Parties(entity=people.pop()) if len(people) == 1 else None


def _with_title(context: Context, span: Span, noun: str) -> set[int]:
    """Return the people who may be meant by a title."""
    before = _titled_between(context, noun, span.start - FAR, span.start)
    people = (
        _introduced(context, before, span)
        or _of_country(context, before, span)
        or {protagonists.meant(context, one, noun, span) for one in _topic(context, before, span)}
    )
    return people if people or before else _named_later(context, span, noun)


def _titled_between(context: Context, noun: str, start: int, end: int) -> list[Mention]:
    """Return the mentions in [start, end) that have a title before them."""
    return [m for m in context.between(start, end) if has_title(context, m, noun)]


def _of_party(context: Context, span: Span) -> int | None:
    """Return the only person of the article with a place and the letter of a party, for "the Ohio Republican"."""
    member = member_of(context, span)
    found = labelled(context, member, span.start) if member else set()
    return found.pop() if len(found) == 1 else None


def member_of(context: Context, span: Span) -> tuple[str, int] | None:
    """Return the letter of the party and the place of "the Ohio Republican"; None for other sources."""
    inside = context.inside(span)
    if [context.kind(m.cluster) for m in inside] != ["GPE", "NORP"] or inside[1].end != span.end:
        return None
    return context.words(inside[1])[0], inside[0].cluster


def labelled(context: Context, member: tuple[str, int], limit: int) -> set[int]:
    """Return the people before `limit` with this letter and place behind their names."""
    return {m.cluster for m in context.people_between(0, limit) if label(context, m) == member}


def label(context: Context, person: Mention) -> tuple[str, int] | None:
    """Return the party and the place of a person from what follows the name: "Ann Roe (R-Ohio)", "Ann Roe, R-Ohio"."""
    found = _PARTY.match(context.text.text, person.end)
    place = context.between(found.end(), found.end() + 1) if found else []
    return (found[1], place[0].cluster) if found and place else None


def _introduced(context: Context, titled: Sequence[Mention], span: Span) -> set[int]:
    """Return the one person whose titles begin with the name in a source ("Labour candidate Ann Lee"), if it is one."""
    people = {m.cluster for m in titled if _has_name_before(context, m, context.inside(span))}
    return people if len(people) == 1 else set()


def _of_country(context: Context, titled: Sequence[Mention], span: Span) -> set[int]:
    """Return the people with a title, none if not all of them have the one country of a source named near them."""
    people = {m.cluster for m in titled}
    countries = {context.country_of(m) for m in context.inside(span)} - {""}
    near = (is_near(context, person, country, span.start) for person in people for country in countries)
    return people if len(countries) == 1 and all(near) else set()


def _named_later(context: Context, span: Span, noun: str) -> set[int]:
    """Return the people behind "the Lima governor" who have the title, none where one has that of another place."""
    is_of_place = [context.kind(m.cluster) for m in context.inside(span)] == ["GPE"]
    later = _titled_between(context, noun, span.end, len(context.text.text)) if is_of_place else []
    return set() if _are_others(context, later, span) else {m.cluster for m in later}


def _topic(context: Context, titled: Sequence[Mention], span: Span) -> set[int]:
    """Return the people whom the sentences before a source are about, none if the article gives others its title."""
    topics = _about_whom(context, span.start)
    may_be_meant = topics <= {m.cluster for m in titled} or not titled
    is_other = _is_officer(context, span) or _are_others(context, titled, span)
    return topics if may_be_meant and not is_other else set()


def _is_officer(context: Context, span: Span) -> bool:
    """Tell whether a title is that of a body, as of "the chair of the board" and "the police director"."""
    return _OF.search(context.words(span)) is not None or any(_is_body(context, m) for m in context.inside(span))


def _about_whom(context: Context, place: int) -> set[int]:
    """Return the people whom the paragraph of a place is about before it.

    They are those of the paragraph before where it is about nobody, not even about what is somebody's.
    """
    begin = context.paragraph_start(place)
    owners = [m for m in context.people_between(begin, place) if noun_phrases.is_owner(context.text.text, m)]
    here = _people_about(context, begin, place)
    return here if here or owners else _people_about(context, context.paragraph_start(place, 1), place)


def _people_about(context: Context, start: int, end: int) -> set[int]:
    """Return the people with whom the sentences of [start, end) begin, else those who speak there after a quotation."""
    begun = context.topics(start, end)
    about = {m.cluster for m in begun if context.begins_sentence(m)}
    return about or set(filter(context.is_person, _quoted(context, start, context.sentence_start(end))))


def _quoted(context: Context, start: int, end: int) -> Iterator[int]:
    """Yield who speaks in [start, end) directly after a quotation."""
    for one in context.speakers_between(start, end):
        if one.parties.entity is not None and _QUOTED.search(context.text.text[start : one.start]):
            yield one.parties.entity


def _are_others(context: Context, titled: Sequence[Mention], span: Span) -> bool:
    """Tell whether a person was introduced with the title and another name: "the Labour candidate" is not a Green."""
    return any(_has_name_before(context, m, context.inside(span)) is False for m in titled)


def _is_body(context: Context, mention: Mention) -> bool:
    """Tell whether a name is that of a body that has officers, not of a place, a people or a party."""
    return context.kind(mention.cluster) in ("ORG", "PERSON") and not names.is_party(context.words(mention))


def _has_name_before(context: Context, person: Mention, inside: Sequence[Mention]) -> bool | None:
    """Tell whether the name before the titles of a person is the only one of a source; None where there is none."""
    before = context.between(person.start - _NEAR, person.start)[-1:]
    if not before or _TITLES.fullmatch(context.text.text, before[0].end, person.start) is None:
        return None
    return {m.cluster for m in inside} == {before[0].cluster}


def is_near(context: Context, cluster: int, country: str, limit: int) -> bool:
    """Tell whether a country is named beside a person before `limit`."""
    places = (m.start for m in context.mentions_of[cluster])
    beside = (m for at in places for m in context.between(at - _NEAR, at + _NEAR + 1) if m.end <= limit)
    return any(context.country_of(m) == country for m in beside)
