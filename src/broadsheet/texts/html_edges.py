"""The edges of a main text: short lines that extractors take with it although they are not part of the article.

Pages put the name of a section, a place, a picture's owner or a button right before the first sentence, and labels,
buttons and headings of other articles right after the last one. A word of a menu may also be found in the article's
text, and then be taken where it is in the menu.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, groupby, pairwise

from broadsheet.model import Role
from broadsheet.texts.bylines import is_outlet
from broadsheet.texts.line_features import BULLET, feature
from broadsheet.texts.lines import Line

__all__ = ["trim"]

RUNNING = 60  # characters of a line that is running text in any script
SENTENCE = 15  # characters of a line with a full stop that is running text in any script
FAR = 4  # lines that are not main text between a short line and the nearest that is, so that it is not either
LABEL = 3  # words of a line that may be a label
LIST = 3  # lines after the last sentence that are a list

# scripts that have no blanks between words
_WITHOUT_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_TAKEN = frozenset({"body", "subheading"})
_CREDITS = frozenset({"byline", "dateline", "caption"})


def trim(lines: list[Line], roles: dict[int, Role]) -> None:
    """Give the role boilerplate to lines of a main text that are around its running text and not part of it.

    `roles` are those of the main text's lines, of captions and of the title.
    """
    taken = [i for i in sorted(roles) if roles[i] in _TAKEN]
    running = [i for i in taken if _is_running(lines[i])]
    outside = _outside(lines, roles, taken, running) if running else ()
    roles.update(dict.fromkeys(outside, "boilerplate"))


def _outside(lines: list[Line], roles: dict[int, Role], taken: list[int], running: list[int]) -> set[int]:
    """Return the lines of a main text that are not part of it. Bylines, dates and credits at its ends may be."""
    title = next((i for i, role in roles.items() if role == "title"), 0)
    before = _before(lines, roles, taken, running[0], title)
    after = _after(lines, roles, taken, running[-1])
    edges = [i for i in chain(before, after) if not _is_credit(lines[i])]
    return {*edges, *_islands(taken, set(running))}


def _is_running(line: Line) -> bool:
    is_sentence = line.stops and len(line.text) >= SENTENCE
    return line.sentence or is_sentence or len(line.text) >= RUNNING


def _is_credit(line: Line) -> bool:
    """Return whether a line belongs to the article by its own words: a byline, a date, a picture's credit."""
    found = feature(line)
    return found is not None and found.role in _CREDITS


def _islands(taken: list[int], running: set[int]) -> Iterator[int]:
    """Yield the lines of groups that are far from other lines of the main text and have no running text."""
    starts = [i for before, i in pairwise([-FAR - 1, *taken]) if i - before > FAR]
    for _, group in groupby(taken, key=partial(bisect_right, starts)):
        island = list(group)
        if running.isdisjoint(island):
            yield from island


def _before(lines: list[Line], roles: dict[int, Role], taken: list[int], first: int, title: int) -> Iterator[int]:
    """Yield the lines before the headline, and the labels and logos between it and the first running text."""
    for i in taken[: bisect_left(taken, first)]:
        is_label = _is_label(lines, i) if roles[i] == "body" else is_outlet(lines[i].text)
        if i < title < first or is_label:
            yield i


def _after(lines: list[Line], roles: dict[int, Role], taken: list[int], last: int) -> Iterable[int]:
    """Return the headings after the last running text, and the labels there if they are too few for a list."""
    rest = taken[bisect_right(taken, last) :]
    headings = [i for i in rest if roles[i] == "subheading"]
    labels = [i for i in rest if roles[i] == "body" and _is_label(lines, i)]
    return [*headings, *(labels if len(labels) < LIST else ())]


def _is_label(lines: list[Line], i: int) -> bool:
    """Return whether a line is of a few words, not an item of a list, and neither ends a sentence nor goes on."""
    line, following = lines[i], lines[i + 1 : i + 2]
    is_part = line.text.endswith(",") or any(after.text[0].islower() for after in following)
    is_item = "\t" in line.text or BULLET.match(line.text)
    return line.count <= LABEL and not (line.stops or is_part or is_item or _WITHOUT_BLANKS.search(line.text))
