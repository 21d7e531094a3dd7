"""The cache: an entry comes back as it was, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from broadsheet import findings, ids
from broadsheet.findings.quarantine import Cause, Quarantined
from broadsheet.ids import key
from broadsheet.model import (
    Attribution,
    Citation,
    Cluster,
    Entity,
    Evidence,
    Extraction,
    Mention,
    Paragraph,
    Reading,
    Resolution,
    Span,
    Text,
)
from broadsheet.storage.cache import Cache
from broadsheet.storage.entities import Entities
from broadsheet.storage.last_build import LastBuild
from broadsheet.storage.register import Register
from broadsheet.storage.summaries import Entry, RowCounts, Summaries, Summary, SummaryWriter, pack


def entry() -> Entry:
    text = Text(
        document_id="a",
        source_path="seeds/a.txt",
        source_sha256="0" * 64,
        source_bytes=5,
        media_type="text/plain",
        encoding="utf-8",
        language="en",
        text="A\u00a0title",
        paragraphs=(Paragraph(0, 7, "title"),),
        title=Evidence("A title", "text", Span(0, 7)),
    )
    return Entry(text, Extraction("a"), (1, 2**63 - 1))


def test_round_trip(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(key("x"), entry())
    assert cache.get(key("x")) == entry()
    assert cache.get(key("y")) is None


def test_a_reading_comes_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    said = Attribution((Span(0, 1),), (Span(2, 3),), (Span(4, 5),))
    found = Reading((FRONT,), (Mention(0, 5, 0, "exact"),), (said,))
    cache.put_reading("aa1", found)
    assert cache.reading("aa1") == found
    assert cache.reading("aa2") is None
    assert cache.get("aa1") is None  # it is not an entry


def test_every_damaged_byte_is_seen(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("abcd", entry())
    path = tmp_path / "ab" / "abcd"
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert cache.get("abcd") is None
    path.write_bytes(whole[:-1])
    assert cache.get("abcd") is None


def test_only_what_the_next_build_needs_is_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for name in ("aa1", "aa2", "bb1"):
        cache.put(name, entry())
    cache.keep_only({"aa2"})
    assert [p.name for p in tmp_path.glob("*/*")] == ["aa2"]


@pytest.mark.parametrize(("one", "other"), [(("a", "bc"), ("ab", "c")), (("a",), ("a", ""))])
def test_keys_do_not_run_together(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert key(*one) != key(*other)


# --- the register -----------------------------------------------------------------------------------------------------

PETER = Cluster("Peter Novak", (("Novak", 2), ("Peter Novak", 1)), (("PERSON", 3),), ("P. N.",))
ROWS = RowCounts(1, 2, 3, 4, 5)
FRONT = Cluster("Front", (("Front", 1),), (("ORG", 1),))


def summaries(*documents: str) -> list[Summary]:
    """Return what is known of articles that name two things, the second one nobody knows."""
    text = entry().text
    return [
        Summary(
            key(d),
            f"seeds/{d}.txt",
            text.source_sha256,
            d,
            RowCounts(1, 2, 3, 4, 5),
            2,
            pack((PETER, FRONT), (2**64 - 1, 0, len(d)), ()),
            findings=(findings.finding("BS202", "odd", "mend it", path=f"seeds/{d}.txt", line=2),),
        )
        for d in documents
    ]


def resolution(*documents: str) -> Resolution:
    return Resolution(
        Entities([Entity("peter-novak.person", "Peter Novak", "PERSON", "Q1")]),
        {(d, 0): ("peter-novak.person", None if d == "a" else "partial") for d in documents},
        dict.fromkeys(documents[1:], "a"),
        (findings.finding("BS302", "nobody is called so", "correct the name"),),
        frozenset((d, 1) for d in documents),
    )


def register(*documents: str, resolution_key: str = "key") -> Register:
    return Register(resolution_key, "package", in_a_file(summaries(*documents)), resolution(*documents))


def in_a_file(written: Iterable[Summary]) -> Summaries:
    return Summaries.of(map(SummaryWriter().add, written), "key")


BROKEN = Quarantined("seeds/b.jsonl", Cause.JSON_SYNTAX, {"error": "no brace"}, "0" * 64, "b", 7)
LAST = LastBuild("inputs", "all", "package", {"claims": 3}, (), resolution("a").findings, (BROKEN.as_record,))


def test_what_a_build_reported_comes_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert LastBuild.read(cache.folder) is None
    LAST.write(cache.folder)
    assert LastBuild.read(cache.folder) == LAST
    assert [Quarantined.of_record(one) for one in LAST.quarantined] == [BROKEN]


def test_an_entry_is_known_by_what_the_corpus_needs_of_it() -> None:
    found = Summary.of("k", replace(entry(), citations=(Citation(0, (3,)),)))
    assert (found.key, found.source_path, found.document_id) == ("k", "seeds/a.txt", "a")
    assert found.rows == RowCounts(1, 0, 0, 0, 0)
    assert (found.clusters, found.sketch, found.citations) == ((), (1, 2**63 - 1), (Citation(0, (3,)),))


def test_summaries_in_a_file_are_those_that_were_added(tmp_path: Path) -> None:
    found = in_a_file(summaries("a", "b", "c"))
    assert dict(found) == {one.key: one for one in summaries("a", "b", "c")}
    assert found[key("b")].clusters == (PETER, FRONT)
    assert (len(found), key("b") in found, key("d") in found) == (3, True, False)
    assert list(found.names) == [key("a"), key("b"), key("c")]
    assert list(Summaries(found.heads, "document_id", found.rows[:1]).items()) == [("a", *summaries("a"))]


def test_of_two_summaries_with_one_name_the_first_counts() -> None:
    one, other = summaries("a", "b")
    heads = in_a_file([one, replace(other, document_id="a"), *summaries("c")]).heads
    in_order, turned, alone = (Summaries(heads, "document_id", rows) for rows in ([0, 1, 2], [2, 1, 0], [1]))
    assert [list(found) for found in (in_order, turned, alone)] == [["a", "c"], ["c", "a"], ["a"]]
    assert [found["a"].key for found in (in_order, turned, alone)] == [one.key, other.key, other.key]
    assert ["c" in found for found in (in_order, turned, alone)] == [True, True, False]


def test_a_register_is_read_after_another_took_its_place(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.write_register(register("a", "b"))
    found = cache.register()
    cache.write_register(register("c"))
    assert found == register("a", "b")


@pytest.mark.parametrize("documents", [(), ("a",), ("a", "b", "c")])
def test_the_register_comes_back(tmp_path: Path, documents: tuple[str, ...]) -> None:
    cache = Cache(tmp_path)
    assert cache.register() is None
    cache.write_register(register(*documents))
    found = cache.register()
    assert found == register(*documents)
    assert list(found.resolution.members) == [(d, 0) for d in documents]


def test_the_register_is_the_same_whatever_the_order(tmp_path: Path) -> None:
    one, other = Cache(tmp_path / "one"), Cache(tmp_path / "other")
    written = register("a", "b", "c")
    one.write_register(written)
    told = written.resolution
    turned = replace(told, members=dict(sorted(told.members.items(), reverse=True)), copies={"c": "a", "b": "a"})
    other.write_register(replace(written, summaries=in_a_file(reversed(summaries("a", "b", "c"))), resolution=turned))
    assert (one.folder / "register").read_bytes() == (other.folder / "register").read_bytes()


def test_a_damaged_register_is_none(tmp_path: Path) -> None:
    cache, path = Cache(tmp_path), tmp_path / "register"
    cache.write_register(register("a"))
    whole = path.read_bytes()
    for place in range(0, len(whole), 5):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert cache.register() is None
    for left in (b"", whole[:-1], whole[:64], whole[:65]):
        path.write_bytes(left)
        assert cache.register() is None


@pytest.mark.parametrize("half", [0, 1, 2])
def test_what_a_loss_of_power_leaves_counts_as_missing(tmp_path: Path, half: int) -> None:
    """Files of the cache are not synced: one may be empty, or have zeros from some place on."""
    cache = Cache(tmp_path)
    cache.put("aa1", entry())
    cache.put_reading("aa2", Reading((FRONT,), (), ()))
    cache.write_register(register("a"))
    LAST.write(cache.folder)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 4
    for path in files:
        whole = path.read_bytes()
        kept = half * len(whole) // 4
        path.write_bytes(whole[:kept] + bytes(len(whole) - kept) if half else b"")
    found = (cache.get("aa1"), cache.reading("aa2"), cache.register(), LastBuild.read(cache.folder))
    assert found == (None, None, None, None)


BODIES = [b"", b"{}", b"\x80", b"\x93\x01\x02\x03", b'{"fingerprint": "of an older version"}']


@pytest.mark.parametrize("body", BODIES, ids=["empty", "json", "map", "list", "older"])
def test_a_whole_file_that_is_not_a_register_gives_none(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "register").write_bytes(ids.sha256(body).encode() + b"\n" + body)
    assert Cache(tmp_path).register() is None


def test_the_register_is_whole_or_stays_as_it_was(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.write_register(register("a", resolution_key="old"))
    gone = in_a_file(summaries("b")).heads[0]
    unreadable = Summaries.of([gone._replace(place=gone.size)], "key")
    with pytest.raises(OSError, match="shorter than it was"):
        cache.write_register(replace(register("a", "b"), summaries=unreadable))
    found = cache.register()
    assert found is not None
    assert found.resolution_key == "old"
    cache.keep_only(())
    assert [path.name for path in tmp_path.iterdir()] == ["register"]


def test_the_register_stays_with_the_entries_and_what_a_killed_build_left_goes(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("aa1", entry())
    cache.write_register(register("a"))
    (tmp_path / "register.123").write_bytes(b"half")
    cache.keep_only({"aa1"})
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["aa1", "register"]
    assert cache.register() is not None
