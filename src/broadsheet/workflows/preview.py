"""Preview: what was understood of an article, for the person who adds it.

Everything is shown with its evidence: a value with the words it was read from, a claim underlined in its sentence. All
words of the article pass the escape function of the terminal.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import get_args

from broadsheet.model import EVIDENCE, Claim, Evidence, Extraction, Role, Text
from broadsheet.reports import escape_terminal
from broadsheet.workflows.add import SHOWN, Admission, Article, Named
from broadsheet.workflows.show import MARKS, Mark, sentences

__all__ = ["preview"]

WIDTH = 100  # terminal cells
FIRST = 60  # characters of a paragraph that are shown
CLAIMS = 40  # claims of one article that are shown
NAMES = 12  # entities of one type that are shown
INDENT = " " * 14


def preview(admission: Admission) -> str:
    """Return what was understood of a file, for a terminal: one article in full, or several in short."""
    articles = admission.articles
    if len(articles) == 1:
        return "\n".join(_whole(articles[0])) + "\n"
    lines = [line for article in articles[:SHOWN] for line in _short(article)]
    more = [f"  … and {len(articles) - SHOWN:,} more articles"] if articles[SHOWN:] else []
    return "\n".join([f"  {len(articles):,} articles", *lines, *more]) + "\n"


def _whole(article: Article) -> Iterator[str]:
    text = article.text
    yield _row("id", text.document_id)
    for name in EVIDENCE:
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
        yield f"  {name:<12}– (not found; it stays empty)"
        return
    yield _row(name, found.value)
    if found.span is None:
        yield f"{INDENT}from {found.origin}"
    else:
        line = text.text.count("\n", 0, found.span.start) + 1
        yield f"{INDENT}from {found.origin}, line {line}: {_cut(found.span.slice(text.text))}"


def _cut(words: str) -> str:
    """Return the first words of a passage, on one line, in quotation marks."""
    plain = " ".join(words.split())
    return escape_terminal(f"“{plain if len(plain) <= FIRST else plain[: FIRST - 1] + '…'}”")


def _roles(text: Text) -> Iterator[str]:
    counts = Counter(p.role for p in text.paragraphs)
    repeats = sum(p.duplicate_of is not None for p in text.paragraphs)
    yield f"  {len(text.paragraphs)} paragraphs" + f", {repeats} of them repeats" * bool(repeats)
    first = {p.role: p for p in reversed(text.paragraphs)}
    for role in get_args(Role):
        if role in first:
            words = text.text[first[role].start : first[role].end]
            yield f"    {counts[role]:>4} {role:<12} {_cut(words)}"


def _names(named: tuple[Named, ...]) -> Iterator[str]:
    yield f"  {len(named)} entities"
    for kind in sorted({one.type for one in named}):
        of_kind = [one for one in named if one.type == kind]
        first, *rest = _wrapped(of_kind)
        yield f"    {kind:<9} {first}"
        yield from (" " * 14 + line for line in rest)


def _wrapped(named: list[Named]) -> list[str]:
    """Return the lines that name entities of one type."""
    shown = [f"{escape_terminal(one.name)} ×{one.count}" for one in named[:NAMES]]
    if named[NAMES:]:
        shown.append(f"and {len(named) - NAMES} more")
    return textwrap.wrap("; ".join(shown), WIDTH - 14, break_on_hyphens=False)


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
    """Return the parties of a claim, as far as the article names them."""
    parties = (("source", claim.source), ("an official of", claim.affiliation), ("told", claim.via))
    found = (f"; {word} {said.clusters[cluster].name}" for word, cluster in parties if cluster is not None)
    return escape_terminal("".join(found))


def _marks(claim: Claim) -> Iterator[Mark]:
    said = claim.attribution
    for part, spans in (("source", said.source), ("cue", said.cue), ("content", said.content)):
        yield from ((span.start, span.end, MARKS[part]) for span in spans)


def _sentence(text: Text, marks: list[Mark]) -> Iterator[str]:
    """Yield the sentences that the marks touch, underlined, one paragraph after another."""
    for paragraph in text.paragraphs:
        yield from sentences(text.text[paragraph.start : paragraph.end], paragraph.start, marks)
