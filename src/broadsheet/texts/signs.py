"""Signs: lines that give themselves away wherever they stand, and what is known of an article's lines so far."""

# ruff: noqa: E501 - patterns read better whole than cut

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

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
from broadsheet.texts.repeats import Repeat

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
# a line is only compared with the pages' phrases if it holds a word that begins like one of theirs: most hold none
_PAGE = frozenset(
    [
        "cook",
        "news",
        "subs",
        "inbo",
        "sign",
        "regi",
        "agre",
        "cons",
        "priv",
        "your",
        "foll",
        "down",
        "join",
        "jour",
        "read",
        "java",
        "bloc",
        "proh",
        "perm",
        "redi",
        "righ",
        "copy",
        "©",
        "orig",
        "appe",
        "abon",
        "susc",
        "подп",
        "view",
        "opin",
        "refl",
        "comm",
        "unsu",
        "disa",
    ]
)
_PAGE_HINTS = (
    *(
        "cookie",
        "newsletter",
        "subscri",
        "inbox",
        "sign up",
        "signing up",
        "register",
        "you agree",
        "agree to",
        "consent",
    ),
    *("privacy", "your e", "follow us", "download our", "join our", "journalism", "to continue reading", "javascript"),
    *(
        "ad blocker",
        "prohibited",
        "permission",
        "redistributed",
        "rights reserved",
        "copyright",
        "©",
        "appeared",
        "originally",
    ),
    *("abonnez", "suscr", "подпишитесь", "views expressed", "opinions expressed", "necessarily reflect", "comment"),
)
_PICTURE_HINTS = ("photo", "image", "picture", "credit", "foto", "bild", "фото", "courtesy", "screenshot", "©", "/")
_PICTURE = frozenset(
    [
        "phot",
        "imag",
        "pict",
        "illu",
        "cred",
        "foto",
        "bild",
        "фото",
        "cour",
        "scre",
        "vide",
        "reut",
        "(reu",
        "[reu",
        "afp",
        "afp)",
        "[afp",
        "(afp",
        "[afp]",
        "(afp)",
        "afp.",
        "gett",
        "(get",
        "[get",
        "ap)",
        "(ap)",
        "[ap]",
        "ap",
        "ap.",
        "(ap",
        "epa",
        "epa)",
        "(epa",
        "shut",
        "isto",
        "alam",
        "anad",
        "(ana",
        "tass",
        "(tas",
        "xinh",
        "(xin",
        "dpa",
        "dpa)",
        "(dpa",
        "(pho",
        "[pho",
        "(ima",
        "[ima",
        "(pic",
        "(cre",
        "(cou",
        "pa",
        "pa)",
        "flic",
        "wiki",
        "unsp",
        "rex",
        "imag",
        "zuma",
        "agen",
        "(fil",
        "file",
        "hand",
        "pool",
        "upi",
        "efe",
        "ansa",
        "(dpa",
        "(foto",
        "/",
    ]
)
_CREDIT = frozenset(["corr", "repo", "edit", "jour", "colu", "writ", "anal", "fell", "(rep"])
_LETTER = re.compile(r"[^\W_]")
_CREDIT_HINTS = (
    *("correspondent", "reporter", "editor", "journalist", "columnist", "writer", "analyst", "fellow"),
    *("reporting by", "writing by"),
)
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
    crumbs: dict[int, list[str]] = field(default_factory=dict)
    title: int | None = None
    first: int = 0
    last: int = -1

    @property
    def own(self) -> list[int]:
        """Return the positions of the lines that repeat nothing."""
        if not self.repeats:
            return list(range(len(self.lines)))
        return [i for i in range(len(self.lines)) if i not in self.repeats]


def telling(reading: Reading, i: int) -> Role | None:
    """Return the role of a line that gives itself away wherever it stands."""
    line = reading.lines[i]
    if len(line.text) > 600:
        return None
    if line.stops and line.count >= 12:
        return _telling_sentence(reading, i, line)
    return _telling_short(reading, i, line)


