"""Invisible characters: names are found across them, at their places in the text as it is."""

from __future__ import annotations

from typing import Any

import pytest

from broadsheet import extraction
from broadsheet.extraction.names import spacy_model
from broadsheet.model import Extraction, Raw, Text
from broadsheet.texts import normalise


@pytest.fixture(scope="module")
def nlp() -> Any:
    return spacy_model.load()


def extracted(words: str, nlp: Any) -> tuple[Text, Extraction]:
    """Return an article and what it names; nothing is read for claims."""
    text = normalise(Raw("a.txt", words.encode(), "0", "text/plain"))
    assert isinstance(text, Text)
    return text, extraction.extract(text, extraction.Models(nlp, lambda _: (), {}))


def test_names_are_found_across_invisible_characters(nlp: Any) -> None:
    words = "The envoy, Hassan\u200b Rouhan, met Masoud Barza in Er\u00adbil on Monday.\n\nRou\u200bhan left.\n"
    text, found = extracted(words, nlp)
    names = [(words[m.start : m.end], found.clusters[m.cluster].name) for m in found.mentions]
    assert names == [
        ("Hassan\u200b Rouhan", "Hassan Rouhan"),
        ("Masoud Barza", "Masoud Barza"),
        ("Er\u00adbil", "Erbil"),
        ("Rou\u200bhan", "Hassan Rouhan"),
    ]
    assert [(one.code, one.total) for one in text.findings] == [("BS227", 3)]


def test_a_paragraph_of_invisible_characters_is_not_read(nlp: Any) -> None:
    lead = "Hassan Rouhan met Masoud Barza in the city of Erbil on Monday, an official of the ministry said at noon.\n"
    words = f"\u200b\u200b\n\n{lead}"
    _, found = extracted(words, nlp)
    assert [words[m.start : m.end] for m in found.mentions][:2] == ["Hassan Rouhan", "Masoud Barza"]
