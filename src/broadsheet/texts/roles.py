"""Roles: what each line is to the article, from its words, its look and the zone it stands in.

Lines that give themselves away (a date, a credit, "Read more:") are read first; the running text then marks the zones:
header before its first sentence, footer after its last. What is left is decided by zone. Repeats are known before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.model import Role
from broadsheet.texts.bylines import Credit, credit, is_name, is_outlet, picture_credit
from broadsheet.texts.dates import is_date_line
from broadsheet.texts.lexicon import (
    BOILERPLATE,
    BOILERPLATE_SENTENCE,
    COMMENTS,
    CROSSLINK,
    PLACES,
    READ_TIME,
    RELATED,
    SECTIONS,
    TAGS,
)
from broadsheet.texts.lines import Line
from broadsheet.texts.repeats import Repeat

__all__ = ["Reading", "assign"]

TOPIC = 12  # lines of running text that tell what an article is about

_CRUMBS = re.compile(r"\s*(?:»|›|>|→|::|\s/\s|\s\|\s)\s*")
_HOME = frozenset("home homepage startseite accueil inicio início главная news world start front".split())
_CAPTION_START = re.compile(
    r"[\W_]*(?:file (?:photo|image|picture|-)|photo:|image:|picture:|pictured|caption:|in this (?:photo|image|picture|file photo)|this (?:photo|image|picture|handout|screengrab|undated photo)\b"
    r"|a (?:file|handout) (?:photo|picture|image)|screenshot (?:of|from)|foto:|bild:|фото:|archivbild|symbolbild)",
)
# a whole sentence is only compared with the pages' phrases if it holds one of these: most hold none
_PAGE_HINTS = (
    *("cookie", "newsletter", "subscri", "inbox", "sign up", "signing up", "register", "you agree", "agree to", "consent"),
    *("privacy", "your e", "follow us", "download our", "join our", "journalism", "to continue reading", "javascript"),
    *("ad blocker", "prohibited", "permission", "redistributed", "rights reserved", "copyright", "©", "appeared", "originally"),
    *("abonnez", "suscr", "подпишитесь", "views expressed", "opinions expressed", "necessarily reflect", "comment"),
)
_PICTURE_HINTS = ("photo", "image", "picture", "credit", "foto", "bild", "фото", "courtesy", "screenshot")
_CREDIT_HINTS = (
    *("correspondent", "reporter", "editor", "journalist", "columnist", "writer", "analyst", "fellow"),
    *("reporting by", "writing by"),
)
_BULLET = re.compile(r"[-–—•*·▪■●◦‣]\s|\d{1,2}[.)]\s")
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
    page_hints: tuple[str, ...] = ()
    picture_hints: tuple[str, ...] = ()
    credit_hints: tuple[str, ...] = ()
    title: int | None = None
    first: int = 0
    last: int = -1

    @property
    def own(self) -> list[int]:
        """Return the positions of the lines that repeat nothing."""
        return [i for i in range(len(self.lines)) if i not in self.repeats]


def assign(lines: list[Line], repeats: dict[int, Repeat], fixed: dict[int, Role]) -> Reading:
    """Return a role for every line. `fixed` roles (of front matter, of markup) are taken as they are."""
    reading = Reading(lines, repeats, dict(fixed))
    _hints(reading)
    own = reading.own
    for i in own:
        if i not in reading.roles and (role := _telling(reading, i)):
            reading.roles[i] = role
    _zones(reading, own)
    _header(reading, own)
    _body(reading, own)
    _footer(reading, own)
    for i, (copy, _) in repeats.items():
        reading.roles.setdefault(i, reading.roles[copy])
    return reading


def _hints(reading: Reading) -> None:
    """Note which hints the article holds at all, so that a line is only searched for those."""
    whole = "\n".join(line.key for line in reading.lines)
    reading.page_hints = tuple(hint for hint in _PAGE_HINTS if hint in whole)
    reading.picture_hints = tuple(hint for hint in _PICTURE_HINTS if hint in whole)
    reading.credit_hints = tuple(hint for hint in _CREDIT_HINTS if hint in whole)


# --- lines that give themselves away -----------------------------------------------------------------------------------


def _telling(reading: Reading, i: int) -> Role | None:
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
    if CROSSLINK.match(key) and line.count <= 30:
        return "crosslink"
    if reading.page_hints and any(hint in key for hint in reading.page_hints):
        if BOILERPLATE_SENTENCE.search(key) or BOILERPLATE.fullmatch(key) or _REPUBLISHED.fullmatch(key):
            return "boilerplate"
        if COMMENTS.fullmatch(key):
            reading.comments.add(i)
            return "boilerplate"
    if (line.text[-1] in ")]" or any(hint in key for hint in reading.picture_hints)) and line.count <= 60:
        if _CAPTION_START.match(key) or (not _is_wire_end(line) and picture_credit(line.text)):
            return "caption"
    if any(hint in key for hint in reading.credit_hints) and line.count <= 60 and (found := credit(line.text)):
        reading.credits[i] = found
        return "byline"
    return None


def _is_wire_end(line: Line) -> bool:
    """Return whether a closing bracket names the agency of a sentence rather than of a picture."""
    return line.text[-1] in ")]" and line.text.rstrip("])")[-1:].isalpha() and line.text.count(". ") >= 1


def _telling_short(reading: Reading, i: int, line: Line) -> Role | None:
    key = line.key
    if not any(c.isalnum() for c in key):
        return "boilerplate"
    if RELATED.fullmatch(key):
        reading.related.add(i)
        return "boilerplate"
    if COMMENTS.fullmatch(key):
        reading.comments.add(i)
        return "boilerplate"
    if READ_TIME.fullmatch(key) or BOILERPLATE.fullmatch(key) or TAGS.fullmatch(key):
        return "boilerplate"
    if match := CROSSLINK.fullmatch(key):
        return "crosslink" if not RELATED.fullmatch(match["target"]) else "boilerplate"
    if _breadcrumb(reading, i, line):
        return "boilerplate"
    if is_date_line(key):
        return "dateline"
    return _telling_credit(reading, i, line)


def _telling_credit(reading: Reading, i: int, line: Line) -> Role | None:
    if _CAPTION_START.match(line.key) or (line.count <= 60 and picture_credit(line.text)):
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
    parts = [part for part in _CRUMBS.split(line.key.strip(" »›>/|")) if part]
    if len(parts) < 2 or line.count > 40:
        return False
    if parts[0] in _HOME or (len(parts) >= 3 and all(len(p.split()) <= 4 for p in parts[:-1]) and not line.stops):
        reading.crumbs[i] = parts
        return True
    return False


# --- zones -------------------------------------------------------------------------------------------------------------


def _zones(reading: Reading, own: list[int]) -> None:
    """Find the first and last line of running text. After the readers' comments begin there is none."""
    lines, roles = reading.lines, reading.roles
    running = [i for i in own if i not in roles and lines[i].sentence]
    total = sum(lines[i].count for i in running)
    for cut in sorted(reading.comments):
        if 2 * sum(lines[i].count for i in running if i < cut) > total:
            running = [i for i in running if i < cut]
            for i in own:
                if i > cut and roles.get(i) not in {"dateline", "crosslink"}:
                    roles[i] = "boilerplate"
            break
    if not running:
        reading.first, reading.last = len(lines), -1
        return
    reading.first, reading.last = _after_standfirst(reading, own, running), running[-1]


