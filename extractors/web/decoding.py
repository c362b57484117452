"""Content codings: gzip and deflate undone under a cap, and to the very end."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ENCODINGS = ("gzip", "x-gzip", "deflate")
"""What we can undo; asked for as Accept-Encoding."""

_PIECE = 1 << 16


class DecodingError(ValueError):
    """The bytes are not in the coding they claim, or end too early."""


class CapError(ValueError):
    """More bytes came out than allowed."""


def plain(chunks: Iterable[bytes], encoding: str, cap: int, cut: bool = False) -> bytes:
    """`chunks` joined, and decoded if `encoding` says so; raises as `plain_chunks` does."""
    return b"".join(plain_chunks(chunks, encoding, cap, cut))


def plain_chunks(chunks: Iterable[bytes], encoding: str, cap: int, cut: bool = False) -> Iterator[bytes]:
    """`chunks`, decoded if `encoding` says so.

    Raises DecodingError, and CapError past `cap` bytes, coded or decoded; with `cut` it stops there instead.
    """
    encoding = encoding.strip().lower()
    if encoding in ENCODINGS:
        chunks = _inflated(_capped(chunks, cap), gzip=encoding != "deflate")
    elif encoding not in ("", "identity"):
        raise DecodingError("unknown content coding")
    yield from _cut(chunks, cap) if cut else _capped(chunks, cap)


def gunzip(body: bytes, cap: int) -> bytes:
    """A gzip file's content. Raises CapError, DecodingError."""
    return plain((body,), "gzip", cap)


def _cut(chunks: Iterable[bytes], cap: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[:cap]
        cap -= len(chunk)
        if cap <= 0:
            return


def _capped(chunks: Iterable[bytes], cap: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > cap:
            raise CapError(f"more than {cap} bytes")
        yield chunk


def _inflated(chunks: Iterable[bytes], gzip: bool) -> Iterator[bytes]:
    decoder, seen, finished = None, False, True
    for chunk in chunks:
        rest = chunk
        while rest:
            if decoder is None:
                if seen and rest.strip(b"\0") == b"":  # padding behind the last member
                    break
                decoder, seen, finished = _decoder(rest, gzip), True, False
            try:
                piece = decoder.decompress(rest, _PIECE)
            except zlib.error as error:
                raise DecodingError("corrupt compressed data") from error
            yield piece
            rest = decoder.unconsumed_tail
            if decoder.eof:
                rest, decoder, finished = decoder.unused_data, None, True
    if decoder is not None:
        yield decoder.flush()
        finished = decoder.eof
    if not finished:
        raise DecodingError("compressed data ends too early")


def _decoder(start: bytes, gzip: bool) -> zlib._Decompress:
    if gzip:
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    has_header = start[0] & 0x0F == 8  # RFC 1950, 2.2; raw data would begin with a stored block and a set padding bit
    return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
