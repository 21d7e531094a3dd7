"""Lines: the canonical text cut into paragraphs, with what each looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["WHITE", "Line", "fold", "split"]

# the Unicode White_Space property; str.isspace would add U+001C … U+001F, which are control characters
WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
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
    def stems(self) -> set[str]:
        """Return the first four characters of each word: what a line is about, and which signs to look for in it."""
        return {word[:4] for word in self.words}

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
    found: list[tuple[int, int, bool]] = []
    start, gap = 0, True
    for piece in text.split("\n"):
        bare = piece.strip(WHITE)
        if bare:
            at = start + piece.index(bare)
            found.append((at, at + len(bare), gap))
        gap = not bare
        start += len(piece) + 1
    if wrapped and (width := _wrap_width(text, found)):
        found = _unwrap(text, found, width)
    return [_line(text, *place) for place in found]


def _line(text: str, start: int, end: int, gap: bool) -> Line:
    stands = text[start:end]
    words = stands.casefold().split()
    last = stands[-1]
    stops = last in STOPS or (last in _CLOSERS and stands.rstrip(_CLOSERS)[-1:] in STOPS)
    return Line(start, end, stands, words, " ".join(words), len(words), stops, gap)


def _wrap_width(text: str, found: list[tuple[int, int, bool]]) -> int:
    """Return the width a text is hard-wrapped at, 0 if it is not.

    It is where hardly any line could have taken the first word of the next: then lines end for want of room, not
    because a paragraph does.
    """
    longest = max((end - start for start, end, _ in found), default=0)
    if not 40 <= longest <= 120:
        return 0
    joins = [(a, b) for a, b in pairwise(found) if not b[2] and a[1] - a[0] > longest // 2]
    full = sum(not _fits(text, a, b, longest) for a, b in joins)
    broken = sum(text[a[1] - 1] not in STOPS for a, b in joins)
    return longest if len(joins) >= 4 and full >= 0.8 * len(joins) and broken >= 0.6 * len(joins) else 0


def _fits(text: str, line: tuple[int, int, bool], after: tuple[int, int, bool], width: int) -> bool:
    """Return whether the first word of the next line would have had room at the end of this one."""
    word = text[after[0] : after[1]].split(maxsplit=1)[0]
    return line[1] - line[0] + 1 + len(word) <= width - 8


def _unwrap(text: str, found: list[tuple[int, int, bool]], width: int) -> list[tuple[int, int, bool]]:
    joined: list[tuple[int, int, bool]] = []
    previous: tuple[int, int, bool] | None = None
    for place in found:
        if previous and not place[2] and not _fits(text, previous, place, width):
            joined[-1] = (joined[-1][0], place[1], joined[-1][2])
        else:
            joined.append(place)
        previous = place
    return joined
