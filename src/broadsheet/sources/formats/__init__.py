"""The input formats: each module of this package declares its own in `FORMATS`. A new format is a new module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from broadsheet.sources.compression import COMPRESSIONS
from broadsheet.sources.file_names import suffixes
from broadsheet.sources.format import Format
from broadsheet.storage import registry

__all__ = ["BY_SUFFIX", "FOLDER", "SUFFIXES", "has_lines", "is_one_article"]

FOLDER = "sources/formats"


def _declared() -> Iterator[tuple[str, Format]]:
    for name in registry.names(FOLDER):
        for declared in registry.load(FOLDER, name).FORMATS:
            yield from ((suffix, declared) for suffix in declared.suffixes)


BY_SUFFIX: Final[Mapping[str, Format]] = MappingProxyType(dict(_declared()))
"""Every format by its suffixes."""
SUFFIXES: Final = f"{', '.join(sorted(BY_SUFFIX))} (also with {' or '.join(sorted(COMPRESSIONS))})"
"""The suffixes that are read, as messages name them."""


def has_lines(path: str) -> bool:
    """Return whether a person can edit a file line by line.

    >>> has_lines("seeds/wire.jsonl"), has_lines("seeds/wire.jsonl.gz"), has_lines("seeds/crawl.warc")
    (True, False, False)
    """
    suffix, compression = suffixes(path)
    return not compression and (suffix not in BY_SUFFIX or BY_SUFFIX[suffix].has_lines)


def is_one_article(name: str) -> bool:
    """Return whether a file is one article, not compressed.

    >>> is_one_article("vote.HTML"), is_one_article("vote.txt.gz"), is_one_article("wire.jsonl")
    (True, False, False)
    """
    suffix, compression = suffixes(name)
    return not compression and suffix in BY_SUFFIX and BY_SUFFIX[suffix].is_article
