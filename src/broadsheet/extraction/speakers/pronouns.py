"""Whom a pronoun means: the last suitable person or body that the article named or quoted before it.

Where the article does not say it, nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import pairwise

from broadsheet import quotes
from broadsheet.extraction import lexicon, sentences
from broadsheet.extraction.speakers import noun_phrases, protagonists, salience
from broadsheet.extraction.speakers.context import Context, Parties, Speaker
from broadsheet.model import Mention, Span

__all__ = ["addressed", "agrees", "is_pronoun", "pronoun", "quoted"]

_BACK = 4
"""How many paragraphs before its own a personal pronoun may refer to."""
_FARTHEST = 3_000
"""Code points before it to which a personal pronoun may refer, whatever its paragraphs."""
_RELATIVE_GAP = 120
"""Code points between a name and the relative pronoun that follows its appositive."""
_ADJACENT = re.compile(r"[\s,)–—-]*|,?[”\"]\s+[^“”\"\n.]{1,40},\s+[“\"]")
"""What is between a name and the relative pronoun behind it; it may interrupt a quotation: "Roe,” he said, “who"."""
_BEGINS_WITH_THEY = re.compile(r"(?:(?:but|and|still,?|yet)\s+)?they\b", re.IGNORECASE)
_APPOSITIVE = re.compile(r"\s*,\s+(?:an?|the)\s+[^,.;:]+,\s*")
_TITLE = re.compile(r"(\w+)\.?\s+$")
_AFTER_COMMA = re.compile(r",[”\"’']*\s+(?:[^\W\d_a-z][\w.]*\s+){0,4}$")
_SUBJECT_PRONOUN = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_WOMAN = re.compile(rf"\b(?:{lexicon.alternatives('female_relatives')}|woman|girl)\b", re.IGNORECASE)
_MAN = re.compile(rf"\b(?:{lexicon.alternatives('male_relatives')}|man|boy)\b", re.IGNORECASE)
_OF = re.compile(r"\s+(?:of|from|in|at)\s+(?:the\s+)?|\s*,\s*(?:[DRI]-)?|\s+\((?:[DRI]-)?")
_PREPOSITION_BEFORE = re.compile(
    rf"\b(?:{lexicon.alternatives('prepositions')})\s+(?:(?:an?|her|his|the|their)\s+)?$", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\b(?:many|most|some|several|few|other|those|these)\s+(?:[\w-]+\s+){0,3}\w+s\s+(?:\w+ed|are|were|have|had|do|did)\b",
    re.IGNORECASE,
)
"""Others than the speaker, as the subject of a clause: "many British voters were"."""
_IN_BRACKETS = re.compile(r"\b(?:he|she)\s+[(\[](?:[A-Z][\w.]*\s+){0,3}$", re.IGNORECASE)
_VOCATIVE = re.compile(r",\s+")
_OPENING = re.compile(r"\W*(?:(?:well|so|now|but|and|yes|no|look),?\s+)?(?:[A-Z][\w.]*\s+){0,3}", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+")
_PLURAL = re.compile(r"\w+\s+(?:also\s+)?(?:are|were|have|do)\b")
_SINGULAR = re.compile(r"\w+\s+(?:(?:also|\w+ly)\s+)?(?:has|is|was|does|\w+[^s\W]s)\b")
_CLAUSE = re.compile(r",\s+which\s+")
_NEXT_WORD = re.compile(r"\s+([a-z]+)")
_DOCUMENT = re.compile(
    rf"[“\"‘]?(?:(?:an?|the|his|her|its|their|this|that)\s+|(?:[\w.]+\s+){{1,2}}?(?<=[’']s\s))(?:[\w-]+\s+){{0,3}}?"
    rf"(?:{lexicon.alternatives('document_nouns')}|poll|survey|study|lawsuit|memorandum|filing|ad)\b(?![’'-])(?!\s+of\b)",
    re.IGNORECASE,
)
_OWNERS = frozenset({"her", "his"})
_PRONOUNS = lexicon.words("personal_pronouns")
_LISTS = ("personal_pronouns", "plural_pronouns", "neuter_pronouns", "relative_pronouns")
_ANY = frozenset[str]().union(*map(lexicon.words, _LISTS))


def is_pronoun(words: str) -> bool:
    """Tell whether a source is one of the pronouns that `pronoun` knows."""
    return words.lower() in _ANY


def pronoun(context: Context, span: Span) -> Parties | None:
    """Return whom a pronoun means (unknown parties, if the article does not say it); None for other words."""
    word = context.words(span).lower()
    if word in lexicon.words("personal_pronouns"):
        return _person(context, span.start, word)
    if word in lexicon.words("plural_pronouns"):
        return _but_no_people(context, _many(context, span.start))
    if word in lexicon.words("neuter_pronouns"):
        return _thing(context, span.start)
    if word in lexicon.words("relative_pronouns"):
        return _but_no_people(context, _relative(context, span.start))
    return None


def _but_no_people(context: Context, found: Parties) -> Parties:
    """Return the parties found, without an entity that is a people or a party: "they" are some of them."""
    is_people = found.entity is not None and context.kind(found.entity) == "NORP"
    return replace(found, entity=None) if is_people else found


def _person(context: Context, place: int, word: str) -> Parties:
    """Return the person who is foremost before a pronoun.

    In a clause that opens its sentence, it is the name that follows the clause: "When he left, Mr. Roe said". Where
    nobody is foremost, it is the only one of that sex who is named nearby.
    """
    _follow(context, place)
    known = context.pronouns_between(place, place + 1)
    return known[0].parties if known else _meant(context, place, word)


def _follow(context: Context, place: int) -> None:
    """Find whom each "he" and "she" up to a place means that is not quoted, and that was not looked at yet."""
    begin = context.pronouns[-1].start + 1 if context.pronouns else 0
    for match in _SUBJECT_PRONOUN.finditer(context.text.text, begin, place + len("she")):
        if match.start() <= place and not quotes.touching(context.quoted, *match.span()):
            meant = _meant(context, match.start(), match.group().lower())
            context.pronouns.append(Speaker(match.start(), match.group(), meant))


def _meant(context: Context, place: int, word: str) -> Parties:
    following = _subject_after(context, place)
    if following is not None:
        return Parties(following) if agrees(context, following, word) else Parties()
    floor = max(context.paragraph_start(place, _BACK), place - _FARTHEST)
    best = salience.foremost(context, floor, place, partial(_may_be, context, word, place))
    if best is None:
        return Parties(_only_one(context, context.paragraph_start(place, 1), place, word))
    surer = _surer(context, best, place, word)
    if surer is not None:
        return Parties(surer)
    if _may_be_unnamed(context, best, place, word):
        return Parties()
    one = best.parties
    return replace(one, via=None, named=None, kind="unnamed" if one.kind == "document" else one.kind)


def _surer(context: Context, best: salience.Reference, place: int, word: str) -> int | None:
    """Return the woman who is named between the person found and "she" in its sentence.

    None where the person found is shown to be a woman, or no other is between.
    """
    entity = best.parties.entity
    if _sex_of(word)[0] == "m" or entity is None or context.clusters[entity].sex:
        return None
    begin = max(best.start + len(best.words), context.sentence_start(place))
    between = context.people_between(begin, place)
    women = [m.cluster for m in between if context.clusters[m.cluster].sex == "f"]
    return women[-1] if women else None


def _may_be(context: Context, word: str, place: int, one: salience.Reference) -> bool:
    """Tell whether a pronoun at a place may mean whom a reference means.

    "Her claim" does not mean an unnamed person of an earlier paragraph.
    """
    if one.parties.entity is not None:
        return agrees(context, one.parties.entity, word)
    pronoun = one.words.lower()
    if word in _OWNERS and pronoun not in _PRONOUNS and one.start < context.paragraph_start(place):
        return False
    sex = noun_phrases.sex_of(noun_phrases.head_noun(pronoun))
    return pronoun == word or (pronoun not in _PRONOUNS and sex in ("", _sex_of(word)[0]))


def _may_be_unnamed(context: Context, best: salience.Reference, place: int, word: str) -> bool:
    """Tell whether "my mother" follows the person found, who is not the subject or not shown to be a woman."""
    _, unnamed = _sex_of(word)
    entity = best.parties.entity
    is_unsure = entity is not None and (best.weight <= salience.MINOR or not context.clusters[entity].sex)
    return is_unsure and _names_one(context, unnamed, best.start + len(best.words), place)


def _names_one(context: Context, nouns: re.Pattern[str], start: int, end: int) -> bool:
    """Tell whether one of the nouns is in [start, end), not behind a preposition as in "signed by her husband"."""
    found = nouns.finditer(context.text.text, start, end)
    return any(_PREPOSITION_BEFORE.search(context.text.text, start, match.start()) is None for match in found)


def quoted(context: Context, span: Span, begin: int, speaker: int | None) -> Parties:
    """Return whom a pronoun inside a speaker's quotation marks means, which begin at `begin`.

    It is the only person whom the speaker named before who may be meant, else the only other person of its sex nearby.
    """
    word = context.words(span).lower()
    explained = _explained(context, begin, span.start, word)
    if explained is not None:
        return Parties(explained)
    named = {m.cluster for m in context.all_people_between(begin, span.start)} - {speaker}
    fitting = [cluster for cluster in named if agrees(context, cluster, word)]
    if len(fitting) == 1:
        return Parties(fitting[0])
    floor = context.paragraph_start(span.start, _BACK)
    if fitting:
        return Parties()
    earlier = _said_before(context, begin, word, speaker)
    if earlier is not None:
        return Parties(earlier)
    only = _only_one(context, floor, span.start, word, but=speaker)
    if only is None:
        only = _topic(context, floor, begin, word, speaker)
    return Parties(_only_other(context, begin, word, speaker) if only is None else only)


def _only_other(context: Context, begin: int, word: str, speaker: int | None) -> int | None:
    """Return the only person named right before a quotation, outside of others, its speaker left out.

    Nobody where it has a word for a person of this sex, too.
    """
    start = context.paragraph_start(begin, 1)
    if _sex_of(word)[1].search(context.text.text, start, begin):
        return None
    others = {m.cluster for m in context.people_between(start, begin)} - {speaker}
    return _only_fitting(context, others, word)


def _said_before(context: Context, begin: int, word: str, speaker: int | None) -> int | None:
    """Return the only person whom a speaker named in the quotation before, in the same paragraph."""
    start = context.paragraph_start(begin)
    people = context.all_people_between(start, begin)
    quoted = {m.cluster for m in people if quotes.touching(context.quoted, m.start, m.end)} - {speaker}
    others = {one.parties.entity for one in context.speakers_between(start, begin)} - {speaker}
    return None if others else _only_fitting(context, quoted, word)


def _only_fitting(context: Context, people: Iterable[int], word: str) -> int | None:
    """Return the only one of people whom a pronoun may mean."""
    fitting = [one for one in people if agrees(context, one, word)]
    return fitting[0] if len(fitting) == 1 else None


def _topic(context: Context, floor: int, begin: int, word: str, speaker: int | None) -> int | None:
    """Return the foremost person before a quotation, its speaker left out, if the article names this one most often.

    Only people who are named nearby are compared. Return None where a noun for a person of this sex is nearby, too.
    """
    fits = partial(_may_be, context, word, begin)
    if _sex_of(word)[1].search(context.text.text, floor, begin):
        return None
    best = salience.foremost(context, floor, begin, lambda one: one.parties.entity != speaker and fits(one))
    entity = best.parties.entity if best and best.weight > salience.MINOR else None
    counts = protagonists.times_named(context, floor, begin)
    most = counts.pop(entity, 0) if entity is not None else 0
    return entity if most > max(counts.values(), default=0) else None


def _explained(context: Context, start: int, end: int, word: str) -> int | None:
    """Return whom the same pronoun means for which [start, end) gives the name in brackets: "He (Mr. Roe) left"."""
    named = (m for m in reversed(context.between(start, end)) if context.is_person(m.cluster))
    found = (m for m in named if _IN_BRACKETS.search(context.text.text, start, m.start))
    return next((m.cluster for m in found if agrees(context, m.cluster, word)), None)


def addressed(context: Context, start: int, end: int) -> int | None:
    """Return whom the last words before "you" address in [start, end): "Mr. Roe, you said"."""
    text, named = context.text.text, context.between(start, end)[-1:]
    addressed = (m for m in named if _VOCATIVE.fullmatch(text, m.end, end) and _OPENING.fullmatch(text, start, m.start))
    return next((m.cluster for m in addressed if context.is_person(m.cluster)), None)


def _only_one(context: Context, start: int, end: int, word: str, but: int | None = None) -> int | None:
    """Return the only person named in [start, end) of whom the article shows that the pronoun fits.

    Nobody where it has a word for a person of this sex, too: "the woman", "my mother".
    """
    sex, unnamed = _sex_of(word)
    people = {m.cluster for m in context.all_people_between(start, end)} - {but}
    fitting = [cluster for cluster in people if context.clusters[cluster].sex == sex]
    return fitting[0] if len(fitting) == 1 and not unnamed.search(context.text.text, start, end) else None


def _sex_of(word: str) -> tuple[str, re.Pattern[str]]:
    """Return the sex that a personal pronoun shows, and the words for persons of this sex."""
    return ("f", _WOMAN) if word in lexicon.words("feminine_pronouns") else ("m", _MAN)


def _subject_after(context: Context, place: int) -> int | None:
    """Return the subject that follows the clause of a pronoun, if the clause opens its sentence and names no person.

    A person whom the clause names after the pronoun is passed over: "In her letter to Mr. Roe, Ms. Lind said".
    """
    text = context.text.text
    begin = context.sentence_start(place)
    opening = salience.OPENING.match(text, begin)
    if opening is None or context.all_people_between(begin, place):
        return None
    end = sentences.sentence_end(text, place, context.text.paragraphs[context.paragraph(place)].end)
    people = context.all_people_between(place, end)
    following = [m for m in people if context.is_subject(m) and _AFTER_COMMA.search(text, place, m.start)][:1]
    is_sure = following == people[:1] or any(_has_verb(text, m) for m in following)
    return following[0].cluster if following and is_sure else None


def _has_verb(text: str, mention: Mention) -> bool:
    following = _NEXT_WORD.match(text, mention.end)
    return following is not None and noun_phrases.is_verb(following[1])


def agrees(context: Context, cluster: int, word: str) -> bool:
    """Tell whether nothing in the article contradicts a pronoun: "she" is never Mr. Roe, nor whom it calls "he"."""
    sex, _ = _sex_of(word)
    if context.clusters[cluster].sex not in ("", sex):
        return False
    wrong = lexicon.words("male_titles" if sex == "f" else "female_titles")
    return wrong.isdisjoint(_titles(context, cluster))


def _titles(context: Context, cluster: int) -> frozenset[str]:
    """Return the words before the mentions of a cluster, in small letters; they are looked up once."""
    if cluster not in context.titles:
        text = context.text.text
        before = (_TITLE.search(text[max(0, m.start - 20) : m.start]) for m in context.mentions_of[cluster])
        context.titles[cluster] = frozenset(title[1].lower() for title in before if title is not None)
    return context.titles[cluster]


def _many(context: Context, place: int) -> Parties:
    """Return the body or people that the sentence is about, else the body that spoke last in this paragraph.

    Nobody if it was a person who spoke, or if others are the subject after the speaker. Of two people side by side only
    that they are persons is known.
    """
    last = context.speakers_between(context.paragraph_start(place), place)[-1:]
    if last and _OTHERS.search(
        context.text.text, max(last[0].start + len(last[0].words), context.sentence_start(place)), place
    ):
        return Parties()
    about = _subject_body(context, place, last, ("NORP", "ORG")) or _two_people(context, place)
    return about or _body(context, last or _several_before(context, place))


def _two_people(context: Context, place: int) -> Parties | None:
    """Return the first of two persons with whom a sentence begins: "As Ann Roe and Tom Lind spoke, they"."""
    named = context.people_between(context.sentence_start(place), place)
    pairs = (one for one, other in pairwise(named) if _AND.fullmatch(context.text.text, one.end, other.start))
    first = next(pairs, None)
    return Parties(named=first.cluster) if first is not None and context.is_subject(first) else None


def _several_before(context: Context, place: int) -> list[Speaker]:
    """Return the last speaker of the paragraph before, if it is several people with names.

    Where "they" begins this paragraph, people without names are meant, too.
    """
    goes_on = _BEGINS_WITH_THEY.match(context.text.text, context.paragraph_start(place)) is not None
    last = context.speakers_between(context.paragraph_start(place, 1), place)[-1:]
    return [one for one in last if one.parties.named is not None or goes_on] if _are_several(last) else []


def _are_several(speakers: Iterable[Speaker]) -> bool:
    return all(one.parties.entity is None and one.parties.kind != "document" for one in speakers)


def _thing(context: Context, place: int) -> Parties:
    """Return the body that the sentence is about, else the one that spoke last in this paragraph or the one before."""
    speakers = context.speakers_between(context.paragraph_start(place, back=1), place)
    bodies = [s for s in speakers if s.parties.entity is None or not context.is_person(s.parties.entity)]
    about = _subject_of_clause(context, place) or _subject_body(context, place, speakers[-1:], ("ORG",))
    return about or _document_or(context, place, _body(context, bodies[-1:]))


def _document_or(context: Context, place: int, found: Parties) -> Parties:
    """Return what a body or document was found to be, else whether a document is before."""
    return Parties(kind="document") if found == Parties() and _follows_document(context, place) else found


def _follows_document(context: Context, place: int) -> bool:
    """Tell whether the sentence before that of a pronoun is about a document: "The report came. It says"."""
    begin = context.sentence_start(place)
    before = context.sentence_start(max(0, begin - 1)) if begin else 0
    while before and context.text.text[before:begin].strip() == "":
        before = context.sentence_start(before - 1)
    return _DOCUMENT.match(context.text.text, before, begin) is not None


def _subject_of_clause(context: Context, place: int) -> Parties | None:
    """Return the body before the clause that a pronoun is in: "Acme, which builds what it calls a boat"."""
    clause = list(_CLAUSE.finditer(context.text.text, context.sentence_start(place), place))[-1:]
    body = [m for m in context.between(context.sentence_start(place), place) if clause and m.end == clause[0].start()]
    is_other = clause and any(mark in context.text.text[clause[0].end() : place] for mark in ",;")
    return Parties(body[0].cluster) if body and context.kind(body[0].cluster) == "ORG" and not is_other else None


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
    may_begin = context.is_subject(mention) or text.endswith(", and ", 0, mention.start)
    return following is not None and may_begin and (_are_people(context, mention) or noun_phrases.is_verb(following[1]))


def _are_people(context: Context, mention: Mention) -> bool:
    return context.kind(mention.cluster) == "NORP" and context.words(mention).endswith("s")


def _body(context: Context, last: list[Speaker]) -> Parties:
    if not last:
        return Parties()
    entity = last[0].parties.entity
    if entity is not None and context.is_person(entity):
        return Parties()
    return replace(last[0].parties, via=None)


def _relative(context: Context, place: int) -> Parties:
    """Return the name that a relative pronoun follows, directly or after its appositive; "who are" means several."""
    before = [m for m in context.between(place - 200, place) if 0 <= place - m.end < _RELATIVE_GAP]
    meant = _antecedent(context, before, place) if before else None
    is_several = meant is not None and context.is_person(meant) and _PLURAL.match(context.text.text, place)
    return Parties() if is_several else Parties(entity=meant)


def _antecedent(context: Context, before: list[Mention], place: int) -> int | None:
    """Return the cluster of the name that is right before a place, or before an appositive that is."""
    text, last = context.text.text, before[-1]
    if _ADJACENT.fullmatch(text, last.end, place):
        is_one = not _is_of_several(text, last, place)
        return _person_or_body(context, before, place) if is_one else None
    described = [m for m in before if _APPOSITIVE.fullmatch(text, m.end, place)]
    return described[-1].cluster if described else None


def _is_of_several(text: str, last: Mention, place: int) -> bool:
    """Tell whether "who" may mean all names of a list: not where the verb is of one, "Roe and Lind, who has left"."""
    is_one = text[last.end : place].strip() == "," and _SINGULAR.match(text, place) is not None
    return noun_phrases.word_before(text, last.start) in ("and", "or") and not is_one


def _person_or_body(context: Context, before: list[Mention], place: int) -> int | None:
    """Return the last name before a relative pronoun; for "who" not a place, but who is of it: "Roe of Lund, who"."""
    *earlier, last = before
    if not context.text.text.startswith("who", place) or context.kind(last.cluster) not in ("GPE", "LOC", "FAC"):
        return last.cluster
    of_it = (m.cluster for m in earlier[-1:] if _OF.fullmatch(context.text.text, m.end, last.start))
    return next(filter(context.is_person, of_it), None)
