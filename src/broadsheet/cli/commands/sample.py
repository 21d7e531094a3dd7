"""`broadsheet sample`."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.options import package_option
from broadsheet.cli.output import say_data


@click.command("sample")
@click.option("--rows", type=click.IntRange(1), default=140, show_default=True, help="How many rows.")
@package_option
def command(rows: int, folder: Path) -> None:
    """Draw rows to judge, as CSV.

    As many rows of each table and confidence, the same for the same package. Fill in verdict, by and date, and put the
    rows into corrections/judgements.csv; or judge them in the terminal: broadsheet review --sample.
    """
    from broadsheet.packages import load
    from broadsheet.workflows.sample import as_csv, drawn

    say_data(as_csv(drawn(load(folder), rows)))
