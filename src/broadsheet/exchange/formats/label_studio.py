"""Label Studio: one file of tasks with annotations, and the labelling configuration of the project.

Offsets count code points, as Label Studio does now; versions before 2022 counted UTF-16 code units. A file that
comes back is read in the unit that fits the words it quotes. Mentions and claims are regions with relations
(`exchange.regions`); the stance is a choice of the region, and what it refers to is in its meta information. The
format: https://labelstud.io/guide/export and https://labelstud.io/tags/text
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from broadsheet import strict_json
from broadsheet.exchange.articles import STANCES, Incoming, MarkedArticle, Read, Refusal
from broadsheet.exchange.json_text import json_line
from broadsheet.exchange.regions import LABELS, Link, Region, article_of, regions_of
from broadsheet.exchange.tables import Dataset
from broadsheet.exchange.units import Utf16
from broadsheet.model import Span

__all__ = ["NEEDS_TEXT", "SUFFIX", "read", "write"]

SUFFIX: Final = ".json"
NEEDS_TEXT: Final = True
TASKS: Final = "label-studio.json"
_CONFIGURATION: Final = """<View>
  <Style>.htx-text {{ white-space: pre-wrap; }}</Style>
  <Relations>
    <Relation value="part"/>
  </Relations>
  <Labels name="label" toName="text">
{labels}
  </Labels>
  <Choices name="stance" toName="text" perRegion="true" choice="single">
{stances}
  </Choices>
  <Header value="$title"/>
  <Text name="text" value="$text"/>
