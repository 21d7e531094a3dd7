"""Texts: decoding, roles, repeats, metadata, copies, and what is said about odd texts."""

# ruff: noqa: E501 - articles and pages as they come

from __future__ import annotations

import datetime as dt
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from broadsheet.findings import codes, page
from broadsheet.findings.quarantine import Quarantined
from broadsheet.ids import sha256
from broadsheet.model import Evidence, Raw, Text
from broadsheet.project import Limits
from broadsheet.texts import copies, normalise, sketch
from broadsheet.texts.bylines import credit, is_name, is_outlet
from broadsheet.texts.dates import find, is_date_line, settle

CASES = Path(__file__).parent / "cases" / "texts"
PARAGRAPHS = [
    "A storm broke through the western wall of the old harbour on Sunday night, and dozens of boats were lost, officials said.",
    "Nobody was hurt, but the damage runs into millions, according to the town council, which met on Monday to discuss it.",
    "Engineers had warned for years that the wall, which was built in 1911, would not stand a storm from the west.",
    "“We knew, and we did not have the money,” the mayor told reporters, adding that the government had been asked twice.",
]
BODY = "The harbour was closed on Monday after a storm broke the western wall, the harbour master told reporters.\n"


def raw(data: bytes | str, path: str = "seeds/a.txt", kind: str = "text/plain", **more: Any) -> Raw:
    data = data.encode() if isinstance(data, str) else data
    return Raw(path, data, sha256(data), kind, **more)


def read(data: bytes | str, **options: Any) -> Text:
    found = normalise(raw(data, **options))
    assert isinstance(found, Text), found
    return found


def refused(data: bytes | str, **options: Any) -> str:
    found = normalise(raw(data, **options))
    assert isinstance(found, Quarantined), found
    assert (found.stage, found.path in found.reason) == ("texts", True)
    assert page(found.code).severity == "warning"
    return found.code


def found_codes(text: Text) -> list[str]:
    return [finding.code for finding in text.findings]


def lines(text: Text) -> list[tuple[str, str]]:
    return [(p.role, text.text[p.start : p.end]) for p in text.paragraphs]


# --- the five articles and others --------------------------------------------------------------------------------------

SEEDS = {  # roles by line (first letters, s for subtitle, h for subheading, x for crosslink), repeats, metadata
    "000": ("y" + "b" * 20 + "y--", {}, [None, "Roland Oliphant", "The Telegraph", None]),
    "001": (
        "tts-dc" + "b" * 13,
        {1: (0, "exact")},
        ["Will Libya see Russia's next foreign intervention force?", None, None, "2017-03-14"],
    ),
    "002": (
        "cc-tsdccbbxhbbxbhbxbbxbb",
        {6: (0, "exact"), 7: (1, "exact")},
        ["Russian military officials respond to Haftar’s invitation to Libya", None, None, "2023-08-24"],
    ),
    "003": (
        "tyc" + "b" * 19 + "d-",
        {
            8: (3, "near"),
            9: (4, "exact"),
            10: (5, "near"),
            11: (6, "exact"),
            12: (7, "near"),
            18: (13, "exact"),
            19: (14, "merged"),
            20: (16, "exact"),
            21: (17, "exact"),
        },
        ["Russian elite units land on Egypt-Libya border", None, "DEBKA", "2017-03-14"],
    ),
    "004": ("b" * 6 + "h" + "b" * 4 + "h" + "b" * 14 + "h" + "b" * 10, {}, [None] * 4),
}
LETTER = {"byline": "y", "boilerplate": "-", "subheading": "h", "crosslink": "x"}


@pytest.mark.parametrize("name", SEEDS)
def test_the_five_articles_are_read_as_specified(root: Path, name: str) -> None:
    roles, repeats, metadata = SEEDS[name]
    [path] = (root / "seeds").glob(f"{name}_*.txt")
    text = read(path.read_bytes(), path=f"seeds/{path.name}")
    assert "".join(LETTER.get(p.role, p.role[0]) for p in text.paragraphs) == roles
    assert {
        i: (p.duplicate_of, p.duplicate_kind) for i, p in enumerate(text.paragraphs) if p.duplicate_of is not None
    } == repeats
    found = [text.title, text.authors, text.publisher, text.published]
    assert [evidence and evidence.value for evidence in found] == metadata
    assert [text.url, text.license, text.rights_holder, text.language] == [None, None, None, "en"]


def test_the_span_of_a_date_stops_before_what_follows(root: Path) -> None:
    [path] = (root / "seeds").glob("003_*.txt")
    assert read(path.read_bytes()).published_text == "March 14, 2017"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.roles")), ids=lambda p: p.stem)
