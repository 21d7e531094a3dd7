"""The values that the stages hand on: frozen, slotted, without behaviour.

Every offset is a half-open interval of Unicode code points in the canonical text of its article (`Text.text`), so that
`text[start:end]` are the words of the span. Positions and indices count from 0.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Final, Literal, Protocol, get_args

__all__ = [
    "CLAIM_PARTS",
    "DECISIONS",
    "EVIDENCE",
    "METADATA",
    "SOURCE_KINDS",
    "STRETCH_SEPARATOR",
    "TIERS",
    "WHITE_SPACE",
    "ArticleDecision",
    "ArticleMetadata",
    "Attribution",
    "Claim",
    "ClaimDecision",
    "Cluster",
    "Decision",
    "Entity",
    "EntityDecision",
    "Evidence",
    "Extraction",
    "Finding",
    "Judgement",
    "Members",
    "Mention",
    "MentionDecision",
    "MetadataDecision",
    "Paragraph",
    "Place",
    "Raw",
    "Reading",
    "Reference",
    "Resolution",
    "RightsDecision",
    "Role",
    "Span",
    "Text",
]

Role = Literal["title", "subtitle", "byline", "dateline", "caption", "subheading", "body", "crosslink", "boilerplate"]
EntityType = Literal["PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "PRODUCT"]
LinkedBy = Literal["exact", "folded", "partial", "acronym", "alias", "spelling", "frequency", "correction"]
Sex = Literal["", "f", "m"]
EvidenceKind = Literal["text", "front-matter", "json-ld", "meta", "url", "correction"]
ClaimKind = Literal["speech", "attitude", "report", "no-comment"]
Quote = Literal["direct", "indirect", "mixed"]
Stance = Literal["asserts", "denies", "declines", "asks", "plans"]
Confidence = Literal["sure", "likely", "doubtful"]
SourceKind = Literal["person", "organisation", "government", "official", "unnamed", "document", "none"]
Severity = Literal["error", "warning", "info"]
Tier = Literal["structure", "spans", "quality", "release"]  # how deep `validate` looks: each includes those before it
TIERS: Final[tuple[Tier, ...]] = get_args(Tier)

ClaimPart = Literal["source", "cue", "content"]
SOURCE_KINDS: Final[Mapping[EntityType, SourceKind]] = MappingProxyType(
    {
        "PERSON": "person",
        "NORP": "unnamed",
        "ORG": "organisation",
        "GPE": "government",
        "LOC": "government",
        "FAC": "organisation",
        "EVENT": "organisation",
        "PRODUCT": "document",
    }
)
"""What kind of source an entity of each type is."""
CLAIM_PARTS: Final[tuple[ClaimPart, ...]] = get_args(ClaimPart)
STRETCH_SEPARATOR: Final = " … "  # between the stretches of one part of a claim, in a cell
WHITE_SPACE: Final = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
"""The Unicode White_Space property. `str.isspace` would add U+001C to U+001F, which are control characters."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text: code points [start, end)."""

    start: int
    end: int

    def slice(self, text: str) -> str:
        """Return the words of the span.

        >>> Span(4, 9).slice("The ferry sank.")
        'ferry'
        """
        return text[self.start : self.end]


# --- sources → texts -------------------------------------------------------------------------------------


