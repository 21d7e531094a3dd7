"""What people decided about who is who, carried out: on whole entities, then on the mentions and claims of one article.

An entity is named by its id, or by any form under which it appears. Decisions act in the order split, link, merge,
retype, name, wikidata, whatever the order of the rows; what an article's own decisions refer to is looked up last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from broadsheet import ids
from broadsheet.extraction.lexicon.name_forms import fold
from broadsheet.findings.decided import about, shown
from broadsheet.model import Cluster, Decision, EntityDecision, Finding, LinkedBy, Reference

__all__ = ["ACTIONS", "Draft", "Member", "Placed", "apply", "carry_out"]

ACTIONS = ("split", "link", "merge", "retype", "name", "wikidata")
Member = tuple[str, int]  # the cluster of an article: document id and index


@dataclass(slots=True, eq=False)
class Draft:
    """An entity in the making: name, type, and the clusters that are its mentions, with why and by what name."""

    name: str
    type: str
    names: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    members: dict[Member, LinkedBy | None] = field(default_factory=dict)
    called: dict[Member, str] = field(default_factory=dict)
    wikidata_id: str | None = None


def carry_out(drafts: list[Draft], clusters: Sequence[tuple[Member, Cluster]], decisions: Sequence[Decision]) -> Placed:
    """Return the entities after all decisions.

    `clusters` are those whose entity a person decided for one article, `decisions` those about whole entities. An
    article's mentions come first, so that the others speak of what they bring in; what only the others bring in (a
    split) is looked up after them.
    """
    drafts, held = _brought_in(drafts, clusters, decisions)
    drafts, findings = apply(drafts, decisions, held)
    placed = _place(drafts, [row for row in clusters if row[0] not in held], decisions)
    return replace(placed, findings=(*findings, *placed.findings))


def apply(
    drafts: list[Draft], decisions: Sequence[Decision], held: Collection[Member] = ()
) -> tuple[list[Draft], tuple[Finding, ...]]:
    """Return the entities after the decisions about them, and what is wrong with the others.

    A decision about nothing that is there, and one that contradicts an earlier one about the same entity under another
    name, is not carried out. The members `held` stay where they are when a form is split or linked: a decision about
    their very words put them there.
    """
    wanted = [one for one in decisions if isinstance(one, EntityDecision)]
    if not wanted:
        return drafts, ()
    desk = _Desk(drafts, wanted, held)
    findings = []
    done: set[tuple[str, str, str | None]] = set()
    for one in sorted(wanted, key=lambda d: (ACTIONS.index(d.action), d.document_id is None, d.path, d.line)):
        key = (one.action, fold(one.entity), one.document_id)
        if key in done:
            continue
        done.add(key)
        wrong = desk.act(one)
        if wrong:
            findings.append(wrong)
    return desk.finished(), tuple(findings)


def _nowhere(one: EntityDecision, column: str) -> Finding:
    what = f"nothing in the corpus is called {shown(getattr(one, column))}"
    return about(one, "BS302", what, "correct the name, or delete the row", column)


class _Desk:
    """The drafts while decisions are carried out, with an index of what each is called."""

    def __init__(self, drafts: list[Draft], decisions: Sequence[EntityDecision], held: Collection[Member] = ()) -> None:
        self.drafts: dict[Draft, int] = {}  # with their places, in order
        self.by_id: defaultdict[str, set[Draft]] = defaultdict(set)
        self.by_form: defaultdict[str, set[Draft]] = defaultdict(set)
        self.held = held
        # A decided name is a reference too: what was frozen after it was decided speaks of it.
        names = [(d.entity, ids.slug(d.value)) for d in decisions if d.action == "name"]
        self.renamed = {slug: entity for entity, slug in reversed(names) if not entity.startswith(f"{slug}.")}
        self.said: dict[tuple[str, int], EntityDecision] = {}
        for draft in drafts:
            self.add(draft)

    def find(self, reference: str) -> Draft | None:
        """Return the entity with an id, or the one (of several, the most mentioned) with a form or a decided name."""
        for _ in range(len(self.renamed) + 1):
            found = self._identified(reference) or self._called(reference)
            slug = ids.slug(reference.rpartition(".")[0] or reference)
            if found or slug not in self.renamed:
                return found
            reference = self.renamed[slug]
        return None

    def _identified(self, key: str) -> Draft | None:
        """Return the entity with an id; of several the one that came last, split from another."""
        return max(self.by_id.get(key, ()), key=self.drafts.__getitem__, default=None)

    def _called(self, reference: str) -> Draft | None:
        for key in (reference, fold(reference), reference.rpartition(".")[0]):
            if holders := self.by_form.get(key):
                return max(holders, key=lambda d: (d.forms.total(), d.name, -self.drafts[d]))
        return None

    def act(self, one: EntityDecision) -> Finding | None:
        """Carry out a decision; return what is in its way, if anything is."""
        draft = self.find(one.entity)
        if draft is None:
            return _nowhere(one, "entity")
        if one.action in {"split", "link"}:
            return self._move(draft, one)
        if one.action == "merge":
            return self._merge(draft, one)
        value = one.value
        earlier = self.said.setdefault((one.action, id(draft)), one)
        if earlier.value != value:
            what = f"{draft.name} has another {one.action} in line {earlier.line}: {shown(earlier.value)}"
            return about(one, "BS303", what, "keep one of the two rows", "value")
        if one.action == "retype":
            draft.type = value
        elif one.action == "name":
            draft.name = value
        else:
            draft.wikidata_id = value
        return None

    def _merge(self, draft: Draft, one: EntityDecision) -> Finding | None:
        target = self.find(one.value)
        if target is None:
            return _nowhere(one, "value")
        if target is not draft:
            self._give_over(target, draft, list(draft.members))
        return None

    def _move(self, draft: Draft, one: EntityDecision) -> Finding | None:
        entity, value = one.entity, one.value
        free = [m for m in draft.members if one.document_id in {None, m[0]} and m not in self.held]
        moved = [m for m in free if _is_called(draft, m, entity)]
        if not moved:
            return _nowhere(one, "entity")
        target = self.find(value) if one.action == "link" else None
        if one.action == "link" and target is None:
            return _nowhere(one, "value")
        if target is None:
            target = Draft(value, draft.type)
            self.add(target)
        if target is not draft:
            self._give_over(target, draft, moved)
        return None

    def _give_over(self, target: Draft, source: Draft, members: list[Member]) -> None:
        """Take members from one entity to another, and forget the one if none is left."""
        _take(target, source, members)
        self.index(target)
        if not source.members:
            self._forget(source)

    def meant(self, reference: Reference) -> Draft | None:
        """Return the entity that a decision about a mention refers to, a new one where it gives that a type."""
        found = self.find(reference.entity)
        if reference.type is None or (found and found.type == reference.type):
            return found
        found = self._identified(ids.entity_id(reference.entity, reference.type))
        if found is None:
            found = Draft(reference.entity, reference.type, Counter({reference.entity: 0}))  # found so when renamed too
            self.add(found)
        return found

    def give(self, draft: Draft, member: Member, cluster: Cluster, reason: LinkedBy | None) -> None:
        """Make a cluster a member of an entity, which is found under its forms from now on."""
        draft.members[member], draft.called[member] = reason, cluster.name
        for form, count in cluster.forms:
            draft.forms[form] += count
            draft.names[cluster.name] += count
        self.index(draft)

    def add(self, draft: Draft) -> None:
        """Put an entity behind the others."""
        self.drafts[draft] = next(reversed(self.drafts.values()), 0) + 1
        self.index(draft)

    def index(self, draft: Draft) -> None:
        """Let an entity be found under its id and all that it is called by now."""
        self.by_id[ids.entity_id(draft.name, draft.type)].add(draft)
        for key in _keys(draft):
            self.by_form[key].add(draft)

    def _forget(self, draft: Draft) -> None:
        """Let an entity be found no longer: its name and type are those it was indexed with, as they change last."""
        del self.drafts[draft]
        self.by_id[ids.entity_id(draft.name, draft.type)].discard(draft)
        for key in _keys(draft):
            self.by_form[key].discard(draft)

    def finished(self) -> list[Draft]:
        """Return the drafts, those with one id made one."""
        found: dict[str, Draft] = {}
        for draft in self.drafts:
            target = found.setdefault(ids.entity_id(draft.name, draft.type), draft)
            if target is not draft:
                _take(target, draft, list(draft.members))
        return list(found.values())


def _keys(draft: Draft) -> Iterator[str]:
    for form in {*draft.forms, *draft.names, draft.name}:
        slug = ids.slug(form)
        yield from (f"{slug}.{draft.type.lower()}", slug, fold(form))


def _is_called(draft: Draft, member: Member, reference: str) -> bool:
    name = draft.called[member]
    return reference in {name, ids.entity_id(draft.name, draft.type)} or fold(reference) == fold(name)


def _take(target: Draft, source: Draft, members: list[Member]) -> None:
    for member in members:
        target.called[member] = source.called.pop(member)
        del source.members[member]
        target.members[member] = "correction"
        target.names[target.called[member]] += 1
        target.forms[target.called[member]] += 1
    target.wikidata_id = target.wikidata_id or source.wikidata_id


# --- what an article's own decisions refer to ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """The entities with the clusters that were decided; by id what claims refer to; and what refers to nothing."""

    drafts: list[Draft]
    referred: Mapping[Member, str]
    unknown: frozenset[Member]
    findings: tuple[Finding, ...]


def _brought_in(
    drafts: list[Draft], clusters: Sequence[tuple[Member, Cluster]], decisions: Sequence[Decision]
) -> tuple[list[Draft], frozenset[Member]]:
    """Give the mentions whose entity is there, or is new, to it; return the entities and which clusters these were."""
    named = sorted((row for row in clusters if row[1].forms), key=lambda row: row[0])
    if not named:
        return drafts, frozenset()
    desk = _Desk(drafts, [one for one in decisions if isinstance(one, EntityDecision)])
    held = set()
    for member, cluster in named:
        draft = desk.meant(cluster.decided) if cluster.decided else None
        if draft is not None:
            desk.give(draft, member, cluster, "correction")
            held.add(member)
    return desk.finished(), frozenset(held)


def _place(drafts: list[Draft], clusters: Sequence[tuple[Member, Cluster]], decisions: Sequence[Decision]) -> Placed:
    """Give the clusters that are left to what they refer to; what claims refer to is only noted.

    Mentions of what is nowhere go where they went without the decision (`Reference.instead`), if anywhere.
    """
    if not clusters:
        return Placed(drafts, {}, frozenset(), ())
    desk = _Desk(drafts, [one for one in decisions if isinstance(one, EntityDecision)])
    holders = {member: draft for draft in desk.drafts for member in draft.members}
    referred: dict[Member, Draft] = {}
    unknown: set[Member] = set()
    findings: list[Finding] = []
    for member, cluster in sorted(clusters, key=lambda row: (not row[1].forms, row[0])):
        reference = cluster.decided
        if reference is None:
            continue
        draft, reason = desk.find(reference.entity), _DECIDED
        if draft is None:
            findings += _unheard(member[0], reference)
            draft, reason = holders.get((member[0], _or(reference.instead))), None
        if draft is None:
            unknown.add(member)
        elif cluster.forms:
            desk.give(draft, member, cluster, reason)
        else:
            referred[member] = draft
    names = {member: ids.entity_id(draft.name, draft.type) for member, draft in referred.items()}
    return Placed(desk.finished(), names, frozenset(unknown), tuple(findings))


_DECIDED: LinkedBy | None = "correction"


def _or(index: int | None) -> int:
    return -1 if index is None else index


def _unheard(document: str, reference: Reference) -> Iterator[Finding]:
    for number in reference.numbers:
        one = Decision(path=reference.path, line=number, document_id=document)
        what = f"nothing in the corpus is called {shown(reference.entity)}"
        mend = "correct the name, or say the type of an entity that is new, or delete the row"
        yield about(one, "BS302", what, mend, reference.column, reference.entity)
