"""Agencies: whose report an article is, from what credits one, and from nothing else."""

# ruff: noqa: E501 - lines of articles as they come

from __future__ import annotations

import json

import pytest
from test_texts import read

from broadsheet.model import Span
from broadsheet.texts.agencies import agency_names, agency_of_byline

BODY = "The harbour was closed on Monday after a storm broke the western wall, the harbour master told reporters."
MORE = "Nobody was hurt, but the damage runs into millions, according to the town council, which met on Monday."
LAST = "Engineers had warned for years that the wall, which was built in 1911, would not stand a storm from the west."
TITLE = "Storm breaks the harbour wall"


def article(first: str = "", *, byline: str = "", end: str = "") -> str:
    """Return an article with something before its text, at its top or after it."""
    return "\n\n".join(filter(None, [TITLE, byline, first + BODY, MORE, end]))


def agency(text: str) -> str | None:
    found = read(text).agency
    return found.value if found else None


@pytest.mark.parametrize(
    ("dateline", "expected"),
    [
        ("OSTRAND (AP) — ", "Associated Press"),
        ("OSTRAND, March 3 (Reuters) - ", "Reuters"),
        ("Ostrand (AFP) – ", "Agence France-Presse"),
        ("OSTRAND, N.J., Sept. 26 (UPI) — ", "United Press International"),
        ("OSTRAND. March 14. /TASS/. ", "TASS"),
        ("Ostrand, 7 mar (EFE).- ", "EFE"),
        ("Ostrand (dpa) - ", "Deutsche Presse-Agentur"),
        ("(AP/Reuters) - ", "Associated Press; Reuters"),
        ("Aug 27 (Reuters) - ", "Reuters"),
        ("OSTRAND (The Associated Press) -- ", "Associated Press"),
        ("OSTRAND (CNN) — ", None),
        ("OSTRAND — ", None),
        ("The mayor told the agency (AP) - so he says - that ", None),
        ("The Associated Press (AP) reported first that ", None),
    ],
)
def test_a_dateline_credits_an_agency(dateline: str, expected: str | None) -> None:
    assert agency(article(dateline)) == expected


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Ada Quay, Associated Press", "Associated Press"),
        ("By The Associated Press", "Associated Press"),
        ("By REUTERS", "Reuters"),
        ("By Ada Quay and Ben Marsh, AP", "Associated Press"),
        ("By ADA QUAY, AP National Writer", "Associated Press"),
        ("By Ada Quay for AFP", "Agence France-Presse"),
        ("By Ada Quay", None),
        ("By Petra Lind", None),
        ("By Ada R. Bloomberg", None),
        ("By Ada QuayThe Associated Press", "Associated Press"),
        ("By ADA QUAY The Associated Press", "Associated Press"),
        ("By Ada Quay, former Reuters correspondent", None),
        ("By Ada Quay / Photos by Ben Marsh, AP", None),
        ("By Ada Quay, Camden, PA", None),
    ],
)
def test_a_byline_credits_an_agency(byline: str, expected: str | None) -> None:
    assert agency(article(byline=byline)) == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (f"{LAST} — ANSA", "ANSA"),
        (f"{LAST} EFE", "EFE"),
        ("“The wall will be built again, as it was in the year of the flood.” (ANSA).", "ANSA"),
        ("The wall was to be paid for by the council, the owners of the boats and Mayor Ada R. Bloomberg.", None),
        ("- Reuters.", "Reuters"),
        ("(AFP)", "Agence France-Presse"),
        ("© dpa", "Deutsche Presse-Agentur"),
        ("Source: AFP", "Agence France-Presse"),
        ("ab/cde (AP, dpa)", "Associated Press; Deutsche Presse-Agentur"),
        ("Based on reporting by AFP and Reuters", "Agence France-Presse; Reuters"),
        ("(Reporting by Ada Quay; Editing by Ben Marsh)", "Reuters"),
        ("(Reporting by Ada Quay; Editing by Ben Marsh; Please credit the Thomson Reuters Foundation)", "Thomson Reuters Foundation"),
        ("Copyright 2021 The Associated Press. All rights reserved.", "Associated Press"),
        ("The Associated Press contributed to this report.", None),
        ("With reporting by Reuters", None),
        ("The harbour master spoke of it on Monday in an interview with Reuters.", None),
        ("Reporting by Ada Quay", None),
        ("(AP Photo/Ben Marsh)", None),
        ("© Reuters/Ben Marsh", None),
        ("Copyright 2021 Borough Media, AP, Reuters and the photo bank Lindt", None),
    ],
)  # fmt: skip
def test_a_line_at_the_end_credits_an_agency(end: str, expected: str | None) -> None:
    assert agency(article(end=end)) == expected