def test_articles_of_many_shapes(path: Path) -> None:
    told: dict[str, str] = {}
    roles: list[tuple[str, str]] = []
    written: list[str] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("# "):
            key, _, told[key] = line[2:].partition(": ")
        else:
            role, _, words = line.partition("\t")
            roles += [(role, words)] if words else []
            written.append(words)
    text = read("\n".join(written))
    assert lines(text) == roles
    found = {k: e.value for k in ("title", "authors", "publisher", "published") if (e := getattr(text, k))}
    assert found == {k: v for k, v in told.items() if k != "language"}
    assert text.language == told.get("language", "en")


# --- decoding ----------------------------------------------------------------------------------------------------------

WORDS = "Tripoli – “café” naïve\n" * 4


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (WORDS.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + WORDS.encode(), "utf-8"),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), "utf-16-be"),
        (WORDS.encode("utf-16-le"), "utf-16-le"),
        (WORDS.encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe\0\0" + WORDS.encode("utf-32-le"), "utf-32-le"),
        (b"\0\0\xfe\xff" + WORDS.encode("utf-32-be"), "utf-32-be"),
        (WORDS.encode("utf-32-le"), "utf-32-le"),
        (WORDS.encode("utf-32-be"), "utf-32-be"),
        (WORDS.encode("cp1252"), "cp1252"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    text = read(data)
    assert (text.text, text.encoding) == (WORDS, encoding)
    assert ("BS211" in found_codes(text)) == (encoding == "cp1252")


def test_a_declared_charset_comes_before_the_guess() -> None:
    data = "Триполи, сказал министр в понедельник вечером после переговоров.\n".encode("cp1251")
    assert read(data, charset="windows-1251").encoding == "cp1251"
    assert read("日本語の記事です。".encode("iso2022_jp"), charset="iso-2022-jp").text == "日本語の記事です。"
    assert read(WORDS, charset="no-such-charset").encoding == "utf-8"
    assert read(WORDS, charset="rot13").encoding == "utf-8"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "BS201"),
        (b" \n\t\r\n", "BS201"),
        (b"\xef\xbb\xbf", "BS201"),
        ("\u00a0\u2003\u2028".encode(), "BS201"),
        (b"caf\xe9 \x81 has no meaning in cp1252", "BS202"),
        ("half UTF-8: naïve café ".encode() + "half not: naïve".encode("cp1252"), "BS202"),
        (b"\xff\xfe\x00\xd8\x00\x00", "BS202"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "BS203"),
        (b"%PDF-1.7 ...", "BS203"),
        (b"PK\x03\x04 docx", "BS203"),
        (b"\x1f\x8b gzip inside gzip", "BS203"),
        (bytes(range(1, 9)) * 50, "BS203"),
    ],
)
def test_what_is_no_text_is_quarantined(data: bytes, code: str) -> None:
    assert refused(data) == code


HARBOUR = "“The café’s terrace stays closed,” Zoë Brontil said on Monday, “until the quay – and the pier – are dry.”\n"


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (HARBOUR.encode() + b"Comment: the caf\xe9 was full.\n", [(2, 17)]),
        (HARBOUR.encode() + "and the last word is cut €".encode()[:-1], [(2, 26)]),
        (HARBOUR.encode() * 200 + b"a caf\xe9\n" + b"a na\xefve one\n", [(201, 6), (202, 5)]),
    ],
)
def test_single_bytes_that_are_not_utf8_are_replaced_with_a_warning(data: bytes, places: list[tuple[int, int]]) -> None:
    text = read(data)
    (found,) = [one for one in text.findings if one.code == "BS225"]
    assert (text.encoding, text.text.count("\ufffd")) == ("utf-8", len(places))
    assert (found.line, found.column_number, found.total) == (*places[0], len(places))


@pytest.mark.parametrize(
    "data",
    [
        HARBOUR.encode() + b"two in a row: \xe9\xe8\n",
        HARBOUR.encode() + b"too many: \xe9 and \xe8\n",
    ],
)
def test_more_bytes_that_are_not_utf8_are_no_accident(data: bytes) -> None:
    assert refused(data) == "BS202"


@pytest.mark.parametrize("data", [b"over\xc0\xaflong bytes", b"sur\xed\xa0\x80rogate"])
def test_bytes_that_only_look_like_utf8_are_never_replaced(data: bytes) -> None:
    found = normalise(raw(data))
    assert isinstance(found, Quarantined) or (found.encoding == "cp1252" and "\ufffd" not in found.text)


