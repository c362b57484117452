from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.gazetteer import Body, Gazetteer, GazetteerError, load_gazetteer
from models.identity.names import normalise
from models.identity.organisations import Organisations, Typing, load_typing, resolve_organisations
from models.records import Organisation, Participant, PartnerType, Role

FOLDER = Path(__file__).parents[3] / "data" / "gazetteer"


def body(key: str, name: str, **facts: str) -> Body:
    """A body with a few facts of its own."""
    cells = {field.name: "" for field in fields(Body)} | {"id": key, "name": name, "country": "DK"} | facts
    lists = {column: tuple(filter(None, cells[column].split(";"))) for column in ("aliases", "abbreviations")}
    kind = PartnerType(cells["partner_type"] or "erhvervsfremme")
    return Body(**{**cells, **lists, "partner_type": kind})  # type: ignore[arg-type]


HOUSE = body(
    "vaeksthus", "Væksthus Øst", aliases="Huset;Østhuset", abbreviations="VHØ", region="Sjælland", municipality="Køge",
    cvr="29190658", ror="r", wikidata="Q1", valid_from="2007-01-01", valid_to="2018-12-31",
    successor="erhvervshus;andethus",
)  # fmt: skip
NEXT = body("erhvervshus", "Erhvervshus Øst", successor="sidstehus", valid_from="2019-01-01")
LAST = body("sidstehus", "Sidste Hus")
OTHER = body("andethus", "Andet Hus", aliases="Huset")
KOEGE = body("koege", "Køge Kommune", partner_type="kommune", region="Sjælland", municipality="Køge")
GAZETTEER = Gazetteer((HOUSE, NEXT, LAST, OTHER, KOEGE))
EMPTY = Gazetteer((KOEGE,))


@cache
def loaded() -> Typing:
    """Not handed to the tests of any nights, which would print it."""
    return load_typing(FOLDER, load_gazetteer(FOLDER))


@pytest.fixture
def typing() -> Typing:
    return loaded()


def party(name: str, body_id: str = "", role: Role = Role.PARTNER) -> Participant:
    return Participant(name, role, body_id)


def resolve(
    typing: Typing, *parties: Participant, known: Mapping[str, str] | None = None, gazetteer: Gazetteer = GAZETTEER
) -> Organisations:
    return resolve_organisations(parties, gazetteer, typing, known or {})


# What an organisation is


def test_a_body_becomes_an_organisation_with_its_facts_and_its_successors(typing: Typing) -> None:
    found = resolve(typing, party("Østhuset,", "vaeksthus"), party("Øst-huset", "vaeksthus", Role.LEAD))
    assert found.names.keys() == {"body:vaeksthus", "body:erhvervshus", "body:andethus", "body:sidstehus"}
    ids = {key.removeprefix("body:"): name for key, name in found.names.items()}
    assert found.by_id == {
        ids["vaeksthus"]: Organisation(
            id=ids["vaeksthus"],
            name="Væksthus Øst",
            partner_type=PartnerType.ERHVERVSFREMME,
            region="Sjælland",
            municipality="Køge",
            country="DK",
            cvr="29190658",
            ror="r",
            wikidata="Q1",
            aliases=("Huset", "VHØ", "Øst-huset", "Østhuset"),
            valid_from="2007-01-01",
            valid_to="2018-12-31",
            successor_id=ids["erhvervshus"],
            body_id="vaeksthus",
        ),
        ids["erhvervshus"]: Organisation(
            id=ids["erhvervshus"],
            name="Erhvervshus Øst",
            partner_type=PartnerType.ERHVERVSFREMME,
            country="DK",
            valid_from="2019-01-01",
            successor_id=ids["sidstehus"],
            body_id="erhvervshus",
        ),
        ids["sidstehus"]: Organisation(
            ids["sidstehus"], "Sidste Hus", PartnerType.ERHVERVSFREMME, country="DK", body_id="sidstehus"
        ),
        ids["andethus"]: Organisation(
            ids["andethus"], "Andet Hus", PartnerType.ERHVERVSFREMME, country="DK", aliases=("Huset",),
            body_id="andethus",
        ),
    }  # fmt: skip
    assert list(found.by_id) == sorted(found.by_id)


