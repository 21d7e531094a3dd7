"""Who is who over all articles, and what people decide about it."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import text_of
from rapidfuzz.distance import OSA

from broadsheet import corrections, ids
from broadsheet.corrections import freeze
from broadsheet.extraction import Models, Settings, extract, resolve
from broadsheet.extraction.lexicon.name_forms import Spellings, close, fold
from broadsheet.extraction.linking.within_document.groups import Group
from broadsheet.extraction.linking.within_document.spellings import link_spellings
from broadsheet.extraction.linking.within_document.types import settle_types
from broadsheet.extraction.overrides import entities
from broadsheet.model import Cluster, EntityDecision, Extraction, Finding, Members, Place, Resolution, Sex

Names = list[tuple[str, str, int]]


def article(document_id: str, *clusters: tuple[str, str, int], aliases: tuple[str, ...] = ()) -> Extraction:
    """Return what an article names: (name, type, mentions) each; `aliases` are the first one's."""
    made = [
        Cluster(name, ((name, count),), ((kind, count),), aliases if at == 0 else ())
        for at, (name, kind, count) in enumerate(clusters)
    ]
    return Extraction(document_id, tuple(made))


def entity_of(resolution: Resolution, document_id: str, index: int = 0) -> str:
    return resolution.members[document_id, index][0]


# --- joins -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (("Peter Novak", "PERSON", 3), ("Novak", "PERSON", 2), "partial"),
        (("Abdel Fattah al-Sisi", "PERSON", 3), ("Abdel-Fattah el-Sisi", "PERSON", 1), "folded"),
        (("Sergei Lavrov", "PERSON", 3), ("Sergey Lavrov", "PERSON", 1), "spelling"),
        (("Peter Novakov", "PERSON", 3), ("Novakow", "PERSON", 1), "spelling"),
        (("Maria Elena Lopez", "PERSON", 3), ("Maria Lopez", "PERSON", 1), "partial"),
        (("United States", "GPE", 3), ("U.S.", "GPE", 1), "alias"),
        (("Islamic State", "ORG", 3), ("Daesh", "ORG", 1), "alias"),
        (("Benghazi", "GPE", 3), ("Bengazi", "GPE", 1), "spelling"),
        (("Federal Election Commission", "ORG", 3), ("Federal Elections Commission", "ORG", 1), "spelling"),
        (("Hillary Clinton", "PERSON", 9), ("Hilary Clinton", "PERSON", 1), "spelling"),
        (("Hansen Group", "ORG", 3), ("Hansen", "ORG", 1), "partial"),
        (("Health Department", "ORG", 3), ("Department of Health", "ORG", 1), "alias"),
        (("Kenyan Defence Ministry", "ORG", 3), ("Kenyan ministry of defense", "ORG", 1), "alias"),
        (("Egyptian Armed Forces", "ORG", 3), ("Egyptian army", "ORG", 1), "alias"),
        (("NRF", "ORG", 3), ("NRFs", "ORG", 1), "acronym"),
        (("São Tomas", "GPE", 3), ("Sao Tomas", "GPE", 1), "folded"),
        (("Bill Novak", "PERSON", 3), ("William R. Novak", "PERSON", 1), "alias"),
        (("Peter Novak", "PERSON", 3), ("Peter Novak Jr.", "PERSON", 1), "alias"),
        (("Joe Novak", "PERSON", 3), ("Joseph R. Novak Jr.", "PERSON", 1), "alias"),
        (('Samuel T. "Billy" Novak', "PERSON", 3), ("Billy Novak", "PERSON", 1), "alias"),
    ],
)
def test_two_names_of_one_thing(one: tuple[str, str, int], other: tuple[str, str, int], reason: str) -> None:
    found = resolve([article("a", one), article("b", other)])
    assert [e.name for e in found.entities] == [one[0]]
    assert found.members["a", 0][1] is None
    assert found.members["b", 0][1] == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Libyan army", "ORG", 3), ("Libyan National Army", "ORG", 1)),
        (("Russian defence ministry", "ORG", 3), ("Kenyan defence ministry", "ORG", 1)),
        (("Moscow", "GPE", 3), ("Russia", "GPE", 1)),
        (("Russian", "NORP", 3), ("Russia", "GPE", 1)),
        (("Niger", "GPE", 30), ("Nigeria", "GPE", 1)),
        (("Austria", "GPE", 30), ("Australia", "GPE", 1)),
        (("Security Council", "ORG", 3), ("Russian Security Council", "ORG", 1)),
        (("George Bush", "PERSON", 3), ("Barbara Bush", "PERSON", 1)),
        (("Peter Hansen", "PERSON", 2), ("Peter Hanson", "PERSON", 1)),
        (("7th Brigade", "ORG", 9), ("8th Brigade", "ORG", 1)),
        (("Hansen Group", "ORG", 3), ("Hansen Bank", "ORG", 1)),
        (("New York", "GPE", 3), ("N.Y.", "GPE", 1)),
        (("Georgia", "GPE", 3), ("Ga", "GPE", 1)),
        (("Danica Novak", "PERSON", 3), ("Dan Novak", "PERSON", 1)),
        (("J. Novak", "PERSON", 3), ("John Novak", "PERSON", 1)),
        (("Hilda Marsden", "PERSON", 9), ("Marsdens", "PERSON", 1)),
    ],
)
def test_two_things(one: tuple[str, str, int], other: tuple[str, str, int]) -> None:
    found = resolve([article("a", one), article("b", other)])
    assert len(found.entities) == 2


