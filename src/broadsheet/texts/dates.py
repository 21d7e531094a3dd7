"""Dates as articles write them: found with their place, read only as far as the article itself settles them."""

# ruff: noqa: E501 - word lists and patterns read better whole than cut

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Found", "find", "is_date_line", "settle"]

_MONTHS = (
    "january januar janvier enero gennaio janeiro januari января январь ocak styczeń stycznia jan janv ene gen янв",
    "february februar février febrero febbraio fevereiro februari февраля февраль şubat lutego feb févr fév fev фев",
    "march märz mars marzo março maart марта март mart marca mar mär mrt",
    "april avril abril aprile апреля апрель nisan kwietnia apr avr abr апр",
    "may mai mayo maggio maio mei мая май mayıs maja mag",
    "june juni juin junio giugno junho июня июнь haziran czerwca jun giu июн",
    "july juli juillet julio luglio julho июля июль temmuz lipca jul juil lug июл",
    "august août agosto augustus августа август ağustos sierpnia aug ago авг",
    "september septembre septiembre settembre setembro сентября сентябрь eylül września sep sept set сен",
    "october oktober octobre octubre ottobre outubro октября октябрь ekim października oct okt ott out окт",
    "november novembre noviembre novembro ноября ноябрь kasım listopada nov ноя",
    "december dezember décembre diciembre dicembre dezembro december декабря декабрь aralık grudnia dec dez déc dic дек",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_NAMES = "|".join(sorted(map(re.escape, _MONTH), key=lambda n: (-len(n), n)))
_DAY = r"(?P<{0}>[0-3]?\d)(?:st|nd|rd|th|er|º|ª)?"
_GAP = r"(?:[ \u00a0\u202f]|[.,/-]){1,3}(?:(?:of|de|del)[ \u00a0])?"
_LONG = re.compile(
    rf"(?<![\w.])(?:{_DAY.format('d1')}{_GAP}(?P<m1>{_NAMES})\.?{_GAP}(?P<y1>(?:1[89]|20)\d\d)"
    rf"|(?P<m2>{_NAMES})\.?{_GAP}{_DAY.format('d2')}{_GAP}(?P<y2>(?:1[89]|20)\d\d))(?!\w)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<![\w./-])(?P<y>\d{4})(?P<s>[-/.年])(?P<m>\d\d?)(?:(?P=s)|月)(?P<d>\d\d?)(?:日|(?![\d/-]))")
_NUMERIC = re.compile(r"(?<![\w./-])(?P<a>\d\d?)(?P<s>[-/.])(?P<b>\d\d?)(?P=s)(?P<c>\d{4}|\d\d)(?![\w/-]|\.\d)")
_NO_YEAR = re.compile(
    rf"(?<![\w.])(?:[0-3]?\d(?:st|nd|rd|th)?\.?[ \u00a0](?:{_NAMES})|(?:{_NAMES})\.?[ \u00a0][0-3]?\d(?:st|nd|rd|th)?)(?!\w)",
    re.IGNORECASE,
)
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon montag lundi lunes lunedì понедельник",
            "tuesday tue tues dienstag mardi martes martedì вторник",
            "wednesday wed mittwoch mercredi miércoles mercoledì среда",
            "thursday thu thur thurs donnerstag jeudi jueves giovedì четверг",
            "friday fri freitag vendredi viernes venerdì пятница",
            "saturday sat samstag sonnabend samedi sábado sabato суббота",
            "sunday sun sonntag dimanche domingo domenica воскресенье",
        )
    )
    for name in names.split()
}
# what may stand beside a date on its line, and the line is still nothing but a date
_FILLER = re.compile(
    r"(?:\b(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d)?(?:\.\d+)?\s*(?:uhr|h)?\b|(?<=\d)t(?=\d)|\bz\b|[+-][01]\d:?[0-5]\d"
    r"|\b(?:a\.?m\.?|p\.?m\.?|gmt|utc|bst|cet|cest|est|edt|et|pst|pdt|msk|sast|ist|eet|local|time|hrs|noon)\b"
    r"|\b(?:first\s+)?(?:published|posted|updated?|last|modified|edited|created|date|dated|issued|release[d]?|on|at|the|of"
    r"|publi[ée]|mis|à|jour|le|modifié|veröffentlicht|aktualisiert|stand|vom|am|um|uhr|den|der"
    r"|publicado|actualizado|el|a|las|atualizado|em|às|pubblicato|aggiornato|il|alle|gepubliceerd|bijgewerkt|op"
    r"|опубликовано|обновлено|дата|публикации|в|г|года)\b"
    r"|\b\d+ (?:second|minute|hour|day|week|month|year)s?(?: \d+ \w+)? ago\b"
    r"|\b\d*\s*(?:comments?|replies|views|shares|kommentare|commentaires|comentarios)\b|»|\b\d+\b)",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:updated |published |posted )?(?:\d+|an?|one|two|three) (?:second|minute|min|hour|hr|day|week|month|year)s? ago"
    r"|(?:vor|il y a|hace) \d+ \w+|\d+ (?:минут|час|дн)\w* назад|yesterday|today",
)
_DIGIT = re.compile(r"\d")
_TIME_OF_DAY = re.compile(r"\d[:h.]\d\d")
_WORDS = re.compile(r"\w+")
NEAR = range(-1, 32)  # days from a full date in the text to the day of publication
_YEARS = range(1980, 2100)


