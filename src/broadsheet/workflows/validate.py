"""The whole verdict on a dataset or package, as deep as one asks: what was found, and what a release needs besides.

The tiers: structure (can it be read), spans (does every row point at its words), quality (is it any good), release (may
it go out). Each shows the findings of those before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from broadsheet import checks, corrections, packages, releases, texts
from broadsheet.checks.descriptor_file import descriptor_of
from broadsheet.checks.row_counts import PLACE, judge_counts, suggested, suggestion
from broadsheet.errors import BroadsheetError, PackageError, ReleaseError
from broadsheet.findings import finding, within
from broadsheet.model import Decision, Finding, Tier
from broadsheet.project import MAP, Project, declarations, fingerprint, open_project
from broadsheet.quarantine import Quarantined
from broadsheet.reports import Section
from broadsheet.schema import Contract
from broadsheet.storage import strict_json
from broadsheet.storage.cache import noted
from broadsheet.workflows import stages
from broadsheet.workflows.impact import prospects
from broadsheet.workflows.locate import once, placed
from broadsheet.workflows.review import review
from broadsheet.workflows.stages import Progress

__all__ = ["counts_of", "examine", "judge", "judge_change", "suggest_counts"]

GRAVE: Final = frozenset({"BS590", "BS591"})  # a package that is old or missing is an error for who releases it


def judge(path: Path, *, tier: Tier = "quality", oracle: bool = False) -> tuple[Finding, ...]:
    """Judge a package, or a dataset repository with its expected counts and, at tier release, what a release needs.

    `oracle` lets frictionless judge the tables too. Raises ProjectError or PackageError where nothing can be judged.
    """
    found = [*examine(path, oracle=oracle, tier=tier)]
    if (path / "schemas").is_dir() and (path / "seeds").is_dir():
        project = open_project(path)
        is_built = (project.build / MAP).is_file()
        rows = counts_of(project.build) if is_built else {}
        places = strict_json.places((path / MAP).read_bytes())
        found += _expected(project, rows, places)
        if tier == "release":
            sound = is_built and not any(f.severity == "error" for f in found)
            found = [replace(f, severity="error") if f.code in GRAVE else f for f in found]
            found += [*_described(project, places), *_told(project), *_counted(project, rows)]
            found += _stepped(project) if sound else ()
    return within(found, tier)


def judge_change(
    path: Path, ref: str, *, tier: Tier = "quality", progress: Progress | None = None
) -> tuple[tuple[Finding, ...], tuple[Section, ...]]:
    """Judge what differs from where the work left a commit; return also what it would change, as tables.

    `progress` is told how many articles are worked out.

    Raises ProjectError where the folder is in no git repository or there is no such commit, and what `build` raises.
    """
    found = review(path, ref, progress=progress)
    return within(found.findings, tier), prospects(found)


def examine(path: Path, *, oracle: bool = False, tier: Tier = "quality") -> tuple[Finding, ...]:
    """Judge a package, or a whole dataset repository: its map, schemas, seeds, corrections and what was built of them.

    `oracle` lets frictionless judge the tables too; at the tier "release" logical hashes are compared. Raises
    ProjectError or PackageError where nothing can be judged.
    """
    if not (path / "schemas").is_dir() or not (path / "seeds").is_dir():
        return checks.validate(path, oracle=oracle, tier=tier)
    project = open_project(path)
    contract, declared = project.contract, checks.declared(declarations(path))
    intake = stages.read(project)
    decisions, remarks = corrections.read(project.corrections, project.schemas)
    looked = _looked_at(project, intake, decisions)
    said = (*remarks, *corrections.without_article(decisions, looked.documents), *looked.gone)
    judged = _built(project, contract, oracle=oracle, tier=tier)
    mended = _placed(judged, project, intake, [*corrections.corpus_wide(decisions), *looked.anchored])
    odd = once((*(_softened(f) for f in looked.remarks), *mended))
    return (*declared, *odd, *said, *_unheard(project, said))


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the articles show without the models: what is odd about them, and where the words of decisions stand."""

    documents: frozenset[str]
    remarks: tuple[Finding, ...]
    anchored: tuple[Decision, ...]
    gone: tuple[Finding, ...]


def _looked_at(project: Project, intake: stages.Intake, decisions: Sequence[Decision]) -> _Looked:
    own = corrections.own(decisions)
    remarks = [finding(q.code, q.reason, q.repair, path=q.path) for q in intake.quarantined]
    found: dict[str, tuple[tuple[Decision, ...], tuple[Finding, ...]]] = {}
    for raw in intake.raws:
        text = texts.normalise(raw, limits=project.limits)
        if isinstance(text, Quarantined):
            remarks.append(finding(text.code, text.reason, text.repair, path=text.path))
            continue
        anchored, gone = corrections.anchor(own.get(text.document_id, ()), text.text)
        found.setdefault(text.document_id, (anchored, gone))  # of two with one id the later is in quarantine
        remarks.extend(texts.amend(text, anchored).findings)
    places = tuple(one for anchored, _ in found.values() for one in anchored)
    return _Looked(frozenset(found), tuple(remarks), places, tuple(one for _, gone in found.values() for one in gone))


