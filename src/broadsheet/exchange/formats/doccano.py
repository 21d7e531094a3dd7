"""doccano: one JSON line an article, for a project of sequence labelling with relations.

Offsets count UTF-16 code units, as doccano does where "Count grapheme clusters as one character" is off (it must be;
overlapping entities must be allowed). Mentions and claims are entities with relations (`exchange.regions`). doccano
keeps nothing else about an entity: the label of a claim has its kind and its stance, and which entity a mention means
does not come back. The format: https://github.com/doccano/doccano, "JSONL(relation)".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, Final

import msgspec

from broadsheet import strict_json
from broadsheet.exchange.articles import KINDS, STANCES, Incoming, MarkedArticle, Read, Refusal
from broadsheet.exchange.json_text import json_line
from broadsheet.exchange.regions import LABELS, Region, article_of, regions_of
from broadsheet.exchange.tables import Dataset
from broadsheet.exchange.units import Utf16

__all__ = ["NEEDS_TEXT", "SUFFIX", "read", "write"]

SUFFIX: Final = ".jsonl"
NEEDS_TEXT: Final = True
_BETWEEN: Final = "/"  # kind and stance of a claim in its label


# --- out --------------------------------------------------------------------------------------------------------------


def write(dataset: Dataset, articles: Iterable[MarkedArticle]) -> Iterator[tuple[str, str]]:  # noqa: ARG001 - as others
    """Yield `doccano.jsonl`, and the labels of its entities and relations to be imported before."""
    kinds = [f"{kind}{_BETWEEN}{stance}" for kind in KINDS for stance in STANCES]
    labels = [*(label for label in LABELS if label not in KINDS), *kinds]
    yield "labels.json", json.dumps([{"text": label} for label in labels], indent=1) + "\n"
    yield "relations.json", json.dumps([{"text": "part"}], indent=1) + "\n"
    numbers = count(1)
    for number, article in enumerate(articles, 1):
        yield "doccano.jsonl", json_line({"id": number, **_line(article, numbers)}) + "\n"


def _line(article: MarkedArticle, numbers: Iterator[int]) -> dict[str, Any]:
    regions, links = regions_of(article)
    units = Utf16.of(article.text or "")
    keys = {region.key: next(numbers) for region in regions}
    entities = []
    for region in regions:
        start, end = units.units(region.span)
        label = f"{region.label}{_BETWEEN}{region.stance}" if region.stance else region.label
        entities.append({"id": keys[region.key], "label": label, "start_offset": start, "end_offset": end})
    relations = [
        {"id": next(numbers), "from_id": keys[first], "to_id": keys[second], "type": "part"} for first, second in links
    ]
    return {"text": article.text, "document_id": article.document_id, "entities": entities, "relations": relations}


# --- back -------------------------------------------------------------------------------------------------------------


class _Entity(msgspec.Struct):
    id: int
    label: str
    start_offset: int
    end_offset: int


class _Relation(msgspec.Struct):
    from_id: int
    to_id: int


class _Line(msgspec.Struct):
    text: str
    document_id: str = ""
    entities: list[_Entity] = []
    relations: list[_Relation] = []


def read(file: Incoming) -> Read:
    """Return the annotations of every line. Raises ValueError where the file is not an export of doccano."""
    articles: list[MarkedArticle] = []
    refusals: list[Refusal] = []
    for number, data in enumerate(file.data.split(b"\n"), 1):
        if data.strip():
            found = _article(f"{file.path}:{number}", msgspec.convert(strict_json.parse(data), _Line, strict=True))
            articles += found.articles
            refusals += found.refusals
    return Read(tuple(articles), tuple(refusals))


def _article(place: str, line: _Line) -> Read:
    if not line.document_id:
        return Read((), (Refusal(place, "it has no document_id", "annotate the lines that were exported"),))
    units = Utf16.of(line.text)
    regions, refusals = [], []
    for entity in line.entities:
        where = f"{place}, entity {entity.id}"
        label, _, stance = entity.label.partition(_BETWEEN)
        try:
            span = units.span(entity.start_offset, entity.end_offset)
        except ValueError as error:
            refusals.append(Refusal(where, str(error), "turn off the counting of grapheme clusters in the project"))
        else:
            regions.append(Region(str(entity.id), label, span, stance or None, place=where))
    links = [(str(one.from_id), str(one.to_id)) for one in line.relations]
    return article_of((line.document_id, line.text), regions, links, refusals)
