"""Findings as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from broadsheet.findings import CodePage, page
from broadsheet.findings.identity import fingerprint
from broadsheet.model import Finding
from broadsheet.package_files import DESCRIPTOR  # where a finding without a file is placed
from broadsheet.reports.common import Content, counts, file_of, full, row_of
from broadsheet.reports.escapes import escape_json

__all__ = ["render"]

RESULTS = 5000  # what GitHub code scanning shows of one run
BYTES = 9_500_000  # below the 10 MB that it accepts

MARKED = 200  # the longest span in code points that is taken to be in one line
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(content: Content) -> str:
    """Return a log of one run: the most severe 5,000, at most 9.5 MB; a notification counts the rest. No sections."""
    rules = {code: _rule(page(code)) for code in sorted({finding.code for finding in content.findings})}
    left = BYTES - len(_dump(_log(rules, [], content)))
    results: list[Mapping[str, object]] = []
    for result in _results(content, list(rules)):
        left -= len(_dump(result)) + 1
        if left < 0:
            break
        results.append(result)
    return _dump(_log(rules, results, content)) + "\n"


def _dump(value: object) -> str:
    return escape_json(json.dumps(value, ensure_ascii=True, separators=(",", ":")))


def _log(rules: Mapping[str, object], results: Sequence[object], content: Content) -> Mapping[str, object]:
    from_root = quote(f"{content.root}/") if content.root else ""
    notifications = _notifications(content.findings[len(results) :])
    run = {
        "tool": {"driver": {"name": "broadsheet", "rules": list(rules.values())}},
        "automationDetails": {"id": f"broadsheet/{from_root}"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _notifications(left_out: Sequence[Finding]) -> list[Mapping[str, object]]:
    words = f"{counts(left_out)} more; `broadsheet validate` lists all of them"
    return [{"level": "note", "message": {"text": words}}] if left_out else []


def _rule(found: CodePage) -> Mapping[str, object]:
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


def _results(content: Content, codes: Sequence[str]) -> Iterator[Mapping[str, object]]:
    seen = Counter[str]()
    for finding in content.findings[:RESULTS]:
        mark = fingerprint(finding)
        seen[mark] += 1
        yield {
            "ruleId": finding.code,
            "ruleIndex": codes.index(finding.code),
            "level": _LEVELS[finding.severity],
            "message": {"text": full(finding)},
            "locations": [_location(finding, content)],
            "partialFingerprints": {"primaryLocationLineHash": f"{mark}:{seen[mark]}"},
        }


def _location(finding: Finding, content: Content) -> Mapping[str, object]:
    uri = quote(content.from_root(file_of(finding) or DESCRIPTOR), errors="replace")
    artifact = {"uri": uri, "uriBaseId": "%SRCROOT%"}
    location: dict[str, object] = {"physicalLocation": {"artifactLocation": artifact, "region": _region(finding)}}
    row = row_of(finding)
    return location | ({"logicalLocations": [{"fullyQualifiedName": row}]} if row else {})


def _region(finding: Finding) -> Mapping[str, int]:
    line, column = finding.line, finding.column_number
    if not line:
        return {"startLine": 1}
    if not column:
        return {"startLine": line}
    length = (finding.end or 0) - (finding.start or 0)
    end = {"endColumn": column + length} if 0 < length <= MARKED else {}
    return {"startLine": line, "startColumn": column, **end}