@dataclass(frozen=True, slots=True)
class Found:
    """A date at [start, end) of the text it was looked for in, with every way it can be read."""

    start: int
    end: int
    readings: tuple[dt.date, ...]


def find(text: str) -> list[Found]:
    """Return the dates with a year in a text, in order. A date that does not exist has no readings."""
    if not _DIGIT.search(text):
        return []
    found = [Found(m.start(), m.end(), tuple(_long(m))) for m in _LONG.finditer(text)]
    found += [Found(m.start(), m.end(), tuple(_day(m["y"], m["m"], m["d"]))) for m in _ISO.finditer(text)]
    found += [Found(m.start(), m.end(), tuple(_numeric(m))) for m in _NUMERIC.finditer(text)]
    return sorted(found, key=lambda f: (f.start, f.end))


def is_date_line(key: str) -> bool:
    """Return whether a folded line says a date or time and nothing else."""
    if len(key) > 120 or not (_DIGIT.search(key) or "ago" in key or key in {"today", "yesterday"}):
        return False
    if _AGO.fullmatch(key):
        return True
    rest, count = _NO_YEAR.subn(" ", _NUMERIC.sub(" \0 ", _ISO.sub(" \0 ", _LONG.sub(" \0 ", key))))
    if "\0" not in rest and not count and not _TIME_OF_DAY.search(key):
        return False
    rest = _FILLER.sub(" ", rest.replace("\0", " "))
    return not any(c.isalnum() and word not in _WEEKDAYS for word in _WORDS.findall(rest) for c in word)


def settle(found: Found, context: str, language: str = "und") -> dt.date | None:
    """Return the one reading of a date that the article leaves open, or None.

    `context` is the article's running text: full dates near a reading, or a weekday that fits one reading only, settle it.
    A day-first language settles the order of day and month of a four-digit year.
    """
    readings = [day for day in found.readings if day.year in _YEARS]
    if len(readings) <= 1:
        return readings[0] if readings else None
    if len({day.year for day in readings}) == 1 and language not in {"en", "und"}:
        return readings[0]  # day first: `_numeric` gives that reading first
    known = [f.readings[0] for f in find(context) if len(f.readings) == 1]
    after = {day: min(gaps) for day in readings if (gaps := [g for o in known if (g := (day - o).days) in NEAR])}
    if not after:
        return None
    first, *others = sorted(after, key=lambda day: (after[day], day))
    return first if all(after[day] - after[first] > 14 for day in others) else None


def _long(match: re.Match[str]) -> Iterator[dt.date]:
    which = "1" if match["d1"] else "2"
    month = _MONTH[match[f"m{which}"].casefold()]
    return _day(match[f"y{which}"], str(month), match[f"d{which}"])


def _numeric(match: re.Match[str]) -> Iterator[dt.date]:
    """Yield day first, month first and, for two-digit years, year first; each reading once."""
    a, b, c = match["a"], match["b"], match["c"]
    orders = [(c, b, a), (c, a, b)] + ([(a, b, c)] if len(c) == 2 and len(a) == 2 else [])
    if match["s"] == ".":
        orders.remove((c, a, b))  # nobody writes month.day.year
    return _unique(day for order in orders for day in _day(*order))


def _unique(days: Iterable[dt.date]) -> Iterator[dt.date]:
    return iter(dict.fromkeys(days))


def _day(year: str, month: str, day: str) -> Iterator[dt.date]:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    try:
        yield dt.date(number, int(month), int(day))
    except ValueError:
        return
