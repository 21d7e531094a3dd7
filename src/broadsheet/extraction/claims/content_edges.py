"""The edges of a content that is not quoted: whole phrases, where the reader ended inside one.

Marks and small words decide. A content that ends with a preposition or an article goes on; one before its cue reaches
to the comma before the source; one that begins with an infinitive has its subject; a quotation ends before the next
clause, and one of another sentence with a clause of its own is left out. So are "in a statement" at the end and a few
words cut out of a phrase. A few words that the reader left out inside a sentence are put back; words before the cue are
left out where what follows it is whole ("that ...").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from broadsheet import quotes
from broadsheet.extraction import lexicon
from broadsheet.extraction.claims.quoted_text import QuotedText
from broadsheet.extraction.sentences import sentence_end, sentence_start
from broadsheet.extraction.span_sets import cover, overlaps, trim
from broadsheet.model import Attribution, Span

__all__ = ["whole_content"]

_UNFINISHED = re.compile(
    rf"\w\W+(?:{lexicon.alternatives('prepositions')}|including|until|till|such\s+as|an?|the|its|his|her|their|our|than|next|(?<!at\s)last)$",
    re.IGNORECASE,
)
_CONJUNCTION = re.compile(
    r"\w(\W+(?:(?:and|but)(?:\s+(?:now|so\s+far|then|yet))?|or|which|who|whose|whom))$", re.IGNORECASE
)
_SUBORDINATOR = re.compile(r"[\w”\"’'%)](,?\s+(?:while|although|though)[”\"’']*)$", re.IGNORECASE)
_SUBJECT_AT_END = re.compile(
    rf"\b(?:after|before|because|when|while|that|if|since|until|as)\s+(?:{lexicon.alternatives('personal_pronouns')}|I|we|they|it)$"
)
"""A clause that is cut behind its subject: "until she"."""
_CONDITION = re.compile(r"(?:that\s+)?(?:if|unless|when)\s[^,;:“”\"]+$", re.IGNORECASE)
"""A condition without what follows from it."""
_MARK = re.compile(r"[,;:!?()“”\"«»…–—]|\s--?\s|\.(?=\s|$|[”\"’'])|''|``")
_COMMA = re.compile(r"(?:,\s+(?:and|but|or|so|while)\b|\s+\w)(?:(?!\bsa(?:id|ys?)\b)[^“”\"])*(,)\s*")
_CLAUSE_AFTER = re.compile(
    rf",?\s+(?:and|but)\s+(?:then\s+)?(?:{lexicon.alternatives('personal_pronouns')}|I|we|you|they|it)\s"
)
_OCCASION = re.compile(
    rf"(?<=\w)\s+in\s+(?:an?|the|his|her|their|its)\s+(?:[\w’'-]+\s+){{0,2}}(?:{lexicon.alternatives('document_nouns')})$",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    rf"\s+(?:(?:{lexicon.alternatives('determiners')}|our|your|my|him|them|me|us|you)\b|[A-Z])(?:[\w’'-]*\s+){{1,4}}"
)
_STOP_AT_END = re.compile(r"\w[”\"’']*[.?!][”\"’')]*(\s+)$")
_GOES_ON = re.compile(r"\s+[a-z]")
_INFINITIVE = re.compile(r"to\s")
_WORD = re.compile(r"\w[\w’'-]*")
_CUT = re.compile(r"\w\s\w")
_THAT = re.compile(r"(?:that|if|whether)\s", re.IGNORECASE)
_OPENS = re.compile(
    r"(?:in|during|at|after|before|on|by|with|for|from|about|of|regarding|as\s+for|(?:when\s+)?asked\s+about)\s",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[,:]?\s+[“\"][A-Z]")
"""What is between a cue and a quoted sentence after it."""
_SHORT = 8
"""So many words a phrase has at most that opens a sentence before who spoke."""
_HERALD = re.compile(
    r"(?:the\s+(?:same|following)|something|one\s+thing|this|an?\s+\w+(?=:))\b[^“”\"'‘’:.]{0,80}:\s+(?=\S)",
    re.IGNORECASE,
)
"""Words that only announce a content: "the same thing to all: “…”"."""
_ANOTHER_CLAUSE = re.compile(r",?\s+(?:(?P<word>and|but|or)\s|(?=(?:who|which|(?!according\b)\w+ing)\b))")
"""What begins a clause with a cue of its own: "and said", "who said", "saying"."""
_ABOUT = re.compile(r"\w\s+(?:of|about|in\s+(?:reference|response)\s+to)$")
_ASKED = re.compile(r"\bask(?:s|ed|ing)?$", re.IGNORECASE)
_ADDRESSEE = re.compile(r"(?!(?:wh\w+|how|for|to|that)\b)(?:(?!if\b)[^\s,;:“”\"?]+\s+){1,10}(?=(?:whether|if)\s)")
_FEW = 3
"""So many words or fewer, cut out of a phrase, say nothing beside a longer stretch."""
_MOST_LEFT_OUT = 12
"""So many words between two stretches of a sentence, or fewer, belong to the content."""


def whole_content(page: QuotedText, one: Attribution) -> tuple[Span, ...]:
    """Return the content of an attribution as whole phrases and quotations; spans are sorted and apart."""
    one = replace(one, content=_without_topic(page, replace(one, content=_of_one_clause(page, one))))
    one = replace(one, content=_without_holes(page, one))
    mended = tuple(_mended(page, one, span) for span in one.content)
    return tuple(_without_scraps(page.text, replace(one, content=mended)))


def _of_one_clause(page: QuotedText, one: Attribution) -> tuple[Span, ...]:
    """Return the content without words before the cue that belong to another clause: "he sold it and said that"."""
    before, after = _sides(one)
    is_plain = before and after and not quotes.touching(page.quoted, before[0].start, before[-1].end)
    is_other = is_plain and (
        _is_of_another(page.text, one, before[-1].end, after[0].start)
        or _is_inside_phrase(page, before[0].start)
        or _is_opening(page.text, one, before, after[0])
    )
    return after if is_other else one.content


def _without_topic(page: QuotedText, one: Attribution) -> tuple[Span, ...]:
    """Return quoted content before a cue without what it is about: "“No,” she said of the plan. “Never.”"."""
    end = one.cue[-1].end
    is_about = _ABOUT.search(page.text[one.cue[0].start : end])
    before, _ = _sides(one)
    if not is_about or not before or not quotes.touching(page.quoted, before[-1].start, before[-1].end):
        return one.content
    return tuple(kept for span in one.content if (kept := _from_quotation(page, span, end)))


def _from_quotation(page: QuotedText, span: Span, end: int) -> Span | None:
    """Return a stretch that begins directly at `end` from its first quotation on, None without one; others as it is."""
    if span.start < end or _WORD.search(page.text, end, span.start):
        return span
    near = quotes.touching(page.quoted, span.start, span.end)
    return Span(max(span.start, near[0].start), span.end) if near else None


def _is_inside_phrase(page: QuotedText, begin: int) -> bool:
    """Tell whether words begin inside a phrase that opens their sentence: "In a talk about it, he described them"."""
    sentence = sentence_start(page.text, begin, cover(page.blocks, Span(begin, begin + 1))[0][0])
    opening = page.text[sentence:begin]
    return _OPENS.match(opening) is not None and opening[-1:].isspace() and _MARK.search(opening) is None


def _is_opening(text: str, one: Attribution, before: Sequence[Span], after: Span) -> bool:
    """Tell whether words before the cue are a phrase that opens its sentence, and a quoted sentence follows the cue."""
    opening = before[0].slice(text)
    is_short = len(before) == 1 and len(opening.split()) <= _SHORT and _OPENS.match(opening) is not None
    return is_short and _SENTENCE.fullmatch(text, one.cue[-1].end, after.start + 2) is not None


def _sides(one: Attribution) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the stretches of content before the cue, and those after it."""
    before = tuple(span for span in one.content if span.end <= one.cue[0].start)
    return before, tuple(span for span in one.content if span.start >= one.cue[-1].end)


