"""Show: a row in the words it came from, its span underlined in the paragraph.

A mention is underlined with `^`, the parts of a claim with `s` (source), `c` (cue) and `~` (content).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl
from anyascii import anyascii
from rapidfuzz import fuzz, process
from rich.cells import cell_len

from broadsheet.errors import ProjectError
from broadsheet.packages import Tables
from broadsheet.reports import escape_terminal
from broadsheet.workflows.near_claims import near_claims

__all__ = ["MARKS", "Mark", "entity", "find", "passages", "sentences", "table_of", "underlined"]

WIDTH = 100  # terminal cells
MENTIONS = 20  # mentions of an entity that are shown
LINKS = 20  # claims with the same words that are shown
CHOICES = 10  # ids that are named where several may be meant
SIMILAR = 5  # names that are suggested for one that is not known
_LIKENESS = 75  # percent: below it a name is not suggested
_STOP = re.compile(r"[.!?…][\"'”’»)\]]*\s+")
MARKS = {"source": "s", "cue": "c", "content": "~"}
KEYS = {
    "documents": "document_id",
    "entities": "entity_id",
    "claims": "claim_id",
    "paragraphs": "paragraph_id",
    "mentions": "mention_id",
    "claim_links": "link_id",
}
INSIDE = ("paragraphs", "mentions", "claims")  # their ids are `DOCUMENT#…`

Row = Mapping[str, Any]
Mark = tuple[int, int, str]  # start, end (code points of the article), sign


def passages(tables: Tables, row_id: str, *, near: bool = False) -> list[str]:
    """Return every row with this id, each with its values and its place in the text; empty where there is none.

    One id can be a paragraph's and a mention's at once (a paragraph that is one name): both are returned. `near`: a
    claim is followed by the claims of other articles with words like its own.
    """
    found = []
    for table in KEYS:
        for row in _with_id(tables, table, row_id).iter_rows(named=True):
            others = _near(tables, row_id) if near and table == "claims" else ()
            shown = "\n".join([_context(tables, table, row), *others])
            found += [f"{table}\n{_values(row)}\n{shown}".rstrip()]
    return found


def _with_id(tables: Tables, table: str, row_id: str) -> pl.DataFrame:
    """Return the rows of a table with an id.

    The id of a row inside an article begins with the article's: its column has few values and is compared first.
    """
    found: pl.LazyFrame = getattr(tables, table)
    document, sign, _ = row_id.partition("#")
    if sign and table in INSIDE:
        found = found.filter(pl.col("document_id") == document)
    return found.filter(pl.col(KEYS[table]) == row_id).collect()


# --- which row is meant -----------------------------------------------------------------------------------------------


def find(tables: Tables, words: str) -> str:
    """Return the id that is meant: an id, the beginning of one id, or the name of an entity.

    Documents come before the rows that are in them, whose ids begin with the document's. Raises ProjectError, with
    those that may be meant, where it is not one.
    """
    for table, key in KEYS.items():
        begin_so = getattr(tables, table).filter(pl.col(key).str.starts_with(words)).sort(key)
        ids: list[str] = begin_so.select(key).collect()[key].to_list()
        if ids:
            return _only(words, [words] if words in ids else ids)
    return entity(tables, words)


def table_of(tables: Tables, row_id: str) -> tuple[str, Row]:
    """Return the first table with a row of this id, in the order of `find`, and the row; KeyError without one."""
    for table in KEYS:
        frame = _with_id(tables, table, row_id)
        if frame.height:
            return table, frame.row(0, named=True)
    raise KeyError(row_id)


def entity(tables: Tables, words: str) -> str:
    """Return the id of the entity with an id or a name. Raises ProjectError where none, or more than one, is meant."""
    rows: pl.DataFrame = tables.entities.select("entity_id", "name").sort("entity_id").collect()
    names: dict[str, str] = {entity_id: _folded(name) for entity_id, name in rows.iter_rows()}
    if words in names:
        return words
    wanted = _folded(words)
    meant = _named(names, wanted)
    if meant:
        return _only(words, meant)
    similar = process.extract(wanted, names, scorer=fuzz.WRatio, limit=SIMILAR, score_cutoff=_LIKENESS)
    suggested = "; ".join(str(entity_id) for _, _, entity_id in similar)
    repair = f"did you mean {suggested}?" if suggested else "search for it: broadsheet search WORDS"
    raise ProjectError(f"no row has the id or the name {words!r}", repair=repair)


def _named(names: Mapping[str, str], wanted: str) -> list[str]:
    """Return the entities of a name; where there is none, those whose name contains it as whole words."""
    equal = [entity_id for entity_id, name in names.items() if name == wanted]
    return equal or [entity_id for entity_id, name in names.items() if f" {wanted} " in f" {name} "]


def _only(words: str, meant: list[str]) -> str:
    if len(meant) == 1:
        return meant[0]
    more = f" or {len(meant) - CHOICES} more" if meant[CHOICES:] else ""
    repair = f"name one of them: {'; '.join(meant[:CHOICES])}{more}"
    raise ProjectError(f"{words!r} can mean {len(meant)} rows", repair=repair)


def _folded(name: str) -> str:
    return str(anyascii(name)).casefold()


# --- how it is shown --------------------------------------------------------------------------------------------------


def _values(row: Row) -> str:
    filled = {name: value for name, value in row.items() if value is not None}
    filled.pop("text", None)
    width = max(map(len, filled))
    lines = [f"  {name:<{width}}  {escape_terminal(str(value))}" for name, value in filled.items()]
    return "\n".join(lines)


def _context(tables: Tables, table: str, row: Row) -> str:
    if table == "documents":
        return "\n".join(_article(tables, row["document_id"]))
    if table == "claim_links":
        return "\n".join(_linked(tables, row))
    if table == "entities":
        return "\n\n".join(_mentions(tables, row["entity_id"]))
    marks = _marks(tables, table, row)
    passages = tables.paragraphs.filter(pl.col("document_id") == row["document_id"]).collect()
    links = _links(tables, row["claim_id"]) if table == "claims" else ()
    return "\n".join(["", _underlined(passages, marks), *links])


def _links(tables: Tables, claim: str) -> Iterator[str]:
    """Yield the claims with the same words, each with its article, source and content."""
    is_one = (pl.col("claim_id") == claim, pl.col("other_claim_id") == claim)
    linked = tables.claim_links.filter(is_one[0] | is_one[1]).select(
        "relation", "method", claim_id=pl.when(is_one[0]).then("other_claim_id").otherwise("claim_id")
    )
    of = tables.documents.select("document_id", "publisher", "agency")
    others = linked.join(tables.claims, on="claim_id").join(of, on="document_id").sort("claim_id").collect()
    for one in others.head(LINKS).iter_rows(named=True):
        yield f"\n  {one['relation']} ({one['method']}{_from(one)}) {_in_short(one)}"
    if others.height > LINKS:
        yield f"\n  and {others.height - LINKS} more claims with the same words"


def _from(row: Row) -> str:
    """Return who published an article and which agency it credits, as far as they are known."""
    known = (f"; {name} {row[name]}" for name in ("publisher", "agency") if row[name])
    return escape_terminal("".join(known))


def _linked(tables: Tables, link: Row) -> Iterator[str]:
    """Yield the two claims of a link, each in its paragraph, with who published it."""
    for claim in (link["claim_id"], link["other_claim_id"]):
        _, row = table_of(tables, claim)
        (about,) = tables.documents.filter(pl.col("document_id") == row["document_id"]).collect().to_dicts()
        passages = tables.paragraphs.filter(pl.col("document_id") == row["document_id"]).collect()
        yield f"\n{claim}{_from(about)}\n{_underlined(passages, _marks(tables, 'claims', row))}"


def _near(tables: Tables, claim: str) -> Iterator[str]:
    """Yield the claims of other articles with words like those of a claim."""
    found = near_claims(tables.claims, claim)
    for one in found.iter_rows(named=True):
        yield f"\n  near ({one['nearness']:.2f}) {_in_short(one)}"
    if not found.height:
        yield "\n  near: no claim of another article"


def _in_short(claim: Row) -> str:
    """Return the id of a claim and, in a line of its own, who says what."""
    words = f"{claim['source_text'] or 'no source'}: {claim['content_text']}"
    return f"{claim['claim_id']}\n    {escape_terminal(textwrap.shorten(words, WIDTH, placeholder='…'))}"


def _marks(tables: Tables, table: str, row: Row) -> list[Mark]:
    if table != "claims":
        return [(row["start"], row["end"], "^")]
    return _marks_of_claims(tables, row["document_id"])[row["claim_id"]]


def _marks_of_claims(tables: Tables, document: str) -> dict[str, list[Mark]]:
    """Return the marks of every claim of an article."""
    found: dict[str, list[Mark]] = {}
    spans = tables.claim_spans.filter(pl.col("document_id") == document).collect()
    for claim, start, end, part in spans.select("claim_id", "start", "end", "part").iter_rows():
        found.setdefault(claim, []).append((start, end, MARKS[part]))
    return found


def _mentions(tables: Tables, entity: str) -> Iterator[str]:
    mentions = tables.mentions.filter(pl.col("entity_id") == entity).collect()
    shown = mentions.head(MENTIONS)
    passages = tables.paragraphs.filter(pl.col("document_id").is_in(shown["document_id"].unique().to_list())).collect()
    for mention in shown.iter_rows(named=True):
        inside = passages.filter(pl.col("document_id") == mention["document_id"])
        where = _underlined(inside, [(mention["start"], mention["end"], "^")])
        yield f"{mention['mention_id']} ({mention['linked_by']})\n{where}"
    if mentions.height > MENTIONS:
        yield f"{mentions.height - MENTIONS} more mentions; broadsheet list articles --about {entity}"


def _article(tables: Tables, document: str) -> Iterator[str]:
    """Yield the paragraphs of an article with their roles, its entities, and its claims in their sentences."""
    is_here = pl.col("document_id") == document
    paragraphs: pl.DataFrame = tables.paragraphs.filter(is_here).collect()
    yield f"\n  {paragraphs.height} paragraphs"
    for role, text in paragraphs.select("role", "text").iter_rows():
        yield f"    {role:<12} {escape_terminal(textwrap.shorten(text or '(withheld)', WIDTH, placeholder='…'))}"
    counts = (
        tables.mentions.filter(is_here).group_by("entity_id").len().sort("len", "entity_id", descending=[True, False])
    )
    named = [f"{escape_terminal(entity)} ×{count}" for entity, count in counts.collect().iter_rows()]
    yield f"\n  {len(named)} entities"
    yield from textwrap.wrap(
        "; ".join(named), WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
    )
    claims: pl.DataFrame = tables.claims.filter(is_here).collect()
    yield f"\n  {claims.height} claims (s source, c cue, ~ content)"
    texts = dict(paragraphs.select("paragraph_id", pl.struct("text", "start")).iter_rows())
    marks = _marks_of_claims(tables, document)
    for claim in claims.iter_rows(named=True):
        passage = texts[claim["paragraph_id"]]
        yield f"\n  {claim['claim_id']} {claim['kind']}, {claim['quote']}, {claim['stance']}"
        yield from sentences(passage["text"] or "", passage["start"], marks[claim["claim_id"]])


def _underlined(passages: pl.DataFrame, marks: Iterable[Mark]) -> str:
    """Return the paragraphs of an article that the marks touch, with a line of signs under every marked line."""
    listed = sorted(marks)
    low, high = min(m[0] for m in listed), max(m[1] for m in listed)
    inside = passages.filter((pl.col("start") < high) & (pl.col("end") > low))
    lines: list[str] = []
    for paragraph in inside.iter_rows(named=True):
        if paragraph["text"] is None:
            return "(the text of this article is withheld)"
        lines += underlined(paragraph["text"], paragraph["start"], listed)
    return "\n".join(lines)


def sentences(passage: str, offset: int, marks: Iterable[Mark]) -> Iterator[str]:
    """Yield the sentences of a passage that begins at `offset` which the marks touch, underlined."""
    end = offset + len(passage)
    inside = sorted(mark for mark in marks if mark[0] < end and mark[1] > offset)
    if not inside:
        return
    low, high = inside[0][0] - offset, max(mark[1] for mark in inside) - offset
    before = [found.end() for found in _STOP.finditer(passage, 0, max(low, 0))]
    after = _STOP.search(passage, max(high - 1, 0))
    first = before[-1] if before else 0
    yield from underlined(passage[first : after.end() if after else None], offset + first, inside)


def underlined(text: str, offset: int, marks: list[Mark]) -> Iterator[str]:
    """Yield the lines of a passage that begins at `offset`, with a line of signs under every marked line."""
    place = 0
    for line in textwrap.wrap(text, WIDTH, drop_whitespace=False, break_on_hyphens=False, replace_whitespace=False):
        shown, under = "", ""
        for number, character in enumerate(line, offset + place):
            cell = escape_terminal(character)
            shown += cell
            signs = [sign for start, end, sign in marks if start <= number < end]
            under += (signs[-1] if signs else " ") * cell_len(cell)
        place += len(line)
        yield f"  {shown}".rstrip()
        if under.strip():
            yield f"  {under}".rstrip()
