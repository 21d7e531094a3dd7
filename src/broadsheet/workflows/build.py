"""Build: seeds and corrections become a data package."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from broadsheet import checks, corrections, extraction
from broadsheet.engines import EngineChoice
from broadsheet.errors import SchemaError
from broadsheet.extraction import Settings
from broadsheet.findings import finding
from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.model import Finding
from broadsheet.packages import writing
from broadsheet.project import BLOCK, SCHEMAS, Project, open_project
from broadsheet.schema import load_schemas
from broadsheet.storage.cache import Cache, LastBuild
from broadsheet.storage.register import Register
from broadsheet.storage.staging import publish, state_folder
from broadsheet.storage.summaries import Summaries
from broadsheet.workflows import stages
from broadsheet.workflows.build_changes import record_replaced
from broadsheet.workflows.code_state import LIBRARIES
from broadsheet.workflows.earlier_rows import is_in_place, state_of_package
from broadsheet.workflows.guard import Failure, write_failures
from broadsheet.workflows.inputs import read_inputs, require_articles
from broadsheet.workflows.progress import kept
from broadsheet.workflows.stages import Articles, Corpus, Progress, Run
from broadsheet.workflows.tabulation import Frames, complete

__all__ = ["Report", "build"]


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a build.

    `rows` counts the rows of each table, `cached` the articles that were not worked out again. `failures` are those of
    the quarantined inputs that failed while they were worked out, with the traceback of each. Where `is_new` is false
    nothing had changed since the last build, and the package that it wrote is still there.
    """

    target: Path
    rows: Mapping[str, int]
    documents: int
    quarantined: tuple[Quarantined, ...]
    skipped: tuple[Skipped, ...]
    findings: tuple[Finding, ...]
    cached: int
    failures: tuple[Failure, ...] = ()
    is_new: bool = True


def build(
    project: Project | Path | str,
    to: Path | str | None = None,
    *,
    settings: Settings | None = None,
    engine: EngineChoice | None = None,
    use_cache: bool = True,
    progress: Progress | None = None,
) -> Report:
    """Make the data package of a project in `build/`, or in `to`.

    The old package stays until the new one is complete. An article that cannot be worked out is a row of
    `quarantine.jsonl`, not an error. Where nothing has changed since the last build, nothing is written. Raises
    ProjectError where there is no article at all, and SchemaError, SourceError, ModelError or PackageError where no
    work is possible.
    """
    opened = project if isinstance(project, Project) else open_project(Path(project))
    target = Path(to) if to else opened.build
    _check_schemas(opened)  # a broken schema ends the work before anything is read
    writing.published(target)
    state = state_folder(target)
    with state.staging() as staging, kept(state, progress or stages.no_progress) as report:
        cache = Cache(state.cache if use_cache else staging / "cache")
        inputs = require_articles(read_inputs(opened, staging))
        run = Run(inputs, stages.with_project(settings, opened), cache, report=report, scratch=staging)
        if as_it_was := _as_it_was(run, target):
            return as_it_was
        run = replace(run, register=cache.register())
        corpus, found, written = complete(
            run,
            stages.work_out(run, engine=engine),
            lambda corpus, frames: _write(run, corpus, frames, staging),
            target=target,
        )
        articles = corpus.articles
        unmatched = corrections.without_article(inputs.decisions, articles.by_id)
        findings = (*inputs.findings, *unmatched, *corpus.resolution.findings, *found)
        record_replaced(target, written.folder)
        publish(written.folder, target)
        made = Report(
            target,
            written.rows,
            written.rows["documents"],
            _quarantined(run, articles),
            inputs.skipped,
            findings,
            articles.from_cache,
            articles.failures,
        )
        _keep(run, corpus, made, Cache(state.cache))
        write_failures(state.folder, articles.failures)
    return made


