"""Replace a file, or exchange two directories, in one step.

Directories are exchanged by renameat2 with RENAME_EXCHANGE on Linux, elsewhere by three renames.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

__all__ = ["exchange", "replace_file", "sync"]

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
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside `path`, then put it in its place. Raises OSError, also where a device or a pipe is there."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is not an ordinary file", str(path))
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    sync(beside)
    beside.replace(path)
