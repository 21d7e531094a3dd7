"""Claims inside a claim that say nothing of their own: what its source thinks itself, or what nobody said.

"“I think it will rain,” she said" is one claim, and so is "she said she hoped for rain". What another thinks is a claim
of its own, but what he knows is a fact which the outer source states. That "no one says" a thing is no claim inside a
claim.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from broadsheet import quotes
from broadsheet.extraction import lexicon
from broadsheet.extraction.claims.cue_words import kind_of_cue, lemma_of_cue
from broadsheet.extraction.claims.meant_pronouns import may_be_meant
from broadsheet.extraction.claims.nesting import containers
from broadsheet.extraction.claims.quoted_text import QuotedText
from broadsheet.extraction.span_sets import overlaps
from broadsheet.model import Attribution, Claim, Span

__all__ = ["own_thoughts", "without_restated"]

_VIEW = re.compile(r"\bas\b", re.IGNORECASE)
"""Who sees a thing "as" another has a view of it."""
_NOBODY = re.compile(r"(?:no\s+one|nobody|none|no)\b", re.IGNORECASE)


def without_restated(page: QuotedText, stated: Collection[Attribution]) -> set[Attribution]:
    """Return the attributions without those inside another one that say nothing of their own."""
    ordered = sorted(stated, key=lambda one: one.sort_key)
    pairs = zip(ordered, containers(ordered), strict=True)
    return {one for one, outer in pairs if outer is None or not _is_restated(page, one, ordered[outer])}


def own_thoughts(claims: Sequence[Claim]) -> frozenset[int]:
    """Return the indices of claims inside another that say what its own source thinks, under any name.

    "The senator plans to sail, Ms. Roe said" is one claim if the senator is Ms. Roe. `claims` know their sources.
    """
    inside = ((at, claim, claims[claim.nested_in]) for at, claim in enumerate(claims) if claim.nested_in is not None)
    return frozenset(at for at, claim, outer in inside if claim.kind == "attitude" and _has_source(claim, outer))


def _has_source(claim: Claim, outer: Claim) -> bool:
    return claim.source is not None and claim.source == outer.source


def _is_restated(page: QuotedText, one: Attribution, outer: Attribution) -> bool:
    source, cue = _words(page, one.source), _words(page, one.cue)
    if _NOBODY.match(source):
        return True
    is_known = lemma_of_cue(cue) in lexicon.words("verbs_of_knowledge") and not _VIEW.search(_words(page, one.content))
    return kind_of_cue(cue) == "attitude" and (is_known or _is_same(page, one, outer))


def _is_same(page: QuotedText, one: Attribution, outer: Attribution) -> bool:
    """Tell whether the source of a claim may be that of the claim which it is inside; in quoted words that is "I"."""
    around = (quotes.touching(page.quoted, span.start, span.end) for span in one.source)
    is_quoted = any(not overlaps(Span(q.start, q.end), outer.cue) for near in around for q in near)
    return may_be_meant(_words(page, one.source), "i" if is_quoted else _words(page, outer.source))


def _words(page: QuotedText, spans: Iterable[Span]) -> str:
    return " ".join(span.slice(page.text) for span in spans)