def test_a_name_of_no_body_becomes_an_organisation_by_the_form_that_most_write(typing: Typing) -> None:
    parties = [
        party("BRDR. HANSEN APS"),
        party("Brdr. Hansen ApS"),
        party("Brdr Hansen ApS"),
        party("BRDR. HANSEN APS"),
    ]
    found = resolve(typing, *parties)
    (key,) = set(found.names.values())
    assert found.names == {"brdr hansen|aps": key}
    assert found.by_id == {
        key: Organisation(
            id=key,
            name="Brdr Hansen ApS",
            partner_type=PartnerType.VIRKSOMHED,
            country="DK",
            aliases=("BRDR. HANSEN APS", "Brdr. Hansen ApS"),
        )
    }
    assert [found.of(one) for one in parties] == [key] * 4


@pytest.mark.parametrize(
    ("name", "kind", "home", "country"),
    [
        ("Produktionsskolen i Greve", "videninstitution", ("Greve", "Sjælland"), "DK"),
        ("VUC Hvidovre-Amager", "videninstitution", ("Hvidovre", "Hovedstaden"), "DK"),
        ("Randers Bryghus ApS", "virksomhed", ("Randers", "Midtjylland"), "DK"),
        ("Bornholms Smagsværksted", "virksomhed", ("Bornholm", "Hovedstaden"), "DK"),
        ("Jobcenter Syd", "kommune", ("", ""), "DK"),
        ("Dansk Glasforbund", "arbejdsmarkedspart", ("", ""), "DK"),
        ("Glasstyrelsen", "stat", ("", ""), "DK"),
        ("Klyngen for Glas", "erhvervsfremme", ("", ""), "DK"),
        ("Malmö kommun", "udenlandsk", ("", ""), ""),
        ("Nordglas", "virksomhed", ("", ""), ""),
        ("Nordglas GmbH", "virksomhed", ("", ""), ""),
        ("Nordglas A/S", "virksomhed", ("", ""), "DK"),
        ("Glasfonden", "virksomhed", ("", ""), ""),
        ("Fonden Glas", "andet", ("", ""), ""),
    ],
)
def test_the_kind_and_the_home_of_an_unknown_name_follow_from_its_words(
    typing: Typing, name: str, kind: str, home: tuple[str, str], country: str
) -> None:
    found = resolve(typing, party(name))
    key = found.of(party(name))
    municipality, region = home
    assert found.by_id == {key: Organisation(key, name, PartnerType(kind), region, municipality, country)}


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("Foreningen Køges Venner", ("Køge", "Sjælland")),
        ("Foreningen Kølges Venner", ("", "")),
        ("Hanstholm Skibsmedie ApS", ("Thisted", "Nordjylland")),
        ("THISTED VARMEFORSYNING", ("Thisted", "Nordjylland")),
        ("KØGES VENNER", ("Køge", "Sjælland")),
        ("Nykøbing Falster Travbane", ("Guldborgsund", "Sjælland")),
        ("Ikast-Brande Erhvervsråd", ("Ikast-Brande", "Midtjylland")),
        ("AOF Østjylland", ("", "Midtjylland")),
        ("Fynsk Landbrug", ("", "Syddanmark")),
        ("Fynsk Landbrug Svendborg", ("Svendborg", "Syddanmark")),
        ("Firmaet for køge", ("", "")),
    ],
)
def test_a_name_tells_its_home_by_the_longest_place_in_it(typing: Typing, name: str, home: tuple[str, str]) -> None:
    assert typing.home(name) == home


def test_a_place_in_no_known_municipality_is_refused() -> None:
    with pytest.raises(GazetteerError, match=r"places\.csv: '.+' ligger i en ukendt kommune"):
        load_typing(FOLDER, GAZETTEER)


