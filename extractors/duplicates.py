"""Near-duplicate documents: texts that copy each other are one witness, not two.

MinHash over shingles of words (Broder 1997) estimates the Jaccard similarity of two texts, locality-sensitive hashing
finds the pairs worth comparing (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, chapter 3).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
from rensa import RMinHash  # type: ignore[import-untyped, unused-ignore]

from models.errors import SamspilError

SHINGLE = 5
"""Words of a shingle."""
PERMUTATIONS = 128
THRESHOLD = 0.8
"""Jaccard similarity, as estimated, from which two texts are one; the standard error of an estimate is .035 there."""
SHORT = 30
"""Words; shorter documents are one only where they are equal."""
BANDS, ROWS = 21, 6
"""Of the permutations, for the search: a pair of similarity .8 is found with probability .998, one of .5 compared in
28 of 100 cases."""

VERSION = f"1.{RMinHash.ALGORITHM_VERSION}"
"""Changes whenever signatures are no longer comparable with earlier ones: make them anew."""

_SEED = 2011
_EXACT = 16  # bytes of the digest
_MIN = np.dtype("<u4")
_WORD = re.compile(r"\w+")


class SignatureError(SamspilError):
    """A signature that this version did not make."""


def signature(text: str) -> bytes:
    """The signature of a repaired text, to be stored: a digest of its words, and their MinHash where it is not SHORT.

    Case, punctuation and blanks do not count. 16 or 528 bytes.
    """
    words = _WORD.findall(text.casefold())
    exact = hashlib.sha256(" ".join(words).encode()).digest()[:_EXACT]
    if len(words) < SHORT:
        return exact
    sketch = RMinHash(PERMUTATIONS, _SEED)
    sketch.update([" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)])
    return exact + np.asarray(sketch.digest(), _MIN).tobytes()


def similarity(one: bytes, other: bytes) -> float:
    """The similarity of two texts as their signatures tell it, from 0 to 1. Raises SignatureError."""
    if one[:_EXACT] == other[:_EXACT]:
        return 1.0
    first, second = _sketch(one), _sketch(other)
    return 0.0 if first is None or second is None else float(np.mean(first == second))


def groups(signatures: Mapping[str, bytes]) -> Mapping[str, str]:
    """For each document the one that it is a copy of: itself, or the smallest id among those that are the witness of a
    group and similar to it. Every member is similar to its witness, so that groups do not creep along chains.

    The order of `signatures` does not matter. Raises SignatureError.
    """
    witnesses: dict[str, str] = {}
    exact: dict[bytes, str] = {}
    index = _Index(len(signatures))
    for name in sorted(signatures):
        own = signatures[name]
        sketch = _sketch(own)
        witness = exact.get(own[:_EXACT])
        if witness is None and sketch is not None:
            witness = index.first_similar(sketch)
        if witness is None:
            witness = name
            if sketch is not None:
                index.add(name, sketch)
        exact.setdefault(own[:_EXACT], witness)
        witnesses[name] = witness
    return witnesses


class _Index:
    """The sketches of witnesses, in the order of their ids, found by bands."""

    def __init__(self, most: int) -> None:
        self._names: list[str] = []
        self._sketches = np.empty((most, PERMUTATIONS), _MIN)
        self._buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)

    def add(self, name: str, sketch: npt.NDArray[np.uint32]) -> None:
        at = len(self._names)
        self._names.append(name)
        self._sketches[at] = sketch
        for band in _bands(sketch):
            self._buckets[band].append(at)

    def first_similar(self, sketch: npt.NDArray[np.uint32]) -> str | None:
        met = sorted({at for band in _bands(sketch) for at in self._buckets.get(band, ())})
        if not met:
            return None
        similar = np.flatnonzero(np.mean(self._sketches[met] == sketch, axis=1) >= THRESHOLD)
        return self._names[met[similar[0]]] if similar.size else None


def _bands(sketch: npt.NDArray[np.uint32]) -> Iterator[tuple[int, bytes]]:
    data, width = sketch.tobytes(), ROWS * _MIN.itemsize
    for band in range(BANDS):
        yield band, data[band * width : (band + 1) * width]


def _sketch(own: bytes) -> npt.NDArray[np.uint32] | None:
    """The MinHash in a signature; None of a short text."""
    if len(own) == _EXACT:
        return None
    if len(own) != _EXACT + PERMUTATIONS * _MIN.itemsize:
        raise SignatureError(f"a signature of {len(own)} bytes: not made by version {VERSION}")
    return np.frombuffer(own, _MIN, offset=_EXACT)
