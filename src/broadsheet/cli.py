"""The command line: options in, one function called, results out; no rules of its own.

Results go to stdout, everything else to stderr. Exit codes: 0 fine, 1 findings, 2 usage, 3 input or environment, 4 a
bug of ours, 130 and 143 signals. Only click is imported at the start, so that `--help` answers at once.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click

from broadsheet.model import TIERS
from broadsheet.storage import registry

if TYPE_CHECKING:
    from broadsheet.model import Finding, Tier
    from broadsheet.releases import Account
    from broadsheet.reports import Section
    from broadsheet.workflows.add import Admission
    from broadsheet.workflows.build import Report
    from broadsheet.workflows.init import Change, Started

FORMATS = registry.names("reports/formats")
FINDINGS, INPUT, BUG, TERMINATED = 1, 3, 4, 143
DEBUG = "BROADSHEET_DEBUG"  # of the environment
DECIDED = {
    "name": "Entity: its name.",
    "type": "Entity: its type; mention: the type of a new entity.",
    "merge_into": "Entity: the entity that it is a part of.",
    "wikidata": "Entity: its Wikidata item, like Q64.",
    "entity": "Mention: the entity that it means.",
    "stance": "Claim: asserts, denies, declines, asks or plans.",
    "kind": "Claim: speech, attitude, report or no-comment.",
    "source": "Claim: the words of its source.",
    "cue": "Claim: the words of its cue.",
    "content": "Claim: the words of its content.",
    "source_entity": "Claim: the entity that says it.",
    "source_affiliation": "Claim: the entity whose official says it.",
    "reported_via": "Claim: the entity that was told.",
    "title": "Article: its title.",
    "authors": "Article: its authors, `; ` between two.",
    "publisher": "Article: its publisher.",
    "published": "Article: its day, like 2026-01-31.",
    "language": "Article: its language, like en.",
    "url": "Article: its address.",
    "license": "Article: its licence, like CC-BY-4.0.",
    "rights_holder": "Article: who has the rights.",
}  # what `correct` can decide about a row
LISTED = 20  # files left out that are named one by one


class _FormatOption(click.ParamType[tuple[str, Path | None]]):
    """`FORMAT` or `FORMAT=FILE`."""

    name = "FORMAT[=FILE]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path | None]:
        if isinstance(value, tuple):
            return value
        form, _, file = str(value).partition("=")
        if form not in FORMATS:
            self.fail(f"{form!r} must be one of {', '.join(FORMATS)}", param, ctx)
        return form, Path(file) if file else None


_formats = click.option(
    "--format",
    "formats",
    type=_FormatOption(),
    multiple=True,
    help=f"Report format: {', '.join(FORMATS)}; with =FILE into a file. May be repeated. Default: human, and on a "
    "GitHub runner also annotations and the summary of the step.",
)


class _Columns(click.ParamType[dict[str, str]]):
    """`NAME=NAME,…`, or a JSON file that contains the names as one object."""

    name = "FILE|NAME=NAME,…"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, str]:
        from broadsheet.workflows.columns import parse_columns

        if isinstance(value, dict):
            return value
        try:
            return parse_columns(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


_columns = click.option(
    "--columns",
    type=_Columns(),
    default={},
    help="The names of columns in others' JSONL or Parquet files and what they are here: body=text,headline=title, or "
    "a JSON file with these pairs. They are written into datapackage.json.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="broadsheet")
@click.option("--debug", is_flag=True, help="Print the tracebacks of errors (also: BROADSHEET_DEBUG=1).")
def cli(*, debug: bool) -> None:
    """Turn a folder of news articles into an open data package.

    Every row of every table points at the exact characters of the article it came from.
    """
    if debug:
        os.environ[DEBUG] = "1"


@cli.command()
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
@_columns
def init(folder: Path | None, origin: Path | None, *, renew: bool, spec: str | None, columns: dict[str, str]) -> None:
    """Start a dataset in DIR.

    Writes folders, schemas, Makefile, workflow and templates. Without --from there is one short example article, so
    that the dataset can be built at once. With --update the files of an older dataset become those of this version. A
    file that was edited stays as it is, and the new one is written beside it as FILE.new.
    """
    from broadsheet.project import find
    from broadsheet.workflows.init import scaffold, update
    from broadsheet.workflows.installation import as_given, as_installed

    if renew and (origin or columns):
        raise click.UsageError("--update copies no articles: use broadsheet add")
    if folder is None and not renew:
        raise click.UsageError("name the folder of the new dataset: broadsheet init DIR")
    tool = as_given(spec) if spec else as_installed()
    if folder is None or renew:
        _show_changes(update(find(folder or Path.cwd()), tool))
    else:
        _show_started(folder, scaffold(folder, tool, origin=origin, columns=columns))


@cli.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be added; write nothing.")
@_columns
def add(files: tuple[Path, ...], dry_run: bool, columns: dict[str, str]) -> None:
    """Add articles to seeds/ and show the result.

    FILE keeps its name, or gets a safe one. Exit code 1 if an article was refused; the others are added.
    """
    from broadsheet.project import open_project
    from broadsheet.reports import render
    from broadsheet.workflows.add import admit
    from broadsheet.workflows.columns import save_descriptor, with_columns

    refused = 0
    project = with_columns(open_project(_home()), columns)
    if columns and not dry_run:
        save_descriptor(project)
    for found in admit(project, files, dry_run=dry_run, notice=_notice):
        if found.refused:
            refused += 1
            _show_refused(found.origin, found.refused)
        else:
            _show_taken(found, dry_run=dry_run)
            click.echo(render(found.findings, "human"))
    taken = len(files) - refused
    click.echo(f"{taken} {'would be ' * dry_run}added, {refused} refused; next: broadsheet build", err=True)
    if refused:
        sys.exit(FINDINGS)


@cli.command()
@click.option("--to", type=click.Path(path_type=Path), help="Build into this folder instead of build/.")
@click.option(
    "--workers", type=click.IntRange(1, 512), help="Number of processes. Default: one a core for a large corpus."
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
@_columns
def build(
    to: Path | None,
    workers: int | None,
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
    from broadsheet.extraction import Settings
    from broadsheet.project import find, open_project
    from broadsheet.workflows.build import build as make
    from broadsheet.workflows.columns import save_descriptor, with_columns

    start = time.perf_counter()
    project = with_columns(open_project(find(Path.cwd())), columns)
    if columns:
        save_descriptor(project)
    with _progress() as progress:
        report = make(
            project,
            to,
            settings=Settings(claims, fast),
            workers=workers,
            use_cache=not no_cache,
            progress=progress,
        )
    _show_build(report, time.perf_counter() - start)
    if strict and (report.quarantined or _of_corrections(report)):
        sys.exit(FINDINGS)


@cli.command()
@click.argument("paths", metavar="[PATH…]", nargs=-1, type=click.Path(path_type=Path))
@_formats
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
def validate(
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
    options = {"tier": tier, "every_row": {baseline, new_baseline} != {None}}  # a row is known, not a number
    findings, sections = _judged(folders, ref, options, with_frictionless=other is not None)
    findings, known = _unknown(findings, baseline, new_baseline, tier=tier, is_whole=ref is None)
    sections += _known(known, in_report=not formats)
    write_reports(findings, formats, sections, folder=folders[0] if len(folders) == 1 else None)
    severities = {found.severity for found in findings}
    if severities & ({"error", "warning"} if strict else {"error"}):
        sys.exit(FINDINGS)


def _judged(
    folders: Sequence[Path], ref: str | None, options: Mapping[str, Any], *, with_frictionless: bool
) -> tuple[list[Finding], list[Section]]:
    from broadsheet.workflows.validate import judge, judge_change

    findings: list[Finding] = []
    sections: list[Section] = []
    for folder in folders:
        if ref is None:
            findings += judge(folder, with_frictionless=with_frictionless, **options)
        else:
            with _progress() as progress:
                found, effect = judge_change(folder, ref, progress=progress, **options)
            findings += found
            sections += effect
    return findings, sections


def _known(words: str, *, in_report: bool) -> list[Section]:
    """Return the section that counts known findings; where the report is for machines, print it to stderr instead."""
    from broadsheet.reports import Section

    if words and not in_report:
        click.echo(f"known findings: {words}", err=True)
    return [Section("Known findings", note=words)] if words and in_report else []


def _package(command: Callable[..., None]) -> Callable[..., None]:
    words = "Folder of the package; default build/."
    return click.option("--package", "folder", type=click.Path(path_type=Path), help=words)(command)


def _limit(default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    words = "Number of rows to show."
    return click.option("--limit", type=click.IntRange(1), default=default, show_default=True, help=words)


@cli.command()
@click.argument("row", metavar="ID|NAME")
@_package
def show(row: str, folder: Path | None) -> None:
    """Show a row in its sentence.

    ID is a document_id, paragraph_id, mention_id, claim_id or entity_id, or the beginning of one. Its span is
    underlined. NAME is a name of an entity.
    """
    from broadsheet.packages import load
    from broadsheet.reports import disarm
    from broadsheet.workflows.show import find, passages

    tables = load(folder or _home() / "build")
    for passage in passages(tables, find(tables, row)):
        click.echo(disarm(passage))


def _decided(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for everything that can be decided about a row, in the order of the tables."""
    for name, words in reversed(DECIDED.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, metavar="VALUE", help=words)(command)
    return click.option("--drop", is_flag=True, help="The mention or claim is wrong and goes.")(command)


