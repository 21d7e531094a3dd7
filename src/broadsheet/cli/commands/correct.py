"""`broadsheet correct`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import click

from broadsheet.cli.options import signed, signed_by
from broadsheet.cli.output import say

DECIDED = {
    "name": "Entity: its name.",
    "type": "Entity: its type; mention: the type of a new entity.",
    "merge_into": "Entity: the entity that it is a part of.",
    "wikidata": "Entity: its Wikidata item, like Q64.",
    "entity": "Mention: the entity that it means.",
    "stance": "Claim: asserts, denies, declines, asks or plans.",
    "kind": "Claim: speech, attitude, report or no-comment.",
    "source": "Claim: the words of its source.",
    "cue": "Claim: the words of its cue.",
    "content": "Claim: the words of its content.",
    "source_entity": "Claim: the entity that says it.",
    "source_affiliation": "Claim: the entity whose official says it.",
    "reported_via": "Claim: the entity that was told.",
    "title": "Article: its title.",
    "authors": "Article: its authors, `; ` between two.",
    "publisher": "Article: its publisher.",
    "agency": "Article: the news agency whose report it is.",
    "published": "Article: its day, like 2026-01-31.",
    "language": "Article: its language, like en.",
    "url": "Article: its address.",
    "license": "Article: its licence, like CC-BY-4.0.",
    "rights_holder": "Article: who has the rights.",
}  # what `correct` can decide about a row


def _decided(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for everything that can be decided about a row, in the order of the tables."""
    for name, words in reversed(DECIDED.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, metavar="VALUE", help=words)(command)
    return click.option("--drop", is_flag=True, help="The mention or claim is wrong and goes.")(command)


@click.command("correct")
@click.argument("row", metavar="ID|NAME")
@_decided
@signed_by
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
def command(
    row: str,
    *,
    drop: bool,
    reason: str,
    author: str | None,
    day: dt.datetime | None,
    dry_run: bool,
    **values: str | None,
) -> None:
    """Correct a row of the built package.

    Writes the decision into corrections/, where it is reviewed and committed. ID is a document_id, mention_id,
    claim_id or entity_id. An empty VALUE of an article's field, or `-` for the source, cue or a party of a claim, says
    that there is none.
    """
    from broadsheet.project import find, open_project
    from broadsheet.workflows.correct import DROP
    from broadsheet.workflows.correct import correct as write

    project = open_project(find(Path.cwd()))
    changes = {name: value for name, value in values.items() if value is not None} | ({DROP: ""} if drop else {})
    done = write(project, row, changes, signed(project.root, reason, author, day), dry_run=dry_run)
    for change in done.changes:
        say(change)
    places = ", ".join(f"{done.file}:{line}" for line in done.lines)
    say(f"{'would be ' * dry_run}written to {places}; next: broadsheet build", err=True)
