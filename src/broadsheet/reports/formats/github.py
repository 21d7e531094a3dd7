"""Findings as annotations: workflow commands that GitHub shows at the line of a file.

GitHub shows ten of each kind a step and drops the others without a message. So there are never more than ten commands
in all: the most severe first, one of every rule before a second of any. If there are more, the tenth counts the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.model import Finding
from broadsheet.reports.common import ORDER, Content, counts, file_of, name, place, sentence
from broadsheet.reports.escapes import escape_command, escape_property

__all__ = ["ANNOTATIONS", "render"]

ANNOTATIONS = 10
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(content: Content) -> str:
    """Return at most ten workflow commands, without sections: a table is not at a line of a file."""
    ranked = _ranked(list(dict.fromkeys(content.findings)))
    shown = ranked if len(ranked) <= ANNOTATIONS else ranked[: ANNOTATIONS - 1]
    lines = [_command(finding, content) for finding in shown]
    rest = ranked[len(shown) :]
    if rest:
        lines.append(f"::notice title=broadsheet::{counts(rest)} more: the summary of this step lists them")
    return "".join(f"{line}\n" for line in lines)


def _ranked(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings by severity, the first of every code before a second of any."""
    first = {found.code: number for number, found in reversed(list(enumerate(findings)))}
    repeated = {id(found): findings[first[found.code]] is not found for found in findings}
    return sorted(findings, key=lambda found: (ORDER[found.severity], repeated[id(found)]))


def _command(finding: Finding, content: Content) -> str:
    properties = {"title": name(finding), **_location(finding, content)}
    listed = ",".join(f"{key}={escape_property(value)}" for key, value in properties.items())
    words = ": ".join(part for part in (place(finding), sentence(finding)) if part)
    mend = f"\nMend: {finding.repair}" if finding.repair else ""
    return f"::{_COMMANDS[finding.severity]} {listed}::{escape_command(words + mend)}"


def _location(finding: Finding, content: Content) -> dict[str, str]:
    file = file_of(finding)
    if not file:
        return {}
    where = {"file": content.from_root(file)}
    if finding.line:
        where |= {"line": str(finding.line), "endLine": str(finding.line)}
        where |= {"col": str(finding.column_number)} if finding.column_number else {}
    return where
