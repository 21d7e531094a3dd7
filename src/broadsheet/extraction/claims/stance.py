"""What kind of claim a cue makes and what its source does with the content, from its words alone."""

from __future__ import annotations

import re

from broadsheet.extraction import lexicon
from broadsheet.extraction.claims.content_stance import content_stance
from broadsheet.extraction.claims.cue_words import CueWord, deciding_word, is_negative
from broadsheet.extraction.claims.sentence_kinds import is_negated, is_proposal, is_question
from broadsheet.model import ClaimKind, Stance

__all__ = ["kind_and_stance"]

_ASKS = re.compile(
    r"""
    \b
    (?:
        call(?:s|ed|ing)?\s+(?:\w+\s+)?(?:(?:up)?on|for)\b
      | push(?:es|ed|ing)?\s+for\b
      | press(?:es|ed|ing)\b
      | press\s+\S+\s+(?:for|on|to)\b
      | beg(?:s|ged|ging)?\b
      | requir(?:e|es|ed|ing)\b
      | appeal|encourag|implor|exhort|entreat
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been)(?:n[’']t|\s+not|\s+never)?\s+(?:\w+ly\s+)?\w+(?:ed|en)\b", re.IGNORECASE
)
_ACTS: tuple[tuple[re.Pattern[str], tuple[Stance | None, Stance]], ...] = (
    (re.compile(r"(?:will|would|[’']ll)\b", re.IGNORECASE), ("plans", "denies")),
    (re.compile(r"(?:did|does|do|has|have|had)(?:n[’']t)?\b", re.IGNORECASE), (None, "declines")),
)
"""The stances of a cue that begins with an auxiliary and has no verb of saying: plain, and negated."""
_DENIES = re.compile(
    r"\b(?:rul(?:e|es|ed|ing)\s+out|push(?:es|ed|ing)?\s+back|shot\s+down|no\s+(?:\w+\s+)?(?:evidence|indication|proof|sign))\b",
    re.IGNORECASE,
)
_QUESTIONED = re.compile(
    r"""
    (?<!\bduring\s)(?<!\bunder\s)\bquestion(?:ed|ing)$
  | ^(?:\w+\s+)?questions?$
  | \b(?:to|into)\s+question$
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""The verb, which with a noun is a doubt: "questioned his judgement", "called it into question"."""
_NO_COMMENT = re.compile(r"[“\"'‘(]*no\s+comment\b", re.IGNORECASE)
_SEEKS_TO = re.compile(r"\b(?:seek(?:s|ing)?|sought)\s+(?:\w+\s+){0,3}?to\s+\w+", re.IGNORECASE)
"""Whose cue goes on with what is sought: "sought to convey that", "sought to present himself as"."""
_TAKES_AIM = re.compile(r"\b(?:takes?|took|taken|taking)\s+aim\b", re.IGNORECASE)
_INTEREST = re.compile(r"\binterest(?:ed)?\s+in$", re.IGNORECASE)
_OFFERS = re.compile(r"\boffer(?:s|ed|ing)?$", re.IGNORECASE)
_PLEADS = re.compile(r"\bplead(?:s|ed|ing)?\s+(?P<no>not\s+)?guilty\b", re.IGNORECASE)
_PONDERS = re.compile(r"\b(?:considering|contemplating|mulling|weighing)$", re.IGNORECASE)
_CONSIDERS = re.compile(r"\bconsider(?:s|ed)?$", re.IGNORECASE)
_INSISTS_ON = re.compile(r"\binsist(?:s|ed|ing)?\s+on$", re.IGNORECASE)
_CALL = re.compile(r"\bcall(?:s|ed|ing)?$", re.IGNORECASE)
_WARNS = re.compile(r"\bwarn(?:s|ed|ing)?\s+(?:[\w’'-]+\s+){0,4}against\s+\w+ing\b", re.IGNORECASE)
"""That somebody should not do what he is warned of: "warned sailors against rowing"."""
_ASKING = re.compile(r"\basking$", re.IGNORECASE)
"""What a letter does, whatever the verb before it: "wrote a letter to Lind asking"."""
_REFUSES = re.compile(r"\b(?:will|would)\s+not\b|\bwo(?:uld)?n[’']t\b", re.IGNORECASE)
_POLLED = re.compile(r"\d\s*%|\b(?:percent|per\s+cent|respondents|voters)\b", re.IGNORECASE)
_VOTE = re.compile(
    r"""
    (?:that\s+)?they\s+
    (?:
        (?:will|would|[’']ll|[’']d)\s+(?:\w+\s+)?[“"‘']?(?:\w+\s+){0,2}?(?:back|choose|pick|support|vote)
      | (?:are|were)\s+(?:set|decided|planning)\s+on\s+\w+ing
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What people of a poll say they will do: "they would definitely support her"."""
_PRESENTS = re.compile(
    r"""
    \b(?:announc|declar|describ|detail|disclos|explain|outlin|present|promot|reveal|tout|unveil)(?:e?[sd]|ing|e)?\b
  | \b(?:talk|roll|lay|laid)(?:s|ed|ing)?\s+(?:out|up)$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OWN_PLAN = re.compile(
    r"""
    (?:(?:the|his|her|their|its|an?)\s+)?(?:[\w-]+\s+)?(?:plans?|intentions?|proposals?)
    (?:,|$|\s+(?:(?:(?:this|last|next)\s+\w+|[A-Z]\w+day)\s+)?(?:to|for|of)\b)
  | (?:his|her|their|its)\s+(?:[\w-]+\s+)?(?:bid|candidac(?:y|ies)|departure|resignation|retirement)\b
  | an?\s+(?:[\w-]+\s+){0,2}(?:bid|campaign|candidacy|concert|event|fundraiser|rally|run|tour|trip|visit)\b
    """,
    re.VERBOSE,
)
"""What is a plan where a source presents it: "its plan to sail", "his retirement", "a benefit concert"."""
_AS = re.compile(r"\bas\b", re.IGNORECASE)
_INVOLUNTARY = re.compile(rf"\s*to\s+(?:{lexicon.alternatives('verbs_without_intent')})\b")
_WILL = re.compile(r"\b(?:will|would|won[’']t|shall|to)\b|[’'](?:ll|d)\b|\bwouldn[’']t\b", re.IGNORECASE)
_STAYS = re.compile(r"that\s+(?:he|she|they|I|we)(?:[’'](?:m|re|s)|\s+(?:am|are|is))\s+\w+ing\b", re.IGNORECASE)
"""What is promised of oneself without "will": "that he is staying"."""
_PREPOSITION = re.compile(r"\s*(?:for|on|upon)\s", re.IGNORECASE)
_PROMISES = frozenset({"pledge", "promise", "swear", "vow"})
_PROPOSES = re.compile(r"\b(?:insist|suggest)(?:s|ed|ing|ence|ions?)?$", re.IGNORECASE)
_INSISTS = frozenset({"insist", "maintain"})
_UNCERTAIN = frozenset({"certain", "sure"})
_MARKS = "”\"'’» "
_GERUND = re.compile(r"\s*(?:\w+ly\s+)?(?!being\b)\w{2,}ing\b")
_MUST = re.compile(r"\b(?:must|shall|(?:has|have)\s+to)\b", re.IGNORECASE)
_TO_KNOW = re.compile(r"\s*to\s+(?:know|hear|find\s+out|learn)\b")
_THAT = re.compile(r"\s*that\b", re.IGNORECASE)
_TELLS = frozenset({"tell", "warn", "remind", "caution", "whisper", "shout", "yell", "write", "signal"})
_HOPES = frozenset({"agree", "hope", "expect", "wish", "consider"})
_WOULD = re.compile(r"\bwould\b|[’']d\b", re.IGNORECASE)
_TO = re.compile(r"\s*to\b", re.IGNORECASE)
_DETERMINER = r"(?:all|an?|her|his|its|more|our|some|the|their)\b"
_TO_SEE = re.compile(
    rf"\s*to\s+see\s+(?:{_DETERMINER}\s+[\w’'-]+|(?!(?:how|if|what|whether|why)\b|{_DETERMINER})[\w.’'-]+)\s+"
    rf"(?!(?:again|and|or|{lexicon.alternatives('prepositions')})\b)\w"
)
"""What the source wants another to do: "to see the two sides talk" is asked of them."""
_NOT_YET = re.compile(r"\b(?:has|have|had)\s+yet\s+to\b", re.IGNORECASE)
_NEVER = re.compile(r"\bnever\b", re.IGNORECASE)
_NEITHER = re.compile(r"neither\b", re.IGNORECASE)
_NOBODY = re.compile(r"(?:[Nn]one|[Nn]obody|[Nn]either|[Nn]o(?!\s+[A-Z]))\b(?!\.)")
"""No name: a No Dam League is somebody."""
_NOT_TO = re.compile(r"\s*not\s+to\b", re.IGNORECASE)
_REPORTS = re.compile(
    r"(?:^(?:Reports|Rumou?rs|Media|(?:News|Media|Press)\s+reports)|\b(?:reports|rumou?rs|media|press))\b(?![’'])"
)
"""Letter case counts: "media reports" have no name, a Press Agency has."""
_OWNED = re.compile(r"[’']s?\s+(?:\w+\s+)*(?:report|rumou?r|media|press)|\b(?:from|by|of)\b", re.IGNORECASE)


def kind_and_stance(cue: str, source: str, content: str) -> tuple[ClaimKind, Stance]:
    """Return the kind and the stance of a claim that is not a no-comment. All three may be empty."""
    head, negated = deciding_word(cue)
    word = head or CueWord("speech", "asserts", "")
    kind: ClaimKind = "report" if _is_report(cue, source, head) else word.kind
    stance = _stance(cue, head, content)
    if negated:
        return kind, _turned(cue, word, stance, content)
    if stance == "asserts":
        return kind, _act(cue, source, head) or _of_an_assertion(cue, word, source, content)
    is_refusal = word.kind == "attitude" and stance == "plans" and _NOT_TO.match(content)
    return kind, "declines" if is_refusal else stance


def _of_an_assertion(cue: str, word: CueWord, source: str, content: str) -> Stance:
    """Return the stance where the cue only asserts: "hoped to sail" plans, and else the content shows it.

    What nobody says is denied: "none of the letters showed that he knew", and "neither named the ship" declines.
    """
    if _NOBODY.match(source):
        return "declines" if _NEITHER.match(source) else "denies"
    if _NO_COMMENT.match(content):
        return "declines"
    if _is_asked(cue, word, content):
        return "asks"
    is_plan = _is_plan(cue, word, content) or _is_vote(source, content)
    return "plans" if is_plan else _shown_by_content(word, source, content)


def _is_asked(cue: str, word: CueWord, content: str) -> bool:
    """Tell whether a content without a verb of saying is a question, or the cue proposes that somebody do something."""
    is_question_alone = not word.lemma and content.rstrip(_MARKS).endswith("?")
    return is_question_alone or (_PROPOSES.search(cue) is not None and is_proposal(content))


def _is_vote(source: str, content: str) -> bool:
    return _POLLED.search(source) is not None and _VOTE.match(content) is not None


def _is_plan(cue: str, word: CueWord, content: str) -> bool:
    """Tell whether a cue that may assert plans with its content: "hopes to sail", "is considering a sale"."""
    if _PONDERS.search(cue):
        return not _AS.search(content)
    if _TO.match(content):
        return _hopes(cue, word, content) or _OFFERS.search(cue) is not None
    if _PRESENTS.search(cue) and _OWN_PLAN.match(content):
        return True
    is_keen = any(pattern.search(cue) for pattern in (_INTEREST, _INSISTS_ON, _CONSIDERS))
    return is_keen and _GERUND.match(content) is not None


def _hopes(cue: str, word: CueWord, content: str) -> bool:
    is_forecast = word.lemma == "expect" and _INVOLUNTARY.match(content)
    return word.lemma in _HOPES and not is_forecast and not _PASSIVE.search(cue)


def _shown_by_content(word: CueWord, source: str, content: str) -> Stance:
    """Return the stance that the content shows where the cue only asserts; what one thinks one will do is no plan."""
    shown = content_stance(source, content, tells=word.lemma in _TELLS, denies=_may_deny(word))
    is_thought = shown == "plans" and word.kind == "attitude"
    if shown and not is_thought:
        return shown
    is_insisted = word.lemma in _INSISTS and is_negated(content)
    return "denies" if is_insisted else "asserts"


def _may_deny(word: CueWord) -> bool:
    return word.kind == "speech" and word.lemma not in lexicon.words("verbs_of_admission")


def _stance(cue: str, head: CueWord | None, content: str) -> Stance:
    """Return the stance of a cue that is not negated."""
    if _NOT_YET.search(cue):
        return "declines"
    plea = _plea(cue, content)
    if plea is not None:
        return plea
    if _DENIES.search(cue):
        return "denies"
    if _is_request(cue, content):
        return "asks"
    preposition = _PREPOSITION.match(content)
    if _ASKS.search(f"{cue} {preposition.group().strip()}" if preposition else cue):
        return "asserts" if _THAT.match(content) else "asks"
    return _of_head(cue, head, content) if head is not None else "asserts"


def _plea(cue: str, content: str) -> Stance | None:
    """Return the stance of a plea, of which the cue may be the verb alone: "pleaded" with "not guilty to theft"."""
    plea = _PLEADS.search(f"{cue} {content}")
    if plea is None or plea.start() >= len(cue):
        return None
    return "denies" if plea["no"] else "asserts"


def _is_request(cue: str, content: str) -> bool:
    """Tell whether a cue asks, whatever its first verb: "called to close the pier", "wrote a letter asking that"."""
    is_warned = _WARNS.search(f"{cue} {content}")
    is_call = _CALL.search(cue) and _TO.match(content) and not _PASSIVE.search(cue)
    return bool(is_warned or is_call or _ASKING.search(cue))


def _of_head(cue: str, head: CueWord, content: str) -> Stance:
    """Return the stance of the word that decides; "question" with a noun is a doubt."""
    if _is_questioning(cue):
        return "asks" if is_question(content) else "denies"
    if head.lemma == "seek" and _SEEKS_TO.search(cue):
        return "asserts"
    if _wishes(cue, head):
        return _of_a_wish(content)
    if head.lemma == "rule":
        return "asks" if _MUST.search(content) else "asserts"
    return "asserts" if _means_no_plan(cue, head, content) else head.stance


def _is_questioning(cue: str) -> bool:
    return _QUESTIONED.search(cue) is not None and not _PASSIVE.search(cue)


def _means_no_plan(cue: str, head: CueWord, content: str) -> bool:
    """Tell whether a word that else plans does not: "took aim at", "determined that", "swore that it was so"."""
    if head.lemma == "aim":
        return _TAKES_AIM.search(cue) is not None
    if head.lemma in _PROMISES:
        return _is_sworn(content)
    return head.lemma == "determined" and not (_TO.match(content) or _TO.search(cue))


def _is_sworn(content: str) -> bool:
    """Tell whether a content is what somebody swears is so, and no promise: "that it was so"."""
    is_promise = _WILL.search(content) is not None or _STAYS.match(content) is not None
    return _THAT.match(content) is not None and not is_promise


def _wishes(cue: str, head: CueWord) -> bool:
    return head.lemma in ("seek", "want") or (head.lemma == "like" and _WOULD.search(cue) is not None)


def _of_a_wish(content: str) -> Stance:
    """Return the stance of who wants or seeks a content: to do something himself, or something of others."""
    is_own = _TO.match(content) and not _TO_SEE.match(content) and not _TO_KNOW.match(content)
    return "plans" if is_own else "asks"


def _turned(cue: str, word: CueWord, stance: Stance, content: str) -> Stance:
    """Return the stance of a negated cue: "did not say" and "does not plan" decline, "does not believe" denies.

    "Was not told" and "never knew" assert, "never claimed" denies.
    """
    if word.kind != "attitude":
        return "asserts" if _PASSIVE.search(cue) else _of_no_saying(cue, content)
    is_refusal = stance == "plans" or _REFUSES.search(cue)
    return "declines" if is_refusal else _of_no_thinking(word, stance)


def _of_no_thinking(word: CueWord, stance: Stance) -> Stance:
    """Return the stance of who does not think something: "is not aware" asserts, as "does not deny" does."""
    is_fact = stance == "denies" or word.lemma in lexicon.words("verbs_of_knowledge") | _UNCERTAIN
    return "asserts" if is_fact else "denies"


def _of_no_saying(cue: str, content: str) -> Stance:
    """Return the stance of who did not say something: who never said it, denies it."""
    return "denies" if _NEVER.search(cue) and not is_question(content) else "declines"


def _is_report(cue: str, source: str, head: CueWord | None) -> bool:
    """Tell whether nobody is named but reports: "reportedly", "reports that", "according to media reports"."""
    if source:
        return _REPORTS.search(source) is not None and not _OWNED.search(source)
    words = cue.lower().split()
    return (
        head is not None
        and head.lemma == "report"
        and (len(words) == 1 or words[0] in ("is", "are", "was", "were", "it"))
    )


def _act(cue: str, source: str, head: CueWord | None) -> Stance | None:
    """Return the stance of a cue without a verb of saying that tells what its source will do: "would close".

    "Would never close" denies, "did not unveil" declines.
    """
    if head is not None or not source:
        return None
    at = int(is_negative(cue))
    return next((stances[at] for auxiliary, stances in _ACTS if auxiliary.match(cue)), None)
