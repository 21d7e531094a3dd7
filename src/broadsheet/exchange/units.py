"""Offsets in other units than code points.

JavaScript counts UTF-16 code units: a character beyond U+FFFF has two. A tool that shows texts in a browser and does
not convert them counts so.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from broadsheet.model import Span

__all__ = ["Utf16"]


@dataclass(frozen=True, slots=True)
class Utf16:
    """The UTF-16 offsets of one text: `beyond` are the offsets, in code points, of its characters with two units."""

    beyond: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Utf16:
        """Return the converter of a text."""
        return cls(() if text.isascii() else tuple(at for at, char in enumerate(text) if char > "\uffff"))

    def units(self, span: Span) -> tuple[int, int]:
        """Return the start and end of a span in UTF-16 code units.

        >>> Utf16.of("🚢 sails").units(Span(2, 7))
        (3, 8)
        """
        return self._unit(span.start), self._unit(span.end)

    def span(self, start: int, end: int) -> Span:
        """Return the span that starts and ends at UTF-16 code units. Raises ValueError inside a character.

        >>> Utf16.of("🚢 sails").span(3, 8)
        Span(start=2, end=7)
        """
        return Span(self._code_point(start), self._code_point(end))

    def _unit(self, offset: int) -> int:
        return offset + bisect_left(self.beyond, offset)

    def _code_point(self, unit: int) -> int:
        count = bisect_left(range(len(self.beyond)), unit, key=lambda number: self.beyond[number] + number)
        if count and self.beyond[count - 1] + count == unit:
            raise ValueError(f"offset {unit} is inside a character")
        return unit - count
