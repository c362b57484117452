"""The fault server: what a server may do to us, and how each of it ends.

behaviour                                   end
server error for ever                       ServerError, 4 requests
bad gateway for ever                        ServerError, 4 requests
too many requests for ever                  TooManyRequests, 4 requests
Retry-After beyond our patience             TooManyRequests, 1 request
not found                                   NotFound, 1 request
gone                                        NotFound, 1 request
forbidden                                   Blocked, 1 request
login                                       Blocked, 1 request
for legal reasons                           Blocked, 1 request
teapot                                      BadStatus, 1 request
no content                                  BadStatus, 1 request
not modified, though nothing was known      BadStatus, 1 request
partial content                             BadStatus, 1 request
hangs up at once                            Unreachable, 4 requests
reset before the answer                     Unreachable, 4 requests
reset in mid-body                           BrokenBody, 4 requests
fewer bytes than promised                   BrokenBody, 4 requests
chunks cut off                              BrokenBody, 4 requests
chunks without an end                       BrokenBody, 4 requests
chunk length that is none                   BrokenBody, 4 requests
a body that drips                           TooSlow, 1 request
headers that drip                           TooSlow, 1 request
interim answers without end                 TooSlow, 1 request
silence                                     TimedOut, 4 requests
silence in mid-body                         TimedOut, 4 requests
garbage for a status line                   Unreachable, 4 requests
too many headers                            Unreachable, 4 requests
a header without end                        Unreachable, 4 requests
a body of 1 GB                              TooLarge, 1 request
chunks of 1 GB                              TooLarge, 1 request
1 GB announced                              TooLarge, 1 request
a gzip bomb                                 TooLarge, 1 request
gzip that is none                           BrokenBody, 4 requests
gzip cut off                                BrokenBody, 4 requests
a coding we did not ask for                 BrokenBody, 4 requests
redirect to itself                          TooManyRedirects, 11 requests
redirect to nowhere                         TooManyRedirects, 1 request
redirect to a broken address                TooManyRedirects, 1 request
redirect to a file                          SchemeRefused, 1 request
redirect to a script                        SchemeRefused, 1 request
redirect with a password                    SchemeRefused, 1 request
redirect to a private address               AddressRefused, 1 request
redirect to the metadata service            AddressRefused, 1 request
redirect to an address in disguise          AddressRefused, 1 request
redirect to a name of a private address     AddressRefused, 1 request
redirect to a name of a mixed lot           AddressRefused, 1 request
redirect to no host                         Unreachable, 1 request
soft 404                                    NotFound, 1 request
noindex in a header                         IndexRefused, 1 request
noindex for us                              IndexRefused, 1 request
noindex in the page                         IndexRefused, 1 request
a deflate bomb                              TooLarge, 1 request
a bomb within a bomb                        BrokenBody, 4 requests
redirects in a ring                         TooManyRedirects, 6 requests
a cookie wall with status 200               Walled, 1 request
a consent page with status 200              Walled, 1 request
a check for robots with status 200          Walled, 1 request
500, then fine                              the whole page
429 and Retry-After, then fine              the whole page
reset in mid-body, then fine                the whole page
wrong length, then fine                     the whole page
hangs up, then fine                         the whole page
more bytes than promised                    the whole page
no length at all                            the whole page
chunked                                     the whole page
gzip                                        the whole page
gzip in two members                         the whole page
deflate                                     the whole page
raw deflate                                 the whole page
HTTP/1.0                                    the whole page
noindex for another                         the whole page
a redirect to itself that sets a cookie     the whole page
503 and a date in Retry-After, then fine    the whole page
a PDF that is said to be HTML               the page, as application/pdf
HTML that is said to be a PDF               the page, as text/html
a charset that is not so                    the page, as text/html
a charset that nobody knows                 the page, as text/html
no type at all                              the page, as text/html
robots.txt not found                        the page
robots.txt gone                             the page
robots.txt forbidden                        the page
robots.txt redirected in a ring             the page
robots.txt of 2 MB                          the page
robots.txt that is a page                   the page
robots.txt that is a gzip bomb              the page
robots.txt for others only                  the page
robots.txt that allows us alone             the page
robots.txt that disallows all               RobotsRefused
robots.txt that disallows us                RobotsRefused
robots.txt with a server error              RobotsRefused
robots.txt not available now                RobotsRefused
robots.txt with too many requests           RobotsRefused
robots.txt that never comes                 TimedOut
robots.txt that drips                       TooSlow
robots.txt cut off by a reset               BrokenBody
robots.txt of a host that hangs up          Unreachable
robots.txt redirected to a private address  AddressRefused
a sitemap that declares entities            BadIndex, and the rest
a sitemap nested 100,000 deep               BadIndex, and the rest
a gzipped sitemap of 64 MB                  BadIndex, and the rest
a sitemap that is a page                    BadIndex, and the rest
a sitemap with a server error               ServerError, and the rest
a sitemap without end                       TooLarge, and the rest
a sitemap that lists itself                 the rest
a feed that declares entities               BadIndex, and the rest
sitemaps that lead to ever more sitemaps    50 of them, and the rest
a certificate nobody vouches for            CertificateError, see test_tls
a certificate for another host              CertificateError, see test_tls
a certificate out of date                   CertificateError, see test_tls
no TLS where it should be                   Unreachable, see test_tls
"""

