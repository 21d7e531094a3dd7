"""`broadsheet freeze`."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.output import say, say_lines


@click.command("freeze")
@click.option("--counts", is_flag=True, help="Print expected row counts for datapackage.json instead.")
@click.option(
    "--package",
    "folder",
    type=click.Path(exists=True, path_type=Path),
    help="With --counts: a package or release, folder or zip; build/ by default.",
)
def command(counts: bool, folder: Path | None) -> None:
    """Pin entity ids in corrections/entities.csv.

    One row an entity whose id is not pinned yet, to be reviewed and committed.
    """
    if folder and not counts:
        raise click.UsageError("--package goes with --counts")
    from broadsheet.project import find, open_project

    if counts:
        from broadsheet.workflows.validate import suggest_counts

        say_lines(suggest_counts(folder or find(Path.cwd()) / "build"))
        return
    from broadsheet.workflows.freeze import freeze as write

    path, rows = write(open_project(find(Path.cwd())))
    say(f"{path}: {rows} rows; review them and commit the file")
