"""The results of earlier builds: an entry for each article, a register of all of them, and what the last one reported.

An entry is a file named by its key, which covers everything its content depends on. Beside it is the reading of the
article: what the models found before any decision, so that a decision does not make them run again. Both are
MessagePack, compressed with zlib. The register is one file: what the steps over all articles need of each, and what
they decided. Every file begins with the sha256 of the rest; a damaged file counts as missing. Nothing is unpickled, and
no time stamp decides anything.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from broadsheet import ids
from broadsheet.files import read_regular
from broadsheet.findings.quarantine import Record
from broadsheet.model import Finding, Reading
from broadsheet.storage import register
from broadsheet.storage.atomic import naming
from broadsheet.storage.register import Register
from broadsheet.storage.summaries import Entry

__all__ = ["Cache", "LastBuild", "key"]

_REGISTER, _LAST = "register", "last-build.json"
_LEVEL: Final = 1  # of zlib: a third of the size; more effort gains a fiftieth
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What the last build reported: its rows by table, findings, and the articles that are no documents.

    `failed` are the findings about these, `quarantined` the articles themselves.
    `inputs` is the fingerprint of its inputs. `made_of` names these and everything else that the package depends on,
    `package` the package and the schemas by which its rows were judged.
    """

    inputs: str
    made_of: str
    package: str
    rows: Mapping[str, int]
    findings: tuple[Finding, ...]
    failed: tuple[Finding, ...]
    quarantined: tuple[Record, ...]

    @property
    def only_of_a_build(self) -> tuple[Finding, ...]:
        """Return the findings that only a build can make: about decisions, and about articles that failed."""
        return (*(found for found in self.findings if (found.path or "").startswith("corrections/")), *self.failed)


def key(*parts: str) -> str:
    """Return the key of an entry: the sha256 of everything its content depends on.

    >>> key("a", "bc") == key("ab", "c")
    False
    """
    return ids.sha256("\0".join(parts).encode("utf-8", "surrogateescape"))


_ENTRY, _READING = msgspec.msgpack.Decoder(Entry), msgspec.msgpack.Decoder(Reading)


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder with the entries, the register and the findings of earlier builds."""

    folder: Path

    def get(self, name: str) -> Entry | None:
        """Return the entry of a key; None where it is missing or damaged."""
        entry: Entry | None = _unpacked(_ENTRY, self._path(name))
        return entry

    def put(self, name: str, entry: Entry) -> None:
        """Write an entry as a whole or not at all. Raises OSError where the folder cannot be written."""
        _write(self._path(name), _packed(entry))

    def reading(self, name: str) -> Reading | None:
        """Return the reading of a key; None where it is missing or damaged."""
        found: Reading | None = _unpacked(_READING, self._path(name))
        return found

    def put_reading(self, name: str, found: Reading) -> None:
        """Write a reading as a whole or not at all. Raises OSError where the folder cannot be written."""
        _write(self._path(name), _packed(found))

    def register(self) -> Register | None:
        """Return the register of the last build; None where it is missing or damaged."""
        return register.read(self.folder / _REGISTER)

    def write_register(self, found: Register) -> None:
        """Write the register as a whole or not at all; the order of the articles changes no byte.

        Raises OSError where the folder cannot be written.
        """
        with _replaced(self.folder / _REGISTER) as temporary:
            register.write(found, temporary)

    def keep_only(self, names: Collection[str]) -> None:
        """Remove every entry and reading but these, and what a build that was killed left of the other files."""
        left = (path for name in (_REGISTER, _LAST) for path in self.folder.glob(f"{name}.*"))
        for path in sorted((*self.folder.glob("*/*"), *left)):
            if path.name not in names:
                path.unlink(missing_ok=True)

    def last_build(self) -> LastBuild | None:
        """Return what the last build reported; None where that is missing or damaged."""
        body = _whole(self.folder / _LAST)
        try:
            return msgspec.json.decode(body, type=LastBuild) if body else None
        except msgspec.DecodeError:
            return None

    def write_last_build(self, last: LastBuild) -> None:
        """Write what a build reports as a whole or not at all. Raises OSError where the folder cannot be written."""
        _write(self.folder / _LAST, msgspec.json.encode(last))

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name


def _whole(path: Path) -> bytes | None:
    """Return what was written into a file; None where it is missing or is not that."""
    try:
        digest, _, body = read_regular(path.parent, path.name).partition(b"\n")
    except OSError:
        return None
    return body if digest.decode("ascii", "replace") == ids.sha256(body) else None


def _packed(value: Entry | Reading) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(value), _LEVEL)


def _unpacked(decoder: msgspec.msgpack.Decoder[T], path: Path) -> T | None:
    """Return the value that was packed into a file; None where it is missing or is not what was written."""
    body = _whole(path)
    try:
        return decoder.decode(zlib.decompress(body)) if body else None
    except (zlib.error, msgspec.DecodeError):
        return None


def _write(path: Path, body: bytes) -> None:
    with _replaced(path) as temporary:
        temporary.write_bytes(ids.sha256(body).encode() + b"\n" + body)


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """Yield the path of a file that takes the place of another one, once it is written."""
    with naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        yield temporary
        temporary.replace(path)
