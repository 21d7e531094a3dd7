"""Lines: the canonical text cut into paragraphs, with what each looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["WHITE", "Line", "fold", "split"]

# the Unicode White_Space property; str.isspace would add U+001C … U+001F, which are control characters
WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
_SEPARATORS = "\x1c\x1d\x1e\x1f"
STOPS = ".!?…。！？؟।"
_CLOSERS = "\"'”’»)]}›」』*_"
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")


@dataclass(slots=True)
class Line:
    """A paragraph as it stands: code points [start, end), its words folded (`key` joins them), and what it looks like.

    `stops`: it ends like a sentence; `gap`: a blank line, or nothing, stands before it.
    """

    start: int
    end: int
    text: str
    words: list[str]
    key: str
    count: int
    stops: bool
    gap: bool

    @property
    def letters(self) -> str:
        """Return the words of the key without punctuation, one blank between two."""
        return " ".join(_WORD.findall(self.key))

    @property
    def sentence(self) -> bool:
        """Return whether it reads as running text: long, or of some length and with a full stop."""
        return self.count >= 20 or (self.stops and self.count >= 10)

    @property
    def capitals(self) -> bool:
        """Return whether every letter is a capital (and there are some)."""
        return self.text.isupper() and sum(map(str.isalpha, self.text)) > 2


def fold(text: str) -> str:
    """Return text with white space and case folded: for comparing, never for keeping."""
    return " ".join(text.split()).casefold()


def split(text: str, *, wrapped: bool = True) -> list[Line]:
    """Return every stretch between line ends that holds more than white space; whole paragraphs of a hard-wrapped text.

    `wrapped` says whether hard wrapping is looked for.
    """
    found: list[Line] = []
    start, gap = 0, True
    white = WHITE if any(map(text.__contains__, _SEPARATORS)) else None  # None is faster, and strips those too
    for piece in text.split("\n"):
        bare = piece.strip(white)
        if bare:
            found.append(_line(bare, start if len(bare) == len(piece) else start + piece.index(bare), gap))
        gap = not bare
        start += len(piece) + 1
    if wrapped and (width := _wrap_width(found)):
        return [_line(text[start:end], start, gap) for start, end, gap in _unwrapped(found, width)]
    return found


def _line(stands: str, start: int, gap: bool) -> Line:
    words = stands.casefold().split()
    last = stands[-1]
    stops = last in STOPS or (last in _CLOSERS and stands.rstrip(_CLOSERS)[-1:] in STOPS)
    return Line(start, start + len(stands), stands, words, " ".join(words), len(words), stops, gap)


def _wrap_width(lines: list[Line]) -> int:
    """Return the width a text is hard-wrapped at, 0 if it is not.

    It is where hardly any line could have taken the first word of the next: then lines end for want of room, not
    because a paragraph does.
    """
    longest = max([len(line.text) for line in lines], default=0)
    if not 40 <= longest <= 120:
        return 0
    joins = [(a, b) for a, b in pairwise(lines) if not b.gap and len(a.text) > longest // 2]
    full = sum(not _fits(a, b, longest) for a, b in joins)
    broken = sum(a.text[-1] not in STOPS for a, _ in joins)
    return longest if len(joins) >= 4 and full >= 0.8 * len(joins) and broken >= 0.6 * len(joins) else 0


def _fits(line: Line, after: Line, width: int) -> bool:
    """Return whether the first word of the next line would have had room at the end of this one."""
    word = after.text.split(maxsplit=1)[:1]  # none in a line of control characters
    return len(line.text) + 1 + sum(map(len, word)) <= width - 8


def _unwrapped(lines: list[Line], width: int) -> list[tuple[int, int, bool]]:
    """Return where each paragraph of a wrapped text begins and ends, and whether a gap stands before it."""
    joined: list[tuple[int, int, bool]] = []
    previous: Line | None = None
    for line in lines:
        if previous and not line.gap and not _fits(previous, line, width):
            joined[-1] = (joined[-1][0], line.end, joined[-1][2])
        else:
            joined.append((line.start, line.end, line.gap))
        previous = line
    return joined
