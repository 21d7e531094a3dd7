"""The dataset card: README.md of a release, with the YAML header by which dataset hubs find the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from broadsheet.package_files import paths_of
from broadsheet.releases.metadata_files import NOT_JUDGED, Edition, ReleasedArticle
from broadsheet.releases.rights import allowing
from broadsheet.schema import Field, Table
from broadsheet.schema.table_schemas import TABLES

__all__ = ["card", "cell"]

_SIZES: Final = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"), (10**7, "1M<n<10M"))
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]|~])")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Controls, and marks that turn the direction of reading."""
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"})


def cell(words: object) -> str:
    r"""Return words as a Markdown table cell: one line, markup escaped, U+FFFD for controls and bidi marks.

    >>> cell("Ferry | Board\u202e\x1b")
    'Ferry \\| Board��'
    """
    line = _UNSEEN.sub("\ufffd", " ".join(str(words).split()))
    return _MARKUP.sub(r"\\\1", line).translate(_ENTITIES)


def card(edition: Edition) -> str:
    """Return the README of a release."""
    parts = (
        _head(edition),
        _about(edition),
        _trust(edition),
        _rights(edition),
        _loading(edition),
        _pages(edition),
        *_dictionary(edition),
        _checking(edition),
    )
    return "\n".join(parts)


def _head(edition: Edition) -> str:
    rows = sum(r["broadsheet"]["rows"] for r in edition.descriptor["resources"])
    head: dict[str, Any] = {
        "license": (edition.license.name or "other").lower(),
        "pretty_name": edition.title,
        "language": edition.languages,
        "size_categories": [next((name for limit, name in _SIZES if rows < limit), "n>10M")],
        "annotations_creators": ["machine-generated"],
        "task_categories": ["token-classification"],
        "tags": [*edition.about.keywords, "datapackage"],
        "configs": [_config(r) for r in edition.descriptor["resources"] if r["broadsheet"]["rows"]],
    }
    words = yaml.safe_dump({k: v for k, v in head.items() if v}, sort_keys=False, allow_unicode=True, width=110)
    return f"---\n{words}---\n"


def _config(resource: Any) -> dict[str, Any]:
    """Return how the Hugging Face library loads a table; it cannot load one without rows."""
    found: dict[str, Any] = {
        "config_name": resource["name"],
        "data_files": [{"split": "train", "path": resource["path"]}],
    }
    return found | ({"default": True} if resource["name"] == "documents" else {})


def _about(edition: Edition) -> str:
    rows = "\n".join(
        f"| `{r['name']}` | {r['broadsheet']['rows']:,} | {cell(r['description'])} | {_files(r)} |"
        for r in edition.descriptor["resources"]
    )
    return (
        f"# {edition.title}\n\nVersion {edition.about.version}, {edition.day}.\n\n{edition.description}\n\n"
        f"| table | rows | one row | file |\n|---|---:|---|---|\n{rows}\n\n"
        "Every `start` and `end` is a half-open interval of Unicode code points in the text of its article\n"
        "(`documents.text`): `text[start:end]` are the words of the row.\n"
    )


def _files(resource: Mapping[str, Any]) -> str:
    paths = paths_of(resource)
    return f"`{paths[0]}`" if not paths[1:] else f"`{paths[0]}` to `{paths[-1]}`, {len(paths)} files"


def _trust(edition: Edition) -> str:
    """Return how many rows were judged right, and what was measured elsewhere where none was judged."""
    head = (
        "## How far to trust a row\n\n"
        "The rows were made by programs. `confidence` says how far each row of `claims` and\n"
        "`mentions` can be trusted: `sure`, `likely` or `doubtful`.\n"
    )
    body = _judged(edition) if edition.judged else f"{NOT_JUDGED}\n\n{_of_development(edition)}"
    return f"{head}\n{body}".rstrip() + "\n"


def _judged(edition: Edition) -> str:
    lines = [
        "People judged these rows. Rows with the verdict unsure are left out.",
        "\n| table | confidence | judged | right | 95 % interval |\n|---|---|---:|---:|---|",
    ]
    for one in edition.judged:
        interval = f"{one['low']:.1%} to {one['high']:.1%}"
        lines.append(
            f"| `{one['table']}` | `{one['confidence']}` | {one['judged']} | {one['precision']:.1%} | {interval} |"
        )
    return "\n".join(lines) + "\n"


def _of_development(edition: Edition) -> str:
    """Return what the words were worth where the program that read the claims was developed, if it says so."""
    claims = edition.descriptor.get("broadsheet", {}).get("models", {}).get("claims", {})
    measured = claims.get("measured", {})
    words = ", ".join(f"`{word}` {share}" for word, share in measured.items() if word != "on")
    return f"Measured on a development set ({measured['on']}), claims right: {words}.\n" if words else ""


