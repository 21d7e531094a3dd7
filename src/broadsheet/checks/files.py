"""The second layer: which files there are, and whether they are the ones that were described. Nothing is parsed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from broadsheet.checks.descriptor_file import Resource, listed_files, opened_file, unsafe
from broadsheet.checks.rules import Ledger, shown
from broadsheet.schema.descriptor import DESCRIPTOR, SUMS

__all__ = ["sound"]

KNOWN = {DESCRIPTOR, SUMS}
BESIDE = {"README.md", "quarantine.jsonl"}  # what a build writes too; SHA256SUMS lists them
AGAIN = "fetch the package again, or build it again: broadsheet build"
CHUNK = 2**18  # bytes read at once
LONGEST_LIST = 2**26  # bytes of SHA256SUMS
LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}
_LINE = re.compile(r"(?P<hex>[0-9a-f]{64})  (?P<name>[^\n]+)")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file's size in bytes and its sha256."""

    size: int
    sha256: str


def sound(folder: Path, resources: Iterable[Resource], named: set[str], ledger: Ledger) -> tuple[Resource, ...]:
    """Return the tables whose files are there and are the ones described.

    `named` are paths of resources that were already found wanting; they count as listed.
    """
    there = dict(listed_files(folder))
    tables = tuple(resources)
    seen: dict[str, _Seen] = {}
    good = tuple(r for r in tables if _present(r, folder, there, ledger) and _unchanged(r, folder, seen, ledger))
    listed = {p for r in tables for p in r.paths} | named
    sums = _sums(folder, there, ledger) if SUMS in there else None
    if sums is None and SUMS not in there and any(r.facts for r in tables):
        ledger.add("BS510", f"{SUMS} is missing; expected the list of all checksums", AGAIN, path=SUMS)
    if sums is not None:
        refused = {p for r in tables if r not in good for p in r.paths}
        _compare(folder, there, sums, refused, seen, ledger)
    for path in sorted(set(there) - listed - KNOWN - (BESIDE if sums is None else set(sums))):
        if SUMS in there and path in BESIDE and sums is not None:
            ledger.add("BS514", f"{SUMS} has no line for {path}", AGAIN, path=path)
        else:
            _unlisted(path, there[path], ledger)
    return good


def _unlisted(path: str, status: os.stat_result, ledger: Ledger) -> None:
    size = f"{status.st_size} bytes"
    mend = "move it out of the package, or list it"
    ledger.add("BS511", f"{shown(path)} ({size}) is listed nowhere", mend, path=shown(path, bare=True))


def _present(resource: Resource, folder: Path, there: Mapping[str, os.stat_result], ledger: Ledger) -> bool:
    verdicts = [_is_file(folder, path, there, ledger, resource.name) for path in resource.paths]  # every one is told
    return all(verdicts)


def _is_file(folder: Path, path: str, there: Mapping[str, os.stat_result], ledger: Ledger, table: str | None) -> bool:
    place = folder / path
    if any((folder / parent).is_symlink() for parent in (path, *map(str, Path(path).parents))):
        ledger.add(
            "BS502", f"{path} is or lies behind a symbolic link", "put the file itself there", path=path, table=table
        )
        return False
    if path not in there and not place.exists():
        ledger.add("BS510", f"{path} is missing; {DESCRIPTOR} lists it", AGAIN, path=path, table=table)
        return False
    if not place.is_file():
        ledger.add("BS516", f"{path} is no regular file", "replace it with the file", path=path, table=table)
        return False
    return True


