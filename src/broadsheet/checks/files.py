"""The second layer: which files there are, and whether they are the ones that were described. Nothing is parsed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from broadsheet.checks.descriptor_file import Resource, listed_files, unsafe
from broadsheet.checks.rules import Collector, shown
from broadsheet.files import open_regular
from broadsheet.package_files import DESCRIPTOR, QUARANTINE, README, SUMS
from broadsheet.storage.checksums import FETCH_OR_BUILD, KEEP_LINE_ENDS, LINE

__all__ = ["sound"]

KNOWN = {DESCRIPTOR, SUMS}
BESIDE = {README, QUARANTINE}  # what a build writes too; SHA256SUMS lists them
CHUNK = 2**18  # bytes read at once
LONGEST_LIST = 2**26  # bytes of SHA256SUMS
LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file's size in bytes and its sha256."""

    size: int
    sha256: str


def sound(folder: Path, tables: tuple[Resource, ...], named: set[str], collector: Collector) -> tuple[Resource, ...]:
    """Return the tables whose files are there and are the ones described.

    `named` are paths of resources that already have findings; they count as listed.
    """
    there, seen = dict(listed_files(folder)), dict[str, _Seen]()
    present = [one for one in tables if _present(one, folder, there, collector)]
    good = tuple(one for one in present if _unchanged(one, folder, seen, collector))
    sums = _sums(folder, there, collector) if SUMS in there else None
    if sums is not None:
        _compare(folder, there, sums, _all_paths(tables) - _all_paths(good), seen, collector)
    elif SUMS not in there:
        _judge_missing_sums(tables, collector)
    others = there.keys() - _all_paths(tables) - named - KNOWN
    _judge_others({path: there[path] for path in others}, sums, collector)
    return good


def _judge_missing_sums(tables: Iterable[Resource], collector: Collector) -> None:
    """Report that there is no list of checksums, where the package is one that broadsheet has written."""
    if any(one.facts for one in tables):
        collector.add("BS510", f"{SUMS} is missing; expected the list of all checksums", FETCH_OR_BUILD, path=SUMS)


def _all_paths(tables: Iterable[Resource]) -> set[str]:
    return {path for one in tables for path in one.paths}


def _judge_others(others: Mapping[str, os.stat_result], sums: Mapping[str, str] | None, collector: Collector) -> None:
    """Judge the files that are not of a table: each is in the list of checksums, or it is not of the package."""
    for path in sorted(others.keys() - (BESIDE if sums is None else sums.keys())):
        if path in BESIDE:
            collector.add("BS514", f"{SUMS} has no line for {path}", FETCH_OR_BUILD, path=path)
        else:
            _unlisted(path, others[path], collector)


def _unlisted(path: str, status: os.stat_result, collector: Collector) -> None:
    size = f"{status.st_size} bytes"
    repair = "move it out of the package, or list it"
    collector.add("BS511", f"{shown(path)} ({size}) is listed nowhere", repair, path=shown(path, bare=True))


def _present(resource: Resource, folder: Path, there: Mapping[str, os.stat_result], collector: Collector) -> bool:
    verdicts = [
        _is_file(folder, path, there, collector, resource.name) for path in resource.paths
    ]  # every path gets its finding
    return all(verdicts)


def _is_file(
    folder: Path, path: str, there: Mapping[str, os.stat_result], collector: Collector, table: str | None
) -> bool:
    place = folder / path
    if any((folder / part).is_symlink() for part in (path, *map(str, Path(path).parents))):
        fault = "BS502", f"{path} is a symbolic link, or in a folder that is one", "put the file itself there"
    elif path not in there and not place.exists():
        fault = "BS510", f"{path} is missing; {DESCRIPTOR if table else SUMS} lists it", FETCH_OR_BUILD
    elif not place.is_file():
        fault = "BS516", f"{path} is not a regular file", "replace it with the file"
    else:
        return True
    collector.add(*fault, path=path, table=table)
    return False


def _unchanged(resource: Resource, folder: Path, seen: dict[str, _Seen], collector: Collector) -> bool:
    """Compare hash and size with the descriptor; of the two, one finding."""
    try:
        found = _hashed(resource, folder, _declared(resource)[0], seen)
    except OSError as error:
        collector.add("BS516", f"{resource.name}: {error}", FETCH_OR_BUILD, path=resource.paths[0], table=resource.name)
        return False
    is_each_named = len(resource.paths) > 1 and "hash" not in resource.descriptor
    same = _each_same(resource, seen, collector) if is_each_named else _same_hash(resource, found, collector)
    return same and _same_size(resource, seen, collector)


def _same_hash(resource: Resource, found: str, collector: Collector) -> bool:
    """Compare the digest of the files, one after another, with `hash`."""
    algorithm, expected = _declared(resource)
    if algorithm is None:
        message = f"{resource.name}: hash is {shown(resource.descriptor.get('hash'))}"
        collector.add("BS515", message, FETCH_OR_BUILD, path=DESCRIPTOR, table=resource.name, expected="sha256:HEX")
        return True
    return found == expected or _refuse("BS512", resource, f"{algorithm} is {found}", expected, collector)


