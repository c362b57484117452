"""The encoder at work: words in, the likeliest valid tags and how sure they are out; onnxruntime, no torch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.danish.pieces import BOS, EOS, PAD, Pieces, load_pieces
from models.danish.tags import PARTS, PLACE, TAGS, WITHIN_LINES, Span, best_path, spans

WINDOW = 448  # pieces; a longer sentence is read in parts
BATCH = 200  # pieces, padding included, that are read at once: as fast as more, and quantised the more finely
EXACT = "session.x64quantprecision"
"""The option by which processors without VNNI add 8-bit products without overflow, as those with it always do: DaN+ dev
.849 and not .826, for a fifth of the speed. Those with it it would make half as fast, for nothing."""

Words = Sequence[str]
Cut = list[tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """A span of words with the mean log probability of its tags."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The names of a sentence; for each word, of a name that begins there, log probabilities of its part (words, PARTS)
    and its place (words, PLACE)."""

    names: list[Found]
    parts: NDArray[np.float32]
    places: NDArray[np.float32]


class Tagger:
    """Finds the names in sentences. One for all threads."""

    def __init__(self, model: Path, pieces: Pieces, threads: int = 1) -> None:
        """`threads`: cores that one call uses."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry(EXACT, str(int(not _sums_in_32_bits())))
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._pieces = pieces

    def find(self, sentences: Sequence[Words]) -> list[list[Found]]:
        """The names of each sentence, in order."""
        return [reading.names for reading in self.read(sentences)]

    def read(self, sentences: Sequence[Words], begins: Sequence[Sequence[int]] = ()) -> list[Reading]:
        """What each sentence names, and the parts. `begins`: for each, the words that a line or a cell begins with; no
        name but a person's runs over them."""
        starts = begins or [()] * len(sentences)
        return [_reading(scores, some) for scores, some in zip(self.scores(sentences), starts, strict=True)]

    def scores(self, sentences: Sequence[Words]) -> list[NDArray[np.float32]]:
        """For each sentence an array (words, tags, parts and place), of tags and parts log probabilities."""
        windows = [(at, cut) for at, words in enumerate(sentences) for cut in _windows(self._pieces.of_words(words))]
        order = sorted(range(len(windows)), key=lambda one: _size(windows[one][1]))
        read: list[Any] = [None] * len(windows)
        for places in _batches(order, [_size(cut) for _, cut in windows]):
            for place, scores in zip(places, self._read([windows[one][1] for one in places]), strict=True):
                read[place] = scores
        parts: list[list[NDArray[np.float32]]] = [
            [np.zeros((0, len(TAGS) + len(PARTS) + PLACE), np.float32)] for _ in sentences
        ]
        for (at, _), scores in zip(windows, read, strict=True):
            parts[at].append(scores)
        return [np.concatenate(part) for part in parts]

    def _read(self, batch: Sequence[Cut]) -> Iterator[NDArray[np.float32]]:
        longest = max(map(_size, batch))
        ids = np.full((len(batch), longest), PAD, np.int64)
        for row, words in enumerate(batch):
            flat = [BOS, *(piece for word in words for piece in word), EOS]
            ids[row, : len(flat)] = flat
        (scores,) = self._session.run(None, {"ids": ids, "seen": (ids != PAD).astype(np.int32)})
        for row, words in enumerate(batch):
            first = np.cumsum([1, *map(len, words)])[:-1]
            yield scores[row, first]


@cache
def _sums_in_32_bits() -> bool:
    """Whether the processor is known to add products of bytes in 32 bits at once (VNNI), so that none overflows."""
    about = Path("/proc/cpuinfo")
    return about.is_file() and re.search(r"^flags\b.*vnni", about.read_text(encoding="utf-8"), re.MULTILINE) is not None


def load_tagger(folder: Path, threads: int = 1) -> Tagger:
    """From an artefact's folder."""
    return Tagger(folder / "tagger.onnx", load_pieces(folder / "pieces.json"), threads)


def _size(words: Cut) -> int:
    return sum(map(len, words)) + 2


def _windows(words: Cut) -> Iterator[Cut]:
    """The words in parts of at most WINDOW pieces."""
    start = size = 0
    for at, word in enumerate(words):
        if size + len(word) > WINDOW:
            yield words[start:at]
            start, size = at, 0
        size += len(word)
    if start < len(words):
        yield words[start:]


def _batches(order: Sequence[int], sizes: Sequence[int]) -> Iterator[list[int]]:
    """`order` goes by size, so that the last of a batch is its longest."""
    batch: list[int] = []
    for one in order:
        if batch and sizes[one] * (len(batch) + 1) > BATCH:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def _reading(scores: NDArray[np.float32], begins: Sequence[int]) -> Reading:
    tags = scores[:, : len(TAGS)].copy()
    tags[np.ix_(begins, WITHIN_LINES)] = -np.inf
    path = best_path(tags)
    chosen = scores[np.arange(len(path)), path]
    names = [_found(span, chosen) for span in spans([TAGS[tag] for tag in path])]
    return Reading(names, scores[:, len(TAGS) : -PLACE], scores[:, -PLACE:])


def _found(span: Span, chosen: NDArray[np.float32]) -> Found:
    start, end, label = span
    return Found(start, end, label, float(chosen[start:end].mean()))
