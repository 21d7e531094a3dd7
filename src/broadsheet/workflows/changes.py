"""Changes: what a change to a dataset does, judged before it is merged.

The articles that differ from a commit are read, worked out and judged as in a build: as two small packages, before and
after. Entities are resolved over the whole corpus, with cached results for the articles that did not change. Where too
many of these are missing, the articles that differ are judged alone, and a finding says so.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from broadsheet import checks, corrections, git, packages, releases, sources
from broadsheet.extraction import Settings
from broadsheet.findings import finding
from broadsheet.findings.identity import identity
from broadsheet.findings.quarantine import Quarantined
from broadsheet.git import Past
from broadsheet.model import Decision, Finding, Resolution
from broadsheet.packages import writing
from broadsheet.project import DESCRIPTOR, SCHEMAS, declared_files, project_of
from broadsheet.releases import Changes
from broadsheet.storage.summaries import Summary
from broadsheet.workflows import stages
from broadsheet.workflows.locate import located, reported_once
from broadsheet.workflows.progress import Progress, no_progress
from broadsheet.workflows.snapshots import Memory, Side, Sides, read_sides
from broadsheet.workflows.stages import Run
from broadsheet.workflows.tabulation import complete
from broadsheet.workflows.unversioned import ignored_inputs, uncompared_folders

T = TypeVar("T")
Check = Callable[..., tuple[Finding, ...]]  # `checks.validate` with its options
__all__ = ["Check", "Review", "review"]

MOST: Final = 200
"""Unchanged articles whose rows change: up to this many are judged and reported row by row."""
OF_ALL: Final = frozenset({"BS423"})
"""Findings about all rows of a dataset, which the rows of some articles cannot show."""


@dataclass(frozen=True, slots=True)
class Review:
    """The verdict on a change.

    `changed` are the files that differ, `judged` the articles whose rows were made before and after, `of` how many
    there are after it; `rows` is what differs in these rows, None where none were made. `added` and `removed` are ids
    of entities; `renamed` are the ids before and after of entities in articles that did not change. `is_whole` is false
    where the effect on the rest of the corpus was not worked out.
    """

    findings: tuple[Finding, ...]
    changed: Mapping[str, git.Status]
    judged: tuple[str, ...] = ()
    of: int = 0
    is_whole: bool = True
    rows: Changes | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


def review(
    root: Path,
    ref: str,
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
    every_row: bool = False,
) -> Review:
    """Judge what differs from the point where the present work left `ref`: articles, corrections, schemas, descriptor.

    `progress` is called with the number of articles that are worked out. Of the rows that break a rule a few are
    reported, with `every_row` all.

    Raises ProjectError where the folder is not in a git repository, `ref` is not a commit, or it has no known commit in
    common with HEAD, and what `build` raises where no work is possible; every fault of the change itself is a finding.
    """
    past = git.since(root, ref)
    files = declared_files(root)
    declared = _declared(files, past)
    beside = (*declared, *uncompared_folders(past), *ignored_inputs(root))
    if not past.changed or any(found.severity == "error" for found in declared):
        return Review(beside, past.changed)
    project = project_of(root, files)
    memory = Memory.of(project, settings, progress)
    with tempfile.TemporaryDirectory() as folder:
        both = read_sides(project, past, memory, Path(folder) / "then")
        return _reviewed(both, past, beside, Path(folder), partial(checks.validate, every_row=every_row))


def _reviewed(both: Sides, past: Past, beside: Sequence[Finding], folder: Path, check: Check) -> Review:
    now, then = both.now, both.then
    judged = _judged(now, then)
    new = (*_package(now, judged, folder / "new", check), *_expected(now, is_whole=both.is_whole))
    old = (*_package(then, judged, folder / "old", check), *_expected(then, is_whole=both.is_whole))
    changed = frozenset(map(sources.printable, past.changed))
    found = (*beside, *_brought(new, old, changed), *_copies(both), *_unknown_rest(both))
    return Review(
        tuple(map(_annotated, reported_once(found))),
        past.changed,
        judged,
        len(both.inputs.articles),
        both.is_whole,
        releases.diff(folder / "old", folder / "new"),
        tuple(sorted(_entity_ids(now) - _entity_ids(then))),
        tuple(sorted(_entity_ids(then) - _entity_ids(now))),
        _renamed(now, then),
    )


def _declared(files: Mapping[str, bytes], past: Past) -> tuple[Finding, ...]:
    """Judge the descriptor and the schemas, where these differ."""
    is_changed = DESCRIPTOR in past.changed or bool(past.under(SCHEMAS))
    return checks.declared(files) if is_changed else ()


# --- what to judge ----------------------------------------------------------------------------------------------------


def _judged(now: Side, then: Side) -> tuple[str, ...]:
    """Return the articles whose rows may differ: those that differ, then others up to MOST; and what they copy."""
    every = now.keys.keys() | then.keys.keys()
    differ = {document for document in every if now.keys.get(document) != then.keys.get(document)}
    found = differ | set(sorted((_moved(now, then, every) - differ) & every)[:MOST])
    return tuple(sorted(found | set(_led_to(found, now.resolution)) | set(_led_to(found, then.resolution))))


def _led_to(documents: AbstractSet[str], resolution: Resolution) -> Iterator[str]:
    """Yield the articles that some are copies of, or derived from."""
    for others in (resolution.copies, resolution.derived):
        yield from (others[document] for document in documents & others.keys())


def _moved(now: Side, then: Side, every: AbstractSet[str]) -> AbstractSet[str]:
    """Return the articles whose rows may differ although the articles do not."""
    if now.project.table_schemas != then.project.table_schemas:
        return every
    members = now.resolution.members.items() ^ then.resolution.members.items()
    copies = now.resolution.copies.items() ^ then.resolution.copies.items()
    derived = now.resolution.derived.items() ^ then.resolution.derived.items()
    return {document for (document, _), _ in members} | {document for document, _ in copies | derived}


def _entity_ids(side: Side) -> set[str]:
    return {entity.entity_id for entity in side.resolution.entities}


def _renamed(now: Side, then: Side) -> tuple[tuple[str, str], ...]:
    """Return the entities that have another id in articles that did not change, each with its most frequent new id."""
    new_ids: dict[str, Counter[str]] = {}
    for member, (entity, _) in then.resolution.members.items():
        is_same = now.keys.get(member[0]) == then.keys.get(member[0])
        if is_same and member in now.resolution.members:
            new_ids.setdefault(entity, Counter())[now.resolution.members[member][0]] += 1
    usual = {entity: _most_frequent(counts) for entity, counts in new_ids.items()}
    return tuple(sorted((old, new) for old, new in usual.items() if old != new))


def _most_frequent(counts: Counter[str]) -> str:
    """Return the name with the highest count; of several, the first in order."""
    return min(counts, key=lambda name: (-counts[name], name))


# --- the verdict ------------------------------------------------------------------------------------------------------


def _package(side: Side, judged: Collection[str], to: Path, check: Check) -> tuple[Finding, ...]:
    """Write the rows of some articles as a package; return every finding about them, at the place to correct."""
    to.mkdir()
    schemas, descriptor = side.project.table_schemas, side.project.descriptor
    about = {key: descriptor[key] for key in ("name", "version") if key in descriptor}
    known = side.corpus.articles.by_id
    paths = {known.head(document).source_path for document in judged if document in known}
    articles = replace(side.corpus.articles.only(paths.__contains__), failures=())
    run = replace(side.run, progress=no_progress)
    corpus, findings, _ = complete(
        run,
        articles,
        lambda _, frames: writing.package(frames, to, schemas=schemas, about=about),
        resolution=side.resolution,
    )
    quarantined = (*run.inputs.quarantined, *side.corpus.articles.quarantined, *corpus.articles.quarantined)
    refused = list(map(_refused, quarantined))
    rows = [one for one in check(to, schemas=schemas) if one.code not in OF_ALL]
    found = (*side.findings, *findings, *refused, *rows, *_unfounded(run, side.keys))
    return located(found, packages.load(to), run.articles, _anchored(run, corpus.articles.keys))


def _refused(refused: Quarantined) -> Finding:
    """Return why an input is refused, an error for who contributes it, at its file and, of a record, at its line."""
    found = finding(refused.code, refused.reason, refused.repair, path=refused.file, line=refused.line)
    return replace(found, severity="error")


def _unfounded(run: Run, keys: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for every judgement about a row whose words its article no longer contains."""
    for document, rows in corrections.judgements(run.inputs.decisions).items():
        entry = run.cache.get(keys[document]) if document in keys else None
        yield from corrections.unfounded(rows, entry.text.text) if entry else ()


