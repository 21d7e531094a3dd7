"""`broadsheet list`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

import click

from broadsheet.cli.options import limit_option, package_option
from broadsheet.cli.output import say_lines
from broadsheet.model import Confidence, Stance

_ONE = {"articles": "article", "claims": "claim", "entities": "entity"}


@click.command("list")
@click.argument("what", type=click.Choice(["articles", "claims", "entities"]))
@click.option("--about", metavar="ID|NAME", help="Only what is about this entity.")
@click.option(
    "--stance", "stances", type=click.Choice(get_args(Stance)), multiple=True, help="Claims of this stance; repeatable."
)
@click.option(
    "--confidence",
    "bands",
    type=click.Choice(get_args(Confidence)),
    multiple=True,
    help="Claims of this confidence; repeatable.",
)
@limit_option(20)
@package_option
def command(
    what: Literal["articles", "claims", "entities"],
    about: str | None,
    stances: tuple[Stance, ...],
    bands: tuple[Confidence, ...],
    limit: int,
    folder: Path,
) -> None:
    """List articles, claims or entities.

    With --about: the articles that name the entity, the claims it is a party of or is named in, or the entities of the
    same paragraphs.
    """
    if what != "claims" and (stances or bands):
        message = f"{what} have no stance and no confidence: list claims with --stance and --confidence"
        raise click.UsageError(message)
    from broadsheet.packages import load
    from broadsheet.reports import Section, as_text
    from broadsheet.workflows.listing import listed
    from broadsheet.workflows.show import entity

    tables = load(folder)
    found = listed(
        tables,
        what,
        entity=entity(tables, about) if about else None,
        limit=limit,
        only={"stance": stances, "confidence": bands},
    )
    more = f", the first {len(found.rows)}; --limit shows more" * (len(found.rows) < found.total)
    title = f"{found.total} {_ONE[what] if found.total == 1 else what}{more}"
    say_lines(as_text(Section(title, found.columns, found.rows)))
