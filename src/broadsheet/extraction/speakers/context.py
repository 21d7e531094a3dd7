"""What an article offers for finding out who a source is: its mentions, its paragraphs, and the earlier sources."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from broadsheet import quotes
from broadsheet.extraction import sentences
from broadsheet.extraction.lexicon import names as name_lexicon
from broadsheet.extraction.speakers import noun_phrases
from broadsheet.extraction.votes import type_of
from broadsheet.model import Cluster, Mention, SourceKind, Span, Text
from broadsheet.quotes import Quotation

__all__ = ["Context", "Parties", "Speaker"]

_Placed = TypeVar("_Placed", Mention, "Speaker")
_NEAR_BEGINNING = 60  # code points


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties of a claim, as indices of clusters: the source, its employer, and who was told.

    `named` is the first name that the source is about, and `kind` what its words show where they name nobody.
    """

    entity: int | None = None
    affiliation: int | None = None
    via: int | None = None
    named: int | None = None
    kind: SourceKind = "unnamed"

    @property
    def is_known(self) -> bool:
        """Tell whether anything is known of the source."""
        return self.entity is not None or self.affiliation is not None


@dataclass(frozen=True, slots=True)
class Speaker:
    """The source of an earlier claim: where it begins, its words, and who it is."""

    start: int
    words: str
    parties: Parties


@dataclass(slots=True)
class Context:
    """An article while the sources of its claims are resolved in order; `speakers` grows with each claim.

    Outside of quotation marks, `people` are the mentions of persons and `subjects` those that may be the subject of
    their clause. `countries` gives the cluster of each country that the article names, `mentions_of` the mentions of
    each cluster, `sentences` where each sentence begins, and `pronouns`, in order, whom "he" and "she" mean so far.
    `titles` are the words before the mentions of the clusters that were asked for.
    """

    text: Text
    clusters: Sequence[Cluster]
    mentions: list[Mention]
    people: list[Mention]
    subjects: list[Mention]
    countries: dict[str, int]
    mentions_of: dict[int, list[Mention]]
    sentences: Sequence[int]
    quoted: Sequence[Quotation]
    speakers: list[Speaker] = field(default_factory=list)
    pronouns: list[Speaker] = field(default_factory=list)
    titles: dict[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, text: Text, clusters: Sequence[Cluster], mentions: Sequence[Mention], quoted: Sequence[Quotation]
    ) -> Context:
        """Return the context of an article in which no source is resolved yet."""
        ordered = sorted(
            (m for m in mentions if 0 <= m.cluster < len(clusters)), key=lambda m: (m.start, m.end, m.cluster)
        )
        unquoted = [m for m in ordered if not quotes.touching(quoted, m.start, m.start + 1)]
        people = [m for m in unquoted if type_of(clusters[m.cluster]) == "PERSON"]
        subjects = _subjects(text.text, unquoted, people)
        countries, starts = _countries(clusters), list(_sentences(text))
        return cls(text, clusters, ordered, people, subjects, countries, _by_cluster(ordered), starts, quoted)

    def kind(self, cluster: int) -> str:
        """Return the type that the readings of a cluster agree on."""
        return type_of(self.clusters[cluster])

    def is_person(self, cluster: int) -> bool:
        """Tell whether a cluster is a person."""
        return self.kind(cluster) == "PERSON"

    def words(self, place: Mention | Span) -> str:
        """Return the words of a mention or a span."""
        return self.text.text[place.start : place.end]

    def between(self, start: int, end: int) -> list[Mention]:
        """Return the mentions that begin in [start, end)."""
        return _from_to(self.mentions, start, end)

    def inside(self, span: Span) -> list[Mention]:
        """Return the mentions that lie wholly inside a span."""
        return [m for m in self.between(span.start, span.end) if m.end <= span.end]

    def subjects_between(self, start: int, end: int) -> list[Mention]:
        """Return the subjects that begin in [start, end)."""
        return _from_to(self.subjects, start, end)

    def is_subject(self, mention: Mention) -> bool:
        """Tell whether a mention may be the subject of its clause."""
        return mention in self.subjects_between(mention.start, mention.start + 1)

    def people_between(self, start: int, end: int) -> list[Mention]:
        """Return the mentions of persons, outside of quotation marks, that begin in [start, end)."""
        return _from_to(self.people, start, end)

    def all_people_between(self, start: int, end: int) -> list[Mention]:
        """Return the mentions of persons, quoted or not, that begin in [start, end)."""
        return [m for m in self.between(start, end) if self.is_person(m.cluster)]

    def topics(self, start: int, end: int) -> list[Mention]:
        """Return the first person in each sentence of [start, end) who may be its subject: whom it is about.

        "The Roe campaign" is about Roe.
        """
        first: dict[int, Mention] = {}
        for mention in self.people_between(start, end):
            if mention.end <= end and noun_phrases.is_subject(self.text.text, mention):
                first.setdefault(self.sentence_start(mention.start), mention)
        return list(first.values())

    def speakers_between(self, start: int, end: int) -> list[Speaker]:
        """Return the speakers that begin in [start, end), in order."""
        return _from_to(self.speakers, start, end)

    def phrases(self, span: Span) -> list[noun_phrases.Phrase]:
        """Return the phrases of a source."""
        return noun_phrases.read(self.text.text, span, self.inside(span))

    def country_of(self, mention: Mention) -> str:
        """Return the country that a demonym or a country's name means, or the empty string."""
        return name_lexicon.country_of(self.words(mention))

    def paragraph(self, place: int) -> int:
        """Return the index of the paragraph at a place, or of the one before it; -1 before the first."""
        return bisect_right(self.text.paragraphs, place, key=lambda p: p.start) - 1

    def paragraph_start(self, place: int, back: int = 0) -> int:
        """Return where the paragraph at a place begins, or the one `back` paragraphs before it.

        Boilerplate does not count.
        """
        here = self.paragraph(place)
        while here > 0 and back > 0:
            here -= 1
            back -= self.text.paragraphs[here].role != "boilerplate"
        return self.text.paragraphs[here].start if here >= 0 else 0

    def sentence_start(self, place: int) -> int:
        """Return where the sentence at a place begins."""
        return self.sentences[max(0, bisect_right(self.sentences, place) - 1)] if self.sentences else 0

    def next_sentence(self, place: int) -> int:
        """Return where the sentence after the one at a place begins; the end of the text where there is none."""
        at = bisect_right(self.sentences, place)
        return self.sentences[at] if at < len(self.sentences) else len(self.text.text)

    def begins_sentence(self, mention: Mention) -> bool:
        """Tell whether a mention is near the beginning of its sentence: not "Roe" in "…, hours after Roe left"."""
        return mention.start - self.sentence_start(mention.start) < _NEAR_BEGINNING

    def sentences_between(self, start: int, end: int) -> int:
        """Return how many sentences begin in (start, end], those inside of a quotation after its first left out."""
        begun = self.sentences[bisect_right(self.sentences, start) : bisect_right(self.sentences, end)]
        return sum(not any(q.start < one for q in quotes.touching(self.quoted, one, one + 1)) for one in begun)

    def pronouns_between(self, start: int, end: int) -> list[Speaker]:
        """Return the pronouns that begin in [start, end) and whom they mean, in order."""
        return _from_to(self.pronouns, start, end)


