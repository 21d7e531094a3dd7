"""Invisible characters: names are found across them, at their places in the text as it is."""

from __future__ import annotations

from typing import Any

import pytest

from broadsheet import extraction
from broadsheet.extraction.names import spacy_model
from broadsheet.model import Attribution, Extraction, Raw, Span, Text
from broadsheet.texts import normalise


@pytest.fixture(scope="module")
def nlp() -> Any:
    return spacy_model.load()


def extracted(words: str, nlp: Any, *said: Attribution) -> tuple[Text, Extraction]:
    """Return an article and what it names; its claims are those given, at places of the visible text."""
    text = normalise(Raw("a.txt", words.encode(), "0", "text/plain"))
    assert isinstance(text, Text)
    return text, extraction.extract(text, extraction.Models(nlp, lambda _: said, {}))


def test_names_are_found_across_invisible_characters(nlp: Any) -> None:
    words = "The envoy, Karim\u200b Salehani, met Rostam Deyli in Sor\u00adan on Monday.\n\nSale\u200bhani left.\n"
    text, found = extracted(words, nlp)
    names = [(words[m.start : m.end], found.clusters[m.cluster].name) for m in found.mentions]
    assert names == [
        ("Karim\u200b Salehani", "Karim Salehani"),
        ("Rostam Deyli", "Rostam Deyli"),
        ("Sor\u00adan", "Soran"),
        ("Sale\u200bhani", "Karim Salehani"),
    ]
    assert [(one.code, one.total) for one in text.findings] == [("BS227", 3)]


def test_a_paragraph_of_invisible_characters_is_not_read(nlp: Any) -> None:
    lead = "Karim Salehani met Rostam Deyli in the city of Soran on Monday, an official of the ministry said at noon.\n"
    words = f"\u200b\u200b\n\n{lead}"
    _, found = extracted(words, nlp)
    assert [words[m.start : m.end] for m in found.mentions][:2] == ["Karim Salehani", "Rostam Deyli"]


def test_the_source_of_a_claim_is_linked_across_a_soft_hyphen(nlp: Any) -> None:
    lead = "The minister of Fin\u00adland, Aino Kor\u00adhonen, came to Oslo."
    words = f"{lead}\n\n“We need a bridge,” Kor\u00adhonen said.\n"
    visible = words.replace("\u00ad", "")
    parts = ("Korhonen", "said", "“We need a bridge,”")
    source, cue, content = [Span(visible.rindex(part), visible.rindex(part) + len(part)) for part in parts]
    _, found = extracted(words, nlp, Attribution((source,), (cue,), (content,)))
    (claim,) = found.claims
    (span,) = claim.attribution.source
    assert words[span.start : span.end] == "Kor\u00adhonen"
    assert claim.source is not None
    assert found.clusters[claim.source].name == "Aino Korhonen"
