"""Drafts: files of text, Markdown, HTML or a word processor, as texts with the places of their quotations."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from broadsheet import sources
from broadsheet.errors import SourceError
from broadsheet.files import read_regular
from broadsheet.findings import finding
from broadsheet.findings.quarantine import Quarantined
from broadsheet.ids import sha256
from broadsheet.model import Finding, Paragraph, Raw, Text
from broadsheet.project import Limits
from broadsheet.quotations.draft import Quote, quotes
from broadsheet.quotations.verdicts import Position
from broadsheet.quotes import find
from broadsheet.storage.archives import Zip
from broadsheet.texts import bare, locate

__all__ = ["Draft", "read_draft"]

_WORD_FILE: Final = ".docx"
_TOTAL: Final = 256 * 2**20  # bytes that all members of a word processor's file may have
_WRAPPED: Final = 40  # characters of a line that the width of a page may have ended
_STOPS: Final = re.compile(r"[.!?:][”\"'’)\]]*$")
_ITEM: Final = re.compile(r"(?:[•*-]|\d+[.)])\s")
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: its bytes, its text, its quotations. Every paragraph of `text` is body: a draft may be a fragment."""

    raw: Raw
    text: Text
    quotes: tuple[Quote, ...]

    def at(self, quote: Quote) -> Position:
        """Return where a quotation is. In a file of a word processor a line is a paragraph."""
        line, column = locate(self.raw, self.text.text, quote.start) or (None, None)
        return Position(self.raw.path, line, column, self.text.text[quote.start : quote.end])


def read_draft(path: Path, limits: Limits | None = None) -> Iterator[Draft | Finding]:
    """Yield the draft that a file is, or why it cannot be read. Raises SourceError where there is no such file."""
    found = _word_file(path) if path.suffix.lower() == _WORD_FILE else sources.read(path, root=Path(), limits=limits)
    for item in found:
        if isinstance(item, Raw):
            yield _read(_as_named(item, path), limits or Limits())
        elif isinstance(item, Quarantined):
            yield _refused(item)
        elif isinstance(item, Finding):
            yield item
        else:
            yield _unread(item.path, "a rule for articles leaves it out", "give the draft another name")


def _read(raw: Raw, limits: Limits) -> Draft | Finding:
    text = bare(raw, limits=limits)
    return _draft(raw, text) if isinstance(text, Text) else _refused(text)


def _draft(raw: Raw, text: Text) -> Draft:
    shown = text.paragraphs if raw.media_type == "text/html" else _unwrapped(text)
    marked = find(text.text, [(one.start, one.end) for one in shown])
    listed = quotes(text.text, [(one.start, one.end, one.runs_on) for one in marked])
    return Draft(raw, replace(text, paragraphs=shown), tuple(listed))


def _as_named(raw: Raw, path: Path) -> Raw:
    """Return a draft under the path by which it was named."""
    record = "" if raw.record is None else f"#{raw.record}"
    return replace(raw, path=f"{path.as_posix()}{record}")


def _unwrapped(text: Text) -> tuple[Paragraph, ...]:
    """Return the paragraphs; lines that only a narrow page divides are one.

    Such a line is long and does not end like a sentence, and the next one, which begins no item of a list, follows it
    without a blank line.
    """
    joined: list[Paragraph] = []
    for one in text.paragraphs:
        before = joined[-1] if joined else None
        if before and _goes_on(text.text, before, one):
            joined[-1] = replace(before, end=one.end)
        else:
            joined.append(one)
    return tuple(joined)


def _goes_on(text: str, one: Paragraph, other: Paragraph) -> bool:
    last = text[one.start : one.end].rpartition("\n")[2]
    is_next = text.count("\n", one.end, other.start) == 1
    return is_next and len(last) >= _WRAPPED and not _STOPS.search(last) and not _ITEM.match(text, other.start)


def _refused(refused: Quarantined) -> Finding:
    found = refused.cause
    return _unread(refused.path, found.sentence(refused.facts), found.repair(refused.facts))


def _unread(path: str, why: str, repair: str) -> Finding:
    return finding("BS484", f"{path}: the draft is not read: {why}", repair, path=path)


# --- a word processor's file ------------------------------------------------------------------------------------------


def _word_file(path: Path) -> Iterator[Raw | Finding]:
    """Yield the paragraphs of a .docx file, one a line: tables and text boxes too, without what a change deleted."""
    name = path.as_posix()
    try:
        data = read_regular(path.parent, path.name, Limits().markup_bytes)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}", repair="name a file that you can read") from None
    wrong = _fault(path, data)
    if wrong:
        yield _unread(name, wrong, "save it as .docx again, or as text (.txt)")
        return
    words = "\n".join(_paragraphs(data)).encode("utf-8", "replace")
    yield Raw(name, words, sha256(words), "text/plain", "utf-8")


def _fault(path: Path, data: bytes) -> str:
    """Return why the bytes are not those of a safe .docx file; empty where they are."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            unsafe = next(Zip(path, file).unsafe_members(), None)
            size = sum(member.file_size for member in file.infolist())
            is_document = "word/document.xml" in file.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        return f"it is not a .docx file: {error}"
    if unsafe:
        return unsafe.sentence
    if size > _TOTAL:
        return f"it expands to {size} bytes; the limit is {_TOTAL}"
    return "" if is_document else "it has no word/document.xml"


def _paragraphs(data: bytes) -> Iterator[str]:
    # it takes 0.2 s to import
    from docx import Document  # noqa: PLC0415

    for paragraph in Document(io.BytesIO(data)).element.body.iter(f"{_W}p"):
        yield "".join(_run_words(paragraph)).replace("\n", " ")


_SIGNS: Final = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}noBreakHyphen": "-"}


def _run_words(paragraph: object) -> Iterator[str]:
    for node in paragraph.xpath(".//*[not(ancestor::w:moveFrom)]"):  # type: ignore[attr-defined] # of lxml
        yield (node.text or "") if node.tag == f"{_W}t" else _SIGNS.get(node.tag, "")
