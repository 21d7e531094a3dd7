"""Who says a quotation: whom the draft names, whom the corpus names, and whether the two can be one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from broadsheet import extraction
from broadsheet.extraction.speakers.same_name import may_be_body, may_be_person
from broadsheet.model import Claim, Cluster, Extraction, Span
from broadsheet.quotations.check import Occurrence
from broadsheet.quotations.draft import Quote
from broadsheet.quotations.index import Index, Speaker
from broadsheet.workflows.drafts import Draft

__all__ = ["SpeakerReader"]


@dataclass
class SpeakerReader:
    """Reads drafts for who says what, with the models of a build, which are loaded when they are first needed.

    Without `is_on` no draft names anybody.
    """

    index: Index
    is_on: bool = True
    _models: list[extraction.Models] = field(default_factory=list)

    def named(self, draft: Draft, found: Sequence[Quote]) -> Mapping[int, tuple[Speaker, ...]]:
        """Return whom the draft names as the speakers of quotations, by where each starts."""
        if not found or not self.is_on:
            return {}
        if not self._models:
            self._models.append(extraction.Models.load())
        said = extraction.extract(draft.text, self._models[0])
        return {quote.start: tuple(_named(draft.text.text, said, quote)) for quote in found}

    def speakers(self, place: Occurrence) -> tuple[Speaker, ...]:
        """Return the entities that say the words of a place, those of the claim with the most of them first."""
        ids = dict.fromkeys(one.source for one in place.statements if one.source)
        return tuple(map(self.index.entity, ids))

    def is_contradicted(self, named: Sequence[Speaker], place: Occurrence) -> bool:
        """Return whether draft and corpus name speakers who cannot be one.

        A pronoun, an unnamed source and a speaker of another kind (a person for a body) contradict nothing.
        """
        known = self.speakers(place)
        is_unnamed = any(one.source is None for one in place.statements)
        return bool(named and known) and not is_unnamed and not self._has_common(named, known)

    def _has_common(self, named: Iterable[Speaker], known: Sequence[Speaker]) -> bool:
        return any(self._may_be_one(one, other) for one in named for other in known)

    def _may_be_one(self, one: Speaker, other: Speaker) -> bool:
        kinds = self._types.get(one.name, frozenset())
        if other.type == "PERSON" and "PERSON" in {one.type, *kinds}:
            return may_be_person(one.name, (other.name, *other.forms))
        if other.type == "ORG" and "ORG" in kinds:
            return may_be_body(one.name, (other.name, *other.forms))
        return True

    @cached_property
    def _types(self) -> Mapping[str, frozenset[str]]:
        """Return the types of the entities with a name, of those that say something."""
        found: dict[str, set[str]] = {}
        for row in self.index.entities.select(["name", "type"]).to_pylist():
            found.setdefault(row["name"], set()).add(row["type"])
        return {name: frozenset(types) for name, types in found.items()}


def _named(text: str, said: Extraction, quote: Quote) -> Iterator[Speaker]:
    """Yield the sources of the claims that have at least half of a quotation as content, where they are names.

    A pronoun may mean somebody else, and a source inside the quotation is part of what is said.
    """
    size = sum(own.end - own.start for own in quote.spans)
    for claim in said.claims:
        if 2 * _common(quote.spans, claim.attribution.content) >= size:
            yield from _names(text, said, claim, quote)


def _common(some: Iterable[Span], others: Sequence[Span]) -> int:
    """Return how many code points two lists of spans have in common."""
    pairs = ((one, other) for one in some for other in others)
    return sum(max(0, min(one.end, other.end) - max(one.start, other.start)) for one, other in pairs)


def _names(text: str, said: Extraction, claim: Claim, quote: Quote) -> Iterator[Speaker]:
    """Yield the mentions of a claim's source in the words for it, with the type that the draft shows."""
    spans = [span for span in claim.attribution.source if not _common(quote.spans, [span])]
    for one in said.mentions:
        if one.cluster == claim.source and _common([Span(one.start, one.end)], spans):
            yield Speaker(text[one.start : one.end], _type(said.clusters[one.cluster]))


def _type(cluster: Cluster) -> str:
    """Return the type that the draft shows most often; empty where it shows none."""
    return max(cluster.votes, key=lambda vote: vote[1], default=("", 0))[0]
