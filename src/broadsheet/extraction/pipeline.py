"""The extraction from one article: its words are read by the models, and what they find is interpreted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from broadsheet.extraction.claims import assemble, rule_reader
from broadsheet.extraction.claims.confidence import Grader
from broadsheet.extraction.claims.second_pass import TwoPassReader
from broadsheet.extraction.invisible import visible
from broadsheet.extraction.linking.within_document import gather
from broadsheet.extraction.names import casing, recognize, spacy_model
from broadsheet.extraction.overrides import mentions as mention_overrides
from broadsheet.extraction.settings import Provenance, Settings, pipeline_of, provenance
from broadsheet.model import Attribution, Cluster, Decision, Extraction, Mention, Reading, Text

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = [
    "Grader",
    "Models",
    "attributed",
    "claim_reader",
    "extract",
    "find_names",
    "interpret",
    "is_read",
    "read",
]

_ENGLISH: Final = frozenset({"en", "und"})


@dataclass(frozen=True, slots=True)
class Models:
    """The loaded models: the spaCy pipeline for names, the reader of claims, which they are, and what grades claims."""

    nlp: Language
    read: Callable[[Text], tuple[Attribution, ...]]
    provenance: Provenance
    grader: Grader = field(default_factory=Grader.load)

    @classmethod
    def load(cls, settings: Settings | None = None) -> Models:
        """Load the models of the settings and check them against their pins.

        Raises:
            ModelError: a model is missing or is not the pinned one. No other model is taken in its place.
        """
        chosen = settings or Settings()
        by_rules = chosen.claims == "rules"
        nlp = spacy_model.load(pipeline_of(chosen), parser=by_rules)
        read = partial(rule_reader.read, nlp=nlp) if by_rules else claim_reader(fast=chosen.fast)
        return cls(nlp, read, provenance(chosen))


def claim_reader(*, fast: bool = False) -> Callable[[Text], tuple[Attribution, ...]]:
    """Return the trained reader of claims, which finds who says what without knowing names. Raises ModelError."""
    reader = TwoPassReader.load(fast=fast)
    return lambda text: reader.read(text.text, assemble.blocks(text), assemble.titles(text))


def extract(text: Text, models: Models, decisions: Sequence[Decision] = ()) -> Extraction:
    """Return the names, mentions and claims of one article.

    Only English is read: an article in another language has only the rows that people decided (its text has the finding
    that says so). `decisions` are the article's own, numbered and anchored; decisions about entities are applied over
    all articles, by `resolve`.
    """
    return interpret(text, read(text, models) if is_read(text) else Reading(), models.grader, decisions)


def attributed(text: Text, reader: Callable[[Text], tuple[Attribution, ...]]) -> Extraction:
    """Return the claims of an article as a reader of claims finds them, without names, hence without their parties."""
    seen = visible(text)
    return interpret(text, Reading((), (), tuple(map(seen.attribution, reader(seen.text)))), Grader.load())


def is_read(text: Text) -> bool:
    """Return whether the models read an article: only English is."""
    return text.language.partition("-")[0] in _ENGLISH


def read(text: Text, models: Models) -> Reading:
    """Return what the models find in an article.

    It depends on the words and paragraphs of the article alone, not on its metadata and not on decisions.
    """
    seen = visible(text)
    clusters, named = find_names(seen.text, models.nlp)
    return Reading(clusters, tuple(map(seen.mention, named)), tuple(map(seen.attribution, models.read(seen.text))))


def interpret(text: Text, reading: Reading, grader: Grader, decisions: Sequence[Decision] = ()) -> Extraction:
    """Return the names, mentions and claims of one article from what the models found and what people decided."""
    clusters, mentions, refused = mention_overrides.decide(text, reading.clusters, reading.mentions, decisions)
    clusters = (*clusters, *mention_overrides.references(decisions))
    claims, findings = assemble.interpret(text, reading.attributions, clusters, mentions, decisions)
    graded = grader.graded(text.text, claims)
    return Extraction(text.document_id, clusters, mentions, graded, (*refused, *findings))


def find_names(text: Text, nlp: Language) -> tuple[tuple[Cluster, ...], tuple[Mention, ...]]:
    """Return the things an article names and every place where it names them, in order, without overlaps.

    The forms of an article written in capitals are in ordinary case.
    """
    text = casing.in_ordinary_case(text, nlp)
    marks, acronyms = recognize.find(text, nlp)
    return gather(text.text, marks, acronyms)
