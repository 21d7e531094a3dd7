"""Markdown as a reader sees it, line by line: the text without its markup has the lines of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = ["Rendered", "render"]

_TAG = re.compile(r"<!--.*?-->|<[^<>]*>")
_BREAKS = frozenset({"softbreak", "hardbreak"})
_WORDS = frozenset({"text", "code_inline", "text_special"})


@dataclass(frozen=True, slots=True)
class Rendered:
    """The visible text, and the number (from 0) of each line that is a heading of the first level."""

    text: str
    titles: tuple[int, ...]


def render(text: str, start: int = 0) -> Rendered:
    r"""Return the visible text of Markdown; what is before `start` (front matter) stays as it is.

    Every line of the file is one line of the result, empty where a reader sees nothing.

    >>> render("# Pier *reopens*\n\nThe [mayor](https://a.example) said so.").text
    'Pier reopens\n\nThe mayor said so.'
    """
    ahead, body = text[:start], text[start:]
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    lines = [""] * (body.count("\n") + 1)
    for token in tokens:
        for number, words in _visible(token):
            lines[number] = f"{lines[number]} {words}".strip()
    skipped = ahead.count("\n")
    titles = [skipped + token.map[0] for token in tokens if token.map and token.tag == "h1" and token.nesting == 1]
    return Rendered(ahead + "\n".join(lines), tuple(titles))


def _visible(token: Token) -> Iterator[tuple[int, str]]:
    """Yield the number of each line of a block and the words that a reader sees in it."""
    if token.map is None:
        return
    start, end = token.map
    words: Sequence[str] = ()
    if token.type == "list_item_open":
        words = [f"{token.info}{token.markup}" if token.info else "•"]
    elif token.type == "inline":
        words = _inline(token.children or []).split("\n")
    elif token.type in {"fence", "code_block"}:
        start += token.type == "fence"
        words = token.content.rstrip("\n").split("\n")
    elif token.type == "html_block":
        words = unescape(_TAG.sub("", token.content)).split("\n")
    yield from zip(range(start, end), words, strict=False)


def _inline(children: Sequence[Token]) -> str:
    """Return the words of a paragraph, with its line breaks."""
    return "".join(map(_words, children))


def _words(token: Token) -> str:
    if token.type == "image":
        return _inline(token.children or [])
    if token.type in _BREAKS:
        return "\n"
    return token.content if token.type in _WORDS else ""
