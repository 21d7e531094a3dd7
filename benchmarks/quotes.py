"""How `broadsheet quotes` judges quotations that a rule altered, and those that it did not; and how long it takes.

    python benchmarks/quotes.py --package FOLDER [--seed 1] [--count 1000] [--show 20]
    python benchmarks/quotes.py --package FOLDER --documents 10000 --to FOLDER

Quotations of eight words and more are drawn from the articles of a package (any that was built, with texts). `count` of
them are altered in five ways, each a fifth: letters, order, negation, speaker, cuts; and `count` are only set in type
again: other marks, other ellipses, other line breaks, the name of the speaker in front. Each is a draft:
the paragraph of its article with the quotation in it, or the quotation with the name of a speaker. Printed are the
verdicts a kind, and with `--show` what was not named as what it is.

The second form measures time: the large package is that of `explore.py`, the draft has 50 quotations from it.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from broadsheet.packages import Tables, load
from broadsheet.quotations.draft import continues
from broadsheet.quotations.verdicts import Checked
from broadsheet.quotations.words import words
from broadsheet.quotes import find
from broadsheet.workflows.quotes import check_quotes

ROOT = Path(__file__).parents[1]
LEAST = 8  # words of a quotation that is drawn
MARKS = "“”\"«»„'`"
EXPECTED = {"letters": "changed", "order": "changed", "negation": "changed", "cuts": "cut"}
NOT = re.compile(r"\b(?:not|never)\b ?|(?<=[a-z])n[’']t\b")
AUXILIARY = re.compile(r"\b(?:is|are|was|were|will|would|should|could|has|have|had|must|do|did)\b(?! not|n[’']t)")
DENIED = re.compile(
    r"\b(?:(?:do|does|did|is|are|was|were|will|would|should|could|have|has|had) not|\w+n[’']t|never)\s+"
)
CONDITION = re.compile(r",?\s+\b(?:if|unless|until)\b")
AHEAD = re.compile(r"\b(?:If|Unless) [^,.!?;:“”\"]{3,80}, ")
STOP = re.compile(r"[,.;:!?—–]|\s-+\s|\b(?:and|but|because|although|while)\b")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A quotation of an article, without its marks, in its paragraph; the speaker where the package names a person."""

    words: str
    before: str
    after: str
    speaker: str | None

    @property
    def whole(self) -> str:
        """Return the paragraph."""
        return self.within(self.words)

    def within(self, inside: str) -> str:
        """Return the paragraph with other words between the marks."""
        return f"{self.before}{inside}{self.after}"


@dataclass(frozen=True, slots=True)
class Case:
    """A paragraph of a draft, and what its quotation is; `at` is where the quotation begins in the paragraph."""

    kind: str
    paragraph: str
    at: int


def drawn(tables: Tables) -> list[Drawn]:
    """Return the quotations of all articles that have enough words and lie in one paragraph."""
    texts = dict(tables.documents.select("document_id", "text").collect().iter_rows())
    said = _speakers(tables)
    found = []
    for document, start, end in tables.paragraphs.select("document_id", "start", "end").collect().iter_rows():
        text = texts[document]
        quoted = find(text, [(start, end)])
        for before, one in zip((None, *quoted), quoted, strict=False):
            if before and continues(text, (before.start, before.end), (one.start, one.end)):
                continue  # the end of a sentence that an attribution divides
            inside = text[one.start : one.end].strip(MARKS)
            low = text.index(inside, one.start)
            if not one.runs_on and len(list(words(inside))) >= LEAST and "\n" not in inside and "[" not in inside:
                speaker = said(document, low, low + len(inside))
                found.append(Drawn(inside, text[start:low], text[low + len(inside) : end], speaker))
    return found


def _speakers(tables: Tables) -> Callable[[str, int, int], str | None]:
    """Return a function that names the one person who says [start, end) of an article, as the package has it."""
    people = tables.entities.filter(pl.col("type") == "PERSON").select(source_entity_id="entity_id", name="name")
    content = tables.claim_spans.filter(pl.col("part") == "content").select("claim_id", "document_id", "start", "end")
    sources = tables.claims.select("claim_id", "source_entity_id").join(people, on="source_entity_id", how="left")
    rows: dict[str, list[tuple[int, int, str | None]]] = {}
    joined = content.join(sources, on="claim_id").select("document_id", "start", "end", "name")
    for document, start, end, name in joined.collect().iter_rows():
        rows.setdefault(document, []).append((start, end, name))

    def speaker(document: str, start: int, end: int) -> str | None:
        names = {name for low, high, name in rows.get(document, ()) if low <= start + 1 and end - 1 <= high}
        return names.pop() if len(names) == 1 else None

    return speaker


# --- altered ----------------------------------------------------------------------------------------------------------


