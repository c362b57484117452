"""Which names belong to one collaboration, by how near to each other the Danish pipeline puts them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.parties import Run
from models.danish.tags import nearness
from models.identity.linking import averaged
from models.records import Participant, Place

TOGETHER = 0.6  # nearness from which names are of one collaboration
UNTOLD = 0.55  # between names that were not read at once
SHARED = 0.9  # likewise, when both name one party

Places = Sequence[Place]


def near(left: Places, right: Places) -> float | None:
    """How probably two groups of names are of one collaboration, on average; None where no two were read at once."""
    stretches = {one.stretch for one in left} & {one.stretch for one in right}
    told = [nearness(_of(left, stretch), _of(right, stretch)).mean() for stretch in sorted(stretches) if stretch >= 0]
    return float(np.mean(told)) if told else None


def collaborations(runs: Sequence[Run]) -> list[list[int]]:
    """The places of the runs in groups that are likely to be of one collaboration each, in order (average linkage)."""
    apart = np.zeros((len(runs), len(runs)))
    for at, one in enumerate(runs):
        for other in range(at):
            apart[at, other] = apart[other, at] = 1 - _together(one, runs[other])
    return averaged(apart, TOGETHER)


def _together(left: Run, right: Run) -> float:
    told = near(left.places, right.places)
    if told is not None:
        return told
    return SHARED if _names(left.parties) & _names(right.parties) else UNTOLD


def _names(parties: Sequence[Participant]) -> set[str]:
    return {party.body_id or party.name for party in parties}


def _of(places: Places, stretch: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([one.coordinates for one in places if one.stretch == stretch])
