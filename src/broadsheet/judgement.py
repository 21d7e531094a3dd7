"""The whole verdict on a dataset or package, as deep as one asks: what was found, and what a release needs besides.

The tiers: structure (can it be read), spans (does every row point at its words), quality (is it any good), release (may
it go out). Each shows the findings of those before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from broadsheet import releases, strictjson
from broadsheet.checks.expectations import PLACE, judge_counts, suggested, suggestion
from broadsheet.checks.opened import descriptor_of
from broadsheet.contributions import review
from broadsheet.corpus import Progress
from broadsheet.errors import BroadsheetError, ReleaseError
from broadsheet.findings import finding, within
from broadsheet.model import Finding, Tier
from broadsheet.pipeline import examine
from broadsheet.project import MAP, Project, open_project
from broadsheet.prospects import prospects
from broadsheet.reports import Section

__all__ = ["counts_of", "judge", "judge_change", "suggest_counts"]

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
        places = strictjson.places((path / MAP).read_bytes())
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


def _expected(project: Project, rows: Mapping[str, int], places: strictjson.Places) -> tuple[Finding, ...]:
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


def _described(project: Project, places: strictjson.Places) -> Iterator[Finding]:
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
