"""The pipeline: articles are worked out one by one, resolved together, and tabulated bucket by bucket.

1. `work_out`: each article alone gives its text, names and claims. Results are cached by content, code and settings.
2. `resolve`: one step over all articles decides which names are the same entity, and which articles are copies of
   others or have words from them.
3. `tabulate`: each bucket of articles gives its rows.

The order of files, the number of workers and the state of the cache change no byte of the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from types import MappingProxyType
from typing import TypeVar

import polars as pl

from broadsheet import checks, claim_links, corrections, extraction, ids, tables, texts
from broadsheet.engines import EngineChoice
from broadsheet.extraction import Settings
from broadsheet.findings.quarantine import Cause, Quarantined
from broadsheet.model import ArticleDecision, Decision, Extraction, Finding, Raw, Resolution
from broadsheet.project import Limits, Project
from broadsheet.storage.cache import Cache, Entry, Register, RowCounts, Summary, key
from broadsheet.workflows import derivations
from broadsheet.workflows.articles import Task, Work, each
from broadsheet.workflows.code_state import state_with
from broadsheet.workflows.guard import Failure, RowsError, attempt
from broadsheet.workflows.inputs import Inputs, identity_parts

__all__ = [
    "Articles",
    "Corpus",
    "Progress",
    "Remarks",
    "Run",
    "Settings",
    "complete",
    "id_conflicts",
    "identified",
    "no_progress",
    "resolve",
    "row_counts",
    "state_of",
    "tabulate",
    "with_project",
    "work_out",
]

Progress = Callable[[str, int, int], None]  # stage, done, total
T = TypeVar("T")
Frames = Mapping[str, pl.DataFrame]


def no_progress(stage: str, done: int, total: int) -> None:
    """Ignore progress."""


def with_project(settings: Settings | None, project: Project) -> Settings:
    """Return the settings, the default ones without any, with the project's pipeline where they name none."""
    given = settings or Settings()
    return replace(given, pipeline=given.pipeline or project.settings.pipeline)


@dataclass(frozen=True)
class Run:
    """One run over some inputs: how articles are read, and where earlier results are. `settings` are the project's."""

    inputs: Inputs
    settings: Settings
    cache: Cache
    register: Register | None = None
    report: Progress = no_progress

    @cached_property
    def decisions(self) -> Mapping[str, tuple[ArticleDecision, ...]]:
        """Return the decisions about one article alone, by document_id."""
        return corrections.own(self.inputs.decisions)

    @cached_property
    def articles(self) -> Mapping[str, Raw]:
        """Return the articles by path."""
        return {raw.path: raw for raw in self.inputs.articles}

    @property
    def limits(self) -> Limits:
        """Return the limits of the project."""
        return self.inputs.project.settings.limits

    @property
    def summaries(self) -> Mapping[str, Summary]:
        """Return the summaries of the last build, by key."""
        return self.register.summaries if self.register else MappingProxyType({})

    def decided(self, raw: Raw) -> tuple[ArticleDecision, ...]:
        """Return the decisions about one article."""
        return self.decisions.get(texts.identify(raw, limits=self.limits), ()) if self.decisions else ()

    def key(self, raw: Raw) -> str:
        """Return the key of an article's result: it covers everything that the work on it depends on."""
        conditions = (state_with(self.settings), repr(self.limits), corrections.digest(self.decided(raw)))
        return key(*identity_parts(raw), *conditions)

    def reading_key(self, raw: Raw) -> str:
        """Return the key of what the models find in an article, which no decision changes."""
        return key("reading", *identity_parts(raw), state_with(self.settings), repr(self.limits))

    def task(self, raw: Raw, name: str) -> Task:
        """Return the task that gives the result with the key `name`."""
        return Task(raw, name, self.reading_key(raw), self.decided(raw))

    @property
    def work(self) -> Work:
        """Return how each of the tasks is done."""
        return Work(self.limits, self.settings, self.cache)


