"""WARC records: pages of a crawl. Needs the extra `broadsheet[warc]`."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from broadsheet.ids import sha256
from broadsheet.model import Quarantined, Raw, Skipped
from broadsheet.sources.intake import Refused, Source

try:
    from fastwarc.warc import ArchiveIterator, WarcRecordType
except ImportError:  # pragma: no cover - the extra is installed where this is tested
    ArchiveIterator = None

__all__ = ["read_warc"]

PAGES = {"text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain"}


def read_warc(source: Source) -> Iterator[Raw | Quarantined | Skipped]:
    """Yield one article a response record of status 200 with a page in it; other records are skipped by rule.

    A damaged archive ends a reader without a word, so what was read is compared with what is there.
    """
    if ArchiveIterator is None:  # pragma: no cover
        raise Refused("BS114", "WARC needs fastwarc", "install broadsheet[warc]")
    expected = _count(source)
    found = 0
    for record in ArchiveIterator(source.stream(), parse_http=True):
        found += 1
        yield _record(record, source, found)
    if expected != found:
        raise Refused("BS113", f"the archive breaks off after {found} records", "fetch it again")


def _count(source: Source) -> int:
    raise NotImplementedError


def _record(record: Any, source: Source, number: int) -> Raw | Quarantined | Skipped:
    raise NotImplementedError
