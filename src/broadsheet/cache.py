"""What was worked out for one article, kept by everything it depends on.

An entry is a file named by its key: the sha256 of its own content on the first line, JSON after it. A damaged entry is
no entry. Nothing here is ever unpickled, and no time stamp decides anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from broadsheet import ids
from broadsheet.model import Extraction, Finding, Text

__all__ = ["Entry", "Store", "key", "note", "noted"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One article, worked out: its text, what it says, and its shingles for finding copies."""

    text: Text
    extraction: Extraction
    sketch: tuple[int, ...]


def key(*parts: str) -> str:
    """Return the key of an entry: the sha256 of all that its content follows from."""
    return ids.sha256("\0".join(parts).encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of entries."""

    folder: Path

    def get(self, name: str) -> Entry | None:
        """Return the entry of a key, or None where there is none or it is damaged."""
        try:
            digest, _, body = self._path(name).read_bytes().partition(b"\n")
        except OSError:
            return None
        if digest.decode("ascii", "replace") != ids.sha256(body):
            return None
        try:
            return msgspec.json.decode(body, type=Entry)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return None

    def put(self, name: str, entry: Entry) -> None:
        """Write an entry whole or not at all. OSError where the folder cannot be written."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        body = msgspec.json.encode(entry)
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        aside.write_bytes(ids.sha256(body).encode() + b"\n" + body)
        aside.replace(path)

    def keep_only(self, names: set[str]) -> None:
        """Drop every entry but these: the cache of one build is what the next one needs."""
        for path in sorted(self.folder.glob("*/*")):
            if path.name not in names:
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name


NOTES = "findings.json"


def note(folder: Path, inputs: str, findings: Iterable[Finding]) -> None:
    """Keep what the last build found that cannot be found without it, with a digest of what it was made from."""
    aside = folder / f"{NOTES}.{os.getpid()}"
    aside.write_bytes(msgspec.json.encode({"inputs": inputs, "findings": list(findings)}))
    aside.replace(folder / NOTES)


def noted(folder: Path, inputs: str) -> tuple[Finding, ...]:
    """Return what the last build found, nothing where it was made from something else."""
    try:
        kept = msgspec.json.decode((folder / NOTES).read_bytes(), type=_Notes)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return ()
    return kept.findings if kept.inputs == inputs else ()


@dataclass(frozen=True, slots=True)
class _Notes:
    inputs: str
    findings: tuple[Finding, ...]
