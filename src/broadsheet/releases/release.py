"""Write a release: `NAME-VERSION/` and `NAME-VERSION.zip`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from broadsheet.errors import PackageError, ReleaseError
from broadsheet.model import Decision
from broadsheet.package_files import SUMS
from broadsheet.releases.assemble import CHANGELOG, Ingredients, assemble, checked, ingredients, opened_package
from broadsheet.releases.bill_of_materials import BILL, bill_of_materials
from broadsheet.releases.compare import Changes, DiffSide, compare
from broadsheet.releases.diff_report import changelog, to_parquet
from broadsheet.releases.rights import WITH_TEXT, Files, Mode, frame_of, withheld, without
from broadsheet.releases.versions import is_enough, next_version
from broadsheet.storage.archives import archive, opened
from broadsheet.storage.staging import publish, state_folder, zip_of

__all__ = [
    "ALREADY",
    "Extras",
    "ReleaseOptions",
    "diff",
    "refuse_other_content",
    "release",
    "step_from",
    "usual_rights",
]

ALREADY: Final = (
    "raise version in datapackage.json; or, while it is not tagged and nobody has a copy of it, add --replace"
)
FULL: Final = "full"


@dataclass(frozen=True, slots=True)
class ReleaseOptions:
    """How a release is made.

    `version` must agree with `datapackage.json`. `since` is the release before: a folder or zip (in the workflow also a
    git tag); the version must be as far from it as the changes require. `text` says which texts are included; with
    `full` the names end in `-full`. `exports` are names of modules in `releases/exports`. With `replace`, a release of
    the same version with other content is replaced.
    """

    version: str | None = None
    since: Path | str | None = None
    text: Mode = "auto"
    exports: frozenset[str] = frozenset()
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Extras:
    """What a project adds to its release.

    `files` are copied as they are (licences), `locks` are sha256 by path, and `decisions` say whose text may be
    published and which rows are right (other decisions are ignored). `software` is the requirements file, with hashes,
    of what made the rows: its bill of materials is written.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    changelog: str = ""
    locks: Mapping[str, str] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    software: bytes = b""


def diff(old: Path, new: Path) -> Changes:
    """Return what changed between two packages, folders or zips.

    Raises ReleaseError where one is damaged, is not a package, or has a key twice (naming the keys).
    """
    for path in (old, new):
        checked(path)
    return compare(DiffSide(*opened_package(old)), DiffSide(*opened_package(new)))


def release(
    package: Path,
    descriptor: Mapping[str, Any],
    to: Path,
    options: ReleaseOptions | None = None,
    extras: Extras | None = None,
) -> Path:
    """Write `NAME-VERSION/` and `NAME-VERSION.zip` into the folder `to`; return the folder of the release.

    `descriptor` is the project's `datapackage.json`, which gives the version and the moment of the release. Raises
    ReleaseError where none can be made, also where this version was released with other content; PackageError where it
    cannot be written.
    """
    asked, added = options or ReleaseOptions(), extras or Extras()
    _require_version(descriptor, asked.version)
    parts = ingredients(package, descriptor, added.decisions)
    changes = _since(Path(asked.since), parts) if asked.since else None
    beside = {**parts.beside, **added.files, **_history(parts, added.changelog, changes)}
    beside[BILL] = bill_of_materials(added.software, parts.about)
    about = _with_locks(parts.about, added.locks)
    whole = replace(parts, about=about, text=asked.text, beside=beside, exports=asked.exports)
    return _publish(whole, to, may_replace=asked.replace)


def step_from(since: Path, package: Path, descriptor: Mapping[str, Any]) -> Changes:
    """Return what changed since the release before. Raises ReleaseError where the version is too small a step for it.

    `descriptor` is the project's `datapackage.json`; `package` is what was built.
    """
    return _since(since, ingredients(package, descriptor))


def _require_version(descriptor: Mapping[str, Any], version: str | None) -> None:
    written = str(descriptor.get("version", ""))
    if version is not None and version.removeprefix("v") != written:
        raise ReleaseError(
            f"asked for version {version}, but the version in datapackage.json is {written or 'missing'}",
            repair=f"set version and created in datapackage.json, or tag v{written}",
        )


