"""The words of one line of an article with their offsets, as the patterns for names read them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from broadsheet.extraction.lexicon import words

__all__ = ["WORD", "Description", "Mark", "WordLine"]

# A word: initials with dots, or letters and digits with inner apostrophes; a possessive ending is not part of it.
# An accent may be a character of its own. Behind "Ã" and "Â" a mark belongs to a letter that was decoded wrongly.
_LETTER = (
    r"(?:[^\W_]|[\u0300-\u036f]|(?:(?<=[ÃÂ])|(?<=A[\u0302\u0303]))[\u0080-\u00bf]"
    r"|(?:(?<=[Ã\u0080-\u009f])|(?<=A\u0303)) (?=[a-z]))"
)
WORD = re.compile(rf"((?:[^\W\d_]\.){{2,}}|[^\W_]{_LETTER}*(?:['’](?!s\b){_LETTER}+)*)(?:['’]s\b|(?<=s)['’](?!\w))?")
_ABBREVIATED_TITLES = words("abbreviated_titles")
_ABBREVIATED_ENDINGS = words("abbreviated_name_endings")
_SENTENCE_END = re.compile(r"[.?!:…,][ ”\"'’)»]*$")
_SENTENCE_ENDS = tuple('.?!:;”"…|»•*')
_OPENING_MARKS = tuple('“"‘«')
_MOSTLY = 0.8  # the part of the words that must have capitals in a line of capitals or in a headline
_FEWEST_IN_TITLE, _FEWEST_IN_LINE = 2, 4  # longer words that show how a line is written


@dataclass(frozen=True, slots=True)
class Description:
    """What stands beside a name. The default value says nothing.

    `courtesy` is the sex that a title directly before it shows ("f", "m" or empty), `sex` that of a word for a relative
    or of the pronoun that takes it up, `office` the office before it in small letters, `relative` where a word for a
    relative is: before the name ("his wife, Ann") or behind it ("Ann Lee, widow of a miner").
    """

    courtesy: str = ""
    sex: str = ""
    office: str = ""
    relative: Literal["", "before", "behind"] = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch that may name something: code points of the article, a type, and how sure the evidence is.

    `rank` orders marks that overlap (the smaller wins), `weight` is the vote for the type, `full` the name it stands
    for where its own words leave out whose it is ("Egypt's Armed Forces"). `description` says what is beside it.
    """

    start: int
    end: int
    type: str
    rank: int
    weight: int = 1
    full: str = ""
    description: Description = Description()


class WordLine:
    """The words of one paragraph; offsets are those of the article. Words that do not exist are empty.

    `is_title` says that the paragraph stands over the article or a part of it.
    """

    def __init__(self, text: str, start: int, end: int, *, is_title: bool = False) -> None:
        self.text, self.start, self.end, self.is_title = text, start, end, is_title
        found = list(WORD.finditer(text, start, end))
        self.spans = [m.span(1) for m in found]
        self.starts = [start for start, _ in self.spans]
        self.ends = [end for _, end in self.spans]
        self.tokens = [m[1] for m in found]
        self.owned = [m.end() > m.end(1) for m in found]  # a possessive ending follows
        self.low = [token.casefold().rstrip(".") for token in self.tokens]

    def __len__(self) -> int:
        return len(self.tokens)

    def word(self, index: int) -> str:
        """Return a word in small letters, without a dot at its end; empty where there is no such word."""
        return self.low[index] if 0 <= index < len(self.low) else ""

    def gap(self, index: int) -> str:
        """Return the text between the word before `index` and that word, the possessive ending included."""
        return self.text[self.ends[index - 1] : self.starts[index]] if 0 < index < len(self.low) else ""

    def linked(self, index: int) -> bool:
        """Return whether a word and the one before it are in one phrase: a space, hyphen or abbreviation between."""
        gap = self.gap(index)
        if gap == ". ":
            return len(self.tokens[index - 1]) == 1 or self.low[index - 1] in _ABBREVIATED_TITLES
        return gap in {" ", "\u00a0", "-"}

    def before(self, index: int) -> str:
        """Return the word before `index` if it is in the same phrase, else nothing."""
        return self.low[index - 1] if self.linked(index) else ""

    def after(self, index: int) -> str:
        """Return the word behind `index` if it is in the same phrase, else nothing."""
        return self.low[index + 1] if self.linked(index + 1) else ""

    def capital(self, index: int) -> bool:
        """Return whether there is such a word and it begins with a capital letter."""
        return index < len(self.tokens) and self.tokens[index][0].isupper()

    def inside(self, start: int, end: int) -> range:
        """Return the indices of the words that overlap [start, end)."""
        first = bisect_right(self.ends, start)
        return range(first, max(first, bisect_left(self.starts, end)))

    def opens_sentence(self, index: int) -> bool:
        """Return whether the word is the first of a sentence or of quoted words."""
        before = self.text[self.start : self.starts[index]]
        bare = before.rstrip(" “\"'‘«([-—–\u00a0")
        return not bare or bare.endswith(_SENTENCE_ENDS) or before.endswith(_OPENING_MARKS)

    def surface(self, first: int, last: int) -> tuple[int, int]:
        """Return the code points from word `first` to word `last`, both included."""
        end = self.ends[last]
        dotted = self.low[last] in _ABBREVIATED_ENDINGS and self.text[end : end + 1] == "."
        return self.starts[first], end + dotted

    @cached_property
    def is_capitals(self) -> bool:
        """Return whether the line is written in capitals, so that case does not show what is a name."""
        letters = [token for token in self.tokens if token.isalpha()]
        capitals = [token for token in letters if token.isupper()]
        return len(letters) >= 2 and sum(map(len, capitals)) >= _MOSTLY * sum(map(len, letters))

    @cached_property
    def is_prose(self) -> bool:
        """Return whether the line is sentences rather than a heading, a menu or a credit."""
        return len(self) >= 6 and _SENTENCE_END.search(self.text, self.start, self.end) is not None

    @cached_property
    def is_headline(self) -> bool:
        """Return whether nearly every longer word has a capital: in a title, or in a line without a full stop."""
        longer = [token for token in self.tokens if len(token) > 3 and token[0].isalpha()]
        capitals = [token for token in longer if token[0].isupper()]
        enough = len(longer) >= (_FEWEST_IN_TITLE if self.is_title else _FEWEST_IN_LINE)
        return enough and len(capitals) >= _MOSTLY * len(longer) and (self.is_title or not self._is_credit_or_sentence)

    @property
    def _is_credit_or_sentence(self) -> bool:
        line = self.text[self.start : self.end]
        return self.word(0) == "by" or line.startswith("(") or line.rstrip(" ”\"'’)»").endswith((".", ":"))

    @property
    def is_heading(self) -> bool:
        """Return whether capital letters do not show here what is a name."""
        return self.is_capitals or self.is_headline
