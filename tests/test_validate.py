"""How deep one looks: expected counts, and what a release needs besides."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Shell, copy_dataset

from broadsheet.checks.row_counts import judge_counts, suggested, suggestion
from broadsheet.model import Finding
from broadsheet.project import open_project
from broadsheet.strict_json import places
from broadsheet.workflows.build import build
from broadsheet.workflows.inputs import read_inputs
from broadsheet.workflows.release import release
from broadsheet.workflows.validate import counts_of, judge, suggest_counts

ROWS = {"documents": 5, "claims": 90, "entities": 0}


def counted(block: str, rows: dict[str, int] | None = None) -> tuple[Finding, ...]:
    data = f'{{\n  "broadsheet": {{\n    "expected": {block}\n  }}\n}}\n'.encode()
    expected = json.loads(data)["broadsheet"]["expected"]
    return judge_counts(expected, ROWS if rows is None else rows, path="datapackage.json", places=places(data))


# --- expected counts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "block",
    ["{}", '{"claims": {"min": 90, "max": 90}}', '{"documents": {"min": 0}}', '{"entities": {"max": 0}}'],
)
def test_counts_within_their_bounds_are_fine(block: str) -> None:
    assert counted(block) == ()


@pytest.mark.parametrize(
    ("block", "code", "severity", "place", "words"),
    [
        ('{\n"claims": {"min": 91}}', "BS540", "error", (4, 19), '90 rows; expected 91 or more | "min": 81'),
        (
            '{"claims": {"min": 1, "max": 89}}',
            "BS541",
            "warning",
            (3, 46),
            '90 rows; expected 89 or fewer | "max": 135',
        ),
        ('{"documents": {"min": 6}}', "BS540", "error", (3, 39), '5 rows; expected 6 or more | "min": 5'),
    ],
)
def test_a_bound_that_is_not_met_is_reported_at_its_number(
    block: str, code: str, severity: str, place: tuple[int, int], words: str
) -> None:
    (found,) = counted(block)
    assert (found.code, found.severity, (found.line, found.column_number)) == (code, severity, place)
    assert found.path == "datapackage.json"
    assert all(part in f"{found.sentence} {found.repair}" for part in words.split(" | "))


@pytest.mark.parametrize(
    "block",
    [
        "3",
        "[]",
        '{"claim": {"min": 1}}',
        '{"claims": {}}',
        '{"claims": 80}',
        '{"claims": {"minimum": 1}}',
        '{"claims": {"min": "80"}}',
        '{"claims": {"min": true}}',
        '{"claims": {"min": -1}}',
        '{"claims": {"min": 1.5}}',
        '{"claims": {"min": 2, "max": 1}}',
    ],
)
def test_a_block_of_another_form_is_reported_at_its_place(block: str) -> None:
    (found,) = counted(block)
    assert found.code == "BS542"
    assert found.line == 3
    assert found.repair


def test_without_a_package_only_the_form_is_judged() -> None:
    assert counted('{"claims": {"min": 1000}}', rows={}) == ()
    assert [f.code for f in counted('{"claims": {"min": 2, "max": 1}}', rows={})] == ["BS542"]


def test_what_is_suggested_is_met_by_what_it_was_suggested_from() -> None:
    rows = {"documents": 7, "paragraphs": 33, "entities": 11, "mentions": 1, "claims": 0}
    assert judge_counts(suggested(rows), rows, path="datapackage.json", places={}) == ()
    assert suggested(rows) == {
        "documents": {"min": 7},
        "paragraphs": {"min": 29, "max": 50},
        "entities": {"min": 11},
        "mentions": {"min": 0, "max": 2},
    }
    assert json.loads(f"{{{suggestion(rows)}}}") == {"expected": suggested(rows)}


# --- a repository -----------------------------------------------------------------------------------------------------

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def repository(tmp_path: Path, built: Path) -> Path:
    """Return a copy of the five articles' repository with its package."""
    folder = copy_dataset(tmp_path / "repository")
    shutil.copytree(built, folder / "build")
    shutil.copy(Path(__file__).parents[1] / "LICENSE", folder)
    (folder / "CHANGELOG.md").write_text("# Changelog\n\n## 0.1.0 (2024-05-01)\n\nFirst.\n", encoding="utf-8")
    return folder


