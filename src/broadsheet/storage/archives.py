"""A package as a folder or as a zip: one way to list and to read either, and the one way a zip is written.

The zip is canonical: one folder at the top, in it `datapackage.json` first, then by name, nothing compressed (Parquet
is already, and another zlib gives other bytes), one date, one mode, no extra fields. The same files give the same
archive on every machine. Archives of earlier versions, without a folder at the top, are read too.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from broadsheet.errors import ReleaseError
from broadsheet.files import entries, open_regular
from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.package_files import DESCRIPTOR

__all__ = ["Folder", "Holder", "Zip", "archive", "extract", "opened", "opened_unchecked"]

DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say
MODE = (stat.S_IFREG | 0o644) << 16
BLOCK = 2**18  # bytes read at a time
SIZE, RATIO = 64 * 2**20, 100  # bytes a member may have, and how often its packed size beyond that
_PATH, _NAME = 1024, 255  # bytes of a path in an archive, and of each name in it
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_HEADER = 30  # bytes of the fixed part of a header before a member
_END = 22  # bytes of the record that ends the directory of a zip without a comment
_UNSAFE = re.compile(r"^/|^[A-Za-z]:|\\|[\x00-\x1f\x7f]|(^|/)\.\.?(/|$)|//")

_UNREADABLE = (
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OverflowError,
)


class Holder(Protocol):
    """A folder or an archive with the files of a package."""

    def names(self) -> tuple[str, ...]:
        """Return the paths of all files, sorted, with forward slashes."""

    def read(self, name: str) -> bytes:
        """Return the bytes of a file. Raises OSError where it is missing or not a regular file."""

    def sha256(self, name: str) -> tuple[str, int]:
        """Return the sha256 (hex digits) and the size in bytes of a file. Raises OSError as `read` does."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A package as a folder. No symbolic link is followed, at any level below the root."""

    root: Path

    def names(self) -> tuple[str, ...]:
        """Return every path below the root that is not a directory."""
        return tuple(sorted(Path(entry.path).relative_to(self.root).as_posix() for entry in entries(self.root)))

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        with open_regular(self.root, name) as handle:
            return handle.read()

    def sha256(self, name: str) -> tuple[str, int]:
        """Return the sha256 and the size of a file."""
        with open_regular(self.root, name) as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest(), handle.tell()


