"""How probably two statements are of one collaboration: learned, and worked out once for each pair.

The chance of a pair follows from the two statements and the model alone, not from what else is stored. So a night need
only work out the pairs that are new, and claims come to the same groups in whatever order they arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.identity.model import Decider
from models.identity.pairs import Rarity, Side, features

Keys = NDArray[np.int64]
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # the golden ratio, times 2^64


@dataclass(frozen=True, slots=True)
class Chances:
    """Pairs by their keys, in the order of these, with their chances."""

    keys: Keys
    values: NDArray[np.float64]

    def but(self, others: Chances) -> Chances:
        """Those of pairs that are not among the others."""
        here = ~np.isin(self.keys, others.keys, assume_unique=True)
        return Chances(self.keys[here], self.values[here])

    def of(self, keys: Keys) -> NDArray[np.float64]:
        """The chances of these; nan where they are not known."""
        if not len(self.keys):
            return np.full(len(keys), np.nan)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, self.values[places], np.nan)


NONE = Chances(np.zeros(0, np.int64), np.zeros(0))


@dataclass(slots=True)
class Likeness:
    """Decides on statements; `known` are the chances of earlier nights, of the same model."""

    decider: Decider
    rare: Rarity
    known: Chances = NONE
    _met: list[tuple[Keys, NDArray[np.float64]]] = field(default_factory=list, init=False)

    def between(self, pairs: Sequence[tuple[Side, Side]]) -> NDArray[np.float64]:
        """The chance of each pair."""
        keys = pair_keys(pairs)
        chances = self.known.of(keys)
        new = np.flatnonzero(np.isnan(chances)).tolist()
        chances[new] = self.decider.probabilities([features(*pairs[at], self.rare) for at in new])
        self._met.append((keys, chances))
        return chances

    def met(self) -> Chances:
        """All that were asked for, to be known the next night."""
        if not self._met:
            return NONE
        keys, first = np.unique(np.concatenate([keys for keys, _ in self._met]), return_index=True)
        return Chances(keys, np.concatenate([chances for _, chances in self._met])[first])


def pair_keys(pairs: Sequence[tuple[Side, Side]]) -> Keys:
    """A number for each pair, the same whichever of the two comes first; another when a party is."""
    both = np.array([[left.key, right.key] for left, right in pairs], np.uint64).reshape(-1, 2)
    low, high = both.min(axis=1), both.max(axis=1)
    keys: Keys = ((low * _SPREAD + high) >> np.uint64(1)).astype(np.int64)
    return keys
