"""How far a claim can be trusted: sure, likely or doubtful, and whether it is a row at all.

Logistic regression gives the log-odds that a claim is right; two cut points make a word of them. A claim of the trained
reader with log-odds below a third cut point, `least`, is no row: it is more likely wrong than right. A claim of the
trained reader is judged by what that measured (`measures`) and by the lengths of its parts (`lengths`); one of the rule
reader, or of the layout of a text, by all its `traits`. The coefficients are data: `training/confidence.py` fits them
to annotated articles. docs/confidence.md says which share of each word is right.

The odds never leave this module, since their last digits may differ from one processor to another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, log, log1p
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from broadsheet.errors import ModelError
from broadsheet.extraction import model_files
from broadsheet.extraction.claims.model_reader import Scores, Window
from broadsheet.model import CLAIM_PARTS, Attribution, Claim, Confidence, Span

__all__ = [
    "MEASURES",
    "MODELS",
    "Grader",
    "Layer",
    "Model",
    "features",
    "lengths",
    "measures",
    "model_of",
    "traits",
]

MEASURES: Final = (
    *(f"{part} {what}" for part in CLAIM_PARTS for what in ("mean", "least", "first", "after")),
    *("source link", "content link", "second look"),
)
"""The names of `Attribution.measured`, in order."""
MODELS: Final = ("outer", "nested", "unmeasured")
"""Claims that the trained reader found, those of them inside another claim, and all other claims."""
_MOST: Final = 9.0
"""Log-odds of a measure are cut here: beyond, the reader is as sure as it can be."""
_NO_LINK: Final = 0.5

Floats = NDArray[np.float64]
Layer = Literal["outer", "nested"]
"""What is read: paragraphs, or the content of a claim."""
Weights = Mapping[str, float]


# --- what is known of a claim -----------------------------------------------------------------------------------------


def measures(window: Window, scores: Scores, one: Attribution, second_look: float) -> tuple[float, ...]:
    """Return what the reader measured of an attribution of a window, named by `MEASURES`.

    These are log-odds. For each part: the mean and the least of the tags of its words, the least of the words that
    begin a stretch, and the least that a stretch ends where it does; 0 where a part is missing. Then the link from cue
    to source, the weakest link from a content to the cue, and the score of the second look.
    """
    tags = _probabilities(scores.tags[window.first])
    found: list[float] = []
    for number, part in enumerate(CLAIM_PARTS):
        stretches = [words for span in getattr(one, part) if (words := window.inside(span))]
        found += _of_part(tags, stretches, number, window.opens)
    return (*found, *_links(window, scores, one), second_look)


def _of_part(tags: Floats, stretches: Sequence[range], number: int, opens: Sequence[bool]) -> list[float]:
    """Return the four measures of a part; tag 1 + 2 × its number begins a stretch, the tag after that continues it."""
    if not stretches:
        return [0.0, 0.0, 0.0, 0.0]
    begins, goes_on = tags[:, 1 + 2 * number], tags[:, 2 + 2 * number]
    first = [_log_odds(begins[words[0]]) for words in stretches]
    rest = [_log_odds(goes_on[word]) for words in stretches for word in words[1:]]
    after = [_log_odds(1 - goes_on[words.stop]) for words in stretches if not _is_at_end(words, opens)]
    every = first + rest
    return [sum(every) / len(every), min(every), min(first), min(after, default=_MOST)]


def _is_at_end(words: range, opens: Sequence[bool]) -> bool:
    """Tell whether a stretch ends with its block."""
    return words.stop == len(opens) or opens[words.stop]


def _links(window: Window, scores: Scores, one: Attribution) -> tuple[float, float]:
    source, cue, content = ([_head(window, span) for span in getattr(one, part)] for part in CLAIM_PARTS)
    if not cue:
        return 0.0, 0.0
    to_source = _probabilities(scores.to_source[cue[0]])[source[0] if source else 0]
    to_cue = min((_probabilities(scores.to_cue[place])[cue[0]] for place in content), default=_NO_LINK)
    return _log_odds(to_source), _log_odds(to_cue)


def _head(window: Window, span: Span) -> int:
    """Return the position of the first piece of a span."""
    return int(window.first[window.inside(span)[0]])


def _probabilities(scores: NDArray[np.float32]) -> Floats:
    odds: Floats = np.exp((scores - scores.max(axis=-1, keepdims=True)).astype(np.float64))
    total: Floats = odds.sum(axis=-1, keepdims=True)
    return odds / total


def _log_odds(probability: float) -> float:
    least = np.exp(-_MOST)
    inside = min(max(float(probability), least), 1 - least)
    return log(inside / (1 - inside))


def traits(text: str, claim: Claim) -> Iterator[tuple[str, float]]:
    """Yield what the spans and values of a claim show, by name: 1 for what is so, and lengths."""
    yield from lengths(text, claim.attribution)
    yield "cue without words", float(not any(map(str.isalnum, _slices(text, claim.attribution.cue))))
    yield f"kind {claim.kind}", 1.0
    yield f"quote {claim.quote}", 1.0
    yield f"stance {claim.stance}", 1.0
    yield f"source {claim.source_kind}", float(bool(claim.attribution.source))
    yield "source entity", float(claim.source is not None)


def lengths(text: str, one: Attribution) -> Iterator[tuple[str, float]]:
    """Yield the logarithm of 1 + the words (white-space tokens) of each part, and 1 for a content in stretches."""
    for part, spans in one.parts:
        yield f"{part} length", log1p(sum(len(span.slice(text).split()) for span in spans))
    yield "several stretches", float(len(one.content) > 1)


def _slices(text: str, spans: Iterable[Span]) -> str:
    return "".join(span.slice(text) for span in spans)


# --- the model --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model: a weight for each feature and `bias`, and the least log-odds of `likely`, `sure` and a row."""

    weights: Weights
    likely: float
    sure: float
    least: float = -inf

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Model:
        """Return a model from its JSON object. Raises KeyError, TypeError or ValueError where that is another one."""
        return cls(
            dict(given["weights"]), float(given["likely"]), float(given["sure"]), float(given.get("least", -inf))
        )

    def log_odds(self, known: Weights) -> float:
        """Return the sum of the features, each with its weight."""
        return sum(weight * known.get(name, 0.0) for name, weight in self.weights.items())

    def word(self, odds: float) -> Confidence:
        """Return the word for log-odds."""
        return "sure" if odds >= self.sure else "likely" if odds >= self.likely else "doubtful"


