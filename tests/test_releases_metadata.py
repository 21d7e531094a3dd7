"""Metadata of a release: what `--tier release` passes, the schemas of catalogues and archives accept."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import papers
import pytest
import yaml
from conftest import ROOT
from packaging.licenses import canonicalize_license_expression
from releasing import DESCRIPTOR, make_release

from broadsheet import checks
from broadsheet.releases import faults
from broadsheet.releases.metadata_files import Edition, ReleasedArticle, citation, croissant, datacite, zenodo
from broadsheet.releases.metadata_rules import is_spdx
from broadsheet.schema import load_schemas

READERS, CFF = ROOT / ".venv-readers" / "bin" / "python", ROOT / ".venv-cff" / "bin" / "python"
ORCID = "https://orcid.org/0000-0002-1825-0097"
PERSON = {"title": "Ana Silva", "givenName": "Ana", "familyName": "Silva", "path": ORCID, "roles": ["creator"]}
ARTICLE = ReleasedArticle(
    document_id="ferry",
    title="Ferry vote delayed",
    publisher="The Ferry Post",
    published="2024-05-03",
    url="https://example.org/ferry",
    license=None,
    rights_holder=None,
    language="en",
    source_path="seeds/ferry.txt",
    source_sha256="0" * 64,
    is_present=False,
)

# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "Ferry News"),
        ("version", "1.0"),
        ("title", "\n"),
        ("description", 5),
        ("created", "2024-02-30T00:00:00Z"),
        ("created", "2024-05-04"),
        ("licenses", []),
        ("licenses", [{"path": "https://example.org/terms"}]),
        ("licenses", [{"name": "cc-by-4.0"}]),
        ("licenses", [{"name": "CC-BY"}]),
        ("licenses", [{"name": "CC BY 4.0"}]),
        ("licenses", [{"name": "MIT OR ISC"}]),
        ("licenses", [{"name": "LicenseRef-own"}]),
        ("licenses", [{"name": "LicenseRef-own", "path": "LICENSE"}]),
        ("licenses", [{"name": "CC-BY-4.0", "path": "/etc/licence"}]),
        ("licenses", [{"name": "CC-BY-4.0"}, {"path": "../LICENSE"}]),
        ("contributors", []),
        ("contributors", [{"roles": ["creator"]}]),
        ("contributors", [{"title": " "}]),
        ("contributors", [PERSON | {"path": "https://orcid.org/0000-0002-1825-0098"}]),
        ("contributors", [PERSON | {"path": "orcid.org/0000-0002-1825-0097"}]),
        ("contributors", [PERSON | {"path": "https://orcid.org/ana-silva"}]),
        ("contributors", [PERSON | {"path": "example.org"}]),
        ("contributors", [PERSON | {"email": "ana at example.org"}]),
        ("contributors", [{"title": "Ana Silva", "givenName": "Ana"}]),
        ("homepage", "example.org"),
        ("homepage", "https://example.org/a b"),
        ("homepage", ""),
        ("keywords", []),
        ("keywords", ["news", "news"]),
        ("keywords", [""]),
        ("keywords", "news"),
    ],
)
def test_what_catalogues_would_refuse_is_refused_before(key: str, value: object) -> None:
    assert {name for name, _ in faults({**DESCRIPTOR, key: value})} == {key}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("licenses", [{"name": "CC BY 4.0"}]),
        ("licenses", [{"name": "CC-BY-4.0", "path": "../LICENSE"}]),
        ("contributors", [{"title": "Ana", "path": "~/ana"}]),
        ("contributors", [{"title": "Ana", "email": "ana"}]),
        ("sources", [{"title": "The paper", "path": "a\\b"}]),
    ],
)
def test_what_the_profile_refuses_is_found_in_every_package(key: str, value: object, tmp_path: Path) -> None:
    folder = papers.write(tmp_path / "package")
    papers.save(folder, {**papers.load(folder), key: value})
    assert [(one.code, one.path) for one in checks.validate(folder) if one.code == "BS501"] == [
        ("BS501", "datapackage.json")
    ]
    assert judged(READERS, BY_PROFILE, [{**DESCRIPTOR, key: value}], tmp_path) != []


def test_the_expected_form_is_named() -> None:
    ((_, expected),) = faults(
        {**DESCRIPTOR, "contributors": [PERSON | {"path": "https://orcid.org/0000-0002-1825-0098"}]}
    )
    assert expected.startswith("Ana Silva: an ORCID like https://orcid.org/")


# --- what is passed ---------------------------------------------------------------------------------------------------

POOL: Mapping[str, tuple[object, ...]] = {
    "name": ("ferry", "ferry-news.2", "0"),
    "title": ("Ferry", "Ferries: who says what", "- true", "\u0424\u0435\u0440\u0440\u0438 \U0001f6a2", "a" * 500),
    "description": ("Two\nlines & <b>markup</b>", "#", "'"),
    "version": ("1.0.0", "10.20.30-rc.1+5"),
    "created": ("2024-05-04T00:00:00Z", "2024-12-31T23:59:59+14:00"),
    "homepage": ("https://example.org/f?x=1&y=%20#z", "http://localhost"),
    "keywords": (["news"], ["a: b", "#", "\u0444"]),
    "id": ("10.5281/zenodo.1003150", "https://doi.org/10.5281/zenodo.1003150", "10.1234/a<b>", "urn:uuid:0", ""),
    "licenses": (
        [{"name": "CC0-1.0"}],
        [{"name": "CC-BY-NC-SA-4.0", "path": "LICENSE-DATA"}],
        [{"name": "DL-DE-BY-2.0", "path": "https://www.govdata.de/dl-de/by-2-0", "title": "German data licence"}],
        [{"name": "LicenseRef-own", "path": "https://example.org/terms"}, {"path": "LICENSE"}],
    ),
    "contributors": (
        [PERSON],
        [PERSON | {"organization": "The Ferry Post", "email": "ana@example.org"}, {"title": "Ferries & Co."}],
        [{"title": "A. Silva", "path": ORCID}],
        [{"title": "Silva", "familyName": "Silva"}],
        [{"title": "The editors", "path": "https://example.org", "email": "a.b+c@mail.example.org"}],
    ),
}


def editions() -> Iterator[Edition]:
    """Yield an edition for each value of the pool, and for mixtures of them."""
    rng = random.Random(1)
    singles = [{key: value} for key, values in POOL.items() for value in values]
    mixtures = [{key: rng.choice(values) for key, values in POOL.items()} for _ in range(60)]
    for change in (*singles, *mixtures):
        about = {**DESCRIPTOR, **change}
        assert faults(about) == (), change
        yield Edition({**about, "resources": []}, load_schemas(), (ARTICLE, ARTICLE))


def judged(python: Path, words: str, values: list[Any], tmp_path: Path) -> list[str]:
    """Run a validator in its own environment over values; return what it says about those that it refuses."""
    (tmp_path / "values.json").write_text(json.dumps(values))
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if line]


BY_CFF = """
import json, pathlib, cffconvert, jsonschema
folder = pathlib.Path(cffconvert.__file__).parent / "schemas" / "1.2.0"
schema = json.loads((folder / "schema.json").read_text())
check = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
for value in json.load(open("values.json")):
    for error in check.iter_errors(value):
        print(list(error.path), error.message[:200])
