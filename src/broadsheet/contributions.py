"""A contribution: what a change to a dataset does, judged before it is merged.

What differs from a commit is read, worked out and judged as a build would, on the rows that follow from it alone: the
same articles as two small packages, before and after. Who is who is decided over the whole corpus, from what the cache
remembers of the articles that stayed as they were; where it remembers too little of them, the articles that differ are
judged by themselves, and a finding says so.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from broadsheet import checks, corpus, corrections, history, packages, releases
from broadsheet.cache import Known, Register, Store
from broadsheet.corpus import Intake, Settings, Worked
from broadsheet.errors import BroadsheetError
from broadsheet.findings import finding, identity
from broadsheet.history import Past
from broadsheet.model import Decision, Finding, Quarantined, Raw, Resolution
from broadsheet.pipeline import declarations
from broadsheet.project import MAP, Project, open_project
from broadsheet.releases import Changes
from broadsheet.whereabouts import placed

__all__ = ["Review", "review"]

FEW: Final = 32
"""Articles that stayed as they were and are in no cache: so many are worked out, to see the whole corpus."""
MOST: Final = 200
"""Articles that stayed as they were, but whose rows change: so many are judged and told row by row."""


@dataclass(frozen=True, slots=True)
class Review:
    """The verdict on a change.

    `changed` are the files that differ, `judged` the articles whose rows were made before and after, `of` how many
    there are after it; `rows` is what differs in these rows, None where none were made. `come` and `gone` are ids of
    entities; `renamed` those that articles which stayed as they were call otherwise (id before, id after). `whole` is
    false where what the change does to the rest of the corpus was not worked out.
    """

    findings: tuple[Finding, ...]
    changed: Mapping[str, history.Status]
    judged: tuple[str, ...] = ()
    of: int = 0
    whole: bool = True
    rows: Changes | None = None
    come: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """The dataset before or after the change: what was read, decided and worked out of it, and who is who."""

    project: Project
    intake: Intake
    decisions: tuple[Decision, ...]
    worked: Worked
    articles: tuple[Known, ...]
    resolution: Resolution
    remarks: tuple[Finding, ...]


def review(root: Path, ref: str, *, settings: Settings | None = None) -> Review:
    """Judge what differs from the point where the present work left `ref`: seeds, corrections, schemas and the map.

    Raises ProjectError where the folder is in no git repository or `ref` is no commit, and what `build` raises where
    no work is possible; whatever the change itself has wrong is a finding.
    """
    past = history.since(root, ref)
    declared = checks.declared(declarations(root)) if _declares(past) else ()
    if not past.changed or any(found.severity == "error" for found in declared):
        return Review(declared, past.changed)
    house = open_project(root)
    memory = _Memory.of(house, settings or Settings())
    with tempfile.TemporaryDirectory() as aside:
        before = _before(house, past, Path(aside) / "then")
        read = _intakes(house, before, past, memory)
        now, then = _side(house, read.now, memory), _side(before, read.then, memory)
        judged = _judged(now, then)
        new = _package(now, judged, memory, Path(aside) / "new")
        old = _package(then, judged, memory, Path(aside) / "old")
        rows = releases.diff(Path(aside) / "old", Path(aside) / "new")
    findings = (*declared, *_brought(new, old, past), *_copies(now, then, read.every), *_apart(whole=read.whole))
    come, gone = _ids(now) - _ids(then), _ids(then) - _ids(now)
    named = tuple(sorted(come)), tuple(sorted(gone)), _renamed(now, then)
    return Review(findings, past.changed, judged, len(read.every.raws), read.whole, rows, *named)


@dataclass(frozen=True, slots=True)
class _Memory:
    """How articles are read, and what was worked out of them before."""

    settings: Settings
    store: Store
    register: Register | None

    @classmethod
    def of(cls, house: Project, settings: Settings) -> _Memory:
        """Return what the last build of a project left."""
        store = Store(packages.drawer(house.build).cache)
        return cls(corpus.settled(settings, house), store, store.register())

    @property
    def articles(self) -> Mapping[str, Known]:
        """Return what is known of articles, by key."""
        return self.register.articles if self.register else {}

    def unit(self, project: Project) -> corpus.Unit:
        """Return what the work on the articles of a project depends on."""
        decisions, _ = corrections.read(project.corrections, project.schemas)
        return corpus.unit_of(project, self.settings, decisions)


# --- the two sides ----------------------------------------------------------------------------------------------------


def _declares(past: Past) -> bool:
    return MAP in past.changed or bool(past.under("schemas"))


def _before(house: Project, past: Past, to: Path) -> Project:
    """Write what people kept as it stood, of the articles those that differ; a contract that was none is today's."""
    (to / "seeds").mkdir(parents=True)
    history.restore(house.root, past, [MAP, "schemas", "corrections", *past.under("seeds")], to)
    try:
        then = open_project(to)
        _ = then.contract, then.limits
    except BroadsheetError:
        then = Project(to, house.descriptor)
        shutil.copytree(house.schemas, then.schemas, dirs_exist_ok=True)
    return then


