"""Rules of one table each, listed by name in its schema: `"broadsheet": {"rules": ["names-differ", …]}`.

A rule is a function that is given a bucket of its table and yields what is wrong as expressions over its columns, and
over those that the comparison with texts and spans has added. It is registered with the columns that it reads.
Its page is `findings/BSnnn.md`, and its case is in `tests/corruptions.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from broadsheet.checks.claim_entities import CLAIM, ENTITY, LISTED, NAMED, SPAN
from broadsheet.checks.claim_links import OTHER_WORDS, WORDS
from broadsheet.checks.claim_parts import (
    FIRST_HOME,
    HOME_END,
    HOME_FIRST,
    HOME_START,
    HOME_TEXT,
    NAMED_PARTIES,
    OUTER_END,
    OUTER_START,
    SOURCE_TYPE,
    mentioned,
)
from broadsheet.checks.neighbours import LEFT, NAME, RIGHT
from broadsheet.checks.quotation_marks import PAIR, WHOLE, is_balanced, is_mostly_outside, is_open, is_unmarked
from broadsheet.checks.row_groups import TableBucket
from broadsheet.checks.rules import Rule
from broadsheet.checks.spans import AFTER, BEFORE, COUNTED, COVER, PROVEN, TEXT
from broadsheet.model import CLAIM_PARTS, SOURCE_KINDS

__all__ = ["RULES", "NamedRule", "named_rules"]

LETTER: Final = r"[\pL\pN]"
POSSESSIVE: Final = r"['’]s?$"
TITLE: Final = r"^(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Sen|Rep|Gov|Lt|Capt|Sgt)\b\.?\s"
WORD: Final = r"\S+"  # in polars, \S is what does not have the Unicode property White_Space

Make = Callable[[TableBucket], Iterator[Rule]]


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule: the columns of its table that it reads, and the function that makes it for a bucket."""

    columns: tuple[str, ...]
    make: Make


RULES: Final[dict[str, NamedRule]] = {}


def rule(name: str, *columns: str) -> Callable[[Make], Make]:
    """Register a function as the rule of that name, which reads these columns of its table."""

    def register(make: Make) -> Make:
        RULES[name] = NamedRule(columns, make)
        return make

    return register


def named_rules(rows: TableBucket) -> list[Rule]:
    """Return the rules that the schema of a table lists, for a bucket of it."""
    return [one for name in rows.block.rules for one in RULES[name].make(rows)]


@rule(TEXT, "text", "text_status")
def text_unless_withheld(rows: TableBucket) -> Iterator[Rule]:
    """The text is null exactly where it is withheld."""
    wrong = pl.col("text").is_null() != (pl.col("text_status") == "withheld")
    expected = "a text where the status is present, null where it is withheld"
    yield Rule("BS442", rows.name, "text", wrong, expected, pl.col("text_status"))


@rule("names-differ", "name", "type")
def names_differ(rows: TableBucket) -> Iterator[Rule]:
    """No two entities of a type have one name after normal form C, lower case and single spaces."""
    folded = pl.col("name").str.normalize("NFC").str.to_lowercase().str.replace_all(r"\s+", " ")
    twice = pl.struct(folded, "type").is_duplicated() & pl.col("name").is_not_null()
    repair = "join them with a row in corrections/entities.csv"
    yield Rule("BS455", rows.name, "name", twice, "a name that differs in more than its form", None, repair)


@rule("words-are-counted", "word_count", "text")
def words_are_counted(rows: TableBucket) -> Iterator[Rule]:
    """The word count is that of the text; most are counted already where the text was compared with its article."""
    count = pl.col("word_count")
    wrong = count != pl.col("text").str.count_matches(WORD)
    sieve = ~pl.col(PROVEN) | (count != pl.col(COUNTED)) if COUNTED in rows.frame.columns else None
    yield Rule("BS436", rows.name, "word_count", wrong, "the number of words of text", sieve=sieve)