# One firm or two


@pytest.mark.parametrize(
    ("parties", "name", "aliases"),
    [
        (["Alfa", "Alfa A/S"], "Alfa", ("Alfa A/S",)),
        (["Alfa A/S", "ALFA", "Alfa a/s"], "Alfa A/S", ("ALFA", "Alfa a/s")),
    ],
)
def test_a_firm_with_and_without_its_legal_form_is_one(
    typing: Typing, parties: Sequence[str], name: str, aliases: tuple[str, ...]
) -> None:
    found = resolve(typing, *map(party, parties))
    (key,) = {found.of(party(written)) for written in parties}
    assert found.by_id == {key: Organisation(key, name, PartnerType.VIRKSOMHED, country="DK", aliases=aliases)}


def test_firms_of_one_name_and_two_legal_forms_are_two_and_the_bare_name_neither(typing: Typing) -> None:
    names = ["Alfa", "Alfa A/S", "Alfa ApS"]
    found = resolve(typing, *map(party, names))
    assert [found.by_id[found.of(party(name))].name for name in names] == names
    assert len(found.by_id) == 3


def test_a_foreign_firm_of_the_same_name_is_another(typing: Typing) -> None:
    found = resolve(typing, party("Alfa"), party("Alfa GmbH"))
    assert sorted(one.name for one in found.by_id.values()) == ["Alfa", "Alfa GmbH"]


# Ids last


def test_names_keep_the_ids_of_earlier_nights(typing: Typing) -> None:
    found = resolve(typing, party("Alfa ApS"), party("Beta"), known={"alfa|aps": "o-old", "gone": "o-gone"})
    assert found.of(party("ALFA APS")) == "o-old"
    assert found.names == {"alfa|aps": "o-old", "gone": "o-gone", "beta": found.of(party("Beta"))}
    assert found.by_id.keys() == {"o-old", found.of(party("Beta"))}


def test_the_next_night_gives_the_same_organisations(typing: Typing) -> None:
    parties = [party("Østhuset", "vaeksthus"), party("Alfa"), party("Alfa A/S"), party("Beta"), party("Huset")]
    first = resolve(typing, *parties)
    second = resolve(typing, *parties, known=first.names)
    assert (second.by_id, second.names) == (first.by_id, first.names)


def test_an_organisation_keeps_its_id_when_it_gets_a_body(typing: Typing) -> None:
    before = resolve(typing, party("Væksthus Øst"), party("Beta"), gazetteer=EMPTY)
    after = resolve(typing, party("Væksthus Øst", "vaeksthus"), party("Beta"), known=before.names)
    for one in (party("Væksthus Øst", "vaeksthus"), party("Væksthus Øst"), party("Beta")):
        assert after.of(one) == before.of(party(one.name))
    assert after.by_id[before.of(party("Væksthus Øst"))].body_id == "vaeksthus"


def test_a_successor_keeps_the_id_of_its_name(typing: Typing) -> None:
    before = resolve(typing, party("Sidste Hus"), gazetteer=EMPTY)
    after = resolve(typing, party("Østhuset", "vaeksthus"), known=before.names)
    assert after.names["body:sidstehus"] == before.of(party("Sidste Hus"))


def test_a_body_does_not_take_the_id_of_a_name_that_two_bodies_bear(typing: Typing) -> None:
    before = resolve(typing, party("Huset"))
    after = resolve(typing, party("Huset"), party("Østhuset", "vaeksthus"), known=before.names)
    assert after.of(party("Huset")) == before.of(party("Huset"))
    assert after.by_id[after.of(party("Huset"))].body_id == ""


def test_a_firm_keeps_its_id_when_its_legal_form_appears(typing: Typing) -> None:
    before = resolve(typing, party("Alfa"))
    after = resolve(typing, party("Alfa"), party("Alfa A/S"), known=before.names)
    assert after.of(party("Alfa")) == after.of(party("Alfa A/S")) == before.of(party("Alfa"))


