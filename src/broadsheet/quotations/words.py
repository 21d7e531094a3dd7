"""The words of a text as they are compared: without case, accents, marks and national spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

__all__ = ["Word", "divided", "key", "words"]

_WORD: Final = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*[^\W_]*|[^\W_]+(?:['’ʼ][^\W_]+)*|[%$€£&]")
_DIVIDED: Final = re.compile(f"({_WORD.pattern})")
_SIGNS: Final = {"%": "percent", "&": "and", "ok": "okay"}
_APOSTROPHES: Final = str.maketrans("’ʼ", "''")

# From British to American spelling. Each rule asks for enough letters that no short word becomes another one ("four",
# "rise", "filled"): it is used for comparing, so a form that nobody writes does no harm.
_OUR: Final = (
    "arm|ard|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|od|parl|ranc|rig|rum|sav|"
    "savi|splend|tum|val|vap|vig"
)
_SPELLINGS: Final = tuple(
    (re.compile(british), american)
    for british, american in (
        (rf"(?<![^\W_])((?:dis|un|mis)?(?:{_OUR}))our", r"\1or"),
        (r"^practis", "practic"),
        (r"(?<=\w{3})is(?=(?:e|es|ed|er|ers|ing|ation|ations|ational)$)", "iz"),
        (r"(?<=\w{2})ys(?=(?:e|es|ed|er|ers|ing)$)", "yz"),
        (r"(?<=\w{2}[bt])re(?=$|s$|d$)", "er"),
        (r"(?<=[aeiou][^aeiou][ae])ll(?=(?:ed|ing|er|ers|or|ors|ation)$)", "l"),
        (r"(?<=[aeiou][^aeiou]{2}[ae])ll(?=(?:ed|ing|er|ers|or|ors|ation)$)", "l"),
        (r"(?<=\w{2})ogue(?=s?$)", "og"),
        (r"(?<=\w[ef]en)ce(?=s?$|l)", "se"),
        (r"^licenc", "licens"),
        (r"^grey(?=$|s$)", "gray"),
        (r"^programme(?=s?$)", "program"),
        (r"^sceptic", "skeptic"),
        (r"^tyre(?=s?$)", "tire"),
        (r"^plough", "plow"),
        (r"^ageing$", "aging"),
        (r"judgement", "judgment"),
        (r"^gaol", "jail"),
        (r"^(an)?(?:ae|oe)s", r"\1es"),
        (r"^paed", "ped"),
        (r"^manoeuv", "maneuv"),
        (r"^aluminium$", "aluminum"),
    )
)
_SPELLED: Final = re.compile("|".join(f"(?:{british.pattern})" for british, _ in _SPELLINGS))
"""Finds a place of any rule; most words have none."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its key, and its place as code points [start, end)."""

    key: str
    start: int
    end: int


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """Yield the words of a stretch of a text in order; signs of currency, `%` and `&` are words.

    >>> [word.key for word in words("The U.S. mayor’s 1,000 “neighbours” (5%)")]
    ['the', 'us', "mayor's", '1000', 'neighbors', '5', 'percent']
    """
    stop = len(text) if end is None else end
    yield from (Word(key(found.group()), found.start(), found.end()) for found in _WORD.finditer(text, start, stop))


def divided(text: str) -> list[str]:
    """Return a text in parts: what is before the first word, the word, what is before the next one, and so on.

    Much quicker than `words`, for whole articles.

    >>> divided("“The U.S. mayor’s,” he said.")
    ['“', 'The', ' ', 'U.S.', ' ', 'mayor’s', ',” ', 'he', ' ', 'said', '.']
    """
    return _DIVIDED.split(text)


@lru_cache(maxsize=131072)
def key(word: str) -> str:
    """Return what a word is compared by.

    >>> key("Colour"), key("four"), key("hour"), key("organised"), key("rise"), key("cancelled"), key("filled")
    ('color', 'four', 'hour', 'organized', 'rise', 'canceled', 'filled')
    """
    plain = _plain(word)
    if plain[0].isdigit():
        return plain.replace(",", "")
    plain = plain.replace(".", "")
    if _SPELLED.search(plain):
        for british, american in _SPELLINGS:
            plain = british.sub(american, plain, count=1)
    return _SIGNS.get(plain, plain)


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFKD", word.casefold().translate(_APOSTROPHES))
    return "".join(c for c in folded if not unicodedata.combining(c)) or word
