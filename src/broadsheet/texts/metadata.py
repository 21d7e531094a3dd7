"""Metadata with evidence: what an article says about itself, and where. No evidence, no value."""

# ruff: noqa: E501 - patterns read better whole than cut

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from broadsheet.model import Evidence, EvidenceKind, Span
from broadsheet.texts.bylines import is_outlet
from broadsheet.texts.dates import Found, find, settle
from broadsheet.texts.language import is_tag
from broadsheet.texts.lexicon import agencies, words
from broadsheet.texts.line_roles import Reading
from broadsheet.texts.lines import Line

__all__ = ["Declared", "Metadata", "gather"]

EDGE = 24  # lines at the top and at the end that may speak of the article
_TIME = re.compile(
    r"(?:T|[\s,|]*(?:(?:at|um|à|a las|alle|в)\s)?\s*)\d{1,2}[:.h][0-5]\d(?::[0-5]\d)?(?:\s?(?:[ap]\.?m\.?|uhr|Z|[+-]\d\d:?\d\d))?(?:\s?(?:GMT|UTC|BST|CES?T|E[SD]?T|P[SD]T|MSK|SAST|IST))?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LATER = re.compile(
    r"(?:last )?(?:updated?|modified|edited|aktualisiert|mis à jour|actualizado|обновлено)\b", re.IGNORECASE
)
_INLINE = re.compile(r"[A-ZÀ-Þ][\w .,/'’-]{1,60}?[,—–-]\s*(?P<date>[^()—–]{6,30}?)\s*(?:\([^)]{2,40}\)\s*)?[—–-]")
_RIGHTS = re.compile(
    r"(?:copyright\s*)?(?:©|\(c\)|copyright)\s*(?:copyright\s*)?(?:by\s+)?(?P<years>(?:\d{4}(?:\s*[-–]\s*\d{2,4})?)?,?)\s*(?P<who>[^\d|.]{3,60}?(?:\.(?:com|org|net))?)"
    r"(?P<tail>,?\s*\d{4}(?:\s*[-–]\s*\d{2,4})?)?(?:\s*[.|,]?\s*(?:all rights reserved.*)?)?\.?$",
    re.IGNORECASE,
)
_LICENSE = re.compile(
    r"(?:\bCC[ -]?(?P<short>BY(?:[- ](?:NC|ND|SA))*)[ -]?(?P<v>[1-4]\.\d)?\b)"
    r"|Creative Commons[^.]{0,20}?Attribution(?P<long>(?:[- ](?:NonCommercial|NoDerivatives|NoDerivs|ShareAlike))*)\s*(?P<v2>[1-4]\.\d)?",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:Source|Via|Quelle|Fuente|Fonte|Источник)s?\s*:\s*(?P<who>.{2,60}?)(?:(?: and | with |, |/| & ).*(?:agenc|reuters|afp|wires).*)?",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?:url|link|source|original|permalink|canonical|source url|original article)\s*:\s*(?P<url>https?://[^\s<>\"]+)",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"(?:first|originally) (?:appeared|published|posted) (?:in|on|by|at) (?P<who>(?:the )?[^,.;(]{2,40})", re.IGNORECASE
)
_SELLERS = agencies() - {"reuters", "bloomberg"}
_SUFFIX = re.compile(r"\s+[|–—-]\s+(?P<who>[^|–—]{2,40})$")


@dataclass(frozen=True, slots=True)
class Declared:
    """What was declared beside or before the text: column → value; `places` where they stand in the canonical text."""

    values: Mapping[str, str]
    origin: EvidenceKind
    places: Mapping[str, Span] = field(default_factory=dict)

    def evidence(self, column: str) -> Evidence | None:
        """Return a declared value as evidence."""
        value = self.values.get(column, "")
        return Evidence(value, self.origin, self.places.get(column)) if value else None


@dataclass(frozen=True, slots=True)
class Metadata:
    """The columns of `documents` that speak of the article, and dates that could not be read."""

    title: Evidence | None = None
    authors: Evidence | None = None
    publisher: Evidence | None = None
    published: Evidence | None = None
    published_text: str | None = None
    language: str | None = None
    url: str | None = None
    license: str | None = None
    rights_holder: str | None = None
    unsettled: tuple[tuple[Span | None, str, int], ...] = ()  # place, words, number of readings


def gather(text: str, reading: Reading, declared: tuple[Declared, ...], language: str) -> Metadata:
    """Return the metadata: what was declared, in the order given, then what the text says."""
    found = _from_text(text, reading, language)
    for source in reversed(declared):
        found = _overlay(found, source)
    return found


