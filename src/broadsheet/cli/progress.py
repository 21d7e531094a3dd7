"""Progress of long work: a bar on a terminal; in a log, a line every thirty seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from broadsheet.cli.output import say
from broadsheet.workflows.progress import Pace, Progress

_SECONDS = 30.0


@contextmanager
def progress() -> Iterator[Progress]:
    """Yield a function that shows progress on stderr."""
    if sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield in_lines(lambda line: say(line, err=True))


def in_lines(write: Callable[[str], None], now: Callable[[], float] = time.monotonic) -> Progress:
    """Return a function that writes a line when thirty seconds have passed since the start or the line before.

    `now` gives the seconds of a clock.
    """
    pace = Pace(now)
    last = now()

    def show(stage: str, done: int, total: int, quarantined: int = 0) -> None:
        nonlocal last
        step = pace.step(stage, done, total, quarantined)
        if now() - last >= _SECONDS:
            last = now()
            write(str(step))

    return show


@contextmanager
def _bar() -> Iterator[Progress]:
    """Yield a function that moves a bar; the words beside it are those of a line."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    pace = Pace()
    with Bars(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def show(stage: str, done: int, total: int, quarantined: int = 0) -> None:
            words = str(pace.step(stage, done, total, quarantined))
            if stage not in tasks:
                tasks[stage] = bar.add_task(words, total=total)
            bar.update(tasks[stage], completed=done, description=words)

        yield show
