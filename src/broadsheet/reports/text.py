"""Findings as people read them: lines on a terminal, and a Markdown page such as the summary of a CI step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from broadsheet.model import Finding
from broadsheet.reports.common import ORDER, Section, counts, name, place, said
from broadsheet.reports.escapes import escape_markdown, escape_terminal

__all__ = ["SUMMARY_BYTES", "human", "markdown"]

CAP = 20  # findings of one code, and rows of one section, that the human report shows; the rest is counted
SUMMARY_BYTES = 2**20  # the longest step summary GitHub takes; a longer one is refused whole
_TAIL = 4096  # bytes kept free for what says that something was left out
_CELL = 60  # characters of a cell in the human report


def human(findings: Sequence[Finding], sections: Sequence[Section]) -> str:
    """Return findings with their mends, at most 20 of a code, then the sections, then the counts."""
    lines, shown = [], Counter[str]()
    for finding in findings:
        shown[finding.code] += 1
        if shown[finding.code] <= CAP:
            lines.append(f"{finding.severity} {name(finding)}: {place(finding)}".rstrip(": "))
            lines.append(f"  {escape_terminal(said(finding))}")
            lines += [f"  mend: {escape_terminal(finding.repair)}"] if finding.repair else []
    lines += [f"{code}: {n - CAP} more like these" for code, n in shown.items() if n > CAP]
    for section in sections:
        lines += _table(section)
    lines.append(counts(findings) + ("; `broadsheet explain CODE` says what a code means" if findings else ""))
    return "\n".join(escape_terminal(line) for line in lines) + "\n"


def _table(section: Section) -> Iterator[str]:
    yield f"{section.title}{':' * bool(section.rows)} {section.note}".rstrip()
    rows = [tuple(_short(cell) for cell in row) for row in (section.columns, *section.rows[:CAP])]
    if section.rows:
        widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
        yield from ("  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    if len(section.rows) > CAP:
        yield f"  {len(section.rows) - CAP} more rows; --format markdown and json have them all"


def _short(cell: str) -> str:
    shown = escape_terminal(cell)
    return shown if len(shown) <= _CELL else shown[: _CELL - 1] + "…"


def markdown(findings: Sequence[Finding], sections: Sequence[Section], room: int = SUMMARY_BYTES) -> str:
    """Return a page: counts, a table of findings for each severity, the sections. Never more than `room` bytes.

    The sections together take at most half of the room; what does not fit is counted.
    """
    room = max(0, room - _TAIL)
    parts, spent = [], 0
    for section in sections:
        rows = [section.columns, *section.rows] if section.columns else []
        parts.append(_part(section.title, section.note, rows, room // 2 - spent))
        spent += len(parts[-1].encode())
    below = "".join(parts)
    above = f"**{counts(findings)}**\n"
    for severity in ORDER:
        found = [f for f in findings if f.severity == severity]
        if found:
            left = room - len(above.encode()) - len(below.encode())
            above += _part(f"{severity.capitalize()}s ({len(found)})", "", _cells(found), left)
    return above + below


def _cells(findings: Sequence[Finding]) -> Iterator[tuple[str, ...]]:
    yield ("code", "place", "what", "mend")
    yield from ((name(f), place(f), said(f), f.repair) for f in findings)


def _part(title: str, note: str, rows: Iterable[tuple[str, ...]], room: int) -> str:
    """Return a heading and a table, cut to `room` bytes; the rows that do not fit are counted."""
    head = f"\n### {escape_markdown(title)}\n\n" + (f"{escape_markdown(note)}\n\n" if note else "")
    spent, lines, left_out = len(head.encode()), [head], 0
    for number, row in enumerate(rows):
        line = "| " + " | ".join(escape_markdown(cell) for cell in row) + " |\n"
        line += "|---" * len(row) + "|\n" if number == 0 else ""
        spent += len(line.encode())
        left_out += spent > room
        lines += [line] if spent <= room else []
    return "".join(lines) + (f"\n… and {left_out} more\n" if left_out else "")
