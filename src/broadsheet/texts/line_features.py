"""Signs: lines that give themselves away wherever they stand, and what is known of an article's lines so far."""

# ruff: noqa: E501 - patterns read better whole than cut

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from broadsheet.model import Role
from broadsheet.texts.bylines import Credit, credit, is_name, picture_credit
from broadsheet.texts.dates import is_date_line
from broadsheet.texts.lexicon import (
    BOILERPLATE,
    BOILERPLATE_SENTENCE,
    COMMENTS,
    CROSSLINK,
    READ_TIME,
    RELATED,
    RIGHTS,
    TAGS,
)
from broadsheet.texts.lines import Line
from broadsheet.texts.repeated_paragraphs import Repeat

__all__ = ["BULLET", "Reading", "telling"]

_Sign = Literal["boilerplate", "dateline", "related", "comments", "furniture", "crosslink", ""]
_CRUMBS = re.compile(r"\s*(?:»|›|>|→|::|\s/\s|\s\|\s)\s*")
_CRUMB_MARKS = ("»", "›", ">", "→", "::", "/", "|")
_HOME = frozenset(
    ["home", "homepage", "startseite", "accueil", "inicio", "início", "главная", "news", "world", "start", "front"]
)
_CAPTION_START = re.compile(
    r"[\W_]*(?:file (?:photo|image|picture|-)|photo:|image:|picture:|pictured|caption:|in this (?:photo|image|picture|file photo)|this (?:photo|image|picture|handout|screengrab|undated photo)\b"
    r"|a (?:file|handout) (?:photo|picture|image)|screenshot (?:of|from)|foto:|bild:|фото:|archivbild|symbolbild)",
)
# What a word may be a sign of. Nothing of a kind is looked for in a line without a word of that kind: each pattern asked
# for below needs one, and most words are a sign of nothing.
_PAGE, _PICTURE, _PICTURED, _JOB = 1, 2, 4, 8
_KINDS = {
    _PAGE: re.compile(
        r".*?(?:cookie|newsletter|subscri|suscr|abonn|подпишитесь|inbox|agree|accept|consent|privacy|journalism|javascript|blocker|prohibited|permission|material"
        r"|redistributed|copyright|©|appeared|originally|expressed|reflect|comment|\b(?:register|sign(?:ing)?|your|follow|download|join|reading|rights)\b)"
    ),
    _PICTURE: re.compile(
        r".*[/©]|\W*(?:phot|imag|pict|illu|cred|foto|bild|фото|cour|scre|vide|file|hand|pool|agen|reut|gett|shut|isto|alam|anad|tass|xinh|flic|wiki|unsp|zuma|ansa"
        r"|(?:ap|afp|epa|efe|dpa|upi|pa|rex)\b)"
    ),
    _PICTURED: re.compile(r".*?(?:photo|image|picture|credit|foto|bild|фото|courtesy|screenshot|[/©])"),
    _JOB: re.compile(r"\W?(?:corr|repo|edit|jour|colu|writ|anal|fell)"),
}
_MOST = 1 << 16  # words remembered
LONGEST = 600  # characters beyond which a line is running text
_LETTER = re.compile(r"[^\W_]")
BULLET = re.compile(r"[-–—•*·▪■●◦‣]\s|\d{1,2}[.)]\s")
_SOURCE = re.compile(r"(?:source|via|quelle|fuente|fonte|источник)s?\s*:\s*(?P<who>.{2,60})")
_REPUBLISHED = re.compile(
    r"[\W_]*(?:this (?:article|story|piece|report|post) )?(?:was )?(?:first|originally) (?:appeared|published|posted)\b.{0,120}"
)


@dataclass(slots=True)
class Reading:
    """What is known of the lines: roles as they are found, credits by position, the zones, the title's position."""

    lines: list[Line]
    repeats: dict[int, Repeat]
    roles: dict[int, Role] = field(default_factory=dict)
    credits: dict[int, Credit] = field(default_factory=dict)
    related: set[int] = field(default_factory=set)
    comments: set[int] = field(default_factory=set)
    crumbs: dict[int, tuple[str, ...]] = field(default_factory=dict)
    title: int | None = None
    first: int = 0
    last: int = -1

    @property
    def own(self) -> list[int]:
        """Return the positions of the lines that repeat nothing."""
        if not self.repeats:
            return list(range(len(self.lines)))
        return [i for i in range(len(self.lines)) if i not in self.repeats]


class _Told(NamedTuple):
    """What a line gives away by its words: its role, that it heads a box, whom it credits, the path it shows."""

    role: Role
    heads: Literal["related", "comments", ""] = ""
    credit: Credit | None = None
    crumbs: tuple[str, ...] = ()


_BOILERPLATE, _CAPTION, _CROSSLINK, _BYLINE = (
    _Told("boilerplate"),
    _Told("caption"),
    _Told("crosslink"),
    _Told("byline"),
)
_FIXED: Mapping[_Sign, _Told] = {
    "boilerplate": _BOILERPLATE,
    "furniture": _BOILERPLATE,
    "dateline": _Told("dateline"),
    "crosslink": _CROSSLINK,
    "related": _Told("boilerplate", "related"),
    "comments": _Told("boilerplate", "comments"),
}


def telling(reading: Reading, i: int) -> Role | None:
    """Return the role of a line that gives itself away wherever it stands, and note what else it tells."""
    line = reading.lines[i]
    if line.count >= 12 and line.stops:
        told = _of_sentence(line)
    else:
        told = _of_short(line.text, line.key, line.count, line.stops) if len(line.text) <= LONGEST else None
    if told is None:
        return None
    if told.heads:
        (reading.related if told.heads == "related" else reading.comments).add(i)
    if told.credit:
        reading.credits[i] = told.credit
    if told.crumbs:
        reading.crumbs[i] = told.crumbs
    return told.role


