"""Sentences as arrays: piece ids, and for each word the tags that are allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from models.danish.pieces import BOS, EOS, PAD, Pieces
from models.danish.tagger import WINDOW
from models.danish.tags import NEAR, PARTS, PLACE, PLAYING, TAGS, begin, spans
from models.danish.training.material import Sentence, allowed_tags

STEP = 16  # pieces
WEIGHT = 5.0  # of a name's part beside a word's tag
PLACED = 3.0  # of a name's place


@dataclass(frozen=True, slots=True)
class Batch:
    """`ids`, `seen` (sentences, pieces); `first` (words): places of first pieces in the flat ids; `told` (words, tags):
    which tags the annotation allows, 1 or 0, or the probabilities that a teacher gives; `parts` (words, parts): the
    same, all 0 where nothing is told; `names` (names): words where the names of collaborations begin; `same` (names,
    names): whether two are of one, -1 across sentences; `places` (words, PLACE): what a teacher gives, or nothing."""

    ids: Tensor
    seen: Tensor
    first: Tensor
    told: Tensor
    parts: Tensor
    names: Tensor
    same: Tensor
    places: Tensor


def _told(sentence: Sentence) -> NDArray[np.float32]:
    told = allowed_tags(sentence) if sentence.shares is None else sentence.shares[:, : len(TAGS)]
    return told.astype(np.float32)


def _parts(sentence: Sentence) -> NDArray[np.float32]:
    if sentence.shares is not None:
        return sentence.shares[:, len(TAGS) : -PLACE].astype(np.float32)
    told = np.zeros((len(sentence.words), len(PARTS)), np.float32)
    for (start, _end, _label), part in zip(spans(sentence.tags), sentence.parts, strict=False):
        if part.kind:
            told[start, PARTS.index(part.kind)] = 1
    return told


def _names(sentences: Sequence[Sentence]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """`names` and `same` of a batch."""
    found, before = [], 0
    for row, one in enumerate(sentences):
        places = zip(spans(one.tags), one.parts, strict=False)
        found += [(row, before + start, part.of) for (start, _, _), part in places if part.of]
        before += len(one.words)
    same = [[float(bool(of & others)) if row == other else -1.0 for other, _, others in found] for row, _, of in found]
    words = np.array([word for _, word, _ in found], np.int64)
    return words, np.array(same, np.float32).reshape(len(found), len(found))


def _places(sentence: Sentence) -> NDArray[np.float32]:
    if sentence.shares is None:
        return np.zeros((len(sentence.words), PLACE), np.float32)
    return sentence.shares[:, -PLACE:].astype(np.float32)


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
    names, same = _names(sentences)
    places = [_places(sentence) for sentence in sentences]
    return Batch(
        ids=torch.from_numpy(ids),
        seen=torch.from_numpy(ids != PAD),
        first=torch.from_numpy(np.concatenate(first)),
        told=torch.from_numpy(np.concatenate([_told(sentence) for sentence in sentences])),
        parts=torch.from_numpy(np.concatenate([_parts(sentence) for sentence in sentences])),
        names=torch.from_numpy(names),
        same=torch.from_numpy(same),
        places=torch.from_numpy(np.concatenate(places)),
    )


def batches(pieces: Pieces, sentences: Sequence[Sentence], size: int, chance: np.random.Generator) -> Iterator[Batch]:
    """All sentences once, in batches of about `size` pieces of like length, in an order by chance."""
    sentences = [_fitting(pieces, one) for one in sentences]
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


def _fitting(pieces: Pieces, sentence: Sentence) -> Sentence:
    """The sentence as far as the tagger reads at once, up to the end of a name: capitals take many pieces."""
    sizes = np.cumsum([len(word) for word in pieces.of_words(sentence.words)])
    end = int(np.searchsorted(sizes, WINDOW, side="right"))
    if end == len(sentence.words):
        return sentence
    while end and sentence.tags[end].startswith("I-"):
        end -= 1
    kept = len(list(spans(sentence.tags[:end])))
    return replace(
        sentence,
        words=sentence.words[:end],
        tags=sentence.tags[:end],
        parts=sentence.parts[:kept],
        shares=None if sentence.shares is None else sentence.shares[:end],
    )


def _padded(length: int) -> int:
    return -(-length // STEP) * STEP


def loss_of(scores: Tensor, batch: Batch) -> Tensor:
    """Minus the log probability of allowed tags, a word (Tsuboi et al. 2008, without the chain), of the parts, and of
    which names are of one collaboration."""
    tags, parts, places = _of_words(scores, batch)
    told: Tensor = -torch.logsumexp(tags.masked_fill(batch.told == 0, -torch.inf), 1).mean()
    return told + _of_parts(parts, batch) + _of_pairs(places, batch)


def distance_of(scores: Tensor, batch: Batch) -> Tensor:
    """The cross entropy with the teacher's probabilities, a word, and of the parts; and how far the places are off."""
    tags, parts, places = _of_words(scores, batch)
    playing = batch.told[:, [begin(label) for label in PLAYING]].sum(1)
    off = (((places - batch.places) ** 2).mean(1) * playing).mean()
    return -(batch.told * tags).sum(1).mean() + _of_parts(parts, batch) + PLACED * off


def _of_parts(parts: Tensor, batch: Batch) -> Tensor:
    """Weighed by how few words play a part: a name counts as much as a word does for the tags, times WEIGHT."""
    return -WEIGHT * (batch.parts * parts).sum() / len(parts)


def _of_pairs(places: Tensor, batch: Batch) -> Tensor:
    """Of each name, the mean over the other names of its sentence."""
    placed = places[batch.names]
    odds = NEAR - ((placed[:, None] - placed[None]) ** 2).sum(-1)
    counts = (batch.same >= 0).float().fill_diagonal_(0)
    wrong = functional.binary_cross_entropy_with_logits(odds, batch.same.clamp(min=0), reduction="none")
    return PLACED * ((wrong * counts).sum(1) / counts.sum(1).clamp(min=1)).sum() / len(places)


def _of_words(scores: Tensor, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    words = scores.float().reshape(-1, scores.shape[-1])[batch.first]
    tags, parts, places = words.split([len(TAGS), len(PARTS), PLACE], 1)
    return torch.log_softmax(tags, 1), torch.log_softmax(parts, 1), places
