"""Who the source of a claim is, whose official it is when it has no name, and who was told.

Precision first: where the article does not tell, the answer is None. Nothing is looked up outside the article but the
country a demonym belongs to.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from broadsheet.extraction import cues, lexicon, nouns
from broadsheet.extraction.quotations import Quotation
from broadsheet.model import Claim, Cluster, Mention, Span, Text

__all__ = ["Party", "resolve"]

_PERSONAL = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
_NEUTER = frozenset({"it", "its", "itself"})
_PLURAL = frozenset({"they", "them", "their", "themselves"})
_FIRST = frozenset({"i", "me", "my", "myself"})
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_FEMALE = cues.words("female titles")
_MALE = cues.words("male titles")
_TOLD = re.compile(
    r"\b(?:told|tells|telling|tell|informed|interview\s+with|speaking\s+(?:to|with)|spoke\s+(?:to|with)|statement\s+to|"
    r"remarks\s+to|comments?\s+to)\s+",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\b(?:to|from|by)\s+(?:the\s+|an?\s+)?$", re.IGNORECASE)
_OUTLETS = cues.words("outlets")
_BACK = 4
"""How many paragraphs before its own a pronoun may point back to."""
_ABBREVIATION = re.compile(r"(?:\b[A-Z][a-z]{0,3}|\b(?:[A-Za-z]\.)+[A-Za-z]?|\b(?:Maj|Brig|Capt|Prof|Gov|Sen|Rep))$")
_STOP = re.compile(r"[.?!][”\"’'»)]*\s+(?=[\"“‘«(]?[A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Party:
    """The three parties of a claim, as indices of clusters."""

    entity: int | None = None
    affiliation: int | None = None
    via: int | None = None

    @property
    def is_known(self) -> bool:
        """Tell whether anything is known of the source."""
        return self.entity is not None or self.affiliation is not None


@dataclass(frozen=True, slots=True)
class _Heard:
    """A source that was resolved: where it stands, its words, and whom it means."""

    start: int
    words: str
    cue: str
    party: Party


@dataclass(slots=True)
class _Article:
    """What the article offers to those who look for an antecedent."""

    text: Text
    clusters: Sequence[Cluster]
    mentions: list[Mention]
    starts: list[int]
    subjects: list[Mention]
    heard: list[_Heard] = field(default_factory=list)

    def kind(self, cluster: int) -> str:
        """Return the type most votes gave to a cluster; ties go to the first in the alphabet."""
        votes = self.clusters[cluster].votes
        return min(votes, key=lambda v: (-v[1], v[0]))[0] if votes else ""


def resolve(
    text: Text,
    claims: Sequence[Claim],
    quoted: Sequence[Quotation],
    clusters: Sequence[Cluster],
    mentions: Sequence[Mention],
) -> list[Party]:
    """Return the parties of each claim, in the order of `claims`."""
    ordered = sorted((m for m in mentions if 0 <= m.cluster < len(clusters)), key=lambda m: (m.start, m.end, m.cluster))
    subjects = [
        m for m in ordered if not any(q.start <= m.start < q.end for q in quoted) and nouns.is_subject(text.text, m)
    ]
    article = _Article(text, clusters, ordered, [m.start for m in ordered], subjects)
    known: dict[int, Party] = {}
    for index in sorted(range(len(claims)), key=lambda i: (_place(claims[i]), i)):
        known[index] = _party(article, claims, index, known)
    return [known[i] for i in range(len(claims))]


def _place(claim: Claim) -> tuple[int, int]:
    """Return where the source stands; a claim inside another comes after it."""
    one = claim.attribution
    spans = one.source or one.cue or one.content
    return spans[0].start, -spans[-1].end


def _party(article: _Article, claims: Sequence[Claim], index: int, known: dict[int, Party]) -> Party:
    claim = claims[index]
    source = claim.attribution.source
    party = Party()
    if source:
        span = source[0]
        outer = known.get(claim.nested_in) if claim.nested_in is not None else None
        party = _source(article, span, outer)
        cue = " ".join(s.slice(article.text.text) for s in claim.attribution.cue)
        article.heard.append(_Heard(span.start, span.slice(article.text.text), cue, party))
    via = _via(article, claim, known)
    return replace(party, via=via if via != party.entity else None)


# --- the source -------------------------------------------------------------------------------------------------------


def _source(article: _Article, span: Span, outer: Party | None) -> Party:
    words = span.slice(article.text.text)
    low = words.lower()
    if low in _FIRST:
        return _person_only(article, outer)
    if low in _PERSONAL:
        return _person(article, span, low, outer)
    if low in _NEUTER | _PLURAL:
        return _thing(article, span, low, outer)
    if low in _RELATIVE:
        return _relative(article, span)
    return _named(article, span) or _nominal(article, span) or Party()


def _named(article: _Article, span: Span) -> Party | None:
    """Return the name that heads the source or stands in apposition to it, else whose official it is."""
    text = article.text.text
    phrases = nouns.read(text, span.start, span.end, _inside(article, span))
    if not phrases or not any(p.names for p in phrases):
        return None
    heads = _heads(phrases[0])
    if len(heads) == 1:
        return Party(entity=heads[0].cluster)
    if len(heads) > 1:
        return Party()
    for phrase in phrases[1:]:
        named = [n.mention for n in phrase.names if n.role == "head" and article.kind(n.mention.cluster) == "PERSON"]
        if len(named) == 1 and _is_title_only(text, phrase.start, named[0].start):
            return Party(entity=named[0].cluster)
    return _official(article, phrases[0], span)


def _heads(phrase: nouns.Phrase) -> list[Mention]:
    """Return the mentions the phrase is about; one cluster named twice counts once."""
    found: dict[int, Mention] = {}
    for name in phrase.names:
        if name.role == "head":
            found.setdefault(name.mention.cluster, name.mention)
    return list(found.values())


def _is_title_only(text: str, start: int, end: int) -> bool:
    return all(nouns.is_title(w) for w in re.findall(r"[\w-]+\.?", text[start:end]))


def _official(article: _Article, phrase: nouns.Phrase, span: Span) -> Party | None:
    """Return whose official an unnamed source is: the name before the noun, else the one after its preposition."""
    before = [n.mention for n in phrase.names if n.role in ("modifier", "owner")]
    after = [n.mention for n in phrase.names if n.role == "after"]
    if before:
        return Party(affiliation=_country(article, before[-1]))
    if not after:
        return None
    if len({m.cluster for m in after}) > 1 and _are_listed(article, after, span):
        return Party()
    return Party(affiliation=_country(article, after[0]))


def _are_listed(article: _Article, names: Sequence[Mention], span: Span) -> bool:
    """Tell whether names stand side by side: "in Washington, Moscow and Cairo"."""
    text = article.text.text
    return (
        any(
            re.fullmatch(r"\s*(?:,|,?\s*(?:and|or|&))\s*(?:the\s+)?", text[a.end : b.start]) is not None
            for a, b in pairwise(names)
        )
        or re.match(r"\s*(?:,|and\b)\s*[A-Z]", text[names[0].end : span.end]) is not None
    )


def _country(article: _Article, mention: Mention) -> int:
    """Return the cluster of the country behind a demonym if the article names the country, else the mention's own."""
    if article.kind(mention.cluster) != "NORP":
        return mention.cluster
    country = lexicon.country_of(article.text.text[mention.start : mention.end])
    if not country:
        return mention.cluster
    for index, cluster in enumerate(article.clusters):
        if article.kind(index) == "GPE" and any(_is_country(form, country) for form, _ in cluster.forms):
            return index
    return mention.cluster


