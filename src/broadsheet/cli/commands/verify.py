"""`broadsheet verify`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from broadsheet.cli.exit_codes import FINDINGS
from broadsheet.cli.options import formats_option


@click.command("verify")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--expect-root", metavar="HASH", help="The root hash published with the release.")
@click.option("--rebuild", is_flag=True, help="Build the present dataset again and compare every table.")
@formats_option
def command(path: Path, expect_root: str | None, rebuild: bool, formats: Sequence[tuple[str, Path | None]]) -> None:
    """Check the checksums of a package.

    PATH is a folder or a zip. Damaged, missing and unlisted files are findings.
    """
    from broadsheet.reports import verdict
    from broadsheet.reports.outputs import write_reports
    from broadsheet.workflows.verify import verify as check

    findings = check(path, expect_root=expect_root, rebuild=_dataset() if rebuild else None)
    write_reports(findings, formats)
    if not verdict(findings):
        sys.exit(FINDINGS)


def _dataset() -> Path:
    from broadsheet.project import find

    return find(Path.cwd())
