"""An exported tagger as the base of a smaller one: its pieces, and its weights as far as 8 bits kept them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from models.danish.pieces import load_pieces
from models.danish.training.base import MATRICES, NORMS, Base, Floats, Shape

ATTENTION = ("q", "k", "v")
"""Held in one matrix, in this order."""


def read_teacher(folder: Path) -> Base:
    """From an artefact's folder, what `write_onnx` wrote."""
    graph = onnx.load(folder / "tagger.onnx").graph
    arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    attention = [node for node in graph.node if node.op_type in ("Attention", "QAttention")]
    words = arrays["words"].astype(np.float32) * arrays["word_scales"]
    weights = {"words": words, "positions": arrays["positions"]}
    weights |= {"norm.weight": arrays["norm"], "norm.bias": arrays["norm_bias"]}
    weights |= {"head.weight": _whole(arrays, "head").T, "head.bias": arrays["head_bias"]}
    for at in range(len(attention)):
        weights |= _layer(arrays, f"layer{at}", f"layers.{at}")
    shape = Shape(
        width=words.shape[1],
        layers=len(attention),
        heads=int(_attribute(attention[0], "num_heads").i),
        inner=len(weights["layers.0.fi.bias"]),
        vocabulary=len(words),
        positions=len(arrays["positions"]),
        epsilon=float(arrays["states_epsilon"][0]),
    )
    pieces, scores = zip(*load_pieces(folder / "pieces.json").vocabulary, strict=True)
    return Base(shape, pieces, scores, {name: np.array(array, np.float32) for name, array in weights.items()})


def _attribute(node: onnx.NodeProto, name: str) -> onnx.AttributeProto:
    return next(one for one in node.attribute if one.name == name)


def _layer(arrays: dict[str, NDArray[Any]], written: str, name: str) -> dict[str, Floats]:
    joint = np.split(_whole(arrays, f"{written}_qkv").T, len(ATTENTION))
    biases = np.split(arrays[f"{written}_qkv_bias"], len(ATTENTION))
    told: dict[str, Floats] = {}
    for part, weight, bias in zip(ATTENTION, joint, biases, strict=True):
        told |= {f"{name}.{part}.weight": weight, f"{name}.{part}.bias": bias}
    for part in MATRICES[len(ATTENTION) :]:
        told[f"{name}.{part}.weight"] = _whole(arrays, f"{written}_{part}").T
        told[f"{name}.{part}.bias"] = arrays[f"{written}_{part}_bias"]
    for part in NORMS:
        told[f"{name}.{part}.weight"] = arrays[f"{written}_{part}_weight"]
        told[f"{name}.{part}.bias"] = arrays[f"{written}_{part}_bias"]
    return told


def _whole(arrays: dict[str, NDArray[Any]], name: str) -> Floats:
    """A matrix (in, out), quantised by column or not at all."""
    if name in arrays:
        return np.asarray(arrays[name], np.float32)
    return np.asarray(arrays[f"{name}_quantized"].astype(np.float32) * arrays[f"{name}_scale"])
