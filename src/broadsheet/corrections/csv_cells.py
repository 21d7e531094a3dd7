"""CSV, read with the place of every cell: RFC 4180, any line end, and nothing that a program would have to guess."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Broken", "Cell", "Record", "records"]


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of a cell, and where it begins: line, and code point of that line, both counted from 1."""

    value: str
    line: int
    column_number: int


Record = tuple[Cell, ...]


class Broken(ValueError):  # noqa: N818 - it is caught where it is made into a finding
    """The text is no CSV; `line` and `column_number` say where it stops being that."""

    def __init__(self, what: str, line: int, column_number: int) -> None:
        super().__init__(what)
        self.line = line
        self.column_number = column_number


@dataclass(slots=True)
class _Reader:
    """A place in a text: `at` is the next code point, `begin` that of its line."""

    text: str
    at: int = 0
    line: int = 1
    begin: int = 0

    def here(self) -> tuple[int, int]:
        return self.line, self.at - self.begin + 1

    def cell(self) -> Cell:
        """Read a cell; stop at what ends it."""
        line, column = self.here()
        value = self._quoted() if self.text.startswith('"', self.at) else self._plain()
        return Cell(value.replace("\r\n", "\n").replace("\r", "\n"), line, column)

    def ends_line(self) -> bool:
        """Go over what ends a cell; tell whether that is the end of a line or of the text."""
        if self.text.startswith(",", self.at):
            self.at += 1
            return False
        self._line_end()
        return True

    def _plain(self) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ",\r\n":
            self.at += 1
        return self.text[start : self.at]

    def _quoted(self) -> str:
        opening, pieces = self.here(), []
        while True:
            self.at += 1
            start = self.at
            self._to_quote(opening)
            pieces.append(self.text[start : self.at])
            self.at += 1
            if not self.text.startswith('"', self.at):
                break
            pieces.append('"')
        if self.at < len(self.text) and self.text[self.at] not in ",\r\n":
            raise Broken("a quoted cell goes on after its closing quotation mark", *self.here())
        return "".join(pieces)

    def _to_quote(self, opening: tuple[int, int]) -> None:
        while self.at < len(self.text) and self.text[self.at] != '"':
            if self.text[self.at] in "\r\n":
                self._line_end()
            else:
                self.at += 1
        if self.at == len(self.text):
            raise Broken("a quoted cell is never closed", *opening)

    def _line_end(self) -> None:
        self.at += 2 if self.text.startswith("\r\n", self.at) else 1
        self.line, self.begin = self.line + 1, self.at


def records(text: str) -> Iterator[Record]:
    r"""Yield the records of a CSV text, the header among them. Raises Broken where it stops being CSV.

    A line that is empty is a record of one empty cell. A line end inside quotation marks is `\n`, whatever it was: so
    it stands in an article's canonical text.
    """
    reader = _Reader(text)
    while reader.at < len(text):
        cells = [reader.cell()]
        while not reader.ends_line():
            cells.append(reader.cell())
        yield tuple(cells)
