"""The entry: one archived page to documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.documents.docx import read_docx
from extractors.documents.encoding import decode
from extractors.documents.formats import Format, sniff
from extractors.documents.html import read_html
from extractors.documents.mappings import TableMapping
from extractors.documents.pdf import read_pdf
from extractors.documents.reading import Reading
from extractors.documents.repair import repair
from extractors.documents.tables import Row, read_csv, read_xlsx
from extractors.documents.text import read_text
from models.records import Document, Page, ProjectRecord, digest

_LONGEST_TITLE = 300


def read_page(page: Page, body: bytes, mappings: Sequence[TableMapping]) -> list[Document]:
    """The documents in `body`: one, or one for each row of a table of projects. Raises DocumentError."""
    return list(read_documents(page, body, mappings))


def read_documents(page: Page, body: bytes, mappings: Sequence[TableMapping]) -> Iterator[Document]:
    """As `read_page`, one at a time: of a table, no more than a row is held."""
    match sniff(body, page.media_type, page.url):
        case Format.HTML:
            yield _document(page, read_html(decode(body, page.charset)))
        case Format.PDF:
            yield _document(page, read_pdf(body))
        case Format.DOCX:
            yield _document(page, read_docx(body))
        case Format.TEXT:
            yield _document(page, read_text(decode(body, page.charset)))
        case Format.CSV:
            yield from _rows(page, read_csv(decode(body, page.charset), mappings))
        case Format.XLSX:
            yield from _rows(page, read_xlsx(body, mappings))


def _rows(page: Page, rows: Iterator[Row]) -> Iterator[Document]:
    for number, reading, record in rows:
        yield _document(page, reading, f"#row={number}", record)


def _document(page: Page, reading: Reading, fragment: str = "", record: ProjectRecord | None = None) -> Document:
    url = page.url + fragment
    return Document(
        id=digest(page.source_id, url, reading.text, length=24),
        source_id=page.source_id,
        page_id=page.id,
        url=url,
        title=repair(reading.title).text[:_LONGEST_TITLE],
        published=reading.published,
        updated=reading.updated,
        language=reading.language,
        blocks=reading.blocks,
        record=record,
    )
