"""brat stand-off: a text file and a file of annotations an article, and the configuration of the annotation tool.

Offsets count code points. A mention is a text-bound annotation with the type of its entity. A claim is an event of its
kind: its trigger is the cue (the content where there is no cue), its arguments are `source` and `content`, its
attribute is `stance`. What they refer to is in notes, which brat shows and lets people edit. brat cuts an annotation at
the ends of lines; such pieces are joined again. The format: http://brat.nlplab.org/standoff.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from broadsheet.exchange.articles import (
    ENTITY,
    KINDS,
    PARTIES,
    STANCES,
    TYPES,
    Incoming,
    MarkedArticle,
    MarkedClaim,
    MarkedMention,
    Read,
    Refusal,
    attribution,
    in_order,
    note,
    notes_of,
    parties_of,
    trigger,
)
from broadsheet.exchange.tables import Dataset
from broadsheet.model import Span

__all__ = ["NEEDS_TEXT", "SUFFIX", "read", "write"]

SUFFIX: Final = ".ann"
NEEDS_TEXT: Final = True
_ARGUMENTS: Final = ("source", "content")
_STANCE: Final = "stance"
_NOTE: Final = "AnnotatorNotes"
_CONFIGURATION: Final = """[entities]
{types}
source
content

[relations]
<OVERLAP> Arg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>

[events]
{kinds}

