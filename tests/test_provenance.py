"""Which models read the articles: what the package says of them, and that the cache never mixes two of them up."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from broadsheet import extraction
from broadsheet.errors import ModelError
from broadsheet.extraction import Models, Settings, model_files
from broadsheet.workflows import code_state
from broadsheet.workflows.build import build

CHOICES = [Settings(), Settings(fast=True), Settings(claims="rules")]


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the weights, which the package uses in place of its own during the test."""
    folder = Path(shutil.copytree(model_files.WEIGHTS, tmp_path / "weights"))
    monkeypatch.setattr(model_files, "WEIGHTS", folder)
    return folder


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not isinstance(value, dict):
        yield path
        return
    for name, inner in value.items():
        yield from leaves(inner, (*path, name))


def changed(value: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return the value with another word at the path."""
    other = copy.deepcopy(value)
    place = other
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] += "x"
    return other


LEAVES = [(chosen, path) for chosen in CHOICES for path in leaves(dict(extraction.provenance(chosen)))]


@pytest.mark.parametrize(("chosen", "path"), LEAVES, ids=str)
def test_everything_in_the_provenance_changes_the_key(chosen: Settings, path: tuple[str, ...]) -> None:
    models = dict(extraction.provenance(chosen))
    assert code_state.state_of_code(changed(models, path)) != code_state.state_of_code(models)


def test_no_two_choices_of_models_share_a_key() -> None:
    assert len({code_state.state_of_code(extraction.provenance(chosen)) for chosen in CHOICES}) == len(CHOICES)


@pytest.mark.parametrize("chosen", CHOICES, ids=str)
def test_the_provenance_is_of_what_was_loaded(chosen: Settings) -> None:
    assert Models.load(chosen).provenance == extraction.provenance(chosen)


def test_the_provenance_names_the_files_that_are_loaded() -> None:
    exact, fast = (model_files.reader_provenance(fast=fast) for fast in (False, True))
    assert (exact["arithmetic"], list(exact["files"])) == (
        "fp32",
        ["confidence.json", "reader.bin", "reader.onnx", "second_look.json", "vocab.txt"],
    )
    assert (fast["arithmetic"], list(fast["files"])) == (
        "int8",
        ["confidence.json", "reader-fast.onnx", "reader.bin", "second_look.json", "vocab.txt"],
    )


def test_other_weights_are_another_key(weights: Path) -> None:
    before = extraction.provenance()
    card = json.loads((weights / "card.json").read_text(encoding="utf-8"))
    card["files"]["second_look.json"] = "0" * 64
    (weights / "card.json").write_text(json.dumps(card), encoding="utf-8")
    assert code_state.state_of_code(extraction.provenance()) != code_state.state_of_code(before)


@pytest.mark.parametrize("name", ["reader.bin", "reader.onnx", "vocab.txt", "card.json"])
def test_a_build_without_the_weights_stops_and_leaves_the_package(dataset: Path, weights: Path, name: str) -> None:
    made = build(dataset, settings=Settings(claims="rules"))
    before = {path.name: path.read_bytes() for path in made.target.iterdir()}
    (weights / name).unlink()
    code_state.state_with.cache_clear()
    with pytest.raises(ModelError, match=name) as caught:
        build(dataset)
    assert "--claims rules" in caught.value.repair
    assert {path.name: path.read_bytes() for path in made.target.iterdir()} == before


def test_rules_need_no_weights_of_the_reader(dataset: Path, weights: Path) -> None:
    for path in weights.iterdir():
        if path.name not in {"card.json", "confidence.json"}:
            path.unlink()
    made = build(dataset, settings=Settings(claims="rules"))
    used = json.loads((made.target / "datapackage.json").read_text(encoding="utf-8"))["broadsheet"]["models"]["claims"]
    assert (used["name"], list(used["files"])) == ("rules", ["confidence.json"])


def test_the_cache_keeps_the_claims_of_two_readers_apart(dataset: Path) -> None:
    by_model = build(dataset)
    by_rules = build(dataset, settings=Settings(claims="rules"))
    assert (by_model.cached, by_rules.cached) == (0, 0)
    assert by_model.rows["claims"] != by_rules.rows["claims"]
