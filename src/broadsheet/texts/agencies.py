"""The news agency whose report an article is, as far as the article credits one.

An agency is credited in the dateline ("PARIS (AP) —"), in the byline ("By Ada Quay, Associated Press"), in a line at
the end ("— AFP", "© dpa", Reuters' "Reporting by …; editing by …") or in a copyright line, and is read there in that
order. An agency that the article quotes, that took a picture or that "contributed to this report" is not credited.

The names are those of the list `news_agencies`: one name an agency, whatever form an article has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from broadsheet.model import Evidence, Role, Span
from broadsheet.texts.lexicon import alternatives, names, words
from broadsheet.texts.line_roles import Reading
from broadsheet.texts.lines import Line

__all__ = ["agency_names", "agency_of_byline", "credited_agency"]

_DATELINE_LINES = 3  # first lines of the running text, of which one may begin with a dateline
_END_LINES = 3  # lines after the running text that may credit an agency
_SHORT = 2  # letters of an abbreviation that is an agency in a dateline only; "AP" apart
_LONGEST_BYLINE = 20  # words
_AFTER_BYLINE = r"staff|editorial|desk|agency|updated|posted|published|in\s|[a-z]{3,9}\.?\s+\d"
_BEFORE_BYLINE = re.compile(r"(?:^|[,;:|/(–—-]|\b(?i:by|for|and|at|from|von|par|por|av|af|door))\s*$|[a-z]$")
_ABBREVIATION = re.compile(r"[A-Z]{2,5}")
_BETWEEN = r"\s*(?:,\s*(?:and\s)?|/|&|\+|\s(?:and|und|et|y|e)\s)\s*"
_NOT_CREDITED = re.compile(
    r"\b(?:photos?|photographs?|pictures?|images?|file|pool|via|getty|former|formerly|covers?|covered|covering|is|was|works?"
    r"|worked|joined|told|quoted|contributed|contributing)\b",
    re.IGNORECASE,
)
_WORD_OF_DATELINE = re.compile(r"[([]?(?:[^\W\d_a-zà-ÿ]|\d|[-–—]).*|(?:de|del|la|el|of|and|the|di|in)")
_REUTERS = re.compile(r"\(?(?:\w+ )?(?:reporting|writing) by:? [^;]+;.*\bediting by:? [^;]+", re.IGNORECASE)
_FOUNDATION = "Thomson Reuters Foundation"
_OF_ARTICLE: frozenset[Role] = frozenset({"body", "subheading", "subtitle", "dateline", "byline"})
_Read = Callable[[Line], re.Match[str] | None]


def agency_names(text: str) -> str:
    """Return the names of the agencies that a text lists, `; ` between two; empty if it says anything else.

    >>> agency_names("the AP and AFP"), agency_names("AP Photo")
    ('Associated Press; Agence France-Presse', '')
    """
    match = _pattern(r"\s*(?P<who>LIST)[\s.]*").fullmatch(text)
    return _names(match["who"]) if match else ""


def agency_of_byline(text: str) -> str:
    """Return the names of the agencies that a byline credits, as `agency_names` does.

    >>> agency_of_byline("By Ada Quay, AP National Writer"), agency_of_byline("Ada Quay is a former Reuters reporter")
    ('Associated Press', '')
    """
    match = _byline(text)
    return _names(match["who"]) if match else ""


def credited_agency(reading: Reading) -> Evidence | None:
    """Return the agencies that the lines of an article credit, as `agency_names` does, and where."""
    for line, match in _credits(reading):
        start, end = match.span("who") if "who" in match.re.groupindex else match.span()
        value = _names(match["who"]) if "who" in match.re.groupindex else _of_desk(line)
        return Evidence(value, "text", Span(line.start + start, line.start + end))
    return None


def _of_desk(line: Line) -> str:
    """Return whose a line with reporters and editors is: the style of Reuters, which its foundation has too."""
    return _FOUNDATION if _FOUNDATION in line.text else "Reuters"


def _credits(reading: Reading) -> Iterator[tuple[Line, re.Match[str]]]:
    """Yield the lines that credit an agency, the surest first."""
    body, bylines = reading.with_role("body"), reading.with_role("byline")
    after = [i for i in reading.own if reading.last <= i <= reading.last + _END_LINES]
    yield from _matches(_dateline, reading, _top(reading, body))
    yield from _matches(_of_line, reading, [*bylines, *_openers(reading)])
    yield from _matches(_sign_off, reading, body[-_END_LINES:])
    yield from _matches(_end, reading, _without_captions(reading, after))
    yield from _matches(_desk, reading, [*body[-_END_LINES:], *after])
    yield from _matches(_copyright, reading, [*bylines, *reading.with_role("boilerplate")])


def _top(reading: Reading, body: list[int]) -> list[int]:
    """Return the lines of which one may begin with the dateline."""
    last = next(iter(body[_DATELINE_LINES - 1 :]), reading.last)
    return [i for i in reading.own if i <= last and reading.roles[i] in _OF_ARTICLE]


def _openers(reading: Reading) -> list[int]:
    """Return the lines below the headline that begin as bylines do."""
    return [i for i in reading.with_role("subtitle") if reading.lines[i].words[:1] == ("by",)]


def _without_captions(reading: Reading, after: list[int]) -> list[int]:
    """Return lines after the running text that are not captions; the first is the article's, whatever it looks like."""
    return [i for i in after if reading.roles[i] != "caption" or i == reading.last + 1]


