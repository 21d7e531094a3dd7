"""Whether two names may be names of one thing, by their words alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from operator import ne

from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.name_forms import close, generation, given_alike
from broadsheet.extraction.lexicon.names import entry_of

__all__ = ["same_person", "spelled_alike", "without_head"]


def same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two full names, as folded words, may be one person's: last names alike, given names in order.

    `Jr.` and the like are the same in both.

    >>> same_person(("ed", "jr"), ("edward", "lee", "jr")), same_person(("ed", "lee"), ("ed", "lee", "jr"))
    (True, False)
    """
    if generation(one) != generation(other):
        return False
    if not generation(one):
        return _same_name(*sorted((one, other), key=lambda n: (len(n), n)))
    short, long = sorted((one[:-1], other[:-1]), key=lambda n: (len(n), n))
    by_part = len(short) == 1 and (given_alike(short[0], long[0]) or short[0] == long[-1])
    return by_part or _same_name(short, long)


def _same_name(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    if len(short) < 2 or not close(short[-1], long[-1]):
        return False
    if len(short) < len(long):
        return short[-1] == long[-1] and _in_order(short[:-1], long[:-1])
    differing = sum(map(ne, short, long))
    return differing <= 1 + (len(short) > 2) and all(map(given_alike, short[:-1], long[:-1]))


def _in_order(few: Iterable[str], many: Iterable[str]) -> bool:
    """Return whether each of a few given names is one of many, in their order."""
    rest = iter(many)
    return all(any(map(partial(given_alike, name), rest)) for name in few)


def spelled_alike(one: str, other: str) -> bool:
    """Return whether two folded names may be spellings of one: as many words, one of them a little different.

    >>> spelled_alike("federal election commission", "federal elections commission")
    True
    """
    left, right = one.split(), other.split()
    both_known = entry_of(one) and entry_of(other)
    if both_known or len(left) != len(right):
        return False
    pairs = zip(left, right, strict=True)
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    return len(differing) == 1 and close(*differing[0])


def without_head(key: str) -> str:
    """Return a body's folded name without the word for its kind; nothing where what is left names a body itself.

    >>> without_head("hansen group"), without_head("harbour council fund")
    ('hansen', '')
    """
    shorter, _, last = key.rpartition(" ")
    heads = words("organisation_heads")
    return shorter if last in heads and shorter.rpartition(" ")[2] not in heads else ""
