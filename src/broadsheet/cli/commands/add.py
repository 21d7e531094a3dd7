"""`broadsheet add`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.exit_codes import FINDINGS
from broadsheet.cli.options import columns_option
from broadsheet.cli.output import notice, say, say_lines

if TYPE_CHECKING:
    from broadsheet.model import Finding
    from broadsheet.workflows.add import Admission


@click.command("add")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be added; write nothing.")
@columns_option
def command(files: tuple[Path, ...], dry_run: bool, columns: dict[str, str]) -> None:
    """Add articles to seeds/ and show the result.

    FILE keeps its name, or gets a safe one. Exit code 1 if an article was refused; the others are added.
    """
    from broadsheet.project import find, open_project
    from broadsheet.reports import render
    from broadsheet.workflows.add import admit
    from broadsheet.workflows.columns import save_descriptor, with_columns

    refused = 0
    project = with_columns(open_project(find(Path.cwd())), columns)
    if columns and not dry_run:
        save_descriptor(project)
    for found in admit(project, files, dry_run=dry_run, notice=notice):
        if found.refused:
            refused += 1
            _show_refused(found.origin, found.refused)
        else:
            _show_taken(found, dry_run=dry_run)
            say_lines(render(found.findings, "human"))
    taken = len(files) - refused
    say(f"{taken} {'would be ' * dry_run}added, {refused} refused; next: broadsheet build", err=True)
    if refused:
        sys.exit(FINDINGS)


def _show_taken(found: Admission, *, dry_run: bool) -> None:
    from broadsheet.workflows.preview import preview

    cleaned = " (renamed)" if found.is_renamed else ""
    verb = "would be" if dry_run else "is now"
    say(f"{found.origin} {verb} {found.path}{cleaned}")
    say_lines(preview(found))


def _show_refused(origin: str, why: Finding) -> None:
    from broadsheet.findings import page

    say(f"{origin} is refused: {why.code} {page(why.code).name}: {why.sentence}")
    say(f"  mend: {why.repair}")
