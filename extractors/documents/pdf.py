"""PDF to a reading, page by page, with pdfium."""

from __future__ import annotations

import ctypes
import math
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import pypdfium2
from pypdfium2 import raw

from extractors.documents.dates import Stamp, dates_of, find_date
from extractors.documents.errors import EmptyDocument, TooLarge, UnreadableDocument
from extractors.documents.furniture import is_noise, take_stamps, without_furniture
from extractors.documents.language import guess_language
from extractors.documents.layout import Span, join_spans, middle_size, read_layout
from extractors.documents.reading import Item, Reading, compose
from models.records import BlockKind

MOST_PAGES = 2000
MOST_SPANS = 20_000
"""Pieces of lines on one page; more is no text to read."""

_TAIL = 2048  # bytes at the end, in which %%EOF stands (ISO 32000-1, annex H, 3.4.4: 1,024, and some servers add to it)
_MARGIN = 0.09  # of the page's height, at its top and its foot
_NEAR = 5.0  # points
_FONT_NAME = 128  # bytes
_REPEATED = 0.4  # of the pages, for even and odd ones have headers of their own
_LARGE = 1.15
_RUNNING = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.KEY_VALUE)
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\W*(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|af|of)\s*\d{1,4})?\W*", re.IGNORECASE)
_METADATA_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_NO_TITLE = re.compile(
    r"microsoft |untitled|ikke-navngivet|slide \d|.*\.(?:docx?|pdf|indd|qxd|pptx?|xlsx?|rtf)\s*$", re.IGNORECASE
)
_LINE = 60  # characters; shorter paragraphs are captions and titles more often than sentences
_SENTENCE_END = re.compile(r"[.!?:][\"”»')]?\s*\Z")
_LINE_HYPHEN = "\x02"  # as pdfium gives a hyphen that ends a line
_Page = tuple[list[Span], float]
_PDFIUM = threading.Lock()
"""pdfium is not safe for threads (https://pypdfium2.readthedocs.io/en/stable/python_api.html)."""


def read_pdf(body: bytes) -> Reading:
    """The text of a PDF without headers, footers and page numbers; blocks carry their page, counted from 1.

    Raises UnreadableDocument (truncated, locked, broken), TooLarge, or EmptyDocument where no page has text.
    """
    if b"%%EOF" not in body[-_TAIL:]:
        raise UnreadableDocument("PDF-filen er afkortet: slutmærket %%EOF mangler")
    with _PDFIUM:
        pages, metadata = _load(body)
    if not any(spans for spans, _ in pages):
        raise EmptyDocument("PDF-filen har ingen tekst; måske er siderne billeder")
    body_size = middle_size([span for spans, _ in pages for span in spans])
    stamps: list[Stamp] = []
    items = take_stamps(_joined(_items(_without_margins(pages, body_size), body_size)), stamps)
    text, blocks = compose(without_furniture(items))
    if not blocks:
        raise EmptyDocument("PDF-filen har ingen løbende tekst")
    published, updated = dates_of(stamps)
    headings = [block.text for block in blocks if block.kind is BlockKind.HEADING]
    return Reading(
        text,
        blocks,
        _title(metadata.get("Title", ""), headings) or blocks[0].text,
        published or _metadata_date(metadata.get("CreationDate", "")),
        updated or _metadata_date(metadata.get("ModDate", "")),
        guess_language(text),
    )


def _load(body: bytes) -> tuple[list[_Page], dict[str, str]]:
    """The placed text of each page, with its height, and the metadata."""
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise UnreadableDocument("PDF-filen er krypteret") from error
        raise UnreadableDocument("PDF-filen er beskadiget og kan ikke læses") from error
    try:
        if len(document) > MOST_PAGES:
            raise TooLarge(f"PDF-filen har {len(document)} sider; højst {MOST_PAGES} læses")
        return [_load_page(document, number) for number in range(len(document))], document.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument("PDF-filen er beskadiget og kan ikke læses") from error
    finally:
        document.close()


