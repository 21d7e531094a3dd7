"""`broadsheet search`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from broadsheet.cli.exit_codes import FINDINGS
from broadsheet.cli.options import limit_option, package_option
from broadsheet.cli.output import say


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@limit_option(5)
@package_option
def command(words: tuple[str, ...], limit: int, folder: Path) -> None:
    """Search names, claims and paragraphs.

    Rows that contain all WORDS are shown in their sentence; letter case and accents make no difference. "two words" in
    quotation marks are a phrase, and word* stands for any ending.
    """
    from broadsheet.workflows.search import search
    from broadsheet.workflows.show import sentences

    found = search(folder, " ".join(words), limit)
    for kind, (total, hits) in found.items():
        say(f"{kind}: {total}" + f", the first {len(hits)}" * (len(hits) < total))
        for hit in hits:
            say(f"  {hit.row_id}  {hit.about}")
            for line in sentences(hit.passage, hit.start, hit.marks):
                say(f"  {line}")
    if not any(total for total, _ in found.values()):
        say("no row contains all of this: search for fewer words, or for `word*`, which stands for any ending")
        sys.exit(FINDINGS)
