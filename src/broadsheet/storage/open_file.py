"""A file that stays open, whatever becomes of its name: bytes are read from and written at places."""

from __future__ import annotations

import errno
import os
import weakref

__all__ = ["OpenFile"]


class OpenFile:
    """A file that stays open as long as this object is there, whatever becomes of its name."""

    __slots__ = ("__weakref__", "_handle")

    def __init__(self, handle: int) -> None:
        self._handle = os.dup(handle)
        weakref.finalize(self, os.close, self._handle)

    def read(self, place: int, size: int) -> bytes:
        """Return the bytes at a place. Raises OSError, also where the file is shorter."""
        found = os.pread(self._handle, size, place)
        if len(found) != size:
            raise OSError(errno.EIO, "a file for temporary use is shorter than it was")
        return found

    def write(self, place: int, data: bytes) -> None:
        """Write bytes at a place. Raises OSError."""
        while data:
            count = os.pwrite(self._handle, data, place)
            place, data = place + count, data[count:]
