"""Where sentences begin and end, found by marks and capitals alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.extraction import lexicon

__all__ = ["sentence_end", "sentence_start", "stops"]

_STOP = re.compile(r"[.?!][”\"’'»)]*\s+(?=[\"“‘«(]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    rf"\b(?:[A-Za-z]|(?:[A-Za-z]\.)+[A-Za-z]|{lexicon.alternatives('abbreviations_before_a_name_or_number')})$"
)
_LONGEST_ABBREVIATION = 12
_FARTHEST = 2_000
"""Code points searched backwards for the beginning of a sentence."""


def sentence_start(text: str, place: int, floor: int) -> int:
    """Return where the sentence at a place begins, at least `floor`.

    >>> sentence_start("It rained. Mr. Roe left.", 17, 0)
    11
    """
    begin = max(floor, place - _FARTHEST)
    starts = [after for _, after in stops(text, begin, place + 2) if after <= place]
    return starts[-1] if starts else begin


def sentence_end(text: str, start: int, limit: int) -> int:
    """Return where the sentence ends that goes on at `start`, at most `limit`."""
    return next((stop for stop, _ in stops(text, start, limit)), limit)


def stops(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where a sentence ends and where the next begins; a full stop after an abbreviation ends no sentence."""
    for match in _STOP.finditer(text, start, end):
        stop = match.start()
        before = max(start, stop - _LONGEST_ABBREVIATION)
        if text[stop] != "." or not _ABBREVIATION.search(text, before, stop):
            yield stop, match.end()
