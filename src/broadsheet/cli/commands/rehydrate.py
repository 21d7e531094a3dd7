"""`broadsheet rehydrate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from broadsheet.cli.exit_codes import FINDINGS
from broadsheet.cli.output import say, say_lines


@click.command("rehydrate")
@click.argument("package", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", required=True, type=click.Path(path_type=Path), help="The new folder to write into.")
def command(package: Path, folder: Path, to: Path) -> None:
    """Put withheld texts back into a package.

    FOLDER contains the articles, exactly as they were published; file names do not matter.
    """
    from broadsheet.reports import render
    from broadsheet.workflows.release import rehydrate as restore

    findings = restore(package, folder, to)
    if findings:
        say_lines(render(findings, "human"), nl=False)
        sys.exit(FINDINGS)
    say(str(to))
