"""What is no text."""

from __future__ import annotations

import pytest

from extractors.documents.furniture import is_noise, leads_elsewhere, without_furniture
from extractors.documents.reading import Item
from models.records import BlockKind


@pytest.mark.parametrize(
    "line",
    [
        "Læs mere:",
        "Side 2 af 7",
        "Print siden",
        "Tlf. 11 22 33 44",
        "inga@havn.example",
        "Kontakt: Inga Testesen, havnen",
        "Kontakt konsulent Inga Testesen på 11 22 33 44.",
        "For yderligere oplysninger kontakt Inga Testesen, inga@havn.example",
        "Foto: Inga Testesen",
        "Indledning .......... 3",
        "—",
        "\xa0",
    ],
)
def test_lines_for_the_reader_of_the_page_are_noise(line: str) -> None:
    assert is_noise(line)


@pytest.mark.parametrize(
    "line",
    [
        "Havnen",
        "2011",
        "Kontakten mellem havn og skole er god",
        "Læs mere om havnens aftale i den nye plan fra 2011, der er skrevet sammen med skolen og kommunen.",
        "T-banen",
        "Møde 11 22",
    ],
)
def test_text_is_no_noise(line: str) -> None:
    assert not is_noise(line)


@pytest.mark.parametrize(
    ("kind", "line", "kept"),
    [
        (BlockKind.PARAGRAPH, "Sandvig Havn - Havnevej 1, 9999 Sandvig - Bedst i fuld skærm", False),
        (BlockKind.LIST_ITEM, "Sandvig Havn, Havnevej 1, 9999 Sandvig", True),
        (BlockKind.PARAGRAPH, "Havnen ligger på Havnevej 1, 9999 Sandvig.", True),
        (BlockKind.PARAGRAPH, "I 2014 Nordre Havn, Odde", True),
    ],
)
def test_the_address_of_the_sender_is_no_text(kind: BlockKind, line: str, kept: bool) -> None:
    item = Item(kind, line)
    assert list(without_furniture([item])) == [item] * kept


@pytest.mark.parametrize(("heading", "leads"), [("Relateret", True), ("Læs også", True), ("Relationer", False)])
def test_headings_of_links_to_other_pages(heading: str, leads: bool) -> None:
    assert leads_elsewhere(heading) is leads


def test_a_contact_block_ends_at_a_heading_of_its_rank_or_of_parties() -> None:
    def heading(text: str, level: int) -> Item:
        return Item(BlockKind.HEADING, text, level)

    name = Item(BlockKind.PARAGRAPH, "Inga Testesen")
    party = Item(BlockKind.LIST_ITEM, "Odde Kommune")
    items = [
        *(heading("Kontakt", 3), heading("Havnen", 4), name, heading("Partnere", 4), party),
        *(heading("Kontakt", 3), name, heading("Mere om molen", 3), party),
    ]
    assert list(without_furniture(items)) == [heading("Partnere", 4), party, heading("Mere om molen", 3), party]
