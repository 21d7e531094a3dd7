"""Verdicts on the quotations of a draft, and the findings of those that are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.quotations.check import Difference, Occurrence
from broadsheet.quotations.draft import Quote
from broadsheet.quotations.index import Speaker

__all__ = ["Checked", "Position", "VerdictName", "findings_of", "verdict"]

VerdictName = Literal["verbatim", "changed", "cut", "said by somebody else", "not in the corpus", "not judged"]

_SHOWN: Final = 160  # characters of a passage in a message
_DIFFERENCES: Final = 6  # differences that a message lists


@dataclass(frozen=True, slots=True)
class Position:
    """Where a quotation is: file, line and column (from 1, None in a file without lines), and its words there."""

    path: str
    line: int | None
    column: int | None
    words: str

    def __str__(self) -> str:
        """Return FILE:LINE:COLUMN."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Checked:
    """A quotation of a draft with its verdict.

    `start` and `end` are code points of the draft's text. `occurrence` is the place in the corpus, `speakers` are those
    whom the corpus names there, `named` those whom the draft names; `elsewhere` counts further places with the same
    words.
    """

    position: Position
    start: int
    end: int
    verdict: VerdictName
    occurrence: Occurrence | None = None
    speakers: tuple[Speaker, ...] = ()
    named: tuple[Speaker, ...] = ()
    elsewhere: int = 0
    is_misattributed: bool = False

    @property
    def words(self) -> str:
        """Return the quotation as the draft has it."""
        return self.position.words

    @property
    def place(self) -> str:
        """Return where a person can edit it, as FILE:LINE:COLUMN."""
        return str(self.position)

    @property
    def outcome(self) -> str:
        """Return the verdict, and that somebody else says it where that is not all that is wrong."""
        is_more = self.is_misattributed and self.verdict != "said by somebody else"
        return f"{self.verdict}, said by somebody else" if is_more else self.verdict

    @property
    def said_by(self) -> str:
        """Return who says it in the corpus: the entities' names, else the words for the source; empty if unknown."""
        statements = self.occurrence.statements if self.occurrence else ()
        texts = [one.source_text for one in statements if one.source_text]
        return "; ".join([one.name for one in self.speakers] or texts[:1])


def verdict(
    position: Position,
    quote: Quote,
    places: Sequence[Occurrence],
    *,
    named: tuple[Speaker, ...] = (),
    said: tuple[Speaker, ...] = (),
    is_other: bool = False,
) -> Checked:
    """Return the verdict on a quotation from its equally good places, the first of which is shown.

    `is_other`: `named`, whom the draft names, can be none of the speakers of any place; `said` are those of the first.
    """
    if quote.is_short or (quote.is_title and not any(one.faults == (0, False) for one in places)):
        return Checked(position, quote.start, quote.end, "not judged", named=named)
    first = next(iter(places), None)
    found = _verdict(first, is_other=is_other)
    return Checked(position, quote.start, quote.end, found, first, said, named, max(0, len(places) - 1), is_other)


def _verdict(place: Occurrence | None, *, is_other: bool) -> VerdictName:
    if place is None:
        return "not in the corpus"
    if place.differences:
        return "changed"
    if place.lost:
        return "cut"
    return "said by somebody else" if is_other else "verbatim"


def findings_of(checked: Checked) -> Iterator[Finding]:
    """Yield what is wrong with a quotation: with its words, and with the name of its speaker."""
    if checked.verdict == "changed":
        yield _changed(checked)
    elif checked.verdict == "cut":
        yield _cut(checked)
    elif checked.verdict == "not in the corpus":
        yield _absent(checked)
    if checked.is_misattributed:
        yield _misattributed(checked)


def _finding(code: str, checked: Checked, message: str, repair: str, expected: str | None = None) -> Finding:
    return finding(
        code,
        f"{checked.place}: {message}",
        repair,
        path=checked.position.path,
        line=checked.position.line,
        column_number=checked.position.column,
        start=checked.start,
        end=checked.end,
        found=checked.words,
        expected=expected,
    )


def _changed(checked: Checked) -> Finding:
    where = _place(checked.occurrence)
    passage = _short(checked.occurrence.passage) if checked.occurrence else ""
    listed = _differing(checked.occurrence.differences if checked.occurrence else ())
    message = f"the quotation {_short(checked.words)} is not as {where} has it: {listed}"
    own = any(not one.article for one in checked.occurrence.differences) if checked.occurrence else False
    added = " without those that it does not have" if own else ""
    repair = f"write the words of the article{added}, or leave out the quotation marks"
    return _finding("BS480", checked, message, repair, f"“{passage}”")


def _cut(checked: Checked) -> Finding:
    where, lost = _place(checked.occurrence), checked.occurrence.lost if checked.occurrence else ""
    message = f"the quotation {_short(checked.words)}, in {where}, leaves out “{lost}” of the same sentence"
    return _finding("BS481", checked, message, f"quote the sentence with “{lost}”, or say it in your own words")


def _misattributed(checked: Checked) -> Finding:
    named = "; ".join(one.name for one in checked.named)
    message = (
        f"the quotation {_short(checked.words)} is given to {named}; in {_place(checked.occurrence)} the speaker is "
    )
    message += checked.said_by
    return _finding("BS482", checked, message, f"name {checked.said_by} as the speaker, or leave the name out")


def _absent(checked: Checked) -> Finding:
    message = f"the quotation {_short(checked.words)} is in no article of the package"
    repair = "add the article that has it, correct the words, or pass --allow-unknown if it is from your own interview"
    return _finding("BS483", checked, message, repair)


def _place(occurrence: Occurrence | None) -> str:
    return f"{occurrence.document_id} ({occurrence.start}-{occurrence.end})" if occurrence else "the article"


def _differing(differences: tuple[Difference, ...]) -> str:
    listed = [_difference(one) for one in differences[:_DIFFERENCES]]
    more = [f"and {len(differences) - _DIFFERENCES} more"] if differences[_DIFFERENCES:] else []
    return ", ".join([*listed, *more])


def _difference(one: Difference) -> str:
    """Return a difference in words.

    >>> _difference(Difference("gone", "not gone")), _difference(Difference("", "not"))
    ('“gone” instead of “not gone”', '“not” is left out')
    """
    draft, article = _short(one.draft, 60), _short(one.article, 60)
    if not draft:
        return f"“{article}” is left out"
    return f"“{draft}” instead of “{article}”" if article else f"“{draft}” is not there"


def _short(words: str, limit: int = _SHOWN) -> str:
    line = " ".join(words.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
