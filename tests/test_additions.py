"""A report format and an export are one module each: in a copy of the package they become choices of the commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from articles import write_package
from conftest import ROOT

FORMAT = '''
"""Findings as one number."""

from broadsheet.reports.common import Content


def render(content: Content) -> str:
    return f"{len(content.findings)} in all\\n"
'''
EXPORT = '''
"""Tables as tab-separated text."""

from broadsheet.releases.rights import frame_of

PLACE = "tsv/"


def write(edition, tables, folder):
    (folder / PLACE).mkdir()
    for name, data in tables.items():
        frame_of(data).write_csv(folder / PLACE / f"{name}.tsv", separator="\\t")
'''
RELEASE = """
import json, pathlib, sys
from broadsheet import releases
from broadsheet.releases import ReleaseOptions
about = json.loads(sys.argv[1])
options = ReleaseOptions(exports=frozenset({"tsv"}))
made = releases.release(pathlib.Path("package"), about, pathlib.Path("dist"), options)
print(made / "tsv" / "claims.tsv")
"""


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of the package and two modules more."""
    source = tmp_path_factory.mktemp("extended")
    leave = shutil.ignore_patterns("weights", "__pycache__")
    shutil.copytree(ROOT / "src" / "broadsheet", source / "broadsheet", ignore=leave)
    (source / "broadsheet" / "reports" / "formats" / "number.py").write_text(FORMAT)
    (source / "broadsheet" / "releases" / "exports" / "tsv.py").write_text(EXPORT)
    return source


def run(source: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(source)}
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_a_report_format_is_one_module(extended: Path, tmp_path: Path) -> None:
    package = write_package(tmp_path / "package")
    done = run(extended, "-m", "broadsheet", "validate", str(package), "--format", "number", cwd=tmp_path)
    assert done.stdout.endswith(" in all\n"), done.stderr
    assert "number" in run(extended, "-m", "broadsheet", "validate", "--help", cwd=tmp_path).stdout


def test_an_export_is_one_module(extended: Path, tmp_path: Path) -> None:
    from releasing import DESCRIPTOR

    write_package(tmp_path / "package")
    done = run(extended, "-c", RELEASE, json.dumps(DESCRIPTOR), cwd=tmp_path)
    assert (tmp_path / done.stdout.strip()).read_text().startswith("claim_id\t"), done.stderr
    assert "--tsv" in run(extended, "-m", "broadsheet", "release", "--help", cwd=tmp_path).stdout
