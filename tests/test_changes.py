"""Contributions as they come: every folder of `cases/contributions/` is a pull request, with what it earns.

A folder holds the files that it adds or changes, `removed.txt` the paths it takes away, and `expected.txt` what is to
be said: a sentence about it, the exit code, and each finding as `SEVERITY CODE path:line:column`, written from the
pages of the codes and not from what came out. A finding marked `whole` can only be found in the whole corpus.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from conftest import ROOT, Repository, Shell

from broadsheet import findings
from broadsheet.model import Finding
from broadsheet.reports import render, verdict
from broadsheet.workflows import snapshots
from broadsheet.workflows.build import build
from broadsheet.workflows.changes import review
from broadsheet.workflows.impact import impact
from broadsheet.workflows.validate import judge

CASES = Path(__file__).parent / "cases" / "contributions"
FORMS = ("human", "json", "github", "sarif", "junit", "markdown")
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
    return contributed_over(name, to)


def contributed_over(name: str, to: Path) -> Path:
    """Put a contribution into a dataset."""
    case = CASES / name
    shutil.copytree(case, to, dirs_exist_ok=True, ignore=lambda at, _: OURS if Path(at) == case else set())
    listed = case / "removed.txt"
    for path in listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else ():
        (to / path).unlink()
    return to


def reported(found: tuple[Finding, ...]) -> list[str]:
    return sorted(f"{f.severity} {f.code} {f.path}:{f.line}:{f.column_number}" for f in found)


def explained(found: tuple[Finding, ...]) -> str:
    return "\n".join(f"{f.code} {f.sentence} | {f.repair}" for f in found)


# --- each of them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_contribution_earns_these_findings(name: str, base: Path, tmp_path: Path) -> None:
    expected = Expected.of(name)
    found = review(contributed(name, base, tmp_path / "dataset"), "main").findings
    assert reported(found) == list(expected.lines), f"{expected.story}\n{explained(found)}"
    assert verdict(found) is (expected.code == 0)
    assert all(f.message and "\n" not in f.message for f in found)


@pytest.mark.parametrize("name", NAMES[::12])
def test_without_what_a_build_remembers_it_earns_the_same(name: str, base: Path, tmp_path: Path) -> None:
    folder = contributed(name, base, tmp_path / "dataset")
    shutil.rmtree(folder / ".broadsheet")
    assert reported(review(folder, "main").findings) == list(Expected.of(name).lines)


@pytest.mark.parametrize("name", [name for at, name in enumerate(NAMES) if at % 4 == 1 or Expected.of(name).whole])
def test_a_corpus_that_is_too_large_to_rebuild_is_reported(
    name: str, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "FEW", 0)
    folder = contributed(name, base, tmp_path / "dataset")
    shutil.rmtree(folder / ".broadsheet")
    found = review(folder, "main").findings
    alone = tuple(f for f in found if f.code != NOT_WHOLE)
    expected = Expected.of(name)
    assert reported(alone) == [line for line in expected.lines if line not in expected.whole], explained(found)
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
    assert reported(review(folder, "main").findings) == list(Expected.of(name).lines)


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


# --- what a folder of fixtures cannot hold ----------------------------------------------------------------------------


def linked(seeds: Path) -> None:
    (seeds / "odd.txt").symlink_to("/etc/hostname")


def enormous(seeds: Path) -> None:
    with (seeds / "odd.txt").open("wb") as file:
        file.truncate(17 * 2**20)


def unreadable(seeds: Path) -> None:
    (seeds / "odd.txt").write_bytes(gzip.compress(b"A ferry sank on Sunday.\n")[:-9])
    (seeds / "odd.txt").rename(seeds / "odd.txt.gz")


def submodule(seeds: Path) -> None:
    inner = seeds / "odd"
    inner.mkdir()
    (inner / "dock.txt").write_text("A dock opened on Monday.\n", encoding="utf-8")
    Repository(inner).commit()


def large_file_pointer(seeds: Path) -> None:
    words = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0a' * 32}\nsize 4821\n"
    (seeds / "odd.txt").write_text(words, encoding="utf-8")


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (submodule, "error BS102 seeds/odd:1:1"),
        (large_file_pointer, "error BS122 seeds/odd.txt:1:1"),
        (linked, "error BS102 seeds/odd.txt:1:1"),
        (enormous, "error BS101 seeds/odd.txt:1:1"),
        (unreadable, "error BS105 seeds/odd.txt.gz:None:None"),
    ],
)
def test_odd_files(make: Callable[[Path], None], line: str, base: Path, tmp_path: Path) -> None:
    folder = contributed("good-readme-only", base, tmp_path / "dataset")
    make(folder / "seeds")
    assert reported(review(folder, "main").findings) == [line]


def test_a_file_that_git_ignores_is_reported(base: Path, tmp_path: Path) -> None:
    folder = contributed("good-readme-only", base, tmp_path / "dataset")
    with (folder / ".gitignore").open("a", encoding="utf-8") as file:
        file.write("draft*\n*~\n")
    for name in ("draft-quay.txt", "ferry.txt~", ".draft.txt"):  # the last two are no articles
        (folder / "seeds" / name).write_text("A quay opened on Monday.\n", encoding="utf-8")
    place = "seeds/draft-quay.txt"
    assert reported(review(folder, "main").findings) == [f"warning BS123 {place}:1:1"]
    assert [(f.severity, f.path) for f in judge(folder) if f.code == "BS123"] == [("warning", place)]
    assert [(f.severity, f.path) for f in judge(folder, tier="release") if f.code == "BS123"] == [("error", place)]


def test_a_folder_that_is_a_submodule_is_reported(
    base: Path, tmp_path: Path, repository: Callable[[Path], Repository]
) -> None:
    folder = contributed("good-readme-only", base, tmp_path / "dataset")
    shutil.rmtree(folder / ".git")
    repository(folder / "seeds").commit()
    work = repository(folder)
    work.commit()
    (folder / "seeds" / "new.txt").write_text("A quay opened on Monday.\n", encoding="utf-8")
    repository(folder / "seeds").commit()
    assert "error BS102 seeds:1:1" in reported(review(folder, "HEAD").findings)


def test_before_the_first_commit_the_whole_is_judged(
    base: Path, tmp_path: Path, repository: Callable[[Path], Repository]
) -> None:
    folder = contributed("good-readme-only", base, tmp_path / "dataset")
    shutil.rmtree(folder / ".git")
    repository(folder)
    found = review(folder, "HEAD")
    assert reported(found.findings) == []
    assert len(found.judged) == found.of > 0


def test_what_goes_with_an_article_is_shown(base: Path, tmp_path: Path) -> None:
    folder = contributed("good-readme-only", base, tmp_path / "dataset")
    before = pl.read_parquet(folder / "build" / "claims.parquet")
    article = before["document_id"].mode().sort()[0]
    path = pl.read_parquet(folder / "build" / "documents.parquet").filter(document_id=article)["source_path"].item()
    (folder / path).unlink()
    sections = {section.title: section for section in impact(review(folder, "main"))}
    assert sections["What differs"].rows == ((path, "removed"),)
    removed = {row[0]: int(row[2]) for row in sections["What would change"].rows}
    assert removed["claims"] == before.filter(document_id=article).height > 0
    assert {row[0] for row in sections["Claims that would be removed"].rows} == {article}
    assert {row[1] for row in sections["Entities"].rows} == {"would be removed"}


def test_a_name_that_is_no_text(base: Path, tmp_path: Path) -> None:
    folder = contributed("good-readme-only", base, tmp_path / "dataset")
    (folder / "seeds" / os.fsdecode(b"caf\xe9.txt")).write_text("A ferry sank on Sunday.\n", encoding="utf-8")
    (found,) = review(folder, "main").findings
    assert (found.code, found.severity) == ("BS115", "error")
    for form in FORMS:
        render([found], form).encode("utf-8")  # it can be written


def test_old_faults_in_other_files_are_not_reported_again(
    base: Path, tmp_path: Path, repository: Callable[[Path], Repository]
) -> None:
    folder = contributed("bad-unknown-article", base, tmp_path / "dataset")
    (folder / "seeds" / "empty.txt").write_text("", encoding="utf-8")
    repository(folder).commit()
    contributed_over("good-typo-mended", folder)
    assert reported(review(folder, "main").findings) == []


def test_a_row_that_moves_is_reported_at_its_new_line(base: Path, tmp_path: Path) -> None:
    folder = contributed("bad-no-such-mention", base, tmp_path / "dataset")
    path = folder / "corrections" / "mentions.csv"
    assert [f.line for f in review(folder, "main").findings] == [3]
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    above = "add,ferry-vote,PORT ALDER,,port-alder.gpe,,the dateline,B. Helper,2024-06-01"
    path.write_text("\n".join([head, above, "", *rows]) + "\n", encoding="utf-8")
    assert reported(review(folder, "main").findings) == ["error BS309 corrections/mentions.csv:5:17"]


def test_without_any_decision_left_nothing_is_wrong(base: Path, tmp_path: Path) -> None:
    folder = contributed("good-readme-only", base, tmp_path / "dataset")
    shutil.rmtree(folder / "corrections")
    found = review(folder, "main")
    assert reported(found.findings) == []
    assert len(found.changed) == 5


def test_a_schema_that_rows_do_not_fit_is_reported(base: Path, tmp_path: Path) -> None:
    folder = contributed("good-readme-only", base, tmp_path / "dataset")
    path = folder / "schemas" / "entities.json"
    words = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'"GPE",\s*', "", words), encoding="utf-8")
    found = review(folder, "main").findings
    assert {f.code for f in found} == {"BS304", "BS405"}  # a decision of the base gives that type
    assert "error BS304 corrections/entities.csv:2:18" in reported(found)
    assert all(f.severity == "error" and f.path and f.line for f in found)


def test_a_schema_with_other_descriptions_is_accepted(base: Path, tmp_path: Path) -> None:
    folder = contributed("good-readme-only", base, tmp_path / "dataset")
    path = folder / "schemas" / "entities.json"
    words = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'"title": "[^"]*"', '"title": "Said better"', words, count=1), encoding="utf-8")
    assert reported(review(folder, "main").findings) == []


# --- the shell --------------------------------------------------------------------------------------------------------


def unescaped(words: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        words = words.replace(code, character)
    return words


@pytest.mark.parametrize("name", ["good-new-article", "bad-command-in-a-cell", "bad-file-name", "bad-several-at-once"])
def test_annotations_are_at_the_place(name: str, base: Path, tmp_path: Path, shell: Shell) -> None:
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


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_shown_nowhere(form: str, base: Path, tmp_path: Path) -> None:
    found = review(contributed("remark-secret", base, tmp_path / "dataset"), "main").findings
    assert "AKIAIO" not in render(found, form)
