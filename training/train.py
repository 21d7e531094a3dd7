"""Make the reader's weights, or its teacher's, from a pinned base encoder and a corpus in brat form.

    python training/train.py --corpus DIR --out FILE.safetensors [--base mpnet] [--said SAID.npz [--texts FOLDER]]

DIR holds `train/` and `dev/`, each with `text/` and `attributions/`. FILE gets the averaged weights, and FILE.json (the
suffix replaced) what they came from: seeds, thread count, versions, digests, and the scores on dev after every epoch.
With `--said`, the tags are learned from what a teacher said of each word, too (`teacher.py`), also of plain texts
without annotations. The same thread count on the same kind of processor gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import platform
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from bases import BASES, VOCABULARY, Base
from corpus import IGNORED, Article, Targets, articles, encoded, no_targets, targets, texts, windows
from metrics import Tally, score
from network import Network, Noise, Outputs
from safetensors.torch import load_file, save_file
from teacher import Floats, Said
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from broadsheet.extraction.claims.model_reader import WINDOW, Scores, Window, Word, decode, tokenizer_from
from broadsheet.model import Attribution

MASK = 103  # [MASK]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is made with.

    Rates are shares of one; `average` is the weight of the past in each step's average. The rate falls as if `epochs`
    were run, but the run ends after `last`; what is kept is the mean of the averages of the last `kept` epochs. Where a
    teacher said something, `taught` is the share of the tags' loss that compares with it, both sides at the temperature
    `heat` (Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015).
    """

    seed: int = 20
    threads: int = 2
    epochs: int = 6
    last: int = 5
    kept: int = 2
    batch: int = 16
    encoder_rate: float = 2.5e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    warm_up: float = 0.06
    masked: float = 0.08
    dropped: float = 0.1
    arcs: float = 0.15
    average: float = 0.99
    moving_cuts: bool = True
    o_bias: float = 0.0
    taught: float = 0.7
    heat: float = 2.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of one length after padding, all B×S."""

    ids: Tensor
    forms: Tensor
    mask: Tensor
    tags: Tensor
    to_source: Tensor
    to_cue: Tensor
    said: Tensor  # B×S×7, NaN where a teacher said nothing


def digest(path: Path) -> str:
    """Return the sha256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def corpus_digest(folder: Path) -> str:
    """Return the sha256 over names and bytes of all files of a split, in order of their names."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


_Example = tuple[Window, Targets, Floats]


def stacked(examples: list[_Example], masked: float, random: np.random.Generator) -> Batch:
    """Pad windows to one length and hide a share of the pieces."""
    size = max(len(window.ids) for window, _, _ in examples)

    def padded(rows: list[Any], fill: float) -> Tensor:
        full = np.full((len(rows), size, *rows[0].shape[1:]), fill, rows[0].dtype)
        for i, row in enumerate(rows):
            full[i, : len(row)] = row
        return torch.from_numpy(full)

    ids = padded([w.ids for w, _, _ in examples], 0)
    mask = padded([np.ones(len(w.ids), np.int64) for w, _, _ in examples], 0).bool()
    hidden = torch.from_numpy(random.random(ids.shape) < masked) & mask & (ids != 101) & (ids != 102)
    return Batch(
        ids.masked_fill(hidden, MASK),
        padded([w.forms for w, _, _ in examples], 0),
        mask,
        padded([t.tags for _, t, _ in examples], IGNORED),
        padded([t.to_source for _, t, _ in examples], IGNORED),
        padded([t.to_cue for _, t, _ in examples], IGNORED),
        padded([said for _, _, said in examples], np.nan),
    )


def epoch_batches(
    corpus: list[tuple[Article, list[list[Word]]]],
    said: Said,
    tokenizer: Tokenizer,
    settings: Settings,
    random: np.random.Generator,
) -> Iterator[Batch]:
    """Yield one pass over the corpus: cuts moved, one annotator drawn an article, like lengths together."""
    examples: list[_Example] = []
    for article, blocks in corpus:
        drawn = article.readings and article.readings[int(random.integers(len(article.readings)))]
        room = int(random.integers(WINDOW // 4, WINDOW + 1)) if settings.moving_cuts else WINDOW
        for window in windows(blocks, tokenizer, room):
            wanted = targets(window, drawn) if article.readings else no_targets(window)
            examples.append((window, wanted, said.of(article, window)))
    order = random.permutation(len(examples))
    # A stable sort by rough length inside big pools: little padding, and still another order every epoch.
    pool = 16 * settings.batch
    pools = [sorted(order[i : i + pool], key=lambda n: len(examples[n][0].ids)) for i in range(0, len(order), pool)]
    groups = [p[i : i + settings.batch] for p in pools for i in range(0, len(p), settings.batch)]
    for number in random.permutation(len(groups)):
        yield stacked([examples[n] for n in groups[number]], settings.masked, random)


def loss_of(outputs: Outputs, batch: Batch, settings: Settings) -> Tensor:
    """Return the loss of the tags, a part of it against the teacher, plus a share of that of each kind of arc."""
    heard = ~batch.said[..., 0].isnan()
    taught = settings.taught if heard.any() else 0.0
    parts = [
        (1 - taught, outputs.tags, batch.tags),
        (settings.arcs, outputs.to_source, batch.to_source),
        (settings.arcs, outputs.to_cue, batch.to_cue),
    ]
    known = ((share, scores[target != IGNORED], target[target != IGNORED]) for share, scores, target in parts)
    total = sum((share * functional.cross_entropy(*pair) for share, *pair in known if len(pair[1])), torch.zeros(()))
    if taught:
        total = total + taught * _distance(outputs.tags[heard], batch.said[heard], settings.heat)
    return total


def _distance(scores: Tensor, said: Tensor, heat: float) -> Tensor:
    """Return how far scores are from what a teacher said (N×7 each): the Kullback-Leibler divergence a word."""
    own, wanted = (functional.log_softmax(one / heat, -1) for one in (scores, said))
    return functional.kl_div(own, wanted, log_target=True, reduction="batchmean") * heat**2


def optimizer_of(network: Network, settings: Settings) -> torch.optim.AdamW:
    """Return AdamW with a rate for the encoder and one for what is new; no decay on biases and norms."""
    groups: dict[tuple[bool, bool], list[Tensor]] = {}
    for name, parameter in network.named_parameters():
        groups.setdefault((name.startswith(("tag", "arc", "forms")), parameter.dim() > 1), []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": own,
                "lr": settings.head_rate if new else settings.encoder_rate,
                "weight_decay": settings.decay if matrix else 0.0,
            }
            for (new, matrix), own in groups.items()
        ],
        fused=True,
    )


def read_window(network: Network, window: Window, o_bias: float) -> Scores:
    """Score one window in fp32."""
    with torch.inference_mode():
        ids, forms = (torch.from_numpy(row)[None] for row in (window.ids, window.forms))
        out = network(ids, forms, torch.ones_like(ids, dtype=torch.bool))
    tags = out.tags[0].numpy().copy()
    tags[:, 0] -= o_bias
    states = np.empty((len(tags), 0), np.float32)  # decoding does not look at them
    return Scores(tags, out.to_source[0].numpy(), out.to_cue[0].numpy(), states)


def evaluate(network: Network, corpus: list[Article], tokenizer: Tokenizer, o_bias: float) -> dict[str, float]:
    """Return the scores against the first annotator of each article."""
    tally = Tally()
    for article in corpus:
        found: list[Attribution] = []
        for window in windows(encoded(article, tokenizer), tokenizer):
            read = decode(window, read_window(network, window, o_bias))
            found.extend(attribution for attribution in read if attribution.content)  # a cue alone is no claim
        score(article.text, article.readings[0], found, tally)
    return tally.table()


class Average:
    """The running average of the weights, which is what is kept; its memory grows up to `share`."""

    def __init__(self, network: Network, share: float) -> None:
        self.share = share
        self.steps = 0
        self.network = Network(network.shape)
        self.network.load_state_dict(network.state_dict())
        self.network.requires_grad_(False)

    def update(self, network: Network) -> None:
        """Take one step's weights in."""
        self.steps += 1
        share = min(self.share, (1 + self.steps) / (10 + self.steps))
        own, new = ([p.detach() for p in net.parameters()] for net in (self.network, network))
        torch._foreach_lerp_(own, new, 1 - share)


