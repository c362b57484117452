"""Fitting the claim model on runs of names that people have judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from models.claims.model import FEATURES, ClaimModel, save_model
from models.scoring import calibration_error

FOLDS = 8
REGULARISATION = 0.3  # C of the logistic regression
PRECISION = 0.88  # of the names that are taken; a collaboration needs two, so of those fewer are wrong


@dataclass(frozen=True, slots=True)
class Judged:
    """What is told of a run of names (FEATURES), whether its names are parties, and the document that it stands in."""

    row: Sequence[float]
    parties: bool
    document: str


def train(judged: Sequence[Judged], folder: Path, card: dict[str, Any]) -> dict[str, Any]:
    """Fit, choose the threshold by what documents held out say, write artefact and card; gives back the card."""
    rows, gold = np.array([one.row for one in judged], np.float64), np.array([one.parties for one in judged])
    documents = [one.document for one in judged]
    held = cross_val_predict(_untrained(), rows, gold, cv=GroupKFold(FOLDS), groups=documents, method="predict_proba")
    chances = held[:, 1]
    threshold = surest_threshold(chances, gold)
    classifier = _untrained().fit(rows, gold)
    weights = classifier[-1].coef_[0]
    told = {
        "runs": len(judged),
        "documents": len(set(documents)),
        "scikit_learn": sklearn.__version__,
        "weights": {name: round(float(weight), 3) for name, weight in zip(FEATURES, weights, strict=True)},
        "held_out": {
            "f1": round(_f1(chances >= threshold, gold), 3),
            "calibration_error": round(calibration_error(chances, gold), 3),
        },
    }
    return save_model(folder, ClaimModel(classifier, threshold), {**card, **told})


def surest_threshold(chances: NDArray[np.float64], gold: NDArray[np.bool_], precision: float = PRECISION) -> float:
    """The lowest probability, in steps of .01, from which this share of names are parties; 1 if there is none."""
    steps = np.round(np.arange(0.1, 1.0, 0.01), 2)
    sure = [step for step in steps if gold[chances >= step].sum() >= precision * max(1, (chances >= step).sum())]
    return float(sure[0]) if sure else 1.0


def _untrained() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=REGULARISATION))


def _f1(said: NDArray[np.bool_], gold: NDArray[np.bool_]) -> float:
    return 2 * float((said & gold).sum()) / max(1, int(said.sum() + gold.sum()))