# --- 1. work out: an article alone ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Articles:
    """The articles after the first stage: as they were read and their summaries, both by path, and the failures.

    `from_cache` counts the articles that were not worked out again.
    """

    raws: Mapping[str, Raw]
    summaries: Mapping[str, Summary]
    failures: tuple[Failure, ...]
    from_cache: int

    @cached_property
    def by_id(self) -> Mapping[str, Summary]:
        """Return the documents of the corpus by document_id: of two articles with one id, the earlier path."""
        found: dict[str, Summary] = {}
        for summary in self.summaries.values():
            found.setdefault(summary.document_id, summary)
        return found

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """Return the keys of the cache entries by document_id."""
        return {document: summary.key for document, summary in self.by_id.items()}

    @property
    def quarantined(self) -> tuple[Quarantined, ...]:
        """Return the articles that are not documents."""
        later = (one for one in self.summaries.values() if self.by_id[one.document_id] is not one)
        conflicts = (_id_conflict(self.raws[one.source_path], one.document_id) for one in later)
        return (*(failure.row for failure in self.failures), *conflicts)

    def without(self, failures: Iterable[Failure]) -> Articles:
        """Return the articles without some that failed later."""
        listed = tuple(failures)
        paths = {failure.row.path for failure in listed}
        rest = {path: summary for path, summary in self.summaries.items() if path not in paths}
        return replace(self, summaries=rest, failures=(*self.failures, *listed))


def work_out(run: Run, *, engine: EngineChoice | None = None) -> Articles:
    """Work out every article whose result is not in the cache, and write the results there."""
    keys = {raw.path: run.key(raw) for raw in run.inputs.articles}
    cached = _cached_summaries(run, keys)
    missing = [raw for raw in run.inputs.articles if raw.path not in cached]
    tasks = [run.task(raw, keys[raw.path]) for raw in missing]
    results = cached | dict(_worked_out_all(run, tasks, engine or EngineChoice()))
    return _articles(run, results, from_cache=len(cached))


def _articles(run: Run, results: Mapping[str, Summary | Failure], *, from_cache: int) -> Articles:
    """Return the articles in the order of their paths, from their results by path."""
    ordered = [(path, results[path]) for path in run.articles]
    summaries = {path: one for path, one in ordered if isinstance(one, Summary)}
    failures = [one for _, one in ordered if isinstance(one, Failure)]
    return Articles(run.articles, summaries, tuple(failures), from_cache)


def _cached_summaries(run: Run, keys: Mapping[str, str]) -> dict[str, Summary | Failure]:
    found: dict[str, Summary | Failure] = {}
    for path, name in keys.items():
        summary = _cached_summary(run, name)
        if summary is not None:
            found[path] = summary
    return found


def _worked_out_all(run: Run, tasks: Sequence[Task], engine: EngineChoice) -> Iterator[tuple[str, Summary | Failure]]:
    """Yield the path and the result of one task after another, and report each."""
    for done, (task, result) in enumerate(zip(tasks, each(tasks, run.work, engine), strict=True), 1):
        yield task.raw.path, result
        run.report("articles", done, len(tasks))


def _cached_summary(run: Run, name: str) -> Summary | None:
    """Return a summary from the register, else from the cache entry."""
    if name in run.summaries:
        return run.summaries[name]
    entry = run.cache.get(name)
    return Summary.of(name, entry) if entry else None


def identified(raws: Iterable[Raw], limits: Limits) -> tuple[tuple[Raw, str], ...]:
    """Return articles, sorted by path, each with the document_id that it will have."""
    return tuple((raw, texts.identify(raw, limits=limits)) for raw in sorted(raws, key=lambda raw: raw.path))


def id_conflicts(articles: Iterable[tuple[Raw, str]]) -> tuple[Quarantined, ...]:
    """Return the articles, given in order, whose document_id belongs to an earlier one."""
    first: dict[str, str] = {}
    later = [(raw, name) for raw, name in articles if first.setdefault(name, raw.path) != raw.path]
    return tuple(_id_conflict(raw, name) for raw, name in later)


def _id_conflict(raw: Raw, document: str) -> Quarantined:
    return Quarantined.of(raw, Cause.ID_TAKEN, document=document)