def _telling_sentence(reading: Reading, i: int, line: Line) -> Role | None:
    """Return the role of a whole sentence that is none of the article: hints first, most lines have none."""
    key = line.key
    if line.count <= 30 and CROSSLINK.match(key):
        return "crosslink"
    if _any_in(_PAGE_HINTS, key) and not line.stems.isdisjoint(_PAGE):
        if BOILERPLATE_SENTENCE.search(key) or BOILERPLATE.fullmatch(key) or _REPUBLISHED.fullmatch(key):
            return "boilerplate"
        if COMMENTS.fullmatch(key):
            reading.comments.add(i)
            return "boilerplate"
    told = line.text[-1] in ")]" or _any_in(_PICTURE_HINTS, key)
    if told and _may_be_caption(line) and _is_caption(line):
        return "caption"
    if line.count <= 45 and _may_be_credit(line) and (found := credit(line.text)):
        reading.credits[i] = found
        return "byline"
    return None


def _is_caption(line: Line) -> bool:
    return _CAPTION_START.match(line.key) is not None or (
        not _is_wire_end(line) and picture_credit(line.text) is not None
    )


def _may_be_caption(line: Line) -> bool:
    return line.count <= 60 and ("/" in line.key or "©" in line.key or not line.stems.isdisjoint(_PICTURE))


def _may_be_credit(line: Line) -> bool:
    return _any_in(_CREDIT, line.key) and not line.stems.isdisjoint(_CREDIT)


def _any_in(hints: Iterable[str], key: str) -> bool:
    for hint in hints:  # noqa: SIM110 - `any` takes three times as long
        if hint in key:
            return True
    return False


def _is_wire_end(line: Line) -> bool:
    """Return whether a closing bracket names the agency of a sentence rather than of a picture."""
    return line.text[-1] in ")]" and line.text.rstrip("])")[-1:].isalpha() and line.text.count(". ") >= 1


@lru_cache(maxsize=4096)  # the lines of a page's furniture are the same in every article of an outlet
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


def _telling_short(reading: Reading, i: int, line: Line) -> Role | None:
    key = line.key
    sign = _sign(key)
    if sign == "related":
        reading.related.add(i)
        return "boilerplate"
    if sign == "comments":
        reading.comments.add(i)
        return "boilerplate"
    if sign in {"furniture", "crosslink", ""} and key[0] == "©" and picture_credit(line.text):
        return "caption"
    if sign:
        return "boilerplate" if sign == "furniture" else sign
    if _breadcrumb(reading, i, line):
        return "boilerplate"
    return _telling_credit(reading, i, line)


def _telling_credit(reading: Reading, i: int, line: Line) -> Role | None:
    if _CAPTION_START.match(line.key) or (_may_be_caption(line) and picture_credit(line.text)):
        return "caption"
    if found := _credit(line):
        reading.credits[i] = found
        return "byline"
    if BOILERPLATE_SENTENCE.search(line.key) or _REPUBLISHED.fullmatch(line.key):
        return "boilerplate"
    if (match := _SOURCE.fullmatch(line.key)) and len(match["who"].split()) <= 6:
        return "byline"
    return None


def _credit(line: Line) -> Credit | None:
    """Return the credit a line gives: whole, or in the parts between bars ("Jane Roe | 3 May 2020 | World")."""
    if found := credit(line.text):
        return None if line.stops and line.count > 30 else found
    if not ("|" in line.text or "•" in line.text or "·" in line.text):
        return None
    parts = re.split(r"\s*[|•·]\s*", line.text)
    if not 2 <= len(parts) <= 5 or not any(is_date_line(part.casefold()) for part in parts):
        return None
    for part in parts:
        named = f"By {part}" if is_name(part) else part
        if found := credit(named):
            shift = line.text.index(part) - (len(named) - len(part))
            moved = tuple(type(a)(a.value, a.start + shift, a.end + shift) for a in found.authors)
            return Credit(moved, None, found.late)
    return Credit()


def _breadcrumb(reading: Reading, i: int, line: Line) -> bool:
    if line.count > 40 or not _any_in(_CRUMB_MARKS, line.key):
        return False
    parts = [part for part in _CRUMBS.split(line.key.strip(" »›>/|")) if part]
    if len(parts) < 2:
        return False
    if parts[0] in _HOME or (len(parts) >= 3 and all(len(p.split()) <= 4 for p in parts[:-1]) and not line.stops):
        reading.crumbs[i] = parts
        return True
    return False