def _anchored(run: Run, keys: Mapping[str, str]) -> list[Decision]:
    """Return the decisions about these articles, with the places of their words, and those about entities."""
    found: list[Decision] = list(corrections.corpus_wide(run.inputs.decisions))
    for document, rows in run.decisions.items():
        entry = run.cache.get(keys[document]) if document in keys else None
        found += corrections.anchor(rows, entry.text.text)[0] if entry else ()
    return found


def _brought(new: Iterable[Finding], old: Iterable[Finding], changed: Collection[str]) -> Iterator[Finding]:
    """Yield the findings in files that the change touches, and those that were not there before it."""
    known = Counter(identity(found) for found in old)
    for found in new:
        same = identity(found)
        if found.path in changed or not known[same]:
            yield found
        else:
            known[same] -= 1


def _copies(both: Sides) -> Iterator[Finding]:
    """Yield the new articles that are copies of another one, each at the later of the files."""
    now, summaries = both.now, both.now.summaries.values()
    group_of = _copy_group(now)
    new = [one for one in summaries if one.document_id not in both.then.summaries]
    new_paths = {one.source_path for one in new}
    same_bytes, near = _by(both.inputs.articles, lambda raw: raw.sha256), _by(summaries, group_of)
    by_path = {one.source_path: one for one in summaries}
    for one in sorted(new, key=lambda summary: summary.source_path):
        same = _other(one.source_path, [raw.path for raw in same_bytes[one.source_sha256]], new_paths)
        other = _other(one.source_path, [two.source_path for two in near[group_of(one)]], new_paths)
        if same:
            yield _copy("BS116", one, f"{same} has the same bytes", "leave it out")
        elif other:
            yield _near_copy(now.run, one, by_path[other])


