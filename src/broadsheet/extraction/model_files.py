"""The files of the shipped model that reads claims: which they are, and whether they are those that their card names.

Nothing here loads a model or a library for one: what a package records of its models is known from the card.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, get_args

from broadsheet.errors import ModelError
from broadsheet.model import Confidence

__all__ = [
    "CONFIDENCE",
    "GRAPHS",
    "RESTORE",
    "WEIGHTS",
    "check",
    "measured",
    "of_reader",
    "reader_provenance",
    "rules_provenance",
]

WEIGHTS: Final = Path(__file__).parent / "weights"
CONFIDENCE: Final = "confidence.json"  # what grades claims
FILES: Final = (CONFIDENCE, "reader.bin", "second_look.json", "vocab.txt")  # beside the graph
GRAPHS: Final = {"fp32": "reader.onnx", "int8": "reader-fast.onnx"}  # by arithmetic
RESTORE: Final = "reinstall with `pip install --force-reinstall --no-deps broadsheet`, or build with `--claims rules`"


def reader_provenance(folder: Path | None = None, *, fast: bool = False) -> dict[str, str | dict[str, str]]:
    """Return what the trained reader loads: its name, its arithmetic (`fp32`, `int8`) and the sha256 of each file.

    Raises:
        ModelError: a file is missing, or the card does not give its digest.
    """
    arithmetic = "int8" if fast else "fp32"
    return {"name": "reader", "arithmetic": arithmetic, "files": _listed(folder or WEIGHTS, of_reader(arithmetic))}


def rules_provenance() -> dict[str, str | dict[str, str]]:
    """Return what the reader by rules is called, and the file that grades its claims with its sha256.

    Raises:
        ModelError: the file is missing, or the card does not give its digest.
    """
    return {"name": "rules", "files": _listed(WEIGHTS, [CONFIDENCE])}


def measured(model: str) -> dict[str, str]:
    """Return what the words of a model of confidence were worth where it was fitted, and where that was: `on`.

    Each share is that of right claims, from fits without the articles that are judged. Raises ModelError.
    """
    path = WEIGHTS / "card.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["confidence"]
        bands = {word: found[model][word] for word in get_args(Confidence)}
        shares = {word: f"{band['right']:.1%} of {band['claims']}" for word, band in bands.items()}
        return {"on": str(found["on"]), **shares}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: expected what was measured: {error!r}", repair=RESTORE) from error


def check(folder: Path, names: Iterable[str]) -> None:
    """Compare some files of the weights with their card.

    Raises:
        ModelError: a file is missing, or is not the one the card names.
    """
    _check(folder, _digests(folder, names))


def of_reader(arithmetic: str) -> tuple[str, ...]:
    """Return the files that the trained reader needs for one arithmetic."""
    return (*FILES, GRAPHS[arithmetic])


def _listed(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the digest of each of some files as a package records it. Raises ModelError."""
    return {name: f"sha256:{digest}" for name, digest in _digests(folder, names).items()}


def _digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the sha256 that the card gives for each of some files, after looking that the file is there."""
    card = folder / "card.json"
    try:
        digests = dict(json.loads(card.read_text(encoding="utf-8"))["files"])
        needed = {name: str(digests[name]) for name in sorted(names)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{card}: expected the sha256 of every weights file: {error!r}", repair=RESTORE) from error
    missing = [name for name in needed if not (folder / name).is_file()]
    if missing:
        raise ModelError(f"{folder / missing[0]}: this file of the attribution model is missing", repair=RESTORE)
    return needed


def _check(folder: Path, digests: Mapping[str, str]) -> None:
    for name, expected in digests.items():
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"{folder / name}: cannot be read: {error.strerror}", repair=RESTORE) from error
        if found != expected:
            raise ModelError(f"{folder / name}: sha256 is {found}, card.json expects {expected}", repair=RESTORE)
