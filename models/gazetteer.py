"""Bodies known by name: what each is, where it is at home, and when it existed; the tables in data/gazetteer."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TypeVar

from models.errors import SamspilError
from models.identity.names import normalise
from models.records import REGIONS, PartnerType, area_of

T = TypeVar("T")

COLLECTIVES = "collectives.csv"
CODES, PLACES = "municipality_codes.csv", "places.csv"
"""Tables of the folder that hold no bodies."""


class GazetteerError(SamspilError):
    """A row of the gazetteer is wrong; says file, row, and what was expected."""


@dataclass(frozen=True, slots=True)
class Body:
    """One body of the gazetteer; dates are ISO text, "" where open or unknown."""

    id: str
    name: str
    aliases: tuple[str, ...]
    abbreviations: tuple[str, ...]
    partner_type: PartnerType
    region: str
    municipality: str
    country: str
    cvr: str
    ror: str
    wikidata: str
    valid_from: str
    valid_to: str
    successor: str

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the body goes by."""
        return (self.name, *self.aliases, *self.abbreviations)

    @property
    def area(self) -> str:
        """The growth forum's area that the body is at home in: its region, or Bornholm."""
        return area_of(self.municipality, self.region)

    def existed(self, on: date) -> bool:
        """Whether the body existed on that day, as far as its dates are known."""
        day = on.isoformat()
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Collective:
    """A closed set of bodies that a plural names: "vækstforaene" are the six growth forums."""

    id: str
    names: tuple[str, ...]
    members: tuple[str, ...]  # body ids


class Gazetteer:
    """Look-up of bodies by id and by name."""

    def __init__(self, bodies: tuple[Body, ...], collectives: tuple[Collective, ...] = ()) -> None:
        self.bodies = {body.id: body for body in bodies}
        self.collectives = {collective.id: collective for collective in collectives}
        self.forums = tuple(body for body in bodies if body.partner_type is PartnerType.VAEKSTFORUM)
        self._by_key: dict[str, list[Body]] = defaultdict(list)
        for body in bodies:
            for key in sorted({normalise(name).stem for name in body.names}):
                self._by_key[key].append(body)

    def find(self, name: str, on: date | None = None, area: str = "") -> Body | None:
        """The body that goes by this name; on that day and in that area where several do. None when it stays open."""
        found = self._by_key.get(normalise(name).stem, [])
        if len(found) > 1 and on is not None:
            found = [body for body in found if body.existed(on)] or found
        if len(found) > 1 and area:
            found = [body for body in found if body.area == area] or found
        return found[0] if len(found) == 1 else None

    def __iter__(self) -> Iterator[Body]:
        return iter(self.bodies.values())


def load_gazetteer(folder: Path) -> Gazetteer:
    """Read every table of the folder; raises GazetteerError with file and row where one is wrong."""
    bodies: dict[str, Body] = {}
    collectives: dict[str, Collective] = {}
    references: list[tuple[str, str]] = []  # (place, id of a body)
    for path in sorted(folder.glob("*.csv")):
        if path.name in {CODES, PLACES}:
            continue
        for place, row in _rows(path):
            try:
                if path.name == COLLECTIVES:
                    collective = _collective(row)
                    _add(collectives, collective.id, collective)
                    references += [(place, member) for member in collective.members]
                else:
                    body = _body(row)
                    _add(bodies, body.id, body)
                    references += [(place, successor) for successor in _split(body.successor)]
            except ValueError as error:
                raise GazetteerError(f"{place}: {error}") from error
    for place, key in references:
        if key not in bodies:
            raise GazetteerError(f"{place}: {key!r} findes ikke")
    return Gazetteer(tuple(bodies.values()), tuple(collectives.values()))


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """(file and row, cells) of each row; the header is row 1."""
    content, number = path.read_bytes(), 1
    try:
        for number, row in enumerate(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True), start=2):
            yield f"{path.name}, række {number}", row
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise GazetteerError(f"{path.name}, række {number}: teksten er ikke UTF-8") from error
    except csv.Error as error:
        raise GazetteerError(f"{path.name}, række {number + 1}: {error}") from error


def _body(row: dict[str, str]) -> Body:
    _expect(row, Body)
    if row["region"] and row["region"] not in REGIONS:
        raise ValueError(f"ukendt region {row['region']!r}")
    if row["partner_type"] not in list(PartnerType):
        raise ValueError(f"ukendt partner_type {row['partner_type']!r}")
    for column in ("valid_from", "valid_to"):
        if row[column] and not _is_day(row[column]):
            raise ValueError(f"{column} skal være en dato som 2007-01-01, ikke {row[column]!r}")
    lists = {column: _split(row[column]) for column in ("aliases", "abbreviations")}
    return Body(**{**row, **lists, "partner_type": PartnerType(row["partner_type"])})  # type: ignore[arg-type]


def _collective(row: dict[str, str]) -> Collective:
    _expect(row, Collective)
    return Collective(row["id"], _split(row["names"]), _split(row["members"]))


def _expect(row: Mapping[str, str | None], kind: type) -> None:
    """Raises ValueError for a row that has not one cell for each field; DictReader puts those too many under None."""
    columns = [field.name for field in fields(kind)]
    if set(row) != set(columns) or None in row.values():
        raise ValueError(f"en række skal have felterne {', '.join(columns)}")
    if not row["id"]:
        raise ValueError("id mangler")


def _add(known: dict[str, T], key: str, one: T) -> None:
    if key in known:
        raise ValueError(f"id {key!r} findes to gange")
    known[key] = one


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _is_day(text: str) -> bool:
    """Whether a text is an ISO date with hyphens, so that the order of texts is the order of days."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
