"""Links between claims with the same words: in two articles, or at two places of one.

Two claims have the same words if their contents are equal but for marks, letter case, an opening "that", words in
square brackets and omissions, or if one is a part of the other that begins where a sentence or clause does. Claims are
not linked where one denies, asks or declines and the other does not, where they are at one place of a text, and where
`claims.duplicate_of` names the repeat already.

Of the claims with equal words each is linked to the first of them, so that a statement in n articles has n - 1 links.
Candidates for parts are found by an index of all sequences of `GRAM` words, of which the rarest is looked up; every
candidate is then compared word by word. docs/links.md says how the numbers below were measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from broadsheet.schema import Schemas
from broadsheet.schema.arrow import columnar

__all__ = ["COLUMNS", "tabulate_links"]

COLUMNS: Final = (
    *("claim_id", "document_id", "start", "end", "stance", "quote"),
    *("content_text", "source_text", "source_entity_id", "duplicate_of"),
)
"""The columns of `claims` that are read."""
GRAM: Final = 5
EQUAL: Final = 5
"""Words of equal contents of one source; of different or unknown sources, `LONG`."""
PART: Final = 7
"""Words of a content that is a part of another one of the same source; of different or unknown sources, `LONG`."""
LONG: Final = 9
_REPLACED: Final = 4  # words that words in brackets may stand for

_GAP = "…"
_LETTER = re.compile(r"\[(\w)\](?=\w)")  # [w]e is we
_BRACKETS = re.compile(r"\[[^\[\]]{0,80}\]")
_OMISSION = re.compile(r"\.(?: ?\.){2,}")
_INITIALS = re.compile(r"\b([^\W\d_])\.([^\W\d_])\b")  # U.S. is US
_WORDS = re.compile(r"…|[^\W_]+(?:'[^\W_]+)*")
_TOKEN = re.compile(r"(?P<word>[^\W_]+(?:'[^\W_]+)*)|(?P<stop>[.!?])|(?P<mark>[…,;:()–—\"“”«»]|--|'')")
_OPENING = frozenset({"and", "but", "because", "so", "or"})
_TURNING = frozenset(
    {"not", "no", "never", "nobody", "nothing", "none", "neither", "nor", "hardly", "if", "unless", "whether"}
    | {"doubt", "deny", "denies", "denied", "false", "untrue", "wrong", "unlikely"}
)
"""Words that turn the sense of what follows them."""
_LIMITING = frozenset({"if", "unless", "until", "except", "without", "not", "or", "nor"})
"""Words that limit what is before them."""
_APART: Final = {"asserts": "says", "plans": "says"}  # every other stance is alone


def tabulate_links(claims: pl.DataFrame, schemas: Schemas) -> pl.DataFrame:
    """Return the rows of `claim_links` for the claims of a corpus, which have at least `COLUMNS`; in any order."""
    frame = _with_words(claims.select(COLUMNS).sort("claim_id"))
    contents = _Contents(frame.drop("gapped"))
    rows = [*_equal(frame, contents), *_parts(frame, contents)]
    table = schemas["claim_links"]
    return pl.DataFrame(rows, schema=columnar(table), orient="row").sort(table.order)


# --- contents ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Content:
    """A claim that may be linked; `words` are those of its content without marks, `size` is how many."""

    claim_id: str
    document_id: str
    start: int
    end: int
    stance: str
    quote: str
    content_text: str
    source_text: str | None
    source_entity_id: str | None
    words: str
    size: int

    @cached_property
    def source(self) -> str | None:
        """Return what names the source: its entity, else its words, if there is more than a pronoun."""
        words = " ".join((self.source_text or "").casefold().split())
        return self.source_entity_id or (words if " " in words else None)

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """Return the stretches of words between omissions."""
        return tuple(filter(None, (" ".join(part.split()) for part in _gapped(self.content_text).split(_GAP))))

    @property
    def begins_with_gap(self) -> bool:
        """Return whether the first words are left out or replaced by words in brackets."""
        return _gapped(self.content_text).startswith(_GAP)

    def may_be_one_with(self, other: _Content) -> bool:
        """Return whether two claims are at different places, and none denies, asks or declines what the other says."""
        is_here = self.document_id == other.document_id and self.start < other.end and other.start < self.end
        return not is_here and _side(self) == _side(other)

    def has_source_of(self, other: _Content) -> bool:
        """Return whether two claims are known to have one source."""
        return self.source is not None and self.source == other.source


class _Contents(dict[int, _Content]):
    """The contents by the number of their row, each made when it is first compared."""

    def __init__(self, frame: pl.DataFrame) -> None:
        super().__init__()
        self.frame = frame

    def __missing__(self, number: int) -> _Content:
        """Return the content of a row that was not asked for before."""
        self[number] = found = _Content(**self.frame.row(number, named=True))
        return found


def _side(content: _Content) -> str:
    return _APART.get(content.stance, content.stance)


def _marked(text: str) -> str:
    """Return a text in small letters, with omissions and words in brackets as `…`."""
    plain = text.lower().replace("’", "'")
    if "[" in plain:
        plain = _BRACKETS.sub(f" {_GAP} ", _LETTER.sub(r"\1", plain))
    if "." in plain:
        plain = _INITIALS.sub(r"\1\2", _INITIALS.sub(r"\1\2", _OMISSION.sub(_GAP, plain)))
    return plain


def _gapped(text: str) -> str:
    """Return the words of a text with `…` at its omissions, without an opening "that"."""
    found = _WORDS.findall(_marked(text))
    return " ".join(found[1:] if found[:1] == ["that"] else found)


def _with_words(claims: pl.DataFrame) -> pl.DataFrame:
    """Return the claims that may be linked, in their order, with `words` (without gaps), `gapped` and `size`."""
    gapped = pl.col("content_text").map_elements(_gapped, return_dtype=pl.String)
    words = pl.col("gapped").str.replace_all(_GAP, "", literal=True).str.replace_all(r"\s+", " ").str.strip_chars()
    return (
        claims.filter(pl.col("content_text").is_not_null() & pl.col("duplicate_of").is_null())
        .drop("duplicate_of")
        .with_columns(gapped=gapped)
        .with_columns(words=words)
        .with_columns(size=pl.col("words").str.count_matches(r"\S+").cast(pl.Int64))
        .filter(pl.col("size") >= EQUAL)
    )


# --- equal words ------------------------------------------------------------------------------------------------------

_Row = tuple[str, str, str, str, str]


def _row(one: _Content, other: _Content, method: str) -> _Row:
    first, second = sorted((one.claim_id, other.claim_id))
    is_other = None not in (one.source_entity_id, other.source_entity_id) and not one.has_source_of(other)
    return f"{first}={second}", first, second, "same-words", f"{method}-other-source" if is_other else method


def _equal(frame: pl.DataFrame, contents: _Contents) -> Iterator[_Row]:
    """Yield a link from each claim to the first one with equal words that it can be one with."""
    numbered = frame.select("words").with_row_index("number")
    groups = numbered.group_by("words").agg(pl.col("number").sort()).filter(pl.col("number").list.len() > 1)
    for numbers in groups["number"].to_list():
        firsts: list[_Content] = []
        for content in map(contents.__getitem__, numbers):
            first = next((one for one in firsts if _is_equal(one, content)), None)
            if first is None:
                firsts.append(content)
            else:
                yield _row(first, content, "equal")


def _is_equal(one: _Content, other: _Content) -> bool:
    is_long = one.size >= (EQUAL if one.has_source_of(other) else LONG)
    return is_long and one.may_be_one_with(other)


# --- parts ------------------------------------------------------------------------------------------------------------


def _parts(frame: pl.DataFrame, contents: _Contents) -> Iterator[_Row]:
    """Yield the links between a claim and one whose words contain its words; of claims with equal words, the first."""
    first = frame.with_row_index("number").unique("words", keep="first", maintain_order=True)
    for shorter, longer in _candidates(first).iter_rows():
        one, other = contents[shorter], contents[longer]
        if one.may_be_one_with(other) and _is_part(one, other):
            yield _row(one, other, "part")


def _candidates(frame: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of numbers, a shorter content and a longer one that has its rarest sequence of words."""
    index = _grams(frame, "words").unique()
    counts = index.group_by("gram").len()
    own = _grams(frame.filter(pl.col("size") >= PART), "gapped")
    rarest = own.join(counts, on="gram").sort("number", "len", "gram").unique("number", keep="first")
    pairs = rarest.select("number", "gram").join(index, on="gram", suffix="_longer")
    sizes = frame.select("number", "size")
    longer = sizes.select(pl.all().name.suffix("_longer"))
    sized = pairs.join(sizes, on="number").join(longer, on="number_longer")
    return sized.filter(pl.col("size") < pl.col("size_longer")).select("number", "number_longer").sort(pl.all())


