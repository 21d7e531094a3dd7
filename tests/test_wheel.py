"""The wheel alone, in an empty environment, starts a dataset and builds an article elsewhere."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest


def run(*words: object, cwd: Path) -> str:
    done = subprocess.run([str(w) for w in words], cwd=cwd, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.xdist_group("wheel")
def test_wheel_builds_an_article_elsewhere(root: Path, tmp_path: Path) -> None:
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        tmp_path,
        root,
        cwd=tmp_path,
    )
    wheel = next(tmp_path.glob("*.whl"))
    venv.create(tmp_path / "empty", with_pip=True)
    python = tmp_path / "empty" / "bin" / "python"
    install = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*install, "--require-hashes", "-r", root / "requirements" / "run.txt", cwd=tmp_path)
    run(*install, "--no-deps", wheel, cwd=tmp_path)
    shell = tmp_path / "empty" / "bin" / "broadsheet"
    run(shell, "init", "mine", cwd=tmp_path)
    run(shell, "build", cwd=tmp_path / "mine")
    assert "no findings" in run(shell, "validate", cwd=tmp_path / "mine")
    found = "import broadsheet; print(broadsheet.load('build').claims.collect().height)"
    assert int(run(python, "-c", found, cwd=tmp_path / "mine")) > 2
