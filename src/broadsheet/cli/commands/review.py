"""`broadsheet review`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.output import say, say_lines

if TYPE_CHECKING:
    from broadsheet.workflows.review import Queue
    from broadsheet.workflows.sample import Row

SKIP, STOP = "z", "q"


@click.command("review")
@click.option("--rows", type=click.IntRange(1), default=20, show_default=True, help="At most so many rows.")
@click.option("--sample", "sampled", is_flag=True, help="Judge the rows that `sample` draws, not the doubtful first.")
@click.option("--by", help="Who judges; by default the user that git knows.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day; by default today.")
def command(*, rows: int, sampled: bool, by: str | None, day: dt.datetime | None) -> None:
    """Judge rows in the terminal, doubtful first.

    Shows each row in its words and takes one key. Each judgement is written into corrections/judgements.csv at once,
    and a row that was judged does not come again. To mend a row that is wrong: broadsheet correct ID.
    """
    from broadsheet import git
    from broadsheet.project import find, open_project
    from broadsheet.workflows.review import Queue

    project = open_project(find(Path.cwd()))
    who = by or git.user(project.root)
    if not who:
        raise click.UsageError("git knows no user name: give --by")
    signed = {"by": who, "date": (day or dt.datetime.now().astimezone()).date().isoformat()}
    queue = Queue.of(project, rows, sampled=sampled)
    judged = _judged(queue, signed)
    say(f"{judged} of {len(queue.rows)} rows judged; corrections/judgements.csv is to be committed", err=True)


def _judged(queue: Queue, signed: Mapping[str, str]) -> int:
    """Show the rows one by one and write what was judged; return how many were."""
    judged = 0
    for number, row in enumerate(queue.rows, 1):
        _show(queue, row, f"{number} of {len(queue.rows)}")
        answer = _verdict(row)
        if answer is None:
            break
        if answer:
            queue.judge(row, *answer, signed)
            judged += 1
    return judged


def _show(queue: Queue, row: Row, place: str) -> None:
    say_lines(f"\n{place} · {row['confidence']}")
    for passage in queue.shown(row):
        say_lines(passage)


def _verdict(row: Row) -> tuple[str, str] | tuple[()] | None:
    """Ask for the verdict, and for the fault of a wrong row; nothing for a row that is skipped, None to stop."""
    from broadsheet.workflows.review import FAULTS, VERDICTS

    key = _key({**VERDICTS, SKIP: "skip", STOP: "stop"})
    if key == STOP:
        return None
    if key == SKIP:
        return ()
    faults = FAULTS[row["table"]]
    return VERDICTS[key], faults[_key(faults)] if VERDICTS[key] == "wrong" else ""


def _key(words: Mapping[str, str]) -> str:
    """Ask until one of the keys is pressed; return it. Raises Abort at the end of the input, and as `_pressed`."""
    say(", ".join(f"[{key}] {word}" for key, word in words.items()))
    while (key := _pressed()) not in words:
        if not key:
            raise click.Abort
    say(words[key])
    return key


def _pressed() -> str:
    """Return the next key, lower case. Raises ProjectError where there is no terminal."""
    from broadsheet.errors import ProjectError

    try:
        return click.getchar().lower()
    except OSError:
        repair = "run it in a terminal, or fill in the rows of `broadsheet sample`"
        raise ProjectError("there is no terminal to press keys in", repair=repair) from None
