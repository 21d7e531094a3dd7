"""Which person is foremost at a place of an article: who was named or spoke last, and in which role.

Every reference to a person counts: a name, the source of a claim, "he" and "she", and an office ("The mayor left"). Its
weight is that of its role in its sentence, and it loses a fifth with every sentence that follows. The person with the
heaviest reference is foremost, unless another one's is about as heavy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, groupby
from typing import Final

from broadsheet.extraction import lexicon
from broadsheet.extraction.speakers import nominals, noun_phrases
from broadsheet.extraction.speakers.context import Context, Parties, Speaker
from broadsheet.model import Mention, Span

__all__ = ["MINOR", "OPENING", "Reference", "described", "foremost", "may_be_person"]

_FIRST: Final = 1.0
_OWNER: Final = 0.8
"""Of an owner that a sentence begins with: "Mr. Roe's speech was short"."""
_GROUP: Final = 0.7
"""Of whose group or thing a sentence is about: "The Roe campaign was long"."""
_OWNER_HERE: Final = 0.9
"""Of such an owner in the sentence of the place itself."""
_LATER: Final = 0.5
MINOR: Final = 0.3
_LEAST: Final = 0.51
"""Of whom a noun means, at least: a subject, three sentences before."""
_FADES: Final = 0.8
_CLEAR: Final = 1.1
"""How many times as heavy as the next one the foremost person is at least."""
_BEGINNING: Final = 60
"""Code points within which the owner is named with whom a sentence begins."""
_LONGEST: Final = 500
"""Code points of a clause that opens a sentence, at most."""
_MOST_WORDS: Final = 12
"""How many words a phrase from an owner to a name has at most."""
OPENING: Final = re.compile(rf"[“\"‘]?(?:{lexicon.alternatives('subordinators')})\b", re.IGNORECASE)
"""What begins a clause or a phrase before the subject of a sentence: "When he left, Mr. Roe said"."""
_SOME_OF: Final = re.compile(
    r"[“\"‘]?(?:one|some|many|most|much|all|each|several|both|part|none)\s+of\s+(?:[\w-]+\.?\s+){0,3}$", re.IGNORECASE
)
_ASKED: Final = re.compile(r"(?:(?:when|if)\s+)?(?:asked|pressed|questioned|told)\b", re.IGNORECASE)
_COMMA: Final = re.compile(r"[,\n]")
_AFTER_COMMA: Final = re.compile(r",[”\"’']*\s+(?:[A-Z][\w.]*\s+){0,4}$")
_VERB: Final = re.compile(r"\s+([a-z]+)")
_OFFICE: Final = re.compile(rf"\bThe\s+(?:{lexicon.alternatives('offices')})\b")
_SINGULAR: Final = re.compile(r"(?:an?|the|one|another|his|her|their|my|\w+[’']s)\s", re.IGNORECASE)
_LISTS: Final = (
    "occupations",
    "officials_without_a_name",
    "private_person_nouns",
    "female_relatives",
    "male_relatives",
)
_PERSON_NOUNS: Final = frozenset({"colleague", "friend", "man", "woman"}).union(*map(lexicon.words, _LISTS))


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a person: where it begins, its words, who it is, and the weight of its role."""

    start: int
    words: str
    parties: Parties
    weight: float = MINOR


def foremost(context: Context, start: int, place: int, fits: Callable[[Reference], bool]) -> Reference | None:
    """Return the heaviest reference of [start, place) to whoever is foremost at a place among those who fit.

    None where nobody fits, or two are about equally heavy. It may be an unnamed speaker.
    """
    best: dict[int, Reference] = {}
    for one in filter(fits, _references(context, start, place)):
        here = replace(one, weight=_faded(one.weight, context.sentences_between(one.start, place)))
        entity = one.parties.entity
        key = -1 - one.start if entity is None else entity
        best[key] = max(best.get(key, here), here, key=_weight)
    ranked = sorted(best.values(), key=_weight, reverse=True)
    is_clear = ranked[:1] and all(ranked[0].weight >= _CLEAR * other.weight for other in ranked[1:2])
    return ranked[0] if is_clear else None