@pytest.mark.parametrize("head", ["# **", "# # #", "#", "= * =", "**"])
@pytest.mark.parametrize("kind", ["text/markdown", "text/plain"])
def test_a_heading_of_marks_alone_gives_no_title(head: str, kind: str) -> None:
    text = read(f"{head}\n\nThe lock was closed on Monday, Ida Berg said. “It leaks,” she said.\n", kind=kind)
    assert [one.value for one in (text.title,) if one and not one.value] == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_line_ends_are_changed(end: str) -> None:
    kept = "VT\x0bFF\x0cNEL\x85LS\u2028PS\u2029 NFD e\u0301 ZWJ\u200d soft\u00ad NBSP\u00a0 trailing  "
    text = read(f"{kept}{end}{end}{BODY.strip()}{end}")
    assert text.text == f"{kept}\n\n{BODY}"
    assert len(text.paragraphs) == 2


# --- findings about texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "bad", "good"),
    [
        ("BS212", "Libyaâ€™s army said so.", "Libya’s army said so."),
        ("BS213", "Tripoli\0 said so.", "Tripoli said so.\x0b"),
        ("BS213", "Tripoli\x1b[31m said so.", "Tripoli [31m said so."),
        ("BS214", "\u202egnp.exe is a name.", "exe.png is a name.\u200d"),
        ("BS215", BODY + "We hope,” he said after the long talks with them.", BODY + "“We hope,” he said after talks."),
        ("BS215", BODY + 'He said: "No end of it, and the rest was lost.', BODY + 'He said: "No."'),
        ("BS216", "AKIAABCDEFGHIJKLMNOP is a key.", "AKIA is a town."),
        ("BS216", "-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ("BS217", "Le port a rouvert lundi après trois jours de grève des dockers, a annoncé la direction.", BODY),
        ("BS218", f"Title of it\n03/04/17\n{BODY * 1}", f"Title of it\n3 April 2017\n{BODY}"),
        ("BS219", f"Title of it\n31/02/2017\n{BODY}", f"Title of it\n28/02/2017\n{BODY}"),
        ("BS220", "Menu\nSign in\nShare", BODY),
        ("BS223", "Yunus-bek Yevkur\ufffdv said so.", "Yunus-bek Yevkurov said so."),
    ],
)
def test_findings(code: str, bad: str, good: str) -> None:
    spoiled, clean = read(bad), read(good)
    assert code in found_codes(spoiled)
    assert code not in found_codes(clean)
    assert spoiled.text == bad
    for finding in spoiled.findings:
        assert finding.message.startswith("seeds/a.txt")
        assert finding.message.isprintable()


def test_a_secret_is_not_repeated_in_its_message() -> None:
    [finding] = [f for f in read("The key AKIAABCDEFGHIJKLMNOP leaked.").findings if f.code == "BS216"]
    assert "AKIA…" in finding.message
    assert "ABCDEFGH" not in finding.message
    assert (finding.line, finding.column_number, finding.start, finding.end) == (1, 9, 8, 28)


def test_a_quotation_of_several_paragraphs_is_no_fault() -> None:
    text = read(
        f"{BODY}\n“It was dark and the wind came from the west, he said.\n\n“Then the wall broke and nobody slept.”\n"
    )
    assert "BS215" not in found_codes(text)


def test_every_code_of_articles_as_they_come_is_tested() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py")))
    assert [code for code in codes() if code[:3] in {"BS1", "BS2"} and code != "BS190" and code not in tests] == []


# --- front matter ------------------------------------------------------------------------------------------------------


def markdown(block: str, **options: Any) -> Text:
    return read(f"{block}\n# A storm in the harbour\n\n{BODY}", path="seeds/a.md", kind="text/markdown", **options)


@pytest.mark.parametrize(
    "block",
    [
        "---\ntitle: A storm\nauthor: [Ada Quay, Bo Lind]\ndate: 2021-05-03\nid: storm-1\ncountry: NO\n---",
        '+++\ntitle = "A storm"\nauthor = ["Ada Quay", "Bo Lind"]\ndate = 2021-05-03\nid = "storm-1"\n+++',
        '{\n"title": "A storm", "author": ["Ada Quay", {"name": "Bo Lind"}],\n"date": "2021-05-03", "id": "storm-1"\n}',
    ],
)
def test_front_matter(block: str) -> None:
    text = markdown(block)
    assert text.document_id == "storm-1"
    for column, value in {"title": "A storm", "authors": "Ada Quay; Bo Lind", "published": "2021-05-03"}.items():
        evidence = getattr(text, column)
        assert (evidence.value, evidence.origin) == (value, "front-matter")
    assert [role for role, words in lines(text) if words.startswith(("title", '"title'))] in (["boilerplate"], [])
    assert lines(text)[-2:] == [("title", "A storm in the harbour"), ("body", BODY.strip())]


