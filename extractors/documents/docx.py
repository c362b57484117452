"""DOCX to a reading: headings, paragraphs, lists and tables in document order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

from extractors.documents.dates import Stamp, dates_of
from extractors.documents.errors import EmptyDocument, UnreadableDocument
from extractors.documents.furniture import take_stamps, without_furniture
from extractors.documents.grid import read_grid
from extractors.documents.language import guess_language
from extractors.documents.limits import BROKEN_OFFICE_FILE
from extractors.documents.lines import is_key_value, looks_like_heading, read_paragraph, strip_bullet
from extractors.documents.reading import BARE_HEADING, Item, Reading, compose
from models.records import BlockKind

_HEADING_STYLE = re.compile(r"title|titel|(?:heading|overskrift)\s*(?P<level>\d)", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list|opstilling", re.IGNORECASE)


def read_docx(body: bytes) -> Reading:
    """A Word document, without header, footer, comments and the names in its properties.

    Raises UnreadableDocument or EmptyDocument. Zip bombs are met in `formats.sniff`.
    """
    stamps: list[Stamp] = []
    try:
        document = docx.Document(io.BytesIO(body))
        items = list(take_stamps(_items(document), stamps))
        core_title, created, modified = _properties(document)
    except BROKEN_OFFICE_FILE as error:
        raise UnreadableDocument("DOCX-filen er beskadiget og kan ikke læses") from error
    text, blocks = compose(without_furniture(items))
    if not blocks:
        raise EmptyDocument("DOCX-filen har ingen tekst")
    published, updated = dates_of(stamps)
    first = next((block.text for block in blocks if block.kind is BlockKind.HEADING), "")
    title = first or core_title or blocks[0].text
    return Reading(text, blocks, title, published or created, updated or modified, guess_language(text))


def _items(document: WordDocument) -> Iterator[Item]:
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from read_grid([_cells(row) for row in part.rows])
        elif part.text.strip():
            yield from _paragraph(part)


def _cells(row: _Row) -> list[str]:
    """The texts of a row; a merged cell, which python-docx gives once for each of its columns, once."""
    cells = [cell for place, cell in enumerate(row.cells) if place == 0 or cell._tc is not row.cells[place - 1]._tc]
    return ["; ".join(line for part in cell.paragraphs if (line := " ".join(part.text.split()))) for cell in cells]


def _paragraph(paragraph: Paragraph) -> Iterator[Item]:
    text = paragraph.text.strip()
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    properties = paragraph._p.pPr
    is_bold = all(run.bold for run in paragraph.runs if run.text.strip())
    if found := _HEADING_STYLE.fullmatch(style):
        yield Item(BlockKind.HEADING, text, int(found["level"] or 1))
    elif _LIST_STYLE.match(style) or (properties is not None and properties.numPr is not None):
        yield Item(BlockKind.KEY_VALUE if is_key_value(text) else BlockKind.LIST_ITEM, strip_bullet(text))
    elif is_bold and "\n" not in text and looks_like_heading(text.rstrip(": ")):
        yield Item(BlockKind.HEADING, text.rstrip(": "), BARE_HEADING)
    else:
        yield from read_paragraph(text)


def _properties(document: WordDocument) -> tuple[str, date | None, date | None]:
    """Title, creation and change as the core properties say; python-docx would make up those that are missing."""
    if not any(rel.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for rel in document.part.package.rels.values()):
        return "", None, None
    core = document.core_properties
    return core.title, core.created.date() if core.created else None, core.modified.date() if core.modified else None
