"""Word lists, known names and the forms of names. `words` and `table` read every list of this package.

A list of plain words is the file `words/NAME.csv`, one word a line. A list that says more about each entry is the file
`NAME.csv`. `broadsheet.storage.word_lists` describes the form of the files. Every entry comes from general knowledge
(`general` in the column `source`), written by hand. Entries are never taken from the articles of a dataset.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from broadsheet.storage import word_lists

__all__ = ["alternatives", "table", "words"]

_FOLDER = Path(__file__).parent


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of the list `words/NAME.csv`. Raises FileNotFoundError if there is no such list.

    >>> "captain" in words("military_ranks")
    True
    """
    return word_lists.words(_FOLDER / "words" / f"{name}.csv")


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of the list `NAME.csv`, each a mapping from column to text, in the order of the file."""
    return word_lists.table(_FOLDER / f"{name}.csv")


@cache
def alternatives(name: str) -> str:
    r"""Return the words of a list as alternatives of a regular expression, the longest first.

    A space in a word matches any white space.

    >>> alternatives("directions")
    'northern|southern|eastern|western'
    """
    return word_lists.alternatives(_FOLDER / "words" / f"{name}.csv")
