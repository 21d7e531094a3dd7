"""Frames in memory, judged by Pandera: every bucket of every table as it is built, and what contributors send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from pandera.errors import SchemaErrors

from broadsheet.checks.rules import EXAMPLES, REPAIR, shown
from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.schema import Schemas, Table
from broadsheet.schema.constraints import constraints
from broadsheet.schema.pandera_schema import compiled

__all__ = ["judge"]

CODES = {
    "column_in_dataframe": ("BS409", "a column of that name"),
    "column_in_schema": ("BS410", "only the columns of the schema"),
    "column_ordered": ("BS411", "the columns in the order of the schema"),
    "not_nullable": ("BS401", "a value"),
    "field_uniqueness": ("BS403", "a value no other row has"),
    "multiple_fields_uniqueness": ("BS420", "a primary key no other row has"),
}


def judge(frames: Mapping[str, pl.DataFrame], schemas: Schemas) -> tuple[Finding, ...]:
    """Judge frames by the Pandera schemas of their tables; return Pandera's failures as findings, by table."""
    return tuple(found for table in schemas if table.name in frames for found in _judge(frames[table.name], table))


def _judge(frame: pl.DataFrame, table: Table) -> Iterator[Finding]:
    try:
        compiled(table).validate(frame, lazy=True)
    except SchemaErrors as errors:
        wrong = {e.column_name for e in errors.schema_errors if _name(e.check).startswith("dtype(")}
        for error in errors.schema_errors:
            if error.reason_code.name != "CHECK_ERROR" or error.column_name not in wrong:
                yield from _findings(error, frame, table)


def _name(check: object) -> str:
    return str(getattr(check, "name", None) or check)


def _findings(error: Any, frame: pl.DataFrame, table: Table) -> Iterator[Finding]:
    name, column = _name(error.check), error.column_name
    if name.startswith("dtype("):
        yield _whole("BS408", table, str(column), f"{frame.schema[column]}; expected {name[7:-2]}")
    elif not isinstance(error.failure_cases, pl.DataFrame):
        code, expected = CODES.get(name, ("BS408", "a frame Pandera can judge"))
        yield _whole(code, table, str(error.failure_cases), f"expected {expected}")
    else:
        code, expected = CODES.get(name) or _constraint(table, column, name)
        yield from _rows(error, frame, table, code, expected)


def _constraint(table: Table, column: str, name: str) -> tuple[str, str]:
    """Return the code of a constraint, and what it expects."""
    field = next(one for one in table.fields if one.name == column)
    return next((one.code, one.expected) for one in constraints(field) if one.name == name)


def _whole(code: str, table: Table, column: str, says: str) -> Finding:
    return finding(code, f"{table.name}, {column}: {says}", REPAIR, table=table.name, column=column)


def _rows(error: Any, frame: pl.DataFrame, table: Table, code: str, expected: str) -> Iterator[Finding]:
    """Yield the first rows of a failed check, with the true total."""
    column = error.column_name if error.column_name in frame.columns else None
    numbers = _numbers(error, frame, table)
    for number in numbers[:EXAMPLES]:
        row = frame.row(number, named=True)
        key = shown(" ".join(str(row.get(k)) for k in table.primary_key), bare=True)
        there = shown(row[column]) if column else key
        yield finding(
            code,
            f"{table.name} row {number} ({key}){f', {column}' if column else ''}: {there}",
            REPAIR,
            table=table.name,
            row_id=key,
            row_number=number,
            column=column,
            found=there,
            expected=expected,
            total=len(numbers),
        )


def _numbers(error: Any, frame: pl.DataFrame, table: Table) -> list[int]:
    """Return the numbers of the rows that fail, from 0."""
    if _name(error.check) == "multiple_fields_uniqueness":
        return frame.select(pl.struct(*table.primary_key).is_duplicated().arg_true()).to_series().to_list()
    failed: list[int] = error.check_output.select(pl.col("check_output").not_().arg_true()).to_series().to_list()
    return failed
