"""How far a build is: told while it goes on, and recorded in a file that `broadsheet status` reads in another shell."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import msgspec

from broadsheet.files import read_regular
from broadsheet.storage.atomic import replace_file
from broadsheet.storage.staging import StateFolder

__all__ = ["Pace", "Progress", "Step", "last_step", "no_progress", "recorded"]

FILE: Final = "progress.json"  # in the state folder
EVERY: Final = 2.0  # seconds from one writing of the file to the next


class Progress(Protocol):
    """A function that is told how far a stage is, and how many of its units are quarantined."""

    def __call__(self, stage: str, done: int, total: int, quarantined: int = 0) -> None:
        """Take note of it."""


def no_progress(stage: str, done: int, total: int, quarantined: int = 0) -> None:
    """Ignore progress."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a stage is, `seconds` after it began, and the process that does it (0: not said).

    >>> str(Step("articles", 120, 4000, 2, 60.0))
    'articles: 120 of 4,000, 2.0 a second, 32 minutes left, 2 quarantined'
    """

    stage: str
    done: int
    total: int
    quarantined: int = 0
    seconds: float = 0.0
    process: int = 0

    def __str__(self) -> str:
        """Return it in words; a rate only where something was done in a measurable time."""
        words = [f"{self.stage}: {self.done:,} of {self.total:,}"]
        if self.done and self.seconds >= 1:
            rate = self.done / self.seconds
            often = f"{rate:,.1f} a second" if rate >= 0.1 else f"{60 * rate:,.1f} a minute"
            words += [often, f"{_duration((self.total - self.done) / rate)} left"]
        return ", ".join(words + [f"{self.quarantined:,} quarantined"] * (self.quarantined > 0))


def _duration(seconds: float) -> str:
    """Return seconds in the unit that a person would use.

    >>> _duration(119), _duration(120), _duration(7200)
    ('119 seconds', '2 minutes', '2.0 hours')
    """
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


@dataclass(slots=True)
class Pace:
    """When the stages began, by a clock that gives seconds."""

    now: Callable[[], float] = time.monotonic
    began: dict[str, float] = field(default_factory=dict)

    def step(self, stage: str, done: int, total: int, quarantined: int) -> Step:
        """Return how far a stage is, with its time from the first step on."""
        now = self.now()
        return Step(stage, done, total, quarantined, now - self.began.setdefault(stage, now), os.getpid())


@contextmanager
def recorded(state: StateFolder, progress: Progress) -> Iterator[Progress]:
    """Yield a function that passes progress on, and records it in the state folder while the block goes on."""
    pace, file = Pace(), state.folder / FILE
    written = pace.now()

    def show(stage: str, done: int, total: int, quarantined: int = 0) -> None:
        nonlocal written
        progress(stage, done, total, quarantined)
        step = pace.step(stage, done, total, quarantined)
        if pace.now() - written >= EVERY:
            written = pace.now()
            replace_file(file, msgspec.json.encode(step))

    try:
        yield show
    finally:
        file.unlink(missing_ok=True)


def last_step(folder: Path) -> Step | None:
    """Return what was recorded last in a state folder; None where no build was at work for long."""
    try:
        return msgspec.json.decode(read_regular(folder, FILE), type=Step)
    except (OSError, msgspec.DecodeError):
        return None
