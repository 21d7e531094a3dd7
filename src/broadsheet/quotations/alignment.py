"""The words of a quotation beside the words of an article: where they fit best, and which differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from broadsheet.quotations.index import Index

__all__ = ["Edit", "Fit", "fit", "windows"]

Numbers = NDArray[Any]

_RAREST: Final = 10  # words of a quotation that are looked up
_POSTINGS: Final = 400_000  # places that are compared at most
_WINDOWS: Final = 24  # stretches of articles that are compared word by word
_EXACT: Final = 60  # places with exactly these words
_SLACK: Final = 6  # tokens around a stretch, and more where the quotation is long


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of the quotation, [low, high), in place of words of the article, [at, to): indices of both sequences."""

    low: int
    high: int
    at: int
    to: int

    @property
    def size(self) -> int:
        """Return how many words differ."""
        return max(self.high - self.low, self.to - self.at)


@dataclass(frozen=True, slots=True)
class Fit:
    """Words of a quotation beside [start, end) of a sequence of tokens, with what differs."""

    start: int
    end: int
    edits: tuple[Edit, ...]

    @property
    def size(self) -> int:
        """Return how many words differ."""
        return sum(edit.size for edit in self.edits)


def windows(index: Index, codes: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield the stretches of articles that may contain the words: the article, and [start, end) of all tokens.

    Where the very words are somewhere, only such places are given. The stretch is as long as the words, and a little
    longer on both sides where they are not the very words.
    """
    size = len(codes)
    exact = _exact(index, codes)
    if len(exact):
        yield from ((index.article_at(int(at)), int(at), int(at) + size) for at in exact[:_EXACT])
        return
    slack = _SLACK + size // 4
    for at in _likely(index, codes):
        number = index.article_at(min(max(at + size // 2, 0), index.count - 1))
        low, high = int(index.first[number]), int(index.first[number + 1])
        yield number, max(low, at - slack), min(high, at + size + 2 * slack)


def _exact(index: Index, codes: Sequence[int]) -> Numbers:
    """Return the positions at which all words are in their order, inside one article."""
    if min(codes) < 0:
        return np.empty(0, dtype=np.int64)
    rarest = min(range(len(codes)), key=lambda i: len(index.places(codes[i])))
    at = index.places(codes[rarest]).astype(np.int64) - rarest
    at = at[(at >= 0) & (at + len(codes) <= index.count)]
    for number, code in enumerate(codes):
        at = at[index.tokens[at + number] == code]
    article = np.searchsorted(index.first, at, side="right")
    return at[at + len(codes) <= index.first[np.minimum(article, len(index.first) - 1)]]


def _likely(index: Index, codes: Sequence[int]) -> Iterator[int]:
    """Yield the positions at which most rare words are where they are in the quotation, the best first."""
    places, weights, spent = [], [], 0
    for number in sorted(range(len(codes)), key=lambda i: len(index.places(codes[i])))[: _RAREST + 4]:
        found = index.places(codes[number])
        if not len(found) or (spent and spent + len(found) > _POSTINGS):
            continue
        spent += len(found)
        places.append(found.astype(np.int64) - number)
        weights.append(np.full(len(found), np.log(index.count / len(found)) + 0.1))
    if places:
        yield from _densest(np.concatenate(places), np.concatenate(weights), 4 + len(codes) // 3)


def _densest(places: Numbers, weights: Numbers, width: int) -> Iterator[int]:
    """Yield where the weights in a stretch of `width` places sum highest, at most once a stretch."""
    order = np.argsort(places, kind="stable")
    places, sums = places[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    score = sums[np.searchsorted(places, places + width, side="right")] - sums[:-1]
    best = np.argsort(-score, kind="stable")[: 40 * _WINDOWS]
    taken: list[int] = []
    for at in places[best].tolist():
        if all(abs(at - other) > width for other in taken):
            taken.append(at)
            yield at
        if len(taken) == _WINDOWS:
            return


def fit(codes: Sequence[int], tokens: Numbers) -> Fit:
    """Return where the words fit best among tokens, the first of equal places, and what differs there.

    The end is found by Sellers' algorithm (1980), which leaves out what is before and behind; rapidfuzz gives the
    edits. `codes` has at least one word.
    """
    wanted = np.asarray(codes, dtype=np.int64)
    costs = _costs(wanted, tokens)
    end = int(np.argmin(costs))
    while end + 1 < len(costs) and costs[end + 1] == costs[end]:
        end += 1
    first = max(0, end - 2 * len(codes))
    back = _costs(wanted[::-1], tokens[first:end][::-1], anchored=True)
    least = int(back.min())
    start = end - int(np.flatnonzero(back == least)[-1])
    operations = Levenshtein.opcodes(list(codes), tokens[start:end].tolist())
    edits = (
        Edit(one.src_start, one.src_end, one.dest_start + start, one.dest_end + start)
        for one in operations
        if one.tag != "equal"
    )
    return Fit(start, end, tuple(edits))


def _costs(wanted: Numbers, tokens: Numbers, *, anchored: bool = False) -> Numbers:
    """Return for each number of tokens how many edits the words need to end there; `anchored`: to begin at 0, too."""
    steps = np.arange(len(tokens) + 1)
    costs = steps if anchored else np.zeros(len(tokens) + 1, dtype=np.int64)
    for word in wanted:
        replaced = costs[:-1] + (tokens != word)
        following = np.concatenate([[costs[0] + 1], np.minimum(replaced, costs[1:] + 1)])
        costs = np.minimum.accumulate(following - steps) + steps
    return costs
