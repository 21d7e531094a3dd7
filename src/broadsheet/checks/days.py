"""Days that cannot be: before there were newspapers, or after the package was made (the entry `days` of a schema)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from broadsheet.checks.parquet_footers import Store
from broadsheet.checks.rule_language import block_of
from broadsheet.checks.rules import Collector, Rule

__all__ = ["FIRST", "TEMPLATE_CREATED", "judge_days"]

FIRST: Final = dt.date(1605, 1, 1)  # the year of the first printed newspaper, the Relation of Strasbourg
TEMPLATE_CREATED: Final = "2024-01-01T00:00:00Z"  # as `broadsheet init` writes it: no day that somebody decided
_CODE: Final = "BS462"
_AHEAD: Final = dt.timedelta(days=1)  # `created` is in UTC; where the sun rises first it is the next day


def judge_days(stores: Iterable[Store], descriptor: Mapping[str, object], collector: Collector) -> None:
    """Judge the columns of days of all tables; the last possible day is `created` of the descriptor, if set."""
    created = descriptor.get("created")
    last = None if created == TEMPLATE_CREATED else _day(created)
    for store in stores:
        table = store.resource.table
        rules = [rule for column in block_of(table).days for rule in _rules(table.name, column, last)]
        frame = _read(store, [*table.primary_key, *block_of(table).days]) if rules else None
        if frame is not None:
            collector.judge(frame, rules, key=table.primary_key)


def _rules(table: str, column: str, last: dt.date | None) -> list[Rule]:
    day = pl.col(column)
    found = [Rule(_CODE, table, column, day < FIRST, f"a day since {FIRST:%Y}, when newspapers began")]
    if last:
        found += [Rule(_CODE, table, column, day > last + _AHEAD, f"no day after {last}, the package's `created`")]
    return found


def _day(created: object) -> dt.date | None:
    """Return the day of a time in the form of RFC 3339; None where it has another form, which has its own finding.

    >>> _day("2026-01-31T23:00:00Z"), _day("yesterday")
    (datetime.date(2026, 1, 31), None)
    """
    try:
        return dt.datetime.fromisoformat(str(created)).date()
    except ValueError:
        return None


def _read(store: Store, columns: list[str]) -> pl.DataFrame | None:
    """Return some columns of a table; None where they cannot be read, which has a finding of its own."""
    files = dict.fromkeys(group.path for group in store.groups)
    try:
        frames = [pl.read_parquet(file, glob=False, columns=columns) for file in files]
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, MemoryError):
        return None
    return pl.concat(frames) if frames else None
