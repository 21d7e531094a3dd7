"""Laws of claims: what holds for every article, whatever is in it."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.extraction.claims import assemble
from broadsheet.extraction.claims.model_reader import Reader
from broadsheet.extraction.claims.passages import passages
from broadsheet.model import Attribution, Claim, Paragraph, Span, Text

ALONE = [
    "The skipper said on Monday that the harbour would stay closed until the wall is mended.",
    "“Nobody warned us,” Ida Brandt, who owns two boats, told the council. “We found out from the radio.”",
    "The pier was built in 1902 and is expected to last until spring.",
    "The council meets again in June and will then decide about the crane.",
    "In a letter, the union’s leader Olaf Holm disagreed.",
    "OSLO, Norway (Argus) - Two ferries sank, the coast guard said.",
    "“It is too late.” — Olaf Holm",
    "The harbour master declined to comment.",
    "Mr. Holm objected. I. Brandt said it was old.",
]
"""Paragraphs that no other continues: no open quotation, no colon at the end."""
RUNNING = [
    "Ida Brandt said: “We waited for hours.",
    "“And nobody came.”",
    "She told the council:",
    "The wall is old, Holm said.",
]
paragraphs = st.lists(st.sampled_from(ALONE), min_size=1, max_size=6)


@cache
def reader() -> Reader:
    return Reader.load()


def text_of(lines: list[str]) -> Text:
    words = "\n\n".join(lines)
    starts = [sum(len(line) + 2 for line in lines[:i]) for i in range(len(lines))]
    rows = tuple(Paragraph(start, start + len(line), "body") for start, line in zip(starts, lines, strict=True))
    return Text("a", "a.txt", "0" * 64, len(words), "text/plain", "utf-8", "en", words, rows)


def claims_of(lines: list[str]) -> tuple[Text, tuple[Claim, ...]]:
    text = text_of(lines)
    found, _ = assemble.interpret(text, reader().read(text.text, assemble.blocks(text)), (), ())
    return text, found


def moved(claim: Claim, by: int) -> tuple[Attribution, str, str, str]:
    one = claim.attribution
    parts = (tuple(Span(s.start + by, s.end + by) for s in part) for part in (one.source, one.cue, one.content))
    return Attribution(*parts), claim.kind, claim.quote, claim.stance


@settings(deadline=None, max_examples=40)
@given(paragraphs)
def test_the_claims_of_a_paragraph_do_not_depend_on_its_neighbours(lines: list[str]) -> None:
    text, found = claims_of(lines)
    alone = [
        moved(claim, paragraph.start)
        for paragraph, line in zip(text.paragraphs, lines, strict=True)
        for claim in claims_of([line])[1]
    ]
    assert {moved(claim, 0) for claim in found} == set(alone)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from([*ALONE, *RUNNING]), min_size=1, max_size=6))
def test_no_claim_takes_parts_from_two_passages(lines: list[str]) -> None:
    text, found = claims_of(lines)
    extents = [(passage[0][0], passage[-1][1]) for passage in passages(text.text, assemble.blocks(text))]
    astray = [
        c for c in found if not any(a <= c.attribution.extent.start < c.attribution.extent.end <= b for a, b in extents)
    ]
    assert astray == []
