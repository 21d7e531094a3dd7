"""What an article offers to those who ask whom a source means: its names, its sentences, and who was heard before."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import names as name_lexicon
from broadsheet.extraction.speakers import noun_phrases
from broadsheet.model import Cluster, Mention, Span, Text

__all__ = [
    "Article",
    "Heard",
    "Party",
    "between",
    "country_of",
    "floor_of",
    "heads",
    "inside",
    "named",
    "official",
    "sentence_end",
    "sentence_start",
    "stops",
]

_STOP = re.compile(r"[.?!][”\"’'»)]*\s+(?=[\"“‘«(]?[A-Z0-9])")
_FARTHEST = 2_000
"""Code points looked back at for the beginning of a sentence."""
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|(?:[A-Za-z]\.)+[A-Za-z]|Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Maj|Capt|Sgt|Adm|Brig|Gov|Sen|Rep|Rev|Prof|Hon|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|No|vs|Inc|Co|Corp|Ltd|Jr|Sr))$"
)


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
class Heard:
    """A source that was resolved: where it stands, its words, and whom it means."""

    start: int
    words: str
    cue: str
    party: Party


@dataclass(slots=True)
class Article:
    """What the article offers to those who look for an antecedent."""

    text: Text
    clusters: Sequence[Cluster]
    mentions: list[Mention]
    starts: list[int]
    subjects: list[Mention]
    heard: list[Heard] = field(default_factory=list)
    countries: dict[str, int] = field(default_factory=dict)  # name of a country → its cluster
    bearers: dict[int, list[Mention]] = field(default_factory=dict)  # cluster → its mentions

    def __post_init__(self) -> None:
        """Note what is asked for often."""
        for mention in self.mentions:
            self.bearers.setdefault(mention.cluster, []).append(mention)
        for index, cluster in reversed(list(enumerate(self.clusters))):
            if self.kind(index) == "GPE":
                names = {
                    e.name for form, _ in cluster.forms if (e := name_lexicon.known().get(form)) and e.name == e.country
                }
                self.countries |= dict.fromkeys(names, index)

    def kind(self, cluster: int) -> str:
        """Return the type most votes gave to a cluster; ties go to the first in the alphabet."""
        votes = self.clusters[cluster].votes
        return min(votes, key=lambda v: (-v[1], v[0]))[0] if votes else ""


def between(article: Article, start: int, end: int) -> list[Mention]:
    """Return the mentions that begin in [start, end)."""
    return article.mentions[bisect_left(article.starts, start) : bisect_left(article.starts, end)]


def inside(article: Article, span: Span) -> list[Mention]:
    """Return the mentions that stand wholly inside a span."""
    low = bisect_left(article.starts, span.start)
    high = bisect_left(article.starts, span.end)
    return [m for m in article.mentions[low:high] if m.end <= span.end]


def named(article: Article, span: Span) -> Party | None:
    """Return the name that heads the source or stands in apposition to it, else whose official it is."""
    text = article.text.text
    phrases = noun_phrases.read(text, span.start, span.end, inside(article, span))
    if not phrases or not any(p.names for p in phrases):
        return None
    about = heads(phrases[0])
    if len(about) == 1:
        return Party() if _is_one_of_a_people(article, about[0]) else Party(entity=about[0].cluster)
    if len(about) > 1:
        return Party()
    if len(phrases) > 1 and _is_other_name(article, phrases):
        return Party(entity=phrases[1].names[0].mention.cluster)
    for phrase in phrases[1:]:
        named = [n.mention for n in phrase.names if n.role == "head" and article.kind(n.mention.cluster) == "PERSON"]
        if len(named) == 1 and _is_title_only(text, phrase.start, named[0].start):
            return Party(entity=named[0].cluster)
    return _next_name(article, span) or _author(article, phrases[0]) or official(article, phrases[0], span)


def _is_other_name(article: Article, phrases: list[noun_phrases.Phrase]) -> bool:
    """Tell whether a body is named right after it was described: "the environment agency, Ibama"."""
    names = phrases[1].names
    if len(names) != 1 or article.kind(names[0].mention.cluster) != "ORG":
        return False
    whole = phrases[1].words == article.text.text[names[0].mention.start : names[0].mention.end]
    return whole and all(n.role in ("modifier", "owner") for n in phrases[0].names)


def _is_one_of_a_people(article: Article, mention: Mention) -> bool:
    """Tell whether a demonym stands for one person: "the Russian", not "the Russians"."""
    return article.kind(mention.cluster) == "NORP" and not article.text.text[mention.start : mention.end].endswith(
        ("s", "ese", "ish", "ch")
    )


def heads(phrase: noun_phrases.Phrase) -> list[Mention]:
    """Return the mentions the phrase is about; one cluster named twice counts once."""
    found: dict[int, Mention] = {}
    for name in phrase.names:
        if name.role == "head":
            found.setdefault(name.mention.cluster, name.mention)
    return list(found.values())


def _is_title_only(text: str, start: int, end: int) -> bool:
    return all(noun_phrases.is_title(w) for w in re.findall(r"[\w-]+\.?", text[start:end]))


def official(article: Article, phrase: noun_phrases.Phrase, span: Span) -> Party | None:
    """Return whose official an unnamed source is: the name before the noun, else the one after its preposition."""
    if noun_phrases.head_noun(phrase.words) in lexicon.words("private_person_nouns"):
        return None
    before = [n.mention for n in phrase.names if n.role in ("modifier", "owner") and _is_employer(article, n.mention)]
    after = [n.mention for n in phrase.names if n.role == "after" and not _is_example(article, n.mention)]
    if before:
        return Party(affiliation=_country(article, before[-1]))
    if not after:
        return None
    if _are_listed(article, after[0], span):
        return Party()
    return Party(affiliation=_country(article, after[0]))


def _next_name(article: Article, span: Span) -> Party | None:
    """Return the person named in apposition right after the source, which a reader may have cut too short."""
    text = article.text.text
    after = between(article, span.end, span.end + 41)[:1]
    if not after or article.kind(after[0].cluster) != "PERSON":
        return None
    gap = re.fullmatch(r"\s*,\s+(.*)", text[span.end : after[0].start])
    closed = re.match(r"\s*,", text[after[0].end : after[0].end + 3])
    if gap is None or closed is None or not _is_title_only(gap.group(1), 0, len(gap.group(1))):
        return None
    return Party(entity=after[0].cluster)


def _author(article: Article, phrase: noun_phrases.Phrase) -> Party | None:
    """Return who wrote a document: "a statement from spokesman X", "a report by X"."""
    if noun_phrases.head_noun(phrase.words) not in lexicon.words("document_nouns"):
        return None
    text = article.text.text
    for name in phrase.names:
        words = text[phrase.start : name.mention.start].lower().split()
        before = next((w for w in reversed(words) if w in noun_phrases.PREPOSITIONS), "")
        if name.role == "after" and before in ("from", "by"):
            return Party(entity=name.mention.cluster)
    return None


def _is_employer(article: Article, mention: Mention) -> bool:
    """Tell whether a name before a noun says whose it is: neither "pro-Iranian" nor "Western" does."""
    text = article.text.text
    words = text[mention.start : mention.end].lower()
    return text[max(0, mention.start - 1) : mention.start] not in ("-", "‑") and words not in lexicon.words(
        "directions"
    )


def _is_example(article: Article, mention: Mention) -> bool:
    return article.text.text[max(0, mention.start - 12) : mention.start].rstrip().endswith(("such as", "like"))


def _are_listed(article: Article, first: Mention, span: Span) -> bool:
    """Tell whether a name is the first of several side by side: "in Washington, Moscow and Cairo"."""
    text = article.text.text
    end = first.end
    for mention in inside(article, Span(first.end, span.end)):
        gap = re.fullmatch(r"\s*(,|,?\s*(?:and|or|&))\s*(?:the\s+)?", text[end : mention.start])
        if gap is None:
            return False
        if gap.group(1) != ",":
            return True
        end = mention.end
    return False


def _country(article: Article, mention: Mention) -> int:
    """Return the cluster of the country behind a demonym if the article names the country, else the mention's own."""
    if article.kind(mention.cluster) != "NORP":
        return mention.cluster
    country = name_lexicon.country_of(article.text.text[mention.start : mention.end])
    if not country:
        return mention.cluster
    return article.countries.get(country, mention.cluster)


