"""Whom a noun means that names nobody: "the general", "the ministry", "the statement"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain

from broadsheet.extraction import lexicon
from broadsheet.extraction.speakers import noun_phrases, sentences
from broadsheet.extraction.speakers.context import Context, Parties, Speaker
from broadsheet.model import Mention, Span

__all__ = ["FAR", "TITLES_BEFORE", "bearer", "has_title", "nominal"]

FAR = 20_000
"""Code points over which a title or a statement is remembered."""
_WORD = re.compile(r"[\w’'-]+\.?")
_PHRASE_END = re.compile(r"[,;(]")
_OF = re.compile(r"\b(?:of|for|from|at)\b")
_DEFINITE = re.compile(rf"(?:{lexicon.alternatives('definite_determiners')})\b", re.IGNORECASE)
_APPOSITIVE = re.compile(r"\s*,\s+(?:the|an?)\s+([^,.;]{1,60})")
_BODIES = lexicon.words("bodies_without_a_name") | lexicon.words("governments")
_NUMBERS = frozenset(
    {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "couple", "duo", "pair", "trio"}
)
TITLES_BEFORE = 3
_BACK = 2
"""Paragraphs before its own to which a noun refers that the article used of several, or an occupation."""


def nominal(context: Context, span: Span) -> Parties | None:
    """Return whom "the general", "the ministry" or "the statement" means: the last one the article called so.

    A body or a government is not a person: "the campaign" is not Ann Roe, the campaign manager.
    """
    found = _nominal(context, span)
    is_person = found is not None and found.entity is not None and context.is_person(found.entity)
    noun = noun_phrases.head_noun(_PHRASE_END.split(context.words(span))[0])
    return None if is_person and noun in _BODIES else found


def _nominal(context: Context, span: Span) -> Parties | None:
    words = context.words(span)
    noun = noun_phrases.head_noun(_PHRASE_END.split(words)[0])
    if not _may_refer(noun, words):
        return None
    if noun in lexicon.words("document_nouns"):
        return _document(context, span, noun)
    is_common = noun in lexicon.words("occupations")
    begin = context.paragraph_start(span.start, _BACK) if is_common else span.start - FAR
    called = [s for s in context.speakers_between(begin, span.start) if _is_such(context, s, noun, words)]
    if called:
        return _last(context, called, span.start)
    return bearer(context, span, noun, begin) or _body_that_spoke(context, span, noun)


def _may_refer(noun: str, words: str) -> bool:
    """Tell whether words mean something named before: not "the two", and not what is of something else."""
    is_noun = noun != "" and noun not in _NUMBERS
    return is_noun and _DEFINITE.match(words) is not None and _OF.search(words) is None


def _body_that_spoke(context: Context, span: Span, noun: str) -> Parties | None:
    """Return the only body that spoke in this paragraph and the one before, for "the group", "the agency".

    A body that a speaker is of counts: "Ann Lee, a manager of Acme, said the company".

    Nobody where these have another group or agency, or are about another body.
    """
    text, begin = context.text.text, context.paragraph_start(span.start, 1)
    if noun not in lexicon.words("bodies_without_a_name") or _modifiers(context.words(span)):
        return None
    if re.search(rf"(?<!\bthe )\b{re.escape(noun)}\b", text[begin : span.start], re.IGNORECASE):
        return None
    speakers = context.speakers_between(begin, span.start)
    bodies = _bodies(context, chain((s.parties.entity for s in speakers), _employers(context, speakers)))
    others = _bodies(context, (m.cluster for m in context.subjects_between(begin, span.start)))
    return Parties(bodies.pop()) if len(bodies) == len(bodies | others) == 1 else None


def _employers(context: Context, speakers: Iterable[Speaker]) -> Iterator[int]:
    """Yield what is named in the words of speakers who are persons."""
    for speaker in speakers:
        if speaker.parties.entity is not None and context.is_person(speaker.parties.entity):
            yield from (m.cluster for m in context.inside(Span(speaker.start, speaker.start + len(speaker.words))))


def _bodies(context: Context, clusters: Iterable[int | None]) -> set[int]:
    return {cluster for cluster in clusters if cluster is not None and context.kind(cluster) == "ORG"}


def _last(context: Context, called: Sequence[Speaker], place: int) -> Parties | None:
    """Return the last of the speakers called so.

    If they are several and the last is far away, it is the last subject nearby of them, or nobody.
    """
    last = called[-1].parties
    near = context.paragraph_start(place, _BACK)
    meant = {(speaker.parties.entity, speaker.parties.affiliation) for speaker in called}
    if len(meant) == 1 or called[-1].start >= near:
        return Parties(last.entity, last.affiliation)
    entities = {entity for entity, _ in meant}
    subjects = [m.cluster for m in context.subjects_between(near, place) if m.cluster in entities]
    return Parties(subjects[-1]) if subjects else None


def _is_such(context: Context, speaker: Speaker, noun: str, words: str) -> bool:
    """Tell whether a noun with its modifiers fits a speaker: "the appeals court" is not the Supreme Court."""
    if not (speaker.parties.is_known and _is_called(speaker.words, noun)):
        return False
    entity = speaker.parties.entity
    if entity is not None and context.is_person(entity):
        return noun not in _BODIES
    called = " ".join(context.words(m) for m in context.mentions_of[entity]) if entity is not None else ""
    return _modifiers(words) <= _folded(f"{speaker.words} {called}")


def _modifiers(words: str) -> set[str]:
    """Return what is between the determiner and the noun, in lower case; qualifiers of titles do not count."""
    found = _WORD.findall(_PHRASE_END.split(words)[0].lower())
    return set(_before_preposition(found)[1:-1]) - lexicon.words("title_modifiers")


def _folded(words: str) -> set[str]:
    return set(_WORD.findall(words.lower()))


def _is_called(words: str, noun: str) -> bool:
    """Tell whether a source was called so: in its head or an appositive, not after a preposition."""
    phrases = (_WORD.findall(phrase) for phrase in _PHRASE_END.split(words.lower()))
    return any(_full_title(noun) in map(_full_title, _before_preposition(phrase)) for phrase in phrases)


def _before_preposition(words: Sequence[str]) -> Sequence[str]:
    end = next((at for at, word in enumerate(words) if word in noun_phrases.PREPOSITIONS), len(words))
    return words[:end]


def _full_title(word: str) -> str:
    return _abbreviations().get(word.rstrip("."), word.rstrip("."))


@cache
def _abbreviations() -> Mapping[str, str]:
    return {row["abbreviation"]: row["title"] for row in lexicon.table("title_abbreviations")}


def _document(context: Context, span: Span, noun: str) -> Parties | None:
    """Return who issued the statement that is the source: who spoke in the sentence that mentions it last."""
    text = context.text.text
    issued = re.compile(rf"\b(?:an?|the|\w+[’']s)\s+(?:\w+\s+)?{re.escape(noun)}\b", re.IGNORECASE)
    places = [m.start() for m in issued.finditer(text, max(0, span.start - FAR), span.start)]
    if not places:
        return None
    begin = context.sentence_start(places[-1])
    end = sentences.sentence_end(text, places[-1], span.start)
    speakers = [s for s in context.speakers_between(begin, end) if s.parties.is_known]
    following = [s for s in speakers if s.start >= places[-1]]
    for speaker in (following or speakers)[:1]:
        return Parties(speaker.parties.entity, speaker.parties.affiliation)
    return None


def bearer(context: Context, span: Span, noun: str, begin: int) -> Parties | None:
    """Return the last mention after `begin` called so: by a title before it, its last word, or an appositive after it.

    Only people have an office in apposition.
    """
    modifiers = _modifiers(context.words(span))
    is_title = noun in lexicon.words("military_ranks") | lexicon.words("offices")
    for mention in reversed(context.between(begin, span.start)):
        last = context.words(mention).lower().split()[-1]
        is_called = _full_title(last) == _full_title(noun) and modifiers <= _folded(context.words(mention))
        is_body = is_called and not context.is_person(mention.cluster)
        is_appositive = _has_appositive(context, mention, noun) and (context.is_person(mention.cluster) or not is_title)
        if is_body or is_appositive or (is_title and has_title(context, mention, noun)):
            return Parties(entity=mention.cluster)
    return None


def _has_appositive(context: Context, mention: Mention, noun: str) -> bool:
    appositive = _APPOSITIVE.match(context.text.text, mention.end)
    return appositive is not None and noun_phrases.head_noun(appositive[1]) == noun


def has_title(context: Context, mention: Mention, noun: str) -> bool:
    """Tell whether a mention is of a person, with the noun among the titles directly before the name."""
    if not context.is_person(mention.cluster):
        return False
    before = context.text.text[max(0, mention.start - 40) : mention.start].lower()
    for word in reversed(_WORD.findall(before)[-TITLES_BEFORE:]):
        if _full_title(word) == _full_title(noun):
            return True
        if not noun_phrases.is_title(word):
            return False
    return False
