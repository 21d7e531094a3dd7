"""Dask and Ray clusters of several processes give the bytes of one process, also where a node is lost midway."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, slow_dataset

from broadsheet.engines import EngineChoice
from broadsheet.workflows.build import build

PYTHON = ROOT / ".venv-engines" / "bin" / "python"

pytestmark = pytest.mark.xdist_group("clusters")


@pytest.fixture(scope="module")
def bridges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dataset of long articles in a language that is not read: no model is loaded, and each takes a while."""
    folder = slow_dataset(tmp_path_factory.mktemp("bridges") / "dataset")
    build(folder, engine=EngineChoice(workers=1))
    return folder


def built_on(engine: str, dataset: Path, to: Path, *options: str) -> dict[str, Any]:
    words = [str(word) for word in (PYTHON, ROOT / "tests" / "clusters.py", engine, dataset, to, *options)]
    done = subprocess.run(words, stdout=subprocess.PIPE, timeout=280, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def content(package: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(package.iterdir())}


@pytest.mark.parametrize("engine", ["dask", "ray"])
def test_a_cluster_that_loses_a_node_makes_the_same_package(bridges: Path, tmp_path: Path, engine: str) -> None:
    found = built_on(engine, bridges, tmp_path / "build", "--kill")
    assert found["code"] == 0, found["said"]
    assert 0 < found["killed_at"] < 24
    assert content(tmp_path / "build") == content(bridges / "build")
