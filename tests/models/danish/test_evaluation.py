"""Scores of a pipeline: what is right, what only overlaps, and texts in other letters."""

from __future__ import annotations

import pytest

from models.danish.evaluation import SPELLINGS, Judged, by_kind, partial, respelt, strict
from models.danish.training.material import Passage
from models.scoring import Score, interval, total

JUDGED = [
    Judged("nyhed", frozenset({(0, 5, "ORG"), (9, 12, "PER")}), frozenset({(0, 5, "ORG"), (9, 11, "PER")})),
    Judged("liste", frozenset({(0, 5, "ORG")}), frozenset({(0, 5, "LOC")})),
]


def test_a_name_is_right_when_it_agrees_in_all_and_in_part_when_it_overlaps() -> None:
    assert (total(strict(JUDGED)), total(partial(JUDGED))) == (Score(1, 2, 2), Score(2, 1, 1))
    assert (total(strict(JUDGED, "PER")), total(partial(JUDGED, "PER"))) == (Score(0, 1, 1), Score(1, 0, 0))
    assert by_kind(JUDGED) == {"liste": Score(0, 1, 1), "nyhed": Score(1, 1, 1)}


@pytest.mark.parametrize(
    ("spelling", "text", "name"),
    [
        ("small letters", "i øens råd", "øens råd"),
        ("capitals", "I ØENS RÅD", "ØENS RÅD"),
        ("ae oe aa", "i Oeens Raad", "Oeens Raad"),
    ],
)
def test_names_are_where_they_were_in_other_letters(spelling: str, text: str, name: str) -> None:
    told = respelt(Passage("p", "nyhed", "test", "i Øens Råd", ((2, 10, "ORG"),)), SPELLINGS[spelling])

    assert (told.text, [told.text[start:end] for start, end, _ in told.spans]) == (text, [name])


def test_the_interval_of_equal_texts_is_a_point_and_of_others_holds_the_score() -> None:
    assert interval([Score(3, 1, 1)] * 8, seed=1) == (0.75, 0.75)
    low, high = interval([Score(3, 0, 0), Score(0, 2, 2)] * 20, seed=1)
    assert low < total([Score(3, 0, 0), Score(0, 2, 2)] * 20).f1 < high
