"""Whom a source means, whose official it is, and who was told."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType

import pytest

from broadsheet.extraction.claims import assemble
from broadsheet.extraction.lexicon.given_names import sex_shown
from broadsheet.extraction.lexicon.name_forms import fold
from broadsheet.extraction.speakers import noun_phrases
from broadsheet.model import Attribution, Claim, Cluster, Mention, Paragraph, Span, Text

_NAME = re.compile(r"\{([^|{}]+)\|([A-Z]+)(?: ([^}]+))?\}")
_PART = re.compile(r"<([sct]):([^<>]*)>")


def read(marked: str) -> tuple[str, tuple[Claim, ...], tuple[Cluster, ...]]:
    """Return the claims of a marked article and the clusters their parties point to.

    `{surface|TYPE key}` is a mention (the key is its surface if left out), `<s:…>`, `<c:…>` and `<t:…>` are source, cue
    and content of a claim; a claim ends where the next one has a part that it has already, or at `/`.
    """
    plain, mentions = _unmarked(marked)
    words, groups = _claims(plain)
    shift = _shift(plain)
    keys = sorted({key for *_, key in mentions})
    clusters = tuple(_cluster(key, mentions) for key in keys)
    placed = tuple(Mention(shift(a), shift(b), keys.index(key), "exact") for a, b, _, _, key in mentions)
    paragraphs = tuple(Paragraph(m.start(), m.end(), "body") for m in re.finditer(r"[^\n]+", words))
    text = Text("a", "a.txt", "0" * 64, len(words), "text/plain", "utf-8", "en", words, paragraphs)
    return words, assemble.interpret(text, groups, clusters, placed)[0], clusters


def _unmarked(marked: str) -> tuple[str, list[tuple[int, int, str, str, str]]]:
    plain, mentions, last = "", [], 0
    for match in _NAME.finditer(marked):
        plain += marked[last : match.start()]
        mentions.append((len(plain), len(plain) + len(match[1]), match[1], match[2], match[3] or match[1]))
        plain += match[1]
        last = match.end()
    return plain + marked[last:], mentions


def _claims(plain: str) -> tuple[str, tuple[Attribution, ...]]:
    shift = _shift(plain)
    groups: list[dict[str, list[Span]]] = []
    for match in re.finditer(r"<([sct]):|/", plain):
        if match.group() == "/" or not groups:
            groups.append({"s": [], "c": [], "t": []})
        if match.group() == "/":
            continue
        if groups[-1][match[1]]:
            groups.append({"s": [], "c": [], "t": []})
        groups[-1][match[1]].append(Span(shift(match.end()), shift(_close(plain, match.end()))))
    words = re.sub(r"<[sct]:|>|/", "", plain)
    return words, tuple(Attribution(tuple(g["s"]), tuple(g["c"]), tuple(g["t"])) for g in groups if g["c"] or g["t"])


def _close(plain: str, start: int) -> int:
    depth = 1
    for place in range(start, len(plain)):
        depth += (plain[place] == "<") - (plain[place] == ">")
        if depth == 0:
            return place
    raise AssertionError(plain)


def _shift(plain: str) -> Callable[[int], int]:
    marks = [m.span() for m in re.finditer(r"<[sct]:|>|/", plain)]

    def shift(place: int) -> int:
        return place - sum(min(end, place) - start for start, end in marks if start < place)

    return shift


def _cluster(key: str, mentions: list[tuple[int, int, str, str, str]]) -> Cluster:
    forms = Counter(surface for _, _, surface, _, k in mentions if k == key)
    votes = Counter(kind for _, _, _, kind, k in mentions if k == key)
    sex = sex_shown(fold(key).split()) if votes["PERSON"] else ""
    return Cluster(key, tuple(sorted(forms.items())), tuple(sorted(votes.items())), sex=sex)


def parties(marked: str) -> list[tuple[str, str, str]]:
    """Return entity, affiliation and via of each claim in the order of the text; the empty string for none."""
    _, found, clusters = read(marked)
    names = [c.name for c in clusters] + [""]
    return [
        tuple(names[-1 if i is None else i] for i in (c.source, c.affiliation, c.via))  # type: ignore[misc]
        for c in found
    ]


ONE = [
    # a name heads the source
    ("<s:{Anna Berg|PERSON}> <c:said> <t:it was late>.", "Anna Berg", ""),
    ("<s:Kenyan army spokesman {Tom Otieno|PERSON}> <c:said> <t:it was late>.", "Tom Otieno", ""),
    ("<s:{Kenyan|NORP} army spokesman {Tom Otieno|PERSON}> <c:said> <t:it was late>.", "Tom Otieno", ""),
    ("<s:Marine Gen. {Ann Roe|PERSON}, the head of {Africa Command|ORG},> <c:said> <t:it was late>.", "Ann Roe", ""),
    ("<s:{Ann Roe|PERSON} of the {Helsinki Foundation|ORG}> <c:said> <t:it was late>.", "Ann Roe", ""),
    ("<s:Old friends of {Ann Roe|PERSON} and {Lind|PERSON}> <c:said> <t:it was late>.", "", ""),
    ("<s:{Ann Roe|PERSON} of the independent {Roe Report|ORG}> <c:said> <t:it was late>.", "Ann Roe", ""),
    ("<s:the {Defence Ministry|ORG} in the {UN|ORG}-backed government> <c:said> <t:it is>.", "Defence Ministry", ""),
    ("<s:The {BJP|ORG}'s {Sam Patra|PERSON}> <c:said> <t:it is>.", "Sam Patra", ""),
    (
        "<s:an officer at the {General Staff|ORG} in {Tripoli|GPE} Colonel {Adel Kafy|PERSON}> <c:said> <t:it is>.",
        "Adel Kafy",
        "",
    ),
    ("<s:{U.S.|GPE} Secretary of State {Mary Dole|PERSON}> <c:said> <t:it is>.", "Mary Dole", ""),
    ("<s:{Wagner|ORG} chief {Ivan Orlov|PERSON}> <c:said> <t:it is>.", "Ivan Orlov", ""),
    ("<s:{Ann Roe|PERSON}, who leads the {PUK|ORG},> <c:said> <t:it is>.", "Ann Roe", ""),
    ("<s:{Ann Roe|PERSON} the sailor> <c:knows> <t:it is>.", "Ann Roe", ""),
    # a name in apposition
    ("<s:{Roe|PERSON}'s spokesman, {Ahmad Musa|PERSON}> <c:said> <t:it is>.", "Ahmad Musa", ""),
    ("<s:a statement from {Roe|PERSON}'s spokesman, {Ahmad Musa|PERSON}> <c:said> <t:it is>.", "", "Ahmad Musa"),
    ("<s:A navy officer, Capt. {Lee Wong|PERSON},> <c:said> <t:it is>.", "Lee Wong", ""),
    ("<s:Her son, old {Sam Patra|PERSON} aide {Ahmad Musa|PERSON}> <c:said> <t:it is>.", "Ahmad Musa", ""),
    ("<s:a spokesman for {Lima|GPE}'s {Harbour Board|ORG}, {Ann Roe|PERSON}> <c:said> <t:it is>.", "Ann Roe", ""),
    ("<s:{Lima|GPE} officials, including {Ann Roe|PERSON}> <c:said> <t:it is>.", "", "Lima"),
    ("<s:Her rivals, {Ann Roe|PERSON} of {Lima|GPE} and {Tom Lind|PERSON}> <c:said> <t:it is>.", "", ""),
    ("<s:an {Argus|ORG} summary of its work>, {Ann Roe|PERSON}, a clerk, <c:says> <t:it is>.", "", "Argus"),
    ("<s:“{Green Sea|ORG}” star {Ann Roe|PERSON}> <c:said> <t:it is>.", "Ann Roe", ""),
    # unnamed officials
    ("<s:{US|GPE} officials> <c:said> <t:it is>.", "", "US"),
    ("<s:a spokesman for Gen {Omar Haddad|PERSON}> <c:said> <t:it is>.", "", "Omar Haddad"),
    ("<s:a spokesman for the {Pentagon|ORG}> <c:said> <t:it is>.", "", "Pentagon"),
    ("<s:{Moscow|GPE}’s defence ministry> <c:said> <t:it is>.", "", "Moscow"),
    ("<s:Officials in {Lima|GPE}> <c:said> <t:it is>.", "", "Lima"),
    ("<s:A {UN|ORG} report in 2020> <c:said> <t:it is>.", "", "UN"),
    ("<s:{Iraqi|NORP} security sources> <c:said> <t:it is>. {Iraq|GPE} is quiet.", "", "Iraq"),
    ("<s:{Iraqi|NORP} security sources> <c:said> <t:it is>.", "", "Iraqi"),
    ("<s:this {Argus|ORG} “reporter”> <c:said> <t:it is>.", "", "Argus"),
    # nobody
    ("<s:organisers of the {Lund|GPE} fair> <c:said> <t:it is>.", "", ""),
    ("<s:a diplomat> <c:said> <t:it is>.", "", ""),
    ("<s:Officials in {Lima|GPE}, {Quito|GPE} and {La Paz|GPE}> <c:said> <t:it is>.", "", ""),
    ("<s:{Ann Roe|PERSON} and {Tom Otieno|PERSON}> <c:said> <t:it is>.", "", ""),
    ("<s:a {Western|NORP} diplomat> <c:said> <t:it is>.", "", ""),
    ("<s:Residents of {Lima|GPE}> <c:said> <t:it is>.", "", ""),
    ("<s:Supporters of {Republican|NORP} {Ann Roe|PERSON}> <c:said> <t:it is>.", "", ""),
    # a people or a party, and some of it
    ("<s:{Republicans|NORP}> <c:said> <t:it is>.", "Republicans", ""),
    ("<s:Most {Republicans|NORP}> <c:said> <t:it is>.", "", ""),
    ("<s:The {Republicans|NORP} of {Lima|GPE}> <c:said> <t:it is>.", "", ""),
    ("<s:the {Russian|NORP}> <c:said> <t:it is>.", "", ""),
    ("<s:The {Lind|PERSON} campaign and {Oxfam|ORG}> <c:said> <t:it is>.", "", ""),
    ("<s:{Ann Roe|PERSON} and her crew> <c:said> <t:it is>.", "", ""),
    ("<s:Chairman and chief {Ann Roe|PERSON}> <c:said> <t:it is>.", "Ann Roe", ""),
    ("<c:reportedly> <t:it was late>.", "", ""),
]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a letter seen by {Argus|ORG}", ("", "", "Argus")),
        ("documents obtained by the {Argus|ORG}", ("", "", "Argus")),
        ("a {UN|ORG} report reviewed by {Argus|ORG}", ("", "UN", "Argus")),
        ("a letter by {Ann Roe|PERSON} seen by {Argus|ORG}", ("", "Ann Roe", "Argus")),
        ("emails leaked to {Argus|ORG}", ("", "", "Argus")),
        ("a memo from the {UN|ORG} seen by The {Argus|ORG}", ("", "UN", "Argus")),
        ("a report published by {Oxfam|ORG}", ("", "Oxfam", "")),
    ],
)
def test_who_saw_a_document_neither_wrote_nor_employs_it(source: str, expected: tuple[str, str, str]) -> None:
    assert parties(f"<s:{source}> <c:said> <t:it is>.") == [expected]


@pytest.mark.parametrize(("marked", "entity", "affiliation"), ONE)
def test_source(marked: str, entity: str, affiliation: str) -> None:
    assert [p[:2] for p in parties(marked)] == [(entity, affiliation)]


def test_what_a_slash_joins_to_a_name_is_where_the_name_is() -> None:
    words = "pictures from Argus/Lima"
    names = [Mention(14, 19, 0, "exact"), Mention(20, 24, 1, "exact")]
    (phrase,) = noun_phrases.read(words, Span(0, len(words)), names)
    assert phrase.mentions("after") == names


def test_names_that_a_slash_joins_before_a_noun_say_whose_it_is() -> None:
    words = "an Argus/Lima poll"
    names = [Mention(3, 8, 0, "exact"), Mention(9, 13, 1, "exact")]
    (phrase,) = noun_phrases.read(words, Span(0, len(words)), names)
    assert phrase.mentions("modifier") == names


LAST = [
    # he and she: the last person heard or spoken of
    ("<s:{Ann Roe|PERSON}> <c:said> <t:it is>. <s:She> <c:added> <t:that it is>.", "Ann Roe", ""),
    (
        "Gen {Omar Haddad|PERSON} came.\nAt a meeting with {Ivan Orlov|PERSON}, in May <s:he> <c:called> <t:it good>.",
        "Omar Haddad",
        "",
    ),
    ("{Ann Roe|PERSON} came. “{Tom Otieno|PERSON} left,” was heard. <s:She> <c:said> <t:it is>.", "Ann Roe", ""),
    (
        "Mr. {Tom Otieno|PERSON} met Mrs. {Ann Roe|PERSON}. Mrs. {Ann Roe|PERSON} left. <s:He> <c:said> <t:it is>.",
        "Tom Otieno",
        "",
    ),
    ("{Ann Roe|PERSON} came.\nA.\nB.\nC.\nD.\nE.\n<s:She> <c:said> <t:it is>.", "", ""),
    ("<s:{Nairobi|GPE}> <c:said> <t:it is>. <s:He> <c:said> <t:no rain>.", "", ""),
    # he and she: whom the speaker spoke of does not speak
    (
        "<s:{Tom Otieno|PERSON}> <c:hoped> <t:{Sam Lind|PERSON} would leave>. <t:“It is,”> <s:he> <c:said>.",
        "Tom Otieno",
        "",
    ),
    (
        "<s:{Tom Otieno|PERSON}> <c:said> <t:that Ms. {Ann Roe|PERSON} left>. <s:She> <c:said> <t:it is>.",
        "Ann Roe",
        "",
    ),
    # he and she: whom else the sentence tells
    (
        "{Mona Lind|PERSON}, the mayor, came.\nWhile <s:she> <c:accepted> <t:it is>, {Ann Roe|PERSON} left.",
        "Ann Roe",
        "",
    ),
    (
        "Mr. {Tom Otieno|PERSON} left.\nAfter <s:he> <c:said> <t:it is>, Ms. {Ann Roe|PERSON} left.",
        "",
        "",
    ),
    (
        "{Mona Lind|PERSON} left. <c:Asked> <t:it is> by <s:{Jo Ek|PERSON}>, / <s:she> <c:said> <t:it is>.",
        "Mona Lind",
        "",
    ),
    (
        "Mayor {Jo Ek|PERSON} ran.\n<s:{Ann|PERSON}> <c:said> <t:it is>.\nThe mayor left. <s:He> <c:said> <t:it is>.",
        "Jo Ek",
        "",
    ),
    # he and she: the only one of that sex nearby
    ("<s:{Ann Roe|PERSON}> <c:told> {Tom Lind|PERSON} <t:it is>, after <s:he> <c:said> <t:it is>.", "Tom Lind", ""),
    ("<s:{Ann Roe|PERSON}> <c:told> {Tom Lind|PERSON}’s son <t:it is>, after <s:he> <c:said> <t:it is>.", "", ""),
    ("{Jo Ek|PERSON} left. My mother stayed. <s:She> <c:said> <t:it is>.", "", ""),
    ("{Ann Ek|PERSON} left. My mother stayed. <s:She> <c:said> <t:it is>.", "Ann Ek", ""),
    (
        "{Ann Roe|PERSON} left.\n<s:An aide> <c:said> <t:it is>.\nFew saw <s:her> <c:claim> <t:that it is>.",
        "Ann Roe",
        "",
    ),
    ("{Ann Roe|PERSON} left.\n<s:An aide> <c:said> <t:it is>. Few saw <s:her> <c:claim> <t:that it is>.", "", ""),
    (
        "{Tom Ek|PERSON} ran as {Ann|PERSON} met with {Acme|ORG} President {Sam Lind|PERSON}. <s:He> <c:said> <t:a b>.",
        "Tom Ek",
        "",
    ),
    # he and she: who is foremost by role and distance
    (
        "{Tom Ek|PERSON} left. Few rowed.\nLook at {House|ORG} Speaker {Sam Lind|PERSON}. <s:He>'s <c:said> <t:it is>.",
        "Sam Lind",
        "",
    ),
    ("{Tom Otieno|PERSON} rowed. He met a rival: {Sam Lind|PERSON}. <s:He> <c:said> <t:it is>.", "Tom Otieno", ""),
    ("{Dan Lind|PERSON} came.\n{Tom Otieno|PERSON}’s song was long. It ended as <s:he> <c:saw> <t:the rain>.", "", ""),
    (
        "{Sam Lind|PERSON} came.\nOnce {Tom Otieno|PERSON}’s song ended as <s:he> <c:saw> <t:the rain>.",
        "Tom Otieno",
        "",
    ),
    ("While {Tom Otieno|PERSON} sang, {Sam Lind|PERSON} rowed. <s:He> <c:said> <t:it is>.", "Sam Lind", ""),
    (
        "When <s:{Tom Otieno|PERSON}> <c:asked> <t:it is>, {Sam Lind|PERSON} ran. <s:He> <c:said> <t:it is>.",
        "Sam Lind",
        "",
    ),
    ("{Tom Otieno|PERSON}’s old friend {Sam Lind|PERSON} ran after <s:he> <c:asked> <t:it is>.", "Sam Lind", ""),
    ("{Sam Lind|PERSON} ran. It rained after {Tom Ek|PERSON}, who sang, saw <s:his> <c:vow> <t:to go>.", "Tom Ek", ""),
    ("{Sam Lind|PERSON} ran. In a sign of how glad {Tom Ek|PERSON} is, <s:he> <c:said> <t:it is>.", "Tom Ek", ""),
    ("{Sam Lind|PERSON} ran. It rained, and {Tom Ek|PERSON} is firm in <s:his> <c:view> <t:that it is>.", "Tom Ek", ""),
    ("{Jo Ek|PERSON} left in a boat built by her husband. <s:He> <c:said> <t:it is>.", "Jo Ek", ""),
    # she: the woman named nearer than whoever may be a man
    ("{Jo Ek|PERSON} wrote to {Ann Roe|PERSON} that <s:she> <c:said> <t:it is>.", "Ann Roe", ""),
    ("{Jo Ek|PERSON} wrote to {Tom Lind|PERSON} that <s:he> <c:said> <t:it is>.", "Jo Ek", ""),
    ("{Tom Otieno|PERSON} rowed. <s:A voter> <c:said> <t:it is>. <s:He> <c:added> <t:that it is>.", "", ""),
    ("{Tom Otieno|PERSON} ran. <s:A spokeswoman> <c:said> <t:a>. <s:He> <c:added> <t:that it is>.", "Tom Otieno", ""),
    ("<s:The sailor’s widow {Tove Ek|PERSON}> <c:said> <t:it is>. <s:She> <c:added> <t:that it is>.", "Tove Ek", ""),
    # occupations
    ("{Ann Roe|PERSON} sang in Lund. {Tom Lind|PERSON} left.\n<s:The actress> <c:said> <t:it is>.", "Ann Roe", ""),
    ("{Ann Roe|PERSON} sang in Lund.\n<s:The “{Fern|ORG}” star> <c:said> <t:it is>.", "Ann Roe", ""),
    ("{Ann Roe|PERSON} sang in Lund.\n<s:The {Norse|NORP} singer> <c:said> <t:it is>.", "Ann Roe", ""),
    ("A young singer left as {Ann Roe|PERSON} came.\n<s:The singer> <c:said> <t:it is>.", "", ""),
    ("{Ann Roe|PERSON} and {Ada Ek|PERSON}’s sister.\nA.\nB.\n<s:The singer> <c:said> <t:it is>.", "", ""),
    ("Singer {Ada Ek|PERSON} left.\nA.\nB.\n{Ann Roe|PERSON} sang.\n<s:The singer> <c:said> <t:it is>.", "Ann Roe", ""),
    ("{Ann Roe|PERSON} sang in Lund.\n<s:The {Labour|ORG} candidate> <c:said> <t:it is>.", "Ann Roe", ""),
    ("{Tom Lind|PERSON} left.\n{Ann Roe|PERSON} wrote. <s:The {Lima|GPE} mayor> <c:said> <t:it is>.", "Ann Roe", ""),
    (
        "{Tom|PERSON} left.\nThen <s:{Ann|PERSON}> <c:said> <t:that it is>, as <s:the mogul> <c:said> <t:it is>.",
        "Tom",
        "",
    ),
    (
        (
            "<t:“Sell it to the town or leave it to the ones who built it long ago,”> <s:{Ann Roe|PERSON}> <c:said>.\n"
            "<s:The {Lima|GPE} mayor> <c:said> <t:it is>."
        ),
        "Ann Roe",
        "",
    ),
    (
        "{Al|PERSON} met {Al|PERSON} and {Acme|ORG} {Tom|PERSON}. {Tom|PERSON} left. <s:The nominee> <c:saw> <t:a b>.",
        "Tom",
        "",
    ),
    (
        "{Al|PERSON} ran. {Al|PERSON} left. {Acme|ORG} {Tom|PERSON} met {Al|PERSON}.\n<s:The nominee> <c:saw> <t:a b>.",
        "Al",
        "",
    ),
    ("Former pollster {Ann Roe|PERSON} left.\nA.\nB.\nC.\n<s:The pollster> <c:said> <t:it is>.", "Ann Roe", ""),
    (
        "President {Ann Roe|PERSON} met {Acme|ORG} President {Tom Ek|PERSON}.\n<s:The president> <c:said> <t:it is>.",
        "Tom Ek",
        "",
    ),
    (
        "President {Ann Roe|PERSON} ran with {Acme|ORG} President {Tom Ek|PERSON}. <s:The president> <c:said> <t:a b>.",
        "Ann Roe",
        "",
    ),
    (
        "Secretary of State {Ann|PERSON} met Army Secretary {Tom|PERSON}. <s:The secretary of state> <c:saw> <t:a b>.",
        "Ann",
        "",
    ),
    # a member of a party
    (
        "{Ann|PERSON} (R-{Ohio|GPE}) met {Tom|PERSON}, D-{Ohio|GPE}. <s:The {Ohio|GPE} {Red|NORP}> <c:saw> <t:a b>.",
        "Ann",
        "",
    ),
    ("{Ann Roe|PERSON} (R-{Utah|GPE}) came.\n<s:The {Ohio|GPE} {Republican|NORP}> <c:said> <t:it is>.", "", ""),
    (
        "{Ann|PERSON} (R-{Ohio|GPE}) met {Tom|PERSON} (R-{Ohio|GPE}). <s:The {Ohio|GPE} {Red|NORP}> <c:saw> <t:a b>.",
        "",
        "",
    ),
    ("<s:{Ann Roe|PERSON}> <c:said> <t:it is>.\n<s:The {Ohio|GPE} {Republican|NORP}> <c:said> <t:a b>.", "Ann Roe", ""),
    (
        "{Ann Roe|PERSON}, D-{Ohio|GPE}, left. She sang.\n<s:The {Ohio|GPE} {Republican|NORP}> <c:said> <t:a b>.",
        "",
        "",
    ),
    # an office that many hold, and an age
    ("<s:{Ann Roe|PERSON}> <c:said> <t:it is>.\n<s:The senator, who sang,> <c:said> <t:a b>.", "Ann Roe", ""),
    ("<s:{Ann Roe|PERSON}> <c:said> <t:it is>.\n<s:The 70-year-old> <c:said> <t:a b>.", "Ann Roe", ""),
    ("{Ann Roe|PERSON} left. {Tom Lind|PERSON} came.\n<s:The senator> <c:said> <t:it is>.", "", ""),
    # whose official it is
    ("{Ann Roe|PERSON} left. <s:Her spokesman> <c:said> <t:it is>.", "", "Ann Roe"),
    ("{Ann Roe|PERSON} left. <s:Her mother> <c:said> <t:it is>.", "", ""),
    ("He saw {Ann Roe|PERSON}, <s:whose lawyers> <c:said> <t:it is>.", "", "Ann Roe"),
    ("Mayor {Ann Roe|PERSON} left. <s:The mayor’s office> <c:said> <t:it is>.", "", "Ann Roe"),
    # names that a slash or a hyphen joins to the next words
    ("<s:{Lima|GPE}-based lawyer {Ann Roe|PERSON}> <c:said> <t:it is>.", "Ann Roe", ""),
    ("<s:{Ann Roe|PERSON} repeatedly> <c:said> <t:it is>.", "Ann Roe", ""),
    # a body by the noun for what it is
    ("{Acme|ORG} rose. {Acme|ORG} fell.\nIt rained. <s:The salt mining company> <c:said> <t:a b>.", "Acme", ""),
    ("<s:{Ann Roe|PERSON}> <c:left> <t:{Argus|ORG}> after <s:the news organization> <c:said> <t:a b>.", "Argus", ""),
    ("{Acme|ORG} rose. {Oxfam|ORG} fell. <s:The company> <c:said> <t:a b>.", "Oxfam", ""),
    ("{Acme|ORG} rose. <s:The airline> <c:said> <t:a b>.", "", ""),
    ("{Acme|ORG} rose, and {Oxfam|ORG} fell. <s:The company> <c:said> <t:a b>.", "", ""),
    ("{Acme|ORG} rose. {Oxfam|ORG} fell. It rained. <s:The company> <c:said> <t:a b>.", "", ""),
    ("<s:The {Tide Board|ORG}'s {Ann Roe|PERSON}> <c:said> <t:a b>.", "Ann Roe", ""),
    ("<s:The {Board of Tides|ORG}'s {Ann Roe|PERSON}> <c:said> <t:a b>.", "Ann Roe", ""),
    ("<s:A spokesman for Harbour Minister {Ann Roe|PERSON}> <c:said> <t:a b>.", "", "Ann Roe"),
    ("<s:An aide to provincial governor {Ann Roe|PERSON}, {Tom Lind|PERSON}>, <c:said> <t:a b>.", "Tom Lind", ""),
    ("<s:Secretary of the Navy {Ann Roe|PERSON}> <c:said> <t:a b>.", "Ann Roe", ""),
    ("<s:Director of Harbour Affairs {Ann Roe|PERSON}> <c:said> <t:a b>.", "Ann Roe", ""),
    ("<s:The secretary of the {Chilean|NORP} {Dock Union|ORG}, {Ann Roe|PERSON}>, <c:said> <t:a b>.", "Ann Roe", ""),
    ("<s:The agency {Acme|ORG}> <c:said> <t:a b>. <s:The {Lima|GPE}-based agency> <c:said> <t:a b>.", "Acme", ""),
    ("<s:The {Lima|GPE}-based aide> <c:said> <t:a b>.", "", ""),
    ("<s:Anti-{Acme|ORG} fighters> <c:said> <t:a b>.", "", ""),
    ("<s:The secretary of the {Dock Union|ORG} ({DU|ORG}), {Ann Roe|PERSON}>, <c:said> <t:a b>.", "Ann Roe", ""),
    ("<s:Secretary of State and boat owner {Ann Roe|PERSON}> <c:said> <t:a b>.", "Ann Roe", ""),
    ("<s:A spokesman for the Harbour Minister, {Ann Roe|PERSON}>, <c:said> <t:a b>.", "", "Ann Roe"),
    ("<s:A spokesman for the board, {Ann Roe|PERSON}>, <c:said> <t:a b>.", "Ann Roe", ""),
    ("<s:The Chief of the {Navy|ORG}, Lieutenant-General {Ann Roe|PERSON}>, <c:said> <t:a b>.", "Ann Roe", ""),
    ("<s:The company, {Acme|ORG}>, <c:said> <t:a b>.", "Acme", ""),
    ("<s:The operator, {Acme|ORG}>, <c:said> <t:a b>.", "Acme", ""),
    ("<s:The captain, {Acme|ORG}>, <c:said> <t:a b>.", "", ""),
    ("<s:{Lima|GPE} based company {Acme|ORG}> <c:said> <t:a b>.", "Acme", ""),
    ("<s:{Acme|ORG}, based in {Lima|GPE}>, <c:said> <t:a b>.", "Acme", ""),
    ("<s:{Acme|ORG}.com, a firm>, <c:said> <t:a b>.", "Acme", ""),
    ("<s:The {Argus|ORG} news agency> <c:said> <t:a b>.", "Argus", ""),
    ("<s:The {Harbour Union|ORG} radio> <c:said> <t:a b>.", "Harbour Union", ""),
    ("<s:{US|GPE} and {Israeli|NORP} sailors> <c:said> <t:a b>.", "", ""),
    # the first sentence speaks of one person, and the second says who that is
    ("<s:A diver> <c:said> <t:it is>. {Ann Roe|PERSON} dives in Lima.", "Ann Roe", ""),
    ("<s:A diver> <c:said> <t:it is>. Dr {Ann Roe|PERSON} dives in Lima.", "Ann Roe", ""),
    ("<s:His agent> <c:said> <t:it is>. He was ill, said {Ann Roe|PERSON}.", "Ann Roe", ""),
    ("<s:The coroner> <c:said> <t:it is>. Coroner {Ann Roe|PERSON} left.", "Ann Roe", ""),
    ("<s:A diver> <c:said> <t:it is>. Premier {Ann Roe|PERSON} left.", "", ""),
    ("<s:A diver> <c:said> <t:it is>. It rained. {Ann Roe|PERSON} dives in Lima.", "", ""),
    ("<s:A diver> <c:said> <t:it is>. Then {Ann Roe|PERSON} left.", "", ""),
    ("<s:A diver> <c:said> <t:it is>. {Roe|PERSON} dives in Lima.", "", ""),
    ("<s:Divers> <c:said> <t:it is>. {Ann Roe|PERSON} dives in Lima.", "", ""),
    ("<s:A spokesman> <c:said> <t:it is>. {Ann Roe|PERSON} dives in Lima.", "", ""),
    ("<s:A report> <c:said> <t:it is>. {Ann Roe|PERSON} dives in Lima.", "", ""),
    ("{Ann Roe|PERSON} left. <s:A diver> <c:said> <t:it is>. {Tom Lind|PERSON} dives in Lima.", "", ""),
    ("<s:The {Lima|GPE} premier> <c:said> <t:a b>. Premier {Ann Roe|PERSON} left.", "Ann Roe", ""),
    ("<s:The {Lima|GPE} premier> <c:said> <t:a b>. {Oslo|GPE} Premier {Ann Roe|PERSON} left.", "", "Lima"),
    (
        "<s:The {Lima|GPE} premier> <c:said> <t:a b>. Premier {Ann Roe|PERSON} met Premier {Tom Lind|PERSON}.",
        "",
        "Lima",
    ),
    ("The {Harbour Department|ORG} rose. <s:The company> <c:said> <t:a b>.", "", ""),
    ("The {Harbour Department|ORG} rose. <s:The agency> <c:said> <t:a b>.", "Harbour Department", ""),
    ("{Acme|ORG} rose. <s:The union> <c:said> <t:a b>.", "", ""),
    ("<s:The {Acme|ORG} company> <c:said> <t:a b>.", "Acme", ""),
    ("{Acme|ORG}, which builds what <s:it> <c:calls> <t:a boat>, rose.", "Acme", ""),
    # a name between an article and a noun
    (
        "<s:{Ann Roe|PERSON}> <c:said> <t:it is>. The {Eva Ek|PERSON} campaign ended. <s:She> <c:said> <t:it is>.",
        "Ann Roe",
        "",
    ),
    # whom "who" and "he" mean
    ("He met {Ann Roe|PERSON} and {Eva Lind|PERSON}, <s:who> <c:has said> <t:it is>.", "Eva Lind", ""),
    ("He met {Ann Roe|PERSON} and {Eva Lind|PERSON}, <s:who> <c:have said> <t:it is>.", "", ""),
    ("{Sam Ek|PERSON} left. In a letter that <s:he> <c:called> <t:a rant>, {Tom Lind|PERSON} sang.", "Tom Lind", ""),
    (
        "{Tom Ek|PERSON} left. In <s:his> <c:plan> <t:to stop {Sam Roe|PERSON}>, {Jo Lind|PERSON} rowed.",
        "Jo Lind",
        "",
    ),
    # a person behind a place and a title
    ("<s:The {Reds|NORP}’ new candidate, {Vermont|GPE} Sen. {Ann Roe|PERSON}>, <c:said> <t:it is>.", "Ann Roe", ""),
    # the author of a document
    ("<s:{Ann Roe|PERSON}> <c:praised> <t:the report>. <s:The long report> <c:said> <t:it is>.", "", ""),
    ("<s:{Ann Roe|PERSON}> <c:issued> <t:a long report>. <s:The report> <c:said> <t:it is>.", "", "Ann Roe"),
    ("<s:The release of emails from {Acme|ORG}> <c:showed> <t:it is>.", "", "Acme"),
    # no body by its noun, no person by the name of an outlet
    ("<s:{Acme|ORG}> <c:said> <t:it is>. <s:The advisory panel> <c:said> <t:a b>.", "", ""),
    ("<s:{Ann Roe|PERSON}> <c:said> <t:it is>.\nAs <s:The {Harbourist|NORP}> <c:reported>, <t:it is>.", "", ""),
    # an answer, and who is named beside a participle
    ("Asked if {Tom Ek|PERSON} rowed, {Sam Roe|PERSON} demurred. <s:He> <c:said> <t:it is>.", "Sam Roe", ""),
    ("<s:One pastor supporting {Tom Ek|PERSON}, {Sam Roe|PERSON} of Lima>, <c:said> <t:it is>.", "Sam Roe", ""),
    # an owner
    ("<s:{Sam|PERSON}> <c:said> <t:a>.\nOne of {Tom|PERSON}’s books came as <s:he> <c:said> <t:it is>.", "Tom", ""),
    # a body that a speaker is of
    ("<s:{Ann|PERSON}, a head at {Acme|ORG}>, <c:said> <t:it is>. <s:The firm> <c:said> <t:a b>.", "Acme", ""),
    ("<s:{Acme|ORG}> <c:said> <t:it is>.\nIt rained. <s:The salt mining company> <c:said> <t:it is>.", "Acme", ""),
    ("<s:{Acme|ORG}> <c:said> <t:{Oxfam|ORG} left>.\n<s:The salt mining company> <c:said> <t:it is>.", "", ""),
    ("<s:The {High Court|ORG}> <c:said> <t:it is>.\n<s:The salt mining company> <c:said> <t:it is>.", "", ""),
    (
        "The {Acme Group|ORG} came. A trade group wept. <s:The group> <c:said> <t:it is>.",
        "",
        "",
    ),
    ("“I saw {Ann Roe|PERSON},” he said, “<s:who> <c:says> <t:it is>.”", "Ann Roe", ""),
    # it and they
    ("Although the {Bank of Lund|ORG} did not sell, <s:it> <c:said> <t:it is>.", "Bank of Lund", ""),
    ("As {Greens|NORP} rose in polls, <s:they> <c:said> <t:it is>.", "", ""),
    (
        "<s:Several {Greens|NORP}> <c:said> <t:many voters were fond of a park that <s:they> <c:said> <t:was big>>.",
        "",
        "",
    ),
    ("As {Lund|ORG} nurses marched, <s:they> <c:said> <t:it is>.", "", ""),
    (
        "<s:{Greens|NORP}> <c:want> <t:more>, and {Liberals|NORP} want less, as <s:they> <c:say> <t:a b>.",
        "",
        "",
    ),
    ("<s:{Moscow|GPE}’s defence ministry> <c:said> <t:it is>. <s:It> <c:said> <t:it is>.", "", "Moscow"),
    ("<s:{Oxfam|ORG}> <c:said> <t:it is>. <s:It> <c:said> <t:it is>.", "Oxfam", ""),
    ("<s:{US|GPE} officials> <c:said> <t:it is>. <s:They> <c:said> <t:it is>.", "", "US"),
    ("<s:{Ann Roe|PERSON}> <c:said> <t:it is>. <s:They> <c:said> <t:it is>.", "", ""),
    # nominals for whom the sentences before are about
    ("{Ann Roe|PERSON} left Bern.\n<s:The {Lima|GPE} senator> <c:said> <t:it is>.", "Ann Roe", ""),
    ("{Ann Roe|PERSON} left. {Tom Lind|PERSON} came.\n<s:The {Lima|GPE} senator> <c:said> <t:it is>.", "", "Lima"),
    ("{Ann Roe|PERSON} left Bern.\n<s:The {Oxfam|ORG} director> <c:said> <t:it is>.", "", "Oxfam"),
    ("{Ann Roe|PERSON} left.\n<s:The former secretary of state> <c:said> <t:it is>.", "", ""),
    ("{Ann Roe|PERSON} left.\n<s:The {Lima|GPE} secretary of state> <c:said> <t:it is>.", "Ann Roe", ""),
    ("<s:{Oxfam|ORG}> <c:said> <t:it is>.\nIt rained. <s:The agency> <c:said> <t:it is>.", "Oxfam", ""),
    ("<s:{Oxfam|ORG}> <c:said> <t:it is>.\n{Unicef|ORG} rose. <s:The agency> <c:said> <t:it is>.", "", ""),
    ("<s:{Oxfam|ORG}> <c:said> <t:it is>.\nAn agency rose. <s:The agency> <c:said> <t:it is>.", "", ""),
    ("<s:{Oxfam|ORG}> <c:said> <t:it is>.\nThe agency rose. <s:The agency> <c:said> <t:it is>.", "Oxfam", ""),
    # relative pronouns
    ("He met those near {Ann Roe|PERSON}, <s:who> <c:are tired of> <t:the rain>.", "", ""),
    ("He met {Ann Roe|PERSON} of {Lund|GPE}, <s:who> <c:said> <t:it is>.", "Ann Roe", ""),
    ("He met nurses in {Lund|GPE}, <s:who> <c:said> <t:it is>.", "", ""),
    (
        "{Lind|PERSON} aide {Ann Roe|PERSON} met {Tom|PERSON}.\n<s:the {Lind|PERSON} aide> <c:said> <t:it is>.",
        "Ann Roe",
        "",
    ),
    (
        (
            "{Lind|PERSON} aide {Ann Roe|PERSON} met {Lind|PERSON} aide {Tom|PERSON}.\n"
            "<s:the {Lind|PERSON} aide> <c:said> <t:it is>."
        ),
        "",
        "Lind",
    ),
    (
        (
            "{Chilean|NORP} President {Ann Roe|PERSON} met {Peruvian|NORP} President {Tom Ek|PERSON}.\n"
            "<s:the {Chilean|NORP} leader> <c:said> <t:it is>."
        ),
        "Ann Roe",
        "",
    ),
    (
        "{Lund|GPE} President {Ann Roe|PERSON} left.\n<s:The {Lund Union Leader|ORG}> <c:said> <t:it is>.",
        "Lund Union Leader",
        "",
    ),
    ("President {Ann Roe|PERSON} left.\n<s:The {Lund Union|ORG} leader> <c:said> <t:it is>.", "", "Lund Union"),
    ("{Ann Roe|PERSON} spoke.\n<s:The {Harbour Court|ORG} judge -- who sang --> <c:said> <t:it is>.", "Ann Roe", ""),
    (
        (
            "{Ann Roe|PERSON} met {Tom Roe|PERSON}.\n"
            "<s:{Roe|PERSON Tom Roe}, 9, the son of {Tom Roe|PERSON}> <c:said> <t:it is>."
        ),
        "Ann Roe",
        "",
    ),
    ("<s:{Roe|PERSON Tom Roe}, 9, the son of {Tom Roe|PERSON}> <c:said> <t:it is>.", "", ""),
    (
        "The {Lund Committee on Tide|ORG} met.\n<s:The {Tide|PERSON} committee> <c:said> <t:it is>.",
        "Lund Committee on Tide",
        "",
    ),
    ("It rained, she told {Argus|ORG}.\n{Oxfam|ORG} left. <s:The news outlet> <c:said> <t:it is>.", "Argus", ""),
    ("{Ann Roe|PERSON} won in Lund.\n<s:The {Green|NORP} front-runner> <c:said> <t:it is>.", "Ann Roe", ""),
    (
        "<c:according to> <t:it was late> <s:{Rudaw|ORG}, a news website>, <s:which> <c:also claimed> <t:that it is>.",
        "Rudaw",
        "",
    ),
    ("He met {Ann Roe|PERSON}, <s:who> <c:said> <t:it is>.", "Ann Roe", ""),
    # nominals
    (
        "General {Omar Haddad|PERSON} came. {Ann Roe|PERSON} left. <s:The renegade general> <c:said> <t:it is>.",
        "Omar Haddad",
        "",
    ),
    ("Gen. {Omar Haddad|PERSON} came.\n<s:The general> <c:said> <t:it is>.", "Omar Haddad", ""),
    (
        "<s:The {Russian defence ministry|ORG}> <c:said> <t:it is>. <s:The ministry> <c:said> <t:it is>.",
        "Russian defence ministry",
        "",
    ),
    (
        "<s:{Ann Roe|PERSON}, once a campaign manager,> <c:said> <t:it is>. <s:The campaign> <c:said> <t:it is>.",
        "",
        "",
    ),
    ("<s:{Ann Roe|PERSON}, the county engineer,> <c:said> <t:it is>. <s:The county> <c:said> <t:it is>.", "", ""),
    ("{Ann Roe|PERSON}, the mayor, came. <s:The mayor> <c:said> <t:it is>.", "Ann Roe", ""),
    (
        "<s:a statement from spokesman {Ahmad Musa|PERSON}> <c:said> <t:it is>. <s:The statement> <c:said> <t:it is>.",
        "",
        "Ahmad Musa",
    ),
    ("<s:{Oxfam|ORG}> <c:said in a statement> <t:it is>. <s:The statement> <c:said> <t:it is>.", "", "Oxfam"),
    (
        "{Libyan|NORP} Gen. {Omar Haddad|PERSON} came.\n<s:The {Libyan|NORP} general> <c:said> <t:it is>.",
        "Omar Haddad",
        "",
    ),
    (
        "{Libyan|NORP} Gen. {Omar Haddad|PERSON} came.\n<s:The {Russian|NORP} general> <c:said> <t:it is>.",
        "",
        "Russian",
    ),
    (
        "Gen. {Omar Haddad|PERSON} of {Libya|GPE}, Gen. {Ann|PERSON}.\n<s:The {Libyan|NORP} general> <c:said> <t:a b>.",
        "",
        "Libya",
    ),
    (
        "{Green|NORP} party candidate {Ann Roe|PERSON} met {Labour|ORG} candidate {Tom Poe|PERSON}.\n<s:The {Green|NORP} candidate> <c:said> <t:it is>.",  # noqa: E501
        "Ann Roe",
        "",
    ),
    ("<s:{Roe|PERSON}'s spokesman>, {Ahmad Musa|PERSON}, <c:said> <t:it is>.", "Ahmad Musa", ""),
    (
        "<s:Spokesman {Ahmad Musa|PERSON}> <c:said> <t:it is>. A statement came. <s:The statement> <c:said> <t:it is>.",
        "",
        "",
    ),
    ("<s:{Roe|PERSON}’s> <c:view of> <t:the rain>.", "Roe", ""),
    ("<s:The general> <c:said> <t:it is>.", "", ""),
    ("<s:The {High Court|ORG}> <c:said> <t:it is>. <s:The appeals court> <c:said> <t:it is>.", "", ""),
    ("The {High Court|ORG} met. <s:The appeals court> <c:said> <t:it is>.", "", ""),
    ("Secretary of State {Ann Roe|PERSON} came. <s:The state> <c:said> <t:it is>.", "", ""),
    (
        "<s:{Lu|ORG}'s men> <c:saw> <t:a B>. <s:{Ek|ORG}'s men> <c:saw> <t:a C>.\nA.\nB.\n<s:The men> <c:saw> <t:a D>.",
        "",
        "",
    ),
    (
        "<s:Judge {Ek|PERSON}> <c:saw> <t:it is>. <s:Judge {Lu|PERSON}> <c:saw> <t:it is>.\nA.\nB.\n{Ek|PERSON} left. <s:The judge> <c:saw> <t:it is>.",  # noqa: E501
        "Ek",
        "",
    ),
    ("{Ann Roe|PERSON} came. <s:A general> <c:said> <t:it is>.", "", ""),
    ("<s:{Ann Roe|PERSON} (D) and {Tom Lind|PERSON} (R)> <c:said> <t:it is>.", "", ""),
    ("<s:A note from her lawyer, {Ann Roe|PERSON}> <c:says> <t:it is>.", "", "Ann Roe"),
    (
        "{Ann Roe|PERSON} spoke.\nThe candidate for the senate was speaking on Friday in a town by the sea, hours after {Tom Lind|PERSON} left.\n<s:The {Lima|GPE} governor> <c:said> <t:it is>.",  # noqa: E501
        "",
        "Lima",
    ),
    ("<s:Two {Boards|ORG}> <c:said> <t:it is>. <s:The two> <c:said> <t:it is>.", "", ""),
    ("In letters to the {Ministry|ORG}, the general of the north sang. <s:The general> <c:said> <t:it is>.", "", ""),
]


@pytest.mark.parametrize(("marked", "entity", "affiliation"), LAST)
def test_last_source(marked: str, entity: str, affiliation: str) -> None:
    assert parties(marked)[-1][:2] == (entity, affiliation)


KINDS = [
    ("<s:{Ann Roe|PERSON}'s advisers> <c:said> <t:it is>.\nBut <s:they> <c:want> <t:more rain>.", "official", ""),
    ("<s:A report by {Ann Roe|PERSON}> <c:says> <t:it is>.\n<s:They> <c:want> <t:more rain>.", "unnamed", ""),
    ("{Ann Roe|PERSON} met {Tom Lind|PERSON}. <s:Both women> <c:said> <t:it is>.", "unnamed", "Ann Roe"),
    ("{Ann Roe|PERSON} met {Tom Lind|PERSON} and {Ek|PERSON}. <s:Both> <c:said> <t:it is>.", "unnamed", ""),
    ("<s:Her rivals, {Ann Roe|PERSON} of {Lima|GPE} and {Tom Lind|PERSON}> <c:said> <t:it is>.", "unnamed", "Ann Roe"),
    ("<s:The lawsuit> <c:says> <t:it is>. <s:It> <c:wants> <t:more rain>.", "document", ""),
    ("The memorandum came. <s:It> <c:wants> <t:more rain>.", "document", ""),
    ("<s:Some analyses> <c:suggest> <t:more rain>.", "document", ""),
    ("<s:{Tide|NORP} activists clamoring to block the pier> <c:said> <t:it is>.", "unnamed", ""),
    ("<s:{Ann Roe|PERSON} (D) and former Mayor {Tom Lind|PERSON} (R)> <c:said> <t:it is>.", "unnamed", "Ann Roe"),
    ("The rain came. <s:It> <c:wants> <t:more rain>.", "unnamed", ""),
    ("<s:{Lima|GPE} officials> <c:said> <t:it is>. <s:They> <c:want> <t:more rain>.", "official", ""),
    ("<s:A letter by {Ann Roe|PERSON}> <c:says> <t:it is>. <s:She> <c:wants> <t:more rain>.", "unnamed", ""),
    ("<s:{Ann Roe|PERSON} and {Tom Lind|PERSON}> <c:said> <t:it is>.\n<s:They> <c:want> <t:it>.", "unnamed", "Ann Roe"),
    ("As {Ann Roe|PERSON} and {Tom Lind|PERSON} rowed, <s:they> <c:said> <t:it is>.", "unnamed", "Ann Roe"),
    ("As boats of {Ann Roe|PERSON} and {Tom Lind|PERSON} sank, <s:they> <c:said> <t:it is>.", "unnamed", ""),
]


@pytest.mark.parametrize(("marked", "kind", "named"), KINDS)
def test_a_pronoun_has_the_kind_of_whom_it_means(marked: str, kind: str, named: str) -> None:
    _, found, clusters = read(marked)
    one = found[-1]
    assert (one.source_kind, "" if one.named is None else clusters[one.named].name) == (kind, named)


NESTED = [
    ("<s:{Haddad|PERSON}> <c:said> <t:<s:he> <c:told> <t:{Orlov|PERSON} no>>.", "Haddad"),
    ("After {Ann Roe|PERSON} won, <s:{Haddad|PERSON}> <c:said> <t:<s:he> <c:told> <t:{Orlov|PERSON} yes>>.", "Haddad"),
    ("<s:{Ann Roe|PERSON}> <c:said>: <t:“<s:I> <c:wrote> <t:that it had rained>.”>", "Ann Roe"),
]


@pytest.mark.parametrize(("marked", "entity"), NESTED)
def test_inside_a_claim_a_pronoun_is_its_source(marked: str, entity: str) -> None:
    assert [p[0] for p in parties(marked)] == [entity, entity]


def test_inside_quotation_marks_he_is_the_only_other_person_right_before() -> None:
    inner = "<t:“<s:He> <c:promised> <t:to wait>.”>"
    said = f"<s:{{Tom Haddad|PERSON}}> <c:said>: {inner}"
    assert [p[0] for p in parties(f"{{Jo Ek|PERSON}} sang.\nHe praised {{Sam Lind|PERSON}}.\n{said}")][1] == "Sam Lind"
    assert [p[0] for p in parties(f"{{Jo Ek|PERSON}} praised {{Sam Lind|PERSON}}.\n{said}")][1] == ""


def test_inside_quotation_marks_my_aides_are_those_of_the_speaker() -> None:
    marked = "<s:{Ann Roe|PERSON}> <c:said>: <t:“<s:My aides> <c:wrote> <t:that it had rained>.”>"
    assert [p[:2] for p in parties(marked)] == [("Ann Roe", ""), ("", "Ann Roe")]


def test_inside_quotation_marks_he_is_somebody_else() -> None:
    marked = "<s:{Tom Haddad|PERSON}> <c:said>: <t:“<s:He> <c:promised> <t:to wait>.”> / <s:He> <c:hopes> <t:to go>."
    assert [p[0] for p in parties(marked)] == ["Tom Haddad", "", "Tom Haddad"]


def test_inside_quotation_marks_she_is_the_only_other_woman_nearby() -> None:
    said = "<s:{Eva Haddad|PERSON}> <c:said>: <t:“<s:She> <c:promised> <t:to wait>.”>"
    assert [p[0] for p in parties(f"{{Ann Roe|PERSON}} left Poe.\n{said}")] == ["Eva Haddad", "Ann Roe"]
    assert [p[0] for p in parties(f"{{Ann Roe|PERSON}} left with her sister.\n{said}")] == ["Eva Haddad", ""]
    assert [p[0] for p in parties(f"{{Ann Roe|PERSON}} left {{Ada Poe|PERSON}}.\n{said}")] == ["Eva Haddad", ""]


def test_inside_quotation_marks_he_is_the_only_one_whom_the_speaker_named() -> None:
    inner = "<t:“{Sam Lind|PERSON} rowed. <s:He> <c:promised> <t:to wait>.”>"
    marked = f"{{Jo Ek|PERSON}} sang.\n<s:{{Tom Haddad|PERSON}}> <c:said>: {inner}"
    assert [p[0] for p in parties(marked)] == ["Tom Haddad", "Sam Lind"]


@pytest.mark.parametrize(
    ("quoted", "entity"),
    [
        ("He ({Sam Lind|PERSON}) met {Dan Poe|PERSON}. <s:He> <c:promised> <t:to wait>.", "Sam Lind"),
        ("He met {Sam Lind|PERSON} and {Dan Poe|PERSON}. <s:He> <c:promised> <t:to wait>.", ""),
        ("Mr. {Sam Lind|PERSON}, <s:you> <c:promised> <t:to wait>.", "Sam Lind"),
        ("Ask Mr. {Sam Lind|PERSON}, as <s:you> <c:promised> <t:to wait>.", ""),
    ],
)
def test_inside_quotation_marks_a_name_in_brackets_or_an_address_says_who_is_meant(quoted: str, entity: str) -> None:
    assert [p[0] for p in parties(f"<s:{{Tom Haddad|PERSON}}> <c:said>: <t:“{quoted}”>")] == ["Tom Haddad", entity]


def test_no_later_pronoun_refers_to_a_source_inside_a_claim() -> None:
    inner = "<t:<s:{Tom Poe|PERSON}> <c:hopes> <t:to go>>"
    marked = f"<s:{{Dan Roe|PERSON}}> <c:said> {inner}. <s:He> <c:feared> <t:it would rain>."
    assert [p[0] for p in parties(marked)] == ["Dan Roe", "Tom Poe", "Dan Roe"]


def test_inside_quotation_marks_he_may_be_whom_the_text_before_is_about() -> None:
    said = "<s:{Dan Poe|PERSON}> <c:said>: <t:“It is his wish. <s:He> <c:promised> <t:to wait>.”>"
    about = "{Tom Haddad|PERSON} left. {Tom Haddad|PERSON} met {Sam Lind|PERSON}."
    assert [p[0] for p in parties(f"{about}\n{said}")] == ["Dan Poe", "Tom Haddad"]
    assert [p[0] for p in parties(f"It rained on {{Tom Ek|PERSON}} and {{Dan Lu|PERSON}}.\n{said}")] == [
        "Dan Poe",
        "",
    ]


def test_who_answers_in_an_interview_is_whom_the_words_before_it_name_most() -> None:
    talk = "\nQ: Is it?\n<s:A><c::> <t:It is not.>\nQ: Why?"
    about = "{Ann Roe|PERSON} on the tide.\nActress {Ann Roe|PERSON} met {Tom Ek|PERSON}."
    assert [p[0] for p in parties(about + talk)] == ["Ann Roe"]
    assert [p[0] for p in parties(about + " {Tom Ek|PERSON} left." + talk)] == [""]
    assert [p[0] for p in parties(about + talk.replace("Q:", "Well:"))] == [""]


@pytest.mark.parametrize(
    ("talk", "entity"),
    [
        ("\nQ: Is it?\nA: No. <s:I> <c:think> <t:it is not>.", "Ann Roe"),
        ("\nQIs it?\nA: No.\nIt is late. <s:I> <c:think> <t:it is not>.", "Ann Roe"),
        ("\nQ: Is it?\nA: No.\nQ: <s:You> <c:said> <t:it is>.", "Ann Roe"),
        ("\nQ: Is it? <s:I> <c:think> <t:it is not>.\nA: No.", ""),
        ("\n<s:I> <c:think> <t:it is not>.\nQ: Is it?\nA: No.", ""),
    ],
)
def test_in_an_interview_the_label_of_a_paragraph_tells_who_i_and_you_are(talk: str, entity: str) -> None:
    about = "{Ann Roe|PERSON} on the tide.\nActress {Ann Roe|PERSON} met {Tom Ek|PERSON}."
    assert [p[0] for p in parties(about + talk)] == [entity]


def test_we_who_are_nobodys_words_are_those_who_publish_the_article() -> None:
    said = "<s:We> <c:wrote> <t:it is late>."
    kinds = [
        [claim.source_kind for claim in read(marked)[1]] for marked in (said, f"<s:Ann> <c:said> <t:{said[:-1]}>.")
    ]
    assert kinds == [["organisation"], ["unnamed", "unnamed"]]


VIA = [
    ("<s:officials> <c:told> {Reuters|ORG} <t:that it rained>.", "Reuters"),
    ("<s:{Ann Roe|PERSON}> <c:told> the {Daily Post|ORG} last month <t:that it rained>.", "Daily Post"),
    ("<t:“It rained,”> <s:a manager> <c:told> {Argus|ORG}.", "Argus"),
    ("<s:{Ann Roe|PERSON}> <c:told> reporters in the {Pentagon|FAC} <t:that it rained>.", ""),
    ("<s:{Ann Roe|PERSON}> <c:told> {Egyptian|NORP} newspapers <t:that it rained>.", ""),
    ("<s:{Ann Roe|PERSON}> <c:said in an interview with> {Argus|ORG} <t:that it rained>.", "Argus"),
    ("<s:{Moscow|GPE}> <c:did not respond to {Reuters|ORG}' request for information>.", "Reuters"),
    ("<s:{Moscow|GPE}> <c:did not respond> <t:to a request for comment from {Argus|ORG}>.", "Argus"),
    ("In an interview on {Argus|ORG}’s evening show, <s:{Ann Roe|PERSON}> <c:said> <t:it rained>.", "Argus"),
    ("<s:{Ann Roe|PERSON}> <c:repeated> <t:the rain>, in a long interview with the magazine {Argus|ORG}.", "Argus"),
    ("<t:“It rained,”> <s:{Ann Roe|PERSON}> <c:said>, according to the news agency {Argus|ORG}.", "Argus"),
    ("<t:“It rained,”> <s:{Ann Roe|PERSON}> <c:said>, {Argus|ORG} reported.", "Argus"),
    ("<s:{Ann Roe|PERSON}> <c:was quoted by> {Argus|ORG} <c:as saying> <t:it rained>.", "Argus"),
    ("<s:{Ann Roe|PERSON}> <c:told> {Argus|ORG}’s weekly show <t:it rained>.", "Argus"),
    ("<c:According to> <s:{Argus|ORG}>, <t:it rained>.", ""),
    ("After her interviews with the {Navy|ORG}, <s:{Ann Roe|PERSON}> <c:said> <t:it rained>.", ""),
    ("In an interview in {Oslo|GPE}, <s:{Ann Roe|PERSON}> <c:said> <t:it rained>.", ""),
    ("<s:{Ann Roe|PERSON}> <c:said> <t:it rained, according to {Argus|ORG}>.", ""),
    ("<s:{Ann Roe|PERSON}> <c:said> <t:it rained>.\n{Tom Otieno|PERSON} told {Argus|ORG} nothing.", ""),
]


@pytest.mark.parametrize(("marked", "via"), VIA)
def test_the_addressee_of_a_claim(marked: str, via: str) -> None:
    assert [p[2] for p in parties(marked)] == [via]


def test_the_agency_is_the_last_addressee() -> None:
    marked = (
        "<s:Officials> <c:told> {Argus|ORG} <t:it is>. / <s:{Kenyan|NORP} sources> <c:told> the news agency <t:it is>."
    )
    assert [p[2] for p in parties(marked)] == ["Argus", "Argus"]
    assert parties("<s:{Kenyan|NORP} sources> <c:told> the news agency <t:it is>.")[0][2] == ""


def calls(paragraphs: int) -> int:
    """Return how many functions are called for an article of so many paragraphs with a pronoun each."""
    begun = 0

    def count(frame: FrameType, *_: object) -> None:
        nonlocal begun
        begun += "broadsheet/extraction" in frame.f_code.co_filename or frame.f_code.co_name == "__eq__"

    marked = "{Ann Roe|PERSON} met {Tom Otieno|PERSON}. <t:“It rained,”> <s:she> <c:said>.\n" * paragraphs
    sys.setprofile(count)
    try:
        read(marked)
    finally:
        sys.setprofile(None)
    return begun


def test_the_work_grows_with_the_length_of_an_article_not_with_its_square() -> None:
    assert calls(60) < 2.2 * calls(30)
