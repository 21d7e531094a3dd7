"""CSV, read with the place of every cell: RFC 4180 with commas, and any line end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Cell", "CsvError", "Record", "records"]

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_QUOTED: Final = re.compile(r'"((?:[^"]++|"")*+)"')
_CELL: Final = re.compile(rf'(?:{_QUOTED.pattern}|((?!")[^,\r\n]*+))(,|{_LINE_END.pattern}|\Z)')


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of a cell, and where it begins: line, and code point of that line, both counted from 1."""

    value: str
    line: int
    column_number: int


Record = tuple[Cell, ...]


class CsvError(ValueError):
    """The text is not CSV; `line` and `column_number` give the first place that is not."""

    def __init__(self, message: str, line: int, column_number: int) -> None:
        super().__init__(message)
        self.line = line
        self.column_number = column_number


def records(text: str) -> Iterator[Record]:
    r"""Yield the records of a CSV text, the header among them.

    An empty line is a record of one empty cell. Every line end inside quotation marks becomes `\n`, as in the canonical
    text of an article.

    >>> [[cell.value for cell in record] for record in records("name,place" + chr(10) + 'Ada,"Berlin, Mitte"')]
    [['name', 'place'], ['Ada', 'Berlin, Mitte']]

    Raises:
        CsvError: a quoted cell is not closed, or text follows its closing quotation mark.
    """
    at, line, line_start = 0, 1, 0
    cells: list[Cell] = []
    while at < len(text) or cells:
        found = _CELL.match(text, at)
        if found is None:
            raise _error(text, at, line, line_start)
        quoted, plain, end = found.groups()
        value = plain if quoted is None else quoted.replace('""', '"')
        cells.append(Cell(_LINE_END.sub("\n", value), line, at - line_start + 1))
        at = found.end()
        if end != ",":
            yield tuple(cells)
            cells = []
        line, line_start = _after(found, line, line_start)


def _after(found: re.Match[str], line: int, line_start: int) -> tuple[int, int]:
    """Return the line after a match, and where that line starts."""
    ends = [end.end() for end in _LINE_END.finditer(found[0])]
    return (line + len(ends), found.start() + ends[-1]) if ends else (line, line_start)


def _error(text: str, at: int, line: int, line_start: int) -> CsvError:
    closed = _QUOTED.match(text, at)
    if closed is None:
        return CsvError("a quoted cell is not closed", line, at - line_start + 1)
    line, line_start = _after(closed, line, line_start)
    return CsvError("text follows the closing quotation mark of a cell", line, closed.end() - line_start + 1)
