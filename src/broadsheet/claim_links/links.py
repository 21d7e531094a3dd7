"""The links that were found, as numbers, and their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, Self, get_args

import numpy as np
import polars as pl

from broadsheet import package_files
from broadsheet.schema import Table
from broadsheet.schema.arrow import columnar
from broadsheet.storage.number_rows import Integers

__all__ = ["OTHER_SOURCE", "Link", "Links", "Method"]

Method = Literal["equal", "equal-other-source", "part", "part-other-source"]
Link = tuple[int, int, Method]
"""The numbers of two claims, and how their words are the same."""
OTHER_SOURCE: Final = MappingProxyType[Literal["equal", "part"], Method](
    {"equal": "equal-other-source", "part": "part-other-source"}
)
"""The method where the two claims are known to have different sources."""
_METHODS: Final = get_args(Method)
_NUMBERS: Final = np.dtype([("one", np.int64), ("other", np.int64), ("method", np.int64)])
_AT_ONCE: Final = 2**14  # ids that are texts of Python together
_BETWEEN: Final = "="  # the ids of two claims, in that of their link


@dataclass(frozen=True, slots=True)
class Links:
    """Links in the order of their ids, each once: the places of both claims in `claim_ids`, and the method's number."""

    claim_ids: pl.Series
    first: Integers
    second: Integers
    method: Integers

    @classmethod
    def of(cls, links: Iterable[Link], claim_id: Callable[[int], str]) -> Self:
        """Return links that may be given in any order, and more than once; `claim_id` names the claim of a number."""
        numbered = ((one, other, _METHODS.index(method)) for one, other, method in links)
        found = np.fromiter(numbered, _NUMBERS)
        numbers = np.unique(np.concatenate([found["one"], found["other"]]))
        ids = _ids(numbers, claim_id)
        rank = _rank(ids)
        first, second = np.sort([rank[np.searchsorted(numbers, found[end])] for end in ("one", "other")], axis=0)
        ordered = ids.sort()
        begins = _rank(ordered + _BETWEEN)  # in a link's id: a claim's id may begin with all of another one
        _, kept = np.unique(begins[first] * len(ids) + second, return_index=True)
        return cls(ordered, first[kept], second[kept], found["method"][kept])

    def row_groups(self, table: Table) -> Iterator[pl.DataFrame]:
        """Yield the rows of these links; there is at least one group."""
        rows = package_files.ROWS_A_GROUP
        for start in range(0, max(1, len(self.first)), rows):
            yield self._rows(table, slice(start, start + rows))

    def _rows(self, table: Table, some: slice) -> pl.DataFrame:
        claim, other = (self.claim_ids.gather(ends[some]) for ends in (self.first, self.second))
        columns = {
            "link_id": claim + _BETWEEN + other,
            "claim_id": claim,
            "other_claim_id": other,
            "relation": pl.repeat("same-words", len(claim), eager=True),
            "method": pl.Series(_METHODS, dtype=pl.String).gather(self.method[some]),
        }
        return pl.DataFrame(columns).select(table.columns).cast(columnar(table))


def _rank(ids: pl.Series) -> Integers:
    """Return the place of each id among all in order."""
    return ids.rank("ordinal").cast(pl.Int64).to_numpy() - 1


def _ids(numbers: Integers, claim_id: Callable[[int], str]) -> pl.Series:
    chunks = (numbers[start : start + _AT_ONCE].tolist() for start in range(0, len(numbers), _AT_ONCE))
    empty = pl.Series(dtype=pl.String)
    return pl.concat([empty, *(pl.Series([claim_id(number) for number in chunk], dtype=pl.String) for chunk in chunks)])
