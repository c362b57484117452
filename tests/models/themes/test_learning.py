from __future__ import annotations

import pytest

from models.records import Theme
from models.themes.gold import TRAIN, Labelled, Passage
from models.themes.learning import Comparison, adapted, compare
from models.themes.model import ThemeModel

WORD = "Snurretop"


def judged(*themes: Theme) -> list[Labelled]:
    texts = [f"{WORD} nummer {number} samler kommunen og skolen om {WORD.lower()} i foråret." for number in range(12)]
    return [
        Labelled(Passage(f"{WORD} {at}", text), frozenset(themes), TRAIN, real=True) for at, text in enumerate(texts)
    ]


def test_decisions_move_the_model_on_texts_like_them(model: ThemeModel) -> None:
    unseen = Passage(f"{WORD} igen", f"Nu kommer {WORD.lower()} tilbage med kommunen.")
    before, after = (one.predict([unseen])[0] for one in (model, adapted(model, judged(Theme.TURISME_OPLEVELSER))))
    assert before.probabilities[Theme.TURISME_OPLEVELSER] < 0.5 < after.probabilities[Theme.TURISME_OPLEVELSER]


def test_other_texts_stay_as_they_were(model: ThemeModel, own: list[Labelled]) -> None:
    texts = [one.passage for one in own[:60]]
    before, after = (one.predict(texts) for one in (model, adapted(model, judged(Theme.TURISME_OPLEVELSER))))
    assert sum(one.themes == other.themes for one, other in zip(before, after, strict=True)) >= 57


def test_the_model_that_was_moved_is_another_and_the_old_one_untouched(model: ThemeModel) -> None:
    passage = [judged()[0].passage]
    before = model.probabilities(passage).tolist()
    adapted(model, judged(Theme.KAPITAL_INVESTERING))
    assert model.probabilities(passage).tolist() == before


def test_two_models_are_compared_on_texts_that_neither_learned_from(model: ThemeModel) -> None:
    texts = judged(Theme.TURISME_OPLEVELSER)
    found = compare(model, adapted(model, texts[:9]), texts[9:])
    assert found.texts == 3
    assert found.before < found.after == pytest.approx(1.0)
    assert not found.worse
    assert Comparison(10, 0.9, 0.8).worse
    assert compare(model, model, []) == Comparison(0, 0.0, 0.0)
