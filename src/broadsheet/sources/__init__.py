"""Sources: files and records as bytes, each with what was declared about it. `read` is the entry point.

A format is one module in `formats`; every format is also read compressed. Contributed files are never followed (links),
never waited for (pipes) and never trusted (sizes, names, compression). What is refused is a `Quarantined` value, what a
rule leaves out a `Skipped` one, so that inputs = articles + quarantined + skipped.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from broadsheet.errors import SourceError
from broadsheet.files import entries
from broadsheet.findings.quarantine import Cause, Quarantined, RefusedInput, Skipped, SkipRule
from broadsheet.model import Raw
from broadsheet.project import Limits
from broadsheet.sources.compression import COMPRESSIONS
from broadsheet.sources.file_names import clean_name, printable, suffixes
from broadsheet.sources.format import Format, Item
from broadsheet.sources.formats import BY_SUFFIX, SUFFIXES, has_lines, is_one_article
from broadsheet.sources.open_file import Options, Source, open_source
from broadsheet.sources.records import COLUMNS

__all__ = ["COLUMNS", "SUFFIXES", "Item", "clean_name", "has_lines", "is_one_article", "printable", "read"]

_EXPANDING: Final = frozenset({Cause.RATIO, Cause.RECORDS, Cause.ANNOUNCED})


class _Found(NamedTuple):
    """A path that was found; a hidden one is left out, and a folder that is a git repository of its own is refused."""

    path: str
    is_hidden: bool = False
    is_repository: bool = False


def read(
    path: Path, *, root: Path, limits: Limits | None = None, columns: Mapping[str, str] | None = None
) -> Iterator[Item]:
    """Yield the articles of a file, of a folder walked in sorted order, or of every path a pattern (`2024/*.md`) names.

    Paths of results are POSIX and relative to `root` (to the folder given, where that lies outside `root`). `columns`
    maps others' column names of JSONL and Parquet records to ours (`{"body": "text"}`).

    Raises:
        SourceError: `path` does not exist, cannot be listed, or is a pattern that names nothing. Nothing in its content
            raises.
    """
    options = Options(limits or Limits(), MappingProxyType(dict(columns or {})))
    try:
        found = [entry for start in _starts(path) for entry in _below(start)]
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}; expected a file, a folder or a pattern"
        raise SourceError(message, repair="name a file or folder that exists") from None
    base = os.path.join(_base(path, root), "")
    return (item for entry in found for item in _items(entry, base, options))


def _starts(path: Path) -> list[Path]:
    """Return the path itself, or what it names where it is a pattern and no file has that very name."""
    named = [] if os.path.lexists(path) else sorted(Path(p) for p in glob.glob(os.fspath(path), recursive=True))
    return named or [path]


def _below(path: Path) -> list[_Found]:
    """Return a file, or every entry below a folder. Raises OSError."""
    return _walk(path) if stat.S_ISDIR(path.lstat().st_mode) else [_Found(str(path))]


def _base(path: Path, root: Path) -> Path:
    """Return the folder that results are named from."""
    here, top = Path(os.path.abspath(path)), Path(os.path.abspath(root))
    if here.is_relative_to(top):
        return top
    return here if here.is_dir() and not here.is_symlink() else here.parent


def _walk(folder: Path) -> list[_Found]:
    """List every entry below a folder, sorted by the code points of its POSIX path. Links are not followed.

    A folder that cannot be listed is an entry too. Raises OSError only for `folder` itself.
    """
    found = [
        _Found(entry.path, entry.name.startswith("."), is_repository=_is_repository(entry))
        for entry in entries(folder, lambda entry: not entry.name.startswith(".") and not _is_repository(entry))
    ]
    return sorted(found)


def _is_repository(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) and os.path.lexists(Path(entry.path, ".git"))


def _items(entry: _Found, base: str, options: Options) -> Iterable[Item]:
    """Return what is at a path; `base` is the folder that results are named from, with a slash at its end."""
    name = _absolute(entry.path).removeprefix(base)
    shown = printable(name)
    if entry.is_hidden:
        return (Skipped(shown, SkipRule.DOT_FILE),)
    if shown != name:
        return (Quarantined(shown, Cause.FILE_NAME),)
    return (Quarantined(shown, Cause.REPOSITORY),) if entry.is_repository else _read_file(entry.path, name, options)


def _absolute(path: str) -> str:
    """Return what `os.path.abspath` does, at a tenth of the time where that changes nothing: every input is asked."""
    is_plain = path[:1] == "/" != path[-1:] and "/." not in path and "//" not in path
    return path if is_plain else os.path.abspath(path)


def _read_file(path: str, name: str, options: Options) -> Iterator[Item]:
    suffix, compression = suffixes(name)
    try:
        with open_source(path, name, compression, options) as source:
            yield from _content(source, suffix)
    except RefusedInput as refused:
        yield Quarantined(name, refused.cause, refused.facts)


def _content(source: Source, suffix: str) -> Iterable[Item]:
    """Return the articles of a file. Those of a file with several articles are read one by one, as they are needed."""
    if suffix in COMPRESSIONS:
        raise RefusedInput(Cause.NESTED_COMPRESSION, inner=suffix, outer=source.compression)
    known = BY_SUFFIX.get(suffix)
    if source.is_lfs_pointer:
        return (Quarantined(source.path, Cause.LFS_POINTER, {}, source.digest()),)
    if known is None:
        return (Quarantined(source.path, Cause.FORMAT, {"suffix": suffix or "(none)"}, source.digest()),)
    if source.path[source.path.rfind("/") + 1 :][:7].lower() == "readme.":
        return (Skipped(source.path, SkipRule.README),)
    return _guarded(known, source)


def _guarded(known: Format, source: Source) -> Iterator[Item]:
    """Yield the articles of a file; a refusal adds a quarantine row with the hash of what was read."""
    records = known.read(source)
    try:
        if source.compression or known.expands:
            records = _within_limits(records, source)
            yield from _first(records, source.record_limit + 1)
        yield from records
    except RefusedInput as refused:
        yield Quarantined(source.path, refused.cause, refused.facts, source.digest())


def _within_limits(records: Iterator[Item], source: Source) -> Iterator[Item]:
    """Yield records. Raises RefusedInput where their number or their texts are too many for the size of the file."""
    size = 0
    for count, record in enumerate(records, start=1):
        size += record.size if isinstance(record, Raw) else 0
        source.check_records(count)
        source.check_texts(size)
        yield record


def _first(records: Iterator[Item], limit: int) -> Iterator[Item]:
    """Yield up to `limit` records once all are read: a file that turns out to expand to too much has no article."""
    held: list[Item] = []
    try:
        for record in islice(records, limit):
            held.append(record)  # noqa: PERF402 - what came before damage is kept
    except RefusedInput as refused:
        if refused.cause not in _EXPANDING:
            yield from held
        raise
    yield from held