def rate_at(step: int, total: int, warm_up: float) -> float:
    """Return the share of the full rate: linear up, then linear down to zero."""
    rise = max(1, math.ceil(warm_up * total))
    return min((step + 1) / rise, max(0.0, (total - step) / (total - rise)))


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learned from: a corpus, what a teacher said of it, and plain texts of which only that is known."""

    folder: Path
    said: Path | None = None
    texts: Path | None = None


def fit(network: Network, lessons: Lessons, out: Path, settings: Settings) -> list[dict[str, float]]:
    """Train; after every epoch score the average on dev, and write the mean of the last few; return the scores."""
    tokenizer, said = tokenizer_from(VOCABULARY), Said.load(lessons.said)
    read = [*articles(lessons.folder / "train"), *texts(lessons.texts)]
    corpus = [(article, encoded(article, tokenizer)) for article in read]
    dev = articles(lessons.folder / "dev")
    random = np.random.Generator(np.random.SFC64(settings.seed))
    noise = Noise(settings.dropped, random) if settings.dropped else None
    optimizer, average, log = optimizer_of(network, settings), Average(network, settings.average), []
    total = settings.epochs * sum(1 for _ in epoch_batches(corpus, said, tokenizer, settings, random))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: rate_at(s, total, settings.warm_up))
    kept: deque[dict[str, Tensor]] = deque(maxlen=settings.kept)
    for epoch in range(1, min(settings.last, settings.epochs) + 1):
        began, losses = time.monotonic(), []
        for batch in epoch_batches(corpus, said, tokenizer, settings, random):
            with torch.autocast("cpu", torch.bfloat16):
                outputs = network(batch.ids, batch.forms, batch.mask, noise)
            loss = loss_of(outputs, batch, settings)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            average.update(network)
            losses.append(loss.item())
        scores = evaluate(average.network, dev, tokenizer, settings.o_bias)
        kept.append({name: value.clone() for name, value in average.network.state_dict().items()})
        save_file({name: torch.stack([state[name] for state in kept]).mean(0) for name in kept[0]}, out)
        log.append({"epoch": epoch, "loss": round(float(np.mean(losses)), 5), **scores})
        print(json.dumps({**log[-1], "seconds": round(time.monotonic() - began)}), flush=True)
    return log


def record(base: Base, lessons: Lessons, out: Path, settings: Settings, log: list[dict[str, float]]) -> dict[str, Any]:
    """Return what the weights came from."""
    taught = {"said_sha256": digest(lessons.said)} if lessons.said else {}
    more = {"texts": corpus_digest(lessons.texts)} if lessons.texts else {}
    return {
        "settings": asdict(settings),
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "base": {"package": base.package, "sha256": base.sha256},
        "corpus": {split: corpus_digest(lessons.folder / split) for split in ("train", "dev")} | more,
        **taught,
        "weights_sha256": digest(out),
        "dev": log,
    }


def main() -> None:
    """Parse the command line, train, and write weights and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", choices=BASES, default="minilm")
    parser.add_argument("--said", type=Path, help="what a teacher said of the corpus, from teacher.py")
    parser.add_argument("--texts", type=Path, help="plain texts of which the teacher said something, too")
    parser.add_argument("--start", type=Path, help="weights of an earlier run to go on from, with a new warm-up")
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="change a setting (JSON values)")
    given = parser.parse_args()
    settings = Settings(**{name: json.loads(value) for name, value in (pair.split("=") for pair in given.set)})
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    base, lessons = BASES[given.base], Lessons(given.corpus, given.said, given.texts)
    network = base.network()
    if given.start:
        network.load_state_dict(load_file(given.start))
    log = fit(network, lessons, given.out, settings)
    facts = record(base, lessons, given.out, settings, log)
    if given.start:
        facts["start"] = json.loads(given.start.with_suffix(".json").read_text(encoding="utf-8"))
    given.out.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
