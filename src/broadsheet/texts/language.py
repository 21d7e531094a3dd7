"""Which language an article is in: BCP 47, `und` where the text is too short."""

from __future__ import annotations

import re

__all__ = ["guess", "is_tag"]

SAMPLE = 400  # characters of running text that are read: more of them change nothing
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
# the commonest words of English and of no other language: an article full of them needs no model
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "that",
        "is",
        "was",
        "for",
        "with",
        "as",
        "his",
        "on",
        "be",
        "at",
        "by",
        "from",
        "has",
        "had",
        "have",
        "it",
        "its",
        "he",
        "she",
        "said",
    ]
)


def is_tag(value: str) -> bool:
    """Return whether a declared language is a language tag."""
    return _TAG.fullmatch(value) is not None


def guess(sample: str) -> str:
    """Return the language of running text. Deterministic; the bundled model is used where English is not obvious."""
    words = sample[:SAMPLE].casefold().split()
    if len(words) >= 12 and "the" in words and sum(map(_ENGLISH.__contains__, words)) >= 0.16 * len(words):
        return "en"
    if sum(map(str.isalpha, sample[:SAMPLE])) < 20:
        return "und"
    from py3langid import classify  # noqa: PLC0415 - 0.7 s for its model, which English articles need not pay

    tag: str = classify(sample[:SAMPLE])[0]
    return tag