def test_a_told_agency_and_a_photographer_are_not_credited() -> None:
    words = "“We knew,” the mayor told Reuters, and The Associated Press quoted a guard who said the same to AFP."
    assert agency(f"{article()}\n\n{words}\n\nThe wall on Monday. (AP Photo/Ben Marsh)") is None


@pytest.mark.parametrize("sign", ["— AFP", "– Reuters", "- dpa"])
def test_a_last_paragraph_that_an_agency_signs_is_text(sign: str) -> None:
    text = read(article(end=f"{LAST} {sign}"))
    assert text.paragraphs[-1].role == "body"
    assert text.agency is not None
    assert text.agency.origin == "text"


@pytest.mark.parametrize("end", ["The wall on Monday. — AFP", f"{LAST} — AFP photo", f"Pictured: {LAST} — AFP"])
def test_a_caption_at_the_end_credits_no_agency(end: str) -> None:
    assert agency(article(end=end)) is None


def test_the_dateline_decides_before_the_copyright_line() -> None:
    assert agency(article("OSTRAND (AP) — ", end="© 2021 The Canadian Press")) == "Associated Press"


def test_the_place_of_the_evidence_is_the_credit() -> None:
    text = read(article("OSTRAND (AFP) — "))
    at = text.text.index("AFP")
    assert text.agency is not None
    assert (text.agency.span, text.agency.origin) == (Span(at, at + 3), "text")


def test_a_declared_agency_has_its_name() -> None:
    declared = read(f"---\nagency: AP\n---\n{article('OSTRAND (Reuters) - ')}", kind="text/markdown").agency
    unknown = read(f"---\nagency: Bay Wire\n---\n{article()}", kind="text/markdown").agency
    assert declared is not None
    assert unknown is not None
    assert (declared.value, declared.origin, unknown.value) == ("Associated Press", "front-matter", "Bay Wire")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ({"author": {"@type": "Organization", "name": "AFP"}}, ("Agence France-Presse", "json-ld")),
        ({"author": [{"@type": "Person", "name": "By Ada Quay, AP National Writer"}]}, ("Associated Press", "json-ld")),
        ({"author": "Ada Quay", "publisher": {"name": "Reuters"}}, None),
    ],
)
def test_the_author_of_a_page_may_be_an_agency(head: dict[str, object], expected: tuple[str, str] | None) -> None:
    ld = json.dumps({"@type": "NewsArticle", "headline": TITLE} | head)
    script = f'<script type="application/ld+json">{ld}</script>'
    paragraphs = f"<article><h1>{TITLE}</h1><p>{BODY}</p><p>{MORE}</p></article>"
    found = read(
        f"<html><head><title>{TITLE}</title>{script}</head><body>{paragraphs}</body></html>", kind="text/html"
    ).agency
    assert (found and (found.value, found.origin)) == expected


def test_lists_of_agencies_and_nothing_else_are_read() -> None:
    assert agency_names("dpa/AFP, Reuters and the AP").count(";") == 3
    assert [agency_names(words) for words in ("AP Photo", "ap", "Reuters TV", "")] == ["", "", "", ""]


def test_a_name_is_not_an_agency() -> None:
    assert [agency_of_byline(words) for words in ("SANA KHAN", "Reuter", "Sana Quay, TT")] == ["", "", ""]
