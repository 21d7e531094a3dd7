"""Repeats inside an article: exact, near (a few words differ) and merged (earlier paragraphs joined, or a part of one).

Three-word shingles find candidates in one pass; a pair counts by containment, or by edit distance where it is short.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Literal

from rapidfuzz import fuzz

from broadsheet.texts.lines import Line

__all__ = ["Repeat", "repeats"]

Shingle = tuple[str, str, str]
Repeat = tuple[int, Literal["exact", "near", "merged"]]

_NEAR = 0.8  # share of the later paragraph's shingles that are in the earlier one
_RATIO = 90  # rapidfuzz ratio, for short paragraphs in which one word changes three shingles
_LONG = 4000  # characters from which a paragraph is not short: the ratio's time grows with the square
_CANDIDATE = 0.4  # share of shingles seen before that makes a paragraph worth comparing
_SHORT = 8  # words: below, only exact copies count
_FIGURES = 25  # words up to which other figures make another fact


def repeats(lines: list[Line], near: Container[int] | None = None) -> dict[int, Repeat]:
    """Return position → (position of the first copy, kind) for every paragraph that repeats an earlier one.

    `near` names the positions where copies that are not exact are looked for; None: everywhere.
    """
    found: dict[int, Repeat] = {}
    first: dict[str, int] = {}
    index: dict[Shingle, int] = {}  # shingle → the first paragraph that has it
    for position, line in enumerate(lines):
        copy = first.setdefault(line.key, position) if _may_be_copy(line) else position
        if copy != position:
            found[position] = found.get(copy, (copy, "exact"))  # a copy of a near copy is as near to the first
        elif _has_shingles(line) and (near is None or position in near):
            _compare(lines, position, index, found)
    return found


def _compare(lines: list[Line], position: int, index: dict[Shingle, int], found: dict[int, Repeat]) -> None:
    """Look for an earlier paragraph that this one nearly repeats. If there is none, add its shingles to the index."""
    anchors = _anchors(lines[position])
    known = anchors & index.keys()
    enough = known and len(known) >= _CANDIDATE * len(anchors)
    candidates = sorted({index[shingle] for shingle in known}) if enough else []
    repeat = _match(lines, position, candidates) if candidates else None
    if repeat:
        found[position] = repeat
    else:
        index.update(dict.fromkeys(anchors - known, position))


def _may_be_copy(line: Line) -> bool:
    """Return whether a line that occurs twice is a copy: "Yes." in a conversation is not, nor is a line of marks."""
    return line.count > 3 or (bool(line.words) and not line.stops)


def _has_shingles(line: Line) -> bool:
    """Return whether a line is long enough to compare, and not a breadcrumb, which names the headline."""
    return line.count >= _SHORT and not any(mark in line.key for mark in ("»", "›", " > "))


def _anchors(line: Line) -> set[Shingle]:
    """Return the shingles that begin with a long word: a quarter of them, enough to find candidates. All, if few."""
    shingles = _shingles(line)
    anchors = {shingle for shingle in shingles if len(shingle[0]) > 5}
    return anchors if len(anchors) > 2 else shingles


def _shingles(line: Line) -> set[Shingle]:
    return set(zip(line.words, line.words[1:], line.words[2:], strict=False))


def _match(lines: list[Line], position: int, candidates: list[int]) -> Repeat | None:
    """Compare a paragraph with those that share some of its shingles, now by all of them."""
    line, shingles = lines[position], _shingles(lines[position])
    theirs = {other: _shingles(lines[other]) for other in candidates}
    shared = {other: len(shingles & theirs[other]) for other in candidates}
    best = max(candidates, key=shared.__getitem__)
    if shared[best] >= _NEAR * len(shingles) or _is_alike(lines[best], line):
        return (best, _kind(theirs[best], shingles)) if _has_same_figures(lines[best], line) else None
    whole = [other for other in candidates if shared[other] >= _NEAR * len(theirs[other])]
    covered = sum(map(shared.__getitem__, whole)) + 2 * len(whole)  # two shingles are lost where two are joined
    if len(whole) > 1 and covered >= _NEAR * len(shingles):
        return whole[0], "merged"
    return None


def _kind(earlier: set[Shingle], later: set[Shingle]) -> Literal["near", "merged"]:
    """Return whether a paragraph is about the earlier one or only a part of it."""
    return "near" if len(earlier) <= 1.5 * len(later) + 3 else "merged"


def _is_alike(a: Line, b: Line) -> bool:
    return max(len(a.key), len(b.key)) < _LONG and fuzz.ratio(a.key, b.key, score_cutoff=_RATIO) > 0


def _has_same_figures(a: Line, b: Line) -> bool:
    """Return whether two short paragraphs name the same figures: otherwise they are two facts in the same words."""
    return min(a.count, b.count) > _FIGURES or _figures(a) == _figures(b)


def _figures(line: Line) -> list[str]:
    return sorted(word for word in line.words if word[0].isdigit())
