"""Words that show what a line is: what pages write around their articles, in several languages.

Each list is the file `NAME.csv` (see `broadsheet.storage.word_lists`). Its `source` column says where the entry was
found: `pages` is a real web page, `news` is a real article, `tests` is a test case, and `general` is general knowledge.
An entry is a fact about pages in general, never about one article.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from broadsheet.storage import word_lists
from broadsheet.texts.lexicon.phrases import Phrases

__all__ = ["agencies", "alternatives", "headings", "names", "not_persons", "numbers", "phrases", "words"]

_FOLDER = Path(__file__).parent


@cache
def words(name: str) -> frozenset[str]:
    """Return the entries of the list `NAME.csv`, case folded.

    >>> "correspondent" in words("job_nouns")
    True
    """
    return word_lists.words(_FOLDER / f"{name}.csv")


@cache
def alternatives(name: str) -> str:
    """Return the entries of a list as alternatives of a regular expression, the longest first."""
    return word_lists.alternatives(_FOLDER / f"{name}.csv")


@cache
def numbers(name: str, column: str) -> dict[str, int]:
    """Return a list whose `column` is a number as a mapping from entry to number.

    >>> numbers("months", "month")["avril"]
    4
    """
    return {row["word"]: int(row[column]) for row in word_lists.table(_FOLDER / f"{name}.csv")}


@cache
def names(name: str) -> dict[str, str]:
    """Return a list with a column `name` as a mapping from entry, as it is written, to name.

    >>> names("news_agencies")["AFP"]
    'Agence France-Presse'
    """
    return {row["word"]: row["name"] for row in word_lists.table(_FOLDER / f"{name}.csv")}


@cache
def phrases(name: str) -> Phrases:
    """Return the phrases of the list `NAME.csv`."""
    return Phrases(words(name))


@cache
def agencies() -> frozenset[str]:
    """Return who supplies copy and pictures to outlets, or works for any: their names do not say who published.

    The list `news_agencies` says which of them an article may credit for its report, with one name for each.
    """
    return words("agencies") | words("picture_agencies") | words("desks")


@cache
def headings() -> frozenset[str]:
    """Return the names of sections and places, which may be alone on a line without being a headline."""
    return words("sections") | words("places")


@cache
def not_persons() -> frozenset[str]:
    """Return names of several words that are not a person's."""
    return headings() | agencies()
