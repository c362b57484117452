"""The entry: formats, limits, documents."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

import pytest

from extractors.documents import DocumentError, TableMapping, read_page
from extractors.documents.errors import EmptyDocument, TooLarge, UnknownFormat, UnreadableDocument
from extractors.documents.formats import Format, sniff
from models.records import Block, BlockKind, Document, Page, ProjectRecord, digest

_NOISE = random.Random(7).randbytes(5000)


def _zip(**entries: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def test_a_text_becomes_a_document(make_page: Callable[..., Page]) -> None:
    page = make_page("https://havn.example/a.txt", "text/plain", "iso-8859-1")
    text = "Molen på øen\n\nDen er lavet af sten,\nog det er den længste på kysten ved byen.\n"
    assert read_page(page, text.encode("cp1252"), ()) == [
        Document(
            id=digest("kilde", page.url, text, length=24),
            source_id="kilde",
            page_id=page.id,
            url=page.url,
            title="Molen på øen",
            published=None,
            updated=None,
            language="da",
            blocks=(
                Block(BlockKind.HEADING, "Molen på øen", 0, 12),
                Block(
                    BlockKind.PARAGRAPH,
                    "Den er lavet af sten, og det er den længste på kysten ved byen.",
                    14,
                    77,
                    "Molen på øen",
                ),
            ),
        )
    ]


def test_a_row_becomes_a_document_of_its_own(make_page: Callable[..., Page]) -> None:
    page = make_page("https://havn.example/tabel.csv", "text/csv")
    mapping = TableMapping("prøve", title="Projekt", lead="Ansøger", started="Start", language="da")
    documents = read_page(page, "Projekt;Ansøger;Start\nMole;Sandvig Havn;2010-02-01\nKran;;\n".encode(), [mapping])
    url = "https://havn.example/tabel.csv#row=1"
    text = "Mole\nAnsøger: Sandvig Havn\nPeriode: 2010-02-01"
    assert documents[0] == Document(
        id=digest("kilde", url, text, length=24),
        source_id="kilde",
        page_id=page.id,
        url=url,
        title="Mole",
        published=None,
        updated=None,
        language="da",
        blocks=(
            Block(BlockKind.HEADING, "Mole", 0, 4),
            Block(BlockKind.KEY_VALUE, "Ansøger: Sandvig Havn", 5, 26, "Mole", fields=(("Ansøger", "Sandvig Havn"),)),
            Block(BlockKind.KEY_VALUE, "Periode: 2010-02-01", 27, 46, "Mole", fields=(("Periode", "2010-02-01"),)),
        ),
        record=ProjectRecord("Mole", "Sandvig Havn", (), started=date(2010, 2, 1)),
    )
    assert [document.url[-6:] for document in documents] == ["#row=1", "#row=2"]


@pytest.mark.parametrize(
    ("body", "media_type", "url", "expected"),
    [
        (b"\n<!DOCTYPE html><p>hej", "text/plain", "https://a/b.txt", Format.HTML),
        (b"%PDF-1.4 ...", "text/html", "https://a/b.html", Format.PDF),
        (_zip(word__document=b"x"), "application/octet-stream", "https://a/b", Format.DOCX),
        (_zip(xl__workbook=b"x"), "", "https://a/b.docx", Format.XLSX),
        (b"<html>Filen findes ikke", "application/pdf", "https://a/b.pdf", Format.HTML),
        (b"a;b\n1;2\n", "text/csv", "https://a/b", Format.CSV),
        (b"a;b\n1;2\n", "text/plain", "https://a/b.csv", Format.CSV),
        (b"hej", "", "https://a/b.TXT", Format.TEXT),
        (b"hej", "text/plain", "https://a/b", Format.TEXT),
        ("\ufeffhej".encode("utf-16-le"), "text/plain", "https://a/b", Format.TEXT),
    ],
)
def test_content_decides_the_format_first(body: bytes, media_type: str, url: str, expected: Format) -> None:
    assert sniff(body, media_type, url) is expected


@pytest.mark.parametrize(
    ("body", "url", "error", "reason"),
    [
        (b"", "https://a/b.html", EmptyDocument, "Filen er tom"),
        (b" \n ", "https://a/b.txt", EmptyDocument, "Filen er tom"),
        (_NOISE, "https://a/b.html", UnknownFormat, "Ventede HTML, men filen er binær og i intet kendt format"),
        (_NOISE, "https://a/b", UnknownFormat, "Ventede tekst, men filen er binær og i intet kendt format"),
        (b"hej", "https://a/b.pdf", UnreadableDocument, "Ventede PDF, men filen begynder ikke som en PDF-fil"),
        (b"hej", "https://a/b", UnknownFormat, "Hverken indhold, medietype eller adresse viser et format"),
        (b"<!DOCTYPE html>\n", "https://a/b.html", EmptyDocument, "HTML-siden er tom"),
        (b"<?xml version='1.0'?><rss/>", "https://a/b.html", UnknownFormat, "Ventede en side, men filen er XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + _NOISE, "https://a/b.doc", UnknownFormat, "Filen er i et ældre Office"),
        (b"PK\x03\x04" + _NOISE, "https://a/b.docx", UnreadableDocument, "ZIP-arkivet"),
        (_zip(readme=b"hej"), "https://a/b.docx", UnknownFormat, "ZIP-arkivet er hverken DOCX eller XLSX"),
        (_zip(word__document=bytes(50_000_000)), "https://a/b.docx", TooLarge, "ZIP-arkivet pakker ud til 47 MB"),
        (_zip(xl__workbook=bytes(50_000_000)), "https://a/b.xlsx", TooLarge, "ZIP-arkivet pakker ud til 47 MB"),
        (b"x\n" * 27_000_000, "https://a/b.txt", TooLarge, "Tekst-filen fylder 51 MB; højst 50 MB læses"),
        (b"x" * 6_000_000, "https://a/b.txt", UnreadableDocument, "Tekstfilen har en linje på over 5 MB"),
    ],
)
def test_what_cannot_be_read_says_why_in_one_line(
    body: bytes, url: str, error: type[DocumentError], reason: str, make_page: Callable[..., Page]
) -> None:
    with pytest.raises(error) as caught:
        read_page(make_page(url), body, ())
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "body", "title"),
    [
        (
            "https://a/b.html",
            b"<html><head><title>Kontakt</title></head><body><img src='a.jpg'></body></html>",
            "Kontakt",
        ),
        ("https://a/b.txt", b"Kontakt\n\nTlf. 11 22 33 44\n", ""),
    ],
)
def test_a_page_without_running_text_is_a_document_without_blocks(
    url: str, body: bytes, title: str, make_page: Callable[..., Page]
) -> None:
    (document,) = read_page(make_page(url), body, ())
    assert (document.title, document.blocks, document.text) == (title, (), "")


def test_garbage_ends_in_an_error_or_documents(
    make_page: Callable[..., Page], mappings: Sequence[TableMapping]
) -> None:
    chance = random.Random(11)
    starts = (b"", b"<html>", b"%PDF-1.4\n", b"PK\x03\x04", b"a,b\n")
    for number in range(200):
        body = starts[number % 5] + bytes(chance.choices(b'<>"&;,.\n\r \xe6\xf8ab/=-%EOF', k=400)) + b"%%EOF"
        page = make_page(f"https://a/b{('.html', '.pdf', '.docx', '.csv', '.txt')[number // 5 % 5]}")
        try:
            assert all(document.page_id == page.id for document in read_page(page, body, mappings))
        except DocumentError as error:
            assert "\n" not in str(error)
