"""Metadata with evidence: what an article states about itself, and where. Without evidence there is no value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from broadsheet.model import EVIDENCE, METADATA, ArticleMetadata, Evidence, EvidenceKind, Span
from broadsheet.texts.agencies import agency_names, credited_agency
from broadsheet.texts.bylines import Part, is_outlet, outlet_key
from broadsheet.texts.dates import Found, find, settle
from broadsheet.texts.language import is_tag
from broadsheet.texts.lexicon import agencies, words
from broadsheet.texts.line_roles import Reading
from broadsheet.texts.lines import Line, bare_words, visible

__all__ = ["Declared", "FoundMetadata", "gather", "is_of_change"]

_EDGE = 24  # lines at the top and at the end that may describe the article
_BYLINE_LINES = 3  # lines after the first author in which more authors are named
_CLOCK = r"\d{1,2}[:.h][0-5]\d(?::[0-5]\d)?"
_OFFSET = r"(?:[ap]\.?m\.?|uhr|Z|[+-]\d\d:?\d\d)"
_ZONE = r"(?:GMT|UTC|BST|CES?T|E[SD]?T|P[SD]T|MSK|SAST|IST)"
_TIME = re.compile(
    rf"(?:T|[\s,|]*(?:(?:at|um|à|a las|alle|в)\s)?\s*){_CLOCK}(?:\s?{_OFFSET})?(?:\s?{_ZONE})?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_OF_CHANGE = re.compile(
    r"(?:last )?(?:updated?|modified|edited|aktualisiert|mis à jour|actualizado|обновлено)\b", re.IGNORECASE
)
_OF_PUBLICATION = re.compile(r"(?:publish|post)\w*\W+(?:on\W+)?$", re.IGNORECASE)
_DATELINE_IN_TEXT = re.compile(
    r"[A-ZÀ-Þ][\w .,/'’-]{1,60}?[,—–-]\s*(?P<date>[^()—–]{6,30}?)\s*(?:\([^)]{2,40}\)\s*)?[—–-]"
)
_YEARS = r"\d{4}(?:\s*[-–]\s*\d{2,4})?"
_COPYRIGHT = re.compile(
    rf"(?:©|\(c\)|copyright)\s*(?:copyright\s*)?(?:by\s+)?(?P<years>(?:{_YEARS})?,?)\s*"
    r"(?P<who>[^\d|.]{3,60}?(?:\.(?:com|org|net))?)"
    rf"(?P<tail>,?\s*{_YEARS})?(?:\s*[.|,]?\s*(?:all rights reserved.*)?)?\.?$",
    re.IGNORECASE,
)
_LICENSE = re.compile(
    r"\bCC[ -]?(?P<short>BY(?:[- ](?:NC|ND|SA))*)[ -]?(?P<short_version>[1-4]\.\d)?\b"
    r"|Creative Commons[^.]{0,20}?Attribution(?P<long>(?:[- ](?:NonCommercial|NoDerivatives|NoDerivs|ShareAlike))*)"
    r"\s*(?P<long_version>[1-4]\.\d)?",
    re.IGNORECASE,
)
_FORMS = {
    "url": re.compile(r"https?://[^\x00- \x7f-\xa0\u2028\u2029\u3000]+"),
    "license": re.compile(r"[A-Za-z0-9.+-]+"),
}
"""What a declared value must look like to be a value of its column, as schemas/documents.json has it."""
_CONDITIONS = {"noncommercial": "NC", "noderivatives": "ND", "noderivs": "ND", "sharealike": "SA"}
_SOURCE = re.compile(
    r"(?:Source|Via|Quelle|Fuente|Fonte|Источник)s?\s*:\s*(?!http)(?P<who>.{2,60}?)"
    r"(?:(?: and | with |, |/| & ).*(?:agenc|reuters|afp|wires).*)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:(?:source )?url|link|source|original|original article|permalink|canonical)\s*:\s*(?P<url>https?://[^\s<>\"]+)",
    re.IGNORECASE,
)
_FIRST_PUBLISHED = re.compile(
    r"(?:first|originally) (?:appeared|published|posted) (?:in|on|by|at) (?P<who>(?:the )?[^,.;(]{2,40})", re.IGNORECASE
)
_PUBLISHING_AGENCIES = frozenset({"reuters", "bloomberg"})  # agencies with news sites of their own
_SITE_AFTER_TITLE = re.compile(r"\s+[|–—-]\s+(?P<who>[^|–—]{2,40})$")
_T = TypeVar("_T")
_Unsettled = tuple[Span | None, str, int]  # place, words, number of readings


@dataclass(frozen=True, slots=True)
class Declared:
    """What was declared beside or before the text: column → value; `places` where they are in the canonical text."""

    values: Mapping[str, str]
    origin: EvidenceKind
    places: Mapping[str, Span] = field(default_factory=dict)

    def evidence(self, column: str) -> Evidence | None:
        """Return a declared value as evidence."""
        value = self.values.get(column, "")
        value = agency_names(value) or value if column == "agency" else value
        return Evidence(value, self.origin, self.places.get(column)) if value else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMetadata(ArticleMetadata):
    """The metadata of an article, its declared language, and the dates that it leaves open.

    `unread` has the column and the words of declared values that are not of the form of their column.
    """

    published_text: str | None = None
    language: str | None = None
    unsettled: tuple[_Unsettled, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()


def gather(text: str, reading: Reading, declared: tuple[Declared, ...], language: str) -> FoundMetadata:
    """Return the metadata: what was declared, the first source before the next, then what the text says.

    Its values are on one line and have no invisible characters. The places of evidence are those of the text as it is.
    """
    found = _from_text(text, reading, language)
    for source in reversed(declared):
        found = _overlay(found, source)
    values = {column: getattr(found, column) for column in (*METADATA, "published_text")}
    return replace(found, **{column: _visible(value) for column, value in values.items() if value})  # type: ignore[arg-type]


def _visible(value: Evidence | str) -> Evidence | str:
    """Return a value without characters that no reader sees."""
    return visible(value) if isinstance(value, str) else replace(value, value=visible(value.value))


# --- declared ---------------------------------------------------------------------------------------------------------


def _overlay(found: FoundMetadata, source: Declared) -> FoundMetadata:
    """Return metadata with the values that a source declares."""
    values: dict[str, Evidence | str | None] = {column: source.values.get(column) for column in METADATA}
    values |= {column: source.evidence(column) for column in EVIDENCE}
    values["language"] = _language_tag(source.values.get("language", ""))
    del values["published"], values["url"], values["license"]
    found = replace(found, **{column: value for column, value in values.items() if value})  # type: ignore[arg-type]
    found = _overlay_formed(found, source)
    return _overlay_day(found, source) if source.values.get("published") else found


def _overlay_formed(found: FoundMetadata, source: Declared) -> FoundMetadata:
    """Return metadata with the declared address and license; one that has not the form of its column is noted."""
    for column in _FORMS:
        if declared := source.values.get(column):
            value = _formed(column, declared)
            noted = {column: value} if value else {"unread": (*found.unread, (column, declared))}
            found = replace(found, **noted)
    return found


def _language_tag(declared: str) -> str:
    tag = declared[:2].lower() + declared[2:].replace("_", "-")
    return tag if is_tag(tag) else ""


def _formed(column: str, declared: str) -> str | None:
    """Return a declared value in the form of its column; None where it has another one.

    >>> _formed("url", "www.harbour.example/ferry"), _formed("license", "CC BY 4.0")
    (None, 'CC-BY-4.0')
    """
    words = visible(declared)
    if _FORMS[column].fullmatch(words):
        return words
    return _creative_commons(words) if column == "license" else None


def _overlay_day(found: FoundMetadata, source: Declared) -> FoundMetadata:
    declared, place = source.values["published"], source.places.get("published")
    dates = find(declared)
    day = settle(dates[0], "", "und") if dates else None
    if day:
        return replace(found, published=Evidence(day.isoformat(), source.origin, place), published_text=declared)
    unsettled = (place, declared, len(dates[0].readings) if dates else 0)
    return replace(found, published=None, published_text=None, unsettled=(*found.unsettled, unsettled))


# --- the text ---------------------------------------------------------------------------------------------------------


def _from_text(text: str, reading: Reading, language: str) -> FoundMetadata:
    title, site = _title(reading)
    edge = _edge(reading)
    published, published_text, unsettled = _published(text, reading, language)
    short = [line for line in edge if line.count <= 40]
    rights_holder = _first(_copyright_line, short)
    return FoundMetadata(
        title=title,
        authors=_authors(reading),
        publisher=_publisher(reading, edge) or site,
        agency=credited_agency(reading),
        published=published,
        published_text=published_text,
        url=_first(_address, short),
        license=_first(_license, short),
        rights_holder=rights_holder.value if rights_holder else None,
        unsettled=unsettled,
    )


def _edge(reading: Reading) -> list[Line]:
    """Return the lines around the article that may describe it: bylines, and page furniture near its top and end."""
    last = len(reading.lines) - _EDGE
    outside = [i for i in reading.with_role("boilerplate") if i < _EDGE or i >= last]
    furniture = [i for i in outside if i not in reading.features or not reading.features[i].sections]
    return [reading.lines[i] for i in sorted([*reading.with_role("byline"), *furniture])]


def _first(read: Callable[[Line], _T | None], lines: Iterable[Line]) -> _T | None:
    """Return the first thing that can be read from any of some lines."""
    return next((found for line in lines if (found := read(line))), None)


def _title(reading: Reading) -> tuple[Evidence | None, Evidence | None]:
    """Return the headline without heading marks, and the outlet's name that was cut from its end."""
    if reading.title is None:
        return None, None
    line = reading.lines[reading.title]
    words = line.text.lstrip("#=* \t")
    start = line.end - len(words)
    words = words.rstrip("#=*; \t")
    match = _SITE_AFTER_TITLE.search(words)
    if not match or not _is_site(match):
        return _evidence(words, start), None
    sells_copy = match["who"].casefold() in agencies() - _PUBLISHING_AGENCIES
    site = None if sells_copy else _evidence(match["who"], start + match.start("who"))
    return _evidence(words[: match.start()], start), site


