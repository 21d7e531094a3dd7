"""The dataset before and after a change: what was read, decided and worked out of each side, and who is who.

Articles that stayed as they were are taken from what the cache remembers of them. Where it remembers too little, only
those that differ are worked out; of the others it is known which they are.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from broadsheet import corrections, git, packages, sources
from broadsheet.errors import BroadsheetError
from broadsheet.git import Past
from broadsheet.model import Decision, Finding, Raw, Resolution
from broadsheet.project import MAP, Project, open_project
from broadsheet.storage.cache import Known, Register, Store
from broadsheet.workflows import stages
from broadsheet.workflows.stages import Intake, Progress, Settings, Unit, Worked

__all__ = ["Memory", "Side", "Sides", "opened", "sides"]

FEW: Final = 32
"""Articles that stayed as they were and are in no cache: so many are worked out, to see the whole corpus."""


@dataclass(frozen=True, slots=True)
class Memory:
    """How articles are read, and what was worked out of them before."""

    settings: Settings
    store: Store
    register: Register | None
    tell: Progress

    @classmethod
    def of(cls, house: Project, settings: Settings, tell: Progress = stages.silent) -> Memory:
        """Return what the last build of a project left; `tell` is told how the work goes on."""
        store = Store(packages.drawer(house.build).cache)
        return cls(stages.settled(settings, house), store, store.register(), tell)

    @property
    def articles(self) -> Mapping[str, Known]:
        """Return what is known of articles, by key."""
        return self.register.articles if self.register else {}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what was read, decided and worked out, who is who, and what is wrong with the decisions."""

    project: Project
    intake: Intake
    unit: Unit
    decisions: tuple[Decision, ...]
    worked: Worked
    articles: tuple[Known, ...]
    resolution: Resolution
    remarks: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides; `raws` are all articles there are now.

    `whole` tells whether all of them are on the sides; if not, the sides hold those that differ.
    """

    now: Side
    then: Side
    raws: tuple[Raw, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Begun:
    """A side that is read, but not worked out yet."""

    project: Project
    every: Intake
    decisions: tuple[Decision, ...]
    remarks: tuple[Finding, ...]
    unit: Unit


def sides(house: Project, past: Past, memory: Memory, aside: Path) -> Sides:
    """Read both sides, the one before with the help of a folder, and work out what is not remembered.

    Raises ProjectError where there is no article at all now, and what the rooms raise where no work is possible.
    """
    touched = frozenset(map(sources.printable, past.changed))
    before = _before(house, past, aside)
    every = stages.read(house)
    stayed = _part(every, lambda file: file not in touched)
    now = _begun(house, every, memory)
    then = _begun(before, _joined(stayed, stages.gather(before)), memory)
    if stages.unknown(stayed, then.unit, memory.articles) <= FEW:
        return Sides(_whole(now, memory), _whole(then, memory), every.raws, whole=True)
    apart = frozenset(raw.path for raw in stayed.raws if now.unit.decided(raw) == then.unit.decided(raw))
    return Sides(_differing(now, apart, memory), _differing(then, apart, memory), every.raws, whole=False)


def _before(house: Project, past: Past, to: Path) -> Project:
    """Write what people kept as it stood, of the articles those that differ; a contract that was none is today's."""
    (to / "seeds").mkdir(parents=True)
    git.restore(house.root, past, [MAP, "schemas", "corrections", *past.under("seeds")], to)
    try:
        then = open_project(to)
        _ = then.contract, then.limits
    except BroadsheetError:
        then = Project(to, house.descriptor)
        shutil.copytree(house.schemas, then.schemas, dirs_exist_ok=True)
    return then


def _begun(project: Project, every: Intake, memory: Memory) -> _Begun:
    decisions, remarks = corrections.read(project.corrections, project.schemas)
    return _Begun(project, every, decisions, remarks, stages.unit_of(project, memory.settings, decisions))


def _part(intake: Intake, wanted: Callable[[str], bool]) -> Intake:
    """Return what an intake holds of some files."""
    return Intake(
        tuple(raw for raw in intake.raws if wanted(raw.file)),
        tuple(lost for lost in intake.quarantined if wanted(lost.file)),
        tuple(left for left in intake.skipped if wanted(left.path)),
    )


def _joined(one: Intake, other: Intake) -> Intake:
    return Intake(
        tuple(sorted((*one.raws, *other.raws), key=lambda raw: raw.path)),
        (*one.quarantined, *other.quarantined),
        (*one.skipped, *other.skipped),
    )


def opened(side: Side, judged: Collection[str], memory: Memory) -> Worked:
    """Return what was worked out of some articles of a side, every entry sure to be there and whole."""
    keys = {document: side.worked.keys[document] for document in judged if document in side.worked.keys}
    places = {one.source_path for one in side.articles if one.document_id in keys}
    raws = tuple(raw for raw in side.intake.raws if raw.path in places)
    stages.work_out(Intake(raws, (), ()), side.unit, memory.store)
    return replace(side.worked, keys=keys)


# --- worked out -------------------------------------------------------------------------------------------------------


def _whole(begun: _Begun, memory: Memory) -> Side:
    """Work out a side with all its articles."""
    side = _worked(begun, begun.every, memory)
    homeless = corrections.without_article(begun.decisions, side.worked.keys)
    return replace(side, remarks=(*begun.remarks, *homeless, *side.resolution.findings))


def _differing(begun: _Begun, apart: frozenset[str], memory: Memory) -> Side:
    """Work out a side without the articles that are the same on both.

    Their ids are known, so that an id that is taken and a decision about no article are found; what decisions name may
    stand in their texts, so that nothing is said of a name that is not found.
    """
    names = stages.named(begun.every.raws, begun.project.limits)
    taken = {lost.path: lost for lost in stages.contested(names)}
    raws = tuple(raw for raw in begun.every.raws if raw.path not in apart and raw.path not in taken)
    side = _worked(begun, Intake(raws, (*begun.every.quarantined, *taken.values()), begun.every.skipped), memory)
    elsewhere = {document for raw, document in names if raw.path in apart}
    homeless = corrections.without_article(begun.decisions, elsewhere.union(side.worked.keys))
    return replace(side, remarks=(*begun.remarks, *homeless))


def _worked(begun: _Begun, intake: Intake, memory: Memory) -> Side:
    worked = stages.work_out(intake, begun.unit, memory.store, trusted=memory.articles, tell=memory.tell)
    articles = stages.learn(worked, memory.store, memory.articles)
    resolution = stages.resolve(worked, articles, begun.decisions, memory.register)
    return Side(begun.project, intake, begun.unit, begun.decisions, worked, articles, resolution, ())
