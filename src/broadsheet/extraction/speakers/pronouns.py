"""Whom a pronoun means: the last suitable person or body that the article named or quoted before it.

Where the article does not say it, nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.extraction import lexicon
from broadsheet.extraction.speakers import nominals, noun_phrases, sentences
from broadsheet.extraction.speakers.context import Context, Parties, Speaker
from broadsheet.model import Mention, Span

__all__ = ["other_than", "pronoun"]

_BACK = 4
"""How many paragraphs before its own a personal pronoun may refer to."""
_RELATIVE_GAP = 120
"""Code points between a name and the relative pronoun that follows its appositive."""
_ADJACENT = re.compile(r"[\s,)–—-]*")
_APPOSITIVE = re.compile(r"\s*,\s+(?:an?|the)\s+[^,.;:]+,\s*")
_TITLE = re.compile(r"(\w+)\.?\s+$")
_SUBORDINATE = re.compile(rf"[“\"‘]?(?:{lexicon.alternatives('subordinators')})\b", re.IGNORECASE)
_AFTER_COMMA = re.compile(r",\s+(?:[^\W\d_a-z][\w.]*\s+){0,4}$")
_WOMAN = re.compile(rf"\b(?:{lexicon.alternatives('female_relatives')}|wom[ae]n|girls?)\b", re.IGNORECASE)
_MAN = re.compile(rf"\b(?:{lexicon.alternatives('male_relatives')}|m[ae]n|boys?)\b", re.IGNORECASE)
_NEXT_WORD = re.compile(r"\s+([a-z]+)")
_OFFICE = re.compile(rf"\bThe\s+(?:{lexicon.alternatives('offices')})\b")


def pronoun(context: Context, span: Span) -> Parties | None:
    """Return whom a pronoun means (unknown parties, if the article does not say it); None for other words."""
    word = context.words(span).lower()
    if word in lexicon.words("personal_pronouns"):
        return _person(context, span.start, word)
    if word in lexicon.words("plural_pronouns"):
        return _many(context, span.start)
    if word in lexicon.words("neuter_pronouns"):
        return _thing(context, span.start)
    if word in lexicon.words("relative_pronouns"):
        return _relative(context, span.start)
    return None


def _person(context: Context, place: int, word: str) -> Parties:
    """Return the person who was last a source, or the first subject of a sentence, before a pronoun.

    In a clause that opens its sentence, it is the name that follows the clause: "When he left, Mr. Roe said". Where
    nobody such agrees, it is the only one of that sex who is named nearby.
    """
    floor = context.paragraph_start(place, _BACK)
    following = _subject_after(context, place)
    speakers = [(s.start, s.parties) for s in context.speakers_between(floor, place) if _may_be_he(context, s)]
    earlier = [*speakers, *_topics(context, floor, place, word), *_office_holders(context, floor, place)]
    candidates = following or earlier
    agreeing = [(start, p) for start, p in candidates if p.entity is None or _agrees(context, p.entity, word)]
    if agreeing:
        return _latest(context, agreeing, place, word)
    return Parties() if following else Parties(_only_one(context, context.paragraph_start(place, 1), place, word))


def _topics(context: Context, start: int, end: int, word: str) -> Iterator[tuple[int, Parties]]:
    """Yield whom the sentences of [start, end) are about, but not whom a speaker spoke of who may be meant himself."""
    for mention in context.topics(start, end):
        if not _is_told(context, mention, word):
            yield mention.start, Parties(entity=mention.cluster)


def _is_told(context: Context, mention: Mention, word: str) -> bool:
    """Tell whether a person is named after a speaker of the same sentence who may be meant: "He said Mr. Roe left"."""
    earlier = context.speakers_between(context.sentence_start(mention.start), mention.start)
    entities = {speaker.parties.entity for speaker in earlier if _may_be_he(context, speaker)} - {None, mention.cluster}
    return any(entity is not None and _agrees(context, entity, word) for entity in entities)


def _latest(context: Context, agreeing: list[tuple[int, Parties]], place: int, word: str) -> Parties:
    start, best = max(agreeing, key=lambda candidate: candidate[0])
    if _may_be_unnamed(context, best, Span(start, place), word):
        return Parties()
    return Parties(best.entity, best.affiliation)


def _may_be_unnamed(context: Context, best: Parties, between: Span, word: str) -> bool:
    """Tell whether "my mother" follows the person found, of whom the article does not show that she is a woman."""
    _, unnamed = _sex_of(word)
    is_unsure = best.entity is not None and not context.clusters[best.entity].sex
    return is_unsure and unnamed.search(context.text.text, between.start, between.end) is not None


def other_than(context: Context, span: Span, speaker: int | None) -> Parties:
    """Return whom a pronoun inside a speaker's quotation marks means: the only other person of its sex nearby."""
    floor = context.paragraph_start(span.start, _BACK)
    return Parties(_only_one(context, floor, span.start, context.words(span).lower(), but=speaker))


def _only_one(context: Context, start: int, end: int, word: str, but: int | None = None) -> int | None:
    """Return the only person named in [start, end) of whom the article shows that the pronoun fits.

    Nobody where it has a word for a person of this sex, too: "the woman", "my mother".
    """
    sex, unnamed = _sex_of(word)
    people = {m.cluster for m in context.between(start, end) if context.is_person(m.cluster)} - {but}
    fitting = [cluster for cluster in people if context.clusters[cluster].sex == sex]
    return fitting[0] if len(fitting) == 1 and not unnamed.search(context.text.text, start, end) else None


