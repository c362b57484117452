"""Danish dates."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.documents.dates import Stamp, dates_of, find_date, read_stamp

_DAY = date(2011, 8, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31. august 2011", _DAY),
        ("den 31 Aug. 2011", _DAY),
        ("31-08-2011", _DAY),
        ("31.08.2011", _DAY),
        ("31.8.2011", _DAY),
        ("31/8 2011", _DAY),
        ("31/8-2011", _DAY),
        ("2011-08-31", _DAY),
        ("2011-08-31T10:00:00+02:00", _DAY),
        ("mødet den 23. marts 2021 kl. 10", date(2021, 3, 23)),
        ("31. februar 2011, men 1. maj 2012", date(2012, 5, 1)),
        ("tlf. 31 08 20 11", None),
        ("i 2011", None),
        ("131.08.20112", None),
    ],
)
def test_a_date_is_found(text: str, day: date | None) -> None:
    assert find_date(text) == day


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        ("Senest opdateret\xa0 31-08-2011 af Inga Testesen", Stamp(updated=_DAY)),
        ("Sidst ændret: 31. august 2011 kl. 12.30", Stamp(updated=_DAY)),
        ("Oprettet 31.08.2011", Stamp(published=_DAY)),
        ("Publiceret den 31/8 2011 10:15", Stamp(published=_DAY)),
        ("onsdag den 31. august 2011", Stamp(published=_DAY, is_bare=True)),
        ("Opdateret aftale om molen fra 31. august 2011", None),
        ("31. august 2011 mødtes forummet", None),
        ("Oprettet af havnen", None),
    ],
)
def test_a_stamp_is_a_line_that_says_nothing_else(line: str, stamp: Stamp | None) -> None:
    assert read_stamp(line) == stamp


def test_a_bare_date_counts_only_without_a_stamp() -> None:
    bare = Stamp(published=date(2014, 6, 3), is_bare=True)
    updates = Stamp(updated=date(2012, 1, 2)), Stamp(updated=date(2011, 1, 2))
    assert dates_of([bare]) == (date(2014, 6, 3), None)
    assert dates_of([bare, Stamp(published=_DAY), *updates]) == (_DAY, date(2012, 1, 2))
