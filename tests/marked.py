"""Articles with names marked in the text, `{surface|TYPE entity}`, and the scores of names found against them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from broadsheet.model import Paragraph, Role, Text

MARK = re.compile(r"\{([^|{}]+)\|([A-Z]+) ([^}]+)\}")
Place = tuple[str, int, int]
Marks = dict[Place, tuple[str, str]]  # type and entity of the name at each place


def text_of(words: str, document_id: str = "d", *, language: str = "en", role: Role = "body") -> Text:
    """Return a text whose paragraphs are its lines."""
    paragraphs = tuple(Paragraph(m.start(), m.end(), role) for m in re.finditer(r"[^\n]+", words))
    return Text(document_id, f"seeds/{document_id}.txt", "", 0, "text/plain", "utf-8", language, words, paragraphs)


def read_marked(path: Path) -> tuple[Text, Marks]:
    """Return an article and, by place, the type and entity of each name in it."""
    source, words, marks, at = path.read_text(encoding="utf-8"), "", {}, 0
    for m in MARK.finditer(source):
        words += source[at : m.start()]
        marks[path.stem, len(words), len(words) + len(m[1])] = (m[2], m[3])
        words, at = words + m[1], m.end()
    return text_of(words + source[at:], path.stem), marks


def f_score(found: AbstractSet[Hashable], wanted: AbstractSet[Hashable]) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * len(found & wanted) / (len(found) + len(wanted))


def b_cubed(found: Mapping[Place, str], wanted: Mapping[Place, str]) -> tuple[float, float]:
    """Return B³ precision and recall over the places in both."""
    places = sorted(set(found) & set(wanted))
    left: dict[str, set[Place]] = defaultdict(set)
    right: dict[str, set[Place]] = defaultdict(set)
    for place in places:
        left[found[place]].add(place)
        right[wanted[place]].add(place)
    both = [(len(left[found[p]] & right[wanted[p]]), len(left[found[p]]), len(right[wanted[p]])) for p in places]
    return sum(b / f for b, f, _ in both) / len(both), sum(b / w for b, _, w in both) / len(both)
