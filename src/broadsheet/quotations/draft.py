"""The quotations of a draft: their words in pieces, as ellipses, brackets and attributions divide them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final, Literal

from broadsheet.model import Span
from broadsheet.quotations.words import Word, words

__all__ = ["MINIMUM", "Joint", "Piece", "Quote", "continues", "quotes"]

MINIMUM: Final = 4
"""Words of a quotation that is judged: fewer may be a single term, which needs no source."""

Joint = Literal["start", "ellipsis", "bracket", "attribution", "paragraph"]

_RECASED: Final = re.compile(r"(?<!\w)\[(\w)\](?=\w)")
_BREAK: Final = re.compile(
    r"(?P<ellipsis>\[\s*(?:\.{2,}|…|\.(?:\s\.)+)\s*\]|\(\s*(?:\.{3}|…)\s*\)|…|\.(?:\s?\.){2,})"
    r"|(?P<bracket>\w*\[[^\[\]\n]{0,120}\]\w*)"
)
_BETWEEN: Final = re.compile(r"[^.!?\n]{3,150},\s*")
_GOES_ON: Final = re.compile(r"\W*(?:[a-z]|I\b|\[)")
_PAUSE: Final = re.compile(r"[,;—–-][\s”\"’'»]*$")
_SENTENCE: Final = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St))(?<!\b(?:Mrs|Sen|Rep|Gov|Gen))[.!?][”\"’')\]]*(?=\s)|\n"
)
_STOPPED: Final = re.compile(r"[.!?][\s”\"’'»)\]]*$")
_SMALL: Final = re.compile(r"\b(?:[a-z]{1,4})\b")
_TITLE: Final = re.compile(r"(?:[A-Z0-9&][^\s]*\s*)+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words quoted without a break; `joint` is what is before them, `inserted` the words of a bracket there."""

    words: tuple[Word, ...]
    joint: Joint = "start"
    inserted: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: code points [start, end) of the draft, marks included, and its pieces.

    `spans` are its parts between marks. `around` are the words of its sentence outside them, other quotations included.
    """

    start: int
    end: int
    spans: tuple[Span, ...]
    pieces: tuple[Piece, ...]
    around: str = ""
    is_title: bool = False

    @property
    def words(self) -> tuple[Word, ...]:
        """Return the words of all pieces."""
        return tuple(word for piece in self.pieces for word in piece.words)

    @property
    def is_short(self) -> bool:
        """Return whether it has too few words to be judged."""
        return len(self.words) < MINIMUM


def quotes(text: str, marked: Sequence[tuple[int, int, bool]]) -> Iterator[Quote]:
    """Yield the quotations of a draft. `marked` are start, end, and whether the next paragraph goes on with it.

    Parts that an attribution divides (`“We will,” she said, “if they agree.”`) are one quotation.
    """
    spans = [Span(start, end) for start, end, _ in marked]
    groups: list[list[int]] = []
    for number, (start, end, _) in enumerate(marked):
        before = marked[number - 1] if number else None
        if before and (before[2] or continues(text, (before[0], before[1]), (start, end))):
            groups[-1].append(number)
        else:
            groups.append([number])
    for group in groups:
        yield _quote(text, spans, group, [marked[number][2] for number in group])


def continues(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return whether the second of two quotations ends the sentence that the first begins.

    >>> words = '“We will,” she said, “if they agree.”'
    >>> continues(words, (0, 10), (21, 37)), continues("“We will.” She said, “if they agree.”", (0, 10), (21, 37))
    (True, False)
    """
    between = text[one[1] : other[0]]
    pause = _PAUSE.search(text[one[0] : one[1]]) or between.lstrip().startswith(",")
    return bool(pause and _BETWEEN.fullmatch(between) and _GOES_ON.match(text[other[0] : other[1]]))


def _quote(text: str, spans: Sequence[Span], group: Sequence[int], runs_on: Sequence[bool]) -> Quote:
    own = tuple(spans[number] for number in group)
    joints: list[Joint] = ["start", *("paragraph" if goes_on else "attribution" for goes_on in runs_on[:-1])]
    pieces = tuple(chain.from_iterable(map(_pieces, repeat(text), own, joints)))
    inside = own[0].slice(text).strip("“”„\"'‘’«»‹› ")
    return Quote(own[0].start, own[-1].end, own, pieces, _around(text, own), _is_title(inside))


def _pieces(text: str, span: Span, first: Joint) -> Iterator[Piece]:
    """Yield the pieces of a part between marks. `[T]he` is a word; any other bracket divides."""
    plain = _RECASED.sub(lambda found: f"  {found[1]}", span.slice(text))
    low, joint, inserted = 0, first, ""
    for found in (*_BREAK.finditer(plain), None):
        high = found.start() if found else len(plain)
        held = tuple(Word(word.key, word.start + span.start, word.end + span.start) for word in words(plain, low, high))
        if held:
            yield Piece(held, joint, inserted)
            joint, inserted = "bracket", ""
        if found:
            low, inserted = found.end(), inserted + (found["bracket"] or "")
            joint = "ellipsis" if found["ellipsis"] else joint


def _around(text: str, own: Sequence[Span]) -> str:
    """Return the words of a quotation's sentence that are outside its marks."""
    low, high = own[0].start, own[-1].end
    blank = list(text[max(0, low - 600) : high + 600])
    offset = max(0, low - 600)
    for span in own:
        for place in range(max(span.start, offset), min(span.end, offset + len(blank))):
            blank[place - offset] = " "
    shown = "".join(blank)
    before = _SENTENCE.split(shown[: low - offset])[-1]
    between = shown[low - offset : high - offset]
    after = "" if _STOPPED.search(own[-1].slice(text)) else _SENTENCE.split(shown[high - offset :])[0]
    return f"{before}{between}{after}"


def _is_title(inside: str) -> bool:
    """Return whether words are written as the title of a work is: every longer word with a capital, no full stop."""
    longer = _SMALL.sub("", inside)
    return not inside.endswith((".", ",", "!", "?")) and _TITLE.fullmatch(longer.strip()) is not None
