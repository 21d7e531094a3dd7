"""Pages: HTML to the visible text of the page in order, its lines with roles, its metadata. Needs `broadsheet[html]`.

resiliparse gives the text, boilerplate included: it is the canonical text, so every span is exact by construction.
Which of its lines are the article the page says itself, by its JSON-LD or plainly by its markup; else trafilatura (fast
mode) judges. Our rules then read the lines that were taken or left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

import numpy as np

from broadsheet.model import Role, Span
from broadsheet.project import Limits
from broadsheet.quarantine import Cause, RefusedInput
from broadsheet.texts.decoding import check_lines
from broadsheet.texts.html_main_text import article_body
from broadsheet.texts.html_metadata import page_metadata
from broadsheet.texts.line_features import page_feature
from broadsheet.texts.lines import WHITE, Line, fold, split
from broadsheet.texts.metadata import Declared
from broadsheet.texts.repeated_paragraphs import Repeat, repeats

try:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree
    from trafilatura import extract
except ImportError:  # pragma: no cover - the extra is installed where this is tested
    HTMLTree = None

# characters and tags of a page beyond which the rules for plain text read it: extractors would take minutes
EXTRACTED = 4 << 20
ELEMENTS = 100_000

__all__ = ["Page", "declared_charset", "lost", "read_page"]

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_REFRESH = re.compile(r"<meta[^>]{0,200}?http-equiv\s*=\s*[\"']?refresh[^>]{0,300}?url\s*=", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_FIGURE = re.compile(r"<(/?)fig(?:ure|caption)\b", re.IGNORECASE)  # resiliparse leaves figures out of its text
_BLOCK = re.compile(
    r"<(?P<kind>h[2-5]|figcaption)\b[^<>]{0,500}>(?P<inside>(?:(?!<(?:h[1-6]|figcaption)\b).){0,2000}?)</(?P=kind)>",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_FLAT = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "option",
        "thead",
        "tbody",
        "tfoot",
    ]
)
_MAIN = 0.7  # share of a line's shingles that stand in the main text, for lines that are not found whole


@dataclass(frozen=True, slots=True)
class Page:
    """A page as text: its lines, what repeats, the roles that the markup tells, what it declares, what is odd."""

    text: str
    lines: list[Line]
    repeats: dict[int, Repeat]
    roles: dict[int, Role]
    declared: tuple[Declared, ...]
    refreshes: bool
    lost: int  # main paragraphs that are not found again among the lines


def declared_charset(data: bytes) -> str | None:
    """Return the charset a page declares in its first kilobytes."""
    match = _CHARSET.search(data[:4096])
    return (match[1] or match[2]).decode("ascii") if match else None


def read_page(markup: str, limits: Limits) -> Page:
    """Return a page as text.

    Raises:
        RefusedInput: the page has no visible text, nests too deeply, has too many lines, or its libraries are missing.
    """
    if HTMLTree is None:
        raise RefusedInput(Cause.NO_LIBRARY)
    if (depth := _depth(markup, limits.depth)) > limits.depth:
        raise RefusedInput(Cause.DEPTH, depth=depth, limit=limits.depth)
    tree = HTMLTree.parse(_FIGURE.sub(r"<\1div", markup))
    text = extract_plain_text(
        tree, preserve_formatting=True, main_content=False, list_bullets=False, alt_texts=False, links=False
    )
    if not text.strip(WHITE):
        raise RefusedInput(Cause.EMPTY)
    check_lines(text, limits.lines)
    lines = split(text, wrapped=False)
    declared, body = page_metadata(tree, markup)
    roles, lost = _roles(lines, body, markup) if body else ({}, 0)
    if not _is_whole(lines, roles, body) and len(markup) <= EXTRACTED and markup.count("<") <= ELEMENTS:
        main = article_body(tree, lines)
        if main is None:
            main = extract(markup, fast=True, include_comments=False) or ""
        roles, lost = _roles(lines, main, markup)
    found = {i: r for i, r in repeats(lines, roles).items() if (roles.get(i) in _TAKEN) <= (roles.get(r[0]) in _TAKEN)}
    _mark_title(lines, roles, declared, found)
    return Page(text, lines, found, roles, _placed(lines, roles, declared), _REFRESH.search(markup) is not None, lost)


_TAKEN = frozenset({"body", "subheading"})


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


def _roles(lines: list[Line], main: str, markup: str) -> tuple[dict[int, Role], int]:
    """Return the roles of the main text's lines, headings and captions, and how many of its paragraphs were lost."""
    whole = [key for piece in main.split("\n") if (key := fold(piece.strip(WHITE + "-|")))]
    wanted = set(whole)
    words = " ".join(whole).split()
    grams = set(zip(words, words[1:], words[2:], words[3:], strict=False))
    headings, linked, captions = _blocks(markup)
    roles: dict[int, Role] = {}
    met: set[str] = set()
    for i, line in enumerate(lines):
        if line.key in captions or line.key in wanted or _stands_in(line, grams):
            roles[i] = "caption" if line.key in captions else _main_role(line, headings)
            met.add(line.key)
    _drop_strays(lines, roles)
    _drop_comments(lines, roles)
    _drop_teasers(lines, roles, linked)
    running = any(lines[i].sentence or lines[i].stops for i in roles)
    return (roles, lost(wanted, met)) if running else ({}, 0)  # a form's labels are no article


