"""Operations on sets of spans: cut them at paragraphs, join them, take some away from others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Protocol

from broadsheet.model import Span

__all__ = ["clip", "cover", "cut_word", "join", "overlaps", "subtract", "trim"]

Blocks = Sequence[tuple[int, int]]
"""The paragraphs that are read, in order, as half-open intervals of code points."""


class Interval(Protocol):
    """Anything with a half-open interval of code points: a span, a mention, a quotation."""

    @property
    def start(self) -> int:
        """The first code point."""

    @property
    def end(self) -> int:
        """The code point after the last."""


def cover(blocks: Blocks, span: Span) -> Blocks:
    """Return the blocks that a span overlaps."""
    first = bisect_right(blocks, span.start, key=lambda block: block[1])
    return blocks[first : bisect_left(blocks, span.end, first, key=lambda block: block[0])]


def clip(spans: Iterable[Span], blocks: Blocks) -> list[Span]:
    """Return the parts of spans that lie inside blocks, in order.

    >>> clip([Span(2, 9)], [(0, 4), (6, 12)])
    [Span(start=2, end=4), Span(start=6, end=9)]
    """
    return sorted(Span(max(s.start, a), min(s.end, b)) for s in spans for a, b in cover(blocks, s) if s.start < s.end)


def join(spans: Iterable[Span]) -> list[Span]:
    """Return spans, given in order, with those that touch or overlap made one.

    >>> join([Span(0, 3), Span(2, 5), Span(5, 6), Span(8, 9)])
    [Span(start=0, end=6), Span(start=8, end=9)]
    """
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def subtract(spans: Iterable[Span], holes: Iterable[Interval]) -> tuple[Span, ...]:
    """Return what is left of spans where no hole is.

    >>> subtract([Span(0, 9)], [Span(3, 5)])
    (Span(start=0, end=3), Span(start=5, end=9))
    """
    rest = list(spans)
    for hole in holes:
        before = [Span(span.start, min(span.end, hole.start)) for span in rest]
        after = [Span(max(span.start, hole.end), span.end) for span in rest]
        rest = sorted(side for side in (*before, *after) if side.start < side.end)
    return tuple(rest)


def trim(text: str, span: Span, trailing: str = "") -> Span:
    """Return a span without white space at its ends, and without the characters `trailing` at its end.

    A span of nothing but `trailing` and white space keeps the former.

    >>> trim("so, he left", Span(0, 4), ",")
    Span(start=0, end=2)
    """
    words = span.slice(text)
    start = span.start + len(words) - len(words.lstrip())
    bare = words.rstrip()
    if trailing:
        bare = _strip_end(bare, trailing) or bare
    return Span(start, max(start, span.start + len(bare)))


def _strip_end(words: str, trailing: str) -> str:
    """Return the words without any of the characters `trailing` and white space at their end."""
    while words and (words[-1] in trailing or words[-1].isspace()):
        words = words[:-1]
    return words


def overlaps(span: Span, others: Iterable[Interval]) -> bool:
    """Tell whether a span shares a code point with one of the others."""
    return any(span.start < other.end and other.start < span.end for other in others)


def cut_word(text: str, span: Span) -> str:
    """Return the word at an end of a span that is only partly in it; empty where there is none.

    Only scripts that have capitals are looked at: others may write words without a space between them.

    >>> cut_word("the council agrees", Span(0, 14)), cut_word("the council agrees", Span(4, 18))
    ('agrees', '')
    """
    for at in (span.start, span.end):
        low = high = at
        while low and _is_of_word(text[low - 1]):
            low -= 1
        while high < len(text) and _is_of_word(text[high]):
            high += 1
        if low < at < high:
            return text[low:high]
    return ""


def _is_of_word(character: str) -> bool:
    return character.isdigit() or character.lower() != character.upper()
