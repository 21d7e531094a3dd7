"""A signal ends the work at once, says so in its exit code, and leaves the old package whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Shell, slow_dataset


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_a_build(dataset: Path, number: signal.Signals, code: int) -> None:
    (dataset / "build").mkdir()
    (dataset / "build" / "README.md").write_text("old")
    command = [sys.executable, "-m", "broadsheet", "build"]
    with subprocess.Popen(command, cwd=dataset, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        while not list((dataset / ".broadsheet").glob("staging-*")):  # it is at work now
            assert running.poll() is None
            time.sleep(0.01)
        running.send_signal(number)
        _, said = running.communicate(timeout=30)
    assert running.returncode == code, said
    assert "Traceback" not in said
    assert [p.name for p in (dataset / "build").iterdir()] == ["README.md"]
    assert list((dataset / ".broadsheet").glob("staging-*")) == []


INTERRUPTED = """
import os, sys

class Interrupt:
    left = {number}

    def find_spec(self, *_):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), {signal})

from broadsheet.__main__ import main
sys.meta_path.insert(0, Interrupt())
sys.argv = ["broadsheet", "stats", "nowhere"]
main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("moment", [1, 5, 20, 40, 60, 80, 120, 180, 260, 350])
def test_a_signal_while_modules_are_imported(tmp_path: Path, moment: int, number: signal.Signals, code: int) -> None:
    """At the import of so many modules: the first are those of the command line, the last those of polars."""
    words = INTERRUPTED.format(number=moment, signal=int(number))
    done = subprocess.run([sys.executable, "-c", words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "error: stopped\n")


SWALLOWED = """
import os, sys, time
from broadsheet.cli import cli, main

@cli.command()
def swallow():
    try:
        os.kill(os.getpid(), {signal})
        time.sleep(60)
    except:
        pass
    time.sleep(60)

sys.argv = ["broadsheet", "swallow"]
main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_library_that_catches_everything_does_not_swallow_a_signal(number: signal.Signals, code: int) -> None:
    words = SWALLOWED.format(signal=int(number))
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=False, timeout=40)
    assert (done.returncode, done.stderr) == (code, "error: stopped\n")


UNDONE = """
import os, time
from broadsheet.cli import cli, main

@cli.command()
def undo():
    try:
        os.kill(os.getpid(), {signal})
    finally:
        time.sleep(2.5)
        print("undone", flush=True)

import sys
sys.argv = ["broadsheet", "undo"]
main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_undoes_work_is_not_interrupted(number: signal.Signals, code: int) -> None:
    words = UNDONE.format(signal=int(number))
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=False, timeout=40)
    assert (done.returncode, done.stdout, done.stderr) == (code, "undone\n", "error: stopped\n")


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_build_that_was_stopped_goes_on_where_it_was(
    tmp_path: Path, shell: Shell, number: signal.Signals, code: int, workers: str
) -> None:
    folder = slow_dataset(tmp_path / "dataset")
    command = [sys.executable, "-m", "broadsheet", "build", "--workers", workers]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, start_new_session=True) as running:
        while _finished(folder) < 4:
            assert running.poll() is None
            time.sleep(0.02)
        os.killpg(running.pid, number)  # as Ctrl-C on a terminal does
        sent = time.monotonic()
        _, said = running.communicate(timeout=60)
    assert (running.returncode, said.splitlines()[0]) == (code, "error: stopped")
    assert said.splitlines()[1].startswith("  mend: run the command again")
    assert time.monotonic() - sent < 20  # two seconds on a machine with nothing else to do
    kept = _finished(folder)
    again = shell("build", "--workers", "2", cwd=folder)
    assert f"24 documents ({kept} from the cache)" in again.stderr
    assert 4 <= kept < 24


def _finished(folder: Path) -> int:
    """Return how many articles have a whole result in the cache."""
    return sum(1 for path in folder.glob(".broadsheet/cache/??/*") if not path.suffix)


def test_workers_end_with_a_parent_that_is_killed(dataset: Path) -> None:
    seed = next((dataset / "seeds").iterdir())
    seed.with_name("another.txt").write_bytes(seed.read_bytes())
    command = [sys.executable, "-m", "broadsheet", "build", "--workers", "2"]
    with subprocess.Popen(command, cwd=dataset, stderr=subprocess.DEVNULL, start_new_session=True) as running:
        while len(_group(running.pid)) < 5:  # the build, two workers, and what starts and tracks them
            assert running.poll() is None
            time.sleep(0.05)
        running.kill()
    until = time.monotonic() + 20
    while _group(running.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert _group(running.pid) == []


def test_a_build_goes_on_after_a_worker_was_killed(dataset: Path) -> None:
    seed = next((dataset / "seeds").iterdir())
    seed.with_name("another.txt").write_bytes(seed.read_bytes())
    command = [sys.executable, "-m", "broadsheet", "build", "--workers", "2"]
    with subprocess.Popen(
        command, cwd=dataset, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        while len(_group(running.pid)) < 5:
            assert running.poll() is None
            time.sleep(0.05)
        os.kill(max(_group(running.pid)), signal.SIGKILL)
        told, said = running.communicate(timeout=120)
    assert running.returncode == 0, said
    assert told.split()[:2] == ["documents", "2"]


def _group(number: int) -> list[int]:
    """Return the processes of a group that still run."""
    found = (path for path in Path("/proc").iterdir() if path.name.isdigit())
    return [int(path.name) for path in found if _group_of(path) == number]


def _group_of(process: Path) -> int | None:
    try:
        state, _, group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state == "Z" else int(group)
