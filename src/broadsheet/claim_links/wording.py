"""The words of a content without marks, its omissions, and where its clauses and sentences end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["GAP", "Tokens", "gapped"]

GAP = "…"
_LETTER = re.compile(r"\[(\w)\](?=\w)")  # [w]e is we
_BRACKETS = re.compile(r"\[[^\[\]]{0,80}\]")
_OMISSION = re.compile(r"\.(?: ?\.){2,}")
_INITIALS = re.compile(r"\b([^\W\d_])\.([^\W\d_])\b")  # U.S. is US
_HAS_INITIALS = re.compile(r"\.(?<=\b[^\W\d_]\.)(?=[^\W\d_]\b)")  # the same place from its full stop: few have one
_WORDS = re.compile(r"…|[^\W_]+(?:'[^\W_]+)*")
_TOKEN = re.compile(r"(?P<word>[^\W_]+(?:'[^\W_]+)*)|(?P<stop>[.!?])|(?P<mark>[…,;:()–—\"“”«»]|--|'')")
_OPENING = frozenset({"and", "but", "because", "so", "or"})
_TURNING = frozenset(
    {"not", "no", "never", "nobody", "nothing", "none", "neither", "nor", "hardly", "if", "unless", "whether"}
    | {"doubt", "deny", "denies", "denied", "false", "untrue", "wrong", "unlikely"}
)
"""Words that turn the sense of what follows them."""
_LIMITING = frozenset({"if", "unless", "until", "except", "without", "not", "or", "nor"})
"""Words that limit what is before them."""


def _marked(text: str) -> str:
    """Return a text in small letters, with omissions and words in brackets as `…`."""
    plain = text.lower().replace("’", "'")
    if "[" in plain:
        plain = _BRACKETS.sub(f" {GAP} ", _LETTER.sub(r"\1", plain))
    plain = _OMISSION.sub(GAP, plain)
    return _INITIALS.sub(r"\1\2", _INITIALS.sub(r"\1\2", plain)) if _HAS_INITIALS.search(plain) else plain


def gapped(text: str) -> str:
    """Return the words of a text with `…` at its omissions, without an opening "that".

    >>> gapped("“That the [old] harbour . . . is closed,”")
    'the … harbour … is closed'
    """
    found = _WORDS.findall(_marked(text))
    return " ".join(found[1:] if found[:1] == ["that"] else found)


def _turns(word: str) -> bool:
    return word in _TURNING or word.endswith("n't")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a content; `ends` has by word what ends after it: nothing, a clause or a sentence."""

    words: tuple[str, ...]
    ends: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Tokens:
        """Return the words of a text, without an opening "that", and what ends after each."""
        words: list[str] = []
        ends: list[str] = []
        for match in _TOKEN.finditer(_marked(text)):
            if match["word"]:
                words.append(match["word"])
                ends.append("")
            elif ends:
                ends[-1] = "sentence" if match["stop"] else ends[-1] or "clause"
        first = int(words[:1] == ["that"])
        return cls(tuple(words[first:]), tuple(ends[first:]))

    def find(self, segments: Iterable[str]) -> tuple[int, int] | None:
        """Return where the first of some stretches of words begins and the last one ends, if all are there in order."""
        line, at, places = f" {' '.join(self.words)} ", 0, []
        for segment in segments:
            at = line.find(f" {segment} ", at)
            if at < 0:
                return None
            places += [line.count(" ", 0, at), line.count(" ", 0, at + len(segment) + 1)]
            at += len(segment) + 1
        return (places[0], places[-1]) if places else None

    def begins_clause(self, start: int) -> bool:
        """Return whether a sentence or clause begins at a word, and nothing before it in its sentence turns it."""
        before = self._before(start)
        is_begun = not before or bool(self.ends[start - 1]) or before[-1] in _OPENING
        return is_begun and not any(map(_turns, before))

    def _before(self, start: int) -> tuple[str, ...]:
        """Return the words before a word in its sentence."""
        stops = [i for i in range(start) if self.ends[i] == "sentence"]
        return self.words[stops[-1] + 1 if stops else 0 : start]

    def ends_clause(self, end: int) -> bool:
        """Return whether a sentence or clause ends before a word."""
        return end == len(self.words) or bool(self.ends[end - 1])

    def is_limited(self, end: int) -> bool:
        """Return whether the word at a place limits what is before it: "we will go" + "if"."""
        return end < len(self.words) and self.ends[end - 1] != "sentence" and self.words[end] in _LIMITING
