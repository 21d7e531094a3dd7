"""The names of a corpus by key and type, each a node that may join another."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Final

from broadsheet.extraction.lexicon.name_forms import core, fold, is_acronym
from broadsheet.extraction.lexicon.names import body_key, entry_for
from broadsheet.extraction.linking.across_documents.corpus_clusters import (
    CorpusClusters,
    NameClusters,
    bearing,
)
from broadsheet.extraction.linking.votes import ORDER, elect
from broadsheet.model import LinkedBy

__all__ = ["Node", "NodeKey", "Nodes", "make_nodes", "name_key", "only_root", "people", "plain_key"]

_KINDS: Final = {kind: at for at, kind in enumerate(ORDER)}
_NONE: Final = array("q", [0] * len(ORDER))


@dataclass(slots=True, eq=False)
class Node:
    """The names with one key and type; of a surname alone, those with one sex and office."""

    key: str
    type: str
    parts: tuple[str, ...]
    sex: str = ""
    office: str = ""
    names: list[NameClusters] = field(default_factory=list)
    aliases: frozenset[str] = frozenset()
    count: int = 0
    head: Node | None = None
    reason: LinkedBy | None = None

    @property
    def called(self) -> list[str]:
        """Return the names."""
        return [clusters.name for clusters in self.names]

    @property
    def documents(self) -> frozenset[int]:
        """Return the numbers of the articles that name it."""
        first, *rest = (clusters.documents for clusters in self.names)
        return first.union(*rest) if rest else first

    @property
    def root(self) -> Node:
        """Return the node at the end of the chain."""
        node = self
        while node.head:
            node = node.head
        return node

    def join(self, other: Node, reason: LinkedBy) -> None:
        """Join the chain of another node."""
        if other.root is not self.root:
            self.root.reason = self.root.reason or reason
            self.root.head = other.root

    def add(self, clusters: NameClusters) -> None:
        """Add the clusters of a name."""
        self.names.append(clusters)
        self.aliases |= clusters.aliases
        self.count += clusters.count


NodeKey = tuple[str, str, str, str]  # key, type, and the sex and the office of a surname alone

Nodes = dict[NodeKey, Node]  # sorted


def make_nodes(corpus: CorpusClusters) -> Nodes:
    """Return the names that share key and type as nodes; the type is the one that most articles give."""
    votes = _Votes.of(corpus)
    nodes: Nodes = {}
    for begin, end in corpus.names():
        name = corpus.distinct[begin].name
        kind = votes.elected(name)
        key = name_key(name, kind)
        is_surname = kind == "PERSON" and " " not in name
        parts = _by_bearing(corpus, begin, end) if is_surname else [(("", ""), (begin, end))]
        for (sex, office), part in parts:
            place = key, kind, sex, office
            node = nodes.get(place)
            if node is None:
                node = nodes[place] = Node(key, kind, tuple(map(sys.intern, key.split())), sex, office)
            node.add(NameClusters.of(corpus, *part))
    return dict(sorted(nodes.items()))


def _by_bearing(corpus: CorpusClusters, begin: int, end: int) -> Iterator[tuple[tuple[str, str], tuple[int, int]]]:
    """Yield what articles show of a surname alone, and from where to where the clusters are that do."""
    for shown, alike in groupby(range(begin, end), key=lambda number: bearing(corpus.distinct[number])):
        numbers = list(alike)
        yield shown, (numbers[0], numbers[-1] + 1)


class _Votes:
    """How often each folded form was given each type. A surname gets the type of the full name it belongs to."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}  # of a form, where its counts begin
        self._counts = array("q")

    @classmethod
    def of(cls, corpus: CorpusClusters) -> _Votes:
        """Return the votes of all clusters, for their names and their forms."""
        votes = cls()
        counts, row = votes._counts, votes._row
        for cluster, times in zip(corpus.distinct, corpus.times, strict=True):
            own, name, kind = row(cluster.name), cluster.name, _elected(cluster.votes)
            for given, count in cluster.votes:
                counts[own + _KINDS[given]] += times * count
            for form, count in cluster.forms:
                counts[(own if form == name else row(form)) + _KINDS[kind]] += times * count
        return votes

    def _row(self, form: str) -> int:
        end = len(self._counts)
        found = self._rows.setdefault(fold(form), end)
        if found == end:
            self._counts.extend(_NONE)
        return found

    def elected(self, name: str) -> str:
        """Return the type with the most votes; ties go to the type that comes first in `ORDER`."""
        start = self._rows[fold(name)]
        counts = self._counts[start : start + len(ORDER)]
        return ORDER[counts.index(max(counts))]


@lru_cache(maxsize=4096)
def _elected(votes: tuple[tuple[str, int], ...]) -> str:
    return elect(dict(votes))


def plain_key(key: str, kind: str) -> NodeKey:
    """Return the key of a node of which no sex and no office is shown."""
    return key, kind, "", ""


def name_key(name: str, kind: str) -> str:
    """Return what the names of one thing of a type share."""
    entry = entry_for(name)
    if entry and entry.type == kind:
        return fold(entry.name)
    if kind == "PERSON":
        return " ".join(core(name))
    singular = name[:-1] if name.endswith("s") and is_acronym(name) else name
    return body_key(singular) if kind == "ORG" else fold(name)


def only_root(nodes: Iterable[Node]) -> Node | None:
    """Return the one root of nodes, None if they have several or there is no node."""
    roots = {id(root): root for root in (node.root for node in nodes)}
    return next(iter(roots.values())) if len(roots) == 1 else None


def people(nodes: Nodes, fewest: int) -> Iterator[Node]:
    """Return the people whose names have at least `fewest` words."""
    return (node for node in nodes.values() if node.type == "PERSON" and len(node.parts) >= fewest)
