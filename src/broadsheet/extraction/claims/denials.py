"""What a clause denies: that something is so, that somebody is to blame, or what its subject did."""

from __future__ import annotations

import re

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import cues

__all__ = ["denies_own_act", "denies_thing", "neither", "rejects"]

_BE = r"(?:[’'](?:m|re|s)|\s+(?:am|is|are|was|were|be))"
_NO = r"(?:n[’']t|\s+not|\s+never)\b"
_SUBJECT_WORDS = r"""
    (?:
        (?! \b(?:who|that|which|if|because|what|when|where)\b | (?<=\s)(?:I|he|she|we|they|you|it)\b )
        [^,.:;“”"]
    ){1,70}?
"""
_UNRELATED = re.compile(
    rf"""
    {_SUBJECT_WORDS}\b(?:has|have|had)\s+
    (?:
        nothing\s+to\s+do\s+with
      | no\s+(?:\w+\s+)?(?:bearing|connections?|hand|involvement|links?|part|relation|role)\s+(?:between|in|on|to|with)
    )\b
    """,
    re.VERBOSE,
)
"""What something has no part in: the subject may have an "and" ("cheap and quick work had no part in it")."""
_BLAME = re.compile(
    rf"""
    {_SUBJECT_WORDS}
    (?:\b(?:is|are|was|were){_NO}|[’'](?:s|re){_NO})\s+
    (?:(?!only|merely|simply)\w+ly\s+)?
    (?:
        (?:the|an?|any|my|our|his|her|its|their)\s+(?:\w+\s+)?(?:causes?|culprits?|fault)\b
      | (?:to\s+blame|intentional|intended|deliberate|involved|responsible|guilty)\b
    )
    """,
    re.VERBOSE,
)
"""Whose blame or intent a sentence denies: "coal is not the culprit"."""
_BETTER = r"(?:been\s+(?:more|less|worse|[a-z]+er)\b|forget\b)"
"""What is not denied after "never": "has never been busier"."""
_OWN_ACT = re.compile(
    rf"""
    (?:{_BE}|\s+(?:has|have|had|do|does|did)){_NO}(?!\s+{_BETTER})
    (?!
        \s+
        (?:
            (?:(?:\w+ly|too|so|very)\s+)?
            (?:to\b|\w+ing\s+(?:just|only)\b|{lexicon.alternatives("words_after_a_mild_not")})
        )\b
    )
  | (?:\s+(?:do|does|did)){_NO}\s+(?:\w+\s+){{1,2}}any(?:thing|one|body)?\b
  | (?i:(?:[’'](?:ve|d|ll|s|m|re)|\s+(?:has|have|had|would|will))?\s+never\s+(?!{_BETTER})[a-z]+)
  | (?:[’']ve|\s+(?:has|have|had))?
    \s+(?:had|has|have|played|made|saw|seen|found|took|taken|gives?|gave|given)\s+no(?:thing|ne)?\b
    (?!\s+(?:(?:\w+\s+)?(?:idea|clue|knowledge|doubts?|choice|option|alternative))\b)
    """,
    re.VERBOSE,
)
_SELDOM = re.compile(r"\b(?:any\s?more|any\s+longer|enough|much|often|regularly|yet)\b", re.IGNORECASE)
"""What makes a plain statement of a negation: "I do not row much"."""
_DOUBTS = re.compile(
    r"""
    (?:[’']m|\s+(?:is|am|are|was|were))\s+(?:\w+ly\s+)?(?:sceptical|skeptical|doubtful|opposed)\b
  | \s+(?:\w+ly\s+)?(?:doubts?|doubted|rejects?|rejected|disagrees?|disagreed)\b
    """,
    re.VERBOSE,
)
_DISBELIEF = re.compile(
    r"""
    \s+(?:do|does|did)(?:n[’']t|\s+not)\s+
    (?:agree|think|believe|see\s+(?:an?y?|the)|get\s+the\s+(?:sense|impression|feeling))\b
    """,
    re.VERBOSE,
)
_NONE = re.compile(
    r"""
    there(?:[’']s|\s+\w+(?:\s+been)?(?:n[’']t)?)\s+(?:(?:absolutely|just|simply)\s+)?(?:no|not|never)\s+
    (?:(?:an?y?|\w+ly)\s+)?
    (?:
        (?:\w+\s+)?(?:basis|chance(?!\s+to)|evidence|indication|proof|such|suggestion|truth)\b
      | \w+(?:\s+\w+)?(?:\s+\w+)?\s+(?:any|at\s+all|whatsoever)\b
    )
  | no(?=[,.!]|\s+to\b)
  | no\s+(?:such\b|way(?=[,.!])|(?:evidence|proof|truth)\b)
  | none\s+of\s+(?:it|that|this|these|those)\b
  | nothing\s+(?:could\s+be\s+further|of\s+the)\b
  | not(?:\s+(?:true|so)\b|\s+at\s+all\b|(?=[,.!]))
  | nonsense(?=[,.!])
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What rejects a thing that somebody said: "no,", "there is no truth to it", "there is no boat at all"."""
_NEITHER = re.compile(r"neither\b", re.IGNORECASE)
_FALSE = re.compile(
    rf"""
    (?:
        \b(?P<noun>\w+)\s+
        (?:that\s+(?P<plural>(?=are\b|were\b))|(?:that|which|who)\s+|(?=that[’']s\b))
    )?
    \b(?:is|are|was|were|it[’']s|that[’']s|as|peddling|they[’']re)\s+[“"‘']*
    (?!an?\s+(?:{lexicon.alternatives("words_of_falsehood")})\s+(?!(?:about|and|but|or|that|to)\b)[a-z])
    (?:\w+\s+)?(?:{lexicon.alternatives("words_of_falsehood")})\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What is called false. `noun` is the word before a relative pronoun, or before "that" in "I think that is false"."""
_NO_NOUNS = lexicon.words("function_words") | lexicon.words("subordinators") | {"but", ""}
_POINTS = re.compile(
    r"(?:it|this|that|these|those|there|they)(?:[’'](?:s|re)\b|\s+(?:is|are|was|were)\b)", re.IGNORECASE
)


def denies_thing(sentence: str, led: str, clause: str) -> bool:
    """Tell whether words deny that something is so, whoever says it: "there is no truth to it", "that is a lie".

    `led` is the sentence without the words that lead into it, and `clause` its first clause.
    """
    found = (_NONE.match(clause), _BLAME.match(clause), _UNRELATED.match(led))
    return any(found) or any(_is_told_of_it(led, false) for false in _FALSE.finditer(sentence))


def rejects(rest: str) -> bool:
    """Tell whether the subject doubts or does not believe something; `rest` begins behind it.

    >>> rejects(" doubts that it sank"), rejects(" says that it sank")
    (True, False)
    """
    return _DOUBTS.match(rest) is not None or _DISBELIEF.match(rest) is not None


def denies_own_act(rest: str) -> bool:
    """Tell whether the subject has not done something; `rest` begins behind it: "did not sink it"."""
    return _OWN_ACT.match(rest) is not None and _SELDOM.search(rest) is None


def neither(clause: str) -> bool:
    """Tell whether a clause is about neither of two."""
    return _NEITHER.match(clause) is not None


def _is_told_of_it(led: str, false: re.Match[str]) -> bool:
    """Tell whether what is called false is what the sentence is about, not a noun with a relative clause.

    "It spread stories that are false" denies nothing; "these are stories that are false" does.
    """
    noun = (false["noun"] or "").lower()
    is_clause = noun in _NO_NOUNS or (false["plural"] is None and cues.verb(noun) is not None)
    return is_clause or _POINTS.match(led) is not None
