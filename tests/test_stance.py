"""The values of `stance`: every example of `docs/claims.md`, and what the words of a content do not show."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from broadsheet.extraction.claims.stance import kind_and_stance
from broadsheet.model import Stance

PAGE = (Path(__file__).parents[1] / "docs" / "claims.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)


def examples() -> list[tuple[str, str, str, str]]:
    """Return (stance, source, cue, content) of every example of the page."""
    stances = PAGE.split("\n## Stance\n")[1].split("\n## ")[0].split("\n### ")[1:]
    tables = {section.split("\n")[0]: ROW.findall(section) for section in stances}
    return [(stance, *row) for stance, rows in tables.items() for row in rows if row[0] != "source"]


def test_every_stance_has_ten_examples() -> None:
    assert Counter(stance for stance, *_ in examples()) == dict.fromkeys(get_args(Stance), 10)


@pytest.mark.parametrize(("stance", "source", "cue", "content"), examples())
def test_an_example_of_the_page(stance: str, source: str, cue: str, content: str) -> None:
    assert kind_and_stance(cue, source, content)[1] == stance


PLAIN = [
    ("noticed", "Reyes", "that none of the ships had left", "asserts"),
    ("wanted", "he", "to know why the ship had sunk", "asks"),
    ("issued a detailed plan", "Reyes", "to raise the pier", "plans"),
    ("determined", "the yard", "there was no leak", "asserts"),
    ("was determined", "the yard", "to mend the leak", "plans"),
    ("took aim at", "Reyes", "the pilots", "asserts"),
    ("wants", "Reyes", "to see the council act", "asks"),
    ("is considering", "the yard", "a sale of the ship", "plans"),
    ("is considering", "the yard", "the ship as scrap", "asserts"),
    ("offered", "the yard", "to sell the ship", "plans"),
    ("suggested", "Reyes", "that Lind resign", "asks"),
    ("said", "Reyes", "“You must be joking,”", "asserts"),
    ("insisted", "Reyes", "that it was not only a joke", "asserts"),
    ("said", "the yard", "it is considering a sale", "plans"),
    ("suggestion", "Reyes", "that Lind sail on the ship", "asks"),
    ("suggested", "Reyes", "that Lind resigned", "asserts"),
    ("suggested", "Reyes", "that Lind would resign", "asserts"),
    ("insisted", "Reyes", "that Lind leave the pier", "asks"),
    ("insisted", "Reyes", "the ship did not leak", "denies"),
    ("said", "Reyes", "the ship did not leak", "asserts"),
    ("expects", "Reyes", "to win", "asserts"),
    ("expects", "Reyes", "to sail in May", "plans"),
    ("swore", "Reyes", "that she saw it", "asserts"),
    ("swore", "Reyes", "that she would sail", "plans"),
    ("is not sure", "Reyes", "the ship is safe", "asserts"),
    ("called", "Reyes", "for Lind to resign", "asks"),
    ("said", "Reyes", "“Absolutely not,”", "denies"),
    ("said", "Reyes", "“Just look at the pier,”", "asks"),
    ("said", "Reyes", "“You should close the pier,”", "asks"),
    ("told", "Reyes", "the council that it should close the pier", "asserts"),
    ("told", "Reyes", "that it should close the pier", "asks"),
    ("said", "Reyes", "“I don’t want to talk about it,”", "declines"),
    ("said", "Reyes", "“I want him to close the pier,”", "asks"),
    ("said", "Reyes", "she wants the council to close the pier", "asks"),
    ("said", "Reyes", "she is running for mayor", "plans"),
    ("sought to show", "Reyes", "that the pier is old", "asserts"),
    ("had sought to present", "Reyes", "herself as a sailor", "asserts"),
    ("seeks", "Reyes", "a longer pier", "asks"),
    ("said", "the Harbour manager", "“Attention will turn to the pier,”", "asserts"),
    ("said", "Reyes’s lawyer", "“Reyes will sail,”", "plans"),
    ("said", "a former aide", "“He’ll watch everything,”", "asserts"),
    ("tried to press Reyes on", "he", "whether the pier is old", "asks"),
    ("called into question", "Reyes", "whether the pier is old", "asks"),
    ("called into question", "Reyes", "the age of the pier", "denies"),
    ("rules", "a judge", "the letters must be handed over", "asks"),
    ("stopped short of calling for", "Reyes", "the pilot to resign", "declines"),
    ("expressed an interest in", "Reyes", "buying the mill", "plans"),
    ("said", "Reyes", "“No comment,”", "declines"),
    ("said", "Reyes", "she asked for the letter", "asserts"),
    ("said", "she", "he could not answer", "asserts"),
    ("said", "he", "he’s determined to end the strike", "plans"),
    ("said", "he", "“It’s not my job to sail,”", "asserts"),
    ("said", "he", "“There is nothing as old as the pier,”", "asserts"),
    ("said", "he", "the mayor isn’t the only candidate", "asserts"),
    ("said", "he", "''We are glad,'' ''but we will sail.''", "asserts"),
    ("said", "the Harbour spokesman", "the mayor has no plans to sail", "asserts"),
    ("said", "he", "he has no plans to sail", "declines"),
    ("said", "Reyes", "Tom Lind left, and she will sail", "asserts"),
    ("according to", "the Argus", "“I will sail,” Reyes said", "asserts"),
    (":", "Q", "You saw the ship. What did you think?", "asks"),
    ("chanted", "the crowd", "“Lock him up!”", "asks"),
    ("said", "she", "“Saw him on Monday,”", "asserts"),
    ("announced", "Reyes", "his retirement", "plans"),
    ("said", "the Harbour spokesman", "Reyes wasn’t blaming just the pilot", "asserts"),
    ("would like", "they", "to raise the pier", "plans"),
    ("like", "they", "to row at dawn", "asserts"),
    ("require", "port rules", "captains to report at noon", "asks"),
    ("wrote", "Reyes", "“Could this pier sink? You bet it could,”", "asserts"),
    ("know", "They", "that we will beat them", "asserts"),
    ("said", "We", "we will surely find them", "asserts"),
    ("said", "We", "that we will sail", "plans"),
    ("questioned", "Reyes", "the pilot’s judgement", "denies"),
    ("openly questioned", "Reyes", "whether the pilot was sober", "asks"),
    ("raised questions about", "Reyes", "the pilot’s judgement", "asks"),
    ("pressing his point", "Reyes", "that the pier is old", "asserts"),
    ("commanded", "the captain", "the crew to leave", "asks"),
    ("never claimed", "Reyes", "to be a sailor", "denies"),
    ("never said", "Reyes", "why the ship sank", "declines"),
    ("said", "she", "she would not support the strike", "declines"),
    ("said", "Reyes", "she could not vote for the dam", "declines"),
    ("said", "Reyes", "she could not sleep", "asserts"),
    ("told", "the bank", "“[W]e won’t be printing its notes,”", "declines"),
    ("said", "he", "“I’ll never forget the storm,”", "asserts"),
    ("found", "a poll", "that he would beat the mayor", "asserts"),
    ("say", "others", "he has not rowed", "asserts"),
    ("said", "he", "he has never been busier", "asserts"),
    ("said", "he", "“I’m not as quick,”", "asserts"),
    ("said", "she", "“I fully disagree with the view that it is late,”", "denies"),
    ("described", "she", "him as a false sailor", "asserts"),
    ("said", "she", "it is a lie", "denies"),
    ("said", "he", "“Who is he?” “He came at noon.”", "asks"),
    ("said", "he", "“Was it late? I don’t think so.”", "asserts"),
    ("said", "he", "“You have to row,” “but who will steer?”", "asserts"),
    ("said", "Reyes", "she would sail on Monday", "plans"),
    ("said", "she", "he would sail on Monday", "asserts"),
    ("said", "the pilots", "they would strike", "plans"),
    ("said", "a pilot", "they would strike", "asserts"),
    ("said", "the yard", "it will launch the ship", "plans"),
    ("said", "he", "it will rain", "asserts"),
    ("said", "he", "he’d been named best cook", "asserts"),
    ("said", "he", "“We’ll see,”", "asserts"),
    ("said", "he", "“We’re not just counting ships,”", "asserts"),
    ("said", "he", "“I don’t know,”", "asserts"),
    ("said", "he", "“No longer a boy, he sailed,”", "asserts"),
    ("said", "he", "“The tide, while high, is not the cause,”", "denies"),
    ("said", "he", "“I am no sailor, but I will sail,”", "plans"),
    ("said", "Ana Reyes", "Reyes would sail", "plans"),
    ("said", "he", "“Stop, thief,”", "asserts"),
    ("said", "he", "“Who knew? I did.”", "asserts"),
    ("hoped", "he", "to sail", "plans"),
    ("was expected", "he", "to sail", "asserts"),
    ("would close", "she", "the harbour", "plans"),
    ("said", "he", "if the dam breaks, he will leave", "plans"),
    ("said", "he", "the dam is false", "denies"),
    ("was never informed", "he", "that the dam broke", "asserts"),
    ("did not unveil", "she", "plans for the dam", "declines"),
    ("said", "he", "the stories are “lies and gossip”", "denies"),
    ("said", "he", "“I saw I was not at home,”", "asserts"),
    ("said", "he", "the law does not help widows", "asserts"),
    ("said", "he", "he was not too worried", "asserts"),
    ("said", "he", "“There is no question that it rains,”", "asserts"),
    ("said", "he", "the rain is not the culprit", "denies"),
    ("noted", "he", "that the dam was not finished", "asserts"),
    ("said", "she", "she was seeking help from the navy", "asks"),
    ("said", "an official", "Oslo would call on its neighbours", "plans"),
    ("said", "a fisherman", "Oslo would call on its neighbours", "asserts"),
    ("said", "the navy", "“During the visit, it is planned to repair the pier,”", "plans"),
    ("will settle", "", "whether the pier is repaired", "asserts"),
    ("said", "he", "he intends to win the race", "plans"),
    ("said", "he", "that he had simply wanted to see the pier", "asserts"),
    ("said", "he", "“Let’s race them in May,”", "asks"),
    ("said", "he", "“Oh, let the cook decide,”", "asks"),
    ("said", "he", "“Oh, the cook decides,”", "asserts"),
    ("wants", "he", "to see Lind keep the pier", "asks"),
    ("wants", "he", "to see the pier", "plans"),
    ("has yet to address", "the mayor", "how the pier will be paid", "declines"),
    ("showed", "None of the letters", "that the pier was unsafe", "denies"),
    ("said", "the club", "the fire had nothing to do with the party", "denies"),
    ("said", "a spokesman", "Reyes was not at the pier", "denies"),
    ("said", "a baker", "Reyes was not at the pier", "asserts"),
    ("said", "she", "“I’ve never met him,”", "denies"),
    ("said", "she", "“I do not own any boats,”", "denies"),
    ("said", "she", "“When it comes to pay and hours, there is no dispute,”", "denies"),
    ("said", "she", "“We do not see any cracks,”", "denies"),
    ("said", "he", "he was not all that hungry", "asserts"),
    ("told", "he", "the guards never to open the gate", "asks"),
    ("said", "the auditors", "“You don’t think it was stolen,”", "asserts"),
    ("found no evidence", "the police", "that the boat was stolen", "denies"),
    ("never realised", "the crew", "that the hull was cracked", "asserts"),
    ("said", "Lind", "“We’re not going to discuss names,”", "declines"),
    ("does not plan", "the bishop", "to visit the prison", "declines"),
    ("decided", "the board", "not to pay", "declines"),
    ("promised", "the board", "not to close the mill", "plans"),
    ("said", "a clerk", "the posters “spread rumours that are untrue and old” about the mill", "asserts"),
    ("said", "a clerk", "the posters spread a rumour that is simply untrue", "asserts"),
    ("said", "a clerk", "“Those are rumours that are untrue,”", "denies"),
    ("said", "a clerk", "“They call me a thief, and that is not true,”", "denies"),
    ("said", "a clerk", "“They say I stole a boat, which is not true.”", "denies"),
    ("said", "a clerk", "“They call me a thief but that is a lie.”", "denies"),
    ("said", "a clerk", "“I left because that is just wrong.”", "denies"),
    ("said", "a clerk", "“I think that is nonsense,”", "denies"),
    ("said", "a clerk", "the rumour that was printed is untrue", "denies"),
    ("said", "the club", "that the letters found on Sunday had no bearing on the sale", "denies"),
    ("said", "the club", "the choice to sell old and broken boats had nothing to do with the fire", "denies"),
    ("said", "the club", "“Neither of these letters concerns the harbour,”", "denies"),
    ("said", "the club", "“Neither the mayor nor the clerk should keep a boat,”", "asserts"),
    ("said", "the club", "“No child should swim there,”", "asserts"),
    ("admitted", "the club", "that the letters had no bearing on the sale", "asserts"),
]


@pytest.mark.parametrize(("cue", "source", "content", "stance"), PLAIN)
def test_who_does_what_decides(cue: str, source: str, content: str, stance: str) -> None:
    assert kind_and_stance(cue, source, content)[1] == stance
