"""The report: one page, made from a package, as a real browser shows it."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from browser import PHONE, Browser, browser
from conftest import ROOT, Shell, copy_dataset

from broadsheet.errors import PackageError, ProjectError
from broadsheet.html_report import Contents, render
from broadsheet.packages import Tables, load
from broadsheet.schema.table_schemas import TABLES
from broadsheet.workflows.build import build
from broadsheet.workflows.correct import DROP, ROWS
from broadsheet.workflows.report import report
from broadsheet.workflows.validate import judge

pytestmark = pytest.mark.xdist_group("browser")
HAFTAR = "khalifa-haftar.person"
VIEWS = (
    "",
    "#/said",
    f"#/said/entity/{HAFTAR}",
    "#/denials",
    "#/articles",
    f"#{HAFTAR}",
    "#/tables/claims",
    "#/search/oil",
)
EVIL = "</script><script>window.entered = 1</script><img src=x onerror='window.entered = 1'>\"'&amp;"
STRANGE = (
    "Ferry 🛳️ vote delayed in Harbourtown\r\n\r\n"
    "“We will 😀 wait until the spring,” Mayor Tomás Réyes said on Monday. The harbour board 👩‍👩‍👧 met for two hours. "
    "Réyes said it again: “We will 😀 wait until the spring.”\r\n\r\n"
    "Cafe\u0301 people from Zo\u0308e\u0302\u0323's street said the ferry \U0001d56c\U0001d570 would bring 😀😀 guests"
    ". Anna Weber denied that the pier 🛳 was closed, and the mayor told Reuters that he believed her.\r\n\r\n"
    "قال العمدة إن العبارة لن تبحر 🛳, Ben Okafor of the Harbour Union said in a letter to the board on Friday. "
    "The Harbour Union declined to comment on the new fares."
)


# --- what there is ----------------------------------------------------------------------------------------------------


def frames(tables: Tables) -> dict[str, pl.DataFrame]:
    return {name: getattr(tables, name).collect() for name in TABLES}


@pytest.fixture(scope="module")
def page(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of the five articles."""
    file = tmp_path_factory.mktemp("page") / "report.html"
    report(built, file)
    return file


