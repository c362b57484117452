"""How good the themes are: on the test part of the gold, by its card, and on what reviewers decided."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from flows.engines import Engines
from models.decisions import standing
from models.records import Decision, Theme, Verdict
from models.scoring import calibration_bins, coverage, krippendorff_alpha

SECONDS_A_DECISION = 12  # what a reviewer needs at 300 an hour


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
class Quality:
    """The whole page."""

    version: str
    tests: dict[str, Any]
    themes: list[ThemeQuality]
    bins: list[tuple[float, float, int]]  # mean probability, share that is right, how many
    decided: int
    coverage: float  # share of what was decided that the model answers with precision .95
    alpha: float | None  # agreement on what two or more judged
    double: int  # how many those are


def quality_of(engines: Engines) -> Quality:
    """From the card and from the decisions that stand."""
    card = json.loads((engines.themes_folder / "card.json").read_text(encoding="utf-8"))
    tests = card.get("scores", {})
    told: dict[str, Any] = tests.get("real", tests.get("own", {})).get("model", {}).get("per_theme", {})
    made = standing(engines.store.decisions())
    gold, found, chances = _judged(engines, made)
    sides = zip((gold & found).sum(0), (~gold & found).sum(0), (gold & ~found).sum(0), strict=True)
    themes = [
        ThemeQuality(theme, *(told.get(str(theme), {}).get(name, 0.0) for name in _FIGURES), *map(int, counts))
        for theme, counts in zip(Theme, sides, strict=True)
    ]
    alpha, double = _agreement(made)
    return Quality(
        version=str(card.get("version", "")),
        tests=tests,
        themes=themes,
        bins=calibration_bins(chances.ravel(), gold.ravel()),
        decided=len(gold),
        coverage=coverage(gold, found, abs(chances - 0.5).min(axis=1)) if len(gold) else 0.0,
        alpha=alpha,
        double=double,
    )


_FIGURES = ("precision", "recall", "f1")


def _judged(engines: Engines, made: Sequence[Decision]) -> tuple[Any, Any, Any]:
    """Of each text that was decided: themes of the reviewer, of the model, its probabilities; arrays (texts, 6)."""
    last = {(one.collaboration_id, one.passage): one for one in made}
    said = engines.store.some_predictions({passage for _, passage in last}, engines.themes_version)
    known = [one for one in last.values() if one.verdict is not Verdict.REJECTED and one.passage in said]
    shape = len(known), len(Theme)
    gold = [[theme in one.themes for theme in Theme] for one in known]
    found = [[theme in said[one.passage].themes for theme in Theme] for one in known]
    chances = [[said[one.passage].probabilities[theme] for theme in Theme] for one in known]
    return np.array(gold, bool).reshape(shape), np.array(found, bool).reshape(shape), np.array(chances).reshape(shape)


def _agreement(made: Sequence[Decision]) -> tuple[float | None, int]:
    """Krippendorff's alpha over the themes of what two or more judged on the same text, and how many those are."""
    units: dict[tuple[str, str], dict[str, tuple[Theme, ...] | None]] = defaultdict(dict)
    for one in made:
        rejected = one.verdict is Verdict.REJECTED
        units[one.collaboration_id, one.passage][one.reviewer] = None if rejected else one.themes
    double = [list(said.values()) for said in units.values() if len(said) > 1]
    values = [
        [("rejected" if themes is None else str(theme in themes)) for themes in said]
        for said in double
        for theme in Theme
    ]
    return krippendorff_alpha(values), len(double)
