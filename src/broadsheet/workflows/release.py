"""Release and rehydrate: from a project to a release, and from a release back to its inputs."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from broadsheet import git, ids, releases, sources
from broadsheet.errors import ReleaseError
from broadsheet.files import exists, read_regular
from broadsheet.model import Decision, Finding, Raw, Text
from broadsheet.project import Limits, Project, open_project
from broadsheet.releases import Account, ReleaseOptions, account
from broadsheet.releases.upload import is_url, upload
from broadsheet.workflows.articles import normalise
from broadsheet.workflows.build import build
from broadsheet.workflows.inputs import Inputs, read_inputs
from broadsheet.workflows.installation import locked_dependencies
from broadsheet.workflows.validate import judge

__all__ = ["rehydrate", "release"]

CHANGELOG = "CHANGELOG.md"
LICENCES = ("LICENSE", "LICENSE-DATA")
QUESTIONS = "docs/questions.md"
LOCKS = ("requirements/run.txt", "requirements/dev.txt", "requirements/broadsheet.txt", "requirements.txt")
RELEASED = (*git.KEPT, *LICENCES, CHANGELOG, QUESTIONS, *LOCKS)  # what a release is made from


def release(
    project: Project | Path | str,
    to: Path | str | None = None,
    options: ReleaseOptions | None = None,
    report: Callable[[Account], None] | None = None,
) -> Path | str:
    """Make a release of what was built: a folder and a zip in `to` (`dist/` of the project, or an fsspec URL).

    In `options`, `since` may also be a git tag, which is built again. `report` is called with what the release contains
    and lacks. Raises ReleaseError where the dataset has an error (also one that only matters for a release), where the
    version does not fit the changes, or was tagged or released with other content.
    """
    opened, asked = _opened(project), options or ReleaseOptions()
    _require_no_error(opened)
    _require_untagged(opened, may_replace=asked.replace)
    inputs = read_inputs(opened)
    target = str(to or opened.root / "dist")
    with _package_of(opened, asked.since) as before, _local(target) as folder:
        extras = replace(_extras(opened.root), decisions=_decided(inputs), software=locked_dependencies())
        made = releases.release(opened.build, opened.descriptor, folder, replace(asked, since=before), extras)
        place = upload(made, target, may_replace=asked.replace) if is_url(target) else made
        if report:
            report(account(made))
        return place


def _opened(project: Project | Path | str) -> Project:
    return project if isinstance(project, Project) else open_project(Path(project))


def _require_no_error(project: Project) -> None:
    """Raise ReleaseError where `validate --tier release` finds an error, such as a package older than its inputs."""
    wrong = [found for found in judge(project.root, tier="release") if found.severity == "error"]
    if wrong:
        first, count = wrong[0], len(wrong)
        raise ReleaseError(
            f"{count} error{'s' * (count > 1)}, the first: {first.code}: {first.sentence}",
            repair=f"{first.repair}; `broadsheet validate --tier release` lists what is to be corrected",
        )


def _require_untagged(project: Project, *, may_replace: bool) -> None:
    """Raise ReleaseError where the version is tagged with other content, or is tagged and to be replaced."""
    tag = git.tag_of(project.root, project.version)
    if tag is None:
        return
    differing = list(git.compare(project.root, f"refs/tags/{tag}", RELEASED))
    if differing or may_replace:
        words = f"has other content: {differing[0]} differs" if differing else "exists: its release is not replaced"
        raise ReleaseError(
            f"the tag {tag} {words}",
            repair="raise version in datapackage.json; a tag that others may have is not moved",
        )


def _decided(inputs: Inputs) -> tuple[Decision, ...]:
    """Return the decisions. Raises ReleaseError where a row about rights cannot be carried out."""
    wrong = [found for found in inputs.findings if found.path == "corrections/rights.csv"]
    if wrong:
        raise ReleaseError(wrong[0].sentence, repair=wrong[0].repair)
    return inputs.decisions


def _extras(root: Path) -> releases.Extras:
    """Read the files of the project that a release takes along: licences, questions, changelog, hashes of lock files.

    In the questions, the paths of the tables become those of a release.
    """
    licences = _contents(root, LICENCES)
    questions = _contents(root, (QUESTIONS,))
    if questions:
        questions = {releases.QUESTIONS: questions[QUESTIONS].replace(b"build/", b"data/")}
    locks = {name: ids.sha256(data) for name, data in _contents(root, LOCKS).items()}
    changelog = _contents(root, (CHANGELOG,)).get(CHANGELOG, b"")
    return releases.Extras(licences | questions, changelog.decode("utf-8"), locks)


def _contents(root: Path, names: Sequence[str]) -> dict[str, bytes]:
    try:
        return {name: read_regular(root, name) for name in names if exists(root, name)}
    except OSError as error:
        raise ReleaseError(
            f"{error.filename} cannot be read: {error.strerror}", repair="put the file itself in its place"
        ) from None


# --- the release before -----------------------------------------------------------------------------------------------


@contextmanager
def _package_of(project: Project, since: str | Path | None) -> Iterator[Path | None]:
    """Yield the package that `since` names; a git tag is checked out into a temporary folder and built."""
    if since is None or Path(since).exists():
        yield Path(since) if since else None
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "tag"
        _checked_out(project.root, str(since), root)
        yield build(root, Path(folder) / "build").target


def _checked_out(root: Path, tag: str, to: Path) -> None:
    command = ["git", "-C", str(root), "archive", "--format=tar", f"refs/tags/{tag}"]
    try:
        done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - fixed words
    except (OSError, subprocess.CalledProcessError):
        raise ReleaseError(
            f"{tag} is neither a folder, nor a zip, nor a tag of this repository",
            repair="name the release before: its folder, its zip or its tag (git tag lists them)",
        ) from None
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as members:
        members.extractall(to, filter="data")


# --- where to ---------------------------------------------------------------------------------------------------------


@contextmanager
def _local(target: str) -> Iterator[Path]:
    if not is_url(target):
        yield Path(target)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


# --- whole again ------------------------------------------------------------------------------------------------------


def rehydrate(package: Path | str, folder: Path | str, to: Path | str) -> tuple[Finding, ...]:
    """Put the texts back into a package that was released without them, from a folder with the articles.

    Files are recognised by the sha256 of the article's bytes; names and places do not matter. Raises ReleaseError,
    SourceError.
    """
    place, limits = Path(folder), Limits()
    wanted = releases.withheld_sources(Path(package))
    found: dict[str, Text] = {}
    for raw in sources.read(place, root=place, limits=limits):
        names = wanted.get(raw.sha256, ()) if isinstance(raw, Raw) else ()
        text = normalise(raw, limits) if names and isinstance(raw, Raw) else None
        if isinstance(text, Text):
            found |= dict.fromkeys(names, text)
    return releases.rehydrate(Path(package), found, Path(to))
