"""Options that several commands have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from broadsheet.storage import registry

FORMATS = registry.names("reports/formats")


class _FormatOption(click.ParamType[tuple[str, Path | None]]):
    """`FORMAT` or `FORMAT=FILE`."""

    name = "FORMAT[=FILE]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path | None]:
        if isinstance(value, tuple):
            return value
        form, _, file = str(value).partition("=")
        if form not in FORMATS:
            self.fail(f"{form!r} must be one of {', '.join(FORMATS)}", param, ctx)
        return form, Path(file) if file else None


formats_option = click.option(
    "--format",
    "formats",
    type=_FormatOption(),
    multiple=True,
    help=f"Report format: {', '.join(FORMATS)}; with =FILE into a file. May be repeated. Default: human, and on a "
    "GitHub runner also annotations and the summary of the step.",
)


class _Columns(click.ParamType[dict[str, str]]):
    """`NAME=NAME,…`, or a JSON file that contains the names as one object."""

    name = "FILE|NAME=NAME,…"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, str]:
        from broadsheet.workflows.columns import parse_columns

        if isinstance(value, dict):
            return value
        try:
            return parse_columns(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


columns_option = click.option(
    "--columns",
    type=_Columns(),
    default={},
    help="The names of columns in others' JSONL or Parquet files and what they are here: body=text,headline=title, or "
    "a JSON file with these pairs. They are written into datapackage.json.",
)


def signed_by(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a command that writes decisions: why, who, and when."""
    day = click.DateTime(["%Y-%m-%d"])
    command = click.option("--date", "day", type=day, help="The day of the decision; by default today.")(command)
    command = click.option("--author", help="Who decides; by default the user that git knows.")(command)
    return click.option("--reason", required=True, help="Why.")(command)


def signed(root: Path, reason: str, author: str | None, day: dt.datetime | None) -> dict[str, str]:
    """Return the cells of who decided, when and why. Raises UsageError where nobody is named and git knows no user."""
    from broadsheet import git

    who = author or git.user(root)
    if not who:
        raise click.UsageError("git knows no user name: give --author")
    decided_on = (day or dt.datetime.now().astimezone()).date().isoformat()
    return {"reason": reason, "author": who, "date": decided_on}


def built_package(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path:
    """Return the folder of a package: the one that was named, or `build/` of the present dataset."""
    from broadsheet.project import find

    return value or find(Path.cwd()) / "build"


package_option = click.option(
    "--package",
    "folder",
    type=click.Path(path_type=Path),
    callback=built_package,
    help="Folder of the package; default build/.",
)


def limit_option(default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the option `--limit`: how many rows are shown."""
    words = "Number of rows to show."
    return click.option("--limit", type=click.IntRange(1), default=default, show_default=True, help=words)
