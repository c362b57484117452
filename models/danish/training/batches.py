"""Sentences as arrays: piece ids, and for each word the tags that are allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.danish.pieces import BOS, EOS, PAD, Pieces
from models.danish.tags import OUTSIDE, TAGS, begin
from models.danish.training.material import Marked, Sentence

STEP = 16  # pieces


@dataclass(frozen=True, slots=True)
class Batch:
    """`ids`, `seen` (sentences, pieces); `first` (words): places of first pieces in the flat ids; `allowed` (words,
    tags)."""

    ids: Tensor
    seen: Tensor
    first: Tensor
    allowed: Tensor


def allowed_tags(sentence: Sentence) -> NDArray[np.bool_]:
    """(words, tags): the tags that the annotation leaves open."""
    allowed = np.zeros((len(sentence.words), len(TAGS)), np.bool_)
    misc = begin("MISC")
    for at, tag in enumerate(sentence.tags):
        if tag == "O":
            allowed[at, OUTSIDE] = True
            allowed[at, misc : misc + 2] = sentence.marked is Marked.GOLD
        else:
            allowed[at, begin(tag[2:]) + (tag[0] == "I")] = True
    return allowed


def make_batch(pieces: Pieces, sentences: Sequence[Sentence]) -> Batch:
    """One batch of sentences, padded to a multiple of STEP pieces: few shapes, for each is compiled once."""
    cut = [pieces.of_words(sentence.words) for sentence in sentences]
    width = _padded(max(sum(map(len, words)) for words in cut) + 2)
    ids = np.full((len(cut), width), PAD, np.int64)
    first = []
    for row, words in enumerate(cut):
        flat = [BOS, *(piece for word in words for piece in word), EOS]
        ids[row, : len(flat)] = flat
        first.append(np.cumsum([1, *map(len, words)])[:-1] + row * width)
    return Batch(
        ids=torch.from_numpy(ids),
        seen=torch.from_numpy(ids != PAD),
        first=torch.from_numpy(np.concatenate(first)),
        allowed=torch.from_numpy(np.concatenate([allowed_tags(sentence) for sentence in sentences])),
    )


def batches(pieces: Pieces, sentences: Sequence[Sentence], size: int, chance: np.random.Generator) -> Iterator[Batch]:
    """All sentences once, in batches of about `size` pieces of like length, in an order by chance."""
    lengths = np.array([sum(map(len, pieces.of_words(one.words))) + 2 for one in sentences])
    order = np.argsort(-lengths * chance.uniform(0.85, 1.15, len(lengths)), kind="stable")
    groups = []
    while len(order):
        width = _padded(int(lengths[order[:8]].max()))
        count = max(1, size // width)
        groups.append(order[:count])
        order = order[count:]
    for at in chance.permutation(len(groups)):
        yield make_batch(pieces, [sentences[one] for one in groups[at]])


def _padded(length: int) -> int:
    return -(-length // STEP) * STEP


def loss_of(scores: Tensor, batch: Batch) -> Tensor:
    """Minus the log probability of the allowed tags, a word (Tsuboi et al. 2008, without the chain)."""
    words: Any = scores.float().reshape(-1, len(TAGS))[batch.first]
    open_to = words.masked_fill(~batch.allowed, -torch.inf)
    told: Tensor = (torch.logsumexp(words, 1) - torch.logsumexp(open_to, 1)).mean()
    return told
