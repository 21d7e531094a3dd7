"""What is promised to importers: the names, that they load, and that importing costs nothing."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import broadsheet
from broadsheet.schema.table_schemas import TABLES


@pytest.mark.parametrize("name", broadsheet.__all__)
def test_every_verb_is_there_and_described(name: str) -> None:
    verb = getattr(broadsheet, name)
    assert callable(verb)
    assert verb.__doc__


def test_no_verb_is_hidden_by_a_subpackage(root: Path) -> None:
    rooms = {p.stem for p in (root / "src" / "broadsheet").iterdir()}
    assert not rooms & set(broadsheet.__all__)
    importlib.import_module("broadsheet.workflows.build")
    assert callable(broadsheet.build)


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(AttributeError, match="normalise"):
        broadsheet.normalize  # noqa: B018


def test_import_is_free() -> None:
    words = "import sys, broadsheet; print([m for m in ('polars', 'click', 'pyarrow') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_one_version(root: Path) -> None:
    written = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert written == broadsheet.__version__


@pytest.mark.parametrize("table", TABLES)
def test_shipped_schemas_load(table: str) -> None:
    from broadsheet.schema import load_schemas

    assert load_schemas()[table].primary_key
