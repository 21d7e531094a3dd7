"""Roles: what each line is to the article, from its words, its form and the zone in which it is.

Lines whose words show their role (a date, a credit, "Read more:") are read first. The running text then limits the
zones: the header before its first sentence, the footer after its last. The other lines are decided by zone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from broadsheet.model import Role
from broadsheet.texts.bylines import Credit, credit, is_name, is_outlet, names_only
from broadsheet.texts.dates import is_time_line
from broadsheet.texts.lexicon import headings
from broadsheet.texts.line_features import BULLET, Feature, feature, is_reading_time
from broadsheet.texts.lines import Line
from broadsheet.texts.picture_credits import is_signed_off
from broadsheet.texts.repeated_paragraphs import Repeat

__all__ = ["Reading", "assign", "assign_page"]

_NEAR_HEAD = 12  # lines before the main text of a page that may belong to it, where its headline is not known
_NEAR_FOOT = 6  # lines after it
_ON_TOPIC = 0.3  # share of the words of a line under the headline that the running text has too
_TOPIC_LINES = 12  # lines of running text that show what an article is about
_START_LINES = 4  # lines at the start of a text that show whether the first is a headline
_BOX_LINES = 8  # lines of a box of links inside the text
_ABOUT_AUTHOR: frozenset[Role] = frozenset({"byline", "dateline"})
_SENTENCE_END = re.compile(r"[.!?] [A-ZА-Я]")
_JOB = re.compile(r"\b(?:correspondent|reporter|editor|columnist|writer)\b")
_JOB_AT_END = re.compile(rf"{_JOB.pattern}$")
_TURN = re.compile(r"((?:[A-Z][\w.’'-]*)(?: [A-Z][\w.’'-]*){0,2}): \S.*[.?!…”\"’)]$")
_DAY_OR_SPEECH = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|said|says?|told|i|you|we|he|she|they)\b", re.IGNORECASE
)
_ARTICLE_OR_DAY = re.compile(rf"\b(?:the|an?)\b|{_DAY_OR_SPEECH.pattern}", re.IGNORECASE)
_MARKDOWN_HEADING = re.compile(r"#{1,6} ")
_OPENING_QUOTES = ('"', "“", "‘", "«", "„")
_STOPS = (".", ".’", ".”", '."', ".'", ";")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Gov|Sen|Rep|Dr|Mr|Mrs|Ms|St|Jr|Sr|vs|U\.S|U\.N|N\.Y)\.")
_AGENCY_LINE = re.compile(r"[A-Z][A-Z .'’-]{2,}[^a-z].{0,40}?\((?:AP|UPI|AFP|Reuters|[A-Z][\w ]{1,20})\) ?[-–—]")
_NOT_AFTER_HEADING = (".", ",", ";", ":", "…", "»")
_AFTER_CAPITALS = ("!", "”", "’", '"', ")")


def _before(positions: list[int], cut: int) -> list[int]:
    return positions[: bisect_left(positions, cut)]


def _after(positions: list[int], cut: int) -> list[int]:
    return positions[bisect_right(positions, cut) :]


@dataclass(slots=True)
class Reading:
    """What is known of the lines of an article, by position: roles, features, credits, the title, the running text.

    `first` and `last` are the first and last line of the running text. Without any, `first` is after the last line and
    `last` is -1. `own` are the positions of the lines that repeat no other line.
    """

    lines: list[Line]
    repeats: dict[int, Repeat]
    roles: dict[int, Role]
    own: list[int] = field(init=False)
    features: dict[int, Feature] = field(default_factory=dict)
    credits: dict[int, Credit] = field(default_factory=dict)
    title: int | None = None
    first: int = 0
    last: int = -1

    def __post_init__(self) -> None:
        self.own = [i for i in range(len(self.lines)) if i not in self.repeats]

    def note(self, i: int) -> Feature | None:
        """Read the feature of a line and remember it."""
        if found := feature(self.lines[i]):
            self.features[i] = found
            if found.credit:
                self.credits[i] = found.credit
        return found

    def credit_name(self, i: int) -> Role:
        """Take a line that is a name as a byline."""
        self.credits[i] = credit(f"By {self.lines[i].text}") or Credit()
        return "byline"

    def heads(self, i: int, box: Literal["links", "comments"]) -> bool:
        """Return whether a line is the heading of a box of links or of the readers' comments."""
        return i in self.features and self.features[i].heads == box

    def open_lines(self, positions: Iterable[int]) -> list[int]:
        """Return those positions whose role is not known yet."""
        return [i for i in positions if i not in self.roles]

    def word_count(self, positions: Iterable[int]) -> int:
        """Return the number of words of some lines."""
        return sum(self.lines[i].count for i in positions)

    def has_role(self, positions: Iterable[int], roles: frozenset[Role]) -> bool:
        """Return whether any of some lines has one of these roles."""
        return any(self.roles.get(i) in roles for i in positions)

    def with_role(self, role: Role) -> list[int]:
        """Return the lines that have a role and repeat no other line."""
        return [i for i in self.own if self.roles.get(i) == role]

    def close(self) -> None:
        """Give every repeated line the role of its first copy."""
        for i, (copy, _) in self.repeats.items():
            self.roles[i] = self.roles[copy]


