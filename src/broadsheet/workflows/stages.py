"""The corpus: what the articles give, each alone, and what only all of them together can decide.

Map, reduce, map. Every article alone gives its text and what it says (cached by content, code and settings); one cheap
step over all of them decides what only the corpus can; every bucket of articles with its slice of that gives its rows.
Nothing flows back. The order of files, the number of workers and a warm cache change no byte.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import cache as remember
from functools import partial
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

from broadsheet import checks, corrections, extraction, ids, packages, sources, tables, texts
from broadsheet.errors import ProjectError
from broadsheet.extraction import Settings
from broadsheet.model import ArticleDecision, Decision, Extraction, Finding, Raw, Resolution
from broadsheet.project import Limits, Project
from broadsheet.quarantine import Cause, Quarantined, Skipped
from broadsheet.storage.cache import Entry, Known, Register, Rows, Store, key

__all__ = [
    "LIBRARIES",
    "Intake",
    "Progress",
    "Settings",
    "Unit",
    "Worked",
    "census",
    "contested",
    "gather",
    "learn",
    "lost",
    "named",
    "read",
    "recall",
    "resolve",
    "settled",
    "shelves",
    "silent",
    "state_of",
    "state_of_code",
    "unit_of",
    "unknown",
    "work_out",
]

Progress = Callable[[str, int, int], None]
NOTHING: Mapping[str, Known] = MappingProxyType({})
LIBRARIES = ("broadsheet", "onnxruntime", "polars", "py3langid", "pyarrow", "spacy", "tokenizers")
Item = tuple[Raw, str, tuple[ArticleDecision, ...]]  # an article, the name of what it gives, what was decided about it
POOL_FROM = 64  # articles to work out; below, starting workers costs more than it gives


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What was found in seeds/: every input is in exactly one of the three."""

    raws: tuple[Raw, ...]
    quarantined: tuple[Quarantined, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """What the work on one article depends on besides the article; `own` by document_id what was decided about it."""

    limits: Limits
    settings: Settings
    own: Mapping[str, tuple[ArticleDecision, ...]] = field(default_factory=dict)

    def decided(self, raw: Raw) -> tuple[ArticleDecision, ...]:
        """Return the decisions about one article."""
        return self.own.get(texts.identify(raw, limits=self.limits), ()) if self.own else ()


@dataclass(frozen=True, slots=True)
class Worked:
    """The corpus after the first map: entries by document id, what was lost on the way, and the articles' decisions."""

    keys: Mapping[str, str]
    quarantined: tuple[Quarantined, ...]
    cached: int
    own: Mapping[str, tuple[ArticleDecision, ...]] = field(default_factory=dict)


def settled(settings: Settings, project: Project) -> Settings:
    """Return the settings with what the project's map says where they say nothing."""
    return replace(settings, pipeline=settings.pipeline or project.settings.get("pipeline"))


def read(project: Project) -> Intake:
    """Read seeds/. Raises ProjectError where there is no article at all, SourceError where it cannot be listed."""
    if not project.seeds.is_dir():
        raise ProjectError(f"{project.seeds} is missing", repair="make the folder and put articles into it")
    found = gather(project)
    if not found.raws and not found.quarantined:
        raise ProjectError(
            f"{project.seeds} holds no article",
            repair=f"put files with one of these suffixes into it: {sources.SUFFIXES}",
        )
    return found


def gather(project: Project) -> Intake:
    """Read seeds/, which may hold nothing. Raises SourceError where it cannot be listed."""
    columns = project.settings.get("columns")
    found = list(sources.read(project.seeds, root=project.root, limits=project.limits, columns=columns))
    raws = sorted((f for f in found if isinstance(f, Raw)), key=lambda r: r.path)
    lost = sorted((f for f in found if isinstance(f, Quarantined)), key=lambda q: q.path)
    return Intake(tuple(raws), tuple(lost), tuple(f for f in found if isinstance(f, Skipped)))


def unit_of(project: Project, settings: Settings, decisions: Iterable[Decision]) -> Unit:
    """Return what the work on the articles of a project depends on besides them."""
    return Unit(project.limits, settings, corrections.own(decisions))


# --- the first map: an article alone ----------------------------------------------------------------------------------


def work_out(
    intake: Intake,
    unit: Unit,
    store: Store,
    *,
    workers: int | None = None,
    tell: Progress = silent,
    trusted: Mapping[str, Known] = NOTHING,
) -> Worked:
    """Work out every article that the cache does not know, and keep what it gave there.

    Entries of `trusted` articles are not opened: one may be damaged.
    """
    names = [_key(raw, unit) for raw in intake.raws]
    known = {name: trusted[name].document_id for name in names if name in trusted}
    known |= {name: entry.text.document_id for name in names if name not in known and (entry := store.get(name))}
    missing = [
        (raw, name, unit.decided(raw)) for raw, name in zip(intake.raws, names, strict=True) if name not in known
    ]
    lost: list[Quarantined] = []
    for done, ((_, name, _), found) in enumerate(zip(missing, _each(missing, unit, store, workers), strict=True), 1):
        if isinstance(found, Quarantined):
            lost.append(found)
        else:
            known[name] = found
        tell("articles", done, len(missing))
    keys: dict[str, str] = {}
    for raw, name in zip(intake.raws, names, strict=True):
        if name in known and keys.setdefault(known[name], name) != name:
            lost.append(_id_taken(raw, known[name]))
    return Worked(keys, tuple(lost), len(names) - len(missing), unit.own)


def _each(missing: Sequence[Item], unit: Unit, store: Store, workers: int | None) -> Iterator[str | Quarantined]:
    """Give the document id, or the quarantine row, of one article after another, in order."""
    count = workers or (len(os.sched_getaffinity(0)) if len(missing) >= POOL_FROM else 1)
    work = partial(_one, unit=replace(unit, own={}), store=store)  # sent with every article, which brings its own
    rest = list(missing)
    while rest and min(count, len(rest)) > 1:
        try:
            with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("forkserver")) as pool:
                for found in pool.map(work, list(rest)):
                    rest.pop(0)
                    yield found
        except BrokenProcessPool:  # the dead worker took its pool along: try the first one left alone, then go on
            yield _alone(rest.pop(0), work)
    yield from map(work, rest)


