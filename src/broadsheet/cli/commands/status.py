"""`broadsheet status`."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.options import built_package
from broadsheet.cli.output import say


@click.command("status")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), callback=built_package, help="The folder of `build --to`."
)
def command(folder: Path) -> None:
    """Show how far a running build is.

    It may run in another shell, or on another machine that shares the folder. What a build that was killed had
    finished is taken up by the next one.
    """
    from broadsheet.workflows.status import status

    found = status(folder)
    say(str(found))
    if found.step and not found.is_running:
        say("run `broadsheet build` again: the articles that were finished are not processed again", err=True)