def assign(lines: list[Line], repeats: dict[int, Repeat], fixed: dict[int, Role]) -> Reading:
    """Return a role for every line. `fixed` roles (of front matter, of markup) are taken as they are."""
    reading = Reading(lines, repeats, dict(fixed))
    for i in reading.open_lines(reading.own):
        if found := reading.note(i):
            reading.roles[i] = found.role
    _open_sign_off(reading)
    _read_stopped_headline(reading)
    _find_running_text(reading)
    _read_header(reading)
    _read_body(reading)
    _read_footer(reading)
    reading.close()
    return reading


def _open_sign_off(reading: Reading) -> None:
    """Leave the last line undecided if only the agency at its end makes a caption of it: a text is signed so."""
    last = next(reversed(reading.own), -1)
    if reading.roles.get(last) == "caption" and is_signed_off(reading.lines[last]):
        del reading.roles[last]


# --- pages ------------------------------------------------------------------------------------------------------------


def assign_page(lines: list[Line], repeats: dict[int, Repeat], marked: dict[int, Role]) -> Reading:
    """Return a role for every line of a page whose main text is `marked`; around it only what is near belongs."""
    reading = Reading(lines, repeats, dict(marked))
    body = reading.with_role("body")
    if not body:
        return assign(lines, repeats, {i: role for i, role in marked.items() if role == "title"})
    reading.first, reading.last = body[0], body[-1]
    reading.title = next(iter(reading.with_role("title")), None)
    _correct_ends(reading, body)
    _credit_names_under_title(reading)
    top, end = _start_of_article(reading), reading.last + _NEAR_FOOT
    for i in reading.open_lines(reading.own):
        reading.roles[i] = _role_beside_main(reading, i) if top <= i <= end else "boilerplate"
    reading.close()
    return reading


def _start_of_article(reading: Reading) -> int:
    """Return the first line that may belong to the article: its headline, or a line near its main text."""
    if reading.title is None or reading.title > reading.first:
        return reading.first - _NEAR_HEAD
    return reading.title


def _correct_ends(reading: Reading, body: list[int]) -> None:
    """Correct the roles at both ends of a main text: extractors take bylines, dates and captions for its paragraphs."""
    signed = {reading.last} if is_signed_off(reading.lines[reading.last]) else set()
    ends = {*body[:6], *body[-4:]}
    for i in ends - signed:
        found = reading.note(i) if reading.lines[i].count <= 25 else None
        if found and found.role in {"byline", "dateline", "caption"}:
            reading.roles[i] = found.role


def _credit_names_under_title(reading: Reading) -> None:
    """Take a list of names right under the headline as a byline."""
    if reading.title is None or reading.title >= reading.last:
        return
    under = reading.title + 1
    text = reading.lines[under].text
    is_list = names_only(text) and not is_name(text)
    if is_list:
        reading.roles[under] = reading.credit_name(under)


def _role_beside_main(reading: Reading, i: int) -> Role:
    """Return the role of a line close to the main text that is not a part of it."""
    if found := reading.note(i):
        return found.role
    line, title = reading.lines[i], reading.title
    if title is None or not title < i < reading.first:
        return "boilerplate"
    if is_name(line.text) and i - title <= 8:
        return reading.credit_name(i)
    is_near = line.count >= 8 and i - title <= 4
    is_on_topic = is_near and _share_on_topic(line, _topic(reading, title)) >= _ON_TOPIC
    return "subtitle" if is_on_topic else "boilerplate"


