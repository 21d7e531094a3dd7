"""A signal ends the work at once, says so in its exit code, and leaves the old package whole."""

from __future__ import annotations

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
