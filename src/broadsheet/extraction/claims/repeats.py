"""Claims of a repeated paragraph: which claim of its first copy each of them repeats."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broadsheet.model import Attribution, Claim, ClaimKind, Paragraph, Span, Text

__all__ = ["repeats"]

_WORD = re.compile(r"\w+")
_ALIKE = 0.6
"""Share of words (Dice) that two contents must have in common if one paragraph is a copy of the other."""
_SAME = 0.9
"""The share for a claim of the paragraphs that follow the first copy."""
_MERGED = 6
"""How many paragraphs one paragraph may repeat at once."""


@dataclass(frozen=True, slots=True)
class _Comparable:
    """What is compared of a claim: the index of its paragraph, the paragraph that this one repeats, its words."""

    paragraph: int
    copy_of: int | None
    kind: ClaimKind
    words: Counter[str]


def repeats(text: Text, claims: Sequence[Claim]) -> list[int | None]:
    """Return for each claim of a repeated paragraph the index of the same claim in the first copy, or None.

    A paragraph may repeat several paragraphs merged into one: those after the one it names are searched too. No two
    claims of a paragraph repeat the same claim.
    """
    placed = [_placed(text, claim) for claim in claims]
    originals: dict[int, list[int]] = defaultdict(list)  # by paragraph
    taken: set[tuple[int, int]] = set()
    found: list[int | None] = []
    for at, claim in enumerate(placed):
        found.append(None)
        if claim.copy_of is None:
            originals[claim.paragraph].append(at)
            continue
        near = [i for p in range(claim.copy_of, claim.copy_of + _MERGED) for i in originals.get(p, ())]
        free = [i for i in near if (claim.paragraph, i) not in taken]
        found[at] = best = _most_alike(claim, free, placed)
        taken.add((claim.paragraph, at if best is None else best))
    return found


def _placed(text: Text, claim: Claim) -> _Comparable:
    paragraph = _paragraph(text.paragraphs, claim.attribution)
    words = _words(text.text, claim.attribution.content or claim.attribution.cue)
    return _Comparable(paragraph, text.paragraphs[paragraph].duplicate_of, claim.kind, words)


def _paragraph(paragraphs: Sequence[Paragraph], one: Attribution) -> int:
    """Return the index of the paragraph of the first span of content, else of the cue."""
    start = (one.content or one.cue)[0].start
    return bisect_right(paragraphs, start, key=lambda p: p.start) - 1


def _words(text: str, spans: Iterable[Span]) -> Counter[str]:
    return Counter(match.group().casefold() for span in spans for match in _WORD.finditer(span.slice(text)))


def _most_alike(claim: _Comparable, others: Iterable[int], placed: Sequence[_Comparable]) -> int | None:
    """Return the claim that is most alike: in the first copy if there is one, else in the paragraphs after it."""
    ranked = []
    for i in others:
        is_later = placed[i].paragraph != claim.copy_of
        likeness = _likeness(claim.words, placed[i].words)
        if placed[i].kind == claim.kind and likeness >= (_SAME if is_later else _ALIKE):
            ranked.append((is_later, -likeness, i))
    return min(ranked)[2] if ranked else None


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the Dice coefficient of two bags of words."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
