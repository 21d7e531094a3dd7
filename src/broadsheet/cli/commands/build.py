"""`broadsheet build`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from broadsheet.cli.exit_codes import FINDINGS
from broadsheet.cli.options import columns_option
from broadsheet.cli.output import LISTED, debug, near, say
from broadsheet.cli.progress import progress
from broadsheet.storage import registry

if TYPE_CHECKING:
    from broadsheet.model import Finding
    from broadsheet.workflows.build import Report

ENGINES = "engines"


@click.command("build")
@click.option("--to", type=click.Path(path_type=Path), help="Build into this folder instead of build/.")
@click.option(
    "--workers", type=click.IntRange(1, 512), help="Number of processes. Default: one a core for a large corpus."
)
@click.option(
    "--engine",
    type=click.Choice(registry.names(ENGINES)),
    default="local",
    show_default=True,
    help="Where articles are processed: on this machine, or by a Dask or Ray cluster.",
)
@click.option(
    "--engine-address",
    metavar="ADDRESS",
    envvar="BROADSHEET_ENGINE_ADDRESS",
    show_envvar=True,
    help="Address of the cluster. Default: a cluster of its own on this machine.",
)
@click.option("--no-cache", is_flag=True, help="Process every article again.")
@click.option("--strict", is_flag=True, help="Exit 1 if an input was quarantined or a correction cannot be applied.")
@click.option(
    "--claims",
    type=click.Choice(["model", "rules"]),
    default="model",
    show_default=True,
    help="How claims are extracted: by the trained model, or by rules over a parse.",
)
@click.option("--fast", is_flag=True, help="Integer arithmetic for the model: faster, not for a release.")
@columns_option
def command(
    to: Path | None,
    workers: int | None,
    engine: str,
    engine_address: str | None,
    *,
    no_cache: bool,
    strict: bool,
    claims: Literal["model", "rules"],
    fast: bool,
    columns: dict[str, str],
) -> None:
    """Build the data package in build/.

    The inputs are seeds/, corrections/, schemas/ and datapackage.json.
    """
    from broadsheet.engines import EngineChoice
    from broadsheet.extraction import Settings
    from broadsheet.project import find, open_project
    from broadsheet.workflows.build import build as make
    from broadsheet.workflows.columns import save_descriptor, with_columns

    start = time.perf_counter()
    project = with_columns(open_project(find(Path.cwd())), columns)
    if columns:
        save_descriptor(project)
    with progress() as show_progress, _goes_on(use_cache=not no_cache):
        report = make(
            project,
            to,
            settings=Settings(claims, fast),
            engine=EngineChoice(engine, engine_address, workers),
            use_cache=not no_cache,
            progress=show_progress,
        )
    _show_build(report, time.perf_counter() - start)
    if strict and (report.quarantined or _of_corrections(report)):
        sys.exit(FINDINGS)


@contextmanager
def _goes_on(*, use_cache: bool) -> Iterator[None]:
    """Add to the exception of a signal how the work goes on."""
    try:
        yield
    except BaseException as stopped:
        if use_cache and not isinstance(stopped, Exception):
            stopped.add_note("run the command again: the articles that were finished are not processed again")
        raise


def _of_corrections(report: Report) -> list[Finding]:
    return [f for f in report.findings if f.severity == "error" and (f.path or "").startswith("corrections/")]


def _show_build(report: Report, seconds: float) -> None:
    from broadsheet.reports import counts

    width = max(len(name) for name in report.rows)
    for name, rows in report.rows.items():
        say(f"{name:<{width}}  {rows:>9,}")
    _show_left_out(report)
    for failure in report.failures:
        debug(failure.traceback)
    for found in _of_corrections(report):
        mend = f" (mend: {found.repair})" if found.repair else ""
        say(f"{found.severity} {found.code} {found.sentence}{mend}", err=True)
    if not report.is_new:
        say("nothing has changed since the last build: the package is the one that it wrote", err=True)
    remarks = f"; {counts(report.findings)} (`broadsheet validate` lists them)" if report.findings else ""
    say(
        f"{near(report.target)}: {report.documents} documents ({report.cached} from the cache), "
        f"{len(report.quarantined)} quarantined, {len(report.skipped)} skipped, in {seconds:.1f} s{remarks}",
        err=True,
    )


def _show_left_out(report: Report) -> None:
    for lost in report.quarantined:
        say(f"quarantined {lost.path}: {lost.code} {lost.sentence}", err=True)
    for one in report.skipped[:LISTED]:
        say(f"left out {one.path}: {one.rule}", err=True)
    if more := len(report.skipped[LISTED:]):
        say(f"left out {more} more: see quarantine.jsonl", err=True)
