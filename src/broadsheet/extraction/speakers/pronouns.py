"""Whom a pronoun or a nominal means: the one the article named, or heard, last before it.

Where two answers are as good as each other there is none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from broadsheet.extraction import lexicon
from broadsheet.extraction.speakers import noun_phrases
from broadsheet.extraction.speakers.context import (
    Article,
    Heard,
    Party,
    between,
    country_of,
    floor_of,
    inside,
    official,
    sentence_end,
    sentence_start,
)
from broadsheet.model import Mention, Span

__all__ = ["nominal", "pronoun", "titled"]

_PERSONAL = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
_NEUTER = frozenset({"it", "its", "itself"})
_PLURAL = frozenset({"they", "them", "their", "themselves"})
_FIRST = frozenset({"i", "me", "my", "myself"})
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_FEMALE = lexicon.words("female_titles")
_MALE = lexicon.words("male_titles")
_SHORT = {
    "col": "colonel",
    "gen": "general",
    "gov": "governor",
    "lt": "lieutenant",
    "rep": "representative",
    "sen": "senator",
}
_NEAR = 60
"""Code points within which a country counts as named beside a person."""
_FAR = 20_000
"""Code points a title or a statement is remembered."""
_BACK = 4
"""How many paragraphs before its own a personal pronoun may point back to."""


def pronoun(article: Article, span: Span, outer: Party | None) -> Party | None:
    """Return whom a pronoun means (nobody, if the article does not tell); None if the words are no pronoun.

    `outer` is the source of the claim inside which it stands.
    """
    low = span.slice(article.text.text).lower()
    if low in _FIRST:
        return _person_only(article, outer)
    if low in _PERSONAL:
        return _person(article, span, low, outer)
    if low in _NEUTER | _PLURAL:
        return _thing(article, span, low, outer)
    if low in _RELATIVE:
        return _relative(article, span)
    return None


def _person_only(article: Article, outer: Party | None) -> Party:
    if outer is not None and outer.entity is not None and article.kind(outer.entity) == "PERSON":
        return Party(entity=outer.entity)
    return Party()


def _person(article: Article, span: Span, pronoun: str, outer: Party | None) -> Party:
    """Return the person last named as source or subject before a pronoun; inside a claim, its source."""
    mine = _person_only(article, outer)
    if mine.entity is not None and _agrees(article, mine.entity, pronoun):
        return mine
    floor = floor_of(article, span.start, _BACK)
    heard = [(h.start, h.party) for h in _heard(article, floor, span.start) if _is_someone(article, h)]
    subjects = [
        (m.start, Party(entity=m.cluster))
        for m in _named(article, floor, span.start)
        if m.end <= span.start and article.kind(m.cluster) == "PERSON"
    ]
    best: Party = Party()
    place = -1
    for start, party in _by_sentence(article, span.start, heard, subjects):
        if start > place and (party.entity is None or _agrees(article, party.entity, pronoun)):
            best, place = party, start
    return Party(best.entity, best.affiliation)


def _named(article: Article, start: int, end: int) -> list[Mention]:
    low = bisect_left(article.subjects, start, key=lambda m: m.start)
    return article.subjects[low : bisect_left(article.subjects, end, low, key=lambda m: m.start)]


def _heard(article: Article, start: int, end: int) -> list[Heard]:
    """Return the sources heard in [start, end), in order; they were noted in the order of the text."""
    low = bisect_left(article.heard, start, key=lambda h: h.start)
    return article.heard[low : bisect_left(article.heard, end, low, key=lambda h: h.start)]


def _by_sentence(
    article: Article, place: int, heard: list[tuple[int, Party]], subjects: list[tuple[int, Party]]
) -> list[tuple[int, Party]]:
    """Return the candidates, of each sentence only its first subject: that is what the sentence is about."""
    first: dict[int, tuple[int, Party]] = {}
    for start, party in subjects:
        first.setdefault(sentence_start(article, start), (start, party))
    return sorted([*heard, *first.values()], key=lambda c: c[0]) if place else []


def _is_someone(article: Article, heard: Heard) -> bool:
    """Tell whether a heard source can be "he": a person, or an unnamed one of whom only the office is known."""
    entity = heard.party.entity
    if entity is not None:
        return article.kind(entity) == "PERSON"
    low = heard.words.lower()
    noun = noun_phrases.head_noun(heard.words)
    return low not in _NEUTER | _PLURAL | _RELATIVE and not noun.endswith("s") and noun in lexicon.words("offices")


def _agrees(article: Article, cluster: int, pronoun: str) -> bool:
    """Tell whether a title in the article speaks against a pronoun: "she" is no Mr."""
    wrong = _MALE if pronoun in ("she", "her", "hers", "herself") else _FEMALE
    text = article.text.text
    for mention in article.bearers[cluster]:
        word = re.search(r"(\w+)\.?\s+$", text[max(0, mention.start - 20) : mention.start])
        if word is not None and word.group(1).lower() in wrong:
            return False
    return True


def _thing(article: Article, span: Span, pronoun: str, outer: Party | None) -> Party:
    """Return the body last heard in this paragraph or the one before; "they" only if many or a body were heard."""
    if outer is not None and outer.is_known and (outer.entity is None or article.kind(outer.entity) != "PERSON"):
        return Party(outer.entity, outer.affiliation)
    floor = floor_of(article, span.start, back=0 if pronoun in _PLURAL else 1)
    for heard in reversed(_heard(article, floor, span.start)):
        entity = heard.party.entity
        if entity is not None and article.kind(entity) == "PERSON":
            if pronoun in _PLURAL:
                return Party()
            continue
        return Party(entity, heard.party.affiliation)
    return Party()


def _relative(article: Article, span: Span) -> Party:
    """Return the name a relative pronoun follows, directly or after its appositive."""
    text = article.text.text
    before = [m for m in between(article, span.start - 200, span.start) if 0 <= span.start - m.end < 120]
    if not before:
        return Party()
    last = before[-1]
    gap = text[last.end : span.start]
    if re.fullmatch(r"[\s,)–—-]*", gap):
        return (
            Party(entity=last.cluster) if noun_phrases.word_before(text, last.start) not in ("and", "or") else Party()
        )
    for mention in reversed(before):
        gap = text[mention.end : span.start]
        if re.fullmatch(r"\s*,\s+(?:an?|the)\s+[^,.;:]+,\s*", gap):
            return Party(entity=mention.cluster)
    start = sentence_start(article, span.start)
    words = re.search(r"(?:\b(?:the|an?|some)\s+)?(?:[\w’'-]+\s+){0,4}[\w’'-]+[\s,]*$", text[start : span.start])
    noun = Span(start + words.start(), start + len(text[start : span.start].rstrip(" ,"))) if words else span
    phrases = (
        noun_phrases.read(text, noun.start, noun.end, inside(article, noun)) if words and noun.start < noun.end else []
    )
    employer = official(article, phrases[-1], noun) if phrases else None
    return employer if employer is not None and gap.strip() and "," not in gap else Party()


# --- nominals ---------------------------------------------------------------------------------------------------------


def nominal(article: Article, span: Span) -> Party | None:
    """Return whom "the general", "the ministry" or "the statement" means: the last one the article called so."""
    words = span.slice(article.text.text)
    if not re.match(r"(?:the|this|that|these|those|his|her|its)\b", words, re.IGNORECASE):
        return None
    noun = noun_phrases.head_noun(re.split(r"[,;(]", words)[0])
    if not noun or re.search(r"\b(?:of|for|from|at)\b", words):
        return None
    if noun in lexicon.words("document_nouns"):
        return _document(article, span, noun)
    for heard in reversed(_heard(article, span.start - _FAR, span.start)):
        if heard.party.is_known and _is_called(heard.words, noun):
            return Party(heard.party.entity, heard.party.affiliation)
    return _titled(article, span, noun)


def titled(article: Article, span: Span) -> Party | None:
    """Return whom "the Libyan general" means: the only one so titled before, near whom that country is named."""
    words = span.slice(article.text.text)
    noun = noun_phrases.head_noun(words)
    titles = lexicon.words("military_ranks") | lexicon.words("offices")
    qualifiers = {country_of(article, m) for m in inside(article, span)} - {""}
    if not words.lower().startswith("the ") or noun not in titles or len(qualifiers) != 1:
        return None
    found: set[int] = set()
    for mention in between(article, span.start - _FAR, span.start):
        before = re.findall(r"[\w-]+\.?", article.text.text[max(0, mention.start - 40) : mention.start].lower())[-3:]
        if mention.end <= span.start and article.kind(mention.cluster) == "PERSON" and _titles(before, noun):
            found.add(mention.cluster)
    if len(found) != 1 or not _is_near(article, min(found), qualifiers.pop(), span):
        return None
    return Party(entity=min(found))


def _is_near(article: Article, cluster: int, country: str, span: Span) -> bool:
    return any(
        country_of(article, other) == country
        for one in article.bearers[cluster]
        for other in between(article, one.start - _NEAR, one.start + _NEAR + 1)
        if other.end <= span.start
    )


def _is_called(words: str, noun: str) -> bool:
    """Tell whether a source was called so: in its head or an appositive, not after a preposition."""
    for phrase in re.split(r"[,;(]", words.lower()):
        for word in re.findall(r"[\w’'-]+\.?", phrase):
            if word in noun_phrases.PREPOSITIONS:
                break
            if _bare(word) == _bare(noun):
                return True
    return False


def _bare(word: str) -> str:
    word = word.rstrip(".")
    return _SHORT.get(word, word).replace("defence", "defense")


def _document(article: Article, span: Span, noun: str) -> Party | None:
    """Return who issued the statement that speaks: the last source of whom a statement was told."""
    for heard in reversed(_heard(article, span.start - _FAR, span.start)):
        if heard.party.is_known and noun in f"{heard.words} {heard.cue}".lower().split():
            return Party(heard.party.entity, heard.party.affiliation)
    text = article.text.text
    floor = max(0, span.start - _FAR)
    issued = re.compile(rf"\b(?:an?|the|\w+[’']s)\s+(?:\w+\s+)?{re.escape(noun)}\b", re.IGNORECASE)
    told = [m.start() for m in issued.finditer(text, floor, span.start)]
    if not told:
        return None
    begin = sentence_start(article, told[-1])
    end = sentence_end(text, told[-1], span.start)
    same = [h for h in _heard(article, begin, end) if h.party.is_known]
    after = [h for h in same if h.start >= told[-1]]
    return Party((after or same)[0].party.entity, (after or same)[0].party.affiliation) if same else None


def _titled(article: Article, span: Span, noun: str) -> Party | None:
    """Return the last mention with that title before it, in its own name, or in an appositive after it."""
    text = article.text.text
    for mention in reversed(between(article, span.start - _FAR, span.start)):
        own = text[mention.start : mention.end].lower()
        before = re.findall(r"[\w-]+\.?", text[max(0, mention.start - 40) : mention.start].lower())[-3:]
        is_person = article.kind(mention.cluster) == "PERSON"
        if is_person and _titles(before, noun):
            return Party(entity=mention.cluster)
        if not is_person and _bare(own.split()[-1]) == _bare(noun):
            return Party(entity=mention.cluster)
        after = re.match(r"\s*,\s+(?:the|an?)\s+([^,.;]{1,60})", text[mention.end : mention.end + 70])
        if after is not None and noun_phrases.head_noun(after.group(1)) == noun:
            return Party(entity=mention.cluster)
    return None


def _titles(before: Sequence[str], noun: str) -> bool:
    """Tell whether the noun is among the titles that stand directly before a name."""
    for word in reversed(before):
        if _bare(word) == _bare(noun):
            return True
        if not noun_phrases.is_title(word):
            return False
    return False
