"""What a user sees of a package in the terminal: stats, search, list and show."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from articles import ABOUT, frames, write_package
from conftest import Shell

from broadsheet.errors import ProjectError
from broadsheet.packages import Tables, load, writing
from broadsheet.reports import Section
from broadsheet.schema import load_schemas
from broadsheet.storage.staging import state_folder
from broadsheet.workflows.build import build
from broadsheet.workflows.build_changes import record_replaced
from broadsheet.workflows.listing import listed
from broadsheet.workflows.near_claims import near_claims
from broadsheet.workflows.search import search
from broadsheet.workflows.show import entity, find, sentences
from broadsheet.workflows.stats import stats

HAFTAR = "khalifa-haftar.person"


@pytest.fixture(scope="module")
def tables(built: Path) -> Tables:
    return load(built)


# --- search -----------------------------------------------------------------------------------------------------------


def test_each_kind_of_row_is_found_and_marked_where_the_words_are(built: Path, tables: Tables) -> None:
    found = search(built, "wagner fighters", 10)
    count, hits = found["text"]
    assert count == len(hits) > 0
    texts = dict(tables.documents.select("document_id", "text").collect().iter_rows())
    for hit in hits:
        marked = [texts[hit.row_id.partition("#")[0]][start:end].lower() for start, end, _ in hit.marks]
        assert {"wagner", "fighters"} <= set(marked)
    _, claims = found["claim"]
    assert claims
    assert {sign for hit in claims for _, _, sign in hit.marks} == {"s", "c", "~"}


def test_case_and_accents_make_no_difference_and_forms_lead_to_the_entity(built: Path) -> None:
    plain, other = search(built, "haftar", 50), search(built, "HÁFTAR", 50)
    assert plain == other
    _, misspelt = search(built, "Hafter", 5)["name"]
    assert HAFTAR in [hit.row_id for hit in misspelt]


def test_phrases_and_beginnings(built: Path) -> None:
    apart, _ = search(built, "army national", 1)["text"]
    together, _ = search(built, '"national army"', 1)["text"]
    reversed_, _ = search(built, '"army national"', 1)["text"]
    assert apart >= together > reversed_ == 0
    assert search(built, "russ*", 1)["text"][0] > search(built, "russia", 1)["text"][0]


@pytest.mark.parametrize("words", ["OR", "a AND (b", 'x" OR "y', "NEAR(a b)", "text:oil", "-oil", "^oil", "C++"])
def test_no_word_is_an_operator(built: Path, words: str) -> None:
    assert set(search(built, words, 1)) == {"name", "claim", "text"}


def test_search_shows_controls_and_bidi_marks_of_a_title_as_escapes(shell: Shell, tmp_path: Path) -> None:
    titled = {**(found := frames("ferry")), "documents": found["documents"].with_columns(title=pl.lit("\x1b[2J\u202e"))}
    writing.package([titled], tmp_path, schemas=load_schemas(), about=ABOUT)
    done = shell("search", "ferry", "--package", str(tmp_path), cwd=tmp_path)
    assert r"  \x1b[2J\u202e" in done.stdout
    assert {"\x1b", "\u202e"}.isdisjoint(done.stdout)


def test_without_a_word_there_is_nothing_to_search_for(built: Path) -> None:
    with pytest.raises(ProjectError, match="contains no word"):
        search(built, "… *", 1)


def test_the_index_follows_the_package(built: Path, tmp_path: Path) -> None:
    package = shutil.copytree(built, tmp_path / "build")
    place = state_folder(package).folder
    assert search(package, "libya", 1)["text"][0]
    assert not place.exists()  # without a state folder the index stays in memory
    place.mkdir()
    first = search(package, "libya", 3)
    made = (place / "search.sqlite").read_bytes()
    assert search(package, "libya", 3) == first
    assert (place / "search.sqlite").read_bytes() == made
    (place / "search.sqlite").write_bytes(b"not a database")
    assert search(package, "libya", 3) == first
    sums = (package / "SHA256SUMS").read_text()
    (package / "SHA256SUMS").write_text(sums + "\n")
    assert search(package, "libya", 3) == first
    assert (place / "search.sqlite").read_bytes() != made


# --- which row is meant -----------------------------------------------------------------------------------------------


def test_an_id_its_beginning_and_a_name_lead_to_the_row(tables: Tables) -> None:
    claim = tables.claims.select("claim_id").collect().item(0, 0)
    document = claim.partition("#")[0]
    assert find(tables, claim) == claim
    assert find(tables, document) == find(tables, document[:3]) == document
    assert find(tables, "khalifa-h") == find(tables, "HAFTAR") == entity(tables, "Khalifa Haftar") == HAFTAR


@pytest.mark.parametrize(
    ("words", "says", "repair"),
    [
        ("Haftr", "no row has the id or the name 'Haftr'", f"did you mean {HAFTAR}"),
        ("qqqqqqqq", "no row has the id or the name 'qqqqqqqq'", "broadsheet search WORDS"),
        ("00", "'00' can mean 5 rows", "name one of them: 000-"),
    ],
)
def test_what_is_not_one_row_names_those_that_may_be_meant(tables: Tables, words: str, says: str, repair: str) -> None:
    with pytest.raises(ProjectError) as refused:
        find(tables, words)
    assert refused.value.message == says
    assert repair in refused.value.repair


def test_an_article_is_shown_with_its_paragraphs_entities_and_claims(built: Path, tables: Tables, shell: Shell) -> None:
    document, paragraphs = tables.documents.select("document_id", "paragraph_count").collect().row(0)
    done = shell("show", document, "--package", str(built), cwd=built)
    assert done.returncode == 0, done.stderr
    claims = tables.claims.filter(pl.col("document_id") == document).collect()
    assert f"  {paragraphs} paragraphs\n" in done.stdout
    assert f"{HAFTAR} ×" in done.stdout
    assert all(claim in done.stdout for claim in claims["claim_id"])
    assert f"  {claims.height} claims (s source, c cue, ~ content)\n" in done.stdout


def test_an_entity_is_shown_with_its_first_mentions(built: Path, shell: Shell) -> None:
    done = shell("show", "Haftar", "--package", str(built), cwd=built)
    assert done.stdout.count("(exact)") + done.stdout.count("(partial)") + done.stdout.count("(spelling)") == 20
    assert f" more mentions; broadsheet list articles --about {HAFTAR}" in done.stdout


def test_near_claims_share_rare_words_and_are_of_other_articles() -> None:
    said = {
        "a1": "the ferry to Tarnholm sails again in spring",
        "b1": "in spring the Tarnholm ferry is back",
        "b2": "taxes rise in spring",
        "c1": "nobody was hurt",
    }
    rows = {"claim_id": [*said], "document_id": [name[0] for name in said], "content_text": [*said.values()]}
    claims = pl.LazyFrame(rows | {"duplicate_of": pl.Series([None] * len(said), dtype=pl.String)})
    found = near_claims(claims, "a1")
    assert found["claim_id"].to_list() == ["b1"]
    assert 0.3 <= found["nearness"][0] < 1
    assert near_claims(claims, "c1").height == 0
    assert near_claims(claims, "nothing").height == 0


def test_show_names_near_claims_where_asked(built: Path, tables: Tables, shell: Shell) -> None:
    claim = tables.claims.select("claim_id").collect().item(0, 0)
    assert "near" not in shell("show", claim, "--package", str(built), cwd=built).stdout
    assert "\n  near" in shell("show", claim, "--near", "--package", str(built), cwd=built).stdout


def test_only_the_sentences_of_the_marks_are_shown() -> None:
    passage = "It rained. The ferry sailed at nine, he said. It came back."
    start = passage.index("he said")
    (line, signs) = sentences(passage, 100, [(100 + start, 100 + start + 2, "s"), (103 + start, 107 + start, "c")])
    assert line == "  The ferry sailed at nine, he said."
    assert signs.split() == ["ss", "cccc"]
    assert list(sentences(passage, 100, [(0, 50, "s"), (200, 210, "c")])) == []


# --- list and stats ---------------------------------------------------------------------------------------------------


def test_entities_are_listed_by_how_often_they_are_named(tables: Tables) -> None:
    found = listed(tables, "entities", entity=None, limit=7)
    counts = [int(row[found.columns.index("mention_count")]) for row in found.rows]
    assert len(counts) == 7
    assert counts == sorted(counts, reverse=True)
    assert found.total == tables.entities.select(pl.len()).collect().item()


def test_a_list_about_an_entity_has_what_names_it(tables: Tables) -> None:
    articles = listed(tables, "articles", entity="wagner-group.org", limit=100)
    mentions = tables.mentions.filter(pl.col("entity_id") == "wagner-group.org").collect()
    assert {row[0] for row in articles.rows} == set(mentions["document_id"])
    claims = listed(tables, "claims", entity=HAFTAR, limit=1000)
    sources = tables.claims.filter(pl.col("source_entity_id") == HAFTAR).collect()
    assert set(sources["claim_id"]) < {row[0] for row in claims.rows}
    beside = listed(tables, "entities", entity=HAFTAR, limit=5)
    assert HAFTAR not in {row[0] for row in beside.rows}
    assert beside.rows


def test_the_counts_are_those_of_the_tables(built: Path, tables: Tables) -> None:
    sections = {section.title: {row[0]: row[1] for row in section.rows} for section in stats(built)}
    assert sections["Inputs"]["articles"] == str(tables.documents.select(pl.len()).collect().item())
    claims = tables.claims.select(pl.len()).collect().item()
    for column in ("kind", "stance", "quote"):
        assert sum(map(int, sections[f"Claims by {column}"].values())) == claims


def replaced(place: Path, before: tuple[str, ...], after: tuple[str, ...]) -> dict[str, Section]:
    """Return the stats of a package that replaced another, by the titles of the sections."""
    old, new = (write_package(place / name, *articles) for name, articles in (("build", before), ("new", after)))
    state_folder(old).folder.mkdir()
    record_replaced(old, new)
    shutil.rmtree(old)
    new.rename(old)
    return {section.title: section for section in stats(old)}


def test_what_a_build_changed_is_counted_and_named(tmp_path: Path) -> None:
    sections = replaced(tmp_path, ("ferry", "harbour"), ("ferry", "canal"))
    named = sections["Articles and entities since the build before"]
    assert named.rows == (("new article", "canal"), ("article gone", "harbour"))
    assert "Rows since the build before" not in sections
    again = replaced(tmp_path / "more", ("ferry",), ("ferry", *(f"canal-{n:02}" for n in range(12))))
    assert ("documents", "1", "13") in again["Rows since the build before"].rows
    assert again["Articles and entities since the build before"].rows[-1] == ("new article", "2 more")


def test_a_build_that_changes_nothing_leaves_what_the_build_before_changed(tmp_path: Path) -> None:
    replaced(tmp_path, ("ferry",), ("ferry", "canal"))
    known = stats(tmp_path / "build")
    assert known[-1].rows == (("new article", "canal"),)
    same = write_package(tmp_path / "again", "ferry", "canal")
    record_replaced(tmp_path / "build", same)
    assert stats(tmp_path / "build") == known
    other = write_package(tmp_path / "other", "ferry")
    record_replaced(tmp_path / "build", other)  # and it is not put there
    assert "since" not in " ".join(section.title for section in stats(tmp_path / "build"))


def test_the_package_that_a_build_replaces_is_recorded(dataset: Path) -> None:
    build(dataset)
    first = next((dataset / "seeds").iterdir())
    first.write_bytes(first.read_bytes() + b"\nThe ferry of Mayor Reyes sailed again.\n")
    build(dataset)
    assert ("edited article", first.stem.replace("_", "-")) in stats(dataset / "build")[-1].rows


def test_the_commands_print_their_tables(built: Path, shell: Shell) -> None:
    counted = shell("stats", str(built), cwd=built)
    assert counted.returncode == 0, counted.stderr
    assert counted.stdout.startswith("Inputs\n  input")
    about = shell("list", "claims", "--about", "Haftar", "--limit", "2", "--package", str(built), cwd=built)
    assert about.stdout.splitlines()[0].endswith("claims, the first 2; --limit shows more")
    assert len(about.stdout.splitlines()) == 4
    denied = shell("list", "claims", "--stance", "denies", "--confidence", "sure", "--package", str(built), cwd=built)
    assert denied.stdout.count(" denies ") == denied.stdout.count(" sure ") == len(denied.stdout.splitlines()) - 2 > 0
    refused = shell("list", "articles", "--stance", "denies", "--package", str(built), cwd=built)
    assert (refused.returncode, "list claims with --stance" in refused.stderr) == (2, True)
    found = shell("search", "wagner", "--limit", "1", "--package", str(built), cwd=built)
    assert [line.split(":")[0] for line in found.stdout.splitlines() if not line.startswith(" ")] == [
        "name",
        "claim",
        "text",
    ]
    nothing = shell("search", "qqqqqqqq", "--package", str(built), cwd=built)
    assert nothing.returncode == 1
    assert "`word*`" in nothing.stdout
