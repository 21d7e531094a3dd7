"""What several tests need: the repository, a copy of it to spoil, and the package of the five articles, built once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
NOBODY = 65534  # the number of the user who owns nothing
settings.register_profile("same", derandomize=True)  # every run tries the same examples
settings.register_profile("long", derandomize=False, max_examples=5000)  # HYPOTHESIS_PROFILE=long: others every time
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
Shell = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the package of the five articles."""
    from broadsheet.workflows.build import build

    return build(ROOT, tmp_path_factory.mktemp("built") / "build").target


def copy_dataset(to: Path) -> Path:
    """Copy what people keep (not what was built) of this dataset, without the counts expected of all its articles."""
    for name in ("seeds", "schemas", "corrections"):
        shutil.copytree(ROOT / name, to / name)
    written = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    written["broadsheet"].pop("expected", None)
    (to / "datapackage.json").write_text(json.dumps(written, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return to


PARAGRAPH = (
    "Der Rat der Stadt hat am Abend beschlossen, dass die Brücke {number} über den Kanal im Frühjahr erneuert wird. "
    "Die Kosten sollen nicht höher sein als im vergangenen Jahr, und die Arbeiten dauern wohl bis zum Herbst.\n"
)


def slow_dataset(to: Path) -> Path:
    """Copy this dataset with 24 long articles in a language that is not read: each takes a while, without a model."""
    folder = copy_dataset(to)
    for path in (folder / "seeds").iterdir():
        path.unlink()
    for article in range(24):
        lines = (PARAGRAPH.format(number=1000 * article + line) for line in range(300))
        (folder / "seeds" / f"bridge-{article}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def one_article(to: Path) -> Path:
    """Copy this dataset with its first article only."""
    folder = copy_dataset(to)
    for path in sorted((folder / "seeds").iterdir())[1:]:
        path.unlink()
    return folder


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Return a copy of the dataset with one article, so that building it is quick."""
    return one_article(tmp_path / "dataset")


@pytest.fixture(scope="session")
def _built_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from broadsheet.workflows.build import build

    folder = one_article(tmp_path_factory.mktemp("one") / "dataset")
    build(folder)
    return folder


@pytest.fixture
def built_dataset(_built_dataset: Path, tmp_path: Path) -> Path:
    """Return a copy of the dataset with one article, and what was built of it."""
    return shutil.copytree(_built_dataset, tmp_path / "dataset")


@pytest.fixture(scope="session")
def shell() -> Shell:
    """Return a function that runs the shell command in a folder."""

    def run(
        *words: str, cwd: Path, to: int | TextIO = subprocess.PIPE, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "broadsheet", *words]
        streams: dict[str, Any] = {"stdout": to, "stderr": subprocess.PIPE, "text": True}
        return subprocess.run(command, cwd=cwd, env=os.environ | environment, timeout=300, check=False, **streams)

    return run


class Repository:
    """A git repository in a folder, of nobody's settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch", "main")

    def git(self, *words: str) -> str:
        """Run git and return what it says."""
        who = {
            f"GIT_{role}_{what}": "nobody@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *words], cwd=self.folder, env=os.environ | who | quiet, capture_output=True, text=True, check=True
        )
        return done.stdout

    def commit(self) -> str:
        """Commit everything that is there, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "as it is")
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture(scope="session")
def repository() -> Callable[[Path], Repository]:
    """Return a function that makes a git repository of a folder."""
    return Repository


@pytest.fixture
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder, and the rights of an ordinary user while the test runs: root reads everything."""
    tmp_path_factory.getbasetemp()  # made while there are rights to make it
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        root = os.geteuid() == 0
        if root:
            os.chown(name, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            if root:
                os.seteuid(0)
