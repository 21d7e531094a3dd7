"""The rows that an audit counts: one statement a row, with what is known of its source."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from broadsheet.model import Confidence, SourceKind

__all__ = ["MILLION", "WRONG", "main_paragraphs", "sources", "statements"]

_MAIN_ROLES: Final = ("body", "subheading")
"""The roles of the main text of an article."""
_AT_LEAST: Final[Mapping[Confidence, tuple[Confidence, ...]]] = MappingProxyType(
    {"sure": ("sure",), "likely": ("sure", "likely"), "doubtful": ("sure", "likely", "doubtful")}
)
WRONG: Final[Mapping[Confidence, int]] = MappingProxyType({"sure": 8, "likely": 28, "doubtful": 45})
"""How many of 100 claims have a wrong source, cue or content, by confidence (docs/confidence.md, sceptical reading)."""
MILLION: Final = 1_000_000
_CLASSES: Final[Mapping[SourceKind, str]] = MappingProxyType(
    {
        "person": "people",
        "official": "people",
        "unnamed": "people",
        "organisation": "bodies",
        "government": "bodies",
        "document": "documents",
        "none": "none",
    }
)
_PRONOUNS: Final = (
    *("i", "me", "my", "we", "us", "you", "he", "him", "his", "she", "her", "it", "its", "they", "them", "their"),
    *("who", "whom", "whose", "which", "that", "this", "these", "those"),
)
"""A source of one of these words that has no entity and the kind `unnamed`: the rules did not find whom it means."""
_WORD: Final = r"\S*[\p{L}\p{N}]\S*"


def main_paragraphs(paragraphs: pl.LazyFrame) -> pl.LazyFrame:
    """Return the paragraphs of the main text, in the order of their articles."""
    return paragraphs.filter(pl.col("role").is_in(_MAIN_ROLES), pl.col("duplicate_of").is_null())


def _places(paragraphs: pl.LazyFrame, articles: pl.LazyFrame) -> pl.LazyFrame:
    """Return where each paragraph is: the number of its article, and the code points of its main text, and before."""
    size = pl.col("end") - pl.col("start")
    main = main_paragraphs(paragraphs).join(articles, on="document_id", maintain_order="left")
    return main.select(
        "paragraph_id",
        "article",
        paragraph_start=pl.col("start"),
        before=(size.cum_sum() - size).over("article"),
        main_size=size.sum().over("article"),
    )


def statements(
    claims: pl.LazyFrame, paragraphs: pl.LazyFrame, articles: pl.LazyFrame, least: Confidence
) -> pl.LazyFrame:
    """Return the statements of the main text, in the order of the articles, with what `measures` count.

    `articles` gives each document_id its number, `article`. A claim inside another claim is left out, as is one of a
    repeated paragraph or of a confidence below `least`.
    """
    kept = claims.filter(
        pl.col("nested_in").is_null(), pl.col("duplicate_of").is_null(), pl.col("confidence").is_in(_AT_LEAST[least])
    )
    placed = kept.join(_places(paragraphs, articles), on="paragraph_id", maintain_order="left")
    is_official = pl.col("source_kind").is_in(["official", "government"])
    return placed.select(
        "claim_id",
        "article",
        "kind",
        "quote",
        "stance",
        "source_kind",
        "source_entity_id",
        "source_affiliation_id",
        "reported_via_id",
        source=_source(),
        naming=_naming(),
        source_class=_source_class(),
        official=pl.when(is_official).then(pl.lit("official")).otherwise(pl.lit("other")),
        words=_words(),
        position=_position(),
        wrong=pl.col("confidence").replace_strict(WRONG, return_dtype=pl.Int64),
    )


def _source() -> pl.Expr:
    """Return what one source of an article is known by: its entity, else whose it is and its kind, else its words.

    Null where there is no source, and where it is a pronoun without an entity.
    """
    whose = pl.concat_str("source_kind", pl.lit(" of "), "source_affiliation_id")
    words = pl.concat_str("source_kind", pl.lit(": "), pl.col("source_text").str.to_lowercase())
    return pl.coalesce("source_entity_id", whose, pl.when(~_is_pronoun()).then(words))


def _is_pronoun() -> pl.Expr:
    """Return whether a source is a pronoun without an entity or an affiliation."""
    is_unknown = pl.col("source_entity_id").is_null() & pl.col("source_affiliation_id").is_null()
    return is_unknown & pl.col("source_text").str.to_lowercase().is_in(_PRONOUNS)


def _is_unresolved() -> pl.Expr:
    """Return whether a source is a pronoun of which not even the kind is known: "they" may be two named people."""
    return _is_pronoun() & (pl.col("source_kind") == "unnamed")


def _source_class() -> pl.Expr:
    return (
        pl.when(_is_unresolved()).then(pl.lit("unresolved")).otherwise(pl.col("source_kind").replace_strict(_CLASSES))
    )


def _naming() -> pl.Expr:
    """Return how far a source is named. A source of several named people has the kind `person` and no entity."""
    is_named = pl.col("source_entity_id").is_not_null() | (pl.col("source_kind") == "person")
    return (
        pl.when(is_named)
        .then(pl.lit("named"))
        .when(pl.col("source_affiliation_id").is_not_null())
        .then(pl.lit("affiliated"))
        .when(pl.col("source_kind") == "none")
        .then(pl.lit("none"))
        .when(_is_unresolved())
        .then(pl.lit("unresolved"))
        .otherwise(pl.lit("unnamed"))
    )


def _words() -> pl.Expr:
    """Return the words of the content: what has a letter or a digit between white space. No comment has none."""
    count = pl.col("content_text").str.count_matches(_WORD).fill_null(0)
    return pl.when(pl.col("kind") == "no-comment").then(0).otherwise(count).cast(pl.Int64)


def _position() -> pl.Expr:
    """Return how much of the main text, in code points, is before the claim: millionths, so that sums are exact."""
    inside = (pl.col("start") - pl.col("paragraph_start")).clip(0, None)
    return (pl.col("before") + inside) * MILLION // pl.col("main_size")


def sources(found: pl.DataFrame) -> pl.DataFrame:
    """Return one row a source of an article, with what its first statement shows.

    `wrong`, of 100, is that of its most trusted statement; `position` is that of its first.
    """
    is_given = found.filter(pl.col("source").is_not_null())
    rest = pl.exclude("article", "source", "wrong").first()
    return is_given.group_by("article", "source", maintain_order=True).agg(rest, pl.col("wrong").min())
