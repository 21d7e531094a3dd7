"""The word lists: their form, their order, and that no entry is there twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from broadsheet.extraction import lexicon
from broadsheet.storage import word_lists
from broadsheet.texts import lexicon as line_lexicon

FOLDER = Path(lexicon.__file__).parent
LINE_FOLDER = Path(line_lexicon.__file__).parent
LISTS = sorted([*FOLDER.rglob("*.csv"), *LINE_FOLDER.rglob("*.csv")])
LANGUAGES = {"ar", "da", "de", "en", "es", "fr", "ga", "he", "it", "mul", "nl", "pl", "pt", "ru", "sv", "tr"}
NAMES = ("countries", "organisations", "peoples", "places")


def forms(row: dict[str, str]) -> list[str]:
    """Return every form of a name that a row gives."""
    cells = [row["name"], *(row.get(column, "") for column in ("aliases", "capital", "demonyms"))]
    return [form for cell in cells for form in cell.split(";") if form]


def test_every_list_is_found() -> None:
    assert {"offices", "attribution_verbs", "furniture", *NAMES} <= {file.stem for file in LISTS}
    assert not list(FOLDER.rglob("*.json"))


@pytest.mark.parametrize("file", LISTS, ids=lambda file: f"{file.parts[-3]}/{file.stem}")
def test_a_list_is_sorted_without_doubles_and_says_language_and_source(file: Path) -> None:
    rows = word_lists.table(file)
    columns = list(rows[0])
    keys = [row[columns[0]] for row in rows]
    assert columns[-2:] == ["language", "source"]
    assert keys == sorted(set(keys))
    assert {row["language"] for row in rows} <= (LANGUAGES if LINE_FOLDER in file.parents else {"en"})
    assert {row["source"] for row in rows} <= {"general", "news", "pages", "tests"}
    assert [row for row in rows for cell in row.values() if cell != cell.strip() or "\n" in cell] == []


def test_a_form_of_a_name_has_one_entry() -> None:
    counted = Counter(form for name in NAMES for row in lexicon.table(name) for form in forms(dict(row)))
    assert [form for form, count in counted.items() if count > 1] == []


def test_a_missing_list_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match=r"no_such_list\.csv"):
        lexicon.words("no_such_list")


def test_alternatives_are_longest_first_and_take_any_white_space() -> None:
    found = lexicon.alternatives("national_bodies")
    lengths = [len(part) for part in found.replace(r"\s+", " ").split("|")]
    assert lengths == sorted(lengths, reverse=True)
    assert r"|coast\s+guard|" in found


def test_an_agency_is_in_one_list_and_a_section_is_not_a_place() -> None:
    parts = [line_lexicon.words(name) for name in ("agencies", "desks", "picture_agencies")]
    assert len(line_lexicon.agencies()) == sum(map(len, parts))
    assert not line_lexicon.words("sections") & line_lexicon.words("places")
