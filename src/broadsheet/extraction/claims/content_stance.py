"""What a source does with a content, told by the words of the content: asks, plans, denies, or will not comment.

Only the first sentence is looked at. A plan or a denial must be about the source itself or the thing that is spoken of:
"the ship will sink" is a forecast, and "the pier is not long" a plain statement.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from broadsheet.extraction import lexicon
from broadsheet.extraction.claims.meant_pronouns import FIRST_PERSON, PERSONAL, THIRD_PERSON, WORKS, may_be_meant
from broadsheet.extraction.claims.sentence_kinds import (
    MARKS,
    answers,
    begins_with_question,
    is_asked,
    is_order,
    is_question_word,
)
from broadsheet.extraction.lexicon import cues
from broadsheet.extraction.speakers.noun_phrases import head_noun
from broadsheet.model import Stance

__all__ = ["content_stance"]

_QUOTED = re.compile(r"\s*(?:(?:that\s+)?[“\"‘'«]|I\s)")
"""How words begin that are the source's own: with a quotation mark, or with "I", and then "he" is somebody else."""
_STOP = re.compile(r"(?<=[.!?…])[”\"’']*\s+(?=[A-Z“\"‘'])|(?<=,[”\"’'])\s+(?=[“\"‘'])|(?<=,'')\s+(?='')")
"""The end of a sentence, or of a stretch before who spoke: "“Yes,” he said. “Now.”"."""
_ADDED = re.compile(r"\[(\w{1,2})\]")
"""Letters that the writer changed: "[W]e will"."""
_LEAD_WORD = (
    r"(?:that|and|but|so|well|yes|look|now|honestly|frankly|again|obviously|clearly|absolutely|of\s+course|i\s+think|"
    r"he\s+thinks|she\s+thinks)\b,?\s+[“\"‘']*"
)
_LEAD_CLAUSE = (
    r"(?:even\s+)?(?:if|when|once|as|after|before|until|while|though|although|since|during|by|in|on|at|for|from|with|despite|"
    r"given|unlike)\b[^,.]{3,90}(?:,\s+|\s+(?=[“\"]))[“\"‘']*"
)
"""A clause that ends with a comma or before a quotation."""
_LEAD_IF = r"if\s+(?P<subject>he|she|they|it|i|we)\s+[^,.]{3,90}?\s+(?=(?P=subject)\s+(?:will|would)\b)"
"""A condition without a comma: "if she wins she will"."""
_LEAD = re.compile(rf"(?:{_LEAD_WORD}|{_LEAD_CLAUSE}|{_LEAD_IF})*", re.IGNORECASE)
_NEXT_CLAUSE = re.compile(r",?\s+(?:but|and)\s+(?:that\s+)?|;\s+")
_SUBJECT = re.compile(
    r"(?i:he|i|it|she|they|we)(?=[’'\s])|(?:(?:the|its|his|her|their)\s+)?[\w.’'-]+?(?=[’'](?:ll|d|m|re|ve)\b|(?<=[Hh]e)[’']s\b|\s)(?:\s+[A-Z][\w.’'-]*\w){0,2}"
)
_ADVERBS = r"(?:\s+(?:not|never|also|now|still|soon|just|probably|certainly|definitely|\w+ly)\b)*"
_LASTS = r"take\s+(?:[\w-]+\s+){0,4}(?:time|long|longer|(?:second|minute|hour|day|week|month|year|decade)s?)"
"""How long a thing lasts: "it will take some days"."""
_WITHOUT_INTENT = rf"{lexicon.alternatives('verbs_without_intent')}|{_LASTS}"
_WILLED = rf"\s+[“\"‘']*(?:(?:be|keep)\s+\w+ing\b|(?:\w+ly\s+)?(?!(?:not|never|\w+ly(?=\s)|{_WITHOUT_INTENT})\b)[a-z]+)"
_BE = r"(?:[’'](?:m|re|s)|\s+(?:am|is|are|was|were|be))"
_WILL = re.compile(rf"(?:[’']ll|\s+(?:will|shall|won[’']t)){_ADVERBS}{_WILLED}", re.IGNORECASE)
"""Letter case does not count in the words of a headline: "We Will Sail"."""
_WOULD = re.compile(
    rf"(?:[’']d(?!\s+(?:been|{lexicon.alternatives('past_verb_forms')}|\w+ed)\b)|\s+would(?:n[’']t)?){_ADVERBS}{_WILLED}"
)
_REFUSED = rf"(?!\s+(?:allow|back|give|let|permit|quit|rest|stop|tolerate)\b){_WILLED}"
"""Without what is a vow when it is negated: "we will not rest"."""
_WILL_NOT = re.compile(
    rf"(?:\s+(?:will|would)\s+(?:not|never)|\s+(?:won|wouldn)[’']t|[’'](?:ll|d)\s+(?:not|never)){_REFUSED}"
    rf"|(?:{_BE}(?:\s+[a-z]+ly)?\s+(?:not|never)|\s+(?:is|are|was|were)n[’']t)\s+(?:gonna|(?:going|planning|willing|prepared|ready)\s+to){_REFUSED}"
    rf"|{_BE}(?:\s+[a-z]+ly)?\s+(?:unwilling|reluctant)\s+to\b"
    rf"|\s+(?:can|could)(?:not|\s+not|n[’']t)\s+(?:support|endorse|accept|vote|back|agree)\b"
)
"""What a source refuses to do."""
_MEANS_TO = re.compile(
    rf"(?:{_BE}{_ADVERBS}\s+(?:gonna|(?:going|about|getting\s+ready|planning|intending|aiming|hoping|preparing|ready|prepared|willing|committed|"
    r"determined|considering)\s+to)|(?:\s+(?:has|have|had|[a-z]+ly))*\s+(?:plans?|planned|intends?|intended|aims?|aimed|hopes?|hoped|"
    rf"expects?|expected|vow(?:s|ed)?|promise[sd]?|pledge[sd]?|decided|agreed|wants?|wanted)\s+to){_WILLED}"
    rf"|(?:\s+[a-z]+ly)*\s+(?:plans?|intends?|aims?)\s+to\s+[a-z]+|{_BE}{_ADVERBS}\s+(?:running\s+for|(?:considering|mulling|weighing)(?!.*\bas\b))\b"
    r"|(?:\s+would|[’']d)\s+(?:[a-z]+\s+)?(?:like|love|prefer)\s+to\s+(?!(?:be|believe|emphasi[sz]e|hear|know|point|say|see|thank|think)\b)[a-z]+"
    r"|\s+(?:wants?|wanted)\s+to\s+be\s+(?!(?:able|careful|certain|clear|fair|honest|sure)\b)\w",
    re.IGNORECASE,
)
_MEANT_TO = re.compile(r"(?:[’']d|\s+had)\s+(?:\w+\s+)?(?:planned|intended|aimed|hoped|wanted)\s+to\b")
"""What somebody had in mind before: no plan any more."""
_ONCE_MEANT_TO = re.compile(r"(?:\s+(?:just|only|[a-z]+ly))*\s+(?:planned|intended|aimed|hoped|wanted)\s+to\b")
"""The same in the words of a quotation."""
_PLANS_TO = re.compile(
    r"[^,.;]{1,50}?\s(?:(?<!\ba\s)(?<!\bthe\s)(?<!\bhis\s)(?<!\bher\s)(?<!\bits\s)(?<!\btheir\s)(?:plans|(?:(?<=s\s)|(?<=\bthey\s))plan)|"
    r"planned|intends?|intended|(?:is|are|was|were)\s+planning)\s+to\s+[a-z]+"
)
_SEEKS = re.compile(
    rf"(?:{_BE}|\s+(?:has|have|had)(?:\s+been)?)?{_ADVERBS}\s+"
    r"(?:seeking|asking|demanding|requesting|urging|appealing|(?:calling|calls?)\s+(?:for|on)|asks?|demands?|urges?|"
    r"wants?\s+(?:\w+\s+){1,3}back)\b"
    r"|(?:\s+would\s+like|[’']d\s+like|\s+wants?|\s+wanted)\s+"
    r"(?:you|him|her|them|us|everybody|everyone|people|the\s+\w+|[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)?)\s+to\s"
)
_IMPERSONAL = re.compile(
    r"it\s+(?:is|was)\s+planned\b|(?:the|our|their|his|her|its|my)\s+(?:plan|aim|goal|intention)\s+(?:is|was)\b",
    re.IGNORECASE,
)
_NO_PLAN = re.compile(
    r"\s+(?:ha(?:s|ve|d)|(?:do(?:es)?|did)(?:\s+not|n[’']t)\s+have)\s+(?:no|any)\s+(?:plans?|intentions?)\s+(?:to|of)\b"
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
_NO_COMMENT = re.compile(
    r"(?:[’'](?:ll|m|re|s)|\s+(?:will|would|can|could|do|does|did|is|are|was|were|am))?(?:\s+not|n[’']t|\s*cannot)\s+"
    r"(?:going\s+to\s+|be\s+|able\s+to\s+|willing\s+to\s+|prepared\s+to\s+|want\s+to\s+|wish\s+to\s+)*"
    r"(?:comment|speculate|elaborate|discuss|answer|respond|speak\s+(?:to|about)|talk\s+about|get\s+into|reveal|disclose)(?:ing)?\b|\s+(?:had|has|have)\s+no\s+comment\b"
    r"|\s+would\s+be\s+[“\"]?(?:improper|inappropriate|premature)\W+(?:for\s+\w+\s+)?to\s+(?:comment|speak|discuss|speculate|say)\b"
)
_PARENTHESIS = re.compile(r",\s+(?:while|although|though|who|which|whose|however|of\s+course)\b[^,]*,")
_NO = r"(?:n[’']t|\s+not|\s+never)\b"
_SUBJECT_WORDS = (
    r"(?:(?!\b(?:who|that|which|if|because|what|when|where)\b|(?<=\s)(?:I|he|she|we|they|you|it)\b)[^,.;:“”\"]){1,70}?"
)
_UNRELATED = re.compile(
    rf"{_SUBJECT_WORDS}\b(?:has|have|had)\s+(?:nothing\s+to\s+do\s+with|"
    r"no\s+(?:\w+\s+)?(?:bearing|connections?|hand|involvement|links?|part|relation|role)\s+(?:between|in|on|to|with))\b"
)
"""What something has no part in: the subject may have an "and" ("cheap and quick work had no part in it")."""
_BLAME = re.compile(
    rf"{_SUBJECT_WORDS}(?:\b(?:is|are|was|were){_NO}|[’'](?:s|re){_NO})\s+(?:(?!only|merely|simply)\w+ly\s+)?"
    r"(?:(?:the|an?|any|my|our|his|her|its|their)\s+(?:\w+\s+)?(?:causes?|culprits?|fault)\b|"
    r"(?:to\s+blame|intentional|intended|deliberate|involved|responsible|guilty)\b)",
)
"""Whose blame or intent a sentence denies: "coal is not the culprit"."""
_BETTER = r"(?:been\s+(?:more|less|worse|[a-z]+er)\b|forget\b)"
"""What is not denied after "never": "has never been busier"."""
_OWN_ACT = re.compile(
    rf"(?:{_BE}|\s+(?:has|have|had|do|does|did)){_NO}(?!\s+{_BETTER})(?!\s+(?:(?:\w+ly|too|so|very)\s+)?(?:to\b|\w+ing\s+(?:just|only)\b|{lexicon.alternatives('words_after_a_mild_not')})\b)"
    rf"|(?:\s+(?:do|does|did)){_NO}\s+(?:\w+\s+){{1,2}}any(?:thing|one|body)?\b"
    rf"|(?i:(?:[’'](?:ve|d|ll|s|m|re)|\s+(?:has|have|had|would|will))?\s+never\s+(?!{_BETTER})[a-z]+)"
    r"|(?:[’']ve|\s+(?:has|have|had))?\s+(?:had|has|have|played|made|saw|seen|found|took|taken|gives?|gave|given)\s+no(?:thing|ne)?\b"
    r"(?!\s+(?:(?:\w+\s+)?(?:idea|clue|knowledge|doubts?|choice|option|alternative))\b)",
)
_SELDOM = re.compile(r"\b(?:any\s?more|any\s+longer|enough|much|often|regularly|yet)\b", re.IGNORECASE)
"""What makes a plain statement of a negation: "I do not row much"."""
_DOUBTS = re.compile(
    r"(?:[’']m|\s+(?:is|am|are|was|were))\s+(?:\w+ly\s+)?(?:sceptical|skeptical|doubtful|opposed)\b|\s+(?:\w+ly\s+)?(?:doubts?|doubted|rejects?|rejected|disagrees?|disagreed)\b"
)
_DISBELIEF = re.compile(
    r"\s+(?:do|does|did)(?:n[’']t|\s+not)\s+(?:agree|think|believe|see\s+(?:an?y?|the)|get\s+the\s+(?:sense|impression|feeling))\b"
)
_NONE = re.compile(
    r"there(?:[’']s|\s+\w+(?:\s+been)?(?:n[’']t)?)\s+(?:(?:absolutely|just|simply)\s+)?(?:no|not|never)\s+(?:(?:an?y?|\w+ly)\s+)?"
    r"(?:(?:\w+\s+)?(?:basis|chance(?!\s+to)|evidence|indication|proof|such|suggestion|truth)\b|\w+(?:\s+\w+)?(?:\s+\w+)?\s+(?:any|at\s+all|whatsoever)\b)|"
    r"no(?=[,.!]|\s+to\b)|no\s+(?:such\b|way(?=[,.!])|(?:evidence|proof|truth)\b)|none\s+of\s+(?:it|that|this|these|those)\b|nothing\s+(?:could\s+be\s+further|of\s+the)\b|"
    r"not(?:\s+(?:true|so)\b|\s+at\s+all\b|(?=[,.!]))|nonsense(?=[,.!])",
    re.IGNORECASE,
)
"""What rejects a thing that somebody said: "no,", "there is no truth to it", "there is no boat at all"."""
_NEITHER = re.compile(r"neither\b", re.IGNORECASE)
_FALSE = re.compile(
    r"(?:\b(?P<noun>\w+)\s+(?:that\s+(?P<plural>(?=are\b|were\b))|(?:that|which|who)\s+|(?=that[’']s\b)))?"
    rf"\b(?:is|are|was|were|it[’']s|that[’']s|as|peddling|they[’']re)\s+[“\"‘']*"
    rf"(?!an?\s+(?:{lexicon.alternatives('words_of_falsehood')})\s+(?!(?:about|and|but|or|that|to)\b)[a-z])"
    rf"(?:\w+\s+)?(?:{lexicon.alternatives('words_of_falsehood')})\b",
    re.IGNORECASE,
)
"""What is called false. `noun` is the word before a relative pronoun, or before "that" in "I think that is false"."""
_NO_NOUNS = lexicon.words("function_words") | lexicon.words("subordinators") | {"but", ""}
_POINTS = re.compile(
    r"(?:it|this|that|these|those|there|they)(?:[’'](?:s|re)\b|\s+(?:is|are|was|were)\b)", re.IGNORECASE
)
_DIRECTIVE = re.compile(
    r"(?:(?:him|her|them|me|us|you|everyone|everybody|people|(?:the|his|her|their|its)\s+\w+|[A-Z][\w.’'-]+(?:\s+[A-Z][\w.’'-]+){0,2})\s+)?"
    r"(?:(?:not|never)\s+)?to\s+[a-z]+\b|(?:that\s+)?(?:it|you)\s+(?:must|ought\s+to|should|need(?:s|ed)?\s+to)\b"
)


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
    in_quotes: bool

    @classmethod
    def of(cls, source: str, content: str) -> _Content:
        sentences = _STOP.split(_ADDED.sub(r"\1", content.strip()))
        first = _PARENTHESIS.sub("", sentences[0])
        led = _LEAD.sub("", first.lstrip(MARKS), count=1)
        clauses = [_LEAD.sub("", clause.lstrip(MARKS), count=1) for clause in _NEXT_CLAUSE.split(led)]
        return cls(source, sentences, first, led, clauses, _QUOTED.match(content) is not None)

    def asks(self) -> bool:
        """Tell whether words in quotation marks are mostly questions, or begin with one or with an order."""
        asked = sum(map(is_asked, self.sentences))
        is_ordered = is_order(self.first.lstrip(MARKS))
        return self.in_quotes and (is_ordered or asked * 2 > len(self.sentences) or self._begins_with_question())

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
        if _NO_PLAN.match(rest):
            return "declines" if self._speaks_for(subject) else None
        return "plans" if self._is_plan(clause, subject, rest) else None

    def _is_refusal(self, clause: str, subject: str, rest: str) -> bool:
        """Tell whether a clause is a no-comment, or says what a body will not do."""
        body = self._body(clause)
        is_silent = _NO_COMMENT.match(rest) is not None and not self._is_another(subject)
        return is_silent or (body is not None and _WILL_NOT.match(clause, body.end()) is not None)

    def _is_plan(self, clause: str, subject: str, rest: str) -> bool:
        """Tell whether a clause says what a body will do, or those that a source speaks for."""
        body = self._body(clause)
        if body is not None and _will_or_would(clause[body.end() :]):
            return True
        return _is_plan_of_anybody(clause) or (self._speaks_for(subject) and self._plans(rest))

    def _is_another(self, subject: str) -> bool:
        """Tell whether a subject outside quotation marks is a pronoun that does not mean the source."""
        return not self.in_quotes and subject.lower() in THIRD_PERSON and not self._is_source(subject)

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
        return not self.in_quotes or " " in subject or subject in words or subject.lower() in THIRD_PERSON

    def _own_intent(self, rest: str) -> Stance | None:
        """Return what a source says of itself: that it asks for something, or will do something."""
        if _SEEKS.match(rest):
            return "asks"
        if _WILL_NOT.match(rest) or _NO_PLAN.match(rest):
            return "declines"
        return "plans" if self._plans(rest) else None

    def _plans(self, rest: str) -> bool:
        """Tell whether a source says that it will or would do something; `rest` begins after the subject."""
        if _MEANT_TO.match(rest):
            return False
        return self._means_to(rest) or (not self.in_quotes and _WOULD.match(rest) is not None)

    def _means_to(self, rest: str) -> bool:
        """Tell whether a source says that it will do something; in its own words, what it once meant to is no plan."""
        if self.in_quotes and _ONCE_MEANT_TO.match(rest):
            return False
        return _WILL.match(rest) is not None or _MEANS_TO.match(rest) is not None

    def denies(self) -> bool:
        """Tell whether the first clause says that something is not so."""
        clause = self.clauses[0]
        subject, rest = _divided(clause)
        found: list[object] = [_NONE.match(clause), _BLAME.match(clause), _UNRELATED.match(self.led)]
        found.append(_NEITHER.match(clause) and self._is_official())
        found.append(any(map(self._is_told_of_it, _FALSE.finditer(self.first))))
        if self._is_source(subject) or self._speaks_for(subject) or self._is_own_body(clause):
            found += [_DOUBTS.match(rest), _OWN_ACT.match(rest) and not _SELDOM.search(rest), _DISBELIEF.match(rest)]
        return any(found)

    def _is_told_of_it(self, false: re.Match[str]) -> bool:
        """Tell whether what is called false is what the sentence is about, not a noun with a relative clause.

        "It spread stories that are false" denies nothing; "these are stories that are false" does.
        """
        noun = (false["noun"] or "").lower()
        is_clause = noun in _NO_NOUNS or (false["plural"] is None and cues.verb(noun) is not None)
        return is_clause or _POINTS.match(self.led) is not None

    @property
    def _may_say_we(self) -> bool:
        """Tell whether "we" may be the source: not where others know "that we will sail"."""
        return self.in_quotes or not self.first.startswith("that ") or self.source.lower() in FIRST_PERSON

    def _is_source(self, subject: str) -> bool:
        """Tell whether a subject is the source: "I" and "we", and outside quotation marks "he" or the name."""
        pronoun = subject.lower()
        if pronoun in FIRST_PERSON or self.in_quotes:
            return pronoun in FIRST_PERSON and self._may_say_we
        if pronoun in THIRD_PERSON:
            return may_be_meant(subject, self.source)
        return bool(subject) and subject.rsplit(maxsplit=1)[-1] in self.source.split()


def _divided(clause: str) -> tuple[str, str]:
    """Return the subject that a clause begins with, and the rest; empty strings where there is none."""
    subject = _SUBJECT.match(clause)
    return (subject.group(), clause[subject.end() :]) if subject else ("", "")


def _is_plan_of_anybody(clause: str) -> bool:
    """Tell whether a clause says "plans to" or "it is planned"."""
    return any(pattern.match(clause) for pattern in (_PLANS_TO, _IMPERSONAL))


def _will_or_would(rest: str) -> bool:
    return _WILL.match(rest) is not None or _WOULD.match(rest) is not None
