"""Joins of full names of one person: middle names, transcriptions, short given names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import permutations

from broadsheet.extraction.lexicon.name_forms import close, full_forms, generation, sound, surname
from broadsheet.extraction.linking.across_documents.keys import NodeKey
from broadsheet.extraction.linking.across_documents.nodes import Node, Nodes, NodesBy, only_root, people
from broadsheet.extraction.linking.name_comparison import same_person

__all__ = ["RARE", "Pair", "link_middles", "link_short_names", "link_transcriptions"]

_BLOCK = 64  # the largest block whose names are compared; the names of larger ones are too common to tell apart

RARE = 3  # a spelling is a slip if the usual one is so many times as frequent

Pair = tuple[Node, Node]


def link_middles(nodes: Nodes) -> None:
    """Join a name to the one longer name with the same first and last word: with and without middle names."""
    ends = NodesBy(nodes, people(nodes, 3), _first_and_last)
    alone = (longer for longer, *others in ends.groups() if not others)
    pairs = [(short, longer) for longer in alone if (short := nodes.get(_first_and_last(longer)))]
    pairs.sort(key=lambda pair: min(pair[0].key, pair[1].key))
    for short, longer in pairs:
        short.join(longer, "partial")


def _first_and_last(node: Node) -> NodeKey:
    first, *_, last = node.parts
    return NodeKey(f"{first} {last}", node.type)


def link_transcriptions(nodes: Nodes) -> None:
    """Join full names of as many words that sound alike, or differ by a slip in the surname."""
    for block in NodesBy(nodes, people(nodes, 2), _beginnings).groups(2):
        if len(block) <= _BLOCK:
            _link_block(sorted(block, key=_rank))


def _beginnings(node: Node) -> tuple[int, str, str]:
    """Return how many words a name has, and how the first and the last begin."""
    first, *_, last = parts = node.parts
    return len(parts), first[:1], last[:2]


def _rank(node: Node) -> tuple[int, tuple[str, ...]]:
    return -node.mentions, node.parts


def _link_block(ranked: list[Node]) -> None:
    """Join names to more frequent ones before them, found by their sound or by the words before the surname."""
    heard: defaultdict[tuple[str, ...], list[Node]] = defaultdict(list)
    given: defaultdict[tuple[str, ...], list[Node]] = defaultdict(list)
    for node in ranked:
        alike, namesakes = heard[tuple(map(sound, node.parts))], given[node.parts[:-1]]
        slips = (o for o in namesakes if o.mentions >= RARE * node.mentions and close(node.parts[-1], o.parts[-1]))
        if holder := only_root((*alike, *slips)):
            node.join(holder, "spelling")
        alike.append(node)
        namesakes.append(node)


def link_short_names(nodes: Nodes) -> None:
    """Join full names of one surname that may be one person's: first with and without `Jr.`, then short given names.

    No article has both, and each has a single counterpart.
    """
    blocks = (block for block in nodes.by_surname.groups(2) if len(block) <= _BLOCK)
    for block in sorted(blocks, key=lambda block: surname(block[0].parts)):
        pairs = _with_like_given(sorted(block, key=_rank))
        _link_counterparts(pairs, _is_namesake)
        _link_counterparts(pairs, _may_be_person)


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
    for node in {node.number: node for node, _ in pairs}.values():
        documents[node.root_number] |= node.documents
    counterparts: dict[int, list[Node]] = {}
    for node, other in pairs:
        if are_one(node, other):
            counterparts.setdefault(node.number, [node]).append(other)
    for node, *others in counterparts.values():
        apart = (one for one in others if one.root_number != node.root_number)
        _join_counterpart(node, only_root(apart), documents)


def _join_counterpart(node: Node, other: Node | None, documents: Mapping[int, set[int]]) -> None:
    if other and not node.is_joined and documents[node.number].isdisjoint(documents[other.number]):
        node.join(other, "alias")
        documents[other.number].update(documents[node.number])


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
