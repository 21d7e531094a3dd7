"""What was judged by hand: rows of the reader, statement or not, and quotations with the claims inside them.

`annotations/rows.csv` has one row the reader found: `layer` outer or nested (then `inside` is the content it was found
in), the spans of its parts, and `label` yes (a statement), no (an act or a state) or unclear.
`annotations/quotations.csv` has one line a claim inside a quotation, or one without parts if it has none.
Offsets are half-open code points in the article; `12-20 25-31` are two stretches. `use` of a row is fit or judge, and
no article has both; that of a quotation is judge, or apart if its article has no row that is fitted to.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpus import paragraphs

from broadsheet.extraction.claims.model_reader import Reader, Scores, Window, block_words, pack
from broadsheet.extraction.claims.passages import passages
from broadsheet.extraction.claims.second_look import features
from broadsheet.extraction.claims.second_pass import bare
from broadsheet.model import Attribution, Span

FOLDER: Final = Path(__file__).parent / "annotations"
Stretches = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One judged row. `inside` is empty for the outer layer."""

    corpus: str
    article: str
    inside: Stretches
    attribution: Attribution
    label: str
    use: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A content and the claims inside it."""

    article: str
    content: Stretches
    claims: tuple[Attribution, ...]
    use: str


def stretches(cell: str) -> Stretches:
    """Read `12-20 25-31`."""
    return tuple((int(a), int(b)) for a, b in (part.split("-") for part in cell.split()))


def attribution(line: dict[str, str]) -> Attribution:
    """Return the parts of a line of either file."""
    return Attribution(*(tuple(Span(a, b) for a, b in stretches(line[part])) for part in ("source", "cue", "content")))


def _lines(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows() -> list[Row]:
    """Return the judged rows."""
    return [
        Row(x["corpus"], x["article"], stretches(x["inside"]), attribution(x), x["label"], x["use"])
        for x in _lines("rows.csv")
    ]


def quotations() -> list[Quotation]:
    """Return the judged quotations, all of PolNeAR's train split."""
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for line in _lines("quotations.csv"):
        found.setdefault((line["article"], line["quotation"]), []).append(line)
    return [
        Quotation(article, stretches(cell), tuple(attribution(x) for x in lines if x["cue"]), lines[0]["use"])
        for (article, cell), lines in found.items()
    ]


def text_of(corpus: str, article: str, folder: Path) -> str:
    """Return the text of an article: one of our own, or one of `folder`, the train split of PolNeAR."""
    at = FOLDER / "articles" if corpus == "own" else folder / "text"
    return (at / f"{article}.txt").read_bytes().decode("utf-8")


def examples(judged: Iterable[Row], reader: Reader, folder: Path) -> Iterator[tuple[Row, list[float]]]:
    """Yield each row with the features of the second look, computed as they are when the package runs."""
    for row in judged:
        text = text_of(row.corpus, row.article, folder)
        for window, scores in windows(row, text, reader):
            yield row, features(window, scores, row.attribution).tolist()


def windows(row: Row, text: str, reader: Reader) -> Iterator[tuple[Window, Scores]]:
    """Yield the window that the cue of a row is in, with its scores."""
    place = row.attribution.cue[0].start
    blocks = [bare(text, row.inside)] if row.inside else passages(text, paragraphs(text))
    around = [passage for passage in blocks if any(a <= place < b for a, b in passage)]
    words = (block_words(text, a, b, reader.tokenizer) for passage in around for a, b in passage)
    for window in pack(words, reader.marks):
        if window.words[0].start <= place < window.words[-1].end:
            yield from reader.scored([window])
            return
