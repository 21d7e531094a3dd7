"""The corridor: it knows the order of the rooms, and no rule of its own.

Map, reduce, map. Every article alone gives its text and what it says (cached by content, code and settings); one cheap
step over all of them decides what only the corpus can; every bucket of articles with its slice of that gives its rows.
Nothing flows back. The order of files, the number of workers and a warm cache change no byte.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache as remember
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from broadsheet import checks, corrections, extraction, ids, packages, sources, tables, texts
from broadsheet.cache import Entry, Store, key
from broadsheet.errors import ProjectError
from broadsheet.findings import finding
from broadsheet.model import Decision, Entity, Finding, Quarantined, Raw, Resolution, Skipped
from broadsheet.project import Limits, Project, open_project
from broadsheet.schema import Contract

__all__ = ["Report", "Settings", "build", "examine", "fingerprint", "freeze", "recall"]

Progress = Callable[[str, int, int], None]
LIBRARIES = ("broadsheet", "onnxruntime", "polars", "py3langid", "pyarrow", "spacy", "tokenizers")
POOL_FROM = 64  # articles to work out; below, starting workers costs more than it gives


@dataclass(frozen=True, slots=True)
class Settings:
    """How claims are read: by the trained model or by rules; `fast` takes whole-number arithmetic.

    `pipeline` names another pinned pipeline for names; without one, the project's setting or else the default.
    """

    claims: str = "model"
    fast: bool = False
    pipeline: str | None = None

    @property
    def models(self) -> Mapping[str, str]:
        """Return what the room of the models calls its settings."""
        return {"pipeline": self.pipeline} if self.pipeline else {}


@dataclass(frozen=True, slots=True)
class Report:
    """What a build made. `rows`: of every table; `cached`: the articles that were not worked out again."""

    target: Path
    rows: Mapping[str, int]
    documents: int
    quarantined: tuple[Quarantined, ...]
    skipped: tuple[Skipped, ...]
    findings: tuple[Finding, ...]
    cached: int


@dataclass(frozen=True, slots=True)
class _Intake:
    """What was found in seeds/: every input is in exactly one of the three."""

    raws: tuple[Raw, ...]
    quarantined: tuple[Quarantined, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What the work on one article depends on besides the article: sent to every worker once."""

    limits: Limits
    settings: Settings


@dataclass(frozen=True, slots=True)
class _Worked:
    """The corpus after the first map: entries by document id, and what was lost on the way."""

    keys: Mapping[str, str]
    quarantined: tuple[Quarantined, ...]
    cached: int


def build(
    project: Project | Path | str,
    to: Path | str | None = None,
    *,
    settings: Settings | None = None,
    workers: int | None = None,
    use_cache: bool = True,
    progress: Progress | None = None,
) -> Report:
    """Make the data package of a project: seeds and corrections become `build/` (or `to`).

    The old package stays until the new one is whole. Raises ProjectError where there is no article at all, and the
    errors of the rooms (SchemaError, SourceError, ModelError, PackageError) where work cannot go on; an article that
    cannot be read is a row of `quarantine.jsonl`, not an error.
    """
    house = project if isinstance(project, Project) else open_project(Path(project))
    target = Path(to) if to else house.build
    how, tell = _settled(settings or Settings(), house), progress or _silent
    contract = house.contract  # a broken schema ends the work before anything is read
    packages.published(target)
    place = packages.drawer(target)
    intake = _read(house)
    decisions, remarks = corrections.read(house.corrections, house.schemas)
    with place.locked(), packages.staged(place) as aside:
        store = Store(place.cache if use_cache else aside / "cache")
        worked = _work_out(intake, _Unit(house.limits, how), store, workers=workers, tell=tell)
        resolution = _resolve(worked, store, decisions)
        findings: list[Finding] = [*remarks, *resolution.findings]
        fresh = aside / "package"
        fresh.mkdir()
        rows = packages.package(
            _shelves(worked, store, resolution, house, findings, tell),
            fresh,
            contract=contract,
            about=_about(house, how, intake),
            quarantine=(lost := _lost(intake, worked)),
        )
        _refuse(findings)
        packages.publish(fresh, target)
        if use_cache:
            store.keep_only(set(worked.keys.values()))
    return Report(target, rows, rows["documents"], lost, intake.skipped, tuple(findings), worked.cached)


def _settled(settings: Settings, project: Project) -> Settings:
    return replace(settings, pipeline=settings.pipeline or project.settings.get("pipeline"))


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def _read(project: Project) -> _Intake:
    if not project.seeds.is_dir():
        raise ProjectError(f"{project.seeds} is missing", repair="make the folder and put articles into it")
    columns = project.settings.get("columns")
    found = list(sources.read(project.seeds, root=project.root, limits=project.limits, columns=columns))
    raws = sorted((f for f in found if isinstance(f, Raw)), key=lambda r: r.path)
    lost = sorted((f for f in found if isinstance(f, Quarantined)), key=lambda q: q.path)
    if not raws and not lost:
        raise ProjectError(
            f"{project.seeds} holds no article",
            repair="put .txt, .md, .html, .jsonl, .parquet or .warc files into it",
        )
    return _Intake(tuple(raws), tuple(lost), tuple(f for f in found if isinstance(f, Skipped)))


