"""What validation costs: ours against reading alone, and against frictionless on Parquet and on CSV.

    python benchmarks/validate.py [--documents 10000] [--fewer 200] [--rounds 3] [--stock PYTHON]

Every engine is a child process with two polars threads; its CPU seconds (user and system, start and imports included)
and peak memory are taken when it ends. Engines take turns within a round, so that a busy machine slows all of them
alike: read the ratios, not the seconds. frictionless is given fewer articles and scaled by rows, its cost being linear;
stock means an environment without broadsheet, whose plugin would load itself.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import polars as pl

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import papers  # noqa: E402 # the tests' writer of packages

from broadsheet import ids  # noqa: E402
from broadsheet.packages import writing  # noqa: E402
from broadsheet.schema import load_schemas  # noqa: E402

OURS = (
    "import sys; from pathlib import Path; from broadsheet import checks; "
    "assert not [one for one in checks.validate(Path(sys.argv[1])) if one.severity == 'error']"
)
READ = """
import sys
from pathlib import Path
import polars as pl, pyarrow.parquet as pq
for path in sorted(Path(sys.argv[1]).glob("*.parquet")):
    footer, first = pq.read_metadata(path), 0
    for group in range(footer.num_row_groups):
        rows = footer.row_group(group).num_rows
        pl.scan_parquet(path, glob=False).slice(first, rows).collect()
        first += rows
"""
FRICTIONLESS = """
import sys
from frictionless import Package
report = Package(sys.argv[1] + "/datapackage.json").validate()
assert report.valid, report.flatten(["type", "message"])[:3]
"""


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds, and peak memory in MB, of one run."""

    cpu: float
    wall: float
    peak: float


def run(python: str, program: str, folder: Path) -> Cost:
    """Run a program on a package in a process of its own."""
    environment = os.environ | {"POLARS_MAX_THREADS": "2", "PYTHONWARNINGS": "ignore"}
    began = time.perf_counter()
    child = subprocess.Popen([python, "-c", program, str(folder)], env=environment)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{program.strip().splitlines()[0]} … failed on {folder}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / 1024)


# --- packages --------------------------------------------------------------------------------------------

BASE = 500  # articles that are really different; more are these with other ids


def vocabulary() -> list[str]:
    """Return the words the articles are made of, as often as they stand in the repository's own seeds."""
    texts = [p.read_text(encoding="utf-8", errors="replace") for p in sorted((ROOT / "seeds").glob("*.txt"))]
    return [word for text in texts for word in text.split() if not {*'\ufffd"“”'} & {*word}]


