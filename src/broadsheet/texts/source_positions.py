"""Where a stretch of the canonical text is in the file that a person can edit."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser

from broadsheet.model import Raw
from broadsheet.texts.decoding import decode
from broadsheet.texts.html_charset import declared_charset

__all__ = ["locate"]

COMPRESSED = (".gz", ".zst")
HIDDEN = frozenset({"script", "style", "template", "noscript"})
WORDS = 60  # characters, white space aside, by which a place in a page is recognised

SHORTER = (20, 8, 3, 1)  # fewer such characters, where markup is between them in a line of Markdown

Place = tuple[int, int]


def locate(raw: Raw, text: str, start: int) -> Place | None:
    """Return line and column (both from 1; columns count code points) of a code point of an article's canonical text.

    A record of JSON Lines is placed at its line, a stretch of a page where its words are in the markup. None if the
    file has no lines that a person can edit: a compressed file, Parquet, WARC.
    """
    if raw.record is not None:
        return None if raw.line is None else (raw.line, 1)
    if raw.path.lower().endswith(COMPRESSED):
        return None
    if raw.media_type == "text/html":
        return _in_page(decode(raw.data, raw.charset or declared_charset(raw.data)).text, text, start)
    line, column = text.count("\n", 0, start), start - text.rfind("\n", 0, start) - 1
    if raw.media_type == "text/markdown":
        shown, written = (words.split("\n")[line] for words in (text, decode(raw.data, raw.charset).text))
        column = _in_markdown(shown, written, column)
    return line + 1, column + 1


def _in_markdown(shown: str, written: str, start: int) -> int:
    """Return where a character of a line that a reader sees is in the line as it is written.

    It is found by the words from there on, as many of them as have no markup in between; of several such places the one
    with as many before it.
    """
    for size in (WORDS, *SHORTER):
        words = shown[start : start + size]
        parts = written.split(words) if words else [""]
        before = shown.count(words, 0, start) if words else 0
        if before < len(parts) - 1:
            return sum(map(len, parts[: before + 1])) + before * len(words)
    return start


def _in_page(markup: str, text: str, start: int) -> Place:
    """Find the words in the markup, of several such places the one with as many before it; else the page's start."""
    bare = "".join(text[start:].split())[:WORDS]
    before = "".join(text[:start].split())
    page = _VisibleCharacters()
    page.feed(markup)
    page.close()
    seen, at = "".join(page.characters), -1
    for _ in range(before.count(bare) + 1 if bare else 0):
        following = seen.find(bare, at + 1)
        at = at if following < 0 else following
    return page.places[at] if at >= 0 else (1, 1)


class _VisibleCharacters(HTMLParser):
    """The visible characters of a page, white space aside, each with its place in the markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.characters: list[str] = []
        self.places: list[Place] = []
        self.hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's words
        """Leave out what no reader sees."""
        self.hidden = self.hidden or (tag if tag in HIDDEN else "")

    def handle_endtag(self, tag: str) -> None:
        """See what comes after it again."""
        self.hidden = "" if tag == self.hidden else self.hidden

    def handle_data(self, data: str) -> None:
        """Keep characters with their places."""
        line, column = self.getpos()
        for character in data:
            self._keep(character, line, column)
            line, column = (line + 1, 0) if character == "\n" else (line, column + 1)

    def handle_entityref(self, name: str) -> None:
        """Keep what `&name;` stands for at its place."""
        self._whole(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Keep what `&#name;` stands for at its place."""
        self._whole(f"&#{name};")

    def _whole(self, reference: str) -> None:
        for character in unescape(reference):
            self._keep(character, *self.getpos())

    def _keep(self, character: str, line: int, column: int) -> None:
        if not self.hidden and not character.isspace():
            self.characters.append(character)
            self.places.append((line, column + 1))
