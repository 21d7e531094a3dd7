"""FollowTheMoney: one JSON line an entity, for Aleph, OpenAleph and what else reads it.

Articles are `Article`s. Of the entities those are written whose type says what they are: PERSON is `Person`, ORG is
`Organization` (which of them are companies or public bodies is not known), GPE is `Territory`, EVENT is `Event`; LOC,
FAC, NORP and PRODUCT have no schema and are left out. Each entity is linked with the articles that name it
(`Documentation`), and each place of a person or organisation is a `Mention`. A claim is a `Note` about its article and
its source. Spans are in the ids, which are deterministic. The format: https://followthemoney.tech
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from broadsheet.exchange.articles import MarkedArticle, MarkedClaim, MarkedMention, Row
from broadsheet.exchange.json_text import json_line
from broadsheet.exchange.tables import Dataset

__all__ = ["NEEDS_TEXT", "SCHEMATA", "SUFFIX", "write"]

SUFFIX: Final = ""
NEEDS_TEXT: Final = False
_FILE: Final = "entities.ftm.json"
SCHEMATA: Final[Mapping[str, str]] = MappingProxyType(
    {"PERSON": "Person", "ORG": "Organization", "GPE": "Territory", "EVENT": "Event"}
)
"""The schema of an entity of each type that has one."""
_RESOLVED: Final = frozenset({"Person", "Organization"})  # what a Mention may be resolved to
_SEPARATOR: Final = "; "  # between the authors of an article
_LONGEST: Final[Mapping[str, int]] = MappingProxyType(
    {"name": 384, "title": 1024, "author": 1024, "publisher": 1024, "fileName": 1024, "sourceUrl": 4096}
    | {"bodyText": 65_000, "description": 65_000, "summary": 65_000}
)  # code points that a value may have

Json = dict[str, Any]


def write(dataset: Dataset, articles: Iterable[MarkedArticle]) -> Iterator[tuple[str, str]]:
    """Yield `entities.ftm.json`: entities, then each article with what is in it."""
    for row in dataset.entities.values():
        if row["type"] in SCHEMATA:
            yield _FILE, _line(_entity(dataset, row))
    for article in articles:
        for one in _of_article(dataset, article):
            yield _FILE, _line(one)


def _line(value: Json) -> str:
    return json_line(value) + "\n"


def _thing(key: str, schema: str, **properties: Any) -> Json:
    """Return an entity; a property is a value or a list of them. What is empty or too long is left out."""
    kept = {name: _values(name, value) for name, value in properties.items()}
    return {"id": key, "schema": schema, "properties": {name: values for name, values in kept.items() if values}}


def _values(name: str, value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if one and len(one) <= _LONGEST.get(name, len(one))]


def _key(dataset: Dataset, row_id: str, kind: str = "") -> str:
    """Return an id as FollowTheMoney allows it: letters, digits, `-` and `.`."""
    return f"{dataset.name}.{kind and kind + '.'}{row_id.replace('#', '.')}"


def _entity(dataset: Dataset, row: Row) -> Json:
    key = _key(dataset, row["entity_id"])
    return _thing(key, SCHEMATA[row["type"]], name=row["name"], wikidataId=row["wikidata_id"])


def _of_article(dataset: Dataset, article: MarkedArticle) -> Iterator[Json]:
    document = _key(dataset, article.document_id, "document")
    yield _article(document, article)
    named = [one for one in article.mentions if one.type in SCHEMATA]
    for entity in sorted({one.row["entity_id"] for one in named}):
        key = _key(dataset, f"{article.document_id}.{entity}", "link")
        yield _thing(key, "Documentation", document=document, entity=_key(dataset, entity), role="named")
    for mention in named:
        if SCHEMATA[mention.type] in _RESOLVED:
            yield _mention(dataset, document, mention)
    for claim in article.claims:
        yield _claim(dataset, document, claim)


def _article(key: str, article: MarkedArticle) -> Json:
    row = article.row
    return _thing(
        key,
        "Article",
        title=row["title"] or article.document_id,
        author=[name for name in (row["authors"] or "").split(_SEPARATOR) if name],
        publisher=row["publisher"],
        publishedAt=str(row["published"]) if row["published"] else None,
        sourceUrl=row["url"],
        fileName=row["source_path"],
        bodyText=article.text,
    )


def _mention(dataset: Dataset, document: str, mention: MarkedMention) -> Json:
    row = mention.row
    key, resolved = _key(dataset, row["mention_id"], "mention"), _key(dataset, row["entity_id"])
    schema = SCHEMATA[mention.type]
    return _thing(key, "Mention", document=document, name=row["text"], resolved=resolved, detectedSchema=schema)


def _claim(dataset: Dataset, document: str, claim: MarkedClaim) -> Json:
    row = claim.row
    source = row["source_entity_id"]
    about = [document]
    if source and dataset.entities[source]["type"] in SCHEMATA:
        about.append(_key(dataset, source))
    said = " ".join(part for part in (row["source_text"], row["cue_text"]) if part)
    return _thing(
        _key(dataset, row["claim_id"], "claim"),
        "Note",
        entity=about,
        proof=document,
        description=row["content_text"] or row["cue_text"],
        summary=said,
        keywords=[row["kind"], row["stance"]],
    )
