"""Names of parties: coordination, ellipsis, unknown names, collectives; never a person, never a common noun."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from extractors.coordination import elided, parts
from extractors.cues import load_cues
from extractors.parties import Parties, Setting, distinct
from extractors.privacy import load_privacy
from models.danish import load_pipeline
from models.gazetteer import load_gazetteer
from models.records import Mention, MentionLabel, Participant, Role

DATA = Path(__file__).parents[2] / "data"
GAZETTEER = load_gazetteer(DATA / "gazetteer")
PARTIES = Parties(GAZETTEER, load_cues(DATA / "cues.toml"), load_privacy(DATA / "privacy"))


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline("bundled", GAZETTEER)


def mentions(nlp: Language, text: str) -> list[Mention]:
    return [
        Mention("d", one.start_char, one.end_char, one.text, MentionLabel(one.label_), one.ent_id_)
        for one in nlp(text).ents
    ]


def runs(nlp: Language, text: str, on: date | None = None) -> list[list[str]]:
    found = PARTIES.runs(text, mentions(nlp, text), Setting(on))
    return [[party.name for party in run.parties] for run in found]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("DTU, Køge Kommune og klyngen CLEAN mødes.", [["DTU", "Køge Kommune", "CLEAN"]]),
        ("DTU er der, mens Køge Kommune sover.", [["DTU"], ["Køge Kommune"]]),
        ("DTU, mens Køge Kommune", [["DTU"], ["Køge Kommune"]]),
        (
            "Region Nordjylland, Midtjylland og Syddanmark",
            [["Region Nordjylland", "Region Midtjylland", "Region Syddanmark"]],
        ),
        ("Odsherred og Lejre Kommuner", [["Odsherred Kommune", "Lejre Kommune"]]),
        ("DTU, Kornlund Maskiner og Køge Kommune", [["DTU", "Kornlund Maskiner", "Køge Kommune"]]),
        ("Gaarden i Gudhjem, DTU og Køge Kommune", [["Gaarden i Gudhjem", "DTU", "Køge Kommune"]]),
        ("Fra DTU, Køge Kommune og Insero Horsens kom", [["DTU", "Køge Kommune", "Insero Horsens"]]),
        ("DTU, Jens Hansen og Køge Kommune", [["DTU", "Køge Kommune"]]),
        ("DTU, Zerline Oldfuxdatter og Køge Kommune", [["DTU", "Køge Kommune"]]),
        ("DTU, Odense og Køge Kommune", [["DTU", "Køge Kommune"]]),
        ("DTU, Borgerne og Køge Kommune", [["DTU", "Køge Kommune"]]),
        ("Folk i Region Skåne og DTU", [["DTU"]]),
        ("WTSH i Schleswig-Holstein", [["WTSH"]]),
        ("3F Bornholm og LO Sjælland", [["3F Bornholm", "LO Sjælland"]]),
        ("Region Skånes bidrag", [["Region Skåne"]]),
    ],
)
def test_names_of_a_sentence_stand_in_runs(nlp: Language, text: str, names: list[list[str]]) -> None:
    assert runs(nlp, text) == names


def test_what_ellipsis_leaves_of_a_name_is_no_body_of_its_own() -> None:
    text = "Holstebro, Struer og Lemvig Kommuner er med."
    remnants = [
        Mention("d", text.index(name), text.index(name) + len(name), name, MentionLabel.ORG, "")
        for name in ("Holstebro", "Struer", "Lemvig Kommuner")
    ]

    (run,) = PARTIES.runs(text, remnants, Setting())

    assert [party.name for party in run.parties] == ["Holstebro Kommune", "Struer Kommune", "Lemvig Kommune"]


def test_a_run_shares_its_role(nlp: Language) -> None:
    text = "DTU og Køge Kommune medfinansierer det, mens Region Sjælland er projektejer."
    found = PARTIES.runs(text, mentions(nlp, text), Setting())
    assert [[(party.name, party.role) for party in run.parties] for run in found] == [
        [("DTU", Role.FUNDER), ("Køge Kommune", Role.FUNDER)],
        [("Region Sjælland", Role.LEAD)],
    ]


def test_a_collective_is_its_members_that_existed(nlp: Language) -> None:
    assert runs(nlp, "Alle fem regioner mødes.", date(2014, 1, 1)) == [
        ["Region Nordjylland", "Region Midtjylland", "Region Syddanmark", "Region Sjælland", "Region Hovedstaden"]
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Energi og Bygninger Midt", ["Energi og Bygninger Midt"]),
        ("Fonden Energi & Bygninger, Midt", ["Fonden Energi & Bygninger, Midt"]),
        ("DTU Risø Campus", ["DTU Risø Campus"]),
        ("Aarhus Universitet (AU)", ["Aarhus Universitet"]),
        ("Odsherred og Lejre Kommuner", ["Odsherred Kommune", "Lejre Kommune"]),
        ("LO Nordjylland", ["LO Nordjylland"]),
        ("DTU og Køge Kommune", ["DTU", "Køge Kommune"]),
        ("Aalborg Universitet, Institut for Energi", ["Aalborg Universitet"]),
        ("Bremnes Tang AS, Stord", ["Bremnes Tang AS"]),
        ("Interreg Deutschland-Danmark, 60 pct.", ["Interreg Deutschland-Danmark"]),
        ("Nørrevig Værft (udgået)", []),
        ("Jens Hansen", []),
        ("kommunerne i regionen", []),
        ("20,0", []),
    ],
)
def test_an_item_is_one_party_unless_known_names_stand_in_it(nlp: Language, text: str, names: list[str]) -> None:
    found = PARTIES.of_item(text, mentions(nlp, text), Role.PARTNER, Setting())
    assert [party.name for party in found] == names


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("DTU; Køge Kommune (lead partner)", [("DTU", Role.PARTNER), ("Køge Kommune", Role.LEAD)]),
        (
            "DTU, Insero Horsens og Køge Kommune, projektejer",
            [("DTU", Role.PARTNER), ("Insero Horsens", Role.PARTNER), ("Køge Kommune", Role.LEAD)],
        ),
        ("Tradium / Dansk Metal", [("Tradium", Role.PARTNER), ("Dansk Metal", Role.PARTNER)]),
        ("DTU m.fl.", [("DTU", Role.PARTNER)]),
    ],
)
def test_the_value_of_a_key_is_a_list(nlp: Language, text: str, named: list[tuple[str, Role]]) -> None:
    found = PARTIES.of_list(text, mentions(nlp, text), Role.PARTNER)
    assert [(party.name, party.role) for party in found] == named


def test_a_party_keeps_the_strongest_role_and_its_place() -> None:
    told = [
        Participant("A", Role.FUNDER),
        Participant("B", Role.PARTNER),
        Participant("A", Role.PARTNER),
        Participant("b", Role.LEAD),
    ]
    assert distinct(told) == [Participant("A", Role.PARTNER), Participant("B", Role.LEAD)]


def test_a_party_is_told_once_by_its_whole_name() -> None:
    told = [Participant(name, Role.PARTNER) for name in ("NEXT Uddannelse", "NEXT", "Havneforum", "Sandvig Havneforum")]
    assert [party.name for party in distinct(told)] == ["NEXT Uddannelse", "Sandvig Havneforum"]
    two = [Participant(name, Role.PARTNER) for name in ("Sandvig Havn", "Sandvig Skole", "Sandvig")]
    assert len(distinct(two)) == 3  # whose of both?


def test_a_firm_is_one_with_its_legal_form_and_without() -> None:
    bare, whole, other = (Participant(name, Role.PARTNER) for name in ("Xergi", "Xergi A/S", "Xergi ApS"))

    assert distinct([bare, other]) == [other]
    assert distinct([whole, replace(bare, role=Role.LEAD)]) == [replace(whole, role=Role.LEAD)]
    assert distinct([whole, other, bare]) == [whole, other, bare]  # which of both is not told
    assert distinct([bare, foreign := Participant("Xergi GmbH", Role.PARTNER)]) == [bare, foreign]


def test_behind_an_and_another_clause_begins(nlp: Language) -> None:
    text = "Det udføres af Varde Kommune og Esbjerg Havn, og Region Syddanmark har bevilget 2 mio. kr."
    found = PARTIES.runs(text, mentions(nlp, text), Setting())
    assert [[(party.name, party.role) for party in run.parties] for run in found] == [
        [("Varde Kommune", Role.PARTNER), ("Esbjerg Havn", Role.PARTNER)],
        [("Region Syddanmark", Role.FUNDER)],
    ]


def test_ellipsis_is_spelt_out_with_its_place() -> None:
    assert list(elided("I Køge og Greve Kommuner")) == [(2, 6, "Køge Kommune"), (10, 24, "Greve Kommune")]


@given(*[st.text(alphabet="AB abc,;/og", max_size=30)] * 2)
def test_parts_lie_in_order_and_never_cut_a_known_name(before: str, after: str) -> None:
    name = "Klima-, Energi- og Bygningsministeriet"
    text, start = f"{before} {name}{after}", len(before) + 1
    found = list(parts(text, [(start, start + len(name))]))
    assert all(a < b <= c for (a, b), (c, _) in pairwise(found))
    assert all(text[a:b] == text[a:b].strip(" .\t") for a, b in found)
    assert not any(start < edge < start + len(name) for span in found for edge in span)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("A/S P. Jeronimus", "A/S P. Jeronimus"),
        ("Jens M. Montanus Bro ApS", "Jens M. Montanus Bro ApS"),
        ("Svend Bjergmand - El-forretning ApS", "Svend Bjergmand - El-forretning ApS"),
        ("Henrik Leander, Grønne Døre", "Grønne Døre"),
        ("Henrik Leander, Grønne Døre ApS", "Grønne Døre ApS"),
        ("Havneforeningen v. Henrik Leander", "Havneforeningen"),
        ("3 F Bjerget", "3 F Bjerget"),
        ("P. Fournaise A/S", "P. Fournaise A/S"),
        ("Havnehus A/S, per@example.org", "Havnehus A/S"),
        ("Havnehus per@example.org ApS", "Havnehus ApS"),
        ("Havnehus ApS (Henrik Leander, 70000001)", "Havnehus ApS"),
        ("Havnehus A/S, kontakt: Henrik Leander", "Havnehus A/S"),
        ("Havnehus A/S, Afdeling Syd", "Havnehus A/S, Afdeling Syd"),
        ("Havnehus, tlf. 70 00 00 01", "Havnehus"),
        ("Professor , SDU", "SDU"),
        ("Kommunaldirektør i", None),
        ("Kommunaldirektør Henrik Leander", None),
        ("Dr. Henrik Leander", None),
        ("(70 00 00 01)", None),
        ("Oldfux, Henrik", None),
        ("Leandersen Henrik", None),
        ("henrik leandersen", None),
        ("Henrik Leander", None),
        ("HENRIK LEANDER", None),
        ("4 kommuner", None),
        ("Bodil", None),
        ("Bodil ApS", "Bodil ApS"),
    ],
)
def test_a_firm_keeps_its_name_and_a_person_is_no_party(name: str, told: str | None) -> None:
    party = PARTIES.participant(name, Role.PARTNER)
    assert (party.name if party else None) == told


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Odense Kommune (Henrik Leander)", "odense-kommune"),
        ("Odense Kommune, Henrik Leander", "odense-kommune"),
        ("Kommunaldirektør Henrik Leander i Odense Kommune", "odense-kommune"),
        ("Henrik Leander/Region Sjælland", "region-sjaelland"),
        ("Professor , SDU", "syddansk-universitet"),
    ],
)
def test_what_stands_beside_a_person_is_looked_up(name: str, body: str) -> None:
    party = PARTIES.participant(name, Role.PARTNER)
    assert party is not None
    assert party.body_id == body


@pytest.mark.parametrize(
    "text",
    [
        "DTU, direktør Vulla Tornask, og Køge Kommune",
        "DTU, Vulla Tornask, projektleder, og Køge Kommune",
        "DTU, Henrik Tornask og Køge Kommune",
    ],
)
def test_a_person_among_known_bodies_is_no_party(nlp: Language, text: str) -> None:
    assert sorted(name for run in runs(nlp, text) for name in run) == ["DTU", "Køge Kommune"]
