"""Claims compared and joined by the learned decision."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

import pytest

from models.identity.collaborations import Statement, group_claims
from models.identity.likeness import Likeness, pair_keys
from models.identity.linking import linked
from models.identity.model import load_model
from models.identity.pairs import FEATURES, candidates, features, rarity

NIGHT = datetime(2012, 3, 1, tzinfo=UTC)


def stated(claim: str, project: str, parties: str, title: str = "", text: str = "") -> Statement:
    return Statement(claim, f"d{claim}", project, title, frozenset(parties), NIGHT, text, 2012)


@pytest.fixture
def likeness() -> Likeness:
    model = load_model()
    return Likeness(model.claims, model.rare)


CLAIMS = [
    stated("k1", "Vand i Vækst", "abc", "Stort vandprojekt", "Vand i Vækst samler kommuner om renseanlæg."),
    stated("k2", "ViV", "abc", "Nyhedsbrev fra ViV", "Vand i Vækst (ViV) går ind i sit tredje år med renseanlæg."),
    stated("k3", "Vand i Vækst (ViV)", "abc", "Projekter", "Vand i Vækst (ViV): renseanlæg i drift."),
    stated("k4", "Film på Fjorden", "abx", "Filmhus", "Film på Fjorden er et filmhus med biograf."),
]


def test_acronym_and_long_form_of_the_same_parties_are_one_and_another_project_is_not(likeness: Likeness) -> None:
    groups = group_claims(CLAIMS, {}, {}, likeness=likeness).groups

    assert groups["k1"] == groups["k2"] == groups["k3"] != groups["k4"]
    assert len(set(group_claims(CLAIMS, {}, {}).groups.values())) > 2


def test_claims_come_to_the_same_groups_and_ids_in_whatever_order_they_arrive(likeness: Likeness) -> None:
    whole = group_claims(CLAIMS, {}, {}, likeness=likeness)

    for seed in range(200):
        shuffled = random.Random(seed).sample(CLAIMS, len(CLAIMS))
        assert group_claims(shuffled, {}, {}, likeness=likeness) == whole


def test_what_is_told_of_a_pair_does_not_depend_on_its_order() -> None:
    sides = [one.side for one in CLAIMS]
    rare = rarity(sides)

    for left, right in candidates(sides):
        row = features(left, right, rare)
        assert row == features(right, left, rare)
        assert len(row) == len(FEATURES)


def test_only_claims_with_something_in_common_are_compared_and_each_pair_once() -> None:
    sides = [one.side for one in [*CLAIMS, stated("k5", "Andet", "yz")]]
    pairs = [(left.claim_id, right.claim_id) for left, right in candidates(sides)]

    assert len(pairs) == len(set(pairs))
    assert not any("k5" in pair for pair in pairs)
    assert ("k1", "k3") in pairs


def test_every_group_is_in_one_list(likeness: Likeness) -> None:
    sides = [one.side for one in CLAIMS]

    assert sorted(chain(*linked(sides, [0, 1, 1, 2], likeness)[0])) == [0, 1, 2]
    assert linked([], [], likeness) == ([], {})


def test_a_claim_without_words_is_compared_all_the_same(likeness: Likeness) -> None:
    bare = [replace(one, project="", title="", text="", year=0) for one in CLAIMS]

    assert set(group_claims(bare, {}, {}, likeness=likeness).groups) == {one.claim_id for one in CLAIMS}


def test_a_night_works_out_the_pairs_that_are_new_alone_and_comes_to_the_same(
    likeness: Likeness, asked: list[int]
) -> None:
    first = group_claims(CLAIMS[:3], {}, {}, likeness=likeness)
    assert sum(asked) > 0
    asked.clear()
    second = Likeness(likeness.decider, likeness.rare, likeness.met())
    assert group_claims(CLAIMS[:3], {}, {}, likeness=second) == first
    assert sum(asked) == 0
    third = Likeness(likeness.decider, likeness.rare, second.met())
    alone = Likeness(likeness.decider, likeness.rare)
    assert group_claims(CLAIMS, {}, {}, likeness=third) == group_claims(CLAIMS, {}, {}, likeness=alone)
    new = [pair for pair in candidates([one.side for one in CLAIMS]) if "k4" in {one.claim_id for one in pair}]
    assert set(third.met().keys) - set(second.met().keys) == set(pair_keys(new))


def test_a_pair_is_another_when_one_of_its_parties_is() -> None:
    left, right = (one.side for one in CLAIMS[:2])
    other = replace(CLAIMS[1], parties=frozenset("abd")).side
    keys = [int(pair_keys([pair])[0]) for pair in ((left, right), (right, left), (left, other))]
    assert keys[0] == keys[1] != keys[2]
