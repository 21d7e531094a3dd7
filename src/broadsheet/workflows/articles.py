"""The work on one article alone, from its bytes to its entry in the cache, here or in worker processes."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache as remember
from functools import partial
from itertools import tee
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from broadsheet import corrections, engines, extraction, texts
from broadsheet.engines import Died, Engine, EngineChoice
from broadsheet.engines.local import cores
from broadsheet.errors import EngineError
from broadsheet.extraction import Settings
from broadsheet.findings.quarantine import Cause, Quarantined
from broadsheet.model import ArticleDecision, Raw, Reading, Text
from broadsheet.project import Limits
from broadsheet.storage.cache import Cache
from broadsheet.storage.summaries import Entry, Summary
from broadsheet.workflows import derivations
from broadsheet.workflows.code_state import state_with
from broadsheet.workflows.guard import Failure, attempt

__all__ = ["NodeCheck", "Task", "Work", "each", "normalise"]

POOL_FROM: Final = 64  # articles; below that, starting workers takes longer than they save
UNIT: Final = 8  # articles at most: so few that a slow one holds up little, and progress is seen
LONG: Final = 32 << 10  # bytes; such an article takes as long as a unit of others


@dataclass(frozen=True, slots=True)
class Task:
    """An article to work out, the keys of its result and of its reading, and the decisions about it."""

    raw: Raw
    key: str
    reading_key: str
    decisions: tuple[ArticleDecision, ...]


@dataclass(frozen=True, slots=True)
class NodeCheck:
    """What every node of a cluster must have: a file in the cache folder of this build, the same code and models."""

    marker: Path
    state: str

    def require(self, settings: Settings) -> None:
        """Raise EngineError where this process does not have it."""
        node = platform.node()
        if not self.marker.exists():
            raise EngineError(
                f"the node {node} does not see {self.marker.parents[1]}: results are exchanged in this folder",
                repair="put the dataset, or --to, on a file system that is mounted at the same path on every node",
            )
        if state_with(settings) != self.state:
            raise EngineError(
                f"the node {node} has other code, libraries or models than this machine: its rows could differ",
                repair="install the same version of broadsheet on every node, from the same lock file",
            )


@dataclass(frozen=True, slots=True)
class Work:
    """How articles are worked out, the cache that takes the results, and what a node of a cluster must have."""

    limits: Limits
    settings: Settings
    cache: Cache
    check: NodeCheck | None = None

    def __call__(self, unit: Sequence[Task]) -> tuple[Summary | Failure, ...]:
        """Work out some articles, write their results to the cache and return the summaries.

        An article whose result is there already, because its unit was begun before, is not worked out again.
        """
        if self.check:
            self.check.require(self.settings)
        return tuple([self.summary(task) for task in unit])

    def summary(self, task: Task) -> Summary | Failure:
        """Return the summary of one article, worked out if its result is not in the cache."""
        entry = self.cache.get(task.key) or self.entry(task)
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


def each(tasks: Sequence[Task], work: Work, choice: EngineChoice) -> Iterator[Summary | Failure]:
    """Yield the result of one task after another, in order.

    Of few articles, and with one local worker, all are worked out in this process. Raises EngineError where the engine
    cannot be used.
    """
    count = choice.workers or (cores() if len(tasks) >= POOL_FROM else 1)
    if choice.name == "local" and min(count, len(tasks)) < 2:
        yield from map(work.summary, tasks)
        return
    with _checked(work) as checked, engines.opened(replace(choice, workers=count), preload=__name__) as engine:
        ahead, units = tee(_units(tasks, most=max(1, min(UNIT, len(tasks) // (4 * count)))))
        for unit, results in zip(units, engines.in_order(engine, checked, ahead), strict=True):
            yield from _one_by_one(engine, checked, unit) if isinstance(results, Died) else results


@contextmanager
def _checked(work: Work) -> Iterator[Work]:
    """Yield the work with a check of the process that it is done in: what it needs to see is there meanwhile."""
    folder = work.cache.folder / "nodes"
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder) as marker:
        yield replace(work, check=NodeCheck(Path(marker.name), state_with(work.settings)))


def _units(tasks: Iterable[Task], *, most: int) -> Iterator[tuple[Task, ...]]:
    """Yield units of at most so many tasks; an article of much more than the usual length ends its unit."""
    unit: list[Task] = []
    for task in tasks:
        unit.append(task)
        if len(unit) == most or task.raw.size > LONG:
            yield tuple(unit)
            unit = []
    if unit:
        yield tuple(unit)


def _one_by_one(engine: Engine, work: Work, unit: Sequence[Task]) -> Iterator[Summary | Failure]:
    """Work out the articles of a unit that ended its process, each in a process of its own."""
    found = engines.in_order(engine, work, [(task,) for task in unit], are_suspects=True)
    for task, results in zip(unit, found, strict=True):
        yield Failure(Quarantined.of(task.raw, Cause.PROCESS_DIED)) if isinstance(results, Died) else results[0]


def normalise(raw: Raw, limits: Limits) -> Text | Failure:
    """Return the canonical text of an article, or why it has none."""
    text = attempt(raw, "texts", partial(texts.normalise, raw, limits=limits))
    if isinstance(text, Text) and extraction.is_read(text) and len(text.text) > limits.characters:
        text = Quarantined.of(raw, Cause.CHARACTERS, count=len(text.text), limit=limits.characters)
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
