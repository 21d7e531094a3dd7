"""Entities, from the names that joined: their names, why each cluster belongs, and their ids."""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import cast

import numpy as np

from broadsheet.extraction.lexicon.name_forms import core, fold, is_acronym
from broadsheet.extraction.lexicon.names import entry_for
from broadsheet.extraction.linking.across_documents.corpus_clusters import CorpusClusters
from broadsheet.extraction.linking.across_documents.nodes import Node, Nodes
from broadsheet.extraction.overrides.entities import Draft, Placed
from broadsheet.model import Entity, LinkedBy, Members, Place, Resolution
from broadsheet.model import EntityType as Kind
from broadsheet.storage.number_rows import Integers

__all__ = ["drafts", "resolution"]

_ABBREVIATION = 4  # code points of the longest abbreviation of a place


def drafts(nodes: Nodes) -> list[Draft]:
    """Return a draft of an entity for each group of joined nodes, sorted by id; decisions come later."""
    parts: defaultdict[int, list[Node]] = defaultdict(list)
    for node in nodes.values():
        parts[id(node.root)].append(node)
    drafts: dict[str, Draft] = {}
    for group in parts.values():
        draft = Draft(_name(group), group[0].root.type)
        draft = drafts.setdefault(draft.entity_id, draft)
        for node in group:
            _fill(draft, node)
    return [drafts[key] for key in sorted(drafts)]


def _fill(draft: Draft, node: Node) -> None:
    for clusters in node.names:
        draft.found.append((clusters, _why(clusters.name, draft.name, node)))


def _name(group: list[Node]) -> str:
    """Return the most frequent of the fullest names: a known usual form, then more than one word, then by count.

    A place of which the articles have only an abbreviation has its usual name ("Missouri" for "Mo.").
    """
    if len(group) == len(group[0].names) == 1:
        return _written_out(group[0].names[0].name, group[0].type)
    names = {clusters.name: clusters.count for node in group for clusters in node.names}
    usual = {
        entry.name for node in group for name in node.called if (entry := entry_for(name)) and entry.type == node.type
    }

    def rank(name: str) -> tuple[bool, bool, bool, int, int, str]:
        single = " " not in name or is_acronym(name)
        return name not in usual, single, name.isupper() and len(name) > 6, -names[name], -len(name), name

    return min(names, key=rank)


def _written_out(name: str, kind: str) -> str:
    is_short = len(name) <= _ABBREVIATION and (not name.isupper() or "." in name)
    entry = entry_for(name) if kind == "GPE" and is_short else None
    return entry.name if entry and entry.type == kind else name


def _why(called: str, name: str, node: Node) -> LinkedBy | None:
    """Return why a cluster with one name belongs to an entity with another; None if the names are the same."""
    if called == name:
        return None
    key = core if node.type == "PERSON" else fold
    if fold(called) == fold(name) or key(called) == key(name):
        return "folded"
    initial = is_acronym(called) and not entry_for(called)
    if initial and node.type != "PERSON":
        return "acronym"
    return node.reason or _why_joined(called, name, node.type)


def _why_joined(called: str, name: str, kind: str) -> LinkedBy:
    """Return why another name joined this one."""
    if kind != "PERSON":
        return "alias"
    one, other = set(core(called)), set(core(name))
    return "partial" if one < other or other < one else "spelling"


def resolution(placed: Placed, corpus: CorpusClusters) -> Resolution:
    """Return the entities, and the entity of each cluster with the reason why it belongs there."""
    drafts = sorted(placed.drafts, key=lambda draft: draft.entity_id)
    entities = tuple(Entity(one.entity_id, one.name, cast("Kind", one.type), one.wikidata_id) for one in drafts)
    placing = _Placing(corpus)
    for draft in drafts:
        placing.place(draft)
    for member, key in placed.referred.items():
        placing.put(corpus.number(member), (key, "correction"))
    members = Members(corpus.numbers, corpus.first, array("i", placing.rows.tobytes()), tuple(placing.places))
    return Resolution(entities, members, findings=placed.findings, unknown=placed.unknown)


class _Placing:
    """The place of each cluster of a corpus, as an index into all places; -1 for none."""

    def __init__(self, corpus: CorpusClusters) -> None:
        self.corpus = corpus
        self.rows = np.full(corpus.first[-1], -1, np.int32)
        self.places: dict[Place, int] = {}

    def put(self, clusters: int | Integers, place: Place) -> None:
        """Put clusters, by their numbers, at a place."""
        self.rows[clusters] = self.places.setdefault(place, len(self.places))

    def place(self, draft: Draft) -> None:
        """Put the clusters of an entity at its places."""
        if draft.is_as_found:
            for clusters, why in draft.found:
                self.put(clusters.places, (draft.entity_id, why))
        else:
            for member, (_, why) in draft.members.items():
                self.put(self.corpus.number(member), (draft.entity_id, why))
