"""Validate: the findings about a dataset repository or a package, down to a tier.

The tiers: structure (can it be read), spans (does every row point at its words), quality (is it good), release (is it
ready for a release). Each includes those before it.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from broadsheet import checks, corrections, git, packages, releases, texts
from broadsheet.checks.descriptor_file import descriptor_of
from broadsheet.checks.row_counts import PLACE, judge_counts, suggested, suggestion
from broadsheet.errors import BroadsheetError, PackageError, ReleaseError
from broadsheet.files import read_regular
from broadsheet.findings import finding, within
from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.model import ArticleDecision, Decision, Finding, Judgement, Raw, Tier
from broadsheet.package_files import paths_of, resources_of
from broadsheet.project import BLOCK, DESCRIPTOR, Limits, Project, is_dataset, open_project
from broadsheet.reports import Section
from broadsheet.storage.last_build import LastBuild
from broadsheet.storage.staging import state_folder
from broadsheet.workflows.articles import normalise
from broadsheet.workflows.changes import Check, review
from broadsheet.workflows.guard import Failure
from broadsheet.workflows.impact import impact
from broadsheet.workflows.init import new_descriptor
from broadsheet.workflows.inputs import Inputs, fingerprint_of, read_inputs, require_articles
from broadsheet.workflows.locate import located, reported_once
from broadsheet.workflows.progress import Progress
from broadsheet.workflows.unversioned import ignored_inputs

__all__ = ["counts_of", "judge", "judge_change", "suggest_counts"]


_EXPECTED: Final = {"title": "title", "published": "day of publication"}  # columns that most articles have
_SOME: Final = 5  # articles from which a share is reported
RELEASE_ERRORS: Final = frozenset({"BS123", "BS590", "BS591"})
"""A package that is old or missing, or that cannot be built from the repository, cannot be released."""


def judge(
    path: Path, *, tier: Tier = "quality", with_frictionless: bool = False, every_row: bool = False
) -> tuple[Finding, ...]:
    """Judge a package, folder or zip, or a dataset repository.

    A repository is judged with its descriptor, schemas, articles, corrections, built package and expected counts; at
    tier release, also with what a release needs. `with_frictionless` has frictionless judge the tables too. Of the rows
    that break a rule a few are reported, with `every_row` all. Raises ProjectError, SchemaError or PackageError where
    nothing can be judged.
    """
    check = partial(checks.validate, with_frictionless=with_frictionless, tier=tier, every_row=every_row)
    if path.is_file():
        return within(_archive(path, check), tier)
    if not is_dataset(path):
        return within(check(path), tier)
    project = open_project(path)
    _ = project.table_schemas  # a broken schema ends the work before anything is read
    inputs = require_articles(read_inputs(project))
    package = _package(inputs, check)
    found = (*_repository(inputs, package.findings), *_expected(project, package.rows))
    found = (*found, *_other_files(project, package.files))
    return within(_for_release(project, package, found) if tier == "release" else found, tier)


def _archive(path: Path, check: Check) -> tuple[Finding, ...]:
    """Judge a zip: the archive itself, and if that is safe to unpack, the package in it. Raises ReleaseError."""
    with releases.opened_unchecked(path) as held, tempfile.TemporaryDirectory() as folder:
        faults = tuple(held.faults()) if isinstance(held, releases.Zip) else ()
        if not isinstance(held, releases.Zip) or any(fault.code == "BS607" for fault in faults):
            return faults
        releases.extract(held, Path(folder))
        return (*faults, *check(Path(folder)))


def _repository(inputs: Inputs, of_package: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings about a repository, those about its package among them."""
    articles = _read_articles(inputs)
    unmatched = corrections.without_article(inputs.decisions, articles.documents)
    decided = (*inputs.findings, *unmatched, *articles.unanchored)
    rows = _located(of_package, inputs, [*corrections.corpus_wide(inputs.decisions), *articles.anchored])
    noted = reported_once((*map(_softened, articles.findings), *rows))
    earlier = _of_last_build(inputs, (*decided, *articles.refused))
    of_files = (*_left_out(inputs.skipped), *ignored_inputs(inputs.project.root))
    of_inputs = (*of_files, *_without_metadata(articles.articles))
    return (*checks.declared(inputs.project.files), *noted, *of_inputs, *decided, *earlier)