def _grams(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the hash of every sequence of `GRAM` words of a column, without omissions, with the number of its row."""
    words = frame.select("number", word=pl.col(column).str.split(" ")).explode("word")
    after = [pl.col("word").shift(-n) for n in range(1, GRAM)]
    is_inside = pl.col("number") == pl.col("number").shift(1 - GRAM)
    grams = pl.concat_str("word", *after, separator=" ")
    is_whole = is_inside & grams.str.contains(_GAP, literal=True).not_()
    return words.select("number", gram=pl.when(is_whole).then(grams.hash())).drop_nulls()


def _is_part(one: _Content, other: _Content) -> bool:
    """Return whether the words of a content are a part of another one that says the same."""
    is_one_source = one.has_source_of(other)
    if one.size < (PART if is_one_source else LONG) or not all(words in other.words for words in one.segments):
        return False
    text = _Tokens.of(other.content_text)
    place = text.find(one.segments)
    if place is None:
        return False
    start, end = place
    is_whole = is_one_source or text.ends_clause(end)
    return is_whole and _is_begun(one, text, start) and not text.is_limited(end)


def _is_begun(one: _Content, text: _Tokens, start: int) -> bool:
    """Return whether the words of a content begin where a clause of a text does; unquoted ones, where the text does."""
    if one.quote == "indirect":
        return start == 0
    replaced = _REPLACED if one.begins_with_gap else 0
    return any(map(text.begins_clause, range(max(start - replaced, 0), start + 1)))


def _turns(word: str) -> bool:
    return word in _TURNING or word.endswith("n't")


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The words of a content; `ends` has by word what ends after it: nothing, a clause or a sentence."""

    words: tuple[str, ...]
    ends: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Tokens:
        """Return the words of a text, without an opening "that", and what ends after each."""
        words: list[str] = []
        ends: list[str] = []
        for match in _TOKEN.finditer(_marked(text)):
            if match["word"]:
                words.append(match["word"])
                ends.append("")
            elif ends:
                ends[-1] = "sentence" if match["stop"] else ends[-1] or "clause"
        first = int(words[:1] == ["that"])
        return cls(tuple(words[first:]), tuple(ends[first:]))

    def find(self, segments: Iterable[str]) -> tuple[int, int] | None:
        """Return where the first of some stretches of words begins and the last one ends, if all are there in order."""
        line, at, places = f" {' '.join(self.words)} ", 0, []
        for segment in segments:
            at = line.find(f" {segment} ", at)
            if at < 0:
                return None
            places += [line.count(" ", 0, at), line.count(" ", 0, at + len(segment) + 1)]
            at += len(segment) + 1
        return (places[0], places[-1]) if places else None

    def begins_clause(self, start: int) -> bool:
        """Return whether a sentence or clause begins at a word, and nothing before it in its sentence turns it."""
        before = self._before(start)
        is_begun = not before or bool(self.ends[start - 1]) or before[-1] in _OPENING
        return is_begun and not any(map(_turns, before))

    def _before(self, start: int) -> tuple[str, ...]:
        """Return the words before a word in its sentence."""
        stops = [i for i in range(start) if self.ends[i] == "sentence"]
        return self.words[stops[-1] + 1 if stops else 0 : start]

    def ends_clause(self, end: int) -> bool:
        """Return whether a sentence or clause ends before a word."""
        return end == len(self.words) or bool(self.ends[end - 1])

    def is_limited(self, end: int) -> bool:
        """Return whether the word at a place limits what is before it: "we will go" + "if"."""
        return end < len(self.words) and self.ends[end - 1] != "sentence" and self.words[end] in _LIMITING
