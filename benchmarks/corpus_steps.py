"""The steps over all articles: who is who, copies, derived articles, links of claims.

    python benchmarks/corpus_steps.py [--step NAME] [ARTICLES …]

Articles are made by a rule, and given to the step one after another as a build gives them; without numbers 2,500 and
5,000. One process makes them and writes them to a file; each figure comes from a process of its own, which reads them
from there: CPU seconds without those of reading, and by how much the peak of its memory grew from the first article on.

An article has 26 clusters. Names are drawn as names are (few often, most once): people by full name, surname, with a
middle name, in another transcription, misspelt; bodies also by their initials; the world has six things for each
article. It has 100 sampled shingles, three of them common, and one article in fifteen copies an earlier one, cut. One
of 200 outlets published it, and one article in five has words from another outlet. It has 25 claims of 22 words; one
in twenty repeats an earlier one, one in fifty is cut from one.
"""

from __future__ import annotations

import argparse
import pickle
import random
import tempfile
import time
from bisect import bisect
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import polars as pl

from broadsheet import ids
from broadsheet.claim_links import COLUMNS, Linking
from broadsheet.extraction import resolve
from broadsheet.extraction.lexicon.names import known
from broadsheet.model import Cluster, Extraction
from broadsheet.schema import load_schemas
from broadsheet.texts import Attributed, copies, derived

