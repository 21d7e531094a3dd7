"""The step over all articles: who is who, which article copies which, reading what is known of each; 10,000 articles.

`python benchmarks/resolve.py [N]`. Every figure comes from a process of its own: CPU seconds, and by how much its peak
memory grew beyond what making its input took. The articles are written by rule: 26 clusters each, names drawn as names
are (few often, most once), people by full name, surname, with a middle name, in another transcription, misspelt; bodies
also by their initials; 100 sampled shingles each, and one article in fifteen copies an earlier one, cut.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from broadsheet.extraction import resolve
from broadsheet.extraction.lexicon.names import known
from broadsheet.model import Cluster, Extraction
from broadsheet.storage.cache import Cache, key
from broadsheet.storage.register import Register
from broadsheet.storage.summaries import RowCounts, Summaries, Summary, SummaryWriter, pack
from broadsheet.texts import copies

CLUSTERS, SHINGLES = (4, 48), (20, 180)  # from, to, an article
COPIED = 15  # one article in so many copies another
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


def sketches(count: int, seed: int = 1) -> dict[str, tuple[int, ...]]:
    """Return the sketches of so many articles, some of them cut copies."""
    rng = random.Random(f"sketches-{seed}")
    common = [rng.getrandbits(64) for _ in range(200)]  # what pages say everywhere
    made: list[tuple[int, ...]] = []
    for _ in range(count):
        own = {rng.getrandbits(64) for _ in range(rng.randint(*SHINGLES))} | set(rng.sample(common, 3))
        if made and rng.random() < 1 / COPIED:
            copied = rng.choice(made)
            own = set(copied[1 : 1 + int(len(copied) * rng.uniform(0.4, 1))])
        made.append((rng.getrandbits(64), *sorted(own)))
    return {f"article-{number:05d}": sketch for number, sketch in enumerate(made)}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measured(make: Callable[[int], Any], work: Callable[[Any], Any], count: int) -> tuple[float, float, int]:
    given = make(count)
    before, started = _peak(), time.process_time()
    found = work(given)
    return time.process_time() - started, _peak() - before, len(found)


def _said(count: int) -> list[Extraction]:
    return list(extractions(count))


def _entities(articles: list[Extraction]) -> Sequence[Any]:
    return resolve(articles).entities


def _enrolled(count: int) -> tempfile.TemporaryDirectory[str]:
    articles, hashes = _said(count), sketches(count)
    rows = RowCounts(20, 60, 25, 75, 40)
    writer = SummaryWriter()
    heads = [
        writer.add(Summary(key(name), f"seeds/{name}.txt", key("", name), name, rows, len(said.clusters), packed))
        for said in articles
        for name in (said.document_id,)
        for packed in (pack(said.clusters, hashes[name], ()),)
    ]
    known = Summaries(heads, lambda head: head.key)
    folder = tempfile.TemporaryDirectory()
    Cache(Path(folder.name)).write_register(Register("", "", known, resolve(articles)))
    return folder


def _read(folder: tempfile.TemporaryDirectory[str]) -> Mapping[str, Summary]:
    register = Cache(Path(folder.name)).register()
    assert register is not None
    return register.summaries


STEPS: dict[str, tuple[Callable[[int], Any], Callable[[Any], Any]]] = {
    "who is who (entities)": (_said, _entities),
    "copies": (sketches, lambda found: copies(found.items())),
    "the register (articles)": (_enrolled, _read),
}


def main() -> None:
    """Measure each step three times and print medians."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for name, (make, work) in STEPS.items():
        with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            runs = [pool.apply(_measured, (make, work, count)) for _ in range(3)]
        cpu = sorted(seconds for seconds, _, _ in runs)
        print(
            f"{name:<24} {cpu[1]:6.2f} CPU s ({cpu[0]:.2f}-{cpu[2]:.2f})  +{runs[0][1]:5.0f} MB  {runs[0][2]:6} found"
        )


if __name__ == "__main__":
    main()
