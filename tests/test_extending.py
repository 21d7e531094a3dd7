"""What docs/extending.md says is enough: additions made in a copy of the package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

FORMAT = """
from broadsheet.model import Raw
from broadsheet.sources.format import Format


def _read(source):
    data = source.whole(source.limit("text_bytes"))
    yield Raw(source.path, data, source.digest_of(data), "text/plain")


FORMATS = (Format((".wire",), _read),)
"""
READ = """
from pathlib import Path
from broadsheet import sources
from broadsheet.texts import normalise
folder = Path("seeds")
print(".wire" in sources.SUFFIXES)
for raw in sources.read(folder, root=Path()):
    print(raw.path, getattr(normalise(raw), "section", None))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the package without its weights, beside a folder of seeds."""
    ignored = shutil.ignore_patterns("__pycache__", "*.bin", "*.onnx")
    shutil.copytree(ROOT / "src" / "broadsheet", tmp_path / "broadsheet", ignore=ignored)
    shutil.copytree(ROOT / "schemas", tmp_path / "broadsheet" / "schemas", dirs_exist_ok=True)
    (tmp_path / "seeds").mkdir()
    return tmp_path


def run(copy: Path) -> list[str]:
    """Return what reading the seeds with the copy prints."""
    environment = {"PYTHONPATH": str(copy), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", READ], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_an_input_format_is_one_module(copy: Path) -> None:
    (copy / "broadsheet/sources/formats/wire.py").write_text(FORMAT, encoding="utf-8")
    (copy / "seeds/ferry.wire").write_text("The ferry sails again.\n", encoding="utf-8")
    assert run(copy) == ["True", "seeds/ferry.wire None"]


def test_a_metadata_column_is_one_line_of_the_model(copy: Path) -> None:
    model = copy / "broadsheet/model.py"
    line = "    rights_holder: str | None = None\n"
    model.write_text(model.read_text("utf-8").replace(line, f"{line}    section: str | None = None\n", 1), "utf-8")
    record = '{"id": "ferry", "text": "The ferry sails again.", "section": "Harbour"}\n'
    (copy / "seeds/wire.jsonl").write_text(record, encoding="utf-8")
    (copy / "seeds/vote.md").write_text("---\nsection: Politics\n---\nThe town votes.\n", encoding="utf-8")
    assert run(copy) == ["False", "seeds/vote.md Politics", "seeds/wire.jsonl#ferry Harbour"]
