"""Findings as people and machines want to read them. Values in, a string out; no file is written here.

Text that was contributed (a file's name, a cell, a word of an article) passes the escape function of the format: no
control character reaches a terminal, no line of an article becomes a command to a CI runner, no markup becomes a page.
"""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.model import Finding
from broadsheet.reports import formats
from broadsheet.reports.common import SUMMARY_BYTES, Content, Section, counts, rank
from broadsheet.reports.escapes import (
    disarm,
    escape_command,
    escape_markdown,
    escape_property,
    escape_terminal,
    escape_xml,
)
from broadsheet.reports.formats import human

__all__ = [
    "SUMMARY_BYTES",
    "Section",
    "as_text",
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


def as_text(section: Section) -> str:
    """Return a section as lines for a terminal: its title and all its rows, every cell escaped."""
    rows = human.aligned([section.columns, *section.rows]) if section.rows else ()
    return "\n".join([section.title, *rows])


def verdict(findings: Sequence[Finding]) -> bool:
    """Return whether a thing with these findings is valid: none is an error.

    >>> verdict([Finding("BS213", "warning", "a tab")])
    True
    """
    return not any(found.severity == "error" for found in findings)


def render(
    findings: Sequence[Finding],
    form: str,
    sections: Sequence[Section] = (),
    *,
    root: str = "",
    limit: int = SUMMARY_BYTES,
) -> str:
    """Return a report in a format, which is the name of a module in `reports/formats`; KeyError for another name.

    `sections` are tables after the findings, for the formats that have tables. `root` is the folder of the dataset in
    its repository (annotations and SARIF name files from there); `limit` is how many bytes a Markdown page may have.

    >>> render([Finding("BS213", "warning", "a tab", path="seeds/a.txt")], "human").splitlines()[0]
    'warning BS213 control-characters: seeds/a.txt'
    """
    ordered = tuple(sorted(findings, key=rank))
    return formats.render(form)(Content(ordered, tuple(sections), root, limit))