@pytest.fixture(scope="module")
def contents(built: Path) -> Contents:
    tables = load(built)
    return Contents(tables.descriptor, frames(tables))


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dataset of one article with all that browsers count in another way, built."""
    folder = copy_dataset(tmp_path_factory.mktemp("strange") / "dataset")
    for path in (folder / "seeds").iterdir():
        path.unlink()
    (folder / "seeds" / "ferry.txt").write_bytes(STRANGE.encode())
    build(folder)
    return folder


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("downloads")) as opened:
        yield opened


# --- the file ---------------------------------------------------------------------------------------------------------


def test_a_package_gives_the_same_bytes_by_command_and_by_function(
    page: Path, built: Path, shell: Shell, tmp_path: Path
) -> None:
    done = shell(
        "report", str(built), "--to", str(tmp_path / "made" / "again.html"), cwd=ROOT, TZ="Asia/Tokyo", LC_ALL="C"
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "made" / "again.html").read_bytes() == page.read_bytes()
    assert page.stat().st_size < 3_000_000
    assert "<h2>Who is quoted and how</h2>" in page.read_text(encoding="utf-8")


def test_a_dataset_and_a_release_have_a_page_too(strange: Path, shell: Shell, tmp_path: Path) -> None:
    released = shell("release", "--to", str(tmp_path / "dist"), cwd=strange)
    assert released.returncode == 0, released.stderr
    archive = next((tmp_path / "dist").glob("*.zip"))
    for path in (strange, archive):
        assert report(path, tmp_path / "page.html") == (tmp_path / "page.html").stat().st_size


def test_what_is_not_a_package_or_cannot_be_written_is_said(built: Path, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="is not the folder of a package"):
        report(tmp_path / "nothing", tmp_path / "page.html")
    (tmp_path / "file").touch()
    with pytest.raises(PackageError, match="cannot be written"):
        report(built, tmp_path / "file" / "page.html")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PackageError, match="pipe cannot be written: it is not an ordinary file"):
        report(built, tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()


def test_the_policy_allows_what_is_in_the_page_and_nothing_else(page: Path) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page.read_text(encoding="utf-8"))
    assert policy is not None
    assert policy[1].startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert not re.search(r"unsafe|https?:|\*|blob:", policy[1])


def test_of_a_large_package_there_is_a_sample_and_the_page_says_so(contents: Contents) -> None:
    sizes = contents.frames["documents"].select("document_id", size=pl.col("text").str.len_chars() + 1)
    drawn = render(replace(contents, budget=2 * int(sizes["size"].min())))  # type: ignore[arg-type]
    whole = render(contents)
    assert len(drawn) < len(whole)
    assert b'id="sampled"' in drawn
    assert b'id="sampled"' not in whole


# --- the page ---------------------------------------------------------------------------------------------------------


def test_nothing_is_fetched_and_no_script_fails(window: Browser, page: Path) -> None:
    window.open(page)
    for view in VIEWS:
        window.go(view)
    assert window.requests() == [page.as_uri()]
    assert window.errors() == []


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(window: Browser, page: Path, view: str) -> None:
    window.open(page, view, scheme="dark" if "said" in view else "light")
    assert window.faults() == []


def test_nothing_is_wider_than_a_phone(window: Browser, page: Path) -> None:
    window.open(page, size=PHONE)
    widths = []
    for view in VIEWS:
        window.go(view)
        widths.append(window.run("return document.documentElement.scrollWidth"))
    assert widths == [PHONE[0]] * len(VIEWS)


def test_a_word_wider_than_a_phone_is_broken(window: Browser, contents: Contents, tmp_path: Path) -> None:
    one_word = pl.col("text").str.replace_all(" ", "x", literal=True)
    joined = {name: contents.frames[name].with_columns(one_word) for name in ("documents", "paragraphs")}
    (tmp_path / "page.html").write_bytes(render(replace(contents, frames={**contents.frames, **joined})))
    window.open(tmp_path / "page.html", f"#{joined['documents']['document_id'][0]}", size=PHONE)
    assert window.run("return document.documentElement.scrollWidth") == PHONE[0]


def test_paper_is_white_and_words_are_searched_from_their_beginning(window: Browser, page: Path) -> None:
    window.open(page, "#/search/oil", scheme="dark")
    colour = "return getComputedStyle(document.documentElement).backgroundColor"
    dark = window.run(colour)
    window.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert window.run(colour) == "rgb(255, 255, 255)" != dark
    window.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    tried = ["oil", "Oil, gas", "soil", "ÓIL", "(oil)"]
    assert window.run("return arguments[0].map(containing('oil'))", tried) == [True, True, False, True, True]
    assert window.run("return containing('a.b*(')('x a.b*( y') && !containing('a.b')('axb')")


def test_a_cell_of_the_matrix_opens_its_words_and_these_their_article_and_entity(window: Browser, page: Path) -> None:
    window.open(page)
    count = int(window.texts(".matrix tbody td a")[0])
    window.click(".matrix tbody td a")
    assert f"{count} statements" in window.texts("#shown > p")[0]
    assert len(window.texts("#shown .cards > li")) == min(count, 20)
    window.click("#shown .card .meta span:last-child a")
    words = "".join(window.texts(".text .claim.on"))
    assert words
    assert window.texts(".chosen .card p:nth-child(2)")[0].split()[0] in words
    window.click(".text a.mention")
    assert window.texts("#shown h2")[-1] == "Named in"


def test_tables_are_searched_and_names_are_found(window: Browser, page: Path, contents: Contents) -> None:
    window.open(page, "#/tables/entities")
    window.wait("return document.querySelector('.dt-search input')")
    box = "const box = document.querySelector('.dt-search input');"
    window.run(f"{box} box.value = arguments[0]; box.dispatchEvent(new Event('input'))", HAFTAR)
    window.wait("return document.querySelectorAll('table.dataTable tbody tr').length === 1")
    assert "Haftar" in window.texts("table.dataTable tbody tr")[0]
    window.run("document.getElementById('find-id').value = arguments[0]", "háftar")
    window.click("#find button")
    window.wait("return document.querySelector('#shown h1')?.innerText === 'Search: háftar'")
    assert window.texts("#shown .cards a")[0] == "Khalifa Haftar"
    is_named = pl.col("text").str.contains(r"(?i)\bhaftar") & pl.col("duplicate_of").is_null()
    assert window.texts("#shown h2")[-1] == f"Paragraphs ({contents.frames['paragraphs'].filter(is_named).height})"
    window.run("document.getElementById('find-id').value = arguments[0]", HAFTAR)
    window.click("#find button")
    window.wait("return location.hash === arguments[0]", f"#{HAFTAR}")


def test_every_row_has_an_address_and_every_cell_its_value(window: Browser, page: Path, contents: Contents) -> None:
    window.open(page)
    ids = "Object.keys(KEYS).flatMap((table) => store.tables[table].map((row) => idOf(table, row)))"
    assert window.run(f"return {ids}.length") == sum(frame.height for frame in contents.frames.values())
    assert window.run(f"return {ids}.filter((id) => !find(id).length)") == []
    read = "return store.tables[arguments[0]].map((row) => cell(arguments[0], row, arguments[1]))"
    for table, frame in contents.frames.items():
        plain = frame.with_columns(pl.col(pl.Date).cast(pl.String)).to_dict(as_series=False)
        assert {column: window.run(read, table, column) for column in frame.columns} == plain


def test_lines_around_an_article_are_folded_until_one_is_asked_for(
    window: Browser, contents: Contents, tmp_path: Path
) -> None:
    paragraphs = contents.frames["paragraphs"].with_columns(role=pl.lit("boilerplate"))
    document, first = paragraphs["document_id"][0], paragraphs["paragraph_id"][0]
    count = paragraphs.filter(pl.col("document_id") == document).height
    page = tmp_path / "report.html"
    page.write_bytes(render(replace(contents, frames={**contents.frames, "paragraphs": paragraphs})))
    window.open(page, f"#{document}")
    assert window.texts(".folded > summary") == [f"{count} lines of boilerplate and links"]
    assert window.run("return document.querySelector('.folded').open") is False
    window.go(f"#{first}")
    assert window.run("return document.querySelector('.folded').open") is True


def test_contributed_markup_stays_text(window: Browser, contents: Contents, tmp_path: Path) -> None:
    spoiled = dict(contents.frames)
    for table, columns in {"documents": ["title", "publisher", "authors"], "entities": ["name", "wikidata_id"]}.items():
        spoiled[table] = spoiled[table].with_columns(pl.lit(EVIL).alias(column) for column in columns)
    texts = spoiled["documents"].with_columns(pl.lit(None, pl.String).alias("text"), text_status=pl.lit("withheld"))
    spoiled["claims"] = spoiled["claims"].with_columns(source_text=pl.lit(EVIL), content_text=pl.lit(EVIL))
    about = {**contents.descriptor, "title": EVIL, "description": EVIL}
    made = render(replace(contents, descriptor=about, frames={**spoiled, "documents": texts}))
    (tmp_path / "evil.html").write_bytes(made)
    window.open(tmp_path / "evil.html")
    for view in (*VIEWS, "#/tables/documents", "#/tables/entities", f"#{spoiled['documents']['document_id'][0]}"):
        window.go(view)
        assert EVIL in window.texts("main")[0], view
    assert window.run("return window.entered") is None
    assert window.errors() == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("row_id,verdict\n".encode("utf-16"), "saved as UTF-16"),
        (b"verdict,by\nright,A. Editor\n", "no column 'row_id'"),
        (b'"not closed\n', "a quoted cell is not closed"),
    ],
)
def test_the_review_is_not_made_over_a_file_that_cannot_be_read(
    strange: Path, tmp_path: Path, data: bytes, words: str
) -> None:
    folder = Path(shutil.copytree(strange, tmp_path / "dataset"))
    (folder / "corrections" / "judgements.csv").write_bytes(data)
    with pytest.raises(ProjectError, match=words):
        report(folder, tmp_path / "page.html", review=True)
    assert report(folder, tmp_path / "page.html") > 0


# --- code points ------------------------------------------------------------------------------------------------------


def units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def test_selections_are_the_code_points_that_python_counts(window: Browser, strange: Path, tmp_path: Path) -> None:
    tables = frames(load(strange / "build"))
    text = tables["documents"]["text"][0]
    report(strange, tmp_path / "page.html")
    window.open(tmp_path / "page.html", "#ferry")
    drawn = random.Random(7)
    paragraphs = tables["paragraphs"].select("start", "end").rows()
    asked: list[tuple[int, ...]] = []
    while len(asked) < 10_000:
        (low, high), (last_low, last_high) = sorted(drawn.choices(paragraphs, k=2))
        start, end = drawn.randint(low, high - 1), drawn.randint(last_low, last_high)
        if start < end:
            asked.append((low, units(text[low:start]), last_low, units(text[last_low:end]), start, end))
    answers = window.run(SELECT, [one[:4] for one in asked])
    assert answers == [[start, end, text[start:end], occurrence(text, start, end)] for *_, start, end in asked]


def occurrence(text: str, start: int, end: int) -> int:
    return 1 + sum(text.startswith(text[start:end], at) for at in range(start))


SELECT = """
const text = textOf("ferry");
function node(paragraph, unit) {
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let here = walker.nextNode();
  while (here.length < unit) { unit -= here.length; here = walker.nextNode(); }
  return [here, unit];
}
const shown = [...document.querySelectorAll("[data-start]")];
const paragraphs = new Map(shown.map((one) => [Number(one.dataset.start), one]));
return arguments[0].map(([first, from, last, to]) => {
  const range = document.createRange();
  range.setStart(...node(paragraphs.get(first), from));
  range.setEnd(...node(paragraphs.get(last), to));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  const [start, end] = selected(getSelection().getRangeAt(0), text);
  return [start, end, text.slice(start, end), text.occurrence(start, end)];
});
"""


def test_near_claims_share_rare_words(window: Browser, strange: Path, tmp_path: Path) -> None:
    report(strange, tmp_path / "page.html")
    window.open(tmp_path / "page.html")
    nearest = "return store.tables.claims.map((one) => near(one, () => true).map((other) => other.claim_id))"
    ids = load(strange / "build").claims.select("claim_id").collect()["claim_id"].to_list()
    assert window.run(nearest) == [[ids[1]], [ids[0]], *[[]] * (len(ids) - 2)]


# --- review -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reviewing(strange: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page to review the strange article."""
    file = tmp_path_factory.mktemp("review") / "review.html"
    report(strange, file, review=True)
    return file