# --- running text -----------------------------------------------------------------------------------------------------


def _find_running_text(reading: Reading) -> None:
    """Find the first and last line of running text. There is none after the readers' comments begin."""
    turns = _turns(reading)
    running = [i for i in reading.open_lines(reading.own) if reading.lines[i].sentence or i in turns]
    end = _start_of_comments(reading, running)
    running = _before(running, end)
    _read_comments(reading, _after(reading.own, end))
    if running:
        reading.first, reading.last = _start_of_body(reading, running), running[-1]
    else:
        reading.first = len(reading.lines)


def _turns(reading: Reading) -> frozenset[int]:
    """Return the lines of an interview: each begins with a speaker who speaks more than once, as "Observer: …"."""
    labels = {i: found[1] for i in reading.own if (found := _TURN.match(reading.lines[i].text))}
    counts = Counter(labels.values())
    turns = [i for i, label in labels.items() if counts[label] > 1]
    return frozenset(turns if len(turns) >= 4 else ())


def _start_of_comments(reading: Reading, running: list[int]) -> int:
    """Return the heading of the comments that has most of the running text before it."""
    half = reading.word_count(running) / 2
    for i in reading.own:
        if reading.heads(i, "comments") and reading.word_count(_before(running, i)) > half:
            return i
    return len(reading.lines)


def _read_comments(reading: Reading, positions: list[int]) -> None:
    """Give roles to what follows the heading of the readers' comments: page furniture and boxes of links."""
    in_box = False
    for i in positions:
        if reading.heads(i, "links"):
            in_box = True
            continue
        in_box = in_box and _may_be_link(reading, i)
        if reading.roles.get(i) not in {"dateline", "crosslink"}:
            reading.roles[i] = "crosslink" if in_box else "boilerplate"


def _may_be_link(reading: Reading, i: int) -> bool:
    """Return whether a line in a box of links may be the headline of another article."""
    line = reading.lines[i]
    return i not in reading.roles and not line.stops and line.count <= 25


def _start_of_body(reading: Reading, running: list[int]) -> int:
    """Return where the body begins: after a standfirst, if a byline, date or reading time follows one."""
    lead = running[0]
    head = reading.open_lines(_before(reading.own, lead))
    mark = next(filter(partial(_ends_header, reading), _after(reading.own, lead)), None)
    if mark is None or not any(_may_be_title(reading.lines[i]) for i in head):
        return lead
    standfirst, after = _before(running, mark), _after(running, mark)
    count = reading.word_count(standfirst)
    is_short = len(standfirst) <= 2 and count <= 80
    return after[0] if is_short and reading.word_count(after) > 2 * count else lead


def _ends_header(reading: Reading, i: int) -> bool:
    is_about_author = reading.roles.get(i) in _ABOUT_AUTHOR and not is_time_line(reading.lines[i].key)
    return is_about_author or is_reading_time(reading.lines[i])


# --- header -----------------------------------------------------------------------------------------------------------


def _may_be_title(line: Line) -> bool:
    """Return whether a line may be a headline: some words, no full stop, one sentence."""
    if not 2 <= line.count <= 25 or line.text[-1] in ".,;:" or line.text[0].islower():
        return False
    is_other = line.key in headings() or BULLET.match(line.text) or _SENTENCE_END.search(line.text[:-1])
    return not is_other


def _read_header(reading: Reading) -> None:
    head = _before(reading.own, reading.first)
    undecided = reading.open_lines(head)
    marked = [i for i in reading.with_role("title") if i < reading.first]
    reading.title = marked[0] if marked else _find_title(reading, undecided)
    if reading.title is not None:
        reading.roles[reading.title] = "title"
    for i in reading.open_lines(undecided):
        reading.roles[i] = _header_role(reading, head, i)
    for i in head:
        if _is_job_of_author(reading, i):
            reading.roles[i] = "byline"


