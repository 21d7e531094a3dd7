"""An article in the words of what was understood of it: for who adds one, to see at a glance what is wrong.

Everything stands beside its evidence: a value beside the words it was read from, a claim in its sentence, underlined.
All words of the article pass the escape function of the terminal.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import get_args

from broadsheet.model import Claim, Evidence, Extraction, Paragraph, Role, Span, Text
from broadsheet.reports import escape_terminal
from broadsheet.workflows.add import SHOWN, Admission, Article, Named
from broadsheet.workflows.show import MARKS, Mark, underlined

__all__ = ["portrait"]

WIDTH = 100  # terminal cells
FIRST = 60  # characters of a paragraph that are shown
CLAIMS = 40  # claims of one article that are shown
NAMES = 12  # entities of one type that are shown
INDENT = " " * 14
_STOP = re.compile(r"[.!?…][\"'”’»)\]]*\s+")


def portrait(admission: Admission) -> str:
    """Return what was understood of a file that can be taken, for a terminal: one article whole, several short."""
    articles = admission.articles
    if len(articles) == 1:
        return "\n".join(_whole(articles[0])) + "\n"
    lines = [line for article in articles[:SHOWN] for line in _short(article)]
    more = [f"  … and {len(articles) - SHOWN:,} more articles"] if articles[SHOWN:] else []
    return "\n".join([f"  {len(articles):,} articles", *lines, *more]) + "\n"


def _whole(article: Article) -> Iterator[str]:
    text = article.text
    yield _row("id", text.document_id)
    for name in ("title", "authors", "publisher", "published"):
        yield from _evidence(name, getattr(text, name), text)
    yield _row("language", text.language)
    yield ""
    yield from _roles(text)
    if article.said is None:
        return
    yield ""
    yield from _names(article.named)
    yield ""
    yield from _claims(text, article.said)


def _short(article: Article) -> Iterator[str]:
    text = article.text
    title = _cut(text.title.value) if text.title else "no title"
    day = text.published.value if text.published else "no date"
    said = f"{len(article.named)} entities, {len(article.said.claims)} claims" if article.said else "not read"
    yield f"  {escape_terminal(text.document_id)}"
    yield f"    {title} · {day} · {len(text.paragraphs)} paragraphs · {said}"


def _row(name: str, words: str) -> str:
    return f"  {name:<12}{escape_terminal(words)}"


def _evidence(name: str, found: Evidence | None, text: Text) -> Iterator[str]:
    if found is None:
        yield f"  {name:<12}– (nothing says it; it stays empty)"
        return
    yield _row(name, found.value)
    if found.span is None:
        yield f"{INDENT}from {found.origin}"
    else:
        line = text.text.count("\n", 0, found.span.start) + 1
        yield f"{INDENT}from {found.origin}, line {line}: {_cut(found.span.slice(text.text))}"


def _cut(words: str) -> str:
    """Return the first words of a stretch, on one line, in quotation marks."""
    plain = " ".join(words.split())
    return escape_terminal(f"“{plain if len(plain) <= FIRST else plain[: FIRST - 1] + '…'}”")


def _roles(text: Text) -> Iterator[str]:
    counts = Counter(p.role for p in text.paragraphs)
    repeats = sum(p.duplicate_of is not None for p in text.paragraphs)
    yield f"  {len(text.paragraphs)} paragraphs" + (f", {repeats} of them repeats" if repeats else "")
    for role in get_args(Role):
        if counts[role]:
            first = next(p for p in text.paragraphs if p.role == role)
            yield f"    {counts[role]:>4} {role:<12} {_cut(text.text[first.start : first.end])}"


def _names(named: tuple[Named, ...]) -> Iterator[str]:
    yield f"  {len(named)} entities"
    for kind in sorted({n.type for n in named}):
        group = [n for n in named if n.type == kind]
        shown = [f"{escape_terminal(n.name)} ×{n.count}" for n in group[:NAMES]]
        shown += [f"and {len(group) - NAMES} more"] if group[NAMES:] else []
        lines = textwrap.wrap("; ".join(shown), WIDTH - 14, break_on_hyphens=False)
        yield from (f"    {kind if not n else '':<9} {line}" for n, line in enumerate(lines))


def _claims(text: Text, said: Extraction) -> Iterator[str]:
    claims = said.claims
    yield f"  {len(claims)} claims" + (" (s source, c cue, ~ content)" if claims else "")
    for claim in claims[:CLAIMS]:
        yield ""
        yield f"  {claim.kind}, {claim.quote}, {claim.stance}{_parties(claim, said)}"
        yield from (f"  {line}" for line in _sentence(text, list(_marks(claim))))
    if claims[CLAIMS:]:
        yield f"  … and {len(claims) - CLAIMS} more"


def _parties(claim: Claim, said: Extraction) -> str:
    """Say who the parties of a claim were understood to be, where the article tells."""
    parties = (("source", claim.source), ("an official of", claim.affiliation), ("told", claim.via))
    found = (f"; {word} {said.clusters[cluster].name}" for word, cluster in parties if cluster is not None)
    return escape_terminal("".join(found))


def _marks(claim: Claim) -> Iterator[Mark]:
    said = claim.attribution
    for part, spans in (("source", said.source), ("cue", said.cue), ("content", said.content)):
        yield from ((span.start, span.end, MARKS[part]) for span in spans)


def _sentence(text: Text, marks: list[Mark]) -> Iterator[str]:
    """Yield the sentences that the marks touch, underlined, a paragraph after another."""
    low, high = min(m[0] for m in marks), max(m[1] for m in marks)
    for paragraph in text.paragraphs:
        if paragraph.start < high and paragraph.end > low:
            shown = _around(text.text, Span(max(low, paragraph.start), min(high, paragraph.end)), paragraph)
            yield from underlined(shown.slice(text.text), shown.start, sorted(marks))


def _around(text: str, span: Span, within: Paragraph) -> Span:
    """Return the sentences of a paragraph that a stretch touches: close enough for the eye."""
    before = [found.end() for found in _STOP.finditer(text, within.start, span.start)]
    after = _STOP.search(text, max(within.start, span.end - 1), within.end)
    return Span(before[-1] if before else within.start, after.end() if after else within.end)
