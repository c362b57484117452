from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from extractors.web import errors
from extractors.web.fetch import Request
from extractors.web.robots import SIZE, Robots, parse

if TYPE_CHECKING:
    from tests.extractors.web.conftest import FaultServer, Makers

SITE = "https://example.com"

# The examples of RFC 9309 and of the tests of the parser that it was written down from.
SIMPLE = """
User-agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-agent: foobot
Disallow: /
Allow: /example/page.html
Allow: /example/allowed.gif

User-agent: barbot
User-agent: bazbot
Disallow: /example/page.html

User-agent: quxbot

# EOF
"""
LONGEST = """
User-agent: foobot
Allow: /example/page/
Disallow: /example/page/disallowed.gif
"""

TWICE = "User-agent: foobot\nDisallow: /a\nUser-agent: b\nDisallow: /b\nUser-agent: foobot\nDisallow: /c"


MERGED = "user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\nuser-agent: ExampleBot\ndisallow: /baz\n"
OTHERS = "user-agent: *\ndisallow: /foo\ndisallow: /bar\n\nuser-agent: BazBot\ndisallow: /baz\n"
OUTSIDE = "allow: /x/\ndisallow: /y/\n\nuser-agent: foobot\ndisallow: /\nallow: /z/\n"


def no(path: str) -> str:
    return f"User-agent: foobot\nDisallow: {path}"