def _load_page(document: pypdfium2.PdfDocument, number: int) -> _Page:
    page = document[number]
    text_page = page.get_textpage()
    count = text_page.count_rects()
    if count > MOST_SPANS:
        raise TooLarge(f"PDF-filens side {number + 1} har {count} stykker tekst; højst {MOST_SPANS} læses")
    spans = []
    for place in range(count):
        left, bottom, right, top = text_page.get_rect(place)
        text = text_page.get_text_bounded(left, bottom, right, top).replace(_LINE_HYPHEN, "-").replace("\r\n", " ")
        if text.strip():
            size, bold = _font(text_page, (left + right) / 2, (bottom + top) / 2)
            spans.append(Span(left, bottom, right, top, size or top - bottom, text, bold))
    height = page.get_height()
    text_page.close()
    page.close()
    return join_spans(spans), height


def _font(text_page: pypdfium2.PdfTextPage, across: float, up: float) -> tuple[float, bool]:
    """Size in points on the page, and whether bold, of the character at a place; size 0 when there is none near."""
    index = text_page.get_index(across, up, _NEAR, _NEAR)
    matrix = raw.FS_MATRIX()
    if index is None or not raw.FPDFText_GetMatrix(text_page, index, matrix):
        return 0.0, False
    name = ctypes.create_string_buffer(_FONT_NAME)
    raw.FPDFText_GetFontInfo(text_page, index, name, _FONT_NAME, None)
    size = float(raw.FPDFText_GetFontSize(text_page, index)) * math.hypot(matrix.c, matrix.d)
    return size, b"bold" in name.value.lower()


def _without_margins(pages: Sequence[_Page], body_size: float) -> Iterator[list[Span]]:
    """The spans of each page without the lines that its margins share with other pages, and without page numbers."""
    seen = Counter(
        key for spans, height in pages for key in {_margin_key(span) for span in spans if _in_margin(span, height)}
    )
    often = max(2, _REPEATED * len(pages))
    for spans, height in pages:
        yield [
            span
            for span in spans
            if not _in_margin(span, height)
            or (
                not (_PAGE_NUMBER.fullmatch(span.text.strip()) or is_noise(span.text.strip()))
                and (seen[_margin_key(span)] < often or span.size > _LARGE * body_size)
            )
        ]


def _in_margin(span: Span, height: float) -> bool:
    return span.top > (1 - _MARGIN) * height or span.bottom < _MARGIN * height


def _margin_key(span: Span) -> str:
    return _DIGITS.sub("#", " ".join(span.text.split()))


def _items(pages: Iterable[list[Span]], body_size: float) -> Iterator[Item]:
    for number, spans in enumerate(pages, start=1):
        yield from read_layout(spans, body_size, number)


def _joined(items: Iterable[Item]) -> Iterator[Item]:
    """The items, a paragraph that goes on in the next column or on the next page put together."""
    waiting: Item | None = None
    for item in items:
        runs_on = item.kind is BlockKind.PARAGRAPH and (item.raw[:1].islower() or _over_page(waiting, item))
        if waiting and runs_on and waiting.kind in _RUNNING and not _SENTENCE_END.search(waiting.raw):
            waiting = replace(waiting, raw=f"{waiting.raw}\n{item.raw}")
            continue
        if waiting:
            yield waiting
        waiting = item
    if waiting:
        yield waiting


def _over_page(waiting: Item | None, item: Item) -> bool:
    """Whether a page ends in mid-sentence, so that the next begins with the rest, be it with a name."""
    return waiting is not None and waiting.page != item.page and len(waiting.raw) > _LINE


def _title(metadata: str, headings: Sequence[str]) -> str:
    """The first heading; without one the title of the metadata, unless a program made it."""
    named = "" if _NO_TITLE.match(metadata) else " ".join(metadata.split())
    return headings[0] if headings else named


def _metadata_date(value: str) -> date | None:
    """Of `D:20110831…` (ISO 32000-1, 7.9.4); None where the producer wrote none or nonsense."""
    found = _METADATA_DATE.match(value)
    return find_date("-".join(found.groups())) if found else None
