"""Corrections of entities: of whole entities, and of what the mentions and claims of one article refer to.

An entity is named by its id, or by any form under which it appears. The decisions are carried out in the order split,
link, merge, pin, retype, name, wikidata, whatever the order of the rows. An entity has its id from the name and type it
is found with; only `pin` gives it another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

from broadsheet import ids
from broadsheet.extraction.lexicon.name_forms import fold
from broadsheet.findings.decided import about, shown
from broadsheet.model import Cluster, Decision, EntityDecision, Finding, LinkedBy, Reference
from broadsheet.storage.number_rows import Integers

__all__ = ["ACTIONS", "Decided", "Draft", "Member", "Placed", "Wanted", "apply", "carry_out"]

ACTIONS = ("split", "link", "merge", "pin", "retype", "name", "wikidata")
Member = tuple[str, int]  # the cluster of an article: document id and index
Decided = tuple[Member, Cluster, Reference]  # a cluster, and the entity that a decision about its article names


class Clusters(Protocol):
    """The clusters of all articles with one name: their forms with the number of mentions, and where they are."""

    @property
    def name(self) -> str: ...

    @property
    def forms(self) -> Mapping[str, int]: ...

    @property
    def members(self) -> Sequence[Member]: ...

    @property
    def places(self) -> Integers: ...


@dataclass(eq=False)
class Draft:
    """An entity while decisions are carried out; where no `entity_id` is given, it follows from the name and type.

    `found` are its clusters, with the reasons why they belong to it. What decisions change is made of them when it is
    asked for: most entities are as they were found.
    """

    name: str
    type: str
    found: list[tuple[Clusters, LinkedBy | None]] = field(default_factory=list)
    wikidata_id: str | None = None
    entity_id: str = ""

    def __post_init__(self) -> None:
        self.entity_id = self.entity_id or ids.entity_id(self.name, self.type)

    @property
    def is_as_found(self) -> bool:
        """Return whether nobody asked for its members, so that `found` has them all."""
        return "members" not in vars(self)

    @cached_property
    def names(self) -> set[str]:
        """Return the names of its clusters."""
        return {clusters.name for clusters, _ in self.found}

    @cached_property
    def forms(self) -> Counter[str]:
        """Return its forms, with the number of mentions."""
        total: Counter[str] = Counter()
        for clusters, _ in self.found:
            total.update(clusters.forms)
        return total

    @cached_property
    def members(self) -> dict[Member, tuple[str, LinkedBy | None]]:
        """Return the clusters of its mentions, with their names and the reasons why they belong to it."""
        return {member: (clusters.name, why) for clusters, why in self.found for member in clusters.members}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What decisions look for: entities with one of these ids, names or forms, and entities with one of these members.

    All other entities stay as they were found.
    """

    keys: frozenset[str]
    members: frozenset[Member]

    @classmethod
    def of(cls, clusters: Sequence[Decided], decisions: Sequence[Decision]) -> Wanted:
        """Return what decisions look for; their arguments are those of `carry_out`."""
        words = {reference.entity for _, _, reference in clusters}
        for one in decisions:
            if isinstance(one, EntityDecision):
                words |= {one.entity, one.value}
        keys = frozenset(key for word in words for key in _looked_up(word))
        return cls(keys, _instead(clusters))

    def __bool__(self) -> bool:
        """Return whether anything is looked for."""
        return bool(self.keys or self.members)

    def may_be(self, draft: Draft) -> bool:
        """Return whether a decision may find an entity, or give an entity its id."""
        if draft.entity_id in self.keys or not self.keys.isdisjoint(_keys(draft)):
            return True
        return bool(self.members) and any(not self.members.isdisjoint(found.members) for found, _ in draft.found)


def _looked_up(word: str) -> Iterator[str]:
    """Yield the keys under which an entity is looked for that a decision names by an id, a name or a form."""
    for written in (word, word.rpartition(".")[0]):
        yield from (written, fold(written), ids.slug(written))


