"""Quotations of drafts against the articles of a package: words, cuts, speakers, formats of drafts, reports."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from articles import write_package
from conftest import Shell, copy_dataset
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

import broadsheet
from broadsheet import extraction
from broadsheet.errors import PackageError, SourceError
from broadsheet.extraction.speakers.same_name import may_be_body, may_be_person
from broadsheet.findings import codes
from broadsheet.model import Span
from broadsheet.quotations.alignment import fit
from broadsheet.quotations.check import occurrences
from broadsheet.quotations.draft import quotes
from broadsheet.quotations.index import Article, Index, build
from broadsheet.quotations.verdicts import Checked
from broadsheet.quotations.words import words as divide
from broadsheet.storage.staging import state_folder
from broadsheet.workflows.build import build as build_package
from broadsheet.workflows.quotes import Report, check_quotes

OPENS = "We will open the bridge in May if the council agrees to the budget"
SAFE = "I do not believe the old bridge was ever safe for heavy lorries"
GO = "It has to go, and the sooner the better"
TOLD = "The neighbours were told about the colour of the new railings"
LIKE = "and most of them like it well enough"
BRIDGE = f"""Bridge opens in May

The bridge over the harbour will open in May, the city said on Monday.

“{OPENS},” Mayor Tomas Reyes said. “{SAFE}. {GO}.”

“{TOLD},” Ana Lund, a resident, said, “{LIKE}.”

Only some of the workers have returned to the yard, the union said.
"""
HIRED = "and we have hired twelve more sailors"
FERRY = f"""Ferry line gets a second ship

“From June on we sail every hour, {HIRED},” Maria Lindqvist, who runs the line, said.

“{TOLD},” said Peter Aho, an engineer.

The firm wrote: “If the yard closes, Harbour towns of the U.S. will lose their ships.”
"""
Check = Callable[..., Report]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a package of two articles, built as any is."""
    folder = copy_dataset(tmp_path_factory.mktemp("quotes") / "dataset")
    for path in (*(folder / "seeds").iterdir(), *(folder / "corrections").glob("*.csv")):
        path.unlink()
    for name, words in {"bridge": BRIDGE, "ferry": FERRY}.items():
        (folder / "seeds" / f"{name}.txt").write_text(words, encoding="utf-8")
    return build_package(folder).target


@pytest.fixture
def checked(package: Path, tmp_path: Path) -> Check:
    """Return a function that checks a draft."""

    def run(words: str, *, allow_unknown: bool = False) -> Report:
        (tmp_path / "draft.txt").write_text(words, encoding="utf-8")
        return check_quotes([tmp_path / "draft.txt"], package, allow_unknown=allow_unknown, speakers=False)

    return run


def only(report: Report) -> Checked:
    (one,) = report.quotations
    return one


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "draft",
    [
        f"“{OPENS},” he said.",
        f'"{OPENS}," he said.',
        f"«{OPENS}», he said.",
        f"The mayor: „{OPENS}”.",
        f"‘{OPENS},’ he said.",
        f"“{OPENS.upper()}!” he said.",
        "“[W]e will open the bridge in May if the council agrees to the budget,” he said.",
        "“[The city] will open the bridge in May if the council agrees to the budget,” he said.",
        "“We will open the bridge … if the council agrees to the budget,” he said.",
        "“We will open the bridge [...] if the council agrees to the budget,” he said.",
        "“We will open the bridge in May,” he said, “if the council agrees to the budget.”",
        "“We will open the bridge in May if the council\nagrees to the budget,” he said.",
        "“The neighbors were told about the color of the new railings,” she said.",
        f"“{TOLD} {LIKE},” she said.",
        f"“{OPENS}.\n\n“{SAFE}.”",
        f"“{GO},” he said.",
        "“If the yard closes,” the U.S. firm wrote, “Harbour towns of the US will lose their ships.”",
    ],
)
def test_marks_case_spelling_ellipses_brackets_and_line_ends_are_no_difference(checked: Check, draft: str) -> None:
    report = checked(draft)
    assert {one.verdict for one in report.quotations} == {"verbatim"}
    assert report.findings == ()


