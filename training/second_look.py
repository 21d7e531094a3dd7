"""Fit the second look to the judged rows, and measure it on those kept apart.

    python training/second_look.py --corpus DIR --to src/broadsheet/extraction/weights

DIR is the train split of PolNeAR (`text/STEM.txt`): its rows are judged, its texts are not in this repository. The
weights in `--to` give the states; `second_look.json` is written beside them and its digest put into the card.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, get_args

import logistic
import numpy as np
from annotations import Row, examples, rows
from numpy.typing import NDArray

from broadsheet.extraction.claims.confidence import Layer
from broadsheet.extraction.claims.model_reader import Reader
from broadsheet.extraction.claims.second_look import FILE, Kind
from broadsheet.extraction.model_files import FILES, GRAPHS

Floats = NDArray[np.float64]

WIDTH: Final = 384
NUMBERS: Final = 11
RIDGE: Final = 3.0
STATES_SCALE: Final = 6.0 / np.sqrt(3 * WIDTH)  # all states together weigh as six numbers do
LEAST: Final[dict[Kind, float]] = {"saying": -3.0, "thinking": -1.0, "other": 0.5, "title": 1.0, "inside": -0.5}
"""The least score of a row, by the kind of its claim.

Of the rows of PolNeAR's dev split from -3 to -1 that the confidence keeps, 38 of 44 with a word of saying in the cue
were statements when read, of the others about half."""
EVEN: Final = -1.0
"""The score from which a row is kept in the measures."""
FOLDS: Final = 6


def fitted(x: Floats, y: Floats) -> tuple[Floats, float]:
    """Return weights and bias of a ridge logistic regression on features as they are."""
    scale = np.where(np.arange(x.shape[1]) < 3 * WIDTH, STATES_SCALE, 1.0)
    return logistic.fitted(x, y, RIDGE, scale)


def written(weights: Floats, bias: float, folder: Path) -> None:
    """Write the classifier and put its digest into the card."""
    ends = dict(
        zip(("source", "cue", "content", "numbers"), np.split(weights, [WIDTH, 2 * WIDTH, 3 * WIDTH]), strict=True)
    )
    rounded = {name: [float(f"{value:.6g}") for value in part] for name, part in ends.items()}
    data = json.dumps({"weights": rounded, "bias": float(f"{bias:.6g}"), "least": LEAST}).replace("], ", "],\n") + "\n"
    (folder / FILE).write_text(data, encoding="utf-8")
    record(folder)


def record(folder: Path, **measured: Any) -> None:
    """Put the sha256 of every file of the weights into their card, and what was measured."""
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    names = sorted({*FILES, *GRAPHS.values()})
    card["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    (folder / "card.json").write_text(json.dumps(card | measured, indent=2) + "\n", encoding="utf-8")


def shares(judged: Sequence[Row], scores: Floats) -> dict[str, dict[str, Any]]:
    """Return, by layer, how many statements and acts there are, and which share of them is kept."""
    found = {}
    for layer in get_args(Layer):
        own = [n for n, row in enumerate(judged) if bool(row.inside) == (layer == "nested")]
        kept = {label: [scores[n] >= EVEN for n in own if judged[n].label == label] for label in ("yes", "no")}
        shown = {label: round(float(np.mean(k)), 3) for label, k in kept.items() if k}
        found[layer] = {label: {"rows": len(kept[label]), "kept": share} for label, share in shown.items()}
    return found


def cross_validated(judged: Sequence[Row], x: Floats, y: Floats) -> Floats:
    """Return the score of each row from a fit without its article and those of its fold."""
    names = sorted({row.article for row in judged})
    fold = np.array([names.index(row.article) % FOLDS for row in judged])
    scores = np.zeros(len(y))
    for number in range(FOLDS):
        weights, bias = fitted(x[fold != number], y[fold != number])
        scores[fold == number] = x[fold == number] @ weights + bias
    return scores


def main() -> None:
    """Parse the command line, fit, write and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    reader = Reader.load(given.to)
    clear = [row for row in rows() if row.label != "unclear"]
    judged, x_rows = zip(*examples(clear, reader, given.corpus), strict=True)
    x, y = np.array(x_rows), np.array([float(row.label == "yes") for row in judged])
    fit = np.array([row.use == "fit" for row in judged])
    weights, bias = fitted(x[fit], y[fit])
    written(weights, bias, given.to)
    apart = [row for row in judged if row.use == "judge"]
    used = [row for row in judged if row.use == "fit"]
    report = {
        "rows kept apart": shares(apart, x[~fit] @ weights + bias),
        "cross-validated": shares(used, cross_validated(used, x[fit], y[fit])),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
