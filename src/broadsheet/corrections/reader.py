"""From files to decisions: what `schemas/corrections/` allows, and a finding at every cell that it does not.

A row with a finding is not carried out. Of two rows that contradict each other the first one is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from broadsheet import ids
from broadsheet.corrections.csv_cells import Broken, Cell, Record, records
from broadsheet.findings import finding
from broadsheet.findings.decided import about, shown
from broadsheet.model import Decision, Finding
from broadsheet.schema import Files as SchemaFiles
from broadsheet.schema import Table
from broadsheet.schema.contract import CORRECTIONS
from broadsheet.schema.contract import corrections as schemas_of

__all__ = ["CorrectionFiles", "parse", "read", "read_files"]

FOLDER: Final = "corrections"
_PLAIN: Final = frozenset({"action", "decision", "document_id", "reason", "author", "date"})
"""Columns that are attributes of a decision; the others are its values."""


@dataclass(frozen=True, slots=True)
class CorrectionFiles:
    """The folder `corrections/` as it was read.

    `contents` maps a file's name to its bytes, `unreadable` to the reason why it cannot be read; `strangers` are the
    names of other files there.
    """

    contents: Mapping[str, bytes] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    strangers: tuple[str, ...] = ()


def read(folder: Path, schemas: Path | SchemaFiles | None = None) -> tuple[tuple[Decision, ...], tuple[Finding, ...]]:
    """Return the decisions in the folder `corrections/`, and what is wrong with others: `parse` of `read_files`."""
    return parse(read_files(folder), schemas)


def read_files(folder: Path) -> CorrectionFiles:
    """Read every file of the folder `corrections/` once; a folder that is missing has none."""
    if not folder.is_dir():
        return CorrectionFiles()
    known = {f"{name}.csv" for name in CORRECTIONS}
    contents: dict[str, bytes] = {}
    unreadable: dict[str, str] = {}
    names = sorted(path.name for path in folder.iterdir())
    for name in names:
        if name in known:
            try:
                contents[name] = (folder / name).read_bytes()
            except OSError as error:
                unreadable[name] = error.strerror or str(error)
    strangers = (name for name in names if not (name in known or name == "README.md" or name.startswith(".")))
    return CorrectionFiles(contents, unreadable, tuple(strangers))


def parse(
    files: CorrectionFiles, schemas: Path | SchemaFiles | None = None
) -> tuple[tuple[Decision, ...], tuple[Finding, ...]]:
    """Return the decisions of the files, in the order of files and rows, and what is wrong with others.

    `schemas` are the project's schemas (the shipped ones without any). A missing file has no decision.
    Lines and code points count from 1, the header included. Raises SchemaError.
    """
    tables = schemas_of(schemas)
    decisions: list[Decision] = []
    findings: list[Finding] = list(_strangers(files.strangers))
    for name in CORRECTIONS:
        text = _text(f"{name}.csv", files, findings)
        if text:
            rows = list(_rows(text, name, tables[name], schemas))
            findings += [row for row in rows if isinstance(row, Finding)]
            decisions += _agreed([row for row in rows if isinstance(row, Decision)], tables[name], findings)
    return tuple(decisions), tuple(findings)


# --- the file ---------------------------------------------------------------------------------------------------------


def _strangers(names: Sequence[str]) -> Iterator[Finding]:
    known = ", ".join(sorted(f"{name}.csv" for name in CORRECTIONS))
    for name in names:
        where = f"{FOLDER}/{name}"
        words = f"{shown(where)} is none of the files that are read: {known}"
        yield finding("BS308", words, "give it one of these names, or take it away", path=where)


def _text(name: str, files: CorrectionFiles, findings: list[Finding]) -> str:
    """Return the text of a file; the empty string where there is none, or it cannot be read: a finding says so."""
    where = f"{FOLDER}/{name}"
    if name in files.unreadable:
        what = f"cannot be read: {files.unreadable[name]}"
        findings.append(_unreadable(where, what, "give it the right to be read"))
    data = files.contents.get(name, b"")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        line, number = before.count("\n") + 1, len(before) - before.rfind("\n")
        what = "is saved as UTF-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else f"is not UTF-8 in line {line}"
        repair = "save it as CSV in UTF-8 (in a spreadsheet: “CSV UTF-8, comma delimited”)"
        findings.append(_unreadable(where, what, repair, line, number))
        return ""


def _unreadable(where: str, what: str, repair: str, line: int = 1, number: int = 1) -> Finding:
    message = f"{where}:{line}:{number}: the file {what}"
    return finding("BS300", message, repair, path=where, line=line, column_number=number)


def _rows(text: str, name: str, table: Table, schemas: Path | SchemaFiles | None) -> Iterator[Decision | Finding]:
    where = f"{FOLDER}/{name}.csv"
    try:
        found = list(records(text))
    except Broken as broken:
        repair = 'put a cell with quotation marks into quotation marks, and double those inside: "say ""yes"""'
        yield _unreadable(where, f"is no CSV: {broken}", repair, broken.line, broken.column_number)
        return
    header, *rows = found
    wrong = _header_fault(where, header, table)
    if wrong:
        yield wrong
        return
    filled = [row for row in rows if any(cell.value.strip() for cell in row)]
    if filled:
        judge = _Judge.of(table, name, schemas)
        for row in filled:
            yield from judge.row(where, header, row)


