"""Fitting a tagger: AdamW with warm-up and linear decay, in bfloat16 where the processor is fast at it, the weights
averaged over the last steps.

Where rates are `sparse`, only the embeddings of a batch are moved: all of them would be a sixth of a step.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from models.danish.pieces import Pieces
from models.danish.tags import TAGS, best_path
from models.danish.training.batches import Batch, batches, loss_of, make_batch
from models.danish.training.encoder import Tagger
from models.danish.training.material import Sentence

WARM_UP = 0.1  # of all steps
AVERAGED = 5  # steps, after which the weights join the average
MEMORY = 0.95  # of the average, each time
LARGEST_GRADIENT = 1.0
TOLD = 100  # steps
TAGGED = 64  # sentences tagged at once

Material = Callable[[np.random.Generator], Sequence[Sentence]]
"""The sentences of an epoch, drawn and varied by chance."""
Tell = Callable[[str], None]
Measure = Callable[[Tensor, Batch], Tensor]
"""How far scores are from what a batch tells."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Learning rates of the head, the topmost layer (each below it gets `decay` of that above), the embeddings.

    A sparse Adam carries no rare piece on after its batch, some ten times less far: enough for a whole encoder, too
    little for a few layers of one, which learn what their pieces mean anew.
    """

    head: float = 1e-3
    body: float = 2e-4
    decay: float = 0.95
    words: float = 1e-4
    sparse: bool = True


def fit(  # noqa: PLR0913 - what a training is told
    tagger: Tagger,
    pieces: Pieces,
    material: Material,
    *,
    epochs: int,
    size: int,
    rates: Rates,
    seed: int,
    tell: Tell,
    measure: Measure = loss_of,
) -> Tagger:
    """Train in place; gives back the average of the weights over the steps. `size`: pieces of a batch."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    tagger.words.sparse = rates.sparse
    optimisers = _optimisers(tagger, rates)
    dense = [one for one in tagger.parameters() if not (rates.sparse and one is tagger.words.weight)]
    average = AveragedModel(tagger, avg_fn=_average)
    drawn = [list(batches(pieces, material(chance), size, chance)) for _ in range(epochs)]
    steps = sum(map(len, drawn))
    schedules = [torch.optim.lr_scheduler.LambdaLR(one, lambda step: _share(step, steps)) for one in optimisers]
    tagger.train()
    step, short = 0, _multiplies_faster(torch.bfloat16)
    for epoch, told in enumerate(drawn):
        total = 0.0
        for at, batch in enumerate(told):
            with torch.autocast("cpu", torch.bfloat16, enabled=short):
                scores = tagger(batch.ids, batch.seen)
            loss = measure(scores, batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(dense, LARGEST_GRADIENT)
            for optimiser, schedule in zip(optimisers, schedules, strict=True):
                optimiser.step()
                schedule.step()
                optimiser.zero_grad()
            total += loss.item()
            step += 1
            if step % TOLD == 0:
                tell(f"step {step}/{steps}: loss {total / (at + 1):.4f}")
            if step % AVERAGED == 0:
                average.update_parameters(tagger)
        tell(f"epoch {epoch + 1}/{epochs}: loss {total / len(told):.4f} over {len(told)} steps")
    tagger.load_state_dict(average.module.state_dict())
    return tagger


def _multiplies_faster(kind: torch.dtype) -> bool:
    """Whether this processor multiplies numbers of a kind faster than float32; without AVX-512 it is far slower."""

    def seconds(kind: torch.dtype) -> float:
        left, right = (torch.ones(384, 384, dtype=kind) for _ in range(2))
        left @ right  # what is slow the first time only
        started = time.perf_counter()
        left @ right
        return time.perf_counter() - started

    return seconds(kind) < seconds(torch.float32)


def _average(average: Tensor, current: Tensor, count: Tensor | int) -> Tensor:
    """A moving average that forgets the first steps sooner than the later ones."""
    share = min(MEMORY, int(count) / (int(count) + 10))
    return share * average + (1 - share) * current


def _share(step: int, steps: int) -> float:
    warm = max(1, round(WARM_UP * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def _optimisers(tagger: Tagger, rates: Rates) -> list[torch.optim.Optimizer]:
    words, groups = tagger.words.weight, list(_groups(tagger, rates))
    if not rates.sparse:
        return [torch.optim.AdamW([*groups, {"params": [words], "lr": rates.words}], weight_decay=0.01, fused=True)]
    return [
        torch.optim.AdamW(groups, weight_decay=0.01, fused=True),
        torch.optim.SparseAdam([words], lr=rates.words),
    ]


def _groups(tagger: Tagger, rates: Rates) -> Iterable[dict[str, object]]:
    yield {"params": list(tagger.head.parameters()), "lr": rates.head}
    yield {"params": [*tagger.positions.parameters(), *tagger.norm.parameters()], "lr": rates.words}
    top = len(tagger.layers) - 1
    for at, layer in enumerate(tagger.layers):
        yield {"params": list(layer.parameters()), "lr": rates.body * rates.decay ** (top - at)}


def tag(tagger: Tagger, pieces: Pieces, sentences: Sequence[Sentence]) -> list[tuple[str, ...]]:
    """The tags that a tagger in full precision gives; for trials and for what is lost by quantising."""
    tagger.eval()
    found: list[tuple[str, ...]] = [()] * len(sentences)
    order = sorted(range(len(sentences)), key=lambda at: len(sentences[at].words))
    with torch.inference_mode():
        for start in range(0, len(order), TAGGED):
            places = order[start : start + TAGGED]
            batch = make_batch(pieces, [sentences[at] for at in places])
            raw = tagger(batch.ids, batch.seen).float()[..., : len(TAGS)]
            scores = torch.log_softmax(raw, -1).reshape(-1, len(TAGS))[batch.first]
            at = 0
            for place in places:
                length = len(sentences[place].words)
                found[place] = tuple(TAGS[one] for one in best_path(scores[at : at + length].numpy()))
                at += length
    return found
