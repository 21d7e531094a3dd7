"""Who the source of a claim is, whose official it is when it has no name, and who was told.

Precision first: where the article does not tell, the answer is None. Nothing is looked up outside the article but the
country a demonym belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from broadsheet.extraction import quotes
from broadsheet.extraction.quotes import Quotation
from broadsheet.extraction.speakers import addressees, noun_phrases, pronouns
from broadsheet.extraction.speakers.context import Article, Heard, Party, named
from broadsheet.model import Claim, Cluster, Mention, Span, Text

__all__ = ["Party", "resolve"]


def resolve(
    text: Text,
    claims: Sequence[Claim],
    quoted: Sequence[Quotation],
    clusters: Sequence[Cluster],
    mentions: Sequence[Mention],
) -> list[Party]:
    """Return the parties of each claim, in the order of `claims`."""
    ordered = sorted((m for m in mentions if 0 <= m.cluster < len(clusters)), key=lambda m: (m.start, m.end, m.cluster))
    subjects = [
        m
        for m in ordered
        if not quotes.touching(quoted, m.start, m.start + 1) and noun_phrases.is_subject(text.text, m)
    ]
    article = Article(text, clusters, ordered, [m.start for m in ordered], subjects)
    known: dict[int, Party] = {}
    for index in sorted(range(len(claims)), key=lambda i: (_place(claims[i]), i)):
        known[index] = _party(article, claims, index, known)
    return [known[i] for i in range(len(claims))]


def _place(claim: Claim) -> tuple[int, int]:
    """Return where the source stands; a claim inside another comes after it."""
    one = claim.attribution
    spans = one.source or one.cue or one.content
    return spans[0].start, -spans[-1].end


def _party(article: Article, claims: Sequence[Claim], index: int, known: dict[int, Party]) -> Party:
    claim = claims[index]
    source = claim.attribution.source
    party = Party()
    if source:
        span = source[0]
        outer = known.get(claim.nested_in) if claim.nested_in is not None else None
        party = _source(article, span, outer)
        cue = " ".join(s.slice(article.text.text) for s in claim.attribution.cue)
        article.heard.append(Heard(span.start, span.slice(article.text.text), cue, party))
    via = addressees.via(article, claim, known)
    return replace(party, via=via if via != party.entity else None)


def _source(article: Article, span: Span, outer: Party | None) -> Party:
    meant = pronouns.pronoun(article, span, outer)
    if meant is not None:
        return meant
    found = named(article, span)
    if found is not None and found.entity is None:
        found = pronouns.titled(article, span) or found
    return found or pronouns.nominal(article, span) or Party()
