"""Who says a quotation: whom the draft names, whom the corpus names, and whether the two can be one.

A draft is read no further than needed. Where it has no name beside a quotation, or only that of the speaker whom the
corpus has, nothing is loaded. Else the reader of claims says what the source of the quotation is, and only where that
has another name, the models of names say which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from broadsheet.extraction.votes import type_of
from broadsheet.model import Attribution, Claim, Extraction, Span, Text
from broadsheet.quotations import names_beside
from broadsheet.quotations.check import Occurrence
from broadsheet.quotations.draft import Quote
from broadsheet.quotations.index import Index, Speaker
from broadsheet.workflows.drafts import Draft

if TYPE_CHECKING:
    from broadsheet.extraction import Models

__all__ = ["SpeakerReader"]

Found = tuple[Quote, Sequence[Occurrence]]
_COMPARED = frozenset({"PERSON", "ORG"})
"""Types of entities whose names are compared."""


@dataclass
class SpeakerReader:
    """Reads drafts for who says what, with the models of a build, which are loaded when they are first needed.

    Without `is_on` no draft names anybody.
    """

    index: Index
    is_on: bool = True

    def named(self, draft: Draft, found: Sequence[Found]) -> Mapping[int, tuple[Speaker, ...]]:
        """Return whom the draft names as the speakers of quotations, by where each starts.

        Only quotations are listed whose speaker the corpus may contradict.
        """
        doubted = list(self._doubted(draft, found)) if self.is_on else []
        if not doubted:
            return {}
        # the extraction takes 0.4 s to import
        from broadsheet import extraction  # noqa: PLC0415
        from broadsheet.texts.language import guess  # noqa: PLC0415

        text = replace(draft.text, language=guess(draft.text.text[draft.text.paragraphs[0].start :]))
        if not extraction.is_read(text):
            return {}
        said = extraction.attributed(_near(text, [quote for quote, _ in doubted]), self._claims)
        others = [quote for quote, known in doubted if _names_another(text.text, said, quote, known)]
        if not others:
            return {}
        said = extraction.extract(text, self._models)
        return {quote.start: tuple(self._named(text.text, said, quote)) for quote in others}

    def _doubted(self, draft: Draft, found: Sequence[Found]) -> Iterator[tuple[Quote, frozenset[str]]]:
        """Yield the quotations beside which the draft has another name than the corpus, with the words of its names."""
        for quote, places in found:
            known = self._known(places)
            if known:
                words = names_beside.words_of(known)
                beside = names_beside.around(draft.text.text, draft.text.paragraphs, draft.quotes, quote)
                if names_beside.names_another(beside, words):
                    yield quote, words

    def _known(self, places: Sequence[Occurrence]) -> tuple[Speaker, ...]:
        """Return the speakers of the best places; none where a place has none that another name can contradict."""
        best = (one for one in places if one.faults == places[0].faults)
        speakers = list(map(self._compared, best))
        return tuple(chain.from_iterable(speakers)) if all(speakers) else ()

    def _compared(self, place: Occurrence) -> tuple[Speaker, ...]:
        """Return the speakers of a place; none where one of them has no name, or none that is compared."""
        speakers = () if _is_unnamed(place) else self.speakers(place)
        return speakers if _COMPARED.issuperset(one.type for one in speakers) else ()

    @cached_property
    def _claims(self) -> Callable[[Text], tuple[Attribution, ...]]:
        from broadsheet.extraction import claim_reader  # noqa: PLC0415

        return claim_reader()

    @cached_property
    def _models(self) -> Models:
        from broadsheet.extraction import Models  # noqa: PLC0415

        return Models.load()

    def speakers(self, place: Occurrence) -> tuple[Speaker, ...]:
        """Return the entities that say the words of a place, those of the claim with the most of them first."""
        ids = dict.fromkeys(one.source for one in place.statements if one.source)
        return tuple(map(self.index.entity, ids))

    def is_contradicted(self, named: Sequence[Speaker], place: Occurrence) -> bool:
        """Return whether draft and corpus name speakers who cannot be one.

        A pronoun, an unnamed source and a speaker of another kind (a person for a body) contradict nothing.
        """
        known = self.speakers(place)
        return bool(named and known) and not _is_unnamed(place) and not self._has_common(named, known)

    def _has_common(self, named: Iterable[Speaker], known: Sequence[Speaker]) -> bool:
        return any(self._may_be_one(one, other) for one in named for other in known)

    def _may_be_one(self, one: Speaker, other: Speaker) -> bool:
        from broadsheet.extraction.speakers.same_name import may_be_body, may_be_person  # noqa: PLC0415

        kinds = self._types.get(one.name, frozenset())
        if other.type == "PERSON" and "PERSON" in {one.type, *kinds}:
            return may_be_person(one.name, (other.name, *other.forms))
        if other.type == "ORG" and "ORG" in kinds:
            return may_be_body(one.name, (other.name, *other.forms))
        return True

    def _named(self, text: str, said: Extraction, quote: Quote) -> Iterator[Speaker]:
        """Yield the sources of the claims that have at least half of a quotation as content, where they are names.

        A name is one that the models find, else the words of the source where a speaker of the corpus is called so. A
        pronoun may mean somebody else, and a source inside the quotation is part of what is said.
        """
        for claim in _saying(said, quote):
            spans = [span for span in claim.attribution.source if not _common(quote.spans, [span])]
            yield from list(_names(text, said, claim, spans)) or self._listed(text, spans)

    def _listed(self, text: str, spans: Iterable[Span]) -> list[Speaker]:
        """Return the speaker of the corpus who is called by the words of a source; none where nobody is."""
        words = " ".join(span.slice(text) for span in spans)
        return [Speaker(words, "")] if words in self._types else []

    @cached_property
    def _types(self) -> Mapping[str, frozenset[str]]:
        """Return the types of the entities with a name, of those that say something."""
        found: dict[str, set[str]] = {}
        for row in self.index.entities.select(["name", "type"]).to_pylist():
            found.setdefault(row["name"], set()).add(row["type"])
        return {name: frozenset(types) for name, types in found.items()}


def _is_unnamed(place: Occurrence) -> bool:
    return any(one.source is None for one in place.statements)


def _near(text: Text, quotes: Sequence[Quote]) -> Text:
    """Return a text with only the paragraphs beside some quotations."""
    near = {one.start for quote in quotes for one in names_beside.nearby(text.paragraphs, quote)}
    return replace(text, paragraphs=tuple(one for one in text.paragraphs if one.start in near))


def _names_another(text: str, said: Extraction, quote: Quote, known: frozenset[str]) -> bool:
    """Return whether a source of a quotation has a name that is not one of the known words.

    A source begins with its name, or with a description that a name follows after a comma.
    """
    from broadsheet.extraction.speakers.noun_phrases import is_title  # noqa: PLC0415

    for claim in _saying(said, quote):
        source = " ".join(span.slice(text) for span in claim.attribution.source if not _common(quote.spans, [span]))
        plain = " ".join(word for word in source.split() if not is_title(word))
        head, _, rest = plain.partition(",")
        if names_beside.names_another(head if any(names_beside.capitals(head)) else rest, known):
            return True
    return False


def _saying(said: Extraction, quote: Quote) -> Iterator[Claim]:
    """Yield the claims that have at least half of a quotation as content."""
    size = sum(own.end - own.start for own in quote.spans)
    return (one for one in said.claims if 2 * _common(quote.spans, one.attribution.content) >= size)


def _common(some: Iterable[Span], others: Sequence[Span]) -> int:
    """Return how many code points two lists of spans have in common."""
    pairs = ((one, other) for one in some for other in others)
    return sum(max(0, min(one.end, other.end) - max(one.start, other.start)) for one, other in pairs)


def _names(text: str, said: Extraction, claim: Claim, spans: Sequence[Span]) -> Iterator[Speaker]:
    """Yield the mentions of a claim's source in the words for it, with the type that the draft shows."""
    for one in said.mentions:
        if one.cluster == claim.source and _common([Span(one.start, one.end)], spans):
            yield Speaker(text[one.start : one.end], type_of(said.clusters[one.cluster]))
