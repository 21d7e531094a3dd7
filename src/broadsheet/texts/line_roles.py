"""Roles: what each line is to the article, from its words, its look and the zone it stands in.

Lines that give themselves away (a date, a credit, "Read more:") are read first; the running text then marks the zones:
header before its first sentence, footer after its last. What is left is decided by zone. Repeats are known before.
"""

from __future__ import annotations

import re

from broadsheet.model import Role
from broadsheet.texts.bylines import Credit, credit, is_name, is_outlet, names_only
from broadsheet.texts.lexicon import HEADINGS, READ_TIME
from broadsheet.texts.line_features import BULLET, Reading, telling
from broadsheet.texts.lines import Line
from broadsheet.texts.repeated_paragraphs import Repeat

__all__ = ["assign", "assign_page"]

_JOB_END = re.compile(r"\b(?:correspondent|reporter|editor|columnist|writer)$")
NEAR_HEAD = 12  # lines before the main text of a page that may belong to it, where its headline is not known
NEAR_FOOT = 6  # lines after it
TOPIC = 12  # lines of running text that tell what an article is about


def assign(lines: list[Line], repeats: dict[int, Repeat], fixed: dict[int, Role]) -> Reading:
    """Return a role for every line. `fixed` roles (of front matter, of markup) are taken as they are."""
    reading = Reading(lines, repeats, dict(fixed))
    own = reading.own
    for i in own:
        if i not in reading.roles and (role := telling(reading, i)):
            reading.roles[i] = role
    _zones(reading, own)
    _header(reading, own)
    _body(reading, own)
    _footer(reading, own)
    for i, (copy, _) in repeats.items():
        reading.roles[i] = reading.roles[copy]
    return reading


def assign_page(lines: list[Line], repeats: dict[int, Repeat], marked: dict[int, Role]) -> Reading:
    """Return a role for every line of a page whose main text is `marked`; around it only what is near belongs."""
    body = sorted(i for i, role in marked.items() if role == "body" and i not in repeats)
    if not body:
        return assign(lines, repeats, {i: role for i, role in marked.items() if role == "title"})
    reading = Reading(lines, repeats, dict(marked), first=body[0], last=body[-1])
    reading.title = next((i for i, role in sorted(marked.items()) if role == "title" and i not in repeats), None)
    for i in [*body[:6], *body[-4:]]:  # extractors take bylines and dates along
        if lines[i].count <= 25 and (role := telling(reading, i)) in {"byline", "dateline", "caption"}:
            reading.roles[i] = role
    top = body[0] - NEAR_HEAD if reading.title is None or reading.title > body[0] else reading.title
    for i in reading.own:
        if i not in reading.roles:
            near = top <= i <= body[-1] + NEAR_FOOT
            reading.roles[i] = _beside_main(reading, i) if near else "boilerplate"
    for i, (copy, _) in repeats.items():
        reading.roles[i] = reading.roles[copy]
    return reading


def _beside_main(reading: Reading, i: int) -> Role:
    """Return the role of a line close to the main text that is no part of it."""
    role = telling(reading, i)
    if role:
        return role
    line, title = reading.lines[i], reading.title
    if title is None or not title < i < reading.first:
        return "boilerplate"
    if is_name(line.text) and i - title <= 8:
        reading.credits[i] = credit(f"By {line.text}") or Credit()
        return "byline"
    return "subtitle" if line.count >= 8 and i - title <= 4 else "boilerplate"


# --- zones ------------------------------------------------------------------------------------------------------------


def _zones(reading: Reading, own: list[int]) -> None:
    """Find the first and last line of running text. After the readers' comments begin there is none."""
    lines, roles = reading.lines, reading.roles
    running = [i for i in own if i not in roles and lines[i].sentence]
    total = sum(lines[i].count for i in running)
    for cut in sorted(reading.comments):
        if 2 * sum(lines[i].count for i in running if i < cut) > total:
            running = [i for i in running if i < cut]
            _after_comments(reading, [i for i in own if i > cut])
            break
    if not running:
        reading.first, reading.last = len(lines), -1
        return
    reading.first, reading.last = _after_standfirst(reading, own, running), running[-1]


def _after_comments(reading: Reading, after: list[int]) -> None:
    """Give roles to what follows the heading of the readers' comments: page furniture, and boxes of other headlines."""
    listing = False
    for i in after:
        listing = i in reading.related or (listing and i not in reading.roles and not reading.lines[i].stops)
        if reading.roles.get(i) not in {"dateline", "crosslink"}:
            reading.roles[i] = "crosslink" if listing and i not in reading.related else "boilerplate"


