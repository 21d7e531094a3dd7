"""A package is exchanged for another, thousands of times, while it is read: does a reader ever see parts of both?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from broadsheet.errors import PackageError
from broadsheet.packages import load
from faults.datasets import copied
from faults.table import Row, counted

SWAP: Final = """
import sys, time
from pathlib import Path
from broadsheet.storage.atomic import exchange
one, other = map(Path, sys.argv[1:3])
for _ in range(int(sys.argv[3])):
    exchange(one, other)
    time.sleep(0.002)
"""


def mixed_reads(old: Path, new: Path, swaps: int) -> Iterator[Row]:
    """Yield a row: the loads of a place at which the packages of two datasets take turns."""
    with copied(old) as one, copied(new) as other:
        expected = {_titles(one / "build"), _titles(other / "build")}
        words = [sys.executable, "-c", SWAP, str(one / "build"), str(other / "build"), str(swaps)]
        with subprocess.Popen(words) as swapping:
            reads = (_read(one / "build", expected) for _ in iter(swapping.poll, 0))
            yield counted(f"read in {swaps:,} exchanges", "load()", reads)


Seen = tuple[str, int, int]


def _titles(package: Path) -> Seen:
    """Return the fingerprint of the inputs, the characters of the article, and the last end of a paragraph."""
    tables = load(package)
    texts = tables.documents.collect()["text"].str.len_chars().sum()
    ends = tables.paragraphs.collect()["end"].max()
    return str(tables.descriptor["broadsheet"]["inputs"]["sha256"]), int(texts), int(str(ends))


def _read(package: Path, expected: set[Seen]) -> str:
    try:
        found = _titles(package)
    except PackageError as error:
        return error.message
    return "" if found in expected else f"parts of two packages: {found}"
