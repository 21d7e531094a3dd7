"""The corridor: it knows the order of the rooms, and no rule of its own. Nothing flows back.

A corpus is read, worked out and put on shelves (`corpus`); here that becomes a package, and a package gets its verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from broadsheet import corrections, extraction, packages
from broadsheet.model import Decision, Finding
from broadsheet.project import Project, fingerprint, open_project
from broadsheet.quarantine import Quarantined, Skipped
from broadsheet.storage.cache import Store, note
from broadsheet.workflows import stages
from broadsheet.workflows.stages import LIBRARIES, Progress, Settings

__all__ = ["Report", "Settings", "build"]


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
    how, tell = stages.settled(settings or Settings(), house), progress or stages.silent
    contract = house.contract  # a broken schema ends the work before anything is read
    packages.published(target)
    place = packages.drawer(target)
    intake = stages.read(house)
    decisions, remarks = corrections.read(house.corrections, house.schemas)
    with place.locked(), packages.staged(place) as aside:
        store = Store(place.cache if use_cache else aside / "cache")
        unit = stages.unit_of(house, how, decisions)
        worked = stages.work_out(intake, unit, store, workers=workers, tell=tell)
        articles = stages.learn(worked, store)
        resolution = stages.resolve(worked, articles, decisions)
        homeless = corrections.without_article(decisions, worked.keys)
        findings: list[Finding] = [*remarks, *homeless, *resolution.findings]
        fresh = aside / "package"
        fresh.mkdir()
        rows = packages.package(
            stages.shelves(worked, store, resolution, house, findings, tell),
            fresh,
            contract=contract,
            about=_about(house, how, intake, decisions),
            quarantine=(lost := stages.lost(intake, worked)),
        )
        _refuse(findings)
        packages.publish(fresh, target)
        note(place.folder, fingerprint(house), [f for f in findings if _is_of_corrections(f)])
        if use_cache:
            store.keep_only(set(worked.keys.values()))
            store.enrol(stages.state_of(articles, decisions), articles, resolution)
    return Report(target, rows, rows["documents"], lost, intake.skipped, tuple(findings), worked.cached)


def _refuse(findings: Iterable[Finding]) -> None:
    """Stop before a package is published that our own schemas call wrong: that is a bug of ours."""
    wrong = [f for f in findings if f.code.startswith("BS4") and f.severity == "error"]
    if wrong:
        raise RuntimeError(
            f"{len(wrong)} rows do not fit their schemas; the first: {wrong[0].code} {wrong[0].sentence}"
        )


# --- what the package says of itself ----------------------------------------------------------------------------------


def _about(
    project: Project, settings: Settings, intake: stages.Intake, decisions: Sequence[Decision]
) -> dict[str, Any]:
    """Return the descriptor without its resources: what people wrote, and what this was made from."""
    written = {k: v for k, v in project.descriptor.items() if k not in {"resources", "broadsheet"}}
    return written | {
        "broadsheet": {
            "libraries": {name: version(name) for name in LIBRARIES},
            "models": dict(extraction.provenance(settings)),
            "inputs": {"count": len(intake.raws) + len(intake.quarantined), "sha256": fingerprint(project)},
            "skipped": [{"path": s.path, "rule": s.rule} for s in intake.skipped],
            "decisions": {
                "corpus": corrections.digest(corrections.corpus_wide(decisions)),
                "documents": {d: corrections.digest(rows) for d, rows in sorted(corrections.own(decisions).items())},
            },
        }
    }


def _is_of_corrections(found: Finding) -> bool:
    return (found.path or "").startswith("corrections/")