def country_of(article: Article, mention: Mention) -> str:
    """Return the country a demonym or a country's name stands for, or the empty string."""
    return name_lexicon.country_of(article.text.text[mention.start : mention.end])


def floor_of(article: Article, place: int, back: int) -> int:
    """Return where the paragraph begins that stands `back` paragraphs before the one at `place`."""
    paragraphs = article.text.paragraphs
    here = bisect_right(paragraphs, place, key=lambda p: p.start) - 1
    while here > 0 and back > 0:
        here -= 1
        back -= paragraphs[here].role != "boilerplate"
    return paragraphs[here].start if here >= 0 else 0


def sentence_start(article: Article, place: int) -> int:
    """Return where the sentence at a place begins."""
    paragraphs = article.text.paragraphs
    here = bisect_right(paragraphs, place, key=lambda p: p.start) - 1
    begin = max(paragraphs[here].start if here >= 0 else 0, place - _FARTHEST)
    for _, following in stops(article.text.text, begin, place + 2):
        begin = following if following <= place else begin
    return begin


def sentence_end(text: str, start: int, limit: int) -> int:
    """Return where the sentence ends that goes on at `start`, at most `limit`."""
    return next((stop for stop, _ in stops(text, start, limit)), limit)


def stops(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where a sentence ends and where the next one begins; a full stop after an abbreviation ends none."""
    for match in _STOP.finditer(text, start, end):
        if text[match.start()] != "." or not _ABBREVIATION.search(text, max(start, match.start() - 12), match.start()):
            yield match.start(), match.end()
