"""What the words behind a subject say of its intent: "will sail", "is seeking a ship", "won't sail".

All functions but `refuses` and `is_plan_of_anybody` take the rest of a clause behind its subject, with the space or the
apostrophe before it.
"""

from __future__ import annotations

import re

from broadsheet.extraction import lexicon

__all__ = [
    "asks_for_something",
    "has_no_plan",
    "is_plan_of_anybody",
    "is_silent",
    "means_to",
    "meant_before",
    "once_meant_to",
    "refuses",
    "wills",
    "would",
]

_LASTS = r"take\s+(?:[\w-]+\s+){0,4}(?:time|long|longer|(?:second|minute|hour|day|week|month|year|decade)s?)"
"""How long a thing lasts: "it will take some days"."""
_WITHOUT_INTENT = rf"{lexicon.alternatives('verbs_without_intent')}|{_LASTS}|make\s+(?:it\s+)?(?:\w+\s+)?clear"
_ADVERBS = r"(?:\s+(?:not|never|also|now|still|soon|just|probably|certainly|definitely|\w+ly)\b)*"
_BE = r"(?:[’'](?:m|re|s)|\s+(?:am|is|are|was|were|be))"
_WILLED = rf"""
    \s+[“"‘']*
    (?:
        (?:be|keep)\s+\w+ing\b
      | (?:\w+ly\s+)?(?!(?:not|never|\w+ly(?=\s)|{_WITHOUT_INTENT})\b)[a-z]+
    )
"""
"""What a will is for: a verb with intent."""
_WILL = re.compile(rf"(?:[’']ll|\s+(?:will|shall|won[’']t)){_ADVERBS}{_WILLED}", re.IGNORECASE | re.VERBOSE)
"""Letter case does not count in the words of a headline: "We Will Sail"."""
_WOULD = re.compile(
    rf"""
    (?:
        [’']d(?!\s+(?:been|{lexicon.alternatives("past_verb_forms")}|\w+ed)\b)
      | \s+would(?:n[’']t)?
    )
    {_ADVERBS}{_WILLED}
    """,
    re.VERBOSE,
)
_REFUSED = rf"(?!\s+(?:allow|back|give|let|permit|quit|rest|stop|tolerate)\b){_WILLED}"
"""Without what is a vow when it is negated: "we will not rest"."""
_WILL_NOT = re.compile(
    rf"""
    (?:
        \s+(?:will|would)\s+(?:not|never)
      | \s+(?:won|wouldn)[’']t
      | [’'](?:ll|d)\s+(?:not|never)
    )
    {_REFUSED}
  | (?:{_BE}(?:\s+[a-z]+ly)?\s+(?:not|never) | \s+(?:is|are|was|were)n[’']t)
    \s+(?:gonna|(?:going|planning|willing|prepared|ready)\s+to){_REFUSED}
  | {_BE}(?:\s+[a-z]+ly)?\s+(?:unwilling|reluctant)\s+to\b
  | \s+(?:can|could)(?:not|\s+not|n[’']t)\s+(?:support|endorse|accept|vote|back|agree)\b
    """,
    re.VERBOSE,
)
_MEANS_TO = re.compile(
    rf"""
    (?:
        {_BE}{_ADVERBS}\s+
        (?:
            gonna
          | (?:going|about|getting\s+ready|planning|intending|aiming|hoping|preparing|ready|prepared|willing|committed
              |determined|considering)\s+to
        )
      | (?:\s+(?:has|have|had|[a-z]+ly))*\s+
        (?:plans?|planned|intends?|intended|aims?|aimed|hopes?|hoped|expects?|expected|vow(?:s|ed)?|promise[sd]?
          |pledge[sd]?|decided|agreed|wants?|wanted)\s+to
    )
    {_WILLED}
  | (?:\s+[a-z]+ly)*\s+(?:plans?|intends?|aims?)\s+to\s+[a-z]+
  | {_BE}{_ADVERBS}\s+(?:running\s+for|(?:considering|mulling|weighing)(?!.*\bas\b))\b
  | (?:\s+would|[’']d)\s+(?:[a-z]+\s+)?(?:like|love|prefer)\s+to\s+
    (?!(?:be|believe|emphasi[sz]e|hear|know|point|say|see|thank|think)\b)[a-z]+
  | \s+(?:wants?|wanted)\s+to\s+be\s+(?!(?:able|careful|certain|clear|fair|honest|sure)\b)\w
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MEANT_BEFORE = re.compile(r"(?:[’']d|\s+had)\s+(?:\w+\s+)?(?:planned|intended|aimed|hoped|wanted)\s+to\b")
_ONCE_MEANT_TO = re.compile(r"(?:\s+(?:just|only|[a-z]+ly))*\s+(?:planned|intended|aimed|hoped|wanted)\s+to\b")
_SEEKS = re.compile(
    rf"""
    (?:{_BE}|\s+(?:has|have|had)(?:\s+been)?)?{_ADVERBS}\s+
    (?:
        seeking|asking|demanding|requesting|urging|appealing|asks?|demands?|urges?
      | (?:calling|calls?)\s+(?:for|on)
      | wants?\s+(?:\w+\s+){{1,3}}back
    )\b
  | (?:\s+would\s+like|[’']d\s+like|\s+wants?|\s+wanted)\s+
    (?:you|him|her|them|us|everybody|everyone|people|the\s+\w+|[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)?)\s+to\s
    """,
    re.VERBOSE,
)
_NO_PLAN = re.compile(
    r"\s+(?:ha(?:s|ve|d)|(?:do(?:es)?|did)(?:\s+not|n[’']t)\s+have)\s+(?:no|any)\s+(?:plans?|intentions?)\s+(?:to|of)\b"
)
_NO_COMMENT = re.compile(
    r"""
    (?:[’'](?:ll|m|re|s)|\s+(?:will|would|can|could|do|does|did|is|are|was|were|am))?
    (?:\s+not|n[’']t|\s*cannot)\s+
    (?:going\s+to\s+|be\s+|able\s+to\s+|willing\s+to\s+|prepared\s+to\s+|want\s+to\s+|wish\s+to\s+)*
    (?:comment|speculate|elaborate|discuss|answer|respond|speak\s+(?:to|about)|talk\s+about|get\s+into|reveal|disclose)
    (?:ing)?\b
  | \s+(?:had|has|have)\s+no\s+comment\b
  | \s+would\s+be\s+[“"]?(?:improper|inappropriate|premature)\W+(?:for\s+\w+\s+)?
    to\s+(?:comment|speak|discuss|speculate|say)\b
    """,
    re.VERBOSE,
)
_PLANS_TO = re.compile(
    r"""
    [^,.;]{1,50}?\s
    (?:
        (?<!\ba\s)(?<!\bthe\s)(?<!\bhis\s)(?<!\bher\s)(?<!\bits\s)(?<!\btheir\s)
        (?:plans|(?:(?<=s\s)|(?<=\bthey\s))plan)
      | planned|intends?|intended
      | (?:is|are|was|were)\s+planning
    )\s+to\s+[a-z]+
    """,
    re.VERBOSE,
)
_IMPERSONAL = re.compile(
    r"it\s+(?:is|was)\s+planned\b|(?:the|our|their|his|her|its|my)\s+(?:plan|aim|goal|intention)\s+(?:is|was)\b",
    re.IGNORECASE,
)


def wills(rest: str) -> bool:
    """Tell whether the subject will do something.

    >>> wills(" will sail"), wills(" will suffer")
    (True, False)
    """
    return _WILL.match(rest) is not None


def would(rest: str) -> bool:
    """Tell whether the subject would do something: "would sail"."""
    return _WOULD.match(rest) is not None


def means_to(rest: str) -> bool:
    """Tell whether the subject means to do something: "plans to sail", "is ready to sail", "would like to sail"."""
    return _MEANS_TO.match(rest) is not None


def meant_before(rest: str) -> bool:
    """Tell whether the subject had something in mind before, no plan any more: "had planned to sail"."""
    return _MEANT_BEFORE.match(rest) is not None


def once_meant_to(rest: str) -> bool:
    """Tell whether words in quotation marks tell of an old plan: "I wanted to sail"."""
    return _ONCE_MEANT_TO.match(rest) is not None


def asks_for_something(rest: str) -> bool:
    """Tell whether the subject asks or wants others to do something: "is calling for", "wants Roe to sail"."""
    return _SEEKS.match(rest) is not None


def refuses(clause: str, place: int = 0) -> bool:
    """Tell whether a subject that ends at a place of a clause refuses to do something: "won't sail"."""
    return _WILL_NOT.match(clause, place) is not None


def has_no_plan(rest: str) -> bool:
    """Tell whether the subject has no plan: "has no plans to sail"."""
    return _NO_PLAN.match(rest) is not None


def is_silent(rest: str) -> bool:
    """Tell whether the subject will not comment: "can't discuss it", "had no comment"."""
    return _NO_COMMENT.match(rest) is not None


def is_plan_of_anybody(clause: str) -> bool:
    """Tell whether a whole clause says "plans to" or "it is planned"."""
    return any(pattern.match(clause) for pattern in (_PLANS_TO, _IMPERSONAL))
