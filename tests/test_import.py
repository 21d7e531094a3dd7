"""Annotations that were corrected elsewhere become decisions: those changes and no others."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import Shell

from broadsheet.exchange import Dataset, MarkedArticle, MarkedClaim, MarkedMention, exchange_format, marked_articles
from broadsheet.exchange.articles import in_order
from broadsheet.model import Attribution, Span
from broadsheet.packages import load
from broadsheet.project import open_project
from broadsheet.workflows.export import exchanged
from broadsheet.workflows.import_annotations import Imported, import_annotations

SIGNED = ("--reason", "read again", "--author", "A. Editor", "--date", "2026-01-31")
FILES = {"brat": "*.ann", "label_studio": "label-studio.json", "doccano": "doccano.jsonl"}


def package(dataset: Path) -> tuple[Dataset, MarkedArticle]:
    """Return the only article of a built dataset, as it is exchanged."""
    frames = exchanged(load(dataset / "build"))
    about = Dataset.of(load(dataset / "build").descriptor, frames)
    (article,) = marked_articles(frames, about)
    return about, article


def write(form: str, dataset: Path, article: MarkedArticle) -> list[str]:
    """Write an article as a tool would export it; return the paths of its annotations."""
    about, _ = package(dataset)
    folder = dataset / "annotated"
    folder.mkdir(exist_ok=True)
    for name in {name: "" for name, _ in exchange_format(form).write(about, [article])}:
        pieces = [words for path, words in exchange_format(form).write(about, [article]) if path == name]
        (folder / name).write_text("".join(pieces), encoding="utf-8", newline="")
    return [str(path.relative_to(dataset)) for path in sorted(folder.glob(FILES[form]))]


def rows(dataset: Path, name: str) -> list[dict[str, str]]:
    path = dataset / "corrections" / name
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))) if path.exists() else []


def said(article: MarkedArticle) -> tuple[set[tuple[Span, str, str | None]], set[tuple[Attribution, str, str | None]]]:
    """Return what an article's annotations say, without the parties of its claims, which follow from the rest."""
    named = {(one.span, one.type, one.entity) for one in article.mentions}
    return named, {(one.attribution, one.kind, one.stance) for one in article.claims}


@pytest.mark.parametrize("form", sorted(FILES))
def test_what_was_not_edited_is_no_decision(form: str, built_dataset: Path, shell: Shell) -> None:
    folder = built_dataset / "dist" / form.replace("_", "-")
    exported = shell("export", form.replace("_", "-"), cwd=built_dataset)
    assert exported.returncode == 0, exported.stderr
    done = shell("import", *map(str, folder.glob(FILES[form])), *SIGNED, cwd=built_dataset)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "articles compared: 1; changes: 0" in done.stderr
    assert rows(built_dataset, "mentions.csv") == rows(built_dataset, "claims.csv") == []


def edited(article: MarkedArticle) -> MarkedArticle:
    """Return an article with seven edits.

    Of mentions one is dropped, one has another type, one is shorter, one is new; of claims one is dropped, one has
    another stance, one has no source any more and a shorter content.
    """
    claims = [one for one in article.claims if len(one.attribution.content) == 1 and one.attribution.source]
    dropped, denied, shorter = claims[:3]
    kept = [one for one in article.claims if one not in (dropped, denied, shorter)]
    stance = next(stance for stance in ("denies", "plans") if stance != denied.stance)
    kept += [replace(denied, stance=stance), shortened(str(article.text), shorter)]
    return replace(article, mentions=edited_mentions(article), claims=in_order(kept))


def edited_mentions(article: MarkedArticle) -> tuple[MarkedMention, ...]:
    text = str(article.text)
    counts = Counter(one.entity for one in article.mentions)
    often = [one for one in article.mentions if counts[one.entity] > 2]
    dropped = often[0]
    retyped = next(one for one in often if one.entity != dropped.entity)
    longer = next(one for one in article.mentions if one not in (dropped, retyped) and " " in one.span.slice(text))
    shorter = replace(longer, span=Span(text.index(" ", longer.span.start) + 1, longer.span.end))
    new = MarkedMention(Span(text.index("the "), text.index("the ") + 3), "EVENT", "The Thing")
    kept = [one for one in article.mentions if one not in (dropped, retyped, longer)]
    return tuple(sorted([*kept, replace(retyped, type="PRODUCT"), shorter, new], key=lambda one: one.span))


