"""Repeats inside an article: exact, near (a few words differ) and merged (earlier paragraphs joined, or a part of one).

Three-word shingles find candidates in one pass; a pair counts by containment, or by edit distance where it is short.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Literal

from rapidfuzz import fuzz

from broadsheet.texts.lines import Line

__all__ = ["Repeat", "repeats"]

Gram = tuple[str, str, str]
Repeat = tuple[int, Literal["exact", "near", "merged"]]

NEAR = 0.8  # share of the later paragraph's shingles that stand in the earlier one
RATIO = 90  # rapidfuzz ratio, for short paragraphs in which one word changes three shingles
LONG = 4000  # characters from which a paragraph is not short: the ratio's time grows with the square
CANDIDATE = 0.4  # share of shingles seen before that makes a paragraph worth comparing
SHORT = 8  # words: below, only exact copies count


def repeats(lines: list[Line], near: Container[int] | None = None) -> dict[int, Repeat]:
    """Return position → (position of the first copy, kind) for every paragraph that repeats an earlier one.

    `near` names the positions where copies that are not exact are looked for; None: everywhere.
    """
    found: dict[int, Repeat] = {}
    first: dict[str, int] = {}
    index: dict[Gram, int] = {}  # shingle → the paragraph it stands in first
    for position, line in enumerate(lines):
        long = line.count >= SHORT
        if (long or _counts(line)) and (copy := first.setdefault(line.key, position)) != position:
            found[position] = found.get(copy, (copy, "exact"))  # a copy of a near copy is as near to the first
            continue
        if not long or (near is not None and position not in near) or _is_crumbs(line.key):
            continue
        anchors = _anchors(line)
        if known := anchors & index.keys():
            holders = {index[gram] for gram in known} if len(known) >= CANDIDATE * len(anchors) else ()
            if holders and (repeat := _match(lines, position, sorted(holders))):
                found[position] = repeat
                continue
            anchors -= known
        index.update(dict.fromkeys(anchors, position))
    return found


def _anchors(line: Line) -> set[Gram]:
    """Return the shingles that begin with a long word: a quarter of them, enough to find candidates. All, if few."""
    words = line.words
    found = {(a, b, c) for a, b, c in zip(words, words[1:], words[2:], strict=False) if len(a) > 5}
    return found if len(found) > 2 else _grams(line)


def _grams(line: Line) -> set[Gram]:
    words = line.letters.split()
    return set(zip(words, words[1:], words[2:], strict=False))


def _is_crumbs(key: str) -> bool:
    """Return whether a line is a breadcrumb: it names the headline and is no copy of it."""
    return "»" in key or "›" in key or " > " in key


def _counts(line: Line) -> bool:
    """Return whether a short line said twice is a copy: "Yes." in a conversation is not."""
    return not line.stops or line.count > 3


def _match(lines: list[Line], position: int, candidates: list[int]) -> Repeat | None:
    """Compare a paragraph with those that share some of its shingles, now by all of them."""
    grams = _grams(lines[position])
    sizes = {p: _grams(lines[p]) for p in candidates}
    shared = {p: len(grams & theirs) for p, theirs in sizes.items()}
    best = min(shared, key=lambda p: (-shared[p], p))
    if shared[best] >= NEAR * len(grams) or _alike(lines[best], lines[position]):
        if not _same_figures(lines[best], lines[position]):
            return None
        return best, "near" if len(sizes[best]) <= 1.5 * len(grams) + 3 else "merged"
    whole = [p for p in candidates if shared[p] >= NEAR * len(sizes[p])]
    if len(whole) > 1 and sum(shared[p] for p in whole) >= NEAR * len(grams) - 2 * len(whole):
        return min(whole), "merged"
    return None


def _alike(a: Line, b: Line) -> bool:
    return max(len(a.key), len(b.key)) < LONG and fuzz.ratio(a.key, b.key, score_cutoff=RATIO) > 0


def _same_figures(a: Line, b: Line) -> bool:
    """Return whether two short paragraphs name the same figures: else they are two facts in one mould."""
    if min(a.count, b.count) > 25:
        return True
    return sorted(w for w in a.letters.split() if w[0].isdigit()) == sorted(
        w for w in b.letters.split() if w[0].isdigit()
    )