def carry_out(drafts: list[Draft], clusters: Sequence[Decided], decisions: Sequence[Decision]) -> Placed:
    """Return the entities after all decisions.

    `clusters` are those whose entity a decision about one article names, `decisions` those about whole entities. The
    clusters whose entity exists or is new are assigned first, so that decisions about entities apply to them too. The
    others are assigned last, because a split may create their entity.
    """
    drafts, pinned = _assign_known(drafts, clusters, decisions)
    drafts, findings = apply(drafts, decisions, pinned)
    placed = _place(drafts, [row for row in clusters if row[0] not in pinned], decisions)
    return replace(placed, findings=(*findings, *placed.findings))


def apply(
    drafts: list[Draft], decisions: Sequence[Decision], pinned: Collection[Member] = ()
) -> tuple[list[Draft], tuple[Finding, ...]]:
    """Return the entities after the decisions about them, and findings about decisions that cannot be carried out.

    Such a decision names an entity that does not exist, or contradicts an earlier one about the same entity under
    another name. The members `pinned` do not move when a form is split or linked, because a decision about their very
    words assigned them.
    """
    wanted = [one for one in decisions if isinstance(one, EntityDecision)]
    if not wanted:
        return drafts, ()
    index = _DraftIndex(drafts, wanted, pinned)
    ordered = sorted(wanted, key=lambda d: (ACTIONS.index(d.action), d.document_id is None, d.path, d.line))
    first: dict[tuple[str, str, str | None], EntityDecision] = {}
    for one in ordered:
        first.setdefault((one.action, fold(one.entity), one.document_id), one)
    faults = [index.act(one) for one in first.values()]
    return index.finished(), tuple(filter(None, faults))


def _no_entity(one: EntityDecision, column: str) -> Finding:
    what = f"nothing in the corpus is called {shown(getattr(one, column))}"
    return about(one, "BS302", what, "correct the name, or delete the row", column)


