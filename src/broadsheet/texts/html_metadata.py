"""What a page declares about its article: JSON-LD, meta elements, its only headline, its address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from broadsheet.texts.lines import fold
from broadsheet.texts.metadata import Declared

__all__ = ["page_metadata"]

BODY = 1200  # characters from which a declared article body is taken for the whole of it

ARTICLE_TYPES = ("Article", "BlogPosting", "Report", "WebPage")
META = {
    "title": ("og:title", "twitter:title", "dc.title", "headline", "parsely-title"),
    "authors": (
        "author",
        "article:author",
        "byl",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "citation_author",
        "cxenseparse:author",
    ),
    "publisher": ("og:site_name", "article:publisher", "dc.publisher", "application-name"),
    "published": (
        *(
            "article:published_time",
            "og:article:published_time",
            "article:published",
            "published_time",
            "datepublished",
            "date",
        ),
        *(
            "pubdate",
            "publish-date",
            "publishdate",
            "publish_date",
            "parsely-pub-date",
            "sailthru.date",
            "dc.date",
            "dc.date.issued",
        ),
        *(
            "dcterms.created",
            "dcterms.date",
            "dcterms.issued",
            "citation_publication_date",
            "cxenseparse:recs:publishtime",
            "bt:pubdate",
        ),
        *("article.published", "date.publication", "displaydate", "og:pubdate"),
    ),
    "url": ("og:url",),
    "rights_holder": ("copyright", "dc.rights", "rights"),
}
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:/|-|$)")
_CC = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<kind>by(?:-(?:nc|nd|sa))*)/(?P<version>\d\.\d)|publicdomain/zero/(?P<zero>1\.0))"
)
_SUFFIX = re.compile(r"\s+[|–—\-•·»]\s+[^|–—•·»]{2,60}$")
_PUBLISHED_CLASS = re.compile(
    r"publish|pubdate|posted|entry-date|post-date|article-date|dateline|timestamp", re.IGNORECASE
)


def page_metadata(tree: Any, markup: str) -> tuple[tuple[Declared, ...], str]:
    """Return what is declared: JSON-LD first, then the headline and meta elements, then what the address tells.

    Beside it the article's body, where JSON-LD gives all of it.
    """
    ld = _json_ld(tree) if "ld+json" in markup else {}
    body = ld.pop("articleBody", "").strip()
    meta = _meta(tree)
    address = ld.get("url") or meta.get("url") or ""
    found = _URL_DATE.search(address)
    told = {"published": "-".join(part.zfill(2) for part in found.groups())} if found else {}
    heading = _headline(tree, ld.get("title") or meta.get("title", ""))
    if heading:
        meta["title"] = heading
    if heading and ld.get("title") and len(ld["title"]) > len(heading) and fold(heading) in fold(ld["title"]):
        ld = {**ld, "title": heading}
    whole = len(body) >= BODY and not body.endswith(("…", "...")) and "<" not in body
    return (Declared(ld, "json-ld"), Declared(meta, "meta"), Declared(told, "url")), body if whole else ""


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


def _json_ld(tree: Any) -> dict[str, str]:
    """Return what the page's first article object declares."""
    for node in tree.document.query_selector_all('script[type="application/ld+json"]')[:20]:
        try:
            data = json.loads(node.text, strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in sorted(_things(data, 0), key=_rank):
            if _rank(thing) < 3:
                return _article(thing)
    return {}


def _things(data: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for item in data:
            yield from _things(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            if key in data:
                yield from _things(data[key], depth + 1)


def _rank(thing: Mapping[str, Any]) -> int:
    """Return 0 for a news article, 1 for another article, 2 for a page with a headline, 3 for anything else."""
    kinds = thing.get("@type", "")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if any(isinstance(kind, str) and kind.endswith("NewsArticle") for kind in kinds):
        return 0
    if any(isinstance(kind, str) and kind.endswith(ARTICLE_TYPES[:3]) for kind in kinds):
        return 1
    return 2 if "headline" in thing and "datePublished" in thing else 3


def _article(thing: Mapping[str, Any]) -> dict[str, str]:
    found = {
        "title": _word(thing.get("headline") or thing.get("name")),
        "authors": "; ".join(dict.fromkeys(_people(thing.get("author")))),
        "publisher": _word(thing.get("publisher")),
        "published": _word(thing.get("datePublished")),
        "url": _address(thing.get("url")) or _address(thing.get("mainEntityOfPage")),
        "license": _spdx(_address(thing.get("license"))),
        "rights_holder": _word(thing.get("copyrightHolder")),
        "articleBody": _unescaped(body) if isinstance(body := thing.get("articleBody"), str) else "",
    }
    return {column: value for column, value in found.items() if value}


def _people(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and one.get("@type") in {"Organization", "NewsMediaOrganization"}:
            continue
        name = _word(one)
        if name and not name.startswith("http"):
            yield name


def _word(value: Any) -> str:
    """Return a name or text; the name of a thing, the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name", "")
    return " ".join(_unescaped(value).split()) if isinstance(value, str) else ""


def _unescaped(value: str) -> str:
    """Return text whose character references were escaped once too often, as many pages do in JSON-LD."""
    return unescape(value) if "&" in value else value


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value.strip() if isinstance(value, str) and value.strip().startswith("http") else ""


# --- meta elements ----------------------------------------------------------------------------------------------------


def _meta(tree: Any) -> dict[str, str]:
    given: dict[str, list[str]] = {}
    for node in tree.document.query_selector_all("meta")[:]:
        name = node.getattr("property") or node.getattr("name") or node.getattr("itemprop") or ""
        content = " ".join((node.getattr("content") or "").split())
        if name and content:
            given.setdefault(name.strip().lower(), []).append(content)
    found: dict[str, str] = {}
    for column, names in META.items():
        values = next((given[name] for name in names if name in given and _fits(column, given[name][0])), None)
        if values:
            found[column] = "; ".join(dict.fromkeys(values)) if column == "authors" else values[0]
    for column, value in (("url", _link(tree)), ("license", _license(tree)), ("published", _time(tree))):
        if value:
            found.setdefault(column, value)
    if "authors" in found and fold(found["authors"]) == fold(found.get("publisher", "")):
        del found["authors"]
    return found


def _fits(column: str, value: str) -> bool:
    """Return whether a meta value can be what its name says: an author given as an address is none."""
    if column in {"authors", "publisher"}:
        return not value.startswith(("http", "@", "www.")) and len(value) < 120
    return column != "published" or any(c.isdigit() for c in value)


def _link(tree: Any) -> str:
    node = tree.document.query_selector('link[rel="canonical"]')
    return _address(node.getattr("href")) if node else ""


def _license(tree: Any) -> str:
    nodes = tree.document.query_selector_all('link[rel="license"], a[rel="license"]')
    return next((spdx for node in nodes if (spdx := _spdx(node.getattr("href") or ""))), "")


def _spdx(address: str) -> str:
    match = _CC.search(address)
    if match is None:
        return ""
    return "CC0-1.0" if match["zero"] else f"CC-{match['kind'].upper()}-{match['version']}"


def _time(tree: Any) -> str:
    """Return the time element that says it is the day of publication, or the only day all of them name."""
    nodes = [(node, node.getattr("datetime") or "") for node in tree.document.query_selector_all("time")[:]]
    dated = [(node, when) for node, when in nodes if re.match(r"\d{4}-\d\d-\d\d", when)]
    for node, when in dated:
        marks = f"{node.getattr('itemprop') or ''} {node.getattr('class') or ''}"
        if node.getattr("pubdate") is not None or _PUBLISHED_CLASS.search(marks):
            return when
    return dated[0][1] if len({when[:10] for _, when in dated}) == 1 else ""


def _headline(tree: Any, declared: str) -> str:
    """Return the only h1, or the one the declared title contains; else the title element without the site's name."""
    headings = [" ".join(node.text.split()) for node in tree.document.query_selector_all("h1")[:]]
    headings = [heading for heading in dict.fromkeys(headings) if heading]
    named = [h for h in headings if len(h) > 8 and (fold(h) in fold(declared) or fold(declared) in fold(h))]
    page = tree.document.query_selector("title")
    title = " ".join(page.text.split()) if page else ""
    if declared and named:
        return named[0]
    if len(headings) == 1 and len(headings[0].split()) >= 3:
        return headings[0]
    if declared:
        return _SUFFIX.sub("", declared) if _SUFFIX.search(declared) and declared == title else declared
    return _SUFFIX.sub("", title)
