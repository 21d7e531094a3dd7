"""What an article says of whom, and who says what: names, entities and claims.

`extract` reads one article, `resolve` decides over all of them who is who. Models are loaded once a process, by
`Models.load`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from broadsheet.extraction.claims import assemble as claiming
from broadsheet.extraction.claims import model_reader, rule_reader
from broadsheet.extraction.linking import within_document
from broadsheet.extraction.linking.across_documents import resolve
from broadsheet.extraction.names import recognize, spacy_model
from broadsheet.extraction.overrides import mentions as mention_overrides
from broadsheet.model import Attribution, Cluster, Decision, Extraction, Mention, Text

__all__ = ["Models", "extract", "find_names", "provenance", "resolve"]

_ENGLISH = frozenset({"en", "und"})


@dataclass(frozen=True, slots=True)
class Models:
    """What reads an article: the pipeline for names, and a reader of claims; `provenance` says which they are."""

    nlp: Any
    read: Callable[[Text], tuple[Attribution, ...]]
    provenance: Mapping[str, Any]

    @classmethod
    def load(cls, settings: Mapping[str, Any] | None = None, *, claims: str = "model", fast: bool = False) -> Models:
        """Load and check the models. `claims` is `model` or `rules`; `settings` may name another pinned `pipeline`.

        Raises ModelError where a model is missing or is not the one that was pinned.
        """
        name = str((settings or {}).get("pipeline", spacy_model.DEFAULT))
        by_rules = _by_rules(claims)
        nlp = spacy_model.load(name, parser=by_rules)
        read = partial(rule_reader.read, nlp=nlp) if by_rules else _Read(model_reader.Reader.load(fast=fast))
        return cls(nlp, read, MappingProxyType(provenance(settings, claims=claims, fast=fast)))


@dataclass(frozen=True, slots=True)
class _Read:
    """The trained reader, let loose on the paragraphs that are read for claims."""

    reader: model_reader.Reader

    def __call__(self, text: Text) -> tuple[Attribution, ...]:
        return self.reader.read(text.text, claiming.blocks(text))


def extract(text: Text, models: Models, decisions: Sequence[Decision] = ()) -> Extraction:
    """Return what one article says of whom and by whom.

    Only English is read: an article in another language has no rows but those that people decided (its text carries the
    finding that says so). `decisions` are the article's own, numbered and anchored; what people decided about entities
    is applied over the corpus, by `resolve`.
    """
    is_read = text.language.partition("-")[0] in _ENGLISH
    if not is_read and not decisions:
        return Extraction(text.document_id)
    clusters, mentions = find_names(text, models.nlp) if is_read else ((), ())
    clusters, mentions, gone = mention_overrides.decide(text, clusters, mentions, decisions)
    clusters = (*clusters, *mention_overrides.references(decisions))
    found, remarks = claiming.interpret(text, models.read(text) if is_read else (), clusters, mentions, decisions)
    return Extraction(text.document_id, clusters, mentions, found, (*gone, *remarks))


def find_names(text: Text, nlp: Any) -> tuple[tuple[Cluster, ...], tuple[Mention, ...]]:
    """Return the things an article names and every place where it names them, in order, without overlaps."""
    marks, acronyms = recognize.find(text, nlp)
    return within_document.gather(text.text, marks, acronyms)


def provenance(
    settings: Mapping[str, Any] | None = None, *, claims: str = "model", fast: bool = False
) -> dict[str, Any]:
    """Return which models read the articles, for the package's descriptor; nothing is loaded. Raises ModelError."""
    found: dict[str, Any] = {
        "names": spacy_model.provenance(str((settings or {}).get("pipeline", spacy_model.DEFAULT)))
    }
    if _by_rules(claims):
        return {**found, "claims": {"name": "rules"}}
    card = json.loads((model_reader.WEIGHTS / "card.json").read_text(encoding="utf-8"))
    digests = {name: f"sha256:{digest}" for name, digest in sorted(card["files"].items())}
    return {**found, "claims": {"name": "reader", "arithmetic": "int8" if fast else "fp32", "files": digests}}


def _by_rules(claims: str) -> bool:
    return claims == "rules" or not (model_reader.WEIGHTS / "reader.bin").is_file()
