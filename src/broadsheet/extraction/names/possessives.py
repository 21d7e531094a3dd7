"""Names that end in 's of their own (a shop named after its founder), told from names in the possessive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from broadsheet.extraction.lexicon import names, words
from broadsheet.extraction.names.tokens import Mark, WordLine

__all__ = ["completed"]

_ENDING = 2  # the letters of 's
_DETERMINERS = words("determiners") | words("definite_determiners")
_AFTER_A_NAME = (
    words("prepositions") | words("speech_verb_forms") | words("auxiliary_verbs") | {"and", "but", "or", "who"}
)
_AFTER_A_CONTRACTION = words("contraction_followers")
Lines = Sequence[tuple[WordLine, list[Mark]]]


def completed(lines: Lines) -> Iterator[tuple[WordLine, list[Mark]]]:
    """Yield the lines with their marks; names that end in 's of their own include it, and `of` with a place behind it.

    Such a name is never written without the ending in the article, and at one place at least no noun follows that it
    could own: a verb, a preposition or a conjunction does.
    """
    bare = frozenset(chain.from_iterable(_bare(line) for line, _ in lines))
    shown = frozenset(chain.from_iterable(_shown(line, marks) for line, marks in lines))
    wanted = {name for name in shown if name.rpartition(" ")[2] not in bare}
    for line, marks in lines:
        ended = map(partial(_with_ending, line, wanted), marks)
        yield line, list(_with_places(line, ended))


def _bare(line: WordLine) -> Iterator[str]:
    """Yield the words without a possessive ending."""
    return (token for token, owned in zip(line.tokens, line.owned, strict=True) if not owned)


def _shown(line: WordLine, marks: Iterable[Mark]) -> Iterator[str]:
    """Yield the names whose ending is no possessive where they stand."""
    for mark in marks:
        last = line.inside(mark.start, mark.end).stop - 1
        name = line.text[mark.start : mark.end]
        may_end = _ends(line, mark) and name not in names.known() and not _is_somebodys(line, mark)
        if may_end and _owns_nothing(line, last):
            yield name


def _ends(line: WordLine, mark: Mark) -> bool:
    return line.text[mark.end : mark.end + _ENDING] in {"'s", "’s"}


def _is_somebodys(line: WordLine, mark: Mark) -> bool:
    """Return whether a possessive is sure: of a full name, or behind `of` (`a friend of Ann's`)."""
    run = line.inside(mark.start, mark.end)
    return line.before(run.start) == "of" or (mark.type == "PERSON" and len(run) > 1)


def _owns_nothing(line: WordLine, last: int) -> bool:
    """Return whether what follows a name in 's is not owned by it: no noun, or a verb with its object."""
    following, second = line.word(last + 1), line.word(last + 2)
    if line.gap(last + 1).strip("'’s") != " " or following in _AFTER_A_CONTRACTION or following.endswith("ing"):
        return False
    return following in _AFTER_A_NAME or second in _DETERMINERS


def _with_ending(line: WordLine, wanted: set[str], mark: Mark) -> Mark:
    is_wanted = line.text[mark.start : mark.end] in wanted and _ends(line, mark)
    kind = "ORG" if mark.type == "PERSON" else mark.type
    return replace(mark, end=mark.end + _ENDING, type=kind) if is_wanted else mark


def _with_places(line: WordLine, marks: Iterable[Mark]) -> Iterator[Mark]:
    """Yield the marks, a name in 's joined to the place that `of` adds to it."""
    rest = list(marks)
    while rest:
        mark, *rest = rest
        joins = rest and line.text[mark.end - _ENDING : mark.end] in {"'s", "’s"}
        if joins and line.text[mark.end : rest[0].start] == " of " and rest[0].type == "GPE":
            mark, *rest = replace(mark, end=rest[0].end), *rest[1:]
        yield mark
