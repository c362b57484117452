"""The theme model moved towards what reviewers decided, as far as they speak, and no further.

For each theme the change of its log odds is found, linear in the features, that makes the decisions likeliest while
staying small: logistic regression with a Gaussian prior around what the model was (Chelba & Acero 2006). So the texts
that it came from are not needed, and a few decisions change it a little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit

from models.records import Theme
from models.scoring import multilabel
from models.themes import features
from models.themes.gold import Labelled
from models.themes.model import Floats, ThemeModel

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
    passages = [one.passage for one in decided]
    prepared = [features.prepare(passage) for passage in passages]
    texts = features.columns(prepared)
    rows = features.matrices(model.weights, features.keyword_rows(texts, model.keywords), texts)[features.WHOLE]
    used, before = np.unique(rows.indices), model.odds(passages)
    known = rows[:, used].tocsr()
    moved = {}
    for at, theme in enumerate(Theme):
        gold = np.array([theme in one.themes for one in decided], dtype=float)
        change = _change(known, before[:, at], gold)
        whole = np.array(model.moved.get(theme, np.zeros(rows.shape[1] + 1)))
        whole[used] += change[:-1]
        whole[-1] += change[-1]
        moved[theme] = whole
    return replace(model, moved=moved, version="")


def _change(rows: csr_matrix, before: Floats, gold: Floats) -> Floats:
    """The weights, and last the constant, to add to the log odds `before`."""

    def loss(change: Floats) -> tuple[float, Floats]:
        odds = before + rows @ change[:-1] + change[-1]
        wrong = expit(odds) - gold
        cost = float(np.sum(np.logaddexp(0, np.where(gold > 0, -odds, odds)))) + STIFFNESS / 2 * float(change @ change)
        return cost, np.append(rows.T @ wrong, wrong.sum()) + STIFFNESS * change

    return np.asarray(minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B").x)


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
