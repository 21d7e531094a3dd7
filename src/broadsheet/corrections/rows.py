"""Read one row of a file of decisions: each cell by its Table Schema, then what one cell requires of another."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from broadsheet.corrections.cell_types import Column, columns_of
from broadsheet.corrections.csv_cells import Record
from broadsheet.findings.decided import about, shown
from broadsheet.model import Decision, Finding
from broadsheet.schema import Files as SchemaFiles
from broadsheet.schema import Table, load_schemas

__all__ = ["RowReader"]

_REPAIRS: Final[Mapping[str, str]] = {
    "required": "fill it in, or delete the row",
    "date": "write it like 2026-01-31",
    "integer": "write a whole number",
    "minimum": "write {rule} or more",
    "enum": "use one of {rule}",
    "pattern": "write it so that it matches {rule}",
    "minLength": "write at least {rule} characters",
}
_DATE_FORMS: Final = (
    *("%d.%m.%Y", "%d. %m. %Y", "%d-%m-%Y", "%d/%m/%Y"),
    *("%m/%d/%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
)
_REQUIRED: Final = ("required", "")
_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and marks that turn the direction of reading: they change what a terminal or a page shows."""
_OF_ARTICLE: Final = frozenset({"quoted", "of_cue", "source", "cue", "content", "words"})
"""Columns with words of the article, which are repeated as they are."""


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of a row by column, as written; `at` says where the row is."""

    at: Decision
    cells: Mapping[str, str]

    def fault(self, code: str, column: str, fault: tuple[str, str]) -> Finding:
        """Return the finding that a cell breaks a constraint, given as (constraint, expected value)."""
        kind, rule = fault
        cell = self.cells.get(column, "")
        problem = f"{column} is {shown(cell)}" if cell else f"{column} is empty"
        repair = _REPAIRS.get(kind, "write it as {rule} requires").format(rule=rule)
        dates = _dates(cell) if kind == "date" else []
        return about(self.at, code, problem, f"write {' or '.join(dates)}" if dates else repair, column, cell)


@dataclass(frozen=True)
class RowReader:
    """What the rows of one file must satisfy, and the class of decision they become.

    `values` maps an action to the column of a table that its `value` cell must fit.
    """

    table: Table
    kind: type[Decision]
    columns: Mapping[str, Column]
    values: Mapping[str, Column]

    @classmethod
    def of(cls, table: Table, kind: type[Decision], schemas: Path | SchemaFiles | None) -> RowReader:
        """Return the reader of one file. Raises SchemaError."""
        return cls(table, kind, columns_of(table), _values(table, schemas))

    def read(self, where: str, header: Record, row: Record) -> Decision | list[Finding]:
        """Return the decision of a row, or what is wrong with the row."""
        pairs = list(zip(header, row, strict=False))
        cells = {name.value: cell.value for name, cell in pairs}
        places = {name.value: (cell.line, cell.column_number) for name, cell in pairs}
        document = cells.get("document_id") or None
        found = _Row(Decision(path=where, line=row[0].line, document_id=document, places=places), cells)
        if len(row) != len(header):
            return [_wrong_count(found.at, header, row)]
        return list(self._cell_faults(found)) or list(self._row_faults(found)) or self._decision(found)

    def _cell_faults(self, row: _Row) -> Iterator[Finding]:
        for name, column in self.columns.items():
            cell = row.cells.get(name, "")
            faults = column.faults(cell)
            hidden = _HIDDEN.search(cell) if name not in _OF_ARTICLE else None
            if hidden:
                problem = f"{name} contains U+{ord(hidden.group()):04X}, a character that nobody sees: {shown(cell)}"
                yield about(row.at, "BS304", problem, "remove the character", name, cell)
            elif cell != cell.strip():
                problem = f"{name} is {shown(cell)}: white space at its start or end"
                yield about(row.at, "BS304", problem, "remove the white space", name, cell)
            elif faults:
                is_action = name == self.table.rules["verb"]
                yield row.fault("BS301" if is_action and cell else "BS304", name, faults[0])

    def _row_faults(self, row: _Row) -> Iterator[Finding]:
        """Yield what one cell requires of another and does not get."""
        action = row.cells[self.table.rules["verb"]]
        for need in self.table.rules.get("needs", ()):
            if not row.cells.get(need["column"]) and _applies(need, row.cells):
                yield row.fault("BS304", need["column"], _REQUIRED)
        for column, actions in self.table.rules.get("only", {}).items():
            cell = row.cells.get(column)
            if cell and action not in actions:
                problem = f"{action} takes no {column}: {shown(cell)}"
                repair = f"empty the cell, or use one of {', '.join(actions)}"
                yield about(row.at, "BS304", problem, repair, column, cell)
        yield from self._value_faults(row)

    def _value_faults(self, row: _Row) -> Iterator[Finding]:
        column = self._value_column(row)
        faults = column.faults(row.cells.get("value") or None) if column else []
        if faults:
            yield row.fault("BS304", "value", faults[0])

    def _value_column(self, row: _Row) -> Column | None:
        return self.values.get(row.cells[self.table.rules["verb"]])

    def _decision(self, row: _Row) -> Decision:
        filled = {name: cell for name, cell in row.cells.items() if cell and name != "document_id"}
        values = {name: self.columns[name].value(cell) for name, cell in filled.items()}
        column = self._value_column(row)
        if column and "value" in values:
            values["value"] = column.normal(values["value"])
        at = row.at
        return self.kind(path=at.path, line=at.line, document_id=at.document_id, places=at.places, **values)


def _values(table: Table, schemas: Path | SchemaFiles | None) -> Mapping[str, Column]:
    """Return by action the column that the `value` cell must fit. Raises SchemaError."""
    judged: Mapping[str, Any] | None = table.rules.get("judged")
    if judged is None:
        return MappingProxyType({})
    columns = columns_of(load_schemas(schemas)[judged["table"]])
    renamed: Mapping[str, str] = judged.get("as") or {name: name for name in columns}
    return MappingProxyType({action: columns[name] for action, name in renamed.items()})


def _wrong_count(at: Decision, header: Record, row: Record) -> Finding:
    problem = f"the row has {len(row)} cells, the first line {len(header)}"
    too_many = "put a cell with a comma in it into quotation marks"
    repair = too_many if len(row) > len(header) else "add the missing commas"
    cell = row[min(len(header), len(row) - 1)]
    place = {"": (cell.line, cell.column_number)}
    return about(Decision(path=at.path, line=at.line, places=place), "BS304", problem, repair, "")


def _applies(need: Mapping[str, Any], cells: Mapping[str, str]) -> bool:
    is_asked = all(cells.get(column, "") in values for column, values in need.get("where", {}).items())
    is_excused = any(cells.get(column, "") in values for column, values in need.get("unless", {}).items())
    return is_asked and not is_excused


def _dates(cell: str) -> list[str]:
    """Return the dates that a cell in another form may mean, as YYYY-MM-DD."""
    dates = set()
    for form in _DATE_FORMS:
        with suppress(ValueError):
            dates.add(dt.datetime.strptime(cell.strip(), form).date().isoformat())
    return sorted(dates)
