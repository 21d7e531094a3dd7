"""`broadsheet release`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from broadsheet.cli.output import near, say
from broadsheet.storage import registry

if TYPE_CHECKING:
    from broadsheet.releases import Account


def _exports(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for every module of `releases/exports`."""
    for name in reversed(registry.names("releases/exports")):
        command = click.option(f"--{name}", is_flag=True, help=f"Also write the tables as {name}.")(command)
    return command


@click.command("release")
@click.option("--version", "number", help="The version, as in datapackage.json; v1.2.0 is 1.2.0.")
@click.option("--since", help="The release before: a folder, a zip or a git tag; the version must fit the changes.")
@click.option(
    "--text",
    type=click.Choice(["auto", "full", "withheld"]),
    default="auto",
    show_default=True,
    help="Texts to include: those that may be published (auto), all (full, for private use) or none.",
)
@click.option("--to", help="Folder or URL (fsspec) to write to; dist/ by default.")
@click.option("--replace", is_flag=True, help="Replace a release of this version that is not tagged.")
@_exports
def command(
    number: str | None, since: str | None, text: Any, to: str | None, *, replace: bool, **exports: bool
) -> None:
    """Make a release of build/.

    Writes dist/NAME-VERSION/ and its zip, with metadata and checksums, and prints the root hash for
    `verify --expect-root`. A dataset with errors is refused, and so is a version that was tagged or released with
    other content.
    """
    from broadsheet.project import find, open_project
    from broadsheet.releases import ReleaseOptions
    from broadsheet.workflows.release import release as make

    project = open_project(find(Path.cwd()))
    accounts: list[Account] = []
    chosen = frozenset(name for name, is_chosen in exports.items() if is_chosen)
    made = make(project, to, ReleaseOptions(number, since, text, chosen, replace), accounts.append)
    archive = f"{near(made) if isinstance(made, Path) else made}.zip"
    for line in (str(made), *accounts[0].lines(archive)):
        say(line)
    say(f"next: {accounts[0].next_step(archive, project.version)}", err=True)
