"""The ten questions of `docs/questions.md`: every block runs, polars and SQL agree, the answers are in the articles.

What is expected was read in the five articles; rows beside it are allowed, since a reader of claims finds more or less.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from broadsheet.schema.table_schemas import TABLES

_BLOCK = re.compile(r"```(python|sql)\n(.*?)```", re.DOTALL)


class Questions:
    """The page, cut into its preamble and its questions, with the package it is asked of."""

    def __init__(self, page: str, package: Path) -> None:
        self.sections = re.split(r"(?m)^## ", page)
        self.package = package
        frames = {name: pl.read_parquet(package / f"{name}.parquet") for name in TABLES}
        self.sql = pl.SQLContext(frames, eager=True)
        for statement in self.blocks(0)["sql"].split(";"):
            if statement.strip():
                self.sql.execute(statement)
        self.scope: dict[str, Any] = {}
        self.run(self.blocks(0)["python"])

    def blocks(self, number: int) -> dict[str, str]:
        return dict(_BLOCK.findall(self.sections[number]))

    def run(self, code: str) -> None:
        exec(code.replace('f"build/', f'f"{self.package.as_posix()}/'), self.scope)  # our own page

    def polars(self, number: int) -> pl.DataFrame:
        self.run(self.blocks(number)["python"])
        answer = self.scope["answer"]
        assert isinstance(answer, pl.DataFrame)
        return answer

    def asked(self, number: int) -> pl.DataFrame:
        return self.sql.execute(self.blocks(number)["sql"].rstrip().rstrip(";"))


@pytest.fixture(scope="module")
def questions(built: Path, root: Path) -> Questions:
    return Questions((root / "docs" / "questions.md").read_text(encoding="utf-8"), built)


def test_there_are_ten(questions: Questions) -> None:
    assert [s.split(".")[0] for s in questions.sections[1:]] == [str(n) for n in range(1, 11)]


@pytest.mark.parametrize("number", range(1, 11))
def test_polars_and_sql_agree(number: int, questions: Questions) -> None:
    one, other = questions.polars(number), questions.asked(number)
    assert one.height > 0
    assert_frame_equal(one, other, check_row_order=number == 4)


def rows(questions: Questions, number: int, *columns: str) -> set[tuple[Any, ...]]:
    return set(questions.polars(number).select(columns).rows())


def has(questions: Questions, number: int, words: str, **cells: Any) -> bool:
    """Tell whether an answer has a row with these cells and these words in its content."""
    answer = questions.polars(number)
    wanted = [pl.col(name).eq_missing(pl.lit(cell)) for name, cell in cells.items()]
    plain = pl.col("content_text").str.replace_all("\u00a0", " ", literal=True)
    return not answer.filter(plain.str.contains(words, literal=True), *wanted).is_empty()


def test_1_sidi_barrani(questions: Questions) -> None:
    assert has(questions, 1, "based in Sidi Barrani", answer="places", who="US sources")
    assert {("places", "DEBKA", "US military sources")} <= rows(questions, 1, "answer", "publisher", "who")
    assert has(questions, 1, "presence of Russian troops", answer="denies", who="Egypt")
    assert has(questions, 1, "no foreign soldier", answer="denies", who="Tamer al-Rifai")
    assert {str(day) for (day,) in rows(questions, 1, "published")} <= {"2017-03-14", "None"}


def test_2_no_comment(questions: Questions) -> None:
    expected = {"Moscow", "Russian defence ministry", "Officials in Washington, Moscow and Cairo"}
    assert {who for (who,) in rows(questions, 2, "who")} == expected
    assert ("Moscow", "Reuters") in rows(questions, 2, "who", "reported_via")
    assert has(questions, 2, "whether or not the Russians had acted", who="Officials in Washington, Moscow and Cairo")


def test_no_question_searches_in_texts(questions: Questions) -> None:
    page = "".join(questions.sections)
    assert re.findall(r"str\.contains|~ '|LIKE|regexp", page) == []


def test_3_told_to_reuters(questions: Questions) -> None:
    expected = {
        "US officials",
        "US sources",
        "US security officials",
        "Egyptian military sources",
        "a diplomat",
        "Moscow",
    }
    assert {who for (who,) in rows(questions, 3, "who")} == expected
    assert has(questions, 3, "22-man special forces unit", who="Egyptian military sources", source_affiliation="Egypt")


def test_4_haftar_himself(questions: Questions) -> None:
    assert has(questions, 4, "crucial")
    assert has(questions, 4, "eliminate terrorism with your help")
    assert has(questions, 4, "he told Russian Defense Minister Sergei Shoigu about his military needs")
    assert has(questions, 4, "seeking Moscow’s help")
    published = questions.polars(4)["published"].to_list()
    assert published == sorted(published, key=lambda day: (day is None, str(day)))


def test_5_names(questions: Questions) -> None:
    forms = rows(questions, 5, "entity_id", "text")
    assert {("khalifa-haftar.person", form) for form in ("Khalifa Haftar", "Haftar", "Hafter")} <= forms
    assert {("libyan-national-army.org", form) for form in ("Libyan National Army", "LNA")} <= forms


def test_6_arms(questions: Questions) -> None:
    assert has(questions, 6, "service and restore heavy weaponry", answer="for", source_affiliation="Khalifa Haftar")
    assert has(questions, 6, "offering Haftar armaments", answer="for")
    assert has(questions, 6, "sending weaponry to the general", answer="against", who="Russia")


def test_7_places(questions: Questions) -> None:
    assert {"Tobruk", "Benghazi", "Sidi Barrani"} <= {place for (place,) in rows(questions, 7, "place")}
    assert ("DEBKA", "US military sources", "official") in rows(questions, 7, "publisher", "who", "source_kind")


def test_8_the_ministry(questions: Questions) -> None:
    assert {document[:3] for (document,) in rows(questions, 8, "document_id")} == {"000", "002", "004"}
    assert has(questions, 8, "first official visit")
    assert has(questions, 8, "The Russian side stressed")
    assert ("was not immediately available for comment", None) in rows(questions, 8, "cue_text", "content_text")


def test_9_repeats(questions: Questions) -> None:
    assert {claim[:3] for (claim,) in rows(questions, 9, "claim_id")} == {"003"}
    assert {differs for (differs,) in rows(questions, 9, "differs")} == {True, False}
    assert has(questions, 9, "counter-offensive by Hafter’s militia", differs=False)


def test_10_quoted_alike(questions: Questions) -> None:
    alike = {words for (words,) in rows(questions, 10, "words")}
    assert "We hope we will eliminate terrorism with your help in the nearest future" in alike