"""
BY_PROFILE = """
import json, pathlib, dplib, jsonschema
profile = json.loads((pathlib.Path(dplib.__file__).parent / "profiles" / "2.0" / "datapackage.json").read_text())
del profile["properties"]["resources"]
profile["required"].remove("resources")
check = jsonschema.Draft7Validator(profile, format_checker=jsonschema.FormatChecker())
for value in json.load(open("values.json")):
    for error in check.iter_errors(value):
        print(list(error.path), error.message[:200])
"""

BY_DATACITE = """
import json
from datacite import schema45
for value in json.load(open("values.json")):
    for error in schema45.validator.iter_errors(value):
        print(list(error.path), error.message[:200])
"""


def test_citation_files_are_accepted(tmp_path: Path) -> None:
    found = [yaml.load(citation(edition), yaml.BaseLoader) for edition in editions()]
    assert judged(CFF, BY_CFF, found, tmp_path) == []
    spoiled = [{**found[0], "license": "CC-BY"}, {**found[0], "authors": []}]
    assert len(judged(CFF, BY_CFF, spoiled, tmp_path)) >= 2


def test_every_license_that_is_passed_is_accepted_in_a_citation_file(tmp_path: Path) -> None:
    from packaging.licenses import _spdx

    names = [one["id"] for one in _spdx.LICENSES.values()]
    assert [name for name in names if not is_spdx(name) and canonicalize_license_expression(name) == name] == []
    described = [{**DESCRIPTOR, "licenses": [{"name": name}], "resources": []} for name in names]
    about = [one for one in described if faults(one) == ()]
    assert len(about) > 500
    found = [yaml.load(citation(Edition(one, load_schemas(), ())), yaml.BaseLoader) for one in about]
    assert judged(CFF, BY_CFF, found, tmp_path) == []


def test_the_profile_accepts_what_is_passed(tmp_path: Path) -> None:
    found = [{key: value for key, value in edition.descriptor.items() if key != "resources"} for edition in editions()]
    assert judged(READERS, BY_PROFILE, found, tmp_path) == []
    assert judged(READERS, BY_PROFILE, [{**found[0], "keywords": []}], tmp_path) != []


def test_datacite_accepts_what_is_passed(tmp_path: Path) -> None:
    found = [json.loads(datacite(edition)) for edition in editions()]
    assert any("doi" in one for one in found)
    assert judged(READERS, BY_DATACITE, found, tmp_path) == []
    assert judged(READERS, BY_DATACITE, [{**found[0], "publicationYear": "May 2024"}], tmp_path) != []


def test_the_example_of_the_page_is_passed_and_cited() -> None:
    (words,) = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "releasing.md").read_text(), re.DOTALL)
    about = {**DESCRIPTOR, **json.loads(words), "resources": []}
    assert faults(about) == ()
    (author,) = yaml.safe_load(citation(Edition(about, load_schemas(), ())))["authors"]
    assert author["orcid"] == about["contributors"][0]["path"]


def test_deposits_name_creators_and_licences() -> None:
    for edition in editions():
        found = json.loads(zenodo(edition))
        assert found["license"] in {edition.license.name.lower(), "other-closed"}
        assert all(one["name"] for one in found["creators"])
        assert found["related_identifiers"] == [{"identifier": ARTICLE.url, "relation": "isDerivedFrom"}]
        assert len(json.loads(datacite(edition))["relatedIdentifiers"]) == 1


def test_the_orcid_is_in_every_file(tmp_path: Path) -> None:
    made = make_release(tmp_path, descriptor={**DESCRIPTOR, "contributors": [PERSON]})
    names = ("CITATION.cff", ".zenodo.json", "datacite.json", "croissant.json", "datapackage.json")
    assert [name for name in names if "0000-0002-1825-0097" not in (made / name).read_text()] == []
    (author,) = yaml.safe_load((made / "CITATION.cff").read_text())["authors"]
    assert author == {"family-names": "Silva", "given-names": "Ana", "orcid": ORCID}
    (creator,) = json.loads((made / ".zenodo.json").read_text())["creators"]
    assert creator == {"name": "Silva, Ana", "orcid": "0000-0002-1825-0097"}
    (creator,) = json.loads((made / "datacite.json").read_text())["creators"]
    assert creator["nameIdentifiers"][0]["nameIdentifier"] == ORCID


def test_a_licence_of_ones_own_has_its_address_everywhere() -> None:
    about = {
        **DESCRIPTOR,
        "licenses": [{"name": "LicenseRef-own", "path": "https://example.org/terms"}],
        "resources": [],
    }
    edition = Edition(about, load_schemas(), ())
    cited = yaml.safe_load(citation(edition))
    assert cited["license-url"] == "https://example.org/terms"
    assert "license" not in cited
    assert json.loads(croissant(edition))["license"] == "https://example.org/terms"
