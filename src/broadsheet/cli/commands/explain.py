"""`broadsheet explain`."""

from __future__ import annotations

import click

from broadsheet.cli.output import say_lines


@click.command("explain")
@click.argument("code", metavar="CODE")
def command(code: str) -> None:
    """Explain a code, and how to repair it.

    Prints the page of the finding, with a bad and a good example.
    """
    from broadsheet.findings import codes, page

    try:
        say_lines(page(code.upper()).text, nl=False)
    except KeyError:
        known = "\n".join(f"  {c} {page(c).name}" for c in codes())
        raise click.UsageError(f"there is no code {code!r}; there are:\n{known}") from None