def _is_country(form: str, country: str) -> bool:
    entry = lexicon.known().get(form)
    return entry is not None and entry.type == "GPE" and entry.name == country


def _inside(article: _Article, span: Span) -> list[Mention]:
    low = bisect_left(article.starts, span.start)
    high = bisect_left(article.starts, span.end)
    return [m for m in article.mentions[low:high] if m.end <= span.end]


# --- pronouns ---------------------------------------------------------------------------------------------------------


def _person_only(article: _Article, outer: Party | None) -> Party:
    if outer is not None and outer.entity is not None and article.kind(outer.entity) == "PERSON":
        return Party(entity=outer.entity)
    return Party()


def _person(article: _Article, span: Span, pronoun: str, outer: Party | None) -> Party:
    """Return the person last named as source or subject before a pronoun; inside a claim, its source."""
    mine = _person_only(article, outer)
    if mine.entity is not None and _agrees(article, mine.entity, pronoun):
        return mine
    floor = _floor(article, span.start)
    heard = [(h.start, h.party) for h in article.heard if floor <= h.start < span.start and _is_someone(article, h)]
    subjects = [
        (m.start, Party(entity=m.cluster))
        for m in article.subjects
        if floor <= m.start < span.start and m.end <= span.start and article.kind(m.cluster) == "PERSON"
    ]
    best: Party = Party()
    place = -1
    for start, party in _by_sentence(article, span.start, heard, subjects):
        if start > place and (party.entity is None or _agrees(article, party.entity, pronoun)):
            best, place = party, start
    return Party(best.entity, best.affiliation)


