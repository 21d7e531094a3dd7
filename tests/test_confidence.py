"""How far a row can be trusted: what the reader measured, what the words show, and what a person decided."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest
from articles import extraction, text
from marked import text_of

from broadsheet import extraction as extracting
from broadsheet import tables
from broadsheet.errors import ModelError
from broadsheet.extraction.claims import confidence
from broadsheet.extraction.claims.confidence import MEASURES, MODELS, Grader, Model
from broadsheet.extraction.claims.second_pass import TwoPassReader
from broadsheet.extraction.model_files import WEIGHTS
from broadsheet.model import (
    Attribution,
    Claim,
    Confidence,
    Entity,
    EntityType,
    LinkedBy,
    Mention,
    Paragraph,
    Raw,
    Resolution,
    Span,
    Text,
)
from broadsheet.project import Limits
from broadsheet.schema import load_schemas
from broadsheet.texts import normalise

SAID = "The harbour master said on Monday that the lighthouse would be sold."
CLAIM = Claim(Attribution((Span(0, 18),), (Span(19, 23),), (Span(34, 68),)), "speech", "indirect", "asserts")
MEASURED = replace(CLAIM, attribution=replace(CLAIM.attribution, measured=(0.0,) * len(MEASURES)))


@cache
def models() -> extracting.Models:
    return extracting.Models.load()


def measured(words: str) -> list[dict[str, float]]:
    found = TwoPassReader.load().read(words, [(0, len(words))])
    return [dict(zip(MEASURES, one.measured, strict=True)) for one in found]


def test_the_reader_is_measured_part_by_part() -> None:
    (plain,) = measured(SAID)
    assert all(math.isfinite(value) for value in plain.values())
    assert min(plain["source least"], plain["cue least"], plain["source link"]) > 0
    assert all(plain[f"{part} least"] <= plain[f"{part} mean"] for part in ("source", "cue", "content"))


def test_measures_do_not_tell_attributions_apart() -> None:
    assert replace(CLAIM.attribution, measured=(1.0,)) == CLAIM.attribution
    assert len({replace(CLAIM.attribution, measured=(1.0,)), CLAIM.attribution}) == 1


def grader(**bias: float) -> Grader:
    given = dict.fromkeys(MODELS, 0.0) | bias
    return Grader({name: Model({"bias": value}, likely=0.0, sure=1.0) for name, value in given.items()})


@pytest.mark.parametrize(
    ("odds", "expected"), [(-0.1, "doubtful"), (0.0, "likely"), (0.9, "likely"), (1.0, "sure"), (9.0, "sure")]
)
def test_two_cut_points_make_a_word_of_the_odds(odds: float, expected: str) -> None:
    assert grader(unmeasured=odds).confidence(SAID, CLAIM) == expected


@pytest.mark.parametrize(("odds", "least", "is_row"), [(-0.1, 0.0, False), (0.0, 0.0, True), (-9.0, -math.inf, True)])
def test_what_is_more_likely_wrong_than_the_least_is_no_row(odds: float, least: float, is_row: bool) -> None:
    model = Model({"bias": odds}, likely=0.0, sure=1.0, least=least)
    assert Grader({"outer": model}).is_credible(SAID, MEASURED.attribution, "outer") is is_row


def test_the_length_of_a_part_counts_for_what_is_a_row() -> None:
    model = Model({"content length": 1.0}, likely=0.0, sure=1.0, least=1.5)
    long, short = MEASURED.attribution, replace(MEASURED.attribution, content=(Span(34, 37),))
    assert [Grader({"nested": model}).is_credible(SAID, one, "nested") for one in (long, short)] == [True, False]


def test_what_a_person_decided_is_sure() -> None:
    assert grader(unmeasured=-9.0).confidence(SAID, replace(CLAIM, is_decided=True)) == "sure"


def test_a_no_comment_claim_is_likely_unless_a_person_decided_it() -> None:
    silent = replace(CLAIM, kind="no-comment")
    assert grader(unmeasured=-9.0).confidence(SAID, silent) == "likely"
    assert grader(unmeasured=-9.0).confidence(SAID, replace(silent, is_decided=True)) == "sure"


@pytest.mark.parametrize(
    ("claim", "model"),
    [(CLAIM, "unmeasured"), (MEASURED, "outer"), (replace(MEASURED, nested_in=0), "nested")],
)
def test_each_kind_of_claim_has_a_model(claim: Claim, model: str) -> None:
    assert grader(**dict.fromkeys(MODELS, -1.0) | {model: 3.0}).log_odds(SAID, claim) == 3.0


def test_the_shipped_models_weigh_what_is_known() -> None:
    known = {"outer": MEASURED, "nested": MEASURED, "unmeasured": CLAIM}
    for name, claim in known.items():
        weights = Grader.load().models[name].weights
        assert set(MEASURES) <= set(weights) if claim is MEASURED else not set(MEASURES) & set(weights)
        assert set(confidence.features(SAID, claim)) & set(weights) > {"bias"}


def test_a_graded_claim_keeps_no_measures() -> None:
    (found,) = extracting.extract(text_of(SAID), models()).claims
    assert found.confidence == "sure"
    assert found.attribution.measured == ()


NOISE = 1e-4
"""Far more than processors differ in the sums of the reader."""


@dataclass(frozen=True)
class Margins(Grader):
    """The shipped grader, which notes how far the odds of each claim are from the nearest cut point."""

    seen: list[float] = field(default_factory=list)

    def confidence(self, text: str, claim: Claim) -> Confidence:
        """Return the confidence, and note the margin."""
        odds = self.log_odds(text, claim)
        if claim.kind != "no-comment":
            model = self.models[confidence.model_of(claim)]
            self.seen.append(min(abs(odds - model.likely), abs(odds - model.sure)))
        return super().confidence(text, claim)


def test_noise_changes_no_row_of_the_five_articles(root: Path) -> None:
    shipped = Grader.load()
    margins = Margins(shipped.models)
    for path in sorted((root / "seeds").glob("*.txt")):
        found = normalise(Raw(f"seeds/{path.name}", path.read_bytes(), "0" * 64, "text/plain"), limits=Limits())
        assert isinstance(found, Text)
        extracting.extract(found, replace(models(), grader=margins))
    assert len(margins.seen) > 50
    assert min(margins.seen) > NOISE * sum(map(abs, shipped.models["outer"].weights.values()))


@pytest.mark.parametrize("data", ["", "{}", "[]", '{"outer": {"likely": 0, "sure": 1}}'])
def test_models_of_another_form_are_refused(data: str, tmp_path: Path) -> None:
    (tmp_path / "confidence.json").write_text(data, encoding="utf-8")
    _write_card(tmp_path)
    with pytest.raises(ModelError, match="expected weights, likely and sure"):
        Grader.load(tmp_path)


def test_models_of_another_digest_are_refused(tmp_path: Path) -> None:
    (tmp_path / "confidence.json").write_bytes((WEIGHTS / "confidence.json").read_bytes())
    _write_card(tmp_path)
    assert Grader.load(tmp_path) == Grader.load()
    (tmp_path / "confidence.json").write_bytes((WEIGHTS / "confidence.json").read_bytes() + b"\n")
    with pytest.raises(ModelError, match="sha256"):
        Grader.load(tmp_path)


def _write_card(folder: Path) -> None:
    import hashlib

    digest = hashlib.sha256((folder / "confidence.json").read_bytes()).hexdigest()
    (folder / "card.json").write_text(json.dumps({"files": {"confidence.json": digest}}), encoding="utf-8")


# --- mentions ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """A mention of a thing of type `kind` in the corpus: how it is linked, and what its article shows."""

    linked_by: LinkedBy = "exact"
    kind: EntityType = "PERSON"
    votes: tuple[tuple[EntityType, int], ...] = (("PERSON", 3),)
    times: int = 3
    words: str = "Tomas Reyes"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (Named(), "sure"),
        (Named(times=1), "sure"),
        (Named("partial", words="Reyes", times=1), "sure"),
        (Named("frequency", words="Reyes"), "likely"),
        (Named("spelling", words="Ryes"), "doubtful"),
        (Named("correction", votes=(("ORG", 3),)), "sure"),
        (Named(votes=(("ORG", 1), ("PERSON", 4))), "likely"),
        (Named(votes=(("ORG", 2), ("PERSON", 3))), "doubtful"),
        (Named(votes=(("ORG", 3),)), "doubtful"),
        (Named(times=1, words="Reyes"), "doubtful"),
        (Named(times=2, words="Reyes"), "likely"),
        (Named(kind="ORG", votes=(("ORG", 1),), times=1, words="Harbour Board"), "likely"),
        (Named(kind="ORG", votes=(("ORG", 1),), times=1, words="HARBOUR BOARD"), "doubtful"),
        (Named(kind="GPE", votes=(("GPE", 1),), times=1, words="Kestrel"), "likely"),
    ],
)
def test_a_mention_is_trusted_by_its_link_its_words_and_its_article(named: Named, expected: str) -> None:
    whole = extraction()
    cluster = replace(whole.clusters[0], votes=named.votes, forms=((named.words, named.times),))
    mention = Mention(0, len(named.words), 0, named.linked_by)
    found = replace(whole, clusters=(cluster,), mentions=(mention,), claims=())
    known = Resolution((Entity("x.x", named.words, named.kind),), {("ferry", 0): ("x.x", None)})
    words = replace(text(), text=named.words, paragraphs=(Paragraph(0, len(named.words), "body"),), title=None)
    rows = tables.tabulate([(words, found)], known, load_schemas())["mentions"]
    assert rows["confidence"].to_list() == [expected]
