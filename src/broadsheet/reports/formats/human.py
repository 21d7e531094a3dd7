"""Findings as lines on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import filterfalse

from broadsheet.findings import page
from broadsheet.model import Finding
from broadsheet.reports.common import Content, Section, counts, name, place, sentence
from broadsheet.reports.escapes import escape_terminal

__all__ = ["CAP", "aligned", "render"]

CAP = 20  # findings of one code, and rows of one section, that are shown; the rest is counted
_CELL = 60  # characters of a cell


def render(content: Content) -> str:
    """Return findings with their mends, at most 20 of a code, then the sections, then the counts.

    Findings that need no change are counted in one line.
    """
    lines = [*_listed(content.findings), *_counted(content.findings)]
    for section in content.sections:
        lines += _table(section)
    hint = "; `broadsheet explain CODE` says what a code means" if content.findings else ""
    lines.append(counts(content.findings) + hint)
    return "\n".join(escape_terminal(line) for line in lines) + "\n"


def _listed(findings: Sequence[Finding]) -> Iterator[str]:
    shown = Counter[str]()
    for finding in filterfalse(_is_note, findings):
        shown[finding.code] += 1
        if shown[finding.code] <= CAP:
            yield from _lines(finding)
    yield from (f"{code}: {number - CAP} more like these" for code, number in shown.items() if number > CAP)


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity} {name(finding)}: {place(finding)}".rstrip(": ")
    yield f"  {escape_terminal(sentence(finding))}"
    if finding.repair:
        yield f"  mend: {escape_terminal(finding.repair)}"


def _counted(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield one line about findings that need no change: how many of each code, and where the first of them is."""
    notes = list(filter(_is_note, findings))
    first = {finding.code: finding for finding in reversed(notes)}
    number = Counter(finding.code for finding in notes)
    named = [f"{name(first[code])} ({number[code]}, the first: {place(first[code])})" for code in number]
    if named:
        yield f"no change is needed for: {', '.join(named)}; --format json lists them all"


def _is_note(finding: Finding) -> bool:
    return page(finding.code).needs_nothing


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
