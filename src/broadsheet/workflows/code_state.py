"""What the rows of an article depend on besides its input: the code, the libraries and the models."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache as remember
from importlib.metadata import version
from typing import Final

from broadsheet import extraction, ids
from broadsheet.extraction import Settings
from broadsheet.project import Project

__all__ = ["LIBRARIES", "settings_for", "state_of_code", "state_with"]

LIBRARIES: Final = (
    "broadsheet",
    "htmldate",
    "lxml",
    "markdown-it-py",
    "onnxruntime",
    "polars",
    "py3langid",
    "pyarrow",
    "resiliparse",
    "spacy",
    "tokenizers",
    "trafilatura",
)


def settings_for(project: Project, settings: Settings | None = None) -> Settings:
    """Return the settings for a project: those given or the default ones, with its pipeline where they name none."""
    given = settings or Settings()
    return replace(given, pipeline=given.pipeline or project.settings.pipeline)


@remember
def state_with(settings: Settings) -> str:
    """Name the code, the libraries and the models of some settings. Raises ModelError where a model is missing."""
    return state_of_code(extraction.provenance(settings))


def state_of_code(models: extraction.Provenance) -> str:
    """Name the code, the libraries and some models."""
    libraries = {name: version(name) for name in LIBRARIES}
    return json.dumps([ids.code_digest(), libraries, models], sort_keys=True, default=dict)