def _alone(item: Item, work: Callable[[Item], str | Quarantined]) -> str | Quarantined:
    """Work out one article in a process of its own; quarantine it if that dies too."""
    try:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver")) as pool:
            return pool.submit(work, item).result()
    except BrokenProcessPool:
        return Quarantined.of(item[0], Cause.PROCESS_DIED)


def _one(item: Item, *, unit: Unit, store: Store) -> str | Quarantined:
    """Work out one article and keep what it gave. Pure but for the entry it writes."""
    raw, name, decisions = item
    text = texts.normalise(raw, limits=unit.limits)
    if isinstance(text, Quarantined):
        return text
    placed, gone = corrections.anchor(corrections.numbered(decisions), text.text)
    text = texts.amend(text, placed)
    found = extraction.extract(text, _models(unit.settings), placed)
    store.put(name, Entry(replace(text, findings=(*text.findings, *gone)), found, texts.sketch(text)))
    return text.document_id


@remember
def _models(settings: Settings) -> extraction.Models:
    return extraction.Models.load(settings)


def _key(raw: Raw, unit: Unit) -> str:
    """Name everything the work on an article depends on."""
    return key(
        raw.path,
        raw.sha256,
        raw.media_type,
        raw.charset or "",
        raw.declared_id or "",
        *(f"{name}={value}" for name, value in sorted(raw.fields.items())),
        _state(unit.settings),
        repr(unit.limits),
        corrections.digest(unit.decided(raw)),
    )


@remember
def _state(settings: Settings) -> str:
    return state_of_code(extraction.provenance(settings))


def state_of_code(models: extraction.Provenance) -> str:
    """Name the code, the libraries and the models: all that the rows of an article depend on besides its input."""
    libraries = {name: version(name) for name in LIBRARIES}
    return json.dumps([ids.code_digest(), libraries, models], sort_keys=True, default=dict)


def recall(project: Project, raws: Iterable[Raw], settings: Settings | None = None) -> Iterator[Entry | None]:
    """Give what the last build kept of one article after another; None where it kept nothing, or they changed since."""
    decisions, _ = corrections.read(project.corrections, project.schemas)
    unit = unit_of(project, settled(settings or Settings(), project), decisions)
    store = Store(packages.drawer(project.build).cache)
    yield from (store.get(_key(raw, unit)) for raw in raws)


def unknown(intake: Intake, unit: Unit, known: Container[str]) -> int:
    """Return how many articles have no key among those that are known."""
    return sum(_key(raw, unit) not in known for raw in intake.raws)