def _overlay(found: Metadata, source: Declared) -> Metadata:
    if not source.values:
        return found
    changes: dict[str, object] = {}
    for column in ("title", "authors", "publisher"):
        if evidence := source.evidence(column):
            changes[column] = evidence
    for column in ("url", "license", "rights_holder"):
        if value := source.values.get(column):
            changes[column] = value
    tag = source.values.get("language", "").replace("_", "-")
    if tag and is_tag(tag[:2].lower() + tag[2:]):
        changes["language"] = tag[:2].lower() + tag[2:]
    if words := source.values.get("published"):
        dates = find(words)
        day = settle(dates[0], "", "und") if dates else None
        changes["published"] = Evidence(day.isoformat(), source.origin, source.places.get("published")) if day else None
        changes["published_text"] = words if day else None
        if not day:
            count = len(dates[0].readings) if dates else 0
            changes["unsettled"] = (*found.unsettled, (source.places.get("published"), words, count))
    return replace(found, **changes)  # type: ignore[arg-type]


def _from_text(text: str, reading: Reading, language: str) -> Metadata:
    lines = reading.lines
    title, suffix = _title(reading)
    edge = _edge(reading)
    publisher = _publisher(reading, edge) or suffix
    published, words, unsettled = _published(text, reading, language)
    edge = [i for i in edge if lines[i].count <= 40]
    return Metadata(
        title=title,
        authors=_authors(reading),
        publisher=publisher,
        published=published,
        published_text=words,
        url=next((m["url"] for i in edge if "://" in lines[i].text and (m := _URL.fullmatch(lines[i].text))), None),
        license=next(
            (_spdx(m) for i in edge if _may_license(lines[i].key) and (m := _LICENSE.search(lines[i].text))), None
        ),
        rights_holder=next((e.value for i in edge if (e := _rights(lines[i]))), None),
        unsettled=tuple(unsettled),
    )


def _title(reading: Reading) -> tuple[Evidence | None, Evidence | None]:
    """Return the headline without heading marks, and the outlet's name that was cut from its end."""
    if reading.title is None:
        return None, None
    line = reading.lines[reading.title]
    marks = len(line.text) - len(line.text.lstrip("#=* \t"))
    words = line.text[marks:].rstrip("#=* \t")
    start, outlet = line.start + marks, None
    if (match := _SUFFIX.search(words)) and _is_site(match):
        at = start + match.start("who")
        if match["who"].casefold() not in _SELLERS:
            outlet = Evidence(match["who"], "text", Span(at, at + len(match["who"])))
        words = words[: match.start()]
    return Evidence(words.replace("\n", " "), "text", Span(start, start + len(words))), outlet


def _is_site(match: re.Match[str]) -> bool:
    """Return whether what follows a bar or dash at the end of a headline is the outlet's name."""
    who = match["who"]
    return is_outlet(who) or ("|" in match[0] and (is_outlet(who.upper()) or who.startswith("The ")))


def _authors(reading: Reading) -> Evidence | None:
    """Return the authors of the first byline that names any; of a credit at the end, where no byline does."""
    named = [(i, c) for i, c in sorted(reading.credits.items()) if c.authors and i not in reading.repeats]
    early = [(i, c) for i, c in named if not c.late] or named
    names: dict[str, Span] = {}
    for i, found in early:
        if names and (found.late or i > early[0][0] + 3):
            break
        for part in found.authors:
            name = part.value.title() if part.value.isupper() else part.value
            at = reading.lines[i].start
            names.setdefault(name, Span(at + part.start, at + part.end))
    if not names:
        return None
    spans = list(names.values())
    return Evidence("; ".join(names), "text", Span(min(s.start for s in spans), max(s.end for s in spans)))


def _publisher(reading: Reading, edge: list[int]) -> Evidence | None:
    """Return the outlet that a credit, a line of its own, a source line or a copyright line names, in that order."""
    lines = reading.lines
    for i, found in sorted(reading.credits.items()):
        if found.publisher:
            at = lines[i].start
            return Evidence(found.publisher.value, "text", Span(at + found.publisher.start, at + found.publisher.end))
    bylines = [i for i in edge if reading.roles[i] == "byline" and i not in reading.credits]
    for ask, places in ((_outlet_line, bylines), (_source_line, bylines), (_rights, edge), (_first_published, edge)):
        for i in places:
            if found_here := ask(lines[i]):
                return found_here
    return None


def _edge(reading: Reading) -> list[int]:
    """Return the lines around the article that may speak of it: bylines, and page furniture near its top and end."""
    lines, roles, crumbs = reading.lines, reading.roles, {i for i, f in reading.features.items() if f.sections}
    last = len(lines) - EDGE
    return [
        i
        for i in reading.own
        if roles[i] == "byline" or (roles[i] == "boilerplate" and (i < EDGE or i >= last) and i not in crumbs)
    ]


