"""Progress of long work: a bar on a terminal; in a log, a line every ten seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from broadsheet.cli.output import say

Show = Callable[[str, int, int], None]  # the stage, the units that are done, and all of them
_SECONDS = 10.0


@contextmanager
def progress() -> Iterator[Show]:
    """Yield a function that shows progress on stderr."""
    if sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield in_lines(lambda line: say(line, err=True))


def in_lines(write: Callable[[str], None], now: Callable[[], float] = time.monotonic) -> Show:
    """Return a function that writes a line when ten seconds have passed since the start or the line before.

    `now` gives the seconds of a clock.
    """
    last = now()

    def show(stage: str, done: int, total: int) -> None:
        nonlocal last
        if now() - last >= _SECONDS:
            last = now()
            write(f"{stage}: {done:,} of {total:,}")

    return show


@contextmanager
def _bar() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done)

        yield show
