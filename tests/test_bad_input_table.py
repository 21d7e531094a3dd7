"""The fifty kinds of bad input of docs/reliability.md: each ends with a finding or a message, soon, and without harm.

The commands run one after another in one process, whose memory, files and connections are watched.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import copy_dataset
from hostile.cases import BUILD, CASES, NUMBERS, SECRET, STORY, Case, Place
from hostile.measured import Done, Measured
from runner import commands

from broadsheet import ids
from broadsheet.extraction import model_files

pytestmark = pytest.mark.xdist_group("bad inputs")  # one process for all

MOST_SECONDS, MOST_MEGABYTES = 10, 1024
MODEL = 50  # a model with another hash


@pytest.fixture(scope="module")
def measured() -> Iterator[Measured]:
    process = Measured()
    yield process
    process.close()


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, measured: Measured) -> Path:
    """Return a dataset of one short article, built."""
    folder = copy_dataset(tmp_path_factory.mktemp("ready") / "news")
    shutil.rmtree(folder / "seeds")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "ferry.txt").write_text(STORY, encoding="utf-8")
    done = measured.run(folder, folder, ("build", "--claims", "rules"))
    assert done.code == 0, done.said
    return folder


@pytest.fixture
def place(ready: Path, tmp_path: Path) -> Place:
    found = Place(shutil.copytree(ready, tmp_path / "news"))
    found.outside.write_text(SECRET, encoding="utf-8")
    return found


def unharmed(place: Place, done: Done) -> None:
    """Check what holds whatever the input is."""
    assert done.code in {0, 1, 3}
    assert "Traceback" not in done.said
    assert "a bug of" not in done.said
    assert (done.requests, done.written) == ([], [])
    assert done.seconds <= MOST_SECONDS
    assert done.megabytes <= MOST_MEGABYTES
    assert SECRET not in done.said
    assert place.outside.read_text(encoding="utf-8") == SECRET
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", done.said.replace("\r", ""))
    assert {found.name for found in commands(done.said)} <= {"error", "warning", "notice"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number:02}-{case.name}")
def test_a_bad_input(case: Case, place: Place, measured: Measured) -> None:
    case.make(place)
    if case.is_built:
        unharmed(place, measured.run(place.root, place.root.parent, BUILD))
    done = measured.run(place.root, place.root.parent, case.words)
    unharmed(place, done)
    assert (done.code, case.says in done.said) == (case.code, True), done.said
    if case.after:
        case.after(place, done)


def test_a_model_with_another_hash(place: Place, tmp_path: Path, measured: Measured) -> None:
    """Number 50: a file of the weights is replaced; the message names it, what it is and what is expected."""
    weights = shutil.copytree(model_files.WEIGHTS, tmp_path / "weights")
    (weights / "vocab.txt").write_bytes(b"other words")
    expected = json.loads((weights / "card.json").read_text(encoding="utf-8"))["files"]["vocab.txt"]
    done = measured.run(place.root, place.root.parent, ("build", "--workers", "1"), weights=weights)
    unharmed(place, done)
    assert done.code == 3
    for words in ("vocab.txt", ids.sha256(b"other words"), expected):
        assert words in done.err


def test_a_request_of_a_child_is_seen(measured: Measured) -> None:
    code = "import socket; socket.getaddrinfo('localhost', 9)"
    subprocess.run([sys.executable, "-c", code], env=measured.environment, check=True)
    assert measured.requests()[-1].startswith("socket.getaddrinfo ('localhost', 9")


def test_every_number_has_a_test() -> None:
    assert {case.number for case in CASES} | {MODEL} == {*NUMBERS}
    names = [case.name for case in CASES]
    assert len({*names}) == len(names)
