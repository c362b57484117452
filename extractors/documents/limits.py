"""How large a file, and what it unpacks to, may be."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from xml.etree.ElementTree import ParseError

from lxml import etree

from extractors.documents.errors import TooLarge, UnreadableDocument

MEGABYTE = 1024 * 1024
TEXT_BYTES = 50 * MEGABYTE
"""Of HTML, text and CSV."""
BINARY_BYTES = 200 * MEGABYTE
"""Of PDF, DOCX and XLSX."""

ZIP_ENTRIES = 10_000
ZIP_BYTES = 500 * MEGABYTE
"""Unpacked, all entries together."""
ZIP_XML_BYTES = 100 * MEGABYTE
"""Unpacked, the XML alone, of which trees several times as large are made."""
ZIP_RATIO = 200
"""Unpacked by packed, of an archive that unpacks to more than ZIP_FREE. Word and Excel stay under 30."""
ZIP_FREE = 20 * MEGABYTE

BROKEN_OFFICE_FILE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    etree.LxmlError,
    ParseError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    TypeError,
    ValueError,
)
"""What python-docx and openpyxl raise on files that are broken inside; neither has an exception of its own for it."""


def check_size(body: bytes, most: int, name: str) -> None:
    """Raises TooLarge for more than `most` bytes; `name` is the format's."""
    if len(body) > most:
        raise TooLarge(f"{name}-filen fylder {len(body) / MEGABYTE:.0f} MB; højst {most // MEGABYTE} MB læses")


def zip_names(body: bytes) -> list[str]:
    """The names in a ZIP archive, after a look at what its directory says it unpacks to; nothing is unpacked.

    Raises TooLarge for a zip bomb, UnreadableDocument for a broken archive. zipfile reads no more of an entry than the
    directory says, so that one that lies fails when it is read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableDocument("ZIP-arkivet (DOCX eller XLSX) er beskadiget eller afkortet") from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    xml = sum(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels")))
    if len(entries) > ZIP_ENTRIES:
        raise TooLarge(f"ZIP-arkivet har {len(entries)} filer; højst {ZIP_ENTRIES} læses")
    if (
        unpacked > ZIP_BYTES
        or xml > ZIP_XML_BYTES
        or (unpacked > ZIP_FREE and unpacked > ZIP_RATIO * min(packed, len(body)))
    ):
        raise TooLarge(f"ZIP-arkivet pakker ud til {unpacked // MEGABYTE} MB af {len(body) / MEGABYTE:.1f} MB")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableDocument("ZIP-arkivet (DOCX eller XLSX) er krypteret")
    return [entry.filename for entry in entries]
