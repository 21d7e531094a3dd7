"""What it costs to judge a pull request: one article changed among many, against the build of all of them.

    python benchmarks/contributions.py [--articles 2000] [--claims rules] [--runs 3]

A dataset of invented short articles is committed and built once. Then one article is edited, anew for every run, and
`review` judges it in a process of its own: warm with what the build remembers, cold without it. Charged are wall time
and the CPU time of the whole tree of processes, workers included. What a process needs that only imports and loads the
models is measured by itself and taken off, once from the reviews and once from the build.

Short articles make the build cheap and so the ratio bad; real ones are ten times as long.
"""

# ruff: noqa: SIM905 - lists of words are read more easily as words

from __future__ import annotations

import argparse
import ctypes
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SUBREAPER = 36  # prctl: children of children that died become ours, and so does what they cost

BUILD = """
import sys
from pathlib import Path
from broadsheet.engines import EngineChoice
from broadsheet.extraction import Settings
from broadsheet.workflows.build import build
made = build(Path(sys.argv[1]), settings=Settings(sys.argv[2]), engine=EngineChoice(workers=2))
assert made.documents == int(sys.argv[3]) and not made.quarantined, made
print(" ".join(f"{rows:,} {name}," for name, rows in made.rows.items()).rstrip(","))
"""
REVIEW = """
import sys
from pathlib import Path
from broadsheet.workflows.changes import review
from broadsheet.workflows.snapshots import FEW
from broadsheet.engines import EngineChoice
from broadsheet.extraction import Settings
found = review(Path(sys.argv[1]), "main", settings=Settings(sys.argv[2]))
assert found.is_whole is (sys.argv[3] == "warm" or found.of <= FEW), found
assert all(f.severity == "info" for f in found.findings), found.findings
print(f"{len(found.judged)} of {found.of} articles judged, {len(found.findings)} findings")
"""
LOAD = """
import sys
import broadsheet.workflows.changes
from broadsheet import extraction
from broadsheet.model import Raw
from broadsheet.project import Limits
from broadsheet import texts
models = extraction.Models.load(extraction.Settings(claims=sys.argv[2]))
words = b"A ferry\\n\\nThe ferry will wait, Mayor Tomas Reyes said on Monday.\\n"
extraction.extract(texts.normalise(Raw("seeds/a.txt", words, "0" * 64, "text/plain"), limits=Limits()), models)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds: of the clock, and of CPU over all processes."""

    wall: float
    cpu: float
    said: str = ""

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.wall - other.wall, self.cpu - other.cpu, self.said)


# --- articles ---------------------------------------------------------------------------------------------------------

SOUNDS = (
    "ba be bor da del dan fa fen gar gri ha hol ka kel lan lo mar mi nor o pel ra ros sa sten ta tor va vel wi".split()
)
ADJECTIVES = (
    "old new narrow disused northern southern public private wooden flooded frozen famous costly empty crowded hidden "
    "broken planned promised rented borrowed licensed unsafe popular quiet second last first western painted"
).split()
NOUNS = (
    "bridge mill harbour school library tunnel market archive station hospital canal quarry theatre depot museum ferry "
    "airfield reservoir prison brewery orchard courthouse lighthouse tannery vineyard barracks dam nursery pier chapel"
).split()
VERBS = (
    "closed opened sold repaired searched guarded emptied rebuilt measured moved painted leased flooded insured "
    "inspected demolished renamed photographed fenced cleaned heated extended abandoned bought promised surveyed"
).split()
TIMES = (
    "before the winter|after the vote|within a year|by the autumn|during the strike|since the storm|at night|"
    "without a permit|for the third time|under the old law|next spring|against his advice|in a hurry|at great cost"
).split("|")
OFFICES = "council|harbour board|fire brigade|ministry of transport|water company|union|health office|police".split("|")
TITLES = "Mayor|Minister|Captain|Professor|Judge|Deputy Mayor|Colonel|Director".split("|")
DAYS = "Monday Tuesday Wednesday Thursday Friday".split()
SENTENCES = (
    "The {adjective} {noun} in {place} will be {verb} {time}, {title} {person} said on {day}.",
    "“We never {verb} the {adjective} {noun} of {place},” said {person}, who speaks for the {office}.",
    "{surname} denied that any {adjective} {noun} had been {verb} {time}.",
    "According to the {office} of {place}, {number} people {verb} the {noun} {time}.",
    "{person} told reporters that a {adjective} {noun} would be {verb}, not {other}.",
    "The {office} declined to comment on the {adjective} {noun} near {place}.",
    "In {place}, the {noun} was {verb} {time} and the {adjective} {thing} {other}.",
    "{title} {person} believes that the {noun} of {place} was {verb} {time}.",
)


