"""Metadata for catalogues and archives: CITATION.cff, Zenodo, DataCite, Croissant, in-toto.

All of it follows from one value, the edition, so that the files agree with each other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import yaml

from broadsheet.package_files import paths_of, table_files
from broadsheet.releases.metadata_rules import ORCID, is_spdx
from broadsheet.schema import Schemas, Table
from broadsheet.schema.descriptor import Contributor, License, PackageMetadata, metadata

__all__ = ["Edition", "ReleasedArticle", "citation", "croissant", "datacite", "json_bytes", "statement", "zenodo"]

_TYPES: Final = {"string": "sc:Text", "integer": "sc:Integer", "date": "sc:Date"}
_LANGUAGES: Final = {
    "en": "eng",
    "fr": "fra",
    "de": "deu",
    "es": "spa",
    "it": "ita",
    "pt": "por",
    "ru": "rus",
    "ar": "ara",
}
_DOI: Final = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.[0-9]{4,9}(?:\.[0-9]+)?/[-A-Za-z0-9:/_;.()\[\]\\]+)"
)
_CITED: Final = re.compile(
    r"CC0-1\.0|CC-BY(-NC)?(-ND|-SA)?-[1-4]\.[05]|ODbL-1\.0|ODC-By-1\.0|PDDL-1\.0|OGL-UK-[123]\.0|OGL-Canada-2\.0"
    r"|etalab-2\.0|MIT|Apache-2\.0"
)
"""Licences of data that CITATION.cff 1.2.0 knows; its list is closed, and later SPDX identifiers are not in it."""


NOT_JUDGED: Final = "Nobody has judged rows of this dataset yet (corrections/judgements.csv)."


@dataclass(frozen=True, slots=True)
class ReleasedArticle:
    """One article and its rights. `is_present`: the release contains its text."""

    document_id: str
    title: str | None
    publisher: str | None
    published: str | None
    url: str | None
    license: str | None
    rights_holder: str | None
    language: str
    source_path: str
    source_sha256: str
    is_present: bool

    @property
    def name(self) -> str:
        """Return title, publisher and day, as far as they are known."""
        bits = (self.title or self.document_id, self.publisher or self.rights_holder, self.published)
        return ", ".join(bit for bit in bits if bit)


@dataclass(frozen=True)
class Edition:
    """One release: its descriptor with the resources, the schemas of its tables, and its articles in order."""

    descriptor: Mapping[str, Any]
    schemas: Schemas
    articles: tuple[ReleasedArticle, ...]

    @cached_property
    def about(self) -> PackageMetadata:
        """Return what the descriptor says of the package as a whole."""
        return metadata(self.descriptor)

    @property
    def title(self) -> str:
        """Return the title, or the name where there is none."""
        return self.about.title or self.about.name

    @property
    def description(self) -> str:
        """Return the description, or the title where there is none."""
        return self.about.description or self.title

    @property
    def day(self) -> str:
        """Return the day of publication, as ISO date."""
        return str(self.descriptor["created"])[:10]

    @property
    def license(self) -> License:
        """Return the first licence: that of the tables, not of the articles' texts."""
        return self.about.licenses[0]

    @property
    def doi(self) -> str | None:
        """Return the DOI, where `id` is one."""
        found = _DOI.fullmatch(self.about.id)
        return found[1] if found else None

    @property
    def homepage(self) -> str | None:
        """Return the address of the dataset, where it has one."""
        return self.about.homepage or (f"https://doi.org/{self.doi}" if self.doi else None)

    @property
    def creators(self) -> tuple[Contributor, ...]:
        """Return the contributors with the role creator; all of them where none has it."""
        everybody = self.about.contributors
        return tuple(one for one in everybody if "creator" in one.roles) or everybody

    @property
    def license_address(self) -> str | None:
        """Return the address of the first licence, where it has one."""
        given = self.license.path if self.license.path.startswith(("https://", "http://")) else None
        return given or (f"https://spdx.org/licenses/{self.license.name}.html" if is_spdx(self.license.name) else None)

    @property
    def related(self) -> list[str]:
        """Return the addresses of the articles, each once."""
        return sorted({article.url for article in self.articles if article.url})

    @property
    def languages(self) -> list[str]:
        """Return the languages of the articles, sorted; `und` is none."""
        return sorted({a.language for a in self.articles} - {"und"})

    @property
    def judged(self) -> list[dict[str, Any]]:
        """Return the shares of rows that people judged right, by table and confidence (`releases.judged`)."""
        return list(self.descriptor.get("broadsheet", {}).get("judged", ()))

    @property
    def limits(self) -> str:
        """Return a sentence about how many rows are right."""
        shares = (
            f"{one['table']}, {one['confidence']}: {one['precision']:.1%} of {one['judged']} "
            f"({one['low']:.1%} to {one['high']:.1%})"
            for one in self.judged
        )
        return f"Rows judged right, with 95 % intervals: {'; '.join(shares)}." if self.judged else NOT_JUDGED

    @property
    def withheld(self) -> tuple[ReleasedArticle, ...]:
        """Return the articles whose texts are not in it."""
        return tuple(a for a in self.articles if not a.is_present)

    @property
    def rights(self) -> str:
        """Return a sentence about the licences of tables and texts."""
        tables = f"The tables are licensed under {self.license.name or self.license.path}"
        if self.withheld:
            return f"{tables}; the texts of {len(self.withheld)} of {len(self.articles)} articles are withheld."
        return f"{tables}; each article's text is under its own rights (columns license and rights_holder)."


