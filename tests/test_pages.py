"""Pages: their visible text, which of its lines are the article, and what they declare about it."""

# ruff: noqa: E501 - pages as they come

from __future__ import annotations

import json
import time

import numpy as np
import pytest
from lxml import html as lxml_html
from test_texts import PARAGRAPHS, found_codes, lines, raw, read, refused

from broadsheet.findings import page
from broadsheet.model import Evidence, Role
from broadsheet.texts import normalise
from broadsheet.texts.html_days import day_of, local_day, url_day
from broadsheet.texts.html_edges import trim
from broadsheet.texts.html_json_ld import read_json_ld
from broadsheet.texts.html_main_text import main_text
from broadsheet.texts.html_metadata import address_of, persons
from broadsheet.texts.lines import split

LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Storm breaks the wall","datePublished":"2021-05-03T10:00:00+02:00","author":[{"@type":"Person","name":"Ada Quay"}],"publisher":{"name":"The Coast Times"}}</script>'
STORY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)


def html(body: str = "", head: str = "", above: str = "<h1>Storm breaks the wall</h1>") -> str:
    return (
        f"<!doctype html><html lang=en><head><title>Storm breaks the wall | The Coast Times</title>{head}</head><body>"
        f"<nav><a href=/>Home</a><ul><li>News</li><li>Sport</li></ul></nav><article>{above}{STORY}{body}"
        "</article><footer><p>© 2021 The Coast Times</p></footer></body></html>"
    )


