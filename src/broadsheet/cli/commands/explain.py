"""`broadsheet explain`."""

from __future__ import annotations

import click


@click.command("explain")
@click.argument("code", metavar="CODE")
def command(code: str) -> None:
    """Explain a code, and how to repair it.

    Prints the page of the finding, with a bad and a good example.
    """
    from broadsheet.findings import codes, page

    try:
        click.echo(page(code.upper()).text, nl=False)
    except KeyError:
        known = "\n".join(f"  {c} {page(c).name}" for c in codes())
        raise click.UsageError(f"there is no code {code!r}; there are:\n{known}") from None
