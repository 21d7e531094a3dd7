"""The names of a corpus by key, each a node that may join another: in columns, and what the articles say on disk."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cached_property
from itertools import groupby, takewhile
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple, Self, get_args

import msgspec
import numpy as np

from broadsheet.extraction.lexicon.name_forms import surname
from broadsheet.extraction.linking.across_documents.corpus_clusters import CorpusClusters, NameRecord
from broadsheet.extraction.linking.across_documents.keys import BETWEEN, NodeKey
from broadsheet.extraction.votes import ORDER
from broadsheet.model import LinkedBy
from broadsheet.sequences import MadeSequence
from broadsheet.storage.columns import WordIndex, Words
from broadsheet.storage.number_rows import Integers, group_starts
from broadsheet.storage.records import Records, SortedRecords

__all__ = ["JoinedNodes", "Node", "Nodes", "NodesBy", "only_root", "people"]

_REASONS: Final[tuple[LinkedBy | None, ...]] = (None, *get_args(LinkedBy))
_ROOT: Final = -1  # instead of the number of a node that another joined
_MANY: Final = 255  # words of a key that are counted
_NAMES: Final = msgspec.msgpack.Decoder(list[NameRecord])


class Node(NamedTuple):
    """The names with one key and type; of a surname alone, those with one sex and office. Made when it is asked for."""

    nodes: Nodes
    number: int
    key: str
    type: str
    sex: str
    office: str

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the words of the key."""
        return tuple(self.key.split())

    @property
    def names(self) -> list[NameRecord]:
        """Return what its clusters say, name by name."""
        return self.nodes.names(self.number)

    @property
    def places(self) -> Integers:
        """Return the numbers of its clusters."""
        first, *rest = (record.places for record in self.names)
        return np.concatenate([first, *rest]) if rest else first

    @property
    def documents(self) -> set[int]:
        """Return the numbers of the articles that name it."""
        return set(self.nodes.corpus.articles(self.places).tolist())

    @property
    def mentions(self) -> int:
        """Return how often it is mentioned."""
        return self.nodes.counts[self.number]

    @property
    def is_joined(self) -> bool:
        """Return whether it joined another node."""
        return self.nodes.heads[self.number] != _ROOT

    @property
    def reason(self) -> LinkedBy | None:
        """Return why it joined another node."""
        return _REASONS[self.nodes.reasons[self.number]]

    @property
    def root_number(self) -> int:
        """Return the number of the node at the end of the chain."""
        number, heads = self.number, self.nodes.heads
        while heads[number] != _ROOT:
            number = heads[number]
        return number

    @property
    def root(self) -> Node:
        """Return the node at the end of the chain."""
        number = self.root_number
        return self if number == self.number else self.nodes.at(number)

    def join(self, other: Node, reason: LinkedBy) -> None:
        """Join the chain of another node."""
        own, root = self.root_number, other.root_number
        if own != root:
            self.nodes.reasons[own] = self.nodes.reasons[own] or _REASONS.index(reason)
            self.nodes.heads[own] = root


