"""The sides of a change: what the cache forgot or damaged is worked out again, and nothing is said of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Repository, copy_dataset

from broadsheet.extraction import Settings
from broadsheet.workflows.build import build
from broadsheet.workflows.changes import review
from broadsheet.workflows.impact import impact

RULES = Settings("rules")


@pytest.fixture
def warm(tmp_path: Path, repository: Callable[[Path], Repository]) -> Path:
    """Return a dataset of two articles that is committed and built, one of them edited since."""
    folder = copy_dataset(tmp_path / "dataset")
    for path in sorted((folder / "seeds").iterdir())[2:]:
        path.unlink()
    (folder / ".gitignore").write_text(".broadsheet/\nbuild/\n")
    repository(folder).commit()
    build(folder, settings=RULES)
    edited = min((folder / "seeds").iterdir())
    edited.write_text(f"{edited.read_text(encoding='utf-8')}\nMayor Tomas Reyes said so on Monday.\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "harm", ["none", "entries gone", "entries damaged", "register gone", "register damaged", "all gone"]
)
def test_a_cache_that_forgot_changes_no_verdict(warm: Path, harm: str) -> None:
    whole = review(warm, "main", settings=RULES)
    cache = warm / ".broadsheet" / "cache"
    entries, register = [path for path in cache.glob("*/*") if path.is_file()], cache / "register"
    for path in entries if harm.startswith("entries") else [register] if harm.startswith("register") else []:
        path.unlink() if harm.endswith("gone") else path.write_bytes(path.read_bytes()[:-1])
    if harm == "all gone":
        shutil.rmtree(cache)
    again = review(warm, "main", settings=RULES)
    assert (again.findings, again.judged, again.is_whole) == (whole.findings, whole.judged, True)
    assert again.rows is not None
    assert whole.rows is not None
    assert again.rows.tables["claims"].added.equals(whole.rows.tables["claims"].added)


def test_progress_is_reported(warm: Path) -> None:
    told: list[tuple[object, ...]] = []
    review(warm, "main", settings=RULES, progress=lambda *words: told.append(words))
    assert told == [("articles", 0, 1), ("articles", 1, 1, 0)]


def test_a_change_repairs_what_was_broken_before_it(warm: Path, repository: Callable[[Path], Repository]) -> None:
    good = (warm / "schemas/claims.json").read_bytes()
    (warm / "schemas/claims.json").write_bytes(b"{")
    repository(warm).commit()
    (warm / "schemas/claims.json").write_bytes(good)
    found = review(warm, "HEAD", settings=RULES)
    assert not any(f.severity == "error" for f in found.findings)


def test_what_would_change_is_reported(warm: Path) -> None:
    """Rows and cells, each in a table of its own; an entity with another name keeps its id."""
    (warm / "corrections/documents.csv").write_text(
        "document_id,field,value,quoted,occurrence,reason,author,date\n"
        "000-122c54c068792099,publisher,The Daily Paper,,,its name,Jo,2026-01-31\n"
    )
    (warm / "corrections/entities.csv").write_text(
        "action,entity,document_id,value,reason,author,date\nname,egypt.gpe,,Misr,their own name,Jo,2026-01-31\n"
    )
    told = {section.title: section for section in impact(review(warm, "main", settings=RULES))}
    assert ("corrections/documents.csv", "changed") in told["What differs"].rows
    changed = {row[0]: row[1:] for row in told["What would change"].rows}
    assert changed["documents"][-1] == "1"
    assert changed["entities"] == ("0", "0", "0", "1")
    cells = told["Cells that would change"].rows
    assert ("documents", "000-122c54c068792099", "publisher_from", "text", "correction") in cells
    assert ("entities", "egypt.gpe", "name", "Egypt", "Misr") in cells
    assert "Entities" not in told


def test_claims_that_would_go_are_shown_in_their_words(warm: Path) -> None:
    later = max((warm / "seeds").iterdir())
    lines = later.read_text(encoding="utf-8").splitlines(keepends=True)
    later.write_text("".join(line for line in lines if "denied" not in line), encoding="utf-8")
    told = {section.title: section for section in impact(review(warm, "main", settings=RULES))}
    gone = told["Claims that would be removed"].rows
    assert any(row[0] == "001-b1687b42d6083d7a" and "denied" in row[2] for row in gone)


def test_a_judgement_whose_words_are_gone_is_reported(warm: Path) -> None:
    (warm / "corrections/judgements.csv").write_text(
        "row_id,words,verdict,by,date\n000-122c54c068792099#00000010-00000019,a third pier,right,Jo,2026-01-31\n"
    )
    found = review(warm, "main", settings=RULES).findings
    assert [(f.code, f.line, f.column) for f in found if f.path == "corrections/judgements.csv"] == [
        ("BS305", 2, "words")
    ]
