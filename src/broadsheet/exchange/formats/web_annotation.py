"""W3C Web Annotation (JSON-LD): a page of annotations an article, and the collection of the pages.

Every span has a TextPositionSelector, in code points of the canonical text, and a TextQuoteSelector, which finds it in
the page that was published too. The target is `ID.txt`, which is written where the package has the text; a withheld
text is quoted only in the words of the spans. A claim is annotated at its content (its cue where it has no content);
its other parts are annotations that are linked to it. The format: https://www.w3.org/TR/annotation-model/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from broadsheet.exchange.articles import PARTIES, MarkedArticle, MarkedClaim, MarkedMention, note
from broadsheet.exchange.json_text import json_line
from broadsheet.exchange.tables import Dataset
from broadsheet.model import Span

__all__ = ["NEEDS_TEXT", "SUFFIX", "write"]

SUFFIX: Final = ""
NEEDS_TEXT: Final = False
_CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
_COLLECTION: Final = "annotations.jsonld"
_AROUND: Final = 32  # code points before and after a quotation
_WIKIDATA: Final = "http://www.wikidata.org/entity/"

Json = dict[str, Any]


def write(dataset: Dataset, articles: Iterable[MarkedArticle]) -> Iterator[tuple[str, str]]:
    """Yield `ID.jsonld` and, where the text is there, `ID.txt` for every article, and `annotations.jsonld`."""
    pages: list[str] = []
    total = 0
    for article in articles:
        page = f"{article.document_id}.jsonld"
        items = [*_items(dataset, article)]
        before = {"prev": pages[-1]} if pages else {}
        yield page, _page({"id": page, "type": "AnnotationPage", "partOf": _COLLECTION, **before}, total, items)
        if article.text is not None:
            yield f"{article.document_id}.txt", article.text
        pages.append(page)
        total += len(items)
    ends = {"first": pages[0], "last": pages[-1]} if pages else {}
    label = str(dataset.descriptor.get("title") or dataset.name)
    about = {"@context": _CONTEXT, "id": _COLLECTION, "type": "AnnotationCollection", "label": label, "total": total}
    yield _COLLECTION, json_line({**about, **ends}) + "\n"


def _page(about: Json, first: int, items: Sequence[Json]) -> str:
    """Return a page with one annotation a line."""
    head = json_line({"@context": _CONTEXT, **about, "startIndex": first})
    lines = ",\n".join(json_line(item) for item in items)
    return f'{head[:-1]}, "items": [\n{lines}\n]}}\n'


def _items(dataset: Dataset, article: MarkedArticle) -> Iterator[Json]:
    for mention in article.mentions:
        yield _mention(dataset, article, mention)
    for claim in article.claims:
        yield from _claim(article, claim)


def _mention(dataset: Dataset, article: MarkedArticle, mention: MarkedMention) -> Json:
    entity = dataset.entities[mention.row["entity_id"]]
    bodies = [_tag(mention.type), _text("identifying", entity["entity_id"]), _text("describing", entity["name"])]
    if entity["wikidata_id"]:
        item = {"type": "SpecificResource", "purpose": "identifying", "source": _WIKIDATA + entity["wikidata_id"]}
        bodies.append(item)
    key = _key(article, "mention", mention.row["mention_id"])
    return _annotation(key, "identifying", bodies, _targets(article, [mention.span]))


def _claim(article: MarkedArticle, claim: MarkedClaim) -> Iterator[Json]:
    key = _key(article, "claim", claim.row["claim_id"])
    words = note({name: claim.parties.get(name) for name in PARTIES})
    bodies = [_tag(claim.kind), _tag(str(claim.stance)), *([_text("describing", words)] if words else [])]
    main = "content" if claim.attribution.content else "cue"
    for part, spans in claim.attribution.parts:
        targets = _targets(article, spans)
        if part == main:
            yield _annotation(key, "classifying", [*bodies, _tag(part)], targets)
        elif spans:
            link = {"type": "SpecificResource", "purpose": "linking", "source": key}
            yield _annotation(f"{key}-{part}", "linking", [link, _tag(part)], targets)


def _key(article: MarkedArticle, kind: str, row_id: str) -> str:
    return f"{article.document_id}.jsonld#{kind}-{row_id.partition('#')[2]}"


def _annotation(key: str, motivation: str, body: Sequence[Json], target: Sequence[Json]) -> Json:
    return {"id": key, "type": "Annotation", "motivation": motivation, "body": body, "target": target}


def _tag(value: str) -> Json:
    return _text("tagging", value)


def _text(purpose: str, value: str) -> Json:
    return {"type": "TextualBody", "purpose": purpose, "value": value}


def _targets(article: MarkedArticle, spans: Iterable[Span]) -> list[Json]:
    via = {"via": article.row["url"]} if article.row.get("url") else {}
    source = {"id": f"{article.document_id}.txt", "type": "Text", "format": "text/plain", **via}
    return [{"type": "SpecificResource", "source": source, "selector": _selectors(article, span)} for span in spans]


def _selectors(article: MarkedArticle, span: Span) -> list[Json]:
    quote: Json = {"type": "TextQuoteSelector", "exact": article.quoted(span)}
    if article.text is not None:
        quote["prefix"] = article.text[max(0, span.start - _AROUND) : span.start]
        quote["suffix"] = article.text[span.end : span.end + _AROUND]
    return [{"type": "TextPositionSelector", "start": span.start, "end": span.end}, quote]
