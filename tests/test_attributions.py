"""Both readers of claims on marked passages of our own: floors that may be raised, never lowered in silence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from broadsheet.extraction.claims import rule_reader
from broadsheet.extraction.claims.model_reader import Reader
from broadsheet.extraction.names import spacy_model
from broadsheet.model import Attribution, Paragraph, Span, Text

MARKED = Path(__file__).parent / "development" / "attributions.marked"
MARK = re.compile(r"\{([scx])(\d+) ([^}]*)\}")
PARTS = {"s": "source", "c": "cue", "x": "content"}

Claims = list[dict[str, list[Span]]]
Read = Callable[[str], tuple[Attribution, ...]]


def passages() -> list[tuple[str, Claims]]:
    """Return every passage as its words and its claims: part → spans."""
    blocks = [b for b in MARKED.read_text(encoding="utf-8").split("\n\n") if b.strip()]
    return [unmarked(re.sub(r"^#.*\n", "", block).strip()) for block in blocks]


def unmarked(block: str) -> tuple[str, Claims]:
    words, at, claims = "", 0, defaultdict[str, dict[str, list[Span]]](lambda: defaultdict(list))
    for mark in MARK.finditer(block):
        words += block[at : mark.start()]
        claims[mark[2]][PARTS[mark[1]]].append(Span(len(words), len(words) + len(mark[3])))
        words, at = words + mark[3], mark.end()
    return words + block[at:], list(claims.values())


def covered(spans: list[Span] | tuple[Span, ...]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


def agrees(gold: dict[str, list[Span]], found: Attribution) -> bool:
    """Contents share half their characters or more (Jaccard), cues and sources overlap: the whole relation is right."""
    content, read = covered(gold["content"]), covered(found.content)
    return (
        len(content & read) >= 0.5 * len(content | read)
        and bool(covered(gold["cue"]) & covered(found.cue))
        and bool(covered(gold["source"]) & covered(found.source))
    )


def relation(read: Read) -> float:
    """Return the F1 of whole relations over all passages, each claim matched once."""
    right = given = marked = 0
    for words, claims in passages():
        found = [a for a in read(words) if a.content]
        given, marked = given + len(found), marked + len(claims)
        for claim in claims:
            match = next((a for a in found if agrees(claim, a)), None)
            if match:
                found.remove(match)
                right += 1
    return 2 * right / (given + marked)


def by_model(*, fast: bool) -> Read:
    reader = Reader.load(fast=fast)
    return lambda words: reader.read(words, [(0, len(words))])


def by_rules() -> Read:
    nlp = spacy_model.load(parser=True)

    def article(words: str) -> Text:
        body = (Paragraph(0, len(words), "body"),)
        return Text("a", "a.txt", "", 0, "text/plain", "utf-8", "en", words, body)

    return lambda words: partial(rule_reader.read, nlp=nlp)(article(words))


def test_the_marks_are_what_they_say() -> None:
    words, claims = passages()[0]
    assert [part.slice(words) for part in claims[0]["cue"]] == ["said"]
    assert "{" not in words
    assert sum(len(c) for _, c in passages()) == 24


@pytest.mark.parametrize(
    ("read", "floor"),
    [
        pytest.param(partial(by_model, fast=False), 0.95, id="model"),
        pytest.param(partial(by_model, fast=True), 0.95, id="fast"),
        pytest.param(by_rules, 0.90, id="rules"),
    ],
)
def test_whole_relations_are_read(read: Callable[[], Read], floor: float) -> None:
    assert relation(read()) >= floor
