"""Measure the stance, the source entity and the source kind of claims against rows that readers judged.

    python training/columns.py PACKAGE

PACKAGE is a package built from articles of PolNeAR's train split (the folder with the Parquet files).
`annotations/columns.csv` has what is right of statements in 280 of them: offsets are half-open code points in the
article, `-` is no entity, `?` was not judged. Rules were made beside the articles of use `worked`; nobody worked with
those of use `apart`. A judged row counts where the package has a claim with the same cue and content.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

import polars as pl
from annotations import FOLDER, stretches

from broadsheet.extraction.lexicon.name_forms import fold
from broadsheet.model import Stance
from broadsheet.packages import load

USES: Final = ("worked", "apart")
Place = tuple[str, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]
"""An article with the stretches of cue and content."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What a row says beside its spans; an entity is given by its name, none by `-`."""

    stance: str
    entity: str
    kind: str


def judged(use: str) -> Iterator[tuple[Place, Columns]]:
    """Yield the judged rows of a use."""
    with (FOLDER / "columns.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["use"] == use:
                place = line["article"], stretches(line["cue"]), stretches(line["content"])
                yield place, Columns(line["stance"], line["entity"], line["kind"])


def claims(package: Path) -> dict[Place, Columns]:
    """Return what the claims of a package say, by their place."""
    tables = load(package)
    parts = tables.claim_spans.group_by("claim_id", "part").agg(pl.struct("start", "end").sort_by("start"))
    spans: dict[tuple[str, str], tuple[tuple[int, int], ...]] = {
        (claim, part): tuple((one["start"], one["end"]) for one in found)
        for claim, part, found in parts.collect().iter_rows()
    }
    names = dict(tables.entities.select("entity_id", "name").collect().iter_rows())
    stems = {key: Path(path).stem for key, path in _pairs(tables.documents, "document_id", "source_path")}
    return {
        (
            stems[one["document_id"]],
            spans.get((one["claim_id"], "cue"), ()),
            spans.get((one["claim_id"], "content"), ()),
        ): (Columns(one["stance"], names.get(one["source_entity_id"], "-"), one["source_kind"]))
        for one in tables.claims.collect().iter_rows(named=True)
    }


def _pairs(frame: pl.LazyFrame, *columns: str) -> Iterable[tuple[str, str]]:
    return frame.select(columns).collect().iter_rows()


def are_one(name: str, other: str) -> bool:
    """Tell whether two names may be one entity's: the words of one are words of the other.

    >>> are_one("Roe", "Ann Roe"), are_one("-", "Ann Roe")
    (True, False)
    """
    one, two = set(fold(name).split()), set(fold(other).split())
    return bool(one) and bool(two) and (one <= two or two <= one)


def measured(rows: Iterable[tuple[Columns, Columns]]) -> dict[str, Any]:
    """Return how many rows of a package agree with what was judged, from pairs of what it says and what is right."""
    pairs = list(rows)
    entities = [(given.entity, right.entity) for given, right in pairs if right.entity != "?"]
    kinds = [given.kind == right.kind for given, right in pairs if right.kind != "?"]
    decided = [(given, right) for given, right in entities if given != "-"]
    return {
        "rows": len(pairs),
        "stance": _share([given.stance == right.stance for given, right in pairs]),
        "stance macro-F1": macro_f1([(given.stance, right.stance) for given, right in pairs]),
        "entity": _share([given == right == "-" or are_one(given, right) for given, right in entities]),
        "entity where one is given": _share([are_one(given, right) for given, right in decided]),
        "kind": _share(kinds),
    }


def macro_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """Return the mean F1 over the stances that occur, from pairs of what is given and what is right."""
    found = list(pairs)
    scores = []
    for stance in get_args(Stance):
        given, right = (sum(pair[side] == stance for pair in found) for side in (0, 1))
        if given + right:
            scores.append(2 * found.count((stance, stance)) / (given + right))
    return round(sum(scores) / len(scores), 3) if scores else 0.0


def _share(right: list[bool]) -> float:
    return round(sum(right) / len(right), 3) if right else 0.0


def main() -> None:
    """Parse the command line, and print the figures of each use."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    found = claims(parser.parse_args().package)
    report = {use: measured((found[place], right) for place, right in judged(use) if place in found) for use in USES}
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
