"""Plain text to blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from extractors.documents.errors import EmptyDocument, UnreadableDocument
from extractors.documents.reading import Reading
from extractors.documents.text import LONGEST_LINE, read_text
from models.records import BlockKind

_NEWS = """\
Havnene går sammen

Fire havne på kysten har skrevet under på en aftale, der skal give lærlinge
plads på værfterne i hele lands-
delen.

- Det har vi ventet på i mange år, og nu kommer arbejdet endelig i gang på de tre største værfter, siger formanden:

Partnere:
  • Sandvig Havn
  • Nørrevig Værft A/S

De begynder med

1. kurser på skolen
2. besøg på værftet

Periode: 2012-2014

Læs mere:

Senest opdateret 02-05-2012 af Inga Testesen
Oprettet 30-04-2012 af Inga Testesen

Kontakt

Inga Testesen
Konsulent
T: 11 22 33 44
inga@havn.example
"""


def test_news_is_read_into_blocks(leads_back: Callable[[Reading], bool]) -> None:
    reading = read_text(_NEWS)
    assert [(block.kind, block.heading, block.text) for block in reading.blocks] == [
        (BlockKind.HEADING, "", "Havnene går sammen"),
        (
            BlockKind.PARAGRAPH,
            "Havnene går sammen",
            "Fire havne på kysten har skrevet under på en aftale, der skal give lærlinge plads på værfterne i hele "
            "landsdelen.",
        ),
        (
            BlockKind.PARAGRAPH,
            "Havnene går sammen",
            "- Det har vi ventet på i mange år, og nu kommer arbejdet endelig i gang på de tre største værfter, siger "
            "formanden:",
        ),
        (BlockKind.HEADING, "Havnene går sammen", "Partnere"),
        (BlockKind.LIST_ITEM, "Partnere", "Sandvig Havn"),
        (BlockKind.LIST_ITEM, "Partnere", "Nørrevig Værft A/S"),
        (BlockKind.HEADING, "Partnere", "De begynder med"),
        (BlockKind.LIST_ITEM, "De begynder med", "kurser på skolen"),
        (BlockKind.LIST_ITEM, "De begynder med", "besøg på værftet"),
        (BlockKind.KEY_VALUE, "De begynder med", "Periode: 2012-2014"),
    ]
    assert reading.blocks[-1].fields == (("Periode", "2012-2014"),)
    assert (reading.text, reading.title) == (_NEWS, "Havnene går sammen")
    assert (reading.published, reading.updated, reading.language) == (date(2012, 4, 30), date(2012, 5, 2), "da")
    assert leads_back(reading)


def test_dashes_in_a_row_are_a_list() -> None:
    blocks = read_text("Med er\n- Sandvig Havn, der ligger yderst på den lange odde og har en mole.\n- Skolen\n").blocks
    assert [(block.kind, block.text) for block in blocks] == [
        (BlockKind.PARAGRAPH, "Med er"),
        (BlockKind.LIST_ITEM, "Sandvig Havn, der ligger yderst på den lange odde og har en mole."),
        (BlockKind.LIST_ITEM, "Skolen"),
    ]


def test_text_after_a_contact_block_is_kept_with_its_heading() -> None:
    after = "Havnens nye mole blev færdig i sommer, og der er nu plads til flere både end før."
    blocks = read_text(f"Kontakt\n\nInga Testesen\n\nTlf. 11 22 33 44\n\nMolen er klar\n\n{after}\n").blocks
    assert [block.text for block in blocks] == ["Molen er klar", after]


def test_only_furniture_is_a_document_without_blocks() -> None:
    reading = read_text("Kontakt\n\nInga Testesen\n11 22 33 44\n")
    assert (reading.blocks, reading.title) == ((), "")


def test_a_text_without_words_is_empty() -> None:
    with pytest.raises(EmptyDocument):
        read_text("---\n\n11 22 33 44\n")


def test_items_of_an_agenda_are_headings(leads_back: Callable[[Reading], bool]) -> None:
    text = (
        "Sag 1: Godkendelse af dagsorden Sag 2: Nyt\nPunkt 3. Aftale med skolen om at\nbygge molen\n"
        "Molen skal bygges af sten.\n"
    )
    reading = read_text(text)
    assert [(block.kind, block.text) for block in reading.blocks] == [
        (BlockKind.HEADING, "Sag 1: Godkendelse af dagsorden"),
        (BlockKind.HEADING, "Sag 2: Nyt"),
        (BlockKind.HEADING, "Punkt 3. Aftale med skolen om at bygge molen"),
        (BlockKind.PARAGRAPH, "Molen skal bygges af sten."),
    ]
    assert leads_back(reading)
    assert read_text("§ 4 Formål\n\nMolen skal bygges.").blocks[0].kind is BlockKind.HEADING


def test_what_is_run_on_behind_a_heading_is_a_line_of_its_own(leads_back: Callable[[Reading], bool]) -> None:
    reading = read_text(
        "Indstilling: Molens tredje livResume: Sandvig Havn bygger. Journalnr.: 12/3\n\nTitel: Molen Sagsnr.: 4\n"
    )
    assert [block.text for block in reading.blocks] == [
        "Indstilling: Molens tredje liv",
        "Resume: Sandvig Havn bygger.",
        "Journalnr.: 12/3",
        "Titel: Molen",
        "Sagsnr.: 4",
    ]
    assert leads_back(reading)


def test_a_line_right_above_running_text_is_its_heading(leads_back: Callable[[Reading], bool]) -> None:
    below = "Sekretariatet fremlagde sagen, og havnen fortalte om den nye mole i Sandvig."
    text = (
        f"Havnene\n{below}\n\n1. Molen (j.nr. 12-3)\n{below}\n2. Broen\nGodkendt.\n3.1 Kajen\n{below}\n\n"
        "Lys på Kaj\nPartnere: Sandvig Havn, DTU\n\nSandvig Havn\nNørrevig Værft\n"
    )
    reading = read_text(text)
    assert [(str(block.kind), block.text) for block in reading.blocks] == [
        ("heading", "Havnene"),
        ("paragraph", below),
        ("heading", "1. Molen (j.nr. 12-3)"),
        ("paragraph", below),
        ("heading", "2. Broen"),
        ("paragraph", "Godkendt."),
        ("heading", "3.1 Kajen"),
        ("paragraph", below),
        ("heading", "Lys på Kaj"),
        ("key_value", "Partnere: Sandvig Havn, DTU"),
        ("paragraph", "Sandvig Havn"),
        ("paragraph", "Nørrevig Værft"),
    ]
    assert leads_back(reading)


def test_an_agenda_without_line_breaks_is_cut_into_its_items(leads_back: Callable[[Reading], bool]) -> None:
    text = (
        "Udvalget Referat 1. Dagsorden Godkendt. 2. Molen Sagsfremstilling Havnen har bygget en mole sammen med "
        "værftet. Beslutning Taget til efterretning. 3. Eventuelt Intet."
    )
    reading = read_text(text)
    assert [(str(block.kind), block.text) for block in reading.blocks] == [
        ("paragraph", "Udvalget Referat"),
        ("list_item", "Dagsorden Godkendt."),
        ("heading", "2. Molen"),
        ("paragraph", "Sagsfremstilling Havnen har bygget en mole sammen med værftet."),
        ("paragraph", "Beslutning Taget til efterretning."),
        ("list_item", "Eventuelt Intet."),
    ]
    assert leads_back(reading)
    assert len(read_text("Den 1. Maj og den 2. Juni mødtes de.").blocks) == 1


def test_an_agreement_keeps_its_parties_with_their_addresses() -> None:
    text = (
        "AFTALE\n\nmellem\nSandvig Havn, Havnevej 6, 9999 Sandvig\nog\n"
        'Nørrevig Værft, Kajen 2, 9998 Nørrevig (herefter "Værftet")\nom molen.\n\n'
        "Havnefogeden\nSandvig Havn, Havnevej 6, 9999 Sandvig\n"
    )
    assert [block.text for block in read_text(text).blocks] == [
        "AFTALE",
        "mellem",
        "Sandvig Havn, Havnevej 6, 9999 Sandvig og",
        'Nørrevig Værft, Kajen 2, 9998 Nørrevig (herefter "Værftet") om molen.',
        "Havnefogeden",
    ]


def test_the_title_is_what_opens_the_text() -> None:
    below = "Molen skal bygges af sten, og havnen har spurgt tre entreprenører om prisen."
    assert read_text(f"Årsberetning\nSandvig Havn\n\nMolen\n{below}\n").title == "Årsberetning"


def test_a_date_below_a_second_heading_is_that_of_something_else() -> None:
    reading = read_text("Referat\n\n3. marts 2014\nOdde Havn\n\nNæste møde\n\nDen 5. april 2014.\n")
    assert (reading.published, [block.text for block in reading.blocks]) == (
        date(2014, 3, 3),
        ["Referat", "Odde Havn", "Næste møde", "Den 5. april 2014."],
    )


def test_an_endless_line_is_unreadable() -> None:
    with pytest.raises(UnreadableDocument, match="5 MB"):
        read_text("x" * (LONGEST_LINE + 1))