def letters(rng: random.Random, one: Drawn) -> str | None:
    """Change one letter of a word: leave it out, double it, replace it, or let it change places."""
    long = [word for word in words(one.words) if word.end - word.start >= 4 and word.key.isalpha()]
    if not long:
        return None
    word = rng.choice(long)
    at = rng.randrange(word.start + 1, word.end - 1)
    here, following = one.words[at], one.words[at + 1]
    new = rng.choice(("", here * 2, rng.choice("aeiourstln"), following + here))
    return one.words[:at] + new + one.words[at + (2 if len(new) == 2 and new[0] == following else 1) :]


def order(rng: random.Random, one: Drawn) -> str | None:
    """Let two neighbouring words, or the parts around a comma, change places."""
    parts = one.words.rstrip(".,!?").split(", ")
    if len(parts) > 1 and rng.random() < 0.5:
        at = rng.randrange(len(parts) - 1)
        parts[at], parts[at + 1] = parts[at + 1], parts[at]
        return ", ".join(parts)
    found = list(words(one.words))
    at = rng.randrange(len(found) - 1)
    first, second = found[at], found[at + 1]
    between = one.words[first.end : second.start]
    changed = one.words[second.start : second.end] + between + one.words[first.start : first.end]
    return one.words[: first.start] + changed + one.words[second.end :]


def negation(rng: random.Random, one: Drawn) -> str | None:
    """Take a negation out, or put one in."""
    there, possible = list(NOT.finditer(one.words)), list(AUXILIARY.finditer(one.words))
    if there and (not possible or rng.random() < 0.5):
        found = rng.choice(there)
        return one.words[: found.start()] + one.words[found.end() :]
    if not possible:
        return None
    at = rng.choice(possible).end()
    return f"{one.words[:at]} not{one.words[at:]}"


def cuts(rng: random.Random, one: Drawn) -> str | None:
    """Cut at a negation or a condition: before it, behind it, or it alone, with an ellipsis in its place."""
    found = [*_behind_negations(one.words), *_before_conditions(one.words), *_ellipses(one.words)]
    found += [one.words[match.end() :] for match in AHEAD.finditer(one.words)]
    kept = [inside for inside in found if len(list(words(inside))) >= 4]
    return rng.choice(kept) if kept else None


def _behind_negations(inside: str) -> Iterator[str]:
    for found in DENIED.finditer(inside):
        stop = STOP.search(inside, found.end())
        yield inside[found.end() : stop.start() if stop else len(inside)]


def _before_conditions(inside: str) -> Iterator[str]:
    for found in CONDITION.finditer(inside):
        if not STOP.search(inside, max(0, found.start() - 1), found.start()):
            yield re.split(r"[.!?]\s", inside[: found.start()])[-1]


def _ellipses(inside: str) -> Iterator[str]:
    for found in DENIED.finditer(inside):
        before = re.split(r"[.!?]\s", inside[: found.start()])[-1]
        after = re.split(r"[.!?](?:\s|$)", inside[found.end() :])[0]
        if before.strip() and len(after.split()) > 2:
            yield f"{before}… {after}"


ALTERED: Mapping[str, Callable[[random.Random, Drawn], str | None]] = {
    "letters": letters,
    "order": order,
    "negation": negation,
    "cuts": cuts,
}


def altered(rng: random.Random, quotations: Sequence[Drawn], count: int) -> Iterator[Case]:
    """Yield as many altered quotations, a fifth of each kind."""
    each = count // (len(ALTERED) + 1)
    named = [one for one in quotations if one.speaker]
    people = sorted({one.speaker for one in named if one.speaker and " " in one.speaker})
    for kind, alter in ALTERED.items():
        made = 0
        while made < each:
            one = rng.choice(quotations)
            new = alter(rng, one)
            if new and _keys(new) != _keys(one.words):
                made += 1
                yield _alone(kind, new, "a speaker") if kind == "cuts" else Case(kind, one.within(new), len(one.before))
    for _ in range(each):
        one = rng.choice(named)
        others = [name for name in people if one.speaker and not set(name.split()) & set(one.speaker.split())]
        yield _alone("speaker", one.words, rng.choice(others))


def _keys(inside: str) -> list[str]:
    return [word.key for word in words(inside)]


def _alone(kind: str, inside: str, speaker: str) -> Case:
    bare = inside.strip().rstrip(".,")
    return Case(kind, f"“{bare}{'' if bare.endswith(('!', '?')) else ','}” {speaker} said.", 1)


# --- as it was --------------------------------------------------------------------------------------------------------


def verbatim(rng: random.Random, quotations: Sequence[Drawn], count: int) -> Iterator[Case]:
    """Yield as many quotations that are only set in type again."""
    for _ in range(count):
        one = rng.choice(quotations)
        kind = rng.choice(("as it is", "straight marks", "wrapped", "angle marks", "ellipses", "named"))
        if kind == "named" and one.speaker:
            yield _alone(kind, one.words, one.speaker)
        elif kind == "wrapped":
            yield _wrapped(one)
        elif kind == "ellipses":
            inside = one.words.replace("...", "…") if "..." in one.words else one.words.replace("…", ". . .")
            yield Case(kind, one.within(inside), len(one.before))
        else:
            yield _set(kind, one)