def _is_of_another(text: str, one: Attribution, end: int, begin: int) -> bool:
    """Tell whether words up to `end`, before the cue, are in another clause than those from `begin`, after it."""
    clause = _ANOTHER_CLAUSE.match(text, end)
    place = min(part.start for part in (*one.source, *one.cue) if part.start >= end)
    has_own_cue = clause is not None and (bool(clause["word"]) or clause.end() == place)
    return has_own_cue or _THAT.match(text, begin) is not None


def _without_holes(page: QuotedText, one: Attribution) -> tuple[Span, ...]:
    """Return the content with stretches joined that only a few words of their sentence are between, or marks alone."""
    found: list[Span] = []
    for span in one.content:
        if found and _is_one_phrase(page, one, found[-1], span):
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return tuple(found)


def _is_one_phrase(page: QuotedText, one: Attribution, first: Span, second: Span) -> bool:
    gap = Span(first.end, second.start)
    words = len(_WORD.findall(page.text, gap.start, gap.end))
    is_own = overlaps(gap, (*one.source, *one.cue)) or second.start >= cover(page.blocks, first)[0][1]
    is_before_quotation = (
        words and _is_scrap(page.text, first) and quotes.touching(page.quoted, second.start, second.end)
    )
    if is_own or is_before_quotation or words > _MOST_LEFT_OUT:
        return False
    return sentence_end(page.text, gap.start, gap.end + 2) >= gap.end  # the stop is told by what follows it