def _find_title(reading: Reading, undecided: list[int]) -> int | None:
    """Return the likeliest headline, None if no line is likely enough."""
    candidates = [i for i in undecided if _may_be_title(reading.lines[i])]
    topics = [_topic(reading, i) for i in candidates]
    pairs = enumerate(zip(candidates, topics, strict=True))
    scores = {i: _title_score(reading, i, topic) - 0.1 * rank for rank, (i, topic) in pairs}
    best = max(candidates, key=scores.__getitem__, default=None)
    if best is None or scores[best] < 0.6:
        return None
    rivals = len(candidates) - 1
    is_weak = rivals and reading.lines[best].count == 2 and scores[best] < 2
    return None if is_weak else best


def _read_stopped_headline(reading: Reading) -> None:
    """Give its role to a headline in the first line of a text although a stop ends it, and to its second line."""
    start = reading.own[:_START_LINES]
    if len(start) < 2 or start[0] in reading.roles:
        return
    first, *rest = [reading.lines[i] for i in start]
    if _is_set_apart(first, rest) and _is_stopped_headline(first, rest):
        reading.roles[start[0]] = "title"
        second = [] if rest[0].gap else start[1:2]
        reading.roles.update(dict.fromkeys(second, "subtitle"))


def _is_stopped_headline(first: Line, rest: list[Line]) -> bool:
    """Return whether one sentence is written like a headline.

    Most of its words have capitals; or it has no article, day of the week or verb of saying; or the next line begins
    with an agency's dateline, or names again what a line of a few words names.
    """
    if not _is_one_sentence(first):
        return False
    is_terse = _ARTICLE_OR_DAY.search(first.text) is None
    has_dateline = _AGENCY_LINE.match(rest[0].text) is not None
    return is_terse or has_dateline or _is_in_title_case(first) or _is_on_lead(first, rest)


def _is_set_apart(first: Line, rest: list[Line]) -> bool:
    """Return whether a blank line follows the first line, or a second line of the headline, and then longer text."""
    has_second_line = first.text.endswith(";") and any(line.gap for line in rest[1:2])
    longest = max(line.count for line in rest)
    return (rest[0].gap or has_second_line) and longest > first.count


def _is_one_sentence(line: Line) -> bool:
    """Return whether a line of some words is one sentence with a stop at its end."""
    inside = _ABBREVIATION.sub("", line.text[:-2])
    is_stopped = line.text.endswith(_STOPS) and not line.text.startswith(_OPENING_QUOTES)
    return is_stopped and 3 <= line.count <= 25 and not _SENTENCE_END.search(inside)


def _is_on_lead(first: Line, rest: list[Line]) -> bool:
    """Return whether a line of a few words is repeated by the text after it, and says nothing of a day or a speaker."""
    lead = "".join(f" {line.key}" for line in rest)
    is_short = first.count <= 12 and 2 * first.count <= max(line.count for line in rest)
    return is_short and not _DAY_OR_SPEECH.search(first.text) and _share_on_topic(first, lead) >= 0.5


def _is_in_title_case(line: Line) -> bool:
    """Return whether most longer words of a line have a capital."""
    words = [word for word in line.text.split() if len(word) > 3 and word[0].isalpha()]
    return 4 * sum(word[0].isupper() for word in words) >= 3 * len(words)


def _topic(reading: Reading, title: int) -> str:
    """Return the first sentences after a line, each line and so each word after a blank."""
    after = _after(reading.own, title)
    body = [i for i in after if i >= reading.first or reading.lines[i].stops][:_TOPIC_LINES]
    return "".join(f" {reading.lines[i].key}" for i in body)


def _title_score(reading: Reading, i: int, topic: str) -> float:
    """Return how likely a line is the headline: repeated or named by a breadcrumb, on the subject, not too short."""
    line = reading.lines[i]
    is_alternative = _is_alternative_text(reading, i)
    copied = {copy for copy, _ in reading.repeats.values()} if not is_alternative else set()
    named = {section for found in reading.features.values() for section in found.sections}
    is_named = i in copied or line.key in named
    is_long = line.count >= 5
    is_first = _is_first_before_author(reading, i)
    return 4 * is_named + 2 * _share_on_topic(line, topic) + is_long + is_first - 3 * is_alternative


