"""Entity resolution over all articles. The result does not depend on their order.

Clusters with the same key and type are one entity. Then names are joined for a stated reason: initials that an article
spells out, a part of the one longer name, another transcription. Precision comes first: a join needs a single
candidate, and a surname alone needs a single bearer in the corpus, or one that many more articles name than any other.
Names are compared pairwise in small blocks only.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from broadsheet.extraction.linking.across_documents.aliases import link_aliases, link_initials, link_parts
from broadsheet.extraction.linking.across_documents.corpus_clusters import CorpusClusters, gathered
from broadsheet.extraction.linking.across_documents.doubts import findings, unclear_surnames
from broadsheet.extraction.linking.across_documents.entities import drafts, resolution
from broadsheet.extraction.linking.across_documents.full_names import (
    link_middles,
    link_short_names,
    link_transcriptions,
)
from broadsheet.extraction.linking.across_documents.nodes import make_nodes
from broadsheet.extraction.linking.across_documents.slips import link_slips
from broadsheet.extraction.linking.across_documents.surnames import link_surnames
from broadsheet.extraction.overrides.entities import carry_out
from broadsheet.model import Decision, Extraction, Resolution

__all__ = ["resolve"]


def resolve(extractions: Iterable[Extraction], decisions: Sequence[Decision] = ()) -> Resolution:
    """Return the entities of a corpus, sorted by id, and which cluster of which article is which.

    Two entities never share an id: those with the same name and type are one. Decisions are applied last and win;
    those about an entity that does not exist become findings.
    """
    with _no_collection():
        return _resolved(gathered(extractions), decisions)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the garbage collector, which would scan a million values without cycles again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _resolved(corpus: CorpusClusters, decisions: Sequence[Decision]) -> Resolution:
    nodes = make_nodes(corpus)
    for link in (
        link_aliases,
        link_initials,
        link_middles,
        link_transcriptions,
        link_short_names,
        link_surnames,
        link_parts,
        link_slips,
    ):
        link(nodes)
    unclear = list(unclear_surnames(nodes))
    found = resolution(carry_out(drafts(nodes), corpus.decided, decisions), corpus)
    return replace(found, findings=(*found.findings, *findings(found, unclear)))
