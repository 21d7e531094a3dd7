"""Corrections of the mentions of one article: added, dropped, or assigned to another entity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from broadsheet import ids
from broadsheet.extraction.votes import type_of
from broadsheet.findings.decided import about, shown
from broadsheet.model import (
    ClaimDecision,
    Cluster,
    Decision,
    EntityType,
    Finding,
    Mention,
    MentionDecision,
    Reference,
    Span,
    Text,
)

__all__ = ["decide", "references"]

Group = tuple[str, EntityType | None, int | None]  # entity, type, the cluster the mentions are taken from
PARTIES = ("source_entity", "source_affiliation", "reported_via")
NONE = "-"  # in the cell of a party: the claim has no such party


@dataclass(slots=True)
class _Edits:
    """The mentions of an article while decisions are carried out.

    `named` are the clusters that decisions name. `groups` are the decided mentions of entities that have no cluster in
    the article.
    """

    text: Text
    clusters: tuple[Cluster, ...]
    mentions: dict[Span, Mention]
    named: set[int] = field(default_factory=set)
    groups: dict[Group, list[tuple[Mention, MentionDecision]]] = field(default_factory=dict)

    def carry_out(self, one: MentionDecision, span: Span) -> Finding | None:
        """Carry out a decision about the words at `span`; return why that is not possible, if it is not."""
        fault = self._fault(one, span)
        if fault is not None:
            return fault
        before = self.mentions.get(span)
        for other in self._overlapping(span):
            del self.mentions[other]
        if one.action != "drop":
            self._assign(one, span, before)
        return None

    def _assign(self, one: MentionDecision, span: Span, before: Mention | None) -> None:
        own = _own_cluster(one, self.clusters)
        if own is not None:
            self.mentions[span] = Mention(span.start, span.end, own, "correction")
            self.named.add(own)
            return
        cluster = before.cluster if before else None
        # This is the reason inside the article. `resolve` replaces it where it carries out the correction.
        reason = before.linked_by if before else "exact"
        group = one.entity, one.type, cluster
        mention = Mention(span.start, span.end, 0, reason)
        self.groups.setdefault(group, []).append((mention, one))

    def _fault(self, one: MentionDecision, span: Span) -> Finding | None:
        words = shown(span.slice(self.text.text))
        if one.action != "add" and span not in self.mentions:
            return about(one, "BS309", *self._no_mention(one, span), "quoted")
        if not any(p.start <= span.start and span.end <= p.end for p in self.text.paragraphs):
            return about(
                one, "BS311", f"{words} crosses the end of a paragraph", "quote words of one paragraph", "quoted"
            )
        return None

    def _no_mention(self, one: MentionDecision, span: Span) -> tuple[str, str]:
        """Return what is wrong with a decision about words that are not a mention, and its repair."""
        text = self.text.text
        problem = f"{shown(span.slice(text))} is not a mention in {self.text.document_id}"
        near = self._overlapping(span)
        if near:
            return f"{problem}, but {shown(near[0].slice(text))} is", "quote the mention as it is"
        return problem, "use add" if one.action == "relink" else "delete the row"

    def _overlapping(self, span: Span) -> list[Span]:
        return [other for other in sorted(self.mentions) if other.start < span.end and span.start < other.end]

    def lost(self, before: Iterable[Mention]) -> frozenset[int]:
        """Return the clusters that lost a mention of `before`."""
        return frozenset(m.cluster for m in before if self.mentions.get(Span(m.start, m.end)) != m)


def decide(
    text: Text, clusters: tuple[Cluster, ...], mentions: tuple[Mention, ...], decisions: Sequence[Decision]
) -> tuple[tuple[Cluster, ...], tuple[Mention, ...], tuple[Finding, ...]]:
    """Return clusters and mentions after the decisions, sorted and without overlaps, and what could not be done.

    `decisions` are those of the article, with their places in it. A decided mention wins over those it overlaps. It
    joins the article's own cluster of the entity if there is one. Otherwise all mentions that were assigned to one
    entity form one cluster (`Cluster.decided`); `resolve` finds the entity in the corpus.
    """
    wanted = [(one, one.span) for one in decisions if isinstance(one, MentionDecision) and one.span is not None]
    if not wanted:
        return clusters, mentions, ()
    edits = _Edits(text, clusters, {Span(m.start, m.end): m for m in mentions})
    drops_first = sorted(wanted, key=lambda pair: pair[0].action != "drop")
    faults = [edits.carry_out(one, span) for one, span in drops_first]
    return *_numbered(edits, edits.lost(mentions)), tuple(filter(None, faults))


def _own_cluster(one: MentionDecision, clusters: Sequence[Cluster]) -> int | None:
    """Return the article's cluster with the name or the id that a decision gives to a mention."""
    for at, cluster in enumerate(clusters):
        elected = type_of(cluster)
        if one.type in {None, elected} and one.entity in {cluster.name, ids.entity_id(cluster.name, elected)}:
            return at
    return None


