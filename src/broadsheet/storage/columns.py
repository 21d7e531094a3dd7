"""Words in columns, which take little more memory than their letters, and the numbers of words."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from broadsheet.sequences import MadeSequence

__all__ = ["Column", "WordIndex", "Words"]

Column = NDArray[Any]
"""Numbers as a file has them: in one row, little-endian."""


class Words(MadeSequence[str]):
    """A sequence of words that grows at its end.

    >>> found = Words(["harbour", "", "ferry"])
    >>> found.append("pier")
    >>> len(found), found[0], found[1:]
    (4, 'harbour', ('', 'ferry', 'pier'))
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._bytes, self._ends = bytearray(), array("Q", [0])
        for word in words:
            self.append(word)

    @classmethod
    def of(cls, letters: Column, ends: Column) -> Self:
        """Return words that were written. Raises ValueError where the ends do not fit the letters."""
        found = cls()
        found._bytes, found._ends = bytearray(letters), array("Q", ends.astype("Q").tobytes())
        steps = np.diff(ends.astype(np.int64))
        if not found._ends or found._ends[0] or found._ends[-1] != len(letters) or (steps < 0).any():
            raise ValueError("ends that do not fit the letters")
        return found

    def written(self) -> tuple[Column, Column]:
        """Return the letters of all words, and where each word ends."""
        return np.frombuffer(self._bytes, "u1"), np.asarray(self._ends, "<u8")

    def append(self, word: str) -> None:
        """Add a word at the end."""
        self._bytes += word.encode()
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self._ends) - 1

    def at(self, number: int) -> str:
        """Return a word."""
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode()


class WordIndex(Mapping[str, int]):
    """The numbers of words in a sequence, found by their hashes. The sequence does not change any more.

    >>> found = WordIndex(["harbour", "ferry", "harbour"])
    >>> found["ferry"], list(found.all("harbour")), found.get("pier")
    (1, [0, 2], None)
    """

    def __init__(self, words: Sequence[str]) -> None:
        hashes = np.fromiter(map(hash, words), np.int64, len(words))
        order = np.argsort(hashes, kind="stable")
        ordered = hashes[order]
        self.words = words
        self._hashes, self._numbers = array("q", ordered.tobytes()), array("i", order.astype("i").tobytes())
        is_as_before = np.concatenate([[False], ordered[1:] == ordered[:-1], [False]])
        self._alike = frozenset(order[is_as_before[1:] | is_as_before[:-1]].tolist() if len(words) else ())

    def all(self, word: str) -> Iterator[int]:
        """Yield the numbers of a word, smallest first."""
        value, hashes = hash(word), self._hashes
        at = bisect_left(hashes, value)
        while at < len(hashes) and hashes[at] == value:
            number = self._numbers[at]
            if self.words[number] == word:
                yield number
            at += 1

    def is_unique(self, number: int) -> bool:
        """Return whether no other number has the same word; it may be said of none whose hash is that of another."""
        return number not in self._alike

    def first(self, word: str) -> int | None:
        """Return the first number of a word, None where there is none."""
        for number in self.all(word):
            return number
        return None

    def __getitem__(self, word: str) -> int:
        """Return the first number of a word. Raises KeyError."""
        found = self.first(word)
        if found is None:
            raise KeyError(word)
        return found

    def __iter__(self) -> Iterator[str]:
        """Yield the words, in their order."""
        return iter(self.words)

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.words)