def named(raws: Iterable[Raw], limits: Limits) -> tuple[tuple[Raw, str], ...]:
    """Return articles with the ids they have before anything else is known of them, by path."""
    return tuple((raw, texts.identify(raw, limits=limits)) for raw in sorted(raws, key=lambda raw: raw.path))


def contested(names: Iterable[tuple[Raw, str]]) -> tuple[Quarantined, ...]:
    """Return the articles, given by path, whose id an earlier one has."""
    first: dict[str, str] = {}
    return tuple(_id_taken(raw, name) for raw, name in names if first.setdefault(name, raw.path) != raw.path)


def _id_taken(raw: Raw, document: str) -> Quarantined:
    return Quarantined.of(raw, Cause.ID_TAKEN, document=document)


# --- reduce: what only the corpus can decide --------------------------------------------------------------------------


def learn(worked: Worked, store: Store, known: Mapping[str, Known] = NOTHING) -> tuple[Known, ...]:
    """Return what the step over all articles needs of each: as it is known, else from its entry."""
    rest = [name for name in worked.keys.values() if name not in known]
    found = dict(zip(rest, map(Known.of, rest, _entries(rest, store)), strict=True))
    return tuple(known[name] if name in known else found[name] for name in worked.keys.values())


def resolve(
    worked: Worked, articles: Sequence[Known], decisions: Sequence[Decision], before: Register | None = None
) -> Resolution:
    """Decide over all articles who is who and which copies which, unless it was decided `before` of the very same."""
    if before and before.fingerprint == state_of(articles, decisions):
        return before.resolution
    said = (Extraction(one.document_id, one.clusters) for one in articles)
    resolution = extraction.resolve(said, corrections.corpus_wide(decisions))
    findings = tuple(corrections.restored(f, worked.own) for f in resolution.findings)
    copies = texts.copies({one.document_id: one.sketch for one in articles})
    return replace(resolution, copies=copies, findings=findings)


def census(articles: Sequence[Known], resolution: Resolution) -> dict[str, int]:
    """Return how many rows every table would have; entities are those that are named somewhere."""
    named = {
        resolution.members[one.document_id, at][0]
        for one in articles
        for at, cluster in enumerate(one.clusters)
        if cluster.forms and (one.document_id, at) in resolution.members
    }
    counts = {"documents": len(articles), "entities": len(named)}
    return counts | {name: sum(getattr(one.rows, name) for one in articles) for name in Rows.__dataclass_fields__}


def state_of(articles: Sequence[Known], decisions: Sequence[Decision]) -> str:
    """Return one sha256 over all that the step over all articles depends on."""
    names = sorted(one.key for one in articles)
    return ids.sha256(" ".join((corrections.digest(corrections.corpus_wide(decisions)), *names)).encode())


def _entries(names: Iterable[str], store: Store) -> Iterator[Entry]:
    for name in names:
        entry = store.get(name)
        if entry is None:
            raise RuntimeError(f"cache entry {name} was there a moment ago")
        yield entry


# --- the second map: rows ---------------------------------------------------------------------------------------------


def shelves(
    worked: Worked, store: Store, resolution: Resolution, project: Project, findings: list[Finding], tell: Progress
) -> Iterator[Mapping[str, Any]]:
    """Give the frames of one bucket after another, judged, and the entities last."""
    counts = []
    shelves = tables.shelves(worked.keys, total=len(worked.keys))
    for number, documents in shelves.items():
        entries = list(_entries((worked.keys[d] for d in documents), store))
        frames = tables.tabulate([(e.text, e.extraction) for e in entries], resolution, project.contract)
        remarks = (corrections.restored(f, worked.own) for e in entries for f in _remarks(e))
        findings += [*remarks, *checks.judge(frames, project.contract)]
        counts.append(tables.census(frames["mentions"]))
        yield frames
        tell("tables", number + 1, len(shelves))
    entities = {"entities": tables.tabulate_entities(resolution.entities, counts, project.contract)}
    findings += checks.judge(entities, project.contract)
    yield entities


def _remarks(entry: Entry) -> Iterable[Finding]:
    return (*entry.text.findings, *entry.extraction.findings)


def lost(intake: Intake, worked: Worked) -> tuple[Quarantined, ...]:
    """Return every input that is in quarantine, sorted."""
    return tuple(sorted((*intake.quarantined, *worked.quarantined), key=lambda q: (q.path, q.code)))