@dataclass(frozen=True, slots=True)
class _Intakes:
    """The articles after and before; `every` one there is now is among them where `whole`, else those that differ."""

    now: Intake
    then: Intake
    every: Intake
    whole: bool


def _intakes(house: Project, before: Project, past: Past, memory: _Memory) -> _Intakes:
    touched = frozenset(past.under("seeds"))
    every, theirs = corpus.read(house), corpus.gather(before)
    stayed = _part(every, lambda file: file not in touched)
    now, then = memory.unit(house), memory.unit(before)
    whole = corpus.unknown(stayed, then, memory.articles) <= FEW
    if not whole:
        raws = tuple(raw for raw in stayed.raws if now.decided(raw) != then.decided(raw))
        stayed = Intake(raws, (), ())
    ours = _part(every, lambda file: file in touched)
    return _Intakes(_joined(stayed, ours), _joined(stayed, theirs), every, whole)


def _part(intake: Intake, wanted: Callable[[str], bool]) -> Intake:
    """Return what an intake holds of some files."""
    return Intake(
        tuple(raw for raw in intake.raws if wanted(raw.file)),
        tuple(lost for lost in intake.quarantined if wanted(_file(lost))),
        tuple(left for left in intake.skipped if wanted(left.path)),
    )


def _file(lost: Quarantined) -> str:
    """Return the file of what could not be read: what `sources` names FILE#RECORD has a suffix before the sign."""
    file, sign, _ = lost.path.rpartition("#")
    return file if sign and Path(file).suffix else lost.path


def _joined(one: Intake, other: Intake) -> Intake:
    return Intake(
        tuple(sorted((*one.raws, *other.raws), key=lambda raw: raw.path)),
        (*one.quarantined, *other.quarantined),
        (*one.skipped, *other.skipped),
    )


def _side(project: Project, intake: Intake, memory: _Memory) -> _Side:
    decisions, remarks = corrections.read(project.corrections, project.schemas)
    unit = corpus.unit_of(project, memory.settings, decisions)
    worked = corpus.work_out(intake, unit, memory.store, trusted=memory.articles)
    articles = corpus.learn(worked, memory.store, memory.articles)
    resolution = corpus.resolve(worked, articles, decisions, memory.register)
    homeless = corrections.homeless(decisions, worked.keys) if intake.raws else ()
    said = (*remarks, *homeless, *resolution.findings)
    return _Side(project, intake, decisions, worked, articles, resolution, said)


# --- what to judge ----------------------------------------------------------------------------------------------------


def _judged(now: _Side, then: _Side) -> tuple[str, ...]:
    """Return the articles whose rows may differ: those that differ, then others up to MOST; and what they copy."""
    ours, theirs = now.worked.keys, then.worked.keys
    every = ours.keys() | theirs.keys()
    differ = {document for document in every if ours.get(document) != theirs.get(document)}
    if now.project.contract != then.project.contract:
        moved = every - differ
    else:
        who = now.resolution.members.items() ^ then.resolution.members.items()
        which = now.resolution.copies.items() ^ then.resolution.copies.items()
        moved = ({document for (document, _), _ in who} | {document for document, _ in which}) - differ
    found = differ | set(sorted(moved & every)[:MOST])
    copied = {
        side.resolution.copies[document] for side in (now, then) for document in found & side.resolution.copies.keys()
    }
    return tuple(sorted(found | copied))


def _ids(side: _Side) -> set[str]:
    return {entity.entity_id for entity in side.resolution.entities}


def _renamed(now: _Side, then: _Side) -> tuple[tuple[str, str], ...]:
    """Return the entities that are called otherwise in articles that stayed as they were, by most of their places."""
    ours, theirs = now.worked.keys, then.worked.keys
    places: dict[str, Counter[str]] = {}
    for member, (entity, _) in then.resolution.members.items():
        found = now.resolution.members.get(member)
        if found and ours.get(member[0]) == theirs.get(member[0]):
            places.setdefault(entity, Counter())[found[0]] += 1
    usual = {entity: min(counts, key=lambda e: (-counts[e], e)) for entity, counts in places.items()}
    return tuple(sorted((old, new) for old, new in usual.items() if old != new))


