"""Phrases with places for other words, compared with a whole line or looked for inside it.

In a phrase `#` is any number, `*` one to five words, and `…` one to ten words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

__all__ = ["Phrases"]

_PLACES = {
    "#": r"\d+[km]?(?: \d+[km]?)*",
    "*": r"\S+(?: \S+){0,4}",
    "…": r"\S+(?: \S+){0,9}",
}


class Phrases:
    """A list of phrases. Lines are given as their words, case folded and without punctuation.

    >>> menu = Phrases(["log in", "more from *", "# comments"])
    >>> menu.match_whole(["more", "from", "the", "weekly"])
    True
    >>> line = ["he", "had", "to", "log", "in"]
    >>> menu.match_whole(line), menu.match_inside(line)
    (False, True)
    """

    def __init__(self, entries: Iterable[str]) -> None:
        # a phrase is only tried where its longest word is
        self._patterns: defaultdict[str, list[re.Pattern[str]]] = defaultdict(list)
        for entry in entries:
            parts = entry.split()
            literal = [part for part in parts if part not in _PLACES]
            pattern = " ".join(_PLACES.get(part) or re.escape(part) for part in parts)
            self._patterns[max(literal, key=len)].append(re.compile(rf"(?<!\S){pattern}(?!\S)"))
        self._longest_words = frozenset(self._patterns)

    def match_whole(self, words: Sequence[str]) -> bool:
        """Return whether a phrase is the whole line."""
        return any(pattern.fullmatch(" ".join(words)) for pattern in self._candidates(words))

    def match_inside(self, words: Sequence[str]) -> bool:
        """Return whether the line contains a phrase."""
        return any(pattern.search(" ".join(words)) for pattern in self._candidates(words))

    def _candidates(self, words: Sequence[str]) -> Iterable[re.Pattern[str]]:
        if self._longest_words.isdisjoint(words):
            return ()
        return chain.from_iterable(self._patterns[word] for word in self._longest_words.intersection(words))
