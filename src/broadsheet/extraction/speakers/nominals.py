"""Whom a noun means that names nobody: "the general", "the ministry", "the statement"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain

from broadsheet.extraction import lexicon, sentences
from broadsheet.extraction.lexicon import names
from broadsheet.extraction.speakers import noun_phrases
from broadsheet.extraction.speakers.context import Context, Parties, Speaker
from broadsheet.model import Mention, Span

__all__ = ["FAR", "LONGEST_BODY", "TITLES_BEFORE", "bearer", "has_title", "is_called", "nominal"]

FAR = 20_000
"""Code points over which a title or a statement is remembered."""
_WORD = re.compile(r"[\w’'-]+\.?")
_PHRASE_END = re.compile(r"[,;(]")
_OF = re.compile(r"\b(?:of|for|from|at)\b")
_DEFINITE = re.compile(rf"(?:{lexicon.alternatives('definite_determiners')})\b", re.IGNORECASE)
_APPOSITIVE = re.compile(r"\s*,\s+(?:the|an?)\s+([^,.;]{1,60})")
_BODIES = lexicon.words("bodies_without_a_name") | lexicon.words("governments")
_TOLD = re.compile(r"\b(?:told|interview\s+with|reported\s+by|according\s+to)\s+(?:[Tt]he\s+)?$")
_TITLES_ONLY = re.compile(r"(?:\s+[A-Z][\w.-]*){1,3}\s+")
_OFFICE = re.compile(
    rf"the\s+(?:(?:former|then|acting|current)[\s-])?"
    rf"((?:{lexicon.alternatives('offices_before_of')})\s+(?:of|for)\s+[\w ]+)",
    re.IGNORECASE,
)
_ISSUED = (
    r"\b(?:(?:in|on|through|via|with|by|from)\s+an?|his|her|its|their"
    r"|(?:issued|released|posted|published|sent|wrote|sending|issuing|posting)\s+(?:out\s+)?(?:an?|the))\s+(?:[\w-]+\s+){{0,2}}{0}\b"
    r"|\b(?:an?|the)\s+(?:[\w-]+\s+){{0,2}}{0}\s+(?:by|from)\b"
)
"""How a document is named whose author the sentence names: "in a memo", "issued a memo", "her memo", "a memo by"."""
_PUBLIC_NOUNS = frozenset({"agency", "bureau", "department"})
_PUBLIC = _PUBLIC_NOUNS | frozenset(
    {
        *("administration", "army", "assembly", "commission", "committee", "congress", "council", "court", "house"),
        *("ministry", "nations", "office", "parliament", "police", "senate", "service", "union"),
    }
)
_PARTS = frozenset(
    {
        *("administration", "army", "cabinet", "campaign", "chamber", "committee", "congress", "court", "division"),
        *("establishment", "jury", "media", "navy", "office", "opposition", "panel", "police", "press", "senate"),
    }
)
"""Nouns for bodies that another name does not mean: "the panel" is not Acme."""
_GENERAL = (_PUBLIC_NOUNS | lexicon.words("organisation_nouns") | lexicon.words("outlet_nouns")) - {
    *("airline", "chain", "club", "militia", "movement", "party", "regulator", "union")
}
_NUMBERS = frozenset(
    {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "couple", "duo", "pair", "trio"}
)
TITLES_BEFORE = 3
LONGEST_BODY = 60
"""How many code points the name of a body before the name of a person has at most: "Acme President Ann Roe"."""
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
        return _holder(context, span)
    is_common = noun in lexicon.words("occupations")
    begin = context.paragraph_start(span.start, _BACK) if is_common else span.start - FAR
    called = [s for s in context.speakers_between(begin, span.start) if _is_such(context, s, noun, words)]
    last = _last(context, called, span.start) if called else None
    if noun in lexicon.words("document_nouns"):
        return _document(context, span, noun) or last
    return last if called else bearer(context, span, noun, begin) or _body_meant(context, span, noun)


def _body_meant(context: Context, span: Span, noun: str) -> Parties | None:
    return _body_that_spoke(context, span, noun) or _outlet(context, span, noun)


def _outlet(context: Context, span: Span, noun: str) -> Parties | None:
    """Return the only outlet to which somebody spoke in this paragraph or the one before, for "the news outlet"."""
    if noun not in lexicon.words("outlet_nouns"):
        return None
    text, begin = context.text.text, context.paragraph_start(span.start, 1)
    told = {m.cluster for m in context.between(begin, span.start) if _TOLD.search(text, begin, m.start)}
    return Parties(told.pop()) if len(told) == 1 else None


def _holder(context: Context, span: Span) -> Parties | None:
    """Return the last person before a source with its whole office before the name: "the former secretary of state"."""
    office = _OFFICE.fullmatch(context.words(span))
    if office is None:
        return None
    text, length = context.text.text, len(office[1]) + 1
    before = reversed(context.people_between(span.start - FAR, span.start))
    named = (m for m in before if text[max(0, m.start - length) : m.start].strip().lower() == office[1].lower())
    return next((Parties(m.cluster) for m in named), None)


def _may_refer(noun: str, words: str) -> bool:
    """Tell whether words mean something named before: not "the two", and not what is of something else."""
    is_noun = noun != "" and noun not in _NUMBERS
    return is_noun and _DEFINITE.match(words) is not None and _OF.search(words) is None


def _body_that_spoke(context: Context, span: Span, noun: str) -> Parties | None:
    """Return the only body that spoke in this paragraph and the one before, for "the group", "the agency".

    A body that a speaker is of counts: "Ann Lee, a manager of Acme, said the company".

    Return None where these paragraphs have another group or agency, or are about another body. For "the steel company"
    return None also where they name any other body, or where the name says what the body is.
    """
    text, begin = context.text.text, context.paragraph_start(span.start, 1)
    if noun not in lexicon.words("bodies_without_a_name") - _PARTS:
        return None
    if _modifiers(context.words(span)) and not _is_only_body(context, begin, span):
        return None
    if re.search(rf"(?<!\bthe )\b{re.escape(noun)}\b", text[begin : span.start], re.IGNORECASE):
        return None
    speakers = context.speakers_between(begin, span.start)
    bodies = _bodies(context, chain((s.parties.entity for s in speakers), _employers(context, speakers)))
    others = _bodies(context, (m.cluster for m in context.subjects_between(begin, span.start)))
    is_one = len(bodies) == len(bodies | others) == 1
    return Parties(bodies.pop()) if is_one else _only_named(context, span, noun)


def _only_named(context: Context, span: Span, noun: str) -> Parties | None:
    """Return the only body that the paragraph names before "the company", else the only one of the paragraph before.

    Of several, it is the only one in this sentence and the one before. None where the noun is not for such a body: "the
    company" is no ministry, and "the agency" no firm.
    """
    here = context.paragraph_start(span.start)
    before = context.paragraph_start(here, 1)
    named = _named_bodies(context, here, span.start) or _named_bodies(context, before, here)
    if len(named) > 1:
        last = context.sentence_start(context.sentence_start(span.start) - 1)
        named = _named_bodies(context, max(here, last), span.start)
    if noun not in _GENERAL or len(named) != 1:
        return None
    body = named.pop()
    return Parties(body) if _is_public(context, body) == (noun in _PUBLIC_NOUNS) else None


def _named_bodies(context: Context, start: int, end: int) -> set[int]:
    return _bodies(context, (m.cluster for m in context.between(start, end)))


def _is_public(context: Context, body: int) -> bool:
    """Tell whether the names of a body have a word for a public one, or it is a party."""
    forms = [form for form, _ in context.clusters[body].forms]
    entries = (names.entry_for(form) for form in forms)
    known = [entry.name for entry in entries if entry is not None]
    return not _PUBLIC.isdisjoint(_folded(" ".join([*forms, *known]))) or any(map(names.is_party, forms))


def _is_only_body(context: Context, begin: int, span: Span) -> bool:
    """Tell whether [begin, span) names one body, with no word in its name for a kind of body, and the source none."""
    named = [m for m in context.between(begin, span.start) if context.kind(m.cluster) == "ORG"]
    words = {word for m in named for word in _folded(context.words(m))}
    is_plain = lexicon.words("organisation_heads").isdisjoint(words)
    return len({m.cluster for m in named}) == 1 and is_plain and not context.inside(span)


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
    """Return what is between the determiner and the noun, in lower case.

    Qualifiers of titles do not count, nor does the seat of a body: "the Lima-based agency".
    """
    found = _WORD.findall(_PHRASE_END.split(words)[0].lower())
    plain = {word for word in _before_preposition(found)[1:-1] if not word.endswith("-based")}
    return plain - lexicon.words("title_modifiers")


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
    issued = re.compile(_ISSUED.format(re.escape(noun)), re.IGNORECASE)
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

    Only people have an office in apposition. A body is not meant where the paragraph has another such body after it.
    """
    for mention in reversed(context.between(begin, span.start)):
        if _is_introduced(context, mention, noun):
            return Parties(entity=mention.cluster)
        if not context.is_person(mention.cluster) and _ends_with(context, mention, noun, span):
            here = max(mention.end, context.paragraph_start(span.start))
            return None if _has_other(context, noun, here, span.start) else Parties(entity=mention.cluster)
    return None