def _wrapped(one: Drawn) -> Case:
    lines, line = [], ""
    for word in one.whole.split():
        if len(line) + len(word) > 72:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return Case("wrapped", "\n".join([*lines, line]), len(" ".join(one.before.split())))


def _set(kind: str, one: Drawn) -> Case:
    marks = {"straight marks": "\"\"''", "angle marks": "«»’’"}.get(kind, "“”‘’")
    signs = str.maketrans("“”‘’", marks)
    return Case(kind if kind != "named" else "as it is", one.whole.translate(signs), len(one.before))


# --- verdicts ---------------------------------------------------------------------------------------------------------


def judged(cases: Sequence[Case], package: Path, *, speakers: bool = True) -> Iterator[tuple[Case, Checked | None]]:
    """Yield each case with the verdict on its quotation, None where the draft has no quotation there."""
    with tempfile.TemporaryDirectory() as folder:
        drafts = [Path(folder) / f"{number}.txt" for number in range(len(cases))]
        for draft, case in zip(drafts, cases, strict=True):
            draft.write_text(f"{case.paragraph}\n", encoding="utf-8")
        found: dict[str, list[Checked]] = {}
        for one in check_quotes(drafts, package, speakers=speakers).quotations:
            found.setdefault(one.position.path, []).append(one)
    for draft, case in zip(drafts, cases, strict=True):
        own = found.get(draft.as_posix(), ())
        yield case, next((one for one in own if one.start - 2 <= case.at < one.end), None)


def _is_right(case: Case, found: Checked | None) -> bool:
    if case.kind == "speaker":
        return found is not None and found.is_misattributed
    return found is not None and found.verdict == EXPECTED[case.kind]


def _is_blamed(found: Checked | None) -> bool:
    return found is not None and (found.is_misattributed or found.verdict not in {"verbatim", "not judged"})


def figures(package: Path, seed: int, count: int, show: int) -> None:
    """Print the verdicts."""
    rng = random.Random(seed)
    quotations = drawn(load(package))
    print(f"seed {seed}: {len(quotations)} quotations, {sum(bool(one.speaker) for one in quotations)} with a speaker")
    wrong = []
    cases = list(altered(rng, quotations, count))
    results = list(judged([case for case in cases if case.kind != "speaker"], package, speakers=False))
    results += judged([case for case in cases if case.kind == "speaker"], package)
    for kind in (*ALTERED, "speaker"):
        own = [(case, found) for case, found in results if case.kind == kind]
        right = sum(_is_right(*one) for one in own)
        verdicts = Counter(found.verdict if found else "not found" for _, found in own)
        print(f"{kind:<15}{right:>5} of {len(own)}  {dict(verdicts)}")
        wrong += [one for one in own if not _is_right(*one)]
    print(f"altered, named as what they are: {len(results) - len(wrong)} of {len(results)}")
    results = list(judged(list(verbatim(rng, quotations, count)), package))
    blamed = [one for one in results if _is_blamed(one[1])]
    lost = sum(found is None for _, found in results)
    print(f"verbatim, blamed: {len(blamed)} of {len(results)}; not found as a quotation: {lost}")
    for case, found in [*wrong[:show], *blamed[:show]]:
        print(f"--- {case.kind}: {case.paragraph}\n    {found}")


def speed(package: Path, documents: int, to: Path) -> None:
    """Print how long the first and a later check take, each a process of its own."""
    from explore import write

    if not to.exists():
        write(package, documents, to)
    texts = load(to).documents.select("text").collect()["text"].to_list()
    rng = random.Random(7)
    chosen = [" ".join(rng.choice(texts).split()[40 : 40 + rng.randrange(8, 40)]) for _ in range(50)]
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft.txt"
        plain = (re.sub(r"[“”\"]", "", words) for words in chosen)
        draft.write_text("\n\n".join(f"“{inside},” he said." for inside in plain), encoding="utf-8")
        for words_, options in (("first", ["--no-speakers"]), ("words", ["--no-speakers"]), ("with speakers", [])):
            began = time.perf_counter()
            command = [sys.executable, "-m", "broadsheet", "quotes", str(draft), "--package", str(to), *options]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            print(
                f"{words_:<15}{time.perf_counter() - began:.2f} s  {done.stdout.splitlines()[-1]} {done.stderr[-200:]}"
            )


def main() -> None:
    """Read the options and print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--package", type=Path, default=ROOT / "build", help="a built package with texts")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--show", type=int, default=0, help="print so many that were judged otherwise")
    options.add_argument("--documents", type=int, default=0, help="measure time on so many articles")
    options.add_argument("--to", type=Path, help="write the large package here, or measure the one that is there")
    given = options.parse_args()
    if given.documents:
        speed(given.package, given.documents, given.to)
    else:
        figures(given.package, given.seed, given.count, given.show)


if __name__ == "__main__":
    main()
