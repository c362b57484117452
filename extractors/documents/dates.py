"""Dates as Danish pages write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH = (
    r"(?P<month>januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|okt|nov|dec)\.?"
)
_DATE = re.compile(
    r"(?<![\d.,/-])(?:"
    r"(?P<iso>\d{4}-\d{2}-\d{2})(?=T|\D|$)"
    rf"|(?P<day>\d{{1,2}})\.?\s*{_MONTH}\s+(?P<year>\d{{4}})(?!\d)"
    r"|(?P<numbers>\d{1,2}\s?[-./]\s?\d{1,2}\s?[-./ ]\s?\d{4})(?![\d/])"
    r")",
    re.IGNORECASE,
)
_YEARS = range(1900, 2101)
_UPDATED = r"(?:senest|sidst)\s+(?:opdateret|ændret|revideret|redigeret)|opdateret|revideret"
_PUBLISHED = r"oprettet|publiceret|offentliggjort|udgivet|dato|nyhed|pressemeddelelse"
_STAMP = re.compile(
    rf"\W*(?:(?P<updated>{_UPDATED})|(?P<published>{_PUBLISHED}))\b(?:\s+(?:d\.|den|på))?[\s:,|–-]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WEEKDAY = re.compile(r"(?:(?:man|tirs|ons|tors|fre|lør|søn)dag\s*)?(?:d\.|den)?\s*", re.IGNORECASE)
_AFTER_DATE = re.compile(
    r"\W*(?:(?:kl\.?\s*)?\d{1,2}[.:]\d{2}(?:[.:]\d{2})?)?\W*(?:af\b.*)?", re.IGNORECASE | re.DOTALL
)
_LONGEST_STAMP = 120


@dataclass(frozen=True, slots=True)
class Stamp:
    """A line that says nothing but when the page was published or updated."""

    published: date | None = None
    updated: date | None = None
    is_bare: bool = False  # a date alone on its line, which may be that of anything


def find_dates(text: str) -> Iterator[date]:
    """The dates that `text` writes out, in order: 31. august 2011, 31-08-2011, 31.08.2011, 31/8 2011, 2011-08-31."""
    for found in _DATE.finditer(text):
        if day := _date(found):
            yield day


def find_date(text: str) -> date | None:
    """The first date that `text` writes out; None when it has none."""
    return next(find_dates(text), None)


def read_stamp(line: str) -> Stamp | None:
    """What 'Senest opdateret …', 'Oprettet …', 'Publiceret …' or a date alone on its line says; else None.

    A name after it ('af …') belongs to the stamp.
    """
    if len(line) > _LONGEST_STAMP:
        return None
    told = _STAMP.fullmatch(line.strip())
    rest = (told["rest"] if told else line).strip()
    start = _WEEKDAY.match(rest)
    found = _DATE.match(rest, start.end() if start else 0)
    day = _date(found) if found else None
    if found is None or day is None or not _AFTER_DATE.fullmatch(rest, found.end()):
        return None
    return Stamp(updated=day) if told and told["updated"] else Stamp(published=day, is_bare=told is None)


def _date(found: re.Match[str]) -> date | None:
    """None: no day of the calendar, such as 31.02.2011."""
    if found["iso"]:
        year, month, day = (int(part) for part in found["iso"].split("-"))
    elif found["month"]:
        year, month, day = int(found["year"]), _MONTHS.index(found["month"][:3].lower()) + 1, int(found["day"])
    else:
        day, month, year = (int(part) for part in re.findall(r"\d+", found["numbers"]))
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def dates_of(stamps: Iterable[Stamp]) -> tuple[date | None, date | None]:
    """When the stamps say the page was published (the first one, a bare date last) and updated (the latest)."""
    stamps = list(stamps)
    published = [stamp.published for stamp in sorted(stamps, key=lambda stamp: stamp.is_bare) if stamp.published]
    updated = [stamp.updated for stamp in stamps if stamp.updated]
    return (published[0] if published else None), max(updated, default=None)