def ld(article: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


def value(markup: str, column: str) -> str | None:
    evidence: Evidence | None = getattr(read(markup, kind="text/html"), column)
    return evidence.value if evidence else None


# --- text and roles ----------------------------------------------------------------------------------------------------


def test_a_page_is_its_visible_text_with_the_main_text_marked() -> None:
    figure = "<figure><img src=x><figcaption>The wall. Photo: Ada Quay</figcaption></figure>"
    later = "<h2>Old warnings</h2><p>The wall will be built again next year, the council said on Monday evening.</p>"
    by_role: dict[str, list[str]] = {}
    for role, words in lines(read(html(figure + later), kind="text/html")):
        by_role.setdefault(role, []).append(words)
    assert by_role["title"] == ["Storm breaks the wall"]
    assert by_role["caption"] == ["The wall. Photo: Ada Quay"]
    assert by_role["subheading"] == ["Old warnings"]
    assert by_role["body"][:4] == PARAGRAPHS
    assert {"Home", "News", "Sport", "© 2021 The Coast Times"} <= set(by_role["boilerplate"])


@pytest.mark.parametrize(
    ("part", "words", "role"),
    [
        ("<p>The council gave three pieces of advice to skippers on Tuesday:<ul><li>Moor at the east quay until the repair is done.</ul>", "Moor at the east quay until the repair is done.", "body"),
        ("<blockquote>The wall was older than any of us, the mayor wrote to the council in her letter.</blockquote>", "The wall was older than any of us, the mayor wrote to the council in her letter.", "body"),
        ("<table><tr><th>Quay</th><th>Boats lost</th></tr><tr><td>West quay</td><td>31 boats</td></tr></table>", "West quay\t\t31 boats", "body"),
        ("<div>A line of the harbour master's note that is in no paragraph at all.</div>", "A line of the harbour master's note that is in no paragraph at all.", "body"),
        ("<h3>What comes next</h3><p>The repair of the wall begins in April, according to the engineers of the council.</p>", "What comes next", "subheading"),
        ("<p>Read every story of ours for 3 crowns a month. You can cancel your subscription at any time.</p>", "Read every story of ours for 3 crowns a month. You can cancel your subscription at any time.", "boilerplate"),
        ("<div id=comments><h3>Comments</h3><div class=comment><p>I lost my boat and nobody in this town has called me since then.</p></div></div>", "I lost my boat and nobody in this town has called me since then.", "boilerplate"),
    ],
    ids=["list", "quotation", "table", "division", "subheading", "offer", "comment"],
)  # fmt: skip
def test_what_belongs_to_the_article_is_kept_and_what_does_not_is_left_out(part: str, words: str, role: str) -> None:
    roles = {text: found for found, text in lines(read(html(part), kind="text/html"))}
    assert roles[words] == role
    assert [roles[paragraph] for paragraph in PARAGRAPHS] == ["body"] * 4


def test_subheadings_of_a_live_blog_are_kept() -> None:
    entries = [f"<div><span>{n}h ago</span><h2>Entry number {n}</h2><p>{p}</p></div>" for n, p in enumerate(PARAGRAPHS)]
    text = read(html("".join(entries), above="<h1>Storm breaks the wall</h1>").replace(STORY, ""), kind="text/html")
    assert [words for role, words in lines(text) if role == "subheading"] == [f"Entry number {n}" for n in range(4)]


@pytest.mark.parametrize("story", ["<br><br>".join(PARAGRAPHS), "".join(f"<div>{p}</div>" for p in PARAGRAPHS)])
def test_paragraphs_of_old_markup_are_found(story: str) -> None:
    text = read(f"<title>Storm</title><body><div><h1>Storm</h1><div>{story}</div></div></body>", kind="text/html")
    assert [words for role, words in lines(text) if role == "body"] == PARAGRAPHS


def test_a_line_is_main_text_if_two_of_three_extractors_take_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet.texts import html_main_text

    answers = iter(["\n".join(PARAGRAPHS[:2]), "\n".join(PARAGRAPHS[1:]), "\n".join(PARAGRAPHS[:1] + PARAGRAPHS[2:3])])
    contained = html_main_text._contained
    monkeypatch.setattr(html_main_text, "_contained", lambda words, _: contained(words, next(answers)))
    found = main_text(lxml_html.document_fromstring(STORY), _parsed(STORY), split("\n".join(PARAGRAPHS), wrapped=False))
    assert found.lines == {0, 1, 2}


def test_an_extractor_that_finds_next_to_nothing_has_no_vote(monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet.texts import html_main_text

    answers = iter(["\n".join(PARAGRAPHS[:2]), "\n".join(PARAGRAPHS[1:]), ""])
    contained = html_main_text._contained
    monkeypatch.setattr(html_main_text, "_contained", lambda words, _: contained(words, next(answers)))
    found = main_text(lxml_html.document_fromstring(STORY), _parsed(STORY), split("\n".join(PARAGRAPHS), wrapped=False))
    assert found.lines == {0, 1, 2, 3}


def test_trafilatura_is_not_asked_where_the_others_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet.texts import html_main_text

    monkeypatch.setattr(html_main_text, "extract", lambda *_, **__: pytest.fail("it was asked"))
    long = [f"{number} {paragraph}" for number in range(2) for paragraph in PARAGRAPHS]
    story = "".join(f"<p>{paragraph}</p>" for paragraph in long)
    page_lines = split("\n".join(long), wrapped=False)
    assert main_text(lxml_html.document_fromstring(story), _parsed(story), page_lines).lines == set(range(8))


def test_of_two_answers_that_agree_a_sentence_between_common_lines_is_kept() -> None:
    from broadsheet.texts.html_main_text import _common

    one, other = np.array([1, 1, 1, 1, 1, 0], bool), np.array([1, 0, 1, 0, 1, 1], bool)
    stops = np.array([1, 1, 1, 0, 1, 1], bool)
    assert np.flatnonzero(_common(one, other, stops)).tolist() == [0, 1, 2, 4]


def test_around_the_answer_of_trafilatura_only_sentences_are_main_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet.texts import html_main_text

    shown = [*PARAGRAPHS, "See More Speed Reads"]
    monkeypatch.setattr(html_main_text, "ENOUGH", 1000)
    answers = iter(["\n".join(shown), "\n".join(shown), "\n".join(PARAGRAPHS[:3])])
    contained = html_main_text._contained
    monkeypatch.setattr(html_main_text, "_contained", lambda words, _: contained(words, next(answers)))
    found = main_text(lxml_html.document_fromstring(STORY), _parsed(STORY), split("\n".join(shown), wrapped=False))
    assert found.lines == {0, 1, 2, 3}


def test_a_word_of_the_menu_is_not_taken_for_one_of_the_text() -> None:
    page_lines = split("\n".join(["Harbour", "Town", "County", "Weather", "Letters", "Harbour", *PARAGRAPHS, "Ending"]))
    roles: dict[int, Role] = {5: "subheading", **dict.fromkeys((0, 6, 7, 8, 9), "body")}
    trim(page_lines, roles)
    assert roles == {0: "boilerplate", 5: "subheading"} | dict.fromkeys((6, 7, 8, 9), "body")


def test_long_texts_are_compared_by_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet.texts import html_main_text

    monkeypatch.setattr(html_main_text, "LARGE", 0)
    roles = [role for role, words in lines(read(html(), kind="text/html")) if words in PARAGRAPHS]
    assert roles == ["body"] * 4


def _parsed(markup: str) -> object:
    from resiliparse.parse.html import HTMLTree

    return HTMLTree.parse(markup)


def test_main_text_that_no_reader_sees_is_a_finding() -> None:
    unseen = "Readers of the page see only the first words of this story, the rest of which is in its data. " * 30
    shown = "<p>" + "</p><p>".join(["Sign in to read this story."] * 2) + "</p>"
    head = ld({"@type": "NewsArticle", "headline": "Storm", "articleBody": unseen})
    text = read(f"<html><head><title>Storm</title>{head}</head><body>{shown}</body></html>", kind="text/html")
    assert "BS221" in found_codes(text)
    assert "BS221" not in found_codes(read(html(), kind="text/html"))
    assert page("BS221").severity == "warning"


# --- declarations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "column", "expected", "origin"),
    [
        (LD, "title", "Storm breaks the wall", "json-ld"),
        (LD, "authors", "Ada Quay", "json-ld"),
        (LD, "publisher", "The Coast Times", "json-ld"),
        (LD, "published", "2021-05-03", "json-ld"),
        ('<meta property="article:published_time" content="2021-05-03T10:00Z">', "published", "2021-05-03", "meta"),
        ('<meta property="og:site_name" content="The Coast Times - News of the Bay">', "publisher", "The Coast Times", "meta"),
        ('<meta name="author" content="Ada Quay">', "authors", "Ada Quay", "meta"),
        ('<meta name="author" content="https://a.example/ada">', "authors", None, None),
        ('<meta property="article:author" content="https://a.example/a"><meta property="article:author" content="Ada Quay">', "authors", "Ada Quay", "meta"),
        ('<link rel="canonical" href="https://a.example/2021/05/03/storm">', "published", "2021-05-03", "url"),
        ("", "published", None, None),
        ("", "title", "Storm breaks the wall", "meta"),
    ],
)  # fmt: skip
def test_metadata_of_pages(head: str, column: str, expected: str | None, origin: str | None) -> None:
    evidence = getattr(read(html(head=head), kind="text/html"), column)
    assert (evidence and evidence.value, evidence and evidence.origin) == (expected, origin)


ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Storm breaks the wall",
    "author": {"@type": "Person", "name": "Ada Quay"},
}
OTHER = {"@type": "NewsArticle", "headline": "Baker wins the summer draw", "author": {"name": "Ned Calloway"}}