def shortened(text: str, claim: MarkedClaim) -> MarkedClaim:
    """Return a claim without its source and without the last word of its content."""
    (content,) = claim.attribution.content
    end = text.rindex(" ", content.start, content.end)
    return replace(claim, attribution=Attribution((), claim.attribution.cue, (Span(content.start, end),)))


@pytest.mark.parametrize("form", ["brat", "label_studio"])
def test_the_next_build_has_exactly_what_was_edited(form: str, built_dataset: Path, shell: Shell) -> None:
    _, before = package(built_dataset)
    wanted = edited(before)
    files = write(form, built_dataset, wanted)
    done = shell("import", *files, *SIGNED, cwd=built_dataset)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 7
    again = shell("import", *files, *SIGNED, cwd=built_dataset)
    assert "changes: 0, and 7 that corrections/ has already" in again.stderr
    built = shell("build", "--strict", cwd=built_dataset)
    assert built.returncode == 0, built.stderr
    _, after = package(built_dataset)
    named, claims = said(after)
    named_wanted, claims_wanted = said(wanted)
    assert claims == claims_wanted
    assert {one[:2] for one in named} == {one[:2] for one in named_wanted}


def take(dataset: Path, *files: str, dry_run: bool = False) -> Imported:
    signed = {"reason": "read again", "author": "A. Editor", "date": "2026-01-31"}
    return import_annotations(open_project(dataset), [dataset / file for file in files], signed, dry_run=dry_run)


def refused(dataset: Path, name: str, words: str) -> list[str]:
    """Return what is refused in a file, without the folder it is in."""
    (dataset / name).write_text(words, encoding="utf-8")
    done = take(dataset, name)
    assert rows(dataset, "claims.csv") == rows(dataset, "mentions.csv") == []
    assert all(one.repair for one in done.refusals)
    return [f"{one.place}: {one.problem}".replace(f"{dataset}/", "") for one in done.refusals]


def test_a_type_that_all_mentions_of_an_entity_get_is_one_decision(built_dataset: Path) -> None:
    _, article = package(built_dataset)
    entity, _ = Counter(one.entity for one in article.mentions).most_common(1)[0]
    mentions = tuple(replace(one, type="EVENT") if one.entity == entity else one for one in article.mentions)
    done = take(built_dataset, *write("brat", built_dataset, replace(article, mentions=mentions)))
    assert done.changes == (f"{entity} has the type EVENT",)
    (row,) = rows(built_dataset, "entities.csv")
    assert (row["action"], row["entity"], row["value"]) == ("retype", entity, "EVENT")


def test_mentions_that_mean_another_entity_of_another_type_do_not_change_the_type_of_theirs(
    built_dataset: Path,
) -> None:
    _, article = package(built_dataset)
    person = next(str(one.entity) for one in article.mentions if one.type == "PERSON")
    body, count = Counter(str(one.entity) for one in article.mentions if one.type == "ORG").most_common(1)[0]
    mentions = tuple(
        replace(one, entity=person, type="PERSON") if one.entity == body else one for one in article.mentions
    )
    take(built_dataset, *write("brat", built_dataset, replace(article, mentions=mentions)))
    assert rows(built_dataset, "entities.csv") == []
    found = [(row["action"], row["entity"], row["type"]) for row in rows(built_dataset, "mentions.csv")]
    assert found == [("relink", person, "")] * count


def test_a_mention_and_a_party_mean_whom_the_note_names(built_dataset: Path) -> None:
    _, article = package(built_dataset)
    counts = Counter(one.entity for one in article.mentions if one.type == "PERSON")
    first, second = (str(entity) for entity, _ in counts.most_common(2))
    mention = next(one for one in article.mentions if one.entity == first)
    claim = article.claims[0]
    mentions = tuple(replace(one, entity=second) if one is mention else one for one in article.mentions)
    claims = (replace(claim, parties={"source_entity": "-", "reported_via": second}), *article.claims[1:])
    take(built_dataset, *write("label_studio", built_dataset, replace(article, mentions=mentions, claims=claims)))
    (relinked,) = rows(built_dataset, "mentions.csv")
    assert (relinked["action"], relinked["entity"], relinked["type"]) == ("relink", second, "")
    (changed,) = rows(built_dataset, "claims.csv")
    assert (changed["action"], changed["reported_via"]) == ("change", second)


