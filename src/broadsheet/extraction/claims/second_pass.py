"""Both passes of the reader: the claims of the paragraphs, and those inside the content of each claim.

The first pass marks one layer. The second reads the content of each claim by itself, without the quotation marks around
it and the conjunction before it, so that it looks like a sentence of its own. Both layers have the second look, and a
claim that its measures make improbable is left out. A claim in a title has a cue with a word of saying or
thinking, or a mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Final, Literal, TypeGuard

from broadsheet import quotes
from broadsheet.extraction import lexicon, model_files
from broadsheet.extraction.claims.confidence import Grader, Layer, measures
from broadsheet.extraction.claims.cue_words import kind_of_cue
from broadsheet.extraction.claims.model_reader import WORD, Candidate, Reader, Scores, Window, decode
from broadsheet.extraction.claims.quoted_text import QuotedText
from broadsheet.extraction.claims.second_look import Kind, SecondLook
from broadsheet.extraction.claims.tidy import tidy
from broadsheet.extraction.span_sets import Blocks
from broadsheet.model import Attribution, ClaimKind

__all__ = ["TwoPassReader", "bare", "kind_of"]

_FEWEST_WORDS = 5
"""White-space tokens that a content has at least if it is read again."""
_LEVELS = 2
"""How deep claims are looked for inside claims."""
_KINDS: Final[Mapping[ClaimKind | None, Kind]] = {"speech": "saying", "report": "other", "attitude": "thinking"}
Place = Literal["body", "title", "inside"]
"""Where a claim is: in a paragraph, in a title, or in the content of another claim."""


@dataclass(frozen=True, slots=True)
class TwoPassReader:
    """The reader with the second look. Load it once a process; it keeps no state between calls.

    Without a grader a claim has the second look only.
    """

    reader: Reader
    look: SecondLook
    grader: Grader | None

    @classmethod
    def load(cls, path: Path | None = None, *, fast: bool = False) -> TwoPassReader:
        """Open the weights in the folder `path` (the shipped ones if None).

        Raises:
            ModelError: a file is missing, is not the one the card names, or cannot be opened.
        """
        folder = path or model_files.WEIGHTS
        return cls(Reader.load(path, fast=fast), SecondLook.load(folder), Grader.load(folder))

    def read(self, text: str, blocks: Blocks, titles: Blocks = ()) -> tuple[Attribution, ...]:
        """Return who says what in the blocks and titles of a text, with what is said inside it, sorted by extent.

        All spans of a claim inside another lie in the content of that one. Attributions without cue or without content
        (what layout or a no-comment may complete) have no second look and are all kept.
        """
        found = [*self.outer(text, blocks), *self.outer(text, titles, "title")]
        nested = self.nested(text, found)
        return tuple(sorted({*found, *nested}, key=lambda one: one.sort_key))

    def outer(self, text: str, blocks: Blocks, place: Place = "body") -> Iterator[Attribution]:
        """Yield the claims of the first pass that are credible."""
        for candidate in self.reader.candidates(text, blocks):
            *_, one = candidate
            if one.cue and one.content:
                yield from self._credible(text, candidate, place)
            elif place == "body":
                yield one

    def nested(self, text: str, outer: Sequence[Attribution], levels: int = _LEVELS) -> list[Attribution]:
        """Return what is said inside the contents of claims, and inside that again, `levels` deep."""
        found = list(self._inner(text, outer)) if levels else []
        return [*found, *self.nested(text, found, levels - 1)] if found else []

    def _inner(self, text: str, outer: Iterable[Attribution]) -> Iterator[Attribution]:
        """Yield the whole statements directly inside the content of each claim."""
        passages = [_passage(text, one) for one in outer]
        windows = [list(self.reader.windows(text, passage)) for passage in passages]
        scored = self.reader.scored(chain.from_iterable(windows))
        for passage, own in zip(passages, windows, strict=True):
            for window, scores in islice(scored, len(own)):
                yield from self._statements(text, passage, window, scores)

    def _statements(self, text: str, passage: Blocks, window: Window, scores: Scores) -> Iterator[Attribution]:
        """Yield the whole statements in a window of a content, tidied as if its quotation marks were all there are."""
        page = QuotedText(text, passage, quotes.find(text, passage))
        for one in filter(_is_whole, decode(window, scores)):
            credible = self._credible(text, (window, scores, one), "inside")
            yield from filter(_is_whole, (tidy(page, found) for found in credible))

    def _credible(self, text: str, candidate: Candidate, place: Place) -> Iterator[Attribution]:
        """Yield an attribution with its measures, unless it is no statement or they make it improbable."""
        *_, one = candidate
        kind = kind_of(" ".join(span.slice(text) for span in one.cue), place)
        score = self.look.score(*candidate)
        if kind is None or not self.look.is_statement(score, kind):
            return
        found = replace(one, measured=measures(*candidate, score))
        layer: Layer = "nested" if place == "inside" else "outer"
        if self.grader is None or self.grader.is_credible(text, found, layer):
            yield found


def kind_of(cue: str, place: Place) -> Kind | None:
    """Return which kind of claim a cue makes at a place; None for one that a title does not make."""
    of_cue = kind_of_cue(cue)
    if place == "inside" and of_cue is not None:
        return "inside"
    if place == "title":
        return "title" if of_cue in ("speech", "attitude") or not any(map(str.isalnum, cue)) else None
    return _KINDS.get(of_cue, "other")


def _passage(text: str, outer: Attribution) -> Blocks:
    """Return what is read again of a claim: nothing, if it has no cue or a short content."""
    length = sum(len(span.slice(text).split()) for span in outer.content)
    is_read = outer.cue and length >= _FEWEST_WORDS
    return bare(text, [(span.start, span.end) for span in outer.content]) if is_read else []


def _is_whole(one: Attribution | None) -> TypeGuard[Attribution]:
    return bool(one and one.source and one.cue and one.content)


def bare(text: str, stretches: Blocks) -> Sequence[tuple[int, int]]:
    """Return stretches from their first word that is not a conjunction to their last word, sentence ends included.

    >>> bare("that “he left.”", [(0, 15)])
    [(6, 14)]
    """
    conjunctions = lexicon.words("content_conjunctions")
    found = []
    for start, end in stretches:
        words = [match for match in WORD.finditer(text, start, end) if match.group()[0].isalnum()]
        first = next((match for match in words if match.group().lower() not in conjunctions), None)
        if first is not None:
            found.append((first.start(), _last(text, words[-1].end(), end)))
    return found


def _last(text: str, start: int, end: int) -> int:
    """Return the end of the punctuation that follows the last word, quotation marks left out."""
    return start + len(text[start:end].rstrip("“”„«»\"‘’'` \t\n\u00a0"))