@pytest.mark.parametrize(
    ("draft", "written", "article"),
    [
        ("“We will open the bridge in June if the council agrees to the budget,” he said.", "June", "May"),
        ("“We will not open the bridge in May if the council agrees to the budget,” he said.", "not", ""),
        ("“I do believe the old bridge was ever safe for heavy lorries,” he said.", "", "not"),
        ("“I do not beleive the old bridge was ever safe for heavy lorries,” he said.", "beleive", "believe"),
    ],
)
def test_words_that_differ_are_named(checked: Check, draft: str, written: str, article: str) -> None:
    report = checked(draft)
    place = only(report).occurrence
    assert only(report).verdict == "changed"
    assert place is not None
    assert [(one.draft, one.article) for one in place.differences] == [(written, article)]
    (found,) = report.findings
    assert (found.code, found.line, found.column_number) == ("BS480", 1, 1)
    assert found.expected is not None
    assert written in found.message


@pytest.mark.parametrize(
    ("draft", "written", "article"),
    [
        (f"“{HIRED}, and all of them young,” she said.", "and all of them young", HIRED),
        (f"“You know me, and {OPENS},” he said.", "You know me, and", OPENS),
    ],
)
def test_words_put_to_a_quotation_do_not_stand_for_what_is_outside_of_it(
    checked: Check, draft: str, written: str, article: str
) -> None:
    report = checked(draft)
    place = only(report).occurrence
    assert place is not None
    assert [(one.draft, one.article) for one in place.differences] == [(written, "")]
    assert (place.passage, place.is_quoted) == (article, True)


@pytest.mark.parametrize(
    "draft",
    [
        "“I do not believe the old bridge was safe ever for heavy lorries,” he said.",
        f"“{GO}. {SAFE},” he said.",
    ],
)
def test_another_order_is_a_change(checked: Check, draft: str) -> None:
    assert only(checked(draft)).verdict == "changed"


def test_words_of_no_article(checked: Check) -> None:
    draft = "“Every second sailor had seen a green elephant on the pier,” he said."
    report = checked(draft)
    assert only(report).verdict == "not in the corpus"
    assert [found.code for found in report.findings] == ["BS483"]
    assert checked(draft, allow_unknown=True).findings == ()


@pytest.mark.parametrize(
    "draft", ["They call it “the old one” here.", "She wrote “The Long Way Home Again” last year."]
)
def test_short_terms_and_titles_are_not_judged(checked: Check, draft: str) -> None:
    report = checked(draft)
    assert only(report).verdict == "not judged"
    assert report.findings == ()


# --- cuts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "lost"),
    [
        ("“We will open the bridge in May,” he said.", "if"),
        ("“believe the old bridge was ever safe,” he said.", "not"),
        ("“I … believe the old bridge was ever safe for heavy lorries,” he said.", "not"),
        ("“most of them like it well enough,” she said.", ""),
        ("“of the workers have returned to the yard,” the union said.", "some"),
        ("“It has to go,” he said.", ""),
        ("He did not “believe the old bridge was ever safe,” he said.", ""),
        ("If the council agrees, “we will open the bridge in May,” he said.", ""),
    ],
)
def test_a_cut_that_turns_the_sense_names_the_word_that_is_lost(checked: Check, draft: str, lost: str) -> None:
    report = checked(draft)
    place = only(report).occurrence
    assert place is not None
    assert place.lost.casefold() == lost
    assert [found.code for found in report.findings] == ["BS481"] * bool(lost)


# --- speakers ---------------------------------------------------------------------------------------------------------

SAID_BY = {
    f"“{GO},” Maria Lindqvist said.": True,
    f"“{GO},” Ms. Lindqvist said.": True,
    f"“{GO},” Tomas Reyes said.": False,
    f"“{GO},” Reyes said.": False,
    f"“{GO},” he said.": False,
    f"“{GO},” an official said.": False,
    f"“{TOLD},” Peter Aho said.": False,
    f"“{TOLD},” Ana Lund said.": False,
    f"“{TOLD},” Tomas Reyes said.": True,
}