@pytest.fixture
def review(window: Browser, reviewing: Path) -> Browser:
    """Open the review without any decision."""
    window.open(reviewing)
    window.run("localStorage.clear()")
    window.open(reviewing, "#/review")
    return window


def row_of(words: str) -> str:
    """Return a script that gives the row of the queue whose marked words contain some."""
    marked = "[...one.querySelectorAll('.claim')].some((part) => part.textContent.includes(" + json.dumps(words) + "))"
    return f"[...document.querySelectorAll('.item')].find((one) => {marked})"


def press(window: Browser, words: str, keys: str) -> None:
    """Put the focus on a row and press keys, one after the other."""
    window.run(f"{row_of(words)}.focus()")
    window.keys(keys)


def pick(window: Browser, words: str, name: str, value: str) -> None:
    """Choose or write a value in a field of a row."""
    field = f"const field = {row_of(words)}.querySelector(`[data-focus='{name}']`); field.value = arguments[0];"
    window.run(f"{field} field.dispatchEvent(new Event('change', {{ bubbles: true }}))", value)


def select(window: Browser, words: str, chosen: str) -> None:
    """Select words in the paragraph of a row, as a person does with the mouse."""
    window.run(SELECT_WORDS.replace("ROW", row_of(words)), chosen)


SELECT_WORDS = """
const text = ROW.querySelector(".text");
const walker = document.createTreeWalker(text.querySelector("[data-start]"), NodeFilter.SHOW_TEXT);
const nodes = [];
while (walker.nextNode()) nodes.push(walker.currentNode);
const at = nodes.map((node) => node.data).join("").indexOf(arguments[0]);
let before = 0;
const range = document.createRange();
for (const node of nodes) {
  const inside = (unit) => unit >= before && unit <= before + node.length;
  if (inside(at) && at < before + node.length) range.setStart(node, at - before);
  if (inside(at + arguments[0].length)) { range.setEnd(node, at + arguments[0].length - before); break; }
  before += node.length;
}
getSelection().removeAllRanges();
getSelection().addRange(range);
text.dispatchEvent(new Event("mouseup", { bubbles: true }));
"""
BUTTON = "ROW.querySelector(`[data-focus='NAME']`).click()"


