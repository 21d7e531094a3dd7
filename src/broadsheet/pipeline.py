"""The corridor: it knows the order of the rooms, and no rule of its own. Nothing flows back.

A corpus is read, worked out and put on shelves (`corpus`); here that becomes a package, and a package gets its verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from broadsheet import checks, corpus, corrections, extraction, ids, packages, texts
from broadsheet.cache import Store, note, noted
from broadsheet.corpus import LIBRARIES, Progress, Settings, recall
from broadsheet.errors import PackageError, ProjectError
from broadsheet.findings import finding
from broadsheet.model import Decision, Entity, Finding, Quarantined, Skipped, Tier
from broadsheet.project import Project, open_project
from broadsheet.schema import Contract
from broadsheet.whereabouts import once, placed

__all__ = ["Report", "Settings", "build", "declarations", "examine", "fingerprint", "freeze", "recall"]


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
    how, tell = corpus.settled(settings or Settings(), house), progress or corpus.silent
    contract = house.contract  # a broken schema ends the work before anything is read
    packages.published(target)
    place = packages.drawer(target)
    intake = corpus.read(house)
    decisions, remarks = corrections.read(house.corrections, house.schemas)
    with place.locked(), packages.staged(place) as aside:
        store = Store(place.cache if use_cache else aside / "cache")
        unit = corpus.unit_of(house, how, decisions)
        worked = corpus.work_out(intake, unit, store, workers=workers, tell=tell)
        articles = corpus.learn(worked, store)
        resolution = corpus.resolve(worked, articles, decisions)
        homeless = corrections.homeless(decisions, worked.keys)
        findings: list[Finding] = [*remarks, *homeless, *resolution.findings]
        fresh = aside / "package"
        fresh.mkdir()
        rows = packages.package(
            corpus.shelves(worked, store, resolution, house, findings, tell),
            fresh,
            contract=contract,
            about=_about(house, how, intake, decisions),
            quarantine=(lost := corpus.lost(intake, worked)),
        )
        _refuse(findings)
        packages.publish(fresh, target)
        note(place.folder, fingerprint(house), [f for f in findings if _is_of_corrections(f)])
        if use_cache:
            store.keep_only(set(worked.keys.values()))
            store.enrol(corpus.state_of(articles, decisions), articles, resolution)
    return Report(target, rows, rows["documents"], lost, intake.skipped, tuple(findings), worked.cached)


def _refuse(findings: Iterable[Finding]) -> None:
    """Stop before a package is published that our own schemas call wrong: that is a bug of ours."""
    wrong = [f for f in findings if f.code.startswith("BS4") and f.severity == "error"]
    if wrong:
        raise RuntimeError(f"{len(wrong)} rows do not fit their schemas; the first: {wrong[0].code} {wrong[0].message}")


# --- what the package says of itself ----------------------------------------------------------------------------------


def _about(
    project: Project, settings: Settings, intake: corpus.Intake, decisions: Sequence[Decision]
) -> dict[str, Any]:
    """Return the descriptor without its resources: what people wrote, and what this was made from."""
    written = {k: v for k, v in project.descriptor.items() if k not in {"resources", "broadsheet"}}
    return written | {
        "broadsheet": {
            "libraries": {name: version(name) for name in LIBRARIES},
            "models": extraction.provenance(settings.models, claims=settings.claims, fast=settings.fast),
            "inputs": {"count": len(intake.raws) + len(intake.quarantined), "sha256": fingerprint(project)},
            "skipped": [{"path": s.path, "rule": s.rule} for s in intake.skipped],
            "decisions": {
                "corpus": corrections.digest(corrections.corpus_wide(decisions)),
                "documents": {d: corrections.digest(rows) for d, rows in sorted(corrections.own(decisions).items())},
            },
        }
    }


def fingerprint(project: Project) -> str:
    """Return one sha256 over seeds, corrections and schemas: what a package is older than, or not."""
    folders = (project.seeds, project.corrections, project.schemas)
    files = sorted(p for folder in folders if folder.is_dir() for p in folder.rglob("*") if p.is_file())
    lines = (f"{p.relative_to(project.root).as_posix()} {ids.sha256(p.read_bytes())}" for p in files)
    return ids.sha256("\n".join(lines).encode("utf-8", "surrogateescape"))


# --- judging ---------------------------------------------------------------------------------------------------------


def examine(path: Path, *, oracle: bool = False, tier: Tier = "quality") -> tuple[Finding, ...]:
    """Judge a package, or a whole dataset repository: its map, schemas, seeds, corrections and what was built of them.

    `oracle` lets frictionless judge the tables too; at the tier "release" logical hashes are compared. Raises
    ProjectError or PackageError where nothing can be judged.
    """
    if not (path / "schemas").is_dir() or not (path / "seeds").is_dir():
        return checks.validate(path, oracle=oracle, tier=tier)
    project = open_project(path)
    contract, declared = project.contract, checks.declared(declarations(path))
    intake = corpus.read(project)
    decisions, remarks = corrections.read(project.corrections, project.schemas)
    looked = _looked_at(project, intake, decisions)
    said = (*remarks, *corrections.homeless(decisions, looked.documents), *looked.gone)
    judged = _built(project, contract, oracle=oracle, tier=tier)
    mended = _placed(judged, project, intake, [*corrections.corpus_wide(decisions), *looked.anchored])
    odd = once((*(_softened(f) for f in looked.remarks), *mended))
    return (*declared, *odd, *said, *_unheard(project, said))


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the articles show without the models: what is odd about them, and where the words of decisions stand."""

    documents: frozenset[str]
    remarks: tuple[Finding, ...]
    anchored: tuple[Decision, ...]
    gone: tuple[Finding, ...]


