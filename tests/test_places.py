"""Where a stretch of an article stands in the file that a person can edit."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model import Raw, Text
from broadsheet.sources import read
from broadsheet.texts import locate, normalise

PROSE = "The council met on Friday to hear from the fishermen of the bay. Nothing was decided."
PAGE = """<!doctype html>
<html><head><title>Pier &amp; bay</title>
<script>var words = "The mayor said";</script></head>
<body><nav>The mayor said</nav>
<article><h1>Pier &amp; bay</h1>
<p>The council met on <b>Fri</b>day to hear from the fishermen of the bay. Nothing was decided.</p>
<p>&ldquo;We wait,&rdquo; it said.
   The mayor said&nbsp;so too, and went home before the vote had even been counted by the clerk.</p>
</article></body></html>
"""


def article(folder: Path, name: str, data: bytes) -> tuple[Raw, Text]:
    """Return a file as what was read of it."""
    (folder / name).write_bytes(data)
    raw = next(item for item in read(folder / name, root=folder) if isinstance(item, Raw))
    text = normalise(raw)
    assert isinstance(text, Text)
    return raw, text


@given(st.text(alphabet="ab \n\r\u00e4\U0001f600", min_size=1), st.data())
def test_a_code_point_of_a_plain_text_is_where_its_lines_say(words: str, data: st.DataObject) -> None:
    canonical = words.replace("\r\n", "\n").replace("\r", "\n")
    start = data.draw(st.integers(0, len(canonical) - 1))
    place = locate(Raw("a.txt", words.encode(), "", "text/plain"), canonical, start)
    assert place is not None
    line, column = place
    lines = canonical.split("\n")
    assert sum(len(before) + 1 for before in lines[: line - 1]) + column - 1 == start
    assert column <= len(lines[line - 1]) + 1


@pytest.mark.parametrize(
    ("words", "line", "column"),
    [
        ("Pier & bay", 5, 14),
        ("The council met", 6, 4),
        ("day to hear", 6, 33),
        ("\u201cWe wait", 7, 4),
        ("so too", 8, 24),
    ],
)
def test_words_of_a_page_are_found_in_its_markup(tmp_path: Path, words: str, line: int, column: int) -> None:
    raw, text = article(tmp_path, "page.html", PAGE.encode())
    assert locate(raw, text.text, text.text.rindex(words)) == (line, column)


def test_words_that_come_before_in_a_page_are_passed_over(tmp_path: Path) -> None:
    raw, text = article(tmp_path, "page.html", PAGE.encode())
    starts = [text.text.index("The mayor said"), text.text.rindex("The mayor said")]
    assert [locate(raw, text.text, start) for start in starts] == [(4, 12), (8, 4)]


def test_what_is_not_in_the_markup_is_placed_at_the_page(tmp_path: Path) -> None:
    raw, _ = article(tmp_path, "page.html", PAGE.encode())
    assert locate(raw, "Words of another page.", 0) == (1, 1)


def test_a_record_is_placed_at_its_line(tmp_path: Path) -> None:
    rows = f'\n{{"id": "x#1", "text": "{PROSE}"}}\n'.encode()
    raw, text = article(tmp_path, "two#.jsonl", rows)
    assert (raw.file, raw.record) == ("two#.jsonl", "x#1")
    assert locate(raw, text.text, 9) == (2, 1)


def test_what_is_packed_has_no_line(tmp_path: Path) -> None:
    raw, text = article(tmp_path, "a.txt.gz", gzip.compress(PROSE.encode(), mtime=0))
    assert raw.file == "a.txt.gz"
    assert locate(raw, text.text, 9) is None