def article(number: int, words: list[str]) -> tuple[str, papers.Frames]:
    """Return one article of 20 paragraphs, 50 mentions and 10 claims as frames."""
    document = f"article-{number}"
    draw = random.Random(number)
    chosen = [" ".join(draw.choices(words, k=40)) for _ in range(20)]
    text, spans = "", []
    for line in chosen:
        spans.append((len(text), len(text) + len(line), line))
        text += line + "\n"
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in papers.SCHEMAS.tables}
    keys = [ids.span_id(document, start, end) for start, end, _ in spans]
    for position, (start, end, line) in enumerate(spans):
        rows["paragraphs"].append(
            {"paragraph_id": keys[position], "document_id": document, "position": position, "role": "body"}
            | {"text": line, "start": start, "end": end, "word_count": len(line.split())}
        )
    rows["documents"].append(
        {"document_id": document, "source_path": f"seeds/{document}.txt", "source_sha256": ids.sha256(text.encode())}
        | {"source_bytes": len(text.encode()), "media_type": "text/plain", "encoding": "utf-8", "language": "en"}
        | {"text": text, "text_status": "present", "word_count": len(text.split()), "paragraph_count": 20}
    )
    for place in range(50):
        start, home = spans[place % 20][0] + 5 * (place // 20), place % 20
        rows["mentions"].append(
            {
                "mention_id": ids.span_id(document, start, start + 4),
                "entity_id": f"entity-{(number + place) % 250}.person",
            }
            | {"document_id": document, "paragraph_id": keys[home], "start": start, "end": start + 4}
            | {"text": text[start : start + 4], "linked_by": "frequency", "confidence": "sure"}
        )
    for place in range(10):
        _claim(document, text, spans[2 * place][0], keys[2 * place], rows)
    return document, {
        t.name: pl.DataFrame(rows[t.name], schema=papers.columnar(t)) for t in papers.SCHEMAS if rows[t.name]
    }


def _claim(document: str, text: str, start: int, home: str, rows: dict[str, list[dict[str, object]]]) -> None:
    parts = {"source": (start, start + 12), "cue": (start + 13, start + 17), "content": (start + 18, start + 60)}
    key = ids.span_id(document, start, start + 60)
    rows["claims"].append(
        {"claim_id": key, "document_id": document, "paragraph_id": home, "start": start, "end": start + 60}
        | {"kind": "speech", "quote": "indirect", "stance": "asserts", "source_kind": "unnamed", "confidence": "sure"}
        | {f"{part}_text": text[low:high] for part, (low, high) in parts.items()}
    )
    rows["claim_spans"] += [
        {"claim_id": key, "part": part, "ordinal": 0, "document_id": document, "start": low, "end": high}
        | {"text": text[low:high]}
        for part, (low, high) in parts.items()
    ]
    rows["claim_entities"] += [
        {"claim_id": key, "part": part}
        | {column: mention[column] for column in ("mention_id", "entity_id", "document_id")}
        for part, (low, high) in parts.items()
        for mention in rows["mentions"]
        if low <= mention["start"] and mention["end"] <= high
    ]


def corpus_buckets(documents: int) -> Iterator[papers.Frames]:
    """Give the buckets of a corpus, then its entities."""
    words = vocabulary()
    base = [article(number, words)[1] for number in range(min(BASE, documents))]
    stacked = {name: pl.concat([one[name] for one in base]) for name in base[0]}
    buckets = ids.bucket_count(documents)
    dealt: dict[int, list[int]] = {n: [] for n in range(buckets)}
    for number in range(documents):
        dealt[ids.bucket_of(f"article-{number}", buckets)].append(number)
    counts = []
    for numbers in dealt.values():
        names = pl.DataFrame(
            {"new": [f"article-{n}" for n in numbers], "old": [f"article-{n % BASE}" for n in numbers]}
        ).with_columns(turn=pl.Series([n // BASE for n in numbers]))
        frames = {name: _renamed(frame, names).sort(papers.SCHEMAS[name].order) for name, frame in stacked.items()}
        counts.append(frames["mentions"].group_by("entity_id").agg(pl.len(), pl.col("document_id").n_unique()))
        yield frames
    total = pl.concat(counts).group_by("entity_id").sum().sort("entity_id")
    table = papers.SCHEMAS["entities"]
    yield {
        "entities": total.select(
            "entity_id",
            pl.col("entity_id").alias("name"),
            pl.lit("PERSON").alias("type"),
            pl.col("len").alias("mention_count"),
            pl.col("document_id").alias("document_count"),
            pl.lit(None, pl.String).alias("wikidata_id"),
        )
        .cast(papers.columnar(table))
        .select(table.columns),
        "claim_links": pl.DataFrame(schema=papers.columnar(papers.SCHEMAS["claim_links"])),
    }


def _renamed(frame: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the base articles under the ids of the real ones, their letters exchanged turn by turn.

    Exchanging letters keeps every offset and makes every text a new one, so that no dictionary makes the file small.
    """
    joined = frame.join(names, left_on="document_id", right_on="old", how="inner")
    links = [c for c in ("paragraph_id", "mention_id", "claim_id") if c in frame.columns]
    renamed = [(pl.col("new") + pl.col(c).str.slice(pl.col("document_id").str.len_chars())).alias(c) for c in links]
    if "source_path" in frame.columns:
        renamed.append(pl.format("seeds/{}.txt", pl.col("new")).alias("source_path"))
    texts = [c for c in frame.columns if c == "text" or c.endswith("_text")]
    parts = [
        part.with_columns(pl.col(c).str.replace_many(LETTERS, turned(turn)) for c in texts)
        for (turn,), part in joined.with_columns(renamed).with_columns(document_id=pl.col("new")).group_by("turn")
    ]
    return pl.concat(parts).select(frame.columns)


LETTERS = list("abcdefghijklmnopqrstuvwxyz")


def turned(turn: int) -> list[str]:
    """Return the alphabet in another order for every turn."""
    return sorted(LETTERS, key=lambda letter: ids.sha256(f"{turn} {letter}".encode()))


def parquet(folder: Path, documents: int) -> int:
    """Write a package as the build does; return its rows."""
    folder.mkdir()
    about = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "benchmark",
        "version": "1.0.0",
    }
    rows = writing.package(corpus_buckets(documents), folder, schemas=load_schemas(), about=about)
    return sum(rows.values())


def csv(folder: Path, documents: int) -> int:
    """Write the same tables as CSV; return their rows."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for bucket in corpus_buckets(documents):
        for name, frame in bucket.items():
            parts.setdefault(name, []).append(frame)
    tables = {name: pl.concat(frames) for name, frames in parts.items()}
    papers.mirror(folder, tables)
    return sum(frame.height for frame in tables.values())


# --- measuring -------------------------------------------------------------------------------------------


def main() -> None:
    """Measure and print one table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=10_000)
    options.add_argument("--fewer", type=int, default=200, help="articles for frictionless")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument(
        "--stock",
        default=str(ROOT / ".venv-readers" / "bin" / "python"),
        help="interpreter of an environment with stock frictionless",
    )
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        full, few, rows_csv = Path(place) / "full", Path(place) / "few", Path(place) / "csv"
        made = ((parquet, full, given.documents), (parquet, few, given.fewer), (csv, rows_csv, given.fewer))
        with get_context("spawn").Pool(1) as pool:  # a child's peak memory counts from its parent's: keep that small
            rows = {folder: pool.apply(write, (folder, count)) for write, folder, count in made}
        engines = {
            "ours": (sys.executable, OURS, full),
            "read and decode": (sys.executable, READ, full),
            "frictionless, Parquet": (given.stock, FRICTIONLESS, few),
            "frictionless, CSV": (given.stock, FRICTIONLESS, rows_csv),
        }
        costs: dict[str, list[Cost]] = {name: [] for name in engines}
        for _ in range(given.rounds):
            for name, engine in engines.items():
                costs[name].append(run(*engine))
        report({n: (c, rows[engines[n][2]]) for n, c in costs.items()}, rows[full])


def report(costs: dict[str, tuple[list[Cost], int]], rows: int) -> None:
    """Print CPU seconds as measured, scaled to all rows, and as multiples of ours."""
    own = statistics.median(c.cpu for c in costs["ours"][0])
    print(f"{'engine':24}{'rows':>10}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'CPU s a million rows':>22}{'of ours':>9}")
    for name, (found, judged) in costs.items():
        cpu, wall, peak = (statistics.median(getattr(c, k) for c in found) for k in ("cpu", "wall", "peak"))
        scaled = cpu * rows / judged
        print(
            f"{name:24}{judged:>10}{cpu:>9.2f}{wall:>9.2f}{peak:>9.0f}{cpu / judged * 1e6:>22.2f}{scaled / own:>9.2f}"
        )


if __name__ == "__main__":
    main()
