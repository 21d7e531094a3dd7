"""What a build reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.model import Finding
from broadsheet.workflows.guard import Failure

__all__ = ["Report"]


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a build.

    `rows` counts the rows of each table, `cached` the articles that were not worked out again. `failures` are those of
    the quarantined inputs that failed while they were worked out, with the traceback of each. Where `is_new` is false
    nothing had changed since the last build, and the package that it wrote is still there.
    """

    target: Path
    rows: Mapping[str, int]
    documents: int
    quarantined: tuple[Quarantined, ...]
    skipped: tuple[Skipped, ...]
    findings: tuple[Finding, ...]
    cached: int
    failures: tuple[Failure, ...] = ()
    is_new: bool = True
