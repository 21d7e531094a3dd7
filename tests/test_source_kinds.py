"""The values of `source_kind`: every example of `docs/claims.md`, and what unknown entities do to them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from broadsheet import tables
from broadsheet.extraction.claims import assemble
from broadsheet.model import (
    SOURCE_KINDS,
    Attribution,
    Claim,
    Cluster,
    Entity,
    EntityType,
    Extraction,
    Mention,
    Paragraph,
    Resolution,
    Span,
    Text,
)
from broadsheet.schema import load_schemas

PAGE = (Path(__file__).parents[1] / "docs" / "claims.md").read_text(encoding="utf-8")
NAME = re.compile(r"([^;()]+?) \((\w+)\)")
ROW = re.compile(r"^\| (.+?) \| (.+?) \| (\w+) \|$", re.MULTILINE)
EXAMPLES = [row for row in ROW.findall(PAGE.split("\n## Source kind\n")[1]) if row[2] != "source_kind"]


def extracted(source: str, names: str) -> tuple[Text, Extraction, Resolution]:
    """Return an article of one sentence, "SOURCE said that it rains.", with these names, each an entity of its type."""
    words = f"{source} said that it rains."
    text = Text(
        "a", "a.txt", "0" * 64, len(words), "text/plain", "utf-8", "en", words, (Paragraph(0, len(words), "body"),)
    )
    at = len(source) + 1
    said = Attribution((Span(0, len(source)),) if source else (), (Span(at, at + 4),), (Span(at + 5, len(words) - 1),))
    found = [(name.strip(), kind) for name, kind in NAME.findall(names)]
    clusters = tuple(Cluster(name, ((name, 1),), ((kind, 1),)) for name, kind in found)
    starts = [words.index(name) for name, _ in found]
    mentions = tuple(
        Mention(s, s + len(n), i, "exact") for i, (s, (n, _)) in enumerate(zip(starts, found, strict=True))
    )
    claims, _ = assemble.interpret(text, (said,), clusters, mentions)
    entities = tuple(Entity(name, name, kind) for name, kind in found)
    members = {("a", number): (name, None) for number, (name, _) in enumerate(found)}
    return text, Extraction("a", clusters, mentions, claims), Resolution(entities, members)


def kind_of(text: Text, extraction: Extraction, resolution: Resolution) -> str:
    return str(tables.tabulate([(text, extraction)], resolution, load_schemas())["claims"]["source_kind"].item())


def test_every_kind_but_none_has_examples() -> None:
    assert {kind for *_, kind in EXAMPLES} == {*SOURCE_KINDS.values(), "official"}
    assert len(EXAMPLES) > 20


@pytest.mark.parametrize(("source", "names", "kind"), EXAMPLES)
def test_an_example_of_the_page(source: str, names: str, kind: str) -> None:
    assert kind_of(*extracted(source, names)) == kind


def test_a_claim_without_a_source_has_no_kind() -> None:
    assert kind_of(*extracted("", "–")) == "none"


@pytest.mark.parametrize("kind", SOURCE_KINDS)
def test_the_type_of_the_entity_decides(kind: EntityType) -> None:
    text, extraction, resolution = extracted("Bergen", "Bergen (PERSON)")
    typed = replace(resolution, entities=tuple(replace(e, type=kind) for e in resolution.entities))
    assert kind_of(text, extraction, typed) == SOURCE_KINDS[kind]


def test_an_official_of_an_unknown_body_is_unnamed() -> None:
    text, extraction, resolution = extracted("a spokesman for the Harbour Board", "Harbour Board (ORG)")
    assert kind_of(text, extraction, replace(resolution, unknown=frozenset({("a", 0)}))) == "unnamed"


def test_a_pronoun_has_the_kind_of_whom_it_means() -> None:
    text, extraction, resolution = extracted("she", "–")
    (claim,) = extraction.claims
    assert (claim.source_kind, claim.named) == ("unnamed", None)
    known = replace(resolution, entities=(Entity("r", "Reyes", "PERSON"),), members={("a", 0): ("r", None)})
    meant: Claim = replace(claim, source=0)
    assert kind_of(text, replace(extraction, claims=(meant,)), known) == "person"
