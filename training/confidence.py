"""Fit the confidence of claims to annotated articles, and measure it on articles it was not fitted to.

    python training/confidence.py --corpus DIR --to src/broadsheet/extraction/weights [--cache FILE]

DIR is PolNeAR. Its dev split judges the claims of both readers that are not inside another claim; the rows in
`annotations/rows.csv` judge those inside claims. Claims of the trained reader are fitted to both, since the corpus
counts acts as right; the shares of right claims that are not inside others are measured on the dev split alone.
`confidence.json` is written into `--to` and its digest put into the card. `--cache` keeps what is known of each claim,
so that a second fit takes seconds; delete that file when a reader, a rule about spans or a feature has changed.

A claim counts as right where the first annotator has it: content Jaccard of .5 or more, cues overlap, sources overlap
or both are absent. Cross-fitted: each article is graded by a fit without it and those of its fold.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import logistic
import numpy as np
import second_look
from annotations import Row, examples, quotations, rows, windows
from annotations import text_of as annotated_text
from corpus import Article, articles
from metrics import Tally, right, score
from numpy.typing import NDArray

from broadsheet.extraction import find_names
from broadsheet.extraction.claims import assemble, rule_reader, second_pass
from broadsheet.extraction.claims.confidence import MEASURES, MODELS, features, measures, model_of
from broadsheet.extraction.claims.model_reader import Reader
from broadsheet.extraction.claims.second_look import Kind, SecondLook
from broadsheet.extraction.claims.second_pass import TwoPassReader
from broadsheet.extraction.model_files import CONFIDENCE, WEIGHTS
from broadsheet.extraction.names import spacy_model
from broadsheet.model import Attribution, Claim, Raw, Span, Text
from broadsheet.project import Limits
from broadsheet.texts import normalise

Floats = NDArray[np.float64]
Read = Callable[[Text], tuple[Attribution, ...]]

RIDGE: Final = 30.0
FOLDS: Final = 12
PRECISION: Final = {"outer": 0.956, "nested": 0.955, "unmeasured": 0.93}
"""The share of right claims among those that are called sure, cross-fitted; spans alone cannot tell more."""
LEAST: Final = {"outer": -0.12, "nested": 0.0}
"""The least log-odds of a row of the trained reader: what is more likely wrong than right is left out.

The odds lean to the corpus, which counts acts as right; of the judged rows that are left out, a third were right."""
JUDGED: Final = 0.25
"""How much a judged row counts beside a claim that the corpus judges.

