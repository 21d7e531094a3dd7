"""The second look and the second pass: acts are no rows, and what is said inside a claim is a row of its own."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from broadsheet.errors import ModelError
from broadsheet.extraction.claims.second_look import SecondLook
from broadsheet.extraction.claims.second_pass import TwoPassReader, bare
from broadsheet.extraction.model_files import WEIGHTS
from broadsheet.model import Attribution, Span

LOADED = TwoPassReader.load()


def read(text: str) -> tuple[Attribution, ...]:
    return LOADED.read(text, [(0, len(text))])


def cues(text: str) -> list[str]:
    return [span.slice(text) for one in read(text) for span in one.cue]


@pytest.mark.parametrize(
    "text",
    [
        "The island is known as the Pearl.",
        "The harbour union backs the plan.",
        "Officials meet on Friday to discuss the timetable.",
        "Two members rebelled against the leadership.",
    ],
)
def test_an_act_is_not_a_row(text: str) -> None:
    assert cues(text) == []


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("The treasurer warned that the town would run out of money by June.", "warned"),
        ("Engineers believe that the second bridge is safe.", "believe"),
        ("“We will not sell the tram,” Lena Ortiz said.", "said"),
    ],
)
def test_a_statement_is_a_row(text: str, cue: str) -> None:
    assert cues(text) == [cue]


INSIDE = [
    ("Lena Ortiz said that the driver had told her that the brakes failed.", "the driver", "that the brakes failed"),
    ("“My sister says that the tram is never late,” Lena Ortiz said.", "My sister", "that the tram is never late"),
    (
        "Ortiz said: “The mayor promised that the line would open in May.”",
        "The mayor",
        "that the line would open in May",
    ),
    ("“The guard said ‘stay on the platform’ and we waited,” Lena Ortiz said.", "The guard", "‘stay on the platform’"),
    (
        "‘The guard told me, “Stay on the platform”, and then he left,’ Lena Ortiz said.",
        "The guard",
        "“Stay on the platform”",
    ),
]


@pytest.mark.parametrize(("text", "source", "content"), INSIDE)
def test_what_is_said_inside_a_claim_is_a_row(text: str, source: str, content: str) -> None:
    outer, inner = sorted(read(text), key=lambda one: -sum(s.end - s.start for s in one.content))
    assert [span.slice(text) for span in inner.source] == [source]
    assert [span.slice(text) for span in inner.content] == [content]
    spans = (*inner.source, *inner.cue, *inner.content)
    assert all(any(o.start <= s.start and s.end <= o.end for o in outer.content) for s in spans)


def test_a_claim_is_left_out_by_the_second_look_or_by_its_measures() -> None:
    text = "The harbour union backs the plan."
    lenient = replace(LOADED, look=replace(LOADED.look, least=dict.fromkeys(LOADED.look.least, -math.inf)))
    found = [replace(lenient, grader=None), lenient, replace(LOADED, grader=None)]
    assert [len(reader.read(text, [(0, len(text))])) for reader in found] == [1, 0, 0]


def test_a_cue_with_a_word_of_saying_needs_less_of_the_second_look() -> None:
    text = "The coach praised his players after the game."
    least = {**LOADED.look.least, "saying": LOADED.look.least["thinking"]}
    strict = replace(LOADED, look=replace(LOADED.look, least=least))
    assert [len(reader.read(text, [(0, len(text))])) for reader in (LOADED, strict)] == [1, 0]


def test_a_cue_without_a_word_of_saying_or_thinking_needs_more_of_the_second_look() -> None:
    text = "The owners embrace the idea that all boats carry lamps."
    lenient = replace(LOADED, look=replace(LOADED.look, least={**LOADED.look.least, "other": -1.0}))
    assert [len(reader.read(text, [(0, len(text))])) for reader in (LOADED, lenient)] == [0, 1]


TITLES = [
    ("Harbour master says ferry was ‘unsafe for years’", 1),
    ("Lena Ortiz: The ferry was unsafe for years", 1),
    ("Harbour master slashes the price of berths", 0),
    ("Harbour master backs the new ferry", 0),
]


@pytest.mark.parametrize(("title", "rows"), TITLES)
def test_a_title_with_a_cue_of_saying_or_a_mark_is_a_claim(title: str, rows: int) -> None:
    assert len(LOADED.read(title, (), [(0, len(title))])) == rows


def test_a_hedge_of_the_speaker_is_not_a_row() -> None:
    text = "“I think that the tram is late today,” Lena Ortiz said."
    assert cues(text) == ["said"]


def test_a_content_without_words_is_not_read_again() -> None:
    assert bare("“…” that", [(0, 3), (4, 8)]) == []
    assert LOADED.nested("“…”", [Attribution((), (Span(0, 1),), (Span(0, 3),))]) == []


@pytest.mark.parametrize("data", ["", "{}", "[]", '{"weights": 1, "bias": 0, "least": {}}'])
def test_a_classifier_of_another_form_is_refused(data: str, tmp_path: Path) -> None:
    (tmp_path / "second_look.json").write_text(data, encoding="utf-8")
    with pytest.raises(ModelError, match=r"second_look\.json"):
        SecondLook.load(tmp_path)


def test_the_shipped_classifier_has_a_weight_a_feature() -> None:
    assert len(SecondLook.load(WEIGHTS).weights) == 3 * 384 + 11
