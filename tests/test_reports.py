"""Findings in every format; what was contributed never becomes a command, markup or terminal control."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.reports import FORMATS, escape_terminal, render, verdict

HOSTILE = "x\x1b[31m\u202e::error::no\r\n::set-output name=a::b | `code` <img src=x> @user ##[command] %0A"


def taken(message: str = "two articles have one id", **place: object) -> Finding:
    return finding("BS190", message, "declare an id", **place)


def stale(message: str = "the package is old") -> Finding:
    return finding("BS590", message, "build again", path="build/datapackage.json")


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_no_findings_is_valid_in_every_format(form: str) -> None:
    assert verdict(())
    words = render((), form)
    assert words.endswith("\n") or (form == "github" and words == "")


def test_only_errors_are_invalid() -> None:
    assert verdict([stale()])
    assert not verdict([stale(), taken()])


def test_human_says_place_message_and_mend() -> None:
    words = render([taken(path="seeds/a.txt", line=3, column_number=7)], "human")
    assert words.splitlines() == [
        "error BS190 id-taken: seeds/a.txt:3:7",
        "  two articles have one id",
        "  mend: declare an id",
        "1 error; `broadsheet explain CODE` says what a code means",
    ]


def test_human_caps_one_code_and_counts_the_rest() -> None:
    words = render([taken(f"number {n}") for n in range(25)], "human")
    assert "BS190: 5 more like these" in words
    assert "25 errors" in words


def test_json_has_the_shape_of_a_frictionless_report() -> None:
    found = json.loads(render([taken(table="claims", row_number=0, column="start"), stale()], "json"))
    assert found["valid"] is False
    assert found["stats"] == {"tasks": 2, "errors": 1, "warnings": 1}
    claims = next(task for task in found["tasks"] if task["name"] == "claims")
    assert claims["errors"][0] | {"message": "", "note": ""} == {
        "type": "id-taken", "code": "BS190", "message": "", "note": "", "rowNumber": 2, "fieldName": "start",
    }  # fmt: skip


def test_github_shows_ten_commands_the_most_severe_and_one_of_every_rule_first() -> None:
    other = finding("BS390", "the worker died", path="seeds/z.txt")
    many = [*(taken(f"n {n}", path="seeds/a.txt", line=n + 1) for n in range(30)), stale(), other]
    lines = render(many, "github").splitlines()
    assert len(lines) == 10
    assert ["BS190" in lines[0], "BS390" in lines[1]] == [True, True]
    assert lines[-1] == "::notice title=broadsheet::22 errors, 1 warning more: the summary of this step lists them"
    assert len(render(many[:10], "github").splitlines()) == 10  # ten are shown whole


def test_github_places_a_finding_at_file_line_and_column() -> None:
    found = taken(path="seeds/a,b.jsonl#rec 3", line=3, column_number=7)
    assert render([found], "github", root="data") == (
        "::error title=BS190 id-taken,file=data/seeds/a%2Cb.jsonl,line=3,endLine=3,col=7::"
        "seeds/a,b.jsonl#rec 3:3:7: two articles have one id%0AMend: declare an id\n"
    )
    assert render([taken(table="claims", row_id="a#1", line=0)], "github").startswith("::error title=BS190 id-taken::")
    assert "line=" not in render([taken(path="seeds/a.txt")], "github")


def test_sarif_points_at_rule_file_and_line() -> None:
    run = json.loads(render([taken(path="seeds/ü a.txt", line=3, column_number=7, start=9, end=12)], "sarif"))["runs"][
        0
    ]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "seeds/%C3%BC%20a.txt", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 7, "endColumn": 10},
    }
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == "BS190"


def test_junit_counts_errors_as_failures() -> None:
    suites = ET.fromstring(render([taken(), stale()], "junit"))
    assert suites.attrib == {"name": "broadsheet", "tests": "2", "failures": "1", "errors": "0"}
    assert [case[0].tag for case in suites.iter("testcase")] == ["failure", "system-out"]


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_hostile_words_stay_words(form: str) -> None:
    words = render([taken(HOSTILE, path="seeds/\x1b]0;x\x07.txt", line=1)], form)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", words)
    if form == "github":
        assert [line[:8] for line in words.splitlines()] == ["::error "]
    if form == "markdown":
        assert "<img" not in words
        assert "&lt;img" in words
        assert "`code`" not in words.replace("\\`", "")


@given(st.text())
def test_terminal_never_sees_a_control(words: str) -> None:
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", escape_terminal(words))


@given(st.text(st.characters(codec="utf-8")))
def test_any_message_is_well_formed_xml_and_json(words: str) -> None:
    assert ET.fromstring(render([taken(words)], "junit")).tag == "testsuites"
    assert json.loads(render([taken(words)], "json"))["findings"][0]["message"] == words
