"""The pipeline up to its rows: articles are worked out one by one, and resolved together.

1. `work_out`: each article alone gives its text, names and claims. Results are cached by content, code and settings.
2. `resolve`: one step over all articles decides which names are the same entity, and which articles are copies of
   others or have words from them.
3. `tabulation.complete`: each bucket of articles gives its rows.

The order of files, the number of workers and the state of the cache change no byte of the result.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import InitVar, asdict, dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Final

from broadsheet import corrections, extraction, ids, texts
from broadsheet.engines import EngineChoice
from broadsheet.extraction import Settings
from broadsheet.findings.quarantine import Cause, Quarantined
from broadsheet.model import ArticleDecision, Decision, Extraction, Raw, Resolution
from broadsheet.project import Limits
from broadsheet.sequences import MadeSequence
from broadsheet.storage.cache import Cache
from broadsheet.storage.heads import Head, Heads, Keys
from broadsheet.storage.register import Register
from broadsheet.storage.summaries import RowCounts, Summaries, Summary, SummaryWriter
from broadsheet.workflows import derivations
from broadsheet.workflows.articles import Task, Work, each
from broadsheet.workflows.code_state import state_with
from broadsheet.workflows.guard import Failure
from broadsheet.workflows.inputs import ByPath, Inputs, identity_parts
from broadsheet.workflows.progress import Progress, no_progress

__all__ = [
    "Articles",
    "Corpus",
    "Run",
    "id_conflicts",
    "identified",
    "named",
    "resolution_key",
    "resolve",
    "row_counts",
    "work_out",
]

_NO_ROW: Final = -1


@dataclass(frozen=True)
class Run:
    """One run over some inputs: how articles are read, and where earlier results are. `settings` are the project's.

    `scratch` is the folder for temporary files, that of the system where it is None.
    """

    inputs: Inputs
    settings: Settings
    cache: Cache
    register: Register | None = None
    progress: Progress = no_progress
    scratch: Path | None = None

    @cached_property
    def decisions(self) -> Mapping[str, tuple[ArticleDecision, ...]]:
        """Return the decisions about one article alone, by document_id."""
        return corrections.own(self.inputs.decisions)

    @cached_property
    def articles(self) -> Mapping[str, Raw]:
        """Return the articles by path."""
        return ByPath(self.inputs.articles)

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

    Articles and summaries lie in files.

    `from_cache` counts the articles that were not worked out again.
    """

    raws: Mapping[str, Raw]
    summaries: Summaries
    failures: tuple[Failure, ...]
    from_cache: int

    @cached_property
    def by_id(self) -> Summaries:
        """Return the documents of the corpus by document_id: of two articles with one id, the earlier path."""
        return Summaries(self.summaries.heads, "document_id", self.summaries.rows)

    @property
    def keys(self) -> Mapping[str, str]:
        """Return the keys of the cache entries by document_id."""
        return _Keys(self.by_id)

    @property
    def quarantined(self) -> tuple[Quarantined, ...]:
        """Return the articles that are not documents."""
        later = (self.summaries.heads[row] for row in self.summaries.rows if not self.by_id.has_row(row))
        conflicts = (_id_conflict(self.raws[head.source_path], head.document_id) for head in later)
        return (*(failure.row for failure in self.failures), *conflicts)

    def only(self, is_wanted: Callable[[str], bool]) -> Articles:
        """Return the articles whose path is wanted."""
        paths = self.summaries.heads.source_paths
        rows = array("i", (row for row in self.summaries.rows if is_wanted(paths[row])))
        return replace(self, summaries=Summaries(self.summaries.heads, "source_path", rows))

    def without(self, failures: Iterable[Failure]) -> Articles:
        """Return the articles without some that failed later."""
        listed = tuple(failures)
        paths = {failure.row.path for failure in listed}
        return replace(self.only(lambda path: path not in paths), failures=(*self.failures, *listed))


