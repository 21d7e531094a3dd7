"""The claims that may be linked, on disk, each made when it is compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final, Self

import msgspec
import polars as pl

from broadsheet.claim_links.wording import GAP, gapped
from broadsheet.storage.scratch import Lines

__all__ = ["COLUMNS", "Content", "Contents"]

COLUMNS: Final = (
    *("claim_id", "document_id", "start", "end", "stance", "quote"),
    *("content_text", "source_text", "source_entity_id", "duplicate_of"),
)
"""The columns of `claims` that are read."""
_KEPT: Final = 2**12  # contents in memory
_APART: Final = {"asserts": "says", "plans": "says"}  # every other stance is alone


@dataclass(frozen=True, kw_only=True)
class Content:
    """A claim that may be linked."""

    claim_id: str
    document_id: str
    start: int
    end: int
    stance: str
    quote: str
    content_text: str
    source_text: str | None
    source_entity_id: str | None

    @cached_property
    def source(self) -> str | None:
        """Return what names the source: its entity, else its words, if there is more than a pronoun."""
        words = " ".join((self.source_text or "").casefold().split())
        return self.source_entity_id or (words if " " in words else None)

    @cached_property
    def _gapped(self) -> str:
        return gapped(self.content_text)

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """Return the stretches of words between omissions."""
        return tuple(filter(None, (" ".join(part.split()) for part in self._gapped.split(GAP))))

    @cached_property
    def words(self) -> str:
        """Return the words, one space between two, without omissions."""
        return " ".join(self.segments)

    @cached_property
    def size(self) -> int:
        """Return the number of words."""
        return len(self.words.split())

    @property
    def begins_with_gap(self) -> bool:
        """Return whether the first words are left out or replaced by words in brackets."""
        return self._gapped.startswith(GAP)

    @property
    def side(self) -> str:
        """Return what the stance says of the words: claims of two sides do not say the same."""
        return _APART.get(self.stance, self.stance)

    def may_be_one_with(self, other: Content) -> bool:
        """Return whether two claims are at different places, and none denies, asks or declines what the other says."""
        is_here = self.document_id == other.document_id and self.start < other.end and other.start < self.end
        return not is_here and self.side == other.side

    def has_source_of(self, other: Content) -> bool:
        """Return whether two claims are known to have one source."""
        return self.source is not None and self.source == other.source


_DECODER: Final = msgspec.json.Decoder(Content)


class Contents:
    """Claims by their number, in the order in which they were added."""

    def __init__(self, scratch: Path | None) -> None:
        self._lines = Lines(scratch)
        self._made = lru_cache(_KEPT)(lambda number: _DECODER.decode(self._lines[number]))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.__exit__()

    def __len__(self) -> int:
        """Return how many claims there are."""
        return len(self._lines)

    def add(self, claims: pl.DataFrame) -> None:
        """Add claims, which have at least `COLUMNS`. Raises OSError where they cannot be written."""
        written = BytesIO()
        claims.select(COLUMNS).drop("duplicate_of").write_ndjson(written)
        self._lines.add(written.getvalue())

    def __getitem__(self, number: int) -> Content:
        """Return a claim."""
        return self._made(number)
