"""Attributions that say nothing: a cue that does not attribute, a label, or a content of one word or one name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from broadsheet.extraction import lexicon
from broadsheet.extraction.speakers.noun_phrases import head_noun
from broadsheet.model import Attribution, Span

__all__ = ["says_something"]

_WORD = re.compile(r"\w[\w’'-]*")
_MARK = re.compile(r"[:―–—-]")
_UNSAID = re.compile(r"(?:should|must|might|may|ought\s+to|needs?\s+to)\s+(?!not\b)", re.IGNORECASE)
"""The beginning of a cue for what a source should say or may say, and did not."""
_BARE = re.compile(r"(?:which|who|what|that[’']s\s+what)(?:\s+(?:is|are|was|were))?", re.IGNORECASE)
"""A relative pronoun with its verb, which leaves out what is said: "…, which is what he said"."""
_LOWER = re.compile(r"(?<!\S)[a-z]+(?=[\s,.;:!?’”\"]|$)")
_FEWEST_LOWER, _FEWEST_WORDS, _FEWEST_QUOTED = 2, 6, 5
"""So many words in small letters, words in all, or quoted words are after a mark if they are no value of a label."""
_DOCUMENTS = lexicon.words("document_nouns") | lexicon.words("records_and_works")
_LISTS = ("occupations", "offices", "officials_without_a_name", "organisation_nouns")
_SPEAKERS = _DOCUMENTS.union(*map(lexicon.words, _LISTS))
_SEEMS = re.compile(r"(?:seem|appear)(?:s|ed|ing)?\b", re.IGNORECASE)
"""What the writer infers, whoever is the subject."""
_UNMENTIONED = re.compile(
    r"(?:\b(?:not|never|barely|hardly|scarcely)|n[’']t)\s+(?:\w+\s+){0,2}?"
    r"(?:mention|discuss|address|refer|talk|speak|spoke|touch)(?:e?d|ing|s)?\b",
    re.IGNORECASE,
)
"""What a source left out: with a noun, these are no words of its own."""
_CLAUSE = re.compile(r"(?:that|whether|if|how|what|who|why|when|where)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[“”\"«‘]|'(?=\w)")
_EDGE = re.compile(r"^(?:the|a|an)\s+|[’']s?$|^\W+|\W+$", re.IGNORECASE)


def says_something(text: str, one: Attribution, names: Collection[str]) -> bool:
    """Tell whether an attribution with content has a cue that attributes and a content that says something.

    `names` are the words of the mentions of the article. Quoted words always say something, and so do those after a
    colon or a dash, if that is not a label ("Producer: Ann Roe"). "In" and "from" before a source attribute; "should
    ask", "might blame" and "seems" do not.
    """
    cue = _words(text, one.cue)
    if not _WORD.search(cue):
        return not cue or _is_after_mark(text, one, cue, names)
    content = _words(text, one.content)
    return _attributes(cue) and _is_said(content, names) and not _is_left_out(cue, content)


def _attributes(cue: str) -> bool:
    """Tell whether the words of a cue attribute what somebody did say."""
    words = _WORD.findall(cue)
    is_function_word = len(words) == 1 and words[0].lower() in lexicon.words("function_words")
    return not is_function_word and _UNSAID.match(cue) is None and _SEEMS.match(cue) is None


def _is_left_out(cue: str, content: str) -> bool:
    """Tell whether a source did not name a thing: "barely mentioned the fire"."""
    return _UNMENTIONED.search(cue) is not None and not _CLAUSE.match(content)


def _words(text: str, spans: Iterable[Span]) -> str:
    return " ".join(span.slice(text) for span in spans)


def _is_said(content: str, names: Collection[str]) -> bool:
    if _QUOTED.search(content):
        return True
    if _BARE.fullmatch(content):
        return False
    return len(_WORD.findall(content)) > 1 and _EDGE.sub("", content) not in names


def _is_after_mark(text: str, one: Attribution, cue: str, names: Collection[str]) -> bool:
    """Tell whether a cue without words is a colon or a dash between a speaker and what he says, not after a label.

    Only the trained reader takes labels for speakers. A speaker has a name, or a noun for a person, a body or a
    document; what is said is a sentence: "Host: a.org", "Pro: it is cheap" and "Producer: Ann Roe" are labels.
    """
    if not one.measured or _MARK.search(cue) is None:
        return _MARK.search(cue) is not None
    content = _words(text, one.content)
    words = len(_WORD.findall(content))
    if words >= _FEWEST_QUOTED and _QUOTED.match(content):
        return True
    if len(_LOWER.findall(content)) >= _FEWEST_LOWER:
        return _may_speak(_words(text, one.source), names, _SPEAKERS)
    return words >= _FEWEST_WORDS and _may_speak(_words(text, one.source), names, _DOCUMENTS)


def _may_speak(source: str, names: Collection[str], nouns: Collection[str]) -> bool:
    return head_noun(source) in nouns or any(name in source for name in names)
