"""Whether the package of the last build is there as it was written, and would be made of the same again.

All of this is known from names, bytes and digests: no library for tables or models is imported for it.
"""

from __future__ import annotations

from pathlib import Path

from broadsheet import ids
from broadsheet.errors import ReleaseError
from broadsheet.extraction import Settings
from broadsheet.findings.quarantine import Quarantined
from broadsheet.project import DESCRIPTOR, Project
from broadsheet.storage import fixity
from broadsheet.storage.last_build import LastBuild
from broadsheet.workflows.build_report import Report
from broadsheet.workflows.code_state import state_with
from broadsheet.workflows.inputs import Inputs

__all__ = ["is_in_place", "is_package_of", "made_of", "report_if_unchanged", "state_of_package"]


def made_of(inputs: Inputs, settings: Settings) -> str:
    """Return one sha256 over everything that a package depends on. Raises ModelError where a model is missing."""
    return ids.key(inputs.fingerprint, ids.sha256(inputs.project.files[DESCRIPTOR]), state_with(settings))


def is_package_of(last: LastBuild, target: Path, project: Project) -> bool:
    """Return whether the package at `target` is named as the one of a build, and the schemas are those it accepted."""
    return state_of_package(target, project) == last.package


def report_if_unchanged(last: LastBuild, inputs: Inputs, settings: Settings, target: Path) -> Report | None:
    """Return what a build reported, if it made the package at `target` of the same as this one would."""
    if last.made_of != made_of(inputs, settings) or not is_in_place(target, inputs.project, last.package):
        return None
    count, quarantined = last.rows["documents"], tuple(map(Quarantined.of_record, last.quarantined))
    return Report(target, last.rows, count, quarantined, inputs.skipped, last.findings, count, is_new=False)


def state_of_package(target: Path, project: Project) -> str:
    """Return a sha256 of a package and of the schemas that judged its rows; "" where there is no package."""
    schemas = [f"{path} {ids.sha256(data)}" for path, data in sorted(project.schema_files.items())]
    package = fixity.root_hash_or_empty(target)
    return ids.key(package, *schemas) if package else ""


def is_in_place(target: Path, project: Project, package: str) -> bool:
    """Return whether the package at `target` is the one that was named so, every file of it as it was written."""
    try:
        return state_of_package(target, project) == package and not fixity.verify(target)
    except (ReleaseError, OSError):
        return False
