"""Findings as a JUnit test suite with one case a finding; only errors are failures."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from broadsheet.model import Finding
from broadsheet.reports.common import Content, file_of, full, name, place
from broadsheet.reports.escapes import escape_xml

__all__ = ["render"]


def render(content: Content) -> str:
    """Return the suite as XML, without sections: JUnit has cases only. Without findings it has one case that passes."""
    failures = sum(finding.severity == "error" for finding in content.findings)
    tests = {"tests": str(max(1, len(content.findings))), "failures": str(failures), "errors": "0"}
    suites = ET.Element("testsuites", {"name": "broadsheet"} | tests)
    suite = ET.SubElement(suites, "testsuite", {"name": "broadsheet", "skipped": "0"} | tests)
    if not content.findings:
        ET.SubElement(suite, "testcase", classname="broadsheet", name="valid")
    for finding in content.findings:
        _add_case(suite, finding, content)
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _add_case(suite: ET.Element, finding: Finding, content: Content) -> None:
    about = {"classname": f"broadsheet.{name(finding)}", "name": escape_xml(place(finding) or "package")}
    case = ET.SubElement(suite, "testcase", about | _location(finding, content))
    if finding.severity == "error":
        body = ET.SubElement(case, "failure", message=escape_xml(finding.sentence), type=finding.code)
    else:
        body = ET.SubElement(case, "system-out")
    body.text = escape_xml(full(finding))


def _location(finding: Finding, content: Content) -> dict[str, str]:
    file = file_of(finding)
    where = {"file": escape_xml(content.from_root(file))} if file else {}
    return where | ({"line": str(finding.line)} if file and finding.line else {})
