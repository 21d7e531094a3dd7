"""JSON that means one thing to every reader: no key twice in an object, no NaN, no Infinity."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["Places", "parse", "places"]

Places = Mapping[tuple[str | int, ...], tuple[int, int]]  # keys and indices → line and column

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_LINE_END = re.compile(r"\r\n|\r|\n")


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


# --- where a value stands ---------------------------------------------------------------------------------------------


def places(data: bytes) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Return where every value of a JSON document begins: its keys and indices → line and column, both from 1.

    Columns count code points; of a key that stands twice the last one counts. Raises ValueError where `data` is no
    JSON, RecursionError where it is too deep.
    """
    text = data.decode("utf-8")
    json.loads(text)
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
    return {keys: _line_and_column(at, starts) for keys, at in _values(text)}


def _line_and_column(at: int, starts: list[int]) -> tuple[int, int]:
    line = bisect_right(starts, at)
    return line, at - starts[line - 1] + 1


def _values(text: str) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Yield the keys that lead to each value of a text that is JSON, and the offset of the value."""
    keys: list[str | int] = []  # of the containers that are open, the last one the key or index now being read
    named = False  # whether the key of the value that comes was read
    for token in _TOKEN.finditer(text):
        sign, at = token.group(), token.start()
        inside = keys[-1] if keys else None
        if sign[0] == '"' and isinstance(inside, str) and not named:
            keys[-1] = json.loads(sign)
        elif sign == ":":
            named = True
        elif sign == ",":
            named = False
            keys[-1] = inside + 1 if isinstance(inside, int) else ""
        elif sign in "]}":
            keys.pop()
        else:
            yield tuple(keys), at
            if sign in "[{":
                keys.append(0 if sign == "[" else "")
                named = False