def test_a_claim_that_loses_its_source_keeps_its_kind(built_dataset: Path) -> None:
    """Without a source the words alone would make a report of it."""
    _, article = package(built_dataset)
    claim = next(one for one in article.claims if one.attribution.source)
    alone = replace(claim, attribution=replace(claim.attribution, source=()))
    claims = in_order(alone if one is claim else one for one in article.claims)
    take(built_dataset, *write("brat", built_dataset, replace(article, claims=claims)))
    (row,) = rows(built_dataset, "claims.csv")
    assert (row["source"], row["kind"], row["stance"]) == ("-", claim.kind, claim.stance)


def test_a_part_that_ends_inside_a_word_is_not_taken(built_dataset: Path) -> None:
    _, article = package(built_dataset)
    claim = next(one for one in article.claims if one.attribution.content[-1].slice(str(article.text))[-4:].isalpha())
    *before, last = claim.attribution.content
    torn = replace(claim, attribution=replace(claim.attribution, content=(*before, Span(last.start, last.end - 2))))
    claims = in_order(torn if one is claim else one for one in article.claims)
    done = take(built_dataset, *write("brat", built_dataset, replace(article, claims=claims)))
    assert "has only a part of the word" in done.refusals[0].problem
    assert rows(built_dataset, "claims.csv") == []


def test_a_dry_run_writes_nothing(built_dataset: Path) -> None:
    _, article = package(built_dataset)
    done = take(built_dataset, *write("doccano", built_dataset, edited(article)), dry_run=True)
    assert len(done.changes) == 7
    assert {name: len(lines) for name, lines in done.written.items()} == {"mentions.csv": 4, "claims.csv": 3}
    assert rows(built_dataset, "claims.csv") == rows(built_dataset, "mentions.csv") == []


def test_what_is_decided_already_is_not_decided_otherwise(built_dataset: Path) -> None:
    _, article = package(built_dataset)
    first, *rest = article.mentions
    take(built_dataset, *write("brat", built_dataset, replace(article, mentions=tuple(rest))))
    again = replace(first, type="EVENT", entity="Something else")
    done = take(built_dataset, *write("brat", built_dataset, replace(article, mentions=(again, *rest))))
    (refusal,) = done.refusals
    assert "corrections/mentions.csv:2 decides about the same words" in refusal.problem
    assert len(rows(built_dataset, "mentions.csv")) == 1


def task(dataset: Path, change: Callable[[dict[str, Any]], None]) -> str:
    """Return the article as a task of Label Studio, changed."""
    _, article = package(dataset)
    (file,) = write("label_studio", dataset, article)
    tasks = json.loads((dataset / file).read_text(encoding="utf-8"))
    change(tasks[0])
    return json.dumps(tasks)


TASKS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "another text": (
        lambda t: t["data"].update(text=t["data"]["text"] + "."),
        "a.json: its text differs from the package in line ",
    ),
    "no article": (lambda t: t["data"].update(document_id="ferry"), "a.json: there is no article 'ferry' in the "),
    "no id": (lambda t: t["data"].pop("document_id"), "a.json: task 1: it has no document_id"),
    "two": (lambda t: t["annotations"].append({}), "a.json: task 1: it has 2 annotations, expected one"),
    "a label": (
        lambda t: t["annotations"][0]["result"].append(
            {"type": "labels", "id": "x", "value": {"start": 0, "end": 1, "labels": ["SHIP"]}}
        ),
        "a.json: task 1, region x: the label 'SHIP' is not known",
    ),
    "a part": (
        lambda t: t["annotations"][0]["result"].append(
            {"type": "labels", "id": "x", "value": {"start": 0, "end": 1, "labels": ["source"]}}
        ),
        "a.json: task 1, region x: no claim has this source",
    ),
    "a place": (
        lambda t: t["annotations"][0]["result"].append(
            {"type": "labels", "id": "x", "value": {"start": 0, "end": 4, "text": "??", "labels": ["ORG"]}}
        ),
        "a.json: task 1, region x: '??' is not at 0 to 4 of the text",
    ),
    "a kind of value": (
        lambda t: t.update(annotations="none"),
        "a.json: it is not what label studio writes: Expected `array`, got `str` - at `$[0].annotations`",
    ),
}


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_task_that_cannot_be_taken_is_listed_with_its_place(name: str, built_dataset: Path) -> None:
    change, problem = TASKS[name]
    assert refused(built_dataset, "a.json", task(built_dataset, change))[0].startswith(problem)


