"""Replace a file, or exchange two directories, in one step.

Directories are exchanged by renameat2 with RENAME_EXCHANGE on Linux, elsewhere by three renames.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

__all__ = ["exchange", "naming", "replace_file", "sync", "write_named"]

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def exchange(new: Path, target: Path) -> None:
    """Put `new` at `target`; the directory that was at `target`, if any, is at `new` afterwards. Raises OSError.

    Both must be on one file system. A process that is killed at any point leaves the old or the new directory whole,
    as a trace of every system call shows.
    """
    if not target.exists():
        new.rename(target)
    elif not _atomic(new, target):
        old = new.with_name(f"{new.name}-old")
        target.rename(old)
        new.rename(target)
        old.rename(new)


def _atomic(new: Path, target: Path) -> bool:
    """Exchange in one step; False where the system has no such call."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(target), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {22, 38, 95}:  # EINVAL, ENOSYS, EOPNOTSUPP: the file system cannot do it
        return False
    raise OSError(number, os.strerror(number), str(target))


def sync(path: Path) -> None:
    """Have the system write a file or folder to the disk. Raises OSError."""
    with naming(path):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside `path`, then put it in its place. Raises OSError, also where a device or a pipe is there.

    The file beside is a new one: what a process that was killed left there, or a link that somebody put there, is
    removed first. Two processes that write into one folder do it one after the other.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is not an ordinary file", str(path))
    with naming(path), _locked(path.parent) as folder:
        beside = f".{path.name}.new"
        with suppress(FileNotFoundError):
            os.unlink(beside, dir_fd=folder)
        _write_new(beside, content, folder)
        os.replace(beside, path.name, src_dir_fd=folder, dst_dir_fd=folder)


def write_named(path: Path, content: bytes) -> None:
    """Write a file that the user named. Raises OSError.

    It is replaced as `replace_file` does, behind a link too; a pipe or a device takes the bytes as they come.
    """
    if (path.exists() and not path.is_file()) or path.absolute().is_relative_to("/dev"):
        with path.open("wb") as out:
            out.write(content)
    else:
        replace_file(path.resolve(), content)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the file in an error of the system: that of a write, a sync or a close names none."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[int]:
    """Yield the handle of a folder, locked against other processes that write into it; death releases the lock."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _write_new(name: str, content: bytes, folder: int) -> None:
    """Write a file that does not exist yet, down to the disk; nothing is left of it where that fails."""
    try:
        with os.fdopen(os.open(name, _NEW, 0o666, dir_fd=folder), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        with suppress(OSError):
            os.unlink(name, dir_fd=folder)
        raise
