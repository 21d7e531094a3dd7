"""`broadsheet validate`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from broadsheet.cli.exit_codes import FINDINGS
from broadsheet.cli.options import formats_option
from broadsheet.cli.output import say, write_file
from broadsheet.cli.progress import progress
from broadsheet.model import TIERS

if TYPE_CHECKING:
    from broadsheet.model import Finding, Tier
    from broadsheet.reports import Section


@click.command("validate")
@click.argument("paths", metavar="[PATH…]", nargs=-1, type=click.Path(path_type=Path))
@formats_option
@click.option(
    "--with", "other", type=click.Choice(["frictionless"]), help="Also validate the tables with frictionless (slow)."
)
@click.option(
    "--tier",
    type=click.Choice(TIERS),
    default="quality",
    show_default=True,
    help="How much to check; each tier includes those before it. release adds what a release needs.",
)
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Ignore the findings listed in this file. They are counted but not shown.",
)
@click.option(
    "--write-baseline",
    "new_baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the present findings into this file, to be ignored from now on.",
)
@click.option(
    "--changed-since",
    "ref",
    metavar="REF",
    help="Check only what changed since REF (branch, tag or commit), and show its effect on the tables.",
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def command(
    paths: tuple[Path, ...],
    formats: Sequence[tuple[str, Path | None]],
    *,
    other: str | None,
    tier: Tier,
    baseline: Path | None,
    new_baseline: Path | None,
    ref: str | None,
    strict: bool,
) -> None:
    """Validate a package or a dataset.

    PATH is the folder of a package or of a dataset; without it the present dataset is validated. Exit code 1 if a
    finding is an error.
    """
    from broadsheet.project import find
    from broadsheet.reports.outputs import write_reports

    if baseline and new_baseline:
        raise click.UsageError("--baseline reads a list and --write-baseline writes it: give one of them")
    if ref is not None and other:
        raise click.UsageError("--with frictionless validates whole tables: leave it out with --changed-since")
    folders = paths or (find(Path.cwd()),)
    options = {"tier": tier, "every_row": {baseline, new_baseline} != {None}}  # a baseline knows rows one by one
    findings, sections = _judged(folders, ref, options, with_frictionless=other is not None)
    findings, known = _unknown(findings, baseline, new_baseline, tier=tier, is_whole=ref is None)
    sections += _known(known, in_report=not formats)
    write_reports(findings, formats, sections, folder=folders[0] if len(folders) == 1 else None)
    if _is_failure(findings, strict=strict):
        sys.exit(FINDINGS)
    if not any((paths, formats, ref)):
        _show_next(folders[0], is_old=any(one.code == "BS590" for one in findings))


def _is_failure(findings: Sequence[Finding], *, strict: bool) -> bool:
    failing = ("error", "warning") if strict else ("error",)
    return any(found.severity in failing for found in findings)


def _show_next(dataset: Path, *, is_old: bool) -> None:
    """Print the commands that come next; `is_old`: the package is older than what it is made of."""
    from broadsheet.project import open_project
    from broadsheet.workflows.next_steps import command_name, next_steps

    again = (("build", "make the package of the articles and corrections of now"),)
    for words, meaning in again if is_old else next_steps(open_project(dataset).build):
        say(f"next: {command_name()} {words}  # {meaning}", err=True)


def _judged(
    folders: Sequence[Path], ref: str | None, options: Mapping[str, Any], *, with_frictionless: bool
) -> tuple[list[Finding], list[Section]]:
    findings: list[Finding] = []
    sections: list[Section] = []
    for folder in folders:
        if ref is None:
            findings += _findings(folder, {**options, "with_frictionless": with_frictionless})
        else:
            from broadsheet.workflows.validate import judge_change

            with progress() as show_progress:
                found, effect = judge_change(folder, ref, progress=show_progress, **options)
            findings += found
            sections += effect
    return findings, sections


def _findings(path: Path, options: Mapping[str, Any]) -> tuple[Finding, ...]:
    from broadsheet.project import is_dataset
    from broadsheet.workflows.validate_package import findings_of, validate_package

    return (findings_of if is_dataset(path) else validate_package)(path, options)


def _unknown(
    findings: list[Finding], baseline: Path | None, new_baseline: Path | None, *, tier: Tier, is_whole: bool
) -> tuple[list[Finding], str]:
    """Return the findings that are not known, and how many are. With `new_baseline`, write the list first."""
    from broadsheet.baseline import compare, dumps, read

    if new_baseline:
        write_file(new_baseline, dumps(findings))
    file = new_baseline or baseline
    if not file:
        return findings, ""
    found = compare(findings, read(file), path=file.as_posix(), tier=tier, is_whole=is_whole)
    return [*found.new, *found.gone], f"{found.known} listed in {file}, not shown"


def _known(words: str, *, in_report: bool) -> list[Section]:
    """Return the section that counts known findings; where the report is for machines, print it to stderr instead."""
    from broadsheet.reports import Section

    if words and not in_report:
        say(f"known findings: {words}", err=True)
    return [Section("Known findings", note=words)] if words and in_report else []
