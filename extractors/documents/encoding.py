"""From bytes to text. The order of DEPENDENCIES.md: strict UTF-8, the declared encoding, then a detector."""

from __future__ import annotations

import codecs
import re

from resiliparse.parse.encoding import detect_encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_META_WITHIN = 4096
_SAMPLE = 1 << 16
_DANISH = frozenset({"windows-1252", "iso-8859-1", "utf-8"})


def has_utf16_mark(body: bytes) -> bool:
    """Whether the body begins with the byte order mark of UTF-16."""
    return body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def decode(body: bytes, declared: str = "") -> str:
    """The text of `body`; `declared` is the server's charset, else that of a meta element counts.

    Bytes that fit no encoding become U+FFFD; line ends stay as they are, a byte order mark does not.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for name in (declared, _meta_charset(body)):
        if name and (text := _try(body, name)) is not None:
            return text
    return body.decode(_python_name(_detect(body)), errors="replace")


def _meta_charset(body: bytes) -> str:
    found = _META.search(body[:_META_WITHIN])
    return found.group(1).decode("ascii", errors="ignore") if found else ""


def _try(body: bytes, name: str) -> str | None:
    """None: no such encoding, or not this one."""
    try:
        codec = codecs.lookup(name)
        return body.decode(_python_name(codec.name)) if codec._is_text_encoding else None
    except (LookupError, UnicodeError):
        return None


def _python_name(name: str) -> str:
    """ISO 8859-1 and ASCII are read as windows-1252, as browsers do (https://encoding.spec.whatwg.org/#names-and-labels)."""
    return "cp1252" if name in {"iso8859-1", "iso-8859-1", "ascii", "windows-1252"} else name


def _detect(body: bytes) -> str:
    detected = (detect_encoding(body[:_SAMPLE]) or "").lower()
    return detected if detected in _DANISH else "windows-1252"
