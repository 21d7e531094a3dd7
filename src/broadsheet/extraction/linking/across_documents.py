"""Entity resolution over all articles. The result does not depend on their order.

Clusters with the same key and type are one entity. Then names are joined for a stated reason: initials that an article
spells out, a part of the one longer name, another transcription. Precision comes first: a join needs a single
candidate, and a surname alone needs a single bearer in the corpus. Names are compared pairwise in small blocks only.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import cast

from broadsheet import ids
from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.name_forms import Spellings, close, core, fold, is_acronym, sound, sounds_alike
from broadsheet.extraction.lexicon.names import body_key, entry_for, entry_of
from broadsheet.extraction.linking.within_document import ORDER, elect
from broadsheet.extraction.overrides.entities import Decided, Draft, Member, Placed, carry_out
from broadsheet.model import Cluster, Decision, Entity, Extraction, LinkedBy, Resolution
from broadsheet.model import EntityType as Kind

__all__ = ["resolve"]

_BLOCK = 64  # the largest block whose names are compared; the names of larger ones are too common to tell apart
_LONG = 6  # letters of a key below which no slip is looked for
_RARE = 3  # a spelling is a slip if the usual one is so many times as frequent

Articles = list[tuple[str, tuple[Cluster, ...]]]  # document id and clusters of each article


@dataclass(slots=True)
class NameClusters:
    """The clusters of all articles that have the same name. Later steps treat them as one."""

    members: list[Member] = field(default_factory=list)
    forms: dict[str, int] = field(default_factory=dict)
    aliases: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """Return how often it is mentioned."""
        return sum(self.forms.values())


@dataclass(slots=True)
class Node:
    """The names with one key and type."""

    key: str
    type: str
    parts: tuple[str, ...]
    names: dict[str, NameClusters] = field(default_factory=dict)
    aliases: frozenset[str] = frozenset()
    count: int = 0
    head: Node | None = None
    reason: LinkedBy | None = None

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


Nodes = dict[tuple[str, str], Node]  # by key and type, sorted
Votes = defaultdict[str, dict[str, int]]  # how often a form was given each type


def resolve(extractions: Iterable[Extraction], decisions: Sequence[Decision] = ()) -> Resolution:
    """Return the entities of a corpus, sorted by id, and which cluster of which article is which.

    Two entities never share an id: those with the same name and type are one. Decisions are applied last and win;
    those about an entity that does not exist become findings.
    """
    articles = sorted(((e.document_id, e.clusters) for e in extractions), key=lambda article: article[0])
    with _no_collection():
        return _resolved(articles, decisions)


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


def _resolved(articles: Articles, decisions: Sequence[Decision]) -> Resolution:
    nodes = _nodes(*_by_name(articles))
    for link in (
        _link_aliases,
        _link_initials,
        _link_middles,
        _link_transcriptions,
        _link_surnames,
        _link_parts,
        _link_slips,
    ):
        link(nodes)
    return _resolution(carry_out(_drafts(nodes), _decided(articles), decisions), articles)


def _decided(articles: Articles) -> list[Decided]:
    numbered = [((document, at), c) for document, clusters in articles for at, c in enumerate(clusters)]
    return [(member, cluster, cluster.decided) for member, cluster in numbered if cluster.decided]


def _by_name(articles: Articles) -> tuple[dict[str, NameClusters], Votes]:
    """Return the clusters by name, and how often each form (names included) was given each type."""
    names: dict[str, NameClusters] = {}
    votes: Votes = defaultdict(dict)
    for document, clusters in articles:
        for at, cluster in enumerate(clusters):
            if cluster.decided:
                continue
            same_name = names.get(cluster.name)
            if same_name is None:
                same_name = names[cluster.name] = NameClusters()
            same_name.members.append((document, at))
            if cluster.aliases:
                same_name.aliases |= set(cluster.aliases)
            _add(same_name.forms, cluster.forms)
            _add(votes[cluster.name], cluster.votes)
            kind = _elected(cluster.votes)
            for form, count in cluster.forms:  # a surname gets the type of the full name it belongs to
                tally = votes[form]
                tally[kind] = tally.get(kind, 0) + count
    return names, votes


def _add(total: dict[str, int], counts: Iterable[tuple[str, int]]) -> None:
    for what, count in counts:
        total[what] = total.get(what, 0) + count


@lru_cache(maxsize=4096)
def _elected(votes: tuple[tuple[str, int], ...]) -> str:
    return elect(dict(votes))


def _nodes(names: Mapping[str, NameClusters], votes: Votes) -> Nodes:
    alike: Votes = defaultdict(dict)
    for form, tally in votes.items():
        _add(alike[fold(form)], tally.items())
    nodes: Nodes = {}
    for name, same_name in names.items():
        kind = elect(alike[fold(name)])
        key = _key(name, kind)
        node = nodes.get((key, kind))
        if node is None:
            node = nodes[key, kind] = Node(key, kind, tuple(key.split()))
        node.names[name] = same_name
        node.aliases |= same_name.aliases
        node.count += same_name.count
    return dict(sorted(nodes.items()))


def _key(name: str, kind: str) -> str:
    entry = entry_for(name)
    if entry and entry.type == kind:
        return fold(entry.name)
    if kind == "PERSON":
        return " ".join(core(name))
    return body_key(name) if kind == "ORG" else fold(name)


# --- joins -----------------------------------------------------------------------------------------------


def _only(nodes: Iterable[Node]) -> Node | None:
    """Return the one root of nodes, None if they have several or there is no node."""
    roots = {id(root): root for root in (node.root for node in nodes)}
    return next(iter(roots.values())) if len(roots) == 1 else None


def _link_aliases(nodes: Nodes) -> None:
    """Join an alias to the one entity whose articles state it: initials in brackets, a composed name."""
    stated: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)
    for node in nodes.values():
        for alias in sorted(node.aliases):
            stated[_key(alias, node.type), node.type].append(node)
    for key in sorted(stated):
        alias_node, holder = nodes.get(key), _only(stated[key])
        if alias_node and holder and alias_node.head is None:
            initial = any(is_acronym(name) for name in alias_node.names)
            alias_node.join(holder, "acronym" if initial else "alias")


def _link_initials(nodes: Nodes) -> None:
    """Join initials of another, mistaken type to the one entity whose articles state them."""
    stated: defaultdict[str, list[Node]] = defaultdict(list)
    for node in nodes.values():
        for alias in sorted(node.aliases):
            if is_acronym(alias):
                stated[fold(alias)].append(node)
    for node in nodes.values():
        if node.key not in stated or node.head or entry_of(node.key) or not all(map(is_acronym, node.names)):
            continue
        if holder := _only(stated[node.key]):
            node.join(holder, "acronym")


def _people(nodes: Nodes, fewest: int) -> Iterator[Node]:
    """Return the people whose names have at least `fewest` words."""
    return (node for node in nodes.values() if node.type == "PERSON" and len(node.parts) >= fewest)


def _link_middles(nodes: Nodes) -> None:
    """Join a name to the one longer name with the same first and last word: with and without middle names."""
    ends: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)
    for node in _people(nodes, 3):
        ends[f"{node.parts[0]} {node.parts[-1]}", node.type].append(node)
    pairs = [(nodes[key], longer[0]) for key, longer in ends.items() if key in nodes and len(longer) == 1]
    for short, longer in sorted(pairs, key=lambda pair: min(pair[0].key, pair[1].key)):
        short.join(longer, "partial")


def _link_transcriptions(nodes: Nodes) -> None:
    """Join full names of as many words that sound alike, or differ by a slip in the surname."""
    blocks: defaultdict[tuple[int, str, str], list[Node]] = defaultdict(list)
    for node in _people(nodes, 2):
        blocks[len(node.parts), node.parts[0][:1], node.parts[-1][:2]].append(node)
    for block in blocks.values():
        if 1 < len(block) <= _BLOCK:
            _link_block(sorted(block, key=lambda node: (-node.count, node.parts)))


def _link_block(ranked: list[Node]) -> None:
    """Join names to more frequent ones before them, found by their sound or by the words before the surname."""
    heard: defaultdict[tuple[str, ...], list[Node]] = defaultdict(list)
    given: defaultdict[tuple[str, ...], list[Node]] = defaultdict(list)
    for node in ranked:
        alike, namesakes = heard[tuple(map(sound, node.parts))], given[node.parts[:-1]]
        slips = (o for o in namesakes if o.count >= _RARE * node.count and close(node.parts[-1], o.parts[-1]))
        if holder := _only((*alike, *slips)):
            node.join(holder, "spelling")
        alike.append(node)
        namesakes.append(node)


def _link_surnames(nodes: Nodes) -> None:
    """Join a name of one word to the only bearer in the corpus, by surname, then by a surname that sounds alike."""
    bearers: defaultdict[str, list[Node]] = defaultdict(list)
    for node in _people(nodes, 2):
        bearers[node.parts[-1]].append(node)
    surnames = Spellings(bearers)
    for node in _people(nodes, 1):
        if len(node.parts) > 1 or node.head:
            continue
        if node.key in bearers:
            if holder := _only(bearers[node.key]):
                node.join(holder, "partial")
        elif holder := _only(n for surname in surnames.near(node.key) for n in bearers[surname]):
            node.join(holder, "spelling")


def _link_parts(nodes: Nodes) -> None:
    """Join a body named without the word for its kind to the one longer name: Wagner, Wagner Group."""
    bodies = [node for node in nodes.values() if node.type == "ORG"]
    longer: defaultdict[str, list[Node]] = defaultdict(list)
    for node in bodies:
        shorter, _, last = node.key.rpartition(" ")
        if shorter and last in words("organisation_heads"):
            longer[shorter].append(node)
    for node in bodies:
        holder = _only(longer.get(node.key, ()))
        _join_unknown(node, holder, "partial")


def _join_unknown(node: Node, holder: Node | None, reason: LinkedBy) -> None:
    """Join a name to another, if there is one and the lexicon does not know the name."""
    if holder and node.head is None and entry_of(node.key) is None:
        node.join(holder, reason)


def _link_slips(nodes: Nodes) -> None:
    """Join a rare spelling of a place, body or other name to the usual one."""
    kinds = set(ORDER) - {"PERSON", "NORP"}
    rest = [node for node in nodes.values() if node.type in kinds and len(node.key) >= _LONG]
    written = {word for node in rest for word in node.parts}
    known = Spellings(written)
    near = {word: known.near(word) for word in written}
    rest.sort(key=lambda node: (node.count, node.key, node.type))
    for node in rest:
        holder = _only(_respelt(node, nodes, near))
        _join_unknown(node, holder, "spelling")


def _respelt(node: Node, nodes: Nodes, near: Mapping[str, list[str]]) -> Iterator[Node]:
    """Yield the nodes of which a node may be a misspelling: their keys differ in one word."""
    for at, word in enumerate(node.parts):
        for other in near.get(word, ()):
            key = " ".join((*node.parts[:at], other, *node.parts[at + 1 :]))
            usual = nodes.get((key, node.type))
            if usual and len(key) >= _LONG and _is_slip(word, other, node, usual):
                yield usual


def _is_slip(written: str, meant: str, rare: Node, usual: Node) -> bool:
    plural = written.rstrip("s") == meant.rstrip("s")
    known = entry_of(usual.key) is not None or usual.count >= _RARE * rare.count
    return plural or known or sounds_alike(written, meant)


# --- entities --------------------------------------------------------------------------------------------


def _drafts(nodes: Nodes) -> list[Draft]:
    parts: defaultdict[int, list[Node]] = defaultdict(list)
    for node in nodes.values():
        parts[id(node.root)].append(node)
    drafts: dict[str, Draft] = {}
    for group in parts.values():
        root = group[0].root
        name = _name(group)
        draft = drafts.setdefault(ids.entity_id(name, root.type), Draft(name, root.type))
        for node in group:
            for name, same_name in node.names.items():
                draft.names[name] = same_name.count
                draft.members.update(dict.fromkeys(same_name.members, _why(name, draft.name, node)))
                draft.called.update(dict.fromkeys(same_name.members, name))
                _add(draft.forms, same_name.forms.items())
    return [drafts[key] for key in sorted(drafts)]


def _name(group: list[Node]) -> str:
    """Return the most frequent of the fullest names: a known usual form, then more than one word, then by count."""
    if len(group) == len(group[0].names) == 1:
        return next(iter(group[0].names))
    names = {name: clusters.count for node in group for name, clusters in node.names.items()}
    usual = {
        entry.name for node in group for name in node.names if (entry := entry_for(name)) and entry.type == node.type
    }

    def rank(name: str) -> tuple[bool, bool, bool, int, int, str]:
        single = " " not in name or is_acronym(name)
        return name not in usual, single, name.isupper() and len(name) > 6, -names[name], -len(name), name

    return min(names, key=rank)


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


def _resolution(placed: Placed, articles: Articles) -> Resolution:
    entities = []
    assigned: dict[Member, tuple[str, LinkedBy | None]] = {}
    for key, draft in sorted(((ids.entity_id(d.name, d.type), d) for d in placed.drafts), key=lambda row: row[0]):
        entities.append(Entity(key, draft.name, cast("Kind", draft.type), draft.wikidata_id))
        for member, why in draft.members.items():
            assigned[member] = key, why
    assigned.update({member: (key, "correction") for member, key in placed.referred.items()})
    places = ((document, at) for document, clusters in articles for at in range(len(clusters)))
    members = {member: assigned[member] for member in places if member not in placed.unknown}
    return Resolution(tuple(entities), MappingProxyType(members), findings=placed.findings, unknown=placed.unknown)
