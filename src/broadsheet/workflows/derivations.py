"""Whose words an article gives, as its claims say it, and in which article of the dataset these words are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

from broadsheet import ids, texts
from broadsheet.extraction.lexicon.name_forms import fold
from broadsheet.model import Citation, Claim, Extraction, Resolution, Text
from broadsheet.storage.entities import Entities
from broadsheet.storage.summaries import Summary
from broadsheet.texts import Attributed

__all__ = ["citations", "derived"]


def citations(text: Text, said: Extraction) -> tuple[Citation, ...]:
    """Return the words that an article has from each party that is not a person, by the index of its cluster."""
    words: defaultdict[int, set[int]] = defaultdict(set)
    for claim in said.claims:
        for party in _outlets(claim, said):
            content = " ".join(span.slice(text.text) for span in claim.attribution.content)
            words[party].update(texts.shingles(content))
    return tuple(Citation(party, tuple(sorted(found))) for party, found in sorted(words.items()) if found)


def _outlets(claim: Claim, said: Extraction) -> Iterator[int]:
    """Yield the parties through which a claim came that may be an outlet."""
    for party in {claim.source, claim.via} - {None}:
        if party is not None and "PERSON" not in dict(said.clusters[party].votes):
            yield party


def derived(summaries: Collection[Summary], resolution: Resolution, scratch: Path | None = None) -> dict[str, str]:
    """Return document_id → document_id of the article from whose publisher it has the same words.

    `scratch` is the folder of temporary files.
    """
    entities = Entities.of(resolution.entities)
    attributed = (_attributed(one, resolution, entities) for one in summaries)
    return texts.derived(attributed, scratch, buckets=ids.bucket_count(len(summaries)))


def _attributed(one: Summary, resolution: Resolution, entities: Entities) -> Attributed:
    cited: defaultdict[str, set[int]] = defaultdict(set)
    citations = one.citations
    clusters = one.clusters if citations else ()
    for citation in citations:
        forms = {fold(form) for form, _ in clusters[citation.cluster].forms}
        place = resolution.members.get((one.document_id, citation.cluster))
        for name in forms | ({fold(entities.name_of(place[0]))} if place else set()):
            cited[name].update(citation.sketch)
    return Attributed(one.document_id, one.publisher and fold(one.publisher), one.published, one.sketch, cited)