def _sex_of(word: str) -> tuple[str, re.Pattern[str]]:
    """Return the sex that a personal pronoun shows, and the words for persons of this sex."""
    return ("f", _WOMAN) if word in lexicon.words("feminine_pronouns") else ("m", _MAN)


def _subject_after(context: Context, place: int) -> list[tuple[int, Parties]]:
    """Return the subject that follows the clause of a pronoun, if the clause opens its sentence and names no person."""
    text = context.text.text
    begin = context.sentence_start(place)
    opening = _SUBORDINATE.match(text, begin)
    if opening is None or any(context.is_person(m.cluster) for m in context.between(begin, place)):
        return []
    end = sentences.sentence_end(text, place, context.text.paragraphs[context.paragraph(place)].end)
    people = [m for m in context.between(place, end) if context.is_person(m.cluster)]
    if not people or not _AFTER_COMMA.search(text, place, people[0].start):
        return []
    return [(people[0].start, Parties(entity=people[0].cluster))] if people[0] in context.subjects else []


def _office_holders(context: Context, start: int, end: int) -> list[tuple[int, Parties]]:
    """Return the persons with whose office a sentence begins: "The president's journey began", "The mayor left"."""
    found = []
    for match in _OFFICE.finditer(context.text.text, start, end):
        meant = nominals.nominal(context, Span(*match.span()))
        is_first = context.sentence_start(match.start()) == match.start()
        if is_first and meant is not None and meant.entity is not None and context.is_person(meant.entity):
            found.append((match.start(), meant))
    return found


def _may_be_he(context: Context, speaker: Speaker) -> bool:
    """Tell whether a speaker can be "he": a person, or an unnamed one of whom only the office is known.

    Not the agent of a passive: "Pressed by Ms. Roe, he said".
    """
    if noun_phrases.word_before(context.text.text, speaker.start) == "by":
        return False
    if speaker.parties.entity is not None:
        return context.is_person(speaker.parties.entity)
    return noun_phrases.head_noun(speaker.words) in lexicon.words("offices")


def _agrees(context: Context, cluster: int, word: str) -> bool:
    """Tell whether nothing in the article contradicts a pronoun: "she" is never Mr. Roe, nor whom it calls "he"."""
    sex, _ = _sex_of(word)
    if context.clusters[cluster].sex not in ("", sex):
        return False
    wrong = lexicon.words("male_titles" if sex == "f" else "female_titles")
    text = context.text.text
    before = [_TITLE.search(text[max(0, m.start - 20) : m.start]) for m in context.mentions_of[cluster]]
    return not any(title is not None and title[1].lower() in wrong for title in before)


def _many(context: Context, place: int) -> Parties:
    """Return the body or people that the sentence is about, else the body that spoke last in this paragraph.

    Nobody if it was a person who spoke.
    """
    last = context.speakers_between(context.paragraph_start(place), place)[-1:]
    return _subject_body(context, place, last, ("NORP", "ORG")) or _body(context, last)


def _thing(context: Context, place: int) -> Parties:
    """Return the body that the sentence is about, else the one that spoke last in this paragraph or the one before."""
    speakers = context.speakers_between(context.paragraph_start(place, back=1), place)
    bodies = [s for s in speakers if s.parties.entity is None or not context.is_person(s.parties.entity)]
    return _subject_body(context, place, speakers[-1:], ("ORG",)) or _body(context, bodies[-1:])


def _subject_body(context: Context, place: int, last: list[Speaker], kinds: tuple[str, ...]) -> Parties | None:
    """Return the last subject before a pronoun in its sentence that is a body or people, if nobody spoke after it."""
    heard = [speaker.start + len(speaker.words) for speaker in last]
    named = context.between(max([context.sentence_start(place), *heard]), place)
    bodies = [m for m in named if context.kind(m.cluster) in kinds and _acts(context, m)]
    return Parties(bodies[-1].cluster) if bodies else None


def _acts(context: Context, mention: Mention) -> bool:
    """Tell whether a name begins a clause: a verb follows, or it is a people in the plural; not "the Navy officers"."""
    text = context.text.text
    following = _NEXT_WORD.match(text, mention.end)
    may_begin = mention in context.subjects or text.endswith(", and ", 0, mention.start)
    return following is not None and may_begin and (_are_people(context, mention) or _is_verb(following[1]))


def _are_people(context: Context, mention: Mention) -> bool:
    return context.kind(mention.cluster) == "NORP" and context.words(mention).endswith("s")


def _is_verb(word: str) -> bool:
    return word.endswith("ed") or word in lexicon.words("auxiliary_verbs")


def _body(context: Context, last: list[Speaker]) -> Parties:
    if not last:
        return Parties()
    entity = last[0].parties.entity
    if entity is not None and context.is_person(entity):
        return Parties()
    return Parties(entity, last[0].parties.affiliation)


def _relative(context: Context, place: int) -> Parties:
    """Return the name that a relative pronoun follows, directly or after its appositive."""
    text = context.text.text
    before = [m for m in context.between(place - 200, place) if 0 <= place - m.end < _RELATIVE_GAP]
    if not before:
        return Parties()
    last = before[-1]
    if _ADJACENT.fullmatch(text, last.end, place):
        is_listed = noun_phrases.word_before(text, last.start) in ("and", "or")
        return Parties() if is_listed else Parties(entity=last.cluster)
    described = [m for m in before if _APPOSITIVE.fullmatch(text, m.end, place)]
    return Parties(entity=described[-1].cluster) if described else Parties()
