"""A small data package for the tests of the validator: by hand, independent of the code that writes packages."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet import ids, schema
from broadsheet.model import SOURCE_KINDS, EntityType
from broadsheet.schema.arrow import arrow, columnar
from broadsheet.schema.logical_hash import Digest

SCHEMAS = schema.load_schemas()
Frames = dict[str, pl.DataFrame]

# paragraph: (role, text, repeats which position); claim: (source, cue, content …, stance …)
ARTICLES: dict[str, list[tuple[str, str, int | None]]] = {
    "harbour-talks": [
        ("title", "Harbour talks resume", None),
        ("byline", "By Ana Köhler", None),
        (
            "body",
            "“The port stays open,” Mayor Lise Brandt said on Monday, and the strike, she added, would end.",
            None,
        ),
        ("caption", "Lise Brandt at the quay.", None),
        ("body", "Dockers’ leader Tom Okafor declined to comment.", None),
        ("caption", "Lise Brandt at the quay.", 3),
    ],
    "river-level": [
        ("title", "River level falls", None),
        ("body", "The Water Board believes that the river will fall again.", None),
    ],
    "river-level-2": [
        ("title", "River level falls", None),
        ("body", "The Water Board believes that the river will fall again.", None),
    ],
}
NAMES: dict[str, EntityType] = {
    "Ana Köhler": "PERSON",
    "Lise Brandt": "PERSON",
    "Tom Okafor": "PERSON",
    "Water Board": "ORG",
}
# document → claims: kind, quote, stance, source entity, {part: [words, …]}
CLAIMS: dict[str, list[tuple[str, str, str, str | None, dict[str, list[str]]]]] = {
    "harbour-talks": [
        (
            "speech",
            "direct",
            "asserts",
            "Lise Brandt",
            {"source": ["Mayor Lise Brandt"], "cue": ["said"], "content": ["“The port stays open,”"]},
        ),
        (
            "speech",
            "indirect",
            "asserts",
            "Lise Brandt",
            {"source": ["she"], "cue": ["added"], "content": ["the strike,", "would end."]},
        ),
        (
            "no-comment",
            "indirect",
            "declines",
            "Tom Okafor",
            {"source": ["Dockers’ leader Tom Okafor"], "cue": ["declined to comment"], "content": []},
        ),
    ],
    "river-level": [
        (
            "attitude",
            "indirect",
            "asserts",
            "Water Board",
            {"source": ["The Water Board"], "cue": ["believes"], "content": ["that the river will fall again"]},
        ),
    ],
    "river-level-2": [
        (
            "attitude",
            "indirect",
            "asserts",
            "Water Board",
            {"source": ["The Water Board"], "cue": ["believes"], "content": ["that the river will fall again"]},
        ),
    ],
}


def frames() -> Frames:
    """Return all tables of the articles; the frames themselves are made once."""
    return dict(_frames(tuple(ARTICLES)))


@cache
def _frames(documents: tuple[str, ...]) -> Frames:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS.tables}
    for document in documents:
        _article(document, rows)
    _entities(rows)
    _links(rows)
    return {table.name: pl.DataFrame(rows[table.name], schema=columnar(table)).sort(table.order) for table in SCHEMAS}


def _article(document: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    text, spans = "", []
    for role, words, repeats in ARTICLES[document]:
        text += "\n\n" if text else ""
        spans.append((len(text), len(text) + len(words), role, words, repeats))
        text += words
    text += "\n"
    keys = [ids.span_id(document, start, end) for start, end, *_ in spans]
    for position, (start, end, role, words, repeats) in enumerate(spans):
        rows["paragraphs"].append(
            {
                "paragraph_id": keys[position],
                "document_id": document,
                "position": position,
                "role": role,
                "text": words,
                "start": start,
                "end": end,
                "word_count": len(words.split()),
                "duplicate_of": None if repeats is None else keys[repeats],
                "duplicate_kind": None if repeats is None else "exact",
            }
        )
    main = [p for p in rows["paragraphs"] if p["document_id"] == document and p["role"] == "body"]
    rows["documents"].append(
        {
            "document_id": document,
            "source_path": f"seeds/{document}.txt",
            "source_sha256": hashlib.sha256(text.encode()).hexdigest(),
            "source_bytes": len(text.encode()),
            "media_type": "text/plain",
            "encoding": "utf-8",
            "language": "en",
            "title": spans[0][3],
            "title_from": "text",
            "text": text,
            "text_status": "present",
            "word_count": sum(p["word_count"] for p in main),
            "paragraph_count": len(spans),
            "duplicate_of": "river-level" if document == "river-level-2" else None,
        }
    )
    _mentions(document, text, spans, keys, rows)
    _claims(document, text, spans, keys, rows)


def _home(start: int, spans: Sequence[Any], keys: Sequence[str]) -> str:
    return next(key for (low, high, *_), key in zip(spans, keys, strict=True) if low <= start < high)


def _mentions(document: str, text: str, spans: Sequence[Any], keys: Sequence[str], rows: dict[str, Any]) -> None:
    for name, kind in NAMES.items():
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            rows["mentions"].append(
                {
                    "mention_id": ids.span_id(document, start, end),
                    "entity_id": ids.entity_id(name, kind),
                    "document_id": document,
                    "paragraph_id": _home(start, spans, keys),
                    "start": start,
                    "end": end,
                    "text": name,
                    "linked_by": "exact",
                    "confidence": "sure",
                }
            )
            start = text.find(name, end)


def _claims(document: str, text: str, spans: Sequence[Any], keys: Sequence[str], rows: dict[str, Any]) -> None:
    for kind, quote, stance, source, parts in CLAIMS[document]:
        pieces = [(part, n, text.index(words), words) for part, all_ in parts.items() for n, words in enumerate(all_)]
        start = min(at for *_, at, _ in pieces)
        end = max(at + len(words) for *_, at, words in pieces)
        claim = ids.span_id(document, start, end)
        place = next(at for wanted in ("content", "cue") for part, _, at, _ in pieces if part == wanted)
        rows["claims"].append(
            {
                "claim_id": claim,
                "document_id": document,
                "paragraph_id": _home(place, spans, keys),
                "start": start,
                "end": end,
                "kind": kind,
                "quote": quote,
                "stance": stance,
                **{f"{part}_text": " … ".join(words) or None for part, words in parts.items()},
                "source_kind": SOURCE_KINDS[NAMES[source]] if source else "none",
                "source_entity_id": source and ids.entity_id(source, NAMES[source]),
                "confidence": "sure",
            }
        )
        rows["claim_spans"] += [
            {
                "claim_id": claim,
                "part": part,
                "ordinal": n,
                "document_id": document,
                "start": at,
                "end": at + len(words),
                "text": words,
            }
            for part, n, at, words in pieces
        ]
        rows["claim_entities"] += [
            {"claim_id": claim, "part": part}
            | {column: mention[column] for column in ("mention_id", "entity_id", "document_id")}
            for part, _, at, words in pieces
            for mention in rows["mentions"]
            if mention["document_id"] == document and at <= mention["start"] and mention["end"] <= at + len(words)
        ]


def _entities(rows: dict[str, list[dict[str, Any]]]) -> None:
    for name, kind in NAMES.items():
        key = ids.entity_id(name, kind)
        places = [m["document_id"] for m in rows["mentions"] if m["entity_id"] == key]
        if places:
            rows["entities"].append(
                {
                    "entity_id": key,
                    "name": name,
                    "type": kind,
                    "mention_count": len(places),
                    "document_count": len(set(places)),
                }
            )


def _links(rows: dict[str, list[dict[str, Any]]]) -> None:
    for one, other in combinations(sorted(rows["claims"], key=lambda claim: claim["claim_id"]), 2):
        if one["content_text"] and one["content_text"] == other["content_text"]:
            pair = {"claim_id": one["claim_id"], "other_claim_id": other["claim_id"]}
            link = "=".join(pair.values())
            rows["claim_links"].append({"link_id": link, **pair, "relation": "same-words", "method": "equal"})


# --- writing ---------------------------------------------------------------------------------------------

PARQUET: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 3,
    "write_statistics": True,
    "write_page_index": True,
    "write_page_checksum": True,
    "store_schema": False,
}


def write_table(frame: pl.DataFrame, path: Path, name: str, **options: Any) -> None:
    """Write a table of the schemas with one row group; a required column that holds nulls is written as it must be."""
    fields = [
        f.with_nullable(f.nullable or frame[f.name].null_count() > 0) if f.name in frame.columns else f
        for f in arrow(SCHEMAS[name])
    ]
    found = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.schema(fields)).combine_chunks()
    pq.write_table(found, path, **(PARQUET | options))


def facts(path: Path) -> dict[str, Any]:
    """Return what the descriptor says of a file: hash, and the broadsheet block as far as the file can be read."""
    found = _facts(path.read_bytes())
    return {"hash": found["hash"], "broadsheet": dict(found["broadsheet"])}


def logical_hash(table: pa.Table) -> str:
    """Return the logical hash of a table."""
    digest = Digest(table.schema)
    for batch in table.to_batches():
        digest.update(batch)
    return digest.hexdigest()


@lru_cache(64)
def _facts(data: bytes) -> dict[str, Any]:
    block: dict[str, Any] = {"size": len(data)}
    try:
        table = pq.read_table(io.BytesIO(data))
        block |= {"rows": table.num_rows, "logicalHash": f"sha256:{logical_hash(table)}"}
    except Exception:  # noqa: BLE001 # a corrupted file has no rows
        pass
    return {"hash": f"sha256:{ids.sha256(data)}", "broadsheet": block}


def describe(folder: Path, names: Sequence[str] | None = None) -> None:
    """Write the descriptor and the checksums of the tables in a folder; with names, make those of these right."""
    if names is not None:
        descriptor = load(folder)
        for found in descriptor["resources"]:
            if found["name"] in names:
                found.update(facts(folder / found["path"]))
        save(folder, descriptor)
        return
    resources = [
        {
            "name": table.name,
            "type": "table",
            "path": f"{table.name}.parquet",
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "schema": dict(table.descriptor),
            **facts(folder / f"{table.name}.parquet"),
        }
        for table in SCHEMAS
    ]
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    save(folder, {"$schema": profile, "name": "papers", "title": "Papers", "version": "1.0.0", "resources": resources})


def save(folder: Path, descriptor: Any) -> None:
    """Write a descriptor, and the checksums anew."""
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False, indent=1), encoding="utf-8")
    seal(folder)


def seal(folder: Path) -> None:
    """Write SHA256SUMS over every file."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "SHA256SUMS")
    lines = [f"{ids.sha256(p.read_bytes())}  {p.relative_to(folder).as_posix()}\n" for p in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def load(folder: Path) -> dict[str, Any]:
    """Return the descriptor."""
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


_FILES: dict[tuple[tuple[str, ...], str], bytes] = {}  # tables that were written before


def write(folder: Path, tables: Frames | None = None) -> Path:
    """Write a whole package."""
    folder.mkdir(parents=True, exist_ok=True)
    known = _frames(tuple(ARTICLES))
    for name, frame in (tables or known).items():
        path = folder / f"{name}.parquet"
        if frame is known[name] and (tuple(ARTICLES), name) in _FILES:
            path.write_bytes(_FILES[tuple(ARTICLES), name])
        else:
            write_table(frame, path, name)
        if frame is known[name]:
            _FILES[tuple(ARTICLES), name] = path.read_bytes()
    (folder / "README.md").write_text("A package.\n", encoding="utf-8")
    (folder / "quarantine.jsonl").write_text("", encoding="utf-8")
    describe(folder)
    return folder


def mirror(folder: Path, tables: Frames) -> None:
    """Write the tables as CSV with a descriptor of their own: the same schemas, an empty cell is null."""
    folder.mkdir(parents=True, exist_ok=True)
    resources = []
    for table in SCHEMAS:
        path = folder / f"{table.name}.csv"
        tables[table.name].write_csv(path)
        schema_of = {k: v for k, v in table.descriptor.items() if k != "missingValues"}
        hashed = {"hash": f"sha256:{ids.sha256(path.read_bytes())}", "bytes": path.stat().st_size}
        resources.append(
            {"name": table.name, "type": "table", "path": path.name, "format": "csv", "encoding": "utf-8"}
            | {"schema": json.loads(json.dumps(schema_of)), "broadsheet": {}}
            | hashed
        )
    head = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "papers", "title": "Papers"}
    save(folder, head | {"version": "1.0.0", "resources": resources})
