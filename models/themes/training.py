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
from models.themes.model import KEYWORDS, ThemeModel, load_model, save_model

SEED = 2011
FOLDS = 5
REGULARISATION = 5.0  # C of the classifiers, by cross-validation between 1 and 20
WEIGHING = 0.5  # C of the deciders
PRECISE = 0.95  # share of themes that are right where the model is left alone
BANDS = np.arange(0.2, 4.01, 0.1)  # log odds, of which one is the half width in which it is not
GIVEN = 0.5  # probability from which a theme is given; chosen thresholds did worse on rows they were not chosen on
CURVE = (0.1, 0.25, 0.5, 1.0)  # shares of the training texts that the learning curve is drawn through


def train(labelled: Sequence[Labelled], folder: Path, sources: dict[str, str]) -> dict[str, Any]:
    """Fit on the training parts, score on the test parts, write artefact and card; gives back the card.

    `sources` names the files that the labels came from, with their digests.
    """
    training = [one for one in labelled if one.split == TRAIN]
    model = fit(training)
    card: dict[str, Any] = {
        "name": "Samspils temamodel",
        "licence": "MIT",
        "what": "six themes of Danish texts on regional collaboration, multi-label: logistic regressions over "
        "character n-grams of title, purpose sentence and text and over keyword hits, weighed by one that is fitted on "
        "what they say of texts they were not fitted on",
        "sources": sources,
        "training_passages": len(training),
        "scikit_learn": sklearn.__version__,
        "seed": SEED,
    }
    save_model(folder, model, card)
    told = {"scores": evaluate(labelled, folder), "learning_curve": learning_curve(labelled)}
    return save_model(folder, model, card | told)


def fit(training: Sequence[Labelled]) -> ThemeModel:
    """The model of these texts."""
    passages = [features.prepare(one.passage) for one in training]
    keywords, gold = load_keywords(KEYWORDS), _indicator(training)
    texts = features.columns(passages)
    counted = features.counts(texts)
    weights = {name: TfidfTransformer(sublinear_tf=True).fit(one) for name, one in counted.items()}
    hits = features.keyword_rows(texts, keywords)
    looks = features.matrices(weights, hits, texts)
    folds = KFold(FOLDS, shuffle=True, random_state=SEED)
    classifiers, held = {}, []
    for column, theme in enumerate(Theme):
        fitted = {name: _classifier().fit(looks[name], gold[:, column]) for name in features.LOOKS}
        unseen = [
            cross_val_predict(_classifier(), looks[name], gold[:, column], cv=folds, method="decision_function")
            for name in features.LOOKS
        ]
        classifiers[theme] = fitted
        held.append(np.stack(unseen, axis=1))
    told = features.evidence(np.stack(held, axis=1), hits, passages)
    deciders, odds = {}, []
    for column, theme in enumerate(Theme):
        decider = LogisticRegression(C=WEIGHING, max_iter=5000)
        unseen = cross_val_predict(decider, told[:, column], gold[:, column], cv=folds, method="decision_function")
        deciders[theme] = decider.fit(told[:, column], gold[:, column])
        odds.append(unseen)
    unsure = _band(np.stack(odds, axis=1), gold)
    thresholds = dict.fromkeys(Theme, GIVEN)
    return ThemeModel(weights, classifiers, deciders, thresholds, unsure, keywords, version="")


def learning_curve(labelled: Sequence[Labelled]) -> list[list[float]]:
    """How many texts were learned from, and the macro average precision on all test texts after that."""
    training = [one for one in labelled if one.split == TRAIN]
    test = [one for one in labelled if one.split == TEST]
    order = np.random.default_rng(SEED).permutation(len(training))
    curve: list[list[float]] = []
    for share in CURVE:
        some = [training[at] for at in order[: round(share * len(training))]]
        if all(_indicator(some).sum(axis=0) >= FOLDS):
            chances = fit(some).probabilities([one.passage for one in test])
            macro = average_precision_score(_indicator(test), chances, average="macro")
            curve.append([len(some), round(float(macro), 3)])
    return curve


def _classifier() -> LogisticRegression:
    return LogisticRegression(
        C=REGULARISATION, class_weight="balanced", solver="liblinear", max_iter=1000, random_state=SEED
    )


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


def _band(odds: Any, gold: Any) -> float:
    """How near a threshold a theme may not be for the model to be left alone: the least that makes it PRECISE there."""
    given = odds >= 0
    for band in BANDS:
        alone = (abs(odds) >= band).all(axis=1)
        if given[alone].any() and gold[alone][given[alone]].mean() >= PRECISE:
            return round(float(band), 2)
    return round(float(BANDS[-1]), 2)


def _indicator(labelled: Sequence[Labelled]) -> Any:
    return np.array([[theme in one.themes for theme in Theme] for one in labelled])
