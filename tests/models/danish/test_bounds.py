"""The bounds of names."""

from __future__ import annotations

import pytest
from spacy.tokens import Span

from models.danish.bounds import mended
from models.danish.tokens import danish


@pytest.mark.parametrize(
    ("text", "found", "names"),
    [
        ("Hr. Skibelund talte", [(0, 2)], ["Skibelund"]),
        ("v/ Nis C. Bækgaard", [(1, 2), (2, 4)], ["Nis C. Bækgaard"]),
        ("Bo Rye\nAhmed El-Sayed", [(0, 5)], ["Bo Rye", "Ahmed El-Sayed"]),
        ("Lone\nKrogh", [(0, 3)], ["Lone\nKrogh"]),
        ("Bo Rye, Ane Vig", [(0, 2), (3, 5)], ["Bo Rye", "Ane Vig"]),
        ("Dr", [(0, 1)], ["Dr"]),
        ("siger Ane Vig tørt", [(1, 4)], ["Ane Vig"]),
        ("Juan de la Cruz", [(0, 4)], ["Juan de la Cruz"]),
        ("ane vig", [(0, 2)], ["ane vig"]),
        ("Ane + LKH kom", [(0, 3)], ["Ane", "LKH"]),
        ('og "Kaptajn" Børge', [(2, 5)], ["Kaptajn", "Børge"]),
        ('Ane "Tut" Vig', [(0, 5)], ['Ane "Tut" Vig']),
        ("v/ S. Qvist Lund", [(2, 4)], ["S. Qvist Lund"]),
        ("v/ H. C. Qvist", [(3, 4)], ["H. C. Qvist"]),
        ("Karen Rør-\nbæk", [(0, 2), (3, 4)], ["Karen Rør-\nbæk"]),
        ("B Bundgård, Ole – lokal 7", [(0, 2), (3, 4)], ["Bundgård, Ole"]),
        ("Ole\nBundgård, Ane", [(0, 1), (2, 3), (4, 5)], ["Ole", "Bundgård, Ane"]),
        ("Til stede: Bundgård, Ole", [(3, 4), (5, 6)], ["Bundgård", "Ole"]),
    ],
)
def test_a_person_has_the_whole_name_and_no_more(text: str, found: list[tuple[int, int]], names: list[str]) -> None:
    doc = danish()(text)

    told = [one.text for one in mended(Span(doc, *place, label="PER") for place in found)]

    assert told == names


def test_names_of_other_kinds_are_left_as_they_are() -> None:
    doc = danish()("Dr. Oetker\nNorden A/S Nord")
    spans = [Span(doc, 0, 5, label="ORG"), Span(doc, 5, 6, label="LOC")]

    assert list(mended(spans)) == spans


def test_no_mark_stands_around_a_name() -> None:
    doc = danish()("- OPI-Hjulet : vind i sejlet ,")

    assert [one.text for one in mended([Span(doc, 0, 3, label="PROJECT"), Span(doc, 3, 7, label="PROJECT")])] == [
        "OPI-Hjulet",
        "vind i sejlet",
    ]


@pytest.mark.parametrize(
    ("text", "found", "names"),
    [
        ("Nyt om Glade Dage?", [(2, 5)], ["Glade Dage"]),
        ("Industri 7.0 i Øjenhøjde", [(0, 2), (3, 4)], ["Industri 7.0 i Øjenhøjde"]),
        ("Affald Søger Arbejde", [(0, 1), (1, 3)], ["Affald Søger Arbejde"]),
        ("Affald og Arbejde", [(0, 1), (2, 3)], ["Affald", "Arbejde"]),
    ],
)
def test_a_project_has_its_whole_name(text: str, found: list[tuple[int, int]], names: list[str]) -> None:
    doc = danish()(text)

    assert [one.text for one in mended(Span(doc, *place, label="PROJECT") for place in found)] == names


def test_a_heading_that_is_a_field_of_policy_is_no_name() -> None:
    doc = danish()("Turisme : Esbjerg Turisme")

    assert [one.text for one in mended([Span(doc, 0, 1, label="ORG"), Span(doc, 2, 4, label="ORG")])] == [
        "Esbjerg Turisme"
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Odense-firmaet Blæsenborg Sensor ApS", "Blæsenborg Sensor ApS"),
        ("gartneriet Blæsenborg", "Blæsenborg"),
        ("Dansk Stål-leverandøren Blæsenborg Sensor ApS", "Blæsenborg Sensor ApS"),
        ("SOSU-skolen Birkeengen", "SOSU-skolen Birkeengen"),
        ("LP Nordby Kommune", "Nordby Kommune"),
        ("PP12 Blæsenborg", "Blæsenborg"),
        ("Blæsenborg Gruppen v", "Blæsenborg Gruppen"),
        ("Blæsenborg Gruppen i", "Blæsenborg Gruppen"),
        ("Blæsenborg Fonden har ydet", "Blæsenborg Fonden"),
        ("Novozymes-afskalningen Blæsenborg ApS", "Blæsenborg ApS"),
        ("Spilvirksomheden Blæsenborg ApS", "Blæsenborg ApS"),
    ],
)
def test_a_body_has_its_name_without_its_kind_and_place_in_a_list(text: str, name: str) -> None:
    doc = danish()(text)

    assert [one.text for one in mended([Span(doc, 0, len(doc), label="ORG")])] == [name]