class _Words:
    """What the words met so far may be signs of."""

    def __init__(self) -> None:
        self._plain: set[str] = set()
        self._signs: dict[str, int] = {}

    def kinds(self, words: Iterable[str]) -> int:
        """Return the kinds of all words, as bits."""
        if self._plain.issuperset(words):
            return 0
        found = 0
        for word in words:
            if word not in self._plain:
                found |= self._signs.get(word) or self._learn(word)
        return found

    def _learn(self, word: str) -> int:
        if len(self._plain) + len(self._signs) >= _MOST:
            self._plain, self._signs = set(), {}
        found = sum(kind for kind, pattern in _KINDS.items() if pattern.match(word))
        if found:
            self._signs[word] = found
        else:
            self._plain.add(word)
        return found


_WORDS = _Words()


def _of_sentence(line: Line) -> _Told | None:
    """Return what a whole sentence gives away that is none of the article's; most give nothing."""
    if line.count <= 30 and CROSSLINK.match(line.key):
        return _CROSSLINK if len(line.text) <= LONGEST else None
    kinds = _WORDS.kinds(line.words)
    if not kinds or len(line.text) > LONGEST:
        return None
    key = line.key
    if kinds & _PAGE:
        if BOILERPLATE_SENTENCE.search(key) or BOILERPLATE.fullmatch(key) or _REPUBLISHED.fullmatch(key):
            return _BOILERPLATE
        if COMMENTS.fullmatch(key):
            return _FIXED["comments"]
    told = kinds & _PICTURE and (kinds & _PICTURED or key[-1] in ")]")
    if told and line.count <= 60 and (_CAPTION_START.match(key) or _credits_picture(line.text)):
        return _CAPTION
    if kinds & _JOB and line.count <= 45 and (found := credit(line.text)):
        return _Told("byline", credit=found)
    return None


def _credits_picture(text: str) -> bool:
    """Return whether a picture's credit ends a line; an agency in brackets after several sentences is the text's."""
    wire = text[-1] in ")]" and text.rstrip("])")[-1:].isalpha() and ". " in text
    return not wire and picture_credit(text) is not None


def _any_in(hints: Iterable[str], key: str) -> bool:
    for hint in hints:  # noqa: SIM110 - `any` takes three times as long
        if hint in key:
            return True
    return False


def _sign(key: str) -> _Sign:
    """Return what a short folded line is by its words alone."""
    if not _LETTER.search(key):
        return "boilerplate"
    if is_date_line(key):
        return "dateline"
    if RELATED.fullmatch(key):
        return "related"
    if COMMENTS.fullmatch(key):
        return "comments"
    if key.count(" ") >= 3 and _any_in(RIGHTS, key):
        return "furniture"
    if READ_TIME.fullmatch(key) or BOILERPLATE.fullmatch(key) or TAGS.fullmatch(key):
        return "furniture"
    if match := CROSSLINK.fullmatch(key):
        return "furniture" if RELATED.fullmatch(match["target"]) else "crosslink"
    return ""


@lru_cache(maxsize=4096)  # the lines of a page's furniture are the same in every article of an outlet
def _of_short(text: str, key: str, count: int, stops: bool) -> _Told | None:
    """Return what a short line gives away."""
    sign = _sign(key)
    if key.startswith("©") and sign in {"furniture", "crosslink", ""} and picture_credit(text):
        return _CAPTION
    if sign:
        return _FIXED[sign]
    if crumbs := _breadcrumb(key, count, stops):
        return _Told("boilerplate", crumbs=crumbs)
    kinds = _WORDS.kinds(key.split())
    if _CAPTION_START.match(key) or (kinds & _PICTURE and count <= 60 and picture_credit(text)):
        return _CAPTION
    if (found := _credit(text)) and not (stops and count > 30):
        return _Told("byline", credit=found)
    if (kinds & _PAGE and BOILERPLATE_SENTENCE.search(key)) or _REPUBLISHED.fullmatch(key):
        return _BOILERPLATE
    source = _SOURCE.fullmatch(key)
    return _BYLINE if source and len(source["who"].split()) <= 6 else None


def _credit(text: str) -> Credit | None:
    """Return the credit a line gives: whole, or in the parts between bars ("Jane Roe | 3 May 2020 | World")."""
    if found := credit(text):
        return found
    if not ("|" in text or "•" in text or "·" in text):
        return None
    parts = re.split(r"\s*[|•·]\s*", text)
    if not 2 <= len(parts) <= 5 or not any(is_date_line(part.casefold()) for part in parts):
        return None
    for part in parts:
        named = f"By {part}" if is_name(part) else part
        if found := credit(named):
            shift = text.index(part) - (len(named) - len(part))
            moved = tuple(type(a)(a.value, a.start + shift, a.end + shift) for a in found.authors)
            return Credit(moved, None, found.late)
    return Credit()


def _breadcrumb(key: str, count: int, stops: bool) -> tuple[str, ...]:
    """Return the parts of a path of sections that leads to the article; empty if the line is none."""
    if count > 40 or not _any_in(_CRUMB_MARKS, key):
        return ()
    parts = tuple(part for part in _CRUMBS.split(key.strip(" »›>/|")) if part)
    if len(parts) < 2:
        return ()
    path = parts[0] in _HOME or (len(parts) >= 3 and all(len(p.split()) <= 4 for p in parts[:-1]) and not stops)
    return parts if path else ()
