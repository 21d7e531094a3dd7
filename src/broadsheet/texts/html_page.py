"""Pages: HTML to the visible text of the page in order, its lines with roles, its metadata.

resiliparse gives the text, boilerplate included: it is the canonical text, so every span is exact by construction.
Which of its lines are the article, `html_main_text` says. Our rules then read the lines that were taken or left.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
from lxml import html
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from broadsheet.findings.quarantine import Cause, RefusedInput
from broadsheet.model import WHITE_SPACE, Role, Span
from broadsheet.project import Limits
from broadsheet.texts.bylines import Credit, credit, is_name
from broadsheet.texts.dates import find
from broadsheet.texts.decoding import check_lines
from broadsheet.texts.html_days import guessed_day
from broadsheet.texts.html_edges import trim
from broadsheet.texts.html_main_text import main_text
from broadsheet.texts.html_metadata import PageMetadata, page_metadata
from broadsheet.texts.line_features import page_feature
from broadsheet.texts.lines import Line, fold, letters, split
from broadsheet.texts.metadata import Declared, is_of_change
from broadsheet.texts.repeated_paragraphs import Repeat, repeats

__all__ = ["Page", "read_page"]

# characters and tags of a page beyond which the rules for plain text read it: extractors would take minutes
EXTRACTED = 4 << 20
ELEMENTS = 100_000
DATED = 30  # words of a line in which a day is looked for
NEAR_HEAD = 24  # lines above the main text in which a name may be the author's
ABOVE_NAME = 4  # elements around a name of which one is called a byline
BETWEEN = 6  # lines from a headline to its text, so that a name between them is the author's
LONGEST_BYLINE = 300  # characters of an element that names the author
HEADING = 14  # words of an emphasised paragraph that is a heading
LEAST = 12  # words of an article without a full stop

_REFRESH = re.compile(r"<meta[^>]{0,200}?http-equiv\s*=\s*[\"']?refresh[^>]{0,300}?url\s*=", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_FIGURE = re.compile(r"<(/?)fig(?:ure|caption)\b", re.IGNORECASE)  # resiliparse leaves figures out of its text
_OFFER = re.compile(
    r"\b(?:get|gain|unlock) (?:full |unlimited |instant )?access (?:to|now)\b|\b(?:continue|keep) reading with\b"
    r"|\balready (?:a (?:subscriber|member)|subscribed)\b|\bcancel (?:your subscription )?(?:at )?any ?time\b"
    r"|\bsubscribers? only\b|\bfree trial\b|\bjetzt abonnieren\b|\bbereits abonnent"
)
_ROW = re.compile(r"[^\t│|]*\d[^\t│|]*[\t│|]+[^\t│|]*\d")  # of a table of figures
_AUTHOR = re.compile(r"author|byline|writer|contributor|autor|auteur", re.IGNORECASE)
_BY = re.compile(r"(?<![a-zA-Z])[Bb]y [^\W\d_a-z].*")
_VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
_CLOSED_BY_NEXT = ("p", "li", "dt", "dd", "tr", "td", "th", "option", "thead", "tbody", "tfoot")
_FLAT = frozenset((*_VOID, *_CLOSED_BY_NEXT))
_TAKEN = frozenset({"body", "subheading"})
_DASHES = "-–—•"
_STOPS = (".", "!", "?", ":", "…", "。")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as text: its lines, what repeats, the roles that markup and extractors give, what it declares.

    `refreshes`: it leads to another page; `lost`: paragraphs of the main text that are not among its lines; `faults`:
    what of its declarations cannot be read; `is_open`: its clock leaves two days open; `tree`: the page parsed by lxml.
    """

    text: str
    lines: list[Line]
    repeats: dict[int, Repeat]
    roles: dict[int, Role]
    declared: tuple[Declared, ...]
    refreshes: bool
    lost: int
    faults: tuple[str, ...]
    is_open: bool
    tree: html.HtmlElement

    def guessed_day(self) -> Declared:
        """Return the day of publication that htmldate finds, with its place where a line of the page names it.

        A day that only rows of tables and lines about changes name is not the day of publication.
        """
        day = None if self.is_open else guessed_day(self.tree)
        if day is None:
            return Declared({}, "meta")
        named = list(_days(self.lines, day))
        if not named:
            return Declared({"published": str(day)}, "meta")
        place = next((span for line, span in named if not _is_of_other_day(line, span)), None)
        values = {"published": place.slice(self.text)} if place else {}
        return Declared(values, "text", {"published": place} if place else {})

    def guessed_authors(self) -> Declared:
        """Return the authors that a line above the text names after other words: "3 May 2021 by Ada Quay"."""
        top, body = _first(self.roles, "title"), _first(self.roles, "body")
        named = [(line.start, match) for line in self.lines[top : body + 1] for match in _by(line)]
        credited = [(at + match.start(), credit(match[0]) or Credit()) for at, match in named]
        at, found = next((one for one in credited if one[1].authors), (0, Credit()))
        if not found.authors:
            return Declared({}, "text")
        names = "; ".join(author.value for author in found.authors)
        place = Span(at + found.authors[0].start, at + found.authors[-1].end)
        return Declared({"authors": names}, "text", {"authors": place})


