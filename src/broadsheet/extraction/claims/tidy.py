"""The spans of an attribution made tidy: inside paragraphs, apart from each other, with their quotation marks."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import replace

from broadsheet import quotes
from broadsheet.extraction import sentences
from broadsheet.extraction.claims import no_comment
from broadsheet.extraction.claims.content_edges import whole_content
from broadsheet.extraction.claims.cue_edges import whole_cue
from broadsheet.extraction.claims.parentheses import with_subject
from broadsheet.extraction.claims.quoted_text import QuotedText
from broadsheet.extraction.claims.source_edges import whole_source
from broadsheet.extraction.span_sets import clip, cover, join, overlaps, subtract, trim
from broadsheet.model import Attribution, Span
from broadsheet.quotes import Quotation

__all__ = ["tidy"]

_TRAILING = string.whitespace + "\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000,;:"
_LOOK_AHEAD = 120
"""Code points after the cue in which the words of a no-comment claim may end."""
_WORD = re.compile(r"\w")
_WORDS = re.compile(r"\w[\w’'-]*")
_MARKS = "”\"’' "
_FEW = 5
"""So many words of another sentence, or fewer, may be between a quotation and the sentence of its cue."""
_NAME = r"(?:the\s+)?[^\W\d_a-z][\w.’'-]*(?:\s+[^\W\d_a-z][\w.’'-]*)*"
_REST_OF_LIST = re.compile(rf"(?:,\s+{_NAME})*,?\s+(?:and|or)\s+{_NAME}(?=\s*$)")
"""Names after the first of a list, up to its end."""


def tidy(page: QuotedText, one: Attribution) -> Attribution | None:
    """Return the attribution with its spans inside blocks, apart from each other and without white space.

    What lies in other sentences than the cue is left out: a part of the source, and a stretch of content that is not
    quoted, beside one that is or that is in the cue's sentence. None if no cue or no content is left.
    """
    cue = _spans(page, one.cue)
    if not cue:
        return None
    around = _sentences(page, cue)
    content = _near(page, _spans(page, subtract(_spans(page, _with_marks(one.content, page.quoted)), cue)), around)
    source = _whole_list(page, _nearest(page, _spans(page, one.source), around), cue)
    words_of_source = subtract(whole_source(page, source, cue), cue)
    source, content = _spans(page, words_of_source), _spans(page, subtract(content, words_of_source))
    content = whole_content(page, Attribution(source, cue, content))
    cue = whole_cue(page, cue, (*source, *content))
    content = with_subject(page, Attribution(source, cue, content)) if content else content
    declined = _no_comment_cue(page, cue, content)
    if declined:
        return _no_comment(page, source, declined, content)
    return replace(one, source=source, cue=cue, content=content) if content else None


def _sentences(page: QuotedText, cue: tuple[Span, ...]) -> Span:
    """Return the sentences of a cue: from the beginning of the first to the end of the last."""
    first, last = cover(page.blocks, cue[0])[0], cover(page.blocks, cue[-1])[0]
    start = sentences.sentence_start(page.text, cue[0].start, first[0])
    return Span(start, sentences.sentence_end(page.text, cue[-1].end, last[1]))


def _near(page: QuotedText, content: tuple[Span, ...], around: Span) -> tuple[Span, ...]:
    """Return the stretches that are quoted or in the cue's sentence, all if none is; marks alone are no stretch.

    A quoted one from which other words part the cue's sentence is left out, too; so is one that ends with a full stop
    before the cue's sentence, where that has a content of its own that is not quoted.
    """
    worded = tuple(span for span in content if _WORD.search(page.text, span.start, span.end))
    has_own = any(overlaps(around, [span]) and not _begins_quoted(page, span) for span in worded)
    near = (s for s in worded if overlaps(around, [s]) or _is_spoken_with(page, s, around, has_own=has_own))
    return tuple(near) or worded


def _is_spoken_with(page: QuotedText, span: Span, around: Span, *, has_own: bool) -> bool:
    """Tell whether a stretch in another sentence than the cue may be of its source: it is quoted, and nobody else's."""
    is_closed = span.end <= around.start and span.slice(page.text).rstrip(_MARKS).endswith(".")
    return _begins_quoted(page, span) and not (is_closed and has_own) and not _is_parted(page, span, around)