class Stored(Protocol):
    """Bytes that lie in a file, and how many they are."""

    @property
    def size(self) -> int:
        """Return how many bytes there are."""

    def read(self) -> bytes:
        """Return the bytes. Raises SourceError where they cannot be read."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One article as it was published: bytes, and what was declared about them.

    `path` is POSIX and relative to the project; for a record inside a file it is `FILE#RECORD`. `content` is the bytes,
    or where they lie; `data` gives them. `sha256` and `size` are those of the article's own bytes. `fields` are what a
    record declares beside its text (a JSONL key, a Parquet column): column name of `documents` → value as text.
    `record` is RECORD, and `line` its line in a file that has lines (from 1).
    """

    path: str
    content: bytes | Stored
    sha256: str
    media_type: str
    charset: str | None = None
    declared_id: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    record: str | None = None
    line: int | None = None

    @property
    def data(self) -> bytes:
        """Return the bytes; where they lie in a file, they are read each time."""
        return self.content if isinstance(self.content, bytes) else self.content.read()

    @property
    def size(self) -> int:
        """Return how many bytes there are."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.size

    @property
    def file(self) -> str:
        """Return the path of the file that contains it."""
        return self.path if self.record is None else self.path.removesuffix(f"#{self.record}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A metadata value, where it was found and, if it is in the text, at which characters."""

    value: str
    origin: EvidenceKind
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleMetadata:
    """What an article says about itself: columns of `documents`.

    A column of evidence also has a column `*_from` in the table, which says where the value was found.
    """

    title: Evidence | None = None
    authors: Evidence | None = None
    publisher: Evidence | None = None
    agency: Evidence | None = None  # value: names, `; ` between two
    published: Evidence | None = None  # value: ISO date
    url: str | None = None
    license: str | None = None
    rights_holder: str | None = None


METADATA: Final = tuple(column.name for column in fields(ArticleMetadata))
"""The columns of metadata, in order."""
EVIDENCE: Final = tuple(column.name for column in fields(ArticleMetadata) if "Evidence" in str(column.type))
"""Those with a column `*_from`."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or line. `duplicate_of` is the position of its first copy in the same article."""

    start: int
    end: int
    role: Role
    duplicate_of: int | None = None
    duplicate_kind: Literal["exact", "near", "merged"] | None = None


@dataclass(frozen=True, slots=True)
class Text(ArticleMetadata):
    """The canonical text of one article, its paragraphs in order, and what it says about itself."""

    document_id: str
    source_path: str
    source_sha256: str
    source_bytes: int
    media_type: str
    encoding: str
    language: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    published_text: str | None = None
    findings: tuple[Finding, ...] = ()


# --- extraction ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what, as spans only: what a reader of claims (rules or model) gives.

    `measured` is what the trained reader measured of it (`claims.confidence.MEASURES`), empty for any other; two
    attributions with the same spans are equal whatever was measured.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    measured: tuple[float, ...] = field(default=(), compare=False, repr=False, kw_only=True)

    @property
    def parts(self) -> tuple[tuple[ClaimPart, tuple[Span, ...]], ...]:
        """Return the spans of each part, in the order of `CLAIM_PARTS`."""
        return ("source", self.source), ("cue", self.cue), ("content", self.content)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return the spans of all parts: source, cue, content."""
        return (*self.source, *self.cue, *self.content)

    @property
    def extent(self) -> Span:
        """Return the span from the first to the last code point of all parts; ValueError if there is none."""
        return Span(min(span.start for span in self.spans), max(span.end for span in self.spans))

    @property
    def sort_key(self) -> tuple[Span, tuple[Span, ...], tuple[Span, ...], tuple[Span, ...]]:
        """Return what puts the attributions of an article in order: extent, cue, content, source."""
        return self.extent, self.cue, self.content, self.source


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where something is named. `cluster` is an index into `Extraction.clusters`."""

    start: int
    end: int
    cluster: int
    linked_by: LinkedBy


