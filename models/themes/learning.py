"""The theme model moved towards what reviewers decided, as far as they speak, and no further.

For each theme the change of its coefficients is found that makes the decisions likeliest while staying near those it
was trained with: logistic regression with a Gaussian prior around the earlier coefficients (Chelba & Acero 2006). So
the texts that the model came from are not needed, and a few decisions change it a little.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from models.records import Theme
from models.scoring import multilabel
from models.themes import features
from models.themes.gold import Labelled
from models.themes.model import ThemeModel

STIFFNESS = 0.2  # of the prior beside one decision: that of the regression it was trained with
TOLERANCE = 0.01  # of micro F1, by which a model may seem worse on texts as few as these


@dataclass(frozen=True, slots=True)
class Comparison:
    """Micro F1 of the model in use and of the new one, on texts that neither was moved by."""

    texts: int
    before: float
    after: float

    @property
    def worse(self) -> bool:
        """Whether the new one is worse by more than chance may make it."""
        return self.after < self.before - TOLERANCE


def adapted(model: ThemeModel, decided: Sequence[Labelled]) -> ThemeModel:
    """The model after these decisions; what it says of other texts changes as they share n-grams with them."""
    passages = [features.prepare(one.passage) for one in decided]
    rows = features.matrix(model.weights, model.keywords, passages)
    used = np.unique(rows.indices)
    rows = rows[:, used].tocsr()
    classifiers = {}
    for theme in Theme:
        gold = np.array([theme in one.themes for one in decided], dtype=float)
        fitted = deepcopy(model.classifiers[theme])
        scores = rows @ fitted.coef_[0, used] + fitted.intercept_[0]
        calibrator = model.calibrators[theme]
        slope, shift = float(calibrator.coef_[0, 0]), float(calibrator.intercept_[0])

        def loss(
            change: np.ndarray, scores: np.ndarray = scores, gold: np.ndarray = gold, a: float = slope, b: float = shift
        ) -> tuple[float, np.ndarray]:
            odds = a * (scores + rows @ change[:-1] + change[-1]) + b
            signed = np.where(gold > 0, odds, -odds)
            wrong = a * (expit(odds) - gold)
            cost = float(np.sum(np.logaddexp(0, -signed))) + STIFFNESS / 2 * float(change @ change)
            return cost, np.append(rows.T @ wrong, wrong.sum()) + STIFFNESS * change

        change = minimize(loss, np.zeros(len(used) + 1), jac=True, method="L-BFGS-B").x
        fitted.coef_[0, used] += change[:-1]
        fitted.intercept_ = fitted.intercept_ + change[-1]
        classifiers[theme] = fitted
    return replace(model, classifiers=classifiers, version="")


def compare(old: ThemeModel, new: ThemeModel, texts: Sequence[Labelled]) -> Comparison:
    """Both on the same texts; 0 of none."""
    return Comparison(len(texts), _micro_f1(old, texts), _micro_f1(new, texts))


def _micro_f1(model: ThemeModel, texts: Sequence[Labelled]) -> float:
    if not texts:
        return 0.0
    said = [one.themes for one in model.predict([one.passage for one in texts])]
    gold = np.array([[theme in one.themes for theme in Theme] for one in texts])
    found = np.array([[theme in themes for theme in Theme] for themes in said])
    return multilabel(gold, found, [str(theme) for theme in Theme]).micro.f1
