"""PDF to blocks; the files are made by fpdf2."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from fpdf import FPDF

from extractors.documents.errors import EmptyDocument, UnreadableDocument
from extractors.documents.pdf import read_pdf
from extractors.documents.reading import Reading
from models.records import BlockKind

_LEFT = (
    "Havnen ligger yderst på den ret-",
    "te odde, og herfra sejler både",
    "til øen hver dag hele året, når",
    "isen ikke er for tyk. De fleste",
    "har fisk med tilbage til byen og",
)
_RIGHT = (
    "af og til en gæst. På kajen står",
    "en gammel kran, som bliver brugt",
    "til de tunge kasser. Om vinteren",
    "er der stille, og så maler man",
    "skibene på værftet bag molen.",
)


class _Minutes(FPDF):
    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.cell(0, 6, "Sandvig Vækstforum, referat", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=8)
        self.cell(0, 6, f"Side {self.page_no()} af 2", align="C")


def _new() -> FPDF:
    pdf = _Minutes()
    pdf.set_creation_date(datetime(2013, 4, 5, tzinfo=UTC))
    return pdf


def _lines(pdf: FPDF, *lines: str) -> None:
    pdf.set_font("Helvetica", size=11)
    for line in lines:
        pdf.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)


def test_pages_are_read_in_order(leads_back: Callable[[Reading], bool]) -> None:
    pdf = _new()
    pdf.add_page()
    pdf.set_font("Helvetica", style="B", size=18)
    pdf.cell(0, 12, "Havnens nye mole", new_x="LMARGIN", new_y="NEXT")
    _lines(pdf, "Små-", "og mellemstore skibe skal ligge bag den nye mole, siger EU-", "rådgiveren på havnen.")
    _lines(pdf, "Partnere:", "- Sandvig Havn", "- Værftsskolen")
    _lines(pdf, "Periode: 2012-2014")
    pdf.add_page()
    top = pdf.get_y()
    for place, (left, right) in enumerate(zip(_LEFT, _RIGHT, strict=True)):
        pdf.set_xy(10, top + place * 6)
        pdf.cell(80, 6, left)
        pdf.set_xy(110, top + place * 6)
        pdf.cell(80, 6, right)
    pdf.set_xy(10, top + 60)
    for row in (("Deltager", "Rolle", "By"), ("Nørrevig Værft A/S", "vært", "Odde")):
        for cell in row:
            pdf.cell(60, 6, cell)
        pdf.ln(6)
    reading = read_pdf(bytes(pdf.output()))
    columns = (
        "Havnen ligger yderst på den rette odde, og herfra sejler både til øen hver dag hele året, når isen ikke er "
        "for tyk. De fleste har fisk med tilbage til byen og af og til en gæst. På kajen står en gammel kran, som "
        "bliver brugt til de tunge kasser. Om vinteren er der stille, og så maler man skibene på værftet bag molen."
    )
    assert [(block.page, block.kind, block.text) for block in reading.blocks] == [
        (1, BlockKind.HEADING, "Havnens nye mole"),
        (
            1,
            BlockKind.PARAGRAPH,
            "Små- og mellemstore skibe skal ligge bag den nye mole, siger EU-rådgiveren på havnen.",
        ),
        (1, BlockKind.HEADING, "Partnere"),
        (1, BlockKind.LIST_ITEM, "Sandvig Havn"),
        (1, BlockKind.LIST_ITEM, "Værftsskolen"),
        (1, BlockKind.KEY_VALUE, "Periode: 2012-2014"),
        (2, BlockKind.PARAGRAPH, columns),
        (2, BlockKind.TABLE_ROW, "Deltager | Rolle | By"),
        (2, BlockKind.TABLE_ROW, "Nørrevig Værft A/S | vært | Odde"),
    ]
    assert reading.blocks[-1].fields == (("Deltager", "Nørrevig Værft A/S"), ("Rolle", "vært"), ("By", "Odde"))
    assert (reading.title, reading.published, reading.updated) == ("Havnens nye mole", date(2013, 4, 5), None)
    assert (reading.language, leads_back(reading)) == ("da", True)


def test_a_paragraph_goes_on_over_the_page() -> None:
    pdf = _new()
    pdf.add_page()
    _lines(pdf, "Molen skal bygges af sten fra bruddet på den anden side af fjorden og")
    pdf.add_page()
    _lines(pdf, "bliver den længste på kysten.")
    blocks = read_pdf(bytes(pdf.output())).blocks
    assert [(block.page, block.text) for block in blocks] == [
        (
            1,
            "Molen skal bygges af sten fra bruddet på den anden side af fjorden og bliver den længste på kysten.",
        )
    ]


def test_a_line_in_bold_is_a_heading() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", style="B", size=11)
    pdf.cell(0, 6, "Baggrund", new_x="LMARGIN", new_y="NEXT")
    _lines(pdf, "Molen er gammel, og stenene skrider i havet hver vinter.")
    blocks = read_pdf(bytes(pdf.output())).blocks
    assert [(block.kind, block.text) for block in blocks] == [
        (BlockKind.HEADING, "Baggrund"),
        (BlockKind.PARAGRAPH, "Molen er gammel, og stenene skrider i havet hver vinter."),
    ]


def test_a_list_item_goes_on_where_it_hangs() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    for indent, line in ((10, "- Sandvig Havn og Nordre"), (13, "Værftsskole"), (10, "- Odde Kommune")):
        pdf.set_x(indent)
        pdf.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    blocks = read_pdf(bytes(pdf.output())).blocks
    assert [(block.kind, block.text) for block in blocks] == [
        (BlockKind.LIST_ITEM, "Sandvig Havn og Nordre Værftsskole"),
        (BlockKind.LIST_ITEM, "Odde Kommune"),
    ]


def test_columns_go_on_below_a_gap_and_a_bold_row_is_a_header() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    for side, lines in ((10, _LEFT), (110, _RIGHT)):
        for part in range(2):  # a gap across the whole page between the two
            for place, line in enumerate(lines):
                pdf.set_xy(side, 20 + part * 50 + place * 6)
                pdf.cell(80, 6, f"{line[:-1]}{part}" if part else line)
    pdf.set_xy(10, 150)
    for style, row in (("B", ("Part", "Indskud (mio. kr.)")), ("", ("Odde Kommune", "20")), ("", ("Skolen", "timer"))):
        pdf.set_font("Helvetica", style=style, size=11)
        for cell in row:
            pdf.cell(90, 6, cell)
        pdf.ln(6)
    blocks = read_pdf(bytes(pdf.output())).blocks
    text = "\n".join(block.text for block in blocks if block.kind is BlockKind.PARAGRAPH)
    assert text.rindex("Havnen ligger") < text.index("af og til en gæst")
    assert [block.fields for block in blocks if block.kind is BlockKind.TABLE_ROW] == [
        (("Part", "Odde Kommune"), ("Indskud (mio. kr.)", "20")),
        (("Part", "Skolen"), ("Indskud (mio. kr.)", "timer")),
    ]


def test_a_line_as_long_as_the_page_is_no_heading() -> None:
    pdf = FPDF()
    pdf.add_page()
    _lines(pdf, "Molen skal bygges af sten fra bruddet, og det arbejde skal skolen stå for.")
    _lines(pdf, "Odde Kommune og Sandvig Havn har sammen med skolen i Nordre Havneby")
    blocks = read_pdf(bytes(pdf.output())).blocks
    assert [block.kind for block in blocks] == [BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]


def test_a_truncated_file_says_so() -> None:
    pdf = _new()
    pdf.add_page()
    _lines(pdf, "Molen er gammel.")
    with pytest.raises(UnreadableDocument, match="afkortet: slutmærket %%EOF mangler"):
        read_pdf(bytes(pdf.output())[:-200])


def test_an_encrypted_file_says_so() -> None:
    pdf = _new()
    pdf.set_encryption(owner_password="ejer", user_password="bruger")
    pdf.add_page()
    _lines(pdf, "Molen er gammel.")
    with pytest.raises(UnreadableDocument, match="krypteret"):
        read_pdf(bytes(pdf.output()))


def test_pages_without_text_are_empty() -> None:
    pdf = FPDF()
    pdf.add_page()
    with pytest.raises(EmptyDocument, match="ingen tekst"):
        read_pdf(bytes(pdf.output()))


def test_garbage_is_unreadable() -> None:
    with pytest.raises(UnreadableDocument, match="beskadiget"):
        read_pdf(b"%PDF-1.7 " + bytes(range(256)) * 9 + b"%%EOF")


def test_a_sentence_goes_on_over_the_page_with_a_name() -> None:
    pdf = _new()
    pdf.add_page()
    _lines(pdf, "Havnen og fiskerne på den yderste odde har i aar sammen med Region")
    pdf.add_page()
    _lines(pdf, "Sandvig lavet en plan for molen, som alle kan se paa biblioteket.")
    blocks = read_pdf(bytes(pdf.output())).blocks
    assert [block.text for block in blocks if "Region" in block.text] == [
        "Havnen og fiskerne på den yderste odde har i aar sammen med Region Sandvig lavet en plan for molen, som alle "
        "kan se paa biblioteket."
    ]
