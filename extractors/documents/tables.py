"""Tables of projects, CSV and XLSX: a document for each row, by the mapping whose columns the table has."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from openpyxl import load_workbook

from extractors.documents.errors import EmptyDocument, TableShapeError, UnreadableDocument
from extractors.documents.limits import BROKEN_OFFICE_FILE
from extractors.documents.mappings import TableMapping
from extractors.documents.reading import Item, Reading, compose
from extractors.documents.repair import repair
from models.records import BlockKind, ProjectRecord

Cell = str | date
Row = tuple[int, Reading, ProjectRecord]
"""The 1-based number of a data row, its reading and its record."""

_DELIMITERS = ",;\t"
_HEADER_LENGTH = 20_000


def read_csv(text: str, mappings: Sequence[TableMapping]) -> Iterator[Row]:
    """The rows of a CSV table, delimited by comma, semicolon or tab, one at a time.

    Raises TableShapeError where no mapping fits, and with its number for a row that is broken or has too many or few
    cells; EmptyDocument for a table without a header.
    """
    header = next((line for line in io.StringIO(text[:_HEADER_LENGTH]) if line.strip()), "")
    delimiter = min(_DELIMITERS, key=lambda sign: _fewest_missing(header.strip().split(sign), mappings))
    return _read_rows(_csv_rows(text, delimiter), mappings)


def read_xlsx(body: bytes, mappings: Sequence[TableMapping]) -> Iterator[Row]:
    """The rows of the first sheet of a workbook. Raises as `read_csv`, and UnreadableDocument for a broken file."""
    return _read_rows(_xlsx_rows(body), mappings)


def _csv_rows(text: str, delimiter: str) -> Iterator[Sequence[Cell]]:
    number = 0  # of the row last read; the header is row 0
    width = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if not any(cell.strip() for cell in cells):
                continue
            width = width or len(cells)
            if len(cells) != width:
                raise TableShapeError(f"Tabellens række {number}: ventede {width} felter, fandt {len(cells)}")
            yield cells
            number += 1
    except csv.Error as error:
        raise TableShapeError(f"Tabellens række {number}: anførselstegn i uorden, eller et felt uden ende") from error


def _xlsx_rows(body: bytes) -> Iterator[Sequence[Cell]]:
    width = 0
    try:
        workbook = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        for values in workbook.worksheets[0].iter_rows(values_only=True):
            cells = [_cell(value) for value in values]
            width = width or len(cells)
            if any(cells):
                yield cells + [""] * (width - len(cells))
        workbook.close()
    except BROKEN_OFFICE_FILE as error:
        raise UnreadableDocument("XLSX-filen er beskadiget og kan ikke læses") from error


def _cell(value: object) -> Cell:
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _read_rows(rows: Iterator[Sequence[Cell]], mappings: Sequence[TableMapping]) -> Iterator[Row]:
    header = next(rows, None)
    if header is None:
        raise EmptyDocument("Tabellen er tom")
    names = [str(name).strip() for name in header]
    mapping = _choose(names, mappings)
    for number, cells in enumerate(rows, start=1):
        row = {
            name: cell.strftime(mapping.date_format) if isinstance(cell, date) else cell
            for name, cell in zip(names, cells, strict=False)
        }
        try:
            yield number, *_read_row(row, mapping)
        except ValueError as error:
            raise TableShapeError(f"Tabellens række {number}: {error}") from error


def _choose(names: Sequence[str], mappings: Sequence[TableMapping]) -> TableMapping:
    """The mapping with the most columns among those whose columns are all there."""
    fitting = [mapping for mapping in mappings if not _missing(names, mapping)]
    if fitting:
        return max(fitting, key=lambda mapping: len(mapping.columns))
    if not mappings:
        raise TableShapeError("Ingen beskrivelse af tabeller er indlæst (data/tables/*.toml)")
    nearest = min(mappings, key=lambda mapping: len(_missing(names, mapping)))
    missing = ", ".join(_missing(names, nearest))
    raise TableShapeError(
        f"Ingen beskrivelse i data/tables passer til tabellen: kopiér en, og skriv tabellens egne kolonnenavne i den "
        f"(til {nearest.name} mangler {missing})"
    )


def _missing(names: Sequence[str], mapping: TableMapping) -> list[str]:
    return [column for column in mapping.columns if column not in names]


def _fewest_missing(names: Sequence[str], mappings: Sequence[TableMapping]) -> int:
    stripped = [name.strip(' "') for name in names]
    return min((len(_missing(stripped, mapping)) for mapping in mappings), default=0)


def _read_row(row: dict[str, str], mapping: TableMapping) -> tuple[Reading, ProjectRecord]:
    """Raises ValueError, in Danish, for a row without a title or with a date in another format."""
    cells = {"": "", **{column: row[column].strip() for column in mapping.columns}}
    title, lead, partners, region = (
        cells[column] for column in (mapping.title, mapping.lead, mapping.partners, mapping.region)
    )
    if not title:
        raise ValueError(f"feltet {mapping.title} er tomt")
    record = ProjectRecord(
        title=repair(title).text,
        lead=repair(lead).text,
        partners=tuple(repair(name).text for name in mapping.partner_list.split(partners)),
        region=dict(mapping.regions).get(region, region),
        programme=dict(mapping.programmes).get(cells[mapping.programme], cells[mapping.programme]),
        started=_date(cells[mapping.started], mapping.started, mapping),
        ended=_date(cells[mapping.ended], mapping.ended, mapping),
    )
    period = " – ".join(filter(None, (cells[mapping.started], cells[mapping.ended])))
    items = [Item(BlockKind.HEADING, title)]
    items += [
        Item(BlockKind.KEY_VALUE, f"{key}: {value}", fields=((key, value),))
        for key, value in (("Ansøger", lead), ("Parter", partners), ("Region", region), ("Periode", period))
        if value
    ]
    items += [Item(BlockKind.PARAGRAPH, line) for line in cells[mapping.description].splitlines()]
    text, blocks = compose(items)
    return Reading(text, blocks, record.title, language=mapping.language), record


def _date(cell: str, column: str, mapping: TableMapping) -> date | None:
    try:
        return mapping.read_date(cell)
    except ValueError as error:
        raise ValueError(f"feltet {column} er ingen dato af formen {mapping.date_format}") from error
