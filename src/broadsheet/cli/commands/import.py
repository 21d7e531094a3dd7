"""`broadsheet import`."""
# ruff: noqa: N999 - the name of the command

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.exit_codes import FINDINGS
from broadsheet.cli.options import signed, signed_by
from broadsheet.cli.output import say

if TYPE_CHECKING:
    from broadsheet.workflows.import_annotations import Imported


@click.command("import")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@signed_by
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
def command(
    files: tuple[Path, ...], *, reason: str, author: str | None, day: dt.datetime | None, dry_run: bool
) -> None:
    """Take back annotations that were corrected.

    FILE was exported by `broadsheet export` and corrected in brat (.ann, or the folder of them), Label Studio (.json)
    or doccano (.jsonl). What differs from the built package becomes decisions in corrections/. What cannot be taken is
    listed with its place; then the exit code is 1.
    """
    from broadsheet.project import find, open_project
    from broadsheet.workflows.import_annotations import import_annotations

    project = open_project(find(Path.cwd()))
    done = import_annotations(project, files, signed(project.root, reason, author, day), dry_run=dry_run)
    _show(done, dry_run=dry_run)
    if done.refusals:
        raise click.exceptions.Exit(FINDINGS)


def _show(done: Imported, *, dry_run: bool) -> None:
    for change in done.changes:
        say(change)
    for one in done.refusals:
        say(f"not taken: {one.place}: {one.problem}", err=True)
        say(f"  mend: {one.repair}", err=True)
    rows = sum(map(len, done.written.values()))
    counts = f"articles compared: {done.articles}; changes: {len(done.changes)}"
    counts += f", and {done.known} that corrections/ has already" * bool(done.known)
    counts += f"; not taken: {len(done.refusals)}" * bool(done.refusals)
    say(counts, err=True)
    if rows:
        places = ", ".join(f"corrections/{name}:{_lines(lines)}" for name, lines in done.written.items())
        say(f"{'would be ' * dry_run}written: {rows} rows, {places}; next: broadsheet build", err=True)


def _lines(numbers: Sequence[int]) -> str:
    """Return the lines of a file as a place.

    >>> _lines((2,)), _lines((2, 3, 4))
    ('2', '2-4')
    """
    return f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else str(numbers[0])
