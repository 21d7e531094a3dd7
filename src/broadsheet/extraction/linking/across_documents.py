"""Entity resolution over all articles. The result does not depend on their order.

Clusters with the same key and type are one entity. Then names are joined for a stated reason: initials that an article
spells out, a part of the one longer name, another transcription. Precision comes first: a join needs a single
candidate, and a surname alone needs a single bearer in the corpus, or one that many more articles name than any other.
What an article shows of the sex and the office of a surname alone speaks against a bearer of another. Names are
compared pairwise in small blocks only.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import permutations
from types import MappingProxyType
from typing import cast

from broadsheet import ids
from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.name_forms import (
    Spellings,
    close,
    core,
    fold,
    full_forms,
    generation,
    is_acronym,
    sound,
    sounds_alike,
    surname,
)
from broadsheet.extraction.lexicon.names import body_key, entry_for, entry_of
from broadsheet.extraction.linking.within_document import ORDER, elect, same_person, without_head
from broadsheet.extraction.overrides.entities import Decided, Draft, Member, Placed, carry_out
from broadsheet.findings import finding
from broadsheet.model import Cluster, Decision, Entity, Extraction, Finding, LinkedBy, Resolution
from broadsheet.model import EntityType as Kind

__all__ = ["resolve"]

_BLOCK = 64  # the largest block whose names are compared; the names of larger ones are too common to tell apart
_LEGAL_FORMS = words("abbreviated_name_endings") | {"ag", "gmbh", "llc", "plc"}
_LISTED = 3  # people whom a finding names
_ABBREVIATION = 4  # code points of the longest abbreviation of a place
_LONG = 6  # letters of a key below which no slip is looked for
_RARE = 3  # a spelling is a slip if the usual one is so many times as frequent
_PREFERRED = 5  # a surname alone means the bearer that so many times as many articles name as the next

Articles = list[tuple[str, tuple[Cluster, ...]]]  # document id and clusters of each article


@dataclass(slots=True)
class NameClusters:
    """The clusters of all articles that have the same name. Later steps treat them as one.

    `shown` counts the articles that show a sex, `offices` are all that they give.
    """

    members: list[Member] = field(default_factory=list)
    forms: dict[str, int] = field(default_factory=dict)
    aliases: frozenset[str] = frozenset()
    shown: dict[str, int] = field(default_factory=dict)
    offices: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """Return how often it is mentioned."""
        return sum(self.forms.values())


@dataclass(slots=True)
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

    @property
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
Pair = tuple[Node, Node]
Doubt = tuple[Member, list[Member]]  # a cluster of a surname alone, and one of each of its bearers
Bearing = tuple[str, str]  # the sex and the office that an article shows of a surname alone
Names = dict[tuple[str, Bearing], NameClusters]
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
        _link_short_names,
        _link_surnames,
        _link_parts,
        _link_slips,
    ):
        link(nodes)
    doubts = list(_doubts(nodes))
    found = _resolution(carry_out(_drafts(nodes), _decided(articles), decisions), articles)
    return replace(found, findings=(*found.findings, *_in_doubt(found, doubts)))


def _decided(articles: Articles) -> list[Decided]:
    numbered = [((document, at), c) for document, clusters in articles for at, c in enumerate(clusters)]
    return [(member, cluster, cluster.decided) for member, cluster in numbered if cluster.decided]


def _by_name(articles: Articles) -> tuple[Names, Votes]:
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
            same_name.members.append((document, at))
            if cluster.aliases:
                same_name.aliases |= set(cluster.aliases)
            if cluster.sex:
                _add(same_name.shown, ((cluster.sex, 1),))
            if cluster.offices:
                same_name.offices |= set(cluster.offices)
            _add(same_name.forms, cluster.forms)
            _add(votes[cluster.name], cluster.votes)
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


def _add(total: dict[str, int], counts: Iterable[tuple[str, int]]) -> None:
    for what, count in counts:
        total[what] = total.get(what, 0) + count


@lru_cache(maxsize=4096)
def _elected(votes: tuple[tuple[str, int], ...]) -> str:
    return elect(dict(votes))


def _nodes(names: Names, votes: Votes) -> Nodes:
    alike: Votes = defaultdict(dict)
    for form, tally in votes.items():
        _add(alike[fold(form)], tally.items())
    nodes: Nodes = {}
    for (name, bearing), same_name in names.items():
        kind = elect(alike[fold(name)])
        key = _key(name, kind)
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
        _add(known.forms, same_name.forms.items())
        _add(known.shown, same_name.shown.items())
    node.aliases |= same_name.aliases
    node.count += same_name.count


def _plain(key: str, kind: str) -> NodeKey:
    return key, kind, "", ""


def _key(name: str, kind: str) -> str:
    entry = entry_for(name)
    if entry and entry.type == kind:
        return fold(entry.name)
    if kind == "PERSON":
        return " ".join(core(name))
    singular = name[:-1] if name.endswith("s") and is_acronym(name) else name
    return body_key(singular) if kind == "ORG" else fold(name)


# --- joins -----------------------------------------------------------------------------------------------


def _only(nodes: Iterable[Node]) -> Node | None:
    """Return the one root of nodes, None if they have several or there is no node."""
    roots = {id(root): root for root in (node.root for node in nodes)}
    return next(iter(roots.values())) if len(roots) == 1 else None


def _link_aliases(nodes: Nodes) -> None:
    """Join an alias to the one entity whose articles state it: initials in brackets, a composed name."""
    stated: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)
    initials: set[tuple[str, str]] = set()
    for node in nodes.values():
        for alias in sorted(node.aliases):
            stated[_key(alias, node.type), node.type].append(node)
            if is_acronym(alias):
                initials.add((_key(alias, node.type), node.type))
    for key in sorted(stated):
        alias_node, holder = nodes.get(_plain(*key)), _only(stated[key])
        if alias_node and holder and alias_node.head is None:
            _join_alias(alias_node, holder, is_initial=key in initials)


def _join_alias(node: Node, holder: Node, *, is_initial: bool) -> None:
    """Join an alias; what is stated as initials (`MAC`) is not what is mostly written as a word (`Mac`)."""
    forms = [form for clusters in node.names.values() for form in clusters.forms.items()]
    capitals = sum(count for form, count in forms if is_acronym(form))
    if not is_initial or 2 * capitals >= node.count:
        node.join(holder, "acronym" if is_initial else "alias")


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
    ends: defaultdict[NodeKey, list[Node]] = defaultdict(list)
    for node in _people(nodes, 3):
        ends[_plain(f"{node.parts[0]} {node.parts[-1]}", node.type)].append(node)
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


def _link_short_names(nodes: Nodes) -> None:
    """Join full names of one surname that may be one person's: first with and without `Jr.`, then short given names.

    No article has both, and each has a single counterpart.
    """
    for _, members in sorted(_by_surname(nodes).items()):
        block = sorted(members, key=lambda node: (-node.count, node.parts))
        if 1 < len(block) <= _BLOCK:
            pairs = _with_like_given(block)
            _link_counterparts(pairs, _is_namesake)
            _link_counterparts(pairs, _may_be_person)


def _by_surname(nodes: Nodes) -> dict[str, list[Node]]:
    """Return the people with full names by the last word that is not `Jr.` or the like."""
    bearers: defaultdict[str, list[Node]] = defaultdict(list)
    for node in _people(nodes, 2):
        bearers[surname(node.parts)].append(node)
    return dict(bearers)


def _with_like_given(block: list[Node]) -> list[Pair]:
    """Return the pairs of nodes, in both orders, that share a given name as it sounds, or its full form.

    A block begins with its most frequent name; the pairs of the rarest come first.
    """
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for at, node in enumerate(block):
        for key in _given_keys(node):
            sharing[key].append(at)
    pairs: set[tuple[int, int]] = set()
    for places in sharing.values():
        pairs.update(permutations(places, 2))
    return [(block[one], block[other]) for one, other in sorted(pairs, reverse=True)]


def _given_keys(node: Node) -> set[str]:
    words = [word for word in _given(node) if len(word) > 1]
    return {sound(form) for word in words for form in (word, *full_forms(word))}


def _link_counterparts(pairs: list[Pair], are_one: Callable[[Node, Node], bool]) -> None:
    """Join the first of a pair to the second, if that is its only counterpart and no article has both."""
    documents: defaultdict[int, set[str]] = defaultdict(set)
    for node, _ in pairs:
        documents[id(node.root)] |= node.documents
    counterparts: dict[int, list[Node]] = {}
    for node, other in pairs:
        if are_one(node, other):
            counterparts.setdefault(id(node), [node]).append(other)
    for node, *others in counterparts.values():
        _join_counterpart(node, _only(one for one in others if one.root is not node.root), documents)


def _join_counterpart(node: Node, other: Node | None, documents: Mapping[int, set[str]]) -> None:
    if other and node.head is None and documents[id(node)].isdisjoint(documents[id(other)]):
        node.join(other, "alias")
        documents[id(other)].update(documents[id(node)])


def _given(node: Node) -> tuple[str, ...]:
    """Return the words before the surname."""
    return node.parts[: -2 if generation(node.parts) else -1]


def _is_namesake(node: Node, other: Node) -> bool:
    """Return whether two names differ in `Jr.` and the like alone."""
    return _given(node) == _given(other)


def _may_be_person(node: Node, other: Node) -> bool:
    """Return whether two names may be one person's: short forms, initials and nicknames beside the given name."""
    one, two = ((*_given(one), surname(one.parts)) for one in (node, other))
    return same_person(one, two)