def _days(lines: list[Line], day: dt.date) -> Iterator[tuple[Line, Span]]:
    """Yield the places where short lines name a day."""
    dated = ((line, found) for line in lines if line.count <= DATED for found in find(line.text))
    for line, found in dated:
        if found.readings == (day,):
            yield line, Span(line.start + found.start, line.start + found.end)


def _is_of_other_day(line: Line, span: Span) -> bool:
    """Return whether a date is in a row of a table or says when something was changed."""
    return "\t" in line.text or is_of_change(line.text[: span.start - line.start])


def _first(roles: dict[int, Role], role: Role) -> int:
    """Return the position of the first line of a role, 0 if there is none."""
    return min((i for i, found in roles.items() if found == role), default=0)


def _by(line: Line) -> Iterator[re.Match[str]]:
    """Return the places of a short line at which a byline may begin."""
    return _BY.finditer(line.text) if line.count <= DATED else iter(())


def read_page(markup: str, limits: Limits, address: str = "") -> Page:
    """Return a page as text; `address` is where it was fetched, if that is known.

    Raises:
        RefusedInput: the page has no visible text, nests too deeply or has too many lines.
    """
    if (depth := _depth(markup, limits.depth)) > limits.depth:
        raise RefusedInput(Cause.DEPTH, depth=depth, limit=limits.depth)
    page = HTMLTree.parse(_FIGURE.sub(r"<\1div", markup))
    text = extract_plain_text(
        page, preserve_formatting=True, main_content=False, list_bullets=False, alt_texts=False, links=False
    )
    if not text.strip(WHITE_SPACE):
        raise RefusedInput(Cause.EMPTY)
    check_lines(text, limits.lines)
    lines = split(text, wrapped=False)
    tree = html.document_fromstring(markup.encode("utf-8", "replace"), parser=_parser())
    metadata = page_metadata(tree, markup, lines, address)
    is_extracted = len(markup) <= EXTRACTED and markup.count("<") <= ELEMENTS
    roles, lost = _roles(tree, page, lines) if is_extracted else ({}, 0)
    _mark_title(lines, roles, metadata.declared)
    trim(lines, roles)
    roles |= _names_beside(tree, lines, roles, metadata)
    near = {i for i, role in roles.items() if role != "title"}
    found = {i: r for i, r in repeats(lines, near).items() if (roles.get(i) in _TAKEN) <= (roles.get(r[0]) in _TAKEN)}
    declared = _placed(lines, roles, metadata.declared)
    refreshes = _REFRESH.search(markup) is not None
    return Page(text, lines, found, roles, declared, refreshes, lost, metadata.faults, metadata.is_open, tree)


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


def _depth(markup: str, cap: int) -> int:
    """Return how deeply elements nest, as far as it matters: an upper bound where that is small."""
    data = np.frombuffer(markup.encode("utf-8", "replace"), np.uint8)
    after = data[np.flatnonzero(data[:-1] == ord("<")) + 1]
    letters = ((after | 32) >= ord("a")) & ((after | 32) <= ord("z"))
    steps = letters.astype(np.int64) - (after == ord("/"))
    if not len(steps) or int(np.max(np.cumsum(steps))) <= cap:
        return 0
    depth = deepest = 0
    for match in _TAG.finditer(markup):
        if match[3] or match[2].lower() in _FLAT:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _roles(tree: html.HtmlElement, page: HTMLTree, lines: list[Line]) -> tuple[dict[int, Role], int]:
    """Return the roles of the main text's lines and of captions, and how many paragraphs of the main text were lost."""
    main = main_text(tree, page, lines)
    headings = _headings(tree)
    captions = _keys(tree.iter("figcaption"))
    taken = main.lines | _headings_between(lines, main.lines, headings)
    roles: dict[int, Role] = {i: _main_role(lines[i], headings) for i in sorted(taken)}
    roles.update({i: "caption" for i, line in enumerate(lines) if line.key in captions})
    words = sum(lines[i].count for i in roles)
    is_sentence = any(lines[i].stops for i in roles)
    if words < LEAST and not is_sentence:  # labels of a form are not an article
        return {}, 0
    return roles, main.lost


def _headings_between(lines: list[Line], taken: frozenset[int], headings: set[str]) -> set[int]:
    """Return the headings right before a line of the main text, but not before the first."""
    following = sorted(taken)[1:]
    return {i - 1 for i in following if i - 1 not in taken and lines[i - 1].key in headings}


