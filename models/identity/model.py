"""The identity model in use: how probably two names are of one body, and two claims of one collaboration.

Two gradient boosted classifiers over what `matching` and `pairs` say of a pair, each with the probability from which
a pair is the same; between that and a lower one, a person is asked.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from models.cards import read_card, write_card
from models.identity import matching, pairs
from models.identity.pairs import Rarity
from models.paths import IDENTITY
from models.records import digest

VERSION = "2"
"""Changes with what a feature means."""
REMEDY = "kør samspil train identity"
NAMES, CLAIMS, RARITY = "names", "claims", "rarity.json"
TRUSTED = ["sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"]
"""A file with these could make it read out of bounds; so only one that the card's digest knows is loaded."""


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides on pairs: `same` from this probability on, `ask` from that."""

    classifier: HistGradientBoostingClassifier
    same: float
    ask: float

    def probabilities(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """For each pair, that it is one."""
        if not len(rows):
            return np.zeros(0)
        return np.asarray(self.classifier.predict_proba(np.asarray(rows, np.float64))[:, 1])


@dataclass(frozen=True, slots=True)
class IdentityModel:
    """Decides on names of bodies, and on claims, by how rare what they share is."""

    names: Decider
    claims: Decider
    rare: Rarity
    version: str = ""  # of what decides on claims


def expected() -> dict[str, Any]:
    """What a card must say."""
    return {"features": {NAMES: list(matching.FEATURES), CLAIMS: list(pairs.FEATURES)}, "version": VERSION}


def save_model(folder: Path, model: IdentityModel, card: Mapping[str, Any]) -> dict[str, Any]:
    """Write the artefact and its card; gives back the card."""
    folder.mkdir(parents=True, exist_ok=True)
    deciders = {NAMES: model.names, CLAIMS: model.claims}
    for name, one in deciders.items():
        path = folder / f"{name}.skops"
        skops.io.dump(one.classifier, path, compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    counts = {name: getattr(model.rare, name) for name in Rarity.__slots__}
    (folder / RARITY).write_text(json.dumps(counts, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    thresholds = {name: {"same": one.same, "ask": one.ask} for name, one in deciders.items()}
    return write_card(folder, {**card, **expected(), "thresholds": thresholds})


def load_model(folder: Path = IDENTITY) -> IdentityModel:
    """Read an artefact; raises CardError when it is missing, changed, or made for other features."""
    card = read_card(folder, expected(), "identitetsmodellen", REMEDY)
    names, claims = (
        Decider(skops.io.load(folder / f"{name}.skops", trusted=TRUSTED), **card["thresholds"][name])
        for name in (NAMES, CLAIMS)
    )
    rare = Rarity(**json.loads((folder / RARITY).read_text(encoding="utf-8")))
    return IdentityModel(names, claims, rare, digest(*(card["files"][name] for name in (f"{CLAIMS}.skops", RARITY))))
