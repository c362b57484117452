"""Persons, addresses and numbers are masked; bodies and firms are left as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.privacy import CONTACT, PERSON, Privacy, load_privacy

PRIVACY = load_privacy(Path(__file__).parents[2] / "data" / "privacy")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("siger Erasmus Montanus, kontorchef i Region Sjælland", "siger [person], kontorchef i Region Sjælland"),
        ("Spørg projektleder Pernille Leandersdatter.", "Spørg projektleder [person]."),
        ("HANS JENSEN, tlf. 70 00 00 01", "[person], [kontakt]"),
        ("Anne-Mette Lund-Petersen og Peer Degnsen", "[person] og [person]"),
        ("Aftalen er tegnet af J. P. Sørensen.", "Aftalen er tegnet af [person]."),
        ("H.C. Andersen", "[person]"),
        ("Herman von Bremen fra sekretariatet", "[person] fra sekretariatet"),
        ("Referent: Geske Kandestøber.", "Referent: [person]."),
        ("Afbud: Jean de France, Zerline Oldfux.", "Afbud: [person], [person]."),
        (
            "Underskrevet for Region Midtjylland af Zerline Oldfux.",
            "Underskrevet for Region Midtjylland af [person].",
        ),
        ("Skriv til per.degn@example.org eller +45 70 00 00 16.", "Skriv til [kontakt] eller [kontakt]."),
        ("CPR 010100-0000", "CPR [kontakt]"),
        (
            "DTU | Lead Partner | Magdelone Vielgeschrey\nCLEAN | Oldfux von Lakaj",
            "DTU | Lead Partner | [person]\nCLEAN | [person]",
        ),
        ("Ring 7000 0016", "Ring [kontakt]"),
    ],
)
def test_persons_and_contacts_are_masked(text: str, masked: str) -> None:
    assert PRIVACY.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Jens Hansen A/S",
        "Claus Sørensen A/S leverer.",
        "Carl Hansen & Søn",
        "Tømrermester Jens Hansen",
        "Mads Clausens Fond",
        "Anna Klindt Sørensen Museet",
        "C.F. Møller Architects",
        "Danmarks Tekniske Universitet og Region Sachsen",
        "skriver Region Midtjylland i en meddelelse",
        "Deltagere: Region Sjælland, Roskilde Universitet",
        "12.000.000 kr. i 2012-2014, sag 2012-104",
        "EAN 5798000000000",
        "DTU | Business Kolding | Forår 2013 | Økonomisk partner",
    ],
)
def test_bodies_firms_and_sums_are_left(text: str) -> None:
    assert PRIVACY.mask(text) == text


def test_the_span_of_a_known_body_is_left() -> None:
    text = "Peter Madsens Rederi og Peter Madsen"
    assert PRIVACY.mask(text, [(0, 20)]) == "Peter Madsens Rederi og [person]"


def test_a_person_beside_a_body_without_a_comma_is_masked() -> None:
    assert "Jens" not in PRIVACY.mask("Lejre Kommune Jens Hansen Region Sjælland")


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Jens Hansen", True),
        ("Zerline Jeronimusdatter", True),
        ("J. Hansen", True),
        ("Jens Hansen ApS", False),
        ("Bager Hansen", False),
        ("Samsø Energiakademi", False),
        ("Jens", False),
    ],
)
def test_a_party_is_told_from_a_person(name: str, person: bool) -> None:
    assert PRIVACY.is_person(name) is person


@given(st.text(alphabet="abcæøåABCÆØÅ .,:@-0123456789\n", max_size=80))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = PRIVACY.mask(text)
    assert PRIVACY.mask(once) == once


@given(
    st.sampled_from(sorted(PRIVACY.given_names)),
    st.sampled_from(["Hansen", "Holm-Nielsen", "Oldfux"]),
    st.sampled_from(["{}", "Mødet med {} er holdt.", "Kontakt {}, tlf. 70 00 00 01", "{} skriver"]),
)
def test_a_given_name_and_a_surname_never_pass(first: str, last: str, frame: str) -> None:
    name = f"{first.title()} {last}"
    assert last not in PRIVACY.mask(frame.format(name))


def test_marks_are_what_readers_see() -> None:
    assert (PERSON, CONTACT) == ("[person]", "[kontakt]")
    assert isinstance(PRIVACY, Privacy)
