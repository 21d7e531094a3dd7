"""Sources: files and records as bytes, each with what was declared about it. The door is `read`.

A format is one function in `READERS` (suffix → function); every format also comes as `.gz` or `.zst`. Contributed files
are never followed (links), never waited for (pipes), never trusted (sizes, names, compression): what is refused is a
`Quarantined` value, what a rule leaves out a `Skipped` one, so that inputs = articles + quarantined + skipped.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from broadsheet.errors import SourceError
from broadsheet.model import Quarantined, Raw, Skipped
from broadsheet.project import Limits
from broadsheet.sources.compression import Refused
from broadsheet.sources.file_names import clean_name
from broadsheet.sources.jsonl import FIELDS, read_jsonl
from broadsheet.sources.open_file import Source, open_source

__all__ = ["FIELDS", "READERS", "clean_name", "printable", "read"]

Item = Raw | Quarantined | Skipped
Reader = Callable[[Source], Iterator[Item]]


def read(
    path: Path, *, root: Path, limits: Limits | None = None, columns: Mapping[str, str] | None = None
) -> Iterator[Item]:
    """Yield the articles of a file, of a folder walked in sorted order, or of every path a pattern (`2024/*.md`) names.

    Paths of results are POSIX and relative to `root` (to the folder given, where that lies outside `root`). `columns`
    maps others' column names of JSONL and Parquet records to ours (`{"body": "text"}`); ours are `FIELDS`.

    Raises:
        SourceError: `path` does not exist, cannot be listed, or is a pattern that names nothing. Nothing in its content
            raises.
    """
    limits = limits or Limits()
    renamed = MappingProxyType(dict(columns or {}))
    try:
        found = [pair for start in _starts(path) for pair in _below(start)]
    except OSError as error:
        raise SourceError(
            f"{path}: cannot be read: {error.strerror}", repair="name a file or folder there is"
        ) from None
    return _items(found, _base(path, root), limits, renamed)


def _starts(path: Path) -> list[Path]:
    """Return the path itself, or what it names where it is a pattern and no file has that very name."""
    named = [] if os.path.lexists(path) else sorted(Path(p) for p in glob.glob(os.fspath(path), recursive=True))
    return named or [path]


def _below(path: Path) -> list[tuple[Path, str]]:
    """Return a file, or every entry below a folder. Raises OSError."""
    return _walk(path) if stat.S_ISDIR(path.lstat().st_mode) else [(path, "")]


def _base(path: Path, root: Path) -> Path:
    """Return the folder that results are named from."""
    here, top = Path(os.path.abspath(path)), Path(os.path.abspath(root))
    if here.is_relative_to(top):
        return top
    return here if here.is_dir() and not here.is_symlink() else here.parent


def _walk(folder: Path) -> list[tuple[Path, str]]:
    """List every entry below a folder, by the code points of its POSIX path, with the rule that leaves it out, if any.

    Links are listed, not followed. Raises OSError only for `folder` itself.
    """
    found: list[tuple[Path, str]] = []
    with os.scandir(folder) as entries:
        here = list(entries)
    for entry in here:
        path = Path(entry.path)
        if entry.name.startswith("."):
            found.append((path, "dot file"))
        elif entry.is_dir(follow_symlinks=False):
            try:
                found += _walk(path)
            except OSError:
                found.append((path, ""))
        else:
            found.append((path, ""))
    return sorted(found, key=lambda pair: pair[0].as_posix())


def _items(found: list[tuple[Path, str]], base: Path, limits: Limits, columns: Mapping[str, str]) -> Iterator[Item]:
    for path, rule in found:
        name = Path(os.path.abspath(path)).relative_to(base).as_posix()
        shown = printable(name)
        if rule:
            yield Skipped(shown, rule)
        elif shown != name:
            yield Quarantined(
                shown,
                "",
                "sources",
                "BS115",
                f"{shown}: the file's name holds bytes that are no UTF-8 or control characters",
                "rename the file: letters, digits, - and _",
            )
        else:
            yield from _read_file(path, name, limits, columns)


def _read_file(path: Path, name: str, limits: Limits, columns: Mapping[str, str]) -> Iterator[Item]:
    pure = PurePosixPath(name.lower())
    packed = pure.suffix if pure.suffix in {".gz", ".zst"} else ""
    suffix = PurePosixPath(pure.stem).suffix if packed else pure.suffix
    reader = READERS.get(suffix)
    try:
        with open_source(path, name, packed, limits, columns) as source:
            if packed and suffix in {".gz", ".zst"}:
                yield Refused("BS107", "compressed more than once", "compress the file once").quarantined(name)
            elif reader is None:
                yield Skipped(name, f"suffix {suffix or '(none)'} is no format of ours")
            elif pure.name.startswith("readme."):
                yield Skipped(name, "readme")
            else:
                yield from _guarded(reader, source)
    except Refused as refused:
        yield refused.quarantined(name)


def _guarded(reader: Reader, source: Source) -> Iterator[Item]:
    """Yield a reader's articles; a refusal in the middle becomes one row more, with the hash of what was read."""
    try:
        yield from reader(source)
    except Refused as refused:
        yield refused.quarantined(source.path, source.digest())


def printable(name: str) -> str:
    """Return a path as results name it: everything that is no printable text escaped."""
    raw = "".join(c if c.isprintable() or "\udc80" <= c <= "\udcff" else repr(c)[1:-1] for c in name)
    return raw.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _whole(media_type: str) -> Reader:
    def reader(source: Source) -> Iterator[Item]:
        limit = source.limits.markup_bytes if media_type == "text/html" else source.limits.text_bytes
        data = source.whole(limit)
        yield Raw(source.path, data, source.digest_of(data), media_type, fields={})

    return reader


def _read_parquet(source: Source) -> Iterator[Item]:
    from broadsheet.sources.parquet import read_parquet  # noqa: PLC0415 - pyarrow costs 150 ms that text files need not pay

    return read_parquet(source)


def _read_warc(source: Source) -> Iterator[Item]:
    from broadsheet.sources.warc import read_warc  # noqa: PLC0415 - few need it

    return read_warc(source)


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": _whole("text/plain"),
        ".text": _whole("text/plain"),
        ".md": _whole("text/markdown"),
        ".html": _whole("text/html"),
        ".htm": _whole("text/html"),
        ".jsonl": read_jsonl,
        ".parquet": _read_parquet,
        ".warc": _read_warc,
    }
)
