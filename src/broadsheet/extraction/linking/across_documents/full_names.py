"""Joins of full names of one person: middle names, transcriptions, short given names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import permutations

from broadsheet.extraction.lexicon.name_forms import close, full_forms, generation, sound, surname
from broadsheet.extraction.linking.across_documents.nodes import Node, NodeKey, Nodes, only_root, people, plain_key
from broadsheet.extraction.linking.name_comparison import same_person

__all__ = ["RARE", "Pair", "by_surname", "link_middles", "link_short_names", "link_transcriptions"]

_BLOCK = 64  # the largest block whose names are compared; the names of larger ones are too common to tell apart

RARE = 3  # a spelling is a slip if the usual one is so many times as frequent

Pair = tuple[Node, Node]


def link_middles(nodes: Nodes) -> None:
    """Join a name to the one longer name with the same first and last word: with and without middle names."""
    ends: defaultdict[NodeKey, list[Node]] = defaultdict(list)
    for node in people(nodes, 3):
        ends[plain_key(f"{node.parts[0]} {node.parts[-1]}", node.type)].append(node)
    pairs = [(nodes[key], longer[0]) for key, longer in ends.items() if key in nodes and len(longer) == 1]
    for short, longer in sorted(pairs, key=lambda pair: min(pair[0].key, pair[1].key)):
        short.join(longer, "partial")


def link_transcriptions(nodes: Nodes) -> None:
    """Join full names of as many words that sound alike, or differ by a slip in the surname."""
    blocks: defaultdict[tuple[int, str, str], list[Node]] = defaultdict(list)
    for node in people(nodes, 2):
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
        slips = (o for o in namesakes if o.count >= RARE * node.count and close(node.parts[-1], o.parts[-1]))
        if holder := only_root((*alike, *slips)):
            node.join(holder, "spelling")
        alike.append(node)
        namesakes.append(node)


def link_short_names(nodes: Nodes) -> None:
    """Join full names of one surname that may be one person's: first with and without `Jr.`, then short given names.

    No article has both, and each has a single counterpart.
    """
    for _, members in sorted(by_surname(nodes).items()):
        block = sorted(members, key=lambda node: (-node.count, node.parts))
        if 1 < len(block) <= _BLOCK:
            pairs = _with_like_given(block)
            _link_counterparts(pairs, _is_namesake)
            _link_counterparts(pairs, _may_be_person)


def by_surname(nodes: Nodes) -> dict[str, list[Node]]:
    """Return the people with full names by the last word that is not `Jr.` or the like."""
    bearers: defaultdict[str, list[Node]] = defaultdict(list)
    for node in people(nodes, 2):
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
    documents: defaultdict[int, set[int]] = defaultdict(set)
    for node, _ in pairs:
        documents[id(node.root)] |= node.documents
    counterparts: dict[int, list[Node]] = {}
    for node, other in pairs:
        if are_one(node, other):
            counterparts.setdefault(id(node), [node]).append(other)
    for node, *others in counterparts.values():
        _join_counterpart(node, only_root(one for one in others if one.root is not node.root), documents)


def _join_counterpart(node: Node, other: Node | None, documents: Mapping[int, set[int]]) -> None:
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
