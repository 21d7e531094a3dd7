"""The dataset before and after a change: its inputs, articles and entities on both sides.

The results of articles that did not change are taken from the cache. Where too many of them are missing there, only
the articles that differ are worked out, and of the others only the ids are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from broadsheet import corrections, git, sources
from broadsheet.errors import BroadsheetError
from broadsheet.extraction import Settings
from broadsheet.git import Past
from broadsheet.model import Finding, Resolution
from broadsheet.project import CORRECTIONS, DESCRIPTOR, SCHEMAS, SEEDS, Project, open_project
from broadsheet.storage.cache import Cache
from broadsheet.storage.register import Register
from broadsheet.storage.staging import state_folder
from broadsheet.storage.summaries import Summary
from broadsheet.workflows import stages
from broadsheet.workflows.code_state import settings_for
from broadsheet.workflows.inputs import Inputs, read_inputs, require_articles
from broadsheet.workflows.progress import Progress, no_progress
from broadsheet.workflows.stages import Corpus, Run

__all__ = ["Memory", "Side", "Sides", "read_sides"]

FEW: Final = 32
"""Unchanged articles without a cached result: up to this many are worked out, so that the whole corpus is known."""


@dataclass(frozen=True, slots=True)
class Memory:
    """How articles are read, and the results of the last build."""

    settings: Settings
    cache: Cache
    register: Register | None
    progress: Progress

    @classmethod
    def of(cls, project: Project, settings: Settings | None, progress: Progress | None) -> Memory:
        """Return what the last build of a project left; `progress` is called as the work goes on."""
        cache = Cache(state_folder(project.build).cache)
        return cls(settings_for(project, settings), cache, cache.register(), progress or no_progress)

    def run(self, inputs: Inputs) -> Run:
        """Return a run over some inputs."""
        return Run(inputs, self.settings, self.cache, self.register, self.progress)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its run, its corpus, and what is wrong with its decisions."""

    run: Run
    corpus: Corpus
    findings: tuple[Finding, ...]

    @property
    def project(self) -> Project:
        """Return the project of this side."""
        return self.run.inputs.project

    @property
    def resolution(self) -> Resolution:
        """Return what was decided over all articles."""
        return self.corpus.resolution

    @property
    def summaries(self) -> Mapping[str, Summary]:
        """Return the documents by document_id."""
        return self.corpus.articles.by_id

    @property
    def keys(self) -> Mapping[str, str]:
        """Return the keys of the documents' results by document_id."""
        return self.corpus.articles.keys


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides. `inputs` are all inputs after the change.

    Where `is_whole` is false, the sides have only the articles that differ.
    """

    now: Side
    then: Side
    inputs: Inputs
    is_whole: bool


def read_sides(project: Project, past: Past, memory: Memory, folder: Path) -> Sides:
    """Read both sides, the earlier one into a folder, and work out what is not in the cache.

    Raises ProjectError where there is no article after the change, and what the stages raise where no work is possible.
    """
    changed = frozenset(map(sources.printable, past.changed))
    earlier = read_inputs(_earlier_project(project, past, folder))
    inputs = require_articles(read_inputs(project))
    unchanged = inputs.only(lambda file: file not in changed)
    now, then = memory.run(inputs), memory.run(earlier.with_articles_of(unchanged))
    known = memory.register.summaries if memory.register else ()
    missing = sum(then.key(raw) not in known for raw in unchanged.articles)
    if missing <= FEW:
        return Sides(_whole(now), _whole(then), inputs, is_whole=True)
    same = frozenset(raw.path for raw in unchanged.articles if now.decided(raw) == then.decided(raw))
    return Sides(_differing(now, same), _differing(then, same), inputs, is_whole=False)


def _earlier_project(project: Project, past: Past, to: Path) -> Project:
    """Write the files that people keep as they were before, of the articles only those that differ.

    Where the earlier descriptor or schemas cannot be read, the present ones are used.
    """
    (to / SEEDS).mkdir(parents=True)
    git.restore(project.root, past, [DESCRIPTOR, SCHEMAS, CORRECTIONS, *past.under(SEEDS)], to)
    try:
        then = open_project(to)
        _ = then.table_schemas
    except BroadsheetError:
        then = replace(project, root=to)
    return then


def _whole(run: Run) -> Side:
    """Work out a side with all its articles."""
    corpus = stages.resolve(run, stages.work_out(run))
    unmatched = corrections.without_article(run.inputs.decisions, corpus.articles.by_id)
    return Side(run, corpus, (*run.inputs.findings, *unmatched, *corpus.resolution.findings))


def _differing(run: Run, same: frozenset[str]) -> Side:
    """Work out a side without the articles that are the same on both.

    The ids of these are known, so that a conflict of ids and a decision about a missing article are found. Their names
    are not, so nothing is reported about a decision that names an unknown entity.
    """
    identified = stages.identified(run.inputs.articles, run.limits)
    conflicts = stages.id_conflicts(identified)
    left_out = same.union(conflict.path for conflict in conflicts)
    articles = tuple(raw for raw in run.inputs.articles if raw.path not in left_out)
    quarantined = (*run.inputs.quarantined, *conflicts)
    part = replace(run, inputs=replace(run.inputs, articles=articles, quarantined=quarantined))
    corpus = stages.resolve(part, stages.work_out(part))
    elsewhere = {document for raw, document in identified if raw.path in same}
    unmatched = corrections.without_article(run.inputs.decisions, elsewhere.union(corpus.articles.by_id))
    return Side(part, corpus, (*run.inputs.findings, *unmatched))
