"""`broadsheet show`."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.options import package_option
from broadsheet.cli.output import say_lines


@click.command("show")
@click.argument("row", metavar="ID|NAME")
@click.option("--near", is_flag=True, help="After a claim, show claims of other articles with words like its own.")
@package_option
def command(row: str, folder: Path, *, near: bool) -> None:
    """Show a row in its sentence.

    ID is a document_id, paragraph_id, mention_id, claim_id, link_id or entity_id, or the beginning of one. Its span is
    underlined. NAME is a name of an entity.
    """
    from broadsheet.packages import load
    from broadsheet.workflows.show import find, passages

    tables = load(folder)
    for passage in passages(tables, find(tables, row), near=near):
        say_lines(passage)
