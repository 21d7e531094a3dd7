"""The rows of all articles, bucket by bucket, and those of the whole corpus.

Rows that are as they were at the last build are taken from the package that it wrote (`earlier_rows`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import eq
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Final, TypeVar

import polars as pl

from broadsheet import checks, corrections, tables
from broadsheet.claim_links import Linking
from broadsheet.model import Finding, Raw, Resolution
from broadsheet.project import Project
from broadsheet.schema import Schemas
from broadsheet.storage.frames import spilled, together
from broadsheet.storage.summaries import Entry, Summary
from broadsheet.workflows.earlier_rows import EarlierRows, earlier_rows
from broadsheet.workflows.guard import Failure, RowsError, attempt
from broadsheet.workflows.stages import Articles, Corpus, Run, named, resolve

__all__ = ["Frames", "complete"]

T = TypeVar("T")
Frames = Mapping[str, pl.DataFrame]
CHUNK: Final = 256
"""Articles whose rows are made at once: as records they take many times the memory that they take as frames."""


def complete(
    run: Run,
    articles: Articles,
    write: Callable[[Corpus, Iterator[Frames]], T],
    *,
    resolution: Resolution | None = None,
    target: Path | None = None,
) -> tuple[Corpus, tuple[Finding, ...], T]:
    """Resolve and tabulate the articles, and hand the frames to `write`; return the corpus, findings and its result.

    Where rows of articles do not fit their schemas, or cannot be made, everything is done again without these
    articles: the result is that of a corpus that never had them. With a `resolution` over more articles than these, it
    is used as it is, and rows are not judged. Rows that are as they were are taken from the package at `target`.
    """
    while True:
        corpus = resolve(run, articles) if resolution is None else Corpus(articles, resolution)
        failures: list[Failure] = []
        earlier = earlier_rows(target, run.inputs.project, corpus, run.register) if target else None
        written = write(corpus, _Rows(run, corpus, earlier, failures, resolution is None).buckets())
        if not failures:
            return corpus, tuple(_findings(run, corpus)), written
        articles = articles.without(failures)


def _findings(run: Run, corpus: Corpus) -> Iterator[Finding]:
    """Yield what was found about each document, as people wrote the decisions that it speaks of."""
    for document in sorted(corpus.articles.by_id):
        yield from (corrections.restored(found, run.decisions) for found in corpus.articles.by_id[document].findings)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a corpus. An article whose rows cannot be made is added to `failures`.

    With `is_judged`, one with rows that do not fit their schemas fails too. `earlier` are rows of the last package.
    """

    run: Run
    corpus: Corpus
    earlier: EarlierRows | None
    failures: list[Failure]
    is_judged: bool

    @property
    def schemas(self) -> Schemas:
        """Return the schemas of the project."""
        return self.run.inputs.project.table_schemas

    def buckets(self) -> Iterator[Frames]:
        """Yield the frames of one bucket after another, and those of the whole corpus last: entities and claim_links.

        Each frame of a bucket is made when it is asked for; those of the whole corpus come row group by row group. From
        the first failure on nothing is yielded: the frames are of no use then.
        """
        found = tables.Buckets(self.corpus.articles.by_id.names)
        with Linking(self.run.scratch, buckets=len(found)) as linking:
            counts: list[tables.Census] = []
            for number, documents in enumerate(found):
                with TemporaryDirectory(dir=self.run.scratch) as scratch:
                    frames = self._bucket(number, documents, Path(scratch))
                    if not self.failures:
                        counts = [tables.added_up([*counts, tables.census(frames["mentions"])])]
                        linking.add(frames["claims"])
                        yield frames
                self.run.progress("tables", number + 1, len(found))
            if not self.failures:
                yield from self._entities(counts)
            if not self.failures:
                yield from ({"claim_links": frame} for frame in linking.row_groups(self.schemas))

    def _entities(self, counts: Sequence[tables.Census]) -> Iterator[Frames]:
        for frame in tables.tabulate_entities(self.corpus.resolution.entities, counts, self.schemas):
            self.failures.extend(_of_entities(self.run, self.corpus, frame) if self.is_judged else ())
            yield {"entities": frame}

    def _bucket(self, number: int, documents: Sequence[str], scratch: Path) -> Frames:
        """Return the frames of a bucket: rows of the last package, and those of the other articles."""
        kept = self._unchanged(documents)
        chunks = list(_chunks(sorted({*documents} - kept)))
        if not documents:
            chunks = [()]  # a corpus without a document has empty tables
        parts = [spilled(self._made(chunk), Path(mkdtemp(dir=scratch))) for chunk in chunks]
        if self.earlier and kept:
            parts.append(self.earlier.frames(number, kept))
        return {} if self.failures else together(parts, self.schemas)

    def _unchanged(self, documents: Iterable[str]) -> set[str]:
        """Return those of some documents whose rows are taken from the last package."""
        return {one for one in documents if one in self.earlier.documents} if self.earlier else set()

    def _made(self, documents: Iterable[str]) -> Frames:
        """Return the frames of some articles; where they cannot be made, find the articles that are the cause."""
        entries = list(self._entries(documents))
        make = partial(_frames, self.run.inputs.project, self.corpus.resolution, is_judged=self.is_judged)
        frames = attempt(self._raw(entries[0]), "tables", partial(make, entries)) if entries else make(entries)
        if not isinstance(frames, Failure):
            return frames
        raws = map(self._raw, entries)
        results = [attempt(raw, "tables", partial(make, [entry])) for raw, entry in zip(raws, entries, strict=True)]
        failures = [result for result in results if isinstance(result, Failure)]
        if not failures:
            raise RuntimeError(f"rows of several articles together are wrong: {frames.row.reason}\n{frames.traceback}")
        self.failures.extend(failures)
        return {}

    def _raw(self, entry: Entry) -> Raw:
        return self.run.articles[entry.text.source_path]

    def _entries(self, documents: Iterable[str]) -> Iterator[Entry]:
        """Yield the entries of articles; one that is missing from the cache or damaged is worked out again."""
        for summary in map(self.corpus.articles.by_id.__getitem__, documents):
            entry = self.run.cache.get(summary.key) or _again(self.run, summary)
            if isinstance(entry, Failure):
                self.failures.append(entry)
            else:
                yield entry