def _is_parted(page: QuotedText, span: Span, around: Span) -> bool:
    """Tell whether more words than `_FEW` outside quotations are between a stretch and the sentence after it."""
    if span.end >= around.start:
        return False
    between = subtract([Span(span.end, around.start)], quotes.touching(page.quoted, span.end, around.start))
    return sum(len(_WORDS.findall(page.text, part.start, part.end)) for part in between) > _FEW


def _begins_quoted(page: QuotedText, span: Span) -> bool:
    """Tell whether a quotation is in the first half of a stretch."""
    near = quotes.touching(page.quoted, span.start, span.end)
    return bool(near) and 2 * (near[0].start - span.start) <= span.end - span.start


def _nearest(page: QuotedText, source: tuple[Span, ...], around: Span) -> tuple[Span, ...]:
    """Return a source without what lies in other sentences than the cue, unless that is all of it."""
    return tuple(_spans(page, clip(source, [(around.start, around.end)]))) or source


def _spans(page: QuotedText, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Cut spans at the ends of blocks, join those that touch or overlap, and trim them."""
    trimmed = (trim(page.text, span, _TRAILING) for span in join(clip(spans, page.blocks)))
    return tuple(span for span in trimmed if span.start < span.end)


def _with_marks(content: Iterable[Span], quoted: Sequence[Quotation]) -> tuple[Span, ...]:
    """Give a stretch that begins with a quotation and has at least half of it the whole quotation with its marks."""
    return tuple(_widened(span, quotes.touching(quoted, span.start, span.end)) for span in content)


def _widened(span: Span, near: Iterable[Quotation]) -> Span:
    start, end = span.start, span.end
    for quotation in near:
        if start <= quotation.start + 2 and 2 * (end - quotation.start) >= quotation.end - quotation.start:
            start, end = min(start, quotation.start), max(end, quotation.end)
    return Span(start, end)


def _no_comment_cue(page: QuotedText, cue: tuple[Span, ...], content: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the cue of a claim that somebody was asked and did not answer; empty for any other claim."""
    if not cue:
        return ()
    first = cue[0]
    block_end = cover(page.blocks, first)[0][1]
    words = page.text[first.start : min(block_end, first.end + _LOOK_AHEAD)]
    length = no_comment.end_of(words, first.end - first.start)
    if length is None:
        return ()
    end = max(first.start + length, no_comment.cue_end(page.text, first))
    if content and content[0].start < first.start:
        return ()
    return (Span(first.start, end), *(span for span in cue[1:] if span.start > end))


def _no_comment(
    page: QuotedText, source: tuple[Span, ...], cue: tuple[Span, ...], content: tuple[Span, ...]
) -> Attribution:
    """Return the attribution of a no-comment claim: who did not answer, the cue, and the topic where there is one."""
    speaker = _no_comment_source(page, source, cue[0].start)
    place = Span(cue[0].end, cover(page.blocks, cue[0])[0][1])
    topic = no_comment.topic(page.text, place, content) if len(cue) == 1 else ()
    return Attribution(_spans(page, subtract(speaker, [*cue, *topic])), cue, topic)


def _no_comment_source(page: QuotedText, source: tuple[Span, ...], begin: int) -> tuple[Span, ...]:
    """Return who did not answer: the source, unless another subject is between it and the cue."""
    block_start = cover(page.blocks, Span(begin, begin + 1))[0][0]
    subject = no_comment.subject(page.text, block_start, begin)
    return source if subject is None or overlaps(subject, source) else (subject,)


def _whole_list(page: QuotedText, source: tuple[Span, ...], cue: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return a source that was cut inside a list of names before its cue with the rest of the list."""
    if not source or not cue or cue[0].start <= source[-1].end:
        return source
    last = source[-1]
    rest = _REST_OF_LIST.match(page.text, last.end, cue[0].start)
    return source if rest is None else (*source[:-1], Span(last.start, rest.end()))
