"""Links between claims with the same words: in two articles, or at two places of one.

Two claims have the same words if their contents are equal but for marks, letter case, an opening "that", words in
square brackets and omissions, or if one is a part of the other that begins where a sentence or clause does. Claims are
not linked where one denies, asks or declines and the other does not, where they are at one place of a text, and where
`claims.duplicate_of` names the repeat already.

Of the claims with equal words each is linked to the first of them, so that a statement in n articles has n - 1 links.
Candidates for parts are found by all sequences of five words, of which the rarest is looked up; every candidate is then
compared word by word. docs/links.md says how the numbers below were measured.

What is compared lies on disk and is read part by part, so that memory does not grow with the words of a corpus.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final, Literal, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from broadsheet.claim_links.candidates import Candidates
from broadsheet.claim_links.contents import COLUMNS, Content, Contents
from broadsheet.claim_links.links import OTHER_SOURCE, Link, Links, Method
from broadsheet.claim_links.wording import GAP, Tokens, gapped
from broadsheet.schema import Schemas

__all__ = ["COLUMNS", "Linking"]

EQUAL: Final = 5
"""Words of equal contents of one source; of different or unknown sources, `LONG`."""
PART: Final = 7
"""Words of a content that is a part of another one of the same source; of different or unknown sources, `LONG`."""
LONG: Final = 9
_REPLACED: Final = 4  # words at most that an editor replaced by a note in square brackets
_CHUNK: Final = 2**12  # claims whose words are in memory at once
_PARTS: Final = 4  # parts for each bucket of articles


class Linking:
    """Claims, added bucket by bucket in any order, and the links between them.

    `scratch` is the folder of temporary files, `buckets` how many buckets the corpus has: it changes no link.
    """

    def __init__(self, scratch: Path | None = None, *, buckets: int = 1) -> None:
        self._contents = Contents(scratch)
        self._candidates = Candidates(scratch, parts=_PARTS * buckets)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._contents.__exit__()
        self._candidates.__exit__()

    def add(self, claims: pl.DataFrame) -> None:
        """Add claims, which have at least `COLUMNS`. Raises OSError where no file can be written."""
        for chunk in claims.select(COLUMNS).iter_slices(_CHUNK):
            found = _with_words(chunk)
            self._contents.add(found)
            self._candidates.add(found, shortest=PART)

    def row_groups(self, schemas: Schemas) -> Iterator[pl.DataFrame]:
        """Yield the rows of `claim_links` for all claims that were added, in order; there is at least one group."""
        is_repeat = np.zeros(len(self._contents), bool)
        found = chain(self._equal(is_repeat), self._parts(is_repeat))  # the second begins when the first has ended
        links = Links.of(found, lambda number: self._contents[number].claim_id)
        yield from links.row_groups(schemas["claim_links"])

    def _equal(self, is_repeat: NDArray[np.bool_]) -> Iterator[Link]:
        """Yield a link from each claim to the first one with equal words that it can be one with.

        In `is_repeat` the claims are noted that have the words of one before them.
        """
        for group in self._candidates.equal():
            firsts: defaultdict[str, list[tuple[int, Content]]] = defaultdict(list)
            for _, number in sorted((self._contents[number].claim_id, number) for number in group.tolist()):
                content = self._contents[number]
                same = firsts[content.words]
                is_repeat[number] = bool(same)
                first = next((one for one in same if _is_equal(one[1], content)), None)
                if first is None:
                    same.append((number, content))
                else:
                    yield first[0], number, _method(first[1], content, "equal")

    def _parts(self, is_repeat: NDArray[np.bool_]) -> Iterator[Link]:
        """Yield the links between a claim and one whose words contain its words, repeats left out."""
        for shorter, longer in self._candidates.parts(is_repeat):
            for pair in zip(shorter.tolist(), longer.tolist(), strict=True):
                one, other = map(self._contents.__getitem__, pair)
                if one.may_be_one_with(other) and _is_part(one, other):
                    yield *pair, _method(one, other, "part")


def _with_words(claims: pl.DataFrame) -> pl.DataFrame:
    """Return the claims that may be linked, with `gapped`, `words` (without gaps) and `size`."""
    words = pl.col("gapped").str.replace_all(GAP, "", literal=True).str.replace_all(r"\s+", " ").str.strip_chars()
    return (
        claims.filter(pl.col("content_text").is_not_null() & pl.col("duplicate_of").is_null())
        .with_columns(gapped=pl.col("content_text").map_elements(gapped, return_dtype=pl.String))
        .with_columns(words=words)
        .with_columns(size=pl.col("words").str.count_matches(r"\S+").cast(pl.Int64))
        .filter(pl.col("size") >= EQUAL)
    )


def _method(one: Content, other: Content, method: Literal["equal", "part"]) -> Method:
    is_other = None not in (one.source_entity_id, other.source_entity_id) and not one.has_source_of(other)
    return OTHER_SOURCE[method] if is_other else method


def _is_equal(one: Content, other: Content) -> bool:
    is_long = one.size >= (EQUAL if one.has_source_of(other) else LONG)
    return is_long and one.may_be_one_with(other)


def _is_part(one: Content, other: Content) -> bool:
    """Return whether the words of a content are a part of another one that says the same."""
    is_one_source = one.has_source_of(other)
    if one.size < (PART if is_one_source else LONG) or not all(words in other.words for words in one.segments):
        return False
    text = Tokens.of(other.content_text)
    place = text.find(one.segments)
    if place is None:
        return False
    start, end = place
    is_whole = is_one_source or text.ends_clause(end)
    return is_whole and _is_begun(one, text, start) and not text.is_limited(end)


def _is_begun(one: Content, text: Tokens, start: int) -> bool:
    """Return whether the words of a content begin where a clause of a text does; unquoted ones, where the text does."""
    if one.quote == "indirect":
        return start == 0
    replaced = _REPLACED if one.begins_with_gap else 0
    return any(map(text.begins_clause, range(max(start - replaced, 0), start + 1)))
