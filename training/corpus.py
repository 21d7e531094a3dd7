"""A corpus in brat stand-off form (`text/*.txt`, `attributions/STEM_xxxx.ann`) as labelled windows.

All offsets are half-open code points in an article's text; positions in a window are word pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from broadsheet.extraction.claims.model_reader import WINDOW, Window, Word, block_words, marks_of, pack
from broadsheet.model import CLAIM_PARTS, Attribution, Span

IGNORED = -100  # a target the loss does not look at
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its text, its paragraphs, and one reading of it by each annotator, in order of their ids."""

    name: str
    text: str
    blocks: tuple[tuple[int, int], ...]
    readings: tuple[tuple[Attribution, ...], ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """What the network should say of a window of S pieces: a label a piece, and the position each arc points at."""

    tags: Ints
    to_source: Ints
    to_cue: Ints


def paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """Return the lines that hold anything."""
    return tuple((m.start(), m.end()) for m in re.finditer(r"[^\n]*\S[^\n]*", text))


def reading(path: Path) -> tuple[Attribution, ...]:
    """Return the attributions of one brat file; of an event only the parts that are spans."""
    spans: dict[str, tuple[Span, ...]] = {}
    events: list[Attribution] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if line.startswith("T") and len(fields) >= 2:
            offsets = fields[1].split(" ", 1)[1].split(";")
            spans[fields[0]] = tuple(Span(int(a), int(b)) for a, b in (pair.split() for pair in offsets))
        elif line.startswith("E"):
            arguments = [pair.split(":") for pair in fields[1].split()[1:]]
            found = {role: _parts(arguments, role, spans) for role in CLAIM_PARTS}
            events.append(Attribution(**found))
    return tuple(events)


def _parts(arguments: list[list[str]], role: str, spans: dict[str, tuple[Span, ...]]) -> tuple[Span, ...]:
    names = [name for kind, name in arguments if re.sub(r"\d+$", "", kind).lower() == role]
    return tuple(span for name in names for span in spans.get(name, ()))


def articles(folder: Path) -> list[Article]:
    """Return the annotated articles of a split, by name."""
    found = []
    for path in sorted((folder / "text").glob("*.txt")):
        files = sorted((folder / "attributions").glob(f"{path.stem}_????.ann"))
        if files:
            text = path.read_bytes().decode("utf-8")
            found.append(Article(path.stem, text, paragraphs(text), tuple(reading(file) for file in files)))
    return found


def texts(folder: Path | None) -> list[Article]:
    """Return the plain texts of a folder by name, articles that nobody has annotated; none without a folder."""
    files = sorted(folder.glob("*.txt")) if folder else []
    found = [(file.stem, file.read_bytes().decode("utf-8")) for file in files]
    return [Article(name, text, paragraphs(text), ()) for name, text in found]


def encoded(article: Article, tokenizer: Tokenizer) -> list[list[Word]]:
    """Return the words of each paragraph."""
    return [block_words(article.text, a, b, tokenizer) for a, b in article.blocks]


def windows(blocks: list[list[Word]], tokenizer: Tokenizer, first_room: int = WINDOW) -> list[Window]:
    """Pack paragraphs into windows as the reader does."""
    return list(pack(blocks, marks_of(tokenizer), first_room))


def _inside(window: Window, spans: tuple[Span, ...]) -> Iterator[list[int]]:
    """Yield, for each span, the indices of the words that lie inside it, if any; cut where a block begins."""
    for span in spans:
        held: list[int] = []
        for i, word in enumerate(window.words):
            if span.start <= word.start and word.end <= span.end:
                if held and window.opens[i]:
                    yield held
                    held = []
                held.append(i)
        if held:
            yield held


def no_targets(window: Window) -> Targets:
    """Return the targets of a window that nobody has annotated: none of them counts."""
    return Targets(*(np.full(len(window.ids), IGNORED, np.int64) for _ in range(3)))


def targets(window: Window, events: tuple[Attribution, ...]) -> Targets:
    """Label a window. An arc whose end lies in another window is ignored; a cue without source points at 0, [CLS]."""
    tags, to_source, to_cue = (np.full(len(window.ids), IGNORED, np.int64) for _ in range(3))
    tags[window.first] = 0
    if not window.words:
        return Targets(tags, to_source, to_cue)
    low, high = window.words[0].start, window.words[-1].end
    for event in events:
        if not any(low <= s.start < high for role in CLAIM_PARTS for s in getattr(event, role)):
            continue
        heads = {}
        for number, role in enumerate(CLAIM_PARTS):
            parts = [window.first[part] for part in _inside(window, getattr(event, role))]
            heads[role] = [int(part[0]) for part in parts]
            for part in parts:
                tags[part] = 2 + 2 * number
                tags[part[0]] = 1 + 2 * number
        if heads["cue"]:
            cue = heads["cue"][0]
            to_source[cue] = heads["source"][0] if heads["source"] else (IGNORED if event.source else 0)
            to_cue[heads["content"]] = cue
    return Targets(tags, to_source, to_cue)
