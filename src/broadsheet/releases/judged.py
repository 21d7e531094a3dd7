"""How many rows are right, as far as people judged them: a share for each table and confidence, with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import product
from math import sqrt
from statistics import NormalDist
from typing import Any, Final

import polars as pl

from broadsheet.model import Decision, Judgement
from broadsheet.releases.rights import Files, frame_of

__all__ = ["JUDGED", "Share", "recorded_shares", "shares", "wilson"]

JUDGED: Final = ("claims", "mentions")
"""The tables whose rows are judged, in order."""
_BANDS: Final = ("sure", "likely", "doubtful")
_KEYS: Final = {"claims": "claim_id", "mentions": "mention_id"}
_LEVEL: Final = 0.95
"""Of the intervals."""
_DIGITS: Final = 12
"""The error of a sum must not put the end of an interval beyond 0 or 1."""

Stratum = tuple[str, str]  # table, confidence


@dataclass(frozen=True, slots=True)
class Share:
    """The share of right rows among those judged, of a table and a confidence, with its 95 % interval.

    `judged` are those with the verdict right or wrong; rows that are `unsure` count for neither.
    """

    table: str
    confidence: str
    judged: int
    right: int
    unsure: int
    precision: float
    low: float
    high: float


def shares(decisions: Iterable[Decision], tables: Mapping[str, Files]) -> list[Share]:
    """Return the shares of the tables and confidences of which a row was judged, in order.

    `tables` are Parquet files by table. A judgement counts with the confidence that it records, else with that of the
    row; one that records none, about a row that is not there, does not count.
    """
    judged = [one for one in decisions if isinstance(one, Judgement)]
    known = _confidences(judged, tables)
    counts: Counter[tuple[Stratum | None, str]] = Counter((_stratum(one, known), one.verdict) for one in judged)
    return [share for stratum in product(JUDGED, _BANDS) for share in _share(stratum, counts)]


def recorded_shares(decisions: Iterable[Decision], tables: Mapping[str, Files]) -> list[dict[str, Any]]:
    """Return the shares as they are in the descriptor of a release (`broadsheet.judged`)."""
    return [asdict(share) for share in shares(decisions, tables)]


def _confidences(judged: list[Judgement], tables: Mapping[str, Files]) -> dict[str, Stratum]:
    """Return the table and the confidence of the judged rows that are in the tables, by id."""
    wanted = [one.row_id for one in judged]
    return {row: (table, band) for table in JUDGED if wanted for row, band in _rows(table, wanted, tables)}


def _rows(table: str, wanted: list[str], tables: Mapping[str, Files]) -> Iterator[tuple[str, str]]:
    key = _KEYS[table]
    frame = frame_of(tables[table], [key, "confidence"])
    yield from frame.filter(pl.col(key).is_in(wanted)).iter_rows()


def _stratum(one: Judgement, known: Mapping[str, Stratum]) -> Stratum | None:
    return (one.table, one.confidence) if one.table and one.confidence else known.get(one.row_id)


def _share(stratum: Stratum, counts: Counter[tuple[Stratum | None, str]]) -> Iterator[Share]:
    """Yield the share of a stratum of which a row was judged right or wrong."""
    right, wrong, unsure = (counts[stratum, verdict] for verdict in ("right", "wrong", "unsure"))
    judged = right + wrong
    if judged:
        low, high = wilson(right, judged)
        yield Share(*stratum, judged, right, unsure, _rounded(right / judged), _rounded(low), _rounded(high))


def wilson(right: int, judged: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927; method 3 of Newcombe, Statistics in Medicine 17, 1998).

    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    z = NormalDist().inv_cdf((1 + _LEVEL) / 2)
    share, weight = right / judged, z * z / judged
    middle = share + weight / 2
    half = z * sqrt(share * (1 - share) / judged + weight / judged / 4)
    ends = ((middle + side) / (1 + weight) for side in (-half, half))
    low, high = (round(end, _DIGITS) for end in ends)
    return low, high


def _rounded(share: float) -> float:
    return round(share, 3)
