"""Laws of corrections: what holds for every text, every quotation and every file of decisions, whatever they say."""

from __future__ import annotations

import csv
import io
import tempfile
from functools import cache
from itertools import pairwise
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet import corrections
from broadsheet.corrections.csv_cells import CsvError, records
from broadsheet.extraction import Models, Settings, extract
from broadsheet.ids import sha256
from broadsheet.model import ArticleDecision, ClaimDecision, MentionDecision, Raw, Span, Text
from broadsheet.texts import normalise

WORDS = st.text(alphabet="ab “”\"'\n é👩", min_size=1, max_size=60)
CELLS = st.text(alphabet='ab,"\n é👩', max_size=12)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=4)


@settings(deadline=None, max_examples=200)
@given(WORDS, st.data())
def test_an_anchor_is_the_place_of_its_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    words = text[start : data.draw(st.integers(start + 1, len(text)))]
    number = sum(text.startswith(words, at) for at in range(start + 1))
    one = MentionDecision(path="f", line=2, document_id="d", action="drop", quoted=words, occurrence=number)
    (placed,), findings = corrections.anchor((one,), text)
    assert findings == ()
    assert placed.span == Span(start, start + len(words))
    assert placed.span.slice(text) == words


@settings(deadline=None, max_examples=200)
@given(WORDS, WORDS, WORDS, st.integers(1, 3))
def test_an_anchor_outlives_what_is_written_after_it(text: str, words: str, more: str, number: int) -> None:
    one = MentionDecision(path="f", line=2, document_id="d", action="drop", quoted=words, occurrence=number)
    before, gone = corrections.anchor((one,), text)
    assert len(before) + len(gone) == 1
    if before:
        assert corrections.anchor((one,), text + more)[0] == before


@settings(deadline=None, max_examples=200)
@given(ROWS, st.sampled_from([("\n", csv.QUOTE_MINIMAL), ("\r\n", csv.QUOTE_MINIMAL), ("\r", csv.QUOTE_ALL)]))
def test_every_cell_is_read_as_it_was_written_and_located(rows: list[list[str]], form: tuple[str, int]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator=form[0], quoting=form[1]).writerows(rows)  # type: ignore[arg-type]
    text = out.getvalue()
    found = list(records(text))
    assert [[cell.value for cell in row] for row in found] == rows
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for cell in (cell for row in found for cell in row):
        rest = lines[cell.line - 1][cell.column_number - 1 :]
        first = cell.value.split("\n")[0].replace('"', '""')
        assert rest.startswith((first, f'"{first}'))


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet='ab,"\n\r;é', max_size=40))
def test_any_text_is_read_or_refused_at_a_place(text: str) -> None:
    place = (1, 1)
    try:
        list(records(text))
    except CsvError as broken:
        place = (broken.line, broken.column_number)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert 1 <= place[1] <= len(lines[place[0] - 1]) + 1


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=60), st.sampled_from(["entities", "documents", "mentions", "claims", "rights"]))
def test_any_file_gives_decisions_or_findings_at_a_line(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{name}.csv").write_bytes(data)
        _, findings = corrections.read(Path(folder))
    assert all(found.line and found.message.isprintable() for found in findings)


ARTICLE = (
    "Ferry vote delayed\n\n“We will wait,” Mayor Tomas Reyes said on Monday. Reyes declined to comment.\n\n"
    "The harbour will close, Marta Lopez told Reuters. “It is late,” Lopez said.\n"
)
QUOTED = st.sampled_from(
    [
        "“We will wait,”",
        "“It is late,”",
        "declined to comment",
        "The harbour will close",
        "Reyes",
        "Tomas Reyes",
        "Lopez",
    ]
)
ANY = st.one_of(
    st.just(""), QUOTED, st.sampled_from(["said", "told Reuters", "-", "on Monday … Reyes", "wait,” Mayor"])
)


@cache
def models() -> Models:
    return Models.load(Settings(claims="rules"))


def mention_decisions() -> st.SearchStrategy[ArticleDecision]:
    where = {"path": st.just("corrections/mentions.csv"), "line": st.just(1), "document_id": st.just("ferry")}
    action = st.sampled_from(["add", "drop", "relink"])
    return st.builds(MentionDecision, **where, action=action, quoted=QUOTED, entity=ANY)


def claim_decisions() -> st.SearchStrategy[ArticleDecision]:
    where = {"path": st.just("corrections/claims.csv"), "line": st.just(1), "document_id": st.just("ferry")}
    action, kind = st.sampled_from(["add", "drop", "change"]), st.sampled_from([None, "speech", "no-comment"])
    parts = dict.fromkeys(("source", "cue", "content", "source_entity"), ANY)
    return st.builds(ClaimDecision, **where, action=action, quoted=QUOTED, kind=kind, **parts)


SILENCE = ClaimDecision(
    path="corrections/claims.csv",
    line=1,
    document_id="ferry",
    action="change",
    quoted="declined to comment",
    cue="“We will wait,”",
)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.one_of(mention_decisions(), claim_decisions()), max_size=5))
@example([SILENCE])
def test_parts_of_decided_claims_are_in_the_text_and_do_not_overlap(rows: list[ArticleDecision]) -> None:
    data = ARTICLE.encode()
    text = normalise(Raw("seeds/ferry.txt", data, sha256(data), "text/plain"))
    assert isinstance(text, Text)
    placed, _ = corrections.anchor(corrections.numbered(rows), text.text)
    found = extract(text, models(), placed)
    mentions = [Span(m.start, m.end) for m in found.mentions]
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    assert {m.cluster for m in found.mentions} <= set(range(len(found.clusters)))
    for claim in found.claims:
        one = claim.attribution
        spans = sorted((*one.source, *one.cue, *one.content))
        assert all(a.end <= b.start for a, b in pairwise(spans))
        assert any(p.start <= spans[0].start < p.end for p in text.paragraphs)
        assert one.content or claim.kind == "no-comment"
        assert {claim.source, claim.affiliation, claim.via} <= {None, *range(len(found.clusters))}
    assert all(f.code in {"BS309", "BS310", "BS311"} for f in found.findings)
