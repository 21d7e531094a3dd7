"""Files that are written as a whole or not at all, each with the sha256 of the rest as its first line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broadsheet import ids
from broadsheet.files import read_regular
from broadsheet.storage.atomic import naming

__all__ = ["read", "replaced", "write"]


def read(path: Path) -> bytes | None:
    """Return what was written into a file; None where it is missing or is not that."""
    try:
        digest, _, body = read_regular(path.parent, path.name).partition(b"\n")
    except OSError:
        return None
    return body if digest.decode("ascii", "replace") == ids.sha256(body) else None


def write(path: Path, body: bytes) -> None:
    """Write a file as a whole or not at all. Raises OSError where the folder cannot be written."""
    with replaced(path) as temporary:
        temporary.write_bytes(ids.sha256(body).encode() + b"\n" + body)


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield the path of a file that takes the place of another one, once it is written."""
    with naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        yield temporary
        temporary.replace(path)
