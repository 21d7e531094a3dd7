"""What a look at a large package costs: `stats`, `audit`, `search`, `show` and `list` on 10,000 articles.

    python benchmarks/explore.py [--package FOLDER] [--documents 10000] [--rounds 5] [--to FOLDER]

The large package has the rows of a built one under new ids, turn by turn. In every turn the letters of its texts change
places, so that no dictionary makes the files small, and half of its entities are new ones. Each command is a process
of its own; the first search makes the index, the others find it.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from validate import LETTERS, turned

from broadsheet import ids
from broadsheet.packages import Tables, load, writing
from broadsheet.schema import load_schemas
from broadsheet.schema.table_schemas import TABLES
from broadsheet.workflows.build import build

ROOT = Path(__file__).parents[1]
SCHEMAS = load_schemas()
WHOLE = ("entities", "claim_links")
"""Tables about the whole corpus, which follow the buckets."""


def buckets(tables: Tables, documents: int) -> Iterator[dict[str, pl.DataFrame]]:
    """Give the buckets of the large package, then its entities and links."""
    frames = {name: getattr(tables, name).collect() for name in TABLES}
    known = frames["documents"]["document_id"].to_list()
    count = ids.bucket_count(documents)
    dealt: dict[int, list[tuple[str, int]]] = {number: [] for number in range(count)}
    for number in range(documents):
        turn, place = divmod(number, len(known))
        dealt[ids.bucket_of(_copied(known[place], turn), count)].append((known[place], turn))
    entities = []
    for articles in dealt.values():
        chosen = pl.DataFrame(articles, schema=["document_id", "turn"], orient="row")
        made = {name: _copies(frames[name], chosen, name) for name in TABLES if name not in WHOLE}
        entities.append(made["mentions"].select("entity_id", "document_id"))
        yield made
    links = _links(frames["claim_links"], documents // len(known))
    yield {"entities": _entities(frames["entities"], pl.concat(entities)), "claim_links": links}


def _copied(key: str, turn: int) -> str:
    return f"copy-{turn:04}-{key}"


def _copies(frame: pl.DataFrame, chosen: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the rows of the chosen articles under the ids of their turn."""
    own = ("document_id", "paragraph_id", "mention_id", "claim_id", "duplicate_of", "nested_in")
    parts = [
        part.with_columns(
            *(pl.lit(_copied("", turn)).add(pl.col(c)).alias(c) for c in own if c in frame.columns),
            *(
                _entity(c, turn)
                for c in frame.columns
                if c.startswith(("entity_id", "source_", "reported_")) and "_id" in c
            ),
            *(
                pl.col(c).str.replace_many(LETTERS, turned(turn)).alias(c)
                for c in frame.columns
                if c == "text" or c.endswith("_text")
            ),
        )
        for (turn,), part in frame.join(chosen, on="document_id").group_by("turn")
    ]
    return pl.concat(parts).select(frame.columns).sort(SCHEMAS[name].order)


def _links(frame: pl.DataFrame, turns: int) -> pl.DataFrame:
    """Return the links of every whole turn."""
    own = [
        frame.with_columns(
            claim_id=pl.lit(_copied("", turn)) + pl.col("claim_id"),
            other_claim_id=pl.lit(_copied("", turn)) + pl.col("other_claim_id"),
        )
        for turn in range(turns)
    ]
    found = pl.concat(own).with_columns(link_id=pl.concat_str("claim_id", "other_claim_id", separator="="))
    return found.sort(SCHEMAS["claim_links"].order)


def _entity(column: str, turn: int) -> pl.Expr:
    """Return the entities of a turn: every second one is the same in all turns."""
    is_same = pl.col(column).hash() % 2 == 0
    return pl.when(is_same).then(column).otherwise(pl.col(column).str.replace(r"\.", f"-{turn}.")).alias(column)


def _entities(frame: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Return the table of the entities that the mentions name."""
    counts = named.group_by("entity_id").agg(
        mention_count=pl.len().cast(pl.Int64), document_count=pl.col("document_id").n_unique().cast(pl.Int64)
    )
    name = pl.col("entity_id").str.replace_all("-", " ").str.replace(r"\.[a-z]+$", "").str.to_titlecase()
    found = counts.with_columns(name=name, type=pl.lit(frame["type"][0]), wikidata_id=pl.lit(None, pl.String))
    return found.select(frame.columns).sort("entity_id")


def write(package: Path, documents: int, to: Path) -> None:
    """Write the large package and the state folder beside it."""
    about = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "large", "version": "1.0.0"}
    to.mkdir(parents=True)
    (to.parent / ".broadsheet").mkdir(exist_ok=True)
    writing.package(buckets(load(package), documents), to, schemas=SCHEMAS, about=about)


def seconds(*words: str) -> float:
    """Return the seconds of a command."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "broadsheet", *words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Write the package, measure, and print one line a command."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--package", type=Path, help="the package with the rows; default: this dataset, built anew")
    options.add_argument("--documents", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--to", type=Path, help="write the package here, or measure the one that is there")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = given.to or Path(scratch) / "build"
        if not place.exists():
            write(given.package or build(ROOT, Path(scratch) / "small").target, given.documents, place)
        tables = load(place)
        document, claim = (getattr(tables, n).select(pl.col(k).last()).collect().item() for n, k in _KEYS.items())
        name = tables.entities.sort("mention_count").select(pl.col("name").last()).collect().item()
        print(f"the first search: {seconds('search', name, '--package', str(place)):.2f} s")
        for words in (
            ["stats"],
            ["audit"],
            ["search", name],
            *(["show", row] for row in (document, claim, name)),
            ["list", "claims"],
        ):
            target = [str(place)] if words in (["stats"], ["audit"]) else ["--package", str(place)]
            found = [seconds(*words, *target) for _ in range(given.rounds)]
            print(f"{' '.join(words)[:60]:<60}  median {statistics.median(found):.2f} s, least {min(found):.2f} s")


_KEYS = {"documents": "document_id", "claims": "claim_id"}

if __name__ == "__main__":
    main()
