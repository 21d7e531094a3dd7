"""The attribution reader: it loads what it was shipped with, nothing else, and its spans stay where they may stand."""

from __future__ import annotations

import json
import shutil
from dataclasses import astuple
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.errors import ModelError
from broadsheet.extraction.claims import model_reader
from broadsheet.extraction.claims.model_reader import (
    LABELS,
    WINDOW,
    Reader,
    Window,
    block_words,
    pack,
)
from broadsheet.extraction.model_files import FILES, GRAPHS, WEIGHTS
from broadsheet.model import Attribution, Span

SAID = "The mayor of Riverton said on Monday that the bridge would be closed for two years."
TOLD = "“We were never asked,” Anna Berg, who runs a bakery, told reporters. “It will ruin us.”"
PLAIN = "The bridge was built in 1931."
LOADED = Reader.load()  # hypothesis does not mix with fixtures that live for a function


@pytest.fixture(scope="module")
def reader() -> Reader:
    return LOADED


@pytest.fixture(scope="module")
def fast() -> Reader:
    return Reader.load(fast=True)


def joined(*paragraphs: str, between: str = "\n\n") -> tuple[str, list[tuple[int, int]]]:
    text, blocks = "", []
    for paragraph in paragraphs:
        blocks.append((len(text), len(text) + len(paragraph)))
        text += paragraph + between
    return text, blocks


def spans(attribution: Attribution) -> tuple[Span, ...]:
    return (*attribution.source, *attribution.cue, *attribution.content)


def assert_sound(text: str, blocks: list[tuple[int, int]], found: tuple[Attribution, ...]) -> None:
    extents = []
    for attribution in found:
        own = spans(attribution)
        assert own
        assert {type(span.start) for span in own} == {int}
        assert all(any(a <= span.start < span.end <= b for a, b in blocks) for span in own)
        assert all(span.slice(text).strip() == span.slice(text) for span in own)
        extents.append((min(s.start for s in own), max(s.end for s in own)))
    assert extents == sorted(extents)


@pytest.mark.parametrize("kind", ["reader", "fast"])
def test_reads_who_says_what(kind: str, request: pytest.FixtureRequest) -> None:
    text, blocks = joined(SAID, TOLD, PLAIN)
    found = request.getfixturevalue(kind).read(text, blocks)
    assert_sound(text, blocks, found)
    words = [[span.slice(text) for span in spans(a)] for a in found]
    assert words[0][0] == "The mayor of Riverton"
    assert any("said" in cue.slice(text) for cue in found[0].cue)
    assert any("the bridge would be closed for two years" in part.slice(text) for part in found[0].content)
    told = next(a for a in found if any("told" in cue.slice(text) for cue in a.cue))
    assert any("Anna Berg" in source.slice(text) for source in told.source)
    assert any("never asked" in part.slice(text) for part in told.content)
    assert all(max(s.end for s in spans(a)) <= blocks[1][1] for a in found), "nobody says the last paragraph"


def test_fast_and_exact_mostly_agree(reader: Reader, fast: Reader) -> None:
    text, blocks = joined(*[SAID, TOLD, PLAIN] * 4)
    exact, quick = set(reader.read(text, blocks)), set(fast.read(text, blocks))
    assert len(exact & quick) >= len(exact) / 2


@pytest.mark.parametrize("blocks", [[], [(0, 0)], [(3, 3), (5, 5)]])
def test_nothing_to_read(reader: Reader, blocks: list[tuple[int, int]]) -> None:
    assert reader.read("", []) == ()
    assert reader.read(SAID, blocks) == ()
    assert reader.read(" \u00a0\t\n ", [(0, 5)]) == ()


def test_text_outside_the_blocks_is_not_read(reader: Reader) -> None:
    text, blocks = joined(SAID, PLAIN)
    assert reader.read(text, blocks[1:]) == reader.read(text, [blocks[1]])
    moved = shifted(reader.read(SAID, [(0, len(SAID))]), 100)
    assert moved
    assert set(reader.read("x" * 100 + SAID, [(100, 100 + len(SAID))])) == moved


def test_the_same_answer_every_time(reader: Reader) -> None:
    text, blocks = joined(SAID, TOLD, PLAIN, SAID)
    first = reader.read(text, blocks)
    reader.read(*joined(PLAIN * 40))
    assert reader.read(text, blocks) == first
    assert Reader.load().read(text, blocks) == first


