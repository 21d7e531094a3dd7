"""Findings in every format; what was contributed never becomes a command, markup or terminal control."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import Shell
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from runner import commands

from broadsheet.cli.progress import in_lines
from broadsheet.findings import codes, finding, page
from broadsheet.model import Finding
from broadsheet.reports import Section, escape_terminal, render, verdict
from broadsheet.reports.formats import names
from broadsheet.reports.outputs import formats_for, root_of

HOSTILE = "x\x1b[31m\u202e::error::no\r\n::set-output name=a::b | `code` <img src=x> @user ##[command] %0A"


def taken(message: str = "two articles have one id", **place: object) -> Finding:
    return finding("BS190", message, "declare an id", **place)


def stale(message: str = "the package is old") -> Finding:
    return finding("BS590", message, "build again", path="build/datapackage.json")


@pytest.mark.parametrize("form", names())
def test_no_findings_is_valid_in_every_format(form: str) -> None:
    assert verdict(())
    words = render((), form)
    assert words.endswith("\n") or (form == "github" and words == "")


def test_only_errors_are_invalid() -> None:
    assert verdict([stale()])
    assert not verdict([stale(), taken()])


def test_human_format_has_place_message_and_repair() -> None:
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


def test_human_counts_in_one_line_what_needs_no_change() -> None:
    marks = [finding("BS215", "marks do not pair", path="seeds/b.txt", line=line) for line in (9, 2)]
    zones = [finding("BS227", "a character without width", path="seeds/a.txt", line=4)]
    words = render([*marks, taken(path="seeds/a.txt"), *zones], "human")
    counted = f"(2, the first: seeds/b.txt:2), BS227 {page('BS227').name} (1, the first: seeds/a.txt:4)"
    assert words.splitlines()[3:-1] == [
        f"no change is needed for: BS215 unpaired-quotation-marks {counted}; --format json lists them all"
    ]
    assert words.splitlines()[0] == "error BS190 id-taken: seeds/a.txt"


def test_a_log_gets_a_line_every_thirty_seconds() -> None:
    lines = list[str]()
    clock = [0.0]
    show = in_lines(lines.append, lambda: clock[-1])
    for done, seconds in enumerate([10.0, 29.9, 30.0, 59.9, 60.0]):
        clock.append(seconds)
        show("articles", 1000 * done, 4000, done // 4)
    assert lines == [
        "articles: 2,000 of 4,000, 100.0 a second, 20 seconds left",
        "articles: 4,000 of 4,000, 80.0 a second, 0 seconds left, 1 quarantined",
    ]


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
    assert "file=seeds/a#1.txt::" in render([taken(path="seeds/a#1.txt")], "github")  # no record, a file's own name
    assert len(render([found, found], "github").splitlines()) == 1


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


@pytest.mark.parametrize("form", names())
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


# --- nothing contributed is a command ---------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["::", ":", "##[", "#", "[", "]", "error", "set-env name=A", "\n", "\r", "\x0b", "\u2028", "\x85", " ", "\t",
     "\u00ad", "\u200b", "\ufeff", "%0A",
     "stop-commands", "add-mask", ",", "=", ";", "\x1b", "</failure>", "]]>", "|", "`", "\\"]
)  # fmt: skip
CONTRIBUTED = st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)


def test_the_runner_of_these_tests_obeys() -> None:
    obeyed = commands(
        "  ::error file=a%2Cb,line=1::x%0Ay\nno ::error::\nword ##[warning a=b]z\r\u200b:\u00ad:notice::w"
    )
    assert [(c.name, c.data) for c in obeyed] == [("error", "x\ny"), ("warning", "z"), ("notice", "w")]
    assert obeyed[0].properties == {"file": "a,b", "line": "1"}


@pytest.mark.parametrize("form", names())
@settings(deadline=None, max_examples=150)
@given(words=CONTRIBUTED, path=CONTRIBUTED, row=CONTRIBUTED)
def test_no_contributed_word_is_a_command(form: str, words: str, path: str, row: str) -> None:
    found = [taken(words, path=path or None, row_id=row, table="claims", line=2), taken(words, row_id=row, table=row)]
    obeyed = commands(render(found, form, [Section(words, (path, row), ((words, words),), row)]))
    assert [c.name for c in obeyed] == (["error", "error"] if form == "github" else [])
    assert all(set(c.properties) <= {"file", "line", "endLine", "title"} for c in obeyed)
    assert all(c.properties["title"] == "BS190 id-taken" for c in obeyed)


@settings(deadline=None, max_examples=300)
@given(CONTRIBUTED)
def test_no_word_on_a_terminal_is_a_command(words: str) -> None:
    assert not commands(escape_terminal(words))
    assert escape_terminal(escape_terminal(words)) == escape_terminal(words)


def test_an_article_that_is_shown_gives_no_command(tmp_path: Path, shell: Shell) -> None:
    assert shell("init", "data", "--broadsheet", "broadsheet==0.1.0", cwd=tmp_path).returncode == 0
    seed = tmp_path / "data" / "seeds" / "example.txt"
    before, line = seed.read_text(), "::error::The mayor said on Friday that ##[warning]the boats would stay."
    seed.write_text(f"{before}\n{line}\n")
    assert shell("build", cwd=tmp_path / "data").returncode == 0
    start = len(before) + 1
    shown = shell("show", f"example#{start:08}-{start + len(line):08}", cwd=tmp_path / "data")
    assert "the boats would stay" in shown.stdout
    copy = tmp_path / "copied.txt"
    copy.write_text(seed.read_text() + "A line of its own, said Reyes.\n")
    added = shell("add", "--dry-run", str(copy), cwd=tmp_path / "data")
    for stream in (shown.stdout, shown.stderr, added.stdout, added.stderr):
        assert commands(stream) == []


def test_what_people_write_is_shown_as_it_is() -> None:
    plain = "At 10:30::he said #1 [sic] of ## and std::vector — “naïve” \\ 100 %"
    assert escape_terminal(plain) == plain


# --- sections ---------------------------------------------------------------------------------------------------------

CHANGES = Section("What would change", ("table", "rows"), tuple((f"t{n}", "<b>|") for n in range(25)), "against main")


def test_a_section_comes_after_the_findings() -> None:
    lines = render([taken()], "human", [CHANGES]).splitlines()
    assert lines[3:6] == ["What would change: against main", "  table  rows", "  t0     <b>|"]
    assert lines[-2:] == ["  5 more rows; --format markdown and json have all of them", lines[-1]]
    page = render([taken()], "markdown", [CHANGES])
    assert page.index("### Errors") < page.index(
        "### What would change\n\nagainst main\n\n| table | rows |\n| --- | --- |\n"
    )
    assert page.count("&lt;b&gt;\\|") == 25
    assert json.loads(render((), "json", [CHANGES]))["sections"][0]["rows"][0] == ["t0", "<b>|"]


def test_a_page_is_not_longer_than_its_limit_and_counts_the_rest() -> None:
    found = [taken(f"number {n} " + "ж" * 300, path=f"seeds/{n}.txt") for n in range(3000)]
    wide = Section("Changes", ("a",), tuple((("x" * 1000),) for _ in range(2000)))
    page = render(found, "markdown", [wide])
    assert 2**19 < len(page.encode()) < 2**20
    assert len(re.findall(r"… and \d+ more", page)) == 2
    shown = len(re.findall(r"\| BS190", page))
    assert f"… and {3000 - shown} more" in page
    assert len(render(found, "markdown", limit=6000).encode()) < 6000
    assert "**3000 errors**" in render(found, "markdown", limit=0)


# --- SARIF and JUnit, by others' rules --------------------------------------------------------------------------------


def test_every_code_is_valid_sarif_by_the_schema_and_by_what_github_asks() -> None:
    schema = json.loads((Path(__file__).parent / "sarif" / "sarif-2.1.0-rtm.5.json").read_text())
    found = [finding(code, f"m {n}", "mend", path=f"seeds/{n}.txt", line=n + 1) for n, code in enumerate(codes())]
    log = json.loads(render([*found, taken(HOSTILE, table="claims", row_id="x")], "sarif", root="my data"))
    assert [e.message for e in Draft4Validator(schema).iter_errors(log)] == []
    (run,) = log["runs"]
    assert run["automationDetails"] == {"id": "broadsheet/my%20data/"}
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["help"]["text"]
        assert rule["properties"]["problem.severity"] in {"error", "warning", "recommendation"}
        assert len(rule["fullDescription"]["text"]) <= 1024
    marks = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(marks)) == len(marks) == len(found) + 1
    uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]]
    assert all(re.fullmatch(r"my%20data/[\w./%-]+", uri) for uri in uris)


def test_a_result_keeps_its_name_when_lines_move() -> None:
    def marks(*found: Finding) -> list[str]:
        results = json.loads(render(found, "sarif"))["runs"][0]["results"]
        return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]

    here, below = (taken("one id", path="seeds/a.txt", line=line, column_number=3) for line in (3, 30))
    assert marks(here) == marks(below)
    assert marks(here) != marks(taken("one id", path="seeds/b.txt", line=3, column_number=3))
    first, second = marks(here, below)
    assert (first[:-2], first[-2:], second[-2:]) == (second[:-2], ":1", ":2")


@pytest.mark.parametrize(("many", "length"), [(5200, 10), (3000, 5000)], ids=["results", "bytes"])
def test_sarif_stays_within_githubs_limits_and_counts_the_rest(many: int, length: int) -> None:
    found = [stale(), *(taken(f"{n} " + "x" * length, path="seeds/a.txt", line=n + 1) for n in range(many))]
    words = render(found, "sarif")
    (run,) = json.loads(words)["runs"]
    assert len(words) < 10_000_000
    shown = len(run["results"])
    assert shown <= 5000
    assert {result["ruleId"] for result in run["results"]} == {"BS190"}  # the warning is the least severe
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith(f"{many - shown} errors, 1 warning more")


def test_junit_has_the_shape_that_servers_read() -> None:
    suites = ET.fromstring(render([taken(path="seeds/a.jsonl#3", line=4), stale()], "junit"))
    (suite,) = suites
    assert (suites.tag, suite.tag) == ("testsuites", "testsuite")
    assert {"name", "tests", "failures", "errors", "skipped"} == set(suite.attrib)
    failed, passed = suite
    assert failed.attrib == {
        "classname": "broadsheet.BS190 id-taken", "name": "seeds/a.jsonl#3:4", "file": "seeds/a.jsonl", "line": "4",
    }  # fmt: skip
    assert failed[0].attrib == {"message": "two articles have one id", "type": "BS190"}
    assert failed[0].text == "two articles have one id\nMend: declare an id"
    assert passed[0].tag == "system-out"


# --- channels ---------------------------------------------------------------------------------------------------------


def test_a_github_runner_gets_annotations_by_itself(tmp_path: Path) -> None:
    assert formats_for({}) == (("human", None),)
    assert formats_for({"GITHUB_ACTIONS": "true"}) == (("human", None), ("github", None))
    assert root_of(tmp_path / "data", {"GITHUB_WORKSPACE": str(tmp_path)}) == "data"
    assert root_of(tmp_path, {"GITHUB_WORKSPACE": str(tmp_path)}) == root_of(tmp_path, {}) == ""
    assert root_of(tmp_path, {"GITHUB_WORKSPACE": str(tmp_path / "elsewhere")}) == ""
    (tmp_path / ".git").mkdir()
    assert root_of(tmp_path / "data" / "inner", {}) == "data/inner"
    assert root_of(tmp_path, {}) == ""


def test_a_step_reports_in_the_log_at_the_line_and_in_its_summary(tmp_path: Path, shell: Shell) -> None:
    data = tmp_path / "data"
    assert shell("init", "data", "--broadsheet", "broadsheet==0.1.0", cwd=tmp_path).returncode == 0
    (data / "seeds" / "bad.txt").write_bytes(b"A title\n\n::error::x \x00 ##[warning]y\n")
    summary = tmp_path / "summary.md"
    summary.write_text("from before\n")
    runner = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(tmp_path), "GITHUB_STEP_SUMMARY": str(summary)}
    done = shell("validate", cwd=data, **runner)
    assert "data/seeds/bad.txt" in {c.properties.get("file") for c in commands(done.stdout)}, done
    assert {c.name for c in commands(done.stdout)} <= {"error", "warning", "notice"}
    assert not commands(done.stderr)
    assert summary.read_text().startswith("from before\n**")
    assert "seeds/bad.txt" in summary.read_text()
    before = summary.read_bytes()
    chosen = shell("validate", "--format", "human", cwd=data, **runner)
    assert not commands(chosen.stdout)
    assert summary.read_bytes() == before
    assert chosen.returncode == done.returncode
