"""The theme model in use: probabilities for six themes, with thresholds, from an artefact that proves that it fits."""

from __future__ import annotations

import hashlib
import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from models.cards import CardError, read_card, write_card
from models.paths import THEMES, THEMES_WORDS
from models.records import Theme, ThemePrediction
from models.themes import features
from models.themes.gold import Passage
from models.themes.keywords import Keywords, load_keywords

ARTEFACT = THEMES
Floats = NDArray[np.float64]
KEYWORDS = THEMES_WORDS
REMEDY = "kør samspil train themes"
MEANS_NOTHING = 3  # letters; a shorter text has no theme
NAMED = 0.95  # probability, at least, of a theme whose published name stands on a line of its own
_COLUMNS = {theme.danish.casefold(): column for column, theme in enumerate(Theme)}
_AROUND = " \t•*-–·.:;"  # what may stand around a theme's name on its line


@dataclass(frozen=True, slots=True)
class ThemeModel:
    """Answers for batches of passages; `version` names the artefact.

    A classifier a theme and look gives log odds, which a decider of the theme weighs against each other (stacked
    generalisation, Wolpert 1992) into a calibrated probability. `moved`: what reviewers have changed, in log odds.
    """

    weights: Mapping[str, TfidfTransformer]
    classifiers: Mapping[Theme, Mapping[str, LogisticRegression]]
    deciders: Mapping[Theme, LogisticRegression]
    thresholds: Mapping[Theme, float]
    unsure: float  # log odds: a probability nearer than this to its threshold goes to a reviewer
    keywords: Keywords
    version: str
    moved: Mapping[Theme, Floats] = field(default_factory=dict)

    def odds(self, passages: Sequence[Passage]) -> Floats:
        """For each passage and theme the log odds; (n, 6) in the order of Theme."""
        prepared = [features.prepare(passage) for passage in passages]
        texts = features.columns(prepared)
        hits = features.keyword_rows(texts, self.keywords)
        looks = features.matrices(self.weights, hits, texts)
        scores = np.stack([scores_of(self.classifiers[theme], looks) for theme in Theme], axis=1)
        told = features.evidence(scores, hits, prepared)
        found = [self.deciders[theme].decision_function(told[:, at]) for at, theme in enumerate(Theme)]
        for at, theme in enumerate(Theme):
            if theme in self.moved:
                found[at] = found[at] + looks[features.WHOLE] @ self.moved[theme][:-1] + self.moved[theme][-1]
        return np.stack(found, axis=1)

    def probabilities(self, passages: Sequence[Passage]) -> Floats:
        """The same as probabilities."""
        return expit(self.odds(passages)) if passages else np.zeros((0, len(Theme)))

    def predict(self, passages: Sequence[Passage]) -> list[ThemePrediction]:
        """Themes over their thresholds; none for a text without words."""
        rows = self.probabilities(passages)
        for passage, row in zip(passages, rows, strict=True):
            if not _says_something(passage):
                row[:] = 0.0
            lines = {line.strip(_AROUND).casefold() for line in passage.text.splitlines()}
            for name in lines & _COLUMNS.keys():
                row[_COLUMNS[name]] = max(row[_COLUMNS[name]], NAMED)
        return [self._decide(row) for row in rows]

    def distance(self, theme: Theme, probability: float) -> float:
        """How far a probability is from the theme's threshold, in log odds."""
        return abs(_log_odds(probability) - _log_odds(self.thresholds[theme]))

    def _decide(self, row: Floats) -> ThemePrediction:
        values = {theme: round(float(value), 4) for theme, value in zip(Theme, row, strict=True)}
        themes = tuple(theme for theme in Theme if values[theme] >= self.thresholds[theme])
        unsure = any(self.distance(theme, values[theme]) < self.unsure for theme in Theme)
        return ThemePrediction(values, themes, unsure, self.version)


def scores_of(classifiers: Mapping[str, LogisticRegression], looks: Mapping[str, csr_matrix]) -> Floats:
    """Log odds of one theme by each look; (n, LOOKS)."""
    return np.stack([classifiers[name].decision_function(looks[name]) for name in features.LOOKS], axis=1)


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
        "classifiers": {str(theme): dict(looks) for theme, looks in model.classifiers.items()},
        "deciders": {str(theme): one for theme, one in model.deciders.items()},
        "moved": {str(theme): change for theme, change in model.moved.items()},
    }
    skops.io.dump(parts, folder / "model.skops", compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    told = {
        "version": _version(parts),
        "thresholds": {str(theme): value for theme, value in model.thresholds.items()},
        "unsure": model.unsure,
    }
    return write_card(folder, {**card, **expected(), **told})


def load_model(folder: Path = ARTEFACT) -> ThemeModel:
    """Read an artefact; raises CardError when it is missing, changed, or made for other features or labels."""
    card = read_card(folder, expected(), "temamodellen", REMEDY)
    thresholds = dict(card.get("thresholds") or {})
    if set(thresholds) != set(map(str, Theme)) or "unsure" not in card:
        raise CardError(f"temamodellen i {folder} er ikke hel: {REMEDY}")
    parts = skops.io.load(folder / "model.skops", trusted=[])
    return ThemeModel(
        weights=parts["weights"],
        classifiers={theme: parts["classifiers"][str(theme)] for theme in Theme},
        deciders={theme: parts["deciders"][str(theme)] for theme in Theme},
        thresholds={theme: float(thresholds[str(theme)]) for theme in Theme},
        unsure=float(card["unsure"]),
        keywords=load_keywords(KEYWORDS),
        version=_version(parts),
        moved={Theme(theme): change for theme, change in parts["moved"].items()},
    )


def _says_something(passage: Passage) -> bool:
    letters = filter(str.isalpha, chain(passage.title, passage.text[:1000]))
    return next(islice(letters, MEANS_NOTHING, None), None) is not None


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def _version(parts: Mapping[str, Any]) -> str:
    """The version of the model made of these parts."""
    return f"themes-{_weights_digest(parts)[:10]}"


def _weights_digest(parts: Mapping[str, Any]) -> str:
    """The digest of the numbers, the same for two trainings that came to the same; the file holds its date besides."""
    fitted = [parts["classifiers"][str(theme)][name] for theme in Theme for name in features.LOOKS]
    fitted += [parts["deciders"][str(theme)] for theme in Theme]
    numbers = [parts["weights"][name].idf_ for name in sorted(parts["weights"])]
    numbers += [array for one in fitted for array in (one.coef_, one.intercept_)]
    numbers += [parts["moved"][theme] for theme in sorted(parts["moved"])]
    hashed = hashlib.sha256()
    for array in numbers:
        hashed.update(np.asarray(array, dtype="<f8").tobytes())
    return hashed.hexdigest()
