"""A package is written into a staging folder beside its target, and published by one exchange of directories."""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broadsheet.errors import PackageError
from broadsheet.storage.atomic import exchange, sync

__all__ = ["StateFolder", "publish", "state_folder", "zip_of"]

_LOCK: Final = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class StateFolder:
    """`.broadsheet/` beside a package: cache, lock, staging and the record of failures; never part of the package."""

    folder: Path

    @property
    def cache(self) -> Path:
        """Return the folder of the cache."""
        return self.folder / "cache"

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Yield a staging folder under the lock; it is removed afterwards, unless it was published.

        A second build waits for the lock. Staging folders of a build that was killed are removed. Raises PackageError
        where nothing can be written.
        """
        with self._locked():
            self._sweep()
            try:
                yield self._new()
            except OSError as error:
                raise _unwritable(self.folder, error) from error
            finally:
                self._sweep()  # by its pattern: a signal may come before the name of the folder is known

    def is_locked(self) -> bool:
        """Return whether a build holds the lock, here or on another machine that shares the folder."""
        try:
            handle = os.open(self.folder / "lock", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def _new(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="staging-", dir=self.folder))
        folder.chmod(0o755)
        return folder

    def _sweep(self) -> None:
        for old in sorted(self.folder.glob("staging-*")):
            shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if self.folder.is_symlink():
            raise PackageError(
                f"{self.folder} is a symbolic link; expected a folder: what lies in it is written and removed",
                repair=f"remove the link: rm {shlex.quote(str(self.folder))}",
            )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / "lock", _LOCK, 0o666)
        except OSError as error:
            raise _unwritable(self.folder.parent, error) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            with suppress(OSError):  # nothing was written to it
                os.close(handle)


def state_folder(target: Path) -> StateFolder:
    """Return the state folder beside a package folder.

    >>> state_folder(Path("/data/build")).folder.as_posix()
    '/data/.broadsheet'
    """
    return StateFolder(target.absolute().parent / ".broadsheet")


def publish(folder: Path, target: Path, packed: Path | None = None) -> None:
    """Put a finished folder at `target` in one step, everything synced first. Raises PackageError.

    `packed`, a zip of it, takes its place right after: NAME.zip beside `target`. A process that is killed between the
    two steps leaves the new folder beside the old zip.
    """
    place = zip_of(target)
    try:
        for path in (*sorted(folder.rglob("*")), folder, *([packed] if packed else [])):
            sync(path)
        exchange(folder, target)
        if packed:
            packed.replace(place)
        sync(target.parent)
    except OSError as error:
        raise _unwritable(target, error) from error


def zip_of(target: Path) -> Path:
    """Return the path of the zip of a release, from that of its folder."""
    return target.with_name(f"{target.name}.zip")


def _unwritable(place: Path, error: OSError) -> PackageError:
    return PackageError(
        f"{error.filename or place} cannot be written: {error.strerror or error}",
        repair="free some space, allow writing there, or name another place with --to; the package there is whole",
    )
