"""Joins of a rare spelling of a place, body or other name to the usual one.

Two keys that differ in one word by a slip are equal once that word has lost one letter, or none. Keys without a letter
lie in files as hashes; nodes that share one are compared.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import ne

import numpy as np

from broadsheet.extraction.lexicon.name_forms import close, deletions, sounds_alike
from broadsheet.extraction.lexicon.names import entry_of
from broadsheet.extraction.linking.across_documents.aliases import join_unknown
from broadsheet.extraction.linking.across_documents.full_names import RARE
from broadsheet.extraction.linking.across_documents.nodes import Node, Nodes, only_root
from broadsheet.extraction.votes import ORDER
from broadsheet.storage.number_rows import Integers, Numbers, meetings
from broadsheet.storage.scratch import Partitions

__all__ = ["link_slips"]

_LONG = 6  # letters of a key below which no slip is looked for
_AT_ONCE = 4096  # nodes
_IN_A_PART = 16384  # nodes


def link_slips(nodes: Nodes) -> None:
    """Join a rare spelling of a place, body or other name to the usual one. Raises OSError (files that are written)."""
    near: defaultdict[int, list[Node]] = defaultdict(list)
    for one, other in _alike(nodes):
        near[one.number].append(other)
        near[other.number].append(one)
    for number in sorted(near, key=lambda number: (nodes.counts[number], number)):
        rare = nodes.at(number)
        join_unknown(rare, only_root(usual for usual in near[number] if _is_slip(rare, usual)), "spelling")


def _alike(nodes: Nodes) -> Iterator[tuple[Node, Node]]:
    """Yield the pairs of nodes whose keys differ in one word that may be a slip; a pair may come more than once."""
    kinds = set(ORDER) - {"PERSON", "NORP"}
    chosen = nodes.numbers_of(*kinds)
    with Partitions(nodes.folder, parts=1 + len(chosen) // _IN_A_PART, width=2) as rows:
        for start in range(0, len(chosen), _AT_ONCE):
            rows.add(*_hashed(nodes, chosen[start : start + _AT_ONCE]))
        for part in rows:
            for pair in meetings(part[:, 0], part[:, 1]):
                yield from filter(_differ_in_a_word, _pairs(nodes, *pair))


def _hashed(nodes: Nodes, chosen: Integers) -> tuple[Numbers, Numbers]:
    """Return hashes of the keys of some nodes with a letter less in a word, and beside each the number of its node."""
    hashes, numbers = array("q"), array("q")
    for node in map(nodes.at, chosen.tolist()):
        found = {hash((node.type, key)) for key in _shortened(node)} if len(node.key) >= _LONG else ()
        hashes.extend(found)
        numbers.extend([node.number] * len(found))
    return np.asarray(hashes).view(np.uint64), np.asarray(numbers).view(np.uint64)


def _shortened(node: Node) -> Iterator[str]:
    parts = node.parts
    for at, word in enumerate(parts):
        before, behind = " ".join(parts[:at]), " ".join(parts[at + 1 :])
        yield from (f"{before} {shorter} {behind}" for shorter in deletions(word))


def _pairs(nodes: Nodes, one: Numbers, other: Numbers) -> Iterator[tuple[Node, Node]]:
    for both in np.unique(np.column_stack([one, other]), axis=0).tolist():
        yield nodes.at(both[0]), nodes.at(both[1])


def _differ_in_a_word(pair: tuple[Node, Node]) -> bool:
    """Return whether two nodes have one type, and keys of as many words, of which one differs by a slip."""
    one, other = (node.parts for node in pair)
    if pair[0].type != pair[1].type or len(one) != len(other):
        return False
    differing = _differing(one, other)
    return len(differing) == 1 and close(*differing[0])


def _differing(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    return [words for words in zip(one, other, strict=True) if ne(*words)]


def _is_slip(rare: Node, usual: Node) -> bool:
    """Return whether a name may be a misspelling of another, with which it has all words in common but one."""
    ((written, meant),) = _differing(rare.parts, usual.parts)
    plural = written.rstrip("s") == meant.rstrip("s")
    known = entry_of(usual.key) is not None or usual.mentions >= RARE * rare.mentions
    return plural or known or sounds_alike(written, meant)
