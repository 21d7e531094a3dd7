"""Joins of a rare spelling of a place, body or other name to the usual one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from broadsheet.extraction.lexicon.name_forms import Spellings, sounds_alike
from broadsheet.extraction.lexicon.names import entry_of
from broadsheet.extraction.linking.across_documents.aliases import join_unknown
from broadsheet.extraction.linking.across_documents.full_names import RARE
from broadsheet.extraction.linking.across_documents.nodes import Node, Nodes, only_root, plain_key
from broadsheet.extraction.linking.votes import ORDER

__all__ = ["link_slips"]

_LONG = 6  # letters of a key below which no slip is looked for


def link_slips(nodes: Nodes) -> None:
    """Join a rare spelling of a place, body or other name to the usual one."""
    kinds = set(ORDER) - {"PERSON", "NORP"}
    rest = [node for node in nodes.values() if node.type in kinds and len(node.key) >= _LONG]
    near = Spellings(word for node in rest for word in node.parts).neighbours()
    rest.sort(key=lambda node: (node.count, node.key, node.type))
    for node in rest:
        holder = only_root(_respelt(node, nodes, near))
        join_unknown(node, holder, "spelling")


def _respelt(node: Node, nodes: Nodes, near: Mapping[str, list[str]]) -> Iterator[Node]:
    """Yield the nodes of which a node may be a misspelling: their keys differ in one word."""
    for at, word in enumerate(node.parts):
        for other in near.get(word, ()):
            key = " ".join((*node.parts[:at], other, *node.parts[at + 1 :]))
            usual = nodes.get(plain_key(key, node.type))
            if usual and len(key) >= _LONG and _is_slip(word, other, node, usual):
                yield usual


def _is_slip(written: str, meant: str, rare: Node, usual: Node) -> bool:
    plural = written.rstrip("s") == meant.rstrip("s")
    known = entry_of(usual.key) is not None or usual.count >= RARE * rare.count
    return plural or known or sounds_alike(written, meant)
