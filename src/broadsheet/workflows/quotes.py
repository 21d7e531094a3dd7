"""Quotes: every quotation of a draft is looked up in the articles of a package, and judged.

The index of the articles' words is made at the first check of a package. The draft is read for who says what as an
article is. Nothing is changed: neither the draft nor the package.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, filterfalse
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.errors import PackageError
from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.quotations import check
from broadsheet.quotations.check import Occurrence
from broadsheet.quotations.draft import Quote, quotes
from broadsheet.quotations.index import Index, Speaker
from broadsheet.quotations.verdicts import Checked, Position, findings_of, verdict
from broadsheet.reports import Section
from broadsheet.workflows.drafts import Draft, read_draft
from broadsheet.workflows.quotes_index import Corpus, corpus_of
from broadsheet.workflows.quotes_speakers import SpeakerReader

if TYPE_CHECKING:
    from broadsheet.workflows.progress import Progress

__all__ = ["Report", "check_quotes"]

_UNKNOWN = "BS483"
_TEXTS = "name a package with texts, or put them back: broadsheet rehydrate PACKAGE FOLDER"


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: every quotation with its verdict, the findings, and the articles whose texts are withheld."""

    quotations: tuple[Checked, ...]
    findings: tuple[Finding, ...]
    withheld: tuple[str, ...] = ()

    @property
    def sections(self) -> tuple[Section, ...]:
        """Return the judged quotations as a table: place, verdict, words, the place in the corpus, who says it."""
        counts = sorted(Counter(one.outcome for one in self.quotations).items())
        note = ", ".join(f"{number} {outcome}" for outcome, number in counts)
        judged = filter(_is_judged, self.quotations)
        return (Section("Quotations", _COLUMNS, tuple(map(_row, judged)), note or "none"),)


_COLUMNS = ("place", "verdict", "quotation", "article", "said by")


def _is_judged(one: Checked) -> bool:
    return one.verdict != "not judged"


def _row(one: Checked) -> tuple[str, ...]:
    return one.place, one.outcome, " ".join(one.words.split()), _where(one), one.said_by


def _where(one: Checked) -> str:
    if not one.occurrence:
        return ""
    more = f" and {one.elsewhere} more" if one.elsewhere else ""
    bare = "" if one.occurrence.is_quoted else ", without marks"
    return f"{one.occurrence.document_id} {one.occurrence.start}-{one.occurrence.end}{bare}{more}"


def check_quotes(
    drafts: Iterable[str | Path],
    package: str | Path,
    *,
    allow_unknown: bool = False,
    speakers: bool = True,
    progress: Progress | None = None,
) -> Report:
    """Judge the quotations of drafts against the articles of a package; no file of either is changed.

    A draft is text, Markdown, HTML or .docx. `allow_unknown`: a quotation that no article has is listed, but is not a
    finding. `speakers`: who says a quotation is compared too, which loads the language models where they are needed.

    Raises:
        SourceError: a draft does not exist or cannot be opened.
        PackageError: the package cannot be read, or has no texts.
        ModelError: the models are missing.
    """
    corpus = corpus_of(Path(package), progress)
    if corpus.withheld and not corpus.articles:
        raise PackageError(f"{package}: no article has its text, so no quotation can be looked up", repair=_TEXTS)
    reader = SpeakerReader(corpus.index, is_on=speakers)
    checked: list[Checked] = []
    findings = list(_withheld(Path(package), corpus))
    for item in chain.from_iterable(map(read_draft, map(Path, drafts))):
        if isinstance(item, Finding):
            findings.append(item)
        else:
            checked += _judged(item, corpus.index, reader)
    ignored = {_UNKNOWN} if allow_unknown else set()
    wrong = chain.from_iterable(map(findings_of, checked))
    findings += (found for found in wrong if found.code not in ignored)
    return Report(tuple(checked), tuple(findings), corpus.withheld)


def _withheld(package: Path, corpus: Corpus) -> Iterator[Finding]:
    number = len(corpus.withheld)
    if number:
        named = ", ".join(corpus.withheld[:5]) + " …" * (number > 5)
        message = (
            f"{number} of {number + corpus.articles} articles of {package} are without their texts, so no quotation is "
            f"looked up in them: {named}"
        )
        yield finding("BS485", message, _TEXTS, table="documents", column="text")


# --- one draft --------------------------------------------------------------------------------------------------------


def _judged(draft: Draft, index: Index, reader: SpeakerReader) -> Iterator[Checked]:
    found = [pair for quote in draft.quotes for pair in _found(draft, quote, index)]
    named = reader.named(draft, [(quote, places) for quote, places in found if places])
    for quote, places in found:
        yield _checked(draft.at(quote), quote, places, reader, named.get(quote.start, ()))


def _checked(
    position: Position, quote: Quote, places: Sequence[Occurrence], reader: SpeakerReader, named: tuple[Speaker, ...]
) -> Checked:
    """Return the verdict from the places with the fewest faults; of these, from those whose speaker fits."""
    best = [one for one in places if one.faults == places[0].faults]
    fitting = list(filterfalse(partial(reader.is_contradicted, named), best))
    chosen = fitting or best
    said = next(map(reader.speakers, chosen), ())
    return verdict(position, quote, chosen, named=named, said=said, is_other=chosen != fitting)


Found = tuple[Quote, Sequence[Occurrence]]


def _found(draft: Draft, quote: Quote, index: Index) -> list[Found]:
    """Return a quotation with its places; of several parts, the parts, where they are found better one by one."""
    whole: Found = (quote, check.occurrences(draft.text.text, quote, index))
    if len(quote.spans) == 1 or _is_whole(whole):
        return [whole]
    parts: list[Found] = [(one, check.occurrences(draft.text.text, one, index)) for one in _parts(draft, quote)]
    return parts if any(map(_is_whole, parts)) else [whole]


def _parts(draft: Draft, quote: Quote) -> Iterator[Quote]:
    for span in quote.spans:
        yield from quotes(draft.text.text, [(span.start, span.end, False)])


def _is_whole(found: Found) -> bool:
    """Return whether some place has the very words."""
    return bool(found[1]) and not found[1][0].differences