def test_two_firms_that_appear_at_once_leave_the_bare_name_its_id(typing: Typing) -> None:
    before = resolve(typing, party("Alfa"))
    after = resolve(typing, party("Alfa"), party("Alfa A/S"), party("Alfa ApS"), known=before.names)
    ids = [after.of(party(name)) for name in ("Alfa", "Alfa A/S", "Alfa ApS")]
    assert ids[0] == before.of(party("Alfa"))
    assert len(set(ids)) == 3


def test_a_firm_does_not_take_the_id_that_its_bare_name_gave_to_a_body(typing: Typing) -> None:
    known = {"vaeksthus oest": "o1", "body:vaeksthus": "o1"}
    found = resolve(typing, party("Væksthus Øst A/S"), known=known)
    assert found.of(party("Væksthus Øst A/S")) != "o1"


def test_of_a_body_and_a_firm_that_appear_at_once_the_body_keeps_the_id_of_the_name(typing: Typing) -> None:
    before = resolve(typing, party("Andet Hus"), gazetteer=EMPTY)
    after = resolve(typing, party("Andet Hus", "andethus"), party("Andet Hus A/S"), known=before.names)
    assert after.of(party("Andet Hus", "andethus")) == before.of(party("Andet Hus"))
    assert after.by_id[after.of(party("Andet Hus A/S"))].body_id == ""


def test_a_party_of_a_body_that_the_gazetteer_no_longer_holds_goes_by_its_name(typing: Typing) -> None:
    found = resolve(typing, party("Alfa", "nedlagt"), known={"body:nedlagt": "o-old"})
    key = found.of(party("Alfa", "nedlagt"))
    assert found.by_id == {key: Organisation(key, "Alfa", PartnerType.VIRKSOMHED)}


# Properties

PARTIES = [
    party("Østhuset", "vaeksthus"),
    party("Huset", "vaeksthus", Role.LEAD),
    party("Huset"),
    party("Køge Kommune", "koege"),
    party("Alfa"),
    party("ALFA A/S"),
    party("Alfa a/s"),
    party("Alfa ApS"),
    party("Beta"),
    party("Beta A/S", role=Role.FUNDER),
    party("Gamma (herefter G)"),
    party("Gamma"),
    party("Sidste Hus"),
]
SOME = st.lists(st.sampled_from(PARTIES), max_size=20)


@given(parties=SOME.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))), night=SOME)
def test_the_order_of_participants_does_not_matter(
    parties: tuple[list[Participant], list[Participant]], night: list[Participant]
) -> None:
    known = resolve(loaded(), *night, gazetteer=EMPTY).names
    first, second = (resolve(loaded(), *some, known=known) for some in parties)
    assert first.by_id == second.by_id
    assert first.names == second.names
    assert [first.of(one) for one in PARTIES if one in parties[0]] == [
        second.of(one) for one in PARTIES if one in parties[0]
    ]


@given(nights=st.lists(SOME, min_size=1, max_size=4))
def test_every_participant_of_every_night_has_an_organisation_and_no_body_shares_one(
    nights: list[list[Participant]],
) -> None:
    known: dict[str, str] = {}
    for parties in nights:
        found = resolve(loaded(), *parties, known=known)
        assert {found.of(one) for one in parties} <= found.by_id.keys()
        assert known.items() <= found.names.items()
        bodies = [name for key, name in found.names.items() if key.startswith("body:")]
        assert len(bodies) == len(set(bodies))
        assert {one.successor_id for one in found.by_id.values()} - {""} <= found.by_id.keys()
        assert [key for key, one in found.by_id.items() if key != one.id] == []
        for one in parties:
            if one.body_id:
                assert found.by_id[found.of(one)].body_id == one.body_id
            else:
                stems = {name.partition("|")[0] for name, key in found.names.items() if key == found.of(one)}
                assert normalise(one.name).stem in stems
        known = found.names
