from __future__ import annotations

from models.records import Theme
from models.themes.explanation import explain
from models.themes.gold import Passage
from models.themes.model import ThemeModel

TEXT = "Projektet har til formål at bygge et biogasanlæg. Bestyrelsen mødes hver tirsdag. Biogasanlæg er fremtiden."


def test_the_words_that_carried_a_theme_are_told_where_they_stand(model: ThemeModel) -> None:
    reasons = explain(model, Passage("Anlæg", TEXT), [Theme.KLIMA_ENERGI])[Theme.KLIMA_ENERGI]
    words = [TEXT[one.start : one.end] for one in reasons]
    assert {"biogasanlæg", "Biogasanlæg"} <= set(words)
    assert not {"tirsdag", "mødes", "Bestyrelsen"} & set(words)
    assert [one.start for one in reasons] == sorted(one.start for one in reasons)
    assert min(one.weight for one in reasons) > 0


def test_nothing_is_told_of_no_theme_or_no_words(model: ThemeModel) -> None:
    assert explain(model, Passage("", TEXT), []) == {}
    assert explain(model, Passage("", " … "), [Theme.KLIMA_ENERGI]) == {Theme.KLIMA_ENERGI: []}
