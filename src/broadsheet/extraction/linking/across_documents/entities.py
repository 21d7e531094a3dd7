"""Entities, from the names that joined: their names, why each cluster belongs, and their ids."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Final, cast

import msgspec
import numpy as np

from broadsheet import ids
from broadsheet.extraction.lexicon.name_forms import core, fold, is_acronym
from broadsheet.extraction.lexicon.names import LexiconEntry, entry_for
from broadsheet.extraction.linking.across_documents.corpus_clusters import CorpusClusters, NameClusters, NameRecord
from broadsheet.extraction.linking.across_documents.nodes import JoinedNodes, Node, Nodes
from broadsheet.extraction.overrides.entities import Draft, Member
from broadsheet.model import Entity, EntityType, LinkedBy, Members
from broadsheet.storage.entities import Entities, Places
from broadsheet.storage.number_rows import Integers
from broadsheet.storage.records import Pair, SortedRecords

__all__ = ["add_groups", "drafts", "placed"]

_Called = tuple[str, LinkedBy | None, list[NameRecord]]  # of a node: its type, why it joined another, its names
_Group = tuple[int, str, str, list[_Called]]  # of joined nodes: the first one's number, their name and type, and each
_GROUP: Final = msgspec.msgpack.Decoder(_Group)
_AT_ONCE: Final = 16384  # groups that are sorted together
_ABBREVIATION = 4  # code points of the longest abbreviation of a place


def add_groups(nodes: Nodes, groups: SortedRecords) -> None:
    """Add each group of joined nodes by the id of its entity; those with one id in the order of their first nodes.

    Raises OSError where they cannot be written.
    """
    found = map(_group, JoinedNodes(nodes, np.arange(len(nodes))).groups())
    while chunk := list(islice(found, _AT_ONCE)):
        groups.add(chunk)


def _group(group: list[Node]) -> Pair:
    """Return the id of an entity, and as bytes its first node, its name, its type, and what is said of its nodes."""
    first, called = group[0], [(node.type, node.reason, node.names) for node in group]
    name, kind = _name(called), first.root.type
    return ids.entity_id(name, kind), msgspec.msgpack.encode((first.number, name, kind, called))


def drafts(groups: SortedRecords, corpus: CorpusClusters, *, without: frozenset[str] = frozenset()) -> Iterator[Draft]:
    """Yield a draft of an entity for each id that is not in `without`, sorted by id; decisions come later."""
    for entity_id, alike in groupby(groups, itemgetter(0)):
        if entity_id not in without:
            yield _draft(entity_id, [_GROUP.decode(record) for _, record in alike], corpus)


def _draft(entity_id: str, groups: Sequence[_Group], corpus: CorpusClusters) -> Draft:
    """Return the draft of groups with one id; it has the name of the first."""
    _, name, kind, _ = groups[0]
    draft = Draft(name, kind, entity_id=entity_id)
    for of in (of for *_, called in groups for of in called):
        draft.found += [(NameClusters(corpus, one), _why(one.name, name, of)) for one in of[2]]
    return draft


def _name(group: Sequence[_Called]) -> str:
    """Return the most frequent of the fullest names: a known usual form, then more than one word, then by count.

    A place of which the articles have only an abbreviation has its usual name ("Missouri" for "Mo.").
    """
    called = [(record, kind) for kind, _, records in group for record in records]
    (first, kind), *others = called
    if not others:
        return _written_out(first.name, kind)
    counts = {record.name: record.count for record, _ in called}
    usual = {entry.name for record, kind in called if (entry := _entry(record.name, kind))}
    return min(counts, key=lambda name: (name not in usual, *_fullness(name), -counts[name], -len(name), name))


def _entry(name: str, kind: str) -> LexiconEntry | None:
    """Return the entry of a name that is known with a type."""
    entry = entry_for(name)
    return entry if entry and entry.type == kind else None


def _fullness(name: str) -> tuple[bool, bool]:
    """Return how little a name says, as a rank: one word or initials, then a long name in capitals."""
    return " " not in name or is_acronym(name), name.isupper() and len(name) > 6


def _written_out(name: str, kind: str) -> str:
    is_short = len(name) <= _ABBREVIATION and (not name.isupper() or "." in name)
    entry = _entry(name, kind) if kind == "GPE" and is_short else None
    return entry.name if entry else name


def _why(called: str, name: str, of: _Called) -> LinkedBy | None:
    """Return why a cluster with one name belongs to an entity with another; None if the names are the same."""
    if called == name:
        return None
    kind, reason, _ = of
    key = core if kind == "PERSON" else fold
    if fold(called) == fold(name) or key(called) == key(name):
        return "folded"
    initial = is_acronym(called) and not entry_for(called)
    if initial and kind != "PERSON":
        return "acronym"
    return reason or _why_joined(called, name, kind)


def _why_joined(called: str, name: str, kind: str) -> LinkedBy:
    """Return why another name joined this one."""
    if kind != "PERSON":
        return "alias"
    one, other = set(core(called)), set(core(name))
    return "partial" if one < other or other < one else "spelling"


def placed(drafts: Iterable[Draft], referred: Mapping[Member, str], corpus: CorpusClusters) -> tuple[Entities, Members]:
    """Return the entities of drafts sorted by id, and the entity of each cluster with the reason why it belongs there.

    `referred` has the ids of the entities of clusters that belong to no draft.
    """
    placing = _Placing(corpus)
    for draft in drafts:
        placing.place(draft)
    for member, key in referred.items():
        placing.put(corpus.number(member), placing.entities.numbers[key], "correction")
    return placing.entities, Members(corpus.numbers, corpus.first, placing.rows, placing.places)


class _Placing:
    """The place of each cluster of a corpus, as an index into all places; -1 for none."""

    def __init__(self, corpus: CorpusClusters) -> None:
        self.corpus, self.entities = corpus, Entities()
        self.places = Places(self.entities.ids)
        self.rows = array("i", [-1]) * corpus.first[-1]
        self._rows = np.frombuffer(self.rows, np.intc) if self.rows else np.empty(0, np.intc)

    def put(self, clusters: int | Integers, entity: int, why: LinkedBy | None) -> None:
        """Put clusters, by their numbers, at a new place."""
        self._rows[clusters] = self.places.append(entity, why)

    def place(self, draft: Draft) -> None:
        """Add the entity of a draft, and put its clusters at its places."""
        number = len(self.entities)
        self.entities.append(Entity(draft.entity_id, draft.name, cast("EntityType", draft.type), draft.wikidata_id))
        found: defaultdict[LinkedBy | None, list[Integers]] = defaultdict(list)
        if draft.is_as_found:
            for clusters, why in draft.found:
                found[why].append(clusters.places)
        else:
            for member, (_, why) in draft.members.items():
                found[why].append(np.array([self.corpus.number(member)]))
        for why, places in found.items():
            self.put(np.concatenate(places) if len(places) > 1 else places[0], number, why)