@dataclass(frozen=True, slots=True)
class Standing:
    """A bearer of a surname in the corpus: in how many articles, of which sex, with which offices."""

    root: Node
    documents: int
    sex: str
    offices: frozenset[str]

    def may_be(self, node: Node) -> bool:
        """Return whether neither sex nor office speaks against it."""
        sexes = {self.sex, node.sex} - {""}
        return len(sexes) < 2 and (not node.office or not self.offices or node.office in self.offices)


def _standings(nodes: Nodes) -> dict[int, Standing]:
    """Return the people with full names, by the identity of their node."""
    groups: defaultdict[int, list[Node]] = defaultdict(list)
    for node in _people(nodes, 2):
        groups[id(node.root)].append(node)
    return {key: _standing(group) for key, group in groups.items()}


def _standing(group: list[Node]) -> Standing:
    shown: dict[str, int] = {}
    documents: set[str] = set()
    offices: frozenset[str] = frozenset()
    for node in group:
        documents |= node.documents
        for clusters in node.names.values():
            _add(shown, clusters.shown.items())
            offices |= clusters.offices
    return Standing(group[0].root, len(documents), _prevailing(shown), offices)


def _prevailing(shown: Mapping[str, int]) -> str:
    female, male = shown.get("f", 0), shown.get("m", 0)
    return "f" if female > _RARE * male else "m" if male > _RARE * female else ""


