"""Which finding is which, from one run to the next."""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet import ids
from broadsheet.model import Finding

__all__ = ["Identity", "fingerprint", "identity", "kin"]

_OFFSETS = re.compile(r"#\d{8}-\d{8}(?:-\d+)?")
_AMONG = re.compile(r" \(1 of (\d+) rows\)$")
_QUOTED = re.compile(r"""((?<!\w)'[^']*'(?!\w)|(?<!\w)"[^"]*"(?!\w))""")
_NUMBER = re.compile(r"\b[0-9a-f]{32,}\b|(?<![\w-])\d+(?:[.,:]\d+)*")


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
