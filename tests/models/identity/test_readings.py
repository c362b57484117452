"""The ways in which a written name may be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.identity.names import clean
from models.identity.readings import is_acronym, readings


@pytest.mark.parametrize(
    ("written", "reading"),
    [
        ("Region Sjællands", "Region Sjælland"),
        ("Innovations-fonden", "Innovationsfonden"),
        ("Hj0rring Kommune", "Hjørring Kommune"),
        ("Lyngby-Taarbæk Kom.", "Lyngby-Taarbæk kommune"),
        ("Gate 21s", "Gate 21"),
        ("A11erød Kommune", "Allerød Kommune"),
        ("Handelshøjskolen i Århus (ASB)", "ASB"),
        ("Københavns VUC (tidl. Københavns Voksenuddannelsescenter)", "Københavns Voksenuddannelsescenter"),
        ("MDCE - Maritime Development Center of Europe", "MDCE"),
        ("the City of Copenhagen", "City of Copenhagen"),
        ("3 F", "3 F"),
    ],
)
def test_a_name_is_read_without_what_texts_and_scanners_do_to_it(written: str, reading: str) -> None:
    assert reading in readings(written)


@given(st.text(max_size=60))
def test_the_first_reading_is_the_name_itself_and_none_comes_twice(name: str) -> None:
    told = readings(name)

    assert told[:1] in ([clean(name)], [])
    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    ("short", "long", "fits"),
    [
        ("SDU", "Syddansk Universitet", True),
        ("VIFU", "Videncenter for Fødevareudvikling", True),
        ("IBA", "Teknologisk Institut", False),
        ("Aalborg", "Aalborg Universitet", False),
        ("A", "Aalborg Universitet", False),
    ],
)
def test_letters_that_begin_the_words_of_a_name_abbreviate_it(short: str, long: str, fits: bool) -> None:
    assert is_acronym(short, long) is fits
