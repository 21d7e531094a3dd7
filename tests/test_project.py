"""The descriptor of a project and its settings."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from broadsheet.errors import BroadsheetError, ModelError, ProjectError
from broadsheet.project import Limits, ProjectSettings, find, open_project


def project(folder: Path, descriptor: Any) -> Path:
    (folder / "schemas").mkdir()
    (folder / "datapackage.json").write_text(descriptor if isinstance(descriptor, str) else json.dumps(descriptor))
    return folder


def test_settings_are_read_once_and_typed(tmp_path: Path) -> None:
    block = {"limits": {"depth": 7}, "columns": {"body": "text"}, "pipeline": "xx_ent_wiki_sm", "expected": {}}
    settings = open_project(project(tmp_path, {"broadsheet": block})).settings
    assert settings == ProjectSettings(Limits(depth=7), {"body": "text"}, "xx_ent_wiki_sm", {})
    assert settings.limits.text_bytes == 16 * 2**20


def test_without_settings_the_defaults_are_used(tmp_path: Path) -> None:
    assert open_project(project(tmp_path, {})).settings == ProjectSettings(Limits(), {}, None, None)


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ([1], r"1:16: broadsheet is \[1\]; expected a JSON object"),
        ({"limits": [1]}, r"1:27: broadsheet\.limits is \[1\]; expected a JSON object"),
        ({"limits": {"depth": 0}}, r"1:37: broadsheet\.limits\.depth is 0; expected a whole number above 0"),
        ({"limits": {"depth": "7"}}, r'broadsheet\.limits\.depth is "7"; expected a whole number'),
        ({"limits": {"depth": True}}, r"broadsheet\.limits\.depth is true; expected a whole number"),
        ({"limits": {"height": 3}}, r"broadsheet\.limits\.height is 3; expected one of the limits text_bytes"),
        ({"columns": {"body": 3}}, r"broadsheet\.columns\.body is 3; expected the name of a column"),
        ({"pipeline": 3}, r"broadsheet\.pipeline is 3; expected the name of a pipeline"),
    ],
)
def test_a_bad_setting_is_named_at_its_place(tmp_path: Path, block: Any, words: str) -> None:
    with pytest.raises(ProjectError, match=r"datapackage\.json:\d+:\d+: broadsheet.*expected") as caught:
        open_project(project(tmp_path, {"broadsheet": block}))
    assert re.search(words, caught.value.message)
    assert caught.value.repair


@pytest.mark.parametrize(
    ("words", "expected"),
    [('{"name": "x",}', "1:14"), ("[]", "expected a JSON object, found list"), ("[" * 100_000, "cannot be read")],
)
def test_a_broken_descriptor_says_where(tmp_path: Path, words: str, expected: str) -> None:
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
