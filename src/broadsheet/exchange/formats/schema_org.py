"""schema.org (JSON-LD): the articles, the entities they mention, and the claims in them with those who make them.

Where a part of a claim is in its article is said in terms of Web Annotation (`oa:`), in code points of the canonical
text. Texts are not written. A claim is a `Claim`, and a `Quotation` too where it is one; nothing is rated. The
vocabulary: https://schema.org/Claim
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from broadsheet.exchange.articles import MarkedArticle, MarkedClaim, Row
from broadsheet.exchange.json_text import json_line
from broadsheet.exchange.tables import Dataset

__all__ = ["NEEDS_TEXT", "SUFFIX", "write"]

SUFFIX: Final = ""
NEEDS_TEXT: Final = False
_FILE: Final = "schema-org.jsonld"
_CONTEXT: Final = ["https://schema.org", {"oa": "http://www.w3.org/ns/oa#"}]
_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"PERSON": "Person", "ORG": "Organization", "GPE": "AdministrativeArea", "LOC": "Place", "FAC": "Place"}
    | {"EVENT": "Event", "PRODUCT": "Thing", "NORP": "Thing"}
)
_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {"title": "headline", "language": "inLanguage", "published": "datePublished", "url": "url"}
)
_SEPARATOR: Final = "; "  # between the authors of an article

Json = dict[str, Any]


def write(dataset: Dataset, articles: Iterable[MarkedArticle]) -> Iterator[tuple[str, str]]:
    """Yield `schema-org.jsonld`, one graph of all articles, entities and claims."""
    yield (
        _FILE,
        f'{{"@context": {json.dumps(_CONTEXT)},\n"@graph": [\n{json_line(_dataset(dataset))}',
    )
    for node in map(_entity, dataset.entities.values()):
        yield _FILE, f",\n{json_line(node)}"
    for article in articles:
        for node in (_article(article), *(_claim(article, claim) for claim in article.claims)):
            yield _FILE, f",\n{json_line(node)}"
    yield _FILE, "\n]}\n"


def _dataset(dataset: Dataset) -> Json:
    given = {name: dataset.descriptor.get(key) for name, key in (("name", "title"), ("version", "version"))}
    return {"@id": "#dataset", "@type": "Dataset", **{name: value for name, value in given.items() if value}}


def _entity(row: Row) -> Json:
    same = {"sameAs": f"http://www.wikidata.org/entity/{row['wikidata_id']}"} if row["wikidata_id"] else {}
    return {"@id": f"#{row['entity_id']}", "@type": _TYPES[row["type"]], "name": row["name"], **same}


def _article(article: MarkedArticle) -> Json:
    row = article.row
    filled = {name: str(row[column]) for column, name in _FIELDS.items() if row[column]}
    authors = [{"@type": "Person", "name": name} for name in (row["authors"] or "").split(_SEPARATOR) if name]
    publisher = {"publisher": {"@type": "Organization", "name": row["publisher"]}} if row["publisher"] else {}
    mentions = sorted({one.row["entity_id"] for one in article.mentions})
    return {
        "@id": f"#{article.document_id}",
        "@type": "NewsArticle",
        "identifier": article.document_id,
        **filled,
        **({"author": authors} if authors else {}),
        **publisher,
        "isPartOf": {"@id": "#dataset"},
        "mentions": [{"@id": f"#{entity}"} for entity in mentions],
    }


def _claim(article: MarkedArticle, claim: MarkedClaim) -> Json:
    row = claim.row
    author = {"author": {"@id": f"#{row['source_entity_id']}"}} if row["source_entity_id"] else {}
    named = {"creditText": row["source_text"]} if row["source_text"] else {}
    return {
        "@id": f"#{row['claim_id'].replace('#', '/')}",
        "@type": ["Claim", "Quotation"] if row["quote"] == "direct" else "Claim",
        "identifier": row["claim_id"],
        "text": row["content_text"] or row["cue_text"],
        **author,
        **named,
        "keywords": [row["kind"], row["stance"]],
        "appearance": {"@id": f"#{article.document_id}"},
        "oa:hasTarget": [
            {
                "@type": "oa:SpecificResource",
                "name": part,
                "oa:hasSelector": {"@type": "oa:TextPositionSelector", "oa:start": span.start, "oa:end": span.end},
            }
            for part, spans in claim.attribution.parts
            for span in spans
        ],
    }
