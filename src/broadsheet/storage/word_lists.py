"""Word lists: CSV files with one entry a line, read by every package that keeps words as data.

The first column of a file is the entry. The lines are sorted by it, and no entry is repeated. `language` is the
language of the texts in which the entry is found (BCP 47; `mul` for several), and `source` is where the entry comes
from. The package that contains a list says which sources it has.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

__all__ = ["alternatives", "table", "words"]


def table(file: Path) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a list in the order of the file, each a mapping from column to text.

    Raises FileNotFoundError if there is no such list.
    """
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def words(file: Path) -> frozenset[str]:
    """Return the entries of a list: the values of its first column."""
    return frozenset(next(iter(row.values())) for row in table(file))


def alternatives(file: Path) -> str:
    """Return the entries of a list as alternatives of a regular expression, the longest first.

    A space in an entry matches any white space.
    """
    longest_first = sorted(words(file), key=lambda entry: (-len(entry), entry))
    return "|".join(re.escape(entry).replace(r"\ ", r"\s+") for entry in longest_first)
