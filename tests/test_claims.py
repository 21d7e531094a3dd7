"""From attributions to claims: kind, stance, quotation, tidy spans, nesting, repeats."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from broadsheet.extraction.claims import assemble
from broadsheet.extraction.claims.confidence import MEASURES
from broadsheet.extraction.claims.restated import own_thoughts
from broadsheet.extraction.claims.stance import kind_and_stance
from broadsheet.extraction.lexicon import cues
from broadsheet.model import Attribution, Claim, Cluster, Mention, Paragraph, Role, Span, Text


def text_of(*paragraphs: str, roles: dict[int, Role] | None = None, copies: dict[int, int] | None = None) -> Text:
    """Return a text of these paragraphs; `roles` and `copies` (position → first copy) are those that are not plain."""
    rows, place = [], 0
    for position, words in enumerate(paragraphs):
        copy = (copies or {}).get(position)
        role = (roles or {}).get(position, "body")
        rows.append(Paragraph(place, place + len(words), role, copy, None if copy is None else "exact"))
        place += len(words) + 2
    words = "\n\n".join(paragraphs)
    return Text("a", "a.txt", "0" * 64, len(words), "text/plain", "utf-8", "en", words, tuple(rows))


def find(text: Text, *parts: str, after: int = 0) -> tuple[Span, ...]:
    spans = []
    for part in parts:
        start = text.text.index(part, after)
        spans.append(Span(start, start + len(part)))
    return tuple(spans)


def one(words: str, source: str, cue: str, *content: str) -> Claim:
    text = text_of(words)
    stretches = find(text, *content)
    found = Attribution(find(text, source) if source else (), find(text, cue) if cue else (), stretches)
    (claim,), _ = assemble.interpret(text, (found,), (), ())
    return claim


KINDS = [
    ("said", "speech", "asserts"),
    ("has repeatedly said", "speech", "asserts"),
    ("believes", "attitude", "asserts"),
    ("does not believe", "attitude", "denies"),
    ("fears", "attitude", "asserts"),
    ("has hoped", "attitude", "asserts"),
    ("denied", "speech", "denies"),
    ("have officially denied", "speech", "denies"),
    ("rejected", "speech", "denies"),
    ("ruled out", "speech", "denies"),
    ("doubts", "attitude", "denies"),
    ("did not deny", "speech", "declines"),
    ("would not confirm", "speech", "declines"),
    ("refused", "speech", "declines"),
    ("asked", "speech", "asks"),
    ("called on", "speech", "asks"),
    ("called for", "speech", "asks"),
    ("called", "speech", "asserts"),
    ("urged", "speech", "asks"),
    ("is seeking", "attitude", "asks"),
    ("promised", "speech", "plans"),
    ("threatened", "speech", "plans"),
    ("plans", "attitude", "plans"),
    ("continued to argue", "speech", "asserts"),
    ("is worried", "attitude", "asserts"),
    ("reportedly", "report", "asserts"),
    ("it is reported", "report", "asserts"),
    ("reports", "report", "asserts"),
    ("is believed", "attitude", "asserts"),
    ("says", "speech", "asserts"),
    ("mooed", "speech", "asserts"),
]


@pytest.mark.parametrize(("cue", "kind", "stance"), KINDS)
def test_kind_and_stance(cue: str, kind: str, stance: str) -> None:
    assert kind_and_stance(cue, "", "the ship sank") == (kind, stance)


SOURCED = [
    ("According to", "some recent media reports", "report"),
    ("According to", "reports", "report"),
    ("According to", "a report by Oxfam", "speech"),
    ("According to", "Media reports", "report"),
    ("said", "the Saudi Press Agency", "speech"),
    ("said", "Russian state media", "report"),
    ("reported", "the Daily Post", "speech"),
    ("said", "the report's author", "speech"),
]


@pytest.mark.parametrize(("cue", "source", "kind"), SOURCED)
def test_reports_have_no_name(cue: str, source: str, kind: str) -> None:
    assert kind_and_stance(cue, source, "the ship sank")[0] == kind


def test_a_quoted_question_asks_and_seeking_to_do_plans() -> None:
    assert kind_and_stance("said", "he", "“Who knew?”") == ("speech", "asks")
    assert kind_and_stance("said", "he", "“Who knew? I did.”") == ("speech", "asserts")
    assert kind_and_stance("seeks", "he", "to buy it") == ("attitude", "plans")


SILENT = [
    ("The firm declined to comment on the sale.", "declined", "to comment on the sale", "declined to comment",
     "the sale"),
    ("The firm declined to comment.", "declined to comment", None, "declined to comment", None),
    ("The firm declined to comment on the sale.", "declined to comment on", "the sale", "declined to comment",
     "the sale"),
    ("The firm had no immediate comment on the sale.", "had no immediate comment on", None, "had no immediate comment",
     "the sale"),
    ("The firm did not respond to Reuters' request for information about it.", "did not respond to",
     "Reuters' request for information about it", "did not respond to Reuters' request for information", "it"),
    ("The firm did not immediately reply to questions.", "did not immediately reply", "to questions",
     "did not immediately reply to questions", None),
    ("The firm was not immediately available for comment on Friday.", "was not immediately available for comment", None,
     "was not immediately available for comment", None),
    ("The firm could not be reached for comment.", "could not be reached", None, "could not be reached for comment",
     None),
    ("The firm had no comment.", "had no comment", None, "had no comment", None),
    ("The firm refused to say when it would end.", "refused", "to say when it would end", "refused to say",
     "when it would end"),
    ("The firm declined to comment on Monday about the sale, citing the law.", "declined", "to comment",
     "declined to comment", "the sale"),
    ("The firm declined to comment on whether Roe, who left, would return.", "declined",
     "to comment on whether Roe, who left, would return", "declined to comment", "whether Roe, who left, would return"),
    ("The firm declined to discuss the sale.", "declined", "to discuss the sale", "declined to discuss", "the sale"),
    ("The firm had no comment when asked about the sale.", "had no comment", None, "had no comment", "the sale"),
    ("The firm would not comment on the record.", "would not comment", None, "would not comment", None),
]  # fmt: skip


@pytest.mark.parametrize(("words", "cue", "content", "expected", "topic"), SILENT)
def test_no_comment_claims(words: str, cue: str, content: str | None, expected: str, topic: str | None) -> None:
    claim = one(words, "The firm", cue, *([content] if content else []))
    assert (claim.kind, claim.stance, claim.quote) == ("no-comment", "declines", "indirect")
    assert [s.slice(words) for s in claim.attribution.cue] == [expected]
    assert [s.slice(words) for s in claim.attribution.content] == ([topic] if topic else [])


FOUND = [
    (
        "The {X} was not immediately available for comment on Friday.",
        "The {X}",
        "was not immediately available for comment",
    ),
    ("He left, while Minsk did not respond to questions from Argus.", "Minsk", "did not respond to questions"),
    ("Mr. Roe declined to comment.", "Mr. Roe", "declined to comment"),
    ("“No.” Roe could not be reached for comment.", "Roe", "could not be reached for comment"),
]


@pytest.mark.parametrize(("words", "source", "cue"), FOUND)
def test_a_no_comment_claim_that_the_reader_missed_is_added(words: str, source: str, cue: str) -> None:
    text = text_of(words)
    (claim,), _ = assemble.interpret(text, (), (), ())
    assert claim.kind == "no-comment"
    assert [[s.slice(words) for s in part] for part in _parts(claim)] == [[source], [cue], []]


def test_a_no_comment_claim_that_was_added_has_its_topic() -> None:
    words = "Mr. Roe declined to comment on the sale of the mill."
    (claim,), _ = assemble.interpret(text_of(words), (), (), ())
    assert [s.slice(words) for s in claim.attribution.content] == ["the sale of the mill"]


def test_words_before_a_refusal_are_not_its_topic() -> None:
    claim = one(
        "“It is late,” Roe said, and declined to elaborate.", "Roe", "said, and declined to elaborate", "“It is late,”"
    )
    assert (claim.kind, claim.stance) == ("speech", "asserts")


def test_the_source_of_a_no_comment_claim_is_its_subject() -> None:
    claim = one("Oslo denied it, while Minsk did not respond to questions.", "Oslo", "did not respond", "to questions")
    assert [s.start for s in claim.attribution.source] == [22]


NOT_FOUND = [
    "The firm said it would not comment.",
    "“They declined to comment,” it read.",
    "and of the nine declined to comment",
    "declined to comment",
    "In spite of what everybody in the old town had known and told for years the firm of Roe declined to comment.",
]


@pytest.mark.parametrize("words", NOT_FOUND)
def test_no_false_no_comment_claims(words: str) -> None:
    assert assemble.interpret(text_of(words), (), (), ()) == ((), ())


def test_declining_to_do_something_is_not_a_no_comment_claim() -> None:
    claim = one("The firm declined to join the talks.", "The firm", "declined", "to join the talks")
    assert (claim.kind, claim.stance) == ("speech", "declines")


NOTHING = [
    ("Roe attacked Otieno.", "Roe", "attacked", "Otieno"),
    ("Roe praised the Otienos’ dog.", "Roe", "praised", "the Otienos’"),
    ("Roe despised them.", "Roe", "despised", "them"),
    ("Roe should ask for a new boat.", "Roe", "should ask for", "a new boat"),
    ("Roe needs to admit that it rained.", "Roe", "needs to admit", "that it rained"),
    ("Roe then left the town.", "Roe", "then", "left the town"),
    ("It was raining hard.", "It", "was", "raining hard"),
    ("Roe left, which is what he said.", "he", "said", "which is"),
    ("Roe seemed to doubt that it rained.", "Roe", "seemed to doubt", "that it rained"),
    ("Roe barely mentioned the large fire.", "Roe", "barely mentioned", "the large fire"),
    ("Roe didn’t even talk about the fire.", "Roe", "didn’t even talk about", "the fire"),
    ("Roe did not mention that it rained.", "Roe", "did not mention", "that it rained"),
    ("Roe has not called for a new boat.", "Roe", "has not called for", "a new boat"),
    ("Nor did Roe note that it rained.", "Roe", "note", "that it rained"),
    ("It is late. Do they see the rain as a threat?", "they", "see", "the rain as a threat"),
    ("It is dry, even if Roe thought that it rained.", "Roe", "thought", "that it rained"),
    ("Roe may not believe that it rained.", "Roe", "may not believe", "that it rained"),
    ("Roe would have told us that it rained.", "Roe", "would have told", "that it rained"),
    ("Roe talked at length about the fire.", "Roe", "talked at length about", "the fire"),
    ("Roe talked about whether it rained.", "Roe", "talked about", "whether it rained"),
    ("Roe was talking about the large fire.", "Roe", "was talking", "about the large fire"),
    ("Roe asked questions about the fire.", "Roe", "asked questions about", "the fire"),
    ("Roe mentions neither rain nor fire.", "Roe", "mentions", "neither rain nor fire"),
    ("Roe found herself alone at sea.", "Roe", "found", "herself alone at sea"),
    ("Roe is far from assured of a win.", "Roe", "is far from assured of", "a win"),
    ("But history says that it rained.", "history", "says", "that it rained"),
    ("Roe found it hard to row.", "Roe", "found", "it hard to row"),
    ("Roe has a rare chance to show that it rained.", "Roe", "has a rare chance to show", "that it rained"),
    ("“Having said that, it rained.” Roe slept.", "Roe", "Having said", "that, it rained"),
    ("Roe discussed the large fire.", "Roe", "discussed", "the large fire"),
    ("Roe again criticized the large bridge.", "Roe", "again criticized", "the large bridge"),
    ("It was late, Roe said, referring to the fire.", "Roe", "referring to", "the fire"),
    ("Roe's own boats were late.", "Roe's", "own", "boats were late"),
    ("Roe's house was large.", "Roe", "'", "house was large"),
]
PAGE = (Path(__file__).parents[1] / "docs" / "claims.md").read_text(encoding="utf-8")
SECTION = PAGE.split("\n## What is no claim\n")[1].split("\n## ")[0]
NO_CLAIMS = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \| (.+) \|$", SECTION, re.MULTILINE)[1:]
SOMETHING = [
    ("Roe praised “Otieno.”", "Roe", "praised", "“Otieno.”"),
    ("Roe said no more.", "Roe", "said", "no more"),
    ("Roe mentioned the large fire.", "Roe", "mentioned", "the large fire"),
    ("Roe did not discuss whether it rained.", "Roe", "did not discuss", "whether it rained"),
    ("Why does Roe think that it rained?", "Roe", "think", "that it rained"),
    ("Roe talked about why it rained.", "Roe", "talked about", "why it rained"),
    ("Roe referred to it as a fire.", "Roe", "referred to", "it as a fire"),
    ("Roe refused to discuss the large fire.", "Roe", "refused to discuss", "the large fire"),
    ("Roe mused about leaving the town.", "Roe", "mused about", "leaving the town"),
    ("Roe spoke of “a fire at sea.”", "Roe", "spoke of", "“a fire at sea.”"),
    ("Roe: It rains.", "Roe", ":", "It rains"),
    ("Roe: Never.", "Roe", ":", "Never"),
    ("In the poll, half were against it.", "the poll", "In", "half were against it"),
    ("Roe declined to comment on Otieno.", "Roe", "declined to comment on", "Otieno"),
    ("Roe praised the Otieno bridge for its age.", "Roe", "praised", "the Otieno bridge for its age"),
    ("Roe did not criticize the Otieno bridge.", "Roe", "did not criticize", "the Otieno bridge"),
    ("Roe supported the Otieno bridge.", "Roe", "supported", "the Otieno bridge"),
]


def read_with_names(words: str, source: str, cue: str, content: str, *, measured: bool = False) -> tuple[Claim, ...]:
    text = text_of(words)
    measures = (0.0,) * len(MEASURES) if measured else ()
    found = Attribution(find(text, source), find(text, cue), find(text, content), measured=measures)
    names = [match.span() for match in re.finditer("Otienos|Otieno", words)]
    mentions = tuple(Mention(start, end, 0, "exact") for start, end in names)
    cluster = Cluster("Otieno", (("Otieno", 1),), (("PERSON", 1),))
    return assemble.interpret(text, (found,), (cluster,), mentions)[0]


@pytest.mark.parametrize(("words", "source", "cue", "content"), [*NOTHING, *NO_CLAIMS])
def test_an_attribution_that_says_nothing_is_not_a_claim(words: str, source: str, cue: str, content: str) -> None:
    assert read_with_names(words, source, cue, content) == ()


@pytest.mark.parametrize(("words", "source", "cue", "content"), SOMETHING)
def test_an_attribution_that_says_something_is_a_claim(words: str, source: str, cue: str, content: str) -> None:
    assert len(read_with_names(words, source, cue, content)) == 1


MARKED = [
    ("Otieno: The boat was in the water.", "Otieno", "The boat was in the water", 1),
    ("Coach: The boat was in the water.", "Coach", "The boat was in the water", 1),
    ("Pro: The boat was in the water.", "Pro", "The boat was in the water", 0),
    ("Otieno: Small Boats Sink Faster Than Large Ones.", "Otieno", "Small Boats Sink Faster Than Large Ones", 1),
    ("Painter: Ann Roe, Tom Lind, Eva Lund, Per Berg.", "Painter", "Ann Roe, Tom Lind, Eva Lund, Per Berg", 0),
    ("Otieno: text/plain.", "Otieno", "text/plain", 0),
    ("Mr. Holm: “The boat was never safe.”", "Mr. Holm", "“The boat was never safe.”", 1),
]


@pytest.mark.parametrize(("words", "source", "content", "rows"), MARKED)
def test_a_label_with_its_value_is_not_a_claim_of_the_trained_reader(
    words: str, source: str, content: str, rows: int
) -> None:
    assert len(read_with_names(words, source, ":", content, measured=True)) == rows


QUOTES = [
    ("“It works,” she said.", ["“It works,”"], "direct"),
    ("She said that “it works.”", ["that “it works.”"], "direct"),
    ("She said the plan was “crazy”.", ["the plan was “crazy”"], "mixed"),
    ("It works, she said.", ["It works"], "indirect"),
    ("“It,” she said, “works.”", ["“It,”", "“works.”"], "direct"),
    ("“It,” she said, works.", ["“It,”", "works"], "mixed"),
    ("It works,” she said.", ["It works,”"], "direct"),
    ("\"It works,\" she said.", ["It works"], "direct"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "content", "quote"), QUOTES)
def test_quote(words: str, content: list[str], quote: str) -> None:
    assert one(words, "", "said", *content).quote == quote


def test_a_stretch_with_all_the_quoted_words_gets_the_marks() -> None:
    words = "She said “it works.”"
    claim = one(words, "She", "said", "it works.")
    assert [s.slice(words) for s in claim.attribution.content] == ["“it works.”"]


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        ("“We wait. It is late and cold.", "“We wait. It is late and cold. So there,”"),
        ("“We wait", "“We wait"),
        ("It is late and cold. So there", "It is late and cold. So there"),
    ],
)
def test_a_stretch_with_the_beginning_and_most_of_a_quotation_has_all_of_it(content: str, whole: str) -> None:
    words = "“We wait. It is late and cold. So there,” said Roe."
    assert [s.slice(words) for s in one(words, "Roe", "said", content).attribution.content] == [whole]


def test_spans_are_cut_at_paragraphs_trimmed_and_kept_apart() -> None:
    text = text_of("Roe said “we wait.", "“And we go.”", "Advertisement", roles={2: "boilerplate"})
    found = Attribution((Span(-5, 4),), (Span(3, 9), Span(7, 8)), (Span(8, 400), Span(10, 20)))
    (claim,), _ = assemble.interpret(text, (found,), (), ())
    shown = [[s.slice(text.text) for s in part] for part in _parts(claim)]
    assert shown == [["Roe"], ["said"], ["“we wait.", "“And we go.”"]]


def _parts(claim: Claim) -> tuple[tuple[Span, ...], ...]:
    return claim.attribution.source, claim.attribution.cue, claim.attribution.content


@pytest.mark.parametrize(
    ("words", "cut", "cue", "whole"),
    [
        ("Men in Oslo, Bern and Rome had no comment.", "Men in Oslo", "had no comment", "Men in Oslo, Bern and Rome"),
        ("Oslo, the Hague and New Delhi said that it rained.", "Oslo", "said", "Oslo, the Hague and New Delhi"),
        ("Oslo, where it rained and Bern said that it was late.", "Oslo", "said", "Oslo"),
        ("Oslo said that Bern and Rome were late.", "Oslo", "said", "Oslo"),
    ],
)  # fmt: skip
def test_a_source_cut_inside_a_list_of_names_has_the_whole_list(words: str, cut: str, cue: str, whole: str) -> None:
    content = () if cue == "had no comment" else (words[words.index("that ") : -1],)
    found = one(words, cut, cue, *content)
    assert [span.slice(words) for span in found.attribution.source] == [whole]


BESIDE = [
    ("The crew looked for two boats. Roe said: “We wait.”", ["two boats", "“We wait.”"], ["“We wait.”"]),
    ("“We wait. It is late,” Roe said. “We go soon.”", ["“We wait. It is late,”", "“We go soon.”"],
     ["“We wait. It is late,”", "“We go soon.”"]),
    ("The wall, Roe said, would fall.", ["The wall", "would fall"], ["The wall", "would fall"]),
    ("It was late. “We wait,” Roe said.", ["It was late", "“We wait,”"], ["“We wait,”"]),
    ("Roe said it was late. The boats would wait.", ["The boats would wait"], ["The boats would wait"]),
    ("Roe said that it was late ”.", ["that it was late", "”"], ["that it was late"]),
    ("“We wait.” The crew slept in the old boats. “It is late,” Roe said.", ["“We wait.”", "“It is late,”"],
     ["“It is late,”"]),
    ("“We wait.” Roe said that it was late.", ["“We wait.”", "that it was late"], ["that it was late"]),
    ("“We wait,” Roe said. “We go.” Lind left.", ["“We wait,”", "“We go.”"], ["“We wait,”", "“We go.”"]),
    ("“We wait.” So it goes. “It is late,” Roe said.", ["“We wait.”", "“It is late,”"],
     ["“We wait.”", "“It is late,”"]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "content", "kept"), BESIDE)
def test_unquoted_words_of_another_sentence_are_left_out_beside_nearer_ones(
    words: str, content: list[str], kept: list[str]
) -> None:
    assert [s.slice(words) for s in one(words, "Roe", "said", *content).attribution.content] == kept


EDGES = [
    ("“It sank,” Roe said of the boat. “Too late.”", "Roe", "said of", ["“It sank,”", "the boat. “Too late.”"],
     ["“It sank,”", "“Too late.”"]),
    ("Roe said they were “late and slow,” while rowing.", "Roe", "said", ["they were “late and slow,” while"],
     ["they were “late and slow,”"]),
    ("Roe said that if it rains, the fair will close. It rained.", "Roe", "said", ["that if it rains"],
     ["that if it rains, the fair will close"]),
    ("When Roe asked if it rained, the crew left.", "Roe", "asked", ["if it rained"], ["if it rained"]),
    ("Roe said that the boat was late because it had leaked badly.", "Roe", "said",
     ["that the boat was late because it"], ["that the boat was late because it had leaked badly"]),
    ("Roe asked the crew whether it was late.", "Roe", "asked", ["the crew whether it was late"],
     ["whether it was late"]),
    ("Roe asked what to do if it was late.", "Roe", "asked", ["what to do if it was late"],
     ["what to do if it was late"]),
    ("Roe noted the rule in the talk last week - but it rained.", "Roe", "noted", ["the rule in the talk last"],
     ["the rule in the talk last week"]),
    ("Roe said that it sank at last in the bay.", "Roe", "said", ["that it sank at last"], ["that it sank at last"]),
    ("Roe promised a walk on the morning of May 4 - but it rained.", "Roe", "promised", ["a walk on the morning of"],
     ["a walk on the morning of May 4"]),
    ("Roe made a pledge to build within a plan that two towns made, and left.", "Roe", "pledge",
     ["to build within"], ["to build within a plan that two towns made"]),
    ("Roe listed his duties, including a promise to “sweep the pier” and wait.", "Roe", "listed",
     ["his duties, including"], ["his duties, including a promise to “sweep the pier”"]),
    ("Roe said that it was late and rode home.", "Roe", "said", ["that it was late and"], ["that it was late"]),
    ("Roe asked the whole crew to leave the boat.", "Roe", "asked", ["to leave the boat"],
     ["the whole crew to leave the boat"]),
    ("Roe has tried again to leave the boat.", "Roe", "tried", ["to leave the boat"], ["to leave the boat"]),
    ("Roe called for a longer pier in a short statement.", "Roe", "called for", ["a longer pier in a short statement"],
     ["a longer pier"]),
    ("Roe said there were ten boats, which sank.", "Roe", "said", ["there were ten boats, which"],
     ["there were ten boats"]),
    ("If the boats sail on Monday, Roe wrote, “I will pay for it.”", "Roe", "wrote",
     ["If the boats", "“I will pay for it.”"],
     ["If the boats sail on Monday", "“I will pay for it.”"]),
    ("Lind said in a letter on her first boat, the Ada, built in 1910, “She is slow.”", "Lind", "said",
     ["her first boat", "“She is slow.”"], ["“She is slow.”"]),
    ("The wall, Roe told them, was old.", "Roe", "told", ["The wall", "was old"], ["The wall", "was old"]),
    ("Roe feared the loss of the pier, which he built, and of the boats.", "Roe", "feared",
     ["the loss of the pier", "and of the boats"], ["the loss of the pier, which he built, and of the boats"]),
    ("Roe said the ferry, once a proud ship, was sold. It rusted.", "Roe", "said", ["the ferry", "was sold. It"],
     ["the ferry, once a proud ship, was sold. It"]),
    ("Roe said the ferry was sold. The pier stays.", "Roe", "said", ["the ferry was sold", "The pier stays"],
     ["the ferry was sold"]),
    ("A tenth of the boats, most of them old, were lost, the report says.", "the report", "says",
     ["A tenth of the boats", "most of them old, were lost"], ["A tenth of the boats, most of them old, were lost"]),
    ("Roe sold the old boats and said that the pier would close.", "Roe", "said",
     ["the old boats", "that the pier would close"], ["that the pier would close"]),
    ("Roe sold the old boats and promised a longer pier.", "Roe", "promised", ["the old boats", "a longer pier"],
     ["a longer pier"]),
    ("It was built by Ada Lind, who hopes for a prize.", "who", "hopes for", ["by Ada Lind", "a prize"], ["a prize"]),
    ("They closed the pier, saying it was old.", "They", "saying", ["the pier", "it was old"], ["it was old"]),
    ("Two boats, according to Roe, were lost.", "Roe", "according to", ["Two boats", "were lost"],
     ["Two boats", "were lost"]),
    ("In a talk about the old boats, Roe described a longer pier.", "Roe", "described",
     ["the old boats", "a longer pier"], ["a longer pier"]),
    ("The crew was asked whether it rained.", "", "was asked", ["The crew", "whether it rained"],
     ["whether it rained"]),
    ("Roe said the pier was old. “Doom!” wrote the Argus.", "Roe", "said", ["the pier was old. “Doom!”"],
     ["the pier was old"]),
    ("Roe said the pier was old. “It will fall,” she said.", "Roe", "said", ["the pier was old. “It will fall,”"],
     ["the pier was old"]),
    ("As for the old boats, Roe said, “They sank.”", "Roe", "said", ["the old boats", "“They sank.”"],
     ["“They sank.”"]),
    ("At noon, Roe said, “They sank.”", "Roe", "said", ["At noon", "“They sank.”"], ["“They sank.”"]),
    ("At noon, Roe said, they “sank.”", "Roe", "said", ["At noon", "they “sank.”"], ["At noon", "they “sank.”"]),
    ("The boats sank, and all men drowned, Roe said.", "Roe", "said", ["The boats sank"],
     ["The boats sank, and all men drowned"]),
    ("Roe said the same thing to all: “They sank.”", "Roe", "said", ["the same thing to all: “They sank.”"],
     ["“They sank.”"]),
    ("But the old wall, as Roe said, was cold.", "Roe", "said", ["was cold"], ["the old wall", "was cold"]),
    ("It was a good year, they say, that would never return.", "they", "say", ["that would never return"],
     ["It was a good year", "that would never return"]),
    ("A man whose book, according to Roe, “tells lies” left.", "Roe", "according to", ["“tells lies”"],
     ["whose book", "“tells lies”"]),
    ("They saw the wall, which even Roe said was cold.", "Roe", "said", ["was cold"], ["which", "was cold"]),
    ("They saw a tape which Roe said shows the wall.", "Roe", "said", ["shows the wall"], ["which", "shows the wall"]),
    ("They say that Roe will call on allies to row.", "Roe", "will call on", ["allies to row"], ["allies to row"]),
    ("They saw a tape which Roe said his men made.", "Roe", "said", ["his men made"], ["his men made"]),
    ("Roe said they had ten boats but so far, Lind wrote, none sailed.", "Roe", "said",
     ["they had ten boats but so far"], ["they had ten boats"]),
    ("Roe foresees rain until at least Friday, and wind.", "Roe", "foresees", ["rain until"],
     ["rain until at least Friday"]),
    ("Roe said was it cold.", "Roe", "said", ["was it cold"], ["was it cold"]),
    ("Roe said that it was “what we live for.”", "Roe", "said", ["that it was “what we live for.”"],
     ["that it was “what we live for.”"]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "source", "cue", "content", "whole"), EDGES)
def test_a_content_has_whole_phrases(words: str, source: str, cue: str, content: list[str], whole: list[str]) -> None:
    assert [s.slice(words) for s in one(words, source, cue, *content).attribution.content] == whole


CUT_CUES = [
    ("Roe now said the pier was old.", "Roe", "now", "the pier was old", "now said"),
    ("Roe said in an interview the pier was old.", "Roe", "said in an", "the pier was old", "said in an interview"),
    ("“No,” Roe said in a second letter to Lind.", "Roe", "said in a", "“No,”", "said in a second letter"),
    (
        "Roe writes in the letter that the pier was old.",
        "Roe",
        "writes in",
        "that the pier was old",
        "writes in the letter",
    ),
    ("Roe said today the pier was old.", "Roe", "said", "the pier was old", "said"),
    ("“No,” Roe said in a huff.", "Roe", "said in a", "“No,”", "said in a"),
    ("Roe said on Monday the pier was old.", "Roe", "said on", "the pier was old", "said on Monday"),
    ("Roe said last night that it rained.", "Roe", "said last", "that it rained", "said last night"),
    ("Roe warned in Lima that it rained.", "Roe", "warned in", "it rained", "warned in Lima"),
    ("Roe called on Lind to leave the pier.", "Roe", "called on", "Lind to leave the pier", "called on"),
    ("Roe said in Lima the pier was old.", "Roe", "said in", "the pier was old", "said in"),
]


@pytest.mark.parametrize(("words", "source", "cut", "content", "whole"), CUT_CUES)
def test_a_cue_is_a_whole_phrase(words: str, source: str, cut: str, content: str, whole: str) -> None:
    assert [s.slice(words) for s in one(words, source, cut, content).attribution.cue] == [whole]


CUT_SOURCES = [
    ("In two polls released Monday, it rained.", "two polls released", "In", "two polls released Monday"),
    ("Those who met at the old pier said it rained.", "Those who met at", "said", "Those who met at the old pier"),
    (
        "Two polls of the crew last week showed it rained.",
        "Two polls of the crew last",
        "showed",
        "Two polls of the crew last week",
    ),
    (
        "But it rained, according to the Lund Centre - half of all days.",
        "the Lund Centre - half of all days",
        "according to",
        "the Lund Centre",
    ),
    ("But it rained, said Roe, a sailor from Lund. He left.", "Roe, a sailor from", "said", "Roe, a sailor from Lund"),
    (
        "But it rained, said Roe, who had accused a man of theft.",
        "Roe, who had accused",
        "said",
        "Roe, who had accused a man of theft",
    ),
    ("While old sailors say it rained, nobody left.", "While old sailors", "say", "old sailors"),
    ("“We left: it rained,” Capt. Ada Quay (R) said on deck.", "Capt.", "said", "Capt. Ada Quay (R)"),
    ("But it rained, said Lt. Quay. He left.", "Lt.", "said", "Lt. Quay"),
    ("Men at sea on: two days said it rained.", "Men at sea on", "said", "Men at sea on"),
]


@pytest.mark.parametrize(("words", "cut", "cue", "whole"), CUT_SOURCES)
def test_a_source_is_a_whole_phrase(words: str, cut: str, cue: str, whole: str) -> None:
    assert [s.slice(words) for s in one(words, cut, cue, "it rained").attribution.source] == [whole]


LED = [
    (
        "Roe posted why nobody wept: “We will live,” she wrote. “We will.”",
        "why nobody wept",
        "“We will live,” “We will.”",
    ),
    ("Roe posted why he liked “Old Boats,” she wrote. “We will.”", "why he liked “Old Boats,”", "“We will.”"),
    (
        "Roe posted why nobody wept: “We will live.” she wrote. “We will.”",
        "why nobody wept: “We will live.”",
        "“We will.”",
    ),
]


@pytest.mark.parametrize(("words", "first", "second"), LED)
def test_a_quotation_is_of_the_claim_that_it_leads_to(words: str, first: str, second: str) -> None:
    text = text_of(words)
    taken = words[words.index("why") : words.index(" she wrote")]
    outer = Attribution(find(text, "Roe"), find(text, "posted"), find(text, taken))
    inner = Attribution(find(text, "she"), find(text, "wrote"), find(text, "“We will.”"))
    found, _ = assemble.interpret(text, (outer, inner), (), ())
    assert [" ".join(s.slice(words) for s in claim.attribution.content) for claim in found] == [first, second]


GOES_ON = [
    ("“It sank,” Roe said. “Too late.”", ["“It sank,”", "“Too late.”"]),
    ("“It sank,” Roe said. “Too late. “We go.”", ["“It sank,”", "“Too late.", "“We go.”"]),
    ("“It sank,” Roe said. It was late. “We go.”", ["“It sank,”"]),
    ("“It sank,” Roe said. “Too late", ["“It sank,”"]),
    ("“It sank,” Roe said of “the Ada.”", ["“It sank,”"]),
    ("“It sank,” Roe said. “Too late,” Lind replied.", ["“It sank,”"]),
    ("“It sank,” Roe said. “Too late” is the name of a boat.", ["“It sank,”"]),
]


@pytest.mark.parametrize(("words", "whole"), GOES_ON)
def test_a_quotation_of_nobody_goes_on_with_the_claim_that_ends_before_it(words: str, whole: list[str]) -> None:
    assert [s.slice(words) for s in one(words, "Roe", "said", "“It sank,”").attribution.content] == whole


def test_a_quotation_in_another_paragraph_is_not_of_the_claim_before_it() -> None:
    text = text_of("“It sank,” Roe said.", "“Too late.”")
    found = Attribution(find(text, "Roe"), find(text, "said"), find(text, "“It sank,”"))
    (claim,), _ = assemble.interpret(text, (found,), (), ())
    assert [s.slice(text.text) for s in claim.attribution.content] == ["“It sank,”"]


def test_of_two_claims_that_end_before_a_quotation_the_outer_one_goes_on() -> None:
    words = "Roe said: “Lind fears it sank.” “Too late.”"
    text = text_of(words)
    outer = Attribution(find(text, "Roe"), find(text, "said"), find(text, "“Lind fears it sank.”"))
    inner = Attribution(find(text, "Lind"), find(text, "fears"), find(text, "it sank"))
    found, _ = assemble.interpret(text, (outer, inner), (), ())
    assert [[s.slice(words) for s in claim.attribution.content] for claim in found] == [
        ["“Lind fears it sank.”", "“Too late.”"],
        ["it sank"],
    ]


def test_a_source_ends_with_its_sentence() -> None:
    words = "The map was drawn by Dr. Ada F. Quay. B. Lind objected, saying that it was old."
    both = "Dr. Ada F. Quay. B. Lind"
    assert [s.slice(words) for s in one(words, both, "saying", "that it was old").attribution.source] == ["B. Lind"]
    assert [s.slice(words) for s in one(words, both, "drawn", "The map").attribution.source] == ["Dr. Ada F. Quay"]


def test_a_name_in_apposition_belongs_to_the_source() -> None:
    words = "According to a note from his spokesman, Ahmad al-Roe, the delegation met the owners of the pier on Monday."
    told = one(words, "a note from his spokesman", "According to", words[40:-1]).attribution
    assert [[s.slice(words) for s in part] for part in (told.source, told.content)] == [
        ["a note from his spokesman, Ahmad al-Roe"],
        ["the delegation met the owners of the pier on Monday"],
    ]
    words = "According to the spokesman, Ann Roe, the mayor, left on Monday."
    told = one(words, "the spokesman", "According to", "Ann Roe, the mayor, left on Monday").attribution
    assert [s.slice(words) for s in told.source] == ["the spokesman"]


def labelled(*paragraphs: str) -> list[tuple[str, str, str]]:
    """Source, cue and content of the claims that the layout alone makes."""
    text = text_of(*paragraphs)
    found, _ = assemble.interpret(text, (), (), ())
    joined = (tuple(" … ".join(s.slice(text.text) for s in part) for part in _parts(claim)) for claim in found)
    return [(source, cue, content) for source, cue, content in joined]


def test_an_interview_names_its_speakers_before_a_colon() -> None:
    talk = ["AQ: Will it open?", "Lind: In June.", "AQ: Who pays?", "Lind: We do. The county helps."]
    expected = [("AQ", ":", "Will it open?"), ("Lind", ":", "In June."), ("AQ", ":", "Who pays?")]
    assert labelled(*talk) == [*expected, ("Lind", ":", "We do. The county helps.")]
    assert labelled("Update: It opens in June.", "The county pays.", "Update: The county helps.") == []
    assert labelled("Host: a.org", "Origin: b.org", "Host: c.org", "Origin: d.org") == []
    assert labelled("Label: The Pier Co.", "Publisher: Roe Inc.", "Label: The Quay Co.", "Publisher: Lind Inc.") == []


def test_what_the_reader_found_at_a_label_gives_way() -> None:
    text = text_of("Roe: It is late.", "Lind: No.", "Roe: Yes.", "Lind: He said it was.")
    wrong = Attribution((), find(text, ":"), find(text, "It is late"))
    inner = Attribution(find(text, "He"), find(text, "said"), find(text, "it was"))
    found, _ = assemble.interpret(text, (wrong, inner), (), ())
    assert [len(c.attribution.source) for c in found] == [1] * 5
    assert [c.nested_in for c in found] == [None, None, None, None, 3]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("“It is late.” — Ada Quay", [("Ada Quay", "—", "“It is late.”")]),
        ("“It is late.”― Ada van Quay, skipper.", [("Ada van Quay, skipper", "―", "“It is late.”")]),
        ("“It is late” — Ada Quay has a boat.", []),
        ("He left. “It is late” — soon", []),
    ],
)
def test_a_signature_under_a_quotation(words: str, expected: list[tuple[str, str, str]]) -> None:
    assert labelled(words) == expected


DATELINES = [
    "OSLO, Norway (Argus) - ", "NEW HALL (Argus News) -- ", "Bergen, May 5 (AB) — ", "(Argus) - ", "(ABC)", "OSLO — ",
    "ST. MARY’S, Va. – ", "OSLO/BERGEN, 14 March 2017 (Argus): ",
]  # fmt: skip


@pytest.mark.parametrize("dateline", DATELINES)
def test_a_dateline_is_not_read(dateline: str) -> None:
    text = text_of(f"{dateline}Two boats sank, Roe said.")
    assert [text.text[a:b] for a, b in assemble.blocks(text)] == ["Two boats sank, Roe said."]


@pytest.mark.parametrize(
    "words", ["NATO — which met — said so.", "(This is old) and late.", "Oslo — the town — is old.", "OSLO - "]
)
def test_what_only_looks_like_a_dateline_is_read(words: str) -> None:
    assert assemble.blocks(text_of(words)) == ((0, len(words)),)


def test_what_has_no_content_or_lies_outside_is_left_out() -> None:
    text = text_of("Ferry says wait", "Roe said so.", roles={0: "byline"})
    headline = Attribution((Span(0, 5),), (Span(6, 10),), (Span(11, 15),))
    empty = Attribution(find(text, "Roe"), find(text, "said"), ())
    blank = Attribution((), (), (Span(15, 17),))
    nobody = Attribution((), (), find(text, "so"))
    assert assemble.interpret(text, (headline, empty, blank, nobody, Attribution((), (), ())), (), ()) == ((), ())


def test_blocks_are_read_repeats_included() -> None:
    roles: dict[int, Role] = {0: "title", 1: "byline", 2: "caption", 4: "crosslink", 5: "boilerplate", 6: "subheading"}
    text = text_of("a", "b", "c", "d", "e", "f", "g", "d", roles=roles, copies={7: 3})
    assert [text.text[a:b] for a, b in assemble.blocks(text)] == ["c", "d", "g", "d"]


def test_order_does_not_depend_on_the_reader_and_doubles_are_one() -> None:
    text = text_of("Roe said the king believes the war is lost.")
    outer = Attribution(find(text, "Roe"), find(text, "said"), find(text, "the king believes the war is lost"))
    inner = Attribution(find(text, "the king"), find(text, "believes"), find(text, "the war is lost"))
    forth, _ = assemble.interpret(text, (outer, inner, inner), (), ())
    back, _ = assemble.interpret(text, (inner, outer), (), ())
    assert forth == back
    assert [(c.kind, c.nested_in) for c in forth] == [("speech", None), ("attitude", 0)]


@pytest.mark.parametrize(
    ("words", "cue", "cut"),
    [
        ("“It sank,” Roe said of the old boat.", "said of the old boat", "said"),
        ("Roe said of the boat: “It sank.”", "said of the boat", "said"),
        ("“It sank,” Roe said in a letter.", "said in a letter", "said in a letter"),
        ("Roe spoke of “a fire at sea.”", "spoke of", "spoke of"),
    ],
)
def test_a_cue_of_a_quotation_ends_before_what_that_is_about(words: str, cue: str, cut: str) -> None:
    quotation = words[words.index("“") : words.index("”") + 1]
    assert [s.slice(words) for s in one(words, "Roe", cue, quotation).attribution.cue] == [cut]


def test_what_a_source_thinks_under_another_name_is_no_claim_inside_its_claim() -> None:
    text = text_of("The captain plans to sail in May, Roe said.")
    outer = Attribution(find(text, "Roe"), find(text, "said"), find(text, "The captain plans to sail in May"))
    inner = Attribution(find(text, "The captain"), find(text, "plans"), find(text, "to sail in May"))
    claims, _ = assemble.interpret(text, (outer, inner), (), ())
    assert [claim.nested_in for claim in claims] == [1, None]
    known = [replace(claim, source=5) for claim in claims]
    assert own_thoughts(known) == {0}
    assert own_thoughts([known[0], replace(known[1], source=6)]) == frozenset()


def test_an_open_question_of_the_writer_is_no_claim() -> None:
    text = text_of("The question is whether it rained.")
    found = Attribution((), find(text, "question is"), find(text, "whether it rained"))
    assert assemble.interpret(text, (found,), (), ()) == ((), ())


RESTATED = [
    ("“I think it rained,” Roe said.", "“I think it rained,”", "Roe", ("I", "think", "it rained"), 1),
    ("Roe said she hoped for heavy rain.", "she hoped for heavy rain", "Roe", ("she", "hoped for", "heavy rain"), 1),
    ("“Berg knows it rained,” Roe said.", "“Berg knows it rained,”", "Roe", ("Berg", "knows", "it rained"), 1),
    ("“No one says it rained,” Roe said.", "“No one says it rained,”", "Roe", ("No one", "says", "it rained"), 1),
    (
        "“Berg hopes for heavy rain,” Roe said.",
        "“Berg hopes for heavy rain,”",
        "Roe",
        ("Berg", "hopes for", "heavy rain"),
        2,
    ),
    (
        "“She hopes for heavy rain,” Roe said.",
        "“She hopes for heavy rain,”",
        "Roe",
        ("She", "hopes for", "heavy rain"),
        2,
    ),
    (
        "“Roe said he hoped for heavy rain.” Berg",
        "he hoped for heavy rain",
        "Roe",
        ("he", "hoped for", "heavy rain"),
        1,
    ),
    ("Roe said she had said it rained.", "she had said it rained", "Roe", ("she", "had said", "it rained"), 2),
    ("Roe said they saw it as heavy rain.", "they saw it as heavy rain", "Roe", ("they", "saw", "it as heavy rain"), 2),
]


@pytest.mark.parametrize(("words", "content", "source", "inner", "rows"), RESTATED)
def test_what_a_source_thinks_itself_is_no_claim_inside_its_claim(
    words: str, content: str, source: str, inner: tuple[str, str, str], rows: int
) -> None:
    text = text_of(words)
    outer = Attribution(find(text, source), find(text, "said"), find(text, content))
    nested = Attribution(*(find(text, part) for part in inner))
    assert len(assemble.interpret(text, (outer, nested), (), ())[0]) == rows


def test_the_smallest_content_contains_a_nested_claim() -> None:
    text = text_of("A said B said C said it rained.")
    contents = ("B said C said it rained", "C said it rained", "it rained")
    found = tuple(
        Attribution(find(text, who), (Span(text.text.index(who) + 2, text.text.index(who) + 6),), find(text, content))
        for who, content in zip("ABC", contents, strict=True)
    )
    read, _ = assemble.interpret(text, found, (), ())
    assert [c.nested_in for c in read] == [None, 0, 1]


def test_two_equal_contents_do_not_contain_each_other() -> None:
    text = text_of("“It rained,” said A, according to B.")
    content = find(text, "“It rained,”")
    bare = Attribution(find(text, "A"), find(text, "said"), content)
    cued = Attribution(find(text, "B"), find(text, "according to"), content)
    read, _ = assemble.interpret(text, (bare, cued), (), ())
    assert [c.nested_in for c in read] == [None, None]


REPEATED = "Roe said the ferry would sail at nine. Berg declined to comment."


def repeated(second: str, *, copies: dict[int, int]) -> tuple[Claim, ...]:
    text = text_of(REPEATED, "Something else.", second, copies=copies)
    found = []
    for start in (0, text.text.rindex(second)):
        said = find(text, "said", after=start)
        end = text.text.index(".", said[0].end)
        found.append(Attribution(find(text, "Roe", after=start), said, (Span(said[0].end + 1, end),)))
        found.append(Attribution(find(text, "Berg", after=start), find(text, "declined to comment", after=start), ()))
    return assemble.interpret(text, tuple(found), (), ())[0]


@pytest.mark.parametrize("second", [REPEATED, REPEATED.replace("nine", "nine or ten, weather permitting")])
def test_claims_of_repeated_paragraphs_point_at_the_first_copy(second: str) -> None:
    assert [c.duplicate_of for c in repeated(second, copies={2: 0})] == [None, None, 0, 1]


def test_a_paragraph_that_repeats_nothing_has_claims_of_its_own() -> None:
    assert [c.duplicate_of for c in repeated(REPEATED, copies={})] == [None] * 4


def test_a_claim_that_only_the_copy_makes_is_no_repeat() -> None:
    second = REPEATED.replace("the ferry would sail at nine", "nobody had ever asked him")
    assert [c.duplicate_of for c in repeated(second, copies={2: 0})] == [None, None, None, 1]


def test_every_form_of_a_verb_is_known() -> None:
    forms = {
        "says",
        "said",
        "saying",
        "denies",
        "denied",
        "denying",
        "admitted",
        "planning",
        "told",
        "wrote",
        "insisted",
    }
    assert forms <= set(cues.verbs())
    assert {cues.verb(f).lemma for f in ("SAID", "said")} == {"say"}  # type: ignore[union-attr]
    assert cues.verb("ferry") is None
    assert replace(cues.verbs()["say"], lemma="x").lemma == "x"


def test_the_word_lists_have_no_doubles() -> None:
    rows = (claims_folder() / "attribution_verbs.csv").read_text(encoding="utf-8").splitlines()[1:]
    lemmas = [row.partition(",")[0] for row in rows]
    assert lemmas == sorted(set(lemmas))


def claims_folder() -> Path:
    return Path(cues.__file__).parent