def _link_surnames(nodes: Nodes) -> None:
    """Join a name of one word to its bearer in the corpus, by surname or by a surname that sounds alike.

    A word that is also a given name in the corpus needs a bearer whom many articles name.
    """
    standings = _standings(nodes)
    surnames = _by_surname(nodes)
    given = {node.parts[0] for node in _people(nodes, 2)}
    spellings = Spellings(surnames)
    for node in _single(nodes):
        bearers = surnames.get(node.key, [])
        near = () if bearers else spellings.near(node.key)
        respelt = [bearer for other in near for bearer in surnames[other]]
        fitting = _fitting(node, bearers or respelt, standings)
        if node.key in given:
            _join_preferred(node, fitting[: len(bearers)])
        else:
            _join_bearer(node, fitting, "partial" if bearers else "spelling")
    for node in _single(nodes):
        _join_plain(node, nodes)


def _single(nodes: Nodes) -> Iterator[Node]:
    """Return the people of whom the articles give one name alone, initials left out."""
    return (node for node in _people(nodes, 1) if len(node.parts) == 1 < len(node.key) and node.head is None)


def _fitting(node: Node, bearers: Iterable[Node], standings: Mapping[int, Standing]) -> list[Standing]:
    """Return the bearers that a name may mean, those that most articles name first."""
    roots = sorted({id(bearer.root): standings[id(bearer.root)] for bearer in bearers}.values(), key=_rank)
    return [standing for standing in roots if standing.may_be(node)]


def _rank(standing: Standing) -> tuple[int, str]:
    return -standing.documents, standing.root.key


def _join_bearer(node: Node, fitting: Sequence[Standing], reason: LinkedBy) -> None:
    """Join a name to its only bearer, or to the one that the corpus plainly prefers."""
    if len(fitting) == 1:
        node.join(fitting[0].root, reason)
    else:
        _join_preferred(node, fitting)


