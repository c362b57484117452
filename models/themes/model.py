"""The theme model in use: probabilities for six themes, with thresholds, from an artefact that proves that it fits."""

from __future__ import annotations

import hashlib
import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from models.cards import CardError, read_card, write_card
from models.paths import THEMES, THEMES_WORDS
from models.records import Theme, ThemePrediction
from models.themes import features
from models.themes.gold import Passage
from models.themes.keywords import Keywords, load_keywords

ARTEFACT = THEMES
KEYWORDS = THEMES_WORDS
REMEDY = "kør samspil train themes"
UNSURE = 1.0  # log odds: a probability nearer than this to its threshold goes to a reviewer
MEANS_NOTHING = 3  # letters; a shorter text has no theme
NAMED = 0.95  # probability, at least, of a theme whose published name stands on a line of its own


@dataclass(frozen=True, slots=True)
class ThemeModel:
    """Answers for batches of passages; `version` names the artefact."""

    weights: Mapping[str, TfidfTransformer]
    classifiers: Mapping[Theme, LogisticRegression]
    calibrators: Mapping[Theme, LogisticRegression]
    thresholds: Mapping[Theme, float]
    keywords: Keywords
    version: str

    def probabilities(self, passages: Sequence[Passage]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """For each passage and theme a calibrated probability; (n, 6) in the order of Theme."""
        if not passages:
            return np.zeros((0, len(Theme)))
        rows = features.matrix(self.weights, self.keywords, [features.prepare(passage) for passage in passages])
        return np.stack(
            [calibrated(self.calibrators[theme], self.classifiers[theme].decision_function(rows)) for theme in Theme],
            axis=1,
        )

    def predict(self, passages: Sequence[Passage]) -> list[ThemePrediction]:
        """Themes over their thresholds; none for a text without words."""
        rows = self.probabilities(passages)
        for passage, row in zip(passages, rows, strict=True):
            if not _says_something(passage):
                row[:] = 0.0
            for column, theme in enumerate(Theme):
                if any(_is_name(line, theme) for line in passage.text.splitlines()):
                    row[column] = max(row[column], NAMED)
        return [self._decide(row) for row in rows]

    def distance(self, theme: Theme, probability: float) -> float:
        """How far a probability is from the theme's threshold, in log odds."""
        return abs(_log_odds(probability) - _log_odds(self.thresholds[theme]))

    def _decide(self, row: np.ndarray[Any, np.dtype[np.float64]]) -> ThemePrediction:
        values = {theme: round(float(value), 4) for theme, value in zip(Theme, row, strict=True)}
        themes = tuple(theme for theme in Theme if values[theme] >= self.thresholds[theme])
        unsure = any(self.distance(theme, values[theme]) < UNSURE for theme in Theme)
        return ThemePrediction(values, themes, unsure, self.version)


def calibrated(calibrator: LogisticRegression, scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Scores made into probabilities (Platt 1999)."""
    return np.asarray(calibrator.predict_proba(np.asarray(scores).reshape(-1, 1))[:, 1])


def expected() -> dict[str, Any]:
    """What a card must say."""
    return {
        "labels": [str(theme) for theme in Theme],
        "features": features.VERSION,
        "keywords_sha256": hashlib.sha256(KEYWORDS.read_bytes()).hexdigest(),
    }


def save_model(folder: Path, model: ThemeModel, card: Mapping[str, Any]) -> dict[str, Any]:
    """Write the artefact and its card, which names the version that the weights make; gives back the card."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "weights": dict(model.weights),
        "classifiers": {str(theme): one for theme, one in model.classifiers.items()},
        "calibrators": {str(theme): one for theme, one in model.calibrators.items()},
    }
    skops.io.dump(parts, folder / "model.skops", compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    thresholds = {str(theme): value for theme, value in model.thresholds.items()}
    return write_card(folder, {**card, **expected(), "version": _version(parts), "thresholds": thresholds})


def load_model(folder: Path = ARTEFACT) -> ThemeModel:
    """Read an artefact; raises CardError when it is missing, changed, or made for other features or labels."""
    card = read_card(folder, expected(), "temamodellen", REMEDY)
    thresholds = dict(card.get("thresholds") or {})
    if set(thresholds) != set(map(str, Theme)):
        raise CardError(f"temamodellen i {folder} er ikke hel: {REMEDY}")
    parts = skops.io.load(folder / "model.skops", trusted=[])
    return ThemeModel(
        weights=parts["weights"],
        classifiers={theme: parts["classifiers"][str(theme)] for theme in Theme},
        calibrators={theme: parts["calibrators"][str(theme)] for theme in Theme},
        thresholds={theme: float(thresholds[str(theme)]) for theme in Theme},
        keywords=load_keywords(KEYWORDS),
        version=_version(parts),
    )


def _says_something(passage: Passage) -> bool:
    return sum(char.isalpha() for char in passage.title + passage.text[:1000]) > MEANS_NOTHING


def _is_name(line: str, theme: Theme) -> bool:
    return line.strip(" \t•*-–·.:;").casefold() == theme.danish.casefold()


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def _version(parts: Mapping[str, Any]) -> str:
    """The version of the model made of these parts."""
    return f"themes-{_weights_digest(parts)[:10]}"


def _weights_digest(model_parts: Mapping[str, Any]) -> str:
    """The digest of the numbers, the same for two trainings that came to the same; the file holds its date besides."""
    hashed = hashlib.sha256()
    for name in sorted(model_parts["weights"]):
        hashed.update(np.asarray(model_parts["weights"][name].idf_, dtype="<f8").tobytes())
    for kind in ("classifiers", "calibrators"):
        for theme in Theme:
            fitted = model_parts[kind][str(theme)]
            hashed.update(np.asarray(fitted.coef_, dtype="<f8").tobytes())
            hashed.update(np.asarray(fitted.intercept_, dtype="<f8").tobytes())
    return hashed.hexdigest()
