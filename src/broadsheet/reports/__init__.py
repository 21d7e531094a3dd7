"""Findings as people and machines want to read them. Values in, a string out; nothing is written here.

Whatever was contributed (a file's name, a cell, a word of an article) passes the one escape function of its channel: no
control character reaches a terminal, no line of an article becomes a command to a CI runner, no markup becomes a page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from broadsheet.model import Finding
from broadsheet.reports.common import Section, counts, rank
from broadsheet.reports.escapes import (
    disarm,
    escape_command,
    escape_markdown,
    escape_property,
    escape_terminal,
    escape_xml,
)
from broadsheet.reports.github import annotate
from broadsheet.reports.sarif_junit_json import junit, sarif, to_json
from broadsheet.reports.text import SUMMARY_BYTES, human, markdown

__all__ = [
    "FORMATS",
    "SUMMARY_BYTES",
    "Section",
    "counts",
    "disarm",
    "escape_command",
    "escape_markdown",
    "escape_property",
    "escape_terminal",
    "escape_xml",
    "render",
    "verdict",
]

FORMATS: dict[str, Callable[[Sequence[Finding], Sequence[Section]], str]] = {
    "human": human,
    "json": to_json,
    "github": annotate,
    "sarif": sarif,
    "junit": junit,
    "markdown": markdown,
}


def verdict(findings: Sequence[Finding]) -> bool:
    """Return whether a thing with these findings is valid: none is an error."""
    return not any(f.severity == "error" for f in findings)


def render(
    findings: Sequence[Finding],
    form: str,
    sections: Sequence[Section] = (),
    *,
    root: str = "",
    room: int = SUMMARY_BYTES,
) -> str:
    """Return findings as `human`, `json`, `github`, `sarif`, `junit` or `markdown`; KeyError for another form.

    `sections` are tables told after the findings, by the forms that have tables (human, json, markdown). `root` is
    where the dataset lies in its repository (annotations and SARIF name files from there); `room` is how many bytes a
    Markdown page may have.
    """
    writers = FORMATS | {
        "github": partial(annotate, root=root),
        "sarif": partial(sarif, root=root),
        "markdown": partial(markdown, room=room),
    }
    return writers[form](sorted(findings, key=rank), sections)
