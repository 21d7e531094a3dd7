"""What the operating system refused, in words: a file cannot be read, cannot be written, or is gone."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable
from typing import Final, NamedTuple

__all__ = ["Refusal", "memory_limit", "refusal"]


class Refusal(NamedTuple):
    """A sentence that says what is wrong, and what makes it good."""

    message: str
    repair: str


_LEAST_MEMORY: Final = 2**30  # bytes of address space; below it libraries end the process while they are imported
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_UNWRITABLE: Final = frozenset({errno.EROFS, errno.EBADF})
_GONE: Final = frozenset({errno.ENOENT, errno.ESTALE})
_REFUSED: Final = frozenset({errno.EACCES, errno.EPERM})


def refusal(error: OSError | MemoryError) -> Refusal:
    """Return an error of the operating system, or that memory is used up, in words.

    >>> refusal(OSError(errno.ENOSPC, "No space left on device", "/data/build"))
    Refusal(message='/data/build cannot be written: No space left on device', repair='free some space')
    """
    if isinstance(error, MemoryError):
        return _memory()
    place = _place(error)
    verb, repair = next((words for applies, words in _WORDS if applies(error)), ("cannot be used", "run it again"))
    return Refusal(f"{place} {verb}: {error.strerror or error}", repair)


def _place(error: OSError) -> str:
    return os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else "standard output or a file"


def memory_limit() -> Refusal | None:
    """Return in words that the limit on the memory of the process is below what libraries need, if it is."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY or limit >= _LEAST_MEMORY else _memory()


def _memory() -> Refusal:
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return Refusal("there is not enough memory", "end other programs, or use one process: --workers 1")
    words = f"there is not enough memory: the process is allowed {limit // 2**20} MiB of address space"
    return Refusal(words, "raise the limit: ulimit -v unlimited; one process needs the least: --workers 1")


def _is_unwritable(error: OSError) -> bool:
    """Return whether a refusal concerns writing: the file is not there, or it can be read."""
    refused = error.errno in _REFUSED and isinstance(error.filename, str | bytes)
    return error.errno in _UNWRITABLE or (refused and _can_be_read(error.filename))


def _can_be_read(path: str | bytes) -> bool:
    return os.access(path, os.R_OK) if os.path.lexists(path) else os.access(os.path.dirname(path) or ".", os.X_OK)


_WORDS: Final[tuple[tuple[Callable[[OSError], bool], tuple[str, str]], ...]] = (
    (lambda error: error.errno in _FULL, ("cannot be written", "free some space")),
    (
        lambda error: error.errno in _GONE,
        ("is gone", "put it back, or run it again when nothing changes the files"),
    ),
    (_is_unwritable, ("cannot be written", "allow writing there, or name another place")),
    (lambda error: error.errno in _REFUSED, ("cannot be read", "allow reading it: chmod +r, and +x for its folders")),
    (lambda error: error.errno == errno.EIO, ("cannot be read or written", "see the log of the system: dmesg")),
    (lambda error: error.errno == errno.ENAMETOOLONG, ("cannot be used", "shorten the name, or move the folder up")),
)