def _mended(page: QuotedText, one: Attribution, span: Span) -> Span:
    span = _without_herald(page, one, _with_object(page, one, _without_addressee(page, one, span)))
    span = _to_quotation_end(page, _without_next(page, span))
    span = _to_phrase_end(page, one, _without_occasion(page, one, span))
    return _to_comma(page, one, span)


def _without_addressee(page: QuotedText, one: Attribution, span: Span) -> Span:
    """Return a stretch directly after "asked" without who is asked whether it is so."""
    end = one.cue[-1].end
    is_next = span.start >= end and _WORD.search(page.text, end, span.start) is None
    addressee = _ADDRESSEE.match(page.text, span.start, span.end)
    if not is_next or addressee is None or _ASKED.search(one.cue[-1].slice(page.text)) is None:
        return span
    return Span(addressee.end(), span.end)


def _without_herald(page: QuotedText, one: Attribution, span: Span) -> Span:
    """Return a stretch after its cue without words before a colon that only announce it: "the following: “…”"."""
    herald = _HERALD.match(page.text, span.start, span.end) if span.start >= one.cue[-1].end else None
    return Span(herald.end(), span.end) if herald else span


def _with_object(page: QuotedText, one: Attribution, span: Span) -> Span:
    """Return a stretch that begins with an infinitive with who shall do it: "the crew to leave" after "asked"."""
    gap = Span(one.cue[-1].end, span.start)
    if not _INFINITIVE.match(page.text, span.start, span.end) or overlaps(gap, one.spans):
        return span
    has_object = gap.start < gap.end and _OBJECT.fullmatch(page.text, gap.start, gap.end)
    return trim(page.text, Span(gap.start, span.end)) if has_object else span


def _without_next(page: QuotedText, span: Span) -> Span:
    """Return a stretch without a quotation in another sentence that goes on without it: "It sank. “Doom!” wrote he"."""
    near = quotes.touching(page.quoted, span.end - 1, span.end)
    if not near or _GOES_ON.match(page.text, span.end) is None:
        return span
    stop = _STOP_AT_END.search(page.text, span.start, max(span.start, near[-1].start))
    return trim(page.text, Span(span.start, stop.start(1)), ".") if stop else span


def _without_occasion(page: QuotedText, one: Attribution, span: Span) -> Span:
    """Return a stretch after its cue without "in a statement" at its end, if that is not quoted."""
    is_after = one.cue[-1].end <= span.start and not quotes.touching(page.quoted, span.end - 1, span.end)
    occasion = _OCCASION.search(page.text, span.start, span.end) if is_after else None
    return Span(span.start, occasion.start()) if occasion else span


