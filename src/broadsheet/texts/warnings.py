"""Warnings: what is odd about a text, as findings. The text itself is never changed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.findings import finding
from broadsheet.model import Finding, Paragraph, Raw, Span
from broadsheet.texts.decoding import mojibake
from broadsheet.texts.source_positions import locate

__all__ = ["Place", "odd_characters", "quotation_marks", "secrets"]

MOST = 20  # findings of one code an article
_CONTROLS = "".join(map(chr, [*range(0x09), *range(0x0E, 0x20), 0x7F]))
_HIDING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffd"
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_ODD = re.compile(f"[{_CONTROLS}{_HIDING}{_INVISIBLE}]")
_SECRET = re.compile(
    r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abprs]-[A-Za-z0-9-]{10,80}|sk-[A-Za-z0-9_-]{32,80}"
    r"|eyJ[\w-]{20,400}\.eyJ[\w-]{20,400}\.[\w-]{10,400})"
    r"|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----"
)


@dataclass(frozen=True, slots=True)
class Place:
    """The article that a finding is about."""

    document_id: str
    raw: Raw
    text: str

    @property
    def path(self) -> str:
        """Return the path of the article."""
        return self.raw.path

    def finding(self, code: str, message: str, repair: str, at: Span, total: int | None = None) -> Finding:
        """Return a finding about a stretch of the article, at the line of its file.

        The line of a record is not given: it changes when other records are added to the file.
        """
        line, column = (self.raw.record is None and locate(self.raw, self.text, at.start)) or (None, None)
        return finding(
            code,
            f"{f'{self.path}:{line}:{column}' if line else self.path}: {message}",
            repair,
            table="documents",
            row_id=self.document_id,
            column="text",
            path=self.path,
            line=line,
            column_number=column,
            start=at.start,
            end=at.end,
            found=message,
            total=total,
        )


def odd_characters(place: Place) -> Iterator[Finding]:
    """Yield the first of each kind of character that hides or lost something, with how many there are."""
    text = place.text
    starts: defaultdict[str, list[int]] = defaultdict(list)
    for odd in _ODD.finditer(text):
        starts[_kind(odd[0])].append(odd.start())
    for code, (first, *others) in starts.items():
        message = f"U+{ord(text[first]):04X}"
        repair = "remove it from the source if it is an accident of copying"
        yield place.finding(code, message, repair, Span(first, first + 1), 1 + len(others))
    match = mojibake(text)
    if match:
        yield place.finding(
            "BS212",
            f"{match[0]!r} looks like UTF-8 that was once read as windows-1252",
            "fetch the article again, or save it with the right encoding",
            Span(*match.span()),
        )


def _kind(character: str) -> str:
    if character == "\ufffd":
        return "BS223"
    if character in _INVISIBLE:
        return "BS227"
    return "BS214" if character > "\x7f" else "BS213"


def quotation_marks(place: Place, paragraphs: tuple[Paragraph, ...]) -> Iterator[Finding]:
    """Yield the paragraphs whose double quotation marks do not pair: a reader of claims must not pair across lines."""
    bodies = [p for p in paragraphs if p.role == "body" and p.duplicate_of is None]
    texts = [place.text[p.start : p.end] for p in bodies]
    for paragraph, text, after in zip(bodies, texts, [*texts, ""][1:], strict=True):
        opened, closed, straight = map(text.count, '“”"')
        if not _are_paired((opened - closed, straight % 2), goes_on=after.startswith(("“", '"'))):
            yield place.finding(
                "BS215",
                f"quotation marks do not pair: {opened} opening, {closed} closing, {straight} straight",
                "no change is needed: the text stays as it was published",
                Span(paragraph.start, paragraph.end),
            )


def _are_paired(unclosed: tuple[int, int], *, goes_on: bool) -> bool:
    """Return whether the marks of a paragraph pair: a quotation of several paragraphs opens each and closes the last.

    `unclosed` counts the curly and straight marks without a partner.
    """
    return unclosed == (0, 0) or (goes_on and unclosed in {(1, 0), (1, 1), (0, 1)})


def secrets(place: Place) -> Iterator[Finding]:
    """Yield what looks like a key or password. The message shows only its first four characters."""
    for match in _SECRET.finditer(place.text):
        yield place.finding(
            "BS216",
            f"looks like a secret: {match[0][:4]}… ({len(match[0])} characters)",
            "revoke it, and take it out of the source before anything is published",
            Span(*match.span()),
        )
