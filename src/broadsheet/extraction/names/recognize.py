"""Names in one article: their places and types, and the acronyms that the article explains."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.name_forms import fold
from broadsheet.extraction.lexicon.names import NamePhrases, entry_of, known
from broadsheet.extraction.names import (
    descriptions,
    gazetteer,
    pairs,
    patterns,
    places,
    possessives,
    postprocess,
    trimming,
)
from broadsheet.extraction.names.tokens import Mark, WordLine
from broadsheet.model import Text

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["find"]

_LABEL = re.compile(r"[\"“]?[A-Z][A-Z.'’ -]+:")
_LONGEST = 20_000  # code points the model reads at once
_STRESSED = 5  # letters from which a word in capitals that the article also has in small letters is stressed
_SENTENCE_ENDS = tuple('.?!:”"')
_TITLE_ROLES = frozenset({"title", "subtitle", "subheading", "crosslink"})
Acronym = tuple[str, str]  # the initials and the name they stand for


def find(text: Text, nlp: Language) -> tuple[list[Mark], list[Acronym]]:
    """Return every place where an article names something, in order, without overlaps, and the acronyms it explains.

    Every paragraph is read but those whose role is boilerplate; repeats are read like their first copies. Headlines
    give no name that neither the running text nor the lexicon has. Titles, ranks and possessive endings are not part of
    a mention.
    """
    lines = list(_lines(text))
    found = [_marks(line, doc) for line, doc in zip(lines, _read(lines, nlp), strict=True)]
    stated = _acronyms(lines, found)
    found = pairs.without_pairs(text.text, trimming.trimmed(lines, found))
    found = places.recognised(lines, found)
    _propagate(lines, found)
    kept = possessives.completed(list(_without_common(lines, found)))
    return [mark for line, marks in kept for mark in descriptions.described(line, marks)], stated


def _lines(text: Text) -> Iterator[WordLine]:
    for paragraph in text.paragraphs:
        if paragraph.role != "boilerplate":
            pieces = _pieces(text.text, paragraph.start, paragraph.end)
            is_title = paragraph.role in _TITLE_ROLES
            yield from (WordLine(text.text, *piece, is_title=is_title) for piece in pieces)


def _read(lines: Sequence[WordLine], nlp: Language) -> list[Doc | None]:
    """Return the model's view of each line, None for headings; equal lines are read once."""
    once = dict.fromkeys(_encodable(line) for line in lines if not line.is_heading)
    others = [pipe for pipe in nlp.pipe_names if pipe not in {"tok2vec", "ner"}]
    docs = dict(zip(once, nlp.pipe(once, disable=others), strict=True))
    return [None if line.is_heading else docs[_encodable(line)] for line in lines]


def _encodable(line: WordLine) -> str:
    """Return the text of a line with lone surrogates replaced, its length unchanged."""
    utf32 = line.text[line.start : line.end].encode("utf-32-le", "surrogatepass")
    return utf32.decode("utf-32-le", "replace")


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a paragraph, or the pieces of one that is too long to be read at once, cut at white space."""
    while end - start > _LONGEST:
        space = max(text.rfind(" ", start, start + _LONGEST), text.rfind("\n", start, start + _LONGEST))
        cut = space if space > start else start + _LONGEST
        yield start, cut
        start = cut
    yield start, end


def _marks(line: WordLine, doc: Doc | None) -> list[Mark]:
    """Return the marks of one line, from the lexicon, the patterns and the model."""
    spans = postprocess.model_spans(doc, line.start) if doc is not None else []
    languages = {(start, end) for start, end, label in spans if label == "LANGUAGE"}
    known = [mark for mark in gazetteer.geography(line) if (mark.start, mark.end) not in languages]
    if line.is_heading:
        return gazetteer.settle(known)
    shaped = chain.from_iterable(pattern(line) for pattern in patterns.PATTERNS)
    corrected = postprocess.from_model(line, spans)
    settled = gazetteer.settle([*known, *shaped, *corrected])
    left_over = patterns.leftovers(line, settled, postprocess.holidays(line, spans))
    return gazetteer.settle([*settled, *left_over])


def _acronyms(lines: Sequence[WordLine], found: list[list[Mark]]) -> list[Acronym]:
    """Mark initials that the article spells out, in place; return each with its full name.

    What stands in brackets behind several names, or mostly behind none, is no acronym (`PDF`).
    """
    pairs = [list(gazetteer.acronyms(line, marks)) for line, marks in zip(lines, found, strict=True)]
    sure = _sure_acronyms(lines, pairs)
    for at, line in enumerate(lines):
        marks = [mark for mark, _ in pairs[at] if line.text[mark.start : mark.end] in sure]
        found[at] = gazetteer.settle([*found[at], *marks])
    return sorted(sure.items())


def _sure_acronyms(lines: Sequence[WordLine], pairs: Sequence[list[tuple[Mark, str]]]) -> dict[str, str]:
    """Return the initials that stand for one name, and at least every second time in brackets behind it."""
    spelt: dict[str, Counter[str]] = {}
    for line, more in zip(lines, pairs, strict=True):
        for mark, name in more:
            spelt.setdefault(line.text[mark.start : mark.end], Counter())[fold(name)] += 1
    bracketed = Counter(chain.from_iterable(map(gazetteer.bracketed, lines)))
    one = {token: names for token, names in spelt.items() if len(names) == 1}
    return {token: min(names) for token, names in one.items() if bracketed[token] <= 2 * names.total()}


def _propagate(lines: Sequence[WordLine], found: list[list[Mark]]) -> None:
    """Mark, in place, names that the article has elsewhere where nothing is marked yet."""
    votes: dict[str, Counter[str]] = {}
    for line, marks in zip(lines, found, strict=True):
        for mark in marks:
            for form in _forms(line.text[mark.start : mark.end], mark.type):
                votes.setdefault(form, Counter())[mark.type] += mark.weight
    forms = [(form, max(sorted(kinds), key=kinds.__getitem__)) for form, kinds in votes.items()]
    usual, capitals = (gazetteer.propagated(forms, capitals=c) for c in (False, True))
    for at, line in enumerate(lines):
        more = _whole(gazetteer.spell(line, capitals if line.is_capitals else usual), found[at])
        found[at] = gazetteer.settle([*found[at], *more, *_speaker(line, capitals)])


def _whole(marks: Iterator[Mark], found: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks that cover no part of a name that was found."""
    return (mark for mark in marks if not any(_cuts(mark, other) for other in found))


