"""Findings as machines read them: JSON in the shape of frictionless, SARIF 2.1.0, JUnit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from broadsheet.findings import Page, page
from broadsheet.findings.identity import fingerprint
from broadsheet.model import Finding
from broadsheet.reports.common import Section, counts, name, place
from broadsheet.reports.escapes import escape_json, escape_xml
from broadsheet.reports.github import file_of

__all__ = ["junit", "sarif", "to_json"]

SARIF_RESULTS = 5000  # what GitHub code scanning shows of one run
SARIF_BYTES = 9_500_000  # below the 10 MB it takes (and that of what is packed)
HOME = "datapackage.json"  # where a finding without a file is placed: the map of the dataset
MARKED = 200  # the longest stretch of code points that is taken to stand in one line
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}


# --- JSON -------------------------------------------------------------------------------------------------------------


def to_json(findings: Sequence[Finding], sections: Sequence[Section]) -> str:
    """Return the shape of a frictionless report (tasks with errors), and every finding and section whole beside it."""
    by_table: dict[str, list[Finding]] = {}
    for finding in findings:
        by_table.setdefault(finding.table or "package", []).append(finding)
    tasks = [
        {"name": table, "type": "table", "valid": _valid(found), "errors": [_error(f) for f in found]}
        for table, found in sorted(by_table.items())
    ]
    stats = {"tasks": len(tasks), "errors": sum(f.severity == "error" for f in findings)}
    stats["warnings"] = sum(f.severity == "warning" for f in findings)
    whole = {"valid": _valid(findings), "stats": stats, "tasks": tasks, "findings": [_bare(f) for f in findings]}
    whole["sections"] = [asdict(section) for section in sections]
    return escape_json(json.dumps(whole, ensure_ascii=True, indent=2)) + "\n"


def _valid(findings: Sequence[Finding]) -> bool:
    return not any(f.severity == "error" for f in findings)


def _error(finding: Finding) -> Mapping[str, Any]:
    found: dict[str, Any] = {"type": page(finding.code).name, "code": finding.code, "message": finding.sentence}
    if finding.row_number is not None:
        found["rowNumber"] = finding.row_number + 2  # frictionless counts from 1 and counts the header
    if finding.column is not None:
        found["fieldName"] = finding.column
    return found | {"note": finding.repair}


def _bare(finding: Finding) -> dict[str, Any]:
    return {key: value for key, value in asdict(finding).items() if value is not None} | {"message": finding.sentence}


# --- SARIF ------------------------------------------------------------------------------------------------------------


def sarif(findings: Sequence[Finding], sections: Sequence[Section] = (), *, root: str = "") -> str:
    """Return a SARIF log of one run: the most severe 5,000, at most 9.5 MB; the rest is counted in a notification."""
    del sections  # SARIF tells of results alone
    rules = [_rule(page(code)) for code in sorted({f.code for f in findings})]
    index, seen = {rule["id"]: number for number, rule in enumerate(rules)}, Counter[str]()
    room = SARIF_BYTES - len(_dump(_log(rules, [], findings, root)))
    results: list[dict[str, Any]] = []
    for finding in findings[:SARIF_RESULTS]:
        mark = fingerprint(finding)
        seen[mark] += 1
        result = _result(finding, index[finding.code], root) | {
            "partialFingerprints": {"primaryLocationLineHash": f"{mark}:{seen[mark]}"}
        }
        room -= len(_dump(result)) + 1
        if room < 0:
            break
        results.append(result)
    return _dump(_log(rules, results, findings[len(results) :], root)) + "\n"


def _dump(value: Any) -> str:
    return escape_json(json.dumps(value, ensure_ascii=True, separators=(",", ":")))


def _log(rules: list[Any], results: list[Any], left_out: Sequence[Finding], root: str) -> dict[str, Any]:
    from_root = quote(f"{root}/") if root else ""
    run = {
        "tool": {"driver": {"name": "broadsheet", "rules": rules}},
        "automationDetails": {"id": f"broadsheet/{from_root}"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notified(left_out)}],
        "results": results,
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return {"$schema": schema, "version": "2.1.0", "runs": [run]}


def _notified(left_out: Sequence[Finding]) -> list[dict[str, Any]]:
    if not left_out:
        return []
    words = f"{counts(left_out)} more; `broadsheet validate` lists them all"
    return [{"level": "note", "message": {"text": words}}]


def _rule(found: Page) -> dict[str, Any]:
    text = found.text.partition("\n")[2].strip()
    return {
        "id": found.code,
        "name": found.name,
        "shortDescription": {"text": found.summary},
        "fullDescription": {"text": found.summary},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[found.severity]},
        "properties": {"tags": ["data", found.tier], "problem.severity": _PROBLEMS[found.severity]},
    }


def _result(finding: Finding, index: int, root: str) -> dict[str, Any]:
    words = finding.sentence + (f"\nMend: {finding.repair}" if finding.repair else "")
    file = file_of(finding) or HOME
    region = {"startLine": finding.line or 1}
    if finding.line and finding.column_number:
        region["startColumn"] = finding.column_number
        length = (finding.end or 0) - (finding.start or 0)
        region |= {"endColumn": finding.column_number + length} if 0 < length <= MARKED else {}
    physical = {
        "artifactLocation": {
            "uri": quote(f"{root}/{file}" if root else file, errors="replace"),
            "uriBaseId": "%SRCROOT%",
        },
        "region": region,
    }
    location: dict[str, Any] = {"physicalLocation": physical}
    if row := " ".join(bit for bit in (finding.table, finding.row_id, finding.column) if bit):
        location["logicalLocations"] = [{"fullyQualifiedName": row}]
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": words},
        "locations": [location],
    }


# --- JUnit ------------------------------------------------------------------------------------------------------------


def junit(findings: Sequence[Finding], sections: Sequence[Section] = ()) -> str:
    """Return a test suite with one case a finding; only errors are failures."""
    del sections  # JUnit tells of cases alone
    failures = str(sum(f.severity == "error" for f in findings))
    tests: dict[str, str] = {"tests": str(max(1, len(findings))), "failures": failures, "errors": "0"}
    suites = ET.Element("testsuites", {"name": "broadsheet"} | tests)
    suite = ET.SubElement(suites, "testsuite", {"name": "broadsheet", "skipped": "0"} | tests)
    if not findings:
        ET.SubElement(suite, "testcase", classname="broadsheet", name="valid")
    for finding in findings:
        where = {"file": escape_xml(file)} if (file := file_of(finding)) else {}
        where |= {"line": str(finding.line)} if where and finding.line else {}
        titled = escape_xml(place(finding) or "package")
        about = {"classname": f"broadsheet.{name(finding)}", "name": titled}
        case = ET.SubElement(suite, "testcase", about | where)
        kind = "failure" if finding.severity == "error" else "system-out"
        failed = {"message": escape_xml(finding.sentence), "type": finding.code} if kind == "failure" else {}
        body = ET.SubElement(case, kind, failed)
        body.text = escape_xml(f"{finding.sentence}\nMend: {finding.repair}" if finding.repair else finding.sentence)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"
