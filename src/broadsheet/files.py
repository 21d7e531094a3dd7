"""Open a file that others may have made: inside its folder, never through a link, and only a regular file.

A contributor can commit a symbolic link that points anywhere, and a folder can contain a pipe that never ends. Every
file of a project and of a package is opened here; articles are opened in `sources/open_file`, which also hashes them.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

__all__ = ["LARGEST", "entries", "exists", "open_below", "open_regular", "read_regular"]

LARGEST: Final = 256 * 2**20
"""Bytes that are read of one file, unless the caller sets another limit."""

_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NOT_REGULAR: Final = frozenset({errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.ENOTDIR})


def exists(root: Path, name: str) -> bool:
    """Return whether something is at a path below a folder, a broken link included."""
    return os.path.lexists(root / name)


def entries(folder: Path, enter: Callable[[os.DirEntry[str]], bool] | None = None) -> Iterator[os.DirEntry[str]]:
    """Yield every entry below a folder that is not a folder itself, in no order, however deep; links are not followed.

    A folder that `enter` refuses, or that cannot be listed, is an entry too. Raises OSError for `folder` alone.
    """
    with os.scandir(folder) as found:
        waiting = list(found)
    while waiting:
        entry = waiting.pop()
        inside = _listed(entry) if entry.is_dir(follow_symlinks=False) and (not enter or enter(entry)) else None
        if inside is None:
            yield entry
        else:
            waiting += inside


def _listed(entry: os.DirEntry[str]) -> list[os.DirEntry[str]] | None:
    try:
        with os.scandir(entry.path) as found:
            return list(found)
    except OSError:
        return None


@contextmanager
def _open_folder(folder: Path) -> Iterator[int]:
    """Yield the handle of a folder, which may be a link itself, because its user names it. Raises OSError."""
    handle = os.open(folder, _FOLDER)
    try:
        yield handle
    finally:
        os.close(handle)


def open_regular(root: Path, name: str) -> io.BufferedReader:
    """Open a file at a POSIX path below a folder for reading.

    Raises OSError, with a message for people, where a part of the path is a link, or the file is not regular.
    """
    with _named(root / name), _open_folder(root) as handle:
        return open_below(handle, name)


def open_below(folder: int, name: str) -> io.BufferedReader:
    """Open a file at a POSIX path below an open folder. Raises OSError as `open_regular` does.

    All files that are opened below one handle are of one folder, even if another takes its place meanwhile.
    """
    *folders, file = name.split("/")
    here = os.dup(folder)
    try:
        for part in folders:
            inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        handle = os.open(file, _READ, dir_fd=here)
    except ValueError as error:  # a NUL in the path
        raise OSError(errno.EINVAL, str(error), name) from None
    except OSError as error:
        raise _refusal(error, name) from None
    finally:
        os.close(here)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise _not_regular(name)


def read_regular(root: Path, name: str, limit: int = LARGEST) -> bytes:
    """Return the bytes of a file below a folder. Raises OSError as `open_regular` does, or if it is too large."""
    with open_regular(root, name) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it has more than {limit} bytes", str(root / name))
    return data


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Name the whole path in an error, not the part below its folder."""
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def _refusal(error: OSError, name: str) -> OSError:
    return _not_regular(name) if error.errno in _NOT_REGULAR else OSError(error.errno, error.strerror, name)


def _not_regular(name: str) -> OSError:
    return OSError(errno.EINVAL, "it is, or lies behind, a link, a folder, a pipe or a device; expected a file", name)
