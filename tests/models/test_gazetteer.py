from __future__ import annotations

import csv
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from stdnum.dk import cvr

from models.gazetteer import CODES, COLLECTIVES, Body, Collective, Gazetteer, GazetteerError, load_gazetteer
from models.records import REGIONS, PartnerType

FOLDER = Path(__file__).parents[2] / "data" / "gazetteer"
HEADER = [field.name for field in fields(Body)]
NUTS2 = {"Hovedstaden": "DK01", "Sjælland": "DK02", "Syddanmark": "DK03", "Midtjylland": "DK04", "Nordjylland": "DK05"}
ABOLISHED = "2018-12-31"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(FOLDER)


# What ships


def test_the_six_growth_forums_are_known_with_their_years_and_their_successor(gazetteer: Gazetteer) -> None:
    forums = [body for body in gazetteer if body.partner_type is PartnerType.VAEKSTFORUM]
    assert {body.area: (body.valid_from, body.valid_to, body.successor) for body in forums} == dict.fromkeys(
        REGIONS, ("2006-01-01", ABOLISHED, "danmarks-erhvervsfremmebestyrelse")
    )
    assert len(forums) == 6


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("Vækstforum Nordjylland", "Nordjylland"),
        ("Region Midtjyllands Vækstforum", "Midtjylland"),
        ("Syddansk Vækstforum", "Syddanmark"),
        ("Vækstforum for Region Syddanmark", "Syddanmark"),
        ("Vækstforum Sjælland", "Sjælland"),
        ("VF Sjælland", "Sjælland"),
        ("VÆKSTFORUM HOVEDSTADEN", "Hovedstaden"),
        ("Det regionale vækstforum i hovedstadsregionen", "Hovedstaden"),
        ("Bornholms Vækstforum", "Bornholm"),
        ("Bornholm Growth Forum", "Bornholm"),
    ],
)
def test_a_growth_forum_is_found_by_any_of_its_names(gazetteer: Gazetteer, name: str, area: str) -> None:
    found = gazetteer.find(name)
    assert found is not None
    assert (found.partner_type, found.area) == (PartnerType.VAEKSTFORUM, area)


def test_the_regions_are_known_with_their_years_and_successors(gazetteer: Gazetteer) -> None:
    assert {
        body.name: (body.region, body.valid_from, body.valid_to, body.successor)
        for body in gazetteer
        if body.partner_type is PartnerType.REGION and not body.name.endswith(" Amt")
    } == {
        "Region Nordjylland": ("Nordjylland", "2007-01-01", "", ""),
        "Region Midtjylland": ("Midtjylland", "2007-01-01", "", ""),
        "Region Syddanmark": ("Syddanmark", "2007-01-01", "", ""),
        "Region Sjælland": ("Sjælland", "2007-01-01", "2026-12-31", "region-oestdanmark"),
        "Region Hovedstaden": ("Hovedstaden", "2007-01-01", "2026-12-31", "region-oestdanmark"),
        "Region Østdanmark": ("", "2027-01-01", "", ""),
    }


def test_the_98_municipalities_lie_in_the_region_that_their_code_says(gazetteer: Gazetteer) -> None:
    with (FOLDER / CODES).open(encoding="utf-8", newline="") as file:
        codes = list(csv.DictReader(file))
    assert len(codes) == len({row["code"] for row in codes}) == 98
    assert {body.municipality for body in gazetteer} - {""} <= {row["municipality"] for row in codes}
    homes = {
        body.municipality: body
        for body in gazetteer
        if body.partner_type is PartnerType.KOMMUNE and body.name.endswith("ommune") and body.municipality
    }
    assert {name: NUTS2[body.region] for name, body in homes.items()} == {
        row["municipality"]: row["nuts3"][:4] for row in codes
    }
    assert {body.area for body in gazetteer if body.municipality == "Bornholm"} == {"Bornholm"}


def test_a_home_municipality_lies_in_the_home_region(gazetteer: Gazetteer) -> None:
    regions = {
        body.municipality: body.region
        for body in gazetteer
        if body.partner_type is PartnerType.KOMMUNE and body.name.endswith("ommune")
    }
    wrong = [body.id for body in gazetteer if body.municipality and body.region != regions[body.municipality]]
    assert wrong == []


def test_facts_that_ship_are_well_formed(gazetteer: Gazetteer) -> None:
    assert len(gazetteer.bodies) >= 2500
    assert [body.id for body in gazetteer if body.cvr and not cvr.is_valid(body.cvr)] == []
    assert [body.id for body in gazetteer if len(body.country) not in (0, 2) or not body.country.isascii()] == []
    assert [body.id for body in gazetteer if body.region and body.country != "DK"] == []
    assert [body.id for body in gazetteer if body.valid_to and body.valid_to < body.valid_from] == []
    assert [body.id for body in gazetteer if not body.name.strip()] == []
    assert [body.id for body in gazetteer if body.ror and not body.ror.startswith("https://ror.org/0")] == []
    assert [body.id for body in gazetteer if body.partner_type is PartnerType.UDENLANDSK and body.country == "DK"] == []