# --- 2. resolve: all articles together --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Corpus:
    """All articles, and what was decided over them."""

    articles: Articles
    resolution: Resolution


def resolve(run: Run, articles: Articles) -> Corpus:
    """Decide over all articles which names are one entity, and which articles have their words from others.

    The resolution of the last build is used where it was made of the very same articles and decisions.
    """
    summaries, decisions = articles.by_id.values(), corrections.corpus_wide(run.inputs.decisions)
    if run.register and run.register.fingerprint == state_of(articles, decisions):
        return Corpus(articles, run.register.resolution)
    clusters = (Extraction(one.document_id, one.clusters) for one in summaries)
    resolution = extraction.resolve(clusters, decisions)
    findings = tuple(corrections.restored(found, run.decisions) for found in resolution.findings)
    copies = texts.copies({one.document_id: one.sketch for one in summaries})
    derived = derivations.derived(summaries, resolution)
    return Corpus(articles, replace(resolution, copies=copies, derived=derived, findings=findings))


def state_of(articles: Articles, decisions: Iterable[Decision]) -> str:
    """Return one sha256 over everything that the step over all articles depends on."""
    names = sorted(articles.keys.values())
    return ids.sha256(" ".join((corrections.digest(corrections.corpus_wide(decisions)), *names)).encode())


def row_counts(corpus: Corpus) -> dict[str, int]:
    """Return how many rows each table would have; entities are those that are named somewhere."""
    summaries = list(corpus.articles.by_id.values())
    named = {entity for one in summaries for entity in _named(one, corpus.resolution)}
    counts = {"documents": len(summaries), "entities": len(named)}
    return counts | {name: sum(getattr(one.rows, name) for one in summaries) for name in RowCounts.__dataclass_fields__}


def _named(summary: Summary, resolution: Resolution) -> Iterator[str]:
    """Yield the entities that an article names."""
    for number, cluster in enumerate(summary.clusters):
        place = resolution.members.get((summary.document_id, number))
        if cluster.forms and place:
            yield place[0]


# --- 3. tabulate: rows, bucket by bucket ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is found while rows are made: findings about articles, and the articles that failed."""

    findings: list[Finding] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def complete(
    run: Run,
    articles: Articles,
    write: Callable[[Corpus, Iterator[Frames]], T],
    *,
    resolution: Resolution | None = None,
) -> tuple[Corpus, tuple[Finding, ...], T]:
    """Resolve and tabulate the articles, and hand the frames to `write`; return the corpus, findings and its result.

    Where rows of articles do not fit their schemas, or cannot be made, everything is done again without these
    articles: the result is that of a corpus that never had them. With a `resolution` over more articles than these, it
    is used as it is, and rows are not judged.
    """
    is_judged = resolution is None
    while True:
        corpus = resolve(run, articles) if resolution is None else Corpus(articles, resolution)
        remarks = Remarks()
        written = write(corpus, tabulate(run, corpus, remarks, is_judged=is_judged))
        if not remarks.failures:
            return corpus, tuple(remarks.findings), written
        articles = articles.without(remarks.failures)


def tabulate(run: Run, corpus: Corpus, remarks: Remarks, *, is_judged: bool = True) -> Iterator[Frames]:
    """Yield the frames of one bucket after another, and those of the whole corpus last: entities and claim_links.

    With `is_judged`, an article with rows that do not fit their schemas fails. From the first failure on nothing is
    yielded: the frames are of no use then.
    """
    counts, claims = [], []
    buckets = tables.buckets(corpus.articles.by_id, total=len(corpus.articles.by_id))
    for number, documents in buckets.items():
        entries = list(_entries(run, [corpus.articles.by_id[document] for document in documents], remarks))
        frames = _bucket(run, entries, corpus.resolution, remarks, is_judged=is_judged)
        if not remarks.failures:
            counts.append(tables.census(frames["mentions"]))
            claims.append(frames["claims"].select(claim_links.COLUMNS))
            yield frames
        run.report("tables", number + 1, len(buckets))
    if not remarks.failures:
        schemas = run.inputs.project.table_schemas
        entities = tables.tabulate_entities(corpus.resolution.entities, counts, schemas)
        remarks.failures.extend(_of_entities(run, corpus, entities) if is_judged else ())
        yield {"entities": entities, "claim_links": claim_links.tabulate_links(pl.concat(claims), schemas)}


