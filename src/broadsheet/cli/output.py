"""What commands print beside their results, and the files that they write."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

DEBUG = "BROADSHEET_DEBUG"  # of the environment
LISTED = 20  # files left out that are named one by one


def say(line: str, *, err: bool = False) -> None:
    """Print one line in which no control character, mark of direction or command to a CI runner is left."""
    from broadsheet.reports import escape_terminal

    click.echo(escape_terminal(line), err=err)


def say_lines(words: str, *, err: bool = False, nl: bool = True) -> None:
    """Print words whose line ends are ours, each line as `say` does."""
    from broadsheet.reports import escape_terminal

    click.echo("\n".join(map(escape_terminal, words.split("\n"))), err=err, nl=nl)


def say_data(words: str) -> None:
    """Print CSV or JSON: unchanged for a file or a program, escaped for a person at a terminal."""
    if sys.stdout.isatty():
        say_lines(words, nl=False)
    else:
        click.echo(words, nl=False)


def fail(code: int, message: str, repair: str = "") -> NoReturn:
    """Print one message to stderr, with what mends it, and exit."""
    say(f"error: {message}", err=True)
    if repair:
        say(f"  mend: {repair}", err=True)
    sys.exit(code)


def debug(words: str) -> None:
    """Print a traceback if the user asked for it."""
    if os.environ.get(DEBUG, "0") != "0" and words:
        say_lines(words, err=True)


def notice(words: str) -> None:
    """Print a note on a terminal about work that takes a moment."""
    if sys.stderr.isatty():
        say(words, err=True)


def near(path: Path) -> Path:
    """Return the path relative to the working directory, if it is inside it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def write_file(file: Path, content: str | bytes) -> None:
    """Write a text as UTF-8, or bytes, whole or not at all. Raises ProjectError where that is not possible."""
    from broadsheet.errors import ProjectError
    from broadsheet.storage.atomic import write_named

    try:
        write_named(file, content if isinstance(content, bytes) else content.encode("utf-8"))
    except OSError as error:
        raise ProjectError(f"{file} cannot be written: {error.strerror}", repair="name another file") from None