def _looked_at(project: Project, intake: corpus.Intake, decisions: Sequence[Decision]) -> _Looked:
    own = corrections.own(decisions)
    remarks = [finding(q.code, q.reason, q.repair, path=q.path) for q in intake.quarantined]
    found: dict[str, tuple[tuple[Decision, ...], tuple[Finding, ...]]] = {}
    for raw in intake.raws:
        text = texts.normalise(raw, limits=project.limits)
        if isinstance(text, Quarantined):
            remarks.append(finding(text.code, text.reason, text.repair, path=text.path))
            continue
        anchored, gone = corrections.anchor(own.get(text.document_id, ()), text.text)
        found.setdefault(text.document_id, (anchored, gone))  # of two with one id the later is in quarantine
        remarks.extend(texts.amend(text, anchored).findings)
    places = tuple(one for anchored, _ in found.values() for one in anchored)
    return _Looked(frozenset(found), tuple(remarks), places, tuple(one for _, gone in found.values() for one in gone))


def declarations(root: Path) -> dict[str, bytes]:
    """Return the map and the schemas of a repository as they stand, by path."""
    files = [root / "datapackage.json", *sorted((root / "schemas").rglob("*.json"))]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files if path.is_file()}


def _placed(
    found: tuple[Finding, ...], project: Project, intake: corpus.Intake, decisions: Sequence[Decision]
) -> tuple[Finding, ...]:
    """Put what was found about rows of the package where a person can mend it, if the package can be read."""
    if all(one.path for one in found):
        return found
    try:
        tables = packages.load(project.build)
    except PackageError:
        return found
    return placed(found, tables, {raw.path: raw for raw in intake.raws}, decisions)


def _is_of_corrections(found: Finding) -> bool:
    return (found.path or "").startswith("corrections/")


def _unheard(project: Project, said: Sequence[Finding]) -> Iterator[Finding]:
    """Give what only a build can find of the corrections, if the last one was made from what stands here now."""
    known = frozenset(said)
    kept = noted(packages.drawer(project.build).folder, fingerprint(project))
    yield from (f for f in kept if f not in known)


def _softened(found: Finding) -> Finding:
    """A quarantined input is a warning for who judges the repository: the package says so and is whole."""
    return replace(found, severity="warning") if found.severity == "error" else found


def _built(project: Project, contract: Contract, *, oracle: bool, tier: Tier) -> tuple[Finding, ...]:
    if not (project.build / "datapackage.json").is_file():
        return (
            finding("BS591", "build/ holds no package", "build it: broadsheet build", path="build/datapackage.json"),
        )
    found = checks.validate(project.build, contract=contract, oracle=oracle, tier=tier)
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
