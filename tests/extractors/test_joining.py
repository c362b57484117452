"""Names joined into collaborations by where the Danish pipeline puts them."""

from __future__ import annotations

import pytest

from extractors.joining import collaborations, near
from extractors.parties import Run
from models.danish.tags import PLACE
from models.records import Participant, Place, Role


def at(*first: float, stretch: int = 1) -> Place:
    return Place(stretch, (*first, *[0.0] * (PLACE - len(first))))


def run(name: str, *places: Place) -> Run:
    return Run(0, 1, (Participant(name, Role.PARTNER),), None, (0.1, 0.9, 0.0, 0.0), places)


def test_names_are_near_by_their_places_and_only_within_what_was_read_at_once() -> None:
    assert near([at(0)], [at(0)]) == pytest.approx(0.953, abs=0.001)
    assert near([at(0)], [at(3)]) == pytest.approx(0.002, abs=0.001)
    assert near([at(0), at(9, stretch=2)], [at(0)]) == near([at(0)], [at(0)])
    assert near([at(0)], [at(0, stretch=2)]) is None
    assert near([at(0, stretch=-1)], [at(0, stretch=-1)]) is None
    assert near([], [at(0)]) is None


def test_near_names_are_of_one_collaboration_and_distant_ones_of_another() -> None:
    runs = [run("A", at(0)), run("B", at(5)), run("C", at(0.3)), run("D", at(5.2, 0.1))]

    assert collaborations(runs) == [[0, 2], [1, 3]]
    assert collaborations(runs[:1]) == [[0]]
    assert collaborations([]) == []


def test_names_that_were_not_read_at_once_go_by_the_parties_that_they_share() -> None:
    runs = [run("A", at(0)), run("B", at(5)), run("A", at(7, stretch=2)), run("C", at(7, stretch=2))]

    assert collaborations(runs) == [[0, 2, 3], [1]]
