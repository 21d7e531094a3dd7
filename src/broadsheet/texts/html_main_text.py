"""The main text of a page, as a set of its lines: what most of three extractors take.

resiliparse, the readability algorithm (as trafilatura ships it) and trafilatura each give a text. The words of each
text are aligned with the words of the page's lines, in order. A line is main text if most of the texts contain it. So
the spans of the lines stay exact, whatever an extractor does to white space or paragraphs.

trafilatura takes longer than the other two together. It is asked where these differ. On 88 pages of Readability's tests
the mean F1 of the lines is .959 so, and .958 where it is always asked; it is not asked on a third of 297 pages.
"""

from __future__ import annotations

from collections.abc import Sequence
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

from broadsheet.texts.lines import Line, bare_words, fold

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from resiliparse.parse.html import HTMLTree

__all__ = ["MainText", "main_text"]

CONTAINED = 0.6  # share of a line's words that a text contains in their order, so that it contains the line
ABSENT = 0.25  # an extractor that takes less than this share of the words of the largest answer found no article
DIFFERENCE = 0.05  # share of the words of two answers that are in one only, so that they need no third
ENOUGH = 100  # words of both answers, so that they need no third
LARGE = 1 << 30  # pairs of words from which on lines are compared whole: the table of an alignment has a bit a pair
ALL = 0.9  # share of the words of a text that are on the lines, so that none of its paragraphs is lost
MISSING = 0.5  # share of the runs of three words of a paragraph that are on no line, so that it is lost
LONG = 8  # words of a paragraph that is missed when it is not on the page

Taken = NDArray[np.bool_]  # one value a line


@dataclass(frozen=True, slots=True)
class MainText:
    """The positions of the lines that are main text, and how many paragraphs of an extractor no line contains."""

    lines: frozenset[int]
    lost: int


def main_text(tree: HtmlElement, page: HTMLTree, lines: list[Line]) -> MainText:
    """Return which lines are the main text.

    `tree` is the page parsed by lxml, `page` the same page parsed by resiliparse, `lines` its visible text.
    """
    words = [line.words for line in lines]
    counts = np.array([line.count for line in lines])
    by_resiliparse = extract_plain_text(page, main_content=True, list_bullets=False, alt_texts=False, links=False)
    by_readability = "\n".join(try_readability(deepcopy(tree)).itertext())  # it changes the tree
    first, second = _contained(words, by_resiliparse), _contained(words, by_readability)
    if _is_settled(first, second, counts):
        stops = np.array([line.stops for line in lines])
        return _main_text(_common(first, second, stops), lines, by_readability, second)
    by_trafilatura = extract(tree, fast=True, favor_recall=True, include_comments=False) or ""
    third = _contained(words, by_trafilatura)
    taken = _agreed([first, second, third], counts)
    if 2 * counts[third].sum() >= counts[taken].sum():
        taken &= _within(third, np.array([line.sentence for line in lines]))
    return _main_text(taken, lines, by_trafilatura, third)


def _main_text(taken: Taken, lines: list[Line], text: str, answer: Taken) -> MainText:
    """Return the lines that are main text; `answer` are those that an extractor's text contains."""
    return MainText(frozenset(np.flatnonzero(taken).tolist()), _lost(text, lines, answer))


def _is_settled(one: Taken, other: Taken, counts: NDArray[np.int64]) -> bool:
    """Return whether two answers are of some length and differ in few words."""
    either = int(counts[one | other].sum())
    return int(counts[one & other].sum()) >= max(ENOUGH, (1 - DIFFERENCE) * either)


def _common(one: Taken, other: Taken, stops: Taken) -> Taken:
    """Return the lines that both answers have, and sentences between two such lines that one of them has."""
    both = one & other
    between = np.zeros_like(both)
    between[1:-1] = both[:-2] & both[2:]
    return np.asarray(both | ((one | other) & stops & between))


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


def _contained(words: Sequence[tuple[str, ...]], text: str) -> Taken:
    """Return for every line, given by its words, whether a text contains it at its place in the order of the page."""
    sizes = np.array([len(found) for found in words])
    ours, theirs = list(chain.from_iterable(words)), bare_words(fold(text))
    if len(ours) * len(theirs) > LARGE:
        whole = {bare_words(fold(piece)) for piece in text.split("\n")}
        return np.array([bool(found) and found in whole for found in words])
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
    words = bare_words(text)
    return set(zip(words, words[1:], words[2:], strict=False))
