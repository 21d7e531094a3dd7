"""Build: seeds and corrections become a data package."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
from broadsheet.storage.cache import Cache
from broadsheet.storage.staging import publish, state_folder
from broadsheet.workflows import stages
from broadsheet.workflows.build_changes import record_replaced
from broadsheet.workflows.code_state import LIBRARIES
from broadsheet.workflows.guard import Failure, write_failures
from broadsheet.workflows.inputs import read_inputs, require_articles
from broadsheet.workflows.stages import Articles, Corpus, Frames, Progress, Run

__all__ = ["Report", "build"]


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a build.

    `rows` counts the rows of each table, `cached` the articles that were not worked out again. `failures` are those of
    the quarantined inputs that failed while they were worked out, with the traceback of each.
    """

    target: Path
    rows: Mapping[str, int]
    documents: int
    quarantined: tuple[Quarantined, ...]
    skipped: tuple[Skipped, ...]
    findings: tuple[Finding, ...]
    cached: int
    failures: tuple[Failure, ...] = ()


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
    `quarantine.jsonl`, not an error. Raises ProjectError where there is no article at all, and SchemaError,
    SourceError, ModelError or PackageError where no work is possible.
    """
    opened = project if isinstance(project, Project) else open_project(Path(project))
    target = Path(to) if to else opened.build
    _check_schemas(opened)  # a broken schema ends the work before anything is read
    writing.published(target)
    state = state_folder(target)
    inputs = require_articles(read_inputs(opened))
    with state.staging() as staging:
        cache = Cache(state.cache if use_cache else staging / "cache")
        report = progress or stages.no_progress
        run = Run(inputs, stages.with_project(settings, opened), cache, cache.register(), report)
        corpus, found, written = stages.complete(
            run, stages.work_out(run, engine=engine), lambda corpus, frames: _write(run, corpus, frames, staging)
        )
        articles = corpus.articles
        unmatched = corrections.without_article(inputs.decisions, articles.by_id)
        findings = (*inputs.findings, *unmatched, *corpus.resolution.findings, *found)
        record_replaced(target, written.folder)
        publish(written.folder, target)
        _keep(run, corpus, findings, Cache(state.cache))
        write_failures(state.folder, articles.failures)
    return Report(
        target,
        written.rows,
        written.rows["documents"],
        _quarantined(run, articles),
        inputs.skipped,
        findings,
        articles.from_cache,
        articles.failures,
    )


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
    rows = writing.package(frames, folder, schemas=schemas, about=_about(run), quarantine=quarantine)
    return _Written(folder, rows)


def _quarantined(run: Run, articles: Articles) -> tuple[Quarantined, ...]:
    """Return every input that is quarantined, sorted."""
    return tuple(sorted((*run.inputs.quarantined, *articles.quarantined), key=lambda one: (one.path, one.code)))


def _keep(run: Run, corpus: Corpus, findings: Iterable[Finding], kept: Cache) -> None:
    """Keep what later runs need: the findings that only a build can make, the cache entries and the register."""
    failures = (finding(f.row.code, f.row.reason, f.row.repair, path=f.row.path) for f in corpus.articles.failures)
    decided = (found for found in findings if (found.path or "").startswith("corrections/"))
    kept.keep_findings(run.inputs.fingerprint, (*decided, *failures))
    if run.cache == kept:
        names = corpus.articles.keys.values()
        kept.keep_only({*names, *map(run.reading_key, run.inputs.articles)})
        state = stages.state_of(corpus.articles, run.inputs.decisions)
        kept.write_register(state, corpus.articles.by_id.values(), corpus.resolution)


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