def test_a_surname_with_two_bearers_joins_neither() -> None:
    found = resolve(
        [article(d, (n, "PERSON", 2)) for d, n in (("a", "Anna Novak"), ("b", "Peter Novak"), ("c", "Novak"))]
    )
    assert {e.name for e in found.entities} == {"Anna Novak", "Peter Novak", "Novak"}


def test_a_word_of_many_articles_is_not_the_body_of_one() -> None:
    words = [article(name, ("Kettle", "ORG", 2)) for name in "bcd"]
    assert entity_of(resolve([article("a", ("Kettle Observer", "ORG", 1)), *words]), "b") == "kettle.org"
    assert entity_of(resolve([article("a", ("Kettle Inc", "ORG", 1)), *words]), "b") == "kettle-inc.org"


def test_a_word_is_not_the_initials_of_a_body() -> None:
    charge = article("a", ("Market Access Council", "ORG", 2), aliases=("MAC",))
    shouted = Extraction("b", (Cluster("Mac", (("MAC", 1), ("Mac", 8)), (("ORG", 9),)),))
    assert entity_of(resolve([charge, shouted]), "b") == "mac.org"
    assert entity_of(resolve([charge, article("c", ("Mac", "ORG", 2))]), "c") == "mac.org"


def test_an_abbreviated_place_has_its_usual_name() -> None:
    found = resolve([article("a", ("Mo", "GPE", 1))])
    assert [e.entity_id for e in found.entities] == ["missouri.gpe"]
    assert found.members["a", 0][1] == "alias"


def test_father_and_son_of_one_article_are_two() -> None:
    names = (("Peter Novak", "PERSON", 3), ("Peter Novak Jr.", "PERSON", 1))
    assert len(resolve([article("a", *names)]).entities) == 2


def bare(document_id: str, surname: str, sex: Sex = "", office: str = "") -> Extraction:
    """Return an article with a surname alone, and what it shows of the person."""
    forms, votes = ((surname, 2),), (("PERSON", 2),)
    return Extraction(document_id, (Cluster(surname, forms, votes, sex=sex, offices=(office,) if office else ()),))


def bearer(document_id: str, name: str, sex: Sex = "", office: str = "") -> Extraction:
    """Return an article with a full name."""
    return replace_name(bare(document_id, name.rpartition(" ")[2], sex, office), name)


def replace_name(said: Extraction, name: str) -> Extraction:
    (cluster,) = said.clusters
    return replace(said, clusters=(replace(cluster, name=name, forms=((name, 1), *cluster.forms)),))


FAMILY = (
    *(bearer(f"p{at}", "Peter Novak", "m", "president") for at in range(10)),
    *(bearer(f"a{at}", "Anna Novak", "f") for at in range(2)),
)


