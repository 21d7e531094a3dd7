"""Who is who over all articles: the step that only the corpus can take, the same whatever the order of the articles.

Clusters with the same key and type are one thing. Then names are joined that are close for a stated reason: initials an
article spells out, a part of the one longer name, another transcription. Precision comes first: a join needs a single
candidate, and a surname alone needs a single bearer in the corpus. Only names in one small block are compared pairwise.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from broadsheet import ids
from broadsheet.extraction.clusters import elect
from broadsheet.extraction.decisions import Draft, apply
from broadsheet.extraction.lexicon import body_key, entry_for, entry_of, words
from broadsheet.extraction.surfaces import close, core, fold, is_acronym, sounds_alike
from broadsheet.model import Cluster, Decision, Entity, Extraction, Finding, LinkedBy, Resolution
from broadsheet.model import EntityType as Kind

__all__ = ["resolve"]

_BLOCK = (
    64  # names in a block that are compared with each other; larger blocks are of too common names to be told apart
)
_RARE = 3  # a spelling is a slip if the usual one is so many times as frequent

Member = tuple[str, int]


@dataclass(slots=True)
class Node:
    """Clusters of many articles with one key and type."""

    key: str
    type: str
    names: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    aliases: set[str] = field(default_factory=set)
    members: list[tuple[Member, str]] = field(default_factory=list)
    head: Node | None = None
    reason: LinkedBy | None = None

    @property
    def root(self) -> Node:
        """Return the node at the end of the chain."""
        node = self
        while node.head:
            node = node.head
        return node

    @property
    def count(self) -> int:
        """Return how often it is mentioned."""
        return self.forms.total()

    def join(self, other: Node, reason: LinkedBy) -> None:
        """Become part of another node."""
        if other.root is not self.root:
            self.root.reason = self.root.reason or reason
            self.root.head = other.root


def resolve(extractions: Iterable[Extraction], decisions: Sequence[Decision] = ()) -> Resolution:
    """Return the entities of a corpus, sorted by id, and which cluster of which article is which.

    Two entities never share an id: where name and type agree they are one. Decisions are applied last and win; those
    that speak of nothing that is there come back as findings.
    """
    nodes = _nodes(_kept(extractions))
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
    drafts, findings = apply(_drafts(nodes), decisions)
    return _resolution(drafts, findings)


def _kept(extractions: Iterable[Extraction]) -> list[tuple[Member, Cluster]]:
    rows = [((e.document_id, at), cluster) for e in extractions for at, cluster in enumerate(e.clusters)]
    return sorted(rows, key=lambda row: row[0])


def _nodes(rows: list[tuple[Member, Cluster]]) -> list[Node]:
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, cluster in rows:
        tally = votes[fold(cluster.name)]
        for kind, count in cluster.votes:
            tally[kind] += count
        kind = elect(dict(cluster.votes))
        for form, count in cluster.forms:  # a surname has the type of the full name it stands for elsewhere
            votes[fold(form)][kind] += count
    places: dict[str, Node] = {}
    nodes: dict[tuple[str, str], Node] = {}
    for member, cluster in rows:
        node = places.get(cluster.name)
        if node is None:
            kind = elect(votes[fold(cluster.name)])
            key = _key(cluster.name, kind)
            node = places[cluster.name] = nodes.setdefault((key, kind), Node(key, kind))
        for form, count in cluster.forms:
            node.forms[form] += count
            node.names[cluster.name] += count
        node.aliases.update(cluster.aliases)
        node.members.append((member, cluster.name))
    return [nodes[key] for key in sorted(nodes)]


def _key(name: str, kind: str) -> str:
    entry = entry_for(name)
    if entry and entry.type == kind:
        return fold(entry.name)
    if kind == "PERSON":
        return " ".join(core(name))
    return body_key(name) if kind == "ORG" else fold(name)


# --- joins -----------------------------------------------------------------------------------------------


def _roots(nodes: Iterable[Node]) -> list[Node]:
    """Return the different roots of nodes, in their order."""
    return list({id(node.root): node.root for node in nodes}.values())


def _only(nodes: Iterable[Node]) -> Node | None:
    found = _roots(nodes)
    return found[0] if len(found) == 1 else None


def _link_aliases(nodes: list[Node]) -> None:
    """Join a name to the one thing whose articles call it so: initials in brackets, a composed name."""
    by_key = {(node.key, node.type): node for node in nodes}
    stated: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)
    for node in nodes:
        for alias in sorted(node.aliases):
            stated[_key(alias, node.type), node.type].append(node)
    for key in sorted(stated):
        found, holder = by_key.get(key), _only(stated[key])
        if found and holder and found.root is found:
            initial = any(is_acronym(name) for name in found.names)
            found.join(holder, "acronym" if initial else "alias")


def _link_initials(nodes: list[Node]) -> None:
    """Join initials whose type was mistaken to the one thing that states them."""
    stated: defaultdict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        for alias in sorted(node.aliases):
            if is_acronym(alias):
                stated[fold(alias)].append(node)
    for node in nodes:
        holder = _only(stated.get(node.key, ()))
        if holder and node.root is node and entry_of(node.key) is None and all(is_acronym(n) for n in node.names):
            node.join(holder, "acronym")


def _people(nodes: list[Node]) -> list[tuple[tuple[str, ...], Node]]:
    return [(tuple(node.key.split()), node) for node in nodes if node.type == "PERSON"]


def _link_middles(nodes: list[Node]) -> None:
    """Join a name to the one longer name with the same first and last word: with and without middle names."""
    ends: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)
    for parts, node in _people(nodes):
        if len(parts) > 1:
            ends[parts[0], parts[-1]].append(node)
    for alike in ends.values():
        short = [n for n in alike if len(n.key.split()) == 2]
        longer = [n for n in alike if len(n.key.split()) > 2]
        if len(short) == 1 and len(longer) == 1:
            short[0].join(longer[0], "partial")


def _link_transcriptions(nodes: list[Node]) -> None:
    """Join full names of as many words that sound alike, or differ by a slip in the surname."""
    blocks: defaultdict[tuple[int, str, str], list[tuple[tuple[str, ...], Node]]] = defaultdict(list)
    for parts, node in _people(nodes):
        if len(parts) > 1:
            blocks[len(parts), parts[0][:1], parts[-1][:2]].append((parts, node))
    for block in blocks.values():
        ranked = sorted(block, key=lambda row: (-row[1].count, row[0]))
        for at, (parts, node) in enumerate(ranked if len(ranked) <= _BLOCK else ()):
            found = [other for words, other in ranked[:at] if _one_person(parts, words, node, other)]
            holder = _only(found)
            if holder:
                node.join(holder, "spelling")


def _one_person(one: tuple[str, ...], other: tuple[str, ...], rare: Node, usual: Node) -> bool:
    if all(sounds_alike(a, b) for a, b in zip(one, other, strict=True)):
        return True
    return one[:-1] == other[:-1] and close(one[-1], other[-1]) and usual.count >= _RARE * rare.count


def _link_surnames(nodes: list[Node]) -> None:
    """Join a name of one word to the only bearer in the corpus, by surname, then by a surname that sounds alike."""
    bearers: defaultdict[str, list[Node]] = defaultdict(list)
    for parts, node in _people(nodes):
        if len(parts) > 1:
            bearers[parts[-1]].append(node)
    near: defaultdict[str, list[str]] = defaultdict(list)
    for surname in bearers:
        for cut in _cuts(surname):
            near[cut].append(surname)
    for parts, node in _people(nodes):
        if len(parts) != 1 or node.root is not node:
            continue
        if parts[0] in bearers:
            if holder := _only(bearers[parts[0]]):
                node.join(holder, "partial")
            continue
        alike = {s for cut in _cuts(parts[0]) for s in near.get(cut, ()) if close(parts[0], s)}
        if holder := _only(n for s in sorted(alike) for n in bearers[s]):
            node.join(holder, "spelling")


def _cuts(word: str) -> Iterator[str]:
    """Yield a word and the word without each of its letters: words one edit apart share one of them."""
    if len(word) >= 5:
        yield word
        yield from {word[:at] + word[at + 1 :] for at in range(1, len(word))}


def _link_parts(nodes: list[Node]) -> None:
    """Join a body named without the word for its kind to the one longer name: Wagner, Wagner Group."""
    longer: defaultdict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        parts = node.key.split()
        if node.type == "ORG" and len(parts) > 1 and parts[-1] in words().heads:
            longer[" ".join(parts[:-1])].append(node)
        if node.type == "ORG" and len(parts) == 1:
            for tail in ("file", "news", "online", "tv"):
                if node.key.endswith(tail) and len(node.key) >= len(tail) + 4:
                    longer[node.key.removesuffix(tail)].append(node)
    for node in nodes:
        if node.type == "ORG" and node.root is node and entry_of(node.key) is None:
            holder = _only(longer.get(node.key, ()))
            if holder:
                node.join(holder, "partial")


def _link_slips(nodes: list[Node]) -> None:
    """Join a rare spelling of a place, body or other name to the usual one."""
    table: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)
    rest = [n for n in nodes if n.type not in {"PERSON", "NORP"} and len(n.key) >= 6]
    for node in rest:
        for cut in _cuts(node.key):
            table[node.type, cut].append(node)
    for node in sorted(rest, key=lambda n: (n.count, n.key, n.type)):
        if node.root is not node or entry_of(node.key):
            continue
        near = {
            id(o): o for cut in _cuts(node.key) for o in table[node.type, cut] if o is not node and _is_slip(node, o)
        }
        if holder := _only(sorted(near.values(), key=lambda n: n.key)):
            node.join(holder, "spelling")


def _is_slip(rare: Node, usual: Node) -> bool:
    left, right = rare.key.split(), usual.key.split()
    differing = [(a, b) for a, b in zip(left, right, strict=False) if a != b]
    if len(left) != len(right) or len(differing) != 1 or not close(*differing[0]):
        return False
    plural = differing[0][0].rstrip("s") == differing[0][1].rstrip("s")
    known = entry_of(usual.key) is not None or usual.count >= _RARE * rare.count
    return plural or known or sounds_alike(*differing[0])


# --- entities --------------------------------------------------------------------------------------------


def _drafts(nodes: list[Node]) -> list[Draft]:
    parts: defaultdict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        parts[id(node.root)].append(node)
    drafts: dict[str, Draft] = {}
    for group in parts.values():
        root = group[0].root
        name = _name(group)
        draft = drafts.setdefault(ids.entity_id(name, root.type), Draft(name, root.type))
        for node in group:
            draft.forms.update(node.forms)
            draft.names.update(node.names)
            for member, called in node.members:
                draft.members[member] = _why(called, draft.name, node)
                draft.called[member] = called
    return [drafts[key] for key in sorted(drafts)]


def _name(group: list[Node]) -> str:
    """Return the most frequent of the fullest names: a known usual form, then more than one word, then by count."""
    names: Counter[str] = Counter()
    for node in group:
        names.update(node.names)
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
    if fold(called) == fold(name) or (node.type == "PERSON" and core(called) == core(name)):
        return "folded"
    if is_acronym(called) and node.type != "PERSON" and " " in name and not entry_for(called):
        return "acronym"
    if node.reason:
        return node.reason
    if node.type == "PERSON" and (set(core(called)) < set(core(name)) or set(core(name)) < set(core(called))):
        return "partial"
    return "spelling" if node.type == "PERSON" else "alias"


def _resolution(drafts: list[Draft], findings: tuple[Finding, ...]) -> Resolution:
    entities = []
    members: dict[Member, tuple[str, LinkedBy | None]] = {}
    for draft in sorted(drafts, key=lambda d: ids.entity_id(d.name, d.type)):
        key = ids.entity_id(draft.name, draft.type)
        entities.append(Entity(key, draft.name, cast("Kind", draft.type), draft.wikidata_id))
        members.update({member: (key, why) for member, why in draft.members.items()})
    ordered = dict(sorted(members.items()))
    return Resolution(tuple(entities), MappingProxyType(ordered), findings=findings)
