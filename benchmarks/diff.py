"""Compare two tables of a million rows: 5,000 added, 5,000 removed, 10,000 changed in two cells each, shuffled.

Every tool runs in a process of its own and is charged for all of it (start, reading Parquet, comparing, cells): CPU
seconds of all threads and peak memory. DuckDB is the bare full join; datacompy runs only where an interpreter that has
it is named: `diff.py --datacompy PYTHON`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl

ROWS, ADDED, REMOVED, CHANGED = 1_000_000, 5_000, 5_000, 10_000
OURS = """
import sys
from pathlib import Path
from broadsheet.releases.diff_report import to_parquet
from broadsheet.releases.compare import DiffSide, compare
from broadsheet.schema import Schemas, load_schemas
schemas = Schemas({"mentions": load_schemas()["mentions"]})
old, new = (DiffSide({"version": "1.0.0"}, schemas, {"mentions": Path(p).read_bytes()}) for p in sys.argv[1:3])
changes = compare(old, new)
found = changes.tables["mentions"]
assert (found.added.height, found.removed.height, found.cell_count) == (5000, 5000, 20000), found
"""
DUCKDB = """
import sys, duckdb
old, new = sys.argv[1:3]
columns = ["entity_id", "document_id", "paragraph_id", "start", "end", "text", "linked_by", "confidence"]
duckdb.sql("set threads = 2")
differs = " or ".join(f'o."{c}" is distinct from n."{c}"' for c in columns)
cells = ", ".join(f'o."{c}", n."{c}"' for c in columns)
rows = duckdb.sql(f"select o.mention_id, n.mention_id, {cells} from '{old}' o full join '{new}' n "
                  f"on o.mention_id = n.mention_id "
                  f"where o.mention_id is null or n.mention_id is null or {differs}").fetchall()
assert len(rows) == 20000, len(rows)
"""
DATACOMPY = """
import sys, polars as pl
from datacompy import PolarsCompare
old, new = (pl.read_parquet(p) for p in sys.argv[1:3])
found = PolarsCompare(old, new, join_columns=["mention_id"])
assert not found.matches()
"""


def tables(folder: Path) -> tuple[Path, Path]:
    """Write OLD and NEW."""
    rng = np.random.default_rng(1)
    numbers = np.arange(ROWS + ADDED)
    document, start = numbers // 100, numbers % 100 * 40
    frame = pl.DataFrame(
        {
            "mention_id": [f"article-{d:05d}#{s:08d}-{s + 12:08d}" for d, s in zip(document, start, strict=True)],
            "entity_id": [f"name-{n}.person" for n in rng.integers(0, 50_000, len(numbers))],
            "document_id": [f"article-{d:05d}" for d in document],
            "paragraph_id": [
                f"article-{d:05d}#{s // 400 * 400:08d}-{s // 400 * 400 + 400:08d}"
                for d, s in zip(document, start, strict=True)
            ],
            "start": start,
            "end": start + 12,
            "text": [f"Name {n}" for n in rng.integers(0, 90_000, len(numbers))],
            "linked_by": rng.choice(["exact", "partial", "folded"], len(numbers)),
            "confidence": rng.choice(["sure", "likely", "doubtful"], len(numbers)),
        }
    )
    old = frame.head(ROWS).sample(fraction=1, shuffle=True, seed=1)
    edited = set(rng.choice(np.arange(REMOVED, ROWS), CHANGED, replace=False).tolist())
    mark = pl.Series([n in edited for n in range(ROWS + ADDED)])
    new = frame.with_columns(
        text=pl.when(mark).then(pl.lit("Another")).otherwise("text"),
        linked_by=pl.when(mark).then(pl.lit("correction")).otherwise("linked_by"),
    )
    paths = folder / "old.parquet", folder / "new.parquet"
    old.write_parquet(paths[0])
    new.slice(REMOVED).sample(fraction=1, shuffle=True, seed=2).write_parquet(paths[1])
    return paths


def measure(python: str, words: str, paths: tuple[Path, Path]) -> tuple[float, float]:
    """Return CPU seconds and peak memory in MB of one run."""
    child = subprocess.Popen([python, "-c", words, *map(str, paths)])
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, words
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Measure each tool five times, alternating, and print medians."""
    root = Path(__file__).parents[1]
    tools = {"broadsheet": (sys.executable, OURS), "duckdb": (str(root / ".venv-readers/bin/python"), DUCKDB)}
    if "--datacompy" in sys.argv:
        tools["datacompy"] = (sys.argv[sys.argv.index("--datacompy") + 1], DATACOMPY)
    with tempfile.TemporaryDirectory() as folder:
        with get_context("spawn").Pool(1) as pool:  # a child's peak starts at ours: the tables are not made here
            paths = pool.apply(tables, (Path(folder),))
        runs = {name: [measure(*tool, paths) for _ in range(1)] for name, tool in tools.items()}
        for _ in range(4):
            for name, tool in tools.items():
                runs[name].append(measure(*tool, paths))
    for name, found in runs.items():
        cpu = sorted(c for c, _ in found)
        print(f"{name:<11} {cpu[2]:6.2f} CPU s ({cpu[0]:.2f}-{cpu[-1]:.2f})  {max(m for _, m in found):6.0f} MB")
    print(
        f"ratio to duckdb {sorted(c for c, _ in runs['broadsheet'])[2] / sorted(c for c, _ in runs['duckdb'])[2]:.2f}"
    )


if __name__ == "__main__":
    main()
