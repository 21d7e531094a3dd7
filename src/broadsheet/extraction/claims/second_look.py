"""The second look: tells attributions that report words or thoughts from acts and states.

The reader marks what its corpus marks, and that corpus counts much as attribution that does not say what somebody said
or thought ("the council elected a mayor"). A linear classifier decides each case again from the means of the reader's
last states over source, cue and content, and from how sure the reader is of each. It was fitted by logistic regression
to rows judged by hand (`training/second_look.py`). Its score is one of the measures that `confidence` sums up. There is
no word list here: how high the score of a row is at least depends on its place and on the words of its cue (`Kind`),
which `second_pass` tells.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from broadsheet.errors import ModelError
from broadsheet.extraction import model_files
from broadsheet.extraction.claims.model_reader import Scores, Window
from broadsheet.model import CLAIM_PARTS, Attribution, Span

__all__ = ["FILE", "Kind", "SecondLook", "features"]

Floats = NDArray[np.float32]

FILE: Final = "second_look.json"
Kind = Literal["saying", "thinking", "other", "title", "inside"]
"""A claim whose cue has a word of saying, one of thinking, or neither; one in a title; one inside another claim."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """The fitted classifier: one weight a feature, a bias, and the least score of a row of each kind.

    The least score is lowest for `saying`: the word in the cue is evidence, too.
    """

    weights: Floats
    bias: float
    least: Mapping[Kind, float]

    @classmethod
    def load(cls, folder: Path) -> SecondLook:
        """Read the classifier from the folder of the weights, which `Reader.load` has checked.

        Raises:
            ModelError: the file is missing or not of the expected form.
        """
        path = folder / FILE
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
            weights = np.array(list(chain.from_iterable(given["weights"].values())), np.float32)
            return cls(weights, float(given["bias"]), {kind: float(given["least"][kind]) for kind in get_args(Kind)})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{path}: expected weights, bias and a least score a kind: {error!r}", repair=model_files.RESTORE
            ) from error

    def score(self, window: Window, scores: Scores, one: Attribution) -> float:
        """Return the log-odds that an attribution of a window is a statement."""
        return float(features(window, scores, one) @ self.weights) + self.bias

    def is_statement(self, score: float, kind: Kind) -> bool:
        """Tell whether an attribution of a kind with this score is a row."""
        return score >= self.least[kind]


def features(window: Window, scores: Scores, one: Attribution) -> Floats:
    """Return what is known of an attribution: three mean states, then eleven numbers.

    The numbers are, for source, cue and content each: the mean and the least probability of the part among its words,
    and the logarithm of 1 + their count; then 1 if there is no source, and the number of stretches of content.
    """
    odds = np.exp(scores.tags - scores.tags.max(axis=-1, keepdims=True))
    probabilities = odds / odds.sum(axis=-1, keepdims=True)
    states, numbers = [], []
    for number, role in enumerate(CLAIM_PARTS):
        places = _places(window, getattr(one, role))
        sure = probabilities[places, 1 + 2 * number : 3 + 2 * number].sum(axis=-1)
        states.append(scores.states[places].mean(axis=0) if len(places) else np.zeros_like(scores.states[0]))
        numbers += [sure.mean(), sure.min(), np.log1p(len(places))] if len(places) else [0.0, 0.0, 0.0]
    numbers += [float(not one.source), float(len(one.content))]
    return np.concatenate([*states, np.array(numbers, np.float32)]).astype(np.float32)


def _places(window: Window, spans: Iterable[Span]) -> NDArray[np.int64]:
    """Return the positions of the first pieces of the words inside spans."""
    return window.first[list(chain.from_iterable(map(window.inside, spans)))]
