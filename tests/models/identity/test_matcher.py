"""Names matched against the gazetteer that ships: by their readings, by likeness, and never where a word differs."""

from __future__ import annotations

from datetime import date

import pytest

from models.gazetteer import Gazetteer, load_gazetteer
from models.identity.matcher import Matcher, lexicon_of
from models.identity.matching import FEATURES, features
from models.identity.model import load_model
from models.identity.organisations import load_typing
from models.paths import DATA
from models.records import PartnerType


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(DATA / "gazetteer")


@pytest.fixture(scope="module")
def matcher(gazetteer: Gazetteer) -> Matcher:
    return Matcher(gazetteer, load_typing(DATA / "gazetteer", gazetteer), load_model().names)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Region Sjællands", "region-sjaelland"),
        ("Hj0rring Kommune", "hjoerring-kommune"),
        ("Fyn Bus", "fynbus"),
        ("Silkeborg Tekniske Skole", "silkeborg-tekniske-skole"),
        ("Tekniske Skole Silkeborg", "silkeborg-tekniske-skole"),
        ("Teknologisk Instituts", "teknologisk-institut"),
        ("Grønt Center, Holeby", "groent-center"),
        ("Fiskeri- og Søfartsmuseet, Esbjerg i Esbjerg", "fiskeri-og-soefartsmuseet"),
    ],
)
def test_the_readings_of_a_name_name_its_body(matcher: Matcher, name: str, body: str) -> None:
    found = matcher.read(name)

    assert found is not None
    assert found.id == body
    assert matcher.match([name])[name].sure


def test_a_name_that_means_another_body_by_its_day_is_that_one(matcher: Matcher) -> None:
    before, after = (matcher.read("UCL", date(year, 7, 1)) for year in (2013, 2020))

    assert before is not None
    assert after is not None
    assert (before.id, after.id) == ("university-college-lillebaelt", "ucl-erhvervsakademi-og-professionshoejskole")


@pytest.mark.parametrize(
    "name",
    [
        "Tørring Daghøjskole",
        "Dansk Metal, Skive afdeling",
        "Frit Oplysningsforbund i Århus",
        "Viborg Havneforum",
        "3F Rømø",
    ],
)
def test_a_name_with_a_word_of_its_own_is_never_surely_another_body(matcher: Matcher, name: str) -> None:
    match = matcher.match([name]).get(name)

    assert match is None or not match.sure


def test_a_night_matches_the_names_that_are_new_alone_and_comes_to_the_same(
    gazetteer: Gazetteer, asked: list[int]
) -> None:
    typing, decider = load_typing(DATA / "gazetteer", gazetteer), load_model().names
    names = ["Viborg Havneforum", "Borntek Industri A/S", "BornTek Industri", "Hj0rring Kommune"]
    first = Matcher(gazetteer, typing, decider)
    found = first.match(names[:3])
    assert sum(asked) > 0
    asked.clear()
    second = Matcher(gazetteer, typing, decider, first.meanings)
    assert second.match(names[:3]) == found
    assert sum(asked) == 0
    assert second.match(names) == Matcher(gazetteer, typing, decider).match(names)


def test_a_slip_in_the_only_word_that_tells_is_seen(matcher: Matcher) -> None:
    match = matcher.match(["Grudnfos"]).get("Grudnfos")

    assert match is not None
    assert match.body_id == "grundfos-a-s"


def test_new_names_are_one_where_only_spelling_parts_them(matcher: Matcher) -> None:
    names = [
        "Borntek Industri A/S",
        "BornTek Industri",
        "Borntek Holding ApS",
        "Lindtoft Robotics",
        "Lindtoft Robotter",
    ]

    assert matcher.alike(names) == [("BornTek Industri", "Borntek Industri A/S")]
    assert matcher.alike([]) == []
    assert matcher.match([]) == {}


def test_what_is_told_of_a_pair_does_not_depend_on_its_order(gazetteer: Gazetteer) -> None:
    lexicon, kinds = lexicon_of(gazetteer), (PartnerType.KOMMUNE, PartnerType.VIRKSOMHED)
    row = features("Køge Kommune", "Køge Kyst P/S", lexicon, kinds)

    assert row == features("Køge Kyst P/S", "Køge Kommune", lexicon, kinds[::-1])
    assert len(row) == len(FEATURES)
    assert row[FEATURES.index("each")] == 1