def _placed(
    found: tuple[Finding, ...], project: Project, intake: stages.Intake, decisions: Sequence[Decision]
) -> tuple[Finding, ...]:
    """Put what was found about rows of the package where a person can mend it, if the package can be read."""
    if all(one.path for one in found):
        return found
    try:
        tables = packages.load(project.build)
    except PackageError:
        return found
    return placed(found, tables, {raw.path: raw for raw in intake.raws}, decisions)


def _unheard(project: Project, said: Sequence[Finding]) -> Iterator[Finding]:
    """Give what only a build can find of the corrections, if the last one was made from what stands here now."""
    known = frozenset(said)
    kept = noted(packages.drawer(project.build).folder, fingerprint(project))
    yield from (f for f in kept if f not in known)


def _softened(found: Finding) -> Finding:
    """A quarantined input is a warning for who judges the repository: the package says so and is whole."""
    return replace(found, severity="warning") if found.severity == "error" else found


def _built(project: Project, contract: Contract, *, oracle: bool, tier: Tier) -> tuple[Finding, ...]:
    if not (project.build / "datapackage.json").is_file():
        return (
            finding("BS591", "build/ holds no package", "build it: broadsheet build", path="build/datapackage.json"),
        )
    found = checks.validate(project.build, contract=contract, oracle=oracle, tier=tier)
    return found if any(f.severity == "error" for f in found) else (*found, *_stale(project))


def _stale(project: Project) -> tuple[Finding, ...]:
    made = packages.load(project.build).descriptor.get("broadsheet", {}).get("inputs", {}).get("sha256")
    if made == fingerprint(project):
        return ()
    words = "build/ was made from other seeds, corrections or schemas than stand here now"
    return (finding("BS590", words, "build again: broadsheet build", path="build/datapackage.json"),)


# --- counts -----------------------------------------------------------------------------------------------------------


def counts_of(package: Path) -> dict[str, int]:
    """Return how many rows each table of a package has by its descriptor, folder or zip; the tables in its order.

    Raises PackageError or ReleaseError where the descriptor cannot be read.
    """
    described = releases.descriptor_of(package) if package.is_file() else descriptor_of(package)
    listed = described.get("resources")
    tables = [r for r in listed if isinstance(r, dict)] if isinstance(listed, list) else []
    return {str(r.get("name")): rows for r in tables if type(rows := _block(r).get("rows")) is int}


def _block(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    found = resource.get("broadsheet")
    return found if isinstance(found, dict) else {}


def _expected(project: Project, rows: Mapping[str, int], places: strict_json.Places) -> tuple[Finding, ...]:
    expected = project.settings.get("expected")
    return () if expected is None else judge_counts(expected, rows, path=MAP, places=places)


def suggest_counts(package: Path) -> str:
    """Return the block `expected` for `datapackage.json` that follows from a package, folder or zip.

    Raises PackageError or ReleaseError.
    """
    return suggestion(counts_of(package))


def _counted(project: Project, rows: Mapping[str, int]) -> Iterator[Finding]:
    """Suggest bounds where there are none: from the release before, else from what was built."""
    if "expected" in project.settings:
        return
    before = _release_before(project)
    known = counts_of(before) if before else rows
    bounds = json.dumps(suggested(known))
    origin = before.name if before else "build/"
    repair = f'put "expected": {bounds} into its broadsheet block (from {origin})' if known else "build first"
    words = f"{MAP}: no {'.'.join(PLACE)}: nobody says how many rows are right"
    yield finding("BS543", words, repair, path=MAP)


# --- what a release needs ---------------------------------------------------------------------------------------------


def _described(project: Project, places: strict_json.Places) -> Iterator[Finding]:
    for words in releases.faults(project.descriptor):
        key = words.split('"')[1]
        line, column = places.get((key,), (None, None))
        repair = "complete datapackage.json at the root"
        yield finding("BS640", f"{MAP}: {words}", repair, path=MAP, line=line, column_number=column)


def _told(project: Project) -> Iterator[Finding]:
    version, path = str(project.descriptor.get("version", "")), project.root / "CHANGELOG.md"
    try:
        words = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        repair = f"make CHANGELOG.md, with a heading ## {version} and below it what is new"
        yield finding("BS641", "CHANGELOG.md cannot be read", repair, path="CHANGELOG.md")
        return
    if not re.search(rf"^##? .*(?<![\d.]){re.escape(version)}(?![\d.])", words, re.MULTILINE):
        message = f"CHANGELOG.md: no heading names version {version!r}"
        yield finding("BS641", message, f"head its section with ## {version}", path="CHANGELOG.md")


def _stepped(project: Project) -> Iterator[Finding]:
    before = _release_before(project)
    if before is None:
        return
    try:
        releases.step_from(before, project.build, project.descriptor)
    except ReleaseError as error:
        yield finding("BS642", f"{MAP}: {error.message}", error.repair, path=MAP)


def _release_before(project: Project) -> Path | None:
    """Return the newest earlier release in `dist/`: not one with every text, which is not for publication."""
    name, version = (str(project.descriptor.get(key, "")) for key in ("name", "version"))
    found = {}
    for path in sorted((project.root / "dist").glob(f"{name}-*.zip")):
        try:
            number = releases.parsed(path.name.removeprefix(f"{name}-").removesuffix(".zip"))
            if not path.stem.endswith("-full") and number < releases.parsed(version):
                found[number] = path
        except BroadsheetError:  # no version: somebody else's file
            continue
    return found[max(found)] if found else None