@pytest.mark.parametrize(
    ("surname", "expected"),
    [
        (bare("x", "Novak"), ("peter-novak.person", "frequency")),
        (bare("x", "Novak", "m"), ("peter-novak.person", "partial")),
        (bare("x", "Novak", "f"), ("anna-novak.person", "partial")),
        (bare("x", "Novak", "", "president"), ("peter-novak.person", "frequency")),
        (bare("x", "Novak", "m", "judge"), ("novak.person", None)),
    ],
    ids=["plain", "Mr.", "Mrs.", "President", "Judge"],
)
def test_a_surname_alone_means_whom_the_corpus_prefers(surname: Extraction, expected: tuple[str, str | None]) -> None:
    assert resolve([*FAMILY, surname]).members["x", 0] == expected


RIVALS = [bearer(f"b{at}", "Olga Novak") for at in range(3)]


def test_a_surname_stays_apart_where_nobody_is_preferred() -> None:
    assert entity_of(resolve([*FAMILY, *RIVALS, bare("x", "Novak")]), "x") == "novak.person"


def test_a_surname_in_doubt_is_listed_once() -> None:
    (found,) = resolve([*FAMILY, *RIVALS, bare("x", "Novak"), bare("y", "Novak", "", "judge")]).findings
    assert (found.code, found.severity, found.table, found.row_id) == ("BS312", "info", "entities", "novak.person")
    assert "peter-novak.person, olga-novak.person, anna-novak.person" in found.message
    assert "corrections/entities.csv" in found.repair


@pytest.mark.parametrize("action", ["link", "merge"])
def test_a_surname_that_is_decided_is_in_doubt_no_more(tmp_path: Path, action: str) -> None:
    document = "x" if action == "link" else ""
    row = f"{action},novak.person,{document},anna-novak.person,why,A. Editor,2026-01-31\n"
    (tmp_path / "entities.csv").write_text(HEAD + row, encoding="utf-8")
    read, _ = corrections.read(tmp_path)
    found = resolve([*FAMILY, *RIVALS, bare("x", "Novak")], read)
    assert (entity_of(found, "x"), found.findings) == ("anna-novak.person", ())


def test_a_given_name_is_not_the_surname_of_another_article() -> None:
    found = resolve([bearer("a", "Ida Patrick"), bearer("b", "Patrick Moor"), bare("x", "Patrick")])
    assert entity_of(found, "x") == "patrick.person"


def test_initials_join_the_only_body_that_states_them() -> None:
    front = article("a", ("Northern Relief Front", "ORG", 2), aliases=("NRF",))
    party = article("b", ("New Reform Federation", "ORG", 2), aliases=("NRF",))
    alone = article("c", ("NRF", "ORG", 5))
    assert resolve([front, alone]).members["c", 0] == ("northern-relief-front.org", "acronym")
    assert entity_of(resolve([front, party, alone]), "c") == "nrf.org"


@pytest.mark.parametrize("kind", ["ORG", "GPE"])
def test_initials_join_the_body_that_another_article_spells_out_whatever_their_type(kind: str) -> None:
    spelt = article("a", ("New York Police Department", "ORG", 2), aliases=("NYPD",))
    alone = article("b", ("NYPD", kind, 3))
    assert resolve([spelt, alone]).members["b", 0] == ("new-york-police-department.org", "acronym")


def test_initials_of_a_known_body_are_another_s_only_where_an_article_says_so() -> None:
    police = article("a", ("Alder Ferry Police", "ORG", 2), aliases=("AFP",))
    alone = article("b", ("AFP", "ORG", 3))
    assert entity_of(resolve([police, alone]), "b") == "afp.org"
    longer = article("c", ("Environmental Protection Agency of Ohio", "ORG", 2), aliases=("EPA",))
    assert resolve([longer, article("d", ("EPA", "ORG", 3))]).members["d", 0][1] == "acronym"


def test_a_party_has_its_short_name_more_often() -> None:
    many = [article(at, ("Harbour", "ORG", 2)) for at in "bcd"]
    assert entity_of(resolve([article("a", ("Harbour Party", "ORG", 1)), *many]), "b") == "harbour-party.org"
    assert entity_of(resolve([article("a", ("Harbour Observer", "ORG", 1)), *many]), "b") == "harbour.org"


def test_the_corpus_votes_on_the_type() -> None:
    found = resolve([article("a", ("Hafez", "ORG", 1)), article("b", ("Hafez", "PERSON", 4))])
    assert [(e.entity_id, e.type) for e in found.entities] == [("hafez.person", "PERSON")]


