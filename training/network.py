"""The network as it is trained: a BERT encoder (MiniLM-L6) with word forms added, a tag layer and two arc layers.

Units: a batch is B windows of S pieces. The same arithmetic is written as an ONNX graph in `export.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

LAYERS: Final = 6
WIDTH: Final = 384
HEADS: Final = 12
INNER: Final = 1536
PIECES: Final = 30522
POSITIONS: Final = 512
FORMS: Final = 8
ARC: Final = 96
TAGS: Final = 7
EPSILON: Final = 1e-12


class Outputs(NamedTuple):
    """Scores of a batch: tags B×S×7, arcs B×S×S (row: from, column: to)."""

    tags: Tensor
    to_source: Tensor
    to_cue: Tensor


@dataclass(slots=True)
class Noise:
    """Cheap seeded dropout: one random byte a value (torch's own costs more than the layers it serves)."""

    share: float
    random: np.random.Generator

    def __call__(self, values: Tensor) -> Tensor:
        """Set a share of the values to zero and scale the others up."""
        limit = round(256 * self.share)
        drawn = torch.frombuffer(bytearray(self.random.bytes(values.numel())), dtype=torch.uint8)
        kept = (drawn >= limit).to(values.dtype).mul_(256 / (256 - limit))
        return values * kept.view_as(values)


class Layer(nn.Module):
    """One transformer layer, normalised after each sum as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.mix = nn.Linear(WIDTH, WIDTH)
        self.mix_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.down_norm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, x: Tensor, mask: Tensor, noise: Noise | None) -> Tensor:
        """Return the next states; `mask` B×1×1×S is true at pieces, false at padding."""
        batch, size, _ = x.shape
        q, k, v = self.qkv(x).view(batch, size, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        heard = (
            functional.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(batch, size, WIDTH)
        )
        mixed = self.mix(heard)
        x = self.mix_norm(x + (noise(mixed) if noise else mixed))
        thought = self.down(functional.gelu(self.up(x)))
        out: Tensor = self.down_norm(x + (noise(thought) if noise else thought))
        return out


class Network(nn.Module):
    """Pieces and forms in, scores out."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces = nn.Embedding(PIECES, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.forms = nn.Embedding(FORMS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.tag = nn.Linear(WIDTH, TAGS)
        self.arc = nn.Linear(WIDTH, 4 * ARC)  # cue → and → source, content → and → cue
        nn.init.zeros_(self.forms.weight)

    def forward(self, ids: Tensor, forms: Tensor, mask: Tensor, noise: Noise | None = None) -> Outputs:
        """Score a batch; all three are B×S."""
        x = self.pieces(ids) + self.positions.weight[: ids.shape[1]] + self.forms(forms)
        x = self.norm(x)
        x = noise(x) if noise else x
        attended = mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, attended, noise)
        cue, source, content, told = self.arc(x).split(ARC, dim=-1)
        scale = 1 / math.sqrt(ARC)
        far = (~mask[:, None, :]).float() * -1e4
        to_source = (cue @ source.transpose(1, 2)).float() * scale + far
        to_cue = (content @ told.transpose(1, 2)).float() * scale + far
        return Outputs(self.tag(x).float(), to_source, to_cue)


def from_base(weights: Mapping[str, Tensor]) -> Network:
    """Return a network with the base encoder's weights under fresh heads (seed torch first)."""
    network = Network()
    state = network.state_dict()
    state["pieces.weight"] = weights["embeddings.word_embeddings.weight"]
    # Every piece is of type 0: its row is a constant, and goes with the positions.
    types = weights["embeddings.token_type_embeddings.weight"]
    state["positions.weight"] = weights["embeddings.position_embeddings.weight"] + types[0]
    for kind in ("weight", "bias"):
        state[f"norm.{kind}"] = weights[f"embeddings.LayerNorm.{kind}"]
        for i in range(LAYERS):
            base, own = f"encoder.layer.{i}", f"layers.{i}"
            parts = [weights[f"{base}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            state[f"{own}.qkv.{kind}"] = torch.cat(parts)
            state[f"{own}.mix.{kind}"] = weights[f"{base}.attention.output.dense.{kind}"]
            state[f"{own}.mix_norm.{kind}"] = weights[f"{base}.attention.output.LayerNorm.{kind}"]
            state[f"{own}.up.{kind}"] = weights[f"{base}.intermediate.dense.{kind}"]
            state[f"{own}.down.{kind}"] = weights[f"{base}.output.dense.{kind}"]
            state[f"{own}.down_norm.{kind}"] = weights[f"{base}.output.LayerNorm.{kind}"]
    network.load_state_dict(state)
    return network