def _after_standfirst(reading: Reading, own: list[int], running: list[int]) -> int:
    """Return where the body begins: after a standfirst, if a byline, date or reading time follows one."""
    lines, roles = reading.lines, reading.roles
    lead = running[0]
    if not any(i < lead and i not in roles and _may_be_title(lines[i]) for i in own):
        return lead
    for i in own:
        if i > lead and (roles.get(i) in {"byline", "dateline"} or READ_TIME.fullmatch(lines[i].key)):
            before = [j for j in running if j < i]
            after = [j for j in running if j > i]
            words = sum(lines[j].count for j in before)
            if len(before) <= 2 and words <= 80 and sum(lines[j].count for j in after) > 2 * words:
                return after[0]
            break
    return lead


# --- header ------------------------------------------------------------------------------------------------------------


def _may_be_title(line: Line) -> bool:
    """Return whether a line may be a headline: some words, no full stop, one sentence."""
    if not 2 <= line.count <= 25 or line.text[-1] in ".,;:" or line.text[0].islower():
        return False
    return (
        not re.search(r"[.!?] [A-ZА-Я]", line.text[:-1])
        and line.key not in SECTIONS | PLACES
        and not _BULLET.match(line.text)
    )


def _header(reading: Reading, own: list[int]) -> None:
    lines, roles = reading.lines, reading.roles
    head = [i for i in own if i < reading.first]
    open_lines = [i for i in head if i not in roles]
    marked = [i for i in head if roles.get(i) == "title"]
    reading.title = marked[0] if marked else _title(reading, [i for i in open_lines if _may_be_title(lines[i])])
    if reading.title is not None:
        roles[reading.title] = "title"
    for i in open_lines:
        if i != reading.title:
            roles[i] = _header_role(reading, head, i)
    for i in head:
        if roles[i] == "byline" and i in reading.credits:
            _names_beside(reading, head, i)


