"""Two people's surnames joined by a hyphen (`the Reyes-Brandt debate`): these are not the name of a third person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from broadsheet.extraction.names.tokens import Mark

__all__ = ["without_pairs"]


def without_pairs(text: str, found: Sequence[list[Mark]]) -> list[list[Mark]]:
    """Return the marks of each line without pairs of surnames that the article also has one by one.

    A double name stays: the article has it behind a given name, or one of its halves is not a surname there.
    """
    surnames = _Surnames.of(text[mark.start : mark.end] for mark in chain(*found) if mark.type == "PERSON")
    return [[mark for mark in marks if not surnames.are_two(text[mark.start : mark.end])] for marks in found]


@dataclass(frozen=True, slots=True)
class _Surnames:
    """The last words of the names of people in an article, and those of names of several words."""

    all: frozenset[str]
    behind_given_names: frozenset[str]

    @classmethod
    def of(cls, people: Iterable[str]) -> _Surnames:
        parts = [name.split() for name in people]
        return cls(frozenset(p[-1] for p in parts), frozenset(p[-1] for p in parts if len(p) > 1))

    def are_two(self, name: str) -> bool:
        """Return whether a name is two surnames of the article with a hyphen between, which nobody bears together."""
        halves = set(name.split("-"))
        return len(halves) > 1 and name not in self.behind_given_names and self.all.issuperset(halves)