def _unchanged(resource: Resource, folder: Path, seen: dict[str, _Seen], ledger: Ledger) -> bool:
    """Compare hash and size with the descriptor; of the two, one finding."""
    algorithm, expected = _declared(resource)
    alone = algorithm == "sha256" and len(resource.paths) == 1  # the digest every file gets anyway
    digest = hashlib.new(algorithm, usedforsecurity=False) if algorithm and not alone else None
    try:
        for path in resource.paths:
            seen[path] = _digest(folder, path, digest)
    except OSError as error:
        ledger.add("BS516", f"{path}: {error.strerror or error}", AGAIN, path=path, table=resource.name)
        return False
    found = digest.hexdigest() if digest else seen[resource.paths[0]].sha256
    if algorithm is None:
        message = f"{resource.name}: hash is {shown(resource.descriptor.get('hash'))}; expected sha256:HEX"
        ledger.add("BS515", message, AGAIN, path=DESCRIPTOR, table=resource.name)
    elif found != expected:
        _refuse("BS512", resource, f"{algorithm} is {found}; expected {expected}", ledger)
        return False
    size = sum(seen[path].size for path in resource.paths)
    for name, declared in (
        ("broadsheet.size", resource.facts.get("size")),
        ("bytes", resource.descriptor.get("bytes")),
    ):
        if declared is not None and declared != size:
            _refuse("BS513", resource, f"{size} bytes; {name} says {shown(declared)}", ledger)
            return False
    return True


def _refuse(code: str, resource: Resource, message: str, ledger: Ledger) -> None:
    path = resource.paths[0]
    ledger.add(code, f"{', '.join(resource.paths)}: {message}", AGAIN, path=path, table=resource.name)


def _declared(resource: Resource) -> tuple[str | None, str]:
    found = resource.descriptor.get("hash")
    if not isinstance(found, str):
        return None, ""
    algorithm, _, value = found.rpartition(":")
    algorithm = algorithm or "md5"
    fits = LENGTHS.get(algorithm) == len(value) and re.fullmatch(r"[0-9a-fA-F]+", value)
    return (algorithm, value.lower()) if fits else (None, "")


def _digest(folder: Path, path: str, declared: hashlib._Hash | None) -> _Seen:
    own, size, room = hashlib.sha256(), 0, memoryview(bytearray(CHUNK))
    with opened_file(folder, path) as handle:
        while count := handle.readinto(room):  # type: ignore[attr-defined] # BinaryIO does not tell of it
            size += count
            own.update(room[:count])
            if declared is not None:
                declared.update(room[:count])
    return _Seen(size, own.hexdigest())


# --- SHA256SUMS ------------------------------------------------------------------------------------------


def _sums(folder: Path, there: Mapping[str, os.stat_result], ledger: Ledger) -> dict[str, str] | None:
    """Read the list; None where it cannot be read at all."""
    if not _is_file(folder, SUMS, there, ledger, None):
        return None
    try:
        with opened_file(folder, SUMS) as handle:
            lines = handle.read(LONGEST_LIST).decode("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        ledger.add("BS514", f"{SUMS} cannot be read: {error}", AGAIN, path=SUMS)
        return None
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match and match["name"] not in found and not unsafe(match["name"].removeprefix(".")):  # .zenodo.json
            found[match["name"]] = match["hex"]
        elif line:
            message = f"{SUMS}:{number}: {shown(line)}; expected 64 hex digits, two spaces and the name of one file"
            ledger.add("BS514", message, AGAIN, path=SUMS, line=number)
    return found


def _compare(
    folder: Path,
    there: Mapping[str, os.stat_result],
    sums: Mapping[str, str],
    refused: set[str],
    seen: Mapping[str, _Seen],
    ledger: Ledger,
) -> None:
    """Compare every line with its file, but for files that were already refused."""
    for path in sorted((set(sums) | {DESCRIPTOR} | set(seen)) - refused):
        if path not in sums:
            ledger.add("BS514", f"{SUMS} has no line for {path}", AGAIN, path=path)
        elif _is_file(folder, path, there, ledger, None):
            found = seen.get(path) or _digest(folder, path, None)
            if found.sha256 != sums[path]:
                message = f"{path}: sha256 is {found.sha256}; {SUMS} says {sums[path]}"
                ledger.add("BS514", message, AGAIN, path=path)
