"""Groups of claims joined by the learned decision: those that are alike on average become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from models.identity.components import Components
from models.identity.likeness import Likeness
from models.identity.pairs import Side, candidates

LARGEST = 1500  # groups that may hang together to be joined by averages; of more, only those that surely are one
SURELY = 0.95
ROWS = 20_000  # pairs decided at once


Pair = tuple[int, int]


def linked(
    sides: Sequence[Side], groups: Sequence[int], likeness: Likeness
) -> tuple[list[list[int]], dict[Pair, float]]:
    """The numbers of the groups (of each side, in order) in lists that are one each, every group in one list; and how
    probably those that stand apart are one after all, as far as a person should be asked."""
    told, decider = _between(sides, groups, likeness), likeness.decider
    joined = []
    for part in _parts(sorted(set(groups)), (pair for pair, chance in told.items() if chance >= decider.ask)):
        if len(part) > LARGEST:
            inside = set(part)
            joined += _parts(part, (pair for pair, chance in told.items() if chance >= SURELY and pair[0] in inside))
        else:
            joined += _on_average(part, told, decider.same)
    where = {group: at for at, one in enumerate(joined) for group in one}
    asked = {
        pair: chance for pair, chance in told.items() if chance >= decider.ask and where[pair[0]] != where[pair[1]]
    }
    return joined, asked


def _between(sides: Sequence[Side], groups: Sequence[int], likeness: Likeness) -> dict[tuple[int, int], float]:
    """How probably two groups are one: the mean over their compared pairs of sides."""
    number = {side.claim_id: group for side, group in zip(sides, groups, strict=True)}
    totals: dict[tuple[int, int], float] = defaultdict(float)
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for some in _batches(sides, number):
        for (left, right), chance in zip(some, likeness.between(some), strict=True):
            one, other = sorted((number[left.claim_id], number[right.claim_id]))
            totals[one, other] += float(chance)
            counts[one, other] += 1
    return {pair: total / counts[pair] for pair, total in totals.items()}


def _batches(sides: Sequence[Side], number: dict[str, int]) -> Iterator[list[tuple[Side, Side]]]:
    batch = []
    for left, right in candidates(sides):
        if number[left.claim_id] != number[right.claim_id]:
            batch.append((left, right))
            if len(batch) == ROWS:
                yield batch
                batch = []
    if batch:
        yield batch


def _on_average(part: Sequence[int], told: dict[tuple[int, int], float], same: float) -> list[list[int]]:
    """Groups joined by average linkage; two that were not compared are not alike."""
    places = {group: at for at, group in enumerate(part)}
    apart = np.ones((len(part), len(part)))
    np.fill_diagonal(apart, 0)
    for (one, other), chance in told.items():
        if one in places and other in places:
            apart[places[one], places[other]] = apart[places[other], places[one]] = 1 - chance
    return [[part[at] for at in places] for places in averaged(apart, same)]


def averaged(apart: NDArray[np.float64], same: float) -> list[list[int]]:
    """The rows of a matrix of distances (0 to 1) in groups that are alike on average at least so much, in order.

    Average linkage (Sokal & Michener 1958).
    """
    if len(apart) < 2:
        return [[at] for at in range(len(apart))]
    numbers = fcluster(linkage(squareform(apart), "average"), 1 - same, "distance")
    found: dict[int, list[int]] = defaultdict(list)
    for at, number in enumerate(numbers):
        found[int(number)].append(at)
    return list(found.values())


def _parts(groups: Sequence[int], pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Groups that hang together."""
    parts = Components[int]()
    for one, other in pairs:
        parts.join(one, other)
    return parts.groups(groups)
