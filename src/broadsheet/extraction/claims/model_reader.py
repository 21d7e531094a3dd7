"""The attribution reader: a small transformer that reads who says what (source, cue, content) from plain paragraphs.

Words are found by a fixed rule, cut into word pieces and packed into windows: one a passage (a paragraph with those
that continue it, see `passages`), or several for a long one. The network reads several windows in one run, each by
itself: attention stays inside a window, and what is computed piece by piece takes the pieces of all. For every piece it
gives seven tag scores (BIO over source, cue and content) and two rows of arc scores: cue to its source (or the window's
start for none), and content to its cue. Constrained Viterbi turns the tags into stretches, the best arc links them.
There is no parse, no word list and no rule about the language here.

Method: token tagging with bilinear arcs in the manner of Dozat and Manning, "Deep Biaffine Attention for Neural
Dependency Parsing" (ICLR 2017); attribution as defined by Newell, Margolin and Ruths, "An Attribution Relations Corpus
for Political News" (LREC 2018); encoder: MiniLM (Wang et al., NeurIPS 2020). Training: `training/`; scores: the card
beside the weights.

All offsets are half-open code points in the text given. Piece positions count from 0 inside a window.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from broadsheet.errors import ModelError
from broadsheet.extraction import model_files
from broadsheet.extraction.claims.passages import passages
from broadsheet.extraction.span_sets import Blocks
from broadsheet.model import CLAIM_PARTS, Attribution, Span

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = [
    "LABELS",
    "WINDOW",
    "Reader",
    "Scores",
    "Window",
    "Word",
    "block_words",
    "decode",
    "marks_of",
    "pack",
    "tokenizer_from",
]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

LABELS: Final = ("O", *(f"{mark}-{role}" for role in CLAIM_PARTS for mark in "BI"))
WINDOW: Final = 256  # pieces a window, with its marks
PIECES_A_RUN: Final = {"fp32": WINDOW, "int8": 1}
"""Pieces in the windows of one run of the network; a longer window, and with 1 each window, has a run of its own.

A long matrix is multiplied faster: per piece, windows of 47 cost a tenth more alone, windows of 25 a third (one core of
an AMD EPYC, AVX2). The scores of fp32 are the same, bit for bit. In int8, what is quantised together gets one scale.
"""
PIECES_A_WORD: Final = 16  # more of a word says nothing more, and a window must always hold one
WORDS_KEPT: Final = 1 << 14  # whose pieces are kept

# Combining marks stay with their letter: in decomposed text "é" must not cut a word in two.
# Lone surrogates are not text.
WORD: Final = re.compile(r"(?:\w[\u0300-\u036f]*)+|[^\w\s\ud800-\udfff]")
SENTENCE_ENDS: Final = frozenset(".!?”")
_START, _END = attrgetter("start"), attrgetter("end")
OPENING, CLOSING, EITHER = frozenset("“„«"), frozenset("”»"), frozenset('"')


# --- words and windows -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark: code points [start, end), its word pieces and its form (`_form`)."""

    start: int
    end: int
    pieces: tuple[int, ...]
    form: int
    ends_sentence: bool


@dataclass(frozen=True, slots=True)
class Window:
    """What the network reads at once: piece ids, the form of each piece's word, and where the words begin.

    `first[i]` is the position of the first piece of `words[i]`; `opens[i]` says that a new stretch must begin there,
    because a block begins.
    """

    ids: Ints
    forms: Ints
    words: tuple[Word, ...]
    first: Ints
    opens: tuple[bool, ...]

    def inside(self, span: Span) -> range:
        """Return the indices of the words that are in a span as a whole."""
        first = bisect_left(self.words, span.start, key=_START)
        return range(first, max(first, bisect_right(self.words, span.end, key=_END)))


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of a window of S pieces: tags S×7, arcs S×S (row: from, column: to), last states S×384."""

    tags: Floats
    to_source: Floats
    to_cue: Floats
    states: Floats


Candidate = tuple[Window, Scores, Attribution]
"""An attribution, with the window it was found in and the scores of that window."""


def tokenizer_from(vocab: Path) -> Tokenizer:
    """Build the uncased word-piece tokenizer from a vocabulary file, one piece a line."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers  # noqa: PLC0415 - only who reads pays for it

    pieces = vocab.read_text(encoding="utf-8").splitlines()
    known = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(known, unk_token="[UNK]", max_input_chars_per_word=100))  # noqa: S106
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def marks_of(tokenizer: Tokenizer) -> tuple[int, int]:
    """Return the ids of the marks that begin a window and end a block: [CLS], [SEP]."""
    begin, end = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
    if begin is None or end is None:
        raise ModelError("vocab.txt: it has no [CLS] or no [SEP]", repair=model_files.RESTORE)
    return begin, end


