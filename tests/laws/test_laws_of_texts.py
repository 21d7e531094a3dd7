"""Laws of normalisation: what holds for every text, whatever it says."""

from __future__ import annotations

import itertools
import string

from hypothesis import given, settings
from hypothesis import strategies as st
from invariants import check_text

from broadsheet.findings.quarantine import Quarantined
from broadsheet.ids import sha256
from broadsheet.model import Raw, Text
from broadsheet.texts import copies, is_copy, normalise, sketch

FURNITURE = [
    *(
        "By Ada Quay",
        "14 March 2017",
        "24-08-23 11:08",
        "Home » News » Storm",
        "Read more: Storm",
        "Leave a Reply",
        "DEBKA",
    ),
    *(
        "Related Articles",
        "2 min read",
        "A boat. Photo: Ada Quay/AFP",
        "3 Comments",
        "© 2020 The Coast Times",
        "Tags: x",
        "“",
        "***",
    ),
    *(
        "Storm breaks the harbour wall",
        "WHO PAYS FOR IT?",
        "Share",
        "Von Karla Wendt",
        "# Heading",
        "---",
        "(Reuters)",
        "Source: Z",
    ),
]
SENTENCE = "The harbour was closed on Monday after a storm broke the western wall, the harbour master told reporters."

words = st.text(st.characters(codec="utf-8"), max_size=60)
lines = st.one_of(words, st.sampled_from(FURNITURE), st.integers(1, 4).map(lambda n: " ".join([SENTENCE] * n)))
articles = st.lists(lines, min_size=1, max_size=14).flatmap(
    lambda found: st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\n \n"]).map(lambda end: end.join(found))
)
law = settings(deadline=None, max_examples=150)


def read(data: bytes, kind: str = "text/plain") -> Text | Quarantined:
    return normalise(Raw("seeds/a.txt", data, sha256(data), kind))


@law
@given(articles)
def test_paragraphs_tile_every_text(article: str) -> None:
    for kind in ("text/plain", "text/markdown"):
        found = read(article.encode(), kind)
        if isinstance(found, Text):
            check_text(found)
            lines_of_file = article.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
            assert found.text == lines_of_file or kind == "text/markdown"  # a reader of Markdown sees no markup
            assert found.text.count("\n") == lines_of_file.count("\n")


@law
@given(st.binary(max_size=400))
def test_every_input_has_an_outcome(data: bytes) -> None:
    for kind in ("text/plain", "text/markdown", "text/html"):
        found = read(data, kind)
        if isinstance(found, Text):
            check_text(found)


@law
@given(
    st.lists(
        st.one_of(
            lines, st.sampled_from(["<p>", "</p>", "<div>", "<h1>", "<br>", "<!--", "<figure>", "<table><tr><td>"])
        ),
        max_size=20,
    )
)
def test_paragraphs_tile_every_page(parts: list[str]) -> None:
    found = read("".join(parts).encode(), "text/html")
    if isinstance(found, Text):
        check_text(found)


@law
@given(
    st.lists(
        st.one_of(st.text(string.printable, max_size=40), st.sampled_from([*FURNITURE, SENTENCE])),
        min_size=1,
        max_size=12,
    )
)
def test_encoding_and_line_ends_change_nothing(parts: list[str]) -> None:
    article = "\n".join(part.replace("\r", "") for part in parts) + f"\n{SENTENCE}\n"
    plain = read(article.encode())
    assert isinstance(plain, Text) or plain.code == "BS203"
    for data in (
        b"\xef\xbb\xbf" + article.encode(),
        b"\xff\xfe" + article.encode("utf-16-le"),
        b"\xfe\xff" + article.encode("utf-16-be"),
        article.replace("\n", "\r\n").encode(),
    ):
        other = read(data)
        if isinstance(plain, Text):
            assert isinstance(other, Text)
            assert (other.text, other.paragraphs, other.title, other.published) == (
                plain.text,
                plain.paragraphs,
                plain.title,
                plain.published,
            )


@law
@given(articles)
def test_reading_the_canonical_text_again_changes_nothing(article: str) -> None:
    once = read(article.encode())
    if isinstance(once, Text) and not once.text.startswith("\ufeff"):
        again = read(once.text.encode())
        assert isinstance(again, Text)
        assert (again.text, again.paragraphs) == (once.text, once.paragraphs)


@law
@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=3),
        st.builds(lambda whole, rest: (whole, *sorted(rest)), st.integers(0, 9), st.sets(st.integers(0, 20)))
        | st.just(()),
    ),
    st.sampled_from([1, 2, 8]),
)
def test_copies_are_the_chains_of_articles_that_copy_each_other(
    sketches: dict[str, tuple[int, ...]], buckets: int
) -> None:
    first = {name: name for name in sketches}
    for one, other in itertools.combinations(sorted(sketches), 2):
        if is_copy(sketches[one], sketches[other]):
            joined = sorted({first[one], first[other]})
            first |= {name: joined[0] for name, called in first.items() if called in joined}
    expected = {name: called for name, called in first.items() if name != called}
    assert copies(sketches.items(), buckets=buckets) == expected
    assert copies(sorted(sketches.items(), key=hash)) == expected


@law
@given(articles)
def test_a_sketch_is_a_sorted_sample(article: str) -> None:
    found = read(article.encode())
    if isinstance(found, Text):
        whole, *rest = sketch(found) or (0,)
        assert rest == sorted(set(rest))
        assert 0 <= whole < 2**64
