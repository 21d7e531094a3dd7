"""The day on which a page says its article was published.

A declared time in UTC is the time of a clock that no reader sees. Near midnight its day may not be the day of the
outlet. There the page's other words decide: the day in the address, the same moment by the outlet's own clock, or a day
that readers see.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import chain
from typing import TYPE_CHECKING

from htmldate import find_date

from broadsheet.texts.dates import find
from broadsheet.texts.lines import Line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["day_of", "guessed_day", "local_day", "time_element", "url_day"]

OFFSETS = range(-10 * 60, 14 * 60 + 1)  # minutes between UTC and the clocks of the world
NIGHT = 4  # hours after midnight by UTC in which it is the evening before in America
SHORT = 12  # words of a line that tells a day to readers
LAST_DAY = "2099-12-31"  # a bound that does not move with the day of the build

_BASIC = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?=T|$)")
_UTC = re.compile(
    r"(?<!\d)(\d\d):(\d\d)(?::\d\d?)?(?:\.\d+)?\s?(?:Z|\+00:?00|(?:UTC|GMT)(?:\+00:?00)?(?!\s?[+-]))", re.ASCII
)
_URL_DAY = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:/|-|$)|/(20\d\d)([01]\d)([0-3]\d)(?:/|$)"
)
_PUBLISHED = re.compile(r"publish|pubdate|posted|entry-date|post-date|article-date|dateline|timestamp", re.IGNORECASE)
_NOT_PUBLISHED = re.compile(r"modif|updat|comment|repl(?:y|ies)|respon|discuss|related|teaser", re.IGNORECASE)

_COMMENTS = re.compile(r"(?:^|[\s_-])comments?(?:$|[\s_-])", re.IGNORECASE)
_CONTAINERS = ("div", "section", "ol", "ul", "li", "article")


def day_of(words: str) -> dt.date | None:
    """Return the day that a declared value names; None if it names none or can be read in several ways.

    >>> day_of("20200516T14:51:53Z")
    datetime.date(2020, 5, 16)
    """
    found = find(_BASIC.sub(r"\1-\2-\3", words.strip()))
    return found[0].readings[0] if found and len(found[0].readings) == 1 else None


def url_day(address: str) -> dt.date | None:
    """Return the day in the path of an address, as many outlets write it.

    >>> url_day("https://coast.example/2021/05/03/storm")
    datetime.date(2021, 5, 3)
    """
    match = _URL_DAY.search(address)
    parts = [part.zfill(2) for part in match.groups() if part] if match else []
    return day_of("-".join(parts))


def local_day(words: str, markup: str, lines: list[Line], address: str) -> dt.date | None:
    """Return the day that a declared time names by the outlet's clock.

    None if the words name no day, or if they are a time in UTC soon after midnight and nothing on the page names a day.
    """
    day = day_of(words)
    match = _UTC.search(words)
    if day is None or match is None:
        return day
    hour, minute = int(match[1]), int(match[2])
    near = _near(day, 60 * hour + minute)
    by_address = url_day(address)
    if by_address in {day, *near}:
        return by_address
    by_clock = (other for other in near if _by_other_clock(other, minute, markup))
    undisputed = [day] if hour >= NIGHT else []
    return next(chain(by_clock, _shown([day, *near], lines), undisputed), None)


def _near(day: dt.date, minute: int) -> list[dt.date]:
    """Return the days beside a day that some clock shows at a minute of it by UTC."""
    before, after = minute + OFFSETS[0] < 0, minute + OFFSETS[-1] >= 24 * 60
    shifts = [-1] * before + [1] * after
    return [day + dt.timedelta(shift) for shift in shifts]


def _by_other_clock(day: dt.date, minute: int, markup: str) -> bool:
    """Return whether the page gives the same minute of another hour on this day, by a clock without a zone."""
    pattern = rf"{day.isoformat()}[T ]\d\d:{minute:02}(?![\d:.]*\s?(?:Z|UTC|GMT|\+00:?00))"
    return re.search(pattern, markup) is not None


def _shown(days: list[dt.date], lines: list[Line]) -> Iterator[dt.date]:
    """Yield those of some days that short lines name."""
    short = "\n".join(line.text for line in lines if line.count <= SHORT)
    named = {found.readings for found in find(short)}
    yield from (day for day in days if (day,) in named)


def time_element(tree: HtmlElement) -> str:
    """Return the value of the time element that says it is the day of publication, or of all if they name one day.

    Elements of changes, comments and other articles do not count.
    """
    own = list(filter(_is_own, tree.iter("time")))
    declared = [node.get("datetime") for node in own if _PUBLISHED.search(_names(node))]
    values = [node.get("datetime") for node in own]
    only_day = values if len(set(map(day_of, values))) == 1 else []
    return next(iter([*declared, *only_day]), "")


def _is_own(node: HtmlElement) -> bool:
    """Return whether a time element names a day that is not the day of a change, a comment or another article."""
    return day_of(node.get("datetime") or "") is not None and not _NOT_PUBLISHED.search(_names(node))


def _names(node: HtmlElement) -> str:
    """Return what the attributes of an element and of the elements around it call it."""
    own = ("pubdate" if "pubdate" in node.attrib else "", node.get("itemprop") or "", node.get("class") or "")
    return " ".join([*own, *_classes(node.iterancestors())])


def _classes(nodes: Iterable[HtmlElement]) -> Iterator[str]:
    for node in nodes:
        if node.tag not in {"body", "html", "main"}:
            yield f"{node.get('class') or ''} {node.get('id') or ''}"


def guessed_day(tree: HtmlElement) -> dt.date | None:
    """Return the day that htmldate finds in a page outside its comments; None for a bare year."""
    own = deepcopy(tree)
    others = [node for node in own.iter("time", *_CONTAINERS) if _is_other(node)]
    for node in others:
        node.drop_tree()
    found = find_date(own, original_date=True, max_date=LAST_DAY)
    day = dt.date.fromisoformat(found) if found else None
    return None if day is None or (day.month, day.day) == (1, 1) else day


def _is_other(node: HtmlElement) -> bool:
    """Return whether an element gives the time of a change, or contains comments."""
    names = f"{node.get('itemprop') or ''} {node.get('class') or ''} {node.get('id') or ''}"
    kind = _NOT_PUBLISHED if node.tag == "time" else _COMMENTS
    return node.getparent() is not None and kind.search(names) is not None