# --- the first map: an article alone ----------------------------------------------------------------------------------


def _work_out(intake: _Intake, unit: _Unit, store: Store, *, workers: int | None, tell: Progress) -> _Worked:
    names = [_key(raw, unit) for raw in intake.raws]
    known = {name: entry.text.document_id for name in names if (entry := store.get(name))}
    missing = [(raw, name) for raw, name in zip(intake.raws, names, strict=True) if name not in known]
    lost: list[Quarantined] = []
    for done, ((_, name), found) in enumerate(zip(missing, _each(missing, unit, store, workers), strict=True), 1):
        if isinstance(found, Quarantined):
            lost.append(found)
        else:
            known[name] = found
        tell("articles", done, len(missing))
    keys: dict[str, str] = {}
    for raw, name in zip(intake.raws, names, strict=True):
        if name in known and keys.setdefault(known[name], name) != name:
            lost.append(_id_taken(raw, known[name]))
    return _Worked(keys, tuple(lost), len(names) - len(missing))


def _each(
    missing: Sequence[tuple[Raw, str]], unit: _Unit, store: Store, workers: int | None
) -> Iterator[str | Quarantined]:
    """Give the document id, or the quarantine row, of one article after another, in order."""
    count = workers or (len(os.sched_getaffinity(0)) if len(missing) >= POOL_FROM else 1)
    work = partial(_one, unit=unit, store=store)
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


def _alone(item: tuple[Raw, str], work: Callable[[tuple[Raw, str]], str | Quarantined]) -> str | Quarantined:
    """Work out one article in a process of its own; quarantine it if that dies too."""
    try:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver")) as pool:
            return pool.submit(work, item).result()
    except BrokenProcessPool:
        raw, _ = item
        return Quarantined(
            raw.path,
            raw.sha256,
            "extraction",
            "BS390",
            f"{raw.path}: the process that read it died twice",
            "look at the article; leave it out of seeds/ if it cannot be mended",
        )


def _one(item: tuple[Raw, str], *, unit: _Unit, store: Store) -> str | Quarantined:
    """Work out one article and keep what it gave. Pure but for the entry it writes."""
    raw, name = item
    text = texts.normalise(raw, limits=unit.limits)
    if isinstance(text, Quarantined):
        return text
    found = extraction.extract(text, _models(unit.settings))
    store.put(name, Entry(text, found, texts.sketch(text)))
    return text.document_id


@remember
def _models(settings: Settings) -> extraction.Models:
    return extraction.Models.load(settings.models, claims=settings.claims, fast=settings.fast)


def _key(raw: Raw, unit: _Unit) -> str:
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
    )


@remember
def _state(settings: Settings) -> str:
    """Name the code, the libraries and the settings."""
    return f"{ids.code_digest()} {settings} {' '.join(f'{name} {version(name)}' for name in LIBRARIES)}"


def recall(project: Project, raws: Iterable[Raw], settings: Settings | None = None) -> Iterator[Entry | None]:
    """Give what the last build kept of one article after another; None where it kept nothing, or they changed since."""
    unit = _Unit(project.limits, _settled(settings or Settings(), project))
    store = Store(packages.drawer(project.build).cache)
    yield from (store.get(_key(raw, unit)) for raw in raws)


def _id_taken(raw: Raw, document: str) -> Quarantined:
    return Quarantined(
        raw.path,
        raw.sha256,
        "sources",
        "BS190",
        f"{raw.path}: its id {document!r} belongs to an earlier path",
        "declare an id in its front matter or record, or rename the file",
    )


# --- reduce: what only the corpus can decide --------------------------------------------------------------------------


def _resolve(worked: _Worked, store: Store, decisions: tuple[Decision, ...]) -> Resolution:
    entries = _entries(worked.keys.values(), store)
    sketches: dict[str, tuple[int, ...]] = {}

    def said() -> Iterator[Any]:
        for entry in entries:
            sketches[entry.text.document_id] = entry.sketch
            yield entry.extraction

    resolution = extraction.resolve(said(), decisions)
    return replace(resolution, copies=texts.copies(sketches))


def _entries(names: Iterable[str], store: Store) -> Iterator[Entry]:
    for name in names:
        entry = store.get(name)
        if entry is None:
            raise RuntimeError(f"cache entry {name} was there a moment ago")
        yield entry


# --- the second map: rows ---------------------------------------------------------------------------------------------


def _shelves(
    worked: _Worked, store: Store, resolution: Resolution, project: Project, findings: list[Finding], tell: Progress
) -> Iterator[Mapping[str, Any]]:
    """Give the frames of one bucket after another, judged, and the entities last."""
    counts = []
    shelves = tables.shelves(worked.keys, total=len(worked.keys))
    for number, documents in shelves.items():
        entries = list(_entries((worked.keys[d] for d in documents), store))
        frames = tables.tabulate([(e.text, e.extraction) for e in entries], resolution, project.contract)
        findings += [*(f for e in entries for f in _remarks(e)), *checks.judge(frames, project.contract)]
        counts.append(tables.census(frames["mentions"]))
        yield frames
        tell("tables", number + 1, len(shelves))
    entities = {"entities": tables.tabulate_entities(resolution.entities, counts, project.contract)}
    findings += checks.judge(entities, project.contract)
    yield entities


