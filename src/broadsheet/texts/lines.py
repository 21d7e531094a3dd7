"""Lines: the canonical text cut into paragraphs, with the features of each that comparisons need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from anyascii import anyascii

from broadsheet.model import WHITE_SPACE

__all__ = ["Line", "bare_words", "fold", "letters", "split", "visible"]

_STOPS = tuple(".!?…。！？؟।")
_CLOSERS = "\"'”’»)]}›」』*_"
# soft hyphens, zero-width characters and marks of direction; joiners only where they do not shape letters
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|(?<![^\\x00-\u02ff])[\u200c\u200d]"
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_WIDTHS = range(40, 121)  # characters at which texts are hard-wrapped


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the canonical text: code points [start, end).

    `key` is the text with white space and case folded, `words` are its words without punctuation. `count` is the number
    of words between blanks. `stops`: the text ends like a sentence. `gap`: the line before is blank, or this is the
    first one.
    """

    start: int
    end: int
    text: str
    key: str
    words: tuple[str, ...]
    count: int
    stops: bool
    gap: bool

    @property
    def sentence(self) -> bool:
        """Return whether it reads as running text: long, or of some length and with a full stop."""
        return self.count >= 20 or (self.stops and self.count >= 10)

    @property
    def capitals(self) -> bool:
        """Return whether every letter is a capital, and there are at least three."""
        return self.text.isupper() and sum(map(str.isalpha, self.text)) > 2


def visible(text: str) -> str:
    r"""Return a text on one line without characters that no reader sees.

    >>> visible("Har\u00adbour\u200b  wall")
    'Harbour wall'
    """
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())


def fold(text: str) -> str:
    """Return text with white space and case folded, without invisible characters: for comparing, never for keeping.

    >>> fold(" Read  More ")
    'read more'
    """
    return visible(text).casefold()


def letters(text: str) -> str:
    """Return the letters and digits of a name in ASCII: for comparing it with names in addresses.

    >>> letters("La Nación")
    'lanacion'
    """
    return "".join(filter(str.isalnum, anyascii(text).lower()))


def bare_words(key: str) -> tuple[str, ...]:
    """Return the words of a folded text without punctuation.

    >>> bare_words("don’t miss: e-mail alerts (2)")
    ("don't", 'miss', 'e', 'mail', 'alerts', '2')
    """
    return tuple(_WORD.findall(key.replace("’", "'")))


def split(text: str, *, wrapped: bool = True) -> list[Line]:
    """Return every stretch between line ends that has more than white space; of a hard-wrapped text, its paragraphs.

    `wrapped` says whether hard wrapping is looked for.
    """
    lines = list(_pieces(text))
    width = _wrap_width(lines) if wrapped else 0
    return _unwrapped(text, lines, width) if width else lines


def _pieces(text: str) -> Iterator[Line]:
    start, gap = 0, True
    for piece in text.split("\n"):
        words = piece.strip(WHITE_SPACE)
        if words:
            yield _line(words, start + piece.index(words), gap)
        gap = not words
        start += len(piece) + 1


def _line(text: str, start: int, gap: bool) -> Line:
    key = fold(text)
    stops = text.rstrip(_CLOSERS).endswith(_STOPS)
    return Line(start, start + len(text), text, key, bare_words(key), key.count(" ") + 1, stops, gap)


def _wrap_width(lines: list[Line]) -> int:
    """Return the width at which a text is hard-wrapped, 0 if it is not.

    A line of a wrapped text ends because the next word does not fit, not because a paragraph ends.
    """
    longest = max((line.end - line.start for line in lines), default=0)
    joints = [(a, b) for a, b in pairwise(lines) if not b.gap and len(a.text) > longest // 2]
    is_wrapped = longest in _WIDTHS and len(joints) >= 4 and _are_wrapped(joints, longest)
    return longest if is_wrapped else 0


def _are_wrapped(joints: list[tuple[Line, Line]], width: int) -> bool:
    """Return whether most lines are full, and most end inside a sentence."""
    full = [not _fits(a, b, width) for a, b in joints]
    broken = [not a.text.endswith(_STOPS) for a, _ in joints]
    return sum(full) >= 0.8 * len(joints) and sum(broken) >= 0.6 * len(joints)


def _fits(line: Line, after: Line, width: int) -> bool:
    """Return whether the first word of the next line would have had room at the end of this one."""
    first_word = after.text.split(maxsplit=1)[:1]  # a line of control characters has no word
    return len(line.text) + 1 + sum(map(len, first_word)) <= width - 8


def _unwrapped(text: str, lines: list[Line], width: int) -> list[Line]:
    """Return the paragraphs of a wrapped text."""
    paragraphs: list[list[Line]] = [lines[:1]]
    for before, line in pairwise(lines):
        if line.gap or _fits(before, line, width):
            paragraphs.append([line])
        else:
            paragraphs[-1].append(line)
    return [_line(text[part[0].start : part[-1].end], part[0].start, part[0].gap) for part in paragraphs]
