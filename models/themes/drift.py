"""Whether the themes drift: what a night's predictions look like beside those of the nights before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from models.records import Theme, ThemePrediction

NIGHTS = 30  # that a night is compared with
FEWEST = 7  # of them, before anything is said
WIDTH = 3.0  # standard deviations on each side of the mean
LEAST = 0.02  # half width of the band, for nights that are all alike
CONFIDENCE, ABSTAINED = "confidence", "abstained"


@dataclass(frozen=True, slots=True)
class Night:
    """Of the collaborations of a night: the share that has each theme, the mean confidence, the share that the model
    leaves to a person. `figures`: by name of a theme, CONFIDENCE, ABSTAINED."""

    day: str  # ISO date
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure that left its band."""

    name: str
    value: float
    low: float
    high: float


def night_of(day: str, predictions: Iterable[ThemePrediction]) -> Night:
    """The figures of a night; none without predictions."""
    said = list(predictions)
    if not said:
        return Night(day, {})
    figures = {str(theme): fmean(theme in one.themes for one in said) for theme in Theme}
    figures[CONFIDENCE] = fmean(max(value, 1 - value) for one in said for value in one.probabilities.values())
    figures[ABSTAINED] = fmean(one.review for one in said)
    return Night(day, {name: round(value, 4) for name, value in figures.items()})


def drifts(now: Night, before: Sequence[Night]) -> list[Drift]:
    """The figures of a night that lie outside their band over the nights before it (Shewhart 1931)."""
    nights = [one for one in before if one.day < now.day and one.figures][-NIGHTS:]
    if len(nights) < FEWEST:
        return []
    found = []
    for name, value in now.figures.items():
        values = [one.figures.get(name, 0.0) for one in nights]
        half = max(WIDTH * pstdev(values), LEAST)
        low, high = fmean(values) - half, fmean(values) + half
        if not low <= value <= high:
            found.append(Drift(name, value, round(low, 4), round(high, 4)))
    return found
