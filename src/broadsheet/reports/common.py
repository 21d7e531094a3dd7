"""What every form of report says of a finding: its place, its words, its name, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.findings import page
from broadsheet.model import Finding

__all__ = ["ORDER", "Section", "counts", "name", "place", "rank", "said"]

ORDER = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Section:
    """A table that is shown after the findings, such as what would change: plain words, escaped by each form.

    `note` is a sentence above it; a section may be a note alone, without columns and rows.
    """

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""


def rank(finding: Finding) -> tuple[Any, ...]:
    """Return the order in which findings are told: the most severe first, then by code and place."""
    where = (finding.path or "", finding.line or 0, finding.column_number or 0, finding.table or "")
    return (ORDER[finding.severity], finding.code, *where, finding.row_number or 0, finding.sentence)


def place(finding: Finding) -> str:
    """Return where a finding is, as FILE:LINE:COLUMN or TABLE row KEY."""
    if finding.path:
        return ":".join(str(bit) for bit in (finding.path, finding.line, finding.column_number) if bit is not None)
    bits = [finding.table, finding.row_id and f"row {finding.row_id}", finding.column and f"column {finding.column}"]
    return " ".join(bit for bit in bits if bit)


def said(finding: Finding) -> str:
    """Return the message without the place it begins with, where the place is shown beside it."""
    return finding.sentence.removeprefix(f"{place(finding)}: ").removeprefix(f"{finding.path}: ")


def name(finding: Finding) -> str:
    """Return code and name, as `BS402 span-text`."""
    return f"{finding.code} {page(finding.code).name}"


def counts(findings: Sequence[Finding]) -> str:
    """Return how many errors, warnings and infos there are, in words."""
    found = Counter[str](f.severity for f in findings)
    words = [f"{found[kind]} {kind}{'s' * (found[kind] != 1)}" for kind in ORDER if found[kind]]
    return ", ".join(words) or "no findings"
