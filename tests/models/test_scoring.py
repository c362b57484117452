from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score, precision_score, recall_score

from models.scoring import (
    Score,
    Scores,
    calibration_bins,
    coverage,
    f1_interval,
    krippendorff_alpha,
    lead,
    multilabel,
)

LABELS = ("a", "b", "c")
GOLD = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 1, 0]], dtype=bool)
FOUND = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0], [0, 1, 0]], dtype=bool)


def test_right_wrong_and_missed_are_counted_for_each_label_and_together() -> None:
    assert multilabel(GOLD, FOUND, LABELS) == Scores(
        micro=Score(3, 1, 1), per_label={"a": Score(2, 0, 0), "b": Score(1, 1, 1), "c": Score(0, 0, 0)}
    )


def test_precision_recall_and_f1_follow_from_the_counts() -> None:
    score = Score(right=6, wrong=2, missed=6)
    assert (score.precision, score.recall, score.f1) == (0.75, 0.5, 0.6)


@pytest.mark.parametrize("score", [Score(0, 0, 0), Score(0, 3, 0), Score(0, 0, 3), Score(0, 2, 2)])
def test_nothing_right_scores_zero(score: Score) -> None:
    assert (score.precision, score.recall, score.f1) == (0.0, 0.0, 0.0)


def test_labels_that_gold_does_not_hold_are_left_out_of_the_macro_mean() -> None:
    assert multilabel(GOLD, FOUND, LABELS).macro_f1 == (1.0 + 0.5) / 2
    nothing = np.zeros((4, 3), dtype=bool)
    assert multilabel(nothing, FOUND, LABELS).macro_f1 == 0.0


@given(arrays(bool, (7, 3)), arrays(bool, (7, 3)))
def test_scores_are_those_of_scikit_learn(gold: np.ndarray, found: np.ndarray) -> None:
    scores = multilabel(gold, found, LABELS)
    known = {"average": "micro", "zero_division": 0.0}
    assert scores.micro.precision == pytest.approx(precision_score(gold, found, **known))
    assert scores.micro.recall == pytest.approx(recall_score(gold, found, **known))
    assert scores.micro.f1 == pytest.approx(f1_score(gold, found, **known))
    supported = [at for at in range(3) if gold[:, at].any()]
    each = f1_score(gold, found, average=None, zero_division=0.0)
    assert scores.macro_f1 == pytest.approx(float(np.mean(each[supported])) if supported else 0.0)


def test_the_interval_holds_the_score_and_follows_the_seed() -> None:
    gold, found = np.tile(GOLD, (10, 1)), np.tile(FOUND, (10, 1))
    low, high = f1_interval(gold, found, seed=1)
    assert 0.0 < low < multilabel(gold, found, LABELS).micro.f1 < high < 1.0
    assert f1_interval(gold, found, seed=1) == (low, high)
    assert f1_interval(gold, found, seed=2) != (low, high)
    narrow = f1_interval(gold, found, seed=1, level=0.5)
    assert low < narrow[0] < narrow[1] < high


@given(st.integers(0, 100))
@settings(max_examples=10)
def test_the_interval_of_a_faultless_answer_has_no_width(seed: int) -> None:
    gold = np.ones((3, 2), dtype=bool)
    assert f1_interval(gold, gold, seed) == (1.0, 1.0)


def test_coverage_is_the_largest_share_of_the_surest_that_is_precise_enough() -> None:
    gold = np.array([[True], [True], [False], [True]])
    found = np.array([[True], [True], [True], [True]])
    assert coverage(gold, found, [4, 3, 2, 1], precision=1.0) == 0.5
    assert coverage(gold, found, [4, 3, 2, 1], precision=0.75) == 1.0
    assert coverage(~found, found, [1, 2, 3, 4], precision=0.5) == 0.0


def test_calibration_bins_hold_mean_chance_share_and_count() -> None:
    assert calibration_bins([0.05, 0.15, 0.19, 1.0], [0, 0, 1, 1]) == [
        (0.05, 0.0, 1),
        (pytest.approx(0.17), 0.5, 2),
        (1.0, 1.0, 1),
    ]


def test_the_lead_of_one_answer_over_another_is_an_interval() -> None:
    gold = np.array([[True], [False]] * 30)
    low, high = lead(gold, gold, np.zeros_like(gold), seed=1)
    assert (low, high) == (1.0, 1.0)
    low, high = lead(gold, gold, gold, seed=1)
    assert (low, high) == (0.0, 0.0)


def test_krippendorffs_alpha_of_his_own_example() -> None:
    """Nominal data of two readers, Krippendorff 2011, section A."""
    one = ["a", "a", "b", "b", "d", "c", "c", "c", "e", "d", "d", "a"]
    other = ["b", "a", "b", "b", "b", "c", "c", "c", "e", "d", "d", "d"]
    assert krippendorff_alpha(zip(one, other, strict=True)) == pytest.approx(0.692, abs=0.001)
    assert krippendorff_alpha([("a",)]) is None
    assert krippendorff_alpha([("a", "a"), ("a", "a")]) == 1.0