def _to_quotation_end(page: QuotedText, span: Span) -> Span:
    """Return a stretch that begins with a quotation without a clause about somebody after it: "and he left"."""
    near = quotes.touching(page.quoted, span.start, span.end)
    is_first = len(near) == 1 and near[0].start >= span.start and near[0].start - span.start < 2
    after = _CLAUSE_AFTER.match(page.text, near[0].end, span.end) if is_first else None
    return Span(span.start, near[0].end) if after else span


def _to_phrase_end(page: QuotedText, one: Attribution, span: Span) -> Span:
    """Return a stretch that ends with a preposition or an article with the words up to the next mark.

    Where a quotation begins there, it goes on to its end. One that ends
    with a conjunction or a relative pronoun is returned without it.
    """
    words = span.slice(page.text)
    conjunction = _CONJUNCTION.search(words) or _SUBORDINATOR.search(words)
    if conjunction:
        return trim(page.text, Span(span.start, span.start + conjunction.start(1)))
    if quotes.touching(page.quoted, span.end - 1, span.end):
        return span
    limit = _end_of_sentence(page, one, span)
    if _is_condition(page.text, one, span):
        return trim(page.text, Span(span.start, limit), ".")
    is_cut = _UNFINISHED.search(words) or _SUBJECT_AT_END.search(words)
    return trim(page.text, Span(span.start, _next_mark(page, span.end, limit))) if is_cut else span


def _end_of_sentence(page: QuotedText, one: Attribution, span: Span) -> int:
    """Return where the sentence of a stretch ends, or the next part of the attribution begins."""
    block_end = cover(page.blocks, span)[0][1]
    limit = min((part.start for part in one.spans if part.start >= span.end), default=block_end)
    return sentence_end(page.text, span.end, min(limit, block_end))


def _is_condition(text: str, one: Attribution, span: Span) -> bool:
    """Tell whether a stretch after its cue is only a condition, and a comma and the rest of its sentence follow."""
    is_after = one.cue[-1].end <= span.start and text[span.end : span.end + 2] == ", "
    return is_after and _CONDITION.match(span.slice(text)) is not None and not _ASKED.search(one.cue[-1].slice(text))


def _next_mark(page: QuotedText, start: int, limit: int) -> int:
    """Return where the next mark is, at most `limit`; the end of a quotation that begins there."""
    mark = _MARK.search(page.text, start, limit)
    if mark is None:
        return limit
    return next((q.end for q in page.quoted if q.start == mark.start() and q.end <= limit), mark.start())


def _to_comma(page: QuotedText, one: Attribution, span: Span) -> Span:
    """Return a stretch that ends inside a phrase before "…, the mayor said" with the words up to that comma."""
    begin = min(part.start for part in (*one.source, *one.cue))
    if not _is_last_before(one.content, span, begin) or quotes.touching(page.quoted, span.end - 1, span.end):
        return span
    sentence = sentence_start(page.text, begin, cover(page.blocks, span)[0][0])
    gap = _COMMA.fullmatch(page.text, span.end, begin)
    return Span(span.start, gap.start(1)) if gap and sentence <= span.start else span


def _is_last_before(content: Iterable[Span], span: Span, place: int) -> bool:
    """Tell whether a stretch ends before a place, and no other is between."""
    return span.end <= place and not any(span.end <= other.start < place for other in content)


def _without_scraps(text: str, one: Attribution) -> Iterable[Span]:
    """Return the stretches of content without the few words cut out of a phrase; all if all are such."""
    beside = {side for pair in pairwise(sorted(one.spans)) if _is_gap(text, pair) for side in pair}
    kept = [span for span in one.content if span in beside or not _is_scrap(text, span)]
    return kept or one.content


def _is_gap(text: str, pair: Sequence[Span]) -> bool:
    """Tell whether there is no word between two parts."""
    return _WORD.search(text, pair[0].end, pair[1].start) is None


def _is_scrap(text: str, span: Span) -> bool:
    """Tell whether a stretch is a few words that words without a mark go before or follow."""
    is_cut = _CUT.match(text, max(0, span.start - 2)) or _CUT.match(text, span.end - 1)
    return bool(is_cut) and len(_WORD.findall(text, span.start, span.end)) <= _FEW
