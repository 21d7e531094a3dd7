"""An article cut into words with offsets, line by line: what the patterns for names walk over."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from broadsheet.extraction.lexicon import words

__all__ = ["WORD", "Line", "Mark"]

# A word: initials with dots, or letters and digits with inner apostrophes; a possessive ending is no part of it.
WORD = re.compile(r"((?:[^\W\d_]\.){2,}|[^\W_]+(?:['’](?!s\b)[^\W_]+)*)(?:['’]s\b|(?<=s)['’](?!\w))?")
_ABBREVIATED = words("abbreviated_titles")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch that may name something: code points of the article, a type, and how sure the evidence is.

    `rank` orders marks that overlap (the smaller wins), `weight` is the vote for the type, `full` the name it stands
    for where its own words leave out whose it is ("Egypt's Armed Forces").
    """

    start: int
    end: int
    type: str
    rank: int
    weight: int = 1
    full: str = ""


class Line:
    """The words of one paragraph; offsets are those of the article."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        found = list(WORD.finditer(text, start, end))
        self.spans = [m.span(1) for m in found]
        self.starts = [start for start, _ in self.spans]
        self.ends = [end for _, end in self.spans]
        self.tokens = [m[1] for m in found]
        self.owned = [m.end() > m.end(1) for m in found]  # a possessive ending follows
        self.low = [t.casefold().rstrip(".") for t in self.tokens]

    def __len__(self) -> int:
        return len(self.tokens)

    def gap(self, index: int) -> str:
        """Return what stands between the word before `index` and that word, the possessive ending included."""
        return self.text[self.spans[index - 1][1] : self.spans[index][0]]

    def linked(self, index: int) -> bool:
        """Return whether the word before `index` and that word stand in one phrase: a space, hyphen or abbreviation."""
        if self.owned[index - 1]:
            return False
        gap = self.gap(index)
        if gap in {" ", "\u00a0", "-"}:
            return True
        return gap == ". " and (len(self.tokens[index - 1]) == 1 or self.low[index - 1] in _ABBREVIATED)

    def capital(self, index: int) -> bool:
        """Return whether the word begins with a capital letter."""
        return self.tokens[index][0].isupper()

    def inside(self, start: int, end: int) -> range:
        """Return the indices of the words that overlap [start, end)."""
        first = bisect_right(self.ends, start)
        return range(first, max(first, bisect_left(self.starts, end)))

    def opens_sentence(self, index: int) -> bool:
        """Return whether the word is the first of a sentence or of quoted words."""
        before = self.text[self.start : self.spans[index][0]]
        bare = before.rstrip(" “\"'‘«([-—–\u00a0")
        return not bare or bare[-1] in '.?!:;”"…|»•*' or before[-1] in '“"‘«'

    def surface(self, first: int, last: int) -> tuple[int, int]:
        """Return the code points from word `first` to word `last`, both included."""
        end = self.spans[last][1]
        dotted = self.low[last] in {"jr", "sr", "inc", "corp", "ltd", "co"} and self.text[end : end + 1] == "."
        return self.spans[first][0], end + dotted

    @cached_property
    def is_capitals(self) -> bool:
        """Return whether the line is written in capitals, so that case tells nothing."""
        letters = [t for t in self.tokens if t.isalpha()]
        return len(letters) >= 2 and sum(len(t) for t in letters if t.isupper()) >= 0.8 * sum(map(len, letters))

    @cached_property
    def is_prose(self) -> bool:
        """Return whether the line is sentences rather than a heading, a menu or a credit."""
        return len(self) >= 6 and self.text[self.start : self.end].rstrip(" ”\"'’)»")[-1:] in {
            ".",
            "?",
            "!",
            ":",
            "…",
            ",",
        }

    @cached_property
    def is_headline(self) -> bool:
        """Return whether nearly every longer word has a capital: a title in title case."""
        if self.text[self.start : self.end].rstrip(" ”\"'’)»")[-1:] == ".":
            return False
        longer = [t for t in self.tokens if len(t) > 3 and t[0].isalpha()]
        return len(longer) >= 4 and sum(t[0].isupper() for t in longer) >= 0.8 * len(longer)