@pytest.mark.parametrize(
    ("text", "agent", "path", "allowed"),
    [
        (SIMPLE, "foobot", "/example/page.html", True),  # 5.1
        (SIMPLE, "foobot", "/example/other.html", False),
        (SIMPLE, "foobot", "/publications/", False),
        (SIMPLE, "barbot", "/example/page.html", False),
        (SIMPLE, "bazbot", "/example/page.html", False),
        (SIMPLE, "bazbot", "/example/other.html", True),
        (SIMPLE, "quxbot", "/example/page.html", True),
        (SIMPLE, "otherbot", "/example/page.html", False),
        (SIMPLE, "otherbot", "/publications/page.html", True),
        (SIMPLE, "otherbot", "/image.gif", False),
        (SIMPLE, "otherbot", "/image.gif?x", True),
        (LONGEST, "foobot", "/example/page/disallowed.gif", False),  # 5.2
        (LONGEST, "foobot", "/example/page/allowed.gif", True),
        ("", "foobot", "/x", True),  # 2.2.1: no group applies
        ("user-agent: FOOBOT\ndisallow: /x", "foobot", "/x/y", False),  # names without regard to case
        ("User-agent: foobot\nDisallow: /fish", "foobot", "/Fish", True),  # paths with regard to case
        ("User-agent: a\nDisallow: /\n\nUser-agent: foobot\nDisallow:", "foobot", "/x", True),
        (TWICE, "foobot", "/c", False),
        (TWICE, "foobot", "/a", False),
        ("User-agent: foobot\nDisallow: /\nAllow: /p", "foobot", "/page", True),
        ("User-agent: foobot\nAllow: /page\nDisallow: /page", "foobot", "/page", True),  # equal: allow
        ("User-agent: foobot\nDisallow: /*.php$", "foobot", "/index.php", False),
        ("User-agent: foobot\nDisallow: /*.php$", "foobot", "/index.php5", True),
        ("User-agent: foobot\nDisallow: /fish*.html", "foobot", "/fish/salmon.html?x", False),
        ("User-agent: foobot\nDisallow: /foo/bar/\u30c4", "foobot", "/foo/bar/%E3%83%84", False),  # 2.2.2
        ("User-agent: foobot\nDisallow: /foo/bar/%62%61%7A", "foobot", "/foo/bar/baz", False),
        ("User-agent: foobot # us\nDisallow: /x # that", "foobot", "/x", False),
        ("User-agent: foobot\r\nDisallow: /x\r\n", "foobot", "/x", False),
        ("\ufeffUser-agent: foobot\nDisallow: /x", "foobot", "/x", False),
        ("User-agent: foobot\nSitemap: https://example.com/s.xml\nDisallow: /x", "foobot", "/x", False),
        ("<html><title>404</title>", "foobot", "/x", True),
        (MERGED, "ExampleBot", "/foo", False),  # 2.2.1: groups of one name are one
        (MERGED, "ExampleBot", "/baz", False),
        (MERGED, "examplebot", "/bar", False),
        (MERGED, "ExampleBot", "/qux", True),
        (OTHERS, "ExampleBot", "/bar", False),  # 2.2.1: the group of all others
        (OTHERS, "ExampleBot", "/baz", True),
        (OTHERS, "BazBot", "/bar", True),
        (OUTSIDE, "foobot", "/x/1", False),  # 2.2.2: rules before the first group do not count
        (OUTSIDE, "foobot", "/z/1", True),
        (OUTSIDE, "barbot", "/y/1", True),
        (no("/foo/bar?baz=quz"), "foobot", "/foo/bar?baz=quz", False),  # 2.2.2: the table of encodings
        (no("/foo/bar?baz=https://foo.bar"), "foobot", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", False),
        (no("/foo/bar?baz=https%3A%2F%2Ffoo.bar"), "foobot", "/foo/bar?baz=https://foo.bar", False),
        (no("/foo/bar?baz=https://foo.bar"), "foobot", "/foo/bar?baz=https://foo.bar", False),
        (no("/foo/bar?baz=https://foo.bar"), "foobot", "/foo/bar?baz=https://baz.bar", True),
        (no("/foo/bar/%E3%83%84"), "foobot", "/foo/bar/%E3%83%84", False),
        (no("/foo/bar/baz"), "foobot", "/foo/bar/%62%61%7A", False),
        (no("/this/path/exactly$"), "foobot", "/this/path/exactly", False),  # 2.2.3: special characters
        (no("/this/path/exactly$"), "foobot", "/this/path/exactly/not", True),
        (no("/this/*/exactly"), "foobot", "/this/or/that/exactly", False),
        (no("/path/file-with-a-%2A.html"), "foobot", "/path/file-with-a-*.html", False),
        (no("/path/file-with-a-%2A.html"), "foobot", "/path/file-with-a-b.html", True),
        (no("/path/foo-%24"), "foobot", "/path/foo-$", False),
        (no("/path/foo-%24"), "foobot", "/path/foo-", True),
        (no("/"), "foobot", "/robots.txt", True),  # 2.2.2: is always allowed
        ("User-agent: foo\nDisallow: /", "foobot", "/x", True),  # a name is not its beginning
        ("User-agent: foobotnews\nDisallow: /", "foobot", "/x", True),
        ("User-agent: foobot/2.1\nDisallow: /", "foobot", "/x", False),  # nor has it a version
        ("User-agent: *\nDisallow: /\nUser-agent: foo\nAllow: /", "foobot", "/x", False),
        ("User-agent: foobot\nAllow: /x/page.\nDisallow: /*.html", "foobot", "/x/page.html", True),  # the longest match
        ("User-agent: foobot\nAllow: /page\nDisallow: /*.html", "foobot", "/page.html", False),
    ],
)  # fmt: skip
def test_rules_read_as_the_standard_says(text: str, agent: str, path: str, allowed: bool) -> None:
    rules = parse(text.encode(), agent)
    if allowed:
        rules.check(SITE + path)
    else:
        with pytest.raises(errors.RobotsRefused):
            rules.check(SITE + path)


def test_what_follows_500_kib_does_not_count() -> None:
    filling = b"# filling\n" * (SIZE // 10)
    late = parse(b"User-agent: *\nDisallow: /early\n" + filling + b"Disallow: /late\n", "Samspil")
    late.check(f"{SITE}/late")
    with pytest.raises(errors.RobotsRefused):
        late.check(f"{SITE}/early")


def test_delay_and_sitemaps_are_read() -> None:
    rules = parse(
        b"User-agent: *\nCrawl-delay: 2.5\nSitemap: https://a.dk/1.xml\nSitemap: https://a.dk/2.xml", "Samspil"
    )
    assert (rules.delay, rules.sitemaps) == (2.5, ("https://a.dk/1.xml", "https://a.dk/2.xml"))


def text(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def answer(line: bytes, location: bytes = b"") -> bytes:
    moved = b"Location: %s\r\n" % location if location else b""
    return b"HTTP/1.1 %s\r\n%sContent-Length: 0\r\n\r\n" % (line, moved)


def test_a_redirected_robots_txt_is_followed(make: Makers, server: FaultServer) -> None:
    server.on("/robots.txt", answer(b"301 Moved", b"/other/robots.txt"))
    server.on("/other/robots.txt", text(b"User-agent: *\nDisallow: /page"))
    with pytest.raises(errors.RobotsRefused):
        make.fetcher().fetch(Request(server.on("/page", text(b"hej"))))


def test_a_redirect_target_is_checked_against_its_own_robots_txt(make: Makers, server: FaultServer) -> None:
    server.on("/robots.txt", text(b"User-agent: *\nDisallow: /secret"))
    with pytest.raises(errors.RobotsRefused):
        make.fetcher().fetch(Request(server.on("/page", answer(b"302 Found", b"/secret"))))
    assert "/secret" not in server.paths()


def test_the_larger_of_both_delays_is_kept(make: Makers, server: FaultServer) -> None:
    server.on("/robots.txt", text(b"User-agent: *\nCrawl-delay: 5"))
    fetcher = make.fetcher()
    for number in range(3):
        fetcher.fetch(Request(server.on(f"/{number}", text(b"hej")), delay=1.0))
    assert make.time.slept == [5.0, 5.0, 5.0]


def test_robots_txt_is_read_once_a_run_by_however_many_threads() -> None:
    read = []

    def slowly(url: str) -> bytes:
        read.append(url)
        time.sleep(0.05)
        return b""

    robots = Robots("Samspil", slowly)
    threads = [threading.Thread(target=robots.rules, args=(f"https://a.dk/{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == ["https://a.dk/robots.txt"]