@rule(COVER, "document_id", "start", "end")
def paragraphs_cover_the_text(rows: TableBucket) -> Iterator[Rule]:
    """Paragraphs do not overlap, and nothing but white space is outside of them."""
    if BEFORE not in rows.frame.columns:
        return
    start, same = pl.col("start"), pl.col("document_id") == pl.col("document_id").shift(1)
    place = pl.format("[{}, {})", start, "end")
    overlap = same & (start < pl.col("end").shift(1))
    yield Rule("BS431", rows.name, "start", overlap, "no overlap with the paragraph before", place)
    for column, words in ((BEFORE, "before it"), (AFTER, "after it")):
        left = pl.col(column).str.strip_chars()
        yield Rule("BS431", rows.name, "start", left != "", f"only white space {words}", left)


@rule("extent-of-its-spans", "claim_id", "start", "end")
def extent_of_its_spans(rows: TableBucket) -> Iterator[Rule]:
    """A claim reaches from the first start to the last end of its spans."""
    if "_first" in rows.frame.columns:
        start, end, first, last = (pl.col(name) for name in ("start", "end", "_first", "_last"))
        wrong = (first.is_null() & pl.col("claim_id").is_not_null()) | (start != first) | (end != last)
        bounds = (bound.cast(pl.String).fill_null("none") for bound in (first, last))
        place = pl.format("[{}, {}) with spans in [{}, {})", start, end, *bounds)
        yield Rule("BS434", rows.name, "start", wrong, "the extent of its spans", place)


@rule("texts-of-its-spans", *(f"{part}_text" for part in CLAIM_PARTS))
def texts_of_its_spans(rows: TableBucket) -> Iterator[Rule]:
    """The text of each part of a claim is that of its spans."""
    for part in CLAIM_PARTS if "_first" in rows.frame.columns else ():
        differs = pl.col(f"{part}_text").eq_missing(pl.col(f"_{part}_text")).not_()
        wrong = differs & pl.col("_first").is_not_null()
        yield Rule("BS438", rows.name, f"{part}_text", wrong, "the texts of its spans, joined")


@rule("paragraph-of-its-first-part", "paragraph_id")
def paragraph_of_its_first_part(rows: TableBucket) -> Iterator[Rule]:
    """A claim names the paragraph in which its content begins, else its cue, else its source."""
    if {"_begins", HOME_START} <= {*rows.frame.columns}:
        place = pl.col("_begins")
        outside = (place < pl.col(HOME_START)) | (place >= pl.col(HOME_END))
        expected = "the row of paragraphs in which its first content begins"
        yield Rule("BS433", rows.name, "paragraph_id", outside, expected)


@rule("source-kind-fits", "source_kind", "source_text", "source_entity_id", "source_affiliation_id")
def source_kind_fits(rows: TableBucket) -> Iterator[Rule]:
    """The kind of a source is none where there is none, and fits the type of its entity and its affiliation."""
    kind, entity = pl.col("source_kind"), pl.col("source_entity_id")
    without = (kind == "none") != pl.col("source_text").is_null()
    yield Rule("BS446", rows.name, "source_kind", without, "none exactly where source_text is null")
    official = (kind == "official") & (pl.col("source_affiliation_id").is_null() | entity.is_not_null())
    yield Rule("BS446", rows.name, "source_kind", official, "an official has an affiliation and is not an entity")
    if SOURCE_TYPE in rows.frame.columns:
        fitting = pl.col(SOURCE_TYPE).replace_strict(dict(SOURCE_KINDS), default=None)
        differs = kind.is_in(["document", "none"]).not_() & (kind != fitting)
        place = pl.format("{} for an entity of type {}", kind, SOURCE_TYPE)
        yield Rule("BS446", rows.name, "source_kind", differs, "the kind that fits the type of the entity", place)


@rule("mention-in-its-part", "claim_id", "part", "mention_id", "entity_id")
def mention_in_its_part(rows: TableBucket) -> Iterator[Rule]:
    """The mention is inside a span of that part of the claim, and the entity is the one that it names."""
    if {SPAN, ENTITY} <= {*rows.frame.columns}:
        outside = pl.col(SPAN).is_null() & pl.all_horizontal(pl.col(ENTITY, CLAIM, "part").is_not_null())
        yield Rule("BS444", rows.name, "mention_id", outside, "a mention inside a span of this part of the claim")
        yield Rule("BS444", rows.name, "entity_id", pl.col("entity_id") != pl.col(ENTITY), "the entity of the mention")