@pytest.mark.parametrize(
    ("name", "words", "problem"),
    [
        ("a.json", "[" * 100_000, "a.json: it is not what label studio writes"),
        ("a.json", "{", "a.json: it is not what label studio writes: Expecting property name"),
        (
            "a.json",
            '[{"data": 1, "data": 2}]',
            "a.json: it is not what label studio writes: the key 'data' is there",
        ),
        ("a.jsonl", '{"text": 7}', "a.jsonl: it is not what doccano writes: Expected `str`, got `int` - at `$.text`"),
        ("a.ann", "T1\tORG 0 99999999999999999999\tx", "a.ann:1: the offsets 0 99999999999999999999 are too large"),
        ("a.ann", "E1\tspeech:T9 source:T1", "a.ann:1: the argument source:T1 is not a source or content"),
        ("a.ann", "E1\tspeech:T9", "a.ann:1: speech:T9 is not a claim"),
        ("a.ann", "Z", "a.ann:1: 'Z' is not a line of brat's stand-off format"),
        ("a.ann", "T1\tSHIP 0 4\tword", "a.ann:1: the label 'SHIP' is not known"),
        ("a.ann", "T1\tORG 0 2;4 6\tword", "a.ann:1: a mention is one stretch of text"),
        ("a.ann", "T1\tcontent 0 2\two", "a.ann:1: no event has this content"),
    ],
)
def test_a_damaged_file_is_listed_with_its_place(name: str, words: str, problem: str, built_dataset: Path) -> None:
    assert refused(built_dataset, name, words)[0].startswith(problem)


def test_a_link_is_not_followed(built_dataset: Path) -> None:
    (built_dataset / "a.json").symlink_to("/etc/passwd")
    (refusal,) = take(built_dataset, "a.json").refusals
    assert "it cannot be read: it is, or lies behind, a link" in refusal.problem


def test_an_ending_that_is_not_known_is_an_error(built_dataset: Path, shell: Shell) -> None:
    (built_dataset / "a.xml").write_text("<a/>", encoding="utf-8")
    done = shell("import", "a.xml", *SIGNED, cwd=built_dataset)
    assert (done.returncode, done.stderr.splitlines()[0]) == (3, "error: a.xml: '.xml' is not known")


def test_an_article_is_not_taken_while_some_of_its_annotations_are_not(built_dataset: Path, shell: Shell) -> None:
    """An annotation that is not understood would else be a row that was removed."""
    _, article = package(built_dataset)
    (file,) = write("brat", built_dataset, replace(article, mentions=article.mentions[1:]))
    with (built_dataset / file).open("a", encoding="utf-8") as handle:
        handle.write("T999\tSHIP 0 1\n")
    done = shell("import", file, *SIGNED, cwd=built_dataset)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"not taken: {file}:" in done.stderr
    assert "  mend: use one of PERSON" in done.stderr
    assert "nothing of" in done.stderr
    assert rows(built_dataset, "mentions.csv") == []


def test_damaged_annotations_are_never_a_bug(built_dataset: Path) -> None:
    """Bytes of good files are lost, doubled and changed; each is taken or refused."""
    random = Random(5)
    _, article = package(built_dataset)
    (built_dataset / "corrections").rename(built_dataset / "before")
    for form in FILES:
        (file,) = write(form, built_dataset, article)
        good = (built_dataset / file).read_bytes()
        for _ in range(15):
            data = bytearray(good)
            for _ in range(random.randint(1, 4)):
                at = random.randrange(len(data))
                data[at : at + random.randint(0, 3)] = random.choice([b"", b"}", b"\t", b"9", b"\xff", b"[[", b"-1"])
            (built_dataset / file).write_bytes(data)
            done = take(built_dataset, file, dry_run=True)
            assert done.refusals or done.articles == 1
