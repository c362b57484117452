"""Which columns of a table of projects mean what: data/tables/*.toml -> TableMapping."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import strptime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractors.documents.errors import MappingError
from extractors.documents.partners import PartnerList


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Columns(_Strict):
    title: str = Field(min_length=1)
    lead: str = Field(min_length=1)
    partners: str = ""
    description: str = ""
    region: str = ""
    programme: str = ""
    started: str = ""
    ended: str = ""


class _Dates(_Strict):
    format: str = "%Y-%m-%d"


class _Partners(_Strict):
    separator: str = Field(default=";", min_length=1)
    end: str = ""
    trim: str = " "
    placeholders: frozenset[str] = frozenset()
    legal_forms: frozenset[str] = frozenset()
    abbreviations: frozenset[str] = frozenset()
    final: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


class _Values(_Strict):
    programme: dict[str, str] = {}
    region: dict[str, str] = {}


class _File(_Strict):
    language: str = Field(default="da", pattern="^[a-z]{2}$")
    columns: _Columns
    dates: _Dates = _Dates()
    partners: _Partners = _Partners()
    values: _Values = _Values()


_PLAIN_LIST = PartnerList()


@dataclass(frozen=True, slots=True)
class TableMapping:
    """What the columns of one kind of table mean; a column that the table does not have is ''.

    `programmes` and `regions` say what a cell's code means; a cell that is in neither is taken as it stands.
    """

    name: str
    title: str
    lead: str
    partners: str = ""
    description: str = ""
    region: str = ""
    programme: str = ""
    started: str = ""
    ended: str = ""
    date_format: str = "%Y-%m-%d"
    partner_list: PartnerList = _PLAIN_LIST
    programmes: tuple[tuple[str, str], ...] = ()
    regions: tuple[tuple[str, str], ...] = ()
    language: str = "da"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the table must have."""
        named = (self.title, self.lead, self.partners, self.description)
        return tuple(filter(None, (*named, self.region, self.programme, self.started, self.ended)))

    def read_date(self, cell: str) -> date | None:
        """None for an empty cell; raises ValueError for one in another format."""
        return date(*strptime(cell.strip(), self.date_format)[:3]) if cell.strip() else None


def load_mappings(folder: Path) -> tuple[TableMapping, ...]:
    """The mappings of `folder`, by file name. Raises MappingError, which names the file and the key."""
    return tuple(_load(path) for path in sorted(folder.glob("*.toml")))


def _load(path: Path) -> TableMapping:
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{path}: ikke gyldig TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise MappingError(f"{path}: {key}: {first['msg']}") from error
    return TableMapping(
        name=path.stem,
        **file.columns.model_dump(),
        date_format=file.dates.format,
        partner_list=PartnerList(**file.partners.model_dump()),
        programmes=tuple(file.values.programme.items()),
        regions=tuple(file.values.region.items()),
        language=file.language,
    )
