"""What a quotation of a draft is: its best place in the articles, the words that differ, the sense that a cut turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from broadsheet.model import Span
from broadsheet.quotations import sense
from broadsheet.quotations.alignment import Edit, Fit, fit, windows
from broadsheet.quotations.draft import Piece, Quote
from broadsheet.quotations.index import Article, Index, Statement

__all__ = ["Difference", "Occurrence", "occurrences"]

Numbers = NDArray[Any]

_REACH: Final = {"bracket": 12, "attribution": 60, "paragraph": 60, "ellipsis": 2000, "start": 12}
_ALIKE: Final = 75.0  # percent of letters that a misspelt word shares with the word it stands for
_LEAST: Final = 0.5  # share of a quotation, its rare words counting more, that must be in one place
_BAG: Final = 0.8  # the same share, where the words are in another order


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of the draft, and the words of the article in their place; one of them may be empty."""

    draft: str
    article: str

    @property
    def size(self) -> int:
        """Return how many words differ, at least one."""
        return max(len(self.draft.split()), len(self.article.split()), 1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place with the words of a quotation: [start, end) of an article's text, and what differs there.

    `lost` is the word that a cut left out so that the sense turns. `statements` are those of the claims that say it.
    `is_quoted`: the words are between quotation marks there. `share` is how much of the quotation is there, 0 to 1.
    """

    document_id: str
    start: int
    end: int
    passage: str
    differences: tuple[Difference, ...] = ()
    lost: str = ""
    statements: tuple[Statement, ...] = ()
    is_quoted: bool = False
    share: float = 1.0

    @property
    def faults(self) -> tuple[int, int]:
        """Return what the worse of two places has more of: words that differ, then a turned sense."""
        return sum(one.size for one in self.differences), bool(self.lost)


def occurrences(text: str, quote: Quote, index: Index) -> list[Occurrence]:
    """Return the places in the articles with the words of a quotation, or nearly, those with the fewest faults first.

    `text` is the draft. A place that has less than half of the words is not one; a short quotation is not looked up.
    """
    if not index.count or quote.is_short:
        return []
    codes = [[_code(index, word.key) for word in piece.words] for piece in quote.pieces]
    anchor = max(range(len(codes)), key=lambda i: len(codes[i]))
    search = _Search(text, quote, index, _numbered(codes, quote.pieces), anchor)
    found = sorted(search.found(), key=lambda one: (*one.faults, -one.share, one.document_id, one.start, one.end))
    return list(_apart(found))


def _apart(found: Iterable[Occurrence]) -> Iterator[Occurrence]:
    """Yield the places that share no words with an earlier one."""
    taken: dict[str, list[tuple[int, int]]] = {}
    for one in found:
        own = taken.setdefault(one.document_id, [])
        if all(one.end <= start or end <= one.start for start, end in own):
            own.append((one.start, one.end))
            yield one


def _code(index: Index, word: str) -> int:
    return index.code(word)


def _numbered(codes: Sequence[Sequence[int]], pieces: Sequence[Piece]) -> list[list[int]]:
    """Give each word that no article has a negative number of its own."""
    unknown: dict[str, int] = {}
    return [
        [
            code if code >= 0 else unknown.setdefault(word.key, -2 - len(unknown))
            for code, word in zip(row, piece.words, strict=True)
        ]
        for row, piece in zip(codes, pieces, strict=True)
    ]


@dataclass(frozen=True)
class _View:
    """An article with its tokens, and which of them are between quotation marks."""

    article: Article
    tokens: Numbers
    starts: Numbers
    ends: Numbers

    @cached_property
    def spoken(self) -> Numbers:
        """Return the numbers of the tokens that are between marks."""
        inside = np.zeros(len(self.tokens), dtype=bool)
        for group in self.article.quotations:
            for span in group:
                low, high = np.searchsorted(self.starts, [span.start, span.end])
                inside[low:high] = True
        return np.flatnonzero(inside)

    def words(self, numbers: Numbers) -> str:
        """Return the text from the first to the last of some tokens, with ` … ` where others are between them."""
        if not len(numbers):
            return ""
        breaks = np.flatnonzero(np.diff(numbers) > 1) + 1
        runs = np.split(numbers, breaks)
        return " … ".join(self.article.text[self.starts[run[0]] : self.ends[run[-1]]] for run in runs)

    def unit(self, number: int) -> tuple[Span, ...]:
        """Return what is said together with a token: the parts of its quotation, else the whole text."""
        at = int(self.starts[number])
        for group in self.article.quotations:
            if any(span.start <= at < span.end for span in group):
                return group
        return (Span(0, len(self.article.text)),)

    def beside(self, number: int, others: Numbers) -> int:
        """Return how many of `others`, from the first on, are said together with a token."""
        spans = self.unit(number)
        inside = [any(span.start <= self.starts[other] < span.end for span in spans) for other in others]
        return [*inside, False].index(False)

    def before(self, number: int) -> str:
        """Return what is said before a token."""
        at = int(self.starts[number])
        parts = [self.article.text[span.start : min(span.end, at)] for span in self.unit(number) if span.start < at]
        return _bare(" ".join(parts))

    def after(self, number: int) -> str:
        """Return what is said after a token."""
        at = int(self.ends[number])
        parts = [self.article.text[max(span.start, at) : span.end] for span in self.unit(number) if span.end > at]
        return _bare(" ".join(parts))


def _bare(words: str) -> str:
    return words.translate(_MARKS)


_MARKS: Final = str.maketrans('“”„"«»', "      ")


@dataclass(frozen=True)
class _Laid:
    """A piece of a quotation beside tokens of an article: `numbers` are those that it covers."""

    piece: int
    numbers: Numbers
    edits: tuple[Edit, ...]
    tokens: Numbers  # numbers of the tokens that the edits count


@dataclass(frozen=True)
class _Search:
    text: str
    quote: Quote
    index: Index
    codes: list[list[int]]
    anchor: int
    views: dict[int, _View] = field(default_factory=dict)

    def found(self) -> Iterator[Occurrence]:
        """Yield every place that has enough of the words."""
        for number, low, high in windows(self.index, self.codes[self.anchor]):
            view = self._view(number)
            offset = int(self.index.first[number])
            for numbers in self._streams(view, low - offset, high - offset):
                found = self._occurrence(view, numbers)
                if found:
                    yield found

    def _view(self, number: int) -> _View:
        if number not in self.views:
            low, high = int(self.index.first[number]), int(self.index.first[number + 1])
            rows = (one[low:high] for one in (self.index.tokens, self.index.starts, self.index.ends))
            self.views[number] = _View(self.index.article(number), *rows)
        return self.views[number]

    def _streams(self, view: _View, low: int, high: int) -> Iterator[Numbers]:
        """Yield the tokens to compare: all of a stretch, then only those between marks around it."""
        whole = np.arange(low, high)
        yield whole
        spoken = view.spoken
        near = spoken[np.searchsorted(spoken, low - _REACH["attribution"]) :]
        near = near[: np.searchsorted(near, high + _REACH["attribution"])]
        if len(near) and len(np.intersect1d(near, whole)) and np.any(np.diff(near) > 1):
            yield near

    def _occurrence(self, view: _View, numbers: Numbers) -> Occurrence | None:
        first = self._laid(view, self.anchor, numbers, fit(self.codes[self.anchor], view.tokens[numbers]))
        laid = {self.anchor: first}
        for piece in range(self.anchor + 1, len(self.codes)):
            laid[piece] = self._beside(view, piece, laid[piece - 1], forward=True)
        for piece in range(self.anchor - 1, -1, -1):
            laid[piece] = self._beside(view, piece, laid[piece + 1], forward=False)
        return self._judged(view, [laid[piece] for piece in range(len(self.codes))])

    def _laid(self, view: _View, piece: int, numbers: Numbers, found: Fit) -> _Laid:
        found = _inside(view, numbers, found, len(self.codes[piece]))
        edits = tuple(edit for edit in found.edits if not self._is_joined(view, piece, numbers, edit))
        return _Laid(piece, numbers[found.start : found.end], edits, numbers)

    def _is_joined(self, view: _View, piece: int, numbers: Numbers, edit: Edit) -> bool:
        """Return whether words differ only in how they are divided: `health care`, `healthcare`."""
        own = "".join(word.key for word in self.quote.pieces[piece].words[edit.low : edit.high])
        theirs = _letters(view.words(numbers[edit.at : edit.to]))
        return bool(own) and _letters(own) == theirs

    def _beside(self, view: _View, piece: int, other: _Laid, *, forward: bool) -> _Laid:
        """Lay a piece beside the tokens that follow, or precede, another piece."""
        joint = self.quote.pieces[piece if forward else other.piece].joint
        reach = _REACH[joint] + 2 * len(self.codes[piece])
        if not len(other.numbers):
            return self._missing(piece)
        edge = int(other.numbers[-1]) + 1 if forward else int(other.numbers[0])
        low, high = (edge, edge + reach) if forward else (max(0, edge - reach), edge)
        numbers = np.arange(low, min(high, len(view.tokens)))
        if not len(numbers):
            return self._missing(piece)
        codes = self.codes[piece]
        tokens = view.tokens[numbers]
        if forward:
            found = fit(codes, tokens)
        else:
            back = fit(codes[::-1], tokens[::-1])
            found = fit(codes, tokens[len(tokens) - back.end : len(tokens) - back.start])
            numbers = numbers[len(tokens) - back.end : len(tokens) - back.start]
        if found.size * 2 > len(codes):
            return self._missing(piece)
        return self._laid(view, piece, numbers, found)

    def _missing(self, piece: int) -> _Laid:
        none = np.empty(0, dtype=np.int64)
        return _Laid(piece, none, (Edit(0, len(self.codes[piece]), 0, 0),), none)

    # --- the verdict --------------------------------------------------------------------------------------------------

    def _judged(self, view: _View, laid: Sequence[_Laid]) -> Occurrence | None:
        share = self._share(view, laid)
        covered = np.concatenate([one.numbers for one in laid])
        if share < _LEAST or not len(covered):
            return None
        differences = tuple(self._difference(view, one, edit) for one in laid for edit in one.edits)
        start, end = int(view.starts[covered[0]]), int(view.ends[covered[-1]])
        lost = "" if differences else self._lost(view, [one for one in laid if len(one.numbers)])
        is_quoted = bool(np.isin(covered, view.spoken).mean() > 0.5)
        said = tuple(_saying(view.article.statements, start, end))
        passage = view.words(covered)
        return Occurrence(view.article.document_id, start, end, passage, differences, lost, said, is_quoted, share)

    def _difference(self, view: _View, one: _Laid, edit: Edit) -> Difference:
        own = self.quote.pieces[one.piece].words[edit.low : edit.high]
        written = self.text[own[0].start : own[-1].end] if own else ""
        return Difference(written, view.words(one.tokens[edit.at : edit.to]))

    def _share(self, view: _View, laid: Sequence[_Laid]) -> float:
        """Return how much of the quotation is in the place, 0 to 1: rare words count more, misspelt ones in part."""
        total, held = 0.0, 0.0
        for one in laid:
            weights = [self._weight(code) for code in self.codes[one.piece]]
            total += sum(weights)
            held += sum(weights) - sum(self._missed(view, one, edit, weights) for edit in one.edits)
        bag = self._bag(view, laid)
        return max(held / total, bag if bag >= _BAG else 0.0)

    def _missed(self, view: _View, one: _Laid, edit: Edit, weights: Sequence[float]) -> float:
        own = self.quote.pieces[one.piece].words[edit.low : edit.high]
        theirs = [_letters(view.words(one.tokens[at : at + 1])) for at in range(edit.at, edit.to)]
        missed = 0.0
        for word, weight in zip(own, weights[edit.low : edit.high], strict=True):
            alike = max((fuzz.ratio(word.key, other) for other in theirs), default=0.0)
            missed += 0.2 * weight if alike >= _ALIKE else weight
        return missed + 1.5 * max(0, len(theirs) - len(own))

    def _bag(self, view: _View, laid: Sequence[_Laid]) -> float:
        """Return the share of the words that are in the place in any order."""
        covered = np.concatenate([one.numbers for one in laid])
        if not len(covered):
            return 0.0
        codes = [code for row in self.codes for code in row]
        low, high = max(0, int(covered[0]) - len(codes)), int(covered[-1]) + 1 + len(codes)
        there = Counter(view.tokens[low:high].tolist())
        weights = [self._weight(code) for code in codes]
        both = sum((Counter(codes) & there).values())
        return both / len(codes) if weights else 0.0

    def _weight(self, code: int) -> float:
        return float(np.log(2 + self.index.count / (1 + len(self.index.places(code)))))

    def _lost(self, view: _View, laid: Sequence[_Laid]) -> str:
        """Return the word whose loss at an edge or in a gap turns the sense; empty where there is none."""
        around = self.quote.around
        before = view.before(int(laid[0].numbers[0]))
        after = view.after(int(laid[-1].numbers[-1]))
        first = self.quote.pieces[0].inserted
        found = sense.lost_before(before, f"{around} {first}") or sense.lost_after(after, around)
        for one, other in pairwise(laid):
            inserted = self.quote.pieces[other.piece].inserted
            found = found or sense.lost_between(_gap(view, one, other), f"{around} {inserted}")
        return found


def _inside(view: _View, numbers: Numbers, found: Fit, size: int) -> Fit:
    """Return a fit of `size` words without what is outside the article's quotation at either end.

    Words that a draft puts to a quotation stand for nothing that the article says before or behind it.
    """
    start, end, edits = found.start, found.end, list(found.edits)
    if edits and edits[-1].high == size and edits[-1].at > start:
        last = edits[-1]
        end = last.at + view.beside(int(numbers[last.at - 1]), numbers[last.at : last.to])
        edits[-1] = replace(last, to=end)
    if edits and edits[0].low == 0 and edits[0].to < end:
        first = edits[0]
        start = first.to - view.beside(int(numbers[first.to]), numbers[first.at : first.to][::-1])
        edits[0] = replace(first, at=start)
    return Fit(start, end, tuple(edits))


def _gap(view: _View, one: _Laid, other: _Laid) -> str:
    """Return what is said between two pieces, without what is outside the marks."""
    low, high = int(view.ends[one.numbers[-1]]), int(view.starts[other.numbers[0]])
    unit = view.unit(int(one.numbers[-1]))
    parts = (view.article.text[max(span.start, low) : min(span.end, high)] for span in unit if span.start < high)
    return _bare(" ".join(part for part in parts if part))


def _letters(words: str) -> str:
    return "".join(c for c in words.casefold() if c.isalnum())


def _saying(statements: Sequence[Statement], start: int, end: int) -> list[Statement]:
    """Return the statements that have at least half of [start, end) in them, those with the most of it first.

    A statement whose source is among those words is part of what is said, not who says it.
    """
    shared = Counter[str]()
    for one in statements:
        shared[one.claim_id] += max(0, min(one.end, end) - max(one.start, start))
    first = {one.claim_id: one for one in reversed(statements)}
    said = (first[claim] for claim, size in shared.items() if 2 * size >= end - start)
    outside = (one for one in said if not start <= one.source_start < end)
    return sorted(outside, key=lambda one: (-shared[one.claim_id], one.claim_id))
