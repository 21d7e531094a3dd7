"""What a page says about its article outside the text: JSON-LD, meta elements, headings, its address."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from broadsheet.model import EvidenceKind
from broadsheet.texts.agencies import agency_of_byline
from broadsheet.texts.bylines import credit, is_outlet
from broadsheet.texts.html_days import day_of, local_day, time_element, url_day
from broadsheet.texts.html_json_ld import read_json_ld
from broadsheet.texts.lexicon import headings
from broadsheet.texts.lines import Line, fold, letters
from broadsheet.texts.metadata import Declared

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["PageMetadata", "address_of", "page_metadata", "persons"]

# names of meta elements, the first that has a value is believed; written with `:` for `.` and `-` for `_`
TITLES = ("dc:title", "dcterms:title", "og:title", "headline", "twitter:title", "parsely-title", "sailthru:title")
AUTHORS = (
    "author",
    "article:author",
    "byl",
    "parsely-author",
    "sailthru:author",
    "dc:creator",
    "citation-author",
    "cxenseparse:author",
)
PUBLISHERS = ("og:site-name", "article:publisher", "dc:publisher", "application-name")
DAYS = (
    "article:published-time",
    "og:article:published-time",
    "article:published",
    "published-time",
    "datepublished",
    "date",
    "pubdate",
    "publish-date",
    "publishdate",
    "parsely-pub-date",
    "sailthru:date",
    "dc:date",
    "dc:date:issued",
    "dcterms:created",
    "dcterms:date",
    "dcterms:issued",
    "citation-publication-date",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "date:publication",
    "displaydate",
    "og:pubdate",
)
SECTIONS = ("article:section", "section", "category", "parsely-section")
RIGHTS = ("copyright", "dc:rights", "rights")

_CC = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<kind>by(?:-(?:nc|nd|sa))*)/(?P<version>\d\.\d)|publicdomain/zero/(?P<zero>1\.0))"
)
_SITE_AFTER_TITLE = re.compile(r"(?P<title>.+)\s+[|–—\-•·»]+\s+(?P<site>.{2,60})")
_SLOGAN = re.compile(r"\s+[|–—-]\s+.*")
_BY = re.compile(r"(?:(?:written |posted |story )?by:?|(?:von|par|por)(?=\s+\S+\s+\S))\s+", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;/|&،、]|\s(?:and|und|et|y)\s)\s*")
_BARE_HOST = re.compile(r"www\.|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/", re.IGNORECASE)
_NO_NAME = re.compile(r"[@\d:_<>{}()\[\]]|www\.|//|\.com\b")

LONGEST_NAME = 40  # characters of a name in a script without capitals

Metas = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page declares about its article, best first, and in `faults` what of it cannot be read.

    `is_open`: a day is declared, but by a clock that leaves two days open. `not_authors` are the names of the outlet
    and of the article's sections, by their letters.
    """

    declared: tuple[Declared, ...]
    faults: tuple[str, ...]
    is_open: bool
    not_authors: frozenset[str]


def page_metadata(tree: HtmlElement, markup: str, lines: list[Line], fetched: str = "") -> PageMetadata:
    """Return what a page declares: first in its JSON-LD, then in its elements, then in its address.

    `tree` is the page parsed by lxml, `lines` its visible text, `fetched` the address it was fetched from, if known.
    """
    metas = _metas(tree)
    links = [*tree.xpath("//link[@rel='canonical']/@href"), *metas.get("og:url", ())]
    ld = read_json_ld(_scripts(tree), [*_declared_titles(metas), *_headings(tree)], [*links, fetched])
    url = _canonical([*links, *ld.urls], fetched, tree)
    site = _SLOGAN.sub("", next(_usable(metas, PUBLISHERS), "")) or _site_of_title(tree, url)
    publisher = ld.publisher or site
    outlets = frozenset(map(letters, [*_outlets(tree, url), publisher, site]))
    title = _without_site(_title(tree, [ld.title, *_declared_titles(metas)], publisher), outlets)
    others = outlets | frozenset(map(letters, [*ld.sections, *_values(metas, SECTIONS)]))
    words_of_day = dict.fromkeys([ld.published, *_values(metas, DAYS), time_element(tree)])
    days = (local_day(words, markup, lines, url) for words in words_of_day)
    ld_day = next(days)
    day = next(filter(None, days), None)
    by_ld = {
        "title": title if fold(title) == fold(ld.title) else "",
        "authors": "; ".join(persons(ld.names, others)),
        "publisher": ld.publisher,
        "agency": _agency((*ld.credits, *ld.names)),
        "published": _earlier(ld_day, day),
        "license": _spdx(ld.license),
        "rights_holder": ld.rights_holder,
    }
    by_elements = {
        "title": title,
        "authors": "; ".join(_meta_authors(metas, others)),
        "publisher": site,
        "agency": _agency(_values(metas, AUTHORS)),
        "published": str(day or ""),
        "url": url,
        "license": next(filter(None, map(_spdx, tree.xpath("//*[@rel='license']/@href"))), ""),
        "rights_holder": next(_usable(metas, RIGHTS), ""),
    }
    by_address = {"published": str(url_day(url) or "")}
    declared = (_declared(by_ld, "json-ld"), _declared(by_elements, "meta"), _declared(by_address, "url"))
    is_open = not any((ld_day, day)) and any(map(day_of, words_of_day))
    return PageMetadata(declared, tuple(_faults(ld.unreadable, links, url, is_open)), is_open, others)


