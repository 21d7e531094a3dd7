"""The map of a project and its settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from broadsheet.errors import BroadsheetError, ModelError, ProjectError
from broadsheet.project import Limits, find, open_project


def project(folder: Path, descriptor: Any) -> Path:
    (folder / "schemas").mkdir()
    (folder / "datapackage.json").write_text(descriptor if isinstance(descriptor, str) else json.dumps(descriptor))
    return folder


def test_limits_are_settings(tmp_path: Path) -> None:
    folder = project(tmp_path, {"broadsheet": {"limits": {"depth": 7}}})
    assert open_project(folder).limits == Limits(depth=7)
    assert open_project(folder).limits.text_bytes == 16 * 2**20


@pytest.mark.parametrize("limits", [{"depth": 0}, {"depth": "7"}, {"depth": True}, {"height": 3}, [1]])
def test_bad_limits_are_named(tmp_path: Path, limits: Any) -> None:
    with pytest.raises(ProjectError, match=r"broadsheet\.limits"):
        _ = open_project(project(tmp_path, {"broadsheet": {"limits": limits}})).limits


@pytest.mark.parametrize(
    ("words", "expected"),
    [('{"name": "x",}', "1:14"), ("[]", "expected a JSON object, found list"), ("[" * 100_000, "cannot be read")],
)
def test_a_broken_map_says_where(tmp_path: Path, words: str, expected: str) -> None:
    with pytest.raises(ProjectError, match=expected):
        open_project(project(tmp_path, words))


def test_the_nearest_dataset_above_is_found(tmp_path: Path) -> None:
    folder = project(tmp_path, {})
    deep = folder / "seeds" / "2024"
    deep.mkdir(parents=True)
    assert find(deep) == folder


def test_no_dataset_above(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="no dataset here") as caught:
        find(tmp_path)
    assert "broadsheet init" in caught.value.repair


def test_errors_cross_a_process_whole() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(ModelError("other weights", repair="install again")))
    assert isinstance(error, BroadsheetError)
    assert (error.message, error.repair) == ("other weights", "install again")