def edit(folder: Path, change: Edit) -> None:
    path = folder / "datapackage.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    change(found)
    path.write_text(json.dumps(found, indent=2), encoding="utf-8")


def codes(folder: Path, tier: Any = "release") -> set[str]:
    return {f.code for f in judge(folder, tier=tier)}


def of_release(folder: Path) -> set[str]:
    return {code for code in codes(folder) if code >= "BS5"}


def expect(folder: Path, **bounds: Any) -> None:
    edit(folder, lambda d: d["broadsheet"].update(expected=bounds))


def test_a_repository_that_is_ready(repository: Path) -> None:
    expect(repository, documents={"min": 5}, claims={"min": 1})
    assert of_release(repository) == set()


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        (lambda d: d["broadsheet"].update(expected={"documents": {"min": 6}}), "BS540", "error"),
        (lambda d: d["broadsheet"].update(expected={"documents": {"max": 4}}), "BS541", "warning"),
        (lambda d: d["broadsheet"].update(expected={"documents": []}), "BS542", "error"),
        (lambda d: d["broadsheet"].pop("expected", None), "BS543", "info"),
        (lambda d: d.update(licenses=[]), "BS640", "error"),
        (lambda d: d.pop("contributors"), "BS640", "error"),
        (lambda d: d.update(version="0.2.0"), "BS641", "warning"),
    ],
)
def test_what_keeps_it_from_being_released(repository: Path, change: Edit, code: str, severity: str) -> None:
    expect(repository, documents={"min": 5})
    edit(repository, change)
    found = [f for f in judge(repository, tier="release") if f.code >= "BS5"]
    assert [(f.code, f.severity) for f in found] == [(code, severity)]
    at_release_only = code == "BS543" or code.startswith("BS6")
    assert (code in codes(repository, "quality")) is not at_release_only
    assert (code in codes(repository, "structure")) is (code == "BS542")


def test_the_place_of_a_bad_bound_is_that_in_the_file(repository: Path) -> None:
    expect(repository, documents={"min": 6})
    (found,) = (f for f in judge(repository) if f.code == "BS540")
    lines = (repository / "datapackage.json").read_text(encoding="utf-8").splitlines()
    assert found.line is not None
    assert found.column_number is not None
    assert lines[found.line - 1][found.column_number - 1 :] == "6"


def test_an_old_package_is_an_error_for_a_release(repository: Path) -> None:
    expect(repository, documents={"min": 5})
    (repository / "seeds" / "new.txt").write_text("A ferry sank on Sunday, the mayor said.\n", encoding="utf-8")
    assert {f.severity for f in judge(repository) if f.code == "BS590"} == {"warning"}
    assert {f.severity for f in judge(repository, tier="release") if f.code == "BS590"} == {"error"}
    shutil.rmtree(repository / "build")
    assert {f.severity for f in judge(repository, tier="release") if f.code == "BS591"} == {"error"}


def test_the_version_is_compared_with_the_release_before(repository: Path) -> None:
    expect(repository, documents={"min": 5})
    release(repository)
    edit(repository, lambda d: d.update(version="0.1.1", created="2026-12-01T00:00:00Z"))
    (repository / "CHANGELOG.md").write_text("## 0.1.1\n", encoding="utf-8")
    assert of_release(repository) == set()  # nothing changed: a patch will do
    (repository / "seeds" / "new.txt").write_text("A ferry sank on Sunday, the mayor said.\n", encoding="utf-8")
    build(repository)
    (found,) = (f for f in judge(repository, tier="release") if f.code == "BS642")
    assert '"version": "0.2.0"' in found.repair
    edit(repository, lambda d: d.update(version="0.2.0"))
    assert "BS642" not in codes(repository)


