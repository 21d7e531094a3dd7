"""Contributions as they come: every folder of `cases/contributions/` is a pull request, with what it earns.

A folder holds the files that it adds or changes, `removed.txt` the paths it takes away, and `expected.txt` what is to
be said: a sentence about it, the exit code, and each finding as `SEVERITY CODE path:line:column`, written from the
pages of the codes and not from what came out. A finding marked `whole` can only be told of the whole corpus.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT, Repository, Shell

from broadsheet import findings, sides
from broadsheet.contributions import review
from broadsheet.model import Finding
from broadsheet.pipeline import build
from broadsheet.reports import verdict

CASES = Path(__file__).parent / "cases" / "contributions"
OURS = frozenset({"expected.txt", "removed.txt"})
NAMES = sorted(path.name for path in CASES.iterdir() if path.name != "base")
NOT_WHOLE = "BS350"  # the rest of the corpus was not looked at
_LINE = re.compile(r"(?P<words>(?:error|warning|info) BS\d{3} \S.*:\d+:\d+)(?P<whole> whole)?")
_COMMAND = re.compile(r"::(?P<kind>error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a contribution earns. `whole` are those of `lines` that only the whole corpus can tell."""

    story: str
    code: int
    lines: tuple[str, ...]
    whole: frozenset[str]

    @classmethod
    def of(cls, name: str) -> Expected:
        story, code, *rest = (CASES / name / "expected.txt").read_text(encoding="utf-8").splitlines()
        found = [_LINE.fullmatch(line) for line in rest]
        assert None not in found, f"{name}: {rest}"
        matches = [match for match in found if match]
        whole = frozenset(match["words"] for match in matches if match["whole"])
        return cls(story, int(code.removeprefix("exit ")), tuple(m["words"] for m in matches), whole)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, repository: Callable[[Path], Repository]) -> Path:
    """Return the dataset that is contributed to: committed, and built once."""
    folder = tmp_path_factory.mktemp("contributed") / "dataset"
    shutil.copytree(CASES / "base", folder)
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    (folder / ".gitignore").write_text("build/\n.broadsheet/\n", encoding="utf-8")
    repository(folder).commit()
    build(folder)
    return folder


def contributed(name: str, base: Path, to: Path) -> Path:
    """Return a copy of the dataset with a contribution in it."""
    shutil.copytree(base, to)
    case = CASES / name
    shutil.copytree(case, to, dirs_exist_ok=True, ignore=lambda at, _: OURS if Path(at) == case else set())
    listed = case / "removed.txt"
    for path in listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else ():
        (to / path).unlink()
    return to


def told(found: tuple[Finding, ...]) -> list[str]:
    return sorted(f"{f.severity} {f.code} {f.path}:{f.line}:{f.column_number}" for f in found)


def explained(found: tuple[Finding, ...]) -> str:
    return "\n".join(f"{f.code} {f.message} | {f.repair}" for f in found)


# --- each of them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_contribution_earns_these_findings(name: str, base: Path, tmp_path: Path) -> None:
    expected = Expected.of(name)
    found = review(contributed(name, base, tmp_path / "dataset"), "main").findings
    assert told(found) == list(expected.lines), f"{expected.story}\n{explained(found)}"
    assert verdict(found) is (expected.code == 0)
    assert all(f.message and "\n" not in f.message for f in found)


@pytest.mark.parametrize("name", NAMES[::8])
def test_without_what_a_build_remembers_it_earns_the_same(name: str, base: Path, tmp_path: Path) -> None:
    folder = contributed(name, base, tmp_path / "dataset")
    shutil.rmtree(folder / ".broadsheet")
    assert told(review(folder, "main").findings) == list(Expected.of(name).lines)


@pytest.mark.parametrize("name", [name for at, name in enumerate(NAMES) if at % 2 or Expected.of(name).whole])
def test_where_the_corpus_is_too_large_to_be_read_anew_what_is_missing_is_said(
    name: str, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sides, "FEW", 0)
    folder = contributed(name, base, tmp_path / "dataset")
    shutil.rmtree(folder / ".broadsheet")
    found = review(folder, "main").findings
    alone = tuple(f for f in found if f.code != NOT_WHOLE)
    expected = Expected.of(name)
    assert told(alone) == [line for line in expected.lines if line not in expected.whole], explained(found)
    assert {f.severity for f in found if f.code == NOT_WHOLE} <= {"info"}


@pytest.mark.parametrize("name", ["good-new-article", "bad-edit-breaks-a-decision", "bad-several-at-once"])
def test_what_is_committed_is_judged_as_what_is_not(
    name: str, base: Path, tmp_path: Path, repository: Callable[[Path], Repository]
) -> None:
    folder = tmp_path / "dataset"
    contributed(name, base, folder)
    work = repository(folder)
    work.git("switch", "--quiet", "--create", "work")
    work.commit()
    assert told(review(folder, "main").findings) == list(Expected.of(name).lines)


# --- the collection ---------------------------------------------------------------------------------------------------


def test_they_are_many_and_of_every_kind() -> None:
    kinds = {kind: [name for name in NAMES if name.startswith(kind)] for kind in ("good-", "remark-", "bad-")}
    assert sum(map(len, kinds.values())) == len(NAMES) >= 40
    assert min(map(len, kinds.values())) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_what_is_expected_is_written_well(name: str) -> None:
    expected = Expected.of(name)
    assert expected.story.endswith(".")
    assert expected.lines == tuple(sorted(expected.lines))
    parts = [line.split() for line in expected.lines]
    assert {code for _, code, *_ in parts} <= set(findings.codes())
    assert expected.code == any(severity == "error" for severity, *_ in parts)
    assert name.startswith("good-") is (not expected.lines)
    assert name.startswith("bad-") is bool(expected.code)
    for line in expected.lines:  # the place is one that a person can go to
        path, row, column = line.split(" ", 2)[2].rsplit(":", 2)
        file = next(p for p in (CASES / name / path, CASES / "base" / path) if p.is_file())
        rows = file.read_bytes().decode("utf-8", "replace").split("\n")
        assert int(column) <= len(rows[int(row) - 1]) + 1


# --- the shell --------------------------------------------------------------------------------------------------------


def unescaped(words: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        words = words.replace(code, character)
    return words


@pytest.mark.parametrize("name", ["good-new-article", "bad-command-in-a-cell", "bad-file-name", "bad-several-at-once"])
def test_annotations_stand_at_the_place(name: str, base: Path, tmp_path: Path, shell: Shell) -> None:
    folder, expected = contributed(name, base, tmp_path / "dataset"), Expected.of(name)
    done = shell("validate", "--changed-since", "main", "--format", "github", cwd=folder, GITHUB_ACTIONS="")
    assert done.returncode == expected.code, done.stderr
    commands = [_COMMAND.fullmatch(line) for line in done.stdout.splitlines()]
    assert None not in commands, done.stdout
    found = []
    for command in filter(None, commands):
        given = dict(pair.split("=", 1) for pair in command["properties"].split(","))
        code = given["title"].split()[0]
        severity = {"notice": "info"}.get(command["kind"], command["kind"])
        found.append(f"{severity} {code} {unescaped(given['file'])}:{given['line']}:{given['col']}")
    assert sorted(found) == list(expected.lines)


@pytest.mark.parametrize("form", ["human", "json", "github", "sarif", "junit", "markdown"])
def test_a_secret_is_shown_nowhere(form: str, base: Path, tmp_path: Path) -> None:
    from broadsheet.reports import render

    found = review(contributed("remark-secret", base, tmp_path / "dataset"), "main").findings
    assert "AKIAIO" not in render(found, form)
