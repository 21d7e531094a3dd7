"""The catalogue of findings: one page a code, in this folder.

A page's first line is `# BS402 span-text · error · spans`: code, name, severity and tier; its sections say What, Why,
Bad, Good and Mend. `explain` prints it, the documentation lists it, `finding` takes the severity from it: a code is
declared nowhere else. Never reused.
BS1xx sources, BS2xx texts, BS3xx extraction and corrections, BS4xx tables, BS5xx package, BS6xx release.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

from broadsheet import ids
from broadsheet.model import Finding, Severity, Tier

__all__ = ["TIERS", "Identity", "Page", "codes", "finding", "fingerprint", "identity", "kin", "page", "within"]

TIERS: Final[tuple[Tier, ...]] = get_args(Tier)

_HEAD = re.compile(
    r"# (?P<code>BS[1-6][0-9]{2}) (?P<name>[a-z0-9-]+) · (?P<severity>error|warning|info)"
    r" · (?P<tier>structure|spans|quality|release)\n"
)
_FOLDER = Path(__file__).parent
_OFFSETS = re.compile(r"#\d{8}-\d{8}(?:-\d+)?")
_AMONG = re.compile(r" \(1 of (\d+) rows\)$")
_QUOTED = re.compile(r"""((?<!\w)'[^']*'(?!\w)|(?<!\w)"[^"]*"(?!\w))""")
_NUMBER = re.compile(r"\b[0-9a-f]{32,}\b|(?<![\w-])\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Page:
    """What a code means. `text` is the whole page, Markdown."""

    code: str
    name: str
    severity: Severity
    tier: Tier
    text: str

    @property
    def summary(self) -> str:
        """Return the first paragraph: what the finding says, in a sentence."""
        return " ".join(self.text.split("\n\n", 2)[1].split())


@cache
def codes() -> tuple[str, ...]:
    """Return every code there is, sorted."""
    return tuple(sorted(p.stem for p in _FOLDER.glob("BS*.md")))


@cache
def page(code: str) -> Page:
    """Return the page of a code; KeyError if there is none."""
    file = _FOLDER / f"{code}.md"
    if not re.fullmatch(r"BS[1-6][0-9]{2}", code) or not file.is_file():
        raise KeyError(code)
    text = file.read_text(encoding="utf-8")
    head = _HEAD.match(text)
    if head is None or head["code"] != code:
        raise KeyError(code)
    severity: Any = head["severity"]
    tier: Any = head["tier"]
    return Page(code, head["name"], severity, tier, text)


def finding(code: str, message: str, repair: str = "", **place: Any) -> Finding:
    """Return a finding of a known code with the severity its page declares. `place` are further fields of `Finding`."""
    return Finding(code=code, severity=page(code).severity, message=message, repair=repair, **place)


def within(findings: Iterable[Finding], tier: Tier) -> tuple[Finding, ...]:
    """Return the findings that looking so deep shows: those of the tier and of the tiers before it, in their order."""
    shown = frozenset(TIERS[: TIERS.index(tier) + 1])
    return tuple(f for f in findings if page(f.code).tier in shown)


# --- which finding is which -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """What makes a finding the one it is, whatever was edited around it: its code, its place and its words.

    The place is a file, or a table with the row and column; no line, offset or row number is part of either.
    """

    code: str
    place: str
    words: str


def identity(found: Finding) -> Identity:
    """Return what stays the same of a finding while the lines above it, or other rows, come and go."""
    row = _OFFSETS.sub("#", found.row_id) if found.row_id else None
    place = found.path or " ".join(bit for bit in (found.table, row, found.column) if bit)
    words = found.message.replace(found.path, "") if found.path else found.message
    return Identity(found.code, _plain(place), _still(words).removeprefix(":N").lstrip(": "))


def kin(found: Finding) -> tuple[Identity, int]:
    """Return what a finding shares with the other rows that break its rule, and how many rows do.

    Of many such rows only the first are told one by one; each says how many there are.
    """
    among = _AMONG.search(found.message)
    place = " ".join(bit for bit in (found.table, found.column) if bit) or found.path or ""
    expected = found.message.rpartition("; expected ")[2]
    return Identity(found.code, _plain(place), f"expected {_still(expected)}"), int(among[1]) if among else 1


def fingerprint(found: Finding) -> str:
    """Return 16 hex digits that name a finding from one run to the next; two alike in all but lines share them."""
    same = identity(found)
    return ids.sha256(f"{same.code}\0{same.place}\0{same.words}".encode())[:16]


def _still(words: str) -> str:
    """Return words without what moves: offsets, line and row numbers, counts. Numbers in quoted data are its own."""
    pieces = _QUOTED.split(_AMONG.sub("", _OFFSETS.sub("#", words)))
    return _plain("".join(piece if n % 2 else _NUMBER.sub("N", piece) for n, piece in enumerate(pieces)))


def _plain(words: str) -> str:
    """Return words in which everything that is no printable text is escaped, so that they can stand in a file."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in words)