def _declared(values: Mapping[str, str], origin: EvidenceKind) -> Declared:
    return Declared({column: value for column, value in values.items() if value}, origin)


def _earlier(day: dt.date | None, other: dt.date | None) -> str:
    """Return a day, or the day before it if another value of the page names that: clocks differ, the past does not."""
    is_next = day is not None and other is not None and (day - other).days == 1
    return str((other if is_next else day) or "")


def _faults(unreadable: int, links: list[str], url: str, is_open: bool) -> Iterator[str]:
    if unreadable:
        yield f"{unreadable} of its JSON-LD scripts are not JSON"
    if links and not url:
        yield f"its canonical address {links[0][:80]!r} is not an address"
    if is_open:
        yield "its day of publication is given in UTC, soon after midnight: the outlet's day may be the one before"


# --- elements ---------------------------------------------------------------------------------------------------------


def _metas(tree: HtmlElement) -> Metas:
    """Return the values of the meta elements by name, in lower case with `:` for `.` and `-` for `_`."""
    found: dict[str, list[str]] = defaultdict(list)
    for node in tree.iter("meta"):
        named = [node.get(attribute) for attribute in ("property", "name", "itemprop")]
        names = next(filter(None, named), "").lower().replace("_", "-").replace(".", ":")
        value = " ".join((node.get("content") or "").split())
        for name in names.split():
            found[name] += filter(None, [value])
    return found


def _values(metas: Metas, names: Iterable[str]) -> Iterator[str]:
    """Yield the values of meta elements, the first name before the next."""
    return (value for name in names for value in metas.get(name, ()))


def _usable(metas: Metas, names: Iterable[str]) -> Iterator[str]:
    """Yield the values of meta elements that can be a name: addresses, handles, sections and places cannot."""
    named = (
        value
        for value in _values(metas, names)
        if len(value) < 120 and not value.startswith(("http", "@", "www.", "/"))
    )
    return (value for value in named if value.replace(".", "").casefold() not in headings())


def _scripts(tree: HtmlElement) -> list[str]:
    found: list[str] = tree.xpath("//script[contains(@type, 'ld+json')]/text()")
    return found


def _spdx(address: str) -> str:
    match = _CC.search(address)
    if match is None:
        return ""
    return "CC0-1.0" if match["zero"] else f"CC-{match['kind'].upper()}-{match['version']}"


# --- address ----------------------------------------------------------------------------------------------------------


def _canonical(links: list[str], fetched: str, tree: HtmlElement) -> str:
    """Return the first address that a page gives as its own, resolved against those that need no resolving."""
    base = next(filter(None, map(address_of, [*tree.xpath("//base/@href"), fetched, *links])), "")
    return next(filter(None, (address_of(link, base) for link in links)), "")


def address_of(link: str, base: str = "") -> str:
    """Return a link as a web address; empty if it is none and there is no base to resolve it against.

    >>> address_of("//coast.example/a b"), address_of("/a", "https://coast.example/"), address_of("/a")
    ('https://coast.example/a%20b', 'https://coast.example/a', '')
    """
    bare = link.strip()
    if bare.startswith("//") or _BARE_HOST.match(bare):
        bare = f"https://{bare.lstrip('/')}"
    try:
        full = urljoin(base, bare)
        parts = urlsplit(full)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and "." in parts.netloc and " " not in parts.netloc
    return quote(full, safe="%/:=&?~#+!$,;'@()*[]") if is_web and parts.netloc.isascii() else full if is_web else ""


# --- title ------------------------------------------------------------------------------------------------------------


def _declared_titles(metas: Metas) -> list[str]:
    return list(_values(metas, TITLES))


