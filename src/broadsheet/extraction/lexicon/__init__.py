"""Word lists, known names and the forms of names. `words` and `table` read every list of this package.

A list of plain words is the file `words/NAME.csv`, one word a line. A list that says more about each entry is the file
`NAME.csv`. The first column of each file is its key: the lines are sorted by it, and no key is repeated. `language` is
the language of the texts in which the entry is found (BCP 47), and `source` is where the entry comes from: `general` is
general knowledge, written by hand. Entries are never taken from the articles of a dataset.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

__all__ = ["alternatives", "table", "words"]

_FOLDER = Path(__file__).parent


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of the list `words/NAME.csv`. Raises FileNotFoundError if there is no such list.

    >>> "captain" in words("military_ranks")
    True
    """
    return frozenset(row["word"] for row in table(f"words/{name}"))


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of the list `NAME.csv`, each a mapping from column to text, in the order of the file."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def alternatives(name: str) -> str:
    r"""Return the words of a list as alternatives of a regular expression, the longest first.

    A space in a word matches any white space.

    >>> alternatives("directions")
    'northern|southern|eastern|western'
    """
    longest_first = sorted(words(name), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
