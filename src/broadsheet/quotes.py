"""Where quotation marks open and close: paragraph by paragraph, never across unrelated lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

__all__ = ["Quotation", "find", "touching", "where_paragraphs_were"]

_MARK = re.compile("[“”„‟«»\"＂]|''|``|’’|‘‘")
_OPENERS = frozenset({"“", "„", "‟", "«", "``", "‘‘"})
_CLOSERS = frozenset({"”", "»", "’’"})
_BEFORE_OPENER = frozenset("([{—–-/:;,‘'")
_SENTENCE_END = re.compile(r"[.?!][”\"'’)]*\s+")
_AFTER_SENTENCE = re.compile(r"[.?!…][\])’']*(\s+)$")
_SAYS = re.compile(
    r",\s+(?:(?:[\w.’'-]+\s+){1,4}(?:said|says|added|wrote)|(?:said|says|added|wrote)\s+[\w.’'-]+(?:\s+[\w.’'-]+){0,3})\W+$"
)
"""Who speaks, at the end of a sentence: the quotation was closed before."""
_NEAR = 100
"""Code points before a mark in which a sentence ends and says who speaks."""
_MAY_CLOSE = (".", ",", "?", "!", "…")
_ENDS_QUOTATION = frozenset("”\"»'")
_SINGLE = re.compile(r"(?<![\w.,!?])[‘'](?=\w)(.{1,600}?[\w.,!?…])[’'](?!\w)")


_SINGLE_AROUND = re.compile(
    r"(?:(?<![^\n])|(?<=[,:;—–-]\s))[‘'](?=\w)[^‘’'\n]{1,600}?(?:[’']\w[^‘’'\n]{1,600}?)*[’'](?!\w)"
)


@dataclass(frozen=True, slots=True, order=True)
class Quotation:
    """Quoted words with their marks: code points [start, end). `runs_on`: the next paragraph goes on with it."""

    start: int
    end: int
    runs_on: bool = False


@dataclass(frozen=True, slots=True)
class _QuoteMark:
    start: int
    end: int
    opens: bool


def find(text: str, blocks: Iterable[tuple[int, int]]) -> tuple[Quotation, ...]:
    """Return the outermost quotations of the paragraphs `blocks`, half-open code-point intervals, in order.

    A quotation that is still open at the end of its paragraph ends there; it runs on when the next paragraph begins
    with an opening mark. A closing mark without an opening one closes the sentences before it.

    >>> [(q.start, q.end) for q in find("He said “yes” and left.", [(0, 23)])]
    [(8, 13)]
    """
    quotations: list[Quotation] = []
    paragraphs = list(blocks)
    for (start, end), following in zip_longest(paragraphs, paragraphs[1:], fillvalue=(0, 0)):
        in_paragraph = _paragraph(text, start, end)
        goes_on = _begins_quoted(text, *following)
        kept = [q for q in in_paragraph if not _is_slip(q, in_paragraph)]
        quotations += [Quotation(q.start, q.end, q.runs_on and goes_on) for q in kept]
    return tuple(sorted(quotations))


def where_paragraphs_were(text: str, blocks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the paragraphs `blocks`, cut where a line break was lost inside a quotation. Offsets are code points.

    A quotation over several paragraphs is opened again in each and closed in the last. So a mark that opens behind a
    sentence, while a quotation is open, begins a paragraph.

    >>> where_paragraphs_were('"Go. "Run," he said.', [(0, 20)])
    ((0, 4), (5, 20))
    """
    return tuple(part for start, end in blocks for part in _parts(text, start, end))


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    depth = 0
    for mark in _marks(text, start, end):
        near = max(start, mark.start - _NEAR)
        sentence = _AFTER_SENTENCE.search(text, near, mark.start) if mark.opens and depth else None
        if sentence is not None and _goes_on(text, near, mark):
            yield start, sentence.start(1)
            start, depth = mark.start, 0
        depth = depth + 1 if mark.opens else max(0, depth - 1)
    yield start, end


def _goes_on(text: str, near: int, mark: _QuoteMark) -> bool:
    """Tell whether a mark opens a quotation again, where none was left open by a slip: "“It sank, he said. “Go.”"."""
    return text[mark.end : mark.end + 1].isalnum() and _SAYS.search(text, near, mark.start) is None


