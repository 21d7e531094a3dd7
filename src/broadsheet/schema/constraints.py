"""Table Schema's constraints, each as one polars expression: the Pandera check and the rule on disk are made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from broadsheet.schema.table_schemas import Field

__all__ = ["Constraint", "anchored", "constraints"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint of a column. `broken` is true where a value breaks it; null is not judged.

    `name` is Table Schema's word, `code` that of the finding, and `expected` completes "expected …".
    """

    name: str
    code: str
    broken: pl.Expr
    expected: str


def anchored(pattern: str) -> str:
    r"""Return a pattern that matches whole values only, in the syntax of polars.

    >>> anchored("[a-z]+")
    '\\A(?:[a-z]+)\\z'
    """
    return rf"\A(?:{pattern})\z"


def constraints(field: Field) -> Iterator[Constraint]:
    """Yield the constraints of a field but `required` and `unique`, which Pandera and the keys judge themselves."""
    for name, (code, broken, words) in _KINDS.items():
        if name in field.constraints:
            limit = _limit(field.constraints[name], field.type)
            expected = words.format(", ".join(map(str, limit)) if isinstance(limit, list) else limit)
            yield Constraint(name, code, broken(pl.col(field.name), limit), expected)


_KINDS: Final[dict[str, tuple[str, Callable[[pl.Expr, Any], pl.Expr], str]]] = {
    "pattern": ("BS404", lambda value, pattern: ~value.str.contains(anchored(pattern)), "all of it to match {}"),
    "enum": ("BS405", lambda value, allowed: ~value.is_in(allowed), "one of {}"),
    "minimum": ("BS406", lambda value, limit: value < limit, "at least {}"),
    "maximum": ("BS406", lambda value, limit: value > limit, "at most {}"),
    "exclusiveMinimum": ("BS406", lambda value, limit: value <= limit, "more than {}"),
    "exclusiveMaximum": ("BS406", lambda value, limit: value >= limit, "less than {}"),
    "minLength": ("BS407", lambda value, limit: value.str.len_chars() < limit, "at least {} characters"),
    "maxLength": ("BS407", lambda value, limit: value.str.len_chars() > limit, "at most {} characters"),
}


def _limit(limit: Any, kind: str) -> Any:
    """Return a limit as a value of the column's type: in JSON, days are texts."""
    if isinstance(limit, list):
        return [_limit(one, kind) for one in limit]
    return dt.date.fromisoformat(limit) if kind == "date" else limit
