"""The bill of materials of a release: the lock and the models, as CycloneDX, with the same bytes every time."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from articles import write_package
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from releasing import DESCRIPTOR

from broadsheet import releases
from broadsheet.releases.bill_of_materials import BILL, bill_of_materials
from broadsheet.workflows.installation import locked_dependencies

ONE, TWO = "1" * 64, "2" * 64
LOCK = f"""ferry-tables==1.2.0 \\
    --hash=sha256:{TWO} \\
    --hash=sha256:{ONE}
harbour==3.1 ; sys_platform == 'win32' \\
    --hash=sha256:{ONE}
harbour==3.2 ; sys_platform != 'win32' \\
    --hash=sha256:{TWO}
""".encode()
MODELS = {
    "names": {"name": "coast-names", "version": "2.0", "digest": f"sha256:{ONE}"},
    "claims": {"name": "coast-claims", "files": {"a.bin": f"sha256:{TWO}"}},
}
ABOUT: dict[str, Any] = {**DESCRIPTOR, "broadsheet": {"libraries": {"broadsheet": "0.9"}, "models": MODELS}}


def components(bill: bytes) -> dict[str, dict[str, Any]]:
    return {one["bom-ref"]: one for one in json.loads(bill)["components"]}


def hashes(component: dict[str, Any]) -> list[str]:
    return [one["content"] for one in component["externalReferences"][0]["hashes"]]


def test_every_requirement_is_listed_with_its_hashes_and_condition() -> None:
    found = components(bill_of_materials(LOCK, ABOUT))
    assert hashes(found["pkg:pypi/ferry-tables@1.2.0"]) == [ONE, TWO]
    assert hashes(found["pkg:pypi/harbour@3.1"]) == [ONE]
    assert hashes(found["pkg:pypi/harbour@3.2"]) == [TWO]
    conditions = {name: one["properties"][0]["value"] for name, one in found.items() if "harbour" in name}
    assert conditions == {
        "pkg:pypi/harbour@3.1": "sys_platform == 'win32'",
        "pkg:pypi/harbour@3.2": "sys_platform != 'win32'",
    }


def test_without_a_lock_the_models_are_listed() -> None:
    assert {*components(bill_of_materials(b"", ABOUT))} == {"pkg:generic/broadsheet@0.9", "model:claims", "model:names"}


def test_models_are_listed_with_their_digests() -> None:
    found = components(bill_of_materials(LOCK, ABOUT))
    names, claims = found["model:names"], found["model:claims"]
    assert {names["type"], claims["type"]} == {"machine-learning-model"}
    assert (names["name"], names["version"]) == ("coast-names", "2.0")
    assert names["properties"] == [{"name": "broadsheet:digest", "value": f"sha256:{ONE}"}]
    assert claims["components"][0]["hashes"] == [{"alg": "SHA-256", "content": TWO}]


def test_the_bill_depends_on_nothing_but_its_content() -> None:
    bill = bill_of_materials(LOCK, ABOUT)
    other = bill_of_materials(LOCK.replace(b"1.2.0", b"1.2.1"), ABOUT)
    assert bill == bill_of_materials(LOCK, ABOUT)
    assert json.loads(bill)["serialNumber"] != json.loads(other)["serialNumber"]
    assert "timestamp" not in json.loads(bill)["metadata"]


def test_the_bill_of_the_shipped_lock_is_valid_and_complete() -> None:
    lock = locked_dependencies()
    bill = bill_of_materials(lock, ABOUT)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill.decode()) is None
    libraries = [one for one in components(bill).values() if one["type"] == "library"]
    assert len(libraries) == len(re.findall(rb"^[a-z0-9]", lock, re.MULTILINE))
    assert sum(len(hashes(one)) for one in libraries) == lock.count(b"--hash=sha256:")


def test_a_release_contains_it(tmp_path: Path) -> None:
    package = write_package(tmp_path / "package")
    made = releases.release(package, DESCRIPTOR, tmp_path / "dist", extras=releases.Extras(software=LOCK))
    assert "pkg:pypi/ferry-tables@1.2.0" in components((made / BILL).read_bytes())
    assert f"  {BILL}\n" in (made / "SHA256SUMS").read_text(encoding="utf-8")
    assert BILL in (made / "README.md").read_text(encoding="utf-8")