def _by_sentence(
    article: _Article, place: int, heard: list[tuple[int, Party]], subjects: list[tuple[int, Party]]
) -> list[tuple[int, Party]]:
    """Return the candidates, of each sentence only its first subject: that is what the sentence is about."""
    first: dict[int, tuple[int, Party]] = {}
    for start, party in subjects:
        first.setdefault(_sentence(article, start), (start, party))
    return sorted([*heard, *first.values()], key=lambda c: c[0]) if place else []


def _is_someone(article: _Article, heard: _Heard) -> bool:
    """Tell whether a heard source can be "he": a person, or an unnamed one of whom only the office is known."""
    entity = heard.party.entity
    if entity is not None:
        return article.kind(entity) == "PERSON"
    low = heard.words.lower()
    noun = nouns.head_noun(heard.words)
    return low not in _NEUTER | _PLURAL | _RELATIVE and not noun.endswith("s") and noun in lexicon.words().offices


def _agrees(article: _Article, cluster: int, pronoun: str) -> bool:
    """Tell whether a title in the article speaks against a pronoun: "she" is no Mr."""
    wrong = _MALE if pronoun in ("she", "her", "hers", "herself") else _FEMALE
    text = article.text.text
    for mention in article.mentions:
        if mention.cluster == cluster:
            word = re.search(r"(\w+)\.?\s+$", text[max(0, mention.start - 20) : mention.start])
            if word is not None and word.group(1).lower() in wrong:
                return False
    return True


def _thing(article: _Article, span: Span, pronoun: str, outer: Party | None) -> Party:
    """Return the body last heard in this paragraph or the one before; "they" only if many or a body were heard."""
    if outer is not None and outer.is_known and (outer.entity is None or article.kind(outer.entity) != "PERSON"):
        return Party(outer.entity, outer.affiliation)
    floor = _floor(article, span.start, back=0 if pronoun in _PLURAL else 1)
    for heard in reversed(article.heard):
        if not floor <= heard.start < span.start:
            continue
        entity = heard.party.entity
        if entity is not None and article.kind(entity) == "PERSON":
            if pronoun in _PLURAL:
                return Party()
            continue
        return Party(entity, heard.party.affiliation)
    return Party()


def _relative(article: _Article, span: Span) -> Party:
    """Return the name a relative pronoun follows, directly or after its appositive."""
    text = article.text.text
    before = [m for m in article.mentions if m.end <= span.start and span.start - m.end < 120]
    if not before:
        return Party()
    last = before[-1]
    between = text[last.end : span.start]
    if re.fullmatch(r"[\s,)–—-]*", between):
        return Party(entity=last.cluster) if nouns.word_before(text, last.start) not in ("and", "or") else Party()
    for mention in reversed(before):
        between = text[mention.end : span.start]
        if re.fullmatch(r"\s*,\s+(?:an?|the)\s+[^,.;:]+,\s*", between):
            return Party(entity=mention.cluster)
    start = _sentence(article, span.start)
    words = re.search(r"(?:\b(?:the|an?|some)\s+)?(?:[\w’'-]+\s+){0,4}[\w’'-]+[\s,]*$", text[start : span.start])
    noun = Span(start + words.start(), start + len(text[start : span.start].rstrip(" ,"))) if words else span
    phrases = nouns.read(text, noun.start, noun.end, _inside(article, noun)) if words and noun.start < noun.end else []
    official = _official(article, phrases[-1], noun) if phrases else None
    return official if official is not None and between.strip() and "," not in between else Party()


# --- nominals ---------------------------------------------------------------------------------------------------------


def _nominal(article: _Article, span: Span) -> Party | None:
    """Return whom "the general", "the ministry" or "the statement" means: the last one the article called so."""
    words = span.slice(article.text.text)
    if not re.match(r"(?:the|this|that|these|those|his|her|its)\b", words, re.IGNORECASE):
        return None
    noun = nouns.head_noun(re.split(r"[,;(]", words)[0])
    if not noun or re.search(r"\b(?:of|for|from|at)\b", words):
        return None
    if noun in ("statement", "report", "letter", "post", "document", "release"):
        return _document(article, span, noun)
    for heard in reversed(article.heard):
        if heard.start < span.start and heard.party.is_known and _is_called(heard.words, noun):
            return Party(heard.party.entity, heard.party.affiliation)
    return _titled(article, span, noun)


def _is_called(words: str, noun: str) -> bool:
    return any(_bare(w) == _bare(noun) for w in re.findall(r"[\w’'-]+\.?", words.lower()))


_SHORT = {
    "gen": "general",
    "col": "colonel",
    "sen": "senator",
    "gov": "governor",
    "rep": "representative",
    "lt": "lieutenant",
}


def _bare(word: str) -> str:
    word = word.rstrip(".")
    return _SHORT.get(word, word).replace("defence", "defense")


