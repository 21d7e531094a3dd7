"""Claims by rule: who says what, read off the parse of each paragraph and its quotation marks.

The rules know verbs of speech, thought and attitude with a clause, an infinitive or an object; quotations with a verb
of saying before, inside or after; "according to"; introductions with a colon; nouns such as "reports that";
"reportedly"; "it is believed"; denials and refusals to comment; quotations that run over paragraphs. They give only
spans: what kind of claim it is and who its source is, `assemble` decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from broadsheet import quotes
from broadsheet.extraction.claims import assemble, rule_clauses
from broadsheet.extraction.span_sets import overlaps
from broadsheet.model import Attribution, Span, Text
from broadsheet.quotes import Quotation

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["read"]

_UNUSED = ("ner", "attribute_ruler", "lemmatizer", "senter")
_LONGEST = 20_000
"""Code points parsed at once: a longer paragraph is read in pieces, so that no text is too long for the parser."""


def read(text: Text, nlp: Language) -> tuple[Attribution, ...]:
    """Return the attributions of an article in the order of their extents.

    `nlp` is a spaCy pipeline with a tagger and a parser for English; nothing else of it is used.
    """
    blocks = [piece for start, end in assemble.blocks(text) for piece in _pieces(text.text, start, end)]
    quoted = quotes.find(text.text, blocks)
    words = (_readable(text.text[start:end]) for start, end in blocks)
    found: list[Attribution] = []
    running: Attribution | None = None
    for (start, end), doc in zip(blocks, nlp.pipe(words, batch_size=16, disable=_UNUSED), strict=True):
        inside = [q for q in quoted if start <= q.start < end]
        running = _continue(found, running, inside, start)
        here = rule_clauses.read(doc, start, [(q.start, q.end) for q in inside], started=running is not None)
        found += here
        running = _left_open(here, inside) or (running if _runs_on(inside, start, end) else None)
    return tuple(sorted(set(found), key=lambda one: one.sort_key))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        cut = max(text.rfind(" ", start, start + _LONGEST), text.rfind("\n", start, start + _LONGEST))
        cut = cut if cut > start else start + _LONGEST
        yield start, cut
        start = cut
    yield start, end


def _readable(words: str) -> str:
    """Return the words with what cannot be encoded (lone surrogates) replaced, length unchanged."""
    return words if words.isascii() else _without_surrogates(words)


def _without_surrogates(words: str) -> str:
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in words)


def _continue(
    found: list[Attribution], running: Attribution | None, inside: list[Quotation], start: int
) -> Attribution | None:
    """Give the quotation that begins this paragraph to the claim whose quotation was left open in the one before."""
    if running is None or not inside or inside[0].start != start:
        return None
    more = Span(inside[0].start, inside[0].end)
    longer = Attribution(running.source, running.cue, (*running.content, more))
    found[found.index(running)] = longer
    return longer


def _runs_on(inside: list[Quotation], start: int, end: int) -> bool:
    return bool(inside) and inside[0].runs_on and (inside[0].start, inside[0].end) == (start, end)


def _left_open(here: list[Attribution], inside: list[Quotation]) -> Attribution | None:
    """Return the claim whose content contains the quotation that runs on into the next paragraph."""
    open_quotations = [quotation for quotation in inside if quotation.runs_on]
    for quotation in open_quotations:
        for one in here:
            if overlaps(Span(quotation.start, quotation.end), one.content):
                return one
    return None