@pytest.mark.parametrize(
    "block",
    [
        "---\ntitle: never closed\n",
        "---\na: &a [x, x]\nb: [*a, *a]\n---",
        "---\ntitle: One\ntitle: Two\n---",
        "---\ntitle: [unclosed\n---",
        "---\n- a list\n---",
        "---\n\ttabs: are no YAML\n---",
        "---\nx: " + "[" * 3000 + "\n---",
        "+++\ntitle = no quotes\n+++",
        '{\n"title": "One", "title": "Two"\n}',
    ],
)
def test_bad_front_matter_is_refused_and_the_article_taken(block: str) -> None:
    text = markdown(block)
    assert "BS204" in found_codes(text)
    assert text.document_id == "a"
    assert text.published is None


def test_a_heading_that_says_the_title_again_is_the_title() -> None:
    text = markdown("---\ntitle: A storm in the harbour\n---")
    assert lines(text)[-2:] == [("title", "A storm in the harbour"), ("body", BODY.strip())]
    assert not any(paragraph.duplicate_of is not None for paragraph in text.paragraphs)


def test_front_matter_is_bounded() -> None:
    found = normalise(
        raw("---\nx: " + "y" * 3000 + "\n---\n" + BODY, kind="text/markdown"), limits=Limits(front_matter_bytes=1000)
    )
    assert isinstance(found, Text)
    assert "BS204" in found_codes(found)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("version: 1.10", None),
        ("country: NO", None),
        ("title: 0123", "0123"),
        ("title: 11:08", "11:08"),
        ("title: yes", "yes"),
    ],
)
def test_scalars_stay_words(line: str, value: str | None) -> None:
    title = markdown(f"---\n{line}\n---").title
    assert title is not None
    assert (title.value, title.origin) == ((value, "front-matter") if value else ("A storm in the harbour", "text"))


# --- metadata of plain text --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "authors", "publisher"),
    [
        ("By Ada Quay", "Ada Quay", None),
        ("by Ada Quay and Bo Lind in Oslo", "Ada Quay; Bo Lind", None),
        ("By ADA QUAY", "Ada Quay", None),
        ("By Ada Quay, The Coast Times", "Ada Quay", "The Coast Times"),
        ("By Ada Quay for The Coast Times", "Ada Quay", "The Coast Times"),
        ("Ada Quay, Moscow correspondent of the Financial Times", "Ada Quay", "the Financial Times"),
        ("By Yusuf al-Amin and Piet van der Merwe", "Yusuf al-Amin; Piet van der Merwe", None),
        ("Von Karla Wendt", "Karla Wendt", None),
        ("Автор: Оксана Гриценко", "Оксана Гриценко", None),
        ("By Reuters", None, None),
        ("By Associated Press", None, None),
        ("By Staff Reporter", None, None),
        ("REUTERS", None, None),
        ("MERIDIANTV", None, "MERIDIANTV"),
        ("Coast Times", None, "Coast Times"),
        ("Source: Al Jazeera", None, "Al Jazeera"),
        ("Source: Reuters", None, None),
    ],
)
def test_bylines(line: str, authors: str | None, publisher: str | None) -> None:
    text = read(f"Storm breaks the harbour wall\n\n{line}\n\n{BODY}\n{BODY.replace('Monday', 'Sunday')}")
    assert lines(text)[1] == ("byline", line)
    assert (text.authors and text.authors.value, text.publisher and text.publisher.value) == (authors, publisher)
    for evidence in (text.publisher,):
        if evidence and evidence.span:
            assert evidence.span.slice(text.text) == evidence.value


