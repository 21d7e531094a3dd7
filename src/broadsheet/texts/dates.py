"""Dates as articles write them: found with their place, read only as far as the article itself settles them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from broadsheet.texts.lexicon import alternatives, numbers, words

__all__ = ["Found", "find", "is_date_line", "is_time_line", "settle"]

_LONGEST_LINE = 120  # characters of a line that is only a date
_NEAR = range(-1, 32)  # days from a full date in the text to the day of publication
_FAR = 1000  # more days than any that are near
_APART = 14  # days by which the best reading must be nearer than any other
_YEARS = range(1980, 2100)
_DIGIT = re.compile(r"\d")
_DATE = "\0"  # in place of a date that was read
_ISO = re.compile(r"(?<![\w./-])(?P<y>\d{4})(?P<s>[-/.年])(?P<m>\d\d?)(?:(?P=s)|月)(?P<d>\d\d?)(?:日|(?![\d/-]))")
_NUMERIC = re.compile(r"(?<![\w./-])(?P<a>\d\d?)(?P<s>[-/.])(?P<b>\d\d?)(?P=s)(?P<c>\d{4}|\d\d)(?![\w/-]|\.\d)")
_TIME = re.compile(
    r"(?:\b|(?<=\dt))(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d)?(?:\.\d+)?\s*(?:uhr|h)?z?\b|[+-][01]\d:?[0-5]\d"
)
_AGO = re.compile(
    r"(?:updated |published |posted )?(?:\d+|an?|one|two|three) (?:second|minute|min|hour|hr|day|week|month|year)s? ago"
    r"|(?:vor|il y a|hace) \d+ \w+|\d+ (?:минут|час|дн)\w* назад|yesterday|today",
)
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|\.(?=\w))*")


@dataclass(frozen=True, slots=True)
class Found:
    """A date at [start, end) of the text it was looked for in, with every way it can be read."""

    start: int
    end: int
    readings: tuple[dt.date, ...]


def find(text: str) -> list[Found]:
    """Return the dates with a year in a text, in order. A date that does not exist has no readings.

    >>> [date.readings for date in find("Posted 3 May 2020")]
    [(datetime.date(2020, 5, 3),)]
    """
    if not _DIGIT.search(text):
        return []
    found = [Found(m.start(), m.end(), tuple(_long(m))) for m in _long_dates().finditer(text)]
    found += [Found(m.start(), m.end(), tuple(_day(m["y"], m["m"], m["d"]))) for m in _ISO.finditer(text)]
    found += [Found(m.start(), m.end(), _numeric(m)) for m in _NUMERIC.finditer(text)]
    return sorted(found, key=lambda date: (date.start, date.end))


def is_date_line(key: str) -> bool:
    """Return whether a folded line says a date or time and nothing else.

    >>> is_date_line("published: 3 may 2020"), is_date_line("on 3 may 2020 the wall broke")
    (True, False)
    """
    if len(key) > _LONGEST_LINE:
        return False
    if _AGO.fullmatch(key):
        return True
    if not _DIGIT.search(key):
        return False
    rest = key
    for pattern in (_long_dates(), _ISO, _NUMERIC, _dates_without_year(), _TIME):
        rest = pattern.sub(f" {_DATE} ", rest)
    return _DATE in rest and _beside_dates().issuperset(_WORD.findall(rest))


def is_time_line(key: str) -> bool:
    """Return whether a folded line says a time of the day and nothing else, as over the entries of live updates.

    >>> is_time_line("9:28 am"), is_time_line("3 may 2020 9:28")
    (True, False)
    """
    days = (_long_dates(), _ISO, _NUMERIC, _dates_without_year(), _AGO)
    return is_date_line(key) and not any(pattern.search(key) for pattern in days)


def settle(found: Found, context: str, language: str = "und") -> dt.date | None:
    """Return the one reading of a date that the article leaves open, or None.

    `context` is the article's running text: full dates near one reading only settle it. A day-first language settles
    the order of day and month of a four-digit year.
    """
    readings = [day for day in found.readings if day.year in _YEARS]
    if len(readings) <= 1:
        return next(iter(readings), None)
    is_day_first = language not in {"en", "und"}
    if is_day_first and len({day.year for day in readings}) == 1:
        return readings[0]  # `_numeric` gives the reading with the day first before others
    return _nearest(readings, context)


def _nearest(readings: list[dt.date], context: str) -> dt.date | None:
    """Return the reading soon after a full date of the text, None if there is none or another is about as near."""
    dates = find(context)
    known = [date.readings[0] for date in dates if len(date.readings) == 1]
    gaps = {day: _distance(day, known) for day in readings}
    best, *others = sorted(readings, key=lambda day: (gaps[day], day))
    is_near = gaps[best] < _FAR
    is_alone = gaps[others[0]] - gaps[best] > _APART
    return best if is_near and is_alone else None


def _distance(day: dt.date, known: list[dt.date]) -> int:
    """Return the fewest days from a date of the text to a day, `_FAR` if none is near."""
    gaps = [(day - other).days for other in known]
    return min([gap for gap in gaps if gap in _NEAR], default=_FAR)


# --- forms of dates ---------------------------------------------------------------------------------------------------


@cache
def _long_dates() -> re.Pattern[str]:
    """Match a date whose month is a word: "14 March, 2017", "March 14, 2017", "1er mars 2018"."""
    month, year = alternatives("months"), r"(?:1[89]|20)\d\d"
    day = r"[0-3]?\d(?:st|nd|rd|th|er|º|ª)?"
    gap = r"(?:[ \u00a0\u202f]|[.,/-]){1,3}(?:(?:of|de|del)[ \u00a0])?"
    return re.compile(
        rf"(?<![\w.])(?:(?P<d1>{day}){gap}(?P<m1>{month})\.?{gap}(?P<y1>{year})"
        rf"|(?P<m2>{month})\.?{gap}(?P<d2>{day}){gap}(?P<y2>{year}))(?!\w)",
        re.IGNORECASE,
    )


@cache
def _dates_without_year() -> re.Pattern[str]:
    month, day = alternatives("months"), r"[0-3]?\d(?:st|nd|rd|th)?"
    return re.compile(rf"(?<![\w.])(?:{day}\.?[ \u00a0](?:{month})|(?:{month})\.?[ \u00a0]{day})(?!\w)", re.IGNORECASE)


@cache
def _beside_dates() -> frozenset[str]:
    """Return the words that may be beside a date on a line that is only a date."""
    return words("date_words") | words("weekdays")


def _long(match: re.Match[str]) -> Iterator[dt.date]:
    order = "1" if match["d1"] else "2"
    month = numbers("months", "month")[match[f"m{order}"].casefold()]
    day = re.sub(r"\D", "", match[f"d{order}"])
    return _day(match[f"y{order}"], str(month), day)


def _numeric(match: re.Match[str]) -> tuple[dt.date, ...]:
    """Return each reading once: day first, month first (not with dots) and, for two-digit years, year first."""
    a, b, c = match["a"], match["b"], match["c"]
    orders = [(c, b, a)]
    if match["s"] != ".":
        orders.append((c, a, b))
    if len(a) == len(c) == 2:
        orders.append((a, b, c))
    return tuple(dict.fromkeys(day for order in orders for day in _day(*order)))


def _day(year: str, month: str, day: str) -> Iterator[dt.date]:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    try:
        yield dt.date(number, int(month), int(day))
    except ValueError:
        return
