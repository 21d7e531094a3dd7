"""Next steps: three commands that show what is in a package that was just built, with ids that are in it."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import polars as pl

from broadsheet.package_files import DESCRIPTOR
from broadsheet.packages import Tables, load

__all__ = ["command_name", "next_steps"]


def next_steps(package: Path) -> tuple[tuple[str, str], ...]:
    """Return the words of three commands, without the name of the program, each with what it shows.

    Where there are claims, they are about the entity that says most. Nothing where there is no package. Raises
    PackageError.
    """
    if not (package / DESCRIPTOR).is_file():
        return ()
    tables = load(package)
    claims = _about_claims(tables) or _about_articles(tables)
    return (("stats", "what is in it, in counts"), *claims)


def _about_claims(tables: Tables) -> tuple[tuple[str, str], ...]:
    sources = tables.claims.drop_nulls("source_entity_id").group_by("source_entity_id")
    counted = sources.agg(pl.len(), first=pl.col("claim_id").min())
    most = counted.sort("len", "source_entity_id", descending=[True, False]).head(1).collect()
    return tuple(
        step
        for entity, _, claim in most.iter_rows()
        for step in (
            (f"list claims --about {shlex.quote(entity)}", "what it says, and what is said about it"),
            (f"show {shlex.quote(claim)}", "one of its claims, in its sentence"),
        )
    )


def _about_articles(tables: Tables) -> tuple[tuple[str, str], ...]:
    first = tables.documents.select(pl.col("document_id").min()).collect().item()
    return (
        ("list articles", "the articles by day"),
        (f"show {shlex.quote(first)}", "one of them, with its paragraphs"),
    )


def command_name(called: str = sys.argv[0], found: str | None = None) -> str:
    """Return how a user calls broadsheet here: by its name if that is on the path, else by the path of the script.

    `called` is the path of the running program, `found` what the name leads to; by default it is looked up.

    >>> command_name(".venv/bin/broadsheet", "/usr/bin/broadsheet")
    '.venv/bin/broadsheet'
    """
    script, known = Path(called), found or shutil.which("broadsheet")
    if script.name != "broadsheet" or (known and script.absolute() == Path(known).absolute()):
        return "broadsheet"
    return shlex.quote(called)