@pytest.mark.parametrize(
    "script",
    [
        json.dumps(ARTICLE | {"@type": ["NewsArticle", "Thing"]}),
        json.dumps(ARTICLE | {"author": {"@type": ["Person"], "name": "Ada Quay"}}),
        json.dumps(ARTICLE | {"author": {"@type": "Person", "name": {"name": ["Ada Quay"]}}}),
        json.dumps(ARTICLE | {"author": ["Ada Quay", {"@type": ["Organization"], "name": "Wire Service"}]}),
        json.dumps({"@graph": [{"@id": "#ada", "@type": "Person", "name": "Ada Quay"}, ARTICLE | {"author": {"@id": "#ada"}}]}),
        json.dumps([{"@type": "ItemList", "itemListElement": [{"item": OTHER}]}, ARTICLE]),
        json.dumps([OTHER, ARTICLE]),
        f"//<![CDATA[\n{json.dumps(ARTICLE)}\n//]]>",
        f"<!-- {json.dumps(ARTICLE)} -->",
        f"/*<![CDATA[*/ {json.dumps(ARTICLE)} /*]]>*/",
        json.dumps(ARTICLE)[:-1] + ",}",
    ],
    ids=["types", "person", "name", "organization", "graph", "list", "first", "cdata", "comment", "both", "comma"],
)  # fmt: skip
def test_json_ld_as_the_web_writes_it(script: str) -> None:
    found = read_json_ld([script], ["Storm breaks the wall"], [])
    assert (found.title, found.names, found.unreadable) == ("Storm breaks the wall", ("Ada Quay",), 0)


