"""Claims by rule: sources, cues and contents of sentences of our own."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet import quotes
from broadsheet.extraction.claims import assemble, rule_reader
from broadsheet.extraction.names import spacy_model
from broadsheet.model import Attribution, Cluster, Mention, Paragraph, Span, Text


@pytest.fixture(scope="module")
def nlp() -> Any:
    return spacy_model.load(parser=True)


def article(words: str) -> Text:
    """Return a text of which every line is a paragraph of the body."""
    paragraphs, place = [], 0
    for line in words.split("\n"):
        if line.strip():
            start = place + len(line) - len(line.lstrip())
            paragraphs.append(Paragraph(start, place + len(line.rstrip()), "body"))
        place += len(line) + 1
    return Text("a", "a.txt", "0" * 64, len(words), "text/plain", "utf-8", "en", words, tuple(paragraphs))


def parts(words: str, nlp: Any) -> list[tuple[str, str, str]]:
    """Return source, cue and content of every attribution; stretches are joined with ` | `."""
    found = rule_reader.read(article(words), nlp)
    return [
        tuple(" | ".join(s.slice(words) for s in part) for part in (a.source, a.cue, a.content))  # type: ignore[misc]
        for a in found
    ]


ONE = [
    # a clause
    ("The mayor said that the ferry would sail.", "The mayor", "said", "that the ferry would sail"),
    ("The ferry would sail, the mayor said on Friday.", "the mayor", "said", "The ferry would sail"),
    (
        "Anna Berg, a nurse from Oslo, believes the vaccine works.",
        "Anna Berg, a nurse from Oslo",
        "believes",
        "the vaccine works",
    ),
    (
        "The minister has repeatedly denied that he took money.",
        "The minister",
        "has repeatedly denied",
        "that he took money",
    ),
    ("The union did not say whether it would strike.", "The union", "did not say", "whether it would strike"),
    ("She told reporters the bridge was safe.", "She", "told", "the bridge was safe"),
    ("The bank warned customers that the site was false.", "The bank", "warned", "that the site was false"),
    (
        "It rained for nine days, according to the weather office.",
        "the weather office",
        "according to",
        "It rained for nine days",
    ),
    ("According to two officials, the talks failed.", "two officials", "According to", "the talks failed"),
    # an infinitive
    ("The company plans to close the mine.", "The company", "plans", "to close the mine"),
    ("Officials declined to name the victim.", "Officials", "declined", "to name the victim"),
    ("He promised to resign in May.", "He", "promised", "to resign in May"),
    # an object
    ("The governor called for an inquiry.", "The governor", "called for", "an inquiry"),
    ("The senator accused the bank of fraud.", "The senator", "accused", "the bank of fraud"),
    ("Critics described the plan as a gift to banks.", "Critics", "described", "the plan as a gift to banks"),
    # quotations
    ("“We will wait,” the coach said.", "the coach", "said", "“We will wait,”"),
    ("“We will wait,” said Tomas Reyes, the coach.", "Tomas Reyes, the coach", "said", "“We will wait,”"),
    ("“We will wait,” the coach said. “There is time.”", "the coach", "said", "“We will wait,” | “There is time.”"),
    ("“We,” the coach said, “will wait for the others.”", "the coach", "said", "“We,” | “will wait for the others.”"),
    ("The coach said: “We will wait. There is time.”", "The coach", "said", "“We will wait. There is time.”"),
    ('The coach told the Daily Post, "We will wait."', "The coach", "told", '"We will wait."'),
    ("“It works,” according to the maker.", "the maker", "according to", "“It works,”"),
    ("We will wait for the others,” the coach said.", "the coach", "said", "We will wait for the others,”"),
    ("WARREN: “We will wait for the others.”", "WARREN", ":", "“We will wait for the others.”"),
    ("''We will wait,'' the coach said.", "the coach", "said", "''We will wait,''"),
    # nobody, and reports
    ("It is believed that the ship sank.", "", "is believed", "that the ship sank"),
    ("The ship is expected to arrive on Monday.", "", "is expected", "The ship | to arrive on Monday"),
    ("The thieves reportedly fled to Spain.", "", "reportedly", "The thieves | fled to Spain"),
    ("The army denied reports that it had lost the town.", "", "reports", "that it had lost the town"),
    # silence
    ("The ministry declined to comment.", "The ministry", "declined", "to comment"),
    ("The firm did not respond to a request for comment.", "The firm", "did not respond to", "a request for comment"),
    ("The firm was not available for comment.", "The firm", "was not available for comment", ""),
    ("The owner could not be reached for comment.", "The owner", "could not be reached for comment", ""),
]


@pytest.mark.parametrize(("words", "source", "cue", "content"), ONE)
def test_one_sentence(words: str, source: str, cue: str, content: str, nlp: Any) -> None:
    assert (source, cue, content) in parts(words, nlp)


SOURCES = [
    ("The mayor took the stage and said the city was broke.", "said", "The mayor"),
    ("Critics of the plan, who say it is cheap, left early.", "say", "who"),
    ("The minister issued a statement saying the dam was safe.", "saying", "a statement"),
    ("He closed the meeting by saying that he was tired.", "saying", "He"),
    ("The city was told that the water was clean.", "was told", ""),
]


@pytest.mark.parametrize(("words", "cue", "source"), SOURCES)
def test_source(words: str, cue: str, source: str, nlp: Any) -> None:
    assert [s for s, c, _ in parts(words, nlp) if c == cue] == [source]


def test_nothing_is_attributed_where_nobody_speaks(nlp: Any) -> None:
    assert parts("The ferry left at nine. It rained. They saw a group called the Larks.", nlp) == []


def test_what_is_declined_or_denied_is_not_said(nlp: Any) -> None:
    assert [c for _, c, _ in parts("She declined to say when it would end.", nlp)] == ["declined"]
    assert [c for _, c, _ in parts("They denied supporting the rebels.", nlp)] == ["denied"]


def test_verbs_inside_a_quotation_are_not_read(nlp: Any) -> None:
    found = parts("“My mother said that I would drown in the lake,” the singer recalled.", nlp)
    assert [c for _, c, _ in found] == ["recalled"]


def test_a_nested_claim_is_one_more(nlp: Any) -> None:
    found = parts("The paper reported that the king believes the war is lost.", nlp)
    assert ("the king", "believes", "the war is lost") in found
    assert ("The paper", "reported", "that the king believes the war is lost") in found


def test_a_quotation_runs_over_paragraphs(nlp: Any) -> None:
    words = "The coach said: “We will wait for the others.\n“There is time.\n“And then we go home.”\nThe bus left."
    assert parts(words, nlp) == [
        ("The coach", "said", "“We will wait for the others. | “There is time. | “And then we go home.”")
    ]


def test_marks_are_never_paired_across_unrelated_lines() -> None:
    words = "He said “no and left.\nNobody saw him again.\nThey sang “yes” twice."
    found = quotes.find(words, assemble.blocks(article(words)))
    assert [words[q.start : q.end] for q in found] == ["“no and left.", "“yes”"]


QUOTED = [
    ("‘He said, “Wait”, and left,’ Roe said.", ["‘He said, “Wait”, and left,’"]),
    ("She called the crews’ plan “good” and the boats’ age “bad”.", ["“good”", "“bad”"]),
    ("Roe said: ‘We’ll wait for “them”.’ It was late.", ["‘We’ll wait for “them”.’"]),
    ("She called it “a “great” idea” twice.", ["“a “great” idea”"]),
    ('A "b" c "d e" f', ['"b"', '"d e"']),
    ("He said,”We go home now.”", ["”We go home now.”"]),
    ("We go home,” he said. And then: “Good night.”", ["We go home,”", "“Good night.”"]),
    ("“A first slip, he said. “A second sentence.”", ["“A second sentence.”"]),
    ("‘We go home,’ he said. It wasn’t late.", ["‘We go home,’"]),
    ("«Non», dit-il", ["«Non»"]),
    ('the 6" pipe', []),
    ("", []),
]


@pytest.mark.parametrize(("words", "expected"), QUOTED)
def test_quotations(words: str, expected: list[str]) -> None:
    found = quotes.find(words, [(0, len(words))] if words else [])
    assert [words[q.start : q.end] for q in found] == expected


LOST_BREAKS = [
    ('"We wait. "It is late," Roe said.', ['"We wait.', '"It is late," Roe said.']),
    ("“We wait. “It is late. “We go,” Roe said.", ["“We wait.", "“It is late.", "“We go,” Roe said."]),
    ('"It sank," Roe said. "Late.  "We go."', ['"It sank," Roe said. "Late.', '"We go."']),
    ('"We wait," Roe said. "It is late."', ['"We wait," Roe said. "It is late."']),
    ("“He told us: “Go.” We went,” Roe said.", ["“He told us: “Go.” We went,” Roe said."]),
    ("“A first slip, he said. “A second sentence.”", ["“A first slip, he said. “A second sentence.”"]),
    ("“A first slip, said Ada Roe. “A second sentence.”", ["“A first slip, said Ada Roe. “A second sentence.”"]),
    ('The 6" pipe. "It leaks," Roe said.', ['The 6" pipe. "It leaks," Roe said.']),
]


@pytest.mark.parametrize(("words", "expected"), LOST_BREAKS)
def test_a_quotation_that_is_opened_again_begins_a_paragraph(words: str, expected: list[str]) -> None:
    found = quotes.where_paragraphs_were(words, [(0, len(words))])
    assert [words[start:end] for start, end in found] == expected


MARKED = st.lists(st.sampled_from(['"', "“", "”", "It sank.", "said", " ", "\n", ",", "?"]), max_size=30).map("".join)


@given(MARKED)
def test_where_paragraphs_were_loses_only_white_space(words: str) -> None:
    found = quotes.where_paragraphs_were(words, [(0, len(words))])
    assert "".join("".join(words[start:end] for start, end in found).split()) == "".join(words.split())
    assert all(end <= start for (_, end), (start, _) in pairwise(found))


def test_reading_is_the_same_for_one_paragraph_and_many(nlp: Any) -> None:
    lines = [words for words, *_ in ONE if "“" not in words]
    together = parts("\n".join(lines), nlp)
    alone = [one for line in lines for one in parts(line, nlp)]
    assert together == alone


def test_a_very_long_paragraph_is_read_in_pieces(nlp: Any) -> None:
    words = "The mayor said that the ferry would sail. " * 1100
    found = rule_reader.read(article(words), nlp)
    assert len(found) >= 1098
    assert max(s.end for a in found for s in a.content) <= len(words)


_PIECES = (
    "“ ” \" '' ‘ ’ ' . , : ; ? ( ) — said says told denied that he she they who it It is believed according to not "
    "did respond a request declined comment the The general reports statement Reyes Mr. Post US officials was "
    "reached could expected NAME: reportedly would \n \n\n \ud800 \x00 \u2028 🙂"
)
WORDS = st.sampled_from(_PIECES.split(" "))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(WORDS, max_size=40), loose=st.lists(st.tuples(st.integers(0, 90), st.integers(0, 30)), max_size=9)
)
def test_any_text_gives_tidy_claims(pieces: list[str], loose: list[tuple[int, int]], nlp: Any) -> None:
    words = " ".join(pieces)
    text = article(words)
    spans = tuple(Span(a, a + n) for a, n in loose)
    junk = Attribution(spans[:3], spans[3:6], spans[6:])
    clusters = (Cluster("Reyes", (("Reyes", 1),), (("PERSON", 1),)), Cluster("US", (("US", 1),), (("GPE", 1),)))
    mentions = tuple(
        Mention(at, at + len(name), index, "exact")
        for index, name in enumerate(("Reyes", "US"))
        for at in range(len(words))
        if words.startswith(name, at)
    )
    found, _ = assemble.interpret(text, (*rule_reader.read(text, nlp), junk), clusters, mentions)
    check(text, found)


def check(text: Text, found: Any) -> None:
    inside = assemble.blocks(text)
    places = []
    for index, claim in enumerate(found):
        one = claim.attribution
        assert one.cue or one.content
        assert bool(one.content) != (claim.kind == "no-comment")
        for part in (one.source, one.cue, one.content):
            assert all(s.end <= t.start for s, t in pairwise(part))
            for span in part:
                assert span.slice(text.text) == span.slice(text.text).strip() != ""
                assert any(a <= span.start and span.end <= b for a, b in inside)
        assert claim.nested_in is None or claim.nested_in != index
        assert claim.duplicate_of is None or claim.duplicate_of < index
        spans = (*one.source, *one.cue, *one.content)
        places.append((min(s.start for s in spans), max(s.end for s in spans)))
    assert places == sorted(places)
