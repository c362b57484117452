"""Tables of projects to records."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from extractors.documents.errors import EmptyDocument, MappingError, TableShapeError, UnreadableDocument
from extractors.documents.mappings import TableMapping, load_mappings
from extractors.documents.partners import PartnerList
from extractors.documents.reading import Reading
from extractors.documents.tables import read_csv, read_xlsx
from models.records import BlockKind, ProjectRecord

_MAPPING = TableMapping(
    name="prøve",
    title="Projekt",
    lead="Ansøger",
    partners="Parter",
    description="Om",
    region="Region",
    programme="Pulje",
    started="Start",
    ended="Slut",
    date_format="%d.%m.%Y",
    partner_list=PartnerList(";"),
    programmes=(("A1", "Molefonden"),),
    regions=(("Alle", ""),),
)
_HEADER = "Projekt,Start,Slut,Pulje,Region,Ansøger,Parter,Om"
_CSV = f"""{_HEADER}
Ny mole,01.02.2010,31.12.2012,A1,Sjælland,Sandvig Havn,Odde Kommune; Skolen,"Molen skal fornyes.Den er ¿gammel¿.
Den bygges af sten."
Kran,,,B2,Alle,Værftet,,
"""


def _records() -> list[ProjectRecord]:
    return [
        ProjectRecord(
            title="Ny mole",
            lead="Sandvig Havn",
            partners=("Odde Kommune", "Skolen"),
            region="Sjælland",
            programme="Molefonden",
            started=date(2010, 2, 1),
            ended=date(2012, 12, 31),
        ),
        ProjectRecord(title="Kran", lead="Værftet", partners=(), region="", programme="B2"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rows_become_records(delimiter: str) -> None:
    text = _CSV.replace("Kommune;", "Kommune/").replace(",", delimiter).replace("Kommune/", "Kommune,")
    mapping = replace(_MAPPING, partner_list=PartnerList(","))
    if delimiter == ",":
        text, mapping = _CSV, _MAPPING
    assert [(number, record) for number, _, record in read_csv(text, [mapping])] == list(enumerate(_records(), 1))


def test_a_row_is_read_into_blocks(leads_back: Callable[[Reading], bool]) -> None:
    _, reading, _ = next(read_csv(_CSV, [_MAPPING]))
    assert reading.text == (
        "Ny mole\nAnsøger: Sandvig Havn\nParter: Odde Kommune; Skolen\nRegion: Sjælland\n"
        "Periode: 01.02.2010 – 31.12.2012\nMolen skal fornyes.Den er ¿gammel¿.\nDen bygges af sten."
    )
    assert [(block.kind, block.text, block.fields) for block in reading.blocks] == [
        (BlockKind.HEADING, "Ny mole", ()),
        (BlockKind.KEY_VALUE, "Ansøger: Sandvig Havn", (("Ansøger", "Sandvig Havn"),)),
        (BlockKind.KEY_VALUE, "Parter: Odde Kommune; Skolen", (("Parter", "Odde Kommune; Skolen"),)),
        (BlockKind.KEY_VALUE, "Region: Sjælland", (("Region", "Sjælland"),)),
        (BlockKind.KEY_VALUE, "Periode: 01.02.2010 – 31.12.2012", (("Periode", "01.02.2010 – 31.12.2012"),)),
        (BlockKind.PARAGRAPH, 'Molen skal fornyes. Den er "gammel".', ()),
        (BlockKind.PARAGRAPH, "Den bygges af sten.", ()),
    ]
    assert (reading.title, reading.published, reading.language) == ("Ny mole", None, "da")
    assert leads_back(reading)


def test_a_workbook_gives_the_same_records() -> None:
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(_HEADER.split(","))
    dates = datetime(2010, 2, 1), datetime(2012, 12, 31)  # noqa: DTZ001 - as openpyxl wants them
    sheet.append(["Ny mole", *dates, "A1", "Sjælland", "Sandvig Havn", "Odde Kommune; Skolen", "Om molen"])
    sheet.append([])
    sheet.append(["Kran", None, None, "B2", "Alle", "Værftet"])
    stream = io.BytesIO()
    workbook.save(stream)
    assert [record for _, _, record in read_xlsx(stream.getvalue(), [_MAPPING])] == _records()


def test_a_broken_workbook_is_unreadable() -> None:
    with pytest.raises(UnreadableDocument, match="beskadiget"):
        list(read_xlsx(b"PK\x03\x04 and no more", [_MAPPING]))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Projekt,Ansøger,Parter,Om,Region,Pulje\n", "Ingen beskrivelse i data/tables passer til tabellen"),
        (f"{_HEADER}\nKran,,,B2,Alle,Værftet,\n", "Tabellens række 1: ventede 8 felter, fandt 7"),
        (f"{_HEADER}\nKran,,,B2,Alle,Værftet,,\nMole,,,,,,,,,\n", "Tabellens række 2: ventede 8 felter, fandt 10"),
        (f'{_HEADER}\nKran,,,B2,Alle,Værftet,,"uden ende\n', "Tabellens række 1: anførselstegn i uorden"),
        (f'{_HEADER}\nKran,,,B2,Alle,Værftet,,"to"tre\n', "Tabellens række 1: anførselstegn i uorden"),
        (f"{_HEADER}\nKran,2010-01-01,,,,Værftet,,\n", "Tabellens række 1: feltet Start er ingen dato"),
        (f"{_HEADER}\n,,,,,Værftet,,\n", "Tabellens række 1: feltet Projekt er tomt"),
    ],
)
def test_a_table_of_another_shape_is_refused(text: str, reason: str) -> None:
    with pytest.raises(TableShapeError) as caught:
        list(read_csv(text, [_MAPPING]))
    assert str(caught.value).startswith(reason)


def test_a_table_without_lines_is_empty() -> None:
    with pytest.raises(EmptyDocument):
        list(read_csv("\n\n", [_MAPPING]))


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Sandvig Havn. Odde Kommune.", ("Sandvig Havn", "Odde Kommune")),
        ("Sandvig Fisk F.M.B.A.. Odde Kommune.", ("Sandvig Fisk F.M.B.A.", "Odde Kommune")),
        ("Odde Forbund afd.. Sandvig Havn.", ("Odde Forbund afd.", "Sandvig Havn")),
        ("Odde Forbund, afd. 7 - Vest. Skolen.", ("Odde Forbund, afd. 7 - Vest", "Skolen")),
        ("P. Testesen A/S. A/S O. Prøve. Bo N. Værft ApS.", ("P. Testesen A/S", "A/S O. Prøve", "Bo N. Værft ApS")),
        ("P.N. Værft ApS. Th. Skibes Skole.", ("P.N. Værft ApS", "Th. Skibes Skole")),
        ("Fisk A.M.B.A. (Fiskerne i Odde A.M.B.A.). Skolen.", ("Fisk A.M.B.A. (Fiskerne i Odde A.M.B.A.)", "Skolen")),
        ("Sandvig Lufthavn A.M.B.A. Odde Lufthavn.", ("Sandvig Lufthavn A.M.B.A", "Odde Lufthavn")),
        ("project. .. Sandvig Havn . Ukendt.", ("Sandvig Havn",)),
        ("Odde Kommune,. Skolen. Odde Kommune.", ("Odde Kommune", "Skolen")),
        ("Odde Center. Den Erhvervsdrivende Fond. Skolen.", ("Odde Center", "Skolen")),
        ("SOSU C. Skolen.", ("SOSU C", "Skolen")),
        ("3F, Transport, Odde. CrossNet.dk. Skolen.", ("3F, Transport, Odde", "CrossNet.dk", "Skolen")),
        ("", ()),
    ],
)
def test_partners_of_the_structural_funds_are_parted(
    cell: str, names: tuple[str, ...], mappings: tuple[TableMapping, ...]
) -> None:
    (mapping,) = (mapping for mapping in mappings if mapping.name == "eu-strukturfonde-2007-2013")
    assert mapping.partner_list.split(cell) == names


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("[columns]\ntitle = 'a'\n", "fejl.toml: columns.lead: "),
        ("[columns]\ntitle = 'a'\nlead = 'b'\ntitel = 'c'\n", "fejl.toml: columns.titel: "),
        ("[columns", "fejl.toml: ikke gyldig TOML: "),
    ],
)
def test_an_error_in_a_mapping_names_file_and_key(toml: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "fejl.toml").write_text(toml)
    with pytest.raises(MappingError) as caught:
        load_mappings(tmp_path)
    assert str(caught.value).removeprefix(f"{tmp_path}/").startswith(reason)