def shifted(found: tuple[Attribution, ...], by: int) -> set[Attribution]:
    """The attributions with every offset moved."""
    return {
        Attribution(*(tuple(Span(s.start + by, s.end + by) for s in part) for part in (a.source, a.cue, a.content)))
        for a in found
    }


ALONE = [
    SAID,
    TOLD,
    PLAIN,
    "The harbour was deepened in May and is expected to stay open until winter.",
    "He added that nobody had asked, and would then decide about the new crane.",
    "In a letter, the union’s leader Olga Brandt disagreed.",
    "”Never,” said the owner.",
]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(ALONE), max_size=6))
def test_a_paragraph_is_read_alike_whatever_is_beside_it(paragraphs: list[str]) -> None:
    text, blocks = joined(*paragraphs)
    alone = [shifted(LOADED.read(p, [(0, len(p))]), start) for p, (start, _) in zip(paragraphs, blocks, strict=True)]
    assert set(LOADED.read(text, blocks)) == set().union(*alone)


@pytest.mark.parametrize("kind", ["reader", "fast"])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.sampled_from([*ALONE, SAID * 12]), min_size=1, max_size=9))
def test_the_scores_of_a_window_are_the_same_whatever_is_run_with_it(
    kind: str, request: pytest.FixtureRequest, texts: list[str]
) -> None:
    one: Reader = request.getfixturevalue(kind)
    windows = [window for text in texts for window in one.windows(text, [(0, len(text))])]
    together = list(one.scored(windows))
    assert [window for window, _ in together] == windows
    for window, scores in together:
        ((_, alone),) = one.scored([window])
        assert all(map(np.array_equal, astuple(scores), astuple(alone)))


def test_a_run_takes_as_many_pieces_as_there_is_room_for(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[list[int]] = []

    def run(_: Reader, windows: list[Window]) -> list[Window]:
        runs.append([len(one.ids) for one in windows])
        return windows

    monkeypatch.setattr(Reader, "_run", run)
    windows = [window for text in [SAID] * 30 for window in reader.windows(text, [(0, len(text))])]
    assert len(list(reader.scored(windows))) == 30
    assert 2 <= len(runs) < 15
    assert max(map(sum, runs)) <= reader.room


@given(st.integers(0, 90), st.integers(0, 90))
def test_words_inside_a_span(start: int, end: int) -> None:
    (window,) = LOADED.windows(TOLD, [(0, 40), (42, len(TOLD))])
    span = Span(min(start, end), max(start, end))
    inside = [n for n, word in enumerate(window.words) if span.start <= word.start and word.end <= span.end]
    assert list(window.inside(span)) == inside


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_tags_are_the_best_that_may_follow_each_other(data: st.DataObject) -> None:
    opens = data.draw(st.lists(st.booleans(), min_size=1, max_size=4))
    values = st.lists(st.integers(-8, 8), min_size=len(LABELS), max_size=len(LABELS))
    scores = np.array(data.draw(st.lists(values, min_size=len(opens), max_size=len(opens))), np.float32)
    sums = {tags: scores[range(len(tags)), tags].sum() for tags in product(range(len(LABELS)), repeat=len(opens))}
    best = tuple(model_reader._best_tags(scores, opens))
    assert may_follow(best, opens)
    assert sums[best] == max(total for tags, total in sums.items() if may_follow(tags, opens))


def may_follow(tags: tuple[int, ...], opens: list[bool]) -> bool:
    """Whether each label that continues a stretch follows one of that stretch, in the same block."""
    steps = zip([0, *tags], tags, opens, strict=False)
    return all(not LABELS[tag].startswith("I-") or (not new and before in {tag - 1, tag}) for before, tag, new in steps)


def test_a_quotation_that_runs_on_is_read_with_its_beginning(reader: Reader) -> None:
    text, blocks = joined("Anna Berg said: “We were never asked about it.", "“It will ruin us within a year.”", PLAIN)
    found = reader.read(text, blocks)
    assert len(found) == 1
    assert [text[s.start : s.end] for s in found[0].source] == ["Anna Berg"]
    assert {i for s in found[0].content for i, (a, b) in enumerate(blocks) if a <= s.start < b} == {0, 1}


def test_a_colon_introduces_the_next_paragraph(reader: Reader) -> None:
    text, blocks = joined("The mayor, Ines Holt, told the council:", "“The bridge is safe and will be open in May.”")
    found = reader.read(text, blocks)
    assert [text[a.source[0].start : a.source[0].end].rstrip(",") for a in found] == ["The mayor, Ines Holt"]
    assert [a.content[-1].end for a in found] == [len(text) - len("\n\n")]


@pytest.mark.parametrize("long", [SAID * 60, "word " * 3000, "said" * 2000, "。" * 900, "東京" * 900, "“" * 700])
def test_long_paragraphs_are_cut_into_windows(reader: Reader, long: str) -> None:
    words = block_words(long, 0, len(long), reader.tokenizer)
    parts = list(pack([words], reader.marks))
    assert max(len(window.ids) for window in parts) <= WINDOW
    assert [word for window in parts for word in window.words] == words
    assert_sound(long, [(0, len(long))], reader.read(long, [(0, len(long))]))


@pytest.mark.parametrize(
    "text",
    [
        '"We were never asked, Anna Berg said.',
        "”We“ said ‘nobody’ «ever» „at all‟, she\u00a0said\u00a0on\u202fMonday.",
        "“”“” said.",
        "😀 Anna Berg 👩‍👩‍👧‍👦 said that 🇱🇾 was far 🏴󠁧󠁢󠁳󠁣󠁴󠁿.",
        "Anna said: 東京は遠い。 “東京” is far, she said.",
        "Rene\u0301 said that the cafe\u0301 was a\u0308lter.",
        "\u0301\u0301 said \u200b\u200d\ufeff that\u00ad it was so.",
        "a\x00b\x01 said \x7f that \ufffd was.",
        "lone \ud800 surrogate said \udfff nothing.",
        "ﬁnance minister İstanbul ẞ said ½ of ﷽.",
    ],
)
def test_odd_characters(reader: Reader, text: str) -> None:
    assert_sound(text, [(0, len(text))], reader.read(text, [(0, len(text))]))


def test_combining_marks_do_not_cut_words(reader: Reader) -> None:
    text = "Rene\u0301e said so."
    assert [text[w.start : w.end] for w in block_words(text, 0, len(text), reader.tokenizer)] == [
        "Rene\u0301e",
        "said",
        "so",
        ".",
    ]


def test_a_no_break_space_separates_words(reader: Reader) -> None:
    plain, odd = (reader.read(text, [(0, len(text))]) for text in (SAID, SAID.replace(" ", "\u00a0")))
    assert plain == odd


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(max_size=60) | st.sampled_from([SAID, TOLD, PLAIN]), max_size=6), st.sampled_from(["", "\n", " "])
)
def test_any_text_gives_sound_spans(paragraphs: list[str], between: str) -> None:
    text, blocks = joined(*paragraphs, between=between)
    assert_sound(text, blocks, LOADED.read(text, blocks))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WEIGHTS, tmp_path / "weights"))


