"""What is odd about a text, said as findings: the text itself is never changed."""

from __future__ import annotations

import re
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
_ODD = re.compile(f"[{_CONTROLS}{_HIDING}]")
_SECRET = re.compile(
    r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abprs]-[A-Za-z0-9-]{10,80}|sk-[A-Za-z0-9_-]{32,80}|eyJ[\w-]{20,400}\.eyJ[\w-]{20,400}\.[\w-]{10,400})"
    r"|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----"
)
_SECRET_HINTS = ("_", "AKIA", "xox", "sk-", "eyJ", "PRIVATE KEY")


@dataclass(frozen=True, slots=True)
class Place:
    """Which article a finding speaks of."""

    document_id: str
    raw: Raw
    text: str

    @property
    def path(self) -> str:
        """Return the path of the article."""
        return self.raw.path

    def finding(self, code: str, message: str, repair: str, at: Span, total: int | None = None) -> Finding:
        """Return a finding about a stretch of the article, at the line of its file.

        In a record's file lines come and go without the record: its line is told by who knows the file of today.
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
    if _may_be_odd(text):
        kinds: dict[str, list[int]] = {}
        for odd in _ODD.finditer(text):
            kinds.setdefault(_kind(odd[0]), []).append(odd.start())
        for code, starts in kinds.items():
            at = starts[0]
            yield place.finding(
                code,
                f"U+{ord(text[at]):04X}",
                "remove it from the source if it is an accident of copying",
                Span(at, at + 1),
                len(starts),
            )
    match = mojibake(text) if any(mark in text for mark in "ÃÂâÐÑ") else None
    if match:
        yield place.finding(
            "BS212",
            f"{match[0]!r} looks like UTF-8 that was once read as windows-1252",
            "fetch the article again, or save it with the right encoding",
            Span(*match.span()),
        )


def _may_be_odd(text: str) -> bool:
    """Return whether any odd character is there: most texts have none, and searching takes longer."""
    data = text.encode("utf-8", "surrogatepass")
    controls = len(data.translate(None, _CONTROLS.encode())) < len(data)
    return controls or (len(data) > len(text) and any(map(text.__contains__, _HIDING)))


def _kind(character: str) -> str:
    if character == "\ufffd":
        return "BS223"
    return "BS214" if character > "\x7f" else "BS213"


def quotation_marks(place: Place, paragraphs: tuple[Paragraph, ...]) -> Iterator[Finding]:
    """Yield the paragraphs whose double quotation marks do not pair: a reader of claims must not pair across lines."""
    text = place.text
    curly, ascii_ = "“" in text or "”" in text, '"' in text
    if not (curly or ascii_):
        return
    bodies = [p for p in paragraphs if p.role == "body" and p.duplicate_of is None]
    for number, paragraph in enumerate(bodies):
        at = (paragraph.start, paragraph.end)
        opened, closed = (text.count("“", *at), text.count("”", *at)) if curly else (0, 0)
        straight = text.count('"', *at) if ascii_ else 0
        if opened == closed and straight % 2 == 0:
            continue
        after = bodies[number + 1] if number + 1 < len(bodies) else None
        goes_on = after is not None and text[after.start] in '“"'
        if goes_on and (opened == closed + 1 or (straight % 2 and opened == closed)):
            continue  # a quotation of several paragraphs opens each and closes the last
        yield place.finding(
            "BS215",
            f"quotation marks do not pair: {opened} opening, {closed} closing, {straight} straight",
            "none: the text stays as it was published",
            Span(paragraph.start, paragraph.end),
        )


def secrets(place: Place) -> Iterator[Finding]:
    """Yield what looks like a key or password. The message shows only its first four characters."""
    if not any(hint in place.text for hint in _SECRET_HINTS):
        return
    for match in _SECRET.finditer(place.text):
        yield place.finding(
            "BS216",
            f"looks like a secret: {match[0][:4]}… ({len(match[0])} characters)",
            "revoke it, and take it out of the source before anything is published",
            Span(*match.span()),
        )
