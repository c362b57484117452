"""Groups of claims joined by the learned decision: those that are alike on average become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from models.identity.model import Decider
from models.identity.pairs import Side, candidates, features, may_be_one, rarity

LARGEST = 1500  # groups that may hang together to be joined by averages; of more, only those that surely are one
SURELY = 0.95
ROWS = 20_000  # pairs decided at once


def linked(sides: Sequence[Side], groups: Sequence[int], decider: Decider) -> list[list[int]]:
    """The numbers of the groups (of each side, in order) in lists that are one each, every group in one list."""
    told = _between(sides, groups, decider)
    joined = []
    for part in _parts(sorted(set(groups)), (pair for pair, chance in told.items() if chance >= decider.ask)):
        sure = SURELY if len(part) > LARGEST else 0.0
        if len(part) == 1:
            joined.append(part)
        elif sure:
            inside = set(part)
            joined += _parts(part, (pair for pair, chance in told.items() if chance >= sure and pair[0] in inside))
        else:
            joined += _averaged(part, told, decider.same)
    return joined


def _between(sides: Sequence[Side], groups: Sequence[int], decider: Decider) -> dict[tuple[int, int], float]:
    """How probably two groups are one: the mean over their compared pairs of sides."""
    number = {side.claim_id: group for side, group in zip(sides, groups, strict=True)}
    rare = rarity(sides)
    totals: dict[tuple[int, int], float] = defaultdict(float)
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for some in _batches(sides, number):
        rows = [features(left, right, rare) for left, right in some]
        open_ = [may_be_one(row) for row in rows]
        chances = np.where(open_, decider.probabilities(rows), 0.0)
        for (left, right), chance in zip(some, chances, strict=True):
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


def _averaged(part: Sequence[int], told: dict[tuple[int, int], float], same: float) -> list[list[int]]:
    """Groups joined by average linkage; two that were not compared are not alike."""
    places = {group: at for at, group in enumerate(part)}
    apart = np.ones((len(part), len(part)))
    np.fill_diagonal(apart, 0)
    for (one, other), chance in told.items():
        if one in places and other in places:
            apart[places[one], places[other]] = apart[places[other], places[one]] = 1 - chance
    numbers = fcluster(linkage(squareform(apart), "average"), 1 - same, "distance")
    found: dict[int, list[int]] = defaultdict(list)
    for group, at in zip(part, numbers, strict=True):
        found[int(at)].append(group)
    return list(found.values())


def _parts(groups: Sequence[int], pairs: Iterator[tuple[int, int]]) -> list[list[int]]:
    """Groups that hang together."""
    parent = {group: group for group in groups}

    def root(group: int) -> int:
        while parent[group] != group:
            parent[group] = parent[parent[group]]
            group = parent[group]
        return group

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    found: dict[int, list[int]] = defaultdict(list)
    for group in groups:
        found[root(group)].append(group)
    return list(found.values())
