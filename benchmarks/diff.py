"""Compare two tables of a million rows: 5,000 added, 5,000 removed, 10,000 changed in two cells each, shuffled.

    python benchmarks/diff.py [--rows 1000000] [--rounds 5] [--datacompy PYTHON]

Every tool runs in a process of its own and is charged for all of it (start, reading Parquet, comparing, cells): CPU
seconds of all threads and peak memory. DuckDB is the bare full join; datacompy runs only where an interpreter that has
it is named. Of fewer rows, as many in a thousand are added, removed and changed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl

IN_A_THOUSAND = 5  # rows added, and as many removed; twice as many changed
OURS = """
import sys
from pathlib import Path
from broadsheet.releases.diff_report import to_parquet
from broadsheet.releases.compare import DiffSide, compare
from broadsheet.schema import Schemas, load_schemas
schemas = Schemas({"mentions": load_schemas()["mentions"]})
old, new = (DiffSide({"version": "1.0.0"}, schemas, {"mentions": (Path(p).read_bytes(),)}) for p in sys.argv[1:3])
changes = compare(old, new)
found = changes.tables["mentions"]
assert [found.added.height, found.removed.height, found.cell_count] == [n * int(sys.argv[3]) for n in (1, 1, 4)], found
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
assert len(rows) == 4 * int(sys.argv[3]), len(rows)
"""
DATACOMPY = """
import sys, polars as pl
from datacompy import PolarsCompare
old, new = (pl.read_parquet(p) for p in sys.argv[1:3])
found = PolarsCompare(old, new, join_columns=["mention_id"])
assert not found.matches()
"""


def tables(folder: Path, rows: int) -> tuple[Path, Path]:
    """Write OLD and NEW, of so many rows each."""
    rng = np.random.default_rng(1)
    few = rows * IN_A_THOUSAND // 1000
    numbers = np.arange(rows + few)
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
    old = frame.head(rows).sample(fraction=1, shuffle=True, seed=1)
    edited = set(rng.choice(np.arange(few, rows), 2 * few, replace=False).tolist())
    mark = pl.Series([n in edited for n in range(rows + few)])
    new = frame.with_columns(
        text=pl.when(mark).then(pl.lit("Another")).otherwise("text"),
        linked_by=pl.when(mark).then(pl.lit("correction")).otherwise("linked_by"),
    )
    paths = folder / "old.parquet", folder / "new.parquet"
    old.write_parquet(paths[0])
    new.slice(few).sample(fraction=1, shuffle=True, seed=2).write_parquet(paths[1])
    return paths


def measure(python: str, program: str, *words: str) -> tuple[float, float]:
    """Return CPU seconds and peak memory in MB of one run."""
    child = subprocess.Popen([python, "-c", program, *words])
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, program
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Measure the tools by turns, and print medians."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--datacompy", help="interpreter of an environment that has it")
    given = options.parse_args()
    root = Path(__file__).parents[1]
    tools = {"broadsheet": (sys.executable, OURS), "duckdb": (str(root / ".venv-readers/bin/python"), DUCKDB)}
    if given.datacompy:
        tools["datacompy"] = (given.datacompy, DATACOMPY)
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in tools}
    with tempfile.TemporaryDirectory() as folder:
        with get_context("spawn").Pool(1) as pool:  # a child's peak starts at ours: the tables are not made here
            paths = pool.apply(tables, (Path(folder), given.rows))
        words = (*map(str, paths), str(given.rows * IN_A_THOUSAND // 1000))
        for _ in range(given.rounds):
            for name, tool in tools.items():
                runs[name].append(measure(*tool, *words))
    seconds = {name: statistics.median(cpu for cpu, _ in found) for name, found in runs.items()}
    for name, found in runs.items():
        least, most, peak = min(found)[0], max(found)[0], max(memory for _, memory in found)
        print(f"{name:<11} {seconds[name]:6.2f} CPU s ({least:.2f}-{most:.2f})  {peak:6.0f} MB")
    print(f"ratio to duckdb {seconds['broadsheet'] / seconds['duckdb']:.2f}")


if __name__ == "__main__":
    main()
