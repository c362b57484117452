"""Homes that no source tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.gazetteer import load_gazetteer
from models.identity.homes import placed
from models.identity.organisations import load_typing, resolve_organisations
from models.paths import DATA
from models.records import Claim, Corroboration, Participant, Role

GAZETTEER = load_gazetteer(DATA / "gazetteer")
TYPING = load_typing(DATA / "gazetteer", GAZETTEER)
CLAIM = Claim(
    id="c", document_id="d", source_id="s", title="", project="", participants=(), evidence="", start=0, end=0,
    page=None, context="", forums=(), regions=(), cross_regional=False, international=False, first_year=None,
    last_year=None, basis=Corroboration.FUNDED, confidence=1.0, extractor_version="",
)  # fmt: skip
FIRM = "Kvistgren Pumper"


def claim(*names: str, regions: tuple[str, ...], role: Role = Role.PARTNER, **facts: bool) -> Claim:
    bodies = [(name, GAZETTEER.find(name)) for name in names]
    parties = tuple(Participant(name, role, body.id if body else "") for name, body in bodies)
    return replace(CLAIM, participants=parties, regions=regions, **facts)


def home(name: str, *claims: Claim) -> tuple[str, str, str]:
    parties = [party for one in claims for party in one.participants]
    organisations = resolve_organisations(parties, GAZETTEER, TYPING, {})
    one = placed(organisations, TYPING, claims)[organisations.find(name)]
    return one.region, one.municipality, one.country


def test_a_firm_is_at_home_where_all_that_it_takes_part_in_is() -> None:
    told = [claim(FIRM, "Glas & Garn ApS", regions=("Syddanmark",))] * 2 + [claim(FIRM, regions=())]
    assert home(FIRM, *told) == ("Syddanmark", "", "DK")


def test_bornholm_is_a_municipality_of_the_capital_region() -> None:
    told = home("Kvistgren Daghøjskole", claim("Kvistgren Daghøjskole", regions=("Bornholm",)))
    assert told == ("Hovedstaden", "Bornholm", "DK")


def test_who_takes_part_in_several_regions_is_at_home_in_none() -> None:
    assert home(FIRM, claim(FIRM, regions=("Syddanmark",)), claim(FIRM, regions=("Sjælland",))) == ("", "", "")


@pytest.mark.parametrize(
    "crossing",
    [
        claim(FIRM, regions=("Sjælland",), international=True),
        claim(FIRM, regions=("Sjælland",), cross_regional=True),
        claim(FIRM, "Lunds Universitet", regions=("Sjælland",)),
        claim(FIRM, regions=("Syddanmark", "Sjælland")),
        claim(FIRM, "Københavns Kommune", regions=("Sjælland",)),  # most parties that have a home are elsewhere
        claim(FIRM, "Københavns Kommune", "Ishøj Kommune", "Køge Kommune", regions=("Sjælland",)),
    ],
)
def test_what_crosses_a_border_tells_nothing(crossing: Claim) -> None:
    assert home(FIRM, crossing) == ("", "", "")
    assert home(FIRM, crossing, claim(FIRM, regions=("Syddanmark",))) == ("Syddanmark", "", "DK")


def test_who_gives_money_covers_the_country_or_is_foreign_is_at_home_nowhere() -> None:
    assert home(FIRM, claim(FIRM, regions=("Syddanmark",), role=Role.FUNDER))[0] == ""
    for name in (
        "Kvistgren Danmark",
        "Landsforeningen Kvist",
        "Kvistgrenstyrelsen",
        "Kvistgren GmbH",
        "Kvist University",
    ):
        assert home(name, claim(name, regions=("Syddanmark",)))[0] == ""


def test_a_name_and_the_gazetteer_stand_before_what_is_guessed() -> None:
    assert home("Køge Pumper A/S", claim("Køge Pumper A/S", regions=("Syddanmark",)))[:2] == ("Sjælland", "Køge")
    assert home("Realdania", claim("Realdania", regions=("Syddanmark",)))[0] == GAZETTEER.find("Realdania").region  # type: ignore[union-attr]