def _is_site(match: re.Match[str]) -> bool:
    """Return whether what follows a bar or dash at the end of a headline is the outlet's name."""
    who = match["who"]
    return is_outlet(who) or ("|" in match[0] and (is_outlet(who.upper()) or who.startswith("The ")))


def _evidence(value: str, start: int) -> Evidence | None:
    """Return words of the text as evidence, if there are any; `start` is a code point of the canonical text."""
    return Evidence(value, "text", Span(start, start + len(value))) if value else None


def _authors(reading: Reading) -> Evidence | None:
    """Return the authors of the first byline that names any; of a credit at the end, where no byline does."""
    names: dict[str, Span] = {}
    for i in _author_lines(reading):
        for part in reading.credits[i].authors:
            name = part.value.title() if part.value.isupper() else part.value
            names.setdefault(name, _span(reading.lines[i], part))
    if not names:
        return None
    start, end = min(names.values()).start, max(span.end for span in names.values())
    return Evidence("; ".join(names), "text", Span(start, end))


def _author_lines(reading: Reading) -> list[int]:
    """Return the lines whose authors are the article's: the first byline and those right after it, else one credit."""
    credited = [i for i in reading.own if i in reading.credits and reading.credits[i].authors]
    bylines = [i for i in credited if not reading.credits[i].late]
    return [i for i in bylines if i <= bylines[0] + _BYLINE_LINES] or credited[:1]


