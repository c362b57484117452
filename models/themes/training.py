"""Training and evaluation of the theme model on labelled passages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import KFold, cross_val_predict

from models.records import Theme, ThemePrediction
from models.scoring import (
    calibration_bins,
    calibration_error,
    coverage,
    f1_interval,
    lead,
    multilabel,
)
from models.themes import features
from models.themes.gold import TEST, TRAIN, Labelled
from models.themes.keywords import load_keywords
from models.themes.model import KEYWORDS, ThemeModel, calibrated, load_model, save_model

SEED = 2011
FOLDS = 5
REGULARISATION = 5.0  # C of the logistic regressions, by cross-validation between 1 and 10


def train(labelled: Sequence[Labelled], folder: Path, sources: dict[str, str]) -> dict[str, Any]:
    """Fit on the training parts, score on the test parts, write artefact and card; gives back the card.

    `sources` names the files that the labels came from, with their digests.
    """
    training = [one for one in labelled if one.split == TRAIN]
    passages = [features.prepare(one.passage) for one in training]
    keywords = load_keywords(KEYWORDS)
    weights = {
        name: TfidfTransformer(sublinear_tf=True).fit(features.counts(name, texts))
        for name, texts in features.columns(passages).items()
    }
    rows = features.matrix(weights, keywords, passages)
    gold = _indicator(training)
    folds = KFold(FOLDS, shuffle=True, random_state=SEED)
    classifiers, calibrators, thresholds = {}, {}, {}
    for column, theme in enumerate(Theme):
        base = LogisticRegression(C=REGULARISATION, class_weight="balanced", max_iter=5000)
        held = cross_val_predict(base, rows, gold[:, column], cv=folds, method="decision_function")
        calibrators[theme] = LogisticRegression().fit(held.reshape(-1, 1), gold[:, column])
        classifiers[theme] = base.fit(rows, gold[:, column])
        thresholds[theme] = _threshold(calibrated(calibrators[theme], held), gold[:, column])
    model = ThemeModel(weights, classifiers, calibrators, thresholds, keywords, version="")
    card: dict[str, Any] = {
        "name": "Samspils temamodel",
        "licence": "MIT",
        "what": "six themes of Danish texts on regional collaboration, multi-label; logistic regression over character "
        "n-grams of title, purpose sentence and text, and keyword hits; Platt calibration by 5-fold cross-validation",
        "sources": sources,
        "training_passages": len(training),
        "scikit_learn": sklearn.__version__,
        "seed": SEED,
    }
    save_model(folder, model, card)
    return save_model(folder, model, card | {"scores": evaluate(labelled, folder)})


def evaluate(labelled: Sequence[Labelled], folder: Path) -> dict[str, Any]:
    """Scores on the test parts, real rows and own passages apart, the keyword baseline and the majority beside them."""
    model, keywords = load_model(folder), load_keywords(KEYWORDS)
    majority = max(Theme, key=lambda theme: sum(theme in one.themes for one in labelled if one.split == TRAIN))
    result: dict[str, Any] = {}
    for part, real in (("own", False), ("real", True)):
        test = [one for one in labelled if one.split == TEST and one.real is real]
        if not test:
            continue
        gold, passages = _indicator(test), [one.passage for one in test]
        said = model.predict(passages)
        answers: dict[str, Sequence[Collection[Theme]]] = {
            "model": [one.themes for one in said],
            "keywords": [keywords.themes(features.prepare(passage)) for passage in passages],
            "majority": [(majority,) for _ in passages],
        }
        found = {name: _given(themes) for name, themes in answers.items()}
        result[part] = {"passages": len(test)} | {name: _told(gold, one) for name, one in found.items()}
        result[part]["model"] |= _trusted(gold, found["model"], said, model)
        low, high = lead(gold, found["model"], found["keywords"], seed=SEED)
        result[part]["before_keywords"] = [round(low, 3), round(high, 3)]
    return result


def _told(gold: Any, found: Any) -> dict[str, Any]:
    scores = multilabel(gold, found, [str(theme) for theme in Theme])
    low, high = f1_interval(gold, found, seed=SEED)
    return {
        "micro_f1": round(scores.micro.f1, 3),
        "micro_f1_interval": [round(low, 3), round(high, 3)],
        "macro_f1": round(scores.macro_f1, 3),
        "strict": round(float((gold == found).all(axis=1).mean()), 3),  # all themes of a text right, and no other
        "lenient": round(float(((gold & found).any(axis=1) | ~(gold | found).any(axis=1)).mean()), 3),  # one, or none
        "per_theme": {
            name: {"precision": round(one.precision, 3), "recall": round(one.recall, 3), "f1": round(one.f1, 3)}
            for name, one in scores.per_label.items()
        },
    }


def _trusted(gold: Any, found: Any, said: Sequence[ThemePrediction], model: ThemeModel) -> dict[str, Any]:
    """How far the probabilities can be believed, and how much the model can be left alone with."""
    chances = np.array([[one.probabilities[theme] for theme in Theme] for one in said])
    sureness = [min(model.distance(theme, one.probabilities[theme]) for theme in Theme) for one in said]
    settled = np.array([not one.review for one in said])
    kept = multilabel(gold[settled], found[settled], [str(theme) for theme in Theme]).micro
    return {
        "calibration_error": round(calibration_error(chances.ravel(), gold.ravel()), 3),
        "calibration": [
            [round(one, 3), round(share, 3), n] for one, share, n in calibration_bins(chances.ravel(), gold.ravel())
        ],
        "average_precision": {
            str(theme): round(float(average_precision_score(gold[:, at], chances[:, at])), 3)
            for at, theme in enumerate(Theme)
            if gold[:, at].any()
        },
        "coverage_at_95": round(coverage(gold, found, sureness), 3),
        "decided_alone": {"share": round(float(settled.mean()), 3), "precision": round(kept.precision, 3)},
        "confusion": {str(theme): np.sum(found[gold[:, at]], axis=0).tolist() for at, theme in enumerate(Theme)},
    }


def _given(answers: Sequence[Collection[Theme]]) -> Any:
    return np.array([[theme in themes for theme in Theme] for themes in answers])


def _threshold(held: Any, gold: Any) -> float:
    """The probability from which the theme is given: best F1 on passages that the model had not seen, smoothed."""
    candidates = np.arange(0.2, 0.71, 0.02)
    scores = [multilabel(gold[:, None] > 0, held[:, None] >= at, ["theme"]).micro.f1 for at in candidates]
    smooth = np.convolve(np.pad(scores, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    return round(float(candidates[int(np.argmax(smooth))]), 2)


def _indicator(labelled: Sequence[Labelled]) -> Any:
    return np.array([[theme in one.themes for theme in Theme] for one in labelled])