@pytest.mark.parametrize("data", [{"@type": "ItemList", "itemListElement": [OTHER]}, {"@type": "WebSite", "name": "X"}, 1, None, "x", [[[]]], {"@type": {}, "headline": {}}])  # fmt: skip
def test_json_ld_that_is_not_about_the_page_says_nothing(data: object) -> None:
    found = read_json_ld([json.dumps(data)], ["Storm breaks the wall"], [])
    assert (found.title, found.names) == ("", ())


def test_json_ld_that_is_not_json_is_a_finding() -> None:
    broken = html(head='<script type="application/ld+json">{"@type": broken</script>')
    assert "BS224" in found_codes(read(broken, kind="text/html"))
    assert "BS224" not in found_codes(read(html(head=LD), kind="text/html"))


@pytest.mark.parametrize(
    ("declared", "names"),
    [
        ("By Ada Quay and Bo Lind", ["Ada Quay", "Bo Lind"]),
        ("By ADA B. QUAY, XP Sports Writer", ["Ada B. Quay"]),
        ("Ada Quay, Reuters", ["Ada Quay"]),
        ("desk@coast.example (Coast Desk)", []),
        ("The Coast Times", []),
        ("coast times", []),
        ("CoastTimes", []),
        ("Von Karla Wendt", ["Karla Wendt"]),
        ("Reuters Editorial", []),
        ("(山田太郎)", []),
        ("admin", []),
        ("https://coast.example/ada", []),
        ("@adaquay", []),
        ("山田太郎", ["山田太郎"]),
        ("UPI London", []),
        ("Agencia del Norte", []),
        ("Coast County", []),
    ],
)
def test_declared_authors_are_cleaned_like_bylines(declared: str, names: list[str]) -> None:
    assert persons([declared], ["coasttimes", "coastcounty"]) == names


@pytest.mark.parametrize(
    ("above", "names"),
    [
        ("<span>Read Later</span><div>20 May 2019</div><div class=author>By Peter Valdane</div>", "Peter Valdane"),
        ("<div>By <a>Martin Lowe Archer</a>, Chief Engineer</div><div>5 April 2018</div><div><a>Harbour Cookies</a></div>", "Martin Lowe Archer"),
        ("<div>By <a>Nora Pellbury</a> <span>March 18 at 3:57 PM</span> <a>Follow @erin</a></div>", "Nora Pellbury"),
        ("<div><a href=/authors/erin>Nora Pellbury</a></div><div>20 May 2019</div>", "Nora Pellbury"),
        ("<div>Top Stories</div><div>Harbour Cookies</div>", None),
        ("<p>By Mark Ashdown</p>", "Mark Ashdown"),
        ("<p>Tuesday May 14, 2019 8:40 am by Alma Thorne</p>", "Alma Thorne"),
        ("<p><span>January 5, 2021</span><span>By Jonas Weir</span></p>", "Jonas Weir"),
        ("<p>By Beate Holloway | <a href=mailto:x>Email the author</a> | bholloway@fell.example</p>", "Beate Holloway"),
    ],
)  # fmt: skip
def test_authors_that_readers_see(above: str, names: str | None) -> None:
    assert value(html(above=f"<h1>Storm breaks the wall</h1>{above}"), "authors") == names


@pytest.mark.parametrize(
    "declared", [{"articleSection": "Ostrand Harbour"}, {"publisher": {"name": "Ostrand Harbour"}}]
)
def test_a_section_and_the_outlet_are_not_authors_that_readers_see(declared: dict[str, object]) -> None:
    above = "<h1>Storm breaks the wall</h1><div class=author>Ostrand Harbour</div><div class=author>Ada Quay</div>"
    assert value(html(head=ld(ARTICLE | declared), above=above), "authors") == "Ada Quay"


def test_the_outlet_is_not_an_author() -> None:
    article = ARTICLE | {"author": {"@type": "Person", "name": "Fell Radio"}, "publisher": {"name": "Fell Radio"}}
    assert value(html(head=ld(article)), "authors") is None


