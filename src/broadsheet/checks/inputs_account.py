"""What became of the inputs: each is a document, or `quarantine.jsonl` has a line for it, and never both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from broadsheet.checks.parquet_footers import Store
from broadsheet.checks.rules import shown
from broadsheet.files import open_regular
from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.package_files import DESCRIPTOR, QUARANTINE

__all__ = ["judge_inputs"]

_CODE: Final = "BS527"
_AGAIN: Final = "build the package again: broadsheet build"
_LONGEST: Final = 2**26  # bytes of quarantine.jsonl
_PATH: Final = "source_path"
_SKIPPED: Final = "BS121"  # left out by rule: not counted among the inputs


class _Row(msgspec.Struct):
    """A line of `quarantine.jsonl`, as far as it is judged."""

    path: str
    code: str


def judge_inputs(folder: Path, descriptor: Mapping[str, object], documents: Store) -> Iterator[Finding]:
    """Yield the inputs that are a document and in quarantine, or else a number of inputs that is not that of both."""
    rows, wrong = _rows(folder)
    wrong += [_twice(path) for path in sorted(_paths(documents).intersection(row.path for row in rows))]
    yield from wrong
    named, counted = _named_count(descriptor), documents.rows + sum(row.code != _SKIPPED for row in rows)
    if named is not None and named != counted and not wrong:
        words = f"{DESCRIPTOR} names {named} inputs; documents and {QUARANTINE} have {counted}"
        yield finding(_CODE, words, _AGAIN, path=DESCRIPTOR, found=str(named), expected=str(counted))


def _twice(path: str) -> Finding:
    words = f"{QUARANTINE} has a line for {shown(path)}, which is a document"
    return finding(_CODE, words, _AGAIN, path=QUARANTINE, found=shown(path, bare=True))


def _paths(documents: Store) -> set[str]:
    """Return the paths of the documents; none where they cannot be read, which has a finding of its own."""
    if _PATH not in documents.resource.table.columns:
        return set()
    files = sorted({group.path for group in documents.groups})
    try:
        frames = [pl.read_parquet(file, glob=False, columns=[_PATH]) for file in files]
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, MemoryError):
        return set()
    return {path for frame in frames for path in frame[_PATH]}


def _rows(folder: Path) -> tuple[list[_Row], list[Finding]]:
    """Return the lines of `quarantine.jsonl` that can be read, and a finding for each of the others."""
    rows, wrong = list[_Row](), list[Finding]()
    for number, line in enumerate(_lines(folder), start=1):
        try:
            rows.append(msgspec.json.decode(line, type=_Row))
        except (msgspec.DecodeError, RecursionError) as error:
            words = f"{QUARANTINE}:{number}: {error}; expected an object with path and code"
            wrong.append(finding(_CODE, words, _AGAIN, path=QUARANTINE, line=number))
    return rows, wrong


def _lines(folder: Path) -> list[bytes]:
    """Return the lines of `quarantine.jsonl`; none where it cannot be opened, which has a finding of its own."""
    try:
        with open_regular(folder, QUARANTINE) as handle:
            return handle.read(_LONGEST).splitlines()
    except OSError:
        return []


def _named_count(descriptor: Mapping[str, object]) -> int | None:
    block = descriptor.get("broadsheet")
    inputs = block.get("inputs") if isinstance(block, dict) else None
    count = inputs.get("count") if isinstance(inputs, dict) else None
    return count if type(count) is int else None