@pytest.fixture(scope="module")
def attributed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Return the verdicts on one draft for each attribution; the models are loaded once."""
    folder = tmp_path_factory.mktemp("attributed")
    files = [folder / f"{number}.txt" for number in range(len(SAID_BY))]
    for file, words in zip(files, SAID_BY, strict=True):
        file.write_text(words, encoding="utf-8")
    return check_quotes(files, package)


@pytest.mark.parametrize("draft", SAID_BY)
def test_only_a_contradiction_of_names_is_blamed(attributed: Report, draft: str) -> None:
    number = list(SAID_BY).index(draft)
    one = attributed.quotations[number]
    assert one.verdict == ("said by somebody else" if SAID_BY[draft] else "verbatim")
    own = [found.code for found in attributed.findings if found.path == one.position.path]
    assert own == ["BS482"] * SAID_BY[draft]


def test_the_message_names_both_speakers(attributed: Report) -> None:
    assert "Maria Lindqvist" in attributed.findings[0].message
    assert "Tomas Reyes" in attributed.findings[0].message


UNDOUBTED = [
    f"“{GO},” he said.",
    f"“{GO},” Reyes said.",
    f"Reyes was asked about it.\n\n“{GO},” he said. “{OPENS}.”",
    f"“{TOLD} by Maria Lindqvist,” she said.",
]


@pytest.mark.parametrize("draft", UNDOUBTED)
def test_a_draft_with_no_other_name_beside_a_quotation_is_judged_without_models(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, draft: str
) -> None:
    monkeypatch.setattr(extraction, "claim_reader", lambda: pytest.fail("the reader of claims was loaded"))
    (tmp_path / "draft.txt").write_text(draft, encoding="utf-8")
    report = check_quotes([tmp_path / "draft.txt"], package)
    assert {one.verdict for one in report.quotations} <= {"verbatim", "changed"}


@pytest.mark.parametrize(
    "draft", [f"“{GO},” Mayor Tomas Reyes said on Monday.", f"“{GO},” said the mayor, Tomas Reyes."]
)
def test_the_models_of_names_are_loaded_only_where_the_source_has_another_name(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, draft: str
) -> None:
    monkeypatch.setattr(extraction.Models, "load", lambda: pytest.fail("the models of names were loaded"))
    (tmp_path / "draft.txt").write_text(draft, encoding="utf-8")
    (one,) = check_quotes([tmp_path / "draft.txt"], package).quotations
    assert one.verdict == "verbatim"


@pytest.mark.parametrize(("name", "is_other"), [("Maria Lindqvist", True), ("Petra Somebody", False)])
def test_the_words_of_a_source_are_a_name_where_a_speaker_of_the_corpus_is_called_so(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, is_other: bool
) -> None:
    reader = extraction.claim_reader()
    monkeypatch.setattr(extraction.Models, "load", lambda: None)
    monkeypatch.setattr(extraction, "extract", lambda text, _: extraction.attributed(text, reader))  # finds no names
    (tmp_path / "draft.txt").write_text(f"“{GO},” {name} said.", encoding="utf-8")
    (one,) = check_quotes([tmp_path / "draft.txt"], package).quotations
    assert one.is_misattributed is is_other


@pytest.mark.parametrize(
    ("name", "forms", "may_be"),
    [
        ("Reyes", ["Tomas Reyes"], True),
        ("Tom Reyes", ["Thomas Reyes", "Reyes"], True),
        ("T. Reyes", ["Tomas Reyes"], True),
        ("Ana Reyes", ["Tomas Reyes", "Reyes"], False),
        ("Lund", ["Tomas Reyes"], False),
        ("Tomas Maria Reyes", ["Tomas Reyes"], True),
    ],
)
def test_names_of_one_person(name: str, forms: list[str], may_be: bool) -> None:
    assert may_be_person(name, forms) is may_be


def test_names_of_one_body() -> None:
    assert may_be_body("Harbour Council", ["The Harbour Council of Lund"])
    assert not may_be_body("Ferry Board", ["Harbour Council"])


# --- drafts -----------------------------------------------------------------------------------------------------------

WRONG = "We will open the bridge in June if the council agrees to the budget"


def word_file(*paragraphs: str) -> bytes:
    document = Document()
    for words in paragraphs:
        document.add_paragraph(words)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "line", "column"),
    [
        ("a.txt", f"A draft\n\nHe said: “{WRONG}.”\n".encode(), 3, 10),
        ("a.md", f'---\ntitle: "a title of four words"\n---\n\nHe *said*: “{WRONG}.”\n'.encode(), 5, 12),
        ("a.html", f"<p>A draft</p>\n<p>He said: “{WRONG}.”</p>\n".encode(), 2, 13),
        ("a.docx", word_file("A draft", f"He said: “{WRONG}.”"), 2, 10),
    ],
)
def test_a_finding_is_at_the_line_and_column_of_the_draft(
    package: Path, tmp_path: Path, name: str, data: bytes, line: int, column: int
) -> None:
    (tmp_path / name).write_bytes(data)
    report = check_quotes([tmp_path / name], package, speakers=False)
    places = [(found.code, found.line, found.column_number) for found in report.findings]
    assert places == [("BS480", line, column)]
    assert (tmp_path / name).read_bytes() == data


def zipped(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name.replace("_", "/"), data)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.docx", b"no archive", "not a .docx file"),
        ("a.docx", zipped(other=b"x"), "no word/document.xml"),
        ("a.docx", zipped(**{"word_document.xml": b"0" * 200_000_000}), "expands to"),
        ("a.txt", b"\x00\x01\x02" * 40, ""),
        ("a.odt", b"words", "suffix .odt"),
    ],
)
def test_a_draft_that_cannot_be_read_is_a_finding(
    package: Path, tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "b.txt").write_text(f"“{OPENS},” he said.\n", encoding="utf-8")
    report = check_quotes([tmp_path / name, tmp_path / "b.txt"], package, speakers=False)
    assert [found.code for found in report.findings] == ["BS484"]
    assert says in report.findings[0].message
    assert only(report).verdict == "verbatim"


def test_a_word_file_is_read_with_tables_and_without_what_was_deleted(package: Path, tmp_path: Path) -> None:
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = f"“{OPENS},” he said."
    paragraph = document.add_paragraph("“We will open the bridge in ")
    paragraph.add_run("June ")
    paragraph.add_run("May if the council agrees to the budget,” he said.")
    run = paragraph.runs[1]._element
    deleted = run.makeelement(run.tag.replace("}r", "}del"), {})
    run.getparent().replace(run, deleted)
    deleted.append(run)
    for words in run.iter(run.tag.replace("}r", "}t")):
        words.tag = run.tag.replace("}r", "}delText")
    document.save(str(tmp_path / "a.docx"))
    report = check_quotes([tmp_path / "a.docx"], package, speakers=False)
    assert [one.verdict for one in report.quotations] == ["verbatim", "verbatim"]


def test_an_entity_of_a_word_file_is_not_expanded(package: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(f"“{WRONG},” he said.")
    members = {}
    with zipfile.ZipFile(io.BytesIO(word_file("HERE"))) as file:
        members = {name: file.read(name) for name in file.namelist()}
    page = members["word/document.xml"].split(b"?>", 1)[1].replace(b"HERE", b"&secret;")
    kind = f'<!DOCTYPE a [<!ENTITY secret SYSTEM "{tmp_path / "secret.txt"}">]>'.encode()
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as file:
        for name, data in (members | {"word/document.xml": b'<?xml version="1.0"?>' + kind + page}).items():
            file.writestr(name, data)
    report = check_quotes([tmp_path / "a.docx"], package, speakers=False)
    assert report.quotations == ()


def test_a_draft_that_does_not_exist_stops_the_work(package: Path, tmp_path: Path) -> None:
    for name in ("none.txt", "none.docx"):
        with pytest.raises(SourceError):
            check_quotes([tmp_path / name], package, speakers=False)


# --- the package ------------------------------------------------------------------------------------------------------


def test_texts_that_are_withheld_are_named(tmp_path: Path) -> None:
    import polars as pl
    from articles import ABOUT, frames

    from broadsheet.packages import writing
    from broadsheet.schema import load_schemas

    (tmp_path / "a.txt").write_text("“We will wait for a better day,” he said.\n", encoding="utf-8")
    for name, documents in {"some": ("ferry", "tolls"), "none": ("ferry",)}.items():
        bare = frames(*documents)
        is_bare = pl.col("document_id") == "ferry"
        for table in ("documents", "paragraphs"):
            bare[table] = bare[table].with_columns(text=pl.when(~is_bare).then("text"))
        (tmp_path / name).mkdir()
        writing.package([bare], tmp_path / name, schemas=load_schemas(), about=ABOUT)
    report = check_quotes([tmp_path / "a.txt"], tmp_path / "some", speakers=False)
    assert report.withheld == ("ferry",)
    assert [found.code for found in report.findings] == ["BS485", "BS483"]
    assert "1 of 2 articles" in report.findings[0].message
    with pytest.raises(PackageError, match="no article has its text"):
        check_quotes([tmp_path / "a.txt"], tmp_path / "none", speakers=False)


def test_the_index_is_kept_under_the_digest_of_the_package(tmp_path: Path) -> None:
    package = write_package(tmp_path / "build", "ferry")
    (tmp_path / "a.txt").write_text("Nothing is quoted.\n", encoding="utf-8")
    check_quotes([tmp_path / "a.txt"], package)
    place = state_folder(package).folder
    assert not place.exists()  # without a state folder the index stays in memory
    place.mkdir()
    check_quotes([tmp_path / "a.txt"], package)
    (first,) = place.iterdir()
    made = first.stat().st_mtime_ns
    check_quotes([tmp_path / "a.txt"], package)
    assert [one.stat().st_mtime_ns for one in place.iterdir()] == [made]
    (first / "tokens.npy").write_bytes(b"damaged")
    check_quotes([tmp_path / "a.txt"], package)
    (package / "SHA256SUMS").write_text((package / "SHA256SUMS").read_text() + "\n")
    check_quotes([tmp_path / "a.txt"], package)
    (second,) = place.iterdir()
    assert second.name != first.name
    assert Index.open(second).article(0).document_id == "ferry"


# --- laws -------------------------------------------------------------------------------------------------------------

WORDS = st.lists(st.sampled_from("abcde"), min_size=1, max_size=12)


@given(st.text(alphabet="aB’'. ,1é%²ü\n", max_size=40))
def test_the_index_has_every_word_where_it_is(text: str) -> None:
    made = build([Article("a", "Before."), Article("b", text)])
    low, high = made.first[1:3]
    places = zip(made.tokens[low:high], made.starts[low:high], made.ends[low:high], strict=True)
    assert [tuple(map(int, one)) for one in places] == [(made.code(w.key), w.start, w.end) for w in divide(text)]


@settings(deadline=None)
@given(WORDS, WORDS, WORDS)
def test_the_fit_has_the_fewest_edits_of_all_stretches(wanted: list[str], before: list[str], after: list[str]) -> None:
    tokens = [*before, *wanted[1:], *after]
    numbers = np.array([ord(word) for word in tokens])
    codes_ = [ord(word) for word in wanted]
    found = fit(codes_, numbers)
    stretches = (tokens[low:high] for low in range(len(tokens) + 1) for high in range(low, len(tokens) + 1))
    assert found.size >= min(Levenshtein.distance(wanted, one) for one in stretches)
    assert Levenshtein.distance(wanted, tokens[found.start : found.end]) == min(
        Levenshtein.distance(wanted, tokens[low:high])
        for low in range(len(tokens) + 1)
        for high in range(low, len(tokens) + 1)
    )


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(4, 30))
def test_every_stretch_of_an_article_is_verbatim_where_it_is(first: int, size: int) -> None:
    words = " ".join(f"w{number % 17}" for number in range(80))
    quoted = " ".join(words.split()[first : first + size])
    article = Article("a", f"“{words}”", ((Span(0, len(words) + 2),),))
    draft = f"“{quoted}”"
    (quote,) = quotes(draft, [(0, len(draft), False)])
    found = occurrences(draft, quote, build([article]))
    assert found
    assert found[0].faults == (0, False)
    assert found[0].passage.split() == quoted.split()


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_reports_in_every_format_and_exits_1(shell: Shell, package: Path, tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "a.md").write_text(f"He said: “{WRONG}.”\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text(f"“{OPENS},” he said.\n", encoding="utf-8")
    where = ["--package", str(package), "--no-speakers"]
    files = [f"--format={form}={tmp_path / form}" for form in ("json", "sarif", "markdown", "junit")]
    done = shell("quotes", "drafts/a.md", "b.txt", *where, *files, "--format", "human", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "error BS480 quotation-changed: drafts/a.md:1:10" in done.stdout
    assert "Quotations: 1 changed, 1 verbatim" in done.stdout
    (result,) = json.loads((tmp_path / "sarif").read_text())["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("drafts/a.md", 1)
    assert place["region"]["startColumn"] == 10
    report = json.loads((tmp_path / "json").read_text())
    assert report["sections"][0]["rows"][1][:2] == ["b.txt:1:1", "verbatim"]
    assert "BS480" in (tmp_path / "markdown").read_text()
    assert shell("quotes", "b.txt", *where, cwd=tmp_path).returncode == 0
    assert shell("quotes", "none.txt", *where, cwd=tmp_path).returncode == 3


def test_the_verb_is_public() -> None:
    assert broadsheet.check_quotes is check_quotes
    assert {"BS480", "BS481", "BS482", "BS483", "BS484", "BS485"} <= set(codes())
