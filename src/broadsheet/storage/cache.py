"""The results of earlier builds: an entry for each article, and a register of all of them.

An entry is a file named by its key, which covers everything its content depends on. Beside it is the reading of the
article: what the models found before any decision, so that a decision does not make them run again. Both are
MessagePack, compressed with zlib. The register is one file: what the steps over all articles need of each, and what
they decided. Every file begins with the sha256 of the rest; a damaged file counts as missing. Nothing is unpickled, and
no time stamp decides anything.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from broadsheet.model import Reading
from broadsheet.storage import last_build, register, whole_files
from broadsheet.storage.columns import Words
from broadsheet.storage.register import Register
from broadsheet.storage.summaries import Entry

__all__ = ["Cache"]

_REGISTER: Final = "register"
_LEVEL: Final = 1  # of zlib: a third of the size; more effort gains a fiftieth
T = TypeVar("T")


_ENTRY, _READING = msgspec.msgpack.Decoder(Entry), msgspec.msgpack.Decoder(Reading)


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder with the entries and the register of earlier builds; `last_build` is about its other file."""

    folder: Path

    def get(self, name: str) -> Entry | None:
        """Return the entry of a key; None where it is missing or damaged."""
        entry: Entry | None = _unpacked(_ENTRY, self._path(name))
        return entry

    def put(self, name: str, entry: Entry) -> None:
        """Write an entry as a whole or not at all. Raises OSError where the folder cannot be written."""
        whole_files.write(self._path(name), _packed(entry))

    def reading(self, name: str) -> Reading | None:
        """Return the reading of a key; None where it is missing or damaged."""
        found: Reading | None = _unpacked(_READING, self._path(name))
        return found

    def put_reading(self, name: str, found: Reading) -> None:
        """Write a reading as a whole or not at all. Raises OSError where the folder cannot be written."""
        whole_files.write(self._path(name), _packed(found))

    def register(self) -> Register | None:
        """Return the register of the last build; None where it is missing or damaged."""
        return register.read(self.folder / _REGISTER)

    def write_register(self, found: Register) -> None:
        """Write the register as a whole or not at all; the order of the articles changes no byte.

        Raises OSError where the folder cannot be written.
        """
        with whole_files.replaced(self.folder / _REGISTER) as temporary:
            register.write(found, temporary)

    def keep_only(self, names: Iterable[str]) -> None:
        """Remove every entry and reading but these, and what a build that was killed left of the other files."""
        wanted: defaultdict[str, Words] = defaultdict(Words)  # by folder: all together, they would be many objects
        for name in names:
            wanted[name[:2]].append(name)
        for folder in sorted(path for path in self.folder.glob("*") if path.is_dir()):
            kept = set(wanted[folder.name])
            for path in sorted(folder.glob("*")):
                if path.name not in kept:
                    path.unlink(missing_ok=True)
        for name in (_REGISTER, last_build.FILE):
            for path in sorted(self.folder.glob(f"{name}.*")):
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name


def _packed(value: Entry | Reading) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(value), _LEVEL)


def _unpacked(decoder: msgspec.msgpack.Decoder[T], path: Path) -> T | None:
    """Return the value that was packed into a file; None where it is missing or is not what was written."""
    body = whole_files.read(path)
    try:
        return decoder.decode(zlib.decompress(body)) if body else None
    except (zlib.error, msgspec.DecodeError):
        return None
