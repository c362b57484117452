from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.web.errors import FetchFailure
from extractors.web.warc import WarcError, read_warc
from models.records import Response

AT = datetime(2024, 3, 1, 12, 30, 0, tzinfo=UTC)
HTML = b"<!doctype html><title>Samarbejde</title>"
PLAIN = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n"


def record(kind: str, url: str, block: bytes, content_type: str = "application/http; msgtype=response") -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-01T12:30:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def http(body: bytes, head: str = PLAIN) -> bytes:
    return head.encode() + b"\r\n" + body


def page(url: str, body: bytes = HTML, **changes: object) -> Response:
    fields: dict[str, object] = {
        "charset": "utf-8",
        "headers": (("Content-Type", "text/html; charset=UTF-8"),),
        **changes,
    }
    return Response(url, "text/html", body, AT, **fields)  # type: ignore[arg-type]


CHUNKED = b"5\r\n" + HTML[:5] + b"\r\n%x\r\n" % (len(HTML) - 5) + HTML[5:] + b"\r\n0\r\n\r\n"
RECORDS = [
    record("warcinfo", "", b"software: crawler\r\n", "application/warc-fields"),
    record("request", "https://a.dk/", b"GET / HTTP/1.1\r\nHost: a.dk\r\n\r\n", "application/http; msgtype=request"),
    record("response", "https://a.dk/1", http(HTML)),
    record("response", "https://a.dk/404", http(b"no", "HTTP/1.1 404 Not Found\r\n")),
    record("response", "https://a.dk/chunked", http(CHUNKED, PLAIN + "Transfer-Encoding: chunked\r\n")),
    record("response", "https://a.dk/gzip", http(gzip.compress(HTML), PLAIN + "Content-Encoding: gzip\r\n")),
    record(
        "response", "https://a.dk/cc", http(HTML, PLAIN + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n")
    ),
    record("metadata", "https://a.dk/1", b"fetchTimeMs: 1\r\n", "application/warc-fields"),
    record("response", "dns:a.dk", b"20240301\r\na.dk. 300 IN A 1.2.3.4\r\n", "text/dns"),
    record("resource", "file:///x.txt", b"Referat", "text/plain; charset=latin-1"),
]
EXPECTED = [
    page("https://a.dk/1"),
    page("https://a.dk/chunked"),
    page("https://a.dk/gzip"),
    page("https://a.dk/cc"),
    Response("file:///x.txt", "text/plain", b"Referat", AT, "latin-1"),
]


@pytest.mark.parametrize("form", ["plain", "a member for each record", "one member", "file", "gzipped file"])
def test_pages_are_read_from_every_form_of_warc(tmp_path: Path, form: str) -> None:
    whole, members = b"".join(RECORDS), b"".join(map(gzip.compress, RECORDS))
    data = {"plain": whole, "one member": gzip.compress(whole), "file": whole}.get(form, members)
    if "file" in form:
        path = tmp_path / "x.warc"
        path.write_bytes(data)
        assert list(read_warc(path)) == EXPECTED
    else:
        stream = io.BytesIO(data)
        assert list(read_warc(stream)) == EXPECTED
        assert not stream.closed


def test_a_body_over_the_cap_or_that_cannot_be_decoded_harms_one_page() -> None:
    bomb = http(gzip.compress(bytes(1 << 20)), PLAIN + "Content-Encoding: gzip\r\n")
    broken = http(gzip.compress(HTML)[:-5], PLAIN + "Content-Encoding: gzip\r\n")
    data = b"".join(
        [
            record("response", "https://a.dk/bomb", bomb),
            record("response", "https://a.dk/large", http(bytes(300_000))),
            record("response", "https://a.dk/broken", broken),
            record("response", "https://a.dk/1", http(HTML)),
        ]
    )
    assert list(read_warc(io.BytesIO(data), cap=200_000)) == [
        FetchFailure("https://a.dk/bomb", "Siden er større end grænsen", "TooLarge"),
        FetchFailure("https://a.dk/large", "Siden er større end grænsen", "TooLarge"),
        FetchFailure("https://a.dk/broken", "Siden kan ikke afkodes", "BrokenBody"),
        page("https://a.dk/1"),
    ]


GOOD = record("response", "https://a.dk/1", http(HTML))
MEMBER = gzip.compress(GOOD, mtime=0)


@pytest.mark.parametrize(
    "data",
    [
        GOOD + GOOD[:-30],
        GOOD + GOOD[:150],
        GOOD + b"garbage\r\n" * 9,
        MEMBER + MEMBER[:-30],
        MEMBER + MEMBER[:40],
        MEMBER + MEMBER[:60] + b"\0" * 30,
        MEMBER + b"no gzip at all",
        GOOD + GOOD.replace(b"2024-03-01T12:30:00Z", b"yesterday"),
    ],
)
def test_a_damaged_file_is_an_error_after_what_could_be_read(data: bytes) -> None:
    read = []
    with pytest.raises(WarcError):
        for found in read_warc(io.BytesIO(data)):
            read.append(found)
    assert read == [page("https://a.dk/1")]


@pytest.mark.parametrize("data", [b"<!doctype html>", b"PK\x03\x04", gzip.compress(b"text", mtime=0), b"\x1f\x8b"])
def test_what_is_no_warc_is_an_error(data: bytes) -> None:
    with pytest.raises(WarcError):
        list(read_warc(io.BytesIO(data)))


def test_an_empty_file_has_no_pages_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    assert list(read_warc(io.BytesIO())) == []
    with pytest.raises(WarcError, match=r"væk\.warc"):
        list(read_warc(tmp_path / "væk.warc"))
