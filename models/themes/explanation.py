"""Why a theme was given: the words of a text that carried it, with the weight of each in log odds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.records import Theme
from models.themes import features
from models.themes.gold import Passage
from models.themes.model import ThemeModel
from models.themes.passages import MAX_CHARS

MOST = 8  # different words that are told of a theme
LEAST = 0.35  # of the heaviest word's weight

_WORD = re.compile(r"\w[\w\-]*")


@dataclass(frozen=True, slots=True)
class Reason:
    """A word of the text, from `start` to `end`, that spoke for a theme; weights of one theme are comparable."""

    start: int
    end: int
    weight: float


def explain(model: ThemeModel, passage: Passage, themes: Sequence[Theme]) -> dict[Theme, list[Reason]]:
    """For each of the themes the words of `passage.text` that carried it, in the order of the text.

    The classifiers are linear over character n-grams inside words, so that a word's weight is the sum over its n-grams
    of coefficient times rarity, in the text and, for words of the purpose sentence, there too; a hit of a theme's key
    words counts with the mean weight that they have in the text.
    """
    text = passage.text[:MAX_CHARS]
    found = list(_WORD.finditer(text))
    words = sorted({match[0].casefold() for match in found})
    if not words or not themes:
        return {theme: [] for theme in themes}
    stated = {match[0].casefold() for match in _WORD.finditer(features.purpose(text))}
    grams = features.counts(dict.fromkeys(_COLUMNS, words))
    counted = {name: grams[name].multiply(model.weights[name].idf_).tocsr() for name in _COLUMNS}
    told = {}
    for theme in themes:
        weights = dict(zip(words, _weights(model, theme, counted, words, stated), strict=True))
        heaviest = max(weights.values())
        chosen = sorted((word for word in words if weights[word] > max(LEAST * heaviest, 0)), key=lambda w: -weights[w])
        kept = set(chosen[:MOST])
        told[theme] = [
            Reason(match.start(), match.end(), round(float(weights[word]), 3))
            for match in found
            if (word := match[0].casefold()) in kept
        ]
    return told


_COLUMNS = ("purpose", "text")


def _weights(
    model: ThemeModel, theme: Theme, counted: dict[str, Any], words: Sequence[str], stated: set[str]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    parts = {name: np.asarray(model.classifiers[theme][name].coef_)[0] for name in _COLUMNS}
    in_purpose = np.array([word in stated for word in words], dtype=float)
    weights = counted["text"] @ parts["text"] + in_purpose * (counted["purpose"] @ parts["purpose"])
    keyed = np.array([bool(model.keywords.patterns[theme].search(word)) for word in words], dtype=float)
    return np.asarray(weights + keyed * np.abs(weights).mean(), dtype=float)
