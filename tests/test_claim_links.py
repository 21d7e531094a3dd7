"""Links between claims: the same words whatever their marks and cuts, and no others."""

from __future__ import annotations

import itertools
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from broadsheet import package_files
from broadsheet.claim_links import COLUMNS, Linking
from broadsheet.claim_links.wording import gapped
from broadsheet.packages import Tables, load
from broadsheet.schema import load_schemas
from broadsheet.workflows.show import find, passages

ENDS = ("claim_id", "other_claim_id")
SCHEMAS = load_schemas()
WORDS = "We will build the wall again before the winter storms come"


def claim(number: int, content: str | None, **more: Any) -> dict[str, Any]:
    """Return a claim of an article of its own, said by one source in quotation marks."""
    document = more.pop("document", f"article-{number}")
    start = more.pop("start", 100)
    end = start + len(content or "")
    row = {"claim_id": f"{document}#{start:08}-{end:08}", "document_id": document, "start": start, "end": end}
    row |= {"stance": "asserts", "quote": "direct", "content_text": content, "source_text": "Ada Quay"}
    return row | {"source_entity_id": "ada-quay.person", "duplicate_of": None} | more


def linked(*frames: pl.DataFrame, buckets: int = 1) -> pl.DataFrame:
    """Return the table of links of claims that come frame by frame."""
    with Linking(buckets=buckets) as linking:
        for frame in frames:
            linking.add(frame)
        return pl.concat(linking.row_groups(SCHEMAS))