CLUSTERS, SHINGLES = (4, 48), (20, 180)  # from, to, an article
COPIED = 15  # one article in so many copies another
RECENT = 1000  # articles, or claims, that are copied and cited
OUTLETS, DERIVED = 200, 0.2
CLAIMS, VOCABULARY = 25, 40_000  # claims of an article, words of the language
CUT, REPEATED = 0.02, 0.07  # share of claims that are cut from another one, and of these and those that repeat one
KINDS = ("PERSON", "ORG", "GPE", "NORP", "LOC", "EVENT", "FAC", "PRODUCT")
BODIES = ("Group", "Bank", "Ministry", "Council", "Union", "Party", "Institute", "University", "Agency", "Front")
PLACES = ("", " Province", " River", " Valley", " Island", " Heights")
SLIPS = (("k", "kh"), ("i", "y"), ("u", "ou"), ("l", "ll"), ("v", "w"), ("e", "a"))


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of the world: its full name, its type, and how else it is called with how often that is."""

    name: str
    kind: str
    forms: tuple[str, ...]


def _word(rng: random.Random) -> str:
    sounds = (rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(rng.choice((2, 2, 3, 3, 4))))
    return ("".join(sounds) + rng.choice(("", "", "n", "r", "s", "k"))).title()


def _slip(rng: random.Random, name: str) -> str:
    """Return a name as another hand writes it: transcribed otherwise, or two letters changed about."""
    old, new = rng.choice(SLIPS)
    if old in name[1:] and rng.random() < 0.7:
        return name[0] + name[1:].replace(old, new, 1)
    at = rng.randrange(1, len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _person(rng: random.Random, given: Sequence[str], surnames: Sequence[str]) -> Thing:
    first, last = rng.choice(given), surnames[int(len(surnames) * rng.random() ** 2)]
    name = f"{first} {last}"
    forms = (last, last, last, f"{first} {rng.choice('ABDJM')}. {last}", f"{last}'s", _slip(rng, name))
    return Thing(name, "PERSON", forms)


def _body(rng: random.Random) -> Thing:
    words = [_word(rng) for _ in range(rng.choice((1, 1, 2)))]
    name = " ".join((*words, rng.choice(BODIES)))
    short = "".join(word[0] for word in name.split())
    return Thing(name, "ORG", (short if len(short) > 2 else " ".join(words), f"the {name}", _slip(rng, name)))


def _place(rng: random.Random, kind: str) -> Thing:
    name = _word(rng) + rng.choice(PLACES)
    return Thing(name, kind, (name.upper(), _slip(rng, name)) if len(name) > 4 else (name,))


def world(count: int, seed: int) -> list[Thing]:
    """Return so many things, those most written of first; the known places and peoples are among them."""
    rng = random.Random(f"world-{seed}")
    given, surnames = ([_word(rng) for _ in range(max(8, count // part))] for part in (60, 6))
    famous = [Thing(entry.name, entry.type, (form,)) for form, entry in sorted(known().items())]
    makers: list[Callable[[], Thing]] = [
        lambda: _person(rng, given, surnames),
        lambda: _body(rng),
        lambda: _place(rng, rng.choice(("GPE", "GPE", "LOC", "FAC", "EVENT", "PRODUCT"))),
    ]
    made = [rng.choices(makers, (55, 30, 15))[0]() for _ in range(count)]
    top = rng.sample(famous, min(len(famous), count // 8))
    return [thing for at, other in enumerate(made) for thing in (*top[at : at + 1], other)]


def _cluster(rng: random.Random, thing: Thing) -> Cluster:
    forms = {thing.name: rng.choice((1, 1, 1, 2, 3, 8))}
    if rng.random() < 0.35:
        other = rng.choice(thing.forms)
        forms = {other: 1} if rng.random() < 0.6 else forms | {other: rng.choice((1, 2, 5))}
    name = thing.name if thing.name in forms else min(forms)
    votes = {thing.kind: sum(forms.values())}
    if rng.random() < 0.06:
        votes[rng.choice(KINDS)] = rng.choice((1, 2))
    aliases = tuple(form for form in forms if form != name and form.isupper() and rng.random() < 0.8)
    return Cluster(name, tuple(sorted(forms.items())), tuple(sorted(votes.items())), aliases)


def extractions(count: int, seed: int = 1, things: int | None = None) -> Iterator[Extraction]:
    """Give so many articles, the same for the same seed; `things` is the size of the world they write of."""
    rng = random.Random(f"articles-{seed}")
    pool = world(things or 60 + 6 * count, seed)
    steps = list(accumulate(1 / (rank + 12) ** 0.95 for rank in range(len(pool))))
    for number in range(count):
        picked = {bisect(steps, rng.random() * steps[-1]) for _ in range(rng.randint(*CLUSTERS))}
        clusters = tuple(_cluster(rng, pool[at]) for at in sorted(picked))
        yield Extraction(f"article-{number:05d}", clusters)


T = TypeVar("T")
Sketch = np.ndarray[Any, np.dtype[np.uint64]]


def sketches(count: int, seed: int = 1) -> Iterator[tuple[str, Sketch]]:
    """Give the sketches of so many articles, some of them cut copies of one of the last thousand."""
    rng = np.random.default_rng(seed)
    common = rng.integers(2**64, size=200, dtype=np.uint64)  # what pages say everywhere
    made: deque[Sketch] = deque(maxlen=RECENT)
    for number in range(count):
        own = np.append(rng.integers(2**64, size=rng.integers(*SHINGLES), dtype=np.uint64), rng.choice(common, 3))
        if made and rng.random() < 1 / COPIED:
            copied = made[rng.integers(len(made))]
            own = copied[1 : 1 + int(len(copied) * rng.uniform(0.4, 1))]
        made.append(np.append(rng.integers(2**64, size=1, dtype=np.uint64), np.unique(own)))
        yield f"article-{number:07}", made[-1]


def attributed(count: int) -> Iterator[Attributed]:
    """Give so many articles with their outlets, of which some have words of an outlet's article, or only its name."""
    rng = random.Random("outlets")
    made: deque[tuple[str, Sketch]] = deque(maxlen=RECENT)
    for name, sketch in sketches(count):
        outlet, published = f"outlet {rng.randrange(OUTLETS)}", f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        cited: dict[str, list[int]] = {}
        if made and rng.random() < DERIVED:
            other, words = rng.choice(made)
            cited[other] = words[1 : rng.randint(3, 12)].tolist()
        made.append((outlet, sketch))
        yield Attributed(name, outlet, published, sketch.tolist(), cited)


def claims(count: int) -> Iterator[pl.DataFrame]:
    """Give the claims of so many articles, one frame a bucket."""
    said: deque[str] = deque(maxlen=RECENT)
    buckets = ids.bucket_count(count)
    for number in range(buckets):
        rng = np.random.default_rng(number)
        articles = count * (number + 1) // buckets - count * number // buckets
        contents = list(_contents(rng, articles * CLAIMS, said))
        documents = [f"article-{number:04}-{at // CLAIMS:05}" for at in range(len(contents))]
        start = np.arange(len(contents)) % CLAIMS * 1000
        about = {"document_id": documents, "start": start, "end": start + 500, "content_text": contents}
        frame = pl.DataFrame(about | {"stance": "asserts", "quote": "direct", "source_text": "a clerk of the town"})
        keys = pl.format("{}#{}", "document_id", "start")
        nothing = pl.lit(None, pl.String)
        yield frame.with_columns(claim_id=keys, source_entity_id=nothing, duplicate_of=nothing).select(COLUMNS)