def _near_copy(run: Run, one: Summary, other: Summary) -> Finding:
    if _text(run, other) == _text(run, one):
        return _copy("BS116", one, f"{other.source_path} has the same text, character for character", "leave it out")
    return _copy("BS118", one, f"a large part of it is in {other.source_path} too", "leave one out if fetched twice")


def _by(items: Iterable[T], group_of: Callable[[T], str]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(group_of(item), []).append(item)
    return groups


def _copy_group(side: Side) -> Callable[[Summary], str]:
    return lambda one: side.resolution.copies.get(one.document_id, one.document_id)


def _text(run: Run, one: Summary) -> str | None:
    entry = run.cache.get(one.key)
    return entry.text.text if entry else None


def _other(path: str, paths: Iterable[str], new: Collection[str]) -> str | None:
    """Return the first of several similar articles that a new one repeats: an old one, or a new one before it."""
    others = [other for other in paths if other != path]
    repeated = [other for other in others if other not in new or other < path]
    return min(repeated, default=None)


def _copy(code: str, one: Summary, why: str, repair: str) -> Finding:
    path = one.source_path
    return finding(code, f"{path}: {why}", repair, path=path, table="documents", row_id=one.document_id)


def _expected(side: Side, *, is_whole: bool) -> tuple[Finding, ...]:
    """Compare the row counts of a side with the expected ones; where not all rows are known, judge only the block."""
    expected = side.project.settings.expected
    if expected is None:
        return ()
    rows = stages.row_counts(side.corpus) if is_whole else {}
    return checks.expected(expected, rows, side.project.places)


def _unknown_rest(both: Sides) -> Iterator[Finding]:
    """Report that the rest of the corpus was not looked at."""
    if not both.is_whole:
        words = "the cache does not have the other articles: what the change does to them was not worked out"
        yield finding("BS350", words, "build once (broadsheet build), or keep .broadsheet/ between runs")


def _annotated(found: Finding) -> Finding:
    """Return a finding about a whole file at its first character, where it can be shown beside the change."""
    if found.path is None or not sources.has_lines(found.path):
        return found
    return replace(found, line=found.line or 1, column_number=found.column_number or 1)