def touching(quoted: Sequence[Quotation], start: int, end: int) -> Sequence[Quotation]:
    """Return the quotations that have words in [start, end). `quoted` is sorted and does not overlap."""
    low = bisect_left(quoted, start, key=lambda q: q.end - 1)
    return quoted[low : bisect_left(quoted, end, low, key=lambda q: q.start)]


def _is_slip(quotation: Quotation, in_paragraph: list[Quotation]) -> bool:
    """Return whether an opening mark that was never closed was a slip: other quotations follow it."""
    return quotation.runs_on and any(q.start > quotation.start for q in in_paragraph)


def _begins_quoted(text: str, start: int, end: int) -> bool:
    mark = _MARK.match(text, start, end)
    return mark is not None and mark.group() not in _CLOSERS


def _paragraph(text: str, start: int, end: int) -> list[Quotation]:
    marks = _marks(text, start, end)
    if not marks:
        return [Quotation(m.start(), m.end()) for m in _SINGLE.finditer(text, start, end)]
    open_marks: list[_QuoteMark] = []
    quotations: list[Quotation] = []
    for mark in marks:
        if mark.opens:
            open_marks.append(mark)
        elif open_marks:
            opener = open_marks.pop()
            outside = [q for q in quotations if q.start < opener.start]
            quotations = [*outside, Quotation(opener.start, mark.end)]
        else:
            before = quotations[-1].end if quotations else start
            quotations += _sentences_before(text, before, mark)
    unclosed = [Quotation(opener.start, end, runs_on=True) for opener in open_marks]
    return _with_singles(text, (start, end), sorted(quotations + unclosed))


def _with_singles(text: str, paragraph: tuple[int, int], quotations: list[Quotation]) -> list[Quotation]:
    """Return quotations with those in single marks that have one of them inside, in place of it.

    A single mark opens such a quotation only at the beginning of its paragraph or after a comma, colon or dash: others
    may be apostrophes.
    """
    matches = _SINGLE_AROUND.finditer(text, *paragraph)
    around = [single for m in matches if _around(single := Quotation(m.start(), m.end()), quotations)]
    return sorted([*around, *(q for q in quotations if not touching(around, q.start, q.end))])


def _around(single: Quotation, quotations: Iterable[Quotation]) -> bool:
    return any(single.start < q.start and q.end < single.end for q in quotations)


def _sentences_before(text: str, start: int, mark: _QuoteMark) -> list[Quotation]:
    """Return the quotation that a closing mark without an opening one ends, if it closes sentences.

    It begins after the first sentence end behind an earlier quotation, or else with the paragraph.
    """
    words = text[start : mark.start]
    if len(words) < 2 or not words.endswith(_MAY_CLOSE):
        return []
    if text[start - 1 : start] not in _ENDS_QUOTATION:
        return [Quotation(start, mark.end)]
    edges = [edge.end() for edge in _SENTENCE_END.finditer(text, start, mark.start)]
    return [Quotation(edges[0], mark.end)] if edges and edges[0] < mark.start else []


def _marks(text: str, start: int, end: int) -> list[_QuoteMark]:
    """Return the quotation marks of a paragraph with their direction. Neighbours decide that of straight marks."""
    marks: list[_QuoteMark] = []
    depth = 0
    for match in _MARK.finditer(text, start, end):
        opens = _opens(text, match, (start, end), depth)
        depth = depth + 1 if opens else max(0, depth - 1)
        marks.append(_QuoteMark(match.start(), match.end(), opens))
    return marks


def _opens(text: str, match: re.Match[str], paragraph: tuple[int, int], depth: int) -> bool:
    mark = match.group()
    if mark in _OPENERS:
        return True
    if mark in _CLOSERS:
        # a closing mark that opens, as in: he said,”We hope …”
        return depth == 0 and text[match.end() : min(match.end() + 1, paragraph[1])].isalnum()
    may_open, may_close = _may_open(text, match, paragraph), _may_close(text, match, paragraph)
    return depth == 0 if may_open == may_close else may_open


def _may_open(text: str, match: re.Match[str], paragraph: tuple[int, int]) -> bool:
    before = text[match.start() - 1] if match.start() > paragraph[0] else " "
    after = text[match.end()] if match.end() < paragraph[1] else " "
    return (before.isspace() or before in _BEFORE_OPENER) and not after.isspace()


def _may_close(text: str, match: re.Match[str], paragraph: tuple[int, int]) -> bool:
    before = text[match.start() - 1] if match.start() > paragraph[0] else " "
    return not before.isspace()
