"""The main text of a page, as a set of its lines: what most of three extractors take.

trafilatura, resiliparse and the readability algorithm (as trafilatura ships it) each give a text. The words of each
text are aligned with the words of the page's lines, in order. A line is main text if most of the texts contain it. So
the spans of the lines stay exact, whatever an extractor does to white space or paragraphs.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq
from resiliparse.extract.html2text import extract_plain_text
from trafilatura import extract
from trafilatura.external import try_readability

from broadsheet.texts.lines import Line

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from resiliparse.parse.html import HTMLTree

__all__ = ["MainText", "main_text"]

CONTAINED = 0.6  # share of a line's words that a text contains in their order, so that it contains the line
ABSENT = 0.25  # an extractor that takes less than this share of the words of the largest answer found no article
LARGE = 1 << 30  # pairs of words from which on lines are compared whole: the table of an alignment has a bit a pair
ALL = 0.9  # share of the words of a text that are on the lines, so that none of its paragraphs is lost
MISSING = 0.5  # share of the runs of three words of a paragraph that are on no line, so that it is lost
LONG = 8  # words of a paragraph that is missed when it is not on the page

_WORD = re.compile(r"\w+")
Taken = NDArray[np.bool_]  # one value a line


@dataclass(frozen=True, slots=True)
class MainText:
    """The positions of the lines that are main text, and how many paragraphs of trafilatura's text no line contains."""

    lines: frozenset[int]
    lost: int


def main_text(tree: HtmlElement, page: HTMLTree, lines: list[Line]) -> MainText:
    """Return which lines are the main text.

    `tree` is the page parsed by lxml, `page` the same page parsed by resiliparse, `lines` its visible text.
    """
    by_trafilatura = extract(tree, fast=True, favor_recall=True, include_comments=False) or ""
    by_resiliparse = extract_plain_text(page, main_content=True, list_bullets=False, alt_texts=False, links=False)
    summary = try_readability(deepcopy(tree))  # it changes the tree
    texts = (by_trafilatura, by_resiliparse, "\n".join(summary.itertext()))
    counts = np.array([line.count for line in lines])
    words = [_WORD.findall(line.key) for line in lines]
    answers = [_contained(words, text) for text in texts]
    taken = _agreed(answers, counts)
    if 2 * counts[answers[0]].sum() >= counts[taken].sum():
        taken &= _within(answers[0], np.array([line.sentence for line in lines]))
    return MainText(frozenset(np.flatnonzero(taken).tolist()), _lost(by_trafilatura, lines, answers[0]))


def _agreed(answers: list[Taken], counts: NDArray[np.int64]) -> Taken:
    """Return the lines that most extractors take; all lines of two, if the third found no article."""
    sizes = [int(counts[answer].sum()) for answer in answers]
    present = [answer for answer, size in zip(answers, sizes, strict=True) if size and size >= ABSENT * max(sizes)]
    votes = np.sum(present, axis=0, dtype=int) if present else np.zeros(len(counts), int)
    return np.asarray(votes >= (2 if len(present) == len(answers) else 1))


def _within(taken: Taken, sentences: Taken) -> Taken:
    """Return the lines from the first to the last of an answer, and the sentences around them.

    Short lines around the answer are mostly buttons, rights and headings of other articles.
    """
    positions = np.flatnonzero(taken)
    places = np.arange(len(taken))
    return np.asarray(
        sentences | ((places >= positions.min(initial=len(taken))) & (places <= positions.max(initial=0)))
    )


def _contained(words: list[list[str]], text: str) -> Taken:
    """Return for every line, given by its words, whether a text contains it at its place in the order of the page."""
    sizes = np.array([len(found) for found in words])
    ours, theirs = list(chain.from_iterable(words)), _WORD.findall(text.casefold())
    if len(ours) * len(theirs) > LARGE:
        whole = {" ".join(_WORD.findall(piece)) for piece in text.casefold().split("\n")}
        return np.array([bool(found) and " ".join(found) in whole for found in words])
    matched = np.zeros(len(ours), bool)
    for block in LCSseq.opcodes(ours, theirs):
        matched[block.src_start : block.src_end] = block.tag == "equal"
    owners = np.repeat(np.arange(len(words)), sizes)
    hits = np.bincount(owners[matched], minlength=len(words))
    return np.asarray((sizes > 0) & (hits >= CONTAINED * sizes))


def _lost(text: str, lines: list[Line], taken: Taken) -> int:
    """Return how many long paragraphs of a text are on none of the lines that it contains."""
    found = [lines[i] for i in np.flatnonzero(taken)]
    words = sum(line.count for line in found)
    if words >= ALL * len(text.split()):
        return 0
    known = _grams(" ".join(line.key for line in found))
    pieces = map(_grams, text.casefold().split("\n"))
    long = [grams for grams in pieces if len(grams) > LONG]
    return sum(len(grams - known) > MISSING * len(grams) for grams in long)


def _grams(text: str) -> set[tuple[str, ...]]:
    """Return the runs of three words of a folded text."""
    words = _WORD.findall(text)
    return set(zip(words, words[1:], words[2:], strict=False))