def _cuts(mark: Mark, other: Mark) -> bool:
    """Return whether a mark covers a part of another one."""
    return (
        mark.start < other.end and other.start < mark.end and not (mark.start <= other.start and other.end <= mark.end)
    )


def _speaker(line: WordLine, capitals: NamePhrases) -> Iterator[Mark]:
    """Yield the name in capitals before the colon at the beginning of a line: who speaks in a transcript."""
    label = _LABEL.match(line.text, line.start, line.end)
    return (mark for mark in gazetteer.spell(line, capitals) if mark.end <= label.end()) if label else iter(())


def _forms(name: str, kind: str) -> Iterator[str]:
    """Yield the forms under which a name may appear elsewhere: itself, and a person's surname."""
    if len(name) > 2 and (name[0].isupper() or "-" in name):
        yield name
    *given, surname = name.split()
    if kind == "PERSON" and given and len(surname) > 3 and surname not in known():
        yield surname
        first, _, second = surname.partition("-")
        if second.islower():
            yield given[0]  # Park Ji-won: the first word is the surname
        elif first.casefold() in words("arabic_articles"):
            yield second


def _without_common(lines: Sequence[WordLine], found: list[list[Mark]]) -> Iterator[tuple[WordLine, list[Mark]]]:
    """Yield the lines and their marks but those of single words that may be no names.

    These are small elsewhere in the article, and have their capital here in a heading or at the start of a sentence, or
    they are the initials of small words.
    """
    small = trimming.small_words(lines)
    initials = frozenset(chain.from_iterable(map(gazetteer.common_acronyms, lines)))
    for line, marks in zip(lines, found, strict=True):
        yield line, [mark for mark in marks if not _is_common(line, mark, small, initials)]


def _is_common(line: WordLine, mark: Mark, small: frozenset[str], initials: frozenset[str]) -> bool:
    name = line.text[mark.start : mark.end]
    if name in initials:
        return True
    if name.casefold() not in small or entry_of(fold(name)) is not None:
        return False
    return _is_shouted(mark, name) or (mark.weight <= 1 and not _shows_name(line, mark, name))


def _is_shouted(mark: Mark, name: str) -> bool:
    """Return whether a longer word in capitals is stressed, not the initials of what the article spells out."""
    return name.isupper() and len(name) >= _STRESSED and mark.rank != 0


def _shows_name(line: WordLine, mark: Mark, name: str) -> bool:
    """Return whether capital letters show that a word is a name here."""
    if line.is_capitals:
        return False
    return name.isupper() or not (line.is_headline or _begins_sentence(line, mark))


def _begins_sentence(line: WordLine, mark: Mark) -> bool:
    before = line.text[line.start : mark.start].rstrip(" “\"'‘(")
    return not before or before.endswith(_SENTENCE_ENDS)