def _title(reading: Reading, candidates: list[int]) -> int | None:
    """Return the likeliest headline: said twice or named by the breadcrumb, about what the text is about, near the top."""
    if not candidates:
        return None
    copies = {copy for copy, _ in reading.repeats.values()}
    crumbs = {part for parts in reading.crumbs.values() for part in parts}
    body = [i for i in reading.own if i >= reading.first][:TOPIC]
    topic = {word for i in body for word in reading.lines[i].letters.split() if len(word) > 3}
    scores = {}
    for rank, i in enumerate(candidates):
        line = reading.lines[i]
        words = [w for w in line.letters.split() if len(w) > 3]
        share = sum(w in topic for w in words) / max(len(words), 1)
        named = line.key in crumbs or (i in copies and not _is_alt(reading, i))
        scores[i] = 4 * named + 2 * share + (line.count >= 5) - 3 * _is_alt(reading, i) - 0.1 * rank
    best = min(candidates, key=lambda i: (-scores[i], i))
    if scores[best] < 0.6 or (reading.lines[best].count == 2 and len(candidates) > 1 and scores[best] < 2):
        return None
    return best


def _is_alt(reading: Reading, i: int) -> bool:
    """Return whether a line is the alternative text of the captioned picture right after it."""
    if i + 1 >= len(reading.lines) or reading.lines[i + 1].gap or reading.roles.get(i + 1) != "caption":
        return False
    ours, theirs = reading.lines[i].letters.split(), reading.lines[i + 1].letters.split()
    return sum(any(w[:4] == v[:4] for v in theirs) for w in ours) * 2 >= len(ours)


def _header_role(reading: Reading, head: list[int], i: int) -> Role:
    line, title = reading.lines[i], reading.title
    if _is_alt(reading, i):
        return "caption"
    if title is None or i < title:
        return _before_title(reading, i, line)
    meta_before = any(title < j < i and reading.roles.get(j) in {"byline", "dateline", "caption"} for j in head)
    meta_after = any(j > i and reading.roles.get(j) in {"byline", "dateline"} for j in head)
    if not line.sentence and line.count <= 5 and is_outlet(line.text):
        return "byline"
    if not line.sentence and _is_lone_name(reading, head, i):
        reading.credits[i] = credit(f"By {line.text}") or Credit()
        return "byline"
    if line.key in SECTIONS | PLACES:
        return "boilerplate"
    if line.stops and not line.sentence and not meta_after:
        return "body"
    if line.count <= 7 and not line.stops:
        if meta_before:
            return "caption"
        return "subtitle" if line.count >= 4 else "boilerplate"
    return "subtitle"


