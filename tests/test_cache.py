"""The cache: an entry comes back as it was, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.cache import Entry, Store, key
from broadsheet.model import Evidence, Extraction, Paragraph, Span, Text


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
    store = Store(tmp_path)
    store.put(key("x"), entry())
    assert store.get(key("x")) == entry()
    assert store.get(key("y")) is None


def test_every_damaged_byte_is_seen(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("abcd", entry())
    path = tmp_path / "ab" / "abcd"
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert store.get("abcd") is None
    path.write_bytes(whole[:-1])
    assert store.get("abcd") is None


def test_only_what_the_next_build_needs_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for name in ("aa1", "aa2", "bb1"):
        store.put(name, entry())
    store.keep_only({"aa2"})
    assert [p.name for p in tmp_path.glob("*/*")] == ["aa2"]


@pytest.mark.parametrize(("one", "other"), [(("a", "bc"), ("ab", "c")), (("a",), ("a", ""))])
def test_keys_do_not_run_together(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert key(*one) != key(*other)