@cli.command()
@click.argument("row", metavar="ID|NAME")
@_decided
@click.option("--reason", required=True, help="Why.")
@click.option("--author", help="Who decides; by default the user that git knows.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day of the decision; by default today.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
def correct(
    row: str,
    *,
    drop: bool,
    reason: str,
    author: str | None,
    day: dt.datetime | None,
    dry_run: bool,
    **values: str | None,
) -> None:
    """Correct a row of the built package.

    Writes the decision into corrections/, where it is reviewed and committed. ID is a document_id, mention_id,
    claim_id or entity_id. An empty VALUE of an article's field, or `-` for the source, cue or a party of a claim, says
    that there is none.
    """
    from broadsheet import git
    from broadsheet.project import open_project
    from broadsheet.reports import disarm, escape_terminal
    from broadsheet.workflows.correct import DROP
    from broadsheet.workflows.correct import correct as write

    project = open_project(_home())
    who = author or git.user(project.root)
    if not who:
        raise click.UsageError("git knows no user name: give --author")
    changes = {name: value for name, value in values.items() if value is not None} | ({DROP: ""} if drop else {})
    decided_on = (day or dt.datetime.now().astimezone()).date().isoformat()
    signed = {"reason": reason, "author": who, "date": decided_on}
    done = write(project, row, changes, signed, dry_run=dry_run)
    for change in done.changes:
        click.echo(disarm(escape_terminal(change)))
    places = ", ".join(f"{done.file}:{line}" for line in done.lines)
    click.echo(f"{'would be ' * dry_run}written to {places}; next: broadsheet build", err=True)


@cli.command()
@click.argument("words", nargs=-1, required=True)
@_limit(5)
@_package
def search(words: tuple[str, ...], limit: int, folder: Path | None) -> None:
    """Search names, claims and paragraphs.

    Rows that contain all WORDS are shown in their sentence; letter case and accents make no difference. "two words" in
    quotation marks are a phrase, and word* stands for any ending.
    """
    from broadsheet.reports import disarm
    from broadsheet.workflows.search import search as find
    from broadsheet.workflows.show import sentences

    found = find(folder or _home() / "build", " ".join(words), limit)
    for kind, (total, hits) in found.items():
        click.echo(f"{kind}: {total}" + f", the first {len(hits)}" * (len(hits) < total))
        for hit in hits:
            click.echo(disarm(f"  {hit.row_id}  {hit.about}"))
            for line in sentences(hit.passage, hit.start, hit.marks):
                click.echo(disarm(f"  {line}"))
    if not any(total for total, _ in found.values()):
        sys.exit(FINDINGS)


@cli.command("list")
@click.argument("what", type=click.Choice(["articles", "claims", "entities"]))
@click.option("--about", metavar="ID|NAME", help="Only what is about this entity.")
@_limit(20)
@_package
def list_rows(
    what: Literal["articles", "claims", "entities"], about: str | None, limit: int, folder: Path | None
) -> None:
    """List articles, claims or entities.

    With --about: the articles that name the entity, the claims it is a party of or is named in, or the entities of the
    same paragraphs.
    """
    from broadsheet.packages import load
    from broadsheet.reports import Section, as_text
    from broadsheet.workflows.listing import listed
    from broadsheet.workflows.show import entity

    tables = load(folder or _home() / "build")
    found = listed(tables, what, entity=entity(tables, about) if about else None, limit=limit)
    title = f"{found.total} {what}" + f", the first {len(found.rows)}" * (len(found.rows) < found.total)
    click.echo(as_text(Section(title, found.columns, found.rows)))


@cli.command()
@click.argument("folder", metavar="[PACKAGE]", required=False, type=click.Path(path_type=Path))
def stats(folder: Path | None) -> None:
    """Show what a package contains, in counts.

    PACKAGE is its folder; build/ by default.
    """
    from broadsheet.reports import as_text
    from broadsheet.workflows.stats import stats as count

    for section in count(folder or _home() / "build"):
        click.echo(as_text(section))


@cli.command()
@click.argument("code", metavar="CODE")
def explain(code: str) -> None:
    """Explain a code, and how to repair it.

    Prints the page of the finding, with a bad and a good example.
    """
    from broadsheet.findings import codes, page

    try:
        click.echo(page(code.upper()).text, nl=False)
    except KeyError:
        known = "\n".join(f"  {c} {page(c).name}" for c in codes())
        raise click.UsageError(f"there is no code {code!r}; there are:\n{known}") from None


@cli.command()
@click.option("--counts", is_flag=True, help="Print expected row counts for datapackage.json instead.")
@click.option(
    "--package",
    "folder",
    type=click.Path(exists=True, path_type=Path),
    help="With --counts: a package or release, folder or zip; build/ by default.",
)
def freeze(counts: bool, folder: Path | None) -> None:
    """Pin entity ids in corrections/entities.csv.

    One row an entity whose id is not pinned yet, to be reviewed and committed.
    """
    if folder and not counts:
        raise click.UsageError("--package goes with --counts")
    if counts:
        from broadsheet.workflows.validate import suggest_counts

        click.echo(suggest_counts(folder or _home() / "build"))
        return
    from broadsheet.project import find, open_project
    from broadsheet.workflows.freeze import freeze as write

    path, rows = write(open_project(find(Path.cwd())))
    click.echo(f"{path}: {rows} rows; review them and commit the file")


def _exports(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for every module of `releases/exports`."""
    for name in reversed(registry.names("releases/exports")):
        command = click.option(f"--{name}", is_flag=True, help=f"Also write the tables as {name}.")(command)
    return command


# --- releases ---------------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["human", "markdown", "json", "parquet"]),
    default="human",
    show_default=True,
    help="Report format; parquet needs --to.",
)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Write into this file.")
def diff(old: Path, new: Path, form: str, to: Path | None) -> None:
    """Compare two packages row by row.

    OLD and NEW are folders or zips of packages. Shows which rows and cells changed, why, and the version step.
    """
    from broadsheet.releases import FORMATS as DIFF_FORMATS
    from broadsheet.releases import diff as compare
    from broadsheet.releases import to_parquet
    from broadsheet.reports import escape_terminal

    if form == "parquet" and to is None:
        raise click.UsageError("--format parquet needs --to FILE")
    changes = compare(old, new)
    if form == "parquet" and to is not None:
        to.write_bytes(to_parquet(changes))
        return
    words = DIFF_FORMATS[form](changes)
    if to is not None:
        _write(to, words)
    else:
        click.echo("\n".join(escape_terminal(line) for line in words.splitlines()))


@cli.command()
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
def release(
    number: str | None, since: str | None, text: Any, to: str | None, *, replace: bool, **exports: bool
) -> None:
    """Make a release of build/.

    Writes dist/NAME-VERSION/ and its zip, with metadata and checksums, and prints the root hash for
    `verify --expect-root`. A dataset with errors is refused, and so is a version that was tagged or released with
    other content.
    """
    from broadsheet.project import open_project
    from broadsheet.releases import ReleaseOptions
    from broadsheet.reports import escape_terminal
    from broadsheet.workflows.release import release as make

    project = open_project(_home())
    accounts: list[Account] = []
    chosen = frozenset(name for name, is_chosen in exports.items() if is_chosen)
    made = make(project, to, ReleaseOptions(number, since, text, chosen, replace), accounts.append)
    archive = f"{_near(made) if isinstance(made, Path) else made}.zip"
    for line in (str(made), *accounts[0].lines(archive)):
        click.echo(escape_terminal(line))
    click.echo(escape_terminal(f"next: {accounts[0].next_step(archive, project.version)}"), err=True)


@cli.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--expect-root", metavar="HASH", help="The root hash published with the release.")
@click.option("--rebuild", is_flag=True, help="Build the present dataset again and compare every table.")
@_formats
def verify(path: Path, expect_root: str | None, rebuild: bool, formats: Sequence[tuple[str, Path | None]]) -> None:
    """Check the checksums of a package.

    PATH is a folder or a zip. Damaged, missing and unlisted files are findings.
    """
    from broadsheet.reports import verdict
    from broadsheet.reports.outputs import write_reports
    from broadsheet.workflows.release import verify as check

    findings = check(path, expect_root=expect_root, rebuild=_home() if rebuild else None)
    write_reports(findings, formats)
    if not verdict(findings):
        sys.exit(FINDINGS)


@cli.command()
@click.argument("package", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", required=True, type=click.Path(path_type=Path), help="The new folder to write into.")
def rehydrate(package: Path, folder: Path, to: Path) -> None:
    """Put withheld texts back into a package.

    FOLDER contains the articles, exactly as they were published; file names do not matter.
    """
    from broadsheet.reports import render
    from broadsheet.workflows.release import rehydrate as restore

    findings = restore(package, folder, to)
    if findings:
        click.echo(render(findings, "human"), nl=False)
        sys.exit(FINDINGS)
    click.echo(str(to))


def main() -> NoReturn:
    """Run the command line: it always ends with an exit code and, on failure, one message."""
    from broadsheet.errors import BroadsheetError

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        _fail(130, "stopped")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BroadsheetError as error:
        _fail(INPUT, error.message, error.repair)
    except KeyboardInterrupt:
        _fail(130, "stopped")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - a bug of ours, reported in one line
        _debug(traceback.format_exc())
        _fail(
            BUG,
            f"a bug of broadsheet: {type(error).__name__}: {error}",
            "please report it with its traceback: broadsheet --debug prints it",
        )
    sys.exit(0)


def _fail(code: int, message: str, repair: str = "") -> NoReturn:
    from broadsheet.reports import escape_terminal

    click.echo(f"error: {escape_terminal(message)}", err=True)
    if repair:
        click.echo(f"  mend: {escape_terminal(repair)}", err=True)
    sys.exit(code)


def _debug(words: str) -> None:
    """Print a traceback if the user asked for it."""
    from broadsheet.reports import disarm

    if os.environ.get(DEBUG, "0") != "0" and words:
        click.echo(disarm(words), err=True)


def _home() -> Path:
    from broadsheet.project import find

    return find(Path.cwd())


def _write(file: Path, words: str) -> None:
    from broadsheet.errors import ProjectError

    try:
        file.write_text(words, encoding="utf-8")
    except OSError as error:
        raise ProjectError(f"{file} cannot be written: {error.strerror}", repair="name another file") from None


def _unknown(
    findings: list[Finding], baseline: Path | None, new_baseline: Path | None, *, tier: Tier, is_whole: bool
) -> tuple[list[Finding], str]:
    """Return the findings that are not known, and how many are. With `new_baseline`, write the list first."""
    from broadsheet.baseline import compare, dumps, read

    if new_baseline:
        _write(new_baseline, dumps(findings))
    file = new_baseline or baseline
    if not file:
        return findings, ""
    found = compare(findings, read(file), path=file.as_posix(), tier=tier, is_whole=is_whole)
    return [*found.new, *found.gone], f"{found.known} listed in {file}, not shown"


@contextmanager
def _progress() -> Iterator[Any]:
    """Yield a function that reports progress: a bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done)

        yield show


def _notice(words: str) -> None:
    """Print a note on a terminal about work that takes a moment."""
    if sys.stderr.isatty():
        click.echo(words, err=True)


def _show_taken(found: Admission, *, dry_run: bool) -> None:
    from broadsheet.reports import disarm, escape_terminal
    from broadsheet.workflows.preview import preview

    cleaned = " (renamed)" if found.is_renamed else ""
    verb = "would be" if dry_run else "is now"
    click.echo(escape_terminal(f"{found.origin} {verb} {found.path}{cleaned}"))
    click.echo(disarm(preview(found)))


def _show_refused(origin: str, why: Finding) -> None:
    from broadsheet.findings import page
    from broadsheet.reports import escape_terminal

    click.echo(escape_terminal(f"{origin} is refused: {why.code} {page(why.code).name}: {why.sentence}"))
    click.echo(escape_terminal(f"  mend: {why.repair}"))


def _show_started(folder: Path, started: Started) -> None:
    from broadsheet.reports import escape_terminal

    for path, reason in started.left_out[:LISTED]:
        click.echo(escape_terminal(f"left out {path}: {reason}"), err=True)
    if more := len(started.left_out[LISTED:]):
        click.echo(f"left out {more} more", err=True)
    for sentence in started.unread[:LISTED]:
        click.echo(escape_terminal(f"not read: {sentence}"), err=True)
    if more := len(started.unread[LISTED:]):
        click.echo(f"not read: {more} more; `broadsheet build` names them", err=True)
    if started.repository:
        click.echo(escape_terminal(f"{folder}: {started.repository}"), err=True)
    made = f"a dataset with {started.articles} article{'s' * (started.articles != 1)}"
    click.echo(escape_terminal(f"{folder}: {made}; next: cd {folder} && make dataset"))


def _show_changes(changes: Sequence[Change]) -> None:
    from broadsheet.reports import escape_terminal

    for change in changes:
        click.echo(escape_terminal(f"{change.action} {change.path}{': ' * bool(change.reason)}{change.reason}"))
    done = sum(change.action != "kept" for change in changes)
    click.echo(f"{done} files changed, {len(changes) - done} left as they are", err=True)


def _of_corrections(report: Report) -> list[Finding]:
    return [f for f in report.findings if f.severity == "error" and (f.path or "").startswith("corrections/")]


def _near(path: Path) -> Path:
    """Return the path relative to the working directory, if it is inside it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _show_build(report: Report, seconds: float) -> None:
    from broadsheet.reports import counts, escape_terminal

    width = max(len(name) for name in report.rows)
    for name, rows in report.rows.items():
        click.echo(f"{name:<{width}}  {rows:>9,}")
    for lost in report.quarantined:
        click.echo(f"quarantined {escape_terminal(lost.path)}: {lost.code} {escape_terminal(lost.sentence)}", err=True)
    for one in report.skipped[:LISTED]:
        click.echo(f"left out {escape_terminal(one.path)}: {escape_terminal(one.rule)}", err=True)
    if more := len(report.skipped[LISTED:]):
        click.echo(f"left out {more} more: see quarantine.jsonl", err=True)
    for failure in report.failures:
        _debug(failure.traceback)
    for found in _of_corrections(report):
        mend = f" (mend: {found.repair})" if found.repair else ""
        click.echo(escape_terminal(f"{found.severity} {found.code} {found.sentence}{mend}"), err=True)
    remarks = f"; {counts(report.findings)} (`broadsheet validate` lists them)" if report.findings else ""
    click.echo(
        f"{_near(report.target)}: {report.documents} documents ({report.cached} from the cache), "
        f"{len(report.quarantined)} quarantined, {len(report.skipped)} skipped, in {seconds:.1f} s{remarks}",
        err=True,
    )