def _header_fault(where: str, header: Record, table: Table) -> Finding | None:
    names = [cell.value for cell in header]
    wanted = ",".join(table.columns)
    for mark, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in names[0]:
            repair = f"save it with commas (in a spreadsheet: “CSV UTF-8, comma delimited”); first line: {wanted}"
            return _unreadable(where, f"has {called} between its cells", repair)
    for at, cell in enumerate(header):
        if cell.value not in table.columns or cell.value in names[:at]:
            what = "stands there twice" if cell.value in names[:at] else "is none of this file"
            message = f"{where}:{cell.line}:{cell.column_number}: the column {shown(cell.value)} {what}"
            place: dict[str, Any] = {"path": where, "line": cell.line, "column_number": cell.column_number}
            return finding("BS307", message, f"take it away; the columns are {wanted}", **place)
    missing = [f.name for f in table.fields if f.required and f.name not in names]
    if missing:
        return _unreadable(where, f"has no column {missing[0]!r}", f"let the first line be {wanted}")
    return None


# --- the rows ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Judge:
    """What the rows of one file are held against: Table Schema's words, read by frictionless, and ours beside them."""

    name: str
    table: Table
    cells: Mapping[str, Any]
    values: Mapping[str, Any]

    @classmethod
    def of(cls, table: Table, name: str, schemas: Path | SchemaFiles | None) -> _Judge:
        # loads frictionless (0.2 s), which a project without decisions need not wait for
        from broadsheet.corrections.cell_types import readers  # noqa: PLC0415

        given = table.rules.get("judged")
        others = readers(given["table"], schemas) if given else {}
        values = {word: others[column] for word, column in given["as"].items()} if given else {}
        return cls(name, table, readers(f"corrections/{name}", schemas), values)

    def row(self, where: str, header: Record, row: Record) -> Iterator[Decision | Finding]:
        """Yield the decision of a row, or what is wrong with it."""
        places = {h.value: (c.line, c.column_number) for h, c in zip(header, row, strict=False)}
        given = {h.value: c.value for h, c in zip(header, row, strict=False)}
        raw = Decision(where, row[0].line, "", given.get("document_id") or None, given, table=self.name, places=places)
        if len(row) != len(header):
            yield _miscounted(raw, header, row)
            return
        wrong = list(self._faults(raw))
        yield from wrong or (self._decision(raw),)

    def _faults(self, raw: Decision) -> Iterator[Finding]:
        wrong = False
        for column, reader in self.cells.items():
            for found in self._cell(raw, column, reader):
                wrong = True
                yield found
        if not wrong:
            yield from self._together(raw)

    def _cell(self, raw: Decision, column: str, reader: Any) -> Iterator[Finding]:
        cell = raw.values.get(column, "")
        if cell != cell.strip():
            what = f"{column} is {shown(cell)}: white space at its end or beginning"
            yield about(raw, "BS304", what, "take the white space away", column)
            return
        faults = reader.faults(cell)
        if faults:
            code = "BS301" if column == self.table.rules["verb"] and cell else "BS304"
            yield _said(raw, code, column, cell, faults[0])

    def _together(self, raw: Decision) -> Iterator[Finding]:
        """Judge what one cell asks of another."""
        rules, verb = self.table.rules, raw.values[self.table.rules["verb"]]
        for need in rules.get("needs", ()):
            if not raw.values.get(need["column"]) and _applies(need, raw.values):
                yield _said(raw, "BS304", need["column"], "", ("required", ""))
        for column, verbs in rules.get("only", {}).items():
            if raw.values.get(column) and verb not in verbs:
                what = f"{verb} takes no {column}: {shown(raw.values[column])}"
                yield about(raw, "BS304", what, f"empty the cell, or use one of {', '.join(verbs)}", column)
        for column, other in rules.get("together", ()):
            if raw.values.get(column) and not raw.values.get(other):
                yield _said(raw, "BS304", other, "", ("required", ""))
        column, reader = self._judged(raw.values)
        if reader is not None:
            value = raw.values.get(column, "")
            for fault in reader.faults(value or None)[:1]:
                yield _said(raw, "BS304", column, value, fault)

    def _judged(self, values: Mapping[str, str]) -> tuple[str, Any]:
        """Return the column whose cell a column of a table judges, and that column, if there is one for this row."""
        judged: Mapping[str, Any] = self.table.rules.get("judged", {})
        return judged.get("column", ""), self.values.get(values.get(judged.get("by", ""), ""))

    def _decision(self, raw: Decision) -> Decision:
        given, rules = raw.values, self.table.rules
        values = {c: given.get(c) or rules.get("default", {}).get(c, "") for c in self.table.columns if c not in _PLAIN}
        column, reader = self._judged(given)
        if reader is not None:
            values[column] = reader.normal(values[column])
        action = given.get("action") or given.get("decision") or "set"
        words = (given.get("reason", ""), given.get("author", ""))
        day = self.cells["date"].value(given.get("date", ""))
        return Decision(raw.path, raw.line, action, raw.document_id, values, *words, day, self.name, raw.places)