def _headings(tree: HtmlElement) -> list[str]:
    """Return the texts of the headings of the first level, then those of the second."""
    nodes = [*tree.iter("h1"), *tree.iter("h2")]
    return [text for node in nodes if (text := " ".join(node.text_content().split()))]


def _title(tree: HtmlElement, declared: list[str], publisher: str) -> str:
    """Return the headline: the heading or else the declared title that the page's title repeats.

    If the page's title repeats none of them: the first declared title, the page's title, the first heading.
    """
    bare, _ = _parted(page := _page_title(tree))
    found = [text for text in _headings(tree) if not _is_site(text, publisher)]
    own = [title for title in filter(None, declared) if not _is_site(title, publisher)]
    repeated = [text for text in (*found, *own) if _repeats(fold(page), text, len(bare))]
    sentences = list(filter(_is_sentence, found))
    whole = [] if _is_site(bare, publisher) else list(filter(_is_sentence, [bare]))
    rest = filter(None, [bare, *found])
    return next(iter([*repeated, *own, *whole, *sentences, *rest]), "")


def _page_title(tree: HtmlElement) -> str:
    texts = tree.xpath("//head/title/text()|//title/text()")
    return next(filter(None, (" ".join(text.split()) for text in texts)), "")


def _parted(title: str) -> tuple[str, str]:
    """Return a page's title without what follows its last bar or dash, where outlets are named, and that."""
    match = _SITE_AFTER_TITLE.fullmatch(title)
    return (match["title"], match["site"]) if match else (title, "")


def _without_site(title: str, outlets: frozenset[str]) -> str:
    """Return a headline without the outlet's name at its end."""
    bare, site = _parted(title)
    return bare if letters(site) in outlets else title


def _site_of_title(tree: HtmlElement, url: str) -> str:
    """Return the outlet's name at the end of a page's title, if it is also the name of the page's host."""
    _, site = _parted(_page_title(tree))
    return site if letters(site) in _labels(url) else ""


def _is_sentence(text: str) -> bool:
    return text.count(" ") >= 2


def _repeats(page: str, text: str, length: int) -> bool:
    """Return whether the folded title of a page contains a text that is more than a word or two of it."""
    return fold(text) in page and (_is_sentence(text) or 2 * len(text) >= length)


def _is_site(text: str, publisher: str) -> bool:
    """Return whether a text is the outlet's name, with a slogan or without."""
    names = {fold(text), fold(_SLOGAN.sub("", text))}
    return fold(publisher) in names or is_outlet(text)


# --- authors ----------------------------------------------------------------------------------------------------------


def _meta_authors(metas: Metas, others: frozenset[str]) -> list[str]:
    """Return the persons that the first kind of meta element with any names."""
    return next(filter(None, (persons(metas.get(name, ()), others) for name in AUTHORS)), [])


def _agency(values: Iterable[str]) -> str:
    """Return the agencies that the first of some declared authors with any credits."""
    return next(filter(None, map(agency_of_byline, values)), "")


def persons(values: Iterable[str], others: Iterable[str] = ()) -> list[str]:
    """Return the names of persons in declared authors, cleaned like bylines.

    Jobs, agencies, addresses and accounts are left out, and the names whose letters are among `others`.

    >>> persons(["By ADA QUAY, Staff Writer", "Bo Lind and Reuters", "desk@coast.example"])
    ['Ada Quay', 'Bo Lind']
    """
    found: dict[str, None] = {}
    for value in values:
        found.update(dict.fromkeys(_persons(_BY.sub("", value.strip(" .,;|"), count=1))))
    return [name for name in found if letters(name) not in others and not is_outlet(name)]


def _outlets(tree: HtmlElement, url: str) -> list[str]:
    """Return the outlet's names: what follows a bar or dash in the page's title, and the parts of its host's name."""
    _, after = _parted(_page_title(tree))
    return [after, *_labels(url)]


def _labels(url: str) -> list[str]:
    """Return the parts of the name of an address's host, without the last."""
    return [letters(label) for label in urlsplit(url).netloc.split(".")[:-1]]


def _persons(words: str) -> list[str]:
    """Return the names in one value: as a byline has them, else those in a script without capitals."""
    if _NO_NAME.search(words):
        return []
    byline = credit(f"By {words}")
    if byline:
        return [_capitalised(part.value) for part in byline.authors]
    pieces = _BETWEEN_NAMES.split(words) if words.lower() == words.upper() else []
    return [name for name in pieces if 1 < len(name) <= LONGEST_NAME]


def _capitalised(name: str) -> str:
    return name.title() if name.isupper() else name
