"""The wheel, without this checkout, starts a dataset and builds an article elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest


def run(*words: object, cwd: Path) -> str:
    command, clean = [str(word) for word in words], {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def python(root: Path, tmp_path: Path) -> Path:
    """Return an interpreter that sees the wheel and the installed dependencies, but not the checkout.

    The dependencies come from the environment of the tests, whose lock contains that of a user: `make dataset` installs
    the user's own lock. A folder named in a `.pth` file is searched, but `.pth` files in it
    (the editable install) are not read.
    """
    options = ("--quiet", "--no-deps", "--no-build-isolation")
    run(sys.executable, "-m", "pip", "wheel", *options, "-w", tmp_path, root, cwd=tmp_path)
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "empty", cwd=tmp_path)
    empty = tmp_path / "empty" / "bin" / "python"
    packages = Path(run(empty, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    wheel = next(tmp_path.glob("*.whl"))
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", packages, wheel, cwd=tmp_path)
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return empty


@pytest.mark.xdist_group("wheel")
def test_wheel_builds_an_article_elsewhere(python: Path, tmp_path: Path) -> None:
    where = run(python, "-c", "import broadsheet; print(broadsheet.__file__)", cwd=tmp_path)
    assert where.startswith(str(tmp_path))
    run(python, "-m", "broadsheet", "init", "mine", "--broadsheet", "broadsheet==0.1.0", cwd=tmp_path)
    run(python, "-m", "broadsheet", "build", cwd=tmp_path / "mine")
    assert "no findings" in run(python, "-m", "broadsheet", "validate", cwd=tmp_path / "mine")
    count = "import broadsheet; print(broadsheet.load('build').claims.collect().height)"
    assert int(run(python, "-c", count, cwd=tmp_path / "mine")) > 2
    run(python, "-m", "broadsheet", "report", cwd=tmp_path / "mine")
    assert b"</html>" in (tmp_path / "mine" / "dist" / "report.html").read_bytes()
