"""How right `documents.derived_from` is: on articles that a rule derives from real ones, and on some that only look so.

    python benchmarks/derivations.py [--texts FOLDER] [--seed 1] [--count 20] [--most 56] [--to FOLDER]

The folder has plain texts whose names begin with the outlet that published them (`wash-post_…`); without one, texts
are made by a rule. Some are the originals, with their outlet as publisher. Each case is an article of another outlet.
It begins with a paragraph of a text that is not an original. Then come words of an original or of such a text, with
or without the name of an outlet; no two cases have the same words. `MADE` lists the kinds. The dataset is built as
any is, and what `derived_from` says of each case is compared with what was made.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from contributions import ADJECTIVES, NOUNS, SOUNDS, TIMES, VERBS

from broadsheet.packages import load
from broadsheet.quotes import find

OUTLETS = {
    "breitbart": "Breitbart News",
    "huff-post": "The Huffington Post",
    "nyt": "The New York Times",
    "politico": "Politico",
    "usa-today": "USA Today",
    "wash-post": "The Washington Post",
}
LONGEST = 6000  # characters of an original
WORDS = (22, 60)  # of what a case has from an original
NAME = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]{2,}\b")
SENTENCE = re.compile(r"(?<=[.!?] )(?:The|A|An|In|At|On|For|But|After) [^.!?“”\"]+\.(?= |$)", re.MULTILINE)
OPENING = re.compile(r"^(?:The|A|An|In|At|On|For|But|After)\b")


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a text, without marks: of a quotation, or a sentence of the reporter; `by` is a name beside them."""

    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Article:
    """A text with its outlet, its quotations and its sentences that are long enough."""

    name: str
    text: str
    quoted: tuple[Said, ...]
    told: tuple[Said, ...]

    @property
    def outlet(self) -> str:
        """Return who published it."""
        return OUTLETS[self.name.partition("_")[0]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a case is made of: an original and words of it, words of a third text, an outlet that published neither."""

    one: Article
    said: Said
    other: Said
    stranger: str


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of originals in any order: each is taken once, so that no two cases have the same."""

    quoted: list[tuple[Article, Said]]
    told: list[tuple[Article, Said]]

    @classmethod
    def of(cls, rng: random.Random, originals: Sequence[Article]) -> _Words:
        """Return the words of articles, shuffled."""
        quoted = [(one, said) for one in originals for said in one.quoted]
        told = [(one, said) for one in originals for said in one.told]
        rng.shuffle(quoted)
        rng.shuffle(told)
        return cls(quoted, told)


def articles(folder: Path) -> list[Article]:
    """Return the texts of known outlets that have words to take, in the order of their names."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        quoted, told = tuple(_quoted(text)), tuple(_told(text))
        if path.name.partition("_")[0] in OUTLETS and quoted and told and len(text) <= LONGEST:
            found.append(Article(path.stem, text, quoted, told))
    return found


def invented(count: int) -> list[Article]:
    """Return made texts of the outlets by turns: each has four quotations and four sentences of its reporter."""
    return [_invented(outlet, number) for number, outlet in zip(range(count), cycle(OUTLETS), strict=False)]


def _invented(outlet: str, number: int) -> Article:
    rng = random.Random(f"derived-{number}")

    def clause() -> str:
        adjective, noun, verb, time = map(rng.choice, (ADJECTIVES, NOUNS, VERBS, TIMES))
        return f"the {adjective} {noun} was {verb} {time}"

    def sentence(opening: str) -> str:
        return f"{opening} {clause()}, {clause()}, and {clause()}"

    person = " ".join("".join(rng.choices(SOUNDS, k=2)).title() for _ in range(2))
    said = [f"“{sentence('I tell you that')},” {person} said." for _ in range(4)]
    told = [f"It is long ago. {sentence('In that year')}." for _ in range(4)]
    text = "\n\n".join([f"{person} speaks", *said, *told]) + "\n"
    return Article(f"{outlet}_{number:03}", text, tuple(_quoted(text)), tuple(_told(text)))


def _quoted(text: str) -> Iterator[Said]:
    blocks = [match.span() for match in re.finditer(r"[^\n]+", text)]
    for start, end in blocks:
        for one in find(text, [(start, end)]):
            words = text[one.start : one.end].strip("“”\"'‘’ ").rstrip(".,")
            if _fits(words):
                yield Said(words, next(iter(NAME.findall(text[start:end])), "the candidate"))


def _told(text: str) -> Iterator[Said]:
    return (Said(found.group().rstrip("."), "") for found in SENTENCE.finditer(text) if _fits(found.group()))


def _fits(words: str) -> bool:
    return WORDS[0] <= len(words.split()) <= WORDS[1]


def _inside(outlet: str) -> str:
    """Return the name of an outlet as it is inside a sentence."""
    return re.sub("^The ", "the ", outlet)


def _small(words: str) -> str:
    return OPENING.sub(lambda found: found.group().lower(), words)


MADE: Mapping[str, tuple[bool, Callable[[Parts], str]]] = {
    "told the outlet": (True, lambda p: f"“{p.said.words},” {p.said.by} told {_inside(p.one.outlet)}."),
    "interview with the outlet": (
        True,
        lambda p: f"“{p.said.words},” {p.said.by} said in an interview with {_inside(p.one.outlet)}.",
    ),
    "the outlet reported that": (True, lambda p: f"{p.one.outlet} reported that {_small(p.said.words)}."),
    "…, the outlet reported": (True, lambda p: f"{p.said.words}, {_inside(p.one.outlet)} reported."),
    "according to the outlet": (True, lambda p: f"According to {_inside(p.one.outlet)}, {_small(p.said.words)}."),
    "the outlet, other words": (False, lambda p: f"“{p.other.words},” {p.other.by} told {_inside(p.one.outlet)}."),
    "the words, no outlet": (False, lambda p: f"“{p.said.words},” {p.said.by} said."),
    "a speech; the outlet has other words": (
        False,
        lambda p: (
            f"“{p.said.words},” {p.said.by} said in a speech in Ohio.\n\n"
            f"“{p.other.words},” {p.other.by} told {_inside(p.one.outlet)}."
        ),
    ),
    "another outlet": (False, lambda p: f"“{p.said.words},” {p.said.by} told {_inside(p.stranger)}."),
    "the outlet, before its article": (
        False,
        lambda p: f"“{p.said.words},” {p.said.by} told {_inside(p.one.outlet)}.",
    ),
}
"""The kinds of cases: whether the article is derived from the original, and what it has after its first paragraph."""

OF_REPORTERS = {"the outlet reported that", "…, the outlet reported", "according to the outlet"}
"""The kinds with a sentence of the original; the others have one of its quotations."""


def cases(
    rng: random.Random, originals: Sequence[Article], others: Sequence[Article], count: int
) -> Iterator[tuple[str, str, Article, str]]:
    """Yield each case: its kind, its name, the original, and the file."""
    words, others_words = _Words.of(rng, originals), _Words.of(rng, others)
    for kind, (_, made) in MADE.items():
        for number in range(count):
            lead = rng.choice(others)
            other = others_words.quoted.pop()[1] if "other words" in kind else others[0].quoted[0]
            one, said = words.told.pop() if kind in OF_REPORTERS else words.quoted.pop()
            publisher, stranger = rng.sample(sorted(set(OUTLETS.values()) - {one.outlet}), 2)
            parts = Parts(one, said, other, stranger)
            day = "2016-01-02" if kind == "the outlet, before its article" else "2017-03-04"
            opening = max(lead.text.split("\n")[:12], key=len)
            body = f"{opening}\n\n{made(parts)}"
            yield kind, f"case-{list(MADE).index(kind)}-{number:03}", one, _file(publisher, day, body)


def _file(publisher: str, day: str, body: str) -> str:
    return f"---\npublisher: {publisher}\npublished: {day}\n---\n{body}\n"


def measure(given: argparse.Namespace, folder: Path) -> None:
    """Make the dataset, build it, and print what it says of each kind."""
    rng = random.Random(given.seed)
    known = articles(given.texts) if given.texts else invented(3 * given.most)
    originals = rng.sample(known, given.most)
    made = list(cases(rng, originals, [one for one in known if one not in originals], given.count))
    texts = folder / "texts"
    texts.mkdir(parents=True)
    for one in originals:
        (texts / f"{one.name}.md").write_text(_file(one.outlet, "2016-09-10", one.text), encoding="utf-8")
    for _, name, _, words in made:
        (texts / f"{name}.md").write_text(words, encoding="utf-8")
    for command in (("init", str(folder / "dataset"), "--from", str(texts)), ("build", "--workers", "1")):
        place = folder / "dataset" if command[0] == "build" else folder
        subprocess.run([sys.executable, "-m", "broadsheet", *command], check=True, cwd=place)
    found = load(folder / "dataset" / "build").documents.select("source_path", "derived_from").collect()
    report(made, {Path(path).stem: other for path, other in found.iter_rows()}, _ids(folder))


def _ids(folder: Path) -> dict[str, str]:
    """Return the document_id of each file."""
    found = load(folder / "dataset" / "build").documents.select("source_path", "document_id").collect()
    return {Path(path).stem: key for path, key in found.iter_rows()}


def report(
    made: Sequence[tuple[str, str, Article, str]], found: Mapping[str, str | None], ids: Mapping[str, str]
) -> None:
    """Print per kind how many cases name the original, another article or none; then precision and recall."""
    counts: Counter[tuple[str, str]] = Counter()
    for kind, name, one, _ in made:
        said = found.get(name)
        counts[kind, "none" if said is None else "the original" if said == ids[one.name] else "another"] += 1
    right = sum(n for (kind, said), n in counts.items() if MADE[kind][0] and said == "the original")
    named = sum(n for (_, said), n in counts.items() if said != "none")
    derived = sum(n for (kind, _), n in counts.items() if MADE[kind][0])
    for kind, (is_derived, _) in MADE.items():
        line = ", ".join(f"{counts[kind, said]} {said}" for said in ("the original", "another", "none"))
        print(f"{kind:<38}{'derived' if is_derived else 'not':<9}{line}")
    print(f"{len(made)} cases, {derived} derived: precision {right / max(named, 1):.3f}, recall {right / derived:.3f}")


def main() -> None:
    """Read the options."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--texts", type=Path, help="a folder of plain texts")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=20, help="cases of each kind")
    options.add_argument("--most", type=int, default=56, help="originals")
    options.add_argument("--to", type=Path, help="make the dataset here")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        measure(given, given.to or Path(scratch))


if __name__ == "__main__":
    main()
