"""The article's body in a page, where its markup plainly tells: the smallest element that holds the running text.

What stands in boxes that name themselves (comments, letters, other stories) is left out. Where running text remains
that neither the element nor such a box accounts for, nothing is told: then an extractor must judge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from broadsheet.texts.lines import Line, fold

__all__ = ["article_body"]

MOST = 3000  # paragraphs looked at: a page with more is no article
SHARE = 0.85  # share of the running text that the element must hold
UNTOLD = 0.25  # running text that may stand in neither the element nor a box, beside what stands in the element
ENOUGH = 60  # words of running text, in at least two paragraphs
LINKED = 0.6  # share of a short block's characters from which on it is a link

_BOXES = frozenset(["aside", "nav", "footer", "form", "figure", "button", "dialog", "template", "noscript"])
_BOX_NAMES = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|respond|discussion|disqus|repl(?:y|ies)|related|recommended|recirc|more-stories|more-news|read-next|teasers?|promos?|sidebar|rail"
    r"|widgets?|newsletters?|signup|sign-up|subscri\w+|consent|cookies?|cmp|gdpr|modal|popup|overlay|banner|paywall|bio|author-(?:box|info)|about-author|share|sharing|social|sharedaddy"
    r"|ads?|advert\w*|sponsor\w*|nav|menu|breadcrumbs?|captions?|pull-?quote|tags|copyright|legal|disclaimer)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BLOCKS = "p, li, h2, h3, h4, h5, pre, dd"
_LEAVES = "p, div, td"
_HOLDERS = frozenset(["div", "td"])
_INNER = "div, p, table, ul, ol, section, article, blockquote, h1, h2, h3, h4, h5"
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_CUT = ("…", "...", "[…]", ":")  # ends of what leads to more
_LINK = re.compile(r"<a\b[^<>]*>(.*?)</a>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True, eq=False)
class _Element:
    """An element of the page, how deep it stands, and the box it is or stands in, if any."""

    node: Any
    above: _Element | None
    depth: int
    boxed: bool


class _Ancestors:
    """The elements above paragraphs, each looked at once."""

    def __init__(self) -> None:
        self._known: dict[Any, _Element] = {}

    def of(self, node: Any) -> _Element | None:
        """Return the element that a node stands in; None above the body."""
        unknown: list[Any] = []
        parent = node.parent
        while parent is not None and parent.tag not in {"html", "body"} and parent not in self._known:
            unknown.append(parent)
            parent = parent.parent
        found = self._known.get(parent)
        for one in reversed(unknown):
            boxed = (found is not None and found.boxed) or _is_box(one)
            found = self._known[one] = _Element(one, found, found.depth + 1 if found else 0, boxed)
        return found


def article_body(tree: Any, lines: list[Line]) -> str | None:
    """Return the paragraphs, headings and list items of the article, one a line; None where the page does not tell.

    Pages without paragraph elements are read by their innermost divisions, cut at line breaks.
    """
    if tree.body is None:
        return None
    ancestors = _Ancestors()
    for paragraphs in ("p", _LEAVES):
        open_, boxed = [], []
        for node in _blocks(tree.body, paragraphs):
            above, text = ancestors.of(node), node.text
            if (above and above.boxed) or _is_box(node):
                boxed.append(text)
            elif above and _runs(text):
                open_.append((above, len(text)))
        element = _holder(open_)
        own = list(_own_texts(element.node, f"{paragraphs}, {_BLOCKS}", ancestors)) if element else []
        if _accounts_for(lines, own, boxed):
            return "\n".join(own)
    return None


def _blocks(node: Any, selector: str) -> list[Any]:
    """Return the elements that a selector names; of those that may hold others, only the innermost."""
    found: list[Any] = node.query_selector_all(selector)[:MOST]
    if selector.startswith(_LEAVES):
        return [block for block in found if block.tag not in _HOLDERS or block.query_selector(_INNER) is None]
    return found


def _is_box(node: Any) -> bool:
    if node.tag in _BOXES:
        return True
    names = f"{node.getattr('class') or ''} {node.getattr('id') or ''}"
    return len(names) > 1 and node.tag not in {"main", "article"} and _BOX_NAMES.search(names) is not None


def _runs(text: str) -> bool:
    """Return whether a paragraph is running text, not cut off."""
    bare = text.strip()
    return len(bare) >= 60 and bare.count(" ") >= 9 and not bare.endswith(_CUT)


def _holder(found: list[tuple[_Element, int]]) -> _Element | None:
    """Return the deepest element that holds nearly all of the running text."""
    inside: Counter[_Element] = Counter()
    for element, size in found:
        inside[element] += size
    weights: Counter[_Element] = Counter()
    for innermost, size in inside.items():
        above: _Element | None = innermost
        while above is not None:
            weights[above] += size
            above = above.above
    least = SHARE * inside.total()
    holding = [element for element, weight in weights.items() if weight >= least]
    return max(holding, key=lambda element: element.depth, default=None)  # they hold each other: one a depth


def _own_texts(node: Any, selector: str, ancestors: _Ancestors) -> Iterator[str]:
    """Yield the folded texts of an element's blocks that stand in no box and are no links, cut at line breaks."""
    for block in _blocks(node, selector):
        above = ancestors.of(block)
        text = fold(block.text)
        if not text or (above and above.boxed) or _is_box(block) or _is_link(block, text):
            continue
        if block.query_selector("br") is None:
            yield text
        else:
            yield from filter(None, (fold(unescape(_TAG.sub("", part))) for part in _BREAK.split(block.html)))


def _is_link(block: Any, text: str) -> bool:
    if len(text) > 240 or block.query_selector("a") is None:
        return False
    linked = sum(len(_TAG.sub("", words).strip()) for words in _LINK.findall(block.html))
    return linked >= LINKED * len(text)


def _accounts_for(lines: list[Line], own: list[str], boxed: list[str]) -> bool:
    """Return whether nearly all running text of the page is the element's or a box's."""
    ours, theirs = set(own), {fold(text) for text in boxed}
    told = untold = paragraphs = 0
    for line in lines:
        if line.sentence and not line.text.endswith(_CUT) and line.key not in theirs:
            if line.key in ours:
                told += line.count
                paragraphs += 1
            else:
                untold += line.count
    return told >= ENOUGH and paragraphs >= 2 and untold <= UNTOLD * told