def _before_title(reading: Reading, i: int, line: Line) -> Role:
    if reading.title is None and (line.stops or line.count > 14):
        return "body"
    return "byline" if reading.title is None and is_outlet(line.text) and i == 0 else "boilerplate"


def _is_lone_name(reading: Reading, head: list[int], i: int) -> bool:
    """Return whether a line is an author's name, on the evidence of a date, job or reading time right beside it."""
    if not is_name(reading.lines[i].text):
        return False
    beside = [j for j in head if j in {i - 1, i + 1}]
    return any(
        reading.roles.get(j) in {"dateline"}
        or READ_TIME.fullmatch(reading.lines[j].key)
        or re.search(r"\b(?:correspondent|reporter|editor|columnist|writer)$", reading.lines[j].key)
        for j in beside
    )


def _names_beside(reading: Reading, head: list[int], i: int) -> None:
    """Give the line after a byline to it, where it only tells the author's job or place."""
    after = i + 1
    if after in head and reading.roles.get(after) in {"subtitle", "caption", "boilerplate"} and reading.title != after:
        key = reading.lines[after].key
        if reading.lines[after].count <= 6 and re.search(
            r"\b(?:correspondent|reporter|editor|columnist|writer)\b", key
        ):
            reading.roles[after] = "byline"


# --- body and footer ---------------------------------------------------------------------------------------------------


def _body(reading: Reading, own: list[int]) -> None:
    lines, roles = reading.lines, reading.roles
    inside = [i for i in own if reading.first <= i <= reading.last]
    questions = sum(lines[i].text.endswith("?") and not lines[i].capitals for i in inside if i not in roles)
    listing = 0
    for at, i in enumerate(inside):
        line = lines[i]
        if i in roles:
            listing = 8 if i in reading.related else 0
        elif listing and not line.stops and line.count <= 25:
            roles[i] = "crosslink"
            listing -= 1
        else:
            listing = 0
            after = next((j for j in inside[at + 1 :] if roles.get(j) not in {"caption", "crosslink"}), None)
            roles[i] = (
                "subheading" if _is_subheading(line, lines[after] if after is not None else None, questions) else "body"
            )


def _is_subheading(line: Line, after: Line | None, questions: int) -> bool:
    """Return whether a short line without a full stop heads the running text that follows it."""
    if after is None or line.count > 14 or not (after.sentence or after.count >= 8):
        return False
    last = line.text[-1]
    if last in "?":
        return line.capitals or (questions < 4 and line.text[0] not in '"“‘«„' and line.count <= 12)
    if last in '.,;:!…"”’»)' and not (last in '!)’”"' and line.capitals):
        return bool(re.match(r"#{1,6} ", line.text))
    return not line.text[0].islower() and not _BULLET.match(line.text) and line.text[0] not in '"“«„'


def _footer(reading: Reading, own: list[int]) -> None:
    lines, roles = reading.lines, reading.roles
    foot = (
        [i for i in own if i > reading.last and i >= reading.first]
        if reading.last >= 0
        else [i for i in own if i not in roles]
    )
    running, listing = reading.last >= 0, False
    for i in foot:
        line = lines[i]
        if i in roles:
            running = running and roles[i] == "caption"
            listing = i in reading.related or (listing and roles[i] == "dateline")
        elif running and (line.stops or line.count > 14 or _BULLET.match(line.text)):
            roles[i] = "body"
        elif listing:
            roles[i] = "crosslink" if line.count >= 4 else "boilerplate"
        elif reading.last < 0:
            roles[i] = "body" if line.stops or line.count >= 8 else "boilerplate"
        else:
            running = False
            roles[i] = "byline" if is_name(line.text) and _is_author(reading, line.text) else "boilerplate"


def _is_author(reading: Reading, name: str) -> bool:
    return any(part.value.casefold() == name.casefold() for found in reading.credits.values() for part in found.authors)