def _as_it_was(run: Run, target: Path) -> Report | None:
    """Return what the last build reported, if it made the package at `target` of the same as this one would."""
    last = run.cache.last_build()
    if not last or last.made_of != run.made_of or not is_in_place(target, run.inputs.project, last.package):
        return None
    count, quarantined = last.rows["documents"], tuple(map(Quarantined.of_record, last.quarantined))
    return Report(target, last.rows, count, quarantined, run.inputs.skipped, last.findings, count, is_new=False)


def _check_schemas(project: Project) -> None:
    """Raise SchemaError where a schema cannot be used, or is of another version of broadsheet."""
    ours = {table.name: table.columns for table in load_schemas()}
    for table in project.table_schemas:
        if table.columns != ours[table.name]:
            differing = sorted({*table.columns} ^ {*ours[table.name]})
            raise SchemaError(
                f"schemas/{table.name}.json has other columns than this version of broadsheet writes"
                f" ({', '.join(differing) or 'their order differs'})",
                repair="take the schemas of this version: broadsheet init --update",
            )
    for one in checks.declared(project.files):
        if one.severity == "error" and (one.path or "").startswith(f"{SCHEMAS}/"):
            raise SchemaError(one.sentence, repair=one.repair)


@dataclass(frozen=True, slots=True)
class _Written:
    """A package in the staging folder, and how many rows each table has."""

    folder: Path
    rows: Mapping[str, int]


def _write(run: Run, corpus: Corpus, frames: Iterator[Frames], staging: Path) -> _Written:
    folder = Path(tempfile.mkdtemp(prefix="package-", dir=staging))
    folder.chmod(0o755)
    schemas, quarantined = run.inputs.project.table_schemas, _quarantined(run, corpus.articles)
    quarantine: list[Quarantined | Skipped] = [*quarantined, *run.inputs.skipped]
    counts = writing.package(frames, folder, schemas=schemas, about=_about(run), quarantine=quarantine)
    return _Written(folder, counts)


def _quarantined(run: Run, articles: Articles) -> tuple[Quarantined, ...]:
    """Return every input that is quarantined, sorted."""
    return tuple(sorted((*run.inputs.quarantined, *articles.quarantined), key=lambda one: (one.path, one.code)))


def _keep(run: Run, corpus: Corpus, made: Report, kept: Cache) -> None:
    """Keep what later runs need: what was reported, the cache entries and the register."""
    package = state_of_package(made.target, run.inputs.project)
    made_of = "" if any(map(_may_succeed, made.failures)) else run.made_of  # such an article is tried again
    failures = (one.row for one in made.failures)
    failed = tuple(finding(one.code, one.reason, one.repair, path=one.path) for one in failures)
    quarantined = tuple(one.as_record for one in made.quarantined)
    said = (made.rows, made.findings, failed, quarantined)
    kept.write_last_build(LastBuild(run.inputs.fingerprint, made_of, package, *said))
    if run.cache == kept:
        names = corpus.articles.keys.values()
        kept.keep_only({*names, *map(run.reading_key, run.inputs.articles)})
        state = stages.state_of(corpus.articles, run.inputs.decisions)
        summaries = Summaries(corpus.articles.by_id.heads.values(), lambda head: head.key)
        kept.write_register(Register(state, package, summaries, corpus.resolution))


def _may_succeed(failure: Failure) -> bool:
    """Return whether an article that failed may be worked out another time: no rule about texts refuses it."""
    return bool(failure.traceback) or failure.row.stage != "texts"


def _about(run: Run) -> dict[str, object]:
    """Return the descriptor without its resources: what people wrote, and what the package was made from."""
    inputs = run.inputs
    written = {key: value for key, value in inputs.project.descriptor.items() if key not in {"resources", BLOCK}}
    own = sorted(run.decisions.items())
    made_from = {
        "libraries": {name: version(name) for name in LIBRARIES},
        "models": dict(extraction.provenance(run.settings)),
        "inputs": {"count": len(inputs.articles) + len(inputs.quarantined), "sha256": inputs.fingerprint},
        "decisions": {
            "corpus": corrections.digest(corrections.corpus_wide(inputs.decisions)),
            "documents": {document: corrections.digest(rows) for document, rows in own},
        },
    }
    return written | {BLOCK: made_from}