@pytest.mark.parametrize(
    "words",
    [
        "The minister told Reuters on Friday that he would resign, and according to Debka he had said so before, twice.",
        "By Monday the army had taken the town, and the people of the coast were told to leave their houses at once.",
        "Photo editors at The Guardian declined to comment on Monday about the matter, which had been reported before.",
    ],
)
def test_names_in_running_text_are_no_credits(words: str) -> None:
    text = read(f"{BODY}\n{words}\n")
    assert [role for role, _ in lines(text)] == ["body", "body"]
    assert (text.authors, text.publisher) == (None, None)


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("For more, sign up for our weekly newsletter.", "boilerplate"),
        ("MORE FROM THE COAST TIMES", "boilerplate"),
        ("Share on Facebook Share on Twitter", "boilerplate"),
        ("Facebook | Twitter | E-mail", "boilerplate"),
        ("© 2021 The Coast Times, a company of the Coast group, which has its seat in the old town.", "boilerplate"),
        ("Copyright law was a matter for the courts of the coast, and not for the council, she said.", "body"),
        ("Campaign Manager Laughs, Evades Reporter’s Question.", "body"),
        ("Mr. Lind, now a paid commentator, has denied that this was the case on several occasions.", "body"),
        ("1.2", "boilerplate"),
        ("12.5k", "boilerplate"),
        ("@coast_reader.", "boilerplate"),
        ("Read more: Council votes on the wall", "crosslink"),
        ("Photo: Ada Quay", "caption"),
    ],
)
def test_a_line_inside_the_text_is_read_by_its_words(line: str, role: str) -> None:
    text = read("\n\n".join([*PARAGRAPHS[:2], line, *PARAGRAPHS[2:]]))
    assert lines(text)[2] == (role, line)


@pytest.mark.parametrize("words", ["Libya", "MOSCOW", "WORLD NEWS", "Middle East", "ANALYSIS"])
def test_sections_and_places_are_no_outlets(words: str) -> None:
    assert not is_outlet(words)
    assert read(f"Storm breaks the harbour wall\n\n{words}\n\n{BODY}").publisher is None


def test_names() -> None:
    assert all(
        map(is_name, ["Ada Quay", "R. K. Menon", "Jean-Luc O'Neil", "Maria del Carmen Ortiz", "Khalid bin Said"])
    )
    assert not any(
        map(is_name, ["Ada", "The Ministry", "New York", "Inland Post", "ada quay", "Ada said", "Q3 Results"])
    )
    assert credit("The Russian ministry of defence was not immediately available for comment.") is None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("14 March, 2017", "2017-03-14"),
        ("March 14, 2017", "2017-03-14"),
        ("14th of March 2017", "2017-03-14"),
        ("Sept. 3, 2019", "2019-09-03"),
        ("5. November 2021", "2021-11-05"),
        ("14 de enero de 2020", "2020-01-14"),
        ("1er mars 2018", "2018-03-01"),
        ("3 мая 2022", "2022-05-03"),
        ("2017-03-14T11:08:00Z", "2017-03-14"),
        ("2017年3月14日", "2017-03-14"),
        ("٢٠١٧-٠٣-١٤", "2017-03-14"),
        ("24/08/2023", "2023-08-24"),
        ("08/24/2023", "2023-08-24"),
        ("03/04/2017", None),
        ("24-08-23", None),
        ("31/02/2017", None),
        ("0001-01-01", None),
        ("2999-01-01", None),
        ("version 1.10.2017.4", None),
        ("page 12 of 2017", None),
    ],
)
def test_dates(words: str, day: str | None) -> None:
    dates = find(words)
    settled = settle(dates[0], "") if dates else None
    assert settled == (dt.date.fromisoformat(day) if day else None)


def test_the_article_settles_what_its_date_leaves_open() -> None:
    [date] = find("24-08-23")
    assert settle(date, "They arrived on 22 August 2023.") == dt.date(2023, 8, 24)
    assert settle(date, "It was built in August 2010.") is None
    [date] = find("03/04/2017")
    assert settle(date, "", "de") == dt.date(2017, 4, 3)
    assert settle(date, "", "en") is None


@pytest.mark.parametrize(
    "line",
    [
        "published: 3 may 2020",
        "friday 3 march 2017 10:33 gmt",
        "10:33 am",
        "3 hours ago",
        "updated 4 june 2020 at 9:14 pm",
        "march 14, 2017 | comments »",
    ],
)
def test_date_lines(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line", ["on 3 may 2020 the wall broke", "2017", "12 people", "monday", "may", "in march 2017"]
)
def test_other_lines(line: str) -> None:
    assert not is_date_line(line)


@pytest.mark.parametrize("line", ["2 hours ago", "Last updated: 3 May 2020", "Friday", "Last year"])
def test_no_day_is_invented(line: str) -> None:
    assert read(f"Storm breaks the harbour wall\n\n{line}\n\n{BODY}").published is None


def test_declared_values_come_first() -> None:
    fields = {
        "title": "Declared",
        "published": "2020-02-01",
        "language": "en_GB",
        "url": "https://a.example",
        "license": "CC-BY-4.0",
    }
    text = read(f"Storm breaks the harbour wall\n\n3 May 2021\n\n{BODY}", fields=fields)
    assert text.title is not None
    assert (text.title.value, text.title.origin) == ("Declared", "meta")
    assert text.published is not None
    assert (text.published.value, text.language, text.url, text.license) == (
        "2020-02-01",
        "en-GB",
        "https://a.example",
        "CC-BY-4.0",
    )