def _matches(read: _Read, reading: Reading, positions: list[int]) -> Iterator[tuple[Line, re.Match[str]]]:
    for i in positions:
        if match := read(reading.lines[i]):
            yield reading.lines[i], match


# --- lines ------------------------------------------------------------------------------------------------------------


def _dateline(line: Line) -> re.Match[str] | None:
    """Find the agency of a dateline: "PARIS, March 3 (Reuters) -", "MOSCOW, March 14. /TASS/."."""
    match = _pattern(r"(?P<place>.{0,90}?)[(\[/]\s*(?P<who>LIST)\s*[)\]/]\s*(?:\.?\s*[-–—:]|\.)").match(line.text)
    return match if match and all(map(_WORD_OF_DATELINE.fullmatch, map(_bare, match["place"].split()))) else None


def _bare(word: str) -> str:
    """Return a word without the marks around it; a month in small letters as a word of a dateline."""
    bare = word.strip(",.")
    return bare.capitalize() if bare in words("months") else bare or "-"


def _of_line(line: Line) -> re.Match[str] | None:
    return _byline(line.text)


def _byline(text: str) -> re.Match[str] | None:
    if len(text.split()) > _LONGEST_BYLINE or _NOT_CREDITED.search(text):
        return None
    job = rf"\s+(?:\w+\s){{0,2}}(?i:{alternatives('job_nouns')}|{_AFTER_BYLINE})"
    pattern = _pattern(rf"(?:(?<![\w.@/-])|(?<=[a-z])(?=[A-Z]))(?P<who>LIST)(?=\s*(?:$|[,;:|(–—·.-]|\d)|{job})")
    match = pattern.search(text)
    return match if match and _is_set_off(text[: match.start()], match["who"]) else None


def _is_set_off(before: str, who: str) -> bool:
    """Return whether an agency in a byline is one: "By Ada Bloomberg" and "Camden, PA" have none."""
    if len(who) <= _SHORT:
        return who == "AP"
    return bool(_ABBREVIATION.fullmatch(who)) or " " in who or bool(_BEFORE_BYLINE.search(before))


def _sign_off(line: Line) -> re.Match[str] | None:
    """Find the agency after the last sentence of the running text: "… said on Monday. — AFP"."""
    match = _pattern(r"(?<=.{40})[.!?…][\"'”’»)]*\s*(?P<mark>[-–—(/\[\s]+)(?P<who>LIST)[)\]/.\s]*$").search(line.text)
    is_marked = match and (match["mark"].strip() or _ABBREVIATION.fullmatch(match["who"]))
    return match if is_marked else None


def _end(line: Line) -> re.Match[str] | None:
    """Find the agencies of a line of their own: "(AFP)", "© dpa", "Source: Reuters", "ab/cd (AP, dpa)"."""
    signs = r"[-–—(\[/©]+\s*|(?:source|via|quelle|fuente|fonte|based on (?:reporting|reports) by):?\s+"
    initials = r"[a-z]{2,4}(?:[/, ]+[a-z]{2,4})*\s*\("
    return _pattern(rf"(?:(?i:{signs})|{initials})(?P<who>LIST)[)\]/.\s]*").fullmatch(line.text)


def _desk(line: Line) -> re.Match[str] | None:
    return _REUTERS.match(line.text)


def _copyright(line: Line) -> re.Match[str] | None:
    years = r"\d{4}(?:\s*[-–]\s*\d{2,4})?"
    sign = rf"(?i:(?:copyright|©|\(c\))[\s©]*(?:by\s+)?(?:{years},?\s*)(?:by\s+)?)"
    return _pattern(rf"{sign}(?P<who>AGENCY)(?:[.,|\s]+(?i:all rights reserved).*)?\.?$").match(line.text)


# --- names ------------------------------------------------------------------------------------------------------------


@cache
def _forms() -> dict[str, str]:
    """Return the names of agencies by form: as written in the list, and in capitals."""
    listed = names("news_agencies")
    return {form.upper(): name for form, name in listed.items()} | listed


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return a pattern in which AGENCY is the form of an agency and LIST one or more of them."""
    forms = "|".join(re.escape(form) for form in sorted(_forms(), key=lambda form: (-len(form), form)))
    agency = rf"(?:[Tt]he\s|THE\s)?(?:{forms})(?!\w)"
    return re.compile(template.replace("LIST", f"AGENCY(?:{_BETWEEN}AGENCY)*").replace("AGENCY", agency))


def _names(listed: str) -> str:
    """Return the names of listed agencies, `; ` between two."""
    found = (re.sub(r"the\s", "", form.strip(), flags=re.IGNORECASE) for form in re.split(_BETWEEN, listed))
    return "; ".join(dict.fromkeys(_forms()[form] for form in found))