class _DraftIndex:
    """The drafts while decisions are carried out, indexed by id and by form."""

    def __init__(
        self, drafts: list[Draft], decisions: Sequence[EntityDecision], pinned: Collection[Member] = ()
    ) -> None:
        self.drafts: dict[Draft, int] = {}  # with their places, in order
        self.by_id: defaultdict[str, set[Draft]] = defaultdict(set)
        self.by_form: defaultdict[str, set[Draft]] = defaultdict(set)
        self.pinned = pinned
        # A decided name and a pinned id are references too: other decisions use them.
        decided = [(d.entity, _reference(d)) for d in decisions if d.action in {"name", "pin"}]
        self.renamed = {slug: entity for entity, slug in reversed(decided) if not entity.startswith(f"{slug}.")}
        self.carried_out: dict[tuple[str, int], EntityDecision] = {}
        for draft in drafts:
            self.add(draft)

    def find(self, reference: str) -> Draft | None:
        """Return the entity with an id, or the one (of several, the most mentioned) with a form or a decided name."""
        for _ in range(len(self.renamed) + 1):
            draft = self._with_id(reference) or self._with_form(reference)
            slug = ids.slug(reference.rpartition(".")[0] or reference)
            if draft or slug not in self.renamed:
                return draft
            reference = self.renamed[slug]
        return None

    def _with_id(self, key: str) -> Draft | None:
        """Return the entity with an id; of several the last one, which was split from another."""
        return max(self.by_id.get(key, ()), key=self.drafts.__getitem__, default=None)

    def _with_form(self, reference: str) -> Draft | None:
        for key in (reference, fold(reference), reference.rpartition(".")[0]):
            if candidates := self.by_form.get(key):
                return max(candidates, key=lambda d: (d.forms.total(), d.name, -self.drafts[d]))
        return None

    def act(self, one: EntityDecision) -> Finding | None:
        """Carry out a decision; return a finding if that is not possible."""
        draft = self.find(one.entity)
        if draft is None:
            return _no_entity(one, "entity")
        match one.action:
            case "split" | "link":
                return self._move(draft, one)
            case "merge":
                return self._move_to(self.find(one.value), draft, list(draft.members), one)
            case "pin":
                return self._pin(draft, one)
            case _:
                return self._set(draft, one)

    def _pin(self, draft: Draft, one: EntityDecision) -> Finding | None:
        """Give an entity the id that it keeps."""
        other = self._with_id(one.value)
        if other is not None and other is not draft:
            what = f"another entity, {other.name}, has the id {shown(one.value)}"
            return about(one, "BS303", what, "pin another id, or merge the two", "value")
        self.by_id[draft.entity_id].discard(draft)
        draft.entity_id = one.value
        self.by_id[draft.entity_id].add(draft)
        return None

    def _set(self, draft: Draft, one: EntityDecision) -> Finding | None:
        """Set the type, the name or the Wikidata id of an entity."""
        earlier = self.carried_out.setdefault((one.action, id(draft)), one)
        if earlier.value != one.value:
            what = f"{draft.name} has another {one.action} in line {earlier.line}: {shown(earlier.value)}"
            return about(one, "BS303", what, "keep one of the two rows", "value")
        attribute = {"retype": "type", "name": "name", "wikidata": "wikidata_id"}[one.action]
        setattr(draft, attribute, one.value)
        if one.action == "name":
            _explain(draft)
        return None

    def _move(self, draft: Draft, one: EntityDecision) -> Finding | None:
        """Split the members with a form from an entity, or link them to another."""
        moved = [m for m in draft.members if self._is_meant(draft, m, one)]
        if not moved:
            return _no_entity(one, "entity")
        if one.action == "link":
            return self._move_to(self.find(one.value), draft, moved, one)
        target = Draft(one.value, draft.type)
        self.add(target)
        return self._move_to(target, draft, moved, one)

    def _is_meant(self, draft: Draft, member: Member, one: EntityDecision) -> bool:
        is_free = one.document_id in {None, member[0]} and member not in self.pinned
        return is_free and _is_called(draft, member, one.entity)

    def _move_to(
        self, target: Draft | None, source: Draft, members: list[Member], one: EntityDecision
    ) -> Finding | None:
        """Move members to the entity that a decision's value names."""
        if target is None:
            return _no_entity(one, "value")
        if target is not source:
            self._transfer(target, source, members)
        return None

    def _transfer(self, target: Draft, source: Draft, members: list[Member]) -> None:
        """Move members from one entity to another, and remove the first if it has none left."""
        _take(target, source, members)
        self.index(target)
        if not source.members:
            self._remove(source)

    def meant(self, reference: Reference) -> Draft | None:
        """Return the entity that a decision about a mention refers to; a new one where the decision gives a type."""
        known = self.find(reference.entity)
        if reference.type is None or (known and known.type == reference.type):
            return known
        draft = self._with_id(ids.entity_id(reference.entity, reference.type))
        if draft is None:
            # Its name counts as a form, so that it is found under it after a renaming.
            draft = Draft(reference.entity, reference.type)
            draft.names.add(reference.entity)
            self.add(draft)
        return draft

    def give(self, draft: Draft, member: Member, cluster: Cluster, reason: LinkedBy | None) -> None:
        """Make a cluster a member of an entity, and index the entity by its forms."""
        draft.members[member] = cluster.name, reason
        draft.forms.update(dict(cluster.forms))
        draft.names.add(cluster.name)
        self.index(draft)

    def add(self, draft: Draft) -> None:
        """Append an entity."""
        self.drafts[draft] = next(reversed(self.drafts.values()), 0) + 1
        self.index(draft)

    def index(self, draft: Draft) -> None:
        """Index an entity by its id, its names and its forms."""
        self.by_id[draft.entity_id].add(draft)
        for key in _keys(draft):
            self.by_form[key].add(draft)

    def _remove(self, draft: Draft) -> None:
        """Remove an entity. Its names are still those it was indexed with, because they change last."""
        del self.drafts[draft]
        self.by_id[draft.entity_id].discard(draft)
        for key in _keys(draft):
            self.by_form[key].discard(draft)

    def finished(self) -> list[Draft]:
        """Return the drafts, after merging those with the same id."""
        by_id: dict[str, Draft] = {}
        for draft in self.drafts:
            target = by_id.setdefault(draft.entity_id, draft)
            if target is not draft:
                _take(target, draft, list(draft.members))
        return list(by_id.values())


def _explain(draft: Draft) -> None:
    """Link the members that have not the decided name as aliases of it."""
    for member, (called, reason) in draft.members.items():
        if called != draft.name:
            draft.members[member] = called, reason or "alias"


def _reference(one: EntityDecision) -> str:
    """Return the slug by which an entity is found that a decision names or pins."""
    return ids.slug(one.value.rpartition(".")[0] if one.action == "pin" else one.value)


