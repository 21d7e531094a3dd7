"""The work on one article alone, from its bytes to its entry in the cache, here or in worker processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache as remember
from functools import partial
from typing import Final

from broadsheet import corrections, extraction, texts
from broadsheet.extraction import Settings
from broadsheet.findings.quarantine import Cause, Quarantined
from broadsheet.model import ArticleDecision, Raw, Reading, Text
from broadsheet.project import Limits
from broadsheet.storage.cache import Cache, Entry, Summary
from broadsheet.workflows import derivations
from broadsheet.workflows.guard import Failure, attempt
from broadsheet.workflows.workers import pool

__all__ = ["Task", "Work", "each", "normalise"]

POOL_FROM: Final = 64  # articles to work out; below that, starting workers takes longer than they save


@dataclass(frozen=True, slots=True)
class Task:
    """An article to work out, the keys of its result and of its reading, and the decisions about it."""

    raw: Raw
    key: str
    reading_key: str
    decisions: tuple[ArticleDecision, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """How articles are worked out, and the cache that takes the results."""

    limits: Limits
    settings: Settings
    cache: Cache

    def summary(self, task: Task) -> Summary | Failure:
        """Work out one article, write its result to the cache and return its summary."""
        entry = self.entry(task)
        return entry if isinstance(entry, Failure) else Summary.of(task.key, entry)

    def entry(self, task: Task) -> Entry | Failure:
        """Work out one article, write its result to the cache and return it."""
        text = normalise(task.raw, self.limits)
        if isinstance(text, Failure):
            return text
        known = self.cache.reading(task.reading_key)  # saves the models' work and changes nothing
        made = attempt(task.raw, "extraction", partial(_extracted, text, task.decisions, known, self.settings))
        if isinstance(made, Failure):
            return made
        entry, reading = made
        if known is None and extraction.is_read(entry.text):
            self.cache.put_reading(task.reading_key, reading)
        self.cache.put(task.key, entry)
        return entry


def each(tasks: Sequence[Task], work: Work, workers: int | None) -> Iterator[Summary | Failure]:
    """Yield the result of one task after another, in order."""
    count = workers or (len(os.sched_getaffinity(0)) if len(tasks) >= POOL_FROM else 1)
    rest = list(tasks)
    while rest and min(count, len(rest)) > 1:
        try:
            with pool(count) as processes:
                for result in processes.map(work.summary, list(rest)):
                    rest.pop(0)
                    yield result
        except BrokenProcessPool:  # a dead worker ends its pool: try the first task alone, then go on with a new pool
            yield _alone(rest.pop(0), work)
    yield from map(work.summary, rest)


def _alone(task: Task, work: Work) -> Summary | Failure:
    """Work out one article in a process of its own; if that process dies too, the article fails."""
    try:
        with pool(1) as worker:
            return worker.submit(work.summary, task).result()
    except BrokenProcessPool:
        return Failure(Quarantined.of(task.raw, Cause.PROCESS_DIED))


def normalise(raw: Raw, limits: Limits) -> Text | Failure:
    """Return the canonical text of an article, or why it has none."""
    text = attempt(raw, "texts", partial(texts.normalise, raw, limits=limits))
    return Failure(text) if isinstance(text, Quarantined) else text


def _extracted(
    text: Text, decisions: tuple[ArticleDecision, ...], known: Reading | None, settings: Settings
) -> tuple[Entry, Reading]:
    """Return the result for one article and what the models find in it; `known` is that, where they ran before."""
    anchored, unanchored = corrections.anchor(corrections.numbered(decisions), text.text)
    amended = texts.amend(text, anchored)
    reading = Reading()  # an article in a language that is not read
    if extraction.is_read(amended):
        reading = known or extraction.read(amended, _models(settings))
    said = extraction.interpret(amended, reading, _grader(), anchored)
    found = replace(amended, findings=(*amended.findings, *unanchored))
    return Entry(found, said, texts.sketch(amended), derivations.citations(amended, said)), reading


@remember
def _models(settings: Settings) -> extraction.Models:
    return extraction.Models.load(settings)


@remember
def _grader() -> extraction.Grader:
    return extraction.Grader.load()
