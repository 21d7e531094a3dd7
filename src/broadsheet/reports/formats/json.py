"""Findings as JSON in the shape of a frictionless report (tasks with errors), every finding and section beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from broadsheet.findings import page
from broadsheet.model import Finding
from broadsheet.reports.common import Content
from broadsheet.reports.escapes import escape_json

__all__ = ["render"]


def render(content: Content) -> str:
    """Return the report as indented JSON, in ASCII."""
    by_table: dict[str, list[Finding]] = {}
    for finding in content.findings:
        by_table.setdefault(finding.table or "package", []).append(finding)
    tasks = [_task(table, findings) for table, findings in sorted(by_table.items())]
    report = {
        "valid": _number(content.findings, "error") == 0,
        "stats": {
            "tasks": len(tasks),
            "errors": _number(content.findings, "error"),
            "warnings": _number(content.findings, "warning"),
        },
        "tasks": tasks,
        "findings": [_whole(finding) for finding in content.findings],
        "sections": [asdict(section) for section in content.sections],
    }
    return escape_json(json.dumps(report, ensure_ascii=True, indent=2)) + "\n"


def _number(findings: Sequence[Finding], severity: str) -> int:
    return sum(finding.severity == severity for finding in findings)


def _task(table: str, findings: Sequence[Finding]) -> Mapping[str, object]:
    errors = [_error(finding) for finding in findings]
    return {"name": table, "type": "table", "valid": _number(findings, "error") == 0, "errors": errors}


def _error(finding: Finding) -> Mapping[str, object]:
    """Return a finding as an error of frictionless, which counts rows from 1 and counts the header."""
    row = None if finding.row_number is None else finding.row_number + 2
    where = {"rowNumber": row, "fieldName": finding.column}
    return {
        "type": page(finding.code).name,
        "code": finding.code,
        "message": finding.sentence,
        **{key: value for key, value in where.items() if value is not None},
        "note": finding.repair,
    }


def _whole(finding: Finding) -> Mapping[str, object]:
    facts = {key: value for key, value in asdict(finding).items() if value is not None}
    return facts | {"message": finding.sentence}
