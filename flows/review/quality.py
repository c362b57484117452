"""How good the themes are: on the test part of the gold, by its card, and on what reviewers decided."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flows.engines import Engines
from models.decisions import standing
from models.listing import Listings
from models.records import Theme, Verdict
from models.scoring import krippendorff_alpha

SECONDS_A_DECISION = 12  # what a reviewer needs at 300 an hour
BINS = 10


@dataclass(frozen=True, slots=True)
class ThemeQuality:
    """Of one theme: by the card, and by reviewers: said and right, said and wrong, missed."""

    theme: Theme
    precision: float
    recall: float
    f1: float
    right: int
    wrong: int
    missed: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Probabilities of a tenth: how many, how many of them right."""

    low: float
    count: int
    right: int


@dataclass(frozen=True, slots=True)
class Quality:
    """The whole page."""

    version: str
    tests: dict[str, Any]
    themes: list[ThemeQuality]
    bins: list[Bin]
    decided: int
    waiting: int
    minutes: int  # to judge all that wait for a theme
    coverage: float  # share of what was decided, that the model answers with precision .95


def quality_of(engines: Engines) -> Quality:
    """From the card and from the decisions that stand."""
    card = json.loads((engines.themes_folder / "card.json").read_text(encoding="utf-8"))
    tests = card.get("scores", {})
    told: dict[str, Any] = tests.get("real", tests.get("own", {})).get("model", {}).get("per_theme", {})
    judged = _judged(engines)
    counts: dict[Theme, list[int]] = {theme: [0, 0, 0] for theme in Theme}
    bins = [[0, 0] for _ in range(BINS)]
    for said, probabilities, truth in judged:
        for theme in Theme:
            counts[theme][0] += theme in said and theme in truth
            counts[theme][1] += theme in said and theme not in truth
            counts[theme][2] += theme not in said and theme in truth
            place = min(int(probabilities[theme] * BINS), BINS - 1)
            bins[place][0] += 1
            bins[place][1] += theme in truth
    themes = [
        ThemeQuality(theme, *(told.get(str(theme), {}).get(name, 0.0) for name in _FIGURES), *counts[theme])
        for theme in Theme
    ]
    waiting = sum(Listings(engines.store).reasons().values())
    return Quality(
        version=str(card.get("version", "")),
        tests=tests,
        themes=themes,
        bins=[Bin(at / BINS, count, right) for at, (count, right) in enumerate(bins)],
        decided=len(judged),
        waiting=waiting,
        minutes=round(waiting * SECONDS_A_DECISION / 60),
        coverage=coverage(judged),
    )


_FIGURES = ("precision", "recall", "f1")
Judged = tuple[tuple[Theme, ...], dict[Theme, float], tuple[Theme, ...]]
"""Themes that the model gave, its probabilities, themes that a reviewer gave."""


def _judged(engines: Engines) -> list[Judged]:
    last = {(one.collaboration_id, one.passage): one for one in standing(engines.store.decisions())}
    predictions = engines.store.some_predictions({passage for _, passage in last}, engines.themes_version)
    return [
        (said.themes, said.probabilities, one.themes)
        for one in last.values()
        if one.verdict is not Verdict.REJECTED and (said := predictions.get(one.passage))
    ]


def coverage(judged: list[Judged], precision: float = 0.95) -> float:
    """The largest share of collaborations, surest first, whose themes are right in this share; 0 where none is."""
    ordered = sorted(judged, key=lambda one: -_sureness(one[1]))
    right = best = 0
    for count, (said, _, truth) in enumerate(ordered, start=1):
        right += set(said) == set(truth)
        if right / count >= precision:
            best = count
    return best / len(ordered) if ordered else 0.0


def _sureness(probabilities: dict[Theme, float]) -> float:
    """How far the least sure theme is from an even chance."""
    return min(abs(value - 0.5) for value in probabilities.values())


def agreement(engines: Engines) -> tuple[float | None, int]:
    """Krippendorff's alpha over the themes of what two or more judged on the same text, and how many those are."""
    units: dict[tuple[str, str], dict[str, tuple[Theme, ...] | None]] = defaultdict(dict)
    for one in standing(engines.store.decisions()):
        rejected = one.verdict is Verdict.REJECTED
        units[one.collaboration_id, one.passage][one.reviewer] = None if rejected else one.themes
    double = [list(said.values()) for said in units.values() if len(said) > 1]
    values = [
        [("rejected" if themes is None else str(theme in themes)) for themes in said]
        for said in double
        for theme in Theme
    ]
    return krippendorff_alpha(values), len(double)
