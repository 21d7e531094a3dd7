"""Repeats inside an article: exact, near (a few words differ) and merged (earlier paragraphs joined, or a part of one).

Three-word shingles find candidates in one pass; a pair counts by containment, or by edit distance where it is short.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

from rapidfuzz import fuzz

from broadsheet.texts.lines import Line

__all__ = ["Repeat", "repeats"]

Repeat = tuple[int, Literal["exact", "near", "merged"]]

NEAR = 0.8  # share of the later paragraph's shingles that stand in the earlier one
RATIO = 90  # rapidfuzz ratio, for short paragraphs in which one word changes three shingles
CANDIDATE = 0.4  # share of shingles seen before that makes a paragraph worth comparing
SHORT = 8  # words: below, only exact copies count


def repeats(lines: list[Line]) -> dict[int, Repeat]:
    """Return position → (position of the first copy, kind) for every paragraph that repeats an earlier one."""
    found: dict[int, Repeat] = {}
    first: dict[str, int] = {}
    index: dict[tuple[str, str, str], int] = {}
    sizes: dict[int, int] = {}
    for position, line in enumerate(lines):
        if line.count >= SHORT or _counts(line):
            if (copy := first.setdefault(line.key, position)) != position:
                found[position] = (copy, "exact")
                continue
        if line.count < SHORT or _is_crumbs(line.key):
            continue
        words = line.key.split()
        grams = set(zip(words, words[1:], words[2:], strict=False))
        known = grams & index.keys()
        if len(known) >= CANDIDATE * len(grams):
            if repeat := _match(lines, position, Counter(index[g] for g in known), len(grams), sizes):
                found[position] = repeat
                continue
        sizes[position] = len(grams)
        index.update(dict.fromkeys(grams - known, position))
    return found


def _is_crumbs(key: str) -> bool:
    """Return whether a line is a breadcrumb: it names the headline and is no copy of it."""
    return "»" in key or "›" in key or " > " in key


def _counts(line: Line) -> bool:
    """Return whether a short line said twice is a copy: "Yes." in a conversation is not."""
    return not line.stops or line.count > 3


def _match(lines: list[Line], position: int, shared: Counter[int], total: int, sizes: dict[int, int]) -> Repeat | None:
    best = min(shared, key=lambda p: (-shared[p], p))
    kind: Literal["exact", "near", "merged"]
    if shared[best] >= NEAR * total or _alike(lines[best], lines[position]):
        if not _same_figures(lines[best], lines[position]):
            return None
        kind = "near" if sizes[best] <= 1.5 * total + 3 else "merged"
        if lines[best].letters == lines[position].letters:
            kind = "exact" if lines[best].key == lines[position].key else "near"
        return best, kind
    whole = [p for p in shared if shared[p] >= NEAR * sizes[p]]
    if len(whole) > 1 and sum(shared[p] for p in whole) >= NEAR * total - 2 * len(whole):
        return min(whole), "merged"
    return None


def _alike(a: Line, b: Line) -> bool:
    return fuzz.ratio(a.key, b.key, score_cutoff=RATIO) > 0


def _same_figures(a: Line, b: Line) -> bool:
    """Return whether two short paragraphs name the same figures: else they are two facts in one mould."""
    if min(a.count, b.count) > 25:
        return True
    return sorted(w for w in a.letters.split() if w[0].isdigit()) == sorted(
        w for w in b.letters.split() if w[0].isdigit()
    )
