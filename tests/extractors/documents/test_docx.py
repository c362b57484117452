"""DOCX to blocks; the files are made by python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import docx
import pytest
from docx.document import Document

from extractors.documents.docx import read_docx
from extractors.documents.errors import EmptyDocument, UnreadableDocument
from extractors.documents.reading import Reading
from models.records import BlockKind


def _saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _minutes() -> Document:
    document = docx.Document()
    document.core_properties.author = "Inga Testesen"
    document.core_properties.created = datetime(2014, 2, 3)  # noqa: DTZ001 - as python-docx wants it
    document.core_properties.modified = datetime(2014, 3, 4)  # noqa: DTZ001
    document.add_heading("Referat fra havnen", 0)
    document.add_heading("Den nye mole", 1)
    document.add_paragraph("Havnen og skolen har lavet en aftale om lærlinge til molen.")
    document.add_paragraph("Værftsskolen", style="List Bullet")
    document.add_paragraph("Partnere: Sandvig Havn, Odde Kommune")
    document.add_paragraph().add_run("Økonomi").bold = True
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Ansøger", "Sandvig Havn", "Beløb", "2 mio."), strict=True):
        cell.text = text
    document.add_paragraph("Kontakt")
    document.add_paragraph("Inga Testesen, tlf. 11 22 33 44")
    return document


def test_a_document_is_read_in_order(leads_back: Callable[[Reading], bool]) -> None:
    reading = read_docx(_saved(_minutes()))
    assert [(block.kind, block.heading, block.text) for block in reading.blocks] == [
        (BlockKind.HEADING, "", "Referat fra havnen"),
        (BlockKind.HEADING, "Referat fra havnen", "Den nye mole"),
        (BlockKind.PARAGRAPH, "Den nye mole", "Havnen og skolen har lavet en aftale om lærlinge til molen."),
        (BlockKind.LIST_ITEM, "Den nye mole", "Værftsskolen"),
        (BlockKind.KEY_VALUE, "Den nye mole", "Partnere: Sandvig Havn, Odde Kommune"),
        (BlockKind.HEADING, "Den nye mole", "Økonomi"),
        (BlockKind.KEY_VALUE, "Økonomi", "Ansøger: Sandvig Havn"),
        (BlockKind.KEY_VALUE, "Økonomi", "Beløb: 2 mio."),
    ]
    assert (reading.title, reading.published, reading.updated, reading.language) == (
        "Referat fra havnen",
        date(2014, 2, 3),
        date(2014, 3, 4),
        "da",
    )
    assert "Testesen" not in repr(reading)
    assert leads_back(reading)


def test_a_document_without_text_is_empty() -> None:
    with pytest.raises(EmptyDocument):
        read_docx(_saved(docx.Document()))


@pytest.mark.parametrize("part", ["word/document.xml", "[Content_Types].xml"])
def test_a_broken_part_is_unreadable(part: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_saved(_minutes()))) as whole, zipfile.ZipFile(stream, "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, b"<w:document" if name == part else whole.read(name))
    with pytest.raises(UnreadableDocument, match="beskadiget"):
        read_docx(stream.getvalue())
