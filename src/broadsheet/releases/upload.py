"""Copy a release to a place that fsspec knows, such as a bucket."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from broadsheet.errors import ReleaseError
from broadsheet.package_files import SUMS
from broadsheet.releases.release import refuse_other_content

__all__ = ["is_url", "upload"]


def is_url(target: str) -> bool:
    """Return whether a target is a URL, not a folder.

    >>> is_url("s3://bucket/news"), is_url("dist")
    (True, False)
    """
    return "://" in target


def upload(made: Path, target: str, *, may_replace: bool = False) -> str:
    """Copy the folder and the zip of a release to a URL; return the URL of the folder.

    Raises ReleaseError where it cannot be written, or where this version is there with other content and is not to be
    replaced.
    """
    place = target.rstrip("/")
    try:
        files: Any = import_module("fsspec")  # comes with frictionless; only a URL needs it
        system, root = files.core.url_to_fs(target)
        system.invalidate_cache()
        folder = f"{root.rstrip('/')}/{made.name}"
        earlier = None if may_replace else _released(system, folder)
        refuse_other_content(f"{place}/{made.name}", (made / SUMS).read_bytes(), earlier)
        _copy(made, system, folder)
    except ReleaseError:
        raise
    except ImportError as error:
        ours = place.startswith(("s3://", "s3a://"))
        raise ReleaseError(
            f"{place} cannot be written to: {_line(error)}",
            repair="pip install 'broadsheet[s3]'" if ours else "install the fsspec driver of this kind of URL",
        ) from None
    except Exception as error:  # every driver raises errors of its own, without a common base class
        raise ReleaseError(
            f"{place} cannot be written to: {_line(error)}",
            repair="check that the bucket exists, and that endpoint and credentials are set (docs/releasing.md)",
        ) from error
    return f"{place}/{made.name}"


def _copy(made: Path, system: Any, folder: str) -> None:
    """Copy the files, remove others from the folder, and write the zip last: where it is, the release is complete."""
    files = {f"{folder}/{path.relative_to(made).as_posix()}": path for path in made.rglob("*") if path.is_file()}
    for name, path in sorted(files.items(), key=lambda item: (item[1].name == SUMS, item)):
        if not system.async_impl:  # the others are object stores: no folders, and makedirs creates a missing bucket
            system.makedirs(name.rpartition("/")[0], exist_ok=True)
        system.put_file(str(path), name)
    for name in system.find(folder):
        if name.startswith(f"{folder}/") and name not in files:
            system.rm_file(name)
    system.put_file(f"{made}.zip", f"{folder}.zip")


def _released(system: Any, folder: str) -> bytes | None:
    """Return the checksums of the release that is there: empty where only its zip is left, None where there is none."""
    sums = f"{folder}/{SUMS}"
    if system.exists(sums):
        return bytes(system.cat_file(sums))
    return b"" if system.exists(f"{folder}.zip") else None


def _line(error: Exception) -> str:
    """Return the message of a driver in one line."""
    return (" ".join(str(error).split()) or type(error).__name__)[:300]
