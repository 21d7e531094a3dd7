"""Articles to exchange: made-up spans in made-up texts, with rows as a package has them."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from broadsheet.exchange import Dataset, Incoming, MarkedArticle, MarkedClaim, MarkedMention, exchange_format
from broadsheet.exchange.articles import KINDS, PARTIES, STANCES, TYPES, in_order
from broadsheet.model import Attribution, Span

LETTERS = (
    "a",
    "b ",
    "é",
    "e\u0301",
    "ß",
    "\n",
    "\n\n",
    " ",
    "🚢",
    "👩‍👩‍👧",
    "🇮🇸",
    "字",
    "\u2028",
    "\u00a0",
    "“",
    '"',
    "\\",
    "]",
    "\t",
    ";",
    "|",
)
ENTITIES = {
    f"harbour-{kind.lower()}.{kind.lower()}": {
        "entity_id": f"harbour-{kind.lower()}.{kind.lower()}",
        "name": f"Harbour “{kind}”",
        "type": kind,
        "wikidata_id": "Q64" if kind == "GPE" else None,
    }
    for kind in TYPES
}
DATASET = Dataset({"name": "ferries", "title": "Ferries", "version": "1.0.0"}, ENTITIES)


def articles(number: int, spans: int, seed: int = 7) -> list[MarkedArticle]:
    """Return articles with so many mentions each, and a claim for every tenth of them."""
    random = Random(seed)
    return [_article(random, f"article-{at:04}", spans) for at in range(number)]


def _article(random: Random, document_id: str, spans: int) -> MarkedArticle:
    text = "".join(random.choice(LETTERS) for _ in range(random.randint(40, 400))) + "end"
    places = sorted({_span(random, text) for _ in range(spans * 2)})
    mentions = tuple(
        _mention(random, document_id, text, span) for span in random.sample(places, min(spans, len(places)))
    )
    claims = in_order(_claim(random, document_id, text) for _ in range(spans // 10))
    row = {
        "title": None,
        "language": "en",
        "published": None,
        "url": "https://example.org/a",
        "authors": "Ada Quay; Bo",
    }
    row |= {"publisher": "The Harbour", "source_path": f"seeds/{document_id}.txt", "document_id": document_id}
    words = {span: span.slice(text) for one in claims for span in one.attribution.spans}
    words |= {one.span: one.span.slice(text) for one in mentions}
    return MarkedArticle(document_id, text, tuple(sorted(mentions, key=lambda one: one.span)), claims, row, words)


def _span(random: Random, text: str, low: int = 0) -> Span:
    """Return a span that begins and ends with a visible character, at or after an offset."""
    start = random.choice([at for at in range(low, len(text)) if _is_visible(text[at])])
    ends = [at + 1 for at in range(start, min(len(text), start + 60)) if _is_visible(text[at])]
    return Span(start, random.choice(ends))


def _is_visible(char: str) -> bool:
    return char.isprintable() and not char.isspace()


def _mention(random: Random, document_id: str, text: str, span: Span) -> MarkedMention:
    entity = random.choice(sorted(ENTITIES))
    row = {"mention_id": _key(document_id, span), "entity_id": entity, "text": span.slice(text)}
    return MarkedMention(span, str(ENTITIES[entity]["type"]), entity, row=row)


def _claim(random: Random, document_id: str, text: str) -> MarkedClaim:
    """Return a claim of up to two stretches a part; no line end alone is between two of them."""
    parts: list[tuple[Span, ...]] = []
    low = 0
    for most in (1, random.randint(0, 2), random.randint(1, 2)):
        found: list[Span] = []
        for _ in range(most):
            if any(map(_is_visible, text[low:])):
                found.append(_span(random, text, low))
                low = found[-1].end + 1
        parts.append(tuple(joined(text, found)))
    source, cue, content = parts
    attribution = (
        Attribution(() if random.random() < 0.3 else source, cue, content)
        if cue or content
        else Attribution((), source, ())
    )
    parties = {name: random.choice(sorted(ENTITIES)) for name in PARTIES if random.random() < 0.5}
    row = {column: parties.get(name) for name, column in PARTIES.items()}
    row |= {"claim_id": _key(document_id, attribution.extent), "quote": random.choice(["direct", "indirect"])}
    row |= {f"{part}_text": " … ".join(s.slice(text) for s in spans) or None for part, spans in attribution.parts}
    kind, stance = random.choice(KINDS), random.choice(STANCES)
    return MarkedClaim(attribution, kind, stance, parties, row=row | {"kind": kind, "stance": stance})


def joined(text: str, spans: list[Span]) -> list[Span]:
    """Return spans with those made one that only the end of a line divides: brat cannot tell them apart."""
    out: list[Span] = []
    for span in spans:
        between = text[out[-1].end : span.start] if out else "."
        if between.strip() or "\n" not in between:
            out.append(span)
        else:
            out[-1] = Span(out[-1].start, span.end)
    return out


def _key(document_id: str, span: Span) -> str:
    return f"{document_id}#{span.start:08}-{span.end:08}"


def exported(form: str, marked: list[MarkedArticle]) -> dict[str, str]:
    """Return the files of an export by name."""
    files: dict[str, list[str]] = {}
    for name, piece in exchange_format(form).write(DATASET, marked):
        files.setdefault(name, []).append(piece)
    return {name: "".join(pieces) for name, pieces in files.items()}


def read_back(form: str, files: Mapping[str, str]) -> tuple[list[MarkedArticle], list[str]]:
    """Return the articles that come back from the files of an export, and what was refused."""
    found: list[MarkedArticle] = []
    refused: list[str] = []
    for name, words in files.items():
        if name.endswith(exchange_format(form).SUFFIX) and name not in {"labels.json", "relations.json"}:
            read = exchange_format(form).read(Incoming(name, words.encode(), files.get(name.replace(".ann", ".txt"))))
            found += read.articles
            refused += [f"{one.place}: {one.problem}" for one in read.refusals]
    return found, refused
