"""Where the words stand that a decision is anchored on: exactly these code points, the n-th time they occur.

Counting starts from 1 and takes places that overlap as two. Nothing is matched but what is written: words in another
case, with other quotation marks or other white space are not the words, and the finding says what stands there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from broadsheet.findings.decided import about, shown
from broadsheet.model import Decision, Finding, Span

__all__ = ["anchor", "occurrence"]

_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»‹›‘’‚‛′″`´", "'") | {'"': "'"} | dict.fromkeys("‐‑‒–—―−", "-"))
_WHITE: Final = re.compile(r"\s+")
_ENOUGH: Final = 12  # code points that are enough to say where the words of a decision begin in the article


def anchor(decisions: Sequence[Decision], text: str) -> tuple[tuple[Decision, ...], tuple[Finding, ...]]:
    """Return the decisions about an article with the place of their words, and a finding for each without one.

    A decision without words to find comes back as it is. Of two mentions that are given in overlapping words the first
    one is kept: the other contradicts it.
    """
    placed: list[Decision] = []
    findings: list[Finding] = []
    for one in decisions:
        words = one.values.get("quoted", "")
        span = occurrence(text, words, int(one.values.get("occurrence") or 1)) if words else None
        if words and span is None:
            findings.append(_gone(one, words, text))
            continue
        found = replace(one, span=span)
        rival = next((other for other in placed if _overlap(found, other)), None)
        if rival is None:
            placed.append(found)
        else:
            findings.append(_rivals(found, rival))
    return tuple(placed), tuple(findings)


def occurrence(text: str, words: str, number: int) -> Span | None:
    """Return where words stand in a text for the n-th time, counted from 1; None where they do not."""
    start = -1
    for _ in range(number):
        start = text.find(words, start + 1)
        if start < 0:
            return None
    return Span(start, start + len(words))


def _overlap(one: Decision, other: Decision) -> bool:
    if one.table != "mentions" or other.table != "mentions" or "drop" in {one.action, other.action}:
        return False
    a, b = one.span, other.span
    return a is not None and b is not None and a.start < b.end and b.start < a.end


def _rivals(one: Decision, other: Decision) -> Finding:
    what = f"{shown(one.values['quoted'])} overlaps {shown(other.values['quoted'])}, which line {other.line} decides"
    return about(one, "BS303", what, "keep one of the two rows: mentions do not overlap", "quoted")


# --- what to write instead --------------------------------------------------------------------------------------------


def _gone(one: Decision, words: str, text: str) -> Finding:
    times = sum(1 for _ in _places(text, words))
    if times:
        what = f"{shown(words)} stands in {one.document_id} {times} time{'s' * (times > 1)}"
        what += f", not {one.values['occurrence']}"
        repair = f"write an occurrence from 1 to {times}" if times > 1 else "write 1, or leave the cell empty"
        return about(one, "BS305", what, repair, "occurrence")
    what, repair = f"{shown(words)} does not stand in {one.document_id}", "copy the words from the article as it is now"
    alike = _alike(text, words)
    if alike is not None:
        what += f", but {shown(alike)} does"
        repair = f"write it as it stands there, letter for letter: {shown(alike)}"
    elif (begin := _beginning(text, words)) is not None:
        what += f": after {shown(words[:begin][-30:])} it goes on {shown(_after(text, words[:begin]))}"
    return about(one, "BS305", what, f"{repair}, or delete the row", "quoted")


def _places(text: str, words: str) -> Iterator[int]:
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def _alike(text: str, words: str) -> str | None:
    """Return the words as a text has them in another case, with other marks, accents or white space."""
    folded, where = _folded(text)
    wanted = _folded(words.strip())[0]
    start = folded.find(wanted) if wanted.strip() else -1
    return text[where[start] : where[start + len(wanted) - 1] + 1] if start >= 0 else None


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text folded for comparison, and for each code point of that the one it comes from."""
    pieces: list[str] = []
    where: list[int] = []
    for at, char in enumerate(text):
        if char.isspace():
            folded = "" if pieces and pieces[-1] == " " else " "
        else:
            folded = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
            folded = folded.translate(_QUOTES).casefold()
        if folded:
            pieces.append(folded)
            where += [at] * len(folded)
    return "".join(pieces), where


def _beginning(text: str, words: str) -> int | None:
    """Return how many code points of the words a text has from their beginning on; None for too few to be told."""
    low, high = 0, len(words)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if words[:middle] in text else (low, middle)
    return low if low >= _ENOUGH else None


def _after(text: str, words: str) -> str:
    at = text.index(words) + len(words)
    return _WHITE.sub(" ", text[at : at + 30])