def button(window: Browser, words: str, name: str) -> None:
    window.run(BUTTON.replace("ROW", row_of(words)).replace("NAME", name))


def test_what_was_decided_is_accepted_and_changes_the_rows_it_should(
    review: Browser, strange: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(strange, tmp_path / "dataset"))
    assert review.run("return document.querySelector('[data-save=claims]').disabled")
    review.driver.find_element("id", "review-by").send_keys("A. Editor")
    press(review, "until the spring,", "r")
    press(review, "that he believed her", "wd")
    press(review, "the pier 🛳 was closed", "w")
    pick(review, "the pier 🛳 was closed", "stance", "asserts")
    pick(review, "the pier 🛳 was closed", "source_entity", "ben-okafor.person")
    press(review, "would bring 😀😀 guests", "w")
    select(review, "would bring 😀😀 guests", "the ferry 𝕬𝕰 would bring 😀")
    button(review, "would bring 😀😀 guests", "content use")
    button(review, "would bring 😀", "source start 1")
    press(review, "the new fares", "w")
    button(review, "the new fares", "content start 1")
    press(review, "Reuters", "w")
    pick(review, "Reuters", "entity", "Harbour News Desk")
    pick(review, "Reuters", "type", "ORG")
    press(review, "Ben Okafor", "u")
    press(review, "Harbourtown", "w")
    button(review, "Harbourtown", "name start -1")
    for name in ("claims", "mentions", "judgements"):
        review.click(f"[data-save='{name}']")
        review.fetch(f"{name}.csv", folder / "corrections" / f"{name}.csv")
    assert [found for found in judge(folder) if (found.path or "").startswith("corrections/")] == []
    before, after = (frames(load(package)) for package in (strange / "build", build(folder).target))
    assert "that he believed her" not in after["claims"]["content_text"].to_list()
    assert after["claims"].height == before["claims"].height - 1
    changed = after["claims"].filter(pl.col("cue_text") == "denied").select("stance", "source_entity_id")
    assert changed.rows() == [("asserts", "ben-okafor.person")]
    cut = after["claims"].filter(pl.col("content_text") == "the ferry 𝕬𝕰 would bring 😀")
    assert cut["source_text"].to_list() == ["people from Zo\u0308e\u0302\u0323's street"]
    silent = after["claims"].filter(pl.col("kind") == "no-comment").select("stance", "cue_text", "content_text")
    assert silent.rows() == [("declines", "declined to comment", "new fares")]
    relinked = after["mentions"].filter(pl.col("linked_by") == "correction").select("text", "entity_id")
    assert relinked.rows() == [("in Harbourtown", "harbourtown.gpe"), ("Reuters", "harbour-news-desk.org")]
    judged = pl.read_csv(folder / "corrections" / "judgements.csv").select("verdict", "fault").rows()
    assert sorted(judged, key=str) == [
        *(("right", None), ("unsure", None)),
        *(("wrong", fault) for fault in ("content", "content", "entity", "name", "not-a-statement", "stance")),
    ]
    assert review.errors() == []
    report(folder, tmp_path / "again.html", review=True)
    review.open(tmp_path / "again.html", "#/review")
    assert review.texts("#outputs-title") == ["Files: 0 rows decided"]
    assert "A. Editor" in review.run("return fileOf('claims', [])")


