"""Joins of a rare spelling of a place, body or other name to the usual one."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping

import numpy as np

from broadsheet.extraction.lexicon.name_forms import Spellings, sounds_alike
from broadsheet.extraction.lexicon.names import entry_of
from broadsheet.extraction.linking.across_documents.aliases import join_unknown
from broadsheet.extraction.linking.across_documents.full_names import RARE
from broadsheet.extraction.linking.across_documents.keys import NodeKey
from broadsheet.extraction.linking.across_documents.nodes import Node, Nodes, only_root
from broadsheet.extraction.linking.votes import ORDER

__all__ = ["link_slips"]

_LONG = 6  # letters of a key below which no slip is looked for


def link_slips(nodes: Nodes) -> None:
    """Join a rare spelling of a place, body or other name to the usual one."""
    rest = array("i", (node.number for node in _may_slip(nodes)))
    near = Spellings(word for node in _may_slip(nodes) for word in node.parts).neighbours()
    by_count = np.argsort(np.asarray(nodes.counts)[rest], kind="stable")
    for node in map(nodes.at, np.asarray(rest)[by_count].tolist()):
        holder = only_root(_respelt(node, nodes, near))
        join_unknown(node, holder, "spelling")


def _may_slip(nodes: Nodes) -> Iterator[Node]:
    kinds = set(ORDER) - {"PERSON", "NORP"}
    return (node for node in nodes.of_type(*kinds) if len(node.key) >= _LONG)


def _respelt(node: Node, nodes: Nodes, near: Mapping[str, list[str]]) -> Iterator[Node]:
    """Yield the nodes of which a node may be a misspelling: their keys differ in one word."""
    for at, word in enumerate(node.parts):
        for other in near.get(word, ()):
            key = " ".join((*node.parts[:at], other, *node.parts[at + 1 :]))
            usual = nodes.get(NodeKey(key, node.type))
            if usual and len(key) >= _LONG and _is_slip(word, other, node, usual):
                yield usual


def _is_slip(written: str, meant: str, rare: Node, usual: Node) -> bool:
    plural = written.rstrip("s") == meant.rstrip("s")
    known = entry_of(usual.key) is not None or usual.mentions >= RARE * rare.mentions
    return plural or known or sounds_alike(written, meant)