@pytest.mark.parametrize(
    ("link", "base", "address"),
    [
        ("https://coast.example/s", "", "https://coast.example/s"),
        ("//coast.example/s", "", "https://coast.example/s"),
        ("www.coast.example/s", "", "https://www.coast.example/s"),
        ("/s", "https://coast.example/a", "https://coast.example/s"),
        ("s.html", "https://coast.example/a/b", "https://coast.example/a/s.html"),
        ("https://coast.example/ä b", "", "https://coast.example/%C3%A4%20b"),
        ("/s", "", ""),
        ("story.html", "", ""),
        ("http://[bad", "", ""),
        ("javascript:void(0)", "https://coast.example/", ""),
    ],
)
def test_addresses_are_resolved_or_left_out(link: str, base: str, address: str) -> None:
    assert address_of(link, base) == address


def test_an_address_that_cannot_be_resolved_is_a_finding() -> None:
    text = read(html(head='<link rel=canonical href="/story">'), kind="text/html")
    assert text.url is None
    assert "BS224" in found_codes(text)
    both = '<link rel=canonical href="/story"><meta property="og:url" content="https://coast.example/x">'
    assert read(html(head=both), kind="text/html").url == "https://coast.example/story"


def test_licence_and_address_of_a_page() -> None:
    head = '<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/"><link rel=canonical href="https://a.example/s">'
    text = read(html(head=head), kind="text/html")
    assert (text.license, text.url) == ("CC-BY-SA-4.0", "https://a.example/s")


@pytest.mark.parametrize(
    ("head", "above", "title"),
    [
        ("", "<h1>The Coast Times</h1><h2>Storm breaks the wall</h2>", "Storm breaks the wall"),
        ('<meta property="og:title" content="The Coast Times">', "<h1>Storm breaks the wall</h1>", "Storm breaks the wall"),
        ('<meta property="x:title dc:title" content="Wall of the harbour broken">', "<h1>News</h1>", "Wall of the harbour broken"),
        ("", "<h1>Welcome to all readers</h1>", "Storm breaks the wall"),
        ('<meta property="og:site_name" content="Fell Radio"><meta property="og:title" content="Storm breaks - Fell Radio">', "<h1>News</h1>", "Storm breaks"),
    ],
)  # fmt: skip
def test_the_title_is_what_the_page_repeats(head: str, above: str, title: str) -> None:
    assert value(html(head=head, above=above), "title") == title


# --- days --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "address", "head", "publisher"),
    [
        ("Storm | Wall breaks - Fell Radio", "https://www.fellradio.example/1", "", "Fell Radio"),
        ("Storm breaks - La Nación", "https://lanacion.example/1", "", "La Nación"),
        ("Storm breaks - Harbour", "https://fellradio.example/1", "", None),
        ("Storm breaks - Fell Radio", "https://fellradio.example/1", '<meta property="og:site_name" content="U.K.">', "Fell Radio"),
    ],
)  # fmt: skip
def test_the_outlet_at_the_end_of_the_title_is_the_publisher_if_it_is_the_host(
    title: str, address: str, head: str, publisher: str | None
) -> None:
    page_ = f"<title>{title}</title><link rel=canonical href={address}>{head}{STORY}"
    assert value(page_, "publisher") == publisher


def test_days_in_addresses_and_values() -> None:
    assert str(url_day("https://coast.example/news/2021/5/3/storm")) == "2021-05-03"
    assert str(url_day("https://coast.example/20210503/storm")) == "2021-05-03"
    assert url_day("https://coast.example/2021/storm") is None
    assert str(day_of("20200516T14:51:53Z")) == "2020-05-16"
    assert day_of("03/04/2017") is None


@pytest.mark.parametrize(
    ("words", "markup", "visible", "address", "day"),
    [
        ("2020-02-18T02:18:11Z", "", "", "https://coast.example/2020/02/17/a", "2020-02-17"),
        ("2020-07-09T10:04:04Z", "", "", "https://coast.example/2020/07/08/a", "2020-07-09"),
        ("2020-12-05T23:15:0Z", "var day = '2020-12-06 00:15';", "", "", "2020-12-06"),
        ("2020-12-05T23:15:00Z", "", "6 December 2020", "", "2020-12-06"),
        ("2020-12-06T00:15:00Z", "", "", "", "None"),
        ("2020-12-06T00:15:00+03:00", "", "", "", "2020-12-06"),
        ("2020-12-06T12:15:00Z", "", "", "", "2020-12-06"),
        ("Sun Dec 06 2020 00:15:33 GMT+0000 (Coordinated Universal Time)", "", "", "", "None"),
        ("Sun, 06 Dec 2020 00:15:33 GMT", "", "5 December 2020", "", "2020-12-05"),
        ("Sun Dec 06 2020 00:15:33 GMT+0300", "", "", "", "2020-12-06"),
        ("soon", "", "", "", "None"),
    ],
)
def test_a_time_in_utc_gives_the_day_of_the_outlet(
    words: str, markup: str, visible: str, address: str, day: str
) -> None:
    assert str(local_day(words, markup, split(visible, wrapped=False), address)) == day


