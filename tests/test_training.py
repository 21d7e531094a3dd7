"""The scripts of training/ fit the toolkit, and the shipped second look tells the judged rows apart."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from broadsheet.extraction.claims.model_reader import Reader
from broadsheet.extraction.claims.second_look import SecondLook
from broadsheet.extraction.model_files import WEIGHTS

TRAINING = Path(__file__).parents[1] / "training"
OWN = "own"
"""The corpus whose articles are in this repository."""
SCRIPTS = sorted(path.name for path in TRAINING.glob("*.py"))


@pytest.fixture
def columns(judged_rows: ModuleType) -> ModuleType:
    """Import `training/columns.py`."""
    assert judged_rows.FOLDER.is_dir()
    return importlib.import_module("columns")


@pytest.fixture
def judged_rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import `training/annotations.py`, which imports its neighbours by their names."""
    monkeypatch.syspath_prepend(str(TRAINING))
    yield importlib.import_module("annotations")
    for path in TRAINING.glob("*.py"):
        sys.modules.pop(path.stem, None)


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_a_script_imports_of_the_toolkit_is_there(script: str) -> None:
    found = ast.walk(ast.parse((TRAINING / script).read_text(encoding="utf-8")))
    imports = [x for x in found if isinstance(x, ast.ImportFrom) and (x.module or "").startswith("broadsheet")]
    for one in imports:
        module = importlib.import_module(str(one.module))
        assert [name.name for name in one.names if not hasattr(module, name.name)] == []


def test_no_article_is_both_fitted_to_and_kept_apart(judged_rows: ModuleType) -> None:
    uses: dict[tuple[str, str], set[str]] = {}
    for row in judged_rows.rows():
        uses.setdefault((row.corpus, row.article), set()).add(row.use)
    assert [article for article, found in uses.items() if len(found) > 1] == []


def test_the_shipped_second_look_tells_statements_from_acts(judged_rows: ModuleType) -> None:
    judged = [row for row in judged_rows.rows() if row.corpus == OWN and row.label != "unclear"]
    look = SecondLook.load(WEIGHTS)
    scores: dict[str, list[float]] = {"yes": [], "no": []}
    for row, known in judged_rows.examples(judged, Reader.load(), Path()):
        scores[row.label].append(float(known @ look.weights) + look.bias)
    assert sum(score > 0 for score in scores["yes"]) > 0.9 * len(scores["yes"])
    assert sum(score < 0 for score in scores["no"]) > 0.9 * len(scores["no"])


@pytest.mark.parametrize("use", ["worked", "apart"])
def test_judged_columns_agree_with_themselves(columns: ModuleType, use: str) -> None:
    right = [found for _, found in columns.judged(use)]
    figures = columns.measured(zip(right, right, strict=True))
    assert figures.pop("rows") > 100
    assert set(figures.values()) == {1.0}


def test_macro_f1_is_the_mean_over_the_stances_that_occur(columns: ModuleType) -> None:
    assert columns.macro_f1([("asserts", "asserts"), ("asserts", "plans"), ("plans", "plans")]) == 0.667


def test_claims_are_found_by_the_places_of_their_cues_and_contents(columns: ModuleType, built: Path) -> None:
    found = columns.claims(built)
    assert len(found) > 50
    assert {len(place) for place in found} == {3}
    assert all(cue for _, cue, _ in found)
