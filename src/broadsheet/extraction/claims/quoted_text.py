"""What every step between a reader and a claim needs to know of an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.extraction.span_sets import Blocks
from broadsheet.quotes import Quotation

__all__ = ["QuotedText"]


@dataclass(frozen=True, slots=True)
class QuotedText:
    """The words of an article, its blocks and its quotations: what tidying a span needs."""

    text: str
    blocks: Blocks
    quoted: Sequence[Quotation]