With a quarter, both are told apart nearly as well as by a fit to either alone: AUROC .839 on the corpus and .822 on
judged rows; fitted to the corpus alone .840 and .798."""
DOUBTFUL: Final = 0.2
"""The share of the rows that are called doubtful."""


ON: Final = "84 articles of PolNeAR's dev split, each graded by a fit without it"
"""What the shares of right claims are measured on, as released packages say it."""


@dataclass(frozen=True, slots=True)
class Example:
    """What is known of one claim, the model that grades it, and whether it is right."""

    article: str
    model: str
    known: dict[str, float]
    is_right: bool
    is_measured: bool = True
    """Whether the model is measured on the example; it is fitted to it in any case (`JUDGED`)."""


# --- the examples -----------------------------------------------------------------------------------------------------


def of_corpus(folder: Path) -> Iterator[Example]:
    """Yield the claims of both readers in the dev split of a corpus, those inside other claims left out."""
    nlp = spacy_model.load(parser=True)
    reader = TwoPassReader(Reader.load(), SecondLook.load(WEIGHTS), None)
    by_model = partial(_outer, reader)
    by_rules: Read = partial(rule_reader.read, nlp=nlp)
    for article in articles(folder / "dev"):
        text = _text(article)
        clusters, mentions = find_names(text, nlp)
        for read in (by_model, by_rules):
            claims, _ = assemble.interpret(text, read(text), clusters, mentions)
            yield from _judged(article, [c for c in claims if _is_judged(c)])


def _outer(reader: TwoPassReader, text: Text) -> tuple[Attribution, ...]:
    in_titles = reader.outer(text.text, assemble.titles(text), "title")
    return (*reader.outer(text.text, assemble.blocks(text)), *in_titles)


def _is_judged(claim: Claim) -> bool:
    """Tell whether the corpus judges a claim: it has content, is not a no-comment and not inside another claim."""
    return bool(claim.nested_in is None and claim.attribution.content and claim.kind != "no-comment")


def _text(article: Article) -> Text:
    data = article.text.encode()
    raw = Raw(f"seeds/{article.name}.txt", data, hashlib.sha256(data).hexdigest(), "text/plain")
    text = normalise(raw, limits=Limits())
    assert isinstance(text, Text), f"{article.name} is quarantined"
    return text


def _judged(article: Article, claims: Sequence[Claim]) -> Iterator[Example]:
    verdicts = right(article.text, article.readings[0], [claim.attribution for claim in claims])
    for claim, verdict in zip(claims, verdicts, strict=True):
        yield Example(article.name, model_of(claim), features(article.text, claim), verdict)


def of_judged_rows(folder: Path) -> Iterator[Example]:
    """Yield the judged rows that the second look keeps; it was not fitted to the article of the row it scores.

    A row that another window shares is left out: its measures are not whole.
    """
    reader = Reader.load()
    judged, known = zip(*examples((row for row in rows() if row.label != "unclear"), reader, folder), strict=True)
    y = np.array([float(row.label == "yes") for row in judged])
    looks = second_look.cross_validated(judged, np.array(known), y)
    for row, look in zip(judged, looks, strict=True):
        text = annotated_text(row.corpus, row.article, folder)
        window, scores = next(windows(row, text, reader))
        is_whole = all(window.inside(span) for _, spans in row.attribution.parts for span in spans)
        if is_whole and look >= second_look.LEAST[_kind(text, row)]:
            found = replace(row.attribution, measured=measures(window, scores, row.attribution, float(look)))
            nested_in = 0 if row.inside else None
            claim = Claim(found, "speech", "indirect", "asserts", nested_in=nested_in)  # no model of these uses more
            is_measured = bool(row.inside)
            yield Example(row.article, model_of(claim), features(text, claim), row.label == "yes", is_measured)


def _kind(text: str, row: Row) -> Kind:
    cue = " ".join(span.slice(text) for span in row.attribution.cue)
    kind = second_pass.kind_of(cue, "inside" if row.inside else "body")
    assert kind is not None, "only titles have cues that make no claim"
    return kind


# --- fitting ----------------------------------------------------------------------------------------------------------


def used(model: str, known: AbstractSet[str]) -> list[str]:
    """Return the features of a model: measures and lengths where the reader measured, else all that is known."""
    lengths = ("source length", "cue length", "content length", "several stretches")
    return sorted(known - {"bias"}) if model == "unmeasured" else [*MEASURES, *lengths]


def matrix(found: Sequence[Example], names: Sequence[str]) -> Floats:
    """Return one row an example, one column a feature; 0 where it is not known."""
    return np.array([[one.known.get(name, 0.0) for name in names] for one in found])


def cross_fitted(found: Sequence[Example], x: Floats, y: Floats, counts: Floats) -> Floats:
    """Return the log-odds of each example from a fit without its article and those of its fold."""
    names = sorted({one.article for one in found})
    fold = np.array([names.index(one.article) % FOLDS for one in found])
    odds = np.zeros(len(y))
    for number in range(FOLDS):
        others = fold != number
        weights, bias = logistic.fitted(x[others], y[others], RIDGE, counts=counts[others])
        odds[fold == number] = x[fold == number] @ weights + bias
    return odds


def cut_points(odds: Floats, y: Floats, precision: float) -> dict[str, float]:
    """Return the least log-odds of `likely` and of `sure` among rows, rounded to two digits."""
    order = np.argsort(-odds, kind="stable")
    precise = np.cumsum(y[order]) / np.arange(1, len(y) + 1) >= precision
    return {
        "likely": round(float(np.quantile(odds, DOUBTFUL)), 2),
        "sure": round(float(odds[order][np.flatnonzero(precise)[-1]]), 2),
    }


# --- measuring --------------------------------------------------------------------------------------------------------


def measured(odds: Floats, y: Floats, cuts: dict[str, float]) -> dict[str, Any]:
    """Return how well odds tell right from wrong, and what each word is worth."""
    words = np.where(odds >= cuts["sure"], "sure", np.where(odds >= cuts["likely"], "likely", "doubtful"))
    bands = {word: _band(words == word, y) for word in ("sure", "likely", "doubtful")}
    return {"claims": len(y), "right": _rounded(y.mean()), "auroc": auroc(odds, y), "ece": ece(odds, y), **bands}


def _band(inside: NDArray[np.bool_], y: Floats) -> dict[str, float]:
    if not inside.any():
        return {"claims": 0}
    errors = (1 - y[inside]).sum() / max((1 - y).sum(), 1)
    return {
        "claims": int(inside.sum()),
        "right": _rounded(y[inside].mean()),
        "share": _rounded(inside.mean()),
        "share of errors": _rounded(errors),
    }


def auroc(odds: Floats, y: Floats) -> float:
    """Return the chance that a right claim has higher odds than a wrong one; a tie counts half."""
    above = odds[y == 1][:, None] - odds[y == 0][None]
    return _rounded((above > 0).mean() + (above == 0).mean() / 2)


def ece(odds: Floats, y: Floats, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal size (Guo et al., ICML 2017, who use equal widths)."""
    chance = 1 / (1 + np.exp(-odds))
    parts = np.array_split(np.argsort(odds, kind="stable"), bins)
    return _rounded(sum(abs(chance[part].mean() - y[part].mean()) * len(part) for part in parts) / len(y))


