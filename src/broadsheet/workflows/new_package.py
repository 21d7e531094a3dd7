"""The package is made anew: the pipeline, its rows, and what the next build needs to know.

What this module imports takes longer than finding out that nothing has changed, which `build` does first.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from broadsheet import checks, corrections, extraction
from broadsheet.engines import EngineChoice
from broadsheet.errors import SchemaError
from broadsheet.findings import finding
from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.packages import writing
from broadsheet.project import BLOCK, SCHEMAS, Project
from broadsheet.schema import load_schemas
from broadsheet.storage.cache import Cache
from broadsheet.storage.last_build import LastBuild
from broadsheet.storage.register import Register
from broadsheet.storage.staging import StateFolder, publish
from broadsheet.storage.summaries import Summaries
from broadsheet.workflows import stages
from broadsheet.workflows.build_changes import record_replaced
from broadsheet.workflows.build_report import Report
from broadsheet.workflows.code_state import LIBRARIES
from broadsheet.workflows.guard import Failure, write_failures
from broadsheet.workflows.stages import Articles, Corpus, Run
from broadsheet.workflows.tabulation import Frames, complete
from broadsheet.workflows.unchanged import made_of, state_of_package

__all__ = ["make", "require_possible"]


def make(run: Run, target: Path, state: StateFolder, engine: EngineChoice | None) -> Report:
    """Make the package at `target`, whose state folder is `state`; `run.scratch` is the staging folder.

    Raises SourceError, ModelError or PackageError where no work is possible.
    """
    inputs = run.inputs
    corpus, found, written = complete(
        run, stages.work_out(run, engine=engine), lambda corpus, frames: _write(run, corpus, frames), target=target
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


def require_possible(project: Project, target: Path) -> None:
    """Raise SchemaError where a schema cannot be used, PackageError where nothing may be put at `target`."""
    _check_schemas(project)
    writing.published(target)


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


def _write(run: Run, corpus: Corpus, frames: Iterator[Frames]) -> _Written:
    folder = Path(tempfile.mkdtemp(prefix="package-", dir=run.scratch))
    folder.chmod(0o755)
    schemas, quarantined = run.inputs.project.table_schemas, _quarantined(run, corpus.articles)
    quarantine: list[Quarantined | Skipped] = [*quarantined, *run.inputs.skipped]
    counts = writing.package(frames, folder, schemas=schemas, about=_about(run), quarantine=quarantine)
    return _Written(folder, counts)


def _quarantined(run: Run, articles: Articles) -> tuple[Quarantined, ...]:
    """Return every input that is quarantined, sorted."""
    return tuple(sorted((*run.inputs.quarantined, *articles.quarantined), key=lambda one: (one.path, one.code)))


def _keep(run: Run, corpus: Corpus, made: Report, kept: Cache) -> None:
    """Keep what later runs need: the cache entries, the register, and what was reported.

    What was reported comes last: where it is there, the next run may find that there is nothing to do.
    """
    package = state_of_package(made.target, run.inputs.project)
    is_final = not any(map(_may_succeed, made.failures))  # such an article is tried again
    of_what = made_of(run.inputs, run.settings) if is_final else ""
    failures = (one.row for one in made.failures)
    failed = tuple(finding(one.code, one.reason, one.repair, path=one.path) for one in failures)
    quarantined = tuple(one.as_record for one in made.quarantined)
    said = (made.rows, made.findings, failed, quarantined)
    if run.cache == kept:
        documents = corpus.articles.by_id
        kept.keep_only(chain(corpus.articles.keys.values(), map(run.reading_key, run.inputs.articles)))
        key = stages.resolution_key(corpus.articles, run.inputs.decisions)
        summaries = Summaries(documents.heads, "key", documents.rows)
        kept.write_register(Register(key, package, summaries, corpus.resolution))
    LastBuild(run.inputs.fingerprint, of_what, package, *said).write(kept.folder)


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
