"""Front matter: metadata that a Markdown file declares before its text, as YAML, TOML or JSON.

Every scalar is a string: `country: NO` is not false, and `1.10` is not 1.1. Aliases, tags, repeated keys and a block
longer than the limit are refused. The block stays in the canonical text, as boilerplate.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from broadsheet.model import METADATA

__all__ = ["FrontMatter", "read_front_matter"]

DEPTH = 20  # brackets that may be open at once
KEYS = {column: column for column in (*METADATA, "language")} | {
    "headline": "title",
    "author": "authors",
    "by": "authors",
    "byline": "authors",
    "outlet": "publisher",
    "site_name": "publisher",
    "date": "published",
    "publishdate": "published",
    "publish_date": "published",
    "pubdate": "published",
    "date_published": "published",
    "canonical_url": "url",
    "link": "url",
    "lang": "language",
    "licence": "license",
    "copyright": "rights_holder",
    "id": "id",
    "document_id": "id",
}
_FENCE = {
    "yaml": re.compile(r"---[ \t]*\n(?P<block>.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE),
    "toml": re.compile(r"\+\+\+[ \t]*\n(?P<block>.*?)^\+\+\+[ \t]*$", re.DOTALL | re.MULTILINE),
    "json": re.compile(r"(?P<block>\{[ \t]*\n.*?^\})[ \t]*$", re.DOTALL | re.MULTILINE),
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The declared values (column of `documents`, or `id` → text), where the block ends, and what is wrong with it."""

    values: Mapping[str, str]
    end: int = 0
    fault: str = ""


def read_front_matter(text: str, limit: int) -> FrontMatter:
    """Read the block a text begins with, if it begins with one. A refused block has a `fault` and no values."""
    kind = {"---": "yaml", "+++": "toml", "{\n": "json"}.get(text[:3] if text[:1] != "{" else text[:2])
    if kind is None:
        return FrontMatter({})
    match = _FENCE[kind].match(text[: limit + 8])
    if match is None:
        size = "longer than the limit, or " if len(text) > limit else ""
        return FrontMatter({}, 0, "" if kind == "json" or text[:4] == "----" else f"{size}never closed")
    try:
        pairs = list(_PARSERS[kind](match["block"]))
        return FrontMatter(_known(pairs), match.end())
    except RecursionError:
        fault = "nested too deeply"
    except (ValueError, yaml.YAMLError) as error:
        fault = str(error).splitlines()[0]
    return FrontMatter({}, match.end(), f"the block is not {kind.upper()} that can be read: {fault}")


def _known(pairs: list[tuple[str, Any]]) -> dict[str, str]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a key is given twice")
    found: dict[str, str] = {}
    for name, value in pairs:
        column = KEYS.get(name.strip().casefold().replace("-", "_"))
        if column and (words := _words(value)):
            found.setdefault(column, words)
    return found


def _words(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(filter(None, map(_words, value)))
    if isinstance(value, dict):
        return _words(value.get("name", ""))
    return "" if value is None else " ".join(str(value).split())


def _too_deep(block: str) -> bool:
    """Return whether brackets nest more deeply than metadata do: the parser's time grows with the square of that."""
    depth = 0
    for character in block:
        depth += (character in "[{") - (character in "]}")
        if depth > DEPTH:
            return True
    return False


def _yaml(block: str) -> Iterator[tuple[str, Any]]:
    if _too_deep(block):
        raise ValueError("nested too deeply")
    for event in yaml.parse(block, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None) not in {None, "!"}:
            raise ValueError("aliases (*) and tags (!) are refused")
    node = yaml.compose(block, Loader=yaml.BaseLoader)
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise yaml.YAMLError("expected `key: value` lines")
    for key, value in node.value:
        yield str(key.value), _plain(value)


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    return node.value


def _toml(block: str) -> Iterator[tuple[str, Any]]:
    yield from tomllib.loads(block, parse_float=str).items()


def _json(block: str) -> Iterator[tuple[str, Any]]:
    yield from json.loads(block, object_pairs_hook=_unique, parse_float=str, parse_int=str).items()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, object]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key is given twice")
    return dict(pairs)


_PARSERS = {"yaml": _yaml, "toml": _toml, "json": _json}