def _names_beside(
    tree: html.HtmlElement, lines: list[Line], roles: dict[int, Role], metadata: PageMetadata
) -> dict[int, Role]:
    """Return as boilerplate what looks like a name above the main text, but is not an author's.

    An author is declared, or called so by the markup, or named right between the headline and the text.
    """
    title, first = _first(roles, "title"), _first(roles, "body")
    near = range(max(0, first - NEAR_HEAD), first)
    names = {i: lines[i] for i in filter(lambda i: i not in roles, near) if _is_bare_name(lines[i])}
    if not names:
        return {}
    authors = _known_authors(tree, {line.key for line in names.values()}, metadata)
    own = {i for i, line in names.items() if line.key in authors or title == i - 1 >= first - BETWEEN}
    own -= {i for i, line in names.items() if letters(line.text) in metadata.not_authors}
    return dict.fromkeys(names.keys() - own, "boilerplate")


def _is_bare_name(line: Line) -> bool:
    return line.count <= 5 and is_name(line.text) and credit(line.text) is None


def _known_authors(tree: html.HtmlElement, keys: set[str], metadata: PageMetadata) -> set[str]:
    """Return those of some folded names that are declared, or in a short element which markup calls a byline."""
    declared = "\n".join(fold(source.values.get("authors", "")) for source in metadata.declared)
    marked = {key for key, node in _short_texts(tree) if key in keys and _is_in_byline(node)}
    return marked | set(filter(declared.__contains__, keys))


def _short_texts(tree: html.HtmlElement) -> Iterator[tuple[str, html.HtmlElement]]:
    """Yield the short texts at the start of elements, folded."""
    texts = ((node.text or "", node) for node in tree.iter())
    return ((fold(text), node) for text, node in texts if 2 < len(text) <= LONGEST_BYLINE)


def _is_in_byline(node: html.HtmlElement) -> bool:
    return any(map(_is_byline, chain([node], islice(node.iterancestors(), ABOVE_NAME))))


def _is_byline(node: html.HtmlElement) -> bool:
    return _AUTHOR.search(_called(node)) is not None and len(node.text_content().strip()) <= LONGEST_BYLINE


def _called(node: html.HtmlElement) -> str:
    """Return what the attributes of an element call it, and where a link leads."""
    link = (node.get("href") or "") if node.tag == "a" else ""
    names = [node.get(attribute) or "" for attribute in ("class", "rel", "itemprop", "id")]
    return " ".join([*names, "author" if "author" in link else ""])


def _keys(nodes: Iterable[html.HtmlElement]) -> set[str]:
    """Return the folded texts of elements."""
    return {fold(node.text_content()) for node in nodes}


def _headings(tree: html.HtmlElement) -> set[str]:
    """Return the folded texts of headings, and of emphasised paragraphs that are short and not sentences or items."""
    emphasised = _keys(filter(_is_emphasised, tree.iter("p")))
    short = {key for key in emphasised if key.count(" ") < HEADING and not (key.endswith(_STOPS) or key[0] in _DASHES)}
    return short | _keys(tree.iter("h2", "h3", "h4", "h5"))


def _is_emphasised(node: html.HtmlElement) -> bool:
    """Return whether a paragraph is one emphasised phrase, as old pages write headings."""
    inner = node[0] if len(node) == 1 else node
    is_alone = not (node.text or "").strip() and not (inner.tail or "").strip()
    return inner.tag in {"b", "strong"} and is_alone and bool(inner.text_content().strip())


def _main_role(line: Line, headings: set[str]) -> Role:
    """Return the role of a line of the main text: mostly body, but also what pages put between paragraphs."""
    is_short = line.count <= 30
    if is_short and _OFFER.search(line.key):
        return "boilerplate"
    is_row = _ROW.match(line.text) is not None
    found = page_feature(line) if is_short and not is_row else None
    if found:
        return found.role
    return "subheading" if line.key in headings else "body"


def _mark_title(lines: list[Line], roles: dict[int, Role], declared: tuple[Declared, ...]) -> None:
    """Give the role title to the first line that is the declared title, and none to its copies."""
    titles = {fold(source.values.get("title", "")) for source in declared}
    first = next(filter(titles.__contains__, (line.key for line in lines)), None)
    copies = [i for i, line in enumerate(lines) if line.key == first]
    for i in copies:
        roles.pop(i, None)
    roles.update(dict.fromkeys(copies[:1], "title"))


def _placed(lines: list[Line], roles: dict[int, Role], declared: tuple[Declared, ...]) -> tuple[Declared, ...]:
    """Add to the declared titles where they stand in the text."""
    place = next((i for i, role in roles.items() if role == "title"), None)
    if place is None:
        return declared
    span = Span(lines[place].start, lines[place].end)
    return tuple(
        Declared(d.values, d.origin, {"title": span} if fold(d.values.get("title", "")) == lines[place].key else {})
        for d in declared
    )
