"""Entity resolution over all articles. The result does not depend on their order.

Clusters with the same key and type are one entity. Then names are joined for a stated reason: initials that an article
spells out, a part of the one longer name, another transcription. Precision comes first: a join needs a single
candidate, and a surname alone needs a single bearer in the corpus, or one that many more articles name than any other.
Names are compared pairwise in small blocks only.
"""

from __future__ import annotations

import gc
import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from broadsheet.extraction.linking.across_documents.aliases import link_aliases, link_initials, link_parts
from broadsheet.extraction.linking.across_documents.doubts import findings
from broadsheet.extraction.linking.across_documents.entities import add_groups, drafts, placed
from broadsheet.extraction.linking.across_documents.full_names import (
    link_middles,
    link_short_names,
    link_transcriptions,
)
from broadsheet.extraction.linking.across_documents.gathering import gathered
from broadsheet.extraction.linking.across_documents.nodes import Nodes
from broadsheet.extraction.linking.across_documents.slips import link_slips
from broadsheet.extraction.linking.across_documents.surnames import link_surnames
from broadsheet.extraction.overrides.entities import Draft, Wanted, carry_out
from broadsheet.model import Decision, Extraction, Resolution
from broadsheet.storage.records import SortedRecords

__all__ = ["resolve"]


def resolve(
    extractions: Iterable[Extraction], decisions: Sequence[Decision] = (), scratch: Path | None = None
) -> Resolution:
    """Return the entities of a corpus, sorted by id, and which cluster of which article is which.

    Two entities never share an id: those with the same name and type are one. Decisions are applied last and win;
    those about an entity that does not exist become findings. `scratch` is the folder of temporary files, in which most
    of a large corpus lies meanwhile. Raises OSError where they cannot be written.
    """
    with _no_collection():
        return _resolved(extractions, decisions, scratch)


def _resolved(extractions: Iterable[Extraction], decisions: Sequence[Decision], scratch: Path | None) -> Resolution:
    with SortedRecords(scratch) as names:
        corpus = gathered(extractions, names, scratch)
        nodes = Nodes.of(corpus, names, scratch)
    with nodes, SortedRecords(scratch) as groups:
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
        add_groups(nodes, groups)
        return _decided(nodes, groups, decisions)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the garbage collector, which would scan many values without cycles again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _decided(nodes: Nodes, groups: SortedRecords, decisions: Sequence[Decision]) -> Resolution:
    """Return the entities after all decisions; only those that a decision may mean are in memory together."""
    clusters = nodes.corpus.decided
    wanted = Wanted.of(clusters, decisions)
    meant = [draft for draft in drafts(groups, nodes.corpus) if wanted.may_be(draft)] if wanted else []
    moved = frozenset(map(_id, meant))
    done = carry_out(meant, clusters, decisions)
    changed = sorted(done.drafts, key=_id)
    found = drafts(groups, nodes.corpus, without=moved)
    found = heapq.merge(found, changed, key=_id) if changed else found
    entities, members = placed(found, done.referred, nodes.corpus)
    return Resolution(entities, members, findings=(*done.findings, *findings(nodes, members)), unknown=done.unknown)


def _id(draft: Draft) -> str:
    return draft.entity_id
