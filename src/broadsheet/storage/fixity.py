"""Fixity: whether every file of a package has its checksum, and if not, which file and which part of it.

`sha256sum -c SHA256SUMS` checks a folder as well. This module also finds files that are not listed, reads an archive
without unpacking it, compares the descriptor with the list, finds mixed and older packages by the root hash, and names
the row group of a damaged page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broadsheet import ids, strict_json
from broadsheet.errors import ReleaseError
from broadsheet.files import read_regular
from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.package_files import DESCRIPTOR, SUMS, TableFile, resources_of, table_files
from broadsheet.storage.archives import Folder, Holder, Zip, opened, opened_unchecked
from broadsheet.storage.checksums import FETCH_OR_BUILD, KEEP_LINE_ENDS, LINE, line_of

__all__ = ["root_hash", "root_hash_or_empty", "sums", "verify"]

_EXPECTED: Final = "a sha256, two spaces and a path that is listed once"


@dataclass(frozen=True, slots=True)
class _Files:
    """The listed files (path → sha256), the files that are there, and those of tables with the name of their table."""

    listed: Mapping[str, str]
    found: Mapping[str, tuple[str, int]]
    of_tables: Mapping[str, tuple[str, TableFile]]


def sums(folder: Path) -> str:
    """Return the lines of SHA256SUMS for every file of a folder and its folders but itself, sorted by path."""
    held = Folder(folder)
    return "".join(line_of(held.sha256(name)[0], name) for name in held.names() if name != SUMS)


def root_hash(path: Path) -> str:
    """Return the one hash that identifies a package: the sha256 of its SHA256SUMS. Raises ReleaseError."""
    with opened(path) as held:
        try:
            return ids.sha256(held.read(SUMS))
        except OSError:
            raise ReleaseError(f"{path}: {SUMS} is missing", repair=FETCH_OR_BUILD) from None


def root_hash_or_empty(folder: Path) -> str:
    """Return the root hash of a package in a folder; the empty string where it has no SHA256SUMS."""
    try:
        return ids.sha256(read_regular(folder, SUMS))
    except OSError:
        return ""


def verify(path: Path, *, expect_root: str | None = None) -> tuple[Finding, ...]:
    """Check the fixity of a package, folder or zip; an empty tuple means that it is complete.

    `expect_root` is the root hash that its maker published: with it, an older or a mixed package is found too. Raises
    ReleaseError where `path` is not a package.
    """
    with opened_unchecked(path) as held:
        faults = tuple(held.faults()) if isinstance(held, Zip) else ()
        if any(fault.code == "BS607" for fault in faults):
            return faults
        return (*faults, *_verify(held, path, expect_root))


def _verify(held: Holder, path: Path, expect_root: str | None) -> Iterator[Finding]:
    try:
        data = held.read(SUMS)
    except OSError:
        yield finding("BS602", f"{path.name}: {SUMS} is missing: nothing can be checked", FETCH_OR_BUILD, path=SUMS)
        return
    if expect_root is not None and ids.sha256(data) != expect_root.removeprefix("sha256:").lower():
        words = f"{path.name}: the root hash is {ids.sha256(data)}, expected {expect_root}"
        yield finding("BS606", words, "this is another version or another package; fetch the right one", path=SUMS)
    listed, wrong = _parse(data)
    yield from wrong
    names = [name for name in held.names() if name != SUMS]
    files = _Files(listed, _digests(held, names), _of_tables(held))
    yield from _judge(files, held)
    yield from _described(files)


def _parse(data: bytes) -> tuple[dict[str, str], list[Finding]]:
    listed: dict[str, str] = {}
    wrong = list(_line_ends(data))
    text = data.replace(b"\r\n", b"\n").decode("utf-8", "backslashreplace")
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        match = LINE.fullmatch(line)
        if match is None or match["path"] in listed:
            words = f"{SUMS}:{number}: {line[:80]!r}"
            wrong.append(finding("BS605", words, FETCH_OR_BUILD, path=SUMS, line=number, expected=_EXPECTED))
        else:
            listed[match["path"]] = match["sha256"]
    return listed, wrong


def _line_ends(data: bytes) -> Iterator[Finding]:
    """Yield one finding for all line ends that were changed, as git does where `core.autocrlf` is set."""
    if b"\r\n" in data:
        words = f"{SUMS}: the line ends are CRLF, expected LF"
        yield finding("BS605", words, KEEP_LINE_ENDS, path=SUMS)


def _digests(held: Holder, names: list[str]) -> dict[str, tuple[str, int]]:
    found = {}
    for name in names:
        try:
            found[name] = held.sha256(name)
        except OSError:  # a link, a pipe, a device: a package does not contain any
            found[name] = ("", 0)
    return found


def _judge(files: _Files, held: Holder) -> Iterator[Finding]:
    owners = {digest: name for name, digest in files.listed.items()}
    places = {digest: name for name, (digest, _) in files.found.items()}
    for name, digest in sorted(files.listed.items()):
        if name not in files.found:
            other = places.get(digest)
            here = f"; its bytes are in {other!r}" if other and other not in files.listed else ""
            repair = f"rename it back, or {FETCH_OR_BUILD}" if here else FETCH_OR_BUILD
            yield finding("BS602", f"{name} is missing{here}", repair, path=name)
        elif files.found[name][0] != digest:
            yield _damaged(name, files, owners)
            yield from _pages(held, name, files)
    for name in sorted(files.found.keys() - files.listed.keys()):
        words = f"{name} is not listed in {SUMS}"
        yield finding("BS603", words, "remove it: a release does not contain it", path=name)


def _damaged(name: str, files: _Files, owners: Mapping[str, str]) -> Finding:
    digest, size = files.found[name]
    _, file = files.of_tables.get(name, ("", TableFile(name)))
    expected = file.size
    if not digest:
        words = "it is not a regular file"
    elif digest in owners:
        words = f"it has the content of {owners[digest]!r}"
    elif expected is not None and size != expected:
        words = f"it has {size} bytes, expected {expected}"
    else:
        words = f"its sha256 is {digest}, expected {files.listed[name]}"
    return finding("BS601", f"{name} is not the file that was released: {words}", FETCH_OR_BUILD, path=name)


def _pages(held: Holder, name: str, files: _Files) -> Iterator[Finding]:
    """Yield the row groups and columns of a Parquet file whose page checksums do not match."""
    if not name.endswith(".parquet"):
        return
    from broadsheet.storage.parquet_damage import damaged_pages  # noqa: PLC0415 - pyarrow, where nothing is damaged

    try:
        broken = damaged_pages(io.BytesIO(held.read(name)))
    except (OSError, ValueError) as error:  # of pyarrow too
        first = str(error).split("\n", 1)[0][:120]
        yield finding("BS604", f"{name}: the footer cannot be read: {first}", FETCH_OR_BUILD, path=name)
        return
    table, _ = files.of_tables.get(name, (Path(name).stem, None))
    for group, columns in broken.items():
        words = f"{name}: row group {group}: damaged pages in {', '.join(columns)}"
        yield finding("BS604", words, FETCH_OR_BUILD, path=name, table=table, column=columns[0])


# --- the descriptor ---------------------------------------------------------------------------------------------------


def _of_tables(held: Holder) -> dict[str, tuple[str, TableFile]]:
    """Return the files of all tables by path, each with the name of its table.

    There are none where the descriptor cannot be read, which is reported by its hash.
    """
    try:
        found = strict_json.parse(held.read(DESCRIPTOR))
    except (OSError, ValueError, RecursionError):
        return {}
    return {file.path: (str(one.get("name")), file) for one in resources_of(found) for file in table_files(one)}


def _described(files: _Files) -> Iterator[Finding]:
    """Compare the hashes of the descriptor with the list: either may have been edited alone."""
    for path, (table, file) in files.of_tables.items():
        digest = file.hash.removeprefix("sha256:")
        if files.listed.get(path) != digest:
            there = files.listed.get(path)
            words = f"{DESCRIPTOR} names the sha256 {digest or 'of nothing'} for {path}, {SUMS} {there}"
            yield finding("BS605", words, FETCH_OR_BUILD, path=DESCRIPTOR, table=table)
