"""The names of a corpus: clusters of all articles by name, and names by key and type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from broadsheet.extraction.lexicon.name_forms import core, fold, is_acronym
from broadsheet.extraction.lexicon.names import body_key, entry_for
from broadsheet.extraction.linking.votes import elect
from broadsheet.extraction.overrides.entities import Member
from broadsheet.model import Cluster, LinkedBy

__all__ = [
    "Articles",
    "Bearing",
    "NameClusters",
    "Names",
    "Node",
    "NodeKey",
    "Nodes",
    "Votes",
    "add_counts",
    "by_name",
    "make_nodes",
    "name_key",
    "only_root",
    "people",
    "plain_key",
]

Articles = list[tuple[str, tuple[Cluster, ...]]]  # document id and clusters of each article


@dataclass(slots=True)
class NameClusters:
    """The clusters of all articles that have the same name. Later steps treat them as one.

    `female` and `male` count the articles that show this sex, `offices` are all that they give.
    """

    members: list[Member] = field(default_factory=list)
    forms: dict[str, int] = field(default_factory=dict)
    aliases: frozenset[str] = frozenset()
    female: int = 0
    male: int = 0
    offices: frozenset[str] = frozenset()

    def add(self, member: Member, cluster: Cluster) -> None:
        """Add a cluster."""
        self.members.append(member)
        add_counts(self.forms, cluster.forms)
        if cluster.aliases:
            self.aliases |= set(cluster.aliases)
        self.female += cluster.sex == "f"
        self.male += cluster.sex == "m"
        if cluster.offices:
            self.offices |= set(cluster.offices)

    @property
    def count(self) -> int:
        """Return how often it is mentioned."""
        return sum(self.forms.values())


@dataclass
class Node:
    """The names with one key and type; of a surname alone, those with one sex and office."""

    key: str
    type: str
    parts: tuple[str, ...]
    sex: str = ""
    office: str = ""
    names: dict[str, NameClusters] = field(default_factory=dict)
    aliases: frozenset[str] = frozenset()
    count: int = 0
    head: Node | None = None
    reason: LinkedBy | None = None

    @cached_property
    def documents(self) -> set[str]:
        """Return the articles that name it."""
        return {document for clusters in self.names.values() for document, _ in clusters.members}

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


NodeKey = tuple[str, str, str, str]  # key, type, and the sex and the office of a surname alone

Nodes = dict[NodeKey, Node]  # sorted

Bearing = tuple[str, str]  # the sex and the office that an article shows of a surname alone

Names = dict[tuple[str, Bearing], NameClusters]

Votes = defaultdict[str, dict[str, int]]  # how often a form was given each type


def by_name(articles: Articles) -> tuple[Names, Votes]:
    """Return the clusters by name, and how often each form (names included) was given each type."""
    names: Names = {}
    votes: Votes = defaultdict(dict)
    for document, clusters in articles:
        for at, cluster in enumerate(clusters):
            if cluster.decided:
                continue
            place = cluster.name, _bearing(cluster)
            same_name = names.get(place)
            if same_name is None:
                same_name = names[place] = NameClusters()
            same_name.add((document, at), cluster)
            add_counts(votes[cluster.name], cluster.votes)
            kind = _elected(cluster.votes)
            for form, count in cluster.forms:  # a surname gets the type of the full name it belongs to
                tally = votes[form]
                tally[kind] = tally.get(kind, 0) + count
    return names, votes


def _bearing(cluster: Cluster) -> Bearing:
    """Return what an article shows of a surname alone; nothing of a longer name, which says itself who it is."""
    if " " in cluster.name:
        return "", ""
    return cluster.sex, cluster.offices[0] if len(cluster.offices) == 1 else ""


def add_counts(total: dict[str, int], counts: Iterable[tuple[str, int]]) -> None:
    """Add counts to totals."""
    for what, count in counts:
        total[what] = total.get(what, 0) + count


@lru_cache(maxsize=4096)
def _elected(votes: tuple[tuple[str, int], ...]) -> str:
    return elect(dict(votes))


def make_nodes(names: Names, votes: Votes) -> Nodes:
    """Return the names that share key and type as nodes; the type is the one that most articles give."""
    alike: Votes = defaultdict(dict)
    for form, tally in votes.items():
        add_counts(alike[fold(form)], tally.items())
    nodes: Nodes = {}
    for (name, bearing), same_name in names.items():
        kind = elect(alike[fold(name)])
        key = name_key(name, kind)
        place = key, kind, *(bearing if kind == "PERSON" else ("", ""))
        node = nodes.get(place)
        if node is None:
            node = nodes[place] = Node(key, kind, tuple(key.split()), *place[2:])
        _gather(node, name, same_name)
    return dict(sorted(nodes.items()))


def _gather(node: Node, name: str, same_name: NameClusters) -> None:
    """Add the clusters of a name to a node, which may have some of this name already."""
    known = node.names.setdefault(name, same_name)
    if known is not same_name:
        known.members += same_name.members
        known.offices |= same_name.offices
        add_counts(known.forms, same_name.forms.items())
        known.female += same_name.female
        known.male += same_name.male
    node.aliases |= same_name.aliases
    node.count += same_name.count


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