def test_counts_are_suggested_from_the_release_before(repository: Path) -> None:
    release(repository)
    edit(repository, lambda d: d.update(version="0.2.0"))
    (found,) = (f for f in judge(repository, tier="release") if f.code == "BS543")
    assert '"documents": {"min": 5}' in found.repair
    assert "0.1.0.zip" in found.repair


def test_counts_of_folder_and_zip_are_the_same(repository: Path, built: Path) -> None:
    folder = release(repository)
    assert counts_of(built) == counts_of(Path(folder)) == counts_of(Path(f"{folder}.zip"))
    assert '"documents": {"min": 5}' in suggest_counts(Path(f"{folder}.zip"))


def test_a_package_alone_has_no_counts_to_meet(built: Path) -> None:
    assert judge(built, tier="release") == ()


def test_the_fixture_is_in_step(repository: Path) -> None:
    made = json.loads((repository / "build" / "datapackage.json").read_text())["broadsheet"]["inputs"]["sha256"]
    assert made == read_inputs(open_project(repository)).fingerprint


# --- the shell --------------------------------------------------------------------------------------------------------


def test_a_baseline_lets_old_faults_be(repository: Path, shell: Shell) -> None:
    expect(repository, documents={"min": 6})
    assert shell("validate", cwd=repository).returncode == 1
    noted = shell("validate", "--write-baseline", "known.json", cwd=repository)
    assert noted.returncode == 0, noted.stderr
    done = shell("validate", "--baseline", "known.json", "--format", "github", cwd=repository)
    assert (done.returncode, done.stdout) == (0, "")
    assert "listed in known.json, not shown" in done.stderr
    assert "listed in known.json, not shown" in shell("validate", "--baseline", "known.json", cwd=repository).stdout
    expect(repository, documents={"min": 5}, claims={"min": 100_000})
    done = shell("validate", "--baseline", "known.json", cwd=repository)
    assert done.returncode == 1
    assert "BS540" in done.stdout
    assert "BS544" in done.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("validate", "--tier", "deep"), 2),
        (("validate", "--baseline", "a", "--write-baseline", "b"), 2),
        (("validate", "--baseline", "none.json"), 3),
        (("freeze", "--package", "seeds"), 2),
        (("freeze", "--counts", "--package", "seeds"), 3),
    ],
)
def test_exit_codes(dataset: Path, shell: Shell, words: tuple[str, ...], code: int) -> None:
    done = shell(*words, cwd=dataset)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_freeze_prints_the_counts(repository: Path, shell: Shell) -> None:
    done = shell("freeze", "--counts", cwd=repository)
    assert done.returncode == 0, done.stderr
    assert json.loads(f"{{{done.stdout}}}")["expected"]["documents"] == {"min": 5}


def _texts(dataset: Path, untitled: int, count: int) -> None:
    """Put articles into seeds/, the first of them without headline and day."""
    for path in (dataset / "seeds").iterdir():
        path.unlink()
    for number in range(count):
        head = "" if number < untitled else f"Pier {number} opens again\n\n12 June 2021\n\n"
        body = (
            f"The pier of harbour {number} was opened again by the mayor, who said on Monday that it would stay open."
        )
        (dataset / "seeds" / f"{number}.txt").write_text(f"{head}{body}\n\n{body[:-1]} for {number} years.\n")


@pytest.mark.parametrize(
    ("untitled", "count", "is_reported"), [(2, 6, True), (1, 6, False), (0, 6, False), (4, 4, False)]
)
def test_a_dataset_without_titles_or_days_is_reported_once(
    dataset: Path, untitled: int, count: int, is_reported: bool
) -> None:
    _texts(dataset, untitled, count)
    found = [one.message for one in judge(dataset) if one.code == "BS226"]
    words = "2 of 6 articles have no {}, the first: seeds/0.txt, seeds/1.txt"
    assert found == [f"{words.format('title')}; {words.format('day of publication')}"] * is_reported