def _is_introduced(context: Context, mention: Mention, noun: str) -> bool:
    """Tell whether a title before a mention or an appositive behind it says what its bearer is."""
    is_title = noun in lexicon.words("military_ranks") | lexicon.words("offices")
    if _has_appositive(context, mention, noun):
        return context.is_person(mention.cluster) or not is_title
    if not is_title and noun not in lexicon.words("occupations"):
        return False
    return has_title(context, mention, noun) and not _is_aside(context, mention)


def _is_aside(context: Context, mention: Mention) -> bool:
    """Tell whether a person is named by the way with the title of a body: "with World Bank President Ann Roe"."""
    body = _body_of_title(context, mention)
    others = (m for m in context.mentions_of[mention.cluster] if m != mention)
    return body is not None and not any(map(context.is_subject, (body, *others)))


def _body_of_title(context: Context, mention: Mention) -> Mention | None:
    """Return the body whose title stands before the name of a person: the one in "World Bank President Ann Roe"."""
    for one in context.between(mention.start - LONGEST_BODY, mention.start)[-1:]:
        if context.kind(one.cluster) == "ORG" and _TITLES_ONLY.fullmatch(context.text.text, one.end, mention.start):
            return one
    return None


def _ends_with(context: Context, mention: Mention, noun: str, span: Span) -> bool:
    """Tell whether a name ends with a noun and has all modifiers that the source gives it."""
    words = context.words(mention)
    is_called = _full_title(words.lower().split()[-1]) == _full_title(noun)
    return is_called and _modifiers(context.words(span)) <= _folded(words)


def _has_other(context: Context, noun: str, start: int, end: int) -> bool:
    """Tell whether [start, end) has a noun in small letters and not after "the": "a trade group"."""
    return re.search(rf"(?<!\bthe )\b{re.escape(noun)}\b", context.text.text[start:end]) is not None


def is_called(context: Context, mention: Mention, noun: str) -> bool:
    """Tell whether a person is called by a noun: before the name or in an appositive behind it."""
    return has_title(context, mention, noun) or _has_appositive(context, mention, noun)


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
