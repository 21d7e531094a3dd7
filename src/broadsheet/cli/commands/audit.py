"""`broadsheet audit`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from broadsheet.cli.options import built_package
from broadsheet.cli.output import near, say, say_data, say_lines


@click.command("audit")
@click.argument("folder", metavar="[PACKAGE]", required=False, type=click.Path(path_type=Path), callback=built_package)
@click.option(
    "--confidence",
    type=click.Choice(["sure", "likely", "doubtful"]),
    default="likely",
    show_default=True,
    help="Count only claims of at least this confidence.",
)
@click.option(
    "--topic", "topics", metavar="WORD", multiple=True, help="Also the articles with this word. May be repeated."
)
@click.option(
    "--list",
    "about",
    metavar="FILE.csv",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A list of your own: entity_id or name, and columns such as gender; the shares by each.",
)
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.option(
    "--to", metavar="FILE.parquet", type=click.Path(dir_okay=False, path_type=Path), help="Also write all figures here."
)
def command(
    folder: Path,
    confidence: Literal["sure", "likely", "doubtful"],
    topics: tuple[str, ...],
    about: Path | None,
    form: str,
    to: Path | None,
) -> None:
    """Show who is quoted and how, in shares.

    PACKAGE is its folder; build/ by default. Sources named and unnamed, officials, people, bodies and documents,
    quotation marks, denials, words and how early: of all articles, by publisher, by month and by topic. docs/audit.md
    defines every figure.
    """
    if to and to.suffix != ".parquet":
        raise click.UsageError(f"--to writes Parquet: give {to.with_suffix('.parquet').name}, or --format json")
    from broadsheet.packages import load
    from broadsheet.reports import as_text
    from broadsheet.source_audit import Questions, SourceList
    from broadsheet.workflows.audit import figures, read_list, sections, write

    tables = load(folder)
    listed = read_list(tables, about) if about else SourceList()
    if listed.unknown:
        said = f"{about}: keys without an entity: {len(listed.unknown)}, the first: {listed.unknown[0]}"
        say(said, err=True)
    rows = figures(tables, Questions(confidence, topics, listed))
    if to:
        write(rows, to)
        say(f"{rows.height} figures in {near(to)}", err=True)
    if form == "json":
        say_data(rows.write_json() + "\n")
        return
    names = dict(tables.entities.select("entity_id", "name").collect().iter_rows())
    for section in sections(rows, names):
        say_lines(as_text(section))