@dataclass(frozen=True, slots=True)
class Grader:
    """The fitted models, by kind of claim (`MODELS`)."""

    models: Mapping[str, Model]

    @classmethod
    def load(cls, folder: Path | None = None) -> Grader:
        """Read the models from a folder of weights (the shipped ones if None), after checking them against their card.

        Raises:
            ModelError: the file is missing, is not the one the card names, or is not of the expected form.
        """
        where = folder or model_files.WEIGHTS
        model_files.check(where, [model_files.CONFIDENCE])
        path = where / model_files.CONFIDENCE
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
            return cls({name: Model.of(given[name]) for name in MODELS})
        except (OSError, ValueError, KeyError, TypeError) as error:
            expected = f"weights, likely and sure of {', '.join(MODELS)}"
            raise ModelError(f"{path}: expected {expected}: {error!r}", repair=model_files.RESTORE) from error

    def is_credible(self, text: str, one: Attribution, layer: Layer) -> bool:
        """Tell whether what the trained reader measured of an attribution of a text makes it a row."""
        model = self.models[layer]
        return model.log_odds({**_measured(one), **dict(lengths(text, one))}) >= model.least

    def graded(self, text: str, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """Return the claims of a text with their confidence, and without the measures, which serve nothing else."""
        return tuple(replace(_unmeasured(one), confidence=self.confidence(text, one)) for one in claims)

    def confidence(self, text: str, claim: Claim) -> Confidence:
        """Return how far a claim of a text can be trusted; what a person decided is sure.

        No-comment claims are found by their words, which PolNeAR does not judge: all are likely (25 of 27 read were
        right).
        """
        if claim.is_decided:
            return "sure"
        if claim.kind == "no-comment":
            return "likely"
        return self.models[model_of(claim)].word(self.log_odds(text, claim))

    def log_odds(self, text: str, claim: Claim) -> float:
        """Return the log-odds that a claim is right, by the model of its kind."""
        return self.models[model_of(claim)].log_odds(features(text, claim))


def _unmeasured(claim: Claim) -> Claim:
    return replace(claim, attribution=replace(claim.attribution, measured=()))


def model_of(claim: Claim) -> str:
    """Return the name of the model that judges a claim."""
    if not claim.attribution.measured:
        return "unmeasured"
    return "outer" if claim.nested_in is None else "nested"


def features(text: str, claim: Claim) -> dict[str, float]:
    """Return everything that is known of a claim, by name."""
    return {**_measured(claim.attribution), **dict(traits(text, claim))}


def _measured(one: Attribution) -> dict[str, float]:
    return {"bias": 1.0, **dict(zip(MEASURES, one.measured, strict=False))}
