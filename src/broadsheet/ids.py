"""Identifiers and hashes: the one module that makes them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePosixPath

from anyascii import anyascii

__all__ = ["bucket_count", "bucket_of", "code_digest", "document_id", "entity_id", "key", "sha256", "slug", "span_id"]

BUCKET_SIZE = 4096  # articles; a package below this has one bucket
_RUNS = re.compile(r"[^a-z0-9]+")
_POSSESSIVE = re.compile(r"['’]s\b")


def sha256(data: bytes) -> str:
    """Return the sha256 of bytes, as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def key(*parts: str) -> str:
    """Return the sha256 of some words: the name of what depends on them alone.

    >>> key("a", "bc") == key("ab", "c")
    False
    """
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape"))


def slug(words: str) -> str:
    """Return words as `[a-z0-9-]+`, transliterated to ASCII; the empty string if nothing is left.

    >>> slug("Zoë Müller’s vote")
    'zoe-muller-vote'
    """
    bare = _POSSESSIVE.sub("", words)
    plain = bare if bare.isascii() else anyascii(bare)
    return _RUNS.sub("-", plain.lower()).strip("-")


def document_id(path: str, declared: str | None = None) -> str:
    """Return the id of an article: the declared one, else the slug of its file's stem or its record's id.

    `path` is relative and POSIX, `FILE#RECORD` for a record. Where no ASCII letter or digit is left: a hash.

    >>> document_id("seeds/Ferry vote.txt"), document_id("seeds/wire.jsonl#42"), document_id("a.md", "The Vote")
    ('ferry-vote', '42', 'the-vote')
    """
    if declared and slug(declared):
        return slug(declared)
    file, _, record = path.partition("#")
    name = PurePosixPath(file).name
    stem = name.split(".")[0] or name
    hashed = sha256(path.encode("utf-8", "surrogateescape"))[:12]
    return slug(record or stem) or f"document-{hashed}"


def span_id(document: str, start: int, end: int, tie: int = 0) -> str:
    """Return the id of a span row: `DOCUMENT#SSSSSSSS-EEEEEEEE`, with `-n` for the n-th row at the same place.

    >>> span_id("ferry", 12, 30)
    'ferry#00000012-00000030'
    """
    return f"{document}#{start:08d}-{end:08d}" + (f"-{tie}" if tie else "")


def entity_id(name: str, kind: str) -> str:
    """Return the id of an entity: a pure function of its name and type.

    >>> entity_id("Tomas Reyes", "PERSON")
    'tomas-reyes.person'
    """
    words = slug(name) or f"entity-{sha256(name.encode())[:12]}"
    return f"{words}.{kind.lower()}"


def bucket_count(documents: int) -> int:
    """Return how many buckets a corpus of so many articles has: 1 below 4,096, then the next power of two."""
    count = 1
    while documents >= count * BUCKET_SIZE:
        count *= 2
    return count


def bucket_of(document: str, buckets: int) -> int:
    """Return the bucket of an article: the first bits of the sha256 of its id."""
    return int(sha256(document.encode())[:8], 16) * buckets >> 32


@cache
def code_digest(package: Path | None = None) -> str:
    """Return one sha256 over our own source and data files: what a cached result depends on besides its input."""
    root = package or Path(__file__).parent
    files = sorted(p for p in root.rglob("*") if p.is_file() and p.suffix in {".py", ".json", ".csv", ".txt", ".onnx"})
    return _digest((p.relative_to(root).as_posix(), p.read_bytes()) for p in files)


def _digest(parts: Iterable[tuple[str, bytes]]) -> str:
    total = hashlib.sha256()
    for name, data in parts:
        total.update(f"{name}\0{sha256(data)}\n".encode())
    return total.hexdigest()