def _same_size(resource: Resource, seen: Mapping[str, _Seen], collector: Collector) -> bool:
    size = sum(seen[path].size for path in resource.paths)
    sizes = {"broadsheet.size": resource.facts.get("size"), "bytes": resource.descriptor.get("bytes")}
    wrong = next((name for name, declared in sizes.items() if declared not in (None, size)), None)
    return wrong is None or _refuse("BS513", resource, f"{size} bytes", f"{shown(sizes[wrong])} by {wrong}", collector)


def _each_same(resource: Resource, seen: Mapping[str, _Seen], collector: Collector) -> bool:
    """Compare every file of a table that has several with its hash in the list `broadsheet.files`."""
    unnamed = [file.path for file in resource.files if not file.hash]
    if unnamed:
        message = (
            f"{resource.name}: broadsheet.files has no hash of {', '.join(map(shown, unnamed))} at its place in path"
        )
        expected = "path, size and hash (sha256:HEX) of every file, in the order of path"
        collector.add("BS515", message, FETCH_OR_BUILD, path=DESCRIPTOR, table=resource.name, expected=expected)
    changed = [file for file in resource.files if file.hash and file.hash != f"sha256:{seen[file.path].sha256}"]
    for file in changed:
        digest = f"sha256:{seen[file.path].sha256}"
        place = {"path": file.path, "table": resource.name}
        collector.add("BS512", f"{file.path}: {digest}", FETCH_OR_BUILD, found=digest, expected=file.hash, **place)
    return not changed


def _hashed(resource: Resource, folder: Path, algorithm: str | None, seen: dict[str, _Seen]) -> str:
    """Read the files of a table; return their digest by an algorithm, over all of them one after another."""
    alone = algorithm in {None, "sha256"} and len(resource.paths) == 1
    digest = None if alone else hashlib.new(algorithm or "sha256", usedforsecurity=False)
    seen |= {path: _digest(folder, path, digest) for path in resource.paths}
    if digest is None:
        return seen[resource.paths[0]].sha256  # the digest every file gets anyway
    return digest.hexdigest()


def _refuse(code: str, resource: Resource, found: str, expected: str, collector: Collector) -> bool:
    """Report a file that is not the one described; return False."""
    message = f"{', '.join(resource.paths)}: {found}"
    place = {"path": resource.paths[0], "table": resource.name}
    collector.add(code, message, FETCH_OR_BUILD, found=found, expected=expected, **place)
    return False


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
    with open_regular(folder, path) as handle:
        while count := handle.readinto(room):
            size += count
            own.update(room[:count])
            if declared is not None:
                declared.update(room[:count])
    return _Seen(size, own.hexdigest())


# --- SHA256SUMS ------------------------------------------------------------------------------------------


def _sums(folder: Path, there: Mapping[str, os.stat_result], collector: Collector) -> dict[str, str] | None:
    """Read the list; None where it cannot be read at all."""
    if not _is_file(folder, SUMS, there, collector, None):
        return None
    try:
        with open_regular(folder, SUMS) as handle:
            words = handle.read(LONGEST_LIST).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        collector.add("BS514", f"{SUMS} cannot be read: {error}", FETCH_OR_BUILD, path=SUMS)
        return None
    if "\r\n" in words:
        collector.add("BS514", f"{SUMS} has line ends CRLF; expected LF", KEEP_LINE_ENDS, path=SUMS)
    return _listed(words.replace("\r\n", "\n").split("\n"), collector)


def _listed(lines: Iterable[str], collector: Collector) -> dict[str, str]:
    """Return the sha256 of every path of the list."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        match = LINE.fullmatch(line)
        if match and match["path"] not in found and not unsafe(match["path"].removeprefix(".")):  # .zenodo.json
            found[match["path"]] = match["sha256"]
        elif line:
            message = f"{SUMS}:{number}: {shown(line)}; expected 64 hex digits, two spaces and the name of one file"
            collector.add("BS514", message, FETCH_OR_BUILD, path=SUMS, line=number)
    return found


def _compare(
    folder: Path,
    there: Mapping[str, os.stat_result],
    sums: Mapping[str, str],
    refused: set[str],
    seen: Mapping[str, _Seen],
    collector: Collector,
) -> None:
    """Compare every line with its file, but for files that were already refused."""
    for path in sorted((set(sums) | {DESCRIPTOR} | set(seen)) - refused):
        if path not in sums:
            collector.add("BS514", f"{SUMS} has no line for {path}", FETCH_OR_BUILD, path=path)
        elif _is_file(folder, path, there, collector, None):
            found = seen.get(path) or _digest(folder, path, None)
            if found.sha256 != sums[path]:
                message = f"{path}: sha256 is {found.sha256}; {SUMS} says {sums[path]}"
                collector.add("BS514", message, FETCH_OR_BUILD, path=path)
