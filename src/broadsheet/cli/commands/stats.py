"""`broadsheet stats`."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.options import built_package
from broadsheet.cli.output import say_lines


@click.command("stats")
@click.argument("folder", metavar="[PACKAGE]", required=False, type=click.Path(path_type=Path), callback=built_package)
def command(folder: Path) -> None:
    """Show what a package contains, in counts.

    PACKAGE is its folder; build/ by default. For a package that replaced another, also what differs from that one.
    """
    from broadsheet.reports import as_text
    from broadsheet.workflows.stats import stats

    for section in stats(folder):
        say_lines(as_text(section))