def article(number: int) -> str:
    """Return an invented article of some 130 words, always the same for a number."""
    rng = random.Random(f"contributed-{number}")

    def word(count: int) -> str:
        return "".join(rng.choices(SOUNDS, k=count)).title()

    def sentence(form: str) -> str:
        return form.format(
            adjective=rng.choice(ADJECTIVES),
            noun=rng.choice(NOUNS),
            thing=rng.choice(NOUNS),
            verb=rng.choice(VERBS),
            other=rng.choice(VERBS),
            time=rng.choice(TIMES),
            place=places[rng.random() < 0.3],
            person=people[rng.random() < 0.4],
            surname=people[0].split()[1],
            title=rng.choice(TITLES),
            office=rng.choice(OFFICES),
            day=rng.choice(DAYS),
            number=rng.randint(3, 900),
        )

    places, people = [word(2), word(2)], [f"{word(2)} {word(2)}", f"{word(2)} {word(2)}"]
    head = sentence("{place}: {adjective} {noun} {verb} {time}")
    body = [sentence(form) for form in rng.sample(SENTENCES, len(SENTENCES))]
    return "\n\n".join([head, " ".join(body[:3]), " ".join(body[3:6]), " ".join(body[6:])]) + "\n"


def dataset(folder: Path, count: int) -> None:
    """Write and commit a dataset of so many articles."""
    (folder / "seeds").mkdir(parents=True)
    for number in range(count):
        (folder / "seeds" / f"article-{number:05d}.txt").write_text(article(number), encoding="utf-8")
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    about = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    about["broadsheet"] = {}  # how many rows are expected is another dataset's affair
    (folder / "datapackage.json").write_text(json.dumps(about), encoding="utf-8")
    (folder / ".gitignore").write_text("build/\n.broadsheet/\n", encoding="utf-8")
    who = {f"GIT_{role}_{what}": "nobody@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for words in ("init --quiet --initial-branch main", "add --all", "commit --quiet --message built"):
        environment = os.environ | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", *words.split()], cwd=folder, env=environment, check=True)


# --- measuring --------------------------------------------------------------------------------------------------------


def run(program: str, *words: str) -> Cost:
    """Run a program in a process of its own, and count all that it starts."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-c", program, *words], stdout=subprocess.PIPE, text=True, check=True)
    wall = time.perf_counter() - began
    try:
        while True:  # what outlived it: the server of its workers
            os.wait()
    except ChildProcessError:
        pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, done.stdout.strip())


def middle(costs: list[Cost]) -> Cost:
    """Return the medians."""
    walls, cpus = sorted(c.wall for c in costs), sorted(c.cpu for c in costs)
    return Cost(walls[len(walls) // 2], cpus[len(cpus) // 2], costs[-1].said)


def reviewed(folder: Path, claims: str, state: str, runs: int) -> Cost:
    """Change one article anew for every run, and judge the change."""
    costs = []
    for number in range(runs):
        path = folder / "seeds" / "article-00001.txt"
        words = f"The {state} mill number {number} will be sold in the spring, Captain Lena Holt said on Sunday."
        path.write_text(f"{article(1)}\n{words}\n", encoding="utf-8")
        if state == "cold":
            shutil.rmtree(folder / ".broadsheet", ignore_errors=True)
        costs.append(run(REVIEW, str(folder), claims, state))
    return middle(costs)


def main() -> None:
    """Build once, review warm and cold, and print both against the build."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--articles", type=int, default=2_000)
    asked.add_argument("--claims", choices=("model", "rules"), default="model")
    asked.add_argument("--runs", type=int, default=3)
    given = asked.parse_args()
    ctypes.CDLL(None).prctl(SUBREAPER, 1)
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / "dataset"
        dataset(folder, given.articles)
        load = middle([run(LOAD, "", given.claims) for _ in range(given.runs)])
        built = run(BUILD, str(folder), given.claims, str(given.articles))
        found = {state: reviewed(folder, given.claims, state, given.runs) for state in ("warm", "cold")}
    print(f"{given.articles:,} articles, claims by {given.claims}: {built.said}")
    print(f"{'loading':<8} {load.wall:7.2f} s wall  {load.cpu:8.2f} CPU s   taken off below, once a run")
    for name, cost in {"build": built, **found}.items():
        rest = cost - load
        ratio = rest.cpu / (built - load).cpu
        print(f"{name:<8} {rest.wall:7.2f} s wall  {rest.cpu:8.2f} CPU s   {ratio:8.2%} of the build   {cost.said}")


if __name__ == "__main__":
    main()
