"""A contribution: what a change to a dataset does, judged before it is merged.

What differs from a commit is read, worked out and judged as a build would, on the rows that follow from it alone: the
same articles as two small packages, before and after. Who is who is decided over the whole corpus, from what the cache
remembers of the articles that stayed as they were; where it remembers too little of them, the articles that differ are
judged by themselves, and a finding says so.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from broadsheet import checks, corrections, git, packages, releases, sources
from broadsheet.findings import finding
from broadsheet.findings.identity import identity
from broadsheet.git import Past
from broadsheet.model import Decision, Finding
from broadsheet.project import MAP, declarations, open_project
from broadsheet.quarantine import Quarantined, SkipRule
from broadsheet.releases import Changes
from broadsheet.storage import strict_json
from broadsheet.storage.cache import Known, Store
from broadsheet.workflows import stages
from broadsheet.workflows.locate import once, placed
from broadsheet.workflows.snapshots import Memory, Side, Sides, opened, sides
from broadsheet.workflows.stages import Progress, Settings

__all__ = ["Review", "review"]

MOST: Final = 200
"""Articles that stayed as they were, but whose rows change: so many are judged and told row by row."""
OF_ALL: Final = frozenset({"BS423"})
"""What holds of all rows of a dataset, not of those of some articles."""


@dataclass(frozen=True, slots=True)
class Review:
    """The verdict on a change.

    `changed` are the files that differ, `judged` the articles whose rows were made before and after, `of` how many
    there are after it; `rows` is what differs in these rows, None where none were made. `come` and `gone` are ids of
    entities; `renamed` those that articles which stayed as they were call otherwise (id before, id after). `whole` is
    false where what the change does to the rest of the corpus was not worked out.
    """

    findings: tuple[Finding, ...]
    changed: Mapping[str, git.Status]
    judged: tuple[str, ...] = ()
    of: int = 0
    whole: bool = True
    rows: Changes | None = None
    come: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


def review(root: Path, ref: str, *, settings: Settings | None = None, progress: Progress | None = None) -> Review:
    """Judge what differs from the point where the present work left `ref`: seeds, corrections, schemas and the map.

    `progress` is told how many articles are worked out.

    Raises ProjectError where the folder is in no git repository or `ref` is no commit, and what `build` raises where
    no work is possible; whatever the change itself has wrong is a finding.
    """
    past = git.since(root, ref)
    declared = checks.declared(declarations(root)) if _declares(past) else ()
    if not past.changed or any(found.severity == "error" for found in declared):
        return Review(declared, past.changed)
    house = open_project(root)
    memory = Memory.of(house, settings or Settings(), progress or stages.silent)
    with tempfile.TemporaryDirectory() as aside:
        place = Path(aside)
        both = sides(house, past, memory, place / "then")
        now, then = both.now, both.then
        judged = _judged(now, then)
        new, old = (_package(side, judged, memory, place / to) for side, to in ((now, "new"), (then, "old")))
        rows = releases.diff(place / "old", place / "new")
        new, old = ((*found, *_expected(side, whole=both.whole)) for found, side in ((new, now), (old, then)))
    touched = frozenset(map(sources.printable, past.changed))
    passed = _passed_over(both.now, touched)
    found = (*declared, *_brought(new, old, touched), *passed, *_copies(both, memory.store), *_apart(both))
    come, gone = _ids(now) - _ids(then), _ids(then) - _ids(now)
    named = tuple(sorted(come)), tuple(sorted(gone)), _renamed(now, then)
    findings = tuple(map(_annotated, once(found)))
    return Review(findings, past.changed, judged, len(both.raws), both.whole, rows, *named)


def _declares(past: Past) -> bool:
    return MAP in past.changed or bool(past.under("schemas"))


# --- what to judge ----------------------------------------------------------------------------------------------------


def _judged(now: Side, then: Side) -> tuple[str, ...]:
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


def _ids(side: Side) -> set[str]:
    return {entity.entity_id for entity in side.resolution.entities}


def _renamed(now: Side, then: Side) -> tuple[tuple[str, str], ...]:
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


def _package(side: Side, judged: Collection[str], memory: Memory, to: Path) -> tuple[Finding, ...]:
    """Write the rows of some articles as a package; return all that is found about them, placed where to mend it."""
    to.mkdir()
    small = opened(side, judged, memory)
    contract, remarks = side.project.contract, list[Finding]()
    about = {key: side.project.descriptor[key] for key in ("name", "version") if key in side.project.descriptor}
    raws = {raw.path: raw for raw in side.intake.raws}
    shelves = stages.shelves(small, memory.store, side.resolution, side.project, remarks, stages.silent)
    packages.package(shelves, to, contract=contract, about=about)
    lost = (_refused(one) for one in stages.lost(side.intake, side.worked))
    rows = (one for one in checks.validate(to, contract=contract) if one.code not in OF_ALL)
    found = (*side.remarks, *remarks, *lost, *rows)
    return placed(found, packages.load(to), raws, _anchored(side, small.keys, memory.store))


def _refused(lost: Quarantined) -> Finding:
    """Return why an input is not taken, an error for who contributes it, at its file and, of a record, at its line."""
    found = finding(lost.code, lost.reason, lost.repair, path=lost.file, line=lost.line)
    return replace(found, severity="error")


def _anchored(side: Side, keys: Mapping[str, str], store: Store) -> list[Decision]:
    """Return the decisions that made rows of these articles, with the places of their words; and those on entities."""
    found: list[Decision] = list(corrections.corpus_wide(side.decisions))
    for document, rows in corrections.own(side.decisions).items():
        entry = store.get(keys[document]) if document in keys else None
        found += corrections.anchor(rows, entry.text.text)[0] if entry else ()
    return found


def _brought(new: Iterable[Finding], old: Iterable[Finding], touched: Collection[str]) -> Iterator[Finding]:
    """Give what the change brings: what is found in files that it touches, and what was not there before it."""
    known = Counter(identity(found) for found in old)
    for found in new:
        same = identity(found)
        if found.path in touched or not known[same]:
            yield found
        else:
            known[same] -= 1


def _passed_over(side: Side, touched: Collection[str]) -> Iterator[Finding]:
    """Give the files that a contributor takes for articles, and that are in no format which is read."""
    for left in side.intake.skipped:
        if left.path in touched and left.kind is SkipRule.FORMAT:
            repair = f"save the article with one of the suffixes {sources.SUFFIXES}, or take the file out of seeds/"
            yield finding("BS119", f"{left.path}: left out: {left.rule}", repair, path=left.path)


def _copies(both: Sides, store: Store) -> Iterator[Finding]:
    """Give the articles that came with the change and say what another one says, at the file that came (last)."""
    now, then = both.now, both.then
    places = {one.document_id: one for one in now.articles}
    came = [one for one in now.articles if one.document_id not in then.worked.keys]
    alike: dict[str, list[str]] = {}
    for document in places:
        alike.setdefault(now.resolution.copies.get(document, document), []).append(document)
    bytes_of: dict[str, list[str]] = {}
    for raw in both.raws:
        bytes_of.setdefault(raw.sha256, []).append(raw.path)
    fresh = {one.source_path for one in came}
    by_path = {one.source_path: one for one in now.articles}
    for one in sorted(came, key=lambda article: article.source_path):
        same = _other(one.source_path, bytes_of[one.source_sha256], fresh)
        near = alike[now.resolution.copies.get(one.document_id, one.document_id)]
        other = _other(one.source_path, [places[document].source_path for document in near], fresh)
        if same:
            yield _copy("BS116", one, f"{same} has the same bytes", "leave it out")
        elif other and _text(by_path[other], store) == _text(one, store):
            yield _copy("BS116", one, f"{other} has the same text, character for character", "leave it out")
        elif other:
            yield _copy("BS118", one, f"a large part of it stands in {other} too", "leave one out if fetched twice")


def _text(one: Known, store: Store) -> str | None:
    entry = store.get(one.key)
    return entry.text.text if entry else None


def _other(path: str, paths: Iterable[str], fresh: Collection[str]) -> str | None:
    """Return the first of several alike that a newcomer repeats: one that was there, or came under an earlier path."""
    return min((other for other in paths if other != path and (other not in fresh or other < path)), default=None)


def _copy(code: str, one: Known, why: str, repair: str) -> Finding:
    path = one.source_path
    return finding(code, f"{path}: {why}", repair, path=path, table="documents", row_id=one.document_id)


def _expected(side: Side, *, whole: bool) -> Iterator[Finding]:
    """Hold the rows that a side has against what people expect; if not all are known, only how they wrote it."""
    if "expected" in side.project.settings:
        rows = stages.census(side.articles, side.resolution) if whole else {}
        places = strict_json.places((side.project.root / MAP).read_bytes())
        yield from checks.expected(side.project.settings["expected"], rows, places)


def _apart(both: Sides) -> Iterator[Finding]:
    """Say that the rest of the corpus was not looked at."""
    if not both.whole:
        words = "the cache does not know the other articles: what the change does to them was not worked out"
        yield finding("BS350", words, "build once (broadsheet build), or keep .broadsheet/ between runs")


def _annotated(found: Finding) -> Finding:
    """Return a finding about a file as a whole at its first character, where it can be shown beside the change."""
    if found.path is None or not sources.has_lines(found.path):
        return found
    return replace(found, line=found.line or 1, column_number=found.column_number or 1)