def _entries(run: Run, summaries: Iterable[Summary], remarks: Remarks) -> Iterator[Entry]:
    """Yield the entries of articles; one that is missing from the cache or damaged is worked out again."""
    for summary in summaries:
        entry = run.cache.get(summary.key) or _again(run, summary)
        if isinstance(entry, Failure):
            remarks.failures.append(entry)
        else:
            findings = (*entry.text.findings, *entry.extraction.findings)
            remarks.findings.extend(corrections.restored(found, run.decisions) for found in findings)
            yield entry


def _again(run: Run, summary: Summary) -> Entry | Failure:
    raw = run.articles[summary.source_path]
    return run.work.entry(run.task(raw, summary.key))


def _bucket(run: Run, entries: Sequence[Entry], resolution: Resolution, remarks: Remarks, *, is_judged: bool) -> Frames:
    """Return the frames of a bucket; where they cannot be made, find the articles that are the cause."""
    make = partial(_frames, run.inputs.project, resolution, is_judged=is_judged)
    raws = [run.articles[entry.text.source_path] for entry in entries]
    frames = attempt(raws[0], "tables", partial(make, entries)) if raws else make(entries)
    if not isinstance(frames, Failure):
        return frames
    results = [attempt(raw, "tables", partial(make, [entry])) for raw, entry in zip(raws, entries, strict=True)]
    failures = [result for result in results if isinstance(result, Failure)]
    if not failures:
        raise RuntimeError(f"rows of several articles together are wrong: {frames.row.reason}\n{frames.traceback}")
    remarks.failures.extend(failures)
    return {}


def _frames(project: Project, resolution: Resolution, entries: Sequence[Entry], *, is_judged: bool) -> Frames:
    """Return the frames of some articles. Raises RowsError where rows do not fit their schemas."""
    frames = tables.tabulate([(e.text, e.extraction) for e in entries], resolution, project.table_schemas)
    if is_judged:
        _require_fit(frames, project)
    return frames


def _require_fit(frames: Frames, project: Project) -> None:
    """Judge frames by the schemas. Raises RowsError."""
    faults = [found for found in checks.judge(frames, project.table_schemas) if found.severity == "error"]
    if faults:
        raise RowsError(faults)


def _of_entities(run: Run, corpus: Corpus, entities: pl.DataFrame) -> Iterator[Failure]:
    """Yield the articles that name an entity whose row does not fit its schema, already when they are alone."""
    faults = checks.judge({"entities": entities}, run.inputs.project.table_schemas)
    if not faults:
        return
    rows = [found.row_number for found in faults if found.row_number is not None]
    wrong = set(entities["entity_id"][rows])
    summaries = corpus.articles.by_id.values()
    suspects = [one for one in summaries if wrong.intersection(_named(one, corpus.resolution))]
    failures = list(_failing_entities(run, suspects))
    if not failures:
        raise RowsError(faults)
    yield from failures


def _failing_entities(run: Run, suspects: Iterable[Summary]) -> Iterator[Failure]:
    for one in suspects:
        result = attempt(run.articles[one.source_path], "tables", partial(_require_entities, run, one))
        if isinstance(result, Failure):
            yield result


def _require_entities(run: Run, summary: Summary) -> None:
    """Judge the entities of one article alone. Raises RowsError."""
    alone = Articles(run.articles, {summary.source_path: summary}, (), 0)
    resolution = resolve(replace(run, register=None), alone).resolution
    named = pl.Series("entity_id", sorted(set(_named(summary, resolution))), dtype=pl.String)
    counts = pl.DataFrame([named]).with_columns(mention_count=pl.lit(1), document_count=pl.lit(1))
    frame = tables.tabulate_entities(resolution.entities, [counts], run.inputs.project.table_schemas)
    _require_fit({"entities": frame}, run.inputs.project)
