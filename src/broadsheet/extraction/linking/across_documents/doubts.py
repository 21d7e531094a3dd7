"""The surnames that joined nobody although the corpus has bearers: findings for review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from broadsheet.extraction.linking.across_documents.full_names import by_surname
from broadsheet.extraction.linking.across_documents.nodes import Node, Nodes
from broadsheet.extraction.linking.across_documents.surnames import single
from broadsheet.extraction.overrides.entities import Member
from broadsheet.findings import finding
from broadsheet.model import Finding, Resolution

__all__ = ["Doubt", "findings", "unclear_surnames"]

_LISTED = 3  # people whom a finding names

Doubt = tuple[Member, list[Member]]  # a cluster of a surname alone, and one of each of its bearers


def unclear_surnames(nodes: Nodes) -> Iterator[Doubt]:
    """Yield the surnames that joined nobody although the corpus has bearers, with these, most named first."""
    bearers = by_surname(nodes)
    for node in single(nodes):
        roots = {id(bearer.root): bearer.root for bearer in bearers.get(node.key, ())}
        if roots:
            ranked = sorted(roots.values(), key=lambda root: (-root.count, root.key))
            yield _a_member(node), list(map(_a_member, ranked))


def _a_member(node: Node) -> Member:
    return min(clusters.first_member for clusters in node.names)


def findings(found: Resolution, unclear: Iterable[Doubt]) -> Iterator[Finding]:
    """Yield a finding for each entity that is a surname in doubt after what people decided."""
    places: dict[str, Doubt] = {}
    for member, bearers in unclear:
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
