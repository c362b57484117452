"""The claim model in use: a probability for each run of names that it is one of parties, and a threshold.

A logistic regression over what the Danish pipeline, the cues and the structure say of the names; its probabilities are
calibrated by construction, which the card shows (expected calibration error by cross-validation).
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from models.cards import read_card, write_card
from models.paths import CLAIMS

FEATURES = (
    "none",  # log odds that the names play a part, by the Danish pipeline
    "lead",  # probability that they lead
    "funder",  # that they pay
    "others",  # the surest of the other names of the sentence, log odds
    "document",  # the second surest name of the document, log odds
    "cue",  # confidence of the cue that joins names in the sentence
    "denied",  # whether the sentence is of a kind that states no collaboration
    "joins",  # whether its clause says who takes part
    "beside",  # whether the names only say where or with whom something else is
    "stated",  # whether the sentence states their role
    "speaker",  # whether the sentence is someone's words
    "self",  # whether the publisher speaks of itself
    "names",  # logarithm of how many they are
    "known",  # share of bodies of the gazetteer
)
"""What is told of a run of names, in order."""
VERSION = "1"
"""Changes with what a feature means."""
REMEDY = "kør samspil train claims"

Rows = NDArray[np.float64]
"""(runs, FEATURES)"""


@dataclass(frozen=True, slots=True)
class ClaimModel:
    """Decides on runs of names."""

    classifier: Pipeline
    threshold: float

    def probabilities(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """For each run, that its names are parties."""
        if not rows:
            return np.zeros(0)
        return np.asarray(self.classifier.predict_proba(np.asarray(rows, np.float64))[:, 1])


def expected() -> dict[str, Any]:
    """What a card must say."""
    return {"features": list(FEATURES), "version": VERSION}


def save_model(folder: Path, model: ClaimModel, card: Mapping[str, Any]) -> dict[str, Any]:
    """Write the artefact and its card; gives back the card."""
    folder.mkdir(parents=True, exist_ok=True)
    skops.io.dump(model.classifier, folder / "model.skops", compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    return write_card(folder, {**card, **expected(), "threshold": model.threshold})


def load_model(folder: Path = CLAIMS) -> ClaimModel:
    """Read an artefact; raises CardError when it is missing, changed, or made for other features."""
    card = read_card(folder, expected(), "samarbejdsmodellen", REMEDY)
    return ClaimModel(skops.io.load(folder / "model.skops", trusted=[]), float(card["threshold"]))