def test_loads_from_another_folder(copy: Path, reader: Reader) -> None:
    assert Reader.load(copy).read(SAID, [(0, len(SAID))]) == reader.read(SAID, [(0, len(SAID))])


@pytest.mark.parametrize("name", ["confidence.json", "reader.bin", "reader.onnx", "second_look.json", "vocab.txt"])
def test_other_bytes_are_refused(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(ModelError, match=name) as caught:
        Reader.load(copy)
    assert caught.value.repair


@pytest.mark.parametrize("name", ["confidence.json", "reader.bin", "reader.onnx", "vocab.txt", "card.json"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=name):
        Reader.load(copy)


@pytest.mark.parametrize("card", ["", "{}", "[]", "null", '{"files": {}}', '{"files": []}'])
def test_a_card_without_digests_is_refused(copy: Path, card: str) -> None:
    (copy / "card.json").write_text(card, encoding="utf-8")
    with pytest.raises(ModelError):
        Reader.load(copy)


def test_a_graph_that_is_none_is_refused(copy: Path) -> None:
    import hashlib

    (copy / "reader.onnx").write_bytes(b"not a graph")
    card = json.loads((copy / "card.json").read_text(encoding="utf-8"))
    card["files"]["reader.onnx"] = hashlib.sha256(b"not a graph").hexdigest()
    (copy / "card.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match="cannot open"):
        Reader.load(copy)


def test_the_card_says_what_ships() -> None:
    card = json.loads((WEIGHTS / "card.json").read_text(encoding="utf-8"))
    assert set(card["files"]) == {*FILES, *GRAPHS.values()}
    assert sum((WEIGHTS / name).stat().st_size for name in card["files"]) <= 25_000_000
    assert card["training"]["base"]["sha256"] in (WEIGHTS / "README.md").read_text(encoding="utf-8")
    assert (
        card["scores"]["fp32"]["relation"] >= 0.68
    )  # after the second look, which leaves out acts that the corpus counts
