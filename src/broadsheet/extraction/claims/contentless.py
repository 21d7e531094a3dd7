"""Attributions that say nothing: a cue that does not attribute, a label, or a content of one word or one name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from broadsheet.extraction import lexicon
from broadsheet.extraction.claims.topics import is_topic
from broadsheet.extraction.speakers.noun_phrases import head_noun
from broadsheet.model import Attribution, Span

__all__ = ["is_running_text", "says_something"]

_WORD = re.compile(r"\w[\w’'-]*")
_MARK = re.compile(r"[:―–—-]")
_UNSAID = re.compile(
    r"(?:should|must|ought\s+to|needs?\s+to)\s+(?!not\b)|(?:might|may)\s|"
    r"(?:should|could|must|would)\s+(?:not\s+)?have\s|"
    r"(?:gets?|got|ha[sd]|have)\s+(?:\w+\s+){0,3}?(?:chance|opportunity|time)\s+to\s",
    re.IGNORECASE,
)
"""The beginning of a cue for what a source should say, may say or would have said, and did not."""
_SUPPOSED = re.compile(
    r"(?:\b(?:if|unless|whether)|\b(?:neither|nor|never|rarely|seldom)\s+(?:did|does|do|has|have|had|will|would)"
    r"|(?:^|[.?!:;,—][”\"’]*\s+|\n)(?:had|do|does|did))\s+$",
    re.IGNORECASE,
)
"""What is before the source where nobody is told to have said it: "if he thinks", "do they see", "nor did she note"."""
_BEFORE = 30
"""Code points before a source in which such words are."""
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
_FIGURES = frozenset({"experience", "history", "logic"})
"""What speaks in a figure of speech only: "history says"."""
_REFLEXIVE = re.compile(
    r"(?:him|her|it)self\b|themselves\b|it\s+(?:\w+ly\s+)?(?:difficult|easy|easier|hard|harder|impossible)\b",
    re.IGNORECASE,
)
_FINDS = re.compile(r"\bf(?:ind|inds|ound|inding)$", re.IGNORECASE)
"""With "himself" or "it hard", what somebody lives through."""
_OPEN = re.compile(r"\b(?:question|issue)\s+(?:\w+\s+)?(?:is|was|remains?|remained)$|\bunclear$", re.IGNORECASE)
"""A cue of the writer without a source: "the question is whether"."""
_FAR = re.compile(r"\bfar\s+from\s+(?:assured|certain|clear|guaranteed)\b", re.IGNORECASE)
_HAVING_SAID = re.compile(r"(?:having|that)\s+(?:being\s+)?said$", re.IGNORECASE)
_QUOTED = re.compile(r"[“”\"«‘]|'(?=\w)")
_EDGE = re.compile(r"^(?:the|a|an)\s+|[’']s?$|^\W+|\W+$", re.IGNORECASE)


def says_something(text: str, one: Attribution, names: Collection[str]) -> bool:
    """Tell whether an attribution with content has a cue that attributes and a content that says something.

    `names` are the words of the mentions of the article. Quoted words always say something, and so do those after a
    colon or a dash, if that is not a label ("Producer: Ann Roe"). "In" and "from" before a source attribute; "should
    ask", "might blame" and "seems" do not.
    """
    cue = _words(text, one.cue)
    if _is_supposed(text, one):
        return False
    if not _WORD.search(cue):
        return not cue or _is_after_mark(text, one, cue, names)
    if not _attributes(cue) or head_noun(_words(text, one.source)) in _FIGURES:
        return False
    content = _words(text, one.content)
    return _is_said(content, names) and not (_is_of_writer(one, cue, content) or is_topic(cue, content))


def is_running_text(content: str) -> bool:
    """Tell whether words are more than names and numbers: two or more are in small letters.

    >>> is_running_text("The tide is late."), is_running_text("The Valory Music Co.")
    (True, False)
    """
    return len(_LOWER.findall(content)) >= _FEWEST_LOWER


def _is_supposed(text: str, one: Attribution) -> bool:
    """Tell whether a statement is only a condition or a question, or is denied before its source."""
    if not one.source:
        return False
    start = one.source[0].start
    return _SUPPOSED.search(text, max(0, start - _BEFORE), start) is not None


def _attributes(cue: str) -> bool:
    """Tell whether the words of a cue attribute what somebody did say."""
    words = _WORD.findall(cue)
    is_function_word = len(words) == 1 and words[0].lower() in lexicon.words("function_words")
    return not is_function_word and _UNSAID.match(cue) is None and _SEEMS.match(cue) is None


def _is_of_writer(one: Attribution, cue: str, content: str) -> bool:
    """Tell whether words are the writer's own: an open question, "having said that", "found himself alone"."""
    is_open = (not one.source and _OPEN.search(cue) is not None) or _FAR.search(cue) is not None
    is_lived = _FINDS.search(cue) is not None and _REFLEXIVE.match(content) is not None
    return is_open or is_lived or _HAVING_SAID.match(cue) is not None


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
    if is_running_text(content):
        return _may_speak(_words(text, one.source), names, _SPEAKERS)
    return words >= _FEWEST_WORDS and _may_speak(_words(text, one.source), names, _DOCUMENTS)


def _may_speak(source: str, names: Collection[str], nouns: Collection[str]) -> bool:
    return head_noun(source) in nouns or any(name in source for name in names)
