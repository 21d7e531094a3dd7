"""Features: what the words of a line show by themselves, wherever the line is.

Each feature is one function from a line to a `Feature` or None. `SHORT` and `LONG` list them in the order in which they
are asked: the first one that answers decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from broadsheet.model import Role
from broadsheet.texts.bylines import Credit, credit, is_name, mentions_job
from broadsheet.texts.dates import is_date_line
from broadsheet.texts.lexicon import alternatives, phrases, words
from broadsheet.texts.lines import Line, bare_words
from broadsheet.texts.picture_credits import is_caption_opener, mentions_picture, picture_credit

__all__ = ["BULLET", "Feature", "feature", "is_reading_time", "page_feature"]

_LONGEST = 600  # characters; a longer line is running text
BULLET = re.compile(r"[-–—•*·▪■●◦‣]\s|\d{1,2}[.)]\s")
_NOT_WORDS = re.compile(r"[\W\d_]*(?:\d[km])?[\W_]*|(?:https?://|www\.)\S+|(?:[#@][\w-]+[\s,.]*)+")
_CRUMB_MARK = re.compile(r"\s*(?:»|›|>|→|::|\s/\s|\s\|\s)\s*")
_LABEL = re.compile(r"[\W_]*(?P<label>[^:：>»|]{2,40}?)\s*(?:[:：>»|]|\s[-–—]\s?)+\s*(?P<rest>.*)")
_LETTER = re.compile(r"[^\W_]")
_OWNER = re.compile(r"[\W_]*(?:©|\(c\)|copyright(?:\W*(?:©|\(c\)|\d{4})| by\b))")
_REPUBLISHED = re.compile(
    r"[\W_]*(?:this (?:article|story|piece|report|post) )?(?:was )?(?:first|originally) (?:appeared|published|posted)\b"
)
_SOURCE = re.compile(r"(?:source|via|quelle|fuente|fonte|источник)s?\s*:\s*\S+(?: \S+){0,5}")


@dataclass(frozen=True, slots=True)
class Feature:
    """What a line shows by its words: its role, the box that it heads, whom it credits, the sections that it names."""

    role: Role
    heads: Literal["links", "comments"] | None = None
    credit: Credit | None = None
    sections: tuple[str, ...] = ()


_Test = Callable[[Line], Feature | None]
_FURNITURE = Feature("boilerplate")


def feature(line: Line) -> Feature | None:
    """Return what a line shows by its words alone, None if it may be anything."""
    if len(line.text) > _LONGEST:
        return None
    return _first(LONG if line.count >= 12 and line.stops else SHORT, line)


def page_feature(line: Line) -> Feature | None:
    """Return what a line shows as words of the page around the article: a link, furniture, the heading of a box."""
    return _first((_link, _box_heading, _comments_heading, _furniture, _furniture_phrase), line)


def is_reading_time(line: Line) -> bool:
    """Return whether a line says how long it takes to read the article."""
    return phrases("reading_times").match_whole(line.words)


def _first(tests: Sequence[_Test], line: Line) -> Feature | None:
    for test in tests:
        if found := test(line):
            return found
    return None


# --- words of the page ------------------------------------------------------------------------------------------------


def _without_letters(line: Line) -> Feature | None:
    return None if _LETTER.search(line.key) else _FURNITURE


def _box_heading(line: Line) -> Feature | None:
    return Feature("boilerplate", heads="links") if phrases("box_headings").match_whole(line.words) else None


def _comments_heading(line: Line) -> Feature | None:
    return Feature("boilerplate", heads="comments") if phrases("comment_headings").match_whole(line.words) else None


def _furniture(line: Line) -> Feature | None:
    is_furniture = (
        phrases("furniture").match_whole(line.words)
        or is_reading_time(line)
        or _NOT_WORDS.fullmatch(line.key)
        or _networks().fullmatch(line.key)
        or _label(line)[0] in words("tag_labels")
    )
    return _FURNITURE if is_furniture else None


@cache
def _networks() -> re.Pattern[str]:
    """Match buttons that share an article: names of networks, often without blanks between them."""
    return re.compile(rf"(?:[\W_]*(?:{alternatives('networks')}))+[\W_]*")


def _furniture_phrase(line: Line) -> Feature | None:
    is_furniture = phrases("furniture_phrases").match_inside(line.words) or _REPUBLISHED.match(line.key)
    return _FURNITURE if is_furniture else None


def _rights(line: Line) -> Feature | None:
    is_rights = _OWNER.match(line.key) or (line.count >= 4 and phrases("rights_phrases").match_inside(line.words))
    return _FURNITURE if is_rights else None


def _link(line: Line) -> Feature | None:
    if line.stops and line.count > 30:
        return None
    label, target = _label(line)
    if not target or label not in words("link_labels"):
        return None
    return _FURNITURE if phrases("box_headings").match_whole(bare_words(target)) else Feature("crosslink")


def _label(line: Line) -> tuple[str, str]:
    """Return the words before a colon, bar or dash and what follows; two empty strings if there is none."""
    match = _LABEL.match(line.key)
    return (" ".join(bare_words(match["label"])), match["rest"]) if match else ("", "")


def _breadcrumb(line: Line) -> Feature | None:
    """A path of sections that leads to the article. A byline between bars is not one."""
    sections = tuple(filter(None, _CRUMB_MARK.split(line.key.strip(" »›>/|"))))
    if len(sections) < 2 or line.count > 40:
        return None
    is_path = sections[0] in words("home_words") or _is_path(line, sections)
    return Feature("boilerplate", sections=sections) if is_path else None


def _is_path(line: Line, sections: tuple[str, ...]) -> bool:
    longest_parent = max(name.count(" ") for name in sections[:-1]) + 1
    credited = credit(line.text) or Credit()
    return len(sections) > 2 and longest_parent <= 4 and not line.stops and not credited.authors


# --- words of the article ---------------------------------------------------------------------------------------------


def _date(line: Line) -> Feature | None:
    return Feature("dateline") if is_date_line(line.key) else None


def _owner_of_picture(line: Line) -> Feature | None:
    return Feature("caption") if line.key.startswith("©") and picture_credit(line.text) else None


def _caption(line: Line) -> Feature | None:
    is_caption = is_caption_opener(line) or (line.count <= 60 and picture_credit(line.text))
    return Feature("caption") if is_caption else None


def _caption_of_sentences(line: Line) -> Feature | None:
    """A picture's credit that ends sentences; an agency in brackets after several of them is the text's."""
    is_bracketed = line.key.endswith((")", "]"))
    may_be_credited = is_bracketed or mentions_picture(line)
    if line.count > 60 or not may_be_credited:
        return None
    if is_caption_opener(line):
        return Feature("caption")
    is_agency_of_text = is_bracketed and ". " in line.text and line.key.rstrip("])")[-1:].isalpha()
    if is_agency_of_text or not picture_credit(line.text):
        return None
    return Feature("caption")


def _byline(line: Line) -> Feature | None:
    found = None if line.stops and line.count > 30 else credit(line.text) or _credit_between_bars(line.text)
    return Feature("byline", credit=found) if found else None


def _byline_of_sentence(line: Line) -> Feature | None:
    found = credit(line.text) if line.count <= 45 and mentions_job(line.words) else None
    return Feature("byline", credit=found) if found else None


def _credit_between_bars(text: str) -> Credit | None:
    """Return the credit in a line such as "Jane Roe | 3 May 2020 | World"; an empty one if only the date is known."""
    parts = list(filter(None, re.split(r"\s*[|•·]\s*", text)))
    if not 2 <= len(parts) <= 5:
        return None
    if not any(is_date_line(part.casefold()) for part in parts):
        return None
    found = (_credit_of_part(text, part) for part in parts)
    return next(filter(None, found), Credit())


def _credit_of_part(text: str, part: str) -> Credit | None:
    prefix = "By " if is_name(part) else ""
    found = credit(prefix + part)
    return found.shifted(text.index(part) - len(prefix)) if found else None


def _source(line: Line) -> Feature | None:
    return Feature("byline") if _SOURCE.fullmatch(line.key) else None


SHORT: Sequence[_Test] = (
    _without_letters,
    _date,
    _box_heading,
    _comments_heading,
    _owner_of_picture,
    _rights,
    _furniture,
    _link,
    _breadcrumb,
    _caption,
    _byline,
    _furniture_phrase,
    _source,
)
LONG: Sequence[_Test] = (
    _link,
    _furniture_phrase,
    _rights,
    _comments_heading,
    _caption_of_sentences,
    _byline_of_sentence,
)