class Nodes(MadeSequence[Node]):
    """The nodes of a corpus, sorted by key. It is closed when what lies on disk is not asked for any more.

    `counts`, `heads` and `reasons` say of each node how often it is mentioned, the number of the one that it joined,
    and why as an index. `folder` is that of temporary files.
    """

    def __init__(self, corpus: CorpusClusters, folder: Path | None) -> None:
        self.corpus, self.folder = corpus, folder
        self.counts, self.heads, self.reasons = array("q"), array("i"), bytearray()
        self._keys, self._types, self._words, self._stating = Words(), bytearray(), bytearray(), array("i")
        self._names = Records(folder)
        self._index = WordIndex(())

    @cached_property
    def by_surname(self) -> NodesBy:
        """Return the people with full names by the last word that is not `Jr.` or the like."""
        return NodesBy(self, people(self, 2), lambda node: surname(node.parts))

    @classmethod
    def of(cls, corpus: CorpusClusters, names: SortedRecords, folder: Path | None) -> Self:
        """Return the nodes of names. Raises OSError where they cannot be written."""
        found = cls(corpus, folder)
        for written, group in groupby(names, itemgetter(0)):
            found._add(written, [record for _, record in group])
        found._index = WordIndex(found._keys)
        return found

    def _add(self, written: str, names: list[bytes]) -> None:
        key = NodeKey.read(written)
        together = msgspec.msgpack.encode(list(map(msgspec.Raw, names)))
        records = _NAMES.decode(together)
        if any(record.aliases for record in records):
            self._stating.append(len(self))
        self._keys.append(written)
        self._types.append(ORDER.index(key.type))
        self._words.append(min(key.key.count(" ") + bool(key.key), _MANY))
        self._names.add(together)
        self.counts.append(sum(record.count for record in records))
        self.heads.append(_ROOT)
        self.reasons.append(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._names.__exit__()

    def __len__(self) -> int:
        """Return how many nodes there are."""
        return len(self._keys)

    def at(self, number: int) -> Node:
        """Return a node."""
        return Node(self, number, *self._keys.at(number).split(BETWEEN))

    def __iter__(self) -> Iterator[Node]:
        """Yield the nodes."""
        return map(self.at, range(len(self)))

    def get(self, key: NodeKey) -> Node | None:
        """Return the node with a key, if there is one."""
        number = self._index.first(key.written())
        return None if number is None else self.at(number)

    def roots(self) -> Integers:
        """Return for each node the number of the one at the end of its chain."""
        heads = np.asarray(self.heads, np.int64)
        roots = np.where(heads == _ROOT, np.arange(len(heads)), heads)
        while (further := roots[roots] != roots).any():
            roots[further] = roots[roots[further]]
        return roots

    def with_key(self, key: str) -> Iterator[Node]:
        """Yield the nodes of all types with a key."""
        first = bisect_left(self._keys, NodeKey(key, "").written())
        return takewhile(lambda node: node.key == key, map(self.at, range(first, len(self))))

    def names(self, number: int) -> list[NameRecord]:
        """Return what the clusters of a node say, name by name."""
        return _NAMES.decode(self._names[number])

    def stating(self) -> Iterator[Node]:
        """Yield the nodes of which articles state aliases."""
        return map(self.at, self._stating)

    def numbers_of(self, *types: str, fewest: int = 0, most: int = _MANY) -> Integers:
        """Return the numbers of the nodes of some types whose keys have `fewest` to `most` words."""
        kinds, words = (np.frombuffer(column, np.uint8) for column in (self._types, self._words))
        is_of_type = np.isin(kinds, [ORDER.index(kind) for kind in types])
        return np.flatnonzero(is_of_type & (words >= fewest) & (words <= most))

    def of_type(self, *types: str, fewest: int = 0, most: int = _MANY) -> Iterator[Node]:
        """Yield the nodes of some types whose keys have `fewest` to `most` words."""
        return map(self.at, _as_array(self.numbers_of(*types, fewest=fewest, most=most)))


class NodesBy:
    """Nodes by something that follows from each, of which a hash is held."""

    def __init__(self, nodes: Nodes, chosen: Iterable[Node], follows: Callable[[Node], Hashable]) -> None:
        hashes, numbers = array("q"), array("i")
        for node in chosen:
            hashes.append(hash(follows(node)))
            numbers.append(node.number)
        order = np.argsort(hashes, kind="stable")
        self._nodes, self._follows = nodes, follows
        self._hashes = array("q", np.asarray(hashes, np.int64)[order].tobytes())
        self._numbers = array("i", np.asarray(numbers, np.intc)[order].tobytes())

    def get(self, what: Hashable) -> list[Node]:
        """Return the nodes from which something follows, in order; none if there is none."""
        first = bisect_left(self._hashes, hash(what))
        end = bisect_right(self._hashes, hash(what), first)
        found = map(self._nodes.at, self._numbers[first:end])
        return [node for node in found if self._follows(node) == what]

    def groups(self, fewest: int = 1) -> Iterator[list[Node]]:
        """Yield the nodes from which the same follows, `fewest` or more; the group of the first node comes first."""
        first, sizes = group_starts(np.frombuffer(self._hashes, np.uint64))
        first, sizes = first[sizes >= fewest], sizes[sizes >= fewest]
        leaders = np.frombuffer(self._numbers, np.intc)[first]
        for at in _as_array(np.argsort(leaders)):
            numbers = self._numbers[first[at] : first[at] + sizes[at]]
            yield from (group for group in self._parted(numbers) if len(group) >= fewest)

    def _parted(self, numbers: Iterable[int]) -> Iterable[list[Node]]:
        """Return nodes with one hash by what follows from them."""
        found: defaultdict[Hashable, list[Node]] = defaultdict(list)
        for node in map(self._nodes.at, numbers):
            found[self._follows(node)].append(node)
        return found.values()


class JoinedNodes:
    """Some nodes by the node at the end of their chain, as the chains are when this is made."""

    def __init__(self, nodes: Nodes, chosen: Integers) -> None:
        roots = nodes.roots()[chosen]
        order = np.argsort(roots, kind="stable")
        self._nodes = nodes
        self._roots, self._numbers = _as_array(roots[order]), _as_array(chosen[order])

    def of(self, root: int) -> list[Node]:
        """Return the nodes whose chain ends at a node, in order."""
        first = bisect_left(self._roots, root)
        return list(map(self._nodes.at, self._numbers[first : bisect_right(self._roots, root, first)]))

    def groups(self) -> Iterator[list[Node]]:
        """Yield the nodes of one chain after another; the group of the first node comes first."""
        first, sizes = group_starts(np.frombuffer(self._roots, np.uint64))
        for at in _as_array(np.argsort(np.asarray(self._numbers)[first])):
            yield list(map(self._nodes.at, self._numbers[first[at] : first[at] + sizes[at]]))


def _as_array(numbers: Integers) -> array[int]:
    """Return numbers of which each becomes an object when it is asked for, not before."""
    return array("q", numbers.astype(np.int64, copy=False).tobytes())


def only_root(nodes: Iterable[Node]) -> Node | None:
    """Return the one root of nodes, None if they have several or there is no node."""
    roots = {node.root_number: node for node in nodes}
    return roots.popitem()[1].root if len(roots) == 1 else None


def people(nodes: Nodes, fewest: int) -> Iterator[Node]:
    """Return the people whose names have at least `fewest` words."""
    return nodes.of_type("PERSON", fewest=fewest)
