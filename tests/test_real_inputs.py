"""Real inputs: shapes of pages and texts that were once read wrongly, rebuilt in small, with what is right."""

# ruff: noqa: E501 - pages as they come

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from test_pages import ARTICLE, OTHER, STORY, html, ld
from test_texts import PARAGRAPHS, found_codes, lines, read

from broadsheet.model import Text

Cases = Mapping[str, tuple[str, Mapping[str, str | None]]]  # markup and what is right, by the name of the case

TITLE = "Storm breaks the wall"
DECLARED = ARTICLE | {"datePublished": "2021-05-03T10:00:00+02:00", "publisher": {"name": "The Coast Times"}}
RIGHT = {"title": TITLE, "authors": "Ada Quay", "publisher": "The Coast Times", "published": "2021-05-03"}
FEED = "".join(
    f"<li><h3><a href=/{n}>{headline}</a></h3><p>{teaser}</p></li>"
    for n, (headline, teaser) in enumerate(
        [
            ("Baker wins prize for rye loaf", "The jury of the fair in Ostrand praised the crust, and the baker said that she would give the money to her two apprentices."),
            ("Goat found on roof of town hall", "Nobody knows how the goat came up there, but the fire brigade brought it down on Friday with a ladder and some carrots."),
            ("Cinema to show silent films", "The old cinema at the market has bought a piano, and a student will play to eight silent films between now and the spring."),
            ("Choir looks for three tenors", "Whoever can hold a tune may come to the school on Tuesday evening, says the leader of the choir, who has waited for a year."),
        ]
    )
)  # fmt: skip

LIVE = [
    (
        "10:32",
        "Ferries cancelled",
        "The ferry company said that no boat would leave before noon on Tuesday because of the waves.",
    ),
    (
        "",
        "9:40 Schools stay shut",
        "The council said that every school in the town would stay shut until Wednesday at least.",
    ),
]


def cases(table: Cases) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("markup", "expected"), table.values(), ids=table)


def script(words: str) -> str:
    return f'<script type="application/ld+json">{words}</script>'


def over_article(*parts: str) -> str:
    return html(above="").replace("<article>", "".join((*parts, "<article>")))


def under_headline(*parts: str) -> str:
    return over_article(f"<h1>{TITLE}</h1>", *parts)


def values(text: Text, columns: Mapping[str, str | None]) -> dict[str, str | None]:
    found = {column: getattr(text, column) for column in columns}
    return {column: evidence and evidence.value for column, evidence in found.items()}


METADATA: Cases = {
    "type-is-a-list": (html(head=ld(DECLARED | {"author": {"@type": ["Person"], "name": "Ada Quay"}})), RIGHT),
    "name-in-a-name": (html(head=ld(DECLARED | {"author": {"name": {"@type": "Person", "name": "Ada Quay"}}})), RIGHT),
    "character-data": (html(head=script(f"\n//<![CDATA[\n{json.dumps(DECLARED)}\n//]]>\n")), RIGHT),
    "comma-at-the-end": (html(head=script(json.dumps(DECLARED)[:-1] + ",\n}")), RIGHT),
    "list-of-others-first": (html(head=ld({"@type": "ItemList", "itemListElement": [OTHER | {"datePublished": "2021-05-09"}]}) + ld(DECLARED)), RIGHT),
    "opener-capitals-job": (html(head=ld(DECLARED | {"author": {"name": "By ADA M. QUAY, Harbour Reporter"}})), {"authors": "Ada M. Quay"}),
    "basic-iso-day": (html(head=ld(DECLARED | {"datePublished": "20210503T080910Z"})), {"published": "2021-05-03"}),
    "two-authors-in-one-value": (html(head='<meta name="byl" content="By Ada Quay and Bo Lind-Marsh">'), {"authors": "Ada Quay; Bo Lind-Marsh"}),
    "address-of-the-desk": (html(head='<meta name="author" content="desk@coast.example (Coast Desk)">', above=f"<h1>{TITLE}</h1><p>By Ada Quay</p>"), {"authors": "Ada Quay"}),
    "element-of-the-change": (under_headline('<p><time itemprop="dateModified" datetime="2021-05-29T09:30:00+02:00">27/05/2021 08:15 | Updated 29/05/2021 09:30</time></p>'), {"published": "2021-05-27"}),
    "day-of-a-comment": (html(above=f"<h1>{TITLE}</h1><p>Monday May 3, 2021 9:20 am by Ada Quay</p>", body='<section id="comments"><div class="comment"><b>gull</b> <time datetime="2021-05-06T11:00:00">6 May 2021</time><p>My boat is gone too.</p></div></section>'), {"published": "2021-05-03", "authors": "Ada Quay"}),
    "slogan-of-the-site": (html(head='<meta property="og:title" content="Coast Times - Weather &amp; News"><meta property="og:site_name" content="Coast Times - Weather &amp; News">', above=f"<h1>{TITLE}</h1><div class=slides><h1>In this photo of Sunday, May 2, men look for their boats. (Finn Orre/Picture Desk)</h1></div>"), {"title": TITLE, "publisher": "Coast Times"}),
}  # fmt: skip


