"""Read the files under `corrections/` into decisions, with a finding for every cell that the schemas do not allow.

A row with a finding is not carried out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from broadsheet.corrections.conflicts import consistent
from broadsheet.corrections.csv_cells import Cell, CsvError, Record, records
from broadsheet.files import read_regular
from broadsheet.findings import finding
from broadsheet.findings.decided import shown
from broadsheet.model import DECISIONS, Decision, Finding
from broadsheet.project import CORRECTIONS
from broadsheet.schema import Files as SchemaFiles
from broadsheet.schema import Table
from broadsheet.schema.table_schemas import decision_schemas

__all__ = ["JUDGEMENTS", "CorrectionFiles", "Decisions", "parse", "read", "read_files"]

FILES: Final = frozenset(f"{name}.csv" for name in DECISIONS)
JUDGEMENTS: Final = "judgements.csv"
"""The file whose rows change no table."""
_SEPARATORS: Final = {";": "semicolons", "\t": "tabs"}
_SAVE: Final = "save it as CSV in UTF-8 (in a spreadsheet: “CSV UTF-8, comma delimited”)"


class Decisions(NamedTuple):
    """The decisions that can be carried out, and what is wrong with the others."""

    decisions: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()


class _Unreadable(Exception):  # noqa: N818 - it never leaves this module
    """A file cannot be read as decisions; `finding` says why."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.message)
        self.finding = found


@dataclass(frozen=True, slots=True)
class CorrectionFiles:
    """The folder `corrections/` as it was read.

    `contents` maps a file's name to its bytes, `unreadable` to the reason why it cannot be read; `unknown` are the
    names of other files there.
    """

    contents: Mapping[str, bytes] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def read(folder: Path, schemas: Path | SchemaFiles | None = None) -> Decisions:
    """Return the decisions in the folder `corrections/`: `parse` of `read_files`."""
    return parse(read_files(folder), schemas)


def read_files(folder: Path) -> CorrectionFiles:
    """Read every file of the folder `corrections/` once; a folder that is missing contains none."""
    if not folder.is_dir():
        return CorrectionFiles()
    contents: dict[str, bytes] = {}
    unreadable: dict[str, str] = {}
    names = sorted(path.name for path in folder.iterdir())
    for name in sorted(FILES.intersection(names)):
        try:
            contents[name] = read_regular(folder.parent, f"{folder.name}/{name}")
        except OSError as error:
            unreadable[name] = error.strerror or str(error)
    others = [name for name in names if name not in FILES | {"README.md"}]
    return CorrectionFiles(contents, unreadable, tuple(name for name in others if not name.startswith(".")))


def parse(files: CorrectionFiles, schemas: Path | SchemaFiles | None = None) -> Decisions:
    """Return the decisions of the files, in the order of files and rows.

    `schemas` are the project's schemas; without them the shipped ones are used. A missing file contains no decision.
    Lines and columns of findings count from 1, the header included.

    Raises:
        SchemaError: a schema cannot be used.
    """
    tables = decision_schemas(schemas)
    parsed = [_parse_file(f"{name}.csv", files, tables[name], schemas) for name in DECISIONS]
    decisions = chain.from_iterable(file.decisions for file in parsed)
    findings = chain.from_iterable(file.findings for file in parsed)
    return Decisions(tuple(decisions), (*map(_unknown, files.unknown), *findings))


def _unknown(name: str) -> Finding:
    path = f"{CORRECTIONS}/{name}"
    message = f"{shown(path)} is not read; expected one of {', '.join(sorted(FILES))}"
    return finding("BS308", message, "rename the file, or remove it", path=path)


def _parse_file(name: str, files: CorrectionFiles, table: Table, schemas: Path | SchemaFiles | None) -> Decisions:
    where = f"{CORRECTIONS}/{name}"
    try:
        header, *rows = _records(_text(name, files), where)
        _check_header(where, header, table)
    except _Unreadable as error:
        return Decisions((), (error.finding,))
    filled = [row for row in rows if any(cell.value.strip() for cell in row)]
    return _decisions(where, header, filled, table, schemas) if filled else Decisions()