def _case(word: str) -> int:
    """Return 0 for other, 1 for lower case, 2 for a leading capital, 3 for capitals (two letters or more)."""
    if not word[0].isalpha():
        return 0
    if word.islower():
        return 1
    return 3 if len(word) > 1 and word.isupper() else 2


def _forms(words: Iterable[str]) -> Iterator[int]:
    """Yield case + 4 × (inside quotation marks, the marks themselves included) for each word of one block."""
    inside = False
    for word in words:
        is_either = word in EITHER
        closes = word in CLOSING or (is_either and inside)
        inside = inside or is_either or word in OPENING
        yield _case(word) + 4 * inside
        inside = inside and not closes


def block_words(text: str, start: int, end: int, tokenizer: Tokenizer) -> list[Word]:
    """Return the words of one block; those the tokenizer has no piece for (stray controls, joiners) are left out."""
    found = [(m.start(), m.end(), m.group()) for m in WORD.finditer(text, start, end)]
    forms = _forms(word for _, _, word in found)
    return [
        Word(a, b, pieces, form, word in SENTENCE_ENDS)
        for (a, b, word), form in zip(found, forms, strict=True)
        if (pieces := _pieces(tokenizer, word))
    ]


@lru_cache(maxsize=WORDS_KEPT)
def _pieces(tokenizer: Tokenizer, word: str) -> tuple[int, ...]:
    """Return the first pieces of a word, which are the same in every text."""
    encoded = tokenizer.encode([word], is_pretokenized=True, add_special_tokens=False)
    return tuple(encoded.ids[:PIECES_A_WORD])