def _rights(edition: Edition) -> str:
    name = f"{edition.about.name}-{edition.about.version}"
    lines = [f"## Rights\n\n{edition.rights}\n"]
    if edition.withheld:
        lines.append(
            "Where `text_status` is `withheld`, `documents.text` and `paragraphs.text` are null: no open licence\n"
            "and no permission of the owner is known, or it was decided to leave the text out. Everything else is\n"
            "included. With the articles at hand, anybody can make the full tables from this release, byte for\n"
            f"byte: `broadsheet rehydrate {name} FOLDER`\n"
            "(files are recognised by their sha256, so names do not matter).\n"
        )
    elif _is_private(edition):
        lines.append(
            "**Not for publication.** This release contains texts for which no open licence and no decision of the\n"
            "owner is known. It is for private use by people who may use the articles.\n"
        )
    lines.append("| article | whose | licence of the text | text |\n|---|---|---|---|")
    lines += [_whose(article) for article in edition.articles[:200]]
    if edition.articles[200:]:
        lines.append(f"\nand {len(edition.articles) - 200:,} more: see `documents`.")
    return "\n".join(lines) + "\n"


def _is_private(edition: Edition) -> bool:
    """Return whether it contains a text that may not be published, as far as is known."""
    allows = allowing(edition.descriptor.get("broadsheet", {}).get("rights", ()))
    return any(a.is_present and not allows(a.document_id, a.license) for a in edition.articles)


def _whose(article: ReleasedArticle) -> str:
    owner = article.rights_holder or article.publisher or "not known"
    status = "present" if article.is_present else "withheld"
    name = cell(article.title or article.document_id)
    return f"| {name} | {cell(owner)} | {cell(article.license or 'none known')} | {status} |"


def _loading(edition: Edition) -> str:
    usual = {name: f"data/{name}.parquet" for name in TABLES}
    at = usual | {r["name"]: _pattern(r) for r in edition.descriptor["resources"]}
    return f"""\
## Load it

```python
import polars as pl

mentions = pl.read_parquet("{at["mentions"]}")
entities = pl.read_parquet("{at["entities"]}")
print(mentions.join(entities, on="entity_id").select("name", "type", "text", "document_id"))
```

```python
{_in_pandas(at["claims"])}
```

```sql
-- DuckDB: who says what
SELECT e.name, c.stance, c.content_text
FROM '{at["claims"]}' c JOIN '{at["entities"]}' e ON e.entity_id = c.source_entity_id;

-- DuckDB: what is said about whom
SELECT e.name, c.source_text, c.stance, c.content_text
FROM '{at["claim_entities"]}' n
JOIN '{at["claims"]}' c ON c.claim_id = n.claim_id
JOIN '{at["entities"]}' e ON e.entity_id = n.entity_id
WHERE n.part = 'content';
```

```python
from datasets import load_dataset

claims = load_dataset("{edition.about.name}-{edition.about.version}", "claims", split="train")  # this folder
```
"""  # noqa: S608 - a page, not a query


def _pattern(resource: Mapping[str, Any]) -> str:
    """Return the path of the file of a table, or a pattern that only its files have."""
    paths = paths_of(resource)
    return f"data/{resource['name']}-*.parquet" if paths[1:] else paths[0]


def _in_pandas(path: str) -> str:
    """Return how pandas reads the claims, which takes a path or a list of paths, but no pattern."""
    files, needed = (f'sorted(glob("{path}"))', "from glob import glob\n\n") if "*" in path else (f'"{path}"', "")
    return f"{needed}import pandas as pd\n\nclaims = pd.read_parquet({files})"


def _pages(edition: Edition) -> str:
    pages = edition.descriptor["broadsheet"]["release"]["pages"]
    lines = (f"- `{name}`: {words}" for name, words in pages.items())
    return "\n".join(["## Use it\n", *lines]) + "\n"


def _dictionary(edition: Edition) -> Iterator[str]:
    yield "## Columns\n"
    for resource in edition.descriptor["resources"]:
        yield _columns(edition.schemas[resource["name"]])


def _columns(table: Table) -> str:
    references = {column: f"{other}.{key}" for column, other, key in table.foreign_keys}
    lines = [f"### {table.name}\n", "| column | type | may be null | what |", "|---|---|---|---|"]
    lines += [_column(field, field.name in table.primary_key, references.get(field.name)) for field in table.fields]
    return "\n".join(lines) + "\n"


def _column(field: Field, is_key: bool, reference: str | None) -> str:
    name = f"**`{field.name}`**" if is_key else f"`{field.name}`"
    words = cell(field.descriptor.get("description", ""))
    values = (
        f" One of: {', '.join(f'`{v}`' for v in field.constraints['enum'])}." if "enum" in field.constraints else ""
    )
    target = f" → `{reference}`" if reference else ""
    return f"| {name} | {field.type} | {'no' if field.required else 'yes'} | {words}{values}{target} |"


def _checking(edition: Edition) -> str:
    made = edition.descriptor.get("broadsheet", {}).get("libraries", {})
    tool = f"broadsheet {made['broadsheet']}" if "broadsheet" in made else "broadsheet"
    return f"""\
## Check it

`sha256sum -c SHA256SUMS` checks every file; `broadsheet verify .` also finds files that are not listed and, with
`--expect-root HASH`, an older or a mixed package. `datapackage.json` describes the tables (Data Package 2.0),
`provenance.intoto.json` says from what and with which versions they were made ({tool}), `sbom.cdx.json` (CycloneDX)
lists that software and the models with their hashes, `CHANGELOG.md` says what changed, and `quarantine.jsonl` which
inputs could not be read and why.

## Cite it

See `CITATION.cff`. The rows were made by programs and may be wrong; quote the article, not the row.
"""
