"""What commands print beside their results, and the files that they write."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

DEBUG = "BROADSHEET_DEBUG"  # of the environment
LISTED = 20  # files left out that are named one by one


def fail(code: int, message: str, repair: str = "") -> NoReturn:
    """Print one message to stderr, with what mends it, and exit."""
    from broadsheet.reports import escape_terminal

    click.echo(f"error: {escape_terminal(message)}", err=True)
    if repair:
        click.echo(f"  mend: {escape_terminal(repair)}", err=True)
    sys.exit(code)


def debug(words: str) -> None:
    """Print a traceback if the user asked for it."""
    from broadsheet.reports import disarm

    if os.environ.get(DEBUG, "0") != "0" and words:
        click.echo(disarm(words), err=True)


def notice(words: str) -> None:
    """Print a note on a terminal about work that takes a moment."""
    if sys.stderr.isatty():
        click.echo(words, err=True)


def near(path: Path) -> Path:
    """Return the path relative to the working directory, if it is inside it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def write_file(file: Path, words: str) -> None:
    """Write a text as UTF-8. Raises ProjectError where that is not possible."""
    from broadsheet.errors import ProjectError

    try:
        file.write_text(words, encoding="utf-8")
    except OSError as error:
        raise ProjectError(f"{file} cannot be written: {error.strerror}", repair="name another file") from None
