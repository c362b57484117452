"""Persons by one word."""

from __future__ import annotations

import pytest
from spacy.tokens import Span

from models.danish.persons import Persons, signed
from models.danish.tokens import danish


def told(persons: Persons, text: str, *found: tuple[int, int, str], known: str = "") -> list[tuple[str, str]]:
    doc = danish()(text)
    spans = [Span(doc, start, end, label=label, span_id=known) for start, end, label in found]
    return [(one.text, one.label_) for one in persons.among(spans)]


def test_a_name_of_somebody_who_was_named_whole_is_that_person_from_then_on() -> None:
    persons = Persons()

    assert told(persons, "Formand Lene Kvistgrens tale", (1, 3, "PER")) == [("Lene Kvistgrens", "PER")]
    assert told(persons, "Til det sagde Kvistgren nej .", (3, 4, "ORG")) == [("Kvistgren", "PER")]
    assert told(persons, "Vi har Kvistgrens svar .", (2, 3, "PROJECT")) == [("Kvistgrens", "PER")]
    assert told(Persons(), "Vi har Kvistgrens svar .", (2, 3, "PROJECT")) == [("Kvistgrens", "PROJECT")]


def test_a_place_that_somebody_is_called_after_is_a_place() -> None:
    persons = Persons()
    told(persons, "Formand Anders Vejle talte .", (1, 3, "PER"))

    assert told(persons, "Det sker i Vejle .", (3, 4, "LOC")) == [("Vejle", "LOC")]


def test_a_given_name_that_is_taken_for_a_body_is_a_person_and_a_known_body_stays_one() -> None:
    assert told(Persons(), "Det mener Halfdan .", (2, 3, "ORG")) == [("Halfdan", "PER")]
    assert told(Persons(), "Det mener Halfdan .", (2, 3, "ORG"), known="halfdan") == [("Halfdan", "ORG")]
    assert told(Persons(), "Skibet Aurora , projekt Halfdan .", (1, 2, "MISC"), (4, 5, "PROJECT")) == [
        ("Aurora", "MISC"),
        ("Halfdan", "PROJECT"),
    ]


def test_who_has_a_title_is_a_person_from_then_on() -> None:
    persons = Persons()

    assert told(persons, "Derpå kom frk. Kvistgren .", (3, 4, "ORG")) == [("Kvistgren", "PER")]
    assert told(persons, "Kvistgren gik igen .", (0, 1, "ORG")) == [("Kvistgren", "PER")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mødet sluttede kl. 18. Referent: klh", ["klh"]),
        ("Sagsbehandler: KLH, tlf.", ["KLH"]),
        ("Punkt 7 udgik. /klh", ["klh"]),
        ("Punkt 7 udgik. / KLH\nNæste møde", ["KLH"]),
        ("Referat: godkendt", []),
        ("Region/kommune er med", []),
        ("afsnit 3/4 og km/t", []),
    ],
)
def test_who_wrote_it_down_is_told_by_initials(text: str, names: list[str]) -> None:
    assert [one.text for one in signed(danish()(text))] == names
