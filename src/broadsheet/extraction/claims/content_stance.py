"""What a source does with a content, told by the words of the content: asks, plans, denies, or will not comment.

Only the first sentence is looked at. A plan or a denial must be about the source itself or the thing that is spoken of:
"the ship will sink" is a forecast, and "the pier is not long" a plain statement.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from broadsheet.extraction import lexicon
from broadsheet.extraction.claims import denials, intents
from broadsheet.extraction.claims.meant_pronouns import FIRST_PERSON, PERSONAL, THIRD_PERSON, WORKS, may_be_meant
from broadsheet.extraction.claims.sentence_kinds import (
    MARKS,
    answers,
    begins_with_question,
    is_asked,
    is_order,
    is_question_word,
)
from broadsheet.extraction.speakers.noun_phrases import head_noun
from broadsheet.model import Stance

__all__ = ["content_stance"]

_OWN_WORDS = re.compile(r"\s*(?:(?:that\s+)?[“\"‘'«]|I\s)")
"""How words begin that are the source's own: with a quotation mark, or with "I", and then "he" is somebody else."""
_STOP = re.compile(r"(?<=[.!?…])[”\"’']*\s+(?=[A-Z“\"‘'])|(?<=,[”\"’'])\s+(?=[“\"‘'])|(?<=,'')\s+(?='')")
"""The end of a sentence, or of a stretch before who spoke: "“Yes,” he said. “Now.”"."""
_ADDED = re.compile(r"\[(\w{1,2})\]")
"""Letters that the writer changed: "[W]e will"."""
_LEAD = re.compile(
    r"""
    (?:
        (?:that|and|but|so|well|yes|look|now|honestly|frankly|again|obviously|clearly|absolutely|of\s+course
          |i\s+think|he\s+thinks|she\s+thinks)\b,?\s+[“"‘']*
        # a clause that ends with a comma or before a quotation
      | (?:even\s+)?
        (?:if|when|once|as|after|before|until|while|though|although|since|during|by|in|on|at|for|from|with|despite
          |given|unlike)\b[^,.]{3,90}(?:,\s+|\s+(?=[“"]))[“"‘']*
        # a condition without a comma: "if she wins she will"
      | if\s+(?P<subject>he|she|they|it|i|we)\s+[^,.]{3,90}?\s+(?=(?P=subject)\s+(?:will|would)\b)
    )*
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What leads into a sentence."""
_NEXT_CLAUSE = re.compile(r",?\s+(?:but|and)\s+(?:that\s+)?|;\s+")
_SUBJECT = re.compile(
    r"""
    (?i:he|i|it|she|they|we)(?=[’'\s])
  | (?:(?:the|its|his|her|their)\s+)?
    [\w.’'-]+?(?=[’'](?:ll|d|m|re|ve)\b|(?<=[Hh]e)[’']s\b|\s)
    (?:\s+[A-Z][\w.’'-]*\w){0,2}
    """,
    re.VERBOSE,
)
_REPORTED = re.compile(
    r"(?:,|[.?!])[”\"'’]+\s+(?:(?!and\b|but\b)\w[\w.’'-]*\s+){1,4}(?:said|says|told|wrote|tweeted)\b"
)
"""What somebody else is told to have said in quotation marks."""

_OWN_PLACE = re.compile(r"(?:^|,\s+|\b(?:and|but|that|so)\s+)[“\"‘']*(?:[Ii]|[Ww]e)(?=[’'\s])")
_OF = r"(?-i:\s+of(?:\s+(?:and\s+)?[A-Z][\w’'-]*)+)?(?=\s)"
_OWNER = r"(?:the|its|his|her|their|our)\s+(?:\w+\s+)?"
_BODY = re.compile(
    rf"{_OWNER}(?:{lexicon.alternatives('organisation_nouns')}|country|government){_OF}",
    re.IGNORECASE,
)
_OFFICE = re.compile(rf"{_OWNER}(?:{lexicon.alternatives('bodies_without_a_name')}){_OF}", re.IGNORECASE)
"""A body that its officials speak for: "the Justice Department", "the Department of Justice"."""
_OFFICES = lexicon.words("speaking_offices") | lexicon.words("offices")
_PARENTHESIS = re.compile(r",\s+(?:while|although|though|who|which|whose|however|of\s+course)\b[^,]*,")
_DIRECTIVE = re.compile(
    r"""
    (?:
        (?:him|her|them|me|us|you|everyone|everybody|people|(?:the|his|her|their|its)\s+\w+
          |[A-Z][\w.’'-]+(?:\s+[A-Z][\w.’'-]+){0,2})\s+
    )?
    (?:(?:not|never)\s+)?to\s+[a-z]+\b
  | (?:that\s+)?(?:it|you)\s+(?:must|ought\s+to|should|need(?:s|ed)?\s+to)\b
    """,
    re.VERBOSE,
)
"""What somebody is told to do."""


def content_stance(source: str, content: str, *, tells: bool, denies: bool) -> Stance | None:
    """Return the stance that a content shows, of a cue that by itself asserts; None where it shows no other.

    `tells`: the cue is a verb like "tell" or "warn", with which an infinitive is what somebody should do. `denies`: a
    negation is a denial with this cue, as it is after "said" and is not after "admitted".
    """
    if _REPORTED.search(content):
        return None
    words = _Content.of(source, content)
    is_directive = tells and _DIRECTIVE.match(words.first) is not None
    if is_directive or words.asks():
        return "asks"
    stance = None if is_question_word(words.first) else words.intent()
    if stance is None and denies and words.denies():
        return "denies"
    return stance


@dataclass(frozen=True, slots=True)
class _Content:
    """The words of a content: its sentences, the first one without its parentheses, and the clauses of that.

    `led` is the first sentence without the words that lead into it.
    """

    source: str
    sentences: Sequence[str]
    first: str
    led: str
    clauses: Sequence[str]
    in_own_words: bool

    @classmethod
    def of(cls, source: str, content: str) -> _Content:
        sentences = _STOP.split(_ADDED.sub(r"\1", content.strip()))
        first = _PARENTHESIS.sub("", sentences[0])
        led = _LEAD.sub("", first.lstrip(MARKS), count=1)
        clauses = [_LEAD.sub("", clause.lstrip(MARKS), count=1) for clause in _NEXT_CLAUSE.split(led)]
        return cls(source, sentences, first, led, clauses, _OWN_WORDS.match(content) is not None)

    def asks(self) -> bool:
        """Tell whether words in quotation marks are mostly questions, or begin with one or with an order."""
        asked = sum(map(is_asked, self.sentences))
        is_ordered = is_order(self.first.lstrip(MARKS))
        return self.in_own_words and (is_ordered or asked * 2 > len(self.sentences) or self._begins_with_question())

    def _begins_with_question(self) -> bool:
        """Tell whether the first sentence is a question that the second does not answer."""
        first, *rest = (sentence.strip(MARKS + ",") for sentence in self.sentences)
        if not begins_with_question(first):
            return False
        return not any(answers(first, after) for after in rest[:1])

    def intent(self) -> Stance | None:
        """Return `plans` or `declines` where one of the first two clauses says so, or "I" or "we" later."""
        found = (self._intent(clause) for clause in self._own_clauses())
        stance = next((stance for stance in found if stance), self._later_intent())
        is_plan_of_work = stance == "plans" and head_noun(self.source) in WORKS
        return None if is_plan_of_work else stance

    def _later_intent(self) -> Stance | None:
        own = (place.end() for place in _OWN_PLACE.finditer(self.first) if self._may_say_we)
        return "plans" if any(self._means_to(self.first[at:]) for at in own) else None

    def _own_clauses(self) -> Sequence[str]:
        """Return the first clause and the second, unless that is about a person whom the first one names."""
        first, *rest = self.clauses[:2]
        named, _ = _divided(first)
        is_other = named[:1].isupper() and not self._is_source(named) and named.lower() not in PERSONAL
        return [first, *(clause for clause in rest if not is_other or _divided(clause)[0].lower() not in THIRD_PERSON)]

    def _intent(self, clause: str) -> Stance | None:
        subject, rest = _divided(clause)
        if self._is_refusal(clause, subject, rest):
            return "declines"
        if self._is_source(subject):
            return self._own_intent(rest)
        if intents.has_no_plan(rest):
            return "declines" if self._speaks_for(subject) else None
        return "plans" if self._is_plan(clause, subject, rest) else None

    def _is_refusal(self, clause: str, subject: str, rest: str) -> bool:
        """Tell whether a clause is a no-comment, or says what a body will not do."""
        body = self._body(clause)
        is_silent = intents.is_silent(rest) and not self._is_another(subject)
        return is_silent or (body is not None and intents.refuses(clause, body.end()))

    def _is_plan(self, clause: str, subject: str, rest: str) -> bool:
        """Tell whether a clause says what a body will do, or those that a source speaks for."""
        body = self._body(clause)
        if body is not None and _will_or_would(clause[body.end() :]):
            return True
        return intents.is_plan_of_anybody(clause) or (self._speaks_for(subject) and self._plans(rest))

    def _is_another(self, subject: str) -> bool:
        """Tell whether a subject outside the source's own words is a pronoun that does not mean the source."""
        return not self.in_own_words and subject.lower() in THIRD_PERSON and not self._is_source(subject)

    def _speaks_for(self, subject: str) -> bool:
        """Tell whether a source is an official, and a subject a name; a quotation may begin with any word."""
        return self._is_official() and subject.istitle() and self._is_name(subject, self._source_words())

    def _body(self, clause: str) -> re.Match[str] | None:
        """Return the body without a name that a clause begins with; an office only if somebody with one speaks."""
        has_office = not _OFFICES.isdisjoint(word.strip(",") for word in self.source.lower().split())
        return _BODY.match(clause) or (_OFFICE.match(clause) if has_office else None)

    def _is_own_body(self, clause: str) -> bool:
        """Tell whether a clause of an official begins with a body without a name: "the club"."""
        return _BODY.match(clause) is not None and self._is_official()

    def _is_official(self) -> bool:
        words = self._source_words()
        return "former" not in words and not lexicon.words("speaking_offices").isdisjoint(words)

    def _source_words(self) -> Collection[str]:
        return {word.removesuffix("’s").removesuffix("'s").removesuffix(",") for word in self.source.split()}

    def _is_name(self, subject: str, words: Collection[str]) -> bool:
        """Tell whether a capital is not only that of the first word of a quotation."""
        return not self.in_own_words or " " in subject or subject in words or subject.lower() in THIRD_PERSON

    def _own_intent(self, rest: str) -> Stance | None:
        """Return what a source says of itself: that it asks for something, or will do something."""
        if intents.asks_for_something(rest):
            return "asks"
        if intents.refuses(rest) or intents.has_no_plan(rest):
            return "declines"
        return "plans" if self._plans(rest) else None

    def _plans(self, rest: str) -> bool:
        """Tell whether a source says that it will or would do something; `rest` begins after the subject."""
        if intents.meant_before(rest):
            return False
        return self._means_to(rest) or (not self.in_own_words and intents.would(rest))

    def _means_to(self, rest: str) -> bool:
        """Tell whether a source says that it will do something; in its own words, what it once meant to is no plan."""
        if self.in_own_words and intents.once_meant_to(rest):
            return False
        return intents.wills(rest) or intents.means_to(rest)

    def denies(self) -> bool:
        """Tell whether the first clause says that something is not so."""
        clause = self.clauses[0]
        is_of_two = denials.neither(clause) and self._is_official()
        return is_of_two or denials.denies_thing(self.first, self.led, clause) or self._denies_of_itself(clause)

    def _denies_of_itself(self, clause: str) -> bool:
        """Tell whether a clause says that a source, or whom it speaks for, doubts something or did not do it."""
        subject, rest = _divided(clause)
        is_own = self._is_source(subject) or self._speaks_for(subject) or self._is_own_body(clause)
        return is_own and (denials.rejects(rest) or denials.denies_own_act(rest))

    @property
    def _may_say_we(self) -> bool:
        """Tell whether "we" may be the source: not where others know "that we will sail"."""
        return self.in_own_words or not self.first.startswith("that ") or self.source.lower() in FIRST_PERSON

    def _is_source(self, subject: str) -> bool:
        """Tell whether a subject is the source: "I" and "we", and outside its own words "he" or the name."""
        pronoun = subject.lower()
        if pronoun in FIRST_PERSON or self.in_own_words:
            return pronoun in FIRST_PERSON and self._may_say_we
        if pronoun in THIRD_PERSON:
            return may_be_meant(subject, self.source)
        return bool(subject) and subject.rsplit(maxsplit=1)[-1] in self.source.split()


def _divided(clause: str) -> tuple[str, str]:
    """Return the subject that a clause begins with, and the rest; empty strings where there is none."""
    subject = _SUBJECT.match(clause)
    return (subject.group(), clause[subject.end() :]) if subject else ("", "")


def _will_or_would(rest: str) -> bool:
    return intents.wills(rest) or intents.would(rest)
