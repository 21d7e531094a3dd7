"""What a sentence is: a question, an order, a proposal, or a negation."""

from __future__ import annotations

import re

from broadsheet.extraction import lexicon

__all__ = [
    "MARKS",
    "answers",
    "begins_with_question",
    "is_asked",
    "is_negated",
    "is_order",
    "is_proposal",
    "is_question",
    "is_question_word",
]

MARKS = "“”\"'‘’«»( "
_ASKED = re.compile(
    rf"(?:(?:and|but|so|well|now|at|by|for|in|of|to)\b,?\s+)?(?:who|what|why|when|where|which|how|{lexicon.alternatives('auxiliary_verbs')})\b",
    re.IGNORECASE,
)
"""What a question begins with, unlike a statement with a question mark."""
_ANSWERS = re.compile(
    r"(?:no|yes|of\s+course|absolutely|certainly|definitely|you\s+bet|not|i\s+(?:do|did|don[’']t|am|was)|"
    r"in\s+\w+,\s+i\s+don[’']t)\b",
    re.IGNORECASE,
)
_OF_ONESELF = re.compile(
    rf"(?:(?:and|but|so|well|now)\b,?\s+)?(?:who|what|why|when|where|how)\s+(?:am|{lexicon.alternatives('auxiliary_verbs')})\s+(?:i|we)\b",
    re.IGNORECASE,
)
"""A question that its speaker puts to himself, and answers with the next sentence."""
_TAG = re.compile(
    rf"""
    ,\s+
    (?:
        right|huh|no|ok(?:ay)?
      | (?:{lexicon.alternatives("auxiliary_verbs")})(?:n[’']t)?\s+(?:i|you|he|she|it|we|they)(?:\s+\w+){{0,2}}
    )\?$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_QUESTION_WORD = re.compile(
    r"(?:(?:whether|how|what|why|which|who)\b|(?:if|when|where)\b(?!.{1,90}[,“\"]))", re.IGNORECASE
)
_WITHOUT_INTENT = lexicon.alternatives("verbs_without_intent")
_IMPERATIVE = re.compile(
    rf"""
    (?:(?-i:[A-Z][\w.’'-]*\s+){{0,2}}(?-i:[A-Z])[\w’'-]*,\s+)?  # who is told: "Ann,"
    (?:(?:oh|well|now|so|come\s+on|please|just)\b,?\s+)?
    (?:
        you\s+(?:must|ought\s+to|should|need\s+to)\s+(?!(?:{_WITHOUT_INTENT})\b)
      | let[’']s\b
      | (?!make\s+no\s+mistake|mark\s+my\s+word|let\s+me\s+(?:be|make|say|tell)\b)
        (?:{lexicon.alternatives("imperative_verbs")})\b(?![,’'])
    )
    (?!\s+(?:is|was|has|will|who)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SUBJUNCTIVE = re.compile(r"that\s+(?:he|she|[A-Z][\w.’'-]*(?<!s)(?:\s+[A-Z][\w.’'-]*(?<!s))?)\s+([a-z]+)\b")
_NO_BASES = (
    lexicon.words("auxiliary_verbs")
    | lexicon.words("function_words")
    | lexicon.words("prepositions")
    | lexicon.words("past_verb_forms")
    | {"also", "could", "cannot", "just", "never", "not", "now", "often", "once", "still", "would"}
)
_NEGATED = re.compile(
    r"""
    (?:that\s+)?
    (?:
        (?:no|nobody|none|nothing)\s+(?![A-Z])
      | [^,.;:“”"]{1,60}?
        (?:
            \b(?:is|are|was|were|do|does|did|has|have|had|will|would|could)(?:n[’']t|\s+not|\s+never)
          | [’'](?:s|re)\s+not
          | \bwon[’']t
        )\s
        (?!(?:always|just|merely|necessarily|only|simply)\b)
    )
    """,
    re.VERBOSE,
)
_ORDER = re.compile(r"([A-Z][a-z]+)\s+(?:(?:him|them|us)\b|her\s+(?:up|down|out|go|in)\b)")
_NO_ORDERS = (
    lexicon.words("function_words")
    | lexicon.words("prepositions")
    | lexicon.words("past_verb_forms")
    | lexicon.words("subordinators")
    | {"thank"}
)


def begins_with_question(sentence: str) -> bool:
    """Tell whether a sentence begins as a question does and ends with its mark."""
    return sentence.endswith("?") and _ASKED.match(sentence) is not None


def is_question_word(content: str) -> bool:
    """Tell whether a content begins with the word of an indirect question: "whether", "how"."""
    return _QUESTION_WORD.match(content) is not None


def answers(question: str, sentence: str) -> bool:
    """Tell whether a sentence answers the question before it: with "yes", or anyhow if a speaker asked himself."""
    is_own = _OF_ONESELF.match(question) is not None and not sentence.endswith("?")
    return is_own or _ANSWERS.match(sentence) is not None


def is_asked(sentence: str) -> bool:
    """Tell whether a sentence is a question; a statement with "right?" or "have you heard?" after it is none."""
    words = sentence.strip(MARKS + ",")
    return words.endswith("?") and (_ASKED.match(words) is not None or _TAG.search(words) is None)


def is_order(sentence: str) -> bool:
    """Tell whether a sentence is an order: it begins with a verb of the list, or with any verb before "him" or "us"."""
    order = _ORDER.match(sentence)
    return _IMPERATIVE.match(sentence) is not None or (
        order is not None and order[1].lower() not in _NO_ORDERS and not order[1].endswith(("ing", "ed"))
    )


def is_proposal(content: str) -> bool:
    """Tell whether a content says what somebody be asked to do: "that he resign". No name that ends with "s" counts."""
    proposed = _SUBJUNCTIVE.match(content)
    if proposed is None:
        return False
    verb = proposed[1]
    is_finite = verb in _NO_BASES or verb.endswith(("ed", "ly", "s"))
    return not is_finite


def is_negated(content: str) -> bool:
    """Tell whether the first verb of a content is negated: "the ship did not leak"."""
    return _NEGATED.match(content.lstrip(MARKS)) is not None


def is_question(content: str) -> bool:
    """Tell whether a content is a question, direct or indirect."""
    return is_question_word(content.lstrip(MARKS)) or content.rstrip(MARKS + ",").endswith("?")
