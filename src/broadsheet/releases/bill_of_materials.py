"""The bill of materials of a release: the software that its lock names and the models, as CycloneDX.

Everything in it comes from the lock and the descriptor, so that the same release has the same bytes: there is no time
stamp, and the serial number is derived from the content.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from broadsheet import ids

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component

__all__ = ["BILL", "bill_of_materials"]

BILL: Final = "sbom.cdx.json"

_REQUIREMENT: Final = re.compile(
    r"(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?: *; *(?P<marker>[^\\]+?))? *(?:\\\n|\n|$)"
)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill_of_materials(lock: bytes, about: Mapping[str, Any]) -> bytes:
    """Return the software and the models that made a release, as CycloneDX 1.6 in JSON.

    `lock` is a requirements file with hashes, `about` the descriptor of the release. Of every requirement there are
    name, version, the condition under which it is installed, and the sha256 of every file of it that may be installed;
    of every model the digest, or the sha256 of its files.
    """
    from cyclonedx.output.json import JsonV1Dot6  # noqa: PLC0415 - 0.2 s to import, which only a release needs

    return f"{JsonV1Dot6(_bill(lock, about)).output_as_string()}\n".encode()


def _bill(lock: bytes, about: Mapping[str, Any]) -> Bom:
    from cyclonedx.model.bom import Bom  # noqa: PLC0415 - as above
    from cyclonedx.model.component import Component, ComponentType  # noqa: PLC0415

    name, version = str(about.get("name", "")), str(about.get("version", ""))
    block = about.get("broadsheet", {})
    dataset = Component(name=name, version=version, type=ComponentType.DATA, bom_ref=f"dataset:{name}@{version}")
    ours = str(block.get("libraries", {}).get("broadsheet", ""))
    tool = _package("broadsheet", ours, ComponentType.APPLICATION, source="generic")
    parts = [*_requirements(lock), *_models(block.get("models", {}))]
    content = ids.sha256(lock + json.dumps([name, version, block], sort_keys=True).encode())
    bill = Bom(serial_number=uuid5(NAMESPACE_URL, content), components=[tool, *parts])
    bill.metadata.timestamp = None  # type: ignore[assignment]  # the form does without, the types do not
    bill.metadata.component = dataset
    bill.register_dependency(dataset, [tool])
    bill.register_dependency(tool, parts)
    return bill


def _package(name: str, version: str, kind: Any, source: str = "pypi", **more: Any) -> Component:
    from cyclonedx.model.component import Component  # noqa: PLC0415 - as above
    from packageurl import PackageURL  # noqa: PLC0415

    purl = PackageURL(source, name=name, version=version or None)
    return Component(name=name, version=version, type=kind, purl=purl, bom_ref=str(purl), **more)


def _requirements(lock: bytes) -> Iterator[Component]:
    """Yield a component for every requirement of a lock; two versions of one name have different conditions."""
    from cyclonedx.model import ExternalReference, ExternalReferenceType, Property, XsUri  # noqa: PLC0415 - as above
    from cyclonedx.model.component import ComponentType  # noqa: PLC0415

    text = lock.decode("utf-8")
    found = list(_REQUIREMENT.finditer(text))
    ends = [*(one.start() for one in found), len(text)][1:]
    for one, end in zip(found, ends, strict=True):
        name, version, marker = one.group("name", "version", "marker")
        files = ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION,
            url=XsUri(f"pkg:pypi/{name}@{version}"),
            hashes=[_sha256(digest) for digest in sorted(_HASH.findall(text[one.end() : end]))],
        )
        condition = [Property(name="broadsheet:marker", value=marker.strip())] if marker else []
        yield _package(name, version, ComponentType.LIBRARY, external_references=[files], properties=condition)


def _sha256(digest: str) -> Any:
    from cyclonedx.model import HashAlgorithm, HashType  # noqa: PLC0415 - as above

    return HashType(alg=HashAlgorithm.SHA_256, content=digest.removeprefix("sha256:"))


def _models(models: Mapping[str, Mapping[str, Any]]) -> Iterator[Component]:
    """Yield a component for each model that the descriptor names, with the components of its files inside.

    A digest over all files of a model is a property: a hash of CycloneDX is that of one file.
    """
    from cyclonedx.model import Property  # noqa: PLC0415 - as above
    from cyclonedx.model.component import Component, ComponentType  # noqa: PLC0415 - as above

    for task, model in sorted(models.items()):
        name, ref = str(model.get("name", task)), f"model:{task}"
        files = [
            Component(name=path, type=ComponentType.FILE, hashes=[_sha256(digest)], bom_ref=f"{ref}/{path}")
            for path, digest in sorted(model.get("files", {}).items())
        ]
        digest = [Property(name="broadsheet:digest", value=model["digest"])] if "digest" in model else []
        about: dict[str, Any] = {
            "version": str(model.get("version", "")) or None,
            "properties": digest,
            "components": files,
        }
        yield Component(name=name, type=ComponentType.MACHINE_LEARNING_MODEL, bom_ref=ref, **about)