def _decisions(
    where: str, header: Record, rows: Sequence[Record], table: Table, schemas: Path | SchemaFiles | None
) -> Decisions:
    # loads frictionless (0.2 s), which a project without decisions does not need
    from broadsheet.corrections.rows import RowReader  # noqa: PLC0415

    reader = RowReader.of(table, DECISIONS[Path(where).stem], schemas)
    read_rows = [reader.read(where, header, row) for row in rows]
    decided = [row for row in read_rows if isinstance(row, Decision)]
    wrong = [found for row in read_rows if not isinstance(row, Decision) for found in row]
    agreed, conflicts = consistent(decided, table)
    return Decisions(tuple(agreed), (*wrong, *conflicts))


def _text(name: str, files: CorrectionFiles) -> str:
    """Return the text of a file; the empty string where there is none. Raises _Unreadable."""
    where = f"{CORRECTIONS}/{name}"
    if name in files.unreadable:
        raise _unreadable(where, f"cannot be read: {files.unreadable[name]}", f"run `chmod +r {where}`")
    try:
        return files.contents.get(name, b"").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(where, error) from None


def _not_utf8(where: str, error: UnicodeDecodeError) -> _Unreadable:
    before = error.object[: error.start].decode("utf-8")
    line, number = before.count("\n") + 1, len(before) - before.rfind("\n")
    is_utf16 = error.object[:2] in {b"\xff\xfe", b"\xfe\xff"}
    problem = "is saved as UTF-16" if is_utf16 else f"is not UTF-8 in line {line}"
    return _unreadable(where, problem, _SAVE, line, number)


def _unreadable(where: str, problem: str, repair: str, line: int = 1, number: int = 1) -> _Unreadable:
    message = f"{where}:{line}:{number}: the file {problem}"
    return _Unreadable(finding("BS300", message, repair, path=where, line=line, column_number=number))


def _records(text: str, where: str) -> list[Record]:
    """Return the records of a file, the header first; an empty header for an empty file. Raises _Unreadable."""
    try:
        return list(records(text)) or [()]
    except CsvError as error:
        repair = 'put a cell with quotation marks into quotation marks, and double those inside: "say ""yes"""'
        raise _unreadable(where, f"is not CSV: {error}", repair, error.line, error.column_number) from None


def _check_header(where: str, header: Record, table: Table) -> None:
    """Raise _Unreadable unless the header names columns of the table, each once, and all that must be filled."""
    if not header:
        return
    names = [cell.value for cell in header]
    expected = ",".join(table.columns)
    _check_separator(where, names, expected)
    known: set[str] = set()
    for cell in header:
        if cell.value in known:
            raise _wrong_column(where, cell, "is there twice", expected)
        if cell.value not in table.columns:
            raise _wrong_column(where, cell, "is not a column of this file", expected)
        known.add(cell.value)
    missing = [column.name for column in table.fields if column.required and column.name not in known]
    if missing:
        raise _unreadable(where, f"has no column {missing[0]!r}", f"write as the first line: {expected}")


def _check_separator(where: str, names: Sequence[str], expected: str) -> None:
    for mark, name in _SEPARATORS.items():
        if len(names) == 1 and mark in names[0]:
            repair = f"{_SAVE}; expected first line: {expected}"
            raise _unreadable(where, f"has {name} between its cells", repair)


def _wrong_column(where: str, cell: Cell, problem: str, expected: str) -> _Unreadable:
    message = f"{where}:{cell.line}:{cell.column_number}: the column {shown(cell.value)} {problem}"
    repair = f"remove it; the columns are {expected}"
    return _Unreadable(finding("BS307", message, repair, path=where, line=cell.line, column_number=cell.column_number))