@dataclass(frozen=True, slots=True)
class Zip:
    """A package as a zip, open for reading: its path, for messages, and the one open file that everything is read from.

    `top` is the folder that contains everything, with a slash at its end; empty where there is none.
    """

    path: Path
    file: zipfile.ZipFile
    top: str = ""

    def names(self) -> tuple[str, ...]:
        """Return the paths of all members but directories, below the folder at the top."""
        members = (member.filename for member in self.file.infolist() if not member.filename.endswith("/"))
        return tuple(sorted(name.removeprefix(self.top) for name in members))

    def read(self, name: str) -> bytes:
        """Return the bytes of a member, also of a damaged one: the sha256 shows the damage."""
        return b"".join(self._blocks(name))

    def sha256(self, name: str) -> tuple[str, int]:
        """Return the sha256 and the size of a member."""
        data, size = hashlib.sha256(), 0
        for block in self._blocks(name):
            data.update(block)
            size += len(block)
        return data.hexdigest(), size

    def _blocks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a member; those of a stored one without the checksum of the archive, which is weaker."""
        try:
            member = self.file.getinfo(self.top + name)
            if _canonical(member):
                yield from self._stored(member)
                return
            with self.file.open(member) as handle:
                while block := handle.read(BLOCK):
                    yield block
        except _UNREADABLE as error:
            raise OSError(f"{name}: {error}") from None

    def _stored(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        at, left = member.header_offset + len(member.FileHeader()), member.file_size
        while left and (block := self._bytes(at, min(BLOCK, left))):
            at, left = at + len(block), left - len(block)
            yield block

    def _bytes(self, at: int, count: int, whence: int = os.SEEK_SET) -> bytes:
        """Return bytes of the archive itself; members that are open keep their own place."""
        assert self.file.fp
        self.file.fp.seek(at, whence)
        return self.file.fp.read(count)

    def _size(self) -> int:
        assert self.file.fp
        return self.file.fp.seek(0, os.SEEK_END)

    def faults(self) -> Iterator[Finding]:
        """Yield what is wrong with the archive itself: unsafe members, or bytes that a release does not have."""
        yield from self.unsafe_members()
        yield from self._altered()

    def unsafe_members(self) -> Iterator[Finding]:
        """Yield the members that must not be unpacked."""
        seen: set[str] = set()
        for member in self.file.infolist():
            name = member.filename
            is_known = name.casefold() in seen
            swells = member.file_size > max(SIZE, RATIO * member.compress_size)
            seen.add(name.casefold())
            if _has_unsafe_name(member) or stat.S_ISLNK(member.external_attr >> 16):
                yield _unsafe(self.path, f"the member {member.orig_filename!r} has no safe name or is a link")
            elif is_known:
                yield _unsafe(
                    self.path, f"the member {name!r} is there twice, or another has the same name in other letter case"
                )
            elif member.flag_bits & 1 or swells:
                yield _unsafe(self.path, f"the member {name!r} is encrypted or expands to {member.file_size} bytes")
            elif member.compress_type not in _PACKED:
                yield _unsafe(self.path, f"the member {name!r} is neither stored nor deflated")
        yield from self._unsafe_together()

    def _unsafe_together(self) -> Iterator[Finding]:
        """Yield what is wrong with the members together: two share bytes, or all expand to far more than the archive.

        A few kilobytes that many members share would keep a reader busy for hours (D. Fifield, "A better zip bomb",
        2019).
        """
        members = sorted(self.file.infolist(), key=lambda member: member.header_offset)
        for one, following in pairwise(members):
            if one.header_offset + _HEADER + one.compress_size > following.header_offset:
                yield _unsafe(self.path, f"the members {one.filename!r} and {following.filename!r} share bytes")
                return
        size = sum(member.file_size for member in members)
        if size > max(SIZE, RATIO * self._size()):
            yield _unsafe(self.path, f"its members expand to {size} bytes")

    def _altered(self) -> Iterator[Finding]:
        members = sorted(self.file.infolist(), key=lambda m: m.header_offset)
        offset = 0
        for member in members:
            expected = member.FileHeader() if _canonical(member) else b""
            is_next = member.header_offset == offset and expected
            if not is_next or self._bytes(offset, len(expected)) != expected:
                yield _altered(self.path, member.filename)
                return
            offset += len(expected) + member.file_size
        names = [member.filename.removeprefix(self.top) for member in members]
        if names != _ordered(names) or offset != self.file.start_dir or not self._ends_with_directory():
            yield _altered(self.path, "its directory")

    def _ends_with_directory(self) -> bool:
        """Return whether the end is the record that ends the directory: no comment, and no bytes behind it."""
        end = self._bytes(-_END, _END, os.SEEK_END)
        return end.startswith(b"PK\5\6") and end.endswith(b"\0\0")


def _has_unsafe_name(member: zipfile.ZipInfo) -> bool:
    """Return whether a member cannot be written under its name, or would be written elsewhere."""
    path = member.filename.encode("utf-8", "surrogateescape")
    lengths = [len(name) for name in path.split(b"/")]
    is_long = len(path) > _PATH or max(lengths) > _NAME
    return not path or is_long or _UNSAFE.search(member.orig_filename) is not None


def _canonical(member: zipfile.ZipInfo) -> bool:
    """Return whether the header of a member is the one that `archive` writes."""
    plain = zipfile.ZipInfo(member.filename, DATE)
    expected = (DATE, 3, MODE, 0, zipfile.ZIP_STORED, plain.create_version, b"", b"", 0, 0, member.file_size)
    flags = 0 if member.filename.isascii() else 0x800
    found = (
        *(member.date_time, member.create_system, member.external_attr, member.internal_attr, member.compress_type),
        *(member.create_version, member.extra, member.comment, member.volume, member.reserved, member.compress_size),
    )
    large = member.file_size > zipfile.ZIP64_LIMIT
    return (found == expected or large) and member.flag_bits == flags


def _ordered(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: (name != DESCRIPTOR, name))


def _unsafe(path: Path, words: str) -> Finding:
    return finding("BS607", f"{path.name}: {words}", "do not unpack it; fetch the archive again", path=path.name)


def _altered(path: Path, words: str) -> Finding:
    return finding(
        "BS608",
        f"{path.name}: {words} is not in the form of a release: the archive was packed again or changed",
        "fetch the archive again; or unpack this one and verify the folder",
        path=path.name,
    )


@contextmanager
def opened(path: Path) -> Iterator[Folder | Zip]:
    """Open a package, folder or zip. Raises ReleaseError where `path` is neither, or is a zip with an unsafe member."""
    with opened_unchecked(path) as held:
        if isinstance(held, Zip) and (wrong := next(held.unsafe_members(), None)):
            raise ReleaseError(wrong.sentence, repair=wrong.repair)
        yield held


@contextmanager
def opened_unchecked(path: Path) -> Iterator[Folder | Zip]:
    """Open a package; whoever calls this asks a zip for its faults before a member is read. Raises ReleaseError."""
    if path.is_dir():
        yield Folder(path)
        return
    with ExitStack() as stack:
        try:
            whole = path.resolve()  # a link that the user names is followed
            data = stack.enter_context(open_regular(whole.parent, whole.name))
            file = stack.enter_context(zipfile.ZipFile(data))
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            words = error.strerror if isinstance(error, OSError) and error.strerror else error
            raise ReleaseError(
                f"{path}: not the folder or the zip of a package: {words}",
                repair="name the folder with datapackage.json, or fetch the archive again",
            ) from None
        yield Zip(path, file, _top(file.namelist()))


def _top(names: list[str]) -> str:
    """Return the folder that contains all members and has a descriptor; empty where there is none.

    >>> _top(["news-1.0.0/datapackage.json", "news-1.0.0/data/claims.parquet"]), _top(["datapackage.json"])
    ('news-1.0.0/', '')
    """
    folders = {"".join(name.partition("/")[:2]) for name in names}
    top = folders.pop() if len(folders) == 1 else ""
    return top if f"{top}{DESCRIPTOR}" in names and top.endswith("/") else ""


def extract(package: Zip, to: Path) -> None:
    """Write the members of a package below a folder. Ask `faults` first.

    Raises ReleaseError where a member cannot be read, OSError where it cannot be written.
    """
    for name in package.names():
        target, data = to / name, _readable(package, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _readable(package: Zip, name: str) -> bytes:
    try:
        return package.read(name)
    except OSError as error:
        raise ReleaseError(f"{package.path}: {error}", repair="fetch the archive again") from None


def archive(folder: Path, to: Path, top: str) -> None:
    """Write the files of a folder into a canonical zip, below the folder `top`. Raises OSError."""
    with zipfile.ZipFile(to, "w", allowZip64=True) as file:
        for name in _ordered(list(Folder(folder).names())):
            member = zipfile.ZipInfo(f"{top}/{name}", DATE)
            member.create_system, member.external_attr = 3, MODE
            member.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, file.open(member, "w") as target:
                shutil.copyfileobj(source, target, BLOCK)