[attributes]
stance Arg:<EVENT>, Value:{stances}
"""
_UNSAFE: Final = re.compile(
    "[\t\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
)  # a reader may take them for the end of a cell or line
_PIECE: Final = re.compile(r"[^\n]*[^\s][^\n]*")


# --- out --------------------------------------------------------------------------------------------------------------


def write(dataset: Dataset, articles: Iterable[MarkedArticle]) -> Iterator[tuple[str, str]]:  # noqa: ARG001 - as others
    """Yield `annotation.conf`, and `ID.txt` and `ID.ann` for every article."""
    kinds = "\n".join(f"{kind} source*:source, content*:content" for kind in KINDS)
    yield "annotation.conf", _CONFIGURATION.format(types="\n".join(TYPES), kinds=kinds, stances="|".join(STANCES))
    for article in articles:
        yield f"{article.document_id}.txt", article.text or ""
        yield f"{article.document_id}.ann", _Writer(article.text or "").annotations(article)


@dataclass(slots=True)
class _Writer:
    """The lines of one file. A stretch that several claims share is written once, as brat itself does."""

    text: str
    lines: list[str] = field(default_factory=list)
    known: dict[tuple[str, tuple[Span, ...]], str] = field(default_factory=dict)
    notes: int = 0

    def annotations(self, article: MarkedArticle) -> str:
        """Return the annotations of the article."""
        for mention in article.mentions:
            key = self._mark(mention.type, (mention.span,))
            self._note(key, note({ENTITY: mention.entity}))
        for number, claim in enumerate(article.claims, 1):
            self._claim(number, claim)
        return "".join(f"{line}\n" for line in self.lines)

    def _claim(self, number: int, claim: MarkedClaim) -> None:
        cue = self._mark(claim.kind, trigger(claim.attribution))
        parts = zip(_ARGUMENTS, (claim.attribution.source, claim.attribution.content), strict=True)
        arguments = "".join(f" {role}:{self._mark(role, spans)}" for role, spans in parts if spans)
        self.lines.append(f"E{number}\t{claim.kind}:{cue}{arguments}")
        if claim.stance:
            self.lines.append(f"A{number}\t{_STANCE} E{number} {claim.stance}")
        self._note(f"E{number}", note({name: claim.parties.get(name) for name in PARTIES}))

    def _mark(self, label: str, spans: tuple[Span, ...]) -> str:
        """Write a text-bound annotation unless it is known; return its id."""
        known = self.known.get((label, spans))
        if known is not None:
            return known
        key = self.known[label, spans] = f"T{len(self.known) + 1}"
        pieces = [piece for span in spans for piece in _pieces(self.text, span)]
        places = ";".join(f"{piece.start} {piece.end}" for piece in pieces)
        self.lines.append(f"{key}\t{label} {places}\t{_words(self.text, pieces)}")
        return key

    def _note(self, key: str, words: str) -> None:
        if words:
            self.notes += 1
            self.lines.append(f"#{self.notes}\t{_NOTE} {key}\t{_one_line(words)}")


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """Yield the parts of a span on each of its lines, without those of white space alone."""
    for found in _PIECE.finditer(text, span.start, span.end):
        yield Span(found.start(), found.end())


def _words(text: str, pieces: Iterable[Span]) -> str:
    return _one_line(" ".join(piece.slice(text) for piece in pieces))


def _one_line(words: str) -> str:
    return _UNSAFE.sub(" ", words).replace("\n", " ")


# --- back -------------------------------------------------------------------------------------------------------------

_TEXT_BOUND: Final = re.compile(r"(T\S+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t(.*))?")
_EVENT: Final = re.compile(r"(E\S+)\t(\S+):(T\S+)((?: \S+:\S+)*) *")
_ATTRIBUTE: Final = re.compile(r"[AM]\S+\t(\S+) (\S+)(?: (\S+))?")
_NOTE_LINE: Final = re.compile(r"#\S*\t\S+ (\S+)\t(.*)")
_ARGUMENT: Final = re.compile(r"([^\s:\d]+)\d*:(\S+)")
_LEFT_OUT: Final = ("R", "N", "*")  # relations, normalisations, equivalences: not of this data
_MOST_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class _Mark:
    label: str
    spans: tuple[Span, ...]
    place: str


@dataclass(slots=True)
class _Reader:
    """The annotations of one file while it is read, by their ids."""

    text: str | None
    marks: dict[str, _Mark] = field(default_factory=dict)
    events: list[tuple[str, str, str, str, str]] = field(default_factory=list)  # place, id, kind, trigger, arguments
    stances: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def take(self, place: str, line: str) -> None:
        """Take a line of the file."""
        if found := _TEXT_BOUND.fullmatch(line):
            self._take_mark(place, *found.groups())
        elif found := _EVENT.fullmatch(line):
            key, kind, cue, arguments = found.groups()
            self.events.append((place, key, kind, cue, arguments))
        elif found := _ATTRIBUTE.fullmatch(line):
            name, key, value = found.groups()
            self.stances |= {key: value or ""} if name == _STANCE else {}
        elif found := _NOTE_LINE.fullmatch(line):
            key, words = found.groups()
            self.notes[key] = f"{self.notes[key]}; {words}" if key in self.notes else words
        elif line.strip() and not line.startswith(_LEFT_OUT):
            self._refuse(place, f"{line[:60]!r} is not a line of brat's stand-off format", "correct or remove the line")

    def _take_mark(self, place: str, key: str, label: str, places: str, words: str | None) -> None:
        spans = _spans(places)
        if not spans:
            self._refuse(place, f"the offsets {places[:60]} are too large", "correct or remove the line")
        elif self._is_elsewhere(spans, words):
            there = _words(self.text or "", spans)
            problem = f"the text has {there[:60]!r} at {places}, not {str(words)[:60]!r}"
            self._refuse(place, problem, "annotate the text as it was exported, or export it again")
        else:
            self.marks[key] = _Mark(label, _joined(self.text or "", spans), place)

    def _is_elsewhere(self, spans: Sequence[Span], words: str | None) -> bool:
        """Return whether the text has other words than a line says."""
        if self.text is None or words is None:
            return False
        return _words(self.text, spans).split() != words.split()

    def _refuse(self, place: str, problem: str, repair: str) -> None:
        self.refusals.append(Refusal(place, problem, repair))

    def article(self, document_id: str) -> Read:
        """Return the article, once all lines were taken."""
        claims = [claim for event in self.events for claim in self._claim(*event)]
        used = {key for _, _, _, key, arguments in self.events for key in (key, *_targets(arguments))}
        mentions = []
        for key, mark in self.marks.items():
            if mark.label in TYPES and len(mark.spans) == 1:
                entity = notes_of(self.notes.get(key, "")).get(ENTITY)
                mentions.append(MarkedMention(mark.spans[0], mark.label, entity, mark.place))
            elif mark.label in TYPES or key not in used:
                self._refuse(mark.place, *_not_part_of_anything(mark))
        ordered = tuple(sorted(mentions, key=lambda one: one.span))
        unread = len(self.refusals)
        article = MarkedArticle(document_id, self.text, ordered, in_order(claims), unread=unread)
        return Read((article,), tuple(self.refusals))

    def _claim(self, place: str, key: str, kind: str, cue: str, arguments: str) -> Iterator[MarkedClaim]:
        parts: dict[str, tuple[Span, ...]] = dict.fromkeys(_ARGUMENTS, ())
        for role, target in _ARGUMENT.findall(arguments):
            if role not in parts or target not in self.marks:
                self._refuse(place, f"the argument {role}:{target} is not a source or content", "correct the event")
                return
            parts[role] += self.marks[target].spans
        if kind not in KINDS or cue not in self.marks:
            self._refuse(place, f"{kind}:{cue} is not a claim", f"use an event of {', '.join(KINDS)}")
            return
        found = attribution(parts["source"], self.marks[cue].spans, parts["content"])
        yield MarkedClaim(found, kind, self.stances.get(key), parties_of(self.notes.get(key, "")), place)


def read(file: Incoming) -> Read:
    """Return the annotations of the article that the file is named after. Raises ValueError where it is not UTF-8."""
    reader = _Reader(file.text)
    for number, line in enumerate(file.data.decode("utf-8-sig").split("\n"), 1):
        reader.take(f"{file.path}:{number}", line.removesuffix("\r"))
    return reader.article(PurePosixPath(file.path).name.removesuffix(SUFFIX))


def _targets(arguments: str) -> Iterator[str]:
    return (target for _, target in _ARGUMENT.findall(arguments))


def _not_part_of_anything(mark: _Mark) -> tuple[str, str]:
    if mark.label in TYPES:
        return "a mention is one stretch of text", "annotate it in one piece"
    if mark.label in {*KINDS, *_ARGUMENTS}:
        return f"no event has this {mark.label}", "make it part of an event, or remove it"
    return f"the label {mark.label!r} is not known", f"use one of {', '.join((*TYPES, *KINDS, *_ARGUMENTS))}"


def _spans(places: str) -> list[Span]:
    """Return the spans of a line; none where a number is too large to be an offset."""
    numbers = re.findall(r"\d+", places)
    if any(len(number) > _MOST_DIGITS for number in numbers):
        return []
    offsets = [int(number) for number in numbers]
    return [Span(start, end) for start, end in zip(offsets[::2], offsets[1::2], strict=True)]


def _joined(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, with those joined that only the end of a line divides."""
    joined: list[Span] = []
    for span in sorted(spans):
        between = text[joined[-1].end : span.start] if joined else ""
        if "\n" in between and not between.strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)
