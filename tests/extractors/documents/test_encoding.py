"""Bytes to text."""

from __future__ import annotations

import pytest

from extractors.documents.encoding import decode

_TEXT = "Blåbærgrød og rødløg på øen: »sådan« smager det – i Ærø Å"


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (_TEXT.encode(), ""),
        (_TEXT.encode("utf-8-sig"), ""),
        (_TEXT.encode(), "iso-8859-1"),  # what is valid UTF-8 is UTF-8
        (_TEXT.encode("cp1252"), "iso-8859-1"),
        (_TEXT.encode("cp1252"), "windows-1252"),
        (_TEXT.encode("cp1252"), "utf-8"),
        (_TEXT.encode("cp1252"), "no-such-thing"),
        (_TEXT.encode("cp1252"), "rot13"),
        (_TEXT.encode("cp1252"), ""),
        (_TEXT.replace("–", "-").encode("cp850"), "cp850"),
        (b"\xff\xfe" + _TEXT.encode("utf-16-le"), ""),
        (b"\xfe\xff" + _TEXT.encode("utf-16-be"), ""),
    ],
)
def test_danish_is_decoded(body: bytes, declared: str) -> None:
    assert decode(body, declared).replace("-", "–") == _TEXT


def test_meta_charset_counts_without_a_declared_one() -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><p>{_TEXT}</p>'
    assert decode(page.encode("cp1252")) == page


def test_broken_utf8_keeps_what_is_whole() -> None:
    assert decode("På kajen ved øen".encode() + b"\xc3", "utf-8")[:16] == "På kajen ved øen"
