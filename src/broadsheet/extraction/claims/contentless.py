"""Attributions that say nothing: a cue that does not attribute, or a content of one word or one name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from broadsheet.extraction import lexicon
from broadsheet.model import Attribution, Span

__all__ = ["says_something"]

_WORD = re.compile(r"\w[\w’'-]*")
_MARK = re.compile(r"[:―–—-]")
_UNSAID = re.compile(r"(?:should|must|might|may|ought\s+to|needs?\s+to)\s+(?!not\b)", re.IGNORECASE)
"""The beginning of a cue for what a source should say or may say, and did not."""
_QUOTED = re.compile(r"[“”\"«‘]|'(?=\w)")
_EDGE = re.compile(r"^(?:the|a|an)\s+|[’']s?$|^\W+|\W+$", re.IGNORECASE)


def says_something(text: str, one: Attribution, names: Collection[str]) -> bool:
    """Tell whether an attribution with content has a cue that attributes and a content that says something.

    `names` are the words of the mentions of the article. Quoted words always say something, and so do those after a
    colon or a dash. "In" and "from" before a source attribute; "should ask" and "might blame" do not.
    """
    cue = _words(text, one.cue)
    if not _WORD.search(cue):
        return not cue or _MARK.search(cue) is not None
    return _attributes(cue) and _is_said(_words(text, one.content), names)


def _attributes(cue: str) -> bool:
    """Tell whether the words of a cue attribute what somebody did say."""
    words = _WORD.findall(cue)
    is_function_word = len(words) == 1 and words[0].lower() in lexicon.words("function_words")
    return not is_function_word and _UNSAID.match(cue) is None


def _words(text: str, spans: Iterable[Span]) -> str:
    return " ".join(span.slice(text) for span in spans)


def _is_said(content: str, names: Collection[str]) -> bool:
    if _QUOTED.search(content):
        return True
    return len(_WORD.findall(content)) > 1 and _EDGE.sub("", content) not in names
