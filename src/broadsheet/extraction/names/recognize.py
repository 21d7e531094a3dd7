"""Names in one article: where they stand, of which type, and which of them are one thing inside the article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.name_forms import PARTICLES, fold
from broadsheet.extraction.lexicon.names import entry_of, known
from broadsheet.extraction.names import gazetteer as marking
from broadsheet.extraction.names import patterns, postprocess
from broadsheet.extraction.names.tokens import Line, Mark
from broadsheet.model import Text

__all__ = ["find"]

_LONGEST = 20_000  # code points the model reads at once


def find(text: Text, nlp: Any) -> tuple[list[Mark], list[tuple[str, str]]]:
    """Return every place where an article names something, in order, without overlaps, and the acronyms it explains.

    Every paragraph is read but those whose role is boilerplate; repeats are read like their first copies. Titles, ranks
    and possessive endings are no part of a mention.
    """
    stretches = [(p.start, p.end) for p in text.paragraphs if p.role != "boilerplate" and p.end > p.start]
    lines = [Line(text.text, *piece) for stretch in stretches for piece in _pieces(text.text, *stretch)]
    found: list[list[Mark]] = []
    for line, doc in zip(lines, _read(lines, nlp), strict=True):
        settled = marking.settle(_candidates(line, doc))
        found.append(marking.settle([*settled, *patterns.leftovers(line, settled)]))
    _unread_headlines(lines, found)
    stated = _acronyms(lines, found)
    _propagate(lines, found)
    common = _common_words(lines)
    kept = [
        mark for line, marks in zip(lines, found, strict=True) for mark in marks if not _is_common(line, mark, common)
    ]
    return kept, stated


def _read(lines: list[Line], nlp: Any) -> list[Any]:
    """Return the model's view of each line; equal lines are read once."""
    once = dict.fromkeys(_words(line) for line in lines if not line.is_capitals)
    others = [pipe for pipe in nlp.pipe_names if pipe not in {"tok2vec", "ner"}]
    docs = dict(zip(once, nlp.pipe(once, disable=others), strict=True))
    return [docs.get(_words(line)) for line in lines]


def _words(line: Line) -> str:
    """Return the words of a line as the model can take them: what cannot be encoded replaced, length unchanged."""
    words = line.text[line.start : line.end]
    return words if words.isascii() else "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in words)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a paragraph, or the pieces of one that is too long to be read at once, cut at white space."""
    while end - start > _LONGEST:
        cut = max(text.rfind(" ", start, start + _LONGEST), text.rfind("\n", start, start + _LONGEST))
        cut = cut if cut > start else start + _LONGEST
        yield start, cut
        start = cut
    yield start, end


def _candidates(line: Line, doc: Any) -> list[Mark]:
    spans = postprocess.model_spans(doc, line.start) if doc is not None else []
    languages = {(start, end) for start, end, label in spans if label == "LANGUAGE"}
    found = [m for m in marking.geography(line) if (m.start, m.end) not in languages]
    for pattern in patterns.PATTERNS:
        found.extend(pattern(line))
    found.extend(postprocess.from_model(line, spans))
    return found


def _unread_headlines(lines: list[Line], found: list[list[Mark]]) -> None:
    """Drop, in place, long names the model saw in title case which no sentence of the article has."""
    prose = {
        fold(line.text[mark.start : mark.end])
        for line, marks in zip(lines, found, strict=True)
        for mark in marks
        if not line.is_headline
    }
    for at, line in enumerate(lines):
        if line.is_headline:
            found[at] = [m for m in found[at] if not _is_long(line, m) or fold(line.text[m.start : m.end]) in prose]


def _is_long(line: Line, mark: Mark) -> bool:
    return mark.rank == 2 and len(line.inside(mark.start, mark.end)) > (3 if mark.type == "PERSON" else 2)


def _acronyms(lines: list[Line], found: list[list[Mark]]) -> list[tuple[str, str]]:
    """Mark initials the article spells out, in place; return each with its full name."""
    stated: list[tuple[str, str]] = []
    for at, line in enumerate(lines):
        pairs = list(marking.acronyms(line, found[at]))
        stated.extend((line.text[m.start : m.end], name) for m, name in pairs)
        found[at] = marking.settle([*found[at], *(mark for mark, _ in pairs)])
    return sorted(set(stated))


def _propagate(lines: list[Line], found: list[list[Mark]]) -> None:
    """Mark, in place, names the article has elsewhere where nothing was marked yet."""
    votes: dict[str, Counter[str]] = {}
    for line, marks in zip(lines, found, strict=True):
        for mark in marks:
            for form in _forms(line.text[mark.start : mark.end], mark.type):
                votes.setdefault(form, Counter())[mark.type] += mark.weight
    forms = [(form, max(sorted(kinds), key=kinds.__getitem__)) for form, kinds in votes.items()]
    usual, capitals = (marking.propagated(forms, capitals=c) for c in (False, True))
    for at, line in enumerate(lines):
        more = marking.spell(line, capitals if line.is_capitals else usual)
        found[at] = marking.settle([*found[at], *more])


def _forms(name: str, kind: str) -> list[str]:
    parts = name.split()
    forms = [name] if len(name) > 2 else []
    if kind == "PERSON" and len(parts) > 1 and len(parts[-1]) > 3 and parts[-1] not in known():
        forms.append(parts[-1])
        if "-" in parts[-1] and parts[-1].split("-")[1].islower():
            forms.append(parts[0])  # Park Ji-won: the first word is the surname
        bare = parts[-1].split("-")
        if len(bare) == 2 and bare[0].casefold() in PARTICLES and len(bare[1]) > 3:
            forms.append(bare[1])
    return [form for form in forms if form[0].isupper() or "-" in form]


def _common_words(lines: list[Line]) -> frozenset[str]:
    return frozenset(token for line in lines for token in line.tokens if token.islower())


def _is_common(line: Line, mark: Mark, common: frozenset[str]) -> bool:
    """Return whether a single word at the start of a sentence is one the article writes small elsewhere."""
    name = line.text[mark.start : mark.end]
    if mark.weight > 1 or " " in name or "-" in name or name.isupper() or entry_of(fold(name)):
        return False
    before = line.text[line.start : mark.start].rstrip(" “\"'‘(")
    starts = not before or before[-1] in '.?!:”"'
    return (starts and name.casefold() in common) or name.casefold() in words("months_and_weekdays")