def test_a_cvr_number_belongs_to_one_body_at_a_time(gazetteer: Gazetteer) -> None:
    by_number: dict[str, list[Body]] = {}
    for body in gazetteer:
        if body.cvr:
            by_number.setdefault(body.cvr, []).append(body)
    both = [
        (one.id, other.id)
        for bodies in by_number.values()
        for one in bodies
        for other in bodies
        if one.id < other.id and not (one.valid_to and other.valid_from) and not (other.valid_to and one.valid_from)
    ]
    assert both == []


def test_a_successor_begins_when_the_body_ends_or_was_there_before(gazetteer: Gazetteer) -> None:
    for body in gazetteer:
        for successor in filter(None, body.successor.split(";")):
            ends, begins = body.valid_to, gazetteer.bodies[successor].valid_from
            assert not ends or not begins or int(begins[:4]) - int(ends[:4]) <= 1, body.id


def test_no_chain_of_successors_runs_in_a_circle(gazetteer: Gazetteer) -> None:
    for body in gazetteer:
        seen, pending = set(), [body.id]
        while pending:
            for successor in filter(None, gazetteer.bodies[pending.pop()].successor.split(";")):
                assert successor != body.id, body.id
                if successor not in seen:
                    seen.add(successor)
                    pending.append(successor)


def test_every_body_is_found_by_its_own_name_on_a_day_of_its_own(gazetteer: Gazetteer) -> None:
    def found(body: Body) -> Body | None:
        day = body.valid_to or body.valid_from
        return gazetteer.find(body.name, date.fromisoformat(day) if day else None, body.area)

    assert [body.id for body in gazetteer if found(body) is not body] == []


def test_collectives_name_known_bodies(gazetteer: Gazetteer) -> None:
    assert {key: len(one.members) for key, one in gazetteer.collectives.items()} == {
        "vaekstforaene": 6,
        "regionerne": 5,
        "vaeksthusene": 5,
        "erhvervshusene": 6,
        "kkr": 5,
    }
    assert gazetteer.collectives["regionerne"].members == (
        "region-nordjylland",
        "region-midtjylland",
        "region-syddanmark",
        "region-sjaelland",
        "region-hovedstaden",
    )


# Look-up


def body(key: str, name: str, **facts: str) -> Body:
    """A body of a table of its own making."""
    cells = dict.fromkeys(HEADER, "") | {"id": key, "name": name, "partner_type": "erhvervsfremme"} | facts
    lists = {column: tuple(filter(None, cells[column].split(";"))) for column in ("aliases", "abbreviations")}
    return Body(**{**cells, **lists, "partner_type": PartnerType(cells["partner_type"])})  # type: ignore[arg-type]


OLD = body("old", "Væksthus Øst", aliases="Huset", valid_from="2007-01-01", valid_to="2018-12-31", region="Sjælland")
NEW = body("new", "Erhvervshus Øst", aliases="Huset", valid_from="2019-01-01", region="Sjælland")
WEST = body("west", "Huset Vest", aliases="Huset", valid_from="2019-01-01", region="Midtjylland", abbreviations="HV")
ROCK = body("rock", "Klippehuset", aliases="HV", region="Hovedstaden", municipality="Bornholm")
FOUR = Gazetteer((OLD, NEW, WEST, ROCK))


@pytest.mark.parametrize(
    ("name", "on", "area", "found"),
    [
        ("væksthus  øst", None, "", OLD),
        ("Væksthus Øst", date(2024, 1, 1), "Midtjylland", OLD),  # the only one of that name
        ("Huset", None, "", None),
        ("Huset", date(2018, 12, 31), "", OLD),
        ("Huset", date(2019, 1, 1), "", None),
        ("Huset", date(2019, 1, 1), "Midtjylland", WEST),
        ("Huset", date(2019, 1, 1), "Sjælland", NEW),
        ("Huset", date(2019, 1, 1), "Nordjylland", None),
        ("Huset", date(2000, 1, 1), "Midtjylland", WEST),  # nobody's day: the area decides
        ("Huset", None, "Sjælland", None),
        ("HV", None, "Bornholm", ROCK),
        ("HV", None, "Hovedstaden", None),
        ("Ukendt", None, "", None),
        ("", None, "", None),
    ],
)
def test_of_several_bodies_of_a_name_day_and_area_decide(
    name: str, on: date | None, area: str, found: Body | None
) -> None:
    assert FOUR.find(name, on, area) == found