def _span(line: Line, part: Part) -> Span:
    return Span(line.start + part.start, line.start + part.end)


# --- the publisher ----------------------------------------------------------------------------------------------------


def _publisher(reading: Reading, edge: list[Line]) -> Evidence | None:
    """Return the outlet that a credit, a line of its own, a source line or a copyright line names, in that order."""
    for i, found in sorted(reading.credits.items()):
        if found.publisher:
            return Evidence(found.publisher.value, "text", _span(reading.lines[i], found.publisher))
    bylines = [reading.lines[i] for i in reading.with_role("byline") if i not in reading.credits]
    return (
        _first(_outlet_line, bylines)
        or _first(_source_line, bylines)
        or _first(_copyright_line, edge)
        or _first(_first_published, edge)
    )


def _outlet_line(line: Line) -> Evidence | None:
    name = outlet_key(line.text)
    if line.count > 5 or name.casefold() in agencies() or not is_outlet(name):
        return None
    return _evidence(name, line.start + line.text.index(name))


def _source_line(line: Line) -> Evidence | None:
    match = _SOURCE.fullmatch(line.text)
    return _named(line, match, is_outlet_named=True) if match else None


def _first_published(line: Line) -> Evidence | None:
    match = _FIRST_PUBLISHED.search(line.text)
    return _named(line, match) if match else None


