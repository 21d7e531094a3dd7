"""The map and the schemas of a repository: what is wrong with them, at the line where they say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.checks import declared

Spoiled = tuple[str, str, str]  # path, words there, words instead


def files(root: Path, *spoiled: Spoiled) -> dict[str, bytes]:
    """Return what this repository declares, some words replaced."""
    found = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.glob("schemas/*.json")}
    found["datapackage.json"] = (root / "datapackage.json").read_bytes()
    for path, there, instead in spoiled:
        assert there.encode() in found[path]
        found[path] = found[path].replace(there.encode(), instead.encode(), 1)
    return found


def test_this_repository_declares_nothing_wrong(root: Path) -> None:
    assert declared(files(root)) == ()


@pytest.mark.parametrize(
    ("spoiled", "code", "at"),
    [
        (("datapackage.json", '"version": "0.1.0"', '"version": 1'), "BS501", '"version": '),
        (("datapackage.json", '"version": "0.1.0",', '"version": "0.1.0",,'), "BS501", '"version": "0.1.0",'),
        (("datapackage.json", "2026-11-21T00:00:00Z", "yesterday"), "BS501", '"created": '),
        (("datapackage.json", '"name": "entities", "type"', '"type"'), "BS501", '    {"type": "table"'),
        (("datapackage.json", "build/entities.parquet", "../entities.parquet"), "BS502", '    {"name": "entities"'),
        (("datapackage.json", '"name": "claim_spans"', '"name": "claims"'), "BS504", '    {"name": "claims"'),
        (
            (
                "schemas/claims.json",
                '"name": "stance",\n      "type": "string"',
                '"name": "stance",\n      "type": "str"',
            ),
            "BS505",
            '    {\n      "name": "stance"',
        ),
        (("schemas/claims.json", '"minimum": 0', '"minimum": true'), "BS505", '    {\n      "name": "start"'),
        (
            ("schemas/claims.json", "^[a-z0-9-]+#[0-9]{8,}", "^(?=x)[a-z0-9-]+#[0-9]{8,}"),
            "BS506",
            '    {\n      "name": "claim_id"',
        ),
        (("schemas/claims.json", '"fields": [', "fields: ["), "BS505", "fields: ["),
    ],
)
def test_what_is_wrong_is_reported_at_its_line(root: Path, spoiled: Spoiled, code: str, at: str) -> None:
    given = files(root, spoiled)
    found = declared(given)
    assert {f.code for f in found} == {code}
    text = given[spoiled[0]].decode()
    expected = text.index(at) if at else 0
    assert (found[0].path, found[0].line) == (spoiled[0], text.count("\n", 0, expected) + 1), found[0]
    assert found[0].column_number


@pytest.mark.parametrize("data", [b"[]", b"\xff", b'{"a": 1, "a": 2}', b"[" * 100_000, b""])
def test_what_is_no_json_object_is_one_finding(root: Path, data: bytes) -> None:
    for path, code in (("datapackage.json", "BS501"), ("schemas/claims.json", "BS505")):
        found = declared(files(root) | {path: data})
        assert [(f.code, f.path, f.line) for f in found] == [(code, path, 1)]


def test_the_schemas_of_a_repository_without_a_descriptor_are_checked(root: Path) -> None:
    given = {path: data for path, data in files(root).items() if path != "datapackage.json"}
    assert declared(given) == ()