def _document(article: _Article, span: Span, noun: str) -> Party | None:
    """Return who issued the statement that speaks: the last source of whom a statement was told."""
    for heard in reversed(article.heard):
        if heard.start < span.start and heard.party.is_known and noun in f"{heard.words} {heard.cue}".lower().split():
            return Party(heard.party.entity, heard.party.affiliation)
    text = article.text.text
    for heard in reversed(article.heard):
        gap = text[heard.start : span.start]
        if (
            heard.start < span.start
            and heard.party.is_known
            and re.search(rf"\b(?:a|an|the)\s+(?:\w+\s+)?{noun}\b", gap[:160])
        ):
            return Party(heard.party.entity, heard.party.affiliation)
    return None


def _titled(article: _Article, span: Span, noun: str) -> Party | None:
    """Return the last mention with that title before it, in its own name, or in an appositive after it."""
    text = article.text.text
    for mention in reversed([m for m in article.mentions if m.end <= span.start]):
        own = text[mention.start : mention.end].lower()
        before = re.findall(r"[\w-]+\.?", text[max(0, mention.start - 40) : mention.start].lower())[-3:]
        is_person = article.kind(mention.cluster) == "PERSON"
        if is_person and _titles(before, noun):
            return Party(entity=mention.cluster)
        if not is_person and _bare(own.split()[-1]) == _bare(noun):
            return Party(entity=mention.cluster)
        after = re.match(r"\s*,\s+(?:the|an?)\s+([^,.;]{1,60})", text[mention.end : mention.end + 70])
        if after is not None and nouns.head_noun(after.group(1)) == noun:
            return Party(entity=mention.cluster)
    return None


def _titles(before: Sequence[str], noun: str) -> bool:
    """Tell whether the noun is among the titles that stand directly before a name."""
    for word in reversed(before):
        if _bare(word) == _bare(noun):
            return True
        if not nouns.is_title(word):
            return False
    return False


# --- who was told -----------------------------------------------------------------------------------------------------


def _via(article: _Article, claim: Claim, known: dict[int, Party]) -> int | None:
    """Return who was told: the name after "told", or whose request went unanswered."""
    text = article.text.text
    cue = claim.attribution.cue
    if not cue:
        return None
    if claim.kind == "no-comment":
        return _asker(article, cue)
    limit = min((s.start for s in claim.attribution.content if s.start >= cue[-1].end), default=cue[-1].end + 80)
    told = _TOLD.search(text, cue[0].start, max(cue[-1].end + 1, min(limit, cue[-1].end + 80)))
    if told is None:
        return None
    end = max(told.end(), min(limit, _clause_end(text, told.end())))
    span = Span(told.end(), end)
    phrases = nouns.read(text, span.start, span.end, _inside(article, span))
    heads = _heads(phrases[0]) if phrases else []
    if len(heads) == 1:
        return heads[0].cluster
    if not heads and phrases and re.match(r"the\b", phrases[0].words) and nouns.head_noun(phrases[0].words) in _OUTLETS:
        vias = [p.via for _, p in sorted(known.items()) if p.via is not None]
        return vias[-1] if vias else None
    return None


def _clause_end(text: str, start: int) -> int:
    match = re.compile(
        r"[,.;:“\"]|\b(?:that|on|in|last|earlier|this|yesterday|about|he|she|it|they|there)\b|\n"
    ).search(text, start)
    return match.start() if match else len(text)


def _asker(article: _Article, cue: Sequence[Span]) -> int | None:
    text = article.text.text
    for span in cue:
        for mention in _inside(article, span):
            owned = re.match(r"[’']s?\s", text[mention.end : mention.end + 3])
            if owned is not None and _REQUEST.search(text[span.start : mention.start]):
                return mention.cluster
            if re.search(
                r"\b(?:request|requests|questions|inquiries)\s+from\s+(?:the\s+)?$", text[span.start : mention.start]
            ):
                return mention.cluster
    return None


# --- places -----------------------------------------------------------------------------------------------------------


def _floor(article: _Article, place: int, back: int = _BACK) -> int:
    """Return where the paragraph begins that stands `back` paragraphs before the one at `place`."""
    starts = [p.start for p in article.text.paragraphs if p.start <= place and p.role != "boilerplate"]
    return starts[max(0, len(starts) - 1 - back)] if starts else 0


def _sentence(article: _Article, place: int) -> int:
    """Return where the sentence at a place begins."""
    text = article.text.text
    begin = max((p.start for p in article.text.paragraphs if p.start <= place), default=0)
    for match in _STOP.finditer(text, begin, place):
        if not (match.group()[0] == "." and _ABBREVIATION.search(text[begin : match.start()])):
            begin = match.end()
    return begin
