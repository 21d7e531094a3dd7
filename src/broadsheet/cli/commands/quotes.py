"""`broadsheet quotes`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from broadsheet.cli.exit_codes import FINDINGS
from broadsheet.cli.options import formats_option, package_option
from broadsheet.cli.progress import progress


@click.command("quotes")
@click.argument("drafts", metavar="DRAFT…", nargs=-1, required=True, type=click.Path(path_type=Path))
@package_option
@formats_option
@click.option("--allow-unknown", is_flag=True, help="List quotations that no article has, without a finding.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--no-speakers", "words_only", is_flag=True, help="Compare the words only, not who says them (fast).")
def command(
    drafts: tuple[Path, ...],
    folder: Path,
    formats: Sequence[tuple[str, Path | None]],
    *,
    allow_unknown: bool,
    words_only: bool,
    strict: bool,
) -> None:
    """Check the quotations of drafts.

    Each quotation of four words or more in DRAFT (text, Markdown, HTML or .docx) is looked up in the articles of the
    package: it is verbatim, changed, cut so that its sense turns, said by somebody else, or not there. Nothing is
    changed. Exit code 1 if a quotation is wrong.
    """
    from broadsheet.reports.outputs import write_reports
    from broadsheet.workflows.quotes import check_quotes

    with progress() as show_progress:
        report = check_quotes(
            drafts, folder, allow_unknown=allow_unknown, speakers=not words_only, progress=show_progress
        )
    write_reports(report.findings, formats, report.sections, folder=Path.cwd())
    failing = {"error", "warning"} if strict else {"error"}
    if any(found.severity in failing for found in report.findings):
        sys.exit(FINDINGS)
