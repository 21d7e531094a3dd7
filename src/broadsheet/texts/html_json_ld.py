"""The JSON-LD of a page: the object that describes the page's own article.

Pages write it in many ways: in CDATA sections and comments, with trailing commas, as a graph whose nodes refer to each
other by `@id`, with a list where schema.org has one value, beside objects that describe other articles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from broadsheet.texts.lines import fold

__all__ = ["JsonLd", "read_json_ld"]

NESTED = 4  # levels of objects inside a name
DEPTH = 8  # levels of objects inside objects
LARGEST = 1 << 20  # characters of a script that is read
NEWS = ("NewsArticle", "ReportageNewsArticle", "LiveBlogPosting")  # ends of the names of types
ARTICLES = ("Article", "BlogPosting", "Report", "Review")
ORGANIZATIONS = ("Organization", "Corporation", "WebSite", "WebPage")

LISTS = frozenset(  # properties whose values are other things than the article
    {"itemListElement", "hasPart", "isPartOf", "mentions", "citation", "liveBlogUpdate", "about", "comment"}
)
OTHER = 3  # kind of an object that is not an article
UNFIT = 9  # rank of an object that is not the page's article

_WRAPPER = re.compile(
    r"^\s*(?:/\*|//)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?|(?:/\*|//)?\s*(?:\]\]>|-->)\s*(?:\*/)?[\s;]*$"
)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])')

Thing = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class JsonLd:
    """What the JSON-LD of a page says about its article, and how many of its scripts cannot be read.

    `names` are the values of `author`, organizations left out; `credits` are they with organizations.
    """

    title: str = ""
    names: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    urls: tuple[str, ...] = ()
    license: str = ""
    rights_holder: str = ""
    unreadable: int = 0


def read_json_ld(scripts: Iterable[str], titles: Iterable[str], addresses: Iterable[str]) -> JsonLd:
    """Return what JSON-LD scripts say about the page's article.

    `titles` and `addresses` are what the page says elsewhere about itself. Of several articles the one that they name
    is taken, else the first; an article inside a list is taken only if they name it.

    >>> script = '{"@type": ["NewsArticle"], "headline": "Bridge to close", "author": {"name": ["Ada Quay"]},}'
    >>> read_json_ld([script], [], []).names
    ('Ada Quay',)
    """
    documents = [_parsed(script) for script in scripts]
    unreadable = documents.count(None)
    things = [(thing, listed) for document in documents for thing, listed in _things(document, 0, listed=False)]
    known = {str(thing.get("@id")): thing for thing, _ in things if "@id" in thing and len(thing) > 1}
    names = frozenset(filter(None, map(fold, titles)))
    places = frozenset(map(_address_key, addresses))
    ranks = [(_rank(thing, listed, names, places), i) for i, (thing, listed) in enumerate(things)]
    rank, best = min(ranks, default=(UNFIT, 0))
    return JsonLd(unreadable=unreadable) if rank >= UNFIT else _article(things[best][0], known, unreadable)


def _parsed(script: str) -> Any:
    """Return the value of a script; None if it is not JSON, an empty list if there is nothing in it."""
    bare = _WRAPPER.sub("", script.strip()[:LARGEST]).strip().rstrip(";")
    if not bare:
        return []
    try:
        return json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_TRAILING_COMMA.sub(r"\1", bare), strict=False)
    except (ValueError, RecursionError):
        return None


def _things(data: object, depth: int, *, listed: bool) -> Iterator[tuple[Thing, bool]]:
    """Yield every object, outer ones first, with whether it is inside a list of items of which each has its page."""
    if depth > DEPTH:
        return
    if isinstance(data, list):
        for item in data:
            yield from _things(item, depth + 1, listed=listed)
    elif isinstance(data, dict):
        yield data, listed
        for key, value in data.items():
            yield from _things(value, depth + 1, listed=listed or key in LISTS)


def _rank(thing: Thing, listed: bool, titles: frozenset[str], places: frozenset[str]) -> int:
    """Return how little an object is the page's article: from 0, a news article that the page names, to UNFIT."""
    kind = _kind(thing)
    is_placed = not places.isdisjoint(map(_address_key, _urls(thing)))
    is_named = is_placed or _is_titled(thing, titles)
    is_other = kind == OTHER or (listed and not is_named)
    rank = kind if is_named else kind + OTHER
    return UNFIT if is_other else rank


