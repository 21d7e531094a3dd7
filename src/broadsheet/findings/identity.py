"""Which finding is which, from one run to the next."""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet import ids
from broadsheet.model import Finding

__all__ = ["Identity", "family", "fingerprint", "identity"]

_OFFSETS = re.compile(r"#\d{8}-\d{8}(?:-\d+)?")


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """What makes a finding the same one in two runs: its code, its place and its facts, never its wording.

    The place is a file, or a table with row and column; no line, offset or row number is part of it.
    """

    code: str
    place: str
    found: str = ""
    expected: str = ""


def identity(finding: Finding) -> Identity:
    """Return what stays the same of a finding while the lines above it, or other rows, come and go.

    >>> identity(Finding("BS213", "warning", "a tab", path="seeds/a.txt", line=3, found="U+0009"))
    Identity(code='BS213', place='seeds/a.txt', found='U+0009', expected='')
    """
    place = _joined(finding.path, finding.table, finding.row_id, finding.column)
    return Identity(finding.code, place, _plain(finding.found or ""), _plain(finding.expected or ""))


def family(finding: Finding) -> Identity:
    """Return what a finding shares with those that `total` counts: the other rows that break its rule."""
    if finding.row_number is None:
        return identity(finding)
    place = _joined(finding.table, finding.column)
    return Identity(finding.code, place, expected=_plain(finding.expected or ""))


def fingerprint(finding: Finding) -> str:
    """Return 16 hex digits that name a finding from one run to the next; two with the same identity share them."""
    same = identity(finding)
    return ids.sha256(f"{same.code}\0{same.place}\0{same.found}\0{same.expected}".encode())[:16]


def _joined(*parts: str | None) -> str:
    return _plain(" ".join(part for part in parts if part))


def _plain(words: str) -> str:
    """Return words without the offsets in ids, on one line: what is not printable is escaped."""
    without = _OFFSETS.sub("#", words)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in without)