def _contents(rng: np.random.Generator, count: int, said: deque[str]) -> Iterator[str]:
    """Yield contents; their words are as frequent as those of a language."""
    sizes = rng.integers(4, 41, size=count)
    words = iter((VOCABULARY ** rng.random(sizes.sum())).astype(int).tolist())
    for size, chance in zip(sizes.tolist(), rng.random(count).tolist(), strict=True):
        content = " ".join([f"word{word}" for word in islice(words, size)])
        if said and chance < REPEATED:
            content = said[int(rng.integers(len(said)))]
            content = content if chance > CUT else " ".join(content.split()[: len(content.split()) * 2 // 3])
        said.append(content)
        yield content


# --- the steps --------------------------------------------------------------------------------------------------------


def _linked(frames: Iterable[pl.DataFrame], count: int, scratch: Path) -> Sequence[Any]:
    with Linking(scratch, buckets=ids.bucket_count(count)) as linking:
        for frame in frames:
            linking.add(frame)
        return [one for frame in linking.row_groups(load_schemas()) for one in frame["link_id"]]


STEPS: Final[Mapping[str, tuple[Callable[[int], Iterator[Any]], Callable[[Iterator[Any], int, Path], Any]]]] = {
    "entities": (extractions, lambda given, _, scratch: resolve(given, (), scratch).entities),
    "copies": (sketches, lambda given, count, scratch: copies(given, scratch, buckets=ids.bucket_count(count))),
    "derived": (attributed, lambda given, count, scratch: derived(given, scratch, buckets=ids.bucket_count(count))),
    "links": (claims, _linked),
}


@dataclass(slots=True)
class _Timed(Iterator[T]):
    """What a step is given, and the CPU seconds that reading it took."""

    given: Iterator[T]
    seconds: float = 0.0

    def __next__(self) -> T:
        started = time.process_time()
        try:
            return next(self.given)
        finally:
            self.seconds += time.process_time() - started


def _write(step: str, count: int, path: Path) -> None:
    """Make what a step is given, and write it one after another."""
    with path.open("wb") as file:
        for one in STEPS[step][0](count):
            pickle.dump(one, file)


def _read(path: Path) -> Iterator[Any]:
    with path.open("rb") as file, suppress(EOFError):
        while True:
            yield pickle.load(file)


def measured(step: str, count: int, path: Path) -> tuple[float, float, int]:
    """Return CPU seconds, growth of the peak memory in MiB, and how many were found."""
    given = _read(path)
    first = next(given)
    timed = _Timed(given)
    before, started = _memory("VmRSS"), time.process_time()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is from here on
    found = len(STEPS[step][1](chain([first], timed), count, path.parent))
    return time.process_time() - started - timed.seconds, _memory("VmHWM") - before, found


def _memory(what: str) -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what))
    return int(line.split()[1]) / 1024


def _alone(step: str, count: int) -> tuple[float, float, int]:
    """Make the articles in one process, and measure the step in another."""
    with tempfile.TemporaryDirectory() as folder, get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        path = Path(folder) / "given"
        pool.apply(_write, (step, count, path))
        return pool.apply(measured, (step, count, path))


def main() -> None:
    """Measure each step at each size."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("articles", nargs="*", type=int, default=[2500, 5000])
    options.add_argument("--step", choices=STEPS, help="one step alone")
    given = options.parse_args()
    for step in [given.step] if given.step else STEPS:
        for count in given.articles:
            seconds, memory, found = _alone(step, count)
            each = f"{1e3 * seconds / count:.2f} ms, {1024 * memory / count:.1f} KiB an article"
            print(f"{step:<9}{count:>9} articles{seconds:>8.1f} CPU s{memory:>7.0f} MiB  ({each}){found:>9} found")


if __name__ == "__main__":
    main()