def _is_whole(lines: list[Line], roles: dict[int, Role], body: str) -> bool:
    """Return whether the article's body, as the page itself declares it, is found again among the lines."""
    found = sum(lines[i].count for i, role in roles.items() if role in _TAKEN)
    return bool(body) and abs(found - len(body.split())) <= 0.1 * found


def lost(wanted: set[str], met: set[str]) -> int:
    """Return how many paragraphs of the extractor (folded, longer than 8 words) are not among the lines met."""
    missing = [key for key in wanted - met if len(key.split()) > 8]
    return sum(
        not (any(part in key for part in met if len(part) > 40) or any(key in part for part in met)) for key in missing
    )


def _stands_in(line: Line, grams: set[tuple[str, str, str, str]]) -> bool:
    if line.count < 6:
        return False
    words = line.key.split()
    others, count = 0, len(words) - 3
    for gram in zip(words, words[1:], words[2:], words[3:], strict=False):
        if gram not in grams:
            others += 1
            if count - others < _MAIN * count:  # most lines of a page are far from it: no need to look further
                return False
    return True


def _main_role(line: Line, headings: set[str]) -> Role:
    """Return the role of a line that the extractor took: mostly body, but also what pages put between paragraphs."""
    key = line.key
    found = page_feature(line) if line.count <= 30 and len(key) <= 240 else None
    if found:
        return found.role
    return "subheading" if key in headings else "body"


def _drop_strays(lines: list[Line], roles: dict[int, Role]) -> None:
    """Take back short lines far before the first running text: words of a menu that also stand in the article."""
    first = next((i for i in sorted(roles) if roles[i] == "body" and lines[i].sentence), None)
    if first is None:
        return
    for i in [i for i in roles if i < first - 3 and roles[i] in _TAKEN and not lines[i].sentence]:
        del roles[i]


def _heads_comments(line: Line) -> bool:
    found = page_feature(line)
    return found is not None and found.heads == "comments"


def _drop_comments(lines: list[Line], roles: dict[int, Role]) -> None:
    """Take back what follows the heading of the readers' comments, if most of the main text stands before it."""
    total = sum(lines[i].count for i in roles)
    cuts = (i for i, line in enumerate(lines) if line.count <= 8 and _heads_comments(line))
    cut = next((c for c in cuts if 2 * sum(lines[i].count for i in roles if i < c) > total), len(lines))
    for i in [i for i in roles if i > cut]:
        roles[i] = "boilerplate"


def _drop_teasers(lines: list[Line], roles: dict[int, Role], linked: set[str]) -> None:
    """Take back boxes that lead to other articles: headings that are links, and the one cut-off line below each."""
    teasers = [i for i, role in sorted(roles.items()) if role == "subheading" and lines[i].key in linked]
    if len(teasers) < 2:
        return
    also = set(teasers)
    for i in teasers:
        roles[i] = "crosslink"
        below = i + 1
        cut_off = below < len(lines) and lines[below].text.endswith(("…", "..."))
        if roles.get(below) == "body" and (cut_off or below + 1 in also):
            roles[below] = "boilerplate"


def _blocks(markup: str) -> tuple[set[str], set[str], set[str]]:
    """Return the folded words of the page's headings, of those that are links, and of its captions.

    From the markup itself: asking the tree for the text of every heading costs as much as all the rest.
    """
    headings: set[str] = set()
    linked: set[str] = set()
    captions: set[str] = set()
    for match in _BLOCK.finditer(markup):
        key = fold(unescape(_ANY_TAG.sub("", match["inside"])))
        if match["kind"].lower() == "figcaption":
            captions.add(key)
        else:
            headings.add(key)
            if "</a" in match["inside"].lower():
                linked.add(key)
    return headings, linked, captions


def _mark_title(
    lines: list[Line], roles: dict[int, Role], declared: tuple[Declared, ...], found: dict[int, Repeat]
) -> None:
    """Give the role title to the first line that is the declared title."""
    titles = {fold(source.values["title"]) for source in declared if source.values.get("title")}
    place = next((i for i, line in enumerate(lines) if line.key in titles), None)
    if place is not None:
        roles[place] = "title"
        for i, (copy, _) in found.items():
            if copy == place:
                roles.pop(i, None)


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