</View>
"""


# --- out --------------------------------------------------------------------------------------------------------------


def write(dataset: Dataset, articles: Iterable[MarkedArticle]) -> Iterator[tuple[str, str]]:  # noqa: ARG001 - as others
    """Yield `label-studio.xml`, the configuration, and `label-studio.json`, a task an article."""
    labels = "\n".join(f'    <Label value="{label}"/>' for label in LABELS)
    stances = "\n".join(f'    <Choice value="{stance}"/>' for stance in STANCES)
    yield "label-studio.xml", _CONFIGURATION.format(labels=labels, stances=stances)
    before = "[\n"
    for article in articles:
        yield TASKS, before + json_line(_task(article))
        before = ",\n"
    yield TASKS, "\n]\n" if before == ",\n" else "[]\n"


def _task(article: MarkedArticle) -> dict[str, Any]:
    regions, links = regions_of(article)
    result = [item for region in regions for item in _items(article, region)]
    result += [
        {"type": "relation", "from_id": first, "to_id": second, "direction": "right", "labels": ["part"]}
        for first, second in links
    ]
    title = article.row.get("title") or article.document_id
    data = {"document_id": article.document_id, "title": title, "text": article.text}
    return {"data": data, "annotations": [{"result": result}]}


def _items(article: MarkedArticle, region: Region) -> Iterator[dict[str, Any]]:
    value = {"start": region.span.start, "end": region.span.end, "text": article.quoted(region.span)}
    about = {"id": region.key, "to_name": "text"}
    meta = {"meta": {"text": [region.note]}} if region.note else {}
    yield {**about, "from_name": "label", "type": "labels", "value": {**value, "labels": [region.label]}, **meta}
    if region.stance:
        yield {**about, "from_name": "stance", "type": "choices", "value": {**value, "choices": [region.stance]}}


# --- back -------------------------------------------------------------------------------------------------------------


class _Value(msgspec.Struct):
    start: int | str | None = None
    end: int | str | None = None
    text: str | list[str] | None = None
    labels: list[str] = []
    choices: list[str] = []


class _Meta(msgspec.Struct):
    text: str | list[str] = ""


class _Item(msgspec.Struct):
    type: str = ""
    id: str | int = ""
    value: _Value = msgspec.field(default_factory=_Value)
    meta: _Meta = msgspec.field(default_factory=_Meta)
    from_id: str | int = ""
    to_id: str | int = ""


class _Annotation(msgspec.Struct):
    result: list[_Item] = []
    was_cancelled: bool = False


class _Data(msgspec.Struct):
    document_id: str = ""
    text: str | None = None


class _Task(msgspec.Struct):
    data: _Data
    annotations: list[_Annotation] = []
    predictions: list[_Annotation] = []


def read(file: Incoming) -> Read:
    """Return the annotations of every task. Raises ValueError where the file is not an export of Label Studio."""
    tasks = msgspec.convert(strict_json.parse(file.data), list[_Task], strict=True)
    found = [_article(f"{file.path}: task {number}", task) for number, task in enumerate(tasks, 1)]
    articles = tuple(article for one in found for article in one.articles)
    return Read(articles, tuple(refusal for one in found for refusal in one.refusals))


def _article(place: str, task: _Task) -> Read:
    """Return the annotations of a task; those that were proposed, where nobody has submitted any."""
    submitted = [one for one in task.annotations if not one.was_cancelled] or task.predictions
    if not task.data.document_id:
        return Read((), (Refusal(place, "it has no document_id", "annotate the tasks that were exported"),))
    if len(submitted) != 1:
        problem = f"it has {len(submitted)} annotations, expected one"
        return Read((), (Refusal(place, problem, "keep the annotation that is right, or leave the task out"),))
    return _of_result(place, task.data, submitted[0].result)


def _of_result(place: str, data: _Data, result: Sequence[_Item]) -> Read:
    marks = [one for one in result if one.type == "labels"]
    stances = _stances(result)
    regions: list[Region] = []
    refusals: list[Refusal] = []
    for mark, span in zip(marks, _spans(data.text or "", marks), strict=True):
        if span is None:
            refusals.append(_misplaced(place, mark))
        else:
            regions.append(_region(place, mark, span, stances))
    return article_of((data.document_id, data.text), regions, _links(result), refusals)


def _stances(result: Sequence[_Item]) -> dict[str, str]:
    return {str(one.id): one.value.choices[0] for one in result if one.type == "choices" and one.value.choices}


def _links(result: Sequence[_Item]) -> list[Link]:
    return [(str(one.from_id), str(one.to_id)) for one in result if one.type == "relation"]


def _region(place: str, mark: _Item, span: Span, stances: Mapping[str, str]) -> Region:
    key, label = str(mark.id), "".join(mark.value.labels[:1])
    return Region(key, label, span, stances.get(key), _plain(mark.meta.text), f"{place}, region {key}")


def _spans(text: str, marks: Sequence[_Item]) -> list[Span | None]:
    """Return the spans of regions, in the unit in which most of them have the words that they quote."""
    units: tuple[Callable[[int, int], Span], ...] = (Span, Utf16.of(text).span)
    attempts = [[_span(text, mark.value, to_span) for mark in marks] for to_span in units]
    return max(attempts, key=lambda spans: sum(span is not None for span in spans))


def _span(text: str, value: _Value, to_span: Callable[[int, int], Span]) -> Span | None:
    start, end = value.start, value.end
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        return None
    try:
        span = to_span(start, end)
    except ValueError:
        return None
    is_quoted = value.text is None or _squeezed(_plain(value.text)) == _squeezed(span.slice(text))
    return span if span.end <= len(text) and is_quoted else None


def _squeezed(words: str) -> str:
    r"""Return words without white space, which Label Studio trims, and without `\n`, as it writes line ends."""
    return "".join(words.replace("\\n", "").split())


def _plain(words: str | list[str]) -> str:
    return words if isinstance(words, str) else "; ".join(words)


def _misplaced(place: str, mark: _Item) -> Refusal:
    problem = f"{_plain(mark.value.text or '')[:60]!r} is not at {mark.value.start} to {mark.value.end} of the text"
    repair = "annotate the text as it was exported, with the tag Text, or export it again"
    return Refusal(f"{place}, region {mark.id}", problem, repair)
