"""Stock tools and published rules read what is exported: bratly, FollowTheMoney, rdflib, JSON schemas."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT
from exchanging import articles, exported

PYTHON = ROOT / ".venv-readers" / "bin" / "python"

BRAT = """
import pathlib, bratly
from bratly import EntityAnnotation, EventAnnotation, AttributeAnnotation, NoteAnnotation
text, known, seen = pathlib.Path("article-0000.txt").read_bytes().decode(), {}, []
for line in pathlib.Path("article-0000.ann").read_text().splitlines():
    kind = line[0]
    if kind == "T":
        one = EntityAnnotation.from_line(line)
        words = " ".join(text[f.start : f.end] for f in one.fragments)
        assert words.split() == one.content.split(), line
    elif kind == "E":
        one = EventAnnotation.from_line(line, known)
        assert one.label in ("speech", "attitude", "report", "no-comment"), line
    elif kind == "A":
        one = AttributeAnnotation.from_line(line, known)
    else:
        one = NoteAnnotation.from_line(line, known)
    known[one.id] = one
    seen.append(kind)
assert set(seen) == set("TEA#"), set(seen)
print("ok")
"""
MONEY = """
import json
from followthemoney import model
lines = [json.loads(line) for line in open("entities.ftm.json", newline="\\n")]
known = {line["id"]: line["schema"] for line in lines}
for line in lines:
    schema = model.get(line["schema"])
    schema.validate(line)
    proxy = model.get_proxy(line, cleaned=False)
    assert set(proxy.properties) == set(line["properties"]), line
    for name, values in line["properties"].items():
        kind = schema.get(name).type
        assert all(kind.validate(value) for value in values), (name, values)
        if kind.name == "entity":
            allowed = schema.get(name).range
            assert all(model.get(known[value]).is_a(allowed) for value in values), (name, values)
assert {"Article", "Mention", "Documentation", "Note", "Person", "Organization", "Territory"} <= set(known.values())
print("ok")
"""
GRAPHS = """
import json, rdflib
OA, SCHEMA = "http://www.w3.org/ns/oa#", "https://schema.org/"
names = {name: {"@id": OA + ("has" + name.title() if name != "motivation" else "motivatedBy"), "@type": "@id"}
         for name in ("body", "target", "source", "selector", "purpose", "motivation")}
# of the published context, the terms that are used here
context = {"id": "@id", "type": "@type", "oa": OA, "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
           **{name: OA + name for name in ("Annotation", "SpecificResource", "TextPositionSelector", "TextualBody",
                                           "TextQuoteSelector", "start", "end", "exact", "prefix", "suffix", "via")},
           "value": "rdf:value", "items": {"@id": "https://www.w3.org/ns/activitystreams#items", "@container": "@list"},
           **names}
page = json.load(open("article-0000.jsonld"))
assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
graph = rdflib.Graph().parse(data=json.dumps(page | {"@context": context}), format="json-ld", publicID="http://x.org/")
text = open("article-0000.txt", newline="").read()
query = "SELECT ?s ?e ?q WHERE { ?t oa:hasSelector [ oa:start ?s ; oa:end ?e ], [ oa:exact ?q ] }"
rows = list(graph.query(query, initNs={"oa": OA}))
assert len(rows) >= 50 and all(text[int(s) : int(e)] == str(q) for s, e, q in rows), len(rows)
money = json.load(open("schema-org.jsonld"))
assert money["@context"][0] == "https://schema.org"
graph = rdflib.Graph().parse(data=json.dumps(money | {"@context": {"@vocab": SCHEMA, "oa": OA}}), format="json-ld",
                             publicID="http://x.org/")
claims = list(graph.query("SELECT ?c WHERE { ?c a s:Claim ; s:text ?t ; s:appearance [ a s:NewsArticle ] }",
                          initNs={"s": SCHEMA}))
assert len(claims) >= 3
print("ok")
"""

SPAN = {"type": "integer", "minimum": 0}
REGION = {
    "type": "object",
    "required": ["id", "type", "from_name", "to_name", "value"],
    "properties": {
        "type": {"enum": ["labels", "choices"]},
        "value": {
            "type": "object",
            "required": ["start", "end", "text"],
            "properties": {"start": SPAN, "end": SPAN, "labels": {"type": "array", "minItems": 1}},
        },
        "meta": {"type": "object", "properties": {"text": {"type": "array", "items": {"type": "string"}}}},
    },
}
RELATION = {
    "type": "object",
    "required": ["type", "from_id", "to_id", "direction"],
    "properties": {"type": {"const": "relation"}, "direction": {"enum": ["left", "right", "bi"]}},
}
LABEL_STUDIO = {  # the fields of a task, as the documentation of Label Studio lists them
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["data", "annotations"],
        "properties": {
            "data": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
            "annotations": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["result"],
                    "properties": {"result": {"type": "array", "items": {"anyOf": [REGION, RELATION]}}},
                },
            },
        },
    },
}
ENTITY = {
    "type": "object",
    "required": ["id", "label", "start_offset", "end_offset"],
    "properties": {"id": {"type": "integer"}, "label": {"type": "string"}, "start_offset": SPAN, "end_offset": SPAN},
    "additionalProperties": False,
}
DOCCANO = {  # a line of JSONL with relations
    "type": "object",
    "required": ["text", "entities", "relations"],
    "properties": {
        "entities": {"type": "array", "items": ENTITY, "minItems": 1},
        "relations": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["id", "from_id", "to_id", "type"]},
        },
    },
}
SCHEMAS = """
import json, jsonschema
for name, schema in json.load(open("schemas.json")).items():
    data = open(name, newline="\\n")
    values = [json.loads(line) for line in data] if name.endswith("l") else [json.load(data)]
    jsonschema.Draft202012Validator.check_schema(schema)
    for value in values:
        jsonschema.Draft202012Validator(schema).validate(value)
print("ok")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the export of each format."""
    place = tmp_path_factory.mktemp("exported")
    marked = articles(4, 50, seed=11)
    for form in ("brat", "follow_the_money", "schema_org", "label_studio", "doccano", "web_annotation"):
        for name, words in exported(form, marked).items():
            (place / name).write_text(words, encoding="utf-8", newline="")
    (place / "schemas.json").write_text(json.dumps({"label-studio.json": LABEL_STUDIO, "doccano.jsonl": DOCCANO}))
    return place


@pytest.mark.parametrize("words", [BRAT, MONEY, GRAPHS, SCHEMAS], ids=["bratly", "followthemoney", "rdflib", "schemas"])
def test_a_stock_reader_takes_the_export(folder: Path, words: str) -> None:
    command = [str(PYTHON), "-W", "ignore", "-c", words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stderr