@pytest.mark.parametrize(
    ("column", "declared", "value"),
    [
        ("url", "www.harbour.example/storm", None),
        ("url", "javascript:alert(1)", None),
        ("url", "https://harbour.example/storm\u200b", "https://harbour.example/storm"),
        ("license", "all rights reserved", None),
        ("license", "Creative Commons Attribution-ShareAlike 4.0", "CC-BY-SA-4.0"),
    ],
)
def test_a_declared_value_of_another_form_is_left_out_and_the_article_is_taken(
    column: str, declared: str, value: str | None
) -> None:
    beside = read(f"Storm breaks the harbour wall\n\n{BODY}", fields={column: declared})
    before = markdown(f"---\n{column}: {declared}\n---")
    for text in (beside, before):
        assert getattr(text, column) == value
        assert [one.column for one in text.findings if one.code == "BS224"] == [column] * (value is None)


# --- repeats -----------------------------------------------------------------------------------------------------------


def duplicates(*paragraphs: str) -> list[tuple[int, int | None, str | None]]:
    text = read("\n\n".join(paragraphs))
    return [(i, p.duplicate_of, p.duplicate_kind) for i, p in enumerate(text.paragraphs) if p.duplicate_of is not None]


def test_repeats() -> None:
    one, two, three, _ = PARAGRAPHS
    assert duplicates(one, two, one) == [(2, 0, "exact")]
    assert duplicates(one, two, one.replace("dozens of", "many")) == [(2, 0, "near")]
    assert duplicates(one, two, three, f"{two} {three}") == [(3, 1, "merged")]
    assert duplicates(f"{one} {two}", three, two) == [(2, 0, "merged")]
    assert duplicates(one, one.upper()) == [(1, 0, "exact")]


def test_what_only_looks_alike_is_kept() -> None:
    crude = "Brent crude rose 1.2 percent to 50.3 dollars a barrel on Monday, traders in the city said."
    assert duplicates(crude, crude.replace("1.2", "2.4").replace("50.3", "61.0")) == []
    assert duplicates(PARAGRAPHS[0], "Yes.", PARAGRAPHS[1], "Yes.") == []
    assert duplicates("The company declined to comment.", PARAGRAPHS[0], "The ministry declined to comment.") == []


def test_lines_without_words_are_compared_with_nothing() -> None:
    assert duplicates(PARAGRAPHS[0], "}", PARAGRAPHS[1], "}") == []
    assert duplicates(PARAGRAPHS[0], "- " * 9, "| " * 12, "* " * 20) == []


def test_wrapped_text_is_read_in_paragraphs() -> None:
    wrapped = "\n\n".join(
        "\n".join(p[i : i + 40] for i in range(0, len(p), 40)) for p in ["x" * 30 + " " + "word " * 40, "y " * 90]
    )
    words = [("storm wall harbour boat " * 12).strip() + ".", ("mayor council money west " * 12).strip() + "."]
    import textwrap

    text = read("\n\n".join(textwrap.fill(w, 60) for w in words))
    assert [" ".join(w.split()) for _, w in lines(text)] == words
    assert wrapped
    assert len(read("One line of words here\nAnother line of words there\nA third one").paragraphs) == 3


# --- copies ------------------------------------------------------------------------------------------------------------


def story(name: str, *numbers: int) -> Text:
    body = "\n\n".join(
        " ".join(f"word{(number * 7919 + i * (number + 3)) % 997} {chr(97 + number)}thing{i}" for i in range(60)) + "."
        for number in numbers
    )
    return read(body, path=f"seeds/{name}.txt")


def test_copies_cut_or_extended_belong_to_the_smallest_id() -> None:
    texts = [story("c", 1, 2, 3, 4), story("b", 1, 2), story("d", 1, 2, 3, 4, 5), story("a", 6, 7, 8), story("e", 9)]
    sketches = {text.document_id: sketch(text) for text in texts}
    assert copies(sketches.items()) == {"c": "b", "d": "b"}
    assert copies(reversed(sketches.items())) == copies(sketches.items())


def test_short_articles_are_copies_only_if_they_are_equal() -> None:
    one = read(BODY)
    other = read(BODY.replace("storm", "fire"))
    assert copies([("a", sketch(one)), ("b", sketch(one)), ("c", sketch(other))]) == {"b": "a"}
    assert copies([("a", ()), ("b", ())]) == {}