def _is_first_before_author(reading: Reading, i: int) -> bool:
    """Return whether a line is the first of a text and the author or the day follows."""
    return i == reading.own[0] and reading.has_role(reading.own[1:2], _ABOUT_AUTHOR)


def _share_on_topic(line: Line, topic: str) -> float:
    """Return the share of a line's longer words whose beginning is in the running text too."""
    stems = [f" {word[:4]}" for word in line.words if len(word) > 3]
    return sum(map(topic.__contains__, stems)) / max(len(stems), 1)


def _is_alternative_text(reading: Reading, i: int) -> bool:
    """Return whether a line is the alternative text of the captioned picture right after it.

    In a text without blank lines the place right before a caption shows nothing.
    """
    before_caption = reading.roles.get(i + 1) == "caption" and not reading.lines[i + 1].gap
    if not before_caption or not any(line.gap for line in reading.lines[1:]):
        return False
    ours, theirs = map(_stems, reading.lines[i : i + 2])
    shared = sum(map(theirs.__contains__, ours))
    return 2 * shared >= len(ours)


def _stems(line: Line) -> list[str]:
    return [word[:4] for word in line.words]


def _header_role(reading: Reading, head: list[int], i: int) -> Role:
    if _is_alternative_text(reading, i):
        return "caption"
    if reading.title is None or i < reading.title:
        return _role_before_title(reading, i)
    line = reading.lines[i]
    if not line.sentence and line.count <= 5 and is_outlet(line.text):
        return "byline"
    if not line.sentence and _is_lone_name(reading, head, i):
        return reading.credit_name(i)
    return _role_after_title(reading, head, i)


def _role_before_title(reading: Reading, i: int) -> Role:
    line = reading.lines[i]
    is_untitled = reading.title is None
    if is_untitled and _may_be_text(line):
        return "body"
    before_date = reading.roles.get(i + 1) == "dateline"
    may_be_byline = before_date or (is_untitled and i == 0)
    return "byline" if may_be_byline and is_outlet(line.text) else "boilerplate"


def _role_after_title(reading: Reading, head: list[int], i: int) -> Role:
    line = reading.lines[i]
    if BULLET.match(line.text):
        return "subtitle"
    if line.key in headings():
        return "boilerplate"
    if line.stops:
        before_byline = reading.has_role(_after(head, i), _ABOUT_AUTHOR)
        return "subtitle" if line.sentence or before_byline else "body"
    return "subtitle" if line.count > 7 else _role_of_words(reading, _before(head, i), line)


def _role_of_words(reading: Reading, before: list[int], line: Line) -> Role:
    """Return the role of a few words between the headline and the body."""
    under_title = _after(before, reading.title or 0)
    if reading.has_role(under_title, _ABOUT_AUTHOR | {"caption"}):
        return "caption"
    return "subtitle" if line.count >= 4 else "boilerplate"


def _is_lone_name(reading: Reading, head: list[int], i: int) -> bool:
    """Return whether a line is an author's name, on the evidence of a date, job or reading time right beside it."""
    line = reading.lines[i]
    if _is_name_with_job(reading, i):
        return True
    if not names_only(line.text):
        return False
    beside = [j for j in (i - 1, i + 1) if j in head]
    return _is_author(reading, line.text) or any(_is_beside_name(reading, j) for j in beside)


def _is_name_with_job(reading: Reading, i: int) -> bool:
    """Return whether a line is like "Jane Roe Diplomatic editor" and not the job of the author before."""
    line, before = reading.lines[i], reading.credits.get(i - 1, Credit())
    if before.authors or line.count > 8 or not _JOB_AT_END.search(line.key):
        return False
    found = credit(f"By {line.text}")
    return bool(found and found.authors)


def _is_beside_name(reading: Reading, i: int) -> bool:
    line = reading.lines[i]
    return reading.roles.get(i) == "dateline" or is_reading_time(line) or _JOB_AT_END.search(line.key) is not None


def _is_author(reading: Reading, name: str) -> bool:
    """Return whether a byline or credit of the article names this author."""
    authors = {part.value.casefold() for found in reading.credits.values() for part in found.authors}
    return name.casefold() in authors


