"""Annotations leave in the formats of other tools and come back: every span where it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from articles import write_package
from exchanging import DATASET, articles, exported, read_back
from releasing import make_release

from broadsheet import exchange
from broadsheet.errors import PackageError, ProjectError
from broadsheet.exchange import MarkedArticle
from broadsheet.exchange.formats.follow_the_money import SCHEMATA
from broadsheet.exchange.units import Utf16
from broadsheet.model import Span
from broadsheet.workflows.export import export, write_files

Part = tuple[str, int, int]  # what the span is, start, end


@pytest.fixture(scope="module")
def many() -> list[MarkedArticle]:
    found = articles(220, 50)
    assert sum(len(one.mentions) for one in found) > 10_000
    assert sum(len(one.claims) for one in found) > 1_000
    return found


@pytest.mark.parametrize("form", ["brat", "label_studio"])
def test_ten_thousand_spans_come_back(form: str, many: list[MarkedArticle]) -> None:
    found, refused = read_back(form, exported(form, many))
    assert refused == []
    assert sorted(found, key=lambda one: one.document_id) == many


def test_ten_thousand_spans_come_back_from_doccano_without_what_it_does_not_keep(many: list[MarkedArticle]) -> None:
    found, refused = read_back("doccano", exported("doccano", many))
    assert refused == []
    assert found == [
        replace(
            one,
            mentions=tuple(replace(mention, entity=None) for mention in one.mentions),
            claims=tuple(replace(claim, parties={}) for claim in one.claims),
        )
        for one in many
    ]


def parts_of(article: MarkedArticle, *, mentions: bool = True) -> list[Part]:
    """Return the spans of an article: of its claims, and of its mentions where they are asked for."""
    named: list[Part] = [("mention", one.span.start, one.span.end) for one in article.mentions if mentions]
    parts: list[Part] = [
        (part, s.start, s.end) for one in article.claims for part, spans in one.attribution.parts for s in spans
    ]
    return sorted(named + parts)


def spans_of_web_annotation(text: str, page: dict[str, Any]) -> Iterator[Part]:
    for item in page["items"]:
        tags = [body["value"] for body in item["body"] if body.get("purpose") == "tagging"]
        part = "mention" if item["motivation"] == "identifying" else tags[-1]
        for target in item["target"]:
            position, quote = target["selector"]
            start, end = position["start"], position["end"]
            assert text[start:end] == quote["exact"]
            assert text[:start].endswith(quote["prefix"])
            assert text[end:].startswith(quote["suffix"])
            yield part, start, end


def test_ten_thousand_spans_are_in_web_annotations(many: list[MarkedArticle]) -> None:
    files = exported("web_annotation", many)
    for article in many:
        page = json.loads(files[f"{article.document_id}.jsonld"])
        text = files[f"{article.document_id}.txt"]
        assert sorted(spans_of_web_annotation(text, page)) == parts_of(article)
    collection = json.loads(files["annotations.jsonld"])
    assert collection["total"] == sum(files[f"{one.document_id}.jsonld"].count('"type": "Annotation"') for one in many)


def test_every_part_of_a_claim_is_in_schema_org(many: list[MarkedArticle]) -> None:
    graph = json.loads(exported("schema_org", many)["schema-org.jsonld"])["@graph"]
    found: dict[str, list[Part]] = {}
    for node in graph:
        for target in node.get("oa:hasTarget", ()):
            selector = target["oa:hasSelector"]
            place = found.setdefault(node["appearance"]["@id"], [])
            place.append((target["name"], selector["oa:start"], selector["oa:end"]))
    assert {key: sorted(parts) for key, parts in found.items()} == {
        f"#{one.document_id}": parts_of(one, mentions=False) for one in many
    }


def test_the_spans_of_people_and_bodies_are_in_the_ids_of_follow_the_money(many: list[MarkedArticle]) -> None:
    lines = [json.loads(line) for line in exported("follow_the_money", many)["entities.ftm.json"].splitlines()]
    keys = sorted(one["id"] for one in lines if one["schema"] == "Mention")
    assert keys == sorted(
        f"ferries.mention.{one.document_id}.{m.span.start:08}-{m.span.end:08}"
        for one in many
        for m in one.mentions
        if SCHEMATA.get(m.type) in {"Person", "Organization"}
    )
    ids = [one["id"] for one in lines if one["schema"] != "Note"]
    assert len(ids) == len(set(ids))


def test_a_text_that_follow_the_money_does_not_take_is_left_out() -> None:
    one = articles(1, 10)[0]
    documents = [
        json.loads(exported("follow_the_money", [replace(one, text=text)])["entities.ftm.json"].split("\n")[4])
        for text in ("a" * 65_000, "a" * 65_001)
    ]
    assert ["bodyText" in document["properties"] for document in documents] == [True, False]
    assert {document["schema"] for document in documents} == {"Article"}


def test_utf16_units_are_those_of_the_encoding(many: list[MarkedArticle]) -> None:
    for article in many:
        text = str(article.text)
        encoded, units = text.encode("utf-16-le"), Utf16.of(text)
        for mention in article.mentions:
            start, end = units.units(mention.span)
            assert encoded[2 * start : 2 * end].decode("utf-16-le") == mention.span.slice(text)
            assert units.span(start, end) == mention.span


def test_half_a_character_has_no_place() -> None:
    with pytest.raises(ValueError, match="inside a character"):
        Utf16.of("a🚢").span(0, 2)


def test_a_file_of_label_studio_that_counts_utf16_units_is_read_too() -> None:
    one = articles(1, 30, seed=3)[0]
    files = exported("label_studio", [one])
    tasks = json.loads(files["label-studio.json"])
    units = Utf16.of(str(one.text))
    for item in tasks[0]["annotations"][0]["result"]:
        if "value" in item:
            value = item["value"]
            value["start"], value["end"] = units.units(Span(value["start"], value["end"]))
    found, refused = read_back("label_studio", {"label-studio.json": json.dumps(tasks)})
    assert (found, refused) == ([one], [])


def test_texts_that_are_withheld_are_quoted_only_in_the_words_of_spans() -> None:
    one = replace(articles(1, 20)[0], text=None)
    files = exported("web_annotation", [one])
    quotes = [s for i in json.loads(files["article-0000.jsonld"])["items"] for t in i["target"] for s in t["selector"]]
    assert {key for quote in quotes for key in quote} == {"type", "start", "end", "exact"}
    assert "article-0000.txt" not in files


def test_every_format_has_a_module() -> None:
    assert exchange.readable() == {".ann": "brat", ".json": "label_studio", ".jsonl": "doccano"}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    package = write_package(tmp_path / "package", "ferry")
    done = export(package, "brat", tmp_path / "out")
    assert sorted(path.name for path in done.folder.iterdir()) == ["annotation.conf", "ferry.ann", "ferry.txt"]
    (tmp_path / "out" / "ferry.ann").write_text("mine", encoding="utf-8")
    with pytest.raises(ProjectError, match="is not empty: what was annotated there would be lost"):
        export(package, "brat", tmp_path / "out")
    assert (tmp_path / "out" / "ferry.ann").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "package"]


@pytest.mark.parametrize(("form", "is_written"), [("brat", False), ("doccano", False), ("web_annotation", True)])
def test_an_export_of_a_release_has_the_texts_that_the_release_has(form: str, is_written: bool, tmp_path: Path) -> None:
    release = make_release(tmp_path, "ferry", text="withheld")
    if is_written:
        export(release, form, tmp_path / "out")
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["annotations.jsonld", "ferry.jsonld"]
    else:
        with pytest.raises(ProjectError, match=r"the text of ferry is withheld \(1 articles\)"):
            export(release, form, tmp_path / "out")
        assert not (tmp_path / "out").exists()


def test_a_document_id_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    one = replace(articles(1, 10)[0], document_id="../../escaped")
    with pytest.raises(PackageError, match="is not the name of a file"):
        write_files(exchange.exchange_format("brat").write(DATASET, [one]), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