def links(*claims: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return the links as articles and method."""
    found = (
        linked(pl.DataFrame(claims, infer_schema_length=None).cast({"duplicate_of": pl.String}))
        .select("claim_id", "other_claim_id", "method")
        .rows()
    )
    return [(one.partition("#")[0], other.partition("#")[0], method) for one, other, method in found]


def method(one: str, other: str, **more: Any) -> str | None:
    """Return by which method two contents are linked; `more` is about the second."""
    found = links(claim(1, one), claim(2, other, **more))
    return found[0][2] if found else None


@pytest.fixture(scope="module")
def tables(built: Path) -> Tables:
    return load(built)


@pytest.mark.parametrize(
    "other",
    [
        "“We will build the wall again before the winter storms come,”",
        "that we will build the wall again before the winter storms come",
        "''WE WILL BUILD THE WALL AGAIN -- BEFORE THE WINTER STORMS COME.''",
        "We will build … the wall again before the winter storms come",
        "‘We will build the wall again, before the winter storms come.’",
        "“[W]e will build the wall again before the winter storms come”",
    ],
)
def test_contents_are_equal_but_for_marks_case_and_interruptions(other: str) -> None:
    assert method(WORDS, other) == "equal"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"“{WORDS}.”", f"“{WORDS}. Nobody else will do it, and nobody else has to pay.”"),
        (f"“{WORDS}.”", f"“Look, {WORDS}.”"),
        (f"“{WORDS}.”", f"“Nobody else will do it. {WORDS}, and we will pay.”"),
        ("“We will build the wall … before the winter storms come.”", f"“{WORDS}, as I said.”"),
        ("“[The town] will build the wall again before the winter storms come.”", f"“{WORDS}.”"),
        ("“The U.S. will build the wall again this year,”", "“The US will build the wall again this year, I hope.”"),
    ],
)
def test_a_cut_content_is_a_part_of_the_whole(one: str, other: str) -> None:
    assert method(one, other) == "part"
    assert method(other, one) == "part"


@pytest.mark.parametrize(
    "other",
    [
        "We will not build the wall again before the winter storms come",
        "We will build the wall again before the summer storms come",
        "Before the winter storms come we will build the wall again",
        "We will build a wall before the winter storms come",
        "I do not think that we will build the wall again before the winter storms come",
        f"Nobody believes it, {WORDS} or not",
        f"If the council pays, {WORDS}",
        f"{WORDS} unless the council pays for something else",
        f"the plan {WORDS}",
    ],
)
def test_other_words_or_another_sense_are_not_linked(other: str) -> None:
    assert method(f"“{WORDS}”", f"“{other}”") is None


def test_few_words_are_linked_only_for_one_source() -> None:
    words = "We will build the wall"
    assert method(words, words) == "equal"
    assert method(words, words, source_entity_id="ben-marsh.person") is None
    assert method("We will wait", "We will wait") is None
    assert method(WORDS, WORDS, source_entity_id="ben-marsh.person") == "equal-other-source"
    assert method(WORDS, WORDS, source_entity_id=None, source_text="a clerk") == "equal"


def test_words_without_quotation_marks_are_a_part_only_at_its_beginning() -> None:
    short, long = "the harbour would be closed for a year", "on Monday, the harbour would be closed for a year"
    assert method(f"{short}, as in the year of the flood", short, quote="indirect") == "part"
    assert links(claim(1, short, quote="indirect"), claim(2, long, quote="indirect")) == []


@pytest.mark.parametrize(("stance", "expected"), [("plans", "equal"), ("denies", None), ("asks", None)])
def test_a_claim_that_denies_is_not_one_with_a_claim_that_asserts(stance: str, expected: str | None) -> None:
    assert method(WORDS, WORDS, stance=stance) == expected


def test_two_places_of_one_article_are_linked_and_one_place_is_not() -> None:
    here = {"document": "article-1"}
    assert links(claim(1, WORDS, **here), claim(1, WORDS, start=900, **here)) == [("article-1", "article-1", "equal")]
    assert links(claim(1, WORDS, **here), claim(1, WORDS, start=101, **here)) == []


def test_a_repeat_that_is_named_already_and_a_claim_without_content_have_no_links() -> None:
    repeat = claim(2, WORDS, duplicate_of="article-2#00000001-00000002")
    assert links(claim(1, WORDS), repeat, claim(3, None)) == []


def test_of_many_claims_with_equal_words_each_is_linked_to_the_first() -> None:
    found = links(*(claim(number, WORDS) for number in (3, 1, 4, 2)))
    assert found == [("article-1", f"article-{number}", "equal") for number in (2, 3, 4)]


def test_the_order_of_the_claims_changes_nothing() -> None:
    contents = [
        f"“{WORDS},”",
        WORDS.upper(),
        f"{WORDS}. And more.",
        "Another thing was said on that day",
        f"Look, {WORDS}",
    ]
    claims = [claim(number, words) for number, words in enumerate(contents)]
    expected = links(*claims)
    shuffled = [random.Random(seed).sample(claims, len(claims)) for seed in range(10)]
    assert len(expected) == 3
    assert [links(*some) for some in shuffled] == [expected] * 10


def test_links_are_between_the_claims_that_are_linked_two_by_two() -> None:
    contents = [f"“{WORDS},”", f"{WORDS}. And more of it.", "The harbour was closed on Monday by the town council"]
    claims = [claim(number, words) for number, words in enumerate(contents)]
    pairs = [links(*pair) for pair in itertools.combinations(claims, 2)]
    assert sorted(itertools.chain(*pairs)) == links(*claims)


def _corpus(seed: int, count: int) -> list[dict[str, Any]]:
    """Return claims of a few articles and sources whose contents are one to three of the same sentences."""
    rng = random.Random(seed)
    words = ["the", "ferry", "will", "run", "U.S.", "again", "…", "[it]", "not", "harbour"]
    sentences = [" ".join(rng.choices(words, k=rng.randint(6, 10))) for _ in range(5)]
    contents = [". ".join(rng.choices(sentences, k=rng.randint(1, 3))) for _ in range(count)]
    about = [{"source_entity_id": rng.choice([None, "ada-quay.person", "ben-marsh.person"])} for _ in contents]
    return [claim(at // 3, said, start=100 * at, **about[at]) for at, said in enumerate(contents)]


@pytest.mark.parametrize("seed", range(3))
def test_links_are_those_of_a_comparison_of_every_claim_with_every_other(seed: int) -> None:
    claims = sorted(_corpus(seed, 16), key=lambda row: str(row["claim_id"]))
    words = [one.replace("…", " ").split() for one in (gapped(row["content_text"]) for row in claims)]
    first = {tuple(one): number for number, one in reversed(list(enumerate(words)))}
    pairs = itertools.combinations([claims[number] for number in sorted(first.values())], 2)
    parts = {link for pair in pairs for link in links(*pair)}
    found = {link for link in links(*claims) if "part" in link[2]}
    assert found == parts != set()


@pytest.mark.parametrize("buckets", [1, 2, 64])
def test_neither_parts_nor_how_claims_come_change_a_byte(buckets: int, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = pl.DataFrame(_corpus(1, 60), infer_schema_length=None).cast({"duplicate_of": pl.String})
    expected = linked(claims)
    monkeypatch.setattr("broadsheet.storage.scratch.BUFFER", 64)
    monkeypatch.setattr("broadsheet.storage.number_rows.ROWS", 3)
    frames = [claims.sample(fraction=1, shuffle=True, seed=seed).iter_slices(7) for seed in range(5)]
    assert expected.height > 10
    assert all(linked(*some, buckets=buckets).equals(expected) for some in frames)


def test_row_groups_have_the_links_in_the_order_of_their_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_files, "ROWS_A_GROUP", 2)
    first = claim(1, WORDS)
    second = claim(1, WORDS, start=900)
    again = second | {"claim_id": f"{second['claim_id']}-2", "start": 1900, "end": 1950}  # begins with another id
    others = [claim(number, f"“Look, {WORDS}.”") for number in range(2, 6)]
    with Linking() as linking:
        linking.add(pl.DataFrame([*others, again, second, first], infer_schema_length=None))
        groups = list(linking.row_groups(SCHEMAS))
    assert [group.height for group in groups[:-1]] == [2] * (len(groups) - 1)
    found = pl.concat(groups)["link_id"].to_list()
    assert len(found) > 4
    assert found == sorted(set(found))


def test_no_claims_give_no_links() -> None:
    assert linked(pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))).height == 0


def test_a_claim_is_shown_with_its_links(tables: Tables) -> None:
    link = tables.claim_links.collect().row(0, named=True)
    one, other = link["claim_id"], link["other_claim_id"]
    [shown], [shown_other] = passages(tables, one), passages(tables, other)
    assert re.search(rf"same-words \({link['method']}[^()]*\) {other}\n", shown)
    assert re.search(rf"same-words \({link['method']}[^()]*\) {one}\n", shown_other)


def test_a_link_is_shown_with_both_claims_and_who_published_them(tables: Tables) -> None:
    about = tables.documents.with_columns(publisher=pl.lit("Gazette"), agency=pl.lit("Reuters"))
    published = replace(tables, documents=about)
    link = tables.claim_links.collect().row(0, named=True)
    [shown] = passages(published, find(published, link["link_id"]))
    assert [shown.count(f"{link[key]}; publisher Gazette; agency Reuters") for key in ENDS] == [1, 1]
    [of_claim] = passages(published, link["claim_id"])
    assert f"({link['method']}; publisher Gazette; agency Reuters)" in of_claim