def _join_preferred(node: Node, fitting: Sequence[Standing]) -> None:
    """Join a name to the bearer that five times as many articles name as the next, and five at least."""
    counts = [*(standing.documents for standing in fitting), 0, 0]
    if counts[0] >= _PREFERRED * max(1, counts[1]):
        node.join(fitting[0].root, "frequency")


def _doubts(nodes: Nodes) -> Iterator[Doubt]:
    """Yield the surnames that joined nobody although the corpus has bearers, with these, most named first."""
    bearers = _by_surname(nodes)
    for node in _single(nodes):
        roots = {id(bearer.root): bearer.root for bearer in bearers.get(node.key, ())}
        if roots:
            ranked = sorted(roots.values(), key=lambda root: (-root.count, root.key))
            yield _a_member(node), list(map(_a_member, ranked))


def _a_member(node: Node) -> Member:
    return min(min(clusters.members) for clusters in node.names.values())


def _in_doubt(found: Resolution, doubts: Iterable[Doubt]) -> Iterator[Finding]:
    """Yield a finding for each entity that is a surname in doubt after what people decided."""
    places: dict[str, Doubt] = {}
    for member, bearers in doubts:
        entity = found.members[member][0]
        if entity not in {found.members[bearer][0] for bearer in bearers}:
            places.setdefault(entity, (member, bearers))
    for entity, (member, bearers) in sorted(places.items()):
        others = list(dict.fromkeys(found.members[bearer][0] for bearer in bearers))
        yield _finding_in_doubt(entity, member[0], others)


def _finding_in_doubt(entity: str, document: str, others: Sequence[str]) -> Finding:
    few = ", ".join(others[:_LISTED])
    more = f" and {len(others) - _LISTED} others" if len(others) > _LISTED else ""
    return finding(
        "BS312",
        f"{entity}, a surname in {document}, may be {few}{more}, or somebody else",
        f"if it is one of them, add a row `link` (in {document}) or `merge` (everywhere) to corrections/entities.csv, "
        f"with {others[0]} or another of them as value",
        table="entities",
        row_id=entity,
    )


def _join_plain(node: Node, nodes: Nodes) -> None:
    """Join a name of one word that has no bearer to the same name where nothing shows its sex or office."""
    plain = nodes.get(_plain(node.key, node.type))
    if plain and node.head is None:
        node.join(plain, "partial")


def _link_parts(nodes: Nodes) -> None:
    """Join a body named without the word for its kind to the one longer name: Wagner, Wagner Group.

    As many articles have the longer name, or it adds only the legal form: Mac is not the Mac Observer.
    """
    bodies = [node for node in nodes.values() if node.type == "ORG"]
    longer: defaultdict[str, list[Node]] = defaultdict(list)
    for node in bodies:
        if shorter := without_head(node.key):
            longer[shorter].append(node)
    for node in bodies:
        holder = _only(longer.get(node.key, ()))
        if holder and (holder.parts[-1] in _LEGAL_FORMS or len(holder.documents) >= len(node.documents)):
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
            usual = nodes.get(_plain(key, node.type))
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
    """Return the most frequent of the fullest names: a known usual form, then more than one word, then by count.

    A place of which the articles have only an abbreviation has its usual name ("Missouri" for "Mo.").
    """
    if len(group) == len(group[0].names) == 1:
        return _written_out(next(iter(group[0].names)), group[0].type)
    names = {name: clusters.count for node in group for name, clusters in node.names.items()}
    usual = {
        entry.name for node in group for name in node.names if (entry := entry_for(name)) and entry.type == node.type
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


def _resolution(placed: Placed, articles: Articles) -> Resolution:
    entities = []
    assigned: dict[Member, tuple[str, LinkedBy | None]] = {}
    for key, draft in sorted(((d.entity_id, d) for d in placed.drafts), key=lambda row: row[0]):
        entities.append(Entity(key, draft.name, cast("Kind", draft.type), draft.wikidata_id))
        for member, why in draft.members.items():
            assigned[member] = key, why
    assigned.update({member: (key, "correction") for member, key in placed.referred.items()})
    places = ((document, at) for document, clusters in articles for at in range(len(clusters)))
    members = {member: assigned[member] for member in places if member not in placed.unknown}
    return Resolution(tuple(entities), MappingProxyType(members), findings=placed.findings, unknown=placed.unknown)
