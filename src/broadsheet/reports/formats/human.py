"""Findings as lines on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from broadsheet.model import Finding
from broadsheet.reports.common import Content, Section, counts, name, place, sentence
from broadsheet.reports.escapes import escape_terminal

__all__ = ["CAP", "aligned", "render"]

CAP = 20  # findings of one code, and rows of one section, that are shown; the rest is counted
_CELL = 60  # characters of a cell


def render(content: Content) -> str:
    """Return findings with their mends, at most 20 of a code, then the sections, then the counts."""
    lines, shown = list[str](), Counter[str]()
    for finding in content.findings:
        shown[finding.code] += 1
        if shown[finding.code] <= CAP:
            lines += _lines(finding)
    lines += [f"{code}: {number - CAP} more like these" for code, number in shown.items() if number > CAP]
    for section in content.sections:
        lines += _table(section)
    hint = "; `broadsheet explain CODE` says what a code means" if content.findings else ""
    lines.append(counts(content.findings) + hint)
    return "\n".join(escape_terminal(line) for line in lines) + "\n"


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity} {name(finding)}: {place(finding)}".rstrip(": ")
    yield f"  {escape_terminal(sentence(finding))}"
    if finding.repair:
        yield f"  mend: {escape_terminal(finding.repair)}"


def _table(section: Section) -> Iterator[str]:
    colon = ":" if section.rows else ""
    yield f"{section.title}{colon} {section.note}".rstrip()
    if section.rows:
        yield from aligned([section.columns, *section.rows[:CAP]])
    if len(section.rows) > CAP:
        yield f"  {len(section.rows) - CAP} more rows; --format markdown and json have all of them"


def aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows of cells as lines with aligned columns, long cells shortened and every cell escaped."""
    cells = [tuple(_short(cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield ("  " + "  ".join(map(str.ljust, row, widths))).rstrip()


def _short(cell: str) -> str:
    shown = escape_terminal(cell)
    return shown if len(shown) <= _CELL else shown[: _CELL - 1] + "…"
