"""Who was told: the name after "told", or whose request was not answered."""

from __future__ import annotations

import re
from collections.abc import Mapping

from broadsheet.extraction import lexicon
from broadsheet.extraction.sentences import sentence_end
from broadsheet.extraction.speakers import noun_phrases, outlets
from broadsheet.extraction.speakers.context import Context, Parties
from broadsheet.extraction.speakers.named_sources import heads
from broadsheet.extraction.speakers.noun_phrases import Phrase
from broadsheet.model import Claim, Span

__all__ = ["via"]

_TOLD = re.compile(rf"\b(?:{lexicon.alternatives('telling_phrases')})\s+", re.IGNORECASE)
_TOLD_END = re.compile(rf"[,.;:“\"\n]|\b(?:{lexicon.alternatives('addressee_ends')})\b")
_TO = re.compile(r"\bto\s+(?:the\s+)?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+(?:the\s+)?$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’']s?\s")
_LOOK_AHEAD = 80
"""Code points after the cue in which the addressee is named."""


def via(context: Context, claim: Claim, known: Mapping[int, Parties]) -> int | None:
    """Return the cluster of who was told, or whose request was not answered, or which outlet had the statement.

    None where no name says so. `known` are the parties of the claims before: "the news agency" is the one that was
    last told.
    """
    if not claim.attribution.cue:
        return None
    if claim.kind == "no-comment":
        return _asker(context, claim)
    told = _told(context, claim)
    phrases = context.phrases(told) if told is not None else []
    addressee = _addressee(context, phrases[0], known) if phrases else None
    return addressee if addressee is not None else outlets.outlet(context, claim)


def _addressee(context: Context, phrase: Phrase, known: Mapping[int, Parties]) -> int | None:
    """Return who the words after "told" name: a name, the outlet that a programme belongs to, or the outlet before."""
    about = heads(phrase) or [m for m in phrase.mentions("owner") if context.kind(m.cluster) == "ORG"]
    if len(about) == 1:
        return about[0].cluster
    return _outlet(known) if not about and _is_the_outlet(phrase.words) else None


def _is_the_outlet(words: str) -> bool:
    return words.startswith("the ") and noun_phrases.head_noun(words) in lexicon.words("outlet_nouns")


def _outlet(known: Mapping[int, Parties]) -> int | None:
    """Return who was told last."""
    told = [parties.via for parties in known.values() if parties.via is not None]
    return told[-1] if told else None


def _told(context: Context, claim: Claim) -> Span | None:
    """Return the words that name who was told: after "told", or after "in an interview with"."""
    cue, text = claim.attribution.cue, context.text.text
    last = cue[-1].end
    paragraph_end = context.text.paragraphs[context.paragraph(cue[-1].start)].end
    following = [span.start for span in claim.attribution.content if span.start >= last]
    limit = min([paragraph_end, last + _LOOK_AHEAD, *following])
    told = _TOLD.search(text, cue[0].start, max(limit, min(last + 1, len(text))))
    if told is None or told.end() > limit:
        return None
    end = _TOLD_END.search(text, told.end(), limit)
    return Span(told.end(), end.start() if end else limit)


def _asker(context: Context, claim: Claim) -> int | None:
    """Return whose request was not answered: "did not respond to Argus' request", "to questions from Argus"."""
    text = context.text.text
    begin, end = claim.attribution.cue[0].start, claim.attribution.cue[-1].end
    limit = sentence_end(text, end, min(len(text), end + _LOOK_AHEAD))
    for mention in context.inside(Span(begin, limit)):
        words = text[begin : mention.start]
        is_owner = _POSSESSIVE.match(text, mention.end) is not None
        if _FROM.search(words) or (is_owner and _TO.search(words)):
            return mention.cluster
    return None
