"""Sources that contain a name: the name itself, or the body or person whose official an unnamed source is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import names
from broadsheet.extraction.speakers import noun_phrases
from broadsheet.extraction.speakers.context import Context, Parties
from broadsheet.extraction.speakers.noun_phrases import Phrase
from broadsheet.model import Mention, Span

__all__ = ["heads", "is_one_of_a_people", "named"]

_WORD = re.compile(r"[\w-]+\.?")
_COMMA = re.compile(r"\s*,")
_LIST = re.compile(r"\s*(,|,?\s*(?:and|or|&))\s*(?:the\s+)?")
_BESIDE = re.compile(r"([\w’'-]+\.?)\s+(?:and|or|&)\s+(?:the\s+)?$")
_AND = re.compile(r"(?:\s*\([^()]{1,20}\))?\s+(?:and|or|&)\s+\S")
"""What follows a name beside which another is named: " and Lind", " (D) and Lind"."""
_SEEN = re.compile(
    r"\b(?:(?:seen|obtained|reviewed|viewed|examined|read|heard|acquired|accessed|inspected)\s+by"
    r"|(?:shown|leaked|provided|given|sent|shared)\s+(?:to|with))\s+(?:[Tt]he\s+)?$"
)
"""The words before a name that say who saw or got a document."""
_PREFIX = 8
_SIDE_WITH = re.compile(r"\b(?:anti|pro|non)-$", re.IGNORECASE)
_THE = re.compile(r"\s*the\s+", re.IGNORECASE)
_CHAMBERS = frozenset({"board", "commission", "committee", "council", "panel"})
_DOCUMENTS = lexicon.words("document_nouns") | lexicon.words("records_and_works")
_BODIES = lexicon.words("organisation_nouns") - {"agency", "party", "website"}
_OF_OFFICE = re.compile(
    rf"\s(?:for|of|to)\s+the\s+(?:[\w-]+\s+){{0,2}}(?:{lexicon.alternatives('offices')})$", re.IGNORECASE
)
"""An office at the end of whom a source speaks for: "a spokesman for the Harbour Minister"."""
_NEWS = re.compile(r"^news\s+")
_RELATIVE_OF = re.compile(
    rf"\b(?:{lexicon.alternatives('female_relatives')}|{lexicon.alternatives('male_relatives')})\s+of\s+(?:[\w.]+\s+)*$"
)
_APPOSITION = 40
"""Code points after a source within which a name in apposition begins."""
_PLURAL_OR_ADJECTIVE = ("s", "ese", "ish", "ch")


def named(context: Context, span: Span) -> Parties | None:
    """Return who a source with a name is: its head, a name in apposition, or whose official it is.

    None if the source has no name that says so.
    """
    phrases = context.phrases(span)
    if not any(phrase.names for phrase in phrases):
        return None
    about = heads(phrases[0])
    if len(about) > 1 or _has_company(context, span, about):
        return Parties()
    if about:
        if _is_child(context, about[0], span):
            return _namesake(context, about[0], span)
        is_part = is_one_of_a_people(context, about[0]) or _is_part_of_a_people(context, phrases[0], about[0])
        return Parties() if is_part else Parties(entity=about[0].cluster)
    return _in_apposition(context, phrases, span) or _described(context, phrases[0], span)


def heads(phrase: Phrase) -> list[Mention]:
    """Return the mentions the phrase is about; one cluster named twice counts once."""
    found: dict[int, Mention] = {}
    for mention in phrase.mentions("head"):
        found.setdefault(mention.cluster, mention)
    return list(found.values())


def _has_company(context: Context, span: Span, about: Sequence[Mention]) -> bool:
    """Tell whether somebody else speaks too: "Roe and his wife", "the crew and Roe", "Roe (D) and Lind (R)"."""
    text = context.text.text
    before = (match for m in about if (match := _BESIDE.search(text, span.start, m.start)))
    after = (_AND.match(text, m.end, span.end) for m in about)
    return any(after) or any(not noun_phrases.is_title(match[1]) for match in before)


def is_one_of_a_people(context: Context, mention: Mention) -> bool:
    """Tell whether a demonym means one person: "the Russian", not "the Russians"."""
    return context.kind(mention.cluster) == "NORP" and not context.words(mention).endswith(_PLURAL_OR_ADJECTIVE)


def _is_child(context: Context, mention: Mention, span: Span) -> bool:
    """Tell whether a source says that a name is that of a relative of its own bearer: "Roe, the son of Tom Roe"."""
    others = (m for m in context.inside(Span(mention.end, span.end)) if m.cluster == mention.cluster)
    return any(_RELATIVE_OF.search(context.text.text, mention.end, m.start) for m in others)


def _namesake(context: Context, mention: Mention, span: Span) -> Parties:
    """Return the last other person before a source whose name ends as another does, else only that it is one."""
    surname = context.words(mention).split()[-1]
    before = reversed(context.people_between(0, span.start))
    named = (m.cluster for m in before if context.words(m).endswith(f" {surname}") and m.cluster != mention.cluster)
    one = next(named, None)
    return Parties(named=mention.cluster) if one is None else Parties(one)


def _is_part_of_a_people(context: Context, phrase: Phrase, mention: Mention) -> bool:
    """Tell whether a phrase is about some of a people or a party: "Most Germans", "the Democrats of Lima"."""
    text = context.text.text
    before, after = text[phrase.span.start : mention.start], text[mention.end : phrase.span.end]
    is_whole = before.strip().lower() in ("", "the") and noun_phrases.PREPOSITIONS.isdisjoint(after.split())
    return context.kind(mention.cluster) == "NORP" and not is_whole


def _in_apposition(context: Context, phrases: Sequence[Phrase], span: Span) -> Parties | None:
    """Return the person named in apposition; of several only that they are named is known."""
    for phrase in phrases[1:]:
        person = _person_in_apposition(context, phrase)
        if person is not None:
            return _introduced_as(context, phrases[0], phrase, person)
    body = _body_in_apposition(context, phrases)
    if body is not None:
        return Parties(entity=body.cluster)
    is_document = noun_phrases.head_noun(phrases[0].words) in _DOCUMENTS
    after = None if is_document else _person_after(context, span)
    return Parties(entity=after.cluster) if after is not None else None


def _introduced_as(context: Context, first: Phrase, phrase: Phrase, person: Mention) -> Parties:
    """Return the person named in apposition, or that the source is of it: "an aide to the minister, Ann Roe"."""
    if _has_another(context, phrase, person):
        return Parties(named=person.cluster)
    is_of_office = not first.names and _OF_OFFICE.search(first.words) is not None
    return Parties(affiliation=person.cluster) if is_of_office else Parties(entity=person.cluster)


def _body_in_apposition(context: Context, phrases: Sequence[Phrase]) -> Mention | None:
    """Return the body that is all of the second phrase, where the first is a noun, no title: "the operator, Acme"."""
    first, *others = phrases
    noun = first.words.lower().removeprefix("the ")
    is_noun = not first.names and " " not in noun and not noun_phrases.is_title(noun)
    return _body_alone(context, others[0]) if is_noun and others else None


def _body_alone(context: Context, phrase: Phrase) -> Mention | None:
    """Return the body whose name is all of a phrase."""
    whole = (m for m in phrase.mentions("head") if context.words(m) == phrase.words)
    return next((m for m in whole if context.kind(m.cluster) == "ORG"), None)


def _person_in_apposition(context: Context, phrase: Phrase) -> Mention | None:
    """Return the first person of an appositive that begins with a name behind titles or an occupation.

    Nobody where they are only examples: "officials, including Ann Roe".
    """
    first = next((mention for mention in phrase.mentions("head") if context.is_person(mention.cluster)), None)
    if first is None or _is_example(context, phrase):
        return None
    return first if _is_introduced(context, _after_names(phrase, first), first.start) else None


def _after_names(phrase: Phrase, person: Mention) -> int:
    """Return where the last name before a person ends that only describes the person, else where the phrase begins."""
    return max((m.end for m in phrase.mentions("modifier") if m.end <= person.start), default=phrase.span.start)


def _has_another(context: Context, phrase: Phrase, person: Mention) -> bool:
    """Tell whether "and" joins another person to one: "Ann Roe of Lima and Tom Lind"."""
    text = context.text.text
    later = (m for m in phrase.mentions("head", "after") if m.start > person.end and context.is_person(m.cluster))
    return any(noun_phrases.word_before(text, m.start) == "and" for m in later)


def _is_example(context: Context, phrase: Phrase) -> bool:
    before = context.text.text[max(0, phrase.span.start - _APPOSITION) : phrase.span.start]
    return before.rstrip().lower().endswith("including")


def _person_after(context: Context, span: Span) -> Mention | None:
    """Return the person named between commas right after the source, which a reader may have cut too short."""
    following = context.between(span.end, span.end + _APPOSITION + 1)[:1]
    comma = _COMMA.match(context.text.text, span.end)
    if not following or comma is None or not context.is_person(following[0].cluster):
        return None
    is_closed = _COMMA.match(context.text.text, following[0].end) is not None
    return following[0] if is_closed and _has_only_titles(context, comma.end(), following[0].start) else None


def _is_introduced(context: Context, start: int, end: int) -> bool:
    """Tell whether only titles are before a name, or an occupation directly before it: "her lawyer's aide Ann Roe"."""
    words = _WORD.findall(context.text.text[start:end].lower())
    is_plain = noun_phrases.PREPOSITIONS.isdisjoint(words)
    return _has_only_titles(context, start, end) or (is_plain and words[-1] in lexicon.words("occupations"))


def _has_only_titles(context: Context, start: int, end: int) -> bool:
    return all(noun_phrases.is_title(word) for word in _WORD.findall(context.text.text[start:end]))


def _described(context: Context, phrase: Phrase, span: Span) -> Parties | None:
    """Return who wrote a document, or whose official an unnamed source is; and who saw or got the document."""
    seen = _seen_by(context, phrase)
    known = replace(phrase, names=tuple(name for name in phrase.names if name.mention != seen))
    found = _author(context, known) or _itself(context, known) or _official(context, known, span)
    return replace(found or Parties(), via=seen.cluster) if seen else found


def _seen_by(context: Context, phrase: Phrase) -> Mention | None:
    """Return who saw or got what a source is, and neither wrote nor employs it: "a letter seen by Argus"."""
    text = context.text.text
    return next((m for m in phrase.mentions("after") if _SEEN.search(text, phrase.span.start, m.start)), None)


def _author(context: Context, phrase: Phrase) -> Parties | None:
    """Return who wrote a document: "a statement from spokesman X", "a report by X"."""
    if noun_phrases.head_noun(phrase.words) not in lexicon.words("document_nouns"):
        return None
    for mention in phrase.mentions("after"):
        words = context.text.text[phrase.span.start : mention.start].lower().split()
        prepositions = [word for word in words if word in noun_phrases.PREPOSITIONS]
        if prepositions and prepositions[-1] in ("from", "by") and "of" not in prepositions:
            return Parties(affiliation=mention.cluster)
    return None


def _itself(context: Context, phrase: Phrase) -> Parties | None:
    """Return the body whose name is between "the" and the noun for what it is: "the Acme company"."""
    text, span = context.text.text, phrase.span
    for mention in phrase.mentions("modifier"):
        is_between = _THE.fullmatch(text, span.start, mention.start) is not None
        is_body = context.kind(mention.cluster) == "ORG" and not names.is_party(context.words(mention))
        noun = _NEWS.sub("", text[mention.end : span.end].strip().lower())
        if is_between and is_body and noun in _BODIES | lexicon.words("outlet_nouns"):
            return Parties(entity=mention.cluster)
    return _in_short(context, phrase)


def _in_short(context: Context, phrase: Phrase) -> Parties | None:
    """Return the only body whose name has all words of a source.

    "The tide committee" is the Lima Committee on Tide.
    """
    first, *words = _WORD.findall(phrase.words.lower())
    is_body = first == "the" and not _CHAMBERS.isdisjoint(words[-1:])
    found = [at for at in range(len(context.clusters)) if _is_body_with(context, at, words)] if is_body else []
    return Parties(found[0]) if len(found) == 1 else None


def _is_body_with(context: Context, cluster: int, words: Sequence[str]) -> bool:
    name = _WORD.findall(context.clusters[cluster].name.lower())
    return set(words) <= set(name) and context.kind(cluster) == "ORG"


def _official(context: Context, phrase: Phrase, span: Span) -> Parties | None:
    """Return whose official an unnamed source is: the name before the noun, else the one after its preposition."""
    noun = noun_phrases.head_noun(noun_phrases.without_quantity(phrase.words))
    if noun in lexicon.words("private_person_nouns"):
        return None
    before = [m for m in phrase.mentions("modifier", "owner") if _may_employ(context, m)]
    if before:
        return (
            Parties()
            if _are_joined(context, before)
            else Parties(affiliation=_employer(context, _foremost(context, before)))
        )
    after = phrase.mentions("after")
    if not after:
        return None
    return Parties() if _is_listed(context, after[0], span) else Parties(affiliation=_employer(context, after[0]))


def _may_employ(context: Context, mention: Mention) -> bool:
    """Tell whether a name before a noun may be that of an employer.

    It is no direction, nor part of "pro-Lima fighters" and "the Lima-based agency".
    """
    is_direction = context.words(mention).lower() in lexicon.words("directions")
    prefix = context.text.text[max(0, mention.start - _PREFIX) : mention.start]
    is_joined = _SIDE_WITH.search(prefix) is not None or context.text.text.startswith("-based", mention.end)
    return not is_direction and not is_joined


def _are_joined(context: Context, before: Sequence[Mention]) -> bool:
    """Tell whether "and" is between the last two names before a noun: "US and Israeli sailors"."""
    text = context.text.text
    return any(text[one.end : other.start] in (" and ", " or ") for one, other in pairwise(before[-2:]))


def _foremost(context: Context, before: Sequence[Mention]) -> Mention:
    """Return the name whose official a noun behind names is: the last one, or the first that a slash joins to it."""
    joined = (m for m in before if context.text.text.startswith("/", m.end))
    return next(joined, before[-1])


def _is_listed(context: Context, first: Mention, span: Span) -> bool:
    """Tell whether a name is the first of several side by side: "in Washington, Moscow and Cairo"."""
    names = [first, *context.inside(Span(first.end, span.end))]
    for one, following in pairwise(names):
        gap = _LIST.fullmatch(context.text.text, one.end, following.start)
        if gap is None or gap[1] != ",":
            return gap is not None
    return False


def _employer(context: Context, mention: Mention) -> int:
    """Return the cluster of the country behind a demonym if the article names the country, else the mention's own."""
    if context.kind(mention.cluster) != "NORP":
        return mention.cluster
    return context.countries.get(context.country_of(mention), mention.cluster)
