"""Texts: bytes to a canonical text, paragraphs with roles, and metadata with evidence.

`normalise` reads an article, `bare` a text of which only the words matter. `identify` gives only its id, `amend`
replaces metadata by what people decided. `sketch` and `copies` find articles that copy each other: the first where an
article is read, the second over the corpus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from broadsheet.findings import finding
from broadsheet.findings.quarantine import Cause, Quarantined, RefusedInput
from broadsheet.ids import document_id
from broadsheet.model import METADATA, WHITE_SPACE, Finding, Paragraph, Raw, Role, Span, Text
from broadsheet.project import Limits
from broadsheet.texts.decoding import Decoded, check_lines, decode
from broadsheet.texts.derivations import Attributed, derived
from broadsheet.texts.frontmatter import FrontMatter, read_front_matter
from broadsheet.texts.html_charset import declared_charset
from broadsheet.texts.language import guess
from broadsheet.texts.line_roles import Reading, assign, assign_page
from broadsheet.texts.lines import Line, split
from broadsheet.texts.markdown import render
from broadsheet.texts.metadata import Declared, FoundMetadata, gather
from broadsheet.texts.near_duplicates import copies, is_copy, shingles, sketch
from broadsheet.texts.overrides import amend, other_language
from broadsheet.texts.repeated_paragraphs import Repeat, repeats
from broadsheet.texts.source_positions import locate
from broadsheet.texts.time_limit import Overtime, within
from broadsheet.texts.warnings import MOST, Place, odd_characters, quotation_marks, secrets

if TYPE_CHECKING:
    from broadsheet.texts.html_page import Page

__all__ = [
    "Attributed",
    "amend",
    "bare",
    "copies",
    "derived",
    "identify",
    "is_copy",
    "locate",
    "normalise",
    "refusal",
    "shingles",
    "sketch",
]


_ORDINARY = 16 << 10  # bytes; a shorter article is read in no time, whatever it contains


def normalise(raw: Raw, *, limits: Limits | None = None) -> Text | Quarantined:
    """Return an article as canonical text with paragraphs and metadata, or why it cannot be one.

    Pure, except that it stops at the CPU limit. Offsets are code points of `Text.text`.
    """
    return _guarded(raw, limits or Limits(), _page if raw.media_type == "text/html" else _plain)


def bare(raw: Raw, *, limits: Limits | None = None) -> Text | Quarantined:
    """Return a text in paragraphs that are all body, without front matter, or why it cannot be read.

    Metadata, repeats and language (`und`) are not looked for, which is most of the work of `normalise`.
    """
    return _guarded(raw, limits or Limits(), _bare)


def _guarded(raw: Raw, limits: Limits, read: Callable[[Raw, Limits], Text]) -> Text | Quarantined:
    try:
        if raw.size < _ORDINARY:
            return read(raw, limits)
        with within(limits.seconds):
            return read(raw, limits)
    except RefusedInput as refused:
        return Quarantined.of(raw, refused.cause, **refused.facts)
    except Overtime:
        return Quarantined.of(raw, Cause.TIME, seconds=limits.seconds)


def identify(raw: Raw, *, limits: Limits | None = None) -> str:
    """Return the id that `normalise` gives an article, at less cost: only its front matter is read."""
    if raw.media_type != "text/markdown" or raw.declared_id:
        return document_id(raw.path, raw.declared_id)
    try:
        front = read_front_matter(decode(raw.data, raw.charset).text, (limits or Limits()).front_matter_bytes)
    except RefusedInput:
        return document_id(raw.path)
    return document_id(raw.path, front.values.get("id"))


def refusal(raw: Raw) -> Quarantined | None:
    """Return why the bytes of an article are not a text; None where they are. Quick: no line is read."""
    try:
        if not decode(raw.data, raw.charset).text.strip(WHITE_SPACE):
            return Quarantined.of(raw, Cause.EMPTY)
    except RefusedInput as refused:
        return Quarantined.of(raw, refused.cause, **refused.facts)
    return None


def _plain(raw: Raw, limits: Limits) -> Text:
    decoded = decode(raw.data, raw.charset)
    text = decoded.text
    check_lines(text, limits.lines)
    front = FrontMatter({})
    titles: tuple[int, ...] = ()
    if raw.media_type == "text/markdown":
        front = read_front_matter(text, limits.front_matter_bytes)
        text, titles = _visible_markdown(text, front)
    if not text.strip(WHITE_SPACE):
        raise RefusedInput(Cause.EMPTY)
    lines = split(text)
    reading = assign(lines, _repeats(lines, front), _fixed(lines, front, titles))
    language = guess(_sample(reading))
    declared = (Declared(raw.fields, "meta"), Declared(front.values, "front-matter"))
    metadata = gather(text, reading, declared, language)
    return _finish(raw, replace(decoded, text=text), reading, front, metadata, language)


def _bare(raw: Raw, limits: Limits) -> Text:
    if raw.media_type == "text/html":
        # its libraries take 0.5 s to import
        from broadsheet.texts.html_page import read_page  # noqa: PLC0415

        decoded = decode(raw.data, raw.charset or declared_charset(raw.data))
        page = read_page(decoded.text, limits, raw.fields.get("url", ""))
        return _of_lines(raw, replace(decoded, text=page.text), page.lines)
    decoded = decode(raw.data, raw.charset)
    check_lines(decoded.text, limits.lines)
    is_markdown = raw.media_type == "text/markdown"
    front = read_front_matter(decoded.text, limits.front_matter_bytes) if is_markdown else FrontMatter({})
    text = render(decoded.text, front.end).text if is_markdown else decoded.text
    if not text.strip(WHITE_SPACE):
        raise RefusedInput(Cause.EMPTY)
    return _of_lines(raw, replace(decoded, text=text), [line for line in split(text) if line.start >= front.end])


def _of_lines(raw: Raw, decoded: Decoded, lines: Iterable[Line]) -> Text:
    return Text(
        document_id=document_id(raw.path, raw.declared_id),
        source_path=raw.path,
        source_sha256=raw.sha256,
        source_bytes=raw.size,
        media_type=raw.media_type,
        encoding=decoded.encoding,
        language="und",
        text=decoded.text,
        paragraphs=tuple(Paragraph(line.start, line.end, "body") for line in lines),
    )


def _page(raw: Raw, limits: Limits) -> Text:
    # its libraries take 0.5 s to import
    from broadsheet.texts.html_page import read_page  # noqa: PLC0415

    decoded = decode(raw.data, raw.charset or declared_charset(raw.data))
    page = read_page(decoded.text, limits, raw.fields.get("url", ""))
    reading = assign_page(page.lines, page.repeats, page.roles)
    language = guess(_sample(reading))
    declared = (Declared(raw.fields, "meta"), *page.declared)
    metadata = gather(page.text, reading, declared, language)
    day = page.guessed_day() if metadata.published is None else Declared({}, "meta")
    authors = page.guessed_authors() if metadata.authors is None else Declared({}, "text")
    if day.values or authors.values:
        metadata = gather(page.text, reading, (*declared, day, authors), language)
    found = _finish(raw, replace(decoded, text=page.text), reading, FrontMatter({}), metadata, language)
    return replace(found, findings=(*found.findings, *_page_findings(found, page)))


def _page_findings(text: Text, page: Page) -> Iterator[Finding]:
    where = {"table": "documents", "row_id": text.document_id, "path": text.source_path}
    if page.lost:
        message = f"{text.source_path}: {page.lost} paragraphs of the main text are not in the page's visible text"
        yield finding("BS221", message, "look at the roles of its lines with `broadsheet show`", **where)
    if page.refreshes:
        message = f"{text.source_path}: a refresh leads to another page, which is not fetched"
        yield finding("BS222", message, "fetch that page and add it", **where)
    for fault in page.faults:
        repair = "record what is missing in corrections/documents.csv"
        yield finding("BS224", f"{text.source_path}: {fault}", repair, **where)


def _repeats(lines: list[Line], front: FrontMatter) -> dict[int, Repeat]:
    """Return the repeats of an article without its front matter, where a title may be given that the text has too."""
    ahead = sum(line.start < front.end for line in lines)
    return {i + ahead: (first + ahead, kind) for i, (first, kind) in repeats(lines[ahead:]).items()}


def _visible_markdown(text: str, front: FrontMatter) -> tuple[str, tuple[int, ...]]:
    """Return the visible text of Markdown and the offsets of its headings of the first level."""
    rendered = render(text, front.end)
    starts = [0, *accumulate(len(line) + 1 for line in rendered.text.split("\n"))]
    return rendered.text, tuple(starts[number] for number in rendered.titles)


def _fixed(lines: list[Line], front: FrontMatter, titles: tuple[int, ...]) -> dict[int, Role]:
    """Return the roles that the format itself declares: front matter, and the only Markdown heading."""
    ahead = [i for i, line in enumerate(lines) if line.start < front.end]
    fixed: dict[int, Role] = dict.fromkeys(ahead, "boilerplate")
    headings = [i for i, line in enumerate(lines) if line.start in titles]
    if len(headings) == 1:
        fixed[headings[0]] = "title"
    return fixed


def _sample(reading: Reading) -> str:
    """Return the running text that shows the language, or the first lines if there is none."""
    body = [reading.lines[i] for i in reading.with_role("body")[:6]]
    return " ".join(line.text for line in body or reading.lines[:12])


def _finish(
    raw: Raw, decoded: Decoded, reading: Reading, front: FrontMatter, metadata: FoundMetadata, language: str
) -> Text:
    name = document_id(raw.path, raw.declared_id or front.values.get("id"))
    paragraphs = tuple(
        Paragraph(line.start, line.end, reading.roles[i], *reading.repeats.get(i, ()))
        for i, line in enumerate(reading.lines)
    )
    tag = metadata.language or language
    place = Place(name, raw, decoded.text)
    return Text(
        document_id=name,
        source_path=raw.path,
        source_sha256=raw.sha256,
        source_bytes=raw.size,
        media_type=raw.media_type,
        encoding=decoded.encoding,
        language=tag,
        text=decoded.text,
        paragraphs=paragraphs,
        published_text=metadata.published_text,
        **{column: getattr(metadata, column) for column in METADATA},
        findings=tuple(_findings(place, decoded, paragraphs, metadata, tag, front)),
    )


def _findings(
    place: Place,
    decoded: Decoded,
    paragraphs: tuple[Paragraph, ...],
    metadata: FoundMetadata,
    language: str,
    front: FrontMatter,
) -> Iterator[Finding]:
    where = {"table": "documents", "row_id": place.document_id, "path": place.path}
    if decoded.guessed:
        message = f"{place.path}: it is not UTF-8 and was read as windows-1252"
        yield finding("BS211", message, "save the article as UTF-8", column="encoding", **where)
    if front.fault:
        repair = "correct the block, or remove its first line"
        yield finding("BS204", f"{place.path}:1: front matter refused: {front.fault}", repair, line=1, **where)
    yield from _unread(place, metadata)
    yield from _of_characters(place, decoded)
    yield from islice(quotation_marks(place, paragraphs), MOST)
    yield from islice(secrets(place), MOST)
    yield from other_language(place.document_id, place.path, language)
    if not any(paragraph.role == "body" for paragraph in paragraphs):
        message = f"{place.path}: no line reads as the running text of an article"
        yield finding("BS220", message, "fetch the article again, or remove the file", **where)
    for span, words, readings in metadata.unsettled:
        is_open = readings > 1
        code, why = (
            ("BS218", f"can be read in {readings} ways") if is_open else ("BS219", "is not a day of the calendar")
        )
        repair = "record the day in corrections/, or write it as YYYY-MM-DD in the source's front matter"
        message = f"{place.path}: the date {words[:60]!r} {why}; published stays empty"
        at = span or _declared(words, place.text, front)
        stretch = {"start": at.start, "end": at.end} if at else {}
        yield finding(code, message, repair, column="published", found=words[:60], **where, **stretch)


def _unread(place: Place, metadata: FoundMetadata) -> Iterator[Finding]:
    """Yield the declared values that are not of the form of their column."""
    expected = {"url": "an address like https://example.org/story", "license": "an SPDX identifier like CC-BY-4.0"}
    for column, words in metadata.unread:
        message = f"{place.path}: the declared {column} {words[:60]!r} is not used; expected {expected[column]}"
        where = {"table": "documents", "row_id": place.document_id, "path": place.path, "column": column}
        yield finding("BS224", message, "record it in corrections/documents.csv", found=words[:60], **where)


def _of_characters(place: Place, decoded: Decoded) -> Iterator[Finding]:
    """Yield what is odd about the characters; U+FFFD is reported once, where it was put in or where it was found."""
    odd = list(odd_characters(place))
    if not decoded.lost:
        yield from odd
        return
    line, column = decoded.lost[0]
    message = f"{place.path}:{line}:{column}: a byte that is not UTF-8 was replaced by U+FFFD"
    repair = "write the character that belongs there, and save the article as UTF-8"
    where = {"table": "documents", "row_id": place.document_id, "path": place.path, "column": "text"}
    yield finding("BS225", message, repair, line=line, column_number=column, total=len(decoded.lost), **where)
    yield from (one for one in odd if one.code != "BS223")


def _declared(words: str, text: str, front: FrontMatter) -> Span | None:
    """Return where the front matter has these words."""
    start = text.find(words, 0, front.end)
    return Span(start, start + len(words)) if start >= 0 else None
