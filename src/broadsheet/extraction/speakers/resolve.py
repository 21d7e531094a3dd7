"""Who the source of a claim is, whose official it is when it has no name, and who was told.

Precision first: where the article does not say it, the answer is None. Nothing is looked up outside the article except
the country that a demonym belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeGuard

from broadsheet import quotes
from broadsheet.extraction import lexicon
from broadsheet.extraction.speakers import addressees, interviews, nominals, pronouns, source_kinds
from broadsheet.extraction.speakers.both import both
from broadsheet.extraction.speakers.context import Context, Parties, Speaker
from broadsheet.extraction.speakers.introductions import announced, introduced
from broadsheet.extraction.speakers.named_sources import named
from broadsheet.extraction.speakers.occupations import of_occupation
from broadsheet.extraction.speakers.owners import owned, speaks_for_owner
from broadsheet.extraction.speakers.titled_sources import titled
from broadsheet.model import Claim, Cluster, Mention, Span, Text
from broadsheet.quotes import Quotation

__all__ = ["Parties", "resolve"]

_CLAUSE = re.compile(r"(?:,|\s--?|\s[–—])\s+who\b", re.IGNORECASE)


def resolve(
    text: Text,
    claims: Sequence[Claim],
    quoted: Sequence[Quotation],
    clusters: Sequence[Cluster],
    mentions: Sequence[Mention],
) -> list[Parties]:
    """Return the parties of each claim, in the order of `claims`."""
    context = Context.of(text, clusters, mentions, quoted)
    known: dict[int, Parties] = {}
    for at in sorted(range(len(claims)), key=lambda i: (_depth(claims, i), _place(claims[i]), i)):
        outer = claims[at].nested_in
        if outer is None:
            known[at] = _parties(context, claims[at], known)
        else:
            known[at] = _inside(context, claims[at], known[outer], quoted)
    return [known[at] for at in range(len(claims))]


def _depth(claims: Sequence[Claim], at: int) -> int:
    """Return in how many claims a claim is."""
    outer = claims[at].nested_in
    return 0 if outer is None else 1 + _depth(claims, outer)


def _place(claim: Claim) -> tuple[int, int]:
    """Return where the source is; of two that begin together the longer comes first."""
    one = claim.attribution
    spans = one.source or one.cue or one.content
    return spans[0].start, -spans[-1].end


def _parties(context: Context, claim: Claim, known: Mapping[int, Parties]) -> Parties:
    parties = Parties()
    for span in claim.attribution.source[:1]:
        parties = _of_a_kind(context, span, _source(context, span))
        if context.words(span) == "We":
            parties = replace(parties, kind="organisation")
        context.speakers.append(Speaker(span.start, context.words(span), parties))
    return _through(parties, addressees.via(context, claim, known))


def _inside(context: Context, claim: Claim, outer: Parties, quoted: Sequence[Quotation]) -> Parties:
    """Return the parties of a claim inside another, whose source no later pronoun refers to.

    "I" is the source of the outer claim; "he" inside quotation marks is somebody else.
    """
    parties = Parties()
    for span in claim.attribution.source[:1]:
        word = context.words(span).lower()
        if word in lexicon.words("first_person_pronouns"):
            parties = replace(outer, via=None)
            continue
        if word.startswith("my ") and speaks_for_owner(word):
            parties = _of_a_kind(context, span, Parties(affiliation=outer.entity))
            continue
        marks = quotes.touching(quoted, span.start, span.end)
        found = _in_quotation(context, span, marks[0].start, outer) if marks else _source(context, span)
        parties = _of_a_kind(context, span, found)
    return _through(parties, addressees.via(context, claim, {0: outer}))


def _in_quotation(context: Context, span: Span, begin: int, outer: Parties) -> Parties:
    """Return who a source inside a speaker's quotation marks is, which begin at `begin`."""
    word = context.words(span).lower()
    if word in lexicon.words("personal_pronouns"):
        return pronouns.quoted(context, span, begin, outer.entity)
    if word == "you":
        return Parties(pronouns.addressed(context, begin, span.start))
    return _source(context, span)


def _through(parties: Parties, told: int | None) -> Parties:
    """Return the parties with who was told, else who saw the source, where that is not the source itself."""
    via = parties.via if told is None else told
    return replace(parties, via=via if via != parties.entity else None)


def _of_a_kind(context: Context, span: Span, parties: Parties) -> Parties:
    """Return the parties with the kind that the words of the source show; a pronoun has the kind of whom it means.

    A document is nobody: it is from the entity that was found for its words.
    """
    if pronouns.is_pronoun(context.words(span)):
        return parties
    kind, named = source_kinds.kind_of_words(context, span, parties.affiliation), source_kinds.named_in(context, span)
    if kind == "document" and named is None:
        owner = parties.affiliation if parties.entity is None else parties.entity
        return Parties(None, owner, parties.via, None, kind)
    return replace(parties, named=parties.named if named is None else named, kind=kind)


def _source(context: Context, span: Span) -> Parties:
    """Return who a source is: by the first of these ways that tells it, a pronoun or a label before the others."""
    meant = pronouns.pronoun(context, span) or interviews.answering(context, span) or both(context, span)
    if meant is not None:
        return meant
    span = _without_clause(context, span)
    found = named(context, span)
    if _is_entity(found):
        return found
    called = _called(context, span, has_name=found is not None)
    if _is_entity(called):
        return called
    return announced(context, span) or called or found or Parties()


def _is_entity(found: Parties | None) -> TypeGuard[Parties]:
    return found is not None and found.entity is not None


def _without_clause(context: Context, span: Span) -> Span:
    """Return a source without what is said of it: "the mayor" for "the mayor, who spoke in Bergen"."""
    clause = _CLAUSE.search(context.text.text, span.start, span.end)
    return Span(span.start, clause.start()) if clause else span


def _called(context: Context, span: Span, *, has_name: bool) -> Parties | None:
    """Return whom a noun means, with or without a name beside it; else whose official it is."""
    by_noun = introduced(context, span) or titled(context, span) if has_name else _without_name(context, span)
    return by_noun or of_occupation(context, span)


def _without_name(context: Context, span: Span) -> Parties | None:
    """Return whom a noun means, else its owner: a person who was called so comes before the owner."""
    meant = nominals.nominal(context, span)
    is_person = meant is not None and meant.entity is not None
    return meant if is_person else owned(context, span) or meant