def _copyright_line(line: Line) -> Evidence | None:
    match = _COPYRIGHT.search(line.text) if line.count <= 20 else None
    return _named(line, match) if match and (match["years"] or match["tail"]) else None


def _named(line: Line, match: re.Match[str], *, is_outlet_named: bool = False) -> Evidence | None:
    """Return a name as evidence, unless it is an agency's or not such as outlets have."""
    who = match["who"].strip(" .,;:")
    key = who.casefold()
    if key in agencies() or not who[:1].isupper() or len(who.split()) > 6:
        return None
    has_outlet_word = not words("outlet_words").isdisjoint(bare_words(key))
    if not (is_outlet_named or has_outlet_word or who.startswith("The ") or is_outlet(who)):
        return None
    return _evidence(who, line.start + match.start("who") + match["who"].index(who))


# --- address and license ----------------------------------------------------------------------------------------------


def _address(line: Line) -> str | None:
    match = _ADDRESS.fullmatch(line.text)
    return match["url"] if match else None


def _license(line: Line) -> str | None:
    return _creative_commons(line.text)


def _creative_commons(text: str) -> str | None:
    """Return the SPDX identifier of the Creative Commons license that a text names."""
    match = _LICENSE.search(text)
    if not match:
        return None
    conditions = [_CONDITIONS[word] for word in bare_words((match["long"] or "").casefold())]
    parts = match["short"].upper().replace(" ", "-") if match["short"] else "-".join(["BY", *conditions])
    version = match["short_version"] or match["long_version"]
    return f"CC-{parts}-{version}" if version else f"LicenseRef-CC-{parts}"


# --- the day of publication -------------------------------------------------------------------------------------------


def _published(
    text: str, reading: Reading, language: str
) -> tuple[Evidence | None, str | None, tuple[_Unsettled, ...]]:
    """Return the day of publication, its words, and the dates before it that the article leaves open."""
    unsettled: list[_Unsettled] = []
    dates = [*_dates_beside(reading), *_date_inside(reading)]
    context = _context(text, reading) if any(len(found.readings) > 1 for _, found in dates) else ""
    for line, found in dates:
        start, end = line.start + found.start, line.start + found.end
        if time := _TIME.match(text, end, line.end):
            end = time.end()
        day = settle(found, context, language)
        if day:
            return Evidence(day.isoformat(), "text", Span(start, end)), text[start:end], ()
        unsettled.append((Span(start, end), text[start:end], len(found.readings)))
    return None, None, tuple(unsettled)


def _dates_beside(reading: Reading) -> Iterator[tuple[Line, Found]]:
    """Yield the dates of date lines and short bylines, those after the text last."""
    bylines = [i for i in reading.with_role("byline") if reading.lines[i].count <= 30]
    places = sorted([*reading.with_role("dateline"), *bylines])
    for i in sorted(places, key=lambda i: i > reading.last):
        line = reading.lines[i]
        for found in find(line.text):
            if not is_of_change(line.text[: found.start]):
                yield line, found


def is_of_change(before: str) -> bool:
    """Return whether the words before a date say that the article was changed then, not published."""
    return bool(_OF_CHANGE.search(before)) and not _OF_PUBLICATION.search(before)


def _date_inside(reading: Reading) -> Iterator[tuple[Line, Found]]:
    """Yield the dates of the dateline with which the running text begins: "TRIPOLI, 3 May 2020 (Agency) —"."""
    for i in reading.with_role("body")[:1]:
        line = reading.lines[i]
        if match := _DATELINE_IN_TEXT.match(line.text[:160]):
            at = match.start("date")
            yield from ((line, Found(f.start + at, f.end + at, f.readings)) for f in find(match["date"]))


def _context(text: str, reading: Reading) -> str:
    """Return the words around the years of the running text: full dates are there or nowhere."""
    lines = [reading.lines[i] for i in reading.with_role("body")]
    years = [(line, match) for line in lines for match in _YEAR.finditer(text, line.start, line.end)]
    return "\n".join(text[max(line.start, m.start() - 24) : min(line.end, m.end() + 12)] for line, m in years)
