"""Clusters and mentions, from the groups that joined."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import cast

from broadsheet.extraction.lexicon.name_forms import core, fold, is_acronym
from broadsheet.extraction.linking.within_document.groups import Group, Groups, Key, group_key
from broadsheet.extraction.names.tokens import Mark
from broadsheet.model import Cluster, LinkedBy, Mention, Sex

__all__ = ["clusters_and_mentions"]


def clusters_and_mentions(
    text: str, marks: list[Mark], groups: Groups, ordered: list[Group]
) -> tuple[tuple[Cluster, ...], tuple[Mention, ...]]:
    """Return a cluster for each root, in the order of first mention, and the mentions with the reason for each."""
    members: defaultdict[Key, list[Group]] = defaultdict(list)
    for group in ordered:
        members[group.root.id].append(group)
    index = {key: at for at, key in enumerate(members)}
    fullest = {key: min(parts, key=_fullness) for key, parts in members.items()}
    clusters = tuple(_cluster(parts, fullest[key]) for key, parts in members.items())
    mentions = []
    for mark in marks:
        group = groups[group_key(text, mark)]
        root = group.root.id
        reason = _reason(text[mark.start : mark.end], group, fullest[root])
        mentions.append(Mention(mark.start, mark.end, index[root], reason))
    return clusters, tuple(mentions)


def _fullness(group: Group) -> tuple[bool, bool, int, int, str]:
    usual = group.entry is not None and fold(group.entry.name) == group.key
    count = sum(group.forms.values())
    return not usual, is_acronym(group.name) or " " not in group.key, -len(group.key.split()), -count, group.key


def _cluster(parts: list[Group], fullest: Group) -> Cluster:
    forms: Counter[str] = Counter()
    votes: Counter[str] = Counter()
    offices: set[str] = set()
    for group in parts:
        forms.update(group.forms)
        votes.update({group.type: group.votes.total()} if group.entry else +group.votes)
        offices.update(group.offices)
    votes = votes or Counter({fullest.type: 1})
    return Cluster(
        fullest.name,
        tuple(sorted(forms.items())),
        tuple(sorted(votes.items())),
        tuple(sorted(_aliases(parts) - {fullest.name})),
        sex=cast("Sex", parts[0].root.sex),
        offices=tuple(sorted(offices - {""})),
    )


def _aliases(parts: list[Group]) -> set[str]:
    """Return the names that the article itself says are the same."""
    stated = {group.name for group in parts if group.reason in {"acronym", "alias"}}
    return stated | {group.full for group in parts if group.full}


def _reason(surface: str, group: Group, fullest: Group) -> LinkedBy:
    if surface == fullest.name:
        return "exact"
    if group is fullest:
        return "folded" if fold(surface) == fold(fullest.name) else "alias"
    if group.reason != "exact":
        return group.reason
    return _reverse(group, fullest)


def _reverse(group: Group, fullest: Group) -> LinkedBy:
    """Return why a group belongs to the fuller one that joined it."""
    if fullest.reason != "exact":
        return fullest.reason
    return "partial" if set(core(group.key)) <= set(core(fullest.key)) else "spelling"