@rule("mentions-in-it-are-listed", "claim_id", "part", "start", "end")
def mentions_in_it_are_listed(rows: TableBucket) -> Iterator[Rule]:
    """Every mention inside a span of a claim has a row in claim_entities."""
    if NAMED in rows.frame.columns:
        place = pl.format("[{}, {}) with {} rows for {} mentions", "start", "end", LISTED, NAMED)
        fewer = (pl.col(LISTED) < pl.col(NAMED)) & pl.col(CLAIM).is_not_null()
        yield Rule("BS445", rows.name, "start", fewer, "a row in claim_entities for every mention inside", place)


@rule("link-is-of-its-claims", "link_id", "claim_id", "other_claim_id")
def link_is_of_its_claims(rows: TableBucket) -> Iterator[Rule]:
    """The id of a link is that of its two claims, and the claim whose id is first in order comes first."""
    named = pl.col("link_id") == pl.format("{}={}", "claim_id", "other_claim_id")
    yield Rule("BS470", rows.name, "link_id", named.not_(), "the ids of the two claims with = between them")
    yield Rule("BS470", rows.name, "other_claim_id", pl.col("claim_id") >= pl.col("other_claim_id"), "a later claim")


@rule("linked-claims-have-the-same-words", "claim_id", "other_claim_id", "method")
def linked_claims_have_the_same_words(rows: TableBucket) -> Iterator[Rule]:
    """The words of one claim are all words of the other; of equal contents, both ways."""
    if OTHER_WORDS in rows.frame.columns:
        words, others = pl.col(WORDS), pl.col(OTHER_WORDS)
        more, fewer = (one.list.set_difference(two).list.len() > 0 for one, two in ((words, others), (others, words)))
        is_equal = pl.col("method").str.starts_with("equal")
        differs = pl.when(is_equal).then(_adds_more_than_that(words, others)).otherwise(more & fewer)
        yield Rule("BS471", rows.name, "other_claim_id", differs, "a claim with the same words")


def _adds_more_than_that(words: pl.Expr, others: pl.Expr) -> pl.Expr:
    """Tell whether two contents differ in more than an opening "that"."""
    opening = pl.lit(["that"])
    return words.list.set_symmetric_difference(others).list.set_difference(opening).list.len() > 0


@rule("whole-words", "text")
def whole_words(rows: TableBucket) -> Iterator[Rule]:
    """A mention begins and ends with a character that is not white space, and not inside a word."""
    if LEFT in rows.frame.columns:
        text = pl.col("text")
        cut_left = pl.col(LEFT).str.contains(LETTER) & text.str.contains(f"^{LETTER}")
        cut_right = pl.col(RIGHT).str.contains(LETTER) & text.str.contains(f"{LETTER}$")
        place = pl.format("{} in {}{}{}", text, LEFT, text, RIGHT)
        yield Rule("BS458", rows.name, "text", cut_left | cut_right, "whole words", place)
        yield Rule("BS458", rows.name, "text", text != text.str.strip_chars(), "no white space at its ends")


@rule("parties-are-in-the-article", "source_text", "source_entity_id", "reported_via_id")
def parties_are_in_the_article(rows: TableBucket) -> Iterator[Rule]:
    """The source and the entity that was told are mentioned in the article, and a source has words."""
    for column in NAMED_PARTIES:
        if mentioned(column) in rows.frame.columns:
            wrong = pl.col(mentioned(column)).not_()
            yield Rule("BS459", rows.name, column, wrong, "an entity that the article mentions")
    wordless = pl.col("source_entity_id").is_not_null() & pl.col("source_text").is_null()
    yield Rule("BS459", rows.name, "source_entity_id", wordless, "null where source_text is null")


