"""Which models read the articles, and what a package records of them; nothing is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from broadsheet.extraction import model_files
from broadsheet.extraction.names import spacy_model

__all__ = ["Provenance", "Settings", "pipeline_of", "provenance"]

Provenance = Mapping[str, Mapping[str, str | Mapping[str, str]]]
"""For `names` and `claims`: what the model is called, and the digests of its files."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Which models read the articles.

    `claims` are read by the trained model or by rules; `fast` is int8 arithmetic for the trained model; `pipeline` is
    the pinned spaCy pipeline for names (None: the default one).
    """

    claims: Literal["model", "rules"] = "model"
    fast: bool = False
    pipeline: str | None = None


def provenance(settings: Settings | None = None) -> Provenance:
    """Return which models the settings ask for, with the digests of their files; nothing is loaded.

    This is what the package's descriptor records, and all of it is part of the key of a cached article. `Models.load`
    loads exactly these files.

    Raises:
        ModelError: a model is not pinned, or its files or their card are missing.
    """
    chosen = settings or Settings()
    by_rules = chosen.claims == "rules"
    claims = model_files.rules_provenance() if by_rules else model_files.reader_provenance(fast=chosen.fast)
    worth = model_files.measured("unmeasured" if by_rules else "outer")
    names = spacy_model.provenance(pipeline_of(chosen))
    return MappingProxyType({"names": names, "claims": {**claims, "measured": worth}})


def pipeline_of(settings: Settings) -> str:
    """Return the name of the pipeline that finds names."""
    return settings.pipeline or spacy_model.DEFAULT
