"""Findings as people and machines want to read them. Values in, a string out; nothing is written here.

Whatever was contributed (a file's name, a cell, a word of an article) passes one escape function for its channel: no
control character reaches a terminal, no line of an article becomes a command to a CI runner, no markup becomes a page.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree as ET

from broadsheet.findings import page
from broadsheet.model import Finding

__all__ = ["FORMATS", "escape_terminal", "render", "verdict"]

CAP = 20  # findings of one code that the human report shows; the rest is counted
ANNOTATIONS = 10  # what GitHub shows of each severity in one step
SARIF_RESULTS = 5000  # what GitHub code scanning shows of one run
SUMMARY_BYTES = 2**20  # the longest step summary GitHub takes
_ORDER = {"error": 0, "warning": 1, "info": 2}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|@~])")


def escape_terminal(words: str) -> str:
    """Return words in which controls and bidi marks are shown as escapes, so that no terminal obeys them."""
    return _CONTROL.sub(lambda m: ascii(m.group())[1:-1], words).replace("\n", "\\n").replace("\t", "\\t")


def verdict(findings: Sequence[Finding]) -> bool:
    """Return whether a thing with these findings is valid: none is an error."""
    return not any(f.severity == "error" for f in findings)


def render(findings: Sequence[Finding], form: str) -> str:
    """Return findings as `human`, `json`, `github`, `sarif`, `junit` or `markdown`; KeyError for another form."""
    return FORMATS[form](sorted(findings, key=_rank))


def _rank(finding: Finding) -> tuple[Any, ...]:
    place = (finding.path or "", finding.line or 0, finding.column_number or 0, finding.table or "")
    return (_ORDER[finding.severity], finding.code, *place, finding.row_number or 0, finding.message)


def _place(finding: Finding) -> str:
    """Return where a finding is, as FILE:LINE:COLUMN or TABLE row KEY."""
    if finding.path:
        return ":".join(str(bit) for bit in (finding.path, finding.line, finding.column_number) if bit is not None)
    bits = [finding.table, finding.row_id and f"row {finding.row_id}", finding.column and f"column {finding.column}"]
    return " ".join(bit for bit in bits if bit)


def _said(finding: Finding) -> str:
    """Return the message without the place it begins with, where the place is shown beside it."""
    return finding.message.removeprefix(f"{_place(finding)}: ").removeprefix(f"{finding.path}: ")


def _name(finding: Finding) -> str:
    return f"{finding.code} {page(finding.code).name}"


def counts(findings: Sequence[Finding]) -> str:
    """Return how many errors, warnings and infos there are, in words."""
    found = Counter(f.severity for f in findings)
    words = [f"{found[kind]} {kind}{'s' * (found[kind] != 1)}" for kind in ("error", "warning", "info") if found[kind]]
    return ", ".join(words) or "no findings"


def _human(findings: Sequence[Finding]) -> str:
    lines, shown = [], Counter[str]()
    for finding in findings:
        shown[finding.code] += 1
        if shown[finding.code] <= CAP:
            lines.append(f"{finding.severity} {_name(finding)}: {_place(finding)}".rstrip(": "))
            lines.append(f"  {escape_terminal(_said(finding))}")
            lines += [f"  mend: {escape_terminal(finding.repair)}"] if finding.repair else []
    lines = [escape_terminal(line) for line in lines]
    lines += [f"{code}: {n - CAP} more like these" for code, n in shown.items() if n > CAP]
    lines.append(counts(findings) + ("; `broadsheet explain CODE` says what a code means" if findings else ""))
    return "\n".join(lines) + "\n"


def _json(findings: Sequence[Finding]) -> str:
    """Return the shape of a frictionless report (tasks with errors), and every finding whole beside it."""
    by_table: dict[str, list[Finding]] = {}
    for finding in findings:
        by_table.setdefault(finding.table or "package", []).append(finding)
    tasks = [
        {"name": name, "type": "table", "valid": verdict(found), "errors": [_error(f) for f in found]}
        for name, found in sorted(by_table.items())
    ]
    stats = {"tasks": len(tasks), "errors": sum(f.severity == "error" for f in findings)}
    stats["warnings"] = sum(f.severity == "warning" for f in findings)
    whole = {"valid": verdict(findings), "stats": stats, "tasks": tasks, "findings": [_bare(f) for f in findings]}
    return json.dumps(whole, ensure_ascii=True, indent=2) + "\n"


def _error(finding: Finding) -> Mapping[str, Any]:
    found: dict[str, Any] = {"type": page(finding.code).name, "code": finding.code, "message": finding.message}
    if finding.row_number is not None:
        found["rowNumber"] = finding.row_number + 2  # frictionless counts from 1 and counts the header
    if finding.column is not None:
        found["fieldName"] = finding.column
    return found | {"note": finding.repair}


def _bare(finding: Finding) -> dict[str, Any]:
    return {key: value for key, value in asdict(finding).items() if value is not None}


def _github(findings: Sequence[Finding]) -> str:
    """Return workflow commands: of each severity at most 10, one of every code first; the rest is counted."""
    lines = []
    for severity, command in (("error", "error"), ("warning", "warning"), ("info", "notice")):
        found = [f for f in findings if f.severity == severity]
        first = list({f.code: f for f in reversed(found)}.values())[::-1]
        chosen = [*first, *(f for f in found if f not in first)][:ANNOTATIONS]
        lines += [_command(command, f) for f in chosen]
        if len(found) > ANNOTATIONS:
            lines.append(f"::notice title=broadsheet::{len(found) - ANNOTATIONS} more of severity {severity}")
    return "".join(line + "\n" for line in lines)


def _command(command: str, finding: Finding) -> str:
    properties = {"file": finding.path, "line": finding.line, "col": finding.column_number, "title": _name(finding)}
    listed = ",".join(f"{k}={_property(str(v))}" for k, v in properties.items() if v)
    mend = f" Mend: {finding.repair}" if finding.repair else ""
    return f"::{command} {listed}::{_data(f'{_place(finding)}: {_said(finding)}.{mend}')}"


def _data(words: str) -> str:
    clean = _CONTROL.sub(lambda m: m.group() if m.group() in "\r\n" else ascii(m.group())[1:-1], words)
    return clean.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")


def _sarif(findings: Sequence[Finding]) -> str:
    codes = sorted({f.code for f in findings})
    driver = {
        "name": "broadsheet",
        "rules": [_rule(code) for code in codes],
    }
    results = [_result(f, codes.index(f.code)) for f in findings[:SARIF_RESULTS]]
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, separators=(",", ":")) + "\n"


def _rule(code: str) -> dict[str, Any]:
    found = page(code)
    return {
        "id": code,
        "name": found.name,
        "shortDescription": {"text": found.summary},
        "fullDescription": {"text": found.summary},
        "help": {"text": found.text, "markdown": found.text},
        "defaultConfiguration": {"level": _level(found.severity)},
    }


def _level(severity: str) -> str:
    return "note" if severity == "info" else severity


def _result(finding: Finding, index: int) -> dict[str, Any]:
    words = finding.message + (f"\nMend: {finding.repair}" if finding.repair else "")
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _level(finding.severity),
        "message": {"text": words},
    }
    region = {"startLine": finding.line or 1} | (
        {"startColumn": finding.column_number} if finding.column_number else {}
    )
    uri = finding.path or "datapackage.json"
    found["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}]
    return found


def _junit(findings: Sequence[Finding]) -> str:
    """Return a test suite with one case a finding; only errors are failures."""
    failures = sum(f.severity == "error" for f in findings)
    suite = ET.Element("testsuite", name="broadsheet", tests=str(max(1, len(findings))), failures=str(failures))
    if not findings:
        ET.SubElement(suite, "testcase", classname="broadsheet", name="valid")
    for finding in findings:
        case = ET.SubElement(suite, "testcase", classname=_name(finding), name=_xml(_place(finding) or "package"))
        kind = "failure" if finding.severity == "error" else "system-out"
        body = ET.SubElement(case, kind, {"message": _xml(finding.message)} if kind == "failure" else {})
        body.text = _xml(f"{finding.message}\nMend: {finding.repair}" if finding.repair else finding.message)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"


def _xml(words: str) -> str:
    return _XML.sub(lambda m: ascii(m.group())[1:-1], _CONTROL.sub(lambda m: ascii(m.group())[1:-1], words))


def _markdown(findings: Sequence[Finding]) -> str:
    lines = [f"**{counts(findings)}**", ""]
    if findings:
        lines += ["| | code | place | what | mend |", "|---|---|---|---|---|"]
    size = 0
    for number, finding in enumerate(findings):
        cells = (finding.severity, _name(finding), _place(finding), _said(finding), finding.repair)
        line = "| " + " | ".join(_cell(cell) for cell in cells) + " |"
        size += len(line.encode()) + 1
        if size > SUMMARY_BYTES - 4096:
            lines.append(f"\n… and {len(findings) - number} more")
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def _cell(words: str) -> str:
    return html.escape(_MARKDOWN.sub(r"\\\1", escape_terminal(words)), quote=False)


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "human": _human,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
    "junit": _junit,
    "markdown": _markdown,
}