def _is_titled(thing: Thing, titles: frozenset[str]) -> bool:
    """Return whether an object has one of the titles, or a long headline that is in one or contains one."""
    headline = fold(_text(thing.get("headline") or thing.get("name")))
    is_part = any(headline in title or title in headline for title in titles)
    return headline in titles or (len(headline) > 20 and is_part)


def _kind(thing: Thing) -> int:
    """Return 0 for a news article, 1 for another article, 2 for an object with headline and day, OTHER for others."""
    types = [kind for kind in _all(thing.get("@type")) if isinstance(kind, str)]
    has_headline = "headline" in thing and "datePublished" in thing
    signs = (_ends(types, NEWS), _ends(types, ARTICLES), has_headline, True)
    return signs.index(True)


def _ends(types: list[str], ends: tuple[str, ...]) -> bool:
    return any(kind.endswith(ends) for kind in types)


def _article(thing: Thing, known: Mapping[str, Thing], unreadable: int) -> JsonLd:
    return JsonLd(
        title=_text(thing.get("headline")) or _text(thing.get("name")),
        names=tuple(dict.fromkeys(_people(thing.get("author"), known, 0))),
        credits=tuple(_text(_referred(one, known)) for one in _all(thing.get("author"))),
        sections=tuple(map(_text, _all(thing.get("articleSection")))),
        publisher=next((name for one in _all(thing.get("publisher")) if (name := _text(_referred(one, known)))), ""),
        published=_text(thing.get("datePublished")),
        urls=tuple(_urls(thing)),
        license=next(iter(_links(thing.get("license"))), ""),
        rights_holder=_text(_referred(thing.get("copyrightHolder"), known)),
        unreadable=unreadable,
    )


def _people(value: object, known: Mapping[str, Thing], depth: int) -> Iterator[str]:
    """Yield the names in an author: strings, persons, lists of them, persons inside the name of a person."""
    for one in _all(value) if depth < NESTED else ():
        found = _referred(one, known)
        if isinstance(found, str):
            yield _text(found)
        elif isinstance(found, dict) and not _is_organization(found):
            yield from _people(found.get("name"), known, depth + 1)


def _is_organization(thing: Thing) -> bool:
    return any(isinstance(kind, str) and kind.endswith(ORGANIZATIONS) for kind in _all(thing.get("@type")))


def _referred(value: Any, known: Mapping[str, Thing]) -> Any:
    """Return the object that a reference by `@id` means; any other value as it is."""
    is_reference = isinstance(value, dict) and "@id" in value and "name" not in value
    return known.get(str(value["@id"]), value) if is_reference else value


def _all(value: object) -> list[object]:
    """Return a value as a list; none for null."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _text(value: object) -> str:
    """Return a text on one line: of a list the first, of an object its name."""
    for _ in range(NESTED):
        value = _inner(value)
    return " ".join(unescape(value).split()) if isinstance(value, str) else ""


def _inner(value: object) -> Any:
    """Return what a list or an object says in place of a text; a text as it is."""
    if isinstance(value, list):
        return value[0] if value else ""
    return value.get("name") or value.get("@value") if isinstance(value, dict) else value


def _urls(thing: Thing) -> Iterator[str]:
    yield from _links(thing.get("url"))
    yield from _links(thing.get("mainEntityOfPage"))
    yield from _links(thing.get("@id"))


def _links(value: object) -> Iterator[str]:
    for one in _all(value):
        link = (one.get("@id") or one.get("url")) if isinstance(one, dict) else one
        if isinstance(link, str) and link.strip():
            yield link.strip()


def _address_key(address: str) -> str:
    """Return an address without what differs between its ways of writing: scheme, www, query, closing slash."""
    return re.sub(r"^(?:https?:)?//(?:www\.)?|[?#].*$", "", address).rstrip("/").casefold()