class _Keys(Mapping[str, str]):
    """The keys of some documents, by document_id."""

    def __init__(self, documents: Summaries) -> None:
        self._documents = documents

    def __getitem__(self, document: str) -> str:
        return self._documents.heads.keys[self._documents.row(document)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


def work_out(run: Run, *, engine: EngineChoice | None = None) -> Articles:
    """Work out every article whose result is not in the cache, and write the results there."""
    results, writer = _Results(len(run.inputs.articles)), SummaryWriter(run.scratch)
    missing = _Tasks(run)
    for number, raw in enumerate(run.inputs.articles):
        name = run.key(raw)
        if head := _cached(run, name, writer):
            results.add(number, head)
        else:
            missing.add(number, name)
    from_cache = len(results.heads)
    for number, result in _worked_out_all(run, missing, engine or EngineChoice(), writer):
        results.add(number, result)
    return Articles(run.articles, results.by_path(), tuple(results.failures), from_cache)


@dataclass(slots=True)
class _Results:
    """The results for `count` articles, in any order: heads, and for each article the row of its head; failures."""

    count: InitVar[int]
    heads: Heads = field(default_factory=Heads)
    rows: array[int] = field(default_factory=partial(array, "i"))
    failures: list[Failure] = field(default_factory=list)

    def __post_init__(self, count: int) -> None:
        self.rows.extend([_NO_ROW] * count)

    def add(self, number: int, result: Head | Failure) -> None:
        """Take the result for an article; failures must come in order."""
        if isinstance(result, Failure):
            self.failures.append(result)
        else:
            self.rows[number] = len(self.heads)
            self.heads.append(result)

    def by_path(self) -> Summaries:
        """Return the summaries, in the order of the articles."""
        return Summaries(self.heads, "source_path", array("i", (row for row in self.rows if row != _NO_ROW)))


class _Tasks(MadeSequence[Task]):
    """The articles that are to be worked out, by number, with the keys of their results; each task is made anew."""

    def __init__(self, run: Run) -> None:
        self._run, self.numbers, self._keys = run, array("i"), Keys()

    def add(self, number: int, name: str) -> None:
        """Add the article with a number, whose result gets the key `name`."""
        self.numbers.append(number)
        self._keys.append(name)

    def at(self, number: int) -> Task:
        return self._run.task(self._run.inputs.articles[self.numbers[number]], self._keys[number])

    def __len__(self) -> int:
        return len(self.numbers)


def _cached(run: Run, name: str, writer: SummaryWriter) -> Head | None:
    """Return where the summary of a result lies, if the result is there: in the register if it can."""
    if run.register and name in run.register.summaries:
        return run.register.summaries.head(name)
    entry = run.cache.get(name)
    return writer.add(Summary.of(name, entry)) if entry else None


def _worked_out_all(
    run: Run, tasks: _Tasks, engine: EngineChoice, writer: SummaryWriter
) -> Iterator[tuple[int, Head | Failure]]:
    """Yield the number and the result of one article after another, and report each; summaries are written."""
    quarantined = 0
    if tasks:
        run.progress("articles", 0, len(tasks))
    for done, (number, result) in enumerate(zip(tasks.numbers, each(tasks, run.work, engine), strict=True), 1):
        yield number, result if isinstance(result, Failure) else writer.add(result)
        quarantined += isinstance(result, Failure)
        run.progress("articles", done, len(tasks), quarantined)


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
    if run.register and run.register.resolution_key == resolution_key(articles, decisions):
        return Corpus(articles, run.register.resolution)
    clusters = (Extraction(one.document_id, one.clusters) for one in summaries)
    resolution = extraction.resolve(clusters, decisions, run.scratch)
    findings = tuple(corrections.restored(found, run.decisions) for found in resolution.findings)
    sketches = ((one.document_id, one.sketch) for one in summaries)
    copies = texts.copies(sketches, run.scratch, buckets=ids.bucket_count(len(summaries)))
    derived = derivations.derived(summaries, resolution, run.scratch)
    return Corpus(articles, replace(resolution, copies=copies, derived=derived, findings=findings))


def resolution_key(articles: Articles, decisions: Iterable[Decision]) -> str:
    """Return one sha256 over everything that the step over all articles depends on."""
    digest = hashlib.sha256(corrections.digest(corrections.corpus_wide(decisions)).encode())
    digest.update(articles.by_id.heads.keys.sorted(articles.by_id.rows))
    return digest.hexdigest()


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