def json_bytes(value: Any) -> bytes:
    """Return a value as JSON, indented, in its own order."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _filled(pairs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in pairs.items() if value not in (None, "", [], {})}


# --- CITATION.cff -----------------------------------------------------------------------------------------------------


def citation(edition: Edition) -> bytes:
    """Return CITATION.cff, version 1.2.0."""
    found = _filled(
        {
            "cff-version": "1.2.0",
            "message": "Please cite this dataset, and the articles it was made from.",
            "type": "dataset",
            "title": edition.title,
            "abstract": edition.description,
            "authors": [_author(c) for c in edition.creators],
            "version": edition.about.version,
            "date-released": edition.day,
            **_cited_license(edition),
            "doi": edition.doi,
            "url": edition.homepage,
            "keywords": list(edition.about.keywords),
        }
    )
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=110).encode()


def _cited_license(edition: Edition) -> dict[str, str | None]:
    name = edition.license.name
    return {"license": name} if _CITED.fullmatch(name) else {"license-url": edition.license_address}


def _author(contributor: Contributor) -> dict[str, Any]:
    about = {"email": contributor.email, "orcid": _orcid(contributor, "https://orcid.org/")}
    if contributor.family_name:
        person = {"family-names": contributor.family_name, "given-names": contributor.given_name}
        return _filled({**person, "affiliation": contributor.organization, **about})
    return _filled({"name": contributor.title, **about})


def _orcid(contributor: Contributor, before: str = "") -> str | None:
    """Return the ORCID of a person, with some words before it; None where `path` is not one."""
    found = ORCID.fullmatch(contributor.path)
    return f"{before}{found[1]}" if found else None


# --- Zenodo and DataCite ----------------------------------------------------------------------------------------------


def zenodo(edition: Edition) -> bytes:
    """Return .zenodo.json, the deposit metadata of Zenodo."""
    sources = [{"identifier": url, "relation": "isDerivedFrom"} for url in edition.related]
    license_name = edition.license.name.lower() if is_spdx(edition.license.name) else "other-closed"
    language = edition.languages[0] if len(edition.languages) == 1 else ""
    return json_bytes(
        _filled(
            {
                "title": edition.title,
                "upload_type": "dataset",
                "description": f"<p>{_markup(edition.description)}</p><p>{_markup(edition.rights)}</p>",
                "creators": [_creator(c) for c in edition.creators],
                "access_right": "open",
                "license": license_name,
                "version": edition.about.version,
                "publication_date": edition.day,
                "keywords": list(edition.about.keywords),
                "language": _LANGUAGES.get(language),
                "related_identifiers": sources,
            }
        )
    )


def _creator(contributor: Contributor) -> dict[str, Any]:
    about = {"affiliation": contributor.organization, "orcid": _orcid(contributor)}
    return _filled({"name": _inverted(contributor), **about})


def _inverted(contributor: Contributor) -> str:
    """Return `Family, Given`, or the title of an organisation."""
    if contributor.family_name:
        return ", ".join(n for n in (contributor.family_name, contributor.given_name) if n)
    return str(contributor.title)


def _markup(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def datacite(edition: Edition) -> bytes:
    """Return DataCite metadata, version 4.5, as JSON. Without a DOI it names none: the archive that mints it will."""
    kind = {"relatedIdentifierType": "URL", "relationType": "IsDerivedFrom"}
    related = [{"relatedIdentifier": url, **kind} for url in edition.related]
    return json_bytes(
        _filled(
            {
                "doi": edition.doi,
                "creators": [_named(c) for c in edition.creators],
                "titles": [{"title": edition.title}],
                "publisher": {"name": _inverted(edition.creators[0])},
                "publicationYear": edition.day[:4],
                "types": {"resourceType": "Data package", "resourceTypeGeneral": "Dataset"},
                "subjects": [{"subject": word} for word in edition.about.keywords],
                "dates": [{"date": edition.day, "dateType": "Issued"}],
                "language": edition.languages[0] if len(edition.languages) == 1 else None,
                "relatedIdentifiers": related,
                "formats": ["application/vnd.apache.parquet", "application/json"],
                "version": edition.about.version,
                "rightsList": [_right(edition)],
                "descriptions": [{"description": edition.description, "descriptionType": "Abstract"}],
                "schemaVersion": "http://datacite.org/schema/kernel-4",
            }
        )
    )


def _right(edition: Edition) -> dict[str, Any]:
    name = edition.license.name
    spdx = {"rightsIdentifierScheme": "SPDX", "schemeUri": "https://spdx.org/licenses/"} if is_spdx(name) else {}
    return _filled({"rights": edition.rights, "rightsUri": edition.license_address, "rightsIdentifier": name, **spdx})


def _named(contributor: Contributor) -> dict[str, Any]:
    orcid = _orcid(contributor, "https://orcid.org/")
    scheme = {"nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org"}
    about = {
        "name": _inverted(contributor),
        "nameType": "Personal" if contributor.family_name or orcid else "Organizational",
        "givenName": contributor.given_name,
        "familyName": contributor.family_name,
        "nameIdentifiers": [{"nameIdentifier": orcid, **scheme}] if orcid else [],
        "affiliation": [{"name": contributor.organization}] if contributor.organization else [],
    }
    return _filled(about)


# --- Croissant --------------------------------------------------------------------------------------------------------

_PLAIN: Final = (
    "arrayShape citeAs column containedIn equivalentProperty extract field fileProperty fileObject fileSet format "
    "includes isArray isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace "
    "samplingRate separator source subField transform"
)
_PARQUET: Final = "application/x-parquet"
"""The one name under which the loader of Croissant opens Parquet."""
CONTEXT: Final[dict[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{word: f"cr:{word}" for word in _PLAIN.split()},
}


def croissant(edition: Edition) -> bytes:
    """Return croissant.json, version 1.1: files with hashes, tables with keys and references, sources, rights."""
    resources = edition.descriptor["resources"]
    return json_bytes(
        _filled(
            {
                "@context": CONTEXT,
                "@type": "sc:Dataset",
                "conformsTo": "http://mlcommons.org/croissant/1.1",
                "name": edition.about.name,
                "alternateName": edition.title,
                "description": edition.description,
                "url": edition.homepage,
                "version": edition.about.version,
                "datePublished": edition.day,
                "license": edition.license_address or edition.license.name,
                "usageInfo": edition.rights,
                "rai:dataLimitations": edition.limits,
                "creator": [_filled({"@type": _kind(c), "name": c.title, "url": c.path}) for c in edition.creators],
                "keywords": list(edition.about.keywords),
                "inLanguage": edition.languages,
                "citeAs": f"{edition.title}, version {edition.about.version}, {edition.day[:4]}",
                "prov:wasDerivedFrom": [_derived(a) for a in edition.articles],
                "distribution": [entry for r in resources for entry in _distribution(r)],
                "recordSet": [_record_set(r, edition) for r in resources],
            }
        )
    )


def _kind(contributor: Contributor) -> str:
    return "sc:Person" if contributor.family_name or _orcid(contributor) else "sc:Organization"


def _derived(article: ReleasedArticle) -> dict[str, Any]:
    return _filled(
        {
            "@id": f"article/{article.document_id}",
            "@type": "prov:Entity",
            "prov:label": article.name,
            "sc:sha256": article.source_sha256,
            "prov:atLocation": article.url,
            "sc:license": article.license,
        }
    )


def _distribution(resource: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the files of a table, and the set of them where it has several."""
    files = table_files(resource)
    for file in files:
        yield {
            "@type": "cr:FileObject",
            "@id": file.path,
            "name": file.path,
            "contentUrl": file.path,
            "contentSize": f"{file.size} B",
            "encodingFormat": _PARQUET,
            "sha256": file.hash.removeprefix("sha256:"),
        }
    if files[1:]:
        name = f"{resource['name']}-files"
        includes = [file.path for file in files]
        yield {"@type": "cr:FileSet", "@id": name, "name": name, "encodingFormat": _PARQUET, "includes": includes}


