"""Which format a body has: by its content first, then by its media type, then by the ending of its address."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from extractors.documents.encoding import has_utf16_mark
from extractors.documents.errors import EmptyDocument, UnknownFormat, UnreadableDocument
from extractors.documents.limits import BINARY_BYTES, TEXT_BYTES, check_size, zip_names


class Format(StrEnum):
    """The formats that are read."""

    HTML = "HTML"
    PDF = "PDF"
    DOCX = "DOCX"
    XLSX = "XLSX"
    CSV = "CSV"
    TEXT = "Tekst"


_MEDIA_TYPES = {
    "text/html": Format.HTML,
    "application/xhtml+xml": Format.HTML,
    "application/pdf": Format.PDF,
    "application/x-pdf": Format.PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Format.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Format.XLSX,
    "text/csv": Format.CSV,
    "application/csv": Format.CSV,
    "text/tab-separated-values": Format.CSV,
}
_ENDINGS = {
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".aspx": Format.HTML,
    ".php": Format.HTML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".xlsx": Format.XLSX,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.TEXT,
}
_HEAD = 4096
_PDF_WITHIN = 1024  # ISO 32000-1, annex H, 3.4.1: viewers look for the header in the first 1,024 bytes
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|\A\s*<(?:title|meta|div|p|table|h[1-6]|ul|ol|article|main|section)[\s>]",
    re.IGNORECASE,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROL = 0.02


def sniff(body: bytes, media_type: str, url: str) -> Format:
    """The format of `body`, whose size and, of an archive, unpacked size are within the limits.

    Raises EmptyDocument, UnknownFormat, UnreadableDocument or TooLarge.
    """
    if not body.strip():
        raise EmptyDocument("Filen er tom")
    if b"%PDF-" in body[:_PDF_WITHIN]:
        check_size(body, BINARY_BYTES, Format.PDF)
        return Format.PDF
    if body.startswith(b"PK\x03\x04"):
        check_size(body, BINARY_BYTES, "ZIP")
        return _office(body)
    expected = _expected(media_type, url)
    if body.startswith(_OLE):
        raise UnknownFormat(
            "Filen er i et ældre Office-format (.doc, .xls) eller krypteret; gem den som DOCX eller XLSX"
        )
    if not has_utf16_mark(body) and _is_binary(body):
        raise UnknownFormat(f"Ventede {expected or 'tekst'}, men filen er binær og i intet kendt format")
    if expected in (Format.PDF, Format.DOCX, Format.XLSX) and not _HTML.search(body[:_HEAD]):
        raise UnreadableDocument(f"Ventede {expected}, men filen begynder ikke som en {expected}-fil")
    check_size(body, TEXT_BYTES, expected or Format.TEXT)
    if expected is not Format.CSV and _HTML.search(body[:_HEAD]):
        return Format.HTML
    if body.lstrip()[:5] == b"<?xml":
        raise UnknownFormat("Ventede en side, men filen er XML (måske et feed eller et sitemap)")
    if expected is None:
        raise UnknownFormat("Hverken indhold, medietype eller adresse viser et format, der kan læses")
    return expected


def _office(body: bytes) -> Format:
    names = zip_names(body)
    if any(name.startswith("word/") for name in names):
        return Format.DOCX
    if any(name.startswith("xl/") for name in names):
        return Format.XLSX
    raise UnknownFormat("ZIP-arkivet er hverken DOCX eller XLSX: det har hverken word/ eller xl/")


def _is_binary(body: bytes) -> bool:
    head = body[:_HEAD]
    return b"\0" in body or len(_CONTROL.findall(head)) > _MOST_CONTROL * len(head)


def _expected(media_type: str, url: str) -> Format | None:
    if media_type in _MEDIA_TYPES:
        return _MEDIA_TYPES[media_type]
    ending = _ENDINGS.get(PurePosixPath(unquote(urlsplit(url).path)).suffix.lower())
    if ending is None and media_type.startswith("text/"):
        return Format.TEXT
    return ending
