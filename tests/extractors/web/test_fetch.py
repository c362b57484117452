from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from extractors.web import errors, media
from extractors.web.address import Guard
from extractors.web.fetch import REDIRECTED_FROM, Request, Unchanged, Validators
from extractors.web.transport import Limits, user_agent
from models.records import Response

if TYPE_CHECKING:
    from tests.extractors.web.conftest import FaultServer, Hit, Makers

HTML = b"<!doctype html><title>Samarbejde</title><p>Region Sj\xc3\xa6lland og Lolland Kommune"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def ok(body: bytes = HTML, **headers: str) -> bytes:
    named = {"Content_Type": "text/html; charset=utf-8", "Content_Length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items() if value)
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode("latin-1") + body


def status(line: str, **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {line}\r\n{lines}Content-Length: 0\r\n\r\n".encode("latin-1")


def to(location: str, line: str = "302 Found", **headers: str) -> bytes:
    return status(line, Location=location, **headers)


def hang_up(*parts: bytes) -> Callable[[socket.socket, Hit], None]:
    def behave(sock: socket.socket, _hit: Hit) -> None:
        for part in parts:
            sock.sendall(part)

    return behave


def test_a_response_says_all_that_is_to_be_archived(make: Makers, server: FaultServer) -> None:
    url = server.on("/page", ok(ETag='"1"', Set_Cookie="session=secret", X_Name="bl\xe5b\xe6r  og  mere"))
    assert make.fetcher().fetch(Request(f"{url}#top")) == Response(
        url,
        "text/html",
        HTML,
        make.now,
        "utf-8",
        200,
        (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"'), ("X-Name", "bl%E5b%E6r og mere")),
    )


def test_we_say_who_we_are(make: Makers, server: FaultServer) -> None:
    make.fetcher().fetch(Request(server.on("/page", ok())))
    assert {hit.headers["user-agent"] for hit in server.hits} == {"Samspil/0.1 (+https://example.org/)"}
    assert user_agent("1.0", "a@b.dk\r\nX-Evil: 1 (æ)") == "Samspil/1.0 (+a@b.dkX-Evil: 1 )"


def test_redirects_are_recorded_and_each_host_is_checked(make: Makers, server: FaultServer) -> None:
    first = server.on("/1", to("/2", "301 Moved"))
    second = server.on("/2", to("3?a=1#part", "308 Permanent"))
    third = server.on("/3?a=1", ok())
    response = make.fetcher().fetch(Request(first))
    assert isinstance(response, Response)
    assert response.url == third
    assert [value for name, value in response.headers if name == REDIRECTED_FROM] == [first, second]


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (b"/v\xc3\xa6kst", "/v%C3%A6kst"),
        (b"/v\xe6kst", "/v%E6kst"),
        (b"/a b?c=d e", "/a%20b?c=d%20e"),
        (b"/100%", "/100%25"),
        (b"?x=1#y", "/page?x=1"),
    ],
)
def test_a_redirect_is_followed_however_its_address_is_written(
    make: Makers, server: FaultServer, location: bytes, path: str
) -> None:
    server.on(path, ok())
    url = server.on("/page", b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n")
    response = make.fetcher().fetch(Request(url))
    assert isinstance(response, Response)
    assert response.url == server.root + path


def test_redirects_without_end_stop_at_the_cap(make: Makers, server: FaultServer) -> None:
    for number in range(30):
        server.on(f"/{number}", to(f"/{number + 1}"))
    with pytest.raises(errors.TooManyRedirects):
        make.fetcher().fetch(Request(f"{server.root}/0"))
    assert len([path for path in server.paths() if path != "/robots.txt"]) == 11


def test_a_cookie_lives_only_as_long_as_one_fetch(make: Makers, server: FaultServer) -> None:
    url = server.on("/page", to("/page", Set_Cookie="seen=1"), ok(), ok())
    fetcher = make.fetcher()
    fetcher.fetch(Request(url))
    fetcher.fetch(Request(url))
    assert [hit.headers.get("cookie") for hit in server.hits if hit.path == "/page"] == [None, "seen=1", None]


def test_a_redirect_out_of_scope_is_not_followed(make: Makers, server: FaultServer) -> None:
    url = server.on("/page", to("/elsewhere"))
    with pytest.raises(errors.ScopeRefused):
        make.fetcher().fetch(Request(url, scope=lambda target: target.endswith("/page")))
    assert "/elsewhere" not in server.paths()


def test_a_known_page_is_asked_for_conditionally_and_not_sent_again(make: Makers, server: FaultServer) -> None:
    moved = server.on("/old", to("/page"))
    url = server.on("/page", ok(ETag='"7"', Last_Modified="Mon, 23 Nov 2026 10:00:00 GMT"), status("304 Not Modified"))
    fetcher = make.fetcher()
    first = fetcher.fetch(Request(moved))
    assert isinstance(first, Response)
    known = {first.url: Validators.of(first)}
    assert fetcher.fetch(Request(moved, known=known.get)) == Unchanged(url, make.now)
    last = server.hits[-1].headers
    assert (last["if-none-match"], last["if-modified-since"]) == ('"7"', "Mon, 23 Nov 2026 10:00:00 GMT")


def test_waits_grow_and_heed_retry_after(make: Makers, server: FaultServer) -> None:
    date = format_datetime(make.now + timedelta(seconds=30), usegmt=True)
    busy = [status("503 Busy"), status("503 Busy", Retry_After="20"), status("429 Slow", Retry_After=date), ok()]
    make.fetcher().fetch(Request(server.on("/page", *busy), delay=0))
    assert make.time.slept == [1.0, 20.0, 30.0]


@pytest.mark.parametrize(
    ("declared", "path", "body", "expected"),
    [
        ("text/html", "/a.html", b"%PDF-1.7 ...", "application/pdf"),
        ("application/pdf", "/a.pdf", b"<!DOCTYPE html><p>Log ind", "text/html"),
        ("", "/a", b"<html><p>Hej", "text/html"),
        ("", "/a", b"", "application/octet-stream"),
        ("application/octet-stream", "/a.csv", b"navn;region\n", "text/csv"),
        ("application/vnd.ms-excel", "/a.csv", b"navn;region\n", "text/csv"),
        ("text/plain", "/a", b"Referat", "text/plain"),
        ("application/octet-stream", "/a", b"Referat", "text/plain"),
        ("text/xml", "/a", b'<?xml version="1.0"?><rss version="2.0">', "application/rss+xml"),
        ("text/html", "/a", b"<p>Et <rss> i teksten", "text/html"),
        ("application/xhtml+xml", "/a", b'<?xml version="1.0"?><html xmlns="x">', "application/xhtml+xml"),
        ("text/html", "/a", b"PK\x03\x04....word/document.xml", media.DOCX),
        ("text/html", "/a", b"PK\x03\x04....xl/workbook.xml", media.XLSX),
        ("application/zip", "/a", b"PK\x03\x04....other", "application/zip"),
        ("image/png", "/a", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("text/plain", "/a", b"\0\1\2", "text/plain"),
        ("", "/a", b"\0\1\2", "application/octet-stream"),
    ],
)  # fmt: skip
def test_a_body_is_what_it_is_not_what_its_label_says(declared: str, path: str, body: bytes, expected: str) -> None:
    assert media.media_type(declared, body, f"https://a.dk{path}?x=1") == expected


def test_loopback_is_refused_unless_allowed(make: Makers, server: FaultServer) -> None:
    url = server.on("/page", ok())
    for address in (url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "2130706433")):
        with pytest.raises(errors.AddressRefused):
            make.fetcher(guard=Guard()).fetch(Request(address))
    assert server.hits == []


def test_the_connection_goes_to_the_address_that_was_checked(make: Makers, server: FaultServer) -> None:
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    server.on("/page", ok())
    port = server.root.rpartition(":")[2]
    fetcher = make.fetcher(guard=Guard(allow_loopback=True, resolve=rebinding))
    response = fetcher.fetch(Request(f"http://public.example:{port}/page"))
    assert isinstance(response, Response)
    assert asked == ["public.example"]  # one connection, kept for robots.txt and page


def test_a_closed_port_is_unreachable(make: Makers) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(errors.Unreachable):
        make.fetcher().fetch(Request(f"http://127.0.0.1:{port}/"))


@pytest.mark.parametrize(
    "url", ["ftp://a.dk/", "http:///x", "a.dk", "http://u:p@a.dk/", "http://a.dk:99999/", "data:,x", ""]
)
def test_what_is_no_web_address_is_refused(make: Makers, url: str) -> None:
    with pytest.raises(errors.SchemeRefused):
        make.fetcher().fetch(Request(url))


def test_a_refused_index_still_carries_the_page_for_its_links(make: Makers, server: FaultServer) -> None:
    with pytest.raises(errors.IndexRefused) as caught:
        make.fetcher().fetch(Request(server.on("/page", ok(X_Robots_Tag="noindex"))))
    assert caught.value.response.body == HTML


def test_a_body_at_the_limit_passes_and_one_byte_more_does_not(make: Makers, server: FaultServer) -> None:
    fetcher = make.fetcher(Limits(body=1000))
    response = fetcher.fetch(Request(server.on("/full", ok(b"x" * 1000))))
    assert isinstance(response, Response)
    assert len(response.body) == 1000
    with pytest.raises(errors.TooLarge):
        fetcher.fetch(Request(server.on("/over", hang_up(HEAD + b"\r\n" + b"x" * 1001))))


def test_connections_are_kept_between_pages(make: Makers, server: FaultServer) -> None:
    fetcher = make.fetcher()
    for number in range(3):
        fetcher.fetch(Request(server.on(f"/{number}", ok())))
    assert len(server.hits) == 4