@rule("stretches-are-apart", "claim_id", "part", "ordinal", "start", "end")
def stretches_are_apart(rows: TableBucket) -> Iterator[Rule]:
    """Two stretches of one part of a claim do not overlap."""
    key = ["claim_id", "part"]
    places = rows.frame.select("start", "end", "ordinal", *key).with_row_index("_row")
    several = places.join(places.filter(pl.col("ordinal") > 0), on=key, how="semi").sort(*key, "start")
    overlap = pl.col("start") < pl.col("end").shift(1).over(key)
    wrong = several.filter(overlap)["_row"].to_list()
    if wrong:
        bad = pl.int_range(pl.len()).is_in(wrong)
        yield Rule("BS460", rows.name, "start", bad, "no overlap with another stretch of the same part")


@rule("nested-in-the-content", "claim_id", "start", "end", "nested_in")
def nested_in_the_content(rows: TableBucket) -> Iterator[Rule]:
    """A nested claim is inside the content of another claim."""
    itself = pl.col("nested_in") == pl.col("claim_id")
    yield Rule("BS461", rows.name, "nested_in", itself, "another claim")
    if OUTER_START in rows.frame.columns:
        outside = (pl.col("start") < pl.col(OUTER_START)) | (pl.col("end") > pl.col(OUTER_END))
        place = pl.format("{} for [{}, {})", "nested_in", "start", "end")
        yield Rule("BS461", rows.name, "nested_in", outside, "a claim whose content contains this claim", place)


@rule("quote-fits-the-marks", "quote", "content_text", "nested_in")
def quote_fits_the_marks(rows: TableBucket) -> Iterator[Rule]:
    """A direct content is in quotation marks, an indirect one has none, and a mixed one has some."""
    quote, content = pl.col("quote"), pl.col("content_text")
    marked = content.str.contains('["“«]')
    whole, pair = (content.str.contains(form) & is_balanced(content) for form in (WHOLE, PAIR))
    some, other = (quote == "indirect") & marked, quote.is_in(["indirect", "mixed"]) & marked
    yield Rule("BS463", rows.name, "quote", some & pair, "mixed or direct: words are in quotation marks", sieve=some)
    yield Rule("BS463", rows.name, "quote", other & whole, "direct: all is in quotation marks", sieve=other)
    if HOME_TEXT in rows.frame.columns:
        home = pl.col(HOME_TEXT)
        begin = (pl.col("_content_start") - pl.col(HOME_START)).clip(0)
        before, after = home.str.slice(0, begin), home.str.slice(begin + content.str.len_chars())
        bare = is_unmarked(content, before, after) & is_balanced(home) & pl.col("nested_in").is_null()
        partly = is_mostly_outside(content) & is_balanced(home) & ~is_open(before)
        quoted, direct = quote.is_in(["direct", "mixed"]), quote == "direct"
        yield Rule("BS463", rows.name, "quote", quoted & bare, "indirect: no quotation mark is near", sieve=quoted)
        yield Rule("BS463", rows.name, "quote", direct & partly, "mixed: most is outside the marks", sieve=direct)


@rule("repeats-in-a-repeat", "duplicate_of", "paragraph_id")
def repeats_in_a_repeat(rows: TableBucket) -> Iterator[Rule]:
    """A claim that repeats another is in a paragraph that repeats the other's paragraph."""
    if FIRST_HOME in rows.frame.columns:
        apart = pl.col("duplicate_of").is_not_null() & pl.col(HOME_FIRST).eq_missing(pl.col(FIRST_HOME)).not_()
        expected = "a claim of the paragraph that its own paragraph repeats"
        yield Rule("BS464", rows.name, "duplicate_of", apart & pl.col(FIRST_HOME).is_not_null(), expected)


@rule("bytes-hold-the-text", "source_bytes", "media_type", "text")
def bytes_hold_the_text(rows: TableBucket) -> Iterator[Rule]:
    """A plain text has at least one byte for each of its characters."""
    count = pl.col("text").str.len_chars()
    wrong = (pl.col("media_type") == "text/plain") & pl.col("source_bytes").is_between(1, count - 1)
    place = pl.format("{} bytes for {} characters", "source_bytes", count)
    yield Rule("BS465", rows.name, "source_bytes", wrong, "at least one byte a character", place)


