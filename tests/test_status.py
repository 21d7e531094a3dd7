"""`broadsheet status`: how far a build is that runs in another shell, or was when it was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Shell, slow_dataset

from broadsheet.storage.staging import StateFolder
from broadsheet.workflows import progress
from broadsheet.workflows.progress import Pace, Step, last_step, no_progress, recorded
from broadsheet.workflows.status import Status, status


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step("articles", 0, 12), "articles: 0 of 12"),
        (Step("articles", 3, 12, 0, 0.5), "articles: 3 of 12"),
        (Step("articles", 3, 12, 0, 6.0), "articles: 3 of 12, 0.5 a second, 18 seconds left"),
        (Step("articles", 1, 5, 0, 30.0), "articles: 1 of 5, 2.0 a minute, 2 minutes left"),
        (Step("tables", 1500, 3000, 1, 7200.0), "tables: 1,500 of 3,000, 0.2 a second, 2.0 hours left, 1 quarantined"),
    ],
)
def test_a_step_in_words(step: Step, words: str) -> None:
    assert str(step) == words


def test_the_time_of_a_stage_begins_with_its_first_step() -> None:
    clock = iter([5.0, 8.0, 9.0])
    pace = Pace(lambda: next(clock))
    stages = ["articles", "articles", "tables"]
    assert [pace.step(stage, 1, 2, 0).seconds for stage in stages] == [0.0, 3.0, 0.0]


def test_progress_is_kept_while_the_work_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    told: list[tuple[object, ...]] = []
    with recorded(StateFolder(tmp_path), lambda *words: told.append(words)) as show:
        show("articles", 1, 3, 1)
        found = last_step(tmp_path)
    assert found
    assert (found.stage, found.done, found.total, found.quarantined, found.process) == (
        "articles",
        1,
        3,
        1,
        os.getpid(),
    )
    assert told == [("articles", 1, 3, 1)]
    assert last_step(tmp_path) is None


def test_little_work_writes_nothing(tmp_path: Path) -> None:
    with recorded(StateFolder(tmp_path), no_progress) as show:
        show("articles", 1, 1)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Status(Path("build"), True, None), "a build has begun"),
        (Status(Path("build"), True, Step("articles", 1, 9, process=7)), "articles: 1 of 9 (process 7)"),
        (Status(Path("build"), False, None), "no build is running"),
    ],
)
def test_a_status_in_words(found: Status, words: str) -> None:
    assert str(found) == words


def test_a_damaged_file_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / progress.FILE).write_bytes(b"{")
    assert last_step(tmp_path) is None


def test_a_build_in_another_shell_is_seen_and_so_is_its_end(tmp_path: Path, shell: Shell) -> None:
    folder = slow_dataset(tmp_path / "dataset")
    assert shell("status", cwd=folder).stdout == "no build is running\n"
    file = folder / ".broadsheet" / progress.FILE
    words = (
        "from broadsheet.workflows import progress; progress.EVERY = 0; from broadsheet.__main__ import main; main()"
    )
    command = [sys.executable, "-c", words, "build", "--workers", "1"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as running:
        while not file.exists():
            assert running.poll() is None
            time.sleep(0.02)
        running.send_signal(signal.SIGSTOP)
        assert status(folder / "build").is_running
        assert f"(process {running.pid})" in shell("status", cwd=folder).stdout
        running.kill()
    ended = shell("status", cwd=folder)
    assert f"process {running.pid} ended before it was done, at articles:" in ended.stdout
    assert "run `broadsheet build` again" in ended.stderr
    assert shell("build", cwd=folder).returncode == 0
    assert shell("status", cwd=folder).stdout == "no build is running\n"
