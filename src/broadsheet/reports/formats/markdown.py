"""Findings as a Markdown page, such as the summary of a CI step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from broadsheet.model import Finding
from broadsheet.reports.common import ORDER, Content, Section, counts, name, place, sentence
from broadsheet.reports.escapes import escape_markdown

__all__ = ["render"]

_TAIL = 4096  # bytes that are kept free for the sentences which count what is left out


def render(content: Content) -> str:
    """Return a page: counts, a table of findings for each severity, the sections. Never more bytes than the limit.

    The sections together take at most half of the page; what does not fit is counted.
    """
    limit = max(0, content.limit - _TAIL)
    below = _sections(content.sections, limit // 2)
    above = f"**{counts(content.findings)}**\n"
    for severity in ORDER:
        findings = [finding for finding in content.findings if finding.severity == severity]
        left = limit - len(above.encode()) - len(below.encode())
        title = f"{severity.capitalize()}s ({len(findings)})"
        above += _part(Section(title), _cells(findings), left) if findings else ""
    return above + below


def _sections(sections: Iterable[Section], limit: int) -> str:
    page = ""
    for section in sections:
        rows = [section.columns, *section.rows] if section.columns else []
        page += _part(section, rows, limit - len(page.encode()))
    return page


def _cells(findings: Sequence[Finding]) -> Iterator[tuple[str, ...]]:
    yield ("code", "place", "what", "mend")
    yield from ((name(found), place(found), sentence(found), found.repair) for found in findings)


def _part(section: Section, rows: Iterable[tuple[str, ...]], limit: int) -> str:
    """Return a heading and a table, cut to `limit` bytes; the rows that do not fit are counted."""
    note = f"{escape_markdown(section.note)}\n\n" if section.note else ""
    part, left_out = f"\n### {escape_markdown(section.title)}\n\n{note}", 0
    spent = len(part.encode())
    for number, row in enumerate(rows):
        line = _row(row) + (_row(["---"] * len(row)) if number == 0 else "")
        spent += len(line.encode())
        left_out += spent > limit
        part += line if spent <= limit else ""
    return part + (f"\n… and {left_out} more\n" if left_out else "")


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(escape_markdown(cell) for cell in cells) + " |\n"
