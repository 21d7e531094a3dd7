"""The texts of a bucket as one array of bytes, to compare all of them without cutting one.

A text is UTF-8 here, and offsets are code points. They differ by the continuation bytes (10xxxxxx) before a place: the
code point i begins at the byte i + their number. All that is looked for in a text (white space but the blank, control
characters, traces of a wrong decoding, accents) is outside printable ASCII, which is two bytes of a hundred. These are
found once, and everything else looks at them alone.

Comparing paragraphs in this way, in place of cutting every one out of its article, saves a third of the CPU time of
judging a package (measured on 3,000 articles, 333,000 rows).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from broadsheet.model import WHITE_SPACE

__all__ = ["Letters", "Tiling", "letters"]

Array = np.ndarray[Any, Any]

_BLANK = 0x20
_BLOCK = 2**18  # bytes looked at together
_BEYOND = 0x3001  # the code point after the last white one
_IS_WHITE = np.isin(np.arange(_BEYOND + 1), [ord(c) for c in WHITE_SPACE])  # by code point


@dataclass(frozen=True, slots=True)
class Tiling:
    """By paragraph: is it proven to be the text of its article there with only white space around, and its words.

    `words` counts those of the article's stretch, and means nothing where `proven` is false.
    """

    proven: Array
    words: Array


@dataclass(frozen=True)
class Letters:
    """Texts one after another: their bytes, the byte each begins at (and the last one's end), which are there at all.

    `unusual` are the bytes outside printable ASCII, by their place.
    """

    data: Array
    begins: Array
    there: Array
    unusual: Array

    @cached_property
    def _tail(self) -> Array:
        """Return which of the unusual bytes continue a character."""
        found: Array = (self.data[self.unusual] & 0xC0) == 0x80
        return found

    @cached_property
    def _tails(self) -> Array:
        """Return by continuation byte the number of bytes before it that are not one."""
        tails = self.unusual[self._tail]
        return tails - np.arange(len(tails))

    @cached_property
    def characters(self) -> str:
        """Return the characters outside printable ASCII, in order; neighbours stay neighbours."""
        return self.data[self.unusual].tobytes().decode()

    @cached_property
    def firsts(self) -> Array:
        """Return how many code points there are before each text, and in all."""
        return self.begins - np.searchsorted(self.unusual[self._tail], self.begins)

    def bytes_at(self, places: Array) -> Array:
        """Return at which byte code points begin that are counted over all texts."""
        found: Array = places + np.searchsorted(self._tails, places, side="right")
        return found

    @cached_property
    def _blank(self) -> _Marks:
        """Mark the bytes of white space."""
        codes = np.frombuffer(self.characters.encode("utf-32-le"), dtype=np.uint32)
        white = _IS_WHITE[np.minimum(codes, _BEYOND)]
        places, codes = self.unusual[~self._tail][white], codes[white]
        more = [places[codes >= 0x80] + 1, places[codes >= 0x800] + 2]  # the bytes that continue a white character
        return _marks(self.data, np.concatenate([places, *more]))

    @cached_property
    def _words(self) -> _Marks:
        """Mark the bytes at which a word begins after white space."""
        blank = self._blank.bits
        behind = (blank << np.uint64(1)) | np.append(np.uint64(0), blank[:-1] >> np.uint64(63))
        return _Marks(behind & ~blank)

    def tiling(self, text: Array, start: Array, end: Array, words: pl.Series) -> Tiling:
        """Compare paragraphs, in row order, with the texts: `text` is a number from 0, offsets are its code points.

        A number below 0 means no text. Nothing is proven where paragraphs are not in the order of their texts.
        """
        proven, counts = np.zeros(len(text), dtype=bool), np.zeros(len(text), dtype=np.int64)
        length = np.append(np.where(self.there, np.diff(self.firsts), -1), -1)[text]  # the last one is that of no text
        rows = np.flatnonzero((start >= 0) & (start <= end) & (end <= length))
        bounds = np.column_stack((start[rows], end[rows])) + self.firsts[text[rows]][:, None]
        edges = self.bytes_at(bounds.ravel())
        if len(rows) and not bool((np.diff(edges) < 0).any()):
            low, high = edges[::2], edges[1::2]
            said = words if len(rows) == len(words) else words[rows]
            same = (self._pieces(edges) == said.cast(pl.Binary)).fill_null(value=False).to_numpy()
            proven[rows] = same & self._white_around(text[rows], low, high)
            counts[rows] = self._counted(low, high)
        return Tiling(proven, counts)

    def _pieces(self, edges: Array) -> pl.Series:
        """Return every second of the stretches that the edges cut."""
        buffers = [None, pa.py_buffer(np.ascontiguousarray(edges, dtype=np.int64)), pa.py_buffer(self.data)]
        cut = pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(edges) - 1, buffers)
        return pl.Series(_Exported(cut)).gather_every(2)

    def _white_around(self, text: Array, low: Array, high: Array) -> Array:
        """Return where only white space is before a paragraph, and after it if it is its text's last."""
        first = np.flatnonzero(np.diff(text, prepend=-1))
        last = np.append(first[1:], len(text)) - 1
        found = np.append(True, self._only_white(high[:-1], low[1:]))  # the first row has none before it
        found[first] = self._only_white(self.begins[text[first]], low[first])
        found[last] &= self._only_white(high[last], self.begins[text[last] + 1])
        return found

    def _only_white(self, low: Array, high: Array) -> Array:
        found: Array = (low == high) | (self._blank.at(low) & (self._begun(low, high) == 0))
        return found

    def _counted(self, low: Array, high: Array) -> Array:
        """Return how many words are in stretches that begin with a word or are empty."""
        return self._begun(low, high) + (~self._blank.at(low) & (low < high))

    def _begun(self, low: Array, high: Array) -> Array:
        """Return how many words begin behind the first byte of stretches, which may be empty."""
        found: Array = np.maximum(self._words.before(high) - self._words.before(low + 1), 0)
        return found


@dataclass(frozen=True, slots=True)
class _Exported:
    """An Arrow array behind its C interface alone: of one of pyarrow's, polars would load pyarrow.compute first."""

    array: pa.Array

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        found: tuple[object, object] = self.array.__arrow_c_array__(requested_schema)
        return found


def letters(texts: pl.Series) -> Letters:
    """Lay texts one after another; a null takes no room."""
    array = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, buffer = array.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    everything = np.frombuffer(buffer, dtype=np.uint8) if buffer is not None else np.zeros(0, dtype=np.uint8)
    data = everything[ends[0] : ends[-1]]
    return Letters(data, ends - ends[0], texts.is_not_null().to_numpy(), _unusual(data))


def _unusual(data: Array) -> Array:
    """Return the places of bytes outside printable ASCII, block by block to save memory."""
    blocks = range(0, len(data), _BLOCK)
    found = [np.flatnonzero((data[at : at + _BLOCK] + np.uint8(1)).view(np.int8) <= _BLANK) + at for at in blocks]
    return np.concatenate([np.zeros(0, dtype=np.int64), *found])  # one added, printable ASCII alone is above 32


@dataclass(frozen=True)
class _Marks:
    """Marks on bytes: a bit each, and how many there are before each 64 of them."""

    bits: Array

    @cached_property
    def _sums(self) -> Array:
        return np.append(0, np.cumsum(np.bitwise_count(self.bits), dtype=np.int64))

    def at(self, places: Array) -> Array:
        """Return whether places are marked."""
        found: Array = (self.bits[places >> 6] >> (places & 63).astype(np.uint64)) & np.uint64(1) == 1
        return found

    def before(self, places: Array) -> Array:
        """Return how many marks there are before each place."""
        word, bit = places >> 6, (places & 63).astype(np.uint64)
        below = (np.uint64(1) << bit) - np.uint64(1)
        found: Array = self._sums[word] + np.bitwise_count(self.bits[word] & below)
        return found


def _marks(data: Array, more: Array) -> _Marks:
    """Mark the blanks among bytes, and more places."""
    packed = np.zeros((len(data) // 64 + 2) * 8, dtype=np.uint8)  # two places behind the last can be asked for
    for start in range(0, len(data), _BLOCK):
        bits = np.packbits(data[start : start + _BLOCK] == _BLANK, bitorder="little")
        packed[start // 8 : start // 8 + len(bits)] = bits
    np.bitwise_or.at(packed, more >> 3, np.left_shift(1, more & 7).astype(np.uint8))
    return _Marks(packed.view("<u8").astype(np.uint64, copy=False))