def _miscounted(raw: Decision, header: Record, row: Record) -> Finding:
    what = f"the row has {len(row)} cells, the first line {len(header)}"
    more = "put a cell with a comma in it into quotation marks" if len(row) > len(header) else "add the missing commas"
    cell: Cell = row[min(len(header), len(row) - 1)]
    place = {**raw.places, "": (cell.line, cell.column_number)}
    return about(Decision(raw.path, raw.line, "", None, {}, places=place), "BS304", what, more, "")


def _applies(need: Mapping[str, Any], values: Mapping[str, str]) -> bool:
    where = all(values.get(c, "") in given for c, given in need.get("where", {}).items())
    unless = any(values.get(c, "") in given for c, given in need.get("unless", {}).items())
    return where and not unless


_MEND: Final[Mapping[str, str]] = {
    "required": "fill it in, or delete the row",
    "date": "write it like 2026-01-31",
    "integer": "write a whole number",
    "minimum": "write {rule} or more",
    "enum": "use one of {rule}",
    "pattern": "write it so that it matches {rule}",
    "minLength": "write at least {rule} characters",
}


def _said(raw: Decision, code: str, column: str, cell: str, fault: tuple[str, str]) -> Finding:
    kind, rule = fault
    what = f"{column} is {shown(cell)}" if cell else f"{column} is empty"
    repair = _MEND.get(kind, "write it as {rule} asks").format(rule=rule)
    days = _days(cell) if kind == "date" else []
    return about(raw, code, what, f"write {' or '.join(days)}" if days else repair, column)


def _days(cell: str) -> list[str]:
    """Return the days that somebody may have meant who did not write YYYY-MM-DD, as that."""
    day_first = ("%d.%m.%Y", "%d. %m. %Y", "%d-%m-%Y")
    found = set()
    for form in (*day_first, "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"):
        with suppress(ValueError):
            found.add(dt.datetime.strptime(cell.strip(), form).date().isoformat())
    return sorted(found)


# --- rows against each other ------------------------------------------------------------------------------------------


def _agreed(decisions: Sequence[Decision], table: Table, findings: list[Finding]) -> Iterator[Decision]:
    """Yield the decisions that contradict none before them; what is said twice in the same words is said once."""
    keys = [tuple(key) for key in table.descriptor.get("uniqueKeys", ())]
    folded = frozenset(table.rules.get("folded", ()))
    first: dict[tuple[str, ...], Decision] = {}
    for one in decisions:
        cells = {**one.values, "action": one.action, "decision": one.action, "document_id": one.document_id or ""}
        places = [(str(at), *(_folded(cells[c], c in folded) for c in key)) for at, key in enumerate(keys)]
        earlier = next((first[place] for place in places if place in first), None)
        if earlier is None:
            first |= dict.fromkeys(places, one)
            yield one
        elif (column := _differing(one, earlier, folded)) is not None:
            findings.append(_contradiction(one, earlier, column))


def _folded(cell: str, is_folded: bool) -> str:
    return (ids.slug(cell) or cell) if is_folded else cell


def _differing(one: Decision, earlier: Decision, folded: frozenset[str]) -> str | None:
    if one.action != earlier.action:
        return "decision" if one.table == "rights" else "action"
    differing = (c for c, cell in one.values.items() if c not in folded and cell != earlier.values[c])
    return next(differing, None)


def _contradiction(one: Decision, earlier: Decision, column: str) -> Finding:
    ours, theirs = one.values.get(column, one.action), earlier.values.get(column, earlier.action)
    what = f"{column} is {shown(ours)}, but line {earlier.line} says {shown(theirs)} of the same"
    return about(one, "BS303", what, "keep one of the two rows", column)
