"""The claim model: what it learns from judged names, what it takes, and that it loads only with its own features."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from models.cards import CARD, CardError
from models.claims.model import FEATURES, load_model
from models.claims.training import Judged, surest_threshold, train


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of names that are parties where the first feature is large, most of the time."""
    chance = random.Random(3)
    judged = []
    for at in range(400):
        row = [chance.gauss(0, 1) for _ in FEATURES]
        judged.append(Judged(row, row[0] + chance.gauss(0, 0.5) > 0, f"d{at // 5}"))
    made = tmp_path_factory.mktemp("claims")
    train(judged, made, {"name": "x"})
    return made


def test_a_model_is_as_sure_as_it_is_right(folder: Path) -> None:
    model, card = load_model(folder), json.loads((folder / CARD).read_text(encoding="utf-8"))
    rows = [[first] + [0.0] * (len(FEATURES) - 1) for first in (-3.0, 0.0, 3.0)]

    low, middle, high = model.probabilities(rows)

    assert low < 0.05
    assert 0.35 < middle < 0.65
    assert high > 0.95
    assert card["held_out"]["calibration_error"] < 0.1
    assert card["weights"]["none"] == max(card["weights"].values())
    assert list(model.probabilities([])) == []


def test_a_model_made_for_other_features_is_not_loaded(folder: Path, tmp_path: Path) -> None:
    for name in ("model.skops", CARD):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    card = json.loads((tmp_path / CARD).read_text(encoding="utf-8"))
    (tmp_path / CARD).write_text(json.dumps({**card, "features": ["cue"]}), encoding="utf-8")

    with pytest.raises(CardError, match=r"features.*samspil train claims"):
        load_model(tmp_path)


def test_names_are_taken_from_where_enough_of_them_are_parties() -> None:
    chances, gold = np.array([0.9, 0.8, 0.6, 0.4, 0.2]), np.array([True, True, False, True, False])

    assert surest_threshold(chances, gold, 0.75) == pytest.approx(0.21)
    assert surest_threshold(chances, gold, 0.9) == pytest.approx(0.61)
    assert surest_threshold(chances, np.zeros(5, bool), 0.5) == 1.0