from __future__ import annotations

import gzip
import json
import re
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from extractors.web import errors
from extractors.web.crawl import SITEMAPS, crawl
from extractors.web.errors import FetchFailure
from extractors.web.fetch import Request
from extractors.web.transport import Limits
from models.records import Response, Source, SourceKind

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


def reset_after(*parts: bytes) -> Callable[[socket.socket, Hit], None]:
    def behave(sock: socket.socket, _hit: Hit) -> None:
        for part in parts:
            sock.sendall(part)
        time.sleep(0.05)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behave


def drip(head: bytes, byte: bytes) -> Callable[[socket.socket, Hit], None]:
    def behave(sock: socket.socket, _hit: Hit) -> None:
        sock.sendall(head)
        for _ in range(100):
            sock.sendall(byte)
            time.sleep(0.05)

    return behave


def silence_after(*parts: bytes) -> Callable[[socket.socket, Hit], None]:
    def behave(sock: socket.socket, _hit: Hit) -> None:
        for part in parts:
            sock.sendall(part)
        sock.settimeout(5)
        sock.recv(1)

    return behave


def endless(sock: socket.socket, _hit: Hit) -> None:
    sock.sendall(HEAD + b"\r\n")
    for _ in range(16_384):  # 1 GB
        sock.sendall(b"x" * 65_536)


def endless_chunks(sock: socket.socket, _hit: Hit) -> None:
    sock.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(16_384):
        sock.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def endless_interim(sock: socket.socket, _hit: Hit) -> None:
    for _ in range(100):
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.05)


BOMB = gzip.compress(bytes(64 << 20))
DOUBLE_BOMB = gzip.compress(BOMB)
COOKIE_WALL = """<!doctype html><html lang="da"><head><title>Region X</title>
<script>var cookies = 1;</script></head><body>
<div class="wall"><h2>Vi bruger cookies</h2><p>Region X og vores partnere bruger cookies til statistik og <a href="/p">
markedsføring</a>. Du skal give dit samtykke for at se siden.</p><form><button>Accepter alle</button>
<button>Kun nødvendige</button></form><a href="/privatliv">Privatlivspolitik</a></div></body></html>""".encode()
CONSENT_PAGE = "<!doctype html><title>Før du fortsætter til Region X</title><p>Vælg et sprog</p>".encode()
ROBOT_CHECK = b"<!doctype html><title>Just a moment...</title><noscript>Enable JavaScript and cookies</noscript>"