def _outlet_line(line: Line) -> Evidence | None:
    bare = line.text.strip(" .:|–—-*_")
    if line.count > 5 or bare.casefold() in agencies() or not is_outlet(bare):
        return None
    at = line.start + line.text.index(bare)
    return Evidence(bare, "text", Span(at, at + len(bare)))


def _source_line(line: Line) -> Evidence | None:
    match = _SOURCE.fullmatch(line.text)
    return _named(line, match, "who") if match and not match["who"].startswith("http") else None


def _first_published(line: Line) -> Evidence | None:
    told = "first" in line.key or "originally" in line.key
    match = _FIRST.search(line.text) if told else None
    return _named(line, match, "who") if match else None


def _rights(line: Line) -> Evidence | None:
    key = line.key
    told = line.count <= 20 and ("©" in key or "(c)" in key or "copyr" in key)
    match = _RIGHTS.search(line.text) if told else None
    return _named(line, match, "who") if match and (match["years"] or match["tail"]) else None


def _may_license(key: str) -> bool:
    return "cc" in key or "creative" in key


def _named(line: Line, match: re.Match[str], group: str) -> Evidence | None:
    """Return a name as evidence, unless it is an agency's or none that an outlet has."""
    who = match[group].strip(" .,;:")
    key = who.casefold()
    if not who or key in agencies() or not who[0].isupper() or len(who.split()) > 6:
        return None
    if not (
        set(re.findall(r"\w+", key)) & words("outlet_words")
        or who.startswith("The ")
        or is_outlet(who)
        or match.re is _SOURCE
    ):
        return None
    at = line.start + match.start(group) + match[group].index(who)
    return Evidence(who, "text", Span(at, at + len(who)))


def _spdx(match: re.Match[str]) -> str:
    if match["short"]:
        parts = match["short"].upper().replace(" ", "-")
    else:
        names = {"noncommercial": "NC", "noderivatives": "ND", "noderivs": "ND", "sharealike": "SA"}
        parts = "-".join(["BY", *(names[w] for w in re.findall(r"[a-z]{5,}", match["long"].casefold()) if w in names)])
    version = match["v"] or match["v2"]
    return f"CC-{parts}-{version}" if version else f"LicenseRef-CC-{parts}"


def _published(
    text: str, reading: Reading, language: str
) -> tuple[Evidence | None, str | None, list[tuple[Span | None, str, int]]]:
    """Return the day of publication with its place and words, and the dates that the article leaves open."""
    unsettled: list[tuple[Span | None, str, int]] = []
    for line, found in _date_places(reading):
        start = line.start + found.start
        end = line.start + found.end
        if time := _TIME.match(text, end, line.end):
            end = time.end()
        day = settle(found, _context(text, reading) if len(found.readings) > 1 else "", language)
        if day:
            return Evidence(day.isoformat(), "text", Span(start, end)), text[start:end], []
        unsettled.append((Span(start, end), text[start:end], len(found.readings)))
    return None, None, unsettled


def _date_places(reading: Reading) -> Iterator[tuple[Line, Found]]:
    """Yield the dates that say when it was published: in date lines and bylines, then in the text's own dateline."""
    lines, roles = reading.lines, reading.roles
    places = [i for i in reading.own if roles[i] == "dateline" or (roles[i] == "byline" and lines[i].count <= 30)]
    for i in sorted(places, key=lambda i: (i > reading.last, i)):
        for found in find(lines[i].text):
            is_later = _LATER.search(lines[i].text[: found.start]) and not re.search(
                r"(?:publish|post)\w*\W+(?:on\W+)?$", lines[i].text[: found.start], re.IGNORECASE
            )
            if not is_later:  # the day of a change is not the day of publication
                yield lines[i], found
    first = next((i for i in reading.own if roles[i] == "body"), None)
    if first is not None and (match := _INLINE.match(lines[first].text[:160])):
        yield from (
            (lines[first], replace(f, start=f.start + match.start("date"), end=f.end + match.start("date")))
            for f in find(match["date"])
        )


def _context(text: str, reading: Reading) -> str:
    """Return what stands around the years of the running text: full dates are there or nowhere."""
    return "\n".join(
        text[max(line.start, match.start() - 24) : min(line.end, match.end() + 12)]
        for line in (reading.lines[i] for i in reading.own if reading.roles[i] == "body")
        for match in _YEAR.finditer(text, line.start, line.end)
    )
