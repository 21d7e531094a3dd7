"""Passages: the paragraphs that are read for claims together.

A paragraph is read by itself, so that its claims do not depend on what is beside it. Two things tie it to the one
before: a quotation that runs on, and a colon at the end of that one, which introduces it.
"""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet import quotes
from broadsheet.extraction.span_sets import Blocks
from broadsheet.quotes import Quotation

__all__ = ["passages"]


def passages(text: str, blocks: Blocks) -> list[list[tuple[int, int]]]:
    """Return the paragraphs `blocks` (half-open code points, in order), grouped with those that continue them.

    >>> passages("He left. She said: Go.", [(0, 8), (9, 18), (19, 22)])
    [[(0, 8)], [(9, 18), (19, 22)]]
    """
    quoted = quotes.find(text, blocks)
    found: list[list[tuple[int, int]]] = []
    for block in blocks:
        if found and _goes_on(text, found[-1][-1], quoted):
            found[-1].append(block)
        else:
            found.append([block])
    return found


def _goes_on(text: str, block: tuple[int, int], quoted: Sequence[Quotation]) -> bool:
    start, end = block
    runs_on = any(quotation.runs_on for quotation in quotes.touching(quoted, start, end))
    return runs_on or text[start:end].rstrip().endswith(":")