def described(context: Context, start: int, place: int, fits: Callable[[Reference], bool]) -> Reference | None:
    """Return who is foremost where a noun describes somebody at a place: "the actress", "the senator".

    It is not who speaks in its sentence: "Ms. Roe called him after the actress said".
    """
    begin = context.sentence_start(place)
    speaking = {one.parties.entity for one in context.speakers_between(begin, place)} - {None}
    best = foremost(context, start, place, lambda one: fits(one) and one.parties.entity not in speaking)
    return best if best and best.weight >= _LEAST else None


def _faded(weight: float, sentences: int) -> float:
    return _OWNER_HERE if weight == _OWNER and not sentences else weight * _FADES**sentences


def _weight(one: Reference) -> tuple[float, int]:
    return one.weight, one.start


def _references(context: Context, start: int, end: int) -> Iterator[Reference]:
    """Yield the references of [start, end) outside of quotation marks, in order, each with its weight."""
    named = map(partial(_of_mention, context), context.people_between(start, end))
    pronouns = map(_of_speaker, context.pronouns_between(start, end))
    speakers = filter(partial(may_be_person, context), context.speakers_between(start, end))
    heard = {one.start: _of_speaker(one) for one in speakers}
    found = {one.start: one for one in chain(named, pronouns, _office_holders(context, start, end), heard.values())}
    for _, places in groupby(sorted(found), key=context.sentence_start):
        yield from _in_roles(context, [found[place] for place in places], heard.keys())


def _of_speaker(speaker: Speaker) -> Reference:
    return Reference(speaker.start, speaker.words, speaker.parties, _FIRST)


def _of_mention(context: Context, mention: Mention) -> Reference:
    """Return a name as a reference whose weight is that of its own words, wherever it is in its sentence."""
    weight = _FIRST if context.is_subject(mention) else MINOR
    if weight == MINOR:
        weight = _of_owner(context, mention)
    return Reference(mention.start, context.words(mention), Parties(entity=mention.cluster), weight)


def _of_owner(context: Context, mention: Mention) -> float:
    """Return the weight of a name that is no subject."""
    article = noun_phrases.article_before(context.text.text, mention)
    if article is not None and _opens_clause(context, article):
        return _GROUP
    return _OWNER if _owns(context, mention) else MINOR


def _owns(context: Context, mention: Mention) -> bool:
    """Tell whether a name is the owner that a clause begins with: "Mr. Roe's speech", "One of Mr. Roe's speeches"."""
    text, begin = context.text.text, context.sentence_start(mention.start)
    if _SOME_OF.match(text[begin : mention.start]):
        return noun_phrases.has_possessive(text, mention) and mention.start - begin < _BEGINNING
    return noun_phrases.is_owner(text, mention) and _opens_clause(context, mention.start)


def _opens_clause(context: Context, place: int) -> bool:
    """Tell whether a name is the first of its clause, near the beginning of its sentence."""
    before = noun_phrases.word_before(context.text.text, place)
    is_near = place - context.sentence_start(place) < _BEGINNING
    return is_near and (not before.isalpha() or before in lexicon.words("subordinators") | {"and", "but", "that"})


def _in_roles(context: Context, sentence: Sequence[Reference], spoken: Collection[int]) -> Iterator[Reference]:
    """Yield the references of a sentence: speakers as they are, and of the others only the first as a subject.

    Whom a speaker talks of is not the subject: "He said Mr. Roe left". Where a clause or phrase opens the sentence, the
    subject is after its comma: "As Ms. Roe spoke, Mr. Lind left".
    """
    main = _main_clause(context, sentence)
    subject = _subject(context, [one for one in sentence if one.start >= main])
    heard = _from(sentence, spoken, main if subject else -1)
    subject = subject or _subject(context, sentence)
    for one in sentence:
        yield (
            one if one.start in heard else replace(one, weight=_weight_of(one, subject, min(heard, default=one.start)))
        )