def _cut(words: list[Word], room: int) -> Iterator[list[Word]]:
    """Cut a block too long for a window, after the last sentence end of the second half if there is one."""
    while words:
        size, fit = 0, 0
        while fit < len(words) and size + len(words[fit].pieces) <= room:
            size += len(words[fit].pieces)
            fit += 1
        if fit < len(words):
            fit = next((i for i in range(fit, fit // 2, -1) if words[i - 1].ends_sentence), fit)
        yield words[:fit]
        words = words[fit:]


def pack(blocks: Iterable[list[Word]], marks: tuple[int, int], first_room: int = WINDOW) -> Iterator[Window]:
    """Pack blocks, whole where they fit, into windows. `marks` are the ids of [CLS] and [SEP].

    `first_room` is the length of the first window: training moves the cuts with it.
    """
    held: list[list[Word]] = []
    size, room = 1, first_room
    for block in blocks:
        for part in _cut(block, WINDOW - 2):
            length = 1 + sum(len(word.pieces) for word in part)
            if held and size + length > room:
                yield _window(held, marks)
                held, size, room = [], 1, WINDOW
            held.append(part)
            size += length
    if held:
        yield _window(held, marks)


def _window(parts: list[list[Word]], marks: tuple[int, int]) -> Window:
    ids, forms, first, opens = [marks[0]], [0], [], []
    for part in parts:
        for index, word in enumerate(part):
            first.append(len(ids))
            opens.append(index == 0)
            ids.extend(word.pieces)
            forms.extend([word.form] * len(word.pieces))
        ids.append(marks[1])
        forms.append(0)
    words = tuple(word for part in parts for word in part)
    return Window(np.array(ids, np.int64), np.array(forms, np.int64), words, np.array(first, np.int64), tuple(opens))


# --- decoding --------------------------------------------------------------------------------------------


def _transitions() -> tuple[Floats, Floats]:
    """Return what may follow what (0 or -inf, previous × next): inside a block, and where a block begins."""
    inside = np.zeros((len(LABELS), len(LABELS)), np.float32)
    opening = np.zeros_like(inside)
    for number, label in enumerate(LABELS):
        if label.startswith("I-"):
            opening[:, number] = inside[:, number] = -np.inf
            inside[number - 1 : number + 1, number] = 0.0
    return inside, opening


INSIDE, BEGINNING = _transitions()


def _best_tags(scores: Floats, opens: Sequence[bool]) -> list[int]:
    """Return the best allowed sequence of labels; ties go to the smaller label.

    An allowed step costs nothing, so it is that of the best labels, each for itself, where these may follow each other.
    """
    best = scores.argmax(axis=1)
    return best.tolist() if _is_allowed(best, opens) else _best_path(scores, opens)


def _is_allowed(tags: Ints, opens: Sequence[bool]) -> bool:
    before = np.concatenate([[0], tags[:-1]])
    return not np.where(opens, BEGINNING[before, tags], INSIDE[before, tags]).any()


def _best_path(scores: Floats, opens: Sequence[bool]) -> list[int]:
    """Return the best allowed sequence of labels (Viterbi)."""
    best = scores[0] + BEGINNING[0]
    back = np.zeros((len(scores), len(LABELS)), np.int64)
    columns = np.arange(len(LABELS))
    for i in range(1, len(scores)):
        total = best[:, None] + (BEGINNING if opens[i] else INSIDE)
        back[i] = total.argmax(axis=0)
        best = total[back[i], columns] + scores[i]
    tags = [int(best.argmax())]
    for i in range(len(scores) - 1, 0, -1):
        tags.append(int(back[i, tags[-1]]))
    return tags[::-1]


def _stretches(tags: Sequence[int]) -> dict[str, list[tuple[int, int]]]:
    """Return, for each role, its stretches as half-open intervals of word indices."""
    found: dict[str, list[tuple[int, int]]] = {role: [] for role in CLAIM_PARTS}
    for i, tag in enumerate(tags):
        if tag and tag % 2:  # B-
            found[CLAIM_PARTS[tag // 2]].append((i, i + 1))
        elif tag:
            own = found[CLAIM_PARTS[tag // 2 - 1]]
            own[-1] = (own[-1][0], i + 1)
    return found


def decode(window: Window, scores: Scores) -> list[Attribution]:
    """Turn the scores of a window into attributions: one a cue, and one a content for which no cue is in sight."""
    stretches = _stretches(_best_tags(scores.tags[window.first], window.opens))
    sources, cues, contents = (stretches[role] for role in CLAIM_PARTS)
    spans = {s: Span(window.words[s[0]].start, window.words[s[1] - 1].end) for s in (*sources, *cues, *contents)}
    heads = np.array([0, *(window.first[a] for a, _ in sources)], np.int64)  # 0 is [CLS]: nobody is named
    told: list[list[Span]] = [[] for _ in cues]
    alone = []
    cue_heads = window.first[[a for a, _ in cues]]
    for content in contents:
        if cues:
            told[int(scores.to_cue[window.first[content[0]], cue_heads].argmax())].append(spans[content])
        else:
            alone.append(Attribution((), (), (spans[content],)))
    linked = []
    for cue, own in zip(cues, told, strict=True):
        best = int(scores.to_source[window.first[cue[0]], heads].argmax())
        source = (spans[sources[best - 1]],) if best else ()
        linked.append(Attribution(source, (spans[cue],), tuple(own)))
    return linked + alone


# --- loading ---------------------------------------------------------------------------------------------


def _session(graph: Path) -> InferenceSession:
    """Open a graph on one thread: its sums are then always taken in the same order."""
    import onnxruntime as ort  # noqa: PLC0415 - only who reads pays for it

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    # The weights lie on disk as int8 rows: this widens them once, at load, instead of at every call.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    try:
        return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own classes, which share no base but this one
        raise ModelError(f"{graph}: onnxruntime cannot open it: {error}", repair=model_files.RESTORE) from error


@dataclass(frozen=True, slots=True)
class Reader:
    """The loaded network. Load it once a process; it keeps no state between calls.

    Released tables are made with the default arithmetic, fp32. `fast` computes in int8: about twice as fast, and the
    same bytes only on the same kind of processor.
    """

    session: InferenceSession
    tokenizer: Tokenizer
    marks: tuple[int, int]
    room: int

    @classmethod
    def load(cls, path: Path | None = None, *, fast: bool = False) -> Reader:
        """Open the weights in the folder `path` (the shipped ones if None), after checking them against their card.

        Raises:
            ModelError: a file is missing, is not the one the card names, or cannot be opened.
        """
        folder = model_files.WEIGHTS if path is None else path
        arithmetic = "int8" if fast else "fp32"
        model_files.check(folder, model_files.of_reader(arithmetic))
        tokenizer = tokenizer_from(folder / "vocab.txt")
        session = _session(folder / model_files.GRAPHS[arithmetic])
        return cls(session, tokenizer, marks_of(tokenizer), PIECES_A_RUN[arithmetic])

    def read(self, text: str, blocks: Sequence[tuple[int, int]]) -> tuple[Attribution, ...]:
        """Return who says what in the blocks of a text, sorted by extent; what is outside the blocks is not read.

        `blocks` are the half-open code-point intervals of the paragraphs, in order. No span runs over a block's end,
        and each passage is read by itself.
        """
        return tuple(sorted((one for _, _, one in self.candidates(text, blocks)), key=lambda one: one.extent))

    def candidates(self, text: str, blocks: Blocks) -> Iterator[Candidate]:
        """Yield the attributions of the passages of a text, each with the window it was found in and its scores."""
        windows = chain.from_iterable(self.windows(text, passage) for passage in passages(text, blocks))
        for window, scores in self.scored(windows):
            yield from ((window, scores, one) for one in decode(window, scores))

    def windows(self, text: str, passage: Blocks) -> Iterator[Window]:
        """Yield the windows of one passage, whose blocks are read together."""
        return pack((block_words(text, start, end, self.tokenizer) for start, end in passage), self.marks)

    def scored(self, windows: Iterable[Window]) -> Iterator[tuple[Window, Scores]]:
        """Yield each window with what the network says of it, which no other window changes."""
        for together in _runs(windows, self.room):
            yield from zip(together, self._run(together), strict=True)

    def _run(self, windows: Sequence[Window]) -> Iterator[Scores]:
        """Run the network once on windows of T pieces in all, and yield the part of each of its outputs."""
        lengths = np.array([len(window.ids) for window in windows], np.int64)
        ends = lengths.cumsum()
        given = {
            "ids": np.concatenate([window.ids for window in windows])[None],
            "forms": np.concatenate([window.forms for window in windows])[None],
            "places": (np.arange(ends[-1]) - np.repeat(ends - lengths, lengths))[None],
            "lengths": lengths,
        }
        tags, to_source, to_cue, states = (output[0] for output in self.session.run(None, given))
        for start, end in zip(ends - lengths, ends, strict=True):
            own = slice(start, end)
            yield Scores(tags[own], to_source[own, own], to_cue[own, own], states[own])


def _runs(windows: Iterable[Window], room: int) -> Iterator[list[Window]]:
    """Yield windows in groups of at most `room` pieces, or of one."""
    held: list[Window] = []
    for window in windows:
        if held and sum(len(one.ids) for one in (*held, window)) > room:
            yield held
            held = []
        held.append(window)
    if held:
        yield held