def references(decisions: Iterable[Decision]) -> tuple[Cluster, ...]:
    """Return a cluster without mentions for each entity that decisions about claims name."""
    named = [
        Reference((one.line,), one.path, column, entity)
        for one in decisions
        if isinstance(one, ClaimDecision)
        for column in PARTIES
        if (entity := getattr(one, column)) not in {"", NONE}
    ]
    return tuple(Cluster(reference.entity, (), (), decided=reference) for reference in named)


def _numbered(edits: _Edits, lost: frozenset[int]) -> tuple[tuple[Cluster, ...], tuple[Mention, ...]]:
    """Renumber the clusters, dropping those without mentions, and append one for each group.

    A cluster from which a group was taken is kept: its mentions return to it if the group's entity does not exist.
    """
    taken_from = {at for _, _, at in edits.groups if at is not None}
    kept = sorted(taken_from.union(m.cluster for m in edits.mentions.values()))
    places: dict[int | None, int] = dict(zip(kept, range(len(kept)), strict=True))
    changed = lost | edits.named
    numbered = [_counted(edits, at) if at in changed else edits.clusters[at] for at in kept]
    mentions = [replace(m, cluster=places[m.cluster]) for m in edits.mentions.values()]
    for group, rows in edits.groups.items():
        mentions += [replace(mention, cluster=len(numbered)) for mention, _ in rows]
        numbered.append(_of_group(edits, group, places.get(group[2])))
    return tuple(numbered), tuple(sorted(mentions, key=lambda m: (m.start, m.end)))


def _of_group(edits: _Edits, group: Group, instead: int | None) -> Cluster:
    """Return the cluster of the mentions that decisions assign to one entity."""
    entity, kind, before = group
    rows = edits.groups[group]
    lines = tuple(one.line for _, one in rows)
    reference = Reference(lines, rows[0][1].path, "entity", entity, kind, instead)
    forms = Counter(edits.text.text[mention.start : mention.end] for mention, _ in rows)
    votes = _votes(entity, kind, edits.clusters, before)
    return Cluster(_fullest(forms), tuple(sorted(forms.items())), votes, decided=reference)


def _counted(edits: _Edits, at: int) -> Cluster:
    """Return a cluster with its present forms. It keeps its name if that is one of them or a decision names it."""
    cluster = edits.clusters[at]
    own = [m for m in edits.mentions.values() if m.cluster == at]
    forms = Counter(edits.text.text[m.start : m.end] for m in own)
    name = cluster.name
    if forms and name not in forms and at not in edits.named:
        name = _fullest(forms)
    return replace(cluster, name=name, forms=tuple(sorted(forms.items())))


def _fullest(forms: Counter[str]) -> str:
    return max(forms, key=lambda form: (len(form.split()), len(form), forms[form], form))


def _votes(
    entity: str, kind: EntityType | None, clusters: Sequence[Cluster], before: int | None
) -> tuple[tuple[str, int], ...]:
    """Return the type of a decided cluster, as far as the article shows it; empty where it does not."""
    suffix = entity.rpartition(".")[2].upper()
    known = kind or suffix
    if known in get_args(EntityType):
        return ((known, 1),)
    alike = [cluster.votes for cluster in clusters if entity in {cluster.name, *dict(cluster.forms)}]
    taken_from = [] if before is None else [clusters[before].votes]
    return next(iter(alike + taken_from), ())