def _keys(draft: Draft) -> Iterator[str]:
    for form in {*draft.forms, *draft.names, draft.name}:
        slug = ids.slug(form)
        yield from (f"{slug}.{draft.type.lower()}", slug, fold(form))


def _is_called(draft: Draft, member: Member, reference: str) -> bool:
    name, _ = draft.members[member]
    return reference in {name, draft.entity_id} or fold(reference) == fold(name)


def _take(target: Draft, source: Draft, members: list[Member]) -> None:
    for member in members:
        called, _ = source.members.pop(member)
        target.members[member] = called, "correction"
        target.names.add(called)
        target.forms[called] += 1
    target.wikidata_id = target.wikidata_id or source.wikidata_id


# --- the decisions about one article ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """The entities after all decisions.

    `referred` maps clusters without mentions, to which only claims refer, to entity ids. `unknown` are the clusters
    whose entity does not exist.
    """

    drafts: list[Draft]
    referred: Mapping[Member, str]
    unknown: frozenset[Member]
    findings: tuple[Finding, ...]


def _assign_known(
    drafts: list[Draft], clusters: Sequence[Decided], decisions: Sequence[Decision]
) -> tuple[list[Draft], frozenset[Member]]:
    """Assign the clusters with mentions whose entity exists or is new; return the entities and these clusters."""
    named = sorted((row for row in clusters if row[1].forms), key=lambda row: row[0])
    if not named:
        return drafts, frozenset()
    index = _index(drafts, decisions)
    pinned = set()
    for member, cluster, reference in named:
        draft = index.meant(reference)
        if draft is not None:
            index.give(draft, member, cluster, "correction")
            pinned.add(member)
    return index.finished(), frozenset(pinned)


def _index(drafts: list[Draft], decisions: Sequence[Decision]) -> _DraftIndex:
    return _DraftIndex(drafts, [one for one in decisions if isinstance(one, EntityDecision)])


def _place(drafts: list[Draft], clusters: Sequence[Decided], decisions: Sequence[Decision]) -> Placed:
    """Assign the remaining clusters to the entities that they refer to.

    Mentions whose entity does not exist go where they were without the decision (`Reference.instead`), if anywhere.
    """
    if not clusters:
        return Placed(drafts, {}, frozenset(), ())
    index = _index(drafts, decisions)
    owners = _owners(index, clusters)
    with_mentions_first = sorted(clusters, key=lambda row: (not row[1].forms, row[0]))
    referred: dict[Member, Draft] = {}
    unknown: set[Member] = set()
    findings: list[Finding] = []
    for member, cluster, reference in with_mentions_first:
        draft, reason = _target(index, owners, member, reference)
        if reason is None:
            findings += _not_found(member[0], reference)
        if draft is None:
            unknown.add(member)
        elif cluster.forms:
            index.give(draft, member, cluster, reason)
        else:
            referred[member] = draft
    names = {member: draft.entity_id for member, draft in referred.items()}
    return Placed(index.finished(), names, frozenset(unknown), tuple(findings))


def _owners(index: _DraftIndex, clusters: Sequence[Decided]) -> dict[Member, Draft]:
    """Return the entities of the clusters to which mentions belong without the decision about them."""
    meant = _instead(clusters)
    return {member: draft for draft in index.drafts for member in meant & draft.members.keys()} if meant else {}


def _instead(clusters: Sequence[Decided]) -> frozenset[Member]:
    """Return the clusters to which mentions belong without the decision about them."""
    return frozenset((member[0], one.instead) for member, _, one in clusters if one.instead is not None)


def _target(
    index: _DraftIndex, owners: Mapping[Member, Draft], member: Member, reference: Reference
) -> tuple[Draft | None, LinkedBy | None]:
    """Return the entity that a cluster belongs to, and the reason if that is the one that the decision names."""
    draft = index.find(reference.entity)
    if draft is not None:
        return draft, "correction"
    instead = reference.instead
    return None if instead is None else owners.get((member[0], instead)), None


def _not_found(document: str, reference: Reference) -> Iterator[Finding]:
    for number in reference.numbers:
        one = Decision(path=reference.path, line=number, document_id=document)
        what = f"nothing in the corpus is called {shown(reference.entity)}"
        mend = "correct the name, give the type of an entity that is new, or delete the row"
        yield about(one, "BS302", what, mend, reference.column, reference.entity)