def test_a_surname_has_the_type_of_the_full_name_elsewhere() -> None:
    full = Extraction("a", (Cluster("Omar Hafez", (("Hafez", 4), ("Omar Hafez", 1)), (("PERSON", 5),)),))
    found = resolve([full, article("b", ("Hafez", "ORG", 2))])
    assert found.members["b", 0] == ("omar-hafez.person", "partial")


def test_the_name_is_the_most_frequent_of_the_fullest() -> None:
    rows = [("a", "Novak", 9), ("b", "Piotr Novak", 2), ("c", "Piotr Nowak", 3)]
    found = resolve([article(d, (n, "PERSON", c)) for d, n, c in rows])
    assert [e.name for e in found.entities] == ["Piotr Nowak"]


# --- laws ------------------------------------------------------------------------------------------------

_NAMES = st.sampled_from(
    [
        "Peter Novak",
        "Novak",
        "Anna Novak",
        "Peter Novac",
        "NRF",
        "Northern Relief Front",
        "US",
        "United States",
        "U.S.",
        "Wagner",
        "Wagner Group",
        "Libyan army",
        "Army",
        "army",
        "The Army",
        "Niger",
        "Nigeria",
        "☃",
        "Peter J. Novak",
    ]
)
_CLUSTERS = st.lists(st.tuples(_NAMES, st.sampled_from(["PERSON", "ORG", "GPE"]), st.integers(1, 5)), max_size=5)


@settings(deadline=None, max_examples=150)
@given(st.lists(_CLUSTERS, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_articles_does_not_matter(corpus: list[Names], rng: random.Random) -> None:
    made = [article(f"d{at}", *rows, aliases=("NRF",)) for at, rows in enumerate(corpus)]
    found = resolve(made)
    rng.shuffle(made)
    assert resolve(iter(made)) == found
    keys = [e.entity_id for e in found.entities]
    assert keys == sorted(set(keys))
    assert set(keys) == {entity for entity, _ in found.members.values()}
    assert set(found.members) == {(e.document_id, at) for e in made for at in range(len(e.clusters))}
    assert all(e.entity_id == ids.entity_id(e.name, e.type) for e in found.entities)


@pytest.mark.parametrize(
    ("key", "count", "expected"), [("le fen", 3, "PERSON"), ("le fen", 2, "ORG"), ("harbour board", 3, "ORG")]
)
def test_a_name_that_pronouns_take_up_again_and_again_is_a_person(key: str, count: int, expected: str) -> None:
    votes, shown = Counter({"ORG": count}), Counter({"f": 3})
    group = Group(key, 0, forms=Counter({key.title(): count}), votes=votes, shown=shown)
    settle_types({group.id: group})
    assert group.type == expected


@pytest.mark.parametrize(("other", "is_one"), [("Novaks", False), ("Novac", True)])
def test_a_family_is_not_one_of_its_members(other: str, is_one: bool) -> None:
    groups = [
        Group(fold(name), at, forms=Counter({name: 3 - at}), type="PERSON") for at, name in enumerate(("Novak", other))
    ]
    link_spellings(groups)
    assert (groups[1].root is groups[0]) is is_one


def test_ten_thousand_clusters_are_no_matter() -> None:
    rng = random.Random(3)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]

    def word() -> str:
        return "".join(rng.choice(syllables) for _ in range(3)).title()

    people = [f"{word()} {word()}" for _ in range(2000)]
    made = [article(f"d{at}", *((rng.choice(people), "PERSON", 1) for _ in range(20))) for at in range(500)]
    assert len(resolve(made).members) == 10_000


# --- decisions -------------------------------------------------------------------------------------------

HEAD = "action,entity,document_id,value,reason,author,date\n"


def corpus() -> list[Extraction]:
    return [
        article("a", ("Peter Novak", "PERSON", 3), ("Wagner", "PERSON", 2)),
        article("b", ("Novak", "PERSON", 2), ("Northern Front", "ORG", 1)),
        article("c", ("Front of the North", "ORG", 4)),
    ]


def decided(tmp_path: Path, rows: str) -> tuple[Resolution, list[str]]:
    (tmp_path / "entities.csv").write_text(HEAD + rows, encoding="utf-8")
    read, findings = corrections.read(tmp_path)
    found = resolve(corpus(), read)
    return found, [f.code for f in (*findings, *found.findings)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("pin,Peter Novak,,piotr-novak.person,why,A. Editor,2026-01-31\n", {"piotr-novak.person"}),
        ("merge,Northern Front,,front-of-the-north.org,why,A. Editor,2026-01-31\n", {"front-of-the-north.org"}),
        ("split,Novak,b,Anna Novak,why,A. Editor,2026-01-31\n", {"anna-novak.person", "peter-novak.person"}),
        ("link,Novak,b,Wagner,why,A. Editor,2026-01-31\n", {"wagner.person", "peter-novak.person"}),
        (
            "retype,Wagner,,ORG,why,A. Editor,2026-01-31\nmerge,Wagner,,Northern Front,why,A. Editor,2026-01-31\n",
            {"northern-front.org"},
        ),
    ],
)
def test_what_is_decided_wins(tmp_path: Path, rows: str, expected: set[str]) -> None:
    found, codes = decided(tmp_path, rows)
    assert codes == []
    assert expected <= {e.entity_id for e in found.entities}
    assert {e.entity_id for e in found.entities} == {entity for entity, _ in found.members.values()}