# --- the verdict ------------------------------------------------------------------------------------------------------


def _package(side: _Side, judged: Iterable[str], memory: _Memory, to: Path) -> tuple[Finding, ...]:
    """Write the rows of some articles as a package; return all that is found about them, placed where to mend it."""
    to.mkdir()
    keys = {document: side.worked.keys[document] for document in judged if document in side.worked.keys}
    contract, remarks = side.project.contract, list[Finding]()
    about = {key: side.project.descriptor[key] for key in ("name", "version") if key in side.project.descriptor}
    small, raws = replace(side.worked, keys=keys), {raw.path: raw for raw in side.intake.raws}
    shelves = corpus.shelves(small, memory.store, side.resolution, side.project, remarks, corpus.silent)
    packages.package(shelves, to, contract=contract, about=about)
    lost = (_refused(one, raws) for one in corpus.lost(side.intake, side.worked))
    found = (*side.remarks, *remarks, *lost, *checks.validate(to, contract=contract))
    return placed(found, packages.load(to), raws, _anchored(side, keys, memory.store))


def _refused(lost: Quarantined, raws: Mapping[str, Raw]) -> Finding:
    """Return why an input is not taken, an error for who contributes it, at its file and, of a record, at its line."""
    raw, file = raws.get(lost.path), _file(lost)
    number = lost.path.removeprefix(f"{file}#")
    line = raw.line if raw else int(number) if number.isdecimal() and ".jsonl" in file.lower() else None
    found = finding(lost.code, lost.reason, lost.repair, path=raw.file if raw else file, line=line or 1)
    return replace(found, severity="error")


def _anchored(side: _Side, keys: Mapping[str, str], store: Store) -> list[Decision]:
    """Return the decisions that made rows of these articles, with the places of their words; and those on entities."""
    found = list(corrections.corpus_wide(side.decisions))
    for document, rows in corrections.own(side.decisions).items():
        entry = store.get(keys[document]) if document in keys else None
        found += corrections.anchor(rows, entry.text.text)[0] if entry else ()
    return found


def _brought(new: Iterable[Finding], old: Iterable[Finding], past: Past) -> Iterator[Finding]:
    """Give what the change brings: what is found in files that it touches, and what was not there before it."""
    known = Counter(identity(found) for found in old)
    for found in new:
        same = identity(found)
        if found.path in past.changed or not known[same]:
            yield found
        else:
            known[same] -= 1


def _copies(now: _Side, then: _Side, every: Intake) -> Iterator[Finding]:
    """Give the articles that came with the change and say what another one says, at the file that came (last)."""
    places = {one.document_id: one for one in now.articles}
    came = [one for one in now.articles if one.document_id not in then.worked.keys]
    alike: dict[str, list[str]] = {}
    for document in places:
        alike.setdefault(now.resolution.copies.get(document, document), []).append(document)
    bytes_of: dict[str, list[str]] = {}
    for raw in every.raws:
        bytes_of.setdefault(raw.sha256, []).append(raw.path)
    fresh = {one.source_path for one in came}
    for one in sorted(came, key=lambda article: article.source_path):
        same = _other(one.source_path, bytes_of[one.source_sha256], fresh)
        near = alike[now.resolution.copies.get(one.document_id, one.document_id)]
        other = _other(one.source_path, [places[document].source_path for document in near], fresh)
        if same:
            yield _copy("BS116", one, f"{same} has the same bytes", "leave it out")
        elif other:
            yield _copy(
                "BS118", one, f"a large part of it stands in {other} too", "leave one out if it was fetched twice"
            )


def _other(path: str, paths: Iterable[str], fresh: Collection[str]) -> str | None:
    """Return the first of several alike that a newcomer repeats: one that was there, or came under an earlier path."""
    return min((other for other in paths if other != path and (other not in fresh or other < path)), default=None)


def _copy(code: str, one: Known, why: str, repair: str) -> Finding:
    path = one.source_path
    return finding(code, f"{path}: {why}", repair, path=path, line=1, table="documents", row_id=one.document_id)


def _apart(*, whole: bool) -> Iterator[Finding]:
    """Say that the rest of the corpus was not looked at."""
    if not whole:
        words = "the cache does not know the other articles: what the change does to them was not worked out"
        yield finding("BS350", words, "build once (broadsheet build), or keep .broadsheet/ between runs")