def test_a_day_that_two_clocks_leave_open_is_a_finding() -> None:
    text = read(html(head=ld(ARTICLE | {"datePublished": "2020-12-06T00:15:00Z"})), kind="text/html")
    assert text.published is None
    assert "BS224" in found_codes(text)


@pytest.mark.parametrize(
    ("above", "day"),
    [
        ('<h1>Storm</h1><time class="published" datetime="2021-05-03">Monday</time>', "2021-05-03"),
        ('<h1>Storm</h1><time itemprop="dateModified" datetime="2021-05-09">Sunday</time>', None),
        ('<h1>Storm</h1><div class="comment-list"><time datetime="2021-05-09">Sunday</time></div>', None),
        ('<h1>Storm</h1><p>3 May 2021</p>', "2021-05-03"),
        ("<h1>Storm</h1><p>Harbour page, last edited by the warden on 3 May 2021</p>", None),
        ("<h1>Storm</h1><table><tr><th>Wall built</th><td>May 3, 1998; 23 years ago</td></tr></table>", None),
    ],
)  # fmt: skip
def test_the_day_is_not_that_of_a_change_or_comment(above: str, day: str | None) -> None:
    assert value(html(above=above), "published") == day


# --- odd pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ("<div>" * 200_000 + "deep", "BS205"),
        ("<html><body><script>let x = 1</script></body></html>", "BS201"),
        ("<!-- nothing -->", "BS201"),
        ("<frameset><frame src=x></frameset>", "BS201"),
    ],
)
def test_pages_that_are_refused(markup: str, code: str) -> None:
    started = time.process_time()
    assert refused(markup, kind="text/html") == code
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "part", ["<h2>", "<h2>word ", "<meta ", "<a", "<figcaption>", "&amp;", "<p>One word and another.</p>"]
)
def test_long_pages_take_no_time(part: str) -> None:
    started = time.process_time()
    normalise(raw(part * (300_000 // len(part)), kind="text/html"))
    assert time.process_time() - started < 12


@pytest.mark.parametrize(
    "markup",
    [
        "<p>unclosed <b>tags <i>everywhere " + PARAGRAPHS[0],
        f"<body><p>{PARAGRAPHS[0]}</body><body><p>{PARAGRAPHS[1]}</body>",
        '{"json": "named html"}',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>&e; ' + PARAGRAPHS[0],
        "<p>" * 5000 + PARAGRAPHS[0],
    ],
)
def test_odd_pages_are_taken(markup: str) -> None:
    text = read(markup, kind="text/html")
    assert "root:" not in text.text


def test_what_a_page_says_of_itself_is_a_finding() -> None:
    assert "BS222" in found_codes(
        read(html(head='<meta http-equiv="refresh" content="0; url=https://b.example">'), kind="text/html")
    )
    assert "BS222" not in found_codes(read(html(), kind="text/html"))
    assert "BS220" in found_codes(read("<p>Log in</p><p>Menu</p>", kind="text/html"))
    assert "BS221" not in found_codes(read(html(), kind="text/html"))


def test_a_page_declares_its_charset() -> None:
    page_ = html(head="<meta charset=windows-1251>").replace(
        PARAGRAPHS[0], "Министр сказал, что порт будет закрыт до понедельника."
    )
    assert read(page_.encode("cp1251", "replace"), kind="text/html").encoding == "cp1251"


def test_a_charset_is_found_after_a_long_style_sheet() -> None:
    head = f"<style>{'p{margin:0}' * 900}</style><meta charset=windows-1251>"
    page_ = html(head=head).replace(PARAGRAPHS[0], "Министр сказал, что порт будет закрыт до понедельника.")
    assert read(page_.encode("cp1251", "replace"), kind="text/html").encoding == "cp1251"