@cases(METADATA)
def test_metadata(markup: str, expected: dict[str, str | None]) -> None:
    assert values(read(markup, kind="text/html"), expected) == expected


ROLES: Cases = {
    "logo-is-the-only-h1": (over_article("<header><h1 class=logo><a href=/>The Coast Times</a></h1></header>", f"<h2>{TITLE}</h2>"), {"The Coast Times": "boilerplate", TITLE: "title"}),
    "byline-between-bars": (under_headline("<p>By Ada Quay | <a href=mailto:x>Write to the author</a> | quay@coast.example</p><p>on May 3, 2021 at 9:20 AM</p>"), {"By Ada Quay | Write to the author | quay@coast.example": "byline"}),
    "byline-with-a-day": (under_headline("<div>By <a>Ada Quay</a> <span>May 3 at 9:20 PM</span> <a>Follow @adaquay</a></div>"), {"By Ada Quay May 3 at 9:20 PM Follow @adaquay": "byline"}),
    "button-job-topic": (under_headline("<span>Save Story</span><div>May 3, 2021</div><div>By Ada Quay, Harbour Engineer</div><div><a>Harbour Safety</a></div>"), {"Save Story": "boilerplate", "By Ada Quay, Harbour Engineer": "byline", "Harbour Safety": "boilerplate"}),
    "names-over-the-article": (under_headline("<p>Ada Quay and Bo Lind</p>"), {"Ada Quay and Bo Lind": "byline"}),
    "names-in-the-article": (html(above=f"<h1>{TITLE}</h1><p>Ada Quay and Bo Lind</p>"), {"Ada Quay and Bo Lind": "byline"}),
    "words-between-list-and-item": (html(body="<ul>Skippers were given two rules by the council on Tuesday:<li>Moor at the east quay until June, whatever the weather.</li><li>Keep away from the broken wall at low tide.</li></ul>"), {"Skippers were given two rules by the council on Tuesday:": "body"}),
    "nested-divisions": (html(body="<div><div>A first line on the stones that the engineers found.</div><div>A second line on the mortar between them.</div></div>"), {"A first line on the stones that the engineers found.": "body", "A second line on the mortar between them.": "body"}),
    "table-in-a-figure": (html(body="<figure><table><thead><tr><th>Quay</th><th>Boats</th></tr></thead><tbody><tr><td>East</td><td>12 boats</td></tr></tbody></table></figure>"), {"Quay\t\tBoats": "body", "East\t\t12 boats": "body"}),
    "kicker-over-the-headline": (html(above=f"<p>Harbour</p><h1>{TITLE}</h1>"), {"Harbour": "boilerplate"}),
    "logo-in-the-article": (html(above=f"<h2>The Coast Times</h2><h1>{TITLE}</h1>"), {"The Coast Times": "boilerplate"}),
    "logo-under-the-headline": (html(above=f"<h1>{TITLE}</h1><h2>The Coast Times</h2>"), {"The Coast Times": "boilerplate"}),
    "owner-of-the-picture": (html(above=f"<h1>{TITLE}</h1><p>Coast Pictures</p>"), {"Coast Pictures": "boilerplate"}),
    "buttons-in-the-article": (
        html(above=f"<h1>{TITLE}</h1><p>Save Story</p><p>Save this article</p><p>FacebookTwitterWhatsAppEmail</p>"),
        {"Save Story": "boilerplate", "Save this article": "boilerplate", "FacebookTwitterWhatsAppEmail": "boilerplate"},
    ),
    "headline-again": (html(body=f"<h2>{TITLE}</h2><p>Two pictures of the wall were taken from the tower before the storm came over the bay.</p>"), {TITLE: "title"}),
    "label-at-the-end": (html(body="<p>Latest</p>"), {"Latest": "boilerplate"}),
    "list-at-the-end": (
        html(body="<p>Four boats are still missing and the harbour master asks for news of them:</p><ul><li>Kestrel</li><li>Two Sisters</li><li>Old Bess</li><li>Marigold</li></ul>"),
        {"Kestrel": "body", "Two Sisters": "body", "Old Bess": "body", "Marigold": "body"},
    ),
    "emphasised-heading": (
        html(body="<p><strong>What comes next</strong></p><p>The council will meet again on Friday and look at three plans for a new wall.</p><p><b>Nobody has been told yet.</b></p>"),
        {"What comes next": "subheading", "Nobody has been told yet.": "body"},
    ),
    "teaser-under-the-headline": (
        under_headline("<div>The harbour wall of Ostrand gave way and dozens of boats sank</div><div>Three cheap ways to bake rye bread without an oven</div>"),
        {"The harbour wall of Ostrand gave way and dozens of boats sank": "subtitle", "Three cheap ways to bake rye bread without an oven": "boilerplate"},
    ),
    "words-after-the-end": (html(body="<p>Please follow and like us:</p><p>Read or share this story: https://coast.example/1</p>"), {"Please follow and like us:": "boilerplate", "Read or share this story: https://coast.example/1": "boilerplate"}),
    "row-of-figures": (
        html(body="<p>The boats were counted in three years:</p><table><tr><td>2019</td><td>212</td></tr><tr><td>2020</td><td>187</td></tr></table>"),
        {"2019\t\t212": "body", "2020\t\t187": "body"},
    ),
    "live-updates": (
        html(body="".join(f"<div><time>{time}</time><h3>{head}</h3><p>{said}</p><a href=#>Share</a></div>" for time, head, said in LIVE)),
        {"10:32": "dateline", "Ferries cancelled": "subheading", "9:40 Schools stay shut": "subheading", "Share": "boilerplate"},
    ),
    "offer": (html(body="<div class=paywall><p>Keep reading with Coast Plus</p><p>Already a subscriber? Log in here</p></div>"), {"Already a subscriber? Log in here": "boilerplate"}),
}  # fmt: skip


