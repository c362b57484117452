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


def test_a_heading_that_is_a_field_of_policy_is_no_name() -> None:
    doc = danish()("Turisme Esbjerg Turisme")

    assert [one.text for one in mended([Span(doc, 0, 1, label="ORG"), Span(doc, 1, 3, label="ORG")])] == [
        "Esbjerg Turisme"
    ]


def test_a_firm_has_its_name_without_its_kind() -> None:
    doc = danish()("Odense-firmaet Blæsenborg Sensor ApS og SOSU-skolen Birkeengen")

    assert [one.text for one in mended([Span(doc, 0, 4, label="ORG"), Span(doc, 5, 7, label="ORG")])] == [
        "Blæsenborg Sensor ApS",
        "SOSU-skolen Birkeengen",
    ]