def _source(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return where the fields of a table are: in its file, or in the set of its files."""
    paths = paths_of(resource)
    several = {"fileSet": {"@id": f"{resource['name']}-files"}}
    return several if paths[1:] else {"fileObject": {"@id": paths[0]}}


def _references(table: Table, edition: Edition) -> dict[str, str]:
    """Return the one reference of a table that its loader can follow: the first to a table without references.

    The loader joins along every reference and fails on a cycle, a second one or a chain; Table Schema names them all.
    """
    for column, other, key in table.foreign_keys:
        if other != table.name and all(target == other for _, target, _ in edition.schemas[other].foreign_keys):
            return {column: f"{other}/{key}"}
    return {}


def _record_set(resource: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
    table = edition.schemas[resource["name"]]
    references = _references(table, edition)
    fields = []
    for field in table.fields:
        source = {**_source(resource), "extract": {"column": field.name}}
        target = references.get(field.name)
        fields.append(
            _filled(
                {
                    "@type": "cr:Field",
                    "@id": f"{table.name}/{field.name}",
                    "name": f"{table.name}/{field.name}",
                    "description": field.descriptor.get("description"),
                    "dataType": _TYPES[field.type],
                    "source": source,
                    "references": {"field": {"@id": target}} if target else None,
                }
            )
        )
    key = [{"@id": f"{table.name}/{column}"} for column in table.primary_key]
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.descriptor.get("description", table.name),
        "key": key[0] if len(key) == 1 else key,
        "field": fields,
    }


# --- in-toto ----------------------------------------------------------------------------------------------------------


def statement(edition: Edition, digests: Mapping[str, str]) -> bytes:
    """Return an unsigned in-toto statement: these files (path → sha256) were made from that, by this.

    Form: in-toto Statement v1 with the SLSA provenance v1 predicate. Nothing in it depends on clock or host.
    """
    made = edition.descriptor.get("broadsheet", {})
    inputs, release = made.get("inputs", {}), made.get("release", {})
    materials = [
        {"name": "inputs", "digest": {"sha256": inputs.get("sha256", "")}},
        *({"name": a.source_path, "digest": {"sha256": a.source_sha256}} for a in edition.articles),
        *({"name": name, "digest": {"sha256": d}} for name, d in sorted(release.get("locks", {}).items())),
    ]
    return json_bytes(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": name, "digest": {"sha256": d}} for name, d in sorted(digests.items())],
            "predicateType": "https://slsa.dev/provenance/v1",
            "predicate": {
                "buildDefinition": {
                    "buildType": "urn:broadsheet:release:1",
                    "externalParameters": {
                        "name": edition.about.name,
                        "version": edition.about.version,
                        "text": release.get("text", "auto"),
                    },
                    "internalParameters": {"libraries": made.get("libraries", {}), "models": made.get("models", {})},
                    "resolvedDependencies": materials,
                },
                "runDetails": {"builder": {"id": "urn:broadsheet:tool"}, "metadata": {}},
            },
        }
    )
