"""WARC files as a source: .warc, .warc.gz and Common Crawl's form."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

from warcio.bufferedreaders import ChunkedDataReader  # type: ignore[import-untyped, unused-ignore]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped, unused-ignore]
from warcio.limitreader import LimitReader  # type: ignore[import-untyped, unused-ignore]
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader  # type: ignore[import-untyped, unused-ignore]
from warcio.statusandheaders import (  # type: ignore[import-untyped, unused-ignore]
    StatusAndHeadersParser,
    StatusAndHeadersParserException,
)
from warcio.timeutils import iso_date_to_datetime  # type: ignore[import-untyped, unused-ignore]

from extractors.web import media
from extractors.web.decoding import ENCODINGS, CapError, DecodingError, plain
from extractors.web.errors import FetchFailure
from models.records import Response

CHARSET = "Samspil-Charset"
"""A WARC header of ours: the charset of a Response."""

OF_TRANSFER = {"content-encoding", "content-length", "set-cookie", "transfer-encoding"}
"""Headers that are not true of a decoded body, or nobody's business."""

CAP = 50 << 20
"""Bytes of one body, as stored and as decoded."""

_PIECE = 1 << 16
_MEMBER = CAP + (1 << 20)  # a record of the archive: a body that may not be larger, and its headers
_DAMAGED = (ArchiveLoadFailed, StatusAndHeadersParserException, OSError, EOFError, ValueError, zlib.error)


class WarcError(Exception):
    """A WARC file that cannot be read, or not to its end."""


def read_warc(source: Path | IO[bytes], cap: int = CAP) -> Iterator[Response | FetchFailure]:
    """The pages of a WARC file: its response records of status 200 and its resource records, bodies decoded.

    A record whose body is over `cap` bytes or cannot be decoded is a FetchFailure. Raises WarcError where the file
    is damaged, after all that could be read before.
    """
    name = source.name if isinstance(source, Path) else "WARC"
    with ExitStack() as stack:
        try:
            raw = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
            stream = io.BufferedReader(cast(io.RawIOBase, raw))
            stack.callback(stream.detach)
            zipped = stream.peek(2)[:2] == b"\x1f\x8b"
            for record in _records(gzip.GzipFile(fileobj=stream) if zipped else stream):
                page = _page(record, cap) if _is_page(record) else None
                _finish(record)
                if page is not None:
                    yield page
        except _DAMAGED as error:
            raise WarcError(f"{name}: beskadiget eller ikke en WARC-fil") from error


def read_record(data: bytes) -> tuple[str, Response | None]:
    """The id of one gzipped record of an archive, and its response: None of a record that holds none (a revisit).

    Raises WarcError, also when a digest is wrong.
    """
    try:
        record = next(_records(io.BytesIO(gzip.decompress(data)), check=True))
        response = _response(record, CAP) if record.rec_type in ("response", "resource") else None
        _finish(record)
    except StopIteration as error:
        raise WarcError("ingen post") from error
    except (*_DAMAGED, CapError, DecodingError) as error:
        raise WarcError("beskadiget post") from error
    head = record.rec_headers
    identity = head.get_header("WARC-Record-ID", "").strip("<>")
    if response is None:
        return identity, None
    return identity, replace(response, media_type=head.get_header("WARC-Identified-Payload-Type", ""))


def members(stream: IO[bytes]) -> Iterator[bytes]:
    """The members of a gzip file as they stand, one after the other. Raises WarcError where one is damaged or torn."""
    data = stream.read(_PIECE)
    while data:
        unpacking, member = zlib.decompressobj(zlib.MAX_WBITS | 16), bytearray()
        while not unpacking.eof:
            rest = data
            while rest and not unpacking.eof:
                try:
                    unpacking.decompress(rest, _PIECE)
                except zlib.error as error:
                    raise WarcError("beskadiget post") from error
                rest = unpacking.unconsumed_tail
            used = len(data) - len(unpacking.unused_data)
            member += data[:used]
            data = data[used:] or stream.read(_PIECE)
            if len(member) > _MEMBER or (not data and not unpacking.eof):
                raise WarcError("torn record")
        yield bytes(member)


def _records(stream: io.BufferedIOBase, check: bool = False) -> Iterator[ArcWarcRecord]:
    """The records of an unpacked WARC file. warcio's own iterator takes a torn file for one that ends properly, and
    prints to stderr; its parser does neither."""
    loader, http = ArcWarcRecordLoader(verify_http=False), StatusAndHeadersParser([], verify=False)
    while line := _next_line(stream):
        record = loader.parse_record_stream(
            stream, line, "warc", no_record_parse=not check, check_digests="raise" if check else False
        )
        if (
            not check
            and record.rec_type == "response"
            and _url(record).startswith(("http:", "https:"))
            and record.length
        ):
            record.http_headers = http.parse(record.raw_stream)
        yield record


def _next_line(stream: io.BufferedIOBase) -> bytes:
    """The next line that is not blank; b"" at the end."""
    while (line := stream.readline(1 << 10)) and not line.strip():
        pass
    return line


def _is_page(record: ArcWarcRecord) -> bool:
    if record.rec_type == "response":
        return record.http_headers is not None and record.http_headers.get_statuscode() == "200"
    return bool(record.rec_type == "resource")


def _page(record: ArcWarcRecord, cap: int) -> Response | FetchFailure:
    try:
        return _response(record, cap)
    except CapError:
        return FetchFailure(_url(record), "Siden er større end grænsen", "TooLarge")
    except DecodingError:
        return FetchFailure(_url(record), "Siden kan ikke afkodes", "BrokenBody")


def _response(record: ArcWarcRecord, cap: int) -> Response:
    head, http = record.rec_headers, record.http_headers
    pairs = tuple(http.headers) if http else ()
    declared, charset = media.declared_type(
        http.get_header("Content-Type", "") if http else head.get_header("Content-Type", "")
    )
    url, body = _url(record), _content(record, cap)
    return Response(
        url,
        head.get_header("WARC-Identified-Payload-Type") or media.media_type(declared, body, url),
        body,
        iso_date_to_datetime(head.get_header("WARC-Date"), tz_aware=True),
        head.get_header(CHARSET) or charset,
        int(http.get_statuscode()) if http else 200,
        tuple((name, value) for name, value in pairs if name.lower() not in OF_TRANSFER),
    )


def _url(record: ArcWarcRecord) -> str:
    return str(record.rec_headers.get_header("WARC-Target-URI", ""))


def _content(record: ArcWarcRecord, cap: int) -> bytes:
    """The body without chunks and content coding, where it still has them: crawlers often undo them and leave the
    headers as they were."""
    http, stream = record.http_headers, record.raw_stream
    if http and "chunked" in http.get_header("Transfer-Encoding", "").lower():
        stream = ChunkedDataReader(stream)
    body = plain(iter(lambda: stream.read(_PIECE), b""), "", cap)
    encoding = http.get_header("Content-Encoding", "").strip().lower() if http else ""
    if encoding not in ENCODINGS or (encoding != "deflate" and not body.startswith(b"\x1f\x8b")):
        return body
    return plain((body,), encoding, cap)


def _finish(record: ArcWarcRecord) -> None:
    """Reads what is left of a record. Raises EOFError when the file ends before its header or its block does."""
    if not isinstance(record.raw_stream, LimitReader):  # no Content-Length came
        raise EOFError
    while record.raw_stream.read(_PIECE):
        pass
    if record.raw_stream.limit > 0:
        raise EOFError
