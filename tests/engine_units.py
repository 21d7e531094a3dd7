"""Units of work for the tests of engines: quick, and some of them end their process. `folder` keeps what was tried."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from broadsheet.errors import ModelError


@dataclass(frozen=True)
class Squares:
    """Return the square of a number; a number of `deadly` kills the process, as often as it says."""

    folder: Path
    deadly: tuple[tuple[int, int], ...] = ()

    def __call__(self, number: int) -> int:
        died = len(list(self.folder.glob(f"{number}-*")))
        if died < dict(self.deadly).get(number, 0):
            (self.folder / f"{number}-{died}").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number * number


def refuse(number: int) -> int:
    raise ModelError(f"no model for {number}", repair="install it")


def threads(_: int) -> str | None:
    return os.environ.get("OMP_NUM_THREADS")


def sleep(_: int) -> None:
    time.sleep(60)


def process(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()
