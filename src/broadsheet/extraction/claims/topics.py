"""Contents that only name what a source spoke about, left out or judged.

"Talked about the fire", "did not mention it", "criticized the mayor": what was said of it is not told.
"""

from __future__ import annotations

import re

from broadsheet.extraction import lexicon
from broadsheet.extraction.claims.cue_words import lemma_of_cue

__all__ = ["is_topic"]

_UNMENTIONED = re.compile(
    r"(?:\b(?:not|never|barely|hardly|scarcely)|n[’']t)\s+(?:\w+\s+){0,2}?(?:mention|discuss|address|refer|talk|speak|"
    r"spoke|touch|cit(?=e|i)|not(?=e|i)|call(?:ed|ing)?\s+(?:for|on))(?:e?d|ing|e?s|e)?\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"(?:neither|nobody|nothing|no)\b", re.IGNORECASE)
_MENTIONS = re.compile(r"\bmention(?:s|ed|ing)?$", re.IGNORECASE)
_TALKS = (
    r"\b(?:(?:talk|chat|speak|opin|comment|remark|mus|reflect|elaborat|expound)(?:e?[sd]|ing|e)?|spok(?:e|en)|"
    r"wr(?:ites?|ote|itten|iting)|ask(?:s|ed|ing)?(?=\s+questions?\b))\b"
)
_SPOKEN_ABOUT = re.compile(
    rf"{_TALKS}\s+(?:\w+\s+){{0,3}}?(?:about|of|on|upon|to)$|\b(?:discuss(?:es|ed|ing)?|refer(?:s|red|ring)?\s+to)$",
    re.IGNORECASE,
)
"""The end of a cue before a topic."""
_TALKED = re.compile(rf"{_TALKS}(?:\s+\w+){{0,3}}$", re.IGNORECASE)
_ABOUT = re.compile(r"about\s", re.IGNORECASE)
_QUOTED = re.compile(r"[“”\"«‘]|'(?=\w)")
_AS = re.compile(r"\bas\b", re.IGNORECASE)
_REFUSED = re.compile(r"\b(?:refus|declin)(?:e[sd]?|ing)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"(?:(?:how|who|why|when|where)|\w{2,}ing)\b", re.IGNORECASE)
"""The beginning of a content that tells how something was, or what somebody may do: "leaving the town"."""
_QUESTION = re.compile(r"(?:whether|if|what)\b", re.IGNORECASE)
_SAYS_MORE = re.compile(
    rf"[“”\"«‘,:;]|'(?=\w)|\b(?:{lexicon.alternatives('prepositions')}|{lexicon.alternatives('relative_pronouns')}|that|how|because|\w{{2,}}ing)\b",
    re.IGNORECASE,
)
"""What may tell why a thing is praised or blamed: a preposition, a clause or a quotation."""
_NEGATION = re.compile(r"\b(?:not|never|refus\w+|declin\w+)\b|n[’']t\b", re.IGNORECASE)
_MOST_NAMED = 6
"""So many words at most only name whom or what somebody praises or blames."""


def is_topic(cue: str, content: str) -> bool:
    """Tell whether a content is only a topic.

    >>> is_topic("talked about", "the fire"), is_topic("talked about", "leaving the town")
    (True, False)
    >>> is_topic("criticized", "the mayor"), is_topic("criticized", "the mayor for the fire")
    (True, False)
    """
    if _CLAUSE.match(content):
        return False
    if _UNMENTIONED.search(cue):
        return _QUESTION.match(content) is None
    return _is_spoken_about(cue, content) or _mentions_nothing(cue, content) or _is_target(cue, content)


def _mentions_nothing(cue: str, content: str) -> bool:
    return _MENTIONS.search(cue) is not None and _NOTHING.match(content) is not None


def _is_spoken_about(cue: str, content: str) -> bool:
    """Tell whether a content is what was spoken about; more is told with quoted words or "referred to it as"."""
    is_told = _QUOTED.search(content) or _AS.search(content) or _REFUSED.search(cue)
    is_about = _TALKED.search(cue) and _ABOUT.match(content)
    return not is_told and bool(is_about or _SPOKEN_ABOUT.search(cue))


def _is_target(cue: str, content: str) -> bool:
    """Tell whether a content is only whom or what a source praises or blames."""
    is_short = len(content.split()) <= _MOST_NAMED and _SAYS_MORE.search(content) is None
    is_judged = lemma_of_cue(cue) in lexicon.words("verbs_of_praise_and_blame")
    return is_judged and is_short and _NEGATION.search(cue) is None
