"""What holds for every article that was read, whatever its bytes are."""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.model import Extraction, Span, Text

ROLES = {"title", "subtitle", "byline", "dateline", "caption", "subheading", "body", "crosslink", "boilerplate"}
WHITE_SPACE = "\t\n\x0b\x0c\r \x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


def check_text(text: Text) -> None:
    """Check what holds for every article that was taken."""
    at = 0
    for position, paragraph in enumerate(text.paragraphs):
        assert not text.text[at : paragraph.start].strip(WHITE_SPACE)
        assert at <= paragraph.start < paragraph.end <= len(text.text)
        assert text.text[paragraph.start] not in WHITE_SPACE
        assert text.text[paragraph.end - 1] not in WHITE_SPACE
        assert paragraph.role in ROLES
        if paragraph.duplicate_of is not None:
            first = text.paragraphs[paragraph.duplicate_of]
            assert paragraph.duplicate_of < position
            assert first.duplicate_of is None
            assert first.role == paragraph.role
        assert (paragraph.duplicate_of is None) == (paragraph.duplicate_kind is None)
        at = paragraph.end
    assert not text.text[at:].strip(WHITE_SPACE)
    for evidence in (text.title, text.publisher, text.published):
        if evidence and evidence.span:
            assert 0 <= evidence.span.start < evidence.span.end <= len(text.text)
    if text.title and text.title.origin == "text" and text.title.span:
        assert _letters(text.title.span.slice(text.text)) == _letters(text.title.value)
    if text.published and text.published.span:
        assert _letters(text.published.span.slice(text.text)) == _letters(text.published_text or "")
    for finding in text.findings:
        finding.message.encode("utf-8")
        assert "\n" not in finding.message


def _letters(words: str) -> str:
    """Return letters and digits alone: a value of a table has no controls, and single blanks."""
    return "".join(c for c in words if c.isalnum())


def check_extraction(text: Text, found: Extraction) -> None:
    """Check that what was extracted lies in the text: no span is empty, no mention overlaps another."""
    at = 0
    for mention in found.mentions:
        assert at <= mention.start < mention.end <= len(text.text)
        assert 0 <= mention.cluster < len(found.clusters)
        at = mention.end
    for claim in found.claims:
        parts = (claim.attribution.source, claim.attribution.cue, claim.attribution.content)
        assert any(parts)
        for part in parts:
            _check_spans(text, part)


def _check_spans(text: Text, spans: Iterable[Span]) -> None:
    at = 0
    for span in spans:
        assert at <= span.start < span.end <= len(text.text)
        assert span.slice(text.text).strip(WHITE_SPACE)
        at = span.end
