"""The gold of identity, and how it is measured."""

from __future__ import annotations

from collections import Counter

from models.gazetteer import load_gazetteer
from models.identity.evaluation import b_cubed, by_name, grouped, judged, known_kinds
from models.identity.gold import JudgedPair, Kind, Named, read_claims, read_kinds, read_pairs
from models.identity.organisations import load_typing
from models.paths import DATA
from models.records import REGIONS, PartnerType

GOLD = DATA / "gold"


def test_the_pairs_are_whole() -> None:
    pairs = read_pairs(GOLD / "organisations.jsonl")

    assert len({pair.id for pair in pairs}) == len(pairs) == 1400
    assert {pair.judgement for pair in pairs} == {"same", "different", "unsure"}
    assert {pair.split for pair in pairs} == {"train", "test"}


def test_the_claims_are_whole_and_no_group_is_in_two_parts() -> None:
    claims = read_claims(GOLD / "collaborations.jsonl")
    splits = {(claim.group, claim.split) for claim in claims}

    assert len({claim.id for claim in claims}) == len(claims) == 1050
    assert len(splits) == len({claim.group for claim in claims}) == 430
    assert Counter(claim.split for claim in claims)["test"] == 108


def test_kinds_and_homes_are_those_of_the_names() -> None:
    gazetteer = load_gazetteer(DATA / "gazetteer")
    typing = load_typing(DATA / "gazetteer", gazetteer)
    kinds = read_kinds(GOLD / "organisation-kinds.csv")
    assert {one.home for one in kinds} == {*REGIONS, "-", "?"}
    assert {one.partner_type for one in kinds} <= set(PartnerType)
    told = [
        Kind("Køge Kommune", "kommune", "Sjælland"),
        Kind("Rønne Glasværk A/S", "virksomhed", "Bornholm"),
        Kind("Glas A/S", "stat", "Sjælland"),
        Kind("Glasstyrelsen", "stat", "-"),
    ]

    assert known_kinds(told, by_name(gazetteer, typing)) == {
        "partner_type": 0.75,
        "home": 0.6667,
        "home_precision": 1.0,
    }


def test_what_people_are_unsure_of_counts_neither_way() -> None:
    left, right = Named("A", None, ""), Named("B", None, "")
    pairs = [JudgedPair(str(at), left, right, told) for at, told in enumerate(("same", "different", "unsure", "same"))]

    found = judged(pairs, lambda _left, _right: True)

    assert (found["precision"], found["recall"]) == (0.6667, 1.0)


def test_a_grouping_is_measured_by_its_members_and_its_pairs() -> None:
    gold = {"a": "1", "b": "1", "c": "2", "d": "2"}

    assert b_cubed(gold, gold)["f1"] == 1
    assert b_cubed(gold, dict.fromkeys(gold, "x")) == {"f1": 0.6667, "precision": 0.5, "recall": 1.0}
    found = grouped(gold, {"a": "1", "b": "2", "c": "3", "d": "3"})
    assert found["b_cubed"] == {"f1": 0.8571, "precision": 1.0, "recall": 0.75}
    assert (found["pairwise"]["precision"], found["pairwise"]["recall"]) == (1.0, 0.5)
