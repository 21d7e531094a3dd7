"""Build: seeds and corrections become a data package."""

from __future__ import annotations

from pathlib import Path

from broadsheet.engines import EngineChoice
from broadsheet.extraction import Settings
from broadsheet.project import Project, open_project
from broadsheet.storage.last_build import LastBuild
from broadsheet.storage.staging import state_folder
from broadsheet.workflows.build_report import Report
from broadsheet.workflows.code_state import settings_for
from broadsheet.workflows.inputs import read_inputs, require_articles
from broadsheet.workflows.progress import Progress, no_progress, recorded
from broadsheet.workflows.unchanged import is_package_of, report_if_unchanged

__all__ = ["Report", "build"]


def build(
    project: Project | Path | str,
    to: Path | str | None = None,
    *,
    settings: Settings | None = None,
    engine: EngineChoice | None = None,
    use_cache: bool = True,
    progress: Progress | None = None,
) -> Report:
    """Make the data package of a project in `build/`, or in `to`.

    The old package stays until the new one is complete. An article that cannot be worked out is a row of
    `quarantine.jsonl`, not an error. Where nothing has changed since the last build, nothing is written. Raises
    ProjectError where there is no article at all, and SchemaError, SourceError, ModelError or PackageError where no
    work is possible.
    """
    opened = project if isinstance(project, Project) else open_project(Path(project))
    target = Path(to) if to else opened.build
    chosen, state = settings_for(opened, settings), state_folder(target)
    last = LastBuild.read(state.cache) if use_cache else None
    _require(opened, target, last)  # a broken schema ends the work before anything is read
    with state.staging() as staging, recorded(state, progress or no_progress) as show:
        inputs = require_articles(read_inputs(opened, staging))
        if last and (same := report_if_unchanged(last, inputs, chosen, target)):
            return same
        _require(opened, target)
        from broadsheet.storage.cache import Cache  # noqa: PLC0415 - as below
        from broadsheet.workflows import new_package  # noqa: PLC0415
        from broadsheet.workflows.stages import Run  # noqa: PLC0415

        cache = Cache(state.cache if use_cache else staging / "cache")
        run = Run(inputs, chosen, cache, cache.register(), show, staging)
        return new_package.make(run, target, state, engine)


def _require(project: Project, target: Path, last: LastBuild | None = None) -> None:
    """Raise SchemaError or PackageError where no package can be made of a project, or put at `target`.

    Nothing is judged where the last build accepted these schemas and wrote the package that is there.
    """
    if last and is_package_of(last, target, project):
        return
    from broadsheet.workflows import new_package  # noqa: PLC0415 - takes longer than to see that nothing has changed

    new_package.require_possible(project, target)
