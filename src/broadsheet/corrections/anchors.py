"""Find the words that a decision quotes: the n-th place in the article with exactly these code points.

Places are counted from 1 and may overlap. Words in another case, with other quotation marks or other white space do not
match; the finding then shows what the article contains.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from broadsheet.findings.decided import about, shown
from broadsheet.model import ArticleDecision, Finding, MentionDecision, Span

__all__ = ["anchor", "occurrence", "quotation"]

_MARKS: Final = str.maketrans(dict.fromkeys("“”„‟«»‹›‘’‚‛′″`´", "'") | {'"': "'"} | dict.fromkeys("‐‑‒–—―−", "-"))
_WHITE: Final = re.compile(r"\s+")
_SHORTEST_START: Final = 12  # code points of a quotation that identify where it starts in the article
_SHOWN: Final = 30  # code points of the article that a message shows


def anchor(decisions: Sequence[ArticleDecision], text: str) -> tuple[tuple[ArticleDecision, ...], tuple[Finding, ...]]:
    """Return the decisions about an article with the place of their words, and a finding for each without one.

    A decision that quotes nothing comes back as it is. Of two mentions in overlapping words the first is kept.
    """
    placed: list[ArticleDecision] = []
    findings: list[Finding] = []
    for one in decisions:
        found = replace(one, span=occurrence(text, one.quoted, one.occurrence)) if one.quoted else one
        rival = next((other for other in placed if _overlap(found, other)), None)
        if one.quoted and found.span is None:
            findings.append(_not_found(one, text))
        elif rival is not None:
            findings.append(_overlapping(found, rival))
        else:
            placed.append(found)
    return tuple(placed), tuple(findings)


def occurrence(text: str, words: str, number: int) -> Span | None:
    """Return the n-th place of words in a text, counted from 1; None if there are fewer.

    >>> occurrence("no, no, no", "no", 2)
    Span(start=4, end=6)
    """
    start = -1
    for _ in range(number):
        start = text.find(words, start + 1)
        if start < 0:
            return None
    return Span(start, start + len(words))


def quotation(text: str, span: Span) -> dict[str, str]:
    """Return the cells that name a place of a text by its words: the inverse of `occurrence`.

    >>> quotation("no, no, no", Span(4, 6))
    {'quoted': 'no', 'occurrence': '2'}
    """
    words = span.slice(text)
    number, at = 1, text.find(words)
    while at < span.start:
        number, at = number + 1, text.find(words, at + 1)
    return {"quoted": words, "occurrence": str(number) if number > 1 else ""}


def _overlap(one: ArticleDecision, other: ArticleDecision) -> bool:
    a, b = _kept_mention(one), _kept_mention(other)
    return a is not None and b is not None and a.start < b.end and b.start < a.end


def _kept_mention(one: ArticleDecision) -> Span | None:
    """Return the place of a mention that is in the result; None for any other decision."""
    return one.span if isinstance(one, MentionDecision) and one.action != "drop" else None


def _overlapping(one: ArticleDecision, other: ArticleDecision) -> Finding:
    problem = f"{shown(one.quoted)} overlaps {shown(other.quoted)}, which line {other.line} decides"
    return about(one, "BS303", problem, "keep one of the two rows: mentions do not overlap", "quoted")


# --- what to write instead --------------------------------------------------------------------------------------------


def _not_found(one: ArticleDecision, text: str) -> Finding:
    count = sum(1 for _ in _places(text, one.quoted))
    if count:
        times = f"{count} time{'s' * (count > 1)}"
        problem = f"{shown(one.quoted)} is {times} in {one.document_id}, not {one.occurrence}"
        repair = f"write an occurrence from 1 to {count}" if count > 1 else "write 1, or leave the cell empty"
        return about(one, "BS305", problem, repair, "occurrence")
    problem, repair = f"{shown(one.quoted)} is not in {one.document_id}", "copy the words from the article as it is now"
    similar = _similar(text, one.quoted)
    start = _common_start(text, one.quoted)
    if similar is not None:
        problem += f", but {shown(similar)} is"
        repair = f"write it exactly as in the article: {shown(similar)}"
    elif start:
        problem += f": after {shown(start[-_SHOWN:])} the article continues {shown(_after(text, start))}"
    return about(one, "BS305", problem, f"{repair}, or delete the row", "quoted")


def _places(text: str, words: str) -> Iterator[int]:
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def _similar(text: str, words: str) -> str | None:
    """Return the words as a text has them in another case, with other marks, accents or white space."""
    folded, origins = _folded(text)
    wanted, _ = _folded(words.strip())
    start = folded.find(wanted) if wanted.strip() else -1
    if start < 0:
        return None
    return text[origins[start] : origins[start + len(wanted) - 1] + 1]


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text folded for comparison, and for each code point of it the position it comes from."""
    pieces: list[str] = []
    origins: list[int] = []
    for at, char in enumerate(text):
        after_space = bool(pieces) and pieces[-1] == " "
        folded = _folded_char(char, after_space=after_space)
        if folded:
            pieces.append(folded)
            origins += [at] * len(folded)
    return "".join(pieces), origins


def _folded_char(char: str, *, after_space: bool) -> str:
    if char.isspace():
        return "" if after_space else " "
    letters = [c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)]
    return "".join(letters).translate(_MARKS).casefold()


def _common_start(text: str, words: str) -> str:
    """Return the longest start of the words that a text contains; the empty string if it is too short to identify."""
    low, high = 0, len(words)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if words[:middle] in text else (low, middle)
    return words[:low] if low >= _SHORTEST_START else ""


def _after(text: str, words: str) -> str:
    at = text.index(words) + len(words)
    return _WHITE.sub(" ", text[at : at + _SHOWN])
