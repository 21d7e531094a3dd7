"""The pipeline up to its rows: articles are worked out one by one, and resolved together.

1. `work_out`: each article alone gives its text, names and claims. Results are cached by content, code and settings.
2. `resolve`: one step over all articles decides which names are the same entity, and which articles are copies of
   others or have words from them.
3. `tabulation.complete`: each bucket of articles gives its rows.

The order of files, the number of workers and the state of the cache change no byte of the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from broadsheet import corrections, extraction, ids, texts
from broadsheet.engines import EngineChoice
from broadsheet.extraction import Settings
from broadsheet.findings.quarantine import Cause, Quarantined
from broadsheet.model import ArticleDecision, Decision, Extraction, Raw, Resolution
from broadsheet.project import Limits
from broadsheet.storage.cache import Cache
from broadsheet.storage.register import Register
from broadsheet.storage.summaries import Head, RowCounts, Summaries, Summary, SummaryWriter
from broadsheet.workflows import derivations
from broadsheet.workflows.articles import Task, Work, each
from broadsheet.workflows.code_state import state_with, with_project
from broadsheet.workflows.guard import Failure
from broadsheet.workflows.inputs import Inputs, identity_parts
from broadsheet.workflows.progress import Progress, no_progress

__all__ = [
    "Articles",
    "Corpus",
    "Progress",
    "Run",
    "Settings",
    "id_conflicts",
    "identified",
    "named",
    "no_progress",
    "resolve",
    "row_counts",
    "state_of",
    "with_project",
    "work_out",
]


@dataclass(frozen=True)
class Run:
    """One run over some inputs: how articles are read, and where earlier results are. `settings` are the project's.

    `scratch` is the folder for temporary files, that of the system where it is None.
    """

    inputs: Inputs
    settings: Settings
    cache: Cache
    register: Register | None = None
    report: Progress = no_progress
    scratch: Path | None = None

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
    def state(self) -> str:
        """Return the name of the code, the libraries and the models."""
        return state_with(self.settings)

    def decided(self, raw: Raw) -> tuple[ArticleDecision, ...]:
        """Return the decisions about one article."""
        return self.decisions.get(texts.identify(raw, limits=self.limits), ()) if self.decisions else ()

    def key(self, raw: Raw) -> str:
        """Return the key of an article's result: it covers everything that the work on it depends on."""
        conditions = (self.state, repr(self.limits), corrections.digest(self.decided(raw)))
        return ids.key(*identity_parts(raw), *conditions)

    def reading_key(self, raw: Raw) -> str:
        """Return the key of what the models find in an article, which no decision changes."""
        return ids.key("reading", *identity_parts(raw), self.state, repr(self.limits))

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

    Summaries lie in files.

    `from_cache` counts the articles that were not worked out again.
    """

    raws: Mapping[str, Raw]
    summaries: Summaries
    failures: tuple[Failure, ...]
    from_cache: int

    @cached_property
    def by_id(self) -> Summaries:
        """Return the documents of the corpus by document_id: of two articles with one id, the earlier path."""
        return Summaries(self.summaries.heads.values(), lambda head: head.document_id)

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """Return the keys of the cache entries by document_id."""
        return {document: head.key for document, head in self.by_id.heads.items()}

    @property
    def quarantined(self) -> tuple[Quarantined, ...]:
        """Return the articles that are not documents."""
        documents = set(self.by_id.heads.values())
        later = (head for head in self.summaries.heads.values() if head not in documents)
        conflicts = (_id_conflict(self.raws[head.source_path], head.document_id) for head in later)
        return (*(failure.row for failure in self.failures), *conflicts)

    def only(self, is_wanted: Callable[[str], bool]) -> Articles:
        """Return the articles whose path is wanted."""
        heads = (head for path, head in self.summaries.heads.items() if is_wanted(path))
        return replace(self, summaries=_by_path(heads))

    def without(self, failures: Iterable[Failure]) -> Articles:
        """Return the articles without some that failed later."""
        listed = tuple(failures)
        paths = {failure.row.path for failure in listed}
        return replace(self.only(lambda path: path not in paths), failures=(*self.failures, *listed))


def _by_path(heads: Iterable[Head]) -> Summaries:
    return Summaries(heads, lambda head: head.source_path)


def work_out(run: Run, *, engine: EngineChoice | None = None) -> Articles:
    """Work out every article whose result is not in the cache, and write the results there."""
    keys = {raw.path: run.key(raw) for raw in run.inputs.articles}
    writer = SummaryWriter(run.scratch)
    cached = dict(_cached_heads(run, keys, writer))
    missing = [raw for raw in run.inputs.articles if raw.path not in cached]
    tasks = [run.task(raw, keys[raw.path]) for raw in missing]
    results = cached | dict(_worked_out_all(run, tasks, engine or EngineChoice(), writer))
    return _articles(run, results, from_cache=len(cached))


def _articles(run: Run, results: Mapping[str, Head | Failure], *, from_cache: int) -> Articles:
    """Return the articles in the order of their paths, from their results by path."""
    ordered = [results[path] for path in run.articles]
    heads = [one for one in ordered if isinstance(one, Head)]
    failures = [one for one in ordered if isinstance(one, Failure)]
    return Articles(run.articles, _by_path(heads), tuple(failures), from_cache)


def _cached_heads(run: Run, keys: Mapping[str, str], writer: SummaryWriter) -> Iterator[tuple[str, Head | Failure]]:
    """Yield the path of each article whose result is there, and where its summary lies: in the register if it can."""
    known = run.register.summaries.heads if run.register else {}
    for path, name in keys.items():
        if name in known:
            yield path, known[name]
        elif entry := run.cache.get(name):
            yield path, writer.add(Summary.of(name, entry))


def _worked_out_all(
    run: Run, tasks: Sequence[Task], engine: EngineChoice, writer: SummaryWriter
) -> Iterator[tuple[str, Head | Failure]]:
    """Yield the path and the result of one task after another, and report each; summaries are written."""
    quarantined = 0
    if tasks:
        run.report("articles", 0, len(tasks))
    for done, (task, result) in enumerate(zip(tasks, each(tasks, run.work, engine), strict=True), 1):
        yield task.raw.path, result if isinstance(result, Failure) else writer.add(result)
        quarantined += isinstance(result, Failure)
        run.report("articles", done, len(tasks), quarantined)


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
    sketches = ((one.document_id, one.sketch) for one in summaries)
    copies = texts.copies(sketches, run.scratch, buckets=ids.bucket_count(len(summaries)))
    derived = derivations.derived(summaries, resolution, run.scratch)
    return Corpus(articles, replace(resolution, copies=copies, derived=derived, findings=findings))


def state_of(articles: Articles, decisions: Iterable[Decision]) -> str:
    """Return one sha256 over everything that the step over all articles depends on."""
    names = sorted(articles.keys.values())
    return ids.sha256(" ".join((corrections.digest(corrections.corpus_wide(decisions)), *names)).encode())


def row_counts(corpus: Corpus) -> dict[str, int]:
    """Return how many rows each table would have; entities are those that are named somewhere."""
    rows: Counter[str] = Counter()
    entities: set[str] = set()
    for one in corpus.articles.by_id.values():
        rows.update(asdict(one.rows))
        entities.update(named(one, corpus.resolution))
    counts = {"documents": len(corpus.articles.by_id), "entities": len(entities)}
    return counts | {name: rows[name] for name in RowCounts.__dataclass_fields__}


def named(summary: Summary, resolution: Resolution) -> Iterator[str]:
    """Yield the entities that an article names."""
    for number, cluster in enumerate(summary.clusters):
        place = resolution.members.get((summary.document_id, number))
        if cluster.forms and place:
            yield place[0]