def _again(run: Run, summary: Summary) -> Entry | Failure:
    raw = run.articles[summary.source_path]
    return run.work.entry(run.task(raw, summary.key))


def _chunks(documents: Sequence[str]) -> Iterator[Sequence[str]]:
    return (documents[start : start + CHUNK] for start in range(0, len(documents), CHUNK))


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
    suspects = [one for one in summaries if wrong.intersection(named(one, corpus.resolution))]
    failures = list(_failing_entities(run, corpus.articles, suspects))
    if not failures:
        raise RowsError(faults)
    yield from failures


def _failing_entities(run: Run, articles: Articles, suspects: Iterable[Summary]) -> Iterator[Failure]:
    for one in suspects:
        alone = articles.only(partial(eq, one.source_path))
        result = attempt(run.articles[one.source_path], "tables", partial(_require_entities, run, alone, one))
        if isinstance(result, Failure):
            yield result


def _require_entities(run: Run, alone: Articles, summary: Summary) -> None:
    """Judge the entities of one article alone. Raises RowsError."""
    resolution = resolve(replace(run, register=None), alone).resolution
    found = pl.Series("entity_id", sorted(set(named(summary, resolution))), dtype=pl.String)
    counts = pl.DataFrame([found]).with_columns(mention_count=pl.lit(1), document_count=pl.lit(1))
    for frame in tables.tabulate_entities(resolution.entities, [counts], run.inputs.project.table_schemas):
        _require_fit({"entities": frame}, run.inputs.project)
