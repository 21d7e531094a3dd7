"""Quotations between two claims: the words before ", she wrote" are hers.

Where a quotation ends with a comma or a question mark and the source or the cue of a claim follows at once, it is that
claim's, if the claim goes on with quoted words. A claim before it that took the quotation loses it, if it has other
words. A quotation that is nobody's goes on with the quoted words of the claim that ends right before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from broadsheet import quotes
from broadsheet.extraction.claims.quoted_text import QuotedText
from broadsheet.extraction.span_sets import cover, join, overlaps, subtract, trim
from broadsheet.model import Attribution, Span

__all__ = ["with_own_quotations"]

_MARKS = "”\"’'"
_GAP = re.compile(r"[^\S\n]+")
_OPENS = re.compile(r"(?:[.?!:”\"’')]\s+|\n\s*|^)$")
_ENDS = re.compile(r"[.?!][”\"’')]*\s+$")
_WORD = re.compile(r"\w")
_TRAILING = ",;:–— \t\n\u00a0"


def with_own_quotations(page: QuotedText, given: Iterable[Attribution]) -> set[Attribution]:
    """Return the attributions, each with the quotation that leads to it and without those that lead to another."""
    found = list(given)
    for at, one in enumerate(found):
        own = _leading(page, one)
        if own is not None:
            found = [_without(page, other, own) if other is not one else other for other in found]
            found[at] = _with(one, own)
    return set(_continued(page, found))


def _continued(page: QuotedText, given: Iterable[Attribution]) -> list[Attribution]:
    """Return the attributions with the quotations that follow them and are nobody's.

    Where several end at one place, the widest goes on.
    """
    found = sorted(given, key=lambda one: (one.extent.end, -one.extent.start, one.sort_key))
    taken = sorted(span for one in found for span in one.spans)
    for quotation in page.quoted:
        own = Span(quotation.start, quotation.end)
        before = bisect_right(found, own.start, key=lambda one: one.extent.end) - 1
        if (
            before >= 0
            and _is_whole(page, quotation)
            and not overlaps(own, taken)
            and _goes_on(page, found[before], own)
        ):
            found[before] = _with(found[before], own)
    return found


def _goes_on(page: QuotedText, one: Attribution, own: Span) -> bool:
    """Tell whether a sentence of an attribution with quoted words ends right before a quoted one, in one paragraph."""
    end = one.extent.end
    is_next = _ENDS.search(page.text, max(0, end - 3), own.start) and not _WORD.search(page.text, end, own.start)
    is_quoted = any(quotes.touching(page.quoted, span.start, span.end) for span in one.content)
    return bool(is_next) and is_quoted and _is_near(page, end, own)


def _is_whole(page: QuotedText, quotation: quotes.Quotation) -> bool:
    """Tell whether a quotation ends as a sentence does, or runs on: one with a comma at its end leads to who speaks."""
    words = page.text[quotation.start : quotation.end]
    return quotation.runs_on or (words[-1] in _MARKS and words.rstrip(_MARKS).endswith((".", "?", "!", "…")))


def _is_near(page: QuotedText, end: int, own: Span) -> bool:
    """Tell whether a place is in the paragraph of a quotation, or at the end of a quotation that runs on into it."""
    last = quotes.touching(page.quoted, end - 1, end)
    return (bool(last) and last[-1].runs_on) or cover(page.blocks, Span(end - 1, end)) == cover(page.blocks, own)


def _with(one: Attribution, own: Span) -> Attribution:
    return replace(one, content=tuple(join(sorted((*one.content, own)))))


def _leading(page: QuotedText, one: Attribution) -> Span | None:
    """Return the quotation right before an attribution that goes on with quoted words, if it is not in its content."""
    first, last = _frame(one)
    goes_on = (quotes.touching(page.quoted, s.start, s.start + 1) for s in one.content if s.start > last.end)
    if not any(goes_on) or _WORD.search(page.text, first.end, last.start):
        return None
    before = bisect_right(page.quoted, first.start, key=lambda q: q.end) - 1
    if before < 0 or not _leads_on(page.text, page.quoted[before], first.start):
        return None
    own = Span(page.quoted[before].start, page.quoted[before].end)
    return None if overlaps(own, one.spans) else own


def _frame(one: Attribution) -> tuple[Span, Span]:
    """Return the first stretches of source and cue, in order; the cue twice where there is no source."""
    frame = sorted((*one.source[:1], one.cue[0]))
    return frame[0], frame[-1]


def _leads_on(text: str, quotation: quotes.Quotation, begin: int) -> bool:
    """Tell whether a quotation that is a sentence of its own ends with a comma right before a place."""
    is_before = quotation.end <= begin and _GAP.fullmatch(text, quotation.end, begin) is not None
    leads_on = is_before and text[quotation.start : quotation.end].rstrip(_MARKS).endswith((",", "?", "!"))
    return leads_on and _OPENS.search(text, max(0, quotation.start - 3), quotation.start) is not None


def _without(page: QuotedText, one: Attribution, own: Span) -> Attribution:
    rest = [trim(page.text, span, _TRAILING) for span in subtract(one.content, [own])]
    kept = tuple(span for span in rest if any(c.isalnum() for c in span.slice(page.text)))
    return replace(one, content=kept) if kept else one
