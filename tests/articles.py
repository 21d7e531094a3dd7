"""Values for tests, made in one place: a small article, what it says, and the package of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from broadsheet import ids, tables
from broadsheet.claim_links import Linking
from broadsheet.model import (
    Attribution,
    Claim,
    Cluster,
    Entity,
    Evidence,
    Extraction,
    Mention,
    Paragraph,
    Resolution,
    Span,
    Text,
)
from broadsheet.packages import writing
from broadsheet.schema import load_schemas

WORDS = "Ferry vote delayed\n\n“We will wait,” Mayor Tomas Reyes said. Reyes declined to comment.\n\nReyes waits.\n"
ABOUT: Mapping[str, Any] = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "ferry",
    "title": "Ferry",
    "version": "1.0.0",
    "created": "2024-05-04T00:00:00Z",
    "licenses": [{"name": "CC-BY-4.0"}],
}


def _span(words: str, after: int = 0) -> Span:
    start = WORDS.index(words, after)
    return Span(start, start + len(words))


def text(document_id: str = "ferry") -> Text:
    title, body, last = (_span(line) for line in WORDS.strip().split("\n\n"))
    return Text(
        document_id=document_id,
        source_path=f"seeds/{document_id}.txt",
        source_sha256="0" * 64,
        source_bytes=len(WORDS.encode()),
        media_type="text/plain",
        encoding="utf-8",
        language="en",
        text=WORDS,
        paragraphs=(
            Paragraph(title.start, title.end, "title"),
            Paragraph(body.start, body.end, "body"),
            Paragraph(last.start, last.end, "body"),
        ),
        title=Evidence("Ferry vote delayed", "text", title),
    )


def extraction(document_id: str = "ferry") -> Extraction:
    full = _span("Tomas Reyes")
    again = _span("Reyes", full.end)
    last = _span("Reyes", again.end)
    said = Attribution((_span("Mayor Tomas Reyes"),), (_span("said"),), (_span("“We will wait,”"),))
    silent = Attribution((again,), (_span("declined to comment"),), ())
    return Extraction(
        document_id,
        (Cluster("Tomas Reyes", (("Reyes", 2), ("Tomas Reyes", 1)), (("PERSON", 3),)),),
        (
            Mention(full.start, full.end, 0, "exact"),
            Mention(again.start, again.end, 0, "partial"),
            Mention(last.start, last.end, 0, "partial"),
        ),
        (
            Claim(said, "speech", "direct", "asserts", source=0),
            Claim(silent, "no-comment", "indirect", "declines", source=0),
        ),
    )


def resolution(*document_ids: str) -> Resolution:
    members = {(document, 0): ("tomas-reyes.person", None) for document in document_ids}
    return Resolution((Entity("tomas-reyes.person", "Tomas Reyes", "PERSON"),), members)


def frames(*document_ids: str) -> dict[str, pl.DataFrame]:
    """Return all tables of articles that differ in nothing but their id."""
    found = tables.tabulate([(text(d), extraction(d)) for d in document_ids], resolution(*document_ids), load_schemas())
    counts = [tables.census(found["mentions"])]
    entities = pl.concat(tables.tabulate_entities(resolution(*document_ids).entities, counts, load_schemas()))
    with Linking() as linking:
        linking.add(found["claims"])
        return found | {"entities": entities, "claim_links": pl.concat(linking.row_groups(load_schemas()))}


def dealt(whole: Mapping[str, pl.DataFrame]) -> Iterator[dict[str, pl.DataFrame]]:
    """Yield all tables of some articles as a build does: bucket by bucket, and those of the whole corpus last."""
    bound = [table.name for table in load_schemas() if table.document]
    buckets = ids.bucket_count(whole["documents"].height)
    for number in range(buckets):
        some = [one for one in whole["documents"]["document_id"] if ids.bucket_of(one, buckets) == number]
        yield {name: whole[name].filter(pl.col("document_id").is_in(some)) for name in bound}
    yield {name: frame for name, frame in whole.items() if name not in bound}


def write_package(to: Path, *document_ids: str) -> Path:
    """Write a package of such articles into a new folder."""
    to.mkdir(parents=True)
    writing.package(dealt(frames(*(document_ids or ("ferry",)))), to, schemas=load_schemas(), about=ABOUT)
    return to