def _rounded(value: float) -> float:
    return round(float(value), 3)


def inside_quotations(reader: TwoPassReader, folder: Path) -> dict[str, dict[str, float]]:
    """Return precision, recall and F1 of whole relations inside the judged quotations, by use."""
    found = {}
    for use in ("apart", "judge"):
        tally = Tally()
        for quotation in (q for q in quotations() if use in (q.use, "judge")):
            text = annotated_text("polnear-train", quotation.article, folder)
            outer = Attribution((), (Span(0, 1),), tuple(Span(a, b) for a, b in quotation.content))
            score(text, quotation.claims, reader.nested(text, [outer]), tally)
        counts = {kind: tally.counts["relation", kind] for kind in ("right", "predicted", "gold")}
        found["apart by article" if use == "apart" else "all"] = {**counts, "f1": round(tally.f1("relation"), 3)}
    return found


# --- the command ------------------------------------------------------------------------------------------------------


def gathered(corpus: Path, cache: Path | None) -> list[Example]:
    """Return all examples, from the cache where it is there."""
    if cache is not None and cache.is_file():
        return [Example(**json.loads(line)) for line in cache.read_text(encoding="utf-8").splitlines()]
    found = [*of_corpus(corpus), *of_judged_rows(corpus / "train")]
    if cache is not None:
        cache.write_text("".join(json.dumps(asdict(one)) + "\n" for one in found), encoding="utf-8")
    return found


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted weights of a model, and for what it is measured on the cross-fitted log-odds and what is right."""

    weights: dict[str, float]
    odds: Floats
    y: Floats

    @classmethod
    def of(cls, model: str, found: Iterable[Example]) -> Fit:
        """Fit a model to its examples."""
        own = [one for one in found if one.model == model]
        names = used(model, {name for one in own for name in one.known})
        x, y = matrix(own, names), np.array([float(one.is_right) for one in own])
        measured = np.array([one.is_measured for one in own])
        counts = np.where(measured, 1.0, JUDGED)
        weights, bias = logistic.fitted(x, y, RIDGE, counts=counts)
        rounded = {name: float(f"{value:.4g}") for name, value in zip(names, weights, strict=True)}
        odds = cross_fitted(own, x, y, counts)
        return cls({"bias": float(f"{bias:.4g}"), **rounded}, odds[measured], y[measured])

    def of_rows(self, least: float) -> Fit:
        """Return the fit with only the examples that are rows: of log-odds `least` or more."""
        kept = self.odds >= least
        return replace(self, odds=self.odds[kept], y=self.y[kept])


def main() -> None:
    """Parse the command line, fit, write and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    found = gathered(given.corpus, given.cache)
    fits = {model: Fit.of(model, found) for model in MODELS}
    kept = {model: fit.of_rows(LEAST.get(model, -np.inf)) for model, fit in fits.items()}
    cuts = {model: cut_points(fit.odds, fit.y, PRECISION[model]) for model, fit in kept.items()}
    least = {model: {"least": value} for model, value in LEAST.items()}
    data = {model: {**least.get(model, {}), **cuts[model], "weights": fit.weights} for model, fit in fits.items()}
    (given.to / CONFIDENCE).write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    report = {model: measured(fit.odds, fit.y, cuts[model]) for model, fit in kept.items()}
    second_look.record(given.to, confidence={"on": ON, **report})
    inside = inside_quotations(TwoPassReader.load(given.to), given.corpus / "train")
    print(json.dumps({**report, "claims inside quotations": inside}, indent=2))


if __name__ == "__main__":
    main()