def test_ten_thousand_articles_are_compared_in_seconds() -> None:
    sketches = {f"a{n:05}": (n, *range(n * 50, n * 50 + 100)) for n in range(10_000)}
    started = time.process_time()
    copies(sketches.items())
    assert time.process_time() - started < 20


# --- the door ----------------------------------------------------------------------------------------------------------


def test_ids_come_from_the_declared_id_the_record_or_the_path() -> None:
    assert read(BODY, path="seeds/A Storm.txt").document_id == "a-storm"
    assert read(BODY, path="wire.jsonl#17").document_id == "17"
    assert read(BODY, path="wire.jsonl#17", declared_id="Storm 1").document_id == "storm-1"


def test_a_line_of_a_million_blanks_takes_no_time() -> None:
    for words in (
        " " * 300_000 + "x",
        "\u00a0" * 300_000 + "x",
        "a " * 100_000,
        "“" * 50_000,
        "Home » " * 20_000,
        "1/" * 50_000,
        "(" * 50_000,
    ):
        started = time.process_time()
        normalise(raw(words))
        assert time.process_time() - started < 5, words[:10]


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown", "text/html"])
def test_more_lines_than_an_article_has_are_refused(kind: str) -> None:
    story = "".join(f"<p>{n}</p>\n" for n in range(12))
    assert normalise(raw(story, kind=kind), limits=Limits(lines=30)) == normalise(raw(story, kind=kind))
    found = normalise(raw(story, kind=kind), limits=Limits(lines=10))
    assert isinstance(found, Quarantined)
    assert found.code == "BS207"
    assert "the limit is 10" in found.reason


def test_an_article_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(_: Any) -> dict[int, Any]:
        while True:
            with suppress(Exception):
                re.match(r"(a|a)*b", "a" * 30)

    import broadsheet.texts

    one = raw(BODY * 200)
    assert isinstance(normalise(one), Text)
    monkeypatch.setattr(broadsheet.texts, "repeats", forever)
    started, handler = time.process_time(), signal.getsignal(signal.SIGPROF)
    found = normalise(one, limits=Limits(seconds=1))
    assert isinstance(found, Quarantined)
    assert (found.code, found.path, found.sha256) == ("BS208", one.path, one.sha256)
    assert time.process_time() - started < 5
    assert signal.getsignal(signal.SIGPROF) == handler
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_articles_are_read_in_threads_too() -> None:
    with ThreadPoolExecutor(2) as pool:
        assert all(isinstance(text, Text) for text in pool.map(normalise, [raw(BODY * 200)] * 4))


