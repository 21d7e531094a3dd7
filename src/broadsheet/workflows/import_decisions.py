"""What an import decides from: present articles, annotations as rows have them, and the proposals that follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import polars as pl

from broadsheet import corrections
from broadsheet.exchange import Dataset, MarkedArticle, MarkedClaim, MarkedMention, Refusal, marked_articles
from broadsheet.exchange.articles import STANCES, in_order
from broadsheet.exchange.differences import without_overlaps
from broadsheet.extraction.span_sets import clip, cut_word, trim
from broadsheet.findings.decided import shown
from broadsheet.model import ArticleDecision, Attribution, EntityDecision, Paragraph, Span, Text
from broadsheet.packages import load
from broadsheet.project import Project
from broadsheet.workflows.export import exchanged

__all__ = ["Article", "Proposal", "Row", "cut", "normal", "present_articles", "unless_decided"]

_KEYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "mentions": ("document_id", "quoted", "occurrence"),
        "claims": ("document_id", "quoted", "occurrence", "of_cue"),
        "entities": ("action", "entity"),
    }
)  # the cells that say what a row is about

Row = tuple[str, dict[str, str]]
"""A row of `corrections/`: the file without its ending, and the cells without who signs them."""


@dataclass(frozen=True, slots=True)
class Article:
    """A present article: its annotations, its paragraphs, and the decisions about it and about entities."""

    marked: MarkedArticle
    dataset: Dataset
    paragraphs: Sequence[tuple[int, int]]
    decisions: Sequence[ArticleDecision] = ()
    about_entities: Sequence[EntityDecision] = ()

    @property
    def text(self) -> str:
        """Return the canonical text; the empty string where it is withheld."""
        return self.marked.text or ""

    def as_text(self) -> Text:
        """Return the article as the stage of extraction takes it."""
        names = ("source_path", "source_sha256", "source_bytes", "media_type", "encoding", "language")
        about = {name: self.marked.row[name] for name in names}
        paragraphs = tuple(Paragraph(start, end, "body") for start, end in self.paragraphs)
        return Text(document_id=self.marked.document_id, text=self.text, paragraphs=paragraphs, **about)

    def placed(self) -> tuple[ArticleDecision, ...]:
        """Return the decisions about the article with the places of their words."""
        return corrections.anchor(self.decisions, self.text)[0]


def present_articles(project: Project, wanted: set[str]) -> dict[str, Article]:
    """Return the articles of the package that are wanted, by id, with the decisions about them.

    Raises PackageError without a package.
    """
    tables = load(project.build)
    frames = exchanged(tables)
    dataset = Dataset.of(tables.descriptor, frames)
    decisions = corrections.parse(corrections.read_files(project.corrections), project.schema_files).decisions
    own = corrections.own(decisions)
    whole = corrections.corpus_wide(decisions)
    blocks: dict[str, list[tuple[int, int]]] = {document: [] for document in wanted}
    is_wanted = pl.col("document_id").is_in(sorted(wanted))
    paragraphs = tables.paragraphs.filter(is_wanted).select("document_id", "start", "end").collect()
    for document, start, end in paragraphs.iter_rows():
        blocks[document].append((start, end))
    return {
        one.document_id: Article(one, dataset, blocks[one.document_id], own.get(one.document_id, ()), whole)
        for one in marked_articles(frames, dataset, wanted)
    }


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change as rows to write; `is_known` where the decisions that are there say the same already.

    `retypes` is the entity whose mention gets another type, and that type: all such mentions together may be one
    decision about the entity.
    """

    sentence: str
    rows: tuple[Row, ...]
    place: str = ""
    is_known: bool = False
    retypes: tuple[str, str] | None = None

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """Return what the rows are about: two rows of one file with the same key contradict each other."""
        return [(file, *(cells.get(column, "") for column in _KEYS[file])) for file, cells in self.rows]


def unless_decided(proposal: Proposal, rivals: Sequence[ArticleDecision], columns: Sequence[str]) -> Proposal | Refusal:
    """Return a proposal, or a refusal where one of the decisions about the same words says something else."""
    if not rivals:
        return proposal
    there = [[getattr(one, column) or "" for column in columns] for one in rivals]
    if all([cells.get(column, "") for column in columns] in there for _, cells in proposal.rows):
        return replace(proposal, is_known=True)
    rival = rivals[0]
    problem = f"{proposal.sentence}: {rival.path}:{rival.line} decides about the same words"
    return Refusal(proposal.place, problem, "edit or delete that row")


# --- annotations as the package has them ------------------------------------------------------------------------------


def normal(marked: MarkedArticle, present: Article) -> tuple[MarkedArticle, list[Refusal]]:
    """Return an article with its spans as the package has them: cut at paragraphs, without white space at their ends.

    An annotation that cannot be a row so is a refusal.
    """
    refusals: list[Refusal] = []
    mentions = [one for mention in marked.mentions for one in _normal_mention(mention, present, refusals)]
    kept, overlapping = without_overlaps(mentions)
    refusals += [Refusal(one.place, "it overlaps another mention", "keep one of the two") for one in overlapping]
    claims = [one for claim in marked.claims for one in _normal_claim(claim, present, refusals)]
    return replace(marked, mentions=tuple(kept), claims=in_order(claims)), refusals


def _normal_mention(one: MarkedMention, present: Article, refusals: list[Refusal]) -> Iterator[MarkedMention]:
    spans = cut(present, (one.span,))
    if len(spans) == 1:
        yield replace(one, span=spans[0])
        return
    problem = "crosses the end of a paragraph" if spans else "is not in a paragraph of the text"
    words = shown(one.span.slice(present.text))
    refusals.append(Refusal(one.place, f"the mention {words} {problem}", "mark a name in one paragraph"))


def _normal_claim(one: MarkedClaim, present: Article, refusals: list[Refusal]) -> Iterator[MarkedClaim]:
    parts = Attribution(*(cut(present, spans) for _, spans in one.attribution.parts))
    if one.stance not in {None, *STANCES}:
        problem = f"the stance {shown(str(one.stance))} is not known"
        refusals.append(Refusal(one.place, problem, f"use one of {', '.join(STANCES)}"))
    elif not parts.content and (one.kind != "no-comment" or not parts.cue):
        problem = f"the {one.kind} claim has no content in the text"
        refusals.append(Refusal(one.place, problem, "mark what is said; only a no-comment claim may be a cue alone"))
    elif torn := _torn(parts, present):
        problem = f"{shown(torn[0].slice(present.text))} has only a part of the word {shown(torn[1])}"
        refusals.append(Refusal(one.place, problem, "mark the whole word"))
    else:
        yield replace(one, attribution=parts)


def _torn(parts: Attribution, present: Article) -> tuple[Span, str] | None:
    """Return the first span that has only a part of a word, and the word; spans that the package has are left."""
    known = {span for claim in present.marked.claims for span in claim.attribution.spans}
    torn = ((span, cut_word(present.text, span)) for span in parts.spans if span not in known)
    return next((one for one in torn if one[1]), None)


def cut(present: Article, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans cut at the ends of paragraphs, without white space at their ends."""
    pieces = (trim(present.text, piece) for piece in clip(spans, present.paragraphs))
    return tuple(piece for piece in pieces if piece.start < piece.end)
