"""Findings as annotations: workflow commands that GitHub shows at the line of a file.

GitHub shows ten of each kind a step and drops the others without a word. So there are never more than ten commands in
all: the most severe first, one of every rule before a second of any; where there are more the tenth counts the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from broadsheet.model import Finding
from broadsheet.reports.common import ORDER, Section, counts, name, place, said
from broadsheet.reports.escapes import escape_command, escape_property

__all__ = ["ANNOTATIONS", "annotate", "file_of"]

ANNOTATIONS = 10
_RECORD = re.compile(r"(.+?\.(?:jsonl|ndjson|parquet|warc)(?:\.gz|\.zst)?)#", re.IGNORECASE)
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def annotate(findings: Sequence[Finding], sections: Sequence[Section] = (), *, root: str = "") -> str:
    """Return at most ten workflow commands. `root` is the dataset's folder in its repository, if not the whole."""
    del sections  # a table has no line of a file
    once = list(dict.fromkeys(findings))  # what several looks found is said once
    ranked = [f for severity in ORDER for f in _variety([f for f in once if f.severity == severity])]
    shown = ranked if len(ranked) <= ANNOTATIONS else ranked[: ANNOTATIONS - 1]
    lines = [_command(finding, root) for finding in shown]
    if rest := ranked[len(shown) :]:
        lines.append(f"::notice title=broadsheet::{counts(rest)} more: the summary of this step lists them")
    return "".join(line + "\n" for line in lines)


def _variety(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with the first of every code before a second of any."""
    first = {f.code: number for number, f in reversed(list(enumerate(findings)))}
    return sorted(findings, key=lambda f: findings[first[f.code]] is not f)


def _command(finding: Finding, root: str) -> str:
    properties = {"title": name(finding)}
    if file := file_of(finding):
        properties |= {"file": f"{root}/{file}" if root else file}
        if finding.line:
            properties |= {"line": str(finding.line), "endLine": str(finding.line)}
            properties |= {"col": str(finding.column_number)} if finding.column_number else {}
    listed = ",".join(f"{key}={escape_property(value)}" for key, value in properties.items())
    words = ": ".join(bit for bit in (place(finding), said(finding)) if bit)
    mend = f"\nMend: {finding.repair}" if finding.repair else ""
    return f"::{_COMMANDS[finding.severity]} {listed}::{escape_command(words + mend)}"


def file_of(finding: Finding) -> str | None:
    """Return the file that a finding's path names: of a record inside a file (`FILE#RECORD`), the file."""
    path = finding.path or ""
    record = _RECORD.match(path)
    return (record[1] if record else path) or None