@dataclass(frozen=True, slots=True)
class Reference:
    """The entity that a decision about an article names, by id or by a form; `type` where it may be a new one.

    `numbers` are those of the decisions that name it, among the article's own from 1; `column` is the cell of `path`
    that names the entity. `instead` is the cluster the mentions belong to if nothing is called so.
    """

    numbers: tuple[int, ...]
    path: str
    column: str
    entity: str
    type: EntityType | None = None
    instead: int | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """All mentions of one thing inside one article, as the article alone shows them.

    `name` is its fullest form there, `forms` every form with its count, `votes` the types given to it with counts; both
    sorted by key. `aliases` are forms the article itself says are the same ("Libyan National Army (LNA)"). `decided`
    says whom its mentions mean where a person decided it; such a cluster without forms has none and is only referred to
    by claims. `sex` ("f", "m" or empty) is what titles and pronouns of the article show of a person, `offices` are the
    titles before the name, sorted.
    """

    name: str
    forms: tuple[tuple[str, int], ...]
    votes: tuple[tuple[str, int], ...]
    aliases: tuple[str, ...] = ()
    decided: Reference | None = None
    sex: Sex = ""
    offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One attributed statement. The three parties are indices into `Extraction.clusters`.

    `nested_in` and `duplicate_of` are indices into `Extraction.claims`. `source_kind` is the kind of source that the
    words alone show. The type of `source` decides instead, or of `named`: the first of several names that the source
    is about. `is_decided` says that a person decided about the claim, and `confidence` how far the row can be trusted.
    """

    attribution: Attribution
    kind: ClaimKind
    quote: Quote
    stance: Stance
    source: int | None = None
    affiliation: int | None = None
    via: int | None = None
    nested_in: int | None = None
    duplicate_of: int | None = None
    source_kind: SourceKind = "unnamed"
    named: int | None = None
    is_decided: bool = False
    confidence: Confidence = "likely"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the models find in an article, before any decision: names in groups, their mentions, and who says what."""

    clusters: tuple[Cluster, ...] = ()
    mentions: tuple[Mention, ...] = ()
    attributions: tuple[Attribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one article says of whom and by whom: a pure function of its text, the models and its decisions."""

    document_id: str
    clusters: tuple[Cluster, ...] = ()
    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()

    def named_in_claims(self) -> Iterator[tuple[int, ClaimPart, Mention]]:
        """Yield the mentions that lie wholly inside a span of a claim: index of the claim, part, mention."""
        ordered = sorted(self.mentions, key=lambda mention: mention.start)
        for number, claim in enumerate(self.claims):
            for part, spans in claim.attribution.parts:
                yield from ((number, part, mention) for span in spans for mention in _inside(ordered, span))


def _inside(ordered: list[Mention], span: Span) -> Iterator[Mention]:
    first = bisect_left(ordered, span.start, key=lambda mention: mention.start)
    last = bisect_left(ordered, span.end, first, key=lambda mention: mention.start)
    return (mention for mention in ordered[first:last] if mention.end <= span.end)


@dataclass(frozen=True, slots=True)
class Citation:
    """Words that an article has from somebody: the index of the cluster that is named as their source, and a sketch."""

    cluster: int
    sketch: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """One person, organisation, place … of the whole corpus."""

    entity_id: str
    name: str
    type: EntityType
    wikidata_id: str | None = None


Place = tuple[str, LinkedBy | None]
"""The entity of a cluster, and why it belongs there; None keeps each mention's own reason."""


class Members(Mapping[tuple[str, int], Place]):
    """Where the clusters of articles belong, by document_id and index: as numbers, because most belong together.

    `documents` numbers the articles. The clusters of article i are `rows[first[i]:first[i + 1]]`, each an index into
    `places`, or -1 for a cluster that belongs nowhere.
    """

    def __init__(
        self, documents: Mapping[str, int], first: Sequence[int], rows: Sequence[int], places: Sequence[Place]
    ) -> None:
        self.documents, self.first, self.rows, self.places = documents, first, rows, places

    def __getitem__(self, member: tuple[str, int]) -> Place:
        """Return where a cluster belongs. Raises KeyError."""
        number = self.documents[member[0]]
        row = self.first[number] + member[1]
        place = self.rows[row] if self.first[number] <= row < self.first[number + 1] else -1
        if place < 0:
            raise KeyError(member)
        return self.places[place]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Yield the clusters that belong somewhere."""
        for document, number in self.documents.items():
            start, end = self.first[number], self.first[number + 1]
            yield from ((document, row - start) for row in range(start, end) if self.rows[row] >= 0)

    def __len__(self) -> int:
        """Return how many clusters belong somewhere."""
        return sum(place >= 0 for place in self.rows)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What only the corpus can decide: who is who, and which article has its words from which.

    `entities` are sorted by id. `members` maps (document_id, index of the cluster) to its place. `copies` maps a
    document_id to the smallest document_id of its cluster of copies, `derived` to that of the article whose publisher
    it names as the source of the same words. `unknown` are the members that a decision assigns to an entity that does
    not exist: a finding says so, and they have no rows.
    """

    entities: Sequence[Entity]
    members: Mapping[tuple[str, int], Place]
    copies: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    unknown: frozenset[tuple[str, int]] = frozenset()
    derived: Mapping[str, str] = field(default_factory=dict)


# --- corrections -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One reviewed row of a file under corrections/: who decided, why, and where a person can edit it.

    `path` is POSIX and relative to the project. `places` maps a column to the line and column number of its cell; both
    count from 1. Each file has a class of its own below, with one field for each column.
    """

    path: str
    line: int
    document_id: str | None = None
    reason: str = ""
    author: str = ""
    date: dt.date | None = None
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDecision(Decision):
    """A decision about one article, anchored on words of it.

    `occurrence` counts the places with these words from 1. `span` is the place, once it is found in the article.
    """

    document_id: str
    quoted: str = ""
    occurrence: int = 1
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataDecision(ArticleDecision):
    """A row of `documents.csv`. `field` is a column of `documents`; `value` is None where the article has none."""

    field: str
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionDecision(ArticleDecision):
    """A row of `mentions.csv`. `entity` is an id or a form; `type` is given for an entity that is new."""

    action: Literal["add", "drop", "relink"]
    entity: str = ""
    type: EntityType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDecision(ArticleDecision):
    """A row of `claims.csv`. An empty cell leaves what was found."""

    action: Literal["add", "drop", "change"]
    of_cue: str = ""
    source: str = ""
    cue: str = ""
    content: str = ""
    kind: ClaimKind | None = None
    stance: Stance | None = None
    source_entity: str = ""
    source_affiliation: str = ""
    reported_via: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityDecision(Decision):
    """A row of `entities.csv`. `entity` is an id or a form; `action` says what `value` is."""

    action: str
    entity: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsDecision(Decision):
    """A row of `rights.csv`. `document_id` is `*` for all articles without a row of their own."""

    document_id: str
    decision: Literal["publish", "withhold"]
    rights_holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement(Decision):
    """A row of `judgements.csv`: whether one row of `table` is right. `words` are those of the row; `by` is who judged.

    `table` and `confidence` are as they were when the row was judged, and None where that was not recorded.
    """

    row_id: str
    words: str
    verdict: Literal["right", "wrong", "unsure"]
    by: str
    table: Literal["claims", "mentions"] | None = None
    confidence: Confidence | None = None
    fault: str | None = None

    @property
    def document(self) -> str:
        """Return the document_id of the article that the row is in."""
        return self.row_id.partition("#")[0]


DECISIONS: Final[Mapping[str, type[Decision]]] = MappingProxyType(
    {
        "entities": EntityDecision,
        "documents": MetadataDecision,
        "mentions": MentionDecision,
        "claims": ClaimDecision,
        "rights": RightsDecision,
        "judgements": Judgement,
    }
)
"""What a row of each file under corrections/ becomes, by the file's name, in the order in which the files are read."""


# --- findings --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, as data.

    `message` says what is wrong. `found` is the value that is there and `expected` completes "expected …"; `total` is
    how many rows (or characters) break the same rule, where only some of them are reported one by one.

    `line` and `column_number` count from 1 and name the place in `path` that a person can edit; `start` and `end` are
    code points of the canonical text; `row_number` counts rows of the table's file from 0.
    """

    code: str
    severity: Severity
    message: str
    repair: str = ""
    table: str | None = None
    row_id: str | None = None
    row_number: int | None = None
    column: str | None = None
    path: str | None = None
    line: int | None = None
    column_number: int | None = None
    start: int | None = None
    end: int | None = None
    found: str | None = None
    expected: str | None = None
    total: int | None = None

    @property
    def sentence(self) -> str:
        """Return what a reader sees: the message, what was expected, and how many rows are the same.

        >>> Finding("BS405", "error", "claims row 7, stance: 'said'", expected="asserts or denies", total=3).sentence
        "claims row 7, stance: 'said'; expected asserts or denies (1 of 3)"
        """
        expected = f"; expected {self.expected}" if self.expected else ""
        among = f" (1 of {self.total}{' rows' * (self.row_number is not None)})" if (self.total or 1) > 1 else ""
        return self.message + expected + among
