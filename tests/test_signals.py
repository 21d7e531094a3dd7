"""A signal ends the work at once, says so in its exit code, and leaves the old package whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


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
