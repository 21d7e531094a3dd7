"""What every report format shows of a finding: its place, its sentence, its name, and how many there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.findings import page
from broadsheet.model import Finding

__all__ = [
    "ORDER",
    "SUMMARY_BYTES",
    "Content",
    "Section",
    "counts",
    "file_of",
    "full",
    "name",
    "place",
    "rank",
    "row_of",
    "sentence",
]

ORDER = {"error": 0, "warning": 1, "info": 2}
SUMMARY_BYTES = 2**20  # the longest step summary that GitHub accepts; it refuses a longer one
_RECORD = re.compile(r"(.+?\.(?:jsonl|ndjson|parquet|warc)(?:\.gz|\.zst)?)#", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Section:
    """A table that is shown after the findings, such as the effect of a change. Each format escapes its text.

    `note` is a sentence above it; a section may be a note alone, without columns and rows.
    """

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a report is made of: the findings in order of severity, the sections, and what some formats need besides.

    `root` is the folder of the dataset in its repository, empty at its top; `limit` is the bytes of a Markdown page.
    """

    findings: tuple[Finding, ...]
    sections: tuple[Section, ...] = ()
    root: str = ""
    limit: int = SUMMARY_BYTES

    def from_root(self, file: str) -> str:
        """Return the path of a file of the dataset, from the top of its repository."""
        return f"{self.root}/{file}" if self.root else file


def rank(finding: Finding) -> tuple[Any, ...]:
    """Return the order of findings in a report: the most severe first, then by code and place."""
    in_file = (finding.path or "", finding.line or 0, finding.column_number or 0)
    in_table = (finding.table or "", finding.row_number or 0)
    return (ORDER[finding.severity], finding.code, *in_file, *in_table, finding.sentence)


def place(finding: Finding) -> str:
    """Return the place of a finding, as FILE:LINE:COLUMN or TABLE row KEY.

    >>> place(Finding("BS213", "warning", "a tab", path="seeds/a.txt", line=3, column_number=7))
    'seeds/a.txt:3:7'
    >>> place(Finding("BS450", "warning", "blanks only", table="mentions", row_id="a#1", column="text"))
    'mentions row a#1 column text'
    """
    if finding.path:
        parts = (finding.path, finding.line, finding.column_number)
        return ":".join(str(part) for part in parts if part is not None)
    named = {"": finding.table, "row ": finding.row_id, "column ": finding.column}
    labelled = [f"{label}{value}" for label, value in named.items() if value]
    return " ".join(labelled)


def row_of(finding: Finding) -> str:
    """Return the table, the key of the row and the column that a finding is about; empty where it is about none."""
    return " ".join(part for part in (finding.table, finding.row_id, finding.column) if part)


def file_of(finding: Finding) -> str | None:
    """Return the file that a finding's path names: of a record inside a file (`FILE#RECORD`), the file."""
    path = finding.path or ""
    record = _RECORD.match(path)
    return (record[1] if record else path) or None


def sentence(finding: Finding) -> str:
    """Return the sentence without the place at its start, for formats that show the place beside it."""
    return finding.sentence.removeprefix(f"{place(finding)}: ").removeprefix(f"{finding.path}: ")


def full(finding: Finding) -> str:
    """Return the sentence and, on a second line, how to repair it."""
    return f"{finding.sentence}\nMend: {finding.repair}" if finding.repair else finding.sentence


def name(finding: Finding) -> str:
    """Return code and name, as `BS402 span-text`."""
    return f"{finding.code} {page(finding.code).name}"


def counts(findings: Sequence[Finding]) -> str:
    """Return how many errors, warnings and infos there are.

    >>> counts([Finding("BS213", "warning", "a tab")] * 2)
    '2 warnings'
    """
    found = Counter[str](finding.severity for finding in findings)
    words = [f"{found[kind]} {kind}{'' if found[kind] == 1 else 's'}" for kind in ORDER if found[kind]]
    return ", ".join(words) or "no findings"
