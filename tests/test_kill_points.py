"""Some of the points at which `make faults` kills a command."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults.kill_points import COMMANDS, Command, Tally, prepared, tally


@pytest.mark.parametrize(("command", "every"), [(COMMANDS[0], 50), (COMMANDS[2], 12)], ids=["build", "correct"])
def test_a_killed_command_leaves_the_old_or_the_new_files(command: Command, every: int, tmp_path: Path) -> None:
    found = tally(command, prepared(command, tmp_path), every)
    assert found.points > 1
    assert found == Tally(found.points, found.points, found.points)
