"""JSON that means one thing to every reader: no key twice in an object, no NaN, no Infinity."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["parse"]


def parse(data: bytes) -> Any:
    """Return what JSON in UTF-8 says. Raises ValueError where it is none, RecursionError where it is too deep."""
    return json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(n for n in names if names.count(n) > 1)!r} stands twice in one object")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")