def _from(sentence: Sequence[Reference], spoken: Collection[int], begin: int) -> list[int]:
    """Return where the speakers of a sentence are that begin at `begin` or later."""
    return [one.start for one in sentence if one.start in spoken and one.start >= begin]


def _weight_of(one: Reference, subject: Reference | None, heard: int) -> float:
    """Return the weight of who is not a speaker; `heard` is where the first speaker of the sentence is."""
    if one.start > heard or one.weight == MINOR:
        return MINOR
    if one is subject:
        return one.weight
    return _LATER if one.weight == _FIRST else MINOR


def _subject(context: Context, clause: Sequence[Reference]) -> Reference | None:
    """Return the reference that a clause is about; whom the phrase of an owner names is meant before the owner."""
    first = next((one for one in clause if one.weight > MINOR), None)
    if first is None or first.weight == _FIRST:
        return first
    return next((one for one in clause if _is_owned(context, first, one)), first)


def _is_owned(context: Context, owner: Reference, one: Reference) -> bool:
    """Tell whether a name ends the phrase of its owner: "Ms. Roe's former colleague Tom Lind"."""
    words = context.text.text[owner.start : one.start].split() if one.start > owner.start else []
    is_plain = 1 < len(words) < _MOST_WORDS and not any(word.endswith(",") for word in words)
    return one.weight == _FIRST and is_plain and words[-1] in _PERSON_NOUNS


def _main_clause(context: Context, sentence: Sequence[Reference]) -> int:
    """Return where the main clause of a sentence begins."""
    begin = context.sentence_start(sentence[0].start)
    if _ASKED.match(context.text.text, begin):
        return max((one.start for one in sentence if _answers(context, one)), default=begin)
    comma = (
        _COMMA.search(context.text.text, begin, begin + _LONGEST) if OPENING.match(context.text.text, begin) else None
    )
    return comma.end() if comma else begin


def _answers(context: Context, one: Reference) -> bool:
    """Tell whether a subject follows a comma and has a verb: "Asked about Ms. Roe, Mr. Lind said"."""
    text, end = context.text.text, one.start + len(one.words)
    following = _VERB.match(text, end)
    is_behind = (
        one.weight == _FIRST and _AFTER_COMMA.search(text, max(0, one.start - _BEGINNING), one.start) is not None
    )
    return is_behind and following is not None and noun_phrases.is_verb(following[1])


def _office_holders(context: Context, start: int, end: int) -> Iterator[Reference]:
    """Yield the persons with whose office a sentence begins: "The president's journey began", "The mayor left"."""
    spans = [Span(*match.span()) for match in _OFFICE.finditer(context.text.text, start, end)]
    for span in spans:
        entity = _office_holder(context, span)
        if entity is not None:
            yield Reference(span.start, context.words(span), Parties(entity), _FIRST)


def _office_holder(context: Context, span: Span) -> int | None:
    meant = nominals.nominal(context, span) if context.sentence_start(span.start) == span.start else None
    entity = meant.entity if meant else None
    return entity if entity is not None and context.is_person(entity) else None


def may_be_person(context: Context, speaker: Speaker) -> bool:
    """Tell whether a speaker is one person: a name of one, or a noun for one.

    Not the agent of a passive: "Pressed by Ms. Roe, he said".
    """
    if noun_phrases.word_before(context.text.text, speaker.start) == "by":
        return False
    if speaker.parties.entity is not None:
        return context.is_person(speaker.parties.entity)
    noun = noun_phrases.head_noun(speaker.words)
    is_one = _SINGULAR.match(speaker.words) is not None and noun in _PERSON_NOUNS
    return is_one or noun in lexicon.words("offices")