def test_a_moved_mention_says_so(tmp_path: Path) -> None:
    found, _ = decided(tmp_path, "split,Novak,b,Anna Novak,why,A. Editor,2026-01-31\n")
    assert found.members["b", 0] == ("anna-novak.person", "correction")
    assert found.members["a", 0] == ("peter-novak.person", None)


_CALLED = st.sampled_from(
    ("Ann Bek", "Bek", "Cole", "ann-bek.person", "cole.person", "Dunn Group", "One", "one.person")
)
_MOVES = st.tuples(st.sampled_from(("link", "merge")), _CALLED, st.sampled_from((None, "a", "b")), _CALLED)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(_CALLED, st.sampled_from((None, "a", "b"))), max_size=2), st.lists(_MOVES, max_size=8))
def test_decisions_at_once_are_the_same_as_one_by_one(
    splits: list[tuple[str, str | None]], moves: list[tuple[str, str, str | None, str]]
) -> None:
    """What an entity is called after each decision is what the next one finds it by."""
    rows = [("split", one, where, new) for (one, where), new in zip(splits, ("One", "Two"), strict=False)]
    rows += [(a, one, where if a == "link" else None, other) for a, one, where, other in moves]
    once = {(action, fold(one), where): (action, one, where, other) for action, one, where, other in reversed(rows)}
    wanted = [
        EntityDecision(
            path="corrections/entities.csv", line=line, action=action, document_id=where, entity=one, value=other
        )
        for line, (action, one, where, other) in enumerate(once.values(), 2)
    ]
    wanted.sort(key=lambda d: (entities.ACTIONS.index(d.action), d.document_id is None, d.line))
    at_once, stepwise = drafts(), drafts()
    at_once, wrong = entities.apply(at_once, wanted)
    faults: list[Finding] = []
    for one in wanted:
        stepwise, found = entities.apply(stepwise, [one])
        faults += found
    assert list(map(vars, at_once)) == list(map(vars, stepwise))
    assert list(wrong) == faults


def drafts() -> list[entities.Draft]:
    """Give three entities of two articles; the first has two names."""
    made = []
    for kind, *names in (("PERSON", "Ann Bek", "Bek"), ("PERSON", "Cole", "Bek"), ("ORG", "Dunn Group")):
        draft = entities.Draft(names[0], kind)
        draft.names.update(names)
        draft.forms.update(names)
        for at, name in enumerate(names):
            for document in "ab":
                member = document, 10 * ord(names[0][0]) + at
                draft.members[member] = name, None
        made.append(draft)
    return made


def test_wikidata(tmp_path: Path) -> None:
    found, codes = decided(tmp_path, "wikidata,Wagner,,Q42,why,A. Editor,2026-01-31\n")
    assert codes == []
    assert {e.entity_id: e.wikidata_id for e in found.entities}["wagner.person"] == "Q42"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("name,peter-novak.person,,Piotr Novak", ("peter-novak.person", "Piotr Novak", "PERSON")),
        ("retype,Wagner,,ORG", ("wagner.person", "Wagner", "ORG")),
    ],
)
def test_a_decided_name_or_type_leaves_the_id_alone(tmp_path: Path, row: str, expected: tuple[str, str, str]) -> None:
    found, codes = decided(tmp_path, f"{row},why,A. Editor,2026-01-31\n")
    assert codes == []
    assert expected in {(e.entity_id, e.name, e.type) for e in found.entities}