def test_a_body_existed_from_its_first_day_to_its_last() -> None:
    days = [date(2006, 12, 31), date(2007, 1, 1), date(2018, 12, 31), date(2019, 1, 1)]
    assert [OLD.existed(day) for day in days] == [False, True, True, False]
    assert [NEW.existed(day) for day in days] == [False, False, False, True]
    assert [ROCK.existed(day) for day in days] == [True] * 4


# Tables that are wrong

GOOD = "a,Alfa,Alpha;A-huset,,kommune,Sjælland,,DK,,,,2007-01-01,,"


def write(folder: Path, *rows: str, name: str = "huse.csv", header: str = ",".join(HEADER)) -> None:
    (folder / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def test_a_table_is_read_row_by_row(tmp_path: Path) -> None:
    write(tmp_path, GOOD, 'b,"Beta, Hansen og Søn",,B,virksomhed,,,DK,,,,,,a')
    write(tmp_path, "begge,begge; de to,a;b", name=COLLECTIVES, header="id,names,members")
    found = load_gazetteer(tmp_path)
    assert list(found) == [
        body(
            "a", "Alfa", aliases="Alpha;A-huset", partner_type="kommune", region="Sjælland", country="DK",
            valid_from="2007-01-01",
        ),
        body("b", "Beta, Hansen og Søn", abbreviations="B", partner_type="virksomhed", country="DK", successor="a"),
    ]  # fmt: skip
    assert found.collectives == {"begge": Collective("begge", ("begge", "de to"), ("a", "b"))}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (GOOD.replace("Sjælland", "Fyn"), "ukendt region 'Fyn'"),
        (GOOD.replace("kommune", "amt"), "ukendt partner_type 'amt'"),
        (GOOD.replace("2007-01-01", "1.1.2007"), "valid_from skal være en dato som 2007-01-01, ikke '1.1.2007'"),
        (GOOD.replace("2007-01-01", "20070101"), "valid_from skal være en dato som 2007-01-01, ikke '20070101'"),
        (GOOD.replace("2007-01-01", "2007-02-30"), "valid_from skal være en dato som 2007-01-01, ikke '2007-02-30'"),
        (GOOD[:-1], f"en række skal have felterne {', '.join(HEADER)}"),
        (GOOD + ",", f"en række skal have felterne {', '.join(HEADER)}"),
        (GOOD[1:], "id mangler"),
        (GOOD.replace("a,", "b,", 1), "id 'b' findes to gange"),
        (GOOD + "findes-ikke", "'findes-ikke' findes ikke"),
        (GOOD.replace("Alfa", 'Al"fa'), None),
        (GOOD.replace("Alfa", '"Al"fa'), "',' expected after '\"'"),
        (GOOD.replace("Alfa", '"Alfa'), "unexpected end of data"),
    ],
)
def test_a_wrong_row_is_refused_by_file_and_row(tmp_path: Path, row: str, told: str | None) -> None:
    write(tmp_path, GOOD.replace("a,Alfa", "b,Beta"), row)
    if told is None:
        assert [one.id for one in load_gazetteer(tmp_path)] == ["b", "a"]
        return
    with pytest.raises(GazetteerError) as caught:
        load_gazetteer(tmp_path)
    assert str(caught.value) == f"huse.csv, række 3: {told}"


def test_an_id_in_two_tables_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD.replace("Alfa", "Beta"), name="øvrige.csv")
    with pytest.raises(GazetteerError, match=r"^øvrige\.csv, række 2: id 'a' findes to gange$"):
        load_gazetteer(tmp_path)


def test_a_missing_column_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD, header=",".join(HEADER).replace("cvr", "se_nummer"))
    with pytest.raises(GazetteerError, match=r"^huse\.csv, række 2: en række skal have felterne id, name, "):
        load_gazetteer(tmp_path)


def test_a_table_in_another_encoding_is_refused_by_row(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with (tmp_path / "huse.csv").open("ab") as file:
        file.write(GOOD.replace("a,", "ø,", 1).encode("latin-1"))
    with pytest.raises(GazetteerError, match=r"^huse\.csv, række 3: teksten er ikke UTF-8$"):
        load_gazetteer(tmp_path)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("begge,begge", "en række skal have felterne id, names, members"),
        ("begge,begge,a,b", "en række skal have felterne id, names, members"),
        ("begge,begge,a;c", "'c' findes ikke"),
        ("en,en,a", "id 'en' findes to gange"),
    ],
)
def test_a_wrong_collective_is_refused_by_file_and_row(tmp_path: Path, row: str, told: str) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, "en,en,a", row, name=COLLECTIVES, header="id,names,members")
    with pytest.raises(GazetteerError) as caught:
        load_gazetteer(tmp_path)
    assert str(caught.value) == f"{COLLECTIVES}, række 3: {told}"