def _since(since: Path, parts: Ingredients) -> Changes:
    """Compare with the release before as everybody may see it. Raises ReleaseError where the version is too small."""
    checked(since)
    old_descriptor, old_schemas, old_tables = opened_package(since)
    old = Ingredients({**old_descriptor, "broadsheet": parts.about["broadsheet"]}, old_schemas, old_tables)
    before = DiffSide({**old_descriptor, "broadsheet": old_descriptor.get("broadsheet", {})}, old_schemas, _public(old))
    changes = compare(before, DiffSide(parts.about, parts.schemas, _public(parts)))
    was, now = changes.versions
    if not is_enough(was, now, changes.step):
        smallest = next_version(was, changes.step)
        reasons = [f"{change.place}: {change.words}" for change in changes.schema if change.step == changes.step]
        why = f" ({'; '.join(reasons)[:200]})" if reasons else ""
        raise ReleaseError(
            f"version {now} is too small a step after {was}: the changes require a step of {changes.step}{why}",
            repair=f'set "version": "{smallest}" in datapackage.json; `broadsheet diff` shows the changes',
        )
    return changes


def _public(parts: Ingredients) -> dict[str, Files]:
    """Return the tables as everybody may see them: withheld texts are null."""
    documents = frame_of(parts.tables["documents"])
    hidden = withheld(documents, parts.about["broadsheet"].get("rights", ()), "auto")
    names = [name for name in WITH_TEXT if name in parts.tables] if hidden else []
    return {**parts.tables, **{name: without(parts.tables[name], parts.schemas[name], hidden) for name in names}}


def _with_locks(about: Mapping[str, Any], locks: Mapping[str, str]) -> dict[str, Any]:
    return {**about, "broadsheet": {**about["broadsheet"], "release": {"locks": dict(sorted(locks.items()))}}}


def _history(parts: Ingredients, changelog_of_project: str, changes: Changes | None) -> dict[str, bytes]:
    """Return the changelog and, if there was a release before, the table of changes since then."""
    counts = {name: frame_of(files, columns=[]).height for name, files in parts.tables.items()}
    day = str(parts.about.get("created", ""))[:10]
    words = changelog(changelog_of_project, str(parts.about.get("version")), day, changes, counts)
    delta = {f"changes/since-{changes.versions[0]}.parquet": to_parquet(changes)} if changes else {}
    return {CHANGELOG: words.encode(), **delta}


def _publish(parts: Ingredients, to: Path, *, may_replace: bool) -> Path:
    ending = f"-{FULL}" if parts.text == FULL else ""
    target = to / f"{parts.about.get('name')}-{parts.about.get('version')}{ending}"
    with state_folder(target).staging() as staging:
        folder, packed = staging / "release", staging / "release.zip"
        folder.mkdir()
        assemble(parts, folder)
        sums = (folder / SUMS).read_bytes()
        for earlier in () if may_replace else (target, zip_of(target)):
            refuse_other_content(str(earlier), sums, _sums_of(earlier) if earlier.exists() else None)
        try:
            usual_rights(folder)
            archive(folder, packed, target.name)
            packed.chmod(0o644)
            publish(folder, target, packed)
        except OSError as error:
            raise PackageError(
                f"{error.filename or target} cannot be written: {error.strerror or error}",
                repair="make room, or name another place with --to",
            ) from None
    return target


def _sums_of(package: Path) -> bytes:
    """Return the list of checksums of an earlier release; empty where it cannot be read."""
    try:
        with opened(package) as held:
            return held.read(SUMS)
    except (ReleaseError, OSError):
        return b""


def refuse_other_content(place: str, sums: bytes, earlier: bytes | None) -> None:
    """Raise ReleaseError where a version was released with other content.

    `sums` is the SHA256SUMS of the new release, `earlier` that of the release at `place`, None where there is none.
    """
    if earlier is not None and earlier != sums:
        raise ReleaseError(f"{place} was released with other content", repair=ALREADY)


def usual_rights(folder: Path) -> None:
    """Give every file and folder the usual permissions, whatever the umask of the user."""
    for path in sorted(folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o755)
