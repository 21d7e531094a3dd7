"""Entities, from the names that joined: their names, why each cluster belongs, and their ids."""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import cast

from broadsheet.extraction.lexicon.name_forms import core, fold, is_acronym
from broadsheet.extraction.lexicon.names import entry_for
from broadsheet.extraction.linking.across_documents.nodes import Node, Nodes, add_counts
from broadsheet.extraction.overrides.entities import Draft, Member, Placed
from broadsheet.model import Entity, LinkedBy, Resolution
from broadsheet.model import EntityType as Kind

__all__ = ["drafts", "resolution"]

_ABBREVIATION = 4  # code points of the longest abbreviation of a place


def drafts(nodes: Nodes) -> list[Draft]:
    """Return a draft of an entity for each group of joined nodes, sorted by id; decisions come later."""
    parts: defaultdict[int, list[Node]] = defaultdict(list)
    for node in nodes.values():
        parts[id(node.root)].append(node)
    drafts: dict[str, Draft] = {}
    for group in parts.values():
        draft = Draft(_name(group), group[0].root.type)
        draft = drafts.setdefault(draft.entity_id, draft)
        for node in group:
            _fill(draft, node)
    return [drafts[key] for key in sorted(drafts)]


def _fill(draft: Draft, node: Node) -> None:
    for name, same_name in node.names.items():
        draft.names[name] = same_name.count
        draft.members.update(dict.fromkeys(same_name.members, (name, _why(name, draft.name, node))))
        add_counts(draft.forms, same_name.forms.items())


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


def resolution(placed: Placed) -> Resolution:
    """Return the entities, and the entity of each cluster with the reason why it belongs there."""
    entities = []
    assigned: dict[Member, tuple[str, LinkedBy | None]] = {}
    for key, draft in sorted(((d.entity_id, d) for d in placed.drafts), key=lambda row: row[0]):
        entities.append(Entity(key, draft.name, cast("Kind", draft.type), draft.wikidata_id))
        for member, (_, why) in draft.members.items():
            assigned[member] = key, why
    assigned.update({member: (key, "correction") for member, key in placed.referred.items()})
    for member in placed.unknown:
        assigned.pop(member, None)
    return Resolution(tuple(entities), MappingProxyType(assigned), findings=placed.findings, unknown=placed.unknown)
