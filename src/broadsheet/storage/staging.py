"""A place beside the target: what is written is written there, and published whole by one exchange of directories."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from broadsheet.errors import PackageError
from broadsheet.storage.atomic import exchange

__all__ = ["Drawer", "drawer", "publish", "staged"]


@dataclass(frozen=True, slots=True)
class Drawer:
    """`.broadsheet/` beside a package: cache, lock and staging, never part of it."""

    folder: Path

    @property
    def cache(self) -> Path:
        """Return the folder of the cache."""
        return self.folder / "cache"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock: a second build waits. What a killed build left in staging is swept."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = (self.folder / "lock").open("w")
        except OSError as error:
            raise _unwritable(self.folder.parent, error) from None
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            for left in sorted(self.folder.glob("staging-*")):
                shutil.rmtree(left, ignore_errors=True)
            yield


def drawer(target: Path) -> Drawer:
    """Return the drawer beside a package folder."""
    return Drawer(target.absolute().parent / ".broadsheet")


@contextmanager
def staged(place: Drawer) -> Iterator[Path]:
    """Give a folder to write a package in, gone afterwards unless it was published."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="staging-", dir=place.folder))
    except OSError as error:
        raise _unwritable(place.folder, error) from None
    try:
        folder.chmod(0o755)
        yield folder
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, target: Path) -> None:
    """Put a finished folder in the place of `target` in one step, everything synced first. Raises PackageError."""
    try:
        for path in sorted(folder.rglob("*")):
            _sync(path)
        _sync(folder)
        exchange(folder, target)
        _sync(target.parent)
    except OSError as error:
        raise _unwritable(target, error) from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(place: Path, error: OSError) -> PackageError:
    return PackageError(
        f"{error.filename or place} cannot be written: {error.strerror or error}",
        repair="make room, or give the right to write there, or name another place with --to (the old one is whole)",
    )
