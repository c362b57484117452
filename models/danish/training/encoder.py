"""The encoder and its head as a torch module: BERT, post-norm; of each piece its tag, its name's part and place."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.danish.tags import PARTS, PLACE, TAGS
from models.danish.training.base import Base, Shape

DRAWN = 1 << 22  # places of a mask drawn once


class Dropout(nn.Module):
    """Dropout whose masks are stretches, chosen by chance, of one that is drawn once: drawing them is slow on a CPU."""

    def __init__(self, share: float) -> None:
        super().__init__()
        kept = torch.rand(DRAWN, generator=torch.Generator().manual_seed(0)) >= share
        self.mask = kept.to(torch.bfloat16) / (1 - share)

    def forward(self, states: Tensor) -> Tensor:
        """The states, some of them 0 and the rest larger while training."""
        if not self.training:
            return states
        start = int(torch.randint(len(self.mask) - states.numel(), ()))
        return states * self.mask[start : start + states.numel()].view_as(states)


class Layer(nn.Module):
    """Attention and a feed-forward step, each with a norm after it."""

    def __init__(self, shape: Shape, dropout: Dropout) -> None:
        super().__init__()
        self.heads, self.dropout = shape.heads, dropout
        for name in ("q", "k", "v", "ao"):
            setattr(self, name, nn.Linear(shape.width, shape.width))
        self.fi, self.fo = nn.Linear(shape.width, shape.inner), nn.Linear(shape.inner, shape.width)
        self.aln, self.oln = (nn.LayerNorm(shape.width, eps=shape.epsilon) for _ in range(2))

    def forward(self, states: Tensor, seen: Tensor) -> Tensor:
        """`states` (batch, pieces, width); `seen` (batch, 1, 1, pieces): 0 for pieces that are text, else -1e4."""
        batch, length, width = states.shape
        q, k, v = (
            part(states).view(batch, length, self.heads, width // self.heads).transpose(1, 2)
            for part in (self.q, self.k, self.v)
        )
        scale = (width // self.heads) ** -0.5  # written out: twice as fast backwards on a CPU as torch's own
        weights = ((q * scale) @ k.transpose(2, 3) + seen).softmax(-1)
        mixed = weights.to(v.dtype) @ v
        told = self.ao(mixed.transpose(1, 2).reshape(batch, length, width))
        states = self.aln(states + self.dropout(told))
        inner = self.fo(functional.gelu(self.fi(states)))
        return self.oln(states + self.dropout(inner))


class Tagger(nn.Module):
    """Piece ids in, a score for each tag and each part, and a place, out."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape, self.dropout = shape, Dropout(dropout)
        self.words = nn.Embedding(shape.vocabulary, shape.width, sparse=True)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape, self.dropout) for _ in range(shape.layers))
        self.head = nn.Linear(shape.width, len(TAGS) + len(PARTS) + PLACE)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def encode(self, ids: Tensor, seen: Tensor) -> Tensor:
        """`ids` and `seen` (batch, pieces) to states (batch, pieces, width)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        states = self.norm(self.words(ids) + self.positions(places))
        states = self.dropout(states)
        mask = torch.where(seen, 0.0, -1e4)[:, None, None, :].to(
            torch.bfloat16 if torch.is_autocast_enabled("cpu") else states.dtype
        )
        for layer in self.layers:
            states = layer(states, mask)
        return states

    def forward(self, ids: Tensor, seen: Tensor) -> Tensor:
        """`ids` and `seen` (batch, pieces) to scores (batch, pieces, tags, parts and place)."""
        states = self.dropout(self.encode(ids, seen))
        scores: Tensor = self.head(states)
        return scores


def start_from(base: Base, kept: list[int], layers: int | None = None, inner: int | None = None) -> Tagger:
    """A tagger with the weights of the base, of whose pieces it knows those at the places `kept`; its head too, if any.

    A smaller one takes the lowest `layers` only (Sajjad et al. 2023), and of each the `inner` heaviest units.
    """
    whole = base.shape
    shape = replace(whole, vocabulary=len(kept), layers=layers or whole.layers, inner=inner or whole.inner)
    tagger = Tagger(shape)
    weights = {name: torch.from_numpy(array) for name, array in base.weights.items()}
    weights["words.weight"] = weights.pop("words")[kept]
    weights["positions.weight"] = weights.pop("positions")
    for at in range(shape.layers):
        _narrow(weights, f"layers.{at}", shape.inner)
    weights = {
        name: one for name, one in weights.items() if not name.startswith("layers.") or _layer(name) < shape.layers
    }
    tagger.load_state_dict({f"head.{name}": one for name, one in tagger.head.state_dict().items()} | weights)
    return tagger


def _layer(name: str) -> int:
    return int(name.split(".")[1])


def _narrow(weights: dict[str, Tensor], layer: str, size: int) -> None:
    """Keep the units of the inner step whose weights, in times out, are largest."""
    into, out = weights[f"{layer}.fi.weight"], weights[f"{layer}.fo.weight"]
    kept = (into.norm(dim=1) * out.norm(dim=0)).topk(size).indices.sort().values
    weights[f"{layer}.fi.weight"], weights[f"{layer}.fo.weight"] = into[kept], out[:, kept]
    weights[f"{layer}.fi.bias"] = weights[f"{layer}.fi.bias"][kept]