FAILS: dict[str, tuple[list[Any], type[errors.FetchError], int]] = {
    "server error for ever": ([status("500 Internal Server Error")], errors.ServerError, 4),
    "bad gateway for ever": ([status("502 Bad Gateway")], errors.ServerError, 4),
    "too many requests for ever": ([status("429 Too Many Requests")], errors.TooManyRequests, 4),
    "Retry-After beyond our patience": ([status("429 Slow", Retry_After="9999")], errors.TooManyRequests, 1),
    "not found": ([status("404 Not Found")], errors.NotFound, 1),
    "gone": ([status("410 Gone")], errors.NotFound, 1),
    "forbidden": ([status("403 Forbidden")], errors.Blocked, 1),
    "login": ([status("401 Unauthorized", WWW_Authenticate="Basic")], errors.Blocked, 1),
    "for legal reasons": ([status("451 Unavailable")], errors.Blocked, 1),
    "teapot": ([status("418 Teapot")], errors.BadStatus, 1),
    "no content": ([status("204 No Content")], errors.BadStatus, 1),
    "not modified, though nothing was known": ([b"HTTP/1.1 304 Not Modified\r\n\r\n"], errors.BadStatus, 1),
    "partial content": ([status("206 Partial Content")], errors.BadStatus, 1),
    "hangs up at once": ([hang_up()], errors.Unreachable, 4),
    "reset before the answer": ([reset_after()], errors.Unreachable, 4),
    "reset in mid-body": ([reset_after(HEAD + b"Content-Length: 900\r\n\r\n", b"x" * 100)], errors.BrokenBody, 4),
    "fewer bytes than promised": ([hang_up(HEAD + b"Content-Length: 900\r\n\r\nabc")], errors.BrokenBody, 4),
    "chunks cut off": ([hang_up(HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\nabc")], errors.BrokenBody, 4),
    "chunks without an end": (
        [hang_up(HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")],
        errors.BrokenBody,
        4,
    ),
    "chunk length that is none": ([hang_up(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")], errors.BrokenBody, 4),
    "a body that drips": ([drip(HEAD + b"Content-Length: 900\r\n\r\n", b"x")], errors.TooSlow, 1),
    "headers that drip": ([drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x")], errors.TooSlow, 1),
    "interim answers without end": ([endless_interim], errors.TooSlow, 1),
    "silence": ([silence_after()], errors.TimedOut, 4),
    "silence in mid-body": ([silence_after(HEAD + b"Content-Length: 9\r\n\r\nx")], errors.TimedOut, 4),
    "garbage for a status line": ([hang_up(b"SSH-2.0-OpenSSH_9\r\n\r\n")], errors.Unreachable, 4),
    "too many headers": ([hang_up(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n" * 500, b"\r\n")], errors.Unreachable, 4),
    "a header without end": ([hang_up(b"HTTP/1.1 200 OK\r\nA: ", b"x" * 200_000)], errors.Unreachable, 4),
    "a body of 1 GB": ([endless], errors.TooLarge, 1),
    "chunks of 1 GB": ([endless_chunks], errors.TooLarge, 1),
    "1 GB announced": ([ok(b"", Content_Length="1000000000")], errors.TooLarge, 1),
    "a gzip bomb": ([ok(BOMB, Content_Encoding="gzip")], errors.TooLarge, 1),
    "gzip that is none": ([ok(b"hello", Content_Encoding="gzip")], errors.BrokenBody, 4),
    "gzip cut off": ([ok(gzip.compress(HTML)[:-9], Content_Encoding="gzip")], errors.BrokenBody, 4),
    "a coding we did not ask for": ([ok(HTML, Content_Encoding="br")], errors.BrokenBody, 4),
    "redirect to itself": ([to("/page")], errors.TooManyRedirects, 11),
    "redirect to nowhere": ([status("302 Found")], errors.TooManyRedirects, 1),
    "redirect to a broken address": ([to("http://[::1")], errors.TooManyRedirects, 1),
    "redirect to a file": ([to("file:///etc/passwd")], errors.SchemeRefused, 1),
    "redirect to a script": ([to("javascript:alert(1)")], errors.SchemeRefused, 1),
    "redirect with a password": ([to("http://user:secret@127.0.0.1/")], errors.SchemeRefused, 1),
    "redirect to a private address": ([to("http://10.0.0.1/")], errors.AddressRefused, 1),
    "redirect to the metadata service": ([to("http://169.254.169.254/latest/")], errors.AddressRefused, 1),
    "redirect to an address in disguise": ([to("http://[::ffff:192.168.0.1]/")], errors.AddressRefused, 1),
    "redirect to a name of a private address": ([to("http://intranet.example/")], errors.AddressRefused, 1),
    "redirect to a name of a mixed lot": ([to("http://mixed.example/")], errors.AddressRefused, 1),
    "redirect to no host": ([to("http://nowhere.invalid/")], errors.Unreachable, 1),
    "soft 404": ([ok(b"<title>Siden findes ikke - Region</title>")], errors.NotFound, 1),
    "noindex in a header": ([ok(X_Robots_Tag="noindex, nofollow")], errors.IndexRefused, 1),
    "noindex for us": ([ok(X_Robots_Tag="samspil: none")], errors.IndexRefused, 1),
    "noindex in the page": ([ok(b"<meta content='noindex' name=robots>")], errors.IndexRefused, 1),
    "a deflate bomb": ([ok(zlib.compress(bytes(64 << 20)), Content_Encoding="deflate")], errors.TooLarge, 1),
    "a bomb within a bomb": ([ok(DOUBLE_BOMB, Content_Encoding="gzip, gzip")], errors.BrokenBody, 4),
    "redirects in a ring": ([to("/ring")], errors.TooManyRedirects, 6),
    "a cookie wall with status 200": ([ok(COOKIE_WALL)], errors.Walled, 1),
    "a consent page with status 200": ([ok(CONSENT_PAGE)], errors.Walled, 1),
    "a check for robots with status 200": ([ok(ROBOT_CHECK)], errors.Walled, 1),
}


RECOVERS: dict[str, list[Any]] = {
    "500, then fine": [status("500 Oops"), status("503 Busy"), ok()],
    "429 and Retry-After, then fine": [status("429 Slow", Retry_After="7"), ok()],
    "reset in mid-body, then fine": [reset_after(HEAD + b"Content-Length: 900\r\n\r\nabc"), ok()],
    "wrong length, then fine": [hang_up(HEAD + b"Content-Length: 900\r\n\r\nabc"), ok()],
    "hangs up, then fine": [hang_up(), ok()],
    "more bytes than promised": [hang_up(ok() + b"and then some")],
    "no length at all": [hang_up(HEAD + b"\r\n" + HTML)],
    "chunked": [hang_up(HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(HTML), HTML))],
    "gzip": [ok(gzip.compress(HTML), Content_Encoding="gzip")],
    "gzip in two members": [ok(gzip.compress(HTML[:9]) + gzip.compress(HTML[9:]), Content_Encoding="gzip")],
    "deflate": [ok(zlib.compress(HTML), Content_Encoding="deflate")],
    "raw deflate": [ok(zlib.compress(HTML, wbits=-15), Content_Encoding="deflate")],
    "HTTP/1.0": [hang_up(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML)],
    "noindex for another": [ok(X_Robots_Tag="otherbot: noindex")],
    "a redirect to itself that sets a cookie": [to("/page", Set_Cookie="seen=1"), ok()],
    "503 and a date in Retry-After, then fine": [status("503 Busy", Retry_After="Mon, 23 Nov 2026 10:00:00 GMT"), ok()],
}


def robots(body: bytes) -> bytes:
    return ok(body, Content_Type="text/plain")


def long_robots(sock: socket.socket, _hit: Hit) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /private\n")
    for _ in range(200):
        sock.sendall(b"#" * 9_999 + b"\n")


ROBOTS: dict[str, tuple[Any, type[errors.FetchError] | None]] = {
    "robots.txt not found": (status("404 Not Found"), None),
    "robots.txt gone": (status("410 Gone"), None),
    "robots.txt forbidden": (status("403 Forbidden"), None),
    "robots.txt redirected in a ring": (to("/robots.txt"), None),
    "robots.txt of 2 MB": (long_robots, None),
    "robots.txt that is a page": (ok(b"<!doctype html><title>404</title>"), None),
    "robots.txt that is a gzip bomb": (ok(BOMB, Content_Encoding="gzip"), None),
    "robots.txt for others only": (robots(b"User-agent: otherbot\nDisallow: /"), None),
    "robots.txt that allows us alone": (robots(b"User-agent: *\nDisallow: /\n\nUser-agent: Samspil\nAllow: /"), None),
    "robots.txt that disallows all": (robots(b"User-agent: *\nDisallow: /"), errors.RobotsRefused),
    "robots.txt that disallows us": (robots(b"User-agent: samspil/0.1\nDisallow: /p\n"), errors.RobotsRefused),
    "robots.txt with a server error": (status("500 Oops"), errors.RobotsRefused),
    "robots.txt not available now": (status("503 Busy"), errors.RobotsRefused),
    "robots.txt with too many requests": (status("429 Slow"), errors.RobotsRefused),
    "robots.txt that never comes": (silence_after(), errors.TimedOut),
    "robots.txt that drips": (drip(HEAD + b"\r\n", b"x"), errors.TooSlow),
    "robots.txt cut off by a reset": (reset_after(HEAD + b"Content-Length: 99\r\n\r\nUser"), errors.BrokenBody),
    "robots.txt of a host that hangs up": (hang_up(), errors.Unreachable),
    "robots.txt redirected to a private address": (to("http://10.0.0.1/robots.txt"), errors.AddressRefused),
}

ENTITIES = b"<!DOCTYPE u [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><urlset><url><loc>/&b;</loc></url></urlset>"
SITEMAPS_OF: dict[str, tuple[Any, str]] = {
    "a sitemap that declares entities": (ok(ENTITIES, Content_Type="text/xml"), "BadIndex"),
    "a sitemap nested 100,000 deep": (ok(b"<urlset>" + b"<x>" * 100_000, Content_Type="text/xml"), "BadIndex"),
    "a gzipped sitemap of 64 MB": (ok(BOMB, Content_Type="application/gzip"), "BadIndex"),
    "a sitemap that is a page": (ok(HTML), "BadIndex"),
    "a sitemap with a server error": (status("500 Oops"), "ServerError"),
    "a sitemap without end": (endless, "TooLarge"),
    "a sitemap that lists itself": (
        ok(b"<sitemapindex><sitemap><loc>/s.xml</loc></sitemap></sitemapindex>", Content_Type="text/xml"),
        "the rest",
    ),
    "a feed that declares entities": (
        ok(b"<!DOCTYPE r [<!ENTITY a 'b'>]><rss version='2.0'><channel/></rss>", Content_Type="text/xml"),
        "BadIndex",
    ),
}

CALM = Limits(connect=5, read=10, total=20, body=1 << 20)
HURRIED: dict[type[errors.FetchError], Limits] = {
    errors.TimedOut: replace(CALM, read=0.2),
    errors.TooSlow: replace(CALM, total=1),
}


def hurried(expected: type[errors.FetchError] | None) -> Limits:
    return HURRIED.get(expected or errors.FetchError, CALM)


@pytest.mark.parametrize("name", FAILS)
def test_a_fault_ends_in_its_error_after_so_many_requests(make: Makers, server: FaultServer, name: str) -> None:
    behaviours, expected, requests = FAILS[name]
    url = server.on("/page", *behaviours)
    server.on("/ring", to("/page"))
    guard = make.guard(intranet_example="192.168.1.1", mixed_example="93.184.215.14,10.0.0.1")
    with pytest.raises(errors.FetchError) as caught:
        make.fetcher(hurried(expected), guard).fetch(Request(url))
    assert type(caught.value) is expected
    assert server.paths().count("/page") == requests
    assert "127.0.0.1" not in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("name", RECOVERS)
def test_a_passing_fault_leaves_the_whole_page(make: Makers, server: FaultServer, name: str) -> None:
    url = server.on("/page", *RECOVERS[name])
    response = make.fetcher().fetch(Request(url))
    assert isinstance(response, Response)
    assert (response.body, response.url, response.media_type) == (HTML, url, "text/html")


MISLABELLED: dict[str, tuple[bytes, str, str]] = {
    "a PDF that is said to be HTML": (ok(b"%PDF-1.7 ..."), "application/pdf", "utf-8"),
    "HTML that is said to be a PDF": (ok(HTML, Content_Type="application/pdf"), "text/html", ""),
    "a charset that is not so": (ok(HTML, Content_Type='Text/HTML; Charset="ISO-8859-1"'), "text/html", "iso-8859-1"),
    "a charset that nobody knows": (ok(HTML, Content_Type="text/html; charset=ukendt-8"), "text/html", "ukendt-8"),
    "no type at all": (ok(HTML, Content_Type=""), "text/html", ""),
}


@pytest.mark.parametrize("name", MISLABELLED)
def test_a_wrong_label_leaves_the_page_as_what_it_is(make: Makers, server: FaultServer, name: str) -> None:
    answer, media_type, charset = MISLABELLED[name]
    response = make.fetcher().fetch(Request(server.on("/page", answer)))
    assert isinstance(response, Response)
    assert (response.media_type, response.charset) == (media_type, charset)


@pytest.mark.parametrize("name", ROBOTS)
def test_a_page_is_fetched_only_where_robots_txt_lets_us(make: Makers, server: FaultServer, name: str) -> None:
    answer, error = ROBOTS[name]
    server.on("/robots.txt", answer)
    url = server.on("/page", ok())
    fetcher = make.fetcher(hurried(error))
    if error is None:
        assert isinstance(fetcher.fetch(Request(url)), Response)
    else:
        with pytest.raises(errors.FetchError) as caught:
            fetcher.fetch(Request(url))
        assert type(caught.value) is error
        assert "/page" not in server.paths()


def site(server: FaultServer) -> Source:
    return Source("s", "S", "S", SourceKind.WEBSITE, ("alle",), (f"{server.root}/",), delay=0.0)


def told(make: Makers, server: FaultServer, limits: Limits = CALM) -> dict[str, str]:
    """What became of each page of a site: "" where it was had."""
    found = crawl(
        site(server), make.fetcher(limits, make.guard(intranet_example="192.168.1.1", mixed_example="10.0.0.1"))
    )
    return {
        outcome.url.removeprefix(server.root): outcome.kind if isinstance(outcome, FetchFailure) else ""
        for outcome in found
    }


@pytest.mark.parametrize("name", SITEMAPS_OF)
def test_a_broken_sitemap_harms_no_page(make: Makers, server: FaultServer, name: str) -> None:
    answer, end = SITEMAPS_OF[name]
    server.on("/robots.txt", robots(f"Sitemap: {server.root}/s.xml".encode()))
    server.on("/s.xml", answer)
    server.on("/", ok(b"<a href='/1'>1</a>"))
    server.on("/1", ok())
    assert told(make, server) == {"/": "", "/s.xml": end.removeprefix("the rest"), "/1": ""}


def test_sitemaps_that_lead_to_ever_more_sitemaps_are_left_after_so_many(make: Makers, server: FaultServer) -> None:
    server.on("/robots.txt", robots(f"Sitemap: {server.root}/0.xml".encode()))
    for number in range(SITEMAPS + 10):
        listed = b"<sitemapindex><sitemap><loc>/%d.xml</loc></sitemap></sitemapindex>" % (number + 1)
        server.on(f"/{number}.xml", ok(listed, Content_Type="text/xml"))
    server.on("/", ok(b"<a href='/1'>1</a>"))
    server.on("/1", ok())
    assert list(told(make, server)) == ["/", *(f"/{number}.xml" for number in range(SITEMAPS)), "/1"]


def test_a_site_full_of_faults_loses_no_good_page(make: Makers, server: FaultServer) -> None:
    faults = {name: end for name, end in FAILS.items() if end[1] is not errors.TooManyRequests}
    paths = [path for at in range(len(faults)) for path in (f"/{at}", f"/god/{at}")]
    server.on("/", ok("".join(f"<a href='{path}'>x</a>" for path in paths).encode()))
    server.on("/page", to("/ring"))
    server.on("/ring", to("/page"))
    expected = {"/": ""}
    for at, (name, (behaviours, error, _)) in enumerate(faults.items()):
        server.on(f"/{at}", *behaviours)
        server.on(f"/god/{at}", ok(b"<p>%d" % at))
        leaves = name.startswith("redirect") and error is not errors.TooManyRedirects  # the source, before all else
        expected |= {f"/{at}": "ScopeRefused" if leaves else error.__name__, f"/god/{at}": ""}
    threads = {thread for thread in threading.enumerate() if "process_request" not in thread.name}
    found = told(make, server, replace(CALM, read=0.3, total=1.5))
    assert {path: found.get(path, "lost") for path in expected} == expected
    assert {thread for thread in threading.enumerate() if "process_request" not in thread.name} == threads


MEASURED = """
import json, sys
from extractors.web.address import Guard
from extractors.web.crawl import crawl
from extractors.web.errors import FetchError
from extractors.web.fetch import Fetcher, Request
from extractors.web.pace import Pace
from extractors.web.transport import Limits, Transport
from models.records import Source, SourceKind

root, ends = sys.argv[1], {}
fetcher = Fetcher(Transport("Samspil/0", Limits(), Guard(allow_loopback=True)), Pace(sleep=lambda seconds: None))
for path in sys.argv[2:]:
    try:
        fetcher.fetch(Request(root + path, delay=0))
    except FetchError as error:
        ends[path] = type(error).__name__
site = Source("s", "S", "S", SourceKind.WEBSITE, ("alle",), (root + "/",), delay=0)
ends |= {found.url.removeprefix(root): getattr(found, "kind", "") for found in crawl(site, fetcher)}
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([ends, int(peak) << 10]))
"""


def test_a_gigabyte_in_any_form_stays_under_500_mb_of_memory(server: FaultServer) -> None:
    bomb = BOMB * 16  # as many members of one gzip file
    forms: dict[str, Any] = {
        "/plain": endless,
        "/chunks": endless_chunks,
        "/announced": ok(b"", Content_Length="1000000000"),
        "/gzip": ok(bomb, Content_Encoding="gzip"),
    }
    for path, behaviour in forms.items():
        server.on(path, behaviour)
    server.on("/robots.txt", robots(f"Sitemap: {server.root}/s.xml.gz".encode()))
    server.on("/s.xml.gz", ok(bomb, Content_Type="application/x-gzip"))
    server.on("/", ok())
    command = [sys.executable, "-c", MEASURED, server.root, *forms]
    done = subprocess.run(command, capture_output=True, text=True, timeout=80, check=True)
    ends, memory = json.loads(done.stdout)
    assert ends == {**dict.fromkeys(forms, "TooLarge"), "/": "", "/s.xml.gz": "BadIndex"}
    assert memory < 500 << 20


def listed() -> dict[str, str]:
    """The table as the tests have it."""
    elsewhere = "see test_tls"
    return {
        **{name: f"{error.__name__}, {count} request{'s' * (count > 1)}" for name, (_, error, count) in FAILS.items()},
        **dict.fromkeys(RECOVERS, "the whole page"),
        **{name: f"the page, as {media_type}" for name, (_, media_type, _) in MISLABELLED.items()},
        **{name: error.__name__ if error else "the page" for name, (_, error) in ROBOTS.items()},
        **{name: end if end == "the rest" else f"{end}, and the rest" for name, (_, end) in SITEMAPS_OF.items()},
        "sitemaps that lead to ever more sitemaps": f"{SITEMAPS} of them, and the rest",
        "a certificate nobody vouches for": f"CertificateError, {elsewhere}",
        "a certificate for another host": f"CertificateError, {elsewhere}",
        "a certificate out of date": f"CertificateError, {elsewhere}",
        "no TLS where it should be": f"Unreachable, {elsewhere}",
    }


def test_the_table_above_is_what_the_tests_say() -> None:
    lines = [re.split(r"  +", line) for line in (__doc__ or "").splitlines() if "  " in line]
    assert dict(lines[1:]) == listed()
    assert len(listed()) >= 40