@rule("ascii-is-ascii", "encoding", "media_type", "text")
def ascii_is_ascii(rows: TableBucket) -> Iterator[Rule]:
    """A plain text that was decoded as ASCII has no other characters."""
    is_ascii = pl.col("encoding").str.to_lowercase().is_in(["ascii", "us-ascii"]) & (
        pl.col("media_type") == "text/plain"
    )
    wrong = is_ascii & pl.col("text").str.contains(r"[^\x00-\x7f]")
    yield Rule("BS457", rows.name, "encoding", wrong, "an encoding that has the characters of the text", sieve=is_ascii)


@rule("authors-are-in-the-text", "authors", "authors_from", "text")
def authors_are_in_the_text(rows: TableBucket) -> Iterator[Rule]:
    """Every author that was found in the text is named there, but for letter case and white space."""
    found = rows.frame.with_row_index("_row").filter(pl.col("authors_from") == "text")
    one = found.with_columns(pl.col("authors").str.split("; ")).explode("authors")
    text, name = (pl.col(c).str.to_lowercase().str.replace_all(r"\s+", " ") for c in ("text", "authors"))
    wrong = one.filter(text.str.contains(name, literal=True).not_())["_row"].unique().to_list()
    if wrong:
        yield Rule("BS449", rows.name, "authors", pl.int_range(pl.len()).is_in(wrong), "words of the article")


@rule("copies-are-alike", "text", "duplicate_of", "duplicate_kind")
def copies_are_alike(rows: TableBucket) -> Iterator[Rule]:
    """A near copy has most of the words of the first copy and not the same; one is part of a merged one."""
    key = rows.table.primary_key[0]
    others = rows.frame.select(pl.col(key).alias("duplicate_of"), pl.col("text").alias("_first"))
    is_near = pl.col("duplicate_kind").is_in(["near", "merged"])
    copies = rows.frame.with_row_index("_row").filter(is_near).join(others, on="duplicate_of", maintain_order="left")
    words = [pl.col(c).str.to_lowercase().str.extract_all(r"[\pL\pN]+") for c in ("text", "_first")]
    one, other = (found.list.unique() for found in words)
    shared, sizes = one.list.set_intersection(other).list.len(), (one.list.len(), other.list.len())
    size = (
        pl.when(pl.col("duplicate_kind") == "near").then(pl.max_horizontal(sizes)).otherwise(pl.min_horizontal(sizes))
    )
    folded = [pl.col(c).str.to_lowercase().str.replace_all(r"\s+", "") for c in ("text", "_first")]
    same = (pl.col("duplicate_kind") == "near") & (folded[0] == folded[1])
    for bad, expected in (
        (2 * shared < size, "most of the words of the first copy"),
        (same, "exact: the words are the same"),
    ):
        wrong = copies.filter(bad)["_row"].to_list()
        if wrong:
            yield Rule("BS466", rows.name, "text", pl.int_range(pl.len()).is_in(wrong), expected)


@rule("the-name-alone", "text")
def the_name_alone(rows: TableBucket) -> Iterator[Rule]:
    """A mention ends before a possessive ending and begins after a title, unless its entity is called so."""
    if NAME in rows.frame.columns:
        text, name = pl.col("text"), pl.col(NAME)
        for pattern, expected in ((POSSESSIVE, "the name without its ending"), (TITLE, "the name without the title")):
            wrong = text.str.contains(pattern) & name.str.contains(pattern).not_()
            yield Rule("BS467", rows.name, "text", wrong, expected)


@rule("year-of-its-words", "published", "published_text")
def year_of_its_words(rows: TableBucket) -> Iterator[Rule]:
    """Where the words of a day have years in four digits, the day is in one of them."""
    years = pl.col("published_text").str.extract_all(r"\b(?:1[6-9]|20)[0-9]{2}\b")
    other = years.list.contains(pl.col("published").dt.year().cast(pl.String)).not_()
    place = pl.format("{} for {}", "published", "published_text")
    yield Rule(
        "BS462", rows.name, "published", (years.list.len() > 0) & other, "a day in a year that its words name", place
    )
