"""`broadsheet report`."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.output import near, say


def _here(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path:
    from broadsheet.project import find

    return value or find(Path.cwd())


@click.command("report")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path), callback=_here)
@click.option(
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("dist/report.html"),
    show_default=True,
    help="The file to write.",
)
@click.option("--review", is_flag=True, help="Also a queue of rows to judge and correct.")
def command(path: Path, to: Path, *, review: bool) -> None:
    """Write one HTML page to look at the data.

    PATH is a dataset, or a package or release, folder or zip; by default the present dataset. The page needs no
    network and no server. With --review it gives the rows of corrections/ that follow from what a person decides.
    """
    from broadsheet.workflows.report import report

    size = report(path, to, review=review)
    say(str(near(to)))
    say(f"{size / 1e6:.1f} MB; open it in a browser", err=True)
