"""`broadsheet init`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.options import columns_option
from broadsheet.cli.output import LISTED, say

if TYPE_CHECKING:
    from broadsheet.workflows.init import Change, Started


@click.command("init")
@click.argument("folder", metavar="DIR", required=False, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "origin",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Copy the articles of this folder into seeds/.",
)
@click.option("--update", "renew", is_flag=True, help="Update the files that broadsheet wrote into a dataset.")
@click.option(
    "--broadsheet",
    "spec",
    metavar="SPEC",
    help="The requirement that installs broadsheet in the dataset, or the path of a wheel; by default the running one.",
)
@columns_option
def command(
    folder: Path | None, origin: Path | None, *, renew: bool, spec: str | None, columns: dict[str, str]
) -> None:
    """Start a dataset in DIR.

    Writes folders, schemas, Makefile, workflow and templates. Without --from there is one short example article, so
    that the dataset can be built at once. With --update the files of an older dataset become those of this version. A
    file that was edited stays as it is, and the new one is written beside it as FILE.new.
    """
    from broadsheet.cli.progress import progress
    from broadsheet.project import find
    from broadsheet.workflows.init import scaffold, update
    from broadsheet.workflows.installation import as_given, as_installed

    if renew and (origin or columns):
        raise click.UsageError("--update copies no articles: use broadsheet add")
    if folder is None and not renew:
        raise click.UsageError("name the folder of the new dataset: broadsheet init DIR")
    with progress() as show:
        show("finding how broadsheet is installed", 0, 1)
        tool = as_given(spec) if spec else as_installed()
    if folder is None or renew:
        _show_changes(update(find(folder or Path.cwd()), tool))
    else:
        _show_started(folder, scaffold(folder, tool, origin=origin, columns=columns))


def _show_started(folder: Path, started: Started) -> None:
    for path, reason in started.left_out[:LISTED]:
        say(f"left out {path}: {reason}", err=True)
    if more := len(started.left_out[LISTED:]):
        say(f"left out {more} more", err=True)
    for sentence in started.unread[:LISTED]:
        say(f"not read: {sentence}", err=True)
    if more := len(started.unread[LISTED:]):
        say(f"not read: {more} more; `broadsheet build` names them", err=True)
    if started.repository:
        say(f"{folder}: {started.repository}", err=True)
    made = f"a dataset with {started.articles} article{'s' * (started.articles != 1)}"
    say(f"{folder}: {made}; next: cd {folder} && make dataset")


def _show_changes(changes: Sequence[Change]) -> None:
    for change in changes:
        say(f"{change.action} {change.path}{': ' * bool(change.reason)}{change.reason}")
    done = sum(change.action != "kept" for change in changes)
    say(f"{done} files changed, {len(changes) - done} left as they are", err=True)