def _for_release(project: Project, package: _Package, found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings for who releases the dataset, with what a release needs besides."""
    is_sound = package.rows is not None and not any(one.severity == "error" for one in found)
    graver = [replace(one, severity="error") if one.code in RELEASE_ERRORS else one for one in found]
    of_metadata = (*_incomplete(project), *_placeholders(project), *_unchanged_moment(project))
    of_files = (*_unnamed_version(project), *_uncommitted(project.root))
    more = (*of_metadata, *of_files, *_without_counts(project, package.rows))
    return (*graver, *more, *(_too_small_step(project) if is_sound else ()))


def judge_change(
    path: Path, ref: str, *, tier: Tier = "quality", progress: Progress | None = None, every_row: bool = False
) -> tuple[tuple[Finding, ...], tuple[Section, ...]]:
    """Judge what differs from where the work left a commit; return also what it would change, as tables.

    `progress` is called with the number of articles that are worked out; `every_row` is as in `judge`.

    Raises ProjectError where the folder is not in a git repository or there is no such commit, and what `build` raises.
    """
    found = review(path, ref, progress=progress, every_row=every_row)
    return within(found.findings, tier), impact(found)


@dataclass(frozen=True, slots=True)
class _ReadArticle:
    """What an article shows without the models: its findings, and where the words of decisions about it are.

    `missing` names those of the columns title and published that have no value.
    """

    document_id: str
    path: str
    missing: frozenset[str]
    findings: tuple[Finding, ...]
    anchored: tuple[ArticleDecision, ...]
    unanchored: tuple[Finding, ...]


def _read_article(
    raw: Raw,
    own: Mapping[str, tuple[ArticleDecision, ...]],
    judged: Mapping[str, tuple[Judgement, ...]],
    limits: Limits,
) -> _ReadArticle | Failure:
    text = normalise(raw, limits)
    if isinstance(text, Failure):
        return text
    anchored, lost = corrections.anchor(own.get(text.document_id, ()), text.text)
    unanchored = (*lost, *corrections.unfounded(judged.get(text.document_id, ()), text.text))
    amended = texts.amend(text, anchored)
    missing = frozenset(column for column in _EXPECTED if getattr(amended, column) is None)
    return _ReadArticle(text.document_id, raw.path, missing, amended.findings, anchored, unanchored)


@dataclass(frozen=True, slots=True)
class _ReadArticles:
    """All articles that can be read, and the findings about those that cannot."""

    articles: tuple[_ReadArticle, ...]
    refused: tuple[Finding, ...]

    @property
    def documents(self) -> Mapping[str, _ReadArticle]:
        """Return the articles by document_id; of two with one id, the earlier."""
        return {one.document_id: one for one in reversed(self.articles)}

    @property
    def anchored(self) -> list[ArticleDecision]:
        """Return the decisions whose words are found."""
        return [decision for one in self.documents.values() for decision in one.anchored]

    @property
    def unanchored(self) -> list[Finding]:
        """Return the findings about decisions whose words are not found."""
        return [found for one in self.documents.values() for found in one.unanchored]

    @property
    def findings(self) -> list[Finding]:
        """Return the findings about the articles."""
        return [*self.refused, *(found for one in self.articles for found in one.findings)]


def _read_articles(inputs: Inputs) -> _ReadArticles:
    own, judged = corrections.own(inputs.decisions), corrections.judgements(inputs.decisions)
    results = [_read_article(raw, own, judged, inputs.project.settings.limits) for raw in inputs.articles]
    failed = [one.row for one in results if isinstance(one, Failure)]
    read = [one for one in results if isinstance(one, _ReadArticle)]
    refused = map(_refusal, (*inputs.quarantined, *failed))
    return _ReadArticles(tuple(read), tuple(refused))


def _refusal(refused: Quarantined) -> Finding:
    return finding(refused.code, refused.reason, refused.repair, path=refused.path)


def _left_out(skipped: Sequence[Skipped]) -> Iterator[Finding]:
    """Yield one finding for each file that is left out, or of which records are."""
    counts = Counter(one.file for one in skipped)
    first = {one.file: one for one in reversed(skipped)}
    for file, count in counts.items():
        what = "" if first[file].record is None else f"{count} {'records' if count > 1 else 'record'} "
        words = f"{file}: {what}left out by rule: {first[file].rule}"
        yield finding("BS121", words, "no change is needed, unless it is an article", path=file)


def _without_metadata(articles: Sequence[_ReadArticle]) -> Iterator[Finding]:
    """Yield one finding where more than a fifth of the articles have no title or no day of publication."""
    shares = [_share_without(column, articles) for column in _EXPECTED]
    message = "; ".join(filter(None, shares))
    if message:
        repair = "save the articles with their headlines and dates, or record them in corrections/documents.csv"
        yield finding("BS226", message, repair, path="seeds")


def _share_without(column: str, articles: Sequence[_ReadArticle]) -> str:
    """Return how many articles lack a value and the first of them; the empty string for a fifth or less."""
    paths = [one.path for one in articles if column in one.missing]
    if len(articles) < _SOME or 5 * len(paths) <= len(articles):
        return ""
    first = ", ".join(paths[:3])
    return f"{len(paths)} of {len(articles)} articles have no {_EXPECTED[column]}, the first: {first}"


def _located(found: tuple[Finding, ...], inputs: Inputs, decisions: Sequence[Decision]) -> tuple[Finding, ...]:
    """Put findings about rows of the package where a person can correct them, if the package can be read."""
    if all(one.path for one in found):
        return found
    try:
        tables = packages.load(inputs.project.build)
    except PackageError:
        return found
    return located(found, tables, {raw.path: raw for raw in inputs.articles}, decisions)


def _of_last_build(inputs: Inputs, known: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings that only a build can make, if the last one was made from these inputs."""
    last, reported = LastBuild.read(state_folder(inputs.project.build).cache), frozenset(known)
    found = last.only_of_a_build if last and last.inputs == inputs.fingerprint else ()
    yield from (_softened(one) if one.code.startswith("BS39") else one for one in found if one not in reported)


def _softened(found: Finding) -> Finding:
    """Make an error about an article a warning: the article is in quarantine, and the package is complete without."""
    return replace(found, severity="warning") if found.severity == "error" else found


@dataclass(frozen=True, slots=True)
class _Package:
    """The findings about the built package, its row counts (None where there is no package), and its files by table."""

    findings: tuple[Finding, ...]
    rows: Mapping[str, int] | None = None
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _package(inputs: Inputs, check: Check) -> _Package:
    """Judge the built package, and whether it was made from these inputs."""
    folder, path = inputs.project.build, f"build/{DESCRIPTOR}"
    if not (folder / DESCRIPTOR).is_file():
        missing = finding("BS591", "build/ contains no package", "build it: broadsheet build", path=path)
        return _Package((missing,))
    schemas, descriptor = inputs.project.table_schemas, descriptor_of(folder)
    found = check(folder, schemas=schemas)
    is_readable = not any(one.severity == "error" for one in found)
    if is_readable and fingerprint_of(descriptor) != inputs.fingerprint:
        words = "build/ was made from other articles, corrections, schemas or settings than the present ones"
        found = (*found, finding("BS590", words, "build again: broadsheet build", path=path))
    files = {str(one.get("name")): paths_of(one) for one in resources_of(descriptor)}
    return _Package(found, _row_counts(descriptor), files)


def _other_files(project: Project, built: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """Yield the tables of which the project's descriptor names other files below `build/` than there are."""
    for number, resource in enumerate(_objects(project.descriptor.get("resources"))):
        name, named = str(resource.get("name")), paths_of(resource)
        paths = tuple(f"build/{path}" for path in built.get(name, ()))
        if paths and named != paths and all(path.startswith("build/") for path in named):
            line, column = project.places.get(("resources", number, "path"), (None, None))
            words = f"{DESCRIPTOR}: path of {name} is {json.dumps(resource.get('path'))}; other files were built"
            repair = f'write there: "path": {json.dumps(paths if paths[1:] else paths[0])}'
            where = {"path": DESCRIPTOR, "line": line, "column_number": column}
            yield finding("BS545", words, repair, **where)


def _object(value: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


# --- counts -----------------------------------------------------------------------------------------------------------


def counts_of(package: Path) -> dict[str, int]:
    """Return how many rows each table of a package has by its descriptor, folder or zip; the tables in its order.

    Raises PackageError or ReleaseError where the descriptor cannot be read.
    """
    return _row_counts(releases.descriptor_of(package) if package.is_file() else descriptor_of(package))


def _row_counts(descriptor: Mapping[str, object]) -> dict[str, int]:
    counts = {
        str(table.get("name")): _object(table, BLOCK).get("rows") for table in _objects(descriptor.get("resources"))
    }
    return {name: rows for name, rows in counts.items() if isinstance(rows, int)}


def _objects(listed: object) -> list[Mapping[str, object]]:
    """Return the objects of a list, as far as it is one."""
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _expected(project: Project, rows: Mapping[str, int] | None) -> tuple[Finding, ...]:
    expected = project.settings.expected
    return () if expected is None else judge_counts(expected, rows or {}, path=DESCRIPTOR, places=project.places)


def suggest_counts(package: Path) -> str:
    """Return the block `expected` for `datapackage.json` that follows from a package, folder or zip.

    Raises PackageError or ReleaseError.
    """
    return suggestion(counts_of(package))


def _without_counts(project: Project, rows: Mapping[str, int] | None) -> Iterator[Finding]:
    """Suggest bounds where none are set: from the last release, else from the built package."""
    if project.settings.expected is not None:
        return
    before = _last_release(project)
    known = counts_of(before) if before else rows or {}
    bounds, origin = json.dumps(suggested(known)), before.name if before else "build/"
    repair = f'put "expected": {bounds} into its broadsheet block (from {origin})' if known else "build first"
    words = f"{DESCRIPTOR}: {'.'.join(PLACE)} is missing: expected row counts are not set"
    yield finding("BS543", words, repair, path=DESCRIPTOR)


# --- what a release needs ---------------------------------------------------------------------------------------------


def _incomplete(project: Project) -> Iterator[Finding]:
    for key, expected in releases.faults(project.descriptor):
        line, column = project.places.get((key,), (None, None))
        repair = f'correct or add "{key}" in {DESCRIPTOR}'
        where = {"path": DESCRIPTOR, "line": line, "column_number": column}
        words = f'{DESCRIPTOR}: "{key}" is not complete'
        yield finding("BS640", words, repair, expected=expected, found=_shown(project, key), **where)


def _placeholders(project: Project) -> Iterator[Finding]:
    """Yield what is still as `broadsheet init` wrote it."""
    written = new_descriptor()
    if project.descriptor.get("created") == written["created"]:
        yield _placeholder(project, "created", "the day of this release, like 2026-05-04T00:00:00Z")
    names = [contributor["title"] for contributor in written["contributors"]]
    if any(one.get("title") in names for one in _objects(project.descriptor.get("contributors"))):
        yield _placeholder(project, "contributors", "who made the dataset, with the name as it is to be cited")


def _placeholder(project: Project, key: str, expected: str) -> Finding:
    line, column = project.places.get((key,), (None, None))
    where = {"path": DESCRIPTOR, "line": line, "column_number": column}
    words = f'{DESCRIPTOR}: "{key}" is still what `broadsheet init` wrote'
    repair = f'write into "{key}" of {DESCRIPTOR}: {expected}'
    return finding("BS643", words, repair, expected=expected, found=_shown(project, key), **where)


def _unchanged_moment(project: Project) -> Iterator[Finding]:
    before = _last_release(project)
    created = project.descriptor.get("created")
    if before and created and releases.descriptor_of(before).get("created") == created:
        words = f'{DESCRIPTOR}: "created" is that of the release before, {before.name}'
        yield finding("BS644", words, f'write the day of this release into "created" of {DESCRIPTOR}', path=DESCRIPTOR)


def _uncommitted(root: Path) -> Iterator[Finding]:
    """Yield a finding where a dataset in a git repository differs from its last commit."""
    differing = list(git.since(root, "HEAD").changed) if git.is_repository(root) else []
    if differing:
        more = f" and {len(differing) - 1} more" if differing[1:] else ""
        words = f"{differing[0]}{more} differ from the last commit: nobody else can build this release again"
        yield finding("BS645", words, "commit the files, and tag that commit", path=differing[0])


def _shown(project: Project, key: str) -> str | None:
    return json.dumps(project.descriptor[key]) if key in project.descriptor else None


def _unnamed_version(project: Project) -> Iterator[Finding]:
    version = project.version
    try:
        words = read_regular(project.root, "CHANGELOG.md").decode("utf-8", errors="replace")
    except OSError:
        repair = f"make CHANGELOG.md, with a heading ## {version} and below it what is new"
        yield finding("BS641", "CHANGELOG.md cannot be read", repair, path="CHANGELOG.md")
        return
    if not re.search(rf"^##? .*(?<![\d.]){re.escape(version)}(?![\d.])", words, re.MULTILINE):
        message = f"CHANGELOG.md: no heading names version {version!r}"
        yield finding("BS641", message, f"add a section ## {version}", path="CHANGELOG.md")


def _too_small_step(project: Project) -> Iterator[Finding]:
    before = _last_release(project)
    if before is None:
        return
    try:
        releases.step_from(before, project.build, project.descriptor)
    except ReleaseError as error:
        yield finding("BS642", f"{DESCRIPTOR}: {error.message}", error.repair, path=DESCRIPTOR)


def _last_release(project: Project) -> Path | None:
    """Return the newest earlier release in `dist/`, but none with every text: those are not for publication."""
    found = {}
    for path in sorted((project.root / "dist").glob(f"{project.name}-*.zip")):
        try:
            number = releases.parsed(path.name.removeprefix(f"{project.name}-").removesuffix(".zip"))
            is_earlier = number < releases.parsed(project.version)
        except BroadsheetError:  # not a version: not a release of this dataset
            continue
        if is_earlier and not path.stem.endswith("-full"):
            found[number] = path
    return found[max(found)] if found else None
