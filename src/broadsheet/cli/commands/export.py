"""`broadsheet export`."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.options import built_package
from broadsheet.cli.output import near, say
from broadsheet.storage import registry

FORMATS = tuple(name.replace("_", "-") for name in registry.names("exchange/formats"))


@click.command("export")
@click.argument("form", type=click.Choice(FORMATS))
@click.argument("path", required=False, type=click.Path(path_type=Path), callback=built_package)
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), help="The folder to write; default dist/FORMAT."
)
def command(form: str, path: Path, to: Path | None) -> None:
    """Write mentions and claims for another tool.

    PATH is the folder of a package, by default build/. What was corrected in brat, Label Studio or doccano comes back
    with `broadsheet import`.
    """
    from broadsheet.workflows.export import export

    done = export(path, form.replace("-", "_"), to or Path("dist") / form)
    say(str(near(done.folder)))
    say(f"{done.articles} articles, {done.mentions} mentions, {done.claims} claims", err=True)