def test_plain_text_needs_no_model_and_no_parser() -> None:
    program = (
        "import sys; from broadsheet.texts import normalise; from broadsheet.model import Raw;"
        f"normalise(Raw('a.txt', {(BODY * 3).encode()!r}, '0' * 64, 'text/plain'));"
        "print([m for m in ('py3langid', 'trafilatura', 'resiliparse', 'polars', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_normalise_is_a_pure_function() -> None:
    one = raw(BODY)
    assert normalise(one) == normalise(replace(one))


# --- headlines of plain text ------------------------------------------------------------------------------------------

LEAD = (
    "The maritime museum in Hallen reopened its east wing on Saturday, four years after a fire destroyed most of the "
    "ship models that its keepers had collected for more than a century."
)
MORE = "Volunteers rebuilt twenty-six models from photographs, and visitors can watch the work on the remaining ones."


@pytest.mark.parametrize(
    ("headline", "lead"),
    [
        ("Museum Opens East Wing Again After Fire in Which Ship Models Were Lost.", LEAD),
        ("Museum opens east wing four years after fire.", LEAD),
        ("The museum in Hallen shows its ship models again.", LEAD),
        ("A wing opens for the first time since Monday.", f"HALLEN, Norway (AP) — {LEAD}"),
        ("Sculptor Says Goodbye to Hallen's ‘Kingdom of Sails.’", LEAD),
        ("Under the ice", f"By Ida Bloom\n\n12 June 2021\n\n{LEAD}"),
        ("Hallen court rejects appeal", f"The court in Hallen rejected the appeal on Tuesday.\n\n{LEAD}"),
        ("Interview: We count each ship", f"Signe Halden runs the museum.\n\n{LEAD}"),
    ],
)
def test_the_first_line_of_a_newspaper_text_is_its_headline(headline: str, lead: str) -> None:
    text = read(f"{headline}\n\n{lead}\n\n{MORE}\n".encode())
    assert text.title is not None
    assert text.title.value == headline
    assert text.paragraphs[0].role == "title"


@pytest.mark.parametrize(
    "first",
    [
        "The court in Hallen rejected the appeal on Tuesday.",
        "She said the museum would stay.",
        LEAD,
    ],
)
def test_a_first_sentence_is_no_headline(first: str) -> None:
    assert read(f"{first}\n\n{LEAD if first != LEAD else MORE}\n\n{MORE}\n".encode()).title is None


def test_a_headline_of_two_lines_has_its_second_as_subtitle() -> None:
    text = read(f"Museum opens again;\nEast wing was lost to fire.\n\n{LEAD}\n\n{MORE}\n".encode())
    assert text.title is not None
    assert (text.title.value, text.paragraphs[1].role) == ("Museum opens again", "subtitle")


def test_an_interview_begins_with_its_first_question() -> None:
    turns = ["Gazette: Will it open again?", "Halden: I think so, yes.", "Gazette: When?", "Halden: In May, we hope."]
    text = read("\n\n".join(["Interview: We count each ship", "Signe Halden runs the museum.", *turns]).encode())
    assert [p.role for p in text.paragraphs] == ["title", *["body"] * 5]


MARKDOWN = """---
title: Pier
---
# Pier *reopens*

The [mayor of **Hallen**](https://a.example/mayor), `Ida` Bloom, said on
Monday that the pier ![a picture of it](pier.png) would \\*stay\\* open &amp; dry.<br>

1. The first reason
2. The <b>second</b> reason

- A point

> A quotation of the mayor.

```
code
```

| who | when |
|---|---|
| Ada Quay | May |

[ref]: https://a.example/ref
"""


def test_the_text_of_markdown_is_what_a_reader_sees_in_the_lines_of_the_file() -> None:
    text = read(MARKDOWN.encode(), kind="text/markdown")
    assert text.text.split("\n") == [
        *("---", "title: Pier", "---", "Pier reopens", ""),
        "The mayor of Hallen, Ida Bloom, said on",
        "Monday that the pier a picture of it would *stay* open & dry.",
        *("", "1. The first reason", "2. The second reason", "", "• A point", ""),
        *("A quotation of the mayor.", "", "", "code", "", "", "who when", "", "Ada Quay May", "", "", ""),
    ]
    assert [text.text[p.start : p.end] for p in text.paragraphs if p.role == "title"] == ["Pier reopens"]


@pytest.mark.parametrize(
    "line",
    [
        "The **mayor** of Hal\u00adlen said so.",
        "## The harbour of *Hal\u00adlen*",
        "- [The council](https://coast.example/the-harbour) of Hal\u00adlen",
        "The wall and the *quay*, said __Hal\u00adlen__, and he **said** it twice.",
    ],
)
def test_a_finding_about_markdown_is_at_line_and_column_of_the_file(line: str) -> None:
    text = read(f"# *Pier*\n\n{BODY}\n{line}\n".encode(), kind="text/markdown")
    places = [(one.code, one.line, one.column_number) for one in text.findings if one.code == "BS227"]
    assert places == [("BS227", BODY.count("\n") + 4, line.index("\u00ad") + 1)]


def test_markdown_without_visible_text_is_empty() -> None:
    assert refused(b"<!-- nothing -->\n\n[ref]: https://a.example\n", kind="text/markdown") == "BS201"


def test_the_times_of_live_updates_are_no_end_of_the_header() -> None:
    entries = ["10:32", PARAGRAPHS[1], "10:15 The bridge is closed", PARAGRAPHS[2], "9:28 am", PARAGRAPHS[3]]
    head = [("title", "Storm over Ostrand: live updates"), ("byline", "By Ada Quay"), ("dateline", "3 May 2021")]
    text = read("\n\n".join([*(words for _, words in head), PARAGRAPHS[0], *entries]))
    roles = ["body", "dateline", "body", "subheading", "body", "dateline", "body"]
    assert lines(text) == [*head, *zip(roles, [PARAGRAPHS[0], *entries], strict=True)]


def test_values_have_no_invisible_characters_and_keep_their_places() -> None:
    head = ["Storm breaks the har\u00adbour\u200b\u00a0wall", "By Ada Quay", "3 May 2021"]
    text = read("\n\n".join([*head, *PARAGRAPHS]))
    assert text.title is not None
    assert text.title.value == "Storm breaks the harbour wall"
    assert text.title.span is not None
    assert text.title.span.slice(text.text) == head[0]
    assert markdown("---\npublisher: The\u200b Coast Times\n---\n").publisher == Evidence(
        "The Coast Times", "front-matter"
    )
