"""Tables that plain text draws."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.reading import Reading
from extractors.documents.text import read_text
from models.records import BlockKind

Fields = tuple[tuple[str, str], ...]

HEADER: Fields = (("", "Ansøger"), ("", "Titel"), ("", "Partnere"))
HARBOUR: Fields = (("Ansøger", "Sandvig Havn"), ("Titel", "Grøn Mole"), ("Partnere", "Vig Værft; Sandvig Skole"))
SCHOOL: Fields = (("Ansøger", "Sandvig Skole"), ("Titel", "Ro på"), ("Partnere", "Vig Værft"))


@pytest.mark.parametrize(
    "drawn",
    [
        "Ansøger       | Titel     | Partnere\n"
        "--------------|-----------|-------------------------\n"
        "Sandvig Havn  | Grøn Mole | Vig Værft; Sandvig Skole\n"
        "Sandvig Skole | Ro på     | Vig Værft",
        "| Ansøger | Titel | Partnere |\n| Sandvig Havn | Grøn Mole | Vig Værft; Sandvig Skole |\n"
        "| Sandvig Skole | Ro på | Vig Værft |",
        "Ansøger\tTitel\tPartnere\nSandvig Havn\tGrøn Mole\tVig Værft; Sandvig Skole\nSandvig Skole\tRo på\tVig Værft",
        "Ansøger          Titel        Partnere\n"
        "Sandvig Havn     Grøn Mole    Vig Værft; Sandvig Skole\n"
        "Sandvig Skole    Ro på        Vig Værft",
    ],
    ids=["bars and a rule", "bars around", "tabs", "under each other"],
)
def test_cells_are_told_apart_however_they_are_drawn(drawn: str, leads_back: Callable[[Reading], bool]) -> None:
    reading = read_text(f"Tilsagn 2012\n\n{drawn}\n\nListen er ført af sekretariatet i Sandvig.\n")
    rows = [block for block in reading.blocks if block.kind is BlockKind.TABLE_ROW]
    assert [row.fields for row in rows] == [HEADER, HARBOUR, SCHOOL]
    assert [block.text for block in reading.blocks if block not in rows] == [
        "Tilsagn 2012",
        "Listen er ført af sekretariatet i Sandvig.",
    ]
    assert leads_back(reading)


def test_a_table_goes_on_below_a_heading() -> None:
    reading = read_text(
        "Ansøger | Titel | Partnere\n--------|-------|---------\n"
        "Sandvig Havn | Grøn Mole | Vig Værft; Sandvig Skole\n\nTEMA: SKOLER\n\nSandvig Skole | Ro på | Vig Værft\n"
    )
    rows = [block.fields for block in reading.blocks if block.kind is BlockKind.TABLE_ROW]
    assert rows == [HEADER, HARBOUR, SCHOOL]


def test_an_empty_cell_moves_no_other() -> None:
    reading = read_text(
        "Part             By         Timer\nSandvig Havn     Sandvig      400\nVig Værft                     80\n"
        "Ro A/S           Vig          120\n"
    )
    rows = [block.fields for block in reading.blocks if block.kind is BlockKind.TABLE_ROW]
    assert rows[2] == (("Part", "Vig Værft"), ("Timer", "80"))


def test_dots_lead_from_a_key_to_its_value() -> None:
    reading = read_text("Kortnavn ....... ROPÅ\nPartnere ....... Vig Værft; Sandvig Skole\nVært .. Sandvig Havn\n")
    assert [(block.kind, block.fields) for block in reading.blocks] == [
        (BlockKind.KEY_VALUE, (("Kortnavn", "ROPÅ"),)),
        (BlockKind.KEY_VALUE, (("Partnere", "Vig Værft; Sandvig Skole"),)),
        (BlockKind.KEY_VALUE, (("Vært", "Sandvig Havn"),)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Forside | Om os | Kontakt",
        "Projektet begyndte i 2012.  Det er nu slut.\nHavnen er bygget om.  Skolen er flyttet.\nMolen er  ny.",
        "Havnen har fået en ny mole, og\nskolen  har fået en ny bil.",
        "o   Sandvig Havn\no   Vig Værft\no   Sandvig Skole",
        "1.\tSandvig Havn\n2.\tVig Værft\n3.\tSandvig Skole",
    ],
    ids=["a menu", "two spaces behind a full stop", "a gap in a line", "bullets", "numbers"],
)
def test_other_text_is_no_table(text: str) -> None:
    assert {block.kind for block in read_text(f"{text}\n").blocks} <= {
        BlockKind.PARAGRAPH,
        BlockKind.HEADING,
        BlockKind.LIST_ITEM,
    }


def test_a_rule_parts_what_stands_above_it_from_what_stands_below() -> None:
    reading = read_text("Bemærkning: Alt er nået.\n----------------\nIndsats: Ro på\n")
    assert [block.text for block in reading.blocks] == ["Bemærkning: Alt er nået.", "Indsats: Ro på"]
