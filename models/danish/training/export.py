"""A tagger written as an ONNX model with 8-bit weights.

The graph uses onnxruntime's own operators for what torch has as one step too (Attention, BiasGelu), but not for the
normalisation: of that it goes through the numbers one by one, and sums as products of matrices are three times as fast.
Matrices are quantised by column, activations at run time; the embeddings by row.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from models.danish.tags import PARTS, PLACE, TAGS
from models.danish.training.encoder import Tagger

MICROSOFT = "com.microsoft"
OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
IR_VERSION = 10
SHARES = "shares"  # a column that makes the mean of a row


class Graph:
    """Nodes and weights in the making."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, array: NDArray[Any]) -> str:
        """Keep a constant; gives back its name."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **options: object) -> str:
        """Add an operation; gives back the name of its output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **options))
        return output

    def norm(self, states: str, scale: tuple[str, str], output: str, epsilon: float) -> str:
        """Add what makes each row's mean 0 and its variance 1, then scales it by weights and moves it by a bias."""
        mean = self.node("MatMul", [states, SHARES], f"{output}_mean")
        apart = self.node("Sub", [states, mean], f"{output}_apart")
        squares = self.node("Mul", [apart, apart], f"{output}_squares")
        variance = self.node("MatMul", [squares, SHARES], f"{output}_variance")
        safe = self.node(
            "Add", [variance, self.weight(f"{output}_epsilon", np.array([epsilon], np.float32))], f"{output}_safe"
        )
        deviation = self.node("Sqrt", [safe], f"{output}_deviation")
        inverse = self.node("Reciprocal", [deviation], f"{output}_inverse")
        even = self.node("Mul", [apart, inverse], f"{output}_even")
        scaled = self.node("Mul", [even, scale[0]], f"{output}_scaled")
        return self.node("Add", [scaled, scale[1]], output)


def write_onnx(tagger: Tagger, path: Path, *, quantised: bool = True) -> None:
    """Inputs `ids`, `seen` (batch, pieces), int64 and int32; output `scores` (batch, pieces, tags, parts and place), of
    tags and parts log probabilities."""
    model = _model(tagger)
    if not quantised:
        onnx.save(model, path)
        return
    whole = path.with_suffix(".whole.onnx")
    onnx.save(model, whole)
    quantize_dynamic(
        whole,
        path,
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=[node.name for node in model.graph.node if SHARES in node.input],
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )
    whole.unlink()


def _model(tagger: Tagger) -> onnx.ModelProto:
    weights = {name: tensor.detach().numpy() for name, tensor in tagger.state_dict().items()}
    graph, width = Graph(), tagger.shape.width
    graph.weight(SHARES, np.full((width, 1), 1 / width, np.float32))
    states = _embedded(graph, weights, tagger.shape.epsilon)
    for at in range(tagger.shape.layers):
        layer = {name.split(".", 2)[2]: array for name, array in weights.items() if name.startswith(f"layers.{at}.")}
        states = _layer(graph, states, f"layer{at}", layer, tagger)
    told = graph.node("MatMul", [states, graph.weight("head", weights["head.weight"].T)], "told")
    raw = graph.node("Add", [told, graph.weight("head_bias", weights["head.bias"])], "raw")
    sizes = graph.weight("sizes", np.array([len(TAGS), len(PARTS), PLACE]))
    graph.nodes.append(
        helper.make_node("Split", [raw, sizes], ["raw_tags", "raw_parts", "place"], name="split", axis=-1)
    )
    both = [graph.node("LogSoftmax", [f"raw_{what}"], what, axis=-1) for what in ("tags", "parts")]
    graph.node("Concat", [*both, "place"], "scores", axis=-1)
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "pieces"]),
        helper.make_tensor_value_info("seen", TensorProto.INT32, ["batch", "pieces"]),
    ]
    output = helper.make_tensor_value_info(
        "scores", TensorProto.FLOAT, ["batch", "pieces", len(TAGS) + len(PARTS) + PLACE]
    )
    made = helper.make_graph(graph.nodes, "tagger", inputs, [output], graph.weights)
    return helper.make_model(made, opset_imports=OPSETS, ir_version=IR_VERSION, producer_name="samspil")


def _embedded(graph: Graph, weights: dict[str, NDArray[Any]], epsilon: float) -> str:
    words, positions = weights["words.weight"], weights["positions.weight"]
    scales = np.abs(words).max(axis=1, keepdims=True) / 127
    scales[scales == 0] = 1
    table = graph.weight("words", np.round(words / scales).astype(np.int8))
    taken = graph.node("Gather", [table, "ids"], "word_bytes")
    whole = graph.node("Cast", [taken], "word_floats", to=TensorProto.FLOAT)
    scale = graph.node("Gather", [graph.weight("word_scales", scales.astype(np.float32)), "ids"], "scale")
    told = graph.node("Mul", [whole, scale], "word_states")
    length = graph.node("Shape", ["ids"], "length", start=1, end=2)
    first, axis = graph.weight("zero", np.array([0])), graph.weight("axis", np.array([0]))
    places = graph.node("Slice", [graph.weight("positions", positions), first, length, axis], "places")
    both = graph.node("Add", [told, places], "embedded")
    norm = graph.weight("norm", weights["norm.weight"]), graph.weight("norm_bias", weights["norm.bias"])
    return graph.norm(both, norm, "states", epsilon)


def _layer(graph: Graph, states: str, name: str, layer: dict[str, NDArray[Any]], tagger: Tagger) -> str:
    def kept(what: str, array: NDArray[Any]) -> str:
        return graph.weight(f"{name}_{what}", array)

    def normed(told: str, skipped: str, norm: str, bias: str, output: str) -> str:
        parts = kept(f"{norm}_weight", layer[f"{norm}.weight"]), kept(f"{norm}_bias", layer[f"{norm}.bias"])
        whole = graph.node("Add", [told, kept(f"{bias}_bias", layer[f"{bias}.bias"])], f"{told}_whole")
        both = graph.node("Add", [whole, skipped], f"{name}_{output}_both")
        return graph.norm(both, parts, f"{name}_{output}", tagger.shape.epsilon)

    joint = np.concatenate([layer[f"{part}.weight"].T for part in "qkv"], axis=1)
    biases = np.concatenate([layer[f"{part}.bias"] for part in "qkv"])
    inputs = [states, kept("qkv", joint), kept("qkv_bias", biases), "seen"]
    mixed = graph.node("Attention", inputs, f"{name}_mixed", MICROSOFT, num_heads=tagger.shape.heads)
    told = graph.node("MatMul", [mixed, kept("ao", layer["ao.weight"].T)], f"{name}_told")
    states = normed(told, states, "aln", "ao", "attended")
    wide = graph.node("MatMul", [states, kept("fi", layer["fi.weight"].T)], f"{name}_wide")
    bent = graph.node("BiasGelu", [wide, kept("fi_bias", layer["fi.bias"])], f"{name}_bent", MICROSOFT)
    narrow = graph.node("MatMul", [bent, kept("fo", layer["fo.weight"].T)], f"{name}_narrow")
    return normed(narrow, states, "oln", "fo", "out")