def test_a_mention_is_not_exact_after_a_renaming(tmp_path: Path) -> None:
    found, _ = decided(tmp_path, "name,peter-novak.person,,Piotr Novak,why,A. Editor,2026-01-31\n")
    assert found.members["a", 0] == ("peter-novak.person", "alias")


def test_two_entities_named_alike_stay_two(tmp_path: Path) -> None:
    found, _ = decided(tmp_path, "name,Northern Front,,Front of the North,why,A. Editor,2026-01-31\n")
    alike = [e.entity_id for e in found.entities if e.name == "Front of the North"]
    assert alike == ["front-of-the-north.org", "northern-front.org"]


def test_an_id_that_another_entity_has_is_not_given(tmp_path: Path) -> None:
    found, codes = decided(tmp_path, "pin,Wagner,,peter-novak.person,why,A. Editor,2026-01-31\n")
    assert codes == ["BS303"]
    assert {e.entity_id for e in found.entities} == {e.entity_id for e in resolve(corpus()).entities}


def test_a_pinned_id_names_the_entity_in_other_decisions(tmp_path: Path) -> None:
    rows = "name,novak.person,,Piotr Novak,why,A. Editor,2026-01-31\n"
    found, codes = decided(tmp_path, f"{rows}pin,Peter Novak,,novak.person,why,A. Editor,2026-01-31\n")
    assert codes == []
    assert ("novak.person", "Piotr Novak") in {(e.entity_id, e.name) for e in found.entities}


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ("rename,Wagner,,X,why,A. Editor,2026-01-31\n", "BS301", "'rename'"),
        ("merge,Nobody,,Wagner,why,A. Editor,2026-01-31\n", "BS302", "'Nobody'"),
        ("merge,Wagner,,nobody.org,why,A. Editor,2026-01-31\n", "BS302", "'nobody.org'"),
        ("split,Novak,z,X,why,A. Editor,2026-01-31\n", "BS302", "'Novak'"),
        (
            "retype,Wagner,,ORG,why,A. Editor,2026-01-31\nretype,wagner,,GPE,why,A. Editor,2026-01-31\n",
            "BS303",
            "line 2 decides 'ORG'",
        ),
        ("name,Wagner,,,why,A. Editor,2026-01-31\n", "BS304", "value is empty"),
        ("retype,Wagner,,COMPANY,why,A. Editor,2026-01-31\n", "BS304", "'COMPANY'"),
        ("wikidata,Wagner,,42,why,A. Editor,2026-01-31\n", "BS304", "'42'"),
        ("name,Wagner,,X,why,A. Editor,31.1.2026\n", "BS304", "'31.1.2026'"),
    ],
)
def test_what_is_wrong_is_reported_with_its_line(tmp_path: Path, rows: str, code: str, words: str) -> None:
    (tmp_path / "entities.csv").write_text(HEAD + rows, encoding="utf-8")
    read, findings = corrections.read(tmp_path)
    (found,) = (*findings, *resolve(corpus(), read).findings)
    assert (found.code, found.line) == (code, 1 + rows.count("\n"))
    assert words in found.message
    assert found.repair


def test_the_first_of_two_contradicting_rows_is_carried_out(tmp_path: Path) -> None:
    found, _ = decided(
        tmp_path, "retype,Wagner,,ORG,why,A. Editor,2026-01-31\nretype,Wagner,,GPE,why,A. Editor,2026-01-31\n"
    )
    assert ("wagner.person", "ORG") in {(e.entity_id, e.type) for e in found.entities}


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\xff", b"entity;name\nWagner;X\n", b'action,entity,value\nname,"Wagner,X\n'],
    ids=["bytes", "columns", "csv"],
)
def test_a_file_that_is_no_decisions(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "entities.csv").write_bytes(data)
    read, findings = corrections.read(tmp_path)
    assert read == ()
    assert [f.code for f in findings] == ["BS300"]