def _remarks(entry: Entry) -> Iterable[Finding]:
    return (*entry.text.findings, *entry.extraction.findings)


def _refuse(findings: Iterable[Finding]) -> None:
    """Stop before a package is published that our own schemas call wrong: that is a bug of ours."""
    wrong = [f for f in findings if f.code.startswith("BS4") and f.severity == "error"]
    if wrong:
        raise RuntimeError(f"{len(wrong)} rows do not fit their schemas; the first: {wrong[0].code} {wrong[0].message}")


def _lost(intake: _Intake, worked: _Worked) -> tuple[Quarantined, ...]:
    return tuple(sorted((*intake.quarantined, *worked.quarantined), key=lambda q: (q.path, q.code)))


# --- what the package says of itself ----------------------------------------------------------------------------------


def _about(project: Project, settings: Settings, intake: _Intake) -> dict[str, Any]:
    """Return the descriptor without its resources: what people wrote, and what this was made from."""
    written = {k: v for k, v in project.descriptor.items() if k not in {"resources", "broadsheet"}}
    return written | {
        "broadsheet": {
            "libraries": {name: version(name) for name in LIBRARIES},
            "models": extraction.provenance(settings.models, claims=settings.claims, fast=settings.fast),
            "inputs": {"count": len(intake.raws) + len(intake.quarantined), "sha256": fingerprint(project)},
            "skipped": [{"path": s.path, "rule": s.rule} for s in intake.skipped],
        }
    }


def fingerprint(project: Project) -> str:
    """Return one sha256 over seeds, corrections and schemas: what a package is older than, or not."""
    folders = (project.seeds, project.corrections, project.schemas)
    files = sorted(p for folder in folders if folder.is_dir() for p in folder.rglob("*") if p.is_file())
    lines = (f"{p.relative_to(project.root).as_posix()} {ids.sha256(p.read_bytes())}" for p in files)
    return ids.sha256("\n".join(lines).encode("utf-8", "surrogateescape"))


# --- judging ---------------------------------------------------------------------------------------------------------


def examine(path: Path, *, oracle: bool = False) -> tuple[Finding, ...]:
    """Judge a package, or a whole dataset repository: its map, schemas, seeds, corrections and what was built of them.

    `oracle` lets frictionless judge the tables too. Raises ProjectError or PackageError where nothing can be judged.
    """
    if not (path / "schemas").is_dir() or not (path / "seeds").is_dir():
        return checks.validate(path, oracle=oracle)
    project = open_project(path)
    contract = project.contract
    intake = _read(project)
    lost = [finding(q.code, q.reason, q.repair, path=q.path) for q in intake.quarantined]
    for raw in intake.raws:
        text = texts.normalise(raw, limits=project.limits)
        if isinstance(text, Quarantined):
            lost.append(finding(text.code, text.reason, text.repair, path=text.path))
        else:
            lost.extend(text.findings)
    _, remarks = corrections.read(project.corrections, project.schemas)
    return (*(_softened(f) for f in lost), *remarks, *_built(project, contract, oracle=oracle))


def _softened(found: Finding) -> Finding:
    """A quarantined input is a warning for who judges the repository: the package says so and is whole."""
    return replace(found, severity="warning") if found.severity == "error" else found


def _built(project: Project, contract: Contract, *, oracle: bool) -> tuple[Finding, ...]:
    if not (project.build / "datapackage.json").is_file():
        return (
            finding("BS591", "build/ holds no package", "build it: broadsheet build", path="build/datapackage.json"),
        )
    found = checks.validate(project.build, contract=contract, oracle=oracle)
    return found if any(f.severity == "error" for f in found) else (*found, *_stale(project))


def _stale(project: Project) -> tuple[Finding, ...]:
    made = packages.load(project.build).descriptor.get("broadsheet", {}).get("inputs", {}).get("sha256")
    if made == fingerprint(project):
        return ()
    words = "build/ was made from other seeds, corrections or schemas than stand here now"
    return (finding("BS590", words, "build again: broadsheet build", path="build/datapackage.json"),)


def freeze(project: Project) -> tuple[Path, int]:
    """Write the entities of the built package as decisions below those there are; return the file and their number.

    Raises PackageError, and ProjectError where the file that is there has rows that cannot be kept.
    """
    decisions, wrong = corrections.read(project.corrections, project.schemas)
    if wrong:
        raise ProjectError(wrong[0].message, repair=wrong[0].repair)
    entities = packages.load(project.build).entities.collect().iter_rows(named=True)
    known = [Entity(e["entity_id"], e["name"], e["type"], e["wikidata_id"]) for e in entities]
    path = project.corrections / "entities.csv"
    project.corrections.mkdir(exist_ok=True)
    path.write_text(corrections.freeze(known, decisions), encoding="utf-8")
    return path, len(known)