@cases(ROLES)
def test_roles(markup: str, expected: dict[str, str]) -> None:
    roles = {words: role for role, words in lines(read(markup, kind="text/html"))}
    assert {words: roles.get(words) for words in expected} == expected
    assert [roles[paragraph] for paragraph in PARAGRAPHS] == ["body"] * 4


def test_a_feed_of_other_stories_beside_the_story_is_left_out() -> None:
    page = f"<title>{TITLE}</title><body><h1>{TITLE}</h1><p>By ADA QUAY May 3, 2021 9:20 PM</p><div><div id=story>{STORY}</div><div id=more><ul>{FEED}</ul></div></div></body>"
    text = read(page, kind="text/html")
    assert [words for role, words in lines(text) if role == "body"] == PARAGRAPHS
    assert values(text, {"authors": None}) == {"authors": "Ada Quay"}


def test_a_byte_that_is_not_utf8_in_a_comment_does_not_cost_the_article() -> None:
    page = html(body="<div id=comments><p>the café is gone</p></div>", above=f"<h1>{TITLE}</h1><p>By Zoë Quay</p>")
    data = page.encode().replace("é is gone".encode(), b"\xe9 is gone")
    text = read(data, kind="text/html")
    assert "BS225" in found_codes(text)
    assert [words for role, words in lines(text) if role == "body"] == PARAGRAPHS


@pytest.mark.parametrize(
    ("head", "title", "first"),
    [
        pytest.param(["Under the tide", "By Ada Quay", "3 May 2021"], "Under the tide", PARAGRAPHS[0], id="three-words"),
        pytest.param(["Oslo council drops plan", "The council in Oslo dropped the plan on Monday."], "Oslo council drops plan", "The council in Oslo dropped the plan on Monday.", id="short-lead"),
    ],
)  # fmt: skip
def test_short_headlines(head: list[str], title: str, first: str) -> None:
    text = read("\n\n".join([*head, *PARAGRAPHS]))
    assert values(text, {"title": None}) == {"title": title}
    assert next(words for role, words in lines(text) if role == "body") == first


def test_the_headline_of_an_interview_is_not_one_of_its_questions() -> None:
    head = ["Interview: Every boat is counted", "Ada Quay runs the harbour of Ostrand."]
    talk = [
        "Times: Will it open in June?",
        "Quay: I think so. The stones are here and the crane is on its way.",
        "Times: Who pays?",
        "Quay: The county does. We only lay the stones.",
    ]
    text = read("\n\n".join([*head, *talk]))
    assert lines(text)[:2] == [("title", head[0]), ("body", head[1])]
