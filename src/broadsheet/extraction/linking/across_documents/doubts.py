"""The surnames that joined nobody although the corpus has bearers: findings for review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from broadsheet.extraction.linking.across_documents.nodes import Node, Nodes
from broadsheet.extraction.linking.across_documents.surnames import single
from broadsheet.extraction.overrides.entities import Member
from broadsheet.findings import finding
from broadsheet.model import Finding, Members

__all__ = ["findings"]

_LISTED = 3  # people whom a finding names


def findings(nodes: Nodes, members: Members) -> Iterator[Finding]:
    """Yield a finding for each entity that is a surname in doubt after what people decided: its corpus has bearers."""
    places: dict[str, Finding] = {}
    for key, alike in groupby(single(nodes), lambda node: node.key):
        roots = {bearer.root_number: bearer.root for bearer in nodes.by_surname.get(key)}
        ranked = sorted(roots.values(), key=lambda root: (-root.mentions, root.key))
        others = list(dict.fromkeys(members[_a_member(root)][0] for root in ranked))
        for member in map(_a_member, alike if others else ()):
            entity = members[member][0]
            if entity not in others:
                places.setdefault(entity, _finding_in_doubt(entity, member[0], others))
    return (places[entity] for entity in sorted(places))


def _a_member(node: Node) -> Member:
    return node.nodes.corpus.first_member(node.places)


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