def _from_to(ordered: Sequence[_Placed], start: int, end: int) -> list[_Placed]:
    low = bisect_left(ordered, start, key=lambda one: one.start)
    return list(ordered[low : bisect_left(ordered, end, low, key=lambda one: one.start)])


def _subjects(text: str, unquoted: Sequence[Mention], people: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that may be the subject of their clause: not a person before a noun, "the Roe campaign"."""
    beside = {mention for mention in people if noun_phrases.article_before(text, mention) is not None}
    return [m for m in unquoted if noun_phrases.is_subject(text, m) and m not in beside]


def _by_cluster(mentions: Sequence[Mention]) -> dict[int, list[Mention]]:
    found = defaultdict(list)
    for mention in mentions:
        found[mention.cluster].append(mention)
    return dict(found)


def _sentences(text: Text) -> Iterator[int]:
    for paragraph in text.paragraphs:
        yield paragraph.start
        yield from (after for _, after in sentences.stops(text.text, paragraph.start, paragraph.end))


def _countries(clusters: Sequence[Cluster]) -> dict[str, int]:
    """Return the cluster of each country, the first one where several have a name of it."""
    found: dict[str, int] = {}
    named = (
        (at, form) for at, cluster in enumerate(clusters) if type_of(cluster) == "GPE" for form, _ in cluster.forms
    )
    for at, form in named:
        entry = name_lexicon.known().get(form)
        if entry is not None and entry.name == entry.country:
            found.setdefault(entry.name, at)
    return found