def test_no_file_and_an_empty_file_give_no_decisions(tmp_path: Path) -> None:
    assert corrections.read(tmp_path) == ((), ())
    (tmp_path / "entities.csv").write_bytes(b"")
    assert corrections.read(tmp_path) == ((), ())


def test_freeze_can_be_read_again_and_changes_nothing(tmp_path: Path) -> None:
    before = resolve(corpus())
    (tmp_path / "entities.csv").write_text(freeze(before.entities), encoding="utf-8")
    read, findings = corrections.read(tmp_path)
    assert findings == ()
    assert len(read) == len(before.entities)
    after = resolve(corpus(), read)
    assert after.findings == ()
    assert after.entities == before.entities


def test_what_is_frozen_stays_when_articles_come(tmp_path: Path) -> None:
    (tmp_path / "entities.csv").write_text(freeze(resolve(corpus()).entities), encoding="utf-8")
    read, _ = corrections.read(tmp_path)
    more = [*corpus(), article("d", ("Wagner", "ORG", 50)), article("e", ("Peter Jan Novak", "PERSON", 50))]
    assert {"wagner.org", "peter-jan-novak.person"} <= {e.entity_id for e in resolve(more).entities}
    assert {"wagner.person", "peter-novak.person"} <= {e.entity_id for e in resolve(more, read).entities}


def test_freeze_keeps_what_was_decided_and_stays_true(tmp_path: Path) -> None:
    named = "name,peter-novak.person,,Piotr Novak,usual,A. Editor,2026-01-31\n"
    rows = named + "split,Novak,b,Anna Novak,why,A. Editor,2026-01-31\nretype,Wagner,,ORG,why,A. Editor,2026-01-31\n"
    (tmp_path / "entities.csv").write_text(HEAD + rows, encoding="utf-8")
    first, _ = corrections.read(tmp_path)
    before = resolve(corpus(), first)
    frozen = freeze(before.entities, first)
    assert frozen.startswith(HEAD + rows)
    (tmp_path / "entities.csv").write_text(frozen, encoding="utf-8")
    second, findings = corrections.read(tmp_path)
    after = resolve(corpus(), second)
    assert (findings, after.findings) == ((), ())
    assert (after.entities, after.members) == (before.entities, before.members)
    assert freeze(after.entities, second) == frozen


def test_an_article_in_another_language_has_no_rows() -> None:
    models = Models(None, lambda _: (), {})
    found = extract(text_of("Moskau schweigt.", language="de"), models)
    assert (found.clusters, found.mentions, found.claims) == ((), (), ())


def test_an_english_article_has_rows() -> None:
    found = extract(text_of("Gen. Peter Novak left."), Models.load(Settings(claims="rules")))
    assert [c.name for c in found.clusters] == ["Peter Novak"]


def test_messages_contain_no_control_characters(tmp_path: Path) -> None:
    (tmp_path / "entities.csv").write_text(HEAD + "name,W\x1b[31m,,X,why,A. Editor,2026-01-31\n", encoding="utf-8")
    read, found = corrections.read(tmp_path)
    assert (read, [one.code for one in found]) == ((), ["BS304"])
    assert not re.search(r"[\x00-\x1f]", found[0].message)


def test_members_are_those_of_their_article_alone() -> None:
    """Article a has two clusters, of which the second belongs nowhere; article b has one."""
    place: Place = ("ann-bek.person", "partial")
    members = Members({"a": 0, "b": 1}, [0, 2, 3], [0, -1, 0], [place])
    assert members == {("a", 0): place, ("b", 0): place}
    assert len(members) == 2
    assert [members.get(member) for member in (("a", 1), ("a", 2), ("b", 1), ("a", -1), ("c", 0))] == [None] * 5


@given(st.lists(st.text("ab", min_size=4, max_size=8)), st.lists(st.text("ab", min_size=4, max_size=8)))
def test_spellings_are_those_of_a_comparison_of_all_words(words: list[str], asked: list[str]) -> None:
    def near(word: str) -> list[str]:
        """Return the words one edit apart, of which one or both have five letters."""
        alike = {other for other in words if other != word and OSA.distance(word, other) == 1}
        return sorted(other for other in alike if len(other) >= 5 <= len(word) and close(word, other))

    assert Spellings(words).near(asked) == {word: near(word) for word in asked if near(word)}
