"""What people decided about the mentions of one article: added, dropped, given to another entity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast, get_args

from broadsheet import ids
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
NONE = "-"  # in the cell of a party: there is none


def decide(
    text: Text, clusters: tuple[Cluster, ...], mentions: tuple[Mention, ...], decisions: Sequence[Decision]
) -> tuple[tuple[Cluster, ...], tuple[Mention, ...], tuple[Finding, ...]]:
    """Return clusters and mentions as people decided, in order and without overlaps, and what could not be done.

    Decisions are those of the article, anchored. A mention that was decided wins over those it overlaps. Where the
    article itself has a cluster of the entity it goes there; else all that were given to one entity are one cluster
    (`Cluster.decided`), and who that is in the corpus is not known here.
    """
    wanted = [one for one in decisions if isinstance(one, MentionDecision) and one.span is not None]
    if not wanted:
        return clusters, mentions, ()
    board = {Span(m.start, m.end): m for m in mentions}
    groups: dict[Group, list[tuple[Mention, MentionDecision]]] = {}
    named: set[int] = set()
    findings = []
    for one in sorted(wanted, key=lambda d: d.action != "drop"):
        span = cast("Span", one.span)
        wrong = _fault(text, one, span, board)
        if wrong:
            findings.append(wrong)
            continue
        before = board.get(span)
        for other in [s for s in board if s.start < span.end and span.start < s.end]:
            del board[other]
        home = _home(one, clusters)
        if home is not None:
            board[span] = Mention(span.start, span.end, home, "correction")
            named.add(home)
        elif one.action != "drop":
            group = one.entity, one.type, before.cluster if before else None
            reason = (
                before.linked_by if before else "exact"
            )  # inside the article; `resolve` says that it is a correction
            groups.setdefault(group, []).append((Mention(span.start, span.end, 0, reason), one))
    lost = frozenset(m.cluster for m in mentions if board.get(Span(m.start, m.end)) != m)
    left = _Left(tuple(board.values()), lost, frozenset(named))
    return *_arranged(text.text, clusters, left, groups), tuple(findings)


@dataclass(frozen=True, slots=True)
class _Left:
    """The mentions that clusters of the article have; which of these lost some, and which were named by a decision."""

    mentions: tuple[Mention, ...]
    lessened: frozenset[int]
    named: frozenset[int]


def _home(one: MentionDecision, clusters: Sequence[Cluster]) -> int | None:
    """Return the cluster of the article that has the name or the id which a decision gives to a mention."""
    if one.action == "drop":
        return None
    for at, cluster in enumerate(clusters):
        elected = max(cluster.votes, key=lambda vote: (vote[1], vote[0]))[0] if cluster.votes else ""
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


def _fault(text: Text, one: MentionDecision, span: Span, board: Mapping[Span, Mention]) -> Finding | None:
    words = shown(span.slice(text.text))
    if one.action != "add" and span not in board:
        near = [s for s in sorted(board) if s.start < span.end and span.start < s.end]
        what = f"{words} is no mention in {text.document_id}"
        what += f", but {shown(near[0].slice(text.text))} is" if near else ""
        repair = "quote the mention as it is" if near else "use add" if one.action == "relink" else "delete the row"
        return about(one, "BS309", what, repair, "quoted")
    if not any(p.start <= span.start and span.end <= p.end for p in text.paragraphs):
        what = f"{words} runs over the end of a paragraph"
        return about(one, "BS311", what, "quote words of one paragraph", "quoted")
    return None


def _arranged(
    text: str,
    clusters: tuple[Cluster, ...],
    left: _Left,
    groups: Mapping[Group, list[tuple[Mention, MentionDecision]]],
) -> tuple[tuple[Cluster, ...], tuple[Mention, ...]]:
    """Number the clusters anew: those that keep a mention, or get it back if nothing is called as decided."""
    kept = sorted({m.cluster for m in left.mentions} | {at for _, _, at in groups if at is not None})
    places = {old: new for new, old in enumerate(kept)}
    made = [_counted(text, clusters[at], at, left) for at in kept]
    found = [replace(m, cluster=places[m.cluster]) for m in left.mentions]
    for (entity, kind, before), rows in groups.items():
        numbers = tuple(one.line for _, one in rows)
        instead = None if before is None else places[before]
        reference = Reference(numbers, rows[0][1].path, "entity", entity, kind, instead)
        votes = _votes(entity, kind, clusters, before)
        found += [replace(mention, cluster=len(made)) for mention, _ in rows]
        forms = Counter(text[mention.start : mention.end] for mention, _ in rows)
        made.append(Cluster(_fullest(forms), tuple(sorted(forms.items())), votes, decided=reference))
    return tuple(made), tuple(sorted(found, key=lambda m: (m.start, m.end)))


def _counted(text: str, cluster: Cluster, at: int, left: _Left) -> Cluster:
    """Return a cluster with the forms that its mentions have now; it keeps its name if that is one, or was given."""
    if at not in left.lessened | left.named:
        return cluster
    forms = Counter(text[m.start : m.end] for m in left.mentions if m.cluster == at)
    is_named = at in left.named or not forms or cluster.name in forms
    return replace(cluster, name=cluster.name if is_named else _fullest(forms), forms=tuple(sorted(forms.items())))


def _fullest(forms: Counter[str]) -> str:
    return max(forms, key=lambda form: (len(form.split()), len(form), forms[form], form))


def _votes(
    entity: str, kind: EntityType | None, clusters: Sequence[Cluster], before: int | None
) -> tuple[tuple[str, int], ...]:
    """Return the type of a decided cluster, as far as this article tells; nothing where it does not."""
    suffix = entity.rpartition(".")[2].upper()
    known = kind or (suffix if suffix in get_args(EntityType) else "")
    if known:
        return ((known, 1),)
    alike = next((c for c in clusters if entity == c.name or entity in dict(c.forms)), None)
    return alike.votes if alike else () if before is None else clusters[before].votes