def test_rows_are_anchored_as_the_command_anchors_them(window: Browser, built: Path, tmp_path: Path) -> None:
    report(built, tmp_path / "page.html", review=True)
    window.open(tmp_path / "page.html")
    tables = load(built)
    for table in ("claims", "mentions"):
        rows = getattr(tables, table).collect().rows(named=True)
        expected = [list(ROWS[table](tables, row, {DROP: ""})) for row in rows]
        script = "return store.tables[arguments[0]].map((row) => CELLS[arguments[0]](row, { drop: true }))"
        given = [
            [{k: v for k, v in one.items() if k != "of_cue" or v} for one in cells]
            for cells in window.run(script, table)
        ]
        assert given == expected


def test_files_are_written_as_python_writes_them(review: Browser) -> None:
    cells = ["plain", "a, b", 'say "no"', "two\nlines", "", " space ", "ü😀", "'=1"]
    rows = [{"action": one, "quoted": other} for one in cells for other in cells]
    columns = review.run("return store.review.columns.claims")
    out = io.StringIO()
    csv.DictWriter(out, columns, restval="", lineterminator="\n").writerows(rows)
    assert review.run("return csvOf('claims', arguments[0])", rows) == out.getvalue()


def test_decisions_outlast_the_page_until_they_are_forgotten(review: Browser, reviewing: Path) -> None:
    press(review, "Reuters", "r")
    review.open(reviewing, "#/review/mentions")
    assert "1 decided" in review.texts("#position")[0]
    review.run("window.confirm = () => true; document.querySelector('#outputs > p:last-child button').click()")
    review.open(reviewing, "#/review/mentions")
    assert "0 decided" in review.texts("#position")[0]


def test_ends_are_moved_by_words_and_rows_are_left_by_keys(review: Browser) -> None:
    press(review, "the pier 🛳 was closed", "w")
    for name in ("content start 1", "content end -1", "content end -1", "source none"):
        button(review, "pier 🛳", name)
    fields = review.run(f"return [...{row_of('pier 🛳')}.querySelectorAll('.words')].map((one) => one.textContent)")
    assert fields == ["none", "denied", "the pier 🛳"]
    review.keys("j")
    assert review.run(f"return document.activeElement === {row_of('pier 🛳')}.nextElementSibling")


def test_axe_finds_nothing_serious_in_the_review(review: Browser) -> None:
    press(review, "the pier 🛳 was closed", "w")
    press(review, "Reuters", "w")
    assert review.faults() == []
    assert review.requests()[1:] == []
