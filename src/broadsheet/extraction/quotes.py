"""Where quotation marks open and close: paragraph by paragraph, never across unrelated lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

__all__ = ["Quotation", "Unpaired", "find", "touching"]

_MARK = re.compile("[“”„‟«»\"＂]|''|``|’’|‘‘")
_OPENERS = frozenset({"“", "„", "‟", "«", "``", "‘‘"})
_CLOSERS = frozenset({"”", "»", "’’"})
_BEFORE_OPENER = frozenset("([{—–-/:;,‘'")
_SENTENCE_END = re.compile(r"[.?!][”\"'’)]*\s+")
_SINGLE = re.compile(r"(?<![\w.,!?])[‘'](?=\w)(.{1,600}?[\w.,!?…])[’'](?!\w)")


@dataclass(frozen=True, slots=True, order=True)
class Quotation:
    """Quoted words with their marks: code points [start, end). `runs_on`: the next paragraph goes on with it."""

    start: int
    end: int
    runs_on: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Unpaired:
    """A quotation mark without its fellow."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    opens: bool


def find(text: str, blocks: Iterable[tuple[int, int]]) -> tuple[tuple[Quotation, ...], tuple[Unpaired, ...]]:
    """Return the outermost quotations of the paragraphs `blocks`, in order, and the marks that have no fellow.

    A quotation that is still open at the end of its paragraph ends there; it runs on when the next paragraph begins
    with an opening mark. A closing mark without an opening one closes the sentences before it.
    """
    quotations: list[Quotation] = []
    unpaired: list[Unpaired] = []
    stretches = list(blocks)
    for (start, end), following in zip_longest(stretches, stretches[1:], fillvalue=(0, 0)):
        found, broken = _paragraph(text, start, end)
        goes_on = _begins_quoted(text, *following)
        quotations += [
            Quotation(q.start, q.end, goes_on) if q.runs_on else q
            for q in found
            if not (q.runs_on and _too_open(q, found))
        ]
        unpaired += [u for u in broken if not (goes_on and u == broken[-1])]
    return tuple(sorted(quotations)), tuple(sorted(unpaired))


def touching(quoted: Sequence[Quotation], start: int, end: int) -> Sequence[Quotation]:
    """Return the quotations that have words in [start, end); `quoted` is in order and apart from each other."""
    low = bisect_left(quoted, start, key=lambda q: q.end - 1)
    return quoted[low : bisect_left(quoted, end, low, key=lambda q: q.start)]


def _too_open(quotation: Quotation, found: list[Quotation]) -> bool:
    """Tell whether other quotations stand after an opening mark that was never closed: then it was a slip."""
    return any(q.start > quotation.start for q in found)


def _begins_quoted(text: str, start: int, end: int) -> bool:
    mark = _MARK.match(text, start, end)
    return mark is not None and mark.group() not in _CLOSERS


def _paragraph(text: str, start: int, end: int) -> tuple[list[Quotation], list[Unpaired]]:
    open_marks: list[_Mark] = []
    found: list[Quotation] = []
    broken: list[Unpaired] = []
    for mark in _marks(text, start, end):
        if mark.opens:
            open_marks.append(mark)
        elif open_marks:
            opener = open_marks.pop()
            while found and found[-1].start > opener.start:
                found.pop()
            found.append(Quotation(opener.start, mark.end))
        else:
            begin = _sentence_start(text, found[-1].end if found else start, mark.start)
            broken.append(Unpaired(mark.start, mark.end))
            if begin is not None:
                found.append(Quotation(begin, mark.end))
    for opener in open_marks:
        broken.append(Unpaired(opener.start, opener.end))
        found.append(Quotation(opener.start, end, runs_on=True))
    if not found and not broken:
        found = [Quotation(m.start(), m.end()) for m in _SINGLE.finditer(text, start, end)]
    return sorted(found), broken


def _sentence_start(text: str, start: int, end: int) -> int | None:
    """Return where the sentences begin which a closing mark at `end` closes; None when it closes none.

    After an earlier quotation that is the sentence after it, else the paragraph's beginning.
    """
    if end - start < 2 or text[end - 1] not in ".,?!…":
        return None
    if not text[:start] or text[start - 1] not in "”\"»'":
        return start
    edge = _SENTENCE_END.search(text, start, end)
    return edge.end() if edge and edge.end() < end else None


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    """Return the quotation marks of a paragraph with their direction; straight ones are told by their neighbours."""
    marks: list[_Mark] = []
    depth = 0
    for match in _MARK.finditer(text, start, end):
        opens = _opens(text, match, (start, end), depth)
        depth = depth + 1 if opens else max(0, depth - 1)
        marks.append(_Mark(match.start(), match.end(), opens))
    return marks


def _opens(text: str, match: re.Match[str], paragraph: tuple[int, int], depth: int) -> bool:
    mark = match.group()
    if mark in _OPENERS:
        return True
    if mark in _CLOSERS:
        # a closing mark that opens, as in: he said,”We hope …”
        return depth == 0 and match.end() < paragraph[1] and text[match.end()].isalnum()
    if _may_open(text, match, paragraph) and not _may_close(text, match, paragraph):
        return True
    if _may_close(text, match, paragraph) and not _may_open(text, match, paragraph):
        return False
    return depth == 0


def _may_open(text: str, match: re.Match[str], paragraph: tuple[int, int]) -> bool:
    before = text[match.start() - 1] if match.start() > paragraph[0] else " "
    after = text[match.end()] if match.end() < paragraph[1] else " "
    return (before.isspace() or before in _BEFORE_OPENER) and not after.isspace()


def _may_close(text: str, match: re.Match[str], paragraph: tuple[int, int]) -> bool:
    before = text[match.start() - 1] if match.start() > paragraph[0] else " "
    return not before.isspace()
