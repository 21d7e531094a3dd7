"""JSON that every reader understands in the same way: no key twice in an object, no NaN, no Infinity."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["Places", "offsets", "parse", "places"]

Places = Mapping[tuple[str | int, ...], tuple[int, int]]  # keys and indices → line and column

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LINE_END = re.compile(r"\r\n|\r|\n")


def parse(data: bytes, *, halves: bool = False) -> Any:
    """Return the value of a JSON text in UTF-8.

    Raises ValueError where it is not JSON, or contains half of a character (a surrogate without its pair), unless
    `halves` are allowed; RecursionError where it is nested too deeply.

    >>> parse(b'{"name": "news"}')
    {'name': 'news'}
    """
    text = data.decode("utf-8")
    found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    if not halves and _SURROGATE.search(text):
        _check_characters(found)
    return found


def _check_characters(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise ValueError(f"{half!r} is half of a character: a surrogate without its pair") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(n for n in names if names.count(n) > 1)!r} is there twice in one object")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is not a JSON number")


# --- where a value is ------------------------------------------------------------------------------------------------


def places(data: bytes) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Return where every value of a JSON document begins: its keys and indices → line and column, both from 1.

    Columns count code points; of a key that is there twice the last one counts. Raises ValueError where `data` is not
    JSON, RecursionError where it is too deep.

    >>> places(b'{"limits": [7]}')["limits", 0]
    (1, 13)
    """
    text = data.decode("utf-8")
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
    return {keys: _line_and_column(at, starts) for keys, at in offsets(text).items()}


def offsets(text: str) -> dict[tuple[str | int, ...], int]:
    """Return the offset in code points at which every value of a JSON document begins, like `places`.

    >>> offsets('{"limits": [7]}')["limits", 0]
    12
    """
    json.loads(text)
    return dict(_values(text))


def _line_and_column(at: int, starts: list[int]) -> tuple[int, int]:
    line = bisect_right(starts, at)
    return line, at - starts[line - 1] + 1


class _OpenContainers:
    """The containers that are open while a JSON text is read: the last key is the one now being read."""

    def __init__(self) -> None:
        self.keys: list[str | int] = []
        self.is_named = False  # whether the key of the next value was read

    def separate(self) -> None:
        """Go on to the next member of the container."""
        self.is_named = False
        inside = self.keys[-1]
        self.keys[-1] = inside + 1 if isinstance(inside, int) else ""

    def open(self, bracket: str) -> None:
        """Enter a container."""
        self.keys.append(0 if bracket == "[" else "")
        self.is_named = False

    def is_key(self, token: str) -> bool:
        """Return whether a token is the key of an object's member."""
        return token[0] == '"' and not self.is_named and bool(self.keys) and isinstance(self.keys[-1], str)


def _values(text: str) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Yield the keys that lead to each value of a JSON text, and the offset of the value."""
    reader = _OpenContainers()
    for found in _TOKEN.finditer(text):
        mark = found.group()
        if reader.is_key(mark):
            reader.keys[-1] = json.loads(mark)
        elif mark == ":":
            reader.is_named = True
        elif mark == ",":
            reader.separate()
        elif mark in "]}":
            reader.keys.pop()
        else:
            yield tuple(reader.keys), found.start()
            if mark in "[{":
                reader.open(mark)