def _after_standfirst(reading: Reading, own: list[int], running: list[int]) -> int:
    """Return where the body begins: after a standfirst, if a byline, date or reading time follows one."""
    lines, roles = reading.lines, reading.roles
    lead = running[0]
    if not any(i < lead and i not in roles and _may_be_title(lines[i]) for i in own):
        return lead
    for i in own:
        if i > lead and (roles.get(i) in {"byline", "dateline"} or _tells_time_to_read(lines[i])):
            before = [j for j in running if j < i]
            after = [j for j in running if j > i]
            words = sum(lines[j].count for j in before)
            if len(before) <= 2 and words <= 80 and sum(lines[j].count for j in after) > 2 * words:
                return after[0]
            break
    return lead


def _tells_time_to_read(line: Line) -> bool:
    return line.count <= 12 and READ_TIME.fullmatch(line.key) is not None


# --- header -----------------------------------------------------------------------------------------------------------


def _may_be_title(line: Line) -> bool:
    """Return whether a line may be a headline: some words, no full stop, one sentence."""
    if not 2 <= line.count <= 25 or line.text[-1] in ".,;:" or line.text[0].islower():
        return False
    return not re.search(r"[.!?] [A-ZА-Я]", line.text[:-1]) and line.key not in HEADINGS and not BULLET.match(line.text)


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
    """Return the likeliest headline: said twice or named by the breadcrumb, on the text's subject, near the top."""
    if not candidates:
        return None
    copies = {copy for copy, _ in reading.repeats.values()}
    crumbs = {part for parts in reading.crumbs.values() for part in parts}
    body = [i for i in reading.own if i >= reading.first][:TOPIC]
    topic = " ".join(["", *(reading.lines[i].key for i in body)])  # a word of it begins after a blank
    scores = {}
    for rank, i in enumerate(candidates):
        line = reading.lines[i]
        words = [w for w in line.letters.split() if len(w) > 3]
        share = sum(" " + w[:4] in topic for w in words) / max(len(words), 1)
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
    if not any(line.gap for line in reading.lines[1:]):
        return False  # no blank lines anywhere: standing right before a caption tells nothing
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
    if BULLET.match(line.text):
        return "subtitle"
    if line.key in HEADINGS:
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
    told = is_outlet(line.text) and reading.roles.get(i + 1) == "dateline"
    return "byline" if told or (reading.title is None and is_outlet(line.text) and i == 0) else "boilerplate"


def _is_lone_name(reading: Reading, head: list[int], i: int) -> bool:
    """Return whether a line is an author's name, on the evidence of a date, job or reading time right beside it."""
    line = reading.lines[i]
    after_byline = i - 1 in reading.credits and bool(reading.credits[i - 1].authors)  # then it tells their job
    told = credit(f"By {line.text}") if line.count <= 8 and not after_byline else None
    if told and told.authors and _JOB_END.search(line.key):
        return True  # "Jane Roe Diplomatic editor"
    if not names_only(line.text):
        return False
    if _is_author(reading, line.text):
        return True
    beside = [j for j in head if j in {i - 1, i + 1}]
    return any(
        reading.roles.get(j) == "dateline"
        or _tells_time_to_read(reading.lines[j])
        or _JOB_END.search(reading.lines[j].key)
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


# --- body and footer --------------------------------------------------------------------------------------------------


def _body(reading: Reading, own: list[int]) -> None:
    lines, roles = reading.lines, reading.roles
    inside = [i for i in own if reading.first <= i <= reading.last]
    asking = [i for i in inside if lines[i].text[-1] == "?" and i not in roles and not lines[i].capitals]
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
            heads = line.count <= 14 and _heads_text(reading, inside[at + 1 :])
            roles[i] = "subheading" if heads and _is_subheading(line, len(asking)) else "body"


def _heads_text(reading: Reading, rest: list[int]) -> bool:
    """Return whether running text follows, after captions and crosslinks at most."""
    after = next((i for i in rest if reading.roles.get(i) not in {"caption", "crosslink"}), None)
    return after is not None and (reading.lines[after].sentence or reading.lines[after].count >= 8)


def _is_subheading(line: Line, questions: int) -> bool:
    """Return whether a short line before running text reads as its heading: no full stop, or a lone question."""
    last = line.text[-1]
    if last == "?":
        return line.capitals or (questions < 4 and line.text[0] not in '"“‘«„' and line.count <= 12)
    if last in '.,;:!…"”’»)' and not (last in '!)’”"' and line.capitals):
        return bool(re.match(r"#{1,6} ", line.text))
    return not line.text[0].islower() and not BULLET.match(line.text) and line.text[0] not in '"“«„'


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
        elif running and (line.stops or line.count > 14 or BULLET.match(line.text)):
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
