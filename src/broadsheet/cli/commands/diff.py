"""`broadsheet diff`."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.output import say_lines, write_file


@click.command("diff")
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["human", "markdown", "json", "parquet"]),
    default="human",
    show_default=True,
    help="Report format; parquet needs --to.",
)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Write into this file.")
def command(old: Path, new: Path, form: str, to: Path | None) -> None:
    """Compare two packages row by row.

    OLD and NEW are folders or zips of packages. Shows which rows and cells changed, why, and the version step.
    """
    from broadsheet.releases import FORMATS as DIFF_FORMATS
    from broadsheet.releases import diff as compare
    from broadsheet.releases import to_parquet

    if form == "parquet" and to is None:
        raise click.UsageError("--format parquet needs --to FILE")
    changes = compare(old, new)
    if form == "parquet" and to is not None:
        write_file(to, to_parquet(changes))
        return
    words = DIFF_FORMATS[form](changes)
    if to is not None:
        write_file(to, words)
    else:
        say_lines(words.removesuffix("\n"))
