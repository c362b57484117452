"""Precision, recall and F1, micro and macro, with bootstrap intervals; how far probabilities can be believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of right, wrong and missed, and what follows from them; 0 where nothing can be said."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of what was said, the share that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Of what is there, the share that was said."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        said_and_there = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / said_and_there if said_and_there else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Over all labels together (micro), each label, and their plain mean (macro; labels that occur in gold)."""

    micro: Score
    per_label: dict[str, Score]

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the labels with support."""
        supported = [score.f1 for score in self.per_label.values() if score.right + score.missed]
        return sum(supported) / len(supported) if supported else 0.0


def multilabel(gold: Any, found: Any, labels: Sequence[str]) -> Scores:
    """Scores of boolean arrays of shape (texts, labels)."""
    per_label = {label: _score(gold[:, at], found[:, at]) for at, label in enumerate(labels)}
    return Scores(_score(gold, found), per_label)


def f1_interval(gold: Any, found: Any, seed: int, level: float = 0.95) -> tuple[float, float]:
    """The interval of micro F1 of boolean arrays of shape (texts, labels)."""
    return interval([_score(one, other) for one, other in zip(gold, found, strict=True)], seed, level)


def lead(gold: Any, found: Any, other: Any, seed: int, level: float = 0.95) -> tuple[float, float]:
    """The interval by which the micro F1 of one answer exceeds that of another (paired bootstrap over texts)."""
    chance = np.random.default_rng(seed)
    drawn = (chance.integers(0, len(gold), len(gold)) for _ in range(DRAWS))
    gaps = [_score(gold[one], found[one]).f1 - _score(gold[one], other[one]).f1 for one in drawn]
    low, high = np.quantile(gaps, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def total(scores: Iterable[Score]) -> Score:
    """The counts of several texts together."""
    listed = list(scores)
    return Score(*(sum(getattr(one, name) for one in listed) for name in ("right", "wrong", "missed")))


def interval(scores: Sequence[Score], seed: int, level: float = 0.95) -> tuple[float, float]:
    """The bootstrap percentile interval of F1 over texts, of each of which a score is given (Efron 1979)."""
    counts = np.array([(one.right, one.wrong, one.missed) for one in scores])
    chance = np.random.default_rng(seed)
    sums = (counts[chance.integers(0, len(counts), len(counts))].sum(axis=0) for _ in range(DRAWS))
    low, high = np.quantile([Score(*map(int, drawn)).f1 for drawn in sums], [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def calibration_error(chances: Any, gold: Any, bins: int = 10) -> float:
    """The expected calibration error: how far probabilities are from frequencies, in equal bins (Naeini 2015)."""
    places = np.minimum((np.asarray(chances) * bins).astype(int), bins - 1)
    gaps = (abs(np.sum(chances[places == one]) - np.sum(gold[places == one])) for one in range(bins))
    return float(sum(gaps) / len(places))


def coverage(gold: Any, found: Any, sureness: Any, precision: float = 0.95) -> float:
    """The largest share of texts, the surest first, whose labels are right in that share; arrays (texts, labels)."""
    order = np.argsort(-np.asarray(sureness), kind="stable")
    right, given = np.cumsum((gold & found)[order].sum(axis=1)), np.cumsum(np.asarray(found)[order].sum(axis=1))
    enough = np.flatnonzero(right >= precision * given)
    return float(enough[-1] + 1) / len(order) if len(enough) else 0.0


def calibration_bins(chances: Any, gold: Any, bins: int = 10) -> list[tuple[float, float, int]]:
    """Of each bin that holds any: mean chance, share that is right, how many."""
    chances, gold = np.asarray(chances), np.asarray(gold)
    places = np.minimum((chances * bins).astype(int), bins - 1)
    inside = [places == one for one in range(bins)]
    return [(float(chances[one].mean()), float(gold[one].mean()), int(one.sum())) for one in inside if one.any()]


def krippendorff_alpha(units: Iterable[Sequence[str]]) -> float | None:
    """Agreement on nominal values beyond chance, of units of which each has the values of its readers; None where no
    unit has two, 1 where all values are one (Krippendorff 2011, Computing Krippendorff's Alpha-Reliability)."""
    pairable = [list(unit) for unit in units if len(unit) > 1]
    totals = Counter(value for unit in pairable for value in unit)
    count = sum(totals.values())
    if not pairable:
        return None
    apart = sum((len(unit) ** 2 - sum(n * n for n in Counter(unit).values())) / (len(unit) - 1) for unit in pairable)
    chance = count * count - sum(n * n for n in totals.values())
    return 1 - (count - 1) * apart / chance if chance else 1.0


def _score(gold: Any, found: Any) -> Score:
    return Score(int((gold & found).sum()), int((~gold & found).sum()), int((gold & ~found).sum()))
