"""Whom a noun for one person means where the article gives it to nobody by name.

It is an occupation ("the actress", "the Chilean novelist"), an office that many hold ("the senator"), a member of a
party ("the Ohio Republican") or an age ("the 70-year-old").
"""

from __future__ import annotations

import re
from functools import partial

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import names
from broadsheet.extraction.speakers import nominals, noun_phrases, pronouns, protagonists, salience
from broadsheet.extraction.speakers.context import Context, Parties
from broadsheet.extraction.speakers.named_sources import is_one_of_a_people
from broadsheet.extraction.speakers.titled_sources import label, labelled, member_of
from broadsheet.model import Mention, Span

__all__ = ["of_occupation"]

_NEAR = 1
"""How many paragraphs before its own an occupation may refer to."""
_END = re.compile(r"[,;(]")
_MOST_WORDS = 7
_JUDGES = frozenset({"judge", "justice"})
_AGE = re.compile(r"\d{1,3}-year-old")
_ANOTHER = r"\b(?:an?|one|another|his|her|their|\w+[’']s)\s+(?:[\w-]+\s+){{0,3}}{}\b(?!,?\s+(?-i:[A-Z]))"


def of_occupation(context: Context, span: Span) -> Parties | None:
    """Return the person who is foremost where a source is an occupation, else the last one called so.

    None where it is another source.
    """
    noun = noun_phrases.head_noun(context.words(span))
    if not _is_occupation(context, span, noun) or _is_of_another(context, span, noun):
        return None
    start = context.paragraph_start(span.start, _NEAR)
    best = salience.described(context, start, span.start, partial(_may_be, context, noun))
    entity = best.parties.entity if best else None
    if noun not in lexicon.words("occupations"):
        return Parties(entity) if entity is not None and _is_sure(context, entity, span) else None
    if entity is not None:
        return Parties(protagonists.meant(context, entity, noun, span))
    return nominals.bearer(context, span, noun, span.start - nominals.FAR)


def _is_sure(context: Context, person: int, span: Span) -> bool:
    """Tell whether the sentences nearby are about no other person, and the party and the place fit nobody else."""
    begin = context.paragraph_start(span.start)
    about = context.topics(begin, span.start) or context.topics(context.paragraph_start(span.start, _NEAR), begin)
    is_only = {m.cluster for m in about} == {person}
    return is_only and any(map(context.begins_sentence, about)) and _is_the_member(context, person, span)


def _is_the_member(context: Context, person: int, span: Span) -> bool:
    """Tell whether a person may be "the Ohio Republican": is not "(R-Utah)", and nobody else is "(R-Ohio)"."""
    member = member_of(context, span)
    if member is None:
        return True
    of_person = {label(context, m) for m in context.mentions_of[person]} - {None}
    return of_person <= {member} and labelled(context, member, len(context.text.text)) <= {person}


def _is_occupation(context: Context, span: Span, noun: str) -> bool:
    """Tell whether a source is "the", a noun for one person, and what describes it: no other name, no preposition."""
    words = context.words(span)
    first, *rest = words.lower().split()
    is_phrase = first == "the" and len(rest) < _MOST_WORDS and _END.search(words) is None
    is_alone = noun_phrases.PREPOSITIONS.isdisjoint(rest)
    described = map(partial(_describes, context, noun), context.inside(span))
    return is_phrase and is_alone and _is_of_one(context, span, noun) and all(described)


def _is_of_one(context: Context, span: Span, noun: str) -> bool:
    """Tell whether a noun is an occupation, an office that many hold, an age, or one of a people or a party."""
    if noun in lexicon.words("occupations") | lexicon.words("common_offices"):
        return True
    return _AGE.fullmatch(noun) is not None or _is_member(context, span)


def _is_member(context: Context, span: Span) -> bool:
    """Tell whether a source ends with the name of one of a people or a party: "the Ohio Republican"."""
    last = [m for m in context.inside(span) if m.end == span.end and context.words(m) in names.known()]
    return any(map(partial(is_one_of_a_people, context), last))


def _describes(context: Context, noun: str, mention: Mention) -> bool:
    """Tell whether a name only describes somebody: a people, a place, a party, or a work in quotation marks.

    The body of a judge does, too: "the Supreme Court justice".
    """
    is_quoted = context.text.text[mention.start - 1 : mention.start] in ("“", '"', "‘", "'")
    is_party = names.is_party(context.words(mention))
    kinds = ("NORP", "GPE", "PRODUCT", *(["ORG"] if noun in _JUDGES else []))
    return is_quoted or is_party or context.kind(mention.cluster) in kinds


def _is_of_another(context: Context, span: Span, noun: str) -> bool:
    """Tell whether somebody without a name has that occupation nearby: "a singer", "his lawyer"."""
    start = context.paragraph_start(span.start, _NEAR)
    return re.search(_ANOTHER.format(noun), context.text.text[start : span.start], re.IGNORECASE) is not None


def _may_be(context: Context, noun: str, one: salience.Reference) -> bool:
    word = {"f": "she", "m": "he"}.get(noun_phrases.sex_of(noun), "")
    return one.parties.entity is None or not word or pronouns.agrees(context, one.parties.entity, word)