def _is_job_of_author(reading: Reading, i: int) -> bool:
    """Return whether a line after a byline only gives the author's job."""
    line = reading.lines[i]
    after_byline = i - 1 in reading.credits and reading.roles.get(i - 1) == "byline"
    is_undecided = reading.roles[i] in {"subtitle", "caption", "boilerplate"}
    return after_byline and is_undecided and line.count <= 6 and bool(_JOB.search(line.key))


# --- body -------------------------------------------------------------------------------------------------------------


def _read_body(reading: Reading) -> None:
    inside = [i for i in reading.own if reading.first <= i <= reading.last]
    is_interview = _question_count(reading, inside) >= 4
    links_left = 0
    for at, i in enumerate(inside):
        if i in reading.roles:
            links_left = _BOX_LINES if reading.heads(i, "links") else 0
        elif links_left and _may_be_link(reading, i):
            reading.roles[i] = "crosslink"
            links_left -= 1
        else:
            links_left = 0
            heads_text = _heads_text(reading, inside[at + 1 :])
            reading.roles[i] = "subheading" if heads_text and _is_subheading(reading.lines[i], is_interview) else "body"


def _question_count(reading: Reading, positions: list[int]) -> int:
    """Return how many undecided lines are questions that are not in capitals."""
    lines = [reading.lines[i] for i in reading.open_lines(positions)]
    return len([line for line in lines if line.text.endswith("?") and not line.capitals])


def _heads_text(reading: Reading, rest: list[int]) -> bool:
    """Return whether running text follows, after captions and links at most."""
    between = {"caption", "crosslink"}
    after = next((reading.lines[i] for i in rest if reading.roles.get(i) not in between), None)
    return after is not None and (after.sentence or after.count >= 8)


def _is_subheading(line: Line, is_interview: bool) -> bool:
    """Return whether a short line reads as a heading: no full stop, or a question outside an interview."""
    if line.count > 14:
        return False
    if line.text.endswith("?"):
        return line.capitals or (not is_interview and _is_lone_question(line))
    not_after = _NOT_AFTER_HEADING if line.capitals else _NOT_AFTER_HEADING + _AFTER_CAPITALS
    if line.text.endswith(not_after):
        return _MARKDOWN_HEADING.match(line.text) is not None
    is_text = line.text[0].islower() or line.text.startswith(_OPENING_QUOTES) or BULLET.match(line.text)
    return not is_text


def _is_lone_question(line: Line) -> bool:
    return line.count <= 12 and not line.text.startswith(_OPENING_QUOTES)


# --- footer -----------------------------------------------------------------------------------------------------------


def _read_footer(reading: Reading) -> None:
    """Give roles to the lines after the running text, or to all that are undecided where there is none."""
    if reading.last < 0:
        _read_fragments(reading)
        return
    running, in_box = True, False
    for i in _after(reading.own, reading.last):
        if i in reading.roles:
            running = running and reading.roles[i] == "caption"
            in_box = _stays_in_box(reading, i, in_box)
        else:
            running = running and _goes_on(reading.lines[i])
            reading.roles[i] = "body" if running else _footer_role(reading, i, in_box)


def _stays_in_box(reading: Reading, i: int, in_box: bool) -> bool:
    """Return whether the lines after a decided one are links: it heads a box, or is a date in one."""
    return reading.heads(i, "links") or (in_box and reading.roles[i] == "dateline")


def _goes_on(line: Line) -> bool:
    """Return whether a line after the last sentence still belongs to the text."""
    return _may_be_text(line) or BULLET.match(line.text) is not None


def _may_be_text(line: Line) -> bool:
    return line.stops or line.count > 14


def _footer_role(reading: Reading, i: int, in_box: bool) -> Role:
    line = reading.lines[i]
    if in_box:
        return "crosslink" if line.count >= 4 else "boilerplate"
    return "byline" if is_name(line.text) and _is_author(reading, line.text) else "boilerplate"


def _read_fragments(reading: Reading) -> None:
    """Give roles to the lines of a text without sentences of some length."""
    in_box = False
    for i in reading.own:
        line = reading.lines[i]
        if i in reading.roles:
            in_box = _stays_in_box(reading, i, in_box)
        elif in_box:
            reading.roles[i] = _footer_role(reading, i, in_box)
        else:
            reading.roles[i] = "body" if line.stops or line.count >= 8 else "boilerplate"
