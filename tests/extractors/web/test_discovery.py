from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest

from extractors.web.discovery import SITEMAP_URLS, Sitemap, is_index, leads, sitemap
from extractors.web.errors import BadIndex
from extractors.web.media import ATOM, GZIP, HTML, RSS, SITEMAP, TEXT
from models.records import Response

URL = "https://a.dk/om/side"


def page(body: bytes | str, media: str = HTML, **changes: Any) -> Response:
    data = body.encode() if isinstance(body, str) else body
    return Response(URL, media, data, datetime(2026, 1, 1, tzinfo=UTC), **changes)


def test_links_come_in_order_once_each_and_canonical() -> None:
    body = """<!doctype html><head><link rel="stylesheet" href="/s.css"><link rel=alternate type="application/rss+xml"
      href="/rss"></head><body><a href="b?utm_source=x">1</a><a href="/om/b#top">2</a><a href='mailto:a@b.dk'>3</a>
      <map><area href="/kort"></map><a href="/sponsor" rel="nofollow sponsored">4</a><a>5</a><a href="">6</a>
      <iframe src="/ramme"></iframe><a href="https://b.dk/v&aelig;kst">7</a><a href="http://[::1">8</a>"""
    expected = ["/rss", "/om/b", "/kort", "/ramme"]
    assert leads(page(body), "Samspil") == (
        *[f"https://a.dk{path}" for path in expected],
        "https://b.dk/v%C3%A6kst",
    )


def test_the_base_element_counts() -> None:
    assert leads(page('<base href="/andet/"><a href="x">'), "Samspil") == ("https://a.dk/andet/x",)


@pytest.mark.parametrize(
    ("changes", "meta"),
    [
        ({}, '<meta name="robots" content="index, nofollow">'),
        ({}, '<META CONTENT="NONE" NAME="Robots">'),
        ({}, '<meta name="samspil" content="nofollow">'),
        ({"headers": (("X-Robots-Tag", "nofollow"),)}, ""),
    ],
)
def test_a_page_may_ask_not_to_be_followed(changes: dict[str, Any], meta: str) -> None:
    assert leads(page(f'<head>{meta}</head><a href="/x">', **changes), "Samspil") == ()


def test_what_robots_are_told_in_comments_or_by_others_name_does_not_count() -> None:
    body = '<!-- <meta name="robots" content="nofollow"> --><meta name="otherbot" content="nofollow"><a href="/x">'
    assert leads(page(body), "Samspil") == ("https://a.dk/x",)


@pytest.mark.parametrize("body", [b"", b"\0\xff<a", b"<a href='/x'" + b"<div>" * 5000, b"<frameset><frame src=/x>"])
def test_broken_html_is_no_error(body: bytes) -> None:
    assert set(leads(page(body), "Samspil")) <= {"https://a.dk/x"}


def test_an_unknown_charset_is_no_error() -> None:
    assert leads(page("<a href=/x>", charset="ukendt-8"), "Samspil") == ("https://a.dk/x",)


def test_other_media_lead_nowhere() -> None:
    assert leads(page("<a href='/x'>", "application/pdf"), "Samspil") == ()


RSS_BODY = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Nyt</title>
<item><title>1</title><link>https://a.dk/1?utm_medium=rss</link>
<enclosure url="/bilag.pdf" type="application/pdf"/></item>
<item><title>2</title><link>/2</link></item></channel></rss>"""
ATOM_BODY = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/1"/></entry></feed>"""
DTD = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'


def test_feeds_lead_to_their_entries_and_enclosures() -> None:
    assert leads(page(RSS_BODY, RSS), "Samspil") == ("https://a.dk/1", "https://a.dk/bilag.pdf", "https://a.dk/2")
    assert leads(page(ATOM_BODY, ATOM), "Samspil") == ("https://a.dk/1",)


@pytest.mark.parametrize("body", ["", "/etc/passwd", "https://a.dk/feed", "<rss><channel><item>", "no feed"])
def test_what_is_no_feed_is_an_error_and_never_opened(body: str) -> None:
    with pytest.raises(BadIndex):
        leads(page(body, RSS), "Samspil")


def test_a_feed_that_declares_entities_is_not_read() -> None:
    body = RSS_BODY.replace("<rss", DTD + "<rss").replace("/2<", "/&b;&x;<")
    for data in (body.encode(), body.replace("utf-8", "utf-16").encode("utf-16")):
        with pytest.raises(BadIndex):
            leads(page(data, RSS), "Samspil")


def urlset(*urls: str, ns: str = ' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', extra: str = "") -> str:
    return f"<?xml version='1.0'?><urlset{ns}>{''.join(f'<url><loc>{url}</loc>{extra}</url>' for url in urls)}</urlset>"


def test_a_sitemap_lists_pages() -> None:
    expected = Sitemap(("https://a.dk/1", "https://a.dk/2"), ())
    assert sitemap(page(urlset("https://a.dk/1", " https://a.dk/2#x\n"), SITEMAP)) == expected
    assert sitemap(page(urlset("https://a.dk/1", "/2", ns=""), "text/xml")) == expected
    assert sitemap(page(gzip.compress(urlset("https://a.dk/1", "https://a.dk/2").encode()), GZIP)) == expected
    assert sitemap(page("https://a.dk/1\r\nhttps://a.dk/2\n", TEXT)) == expected


def test_a_news_sitemap_lists_pages_and_not_its_images() -> None:
    extra = (
        '<n:news xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><n:title>T</n:title></n:news>'
        '<i:image xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><i:loc>https://a.dk/i</i:loc></i:image>'
    )
    assert sitemap(page(urlset("https://a.dk/1", extra=extra), SITEMAP)) == Sitemap(("https://a.dk/1",), ())


def test_a_sitemap_index_lists_sitemaps() -> None:
    body = "<sitemapindex><sitemap><loc>https://a.dk/s1.xml.gz</loc></sitemap><sitemap><loc>/s2.xml</loc></sitemap></sitemapindex>"
    assert sitemap(page(body, SITEMAP)) == Sitemap((), ("https://a.dk/s1.xml.gz", "https://a.dk/s2.xml"))


def test_a_sitemap_that_breaks_off_is_used_as_far_as_it_goes() -> None:
    assert sitemap(page(urlset("https://a.dk/1", "https://a.dk/2")[:-40], SITEMAP)).pages == ("https://a.dk/1",)


def test_a_sitemap_is_read_up_to_its_limit() -> None:
    body = urlset(*(f"/{number}" for number in range(SITEMAP_URLS + 10)))
    assert len(sitemap(page(body, SITEMAP)).pages) == SITEMAP_URLS


@pytest.mark.parametrize(
    ("body", "media"),
    [
        ("<!doctype html><title>404</title>", HTML),
        (urlset("https://a.dk/1").replace("<urlset", DTD + "<urlset"), SITEMAP),
        (gzip.compress(bytes(60 << 20)), GZIP),
        (b"\x1f\x8bno gzip", GZIP),
        ("<urlset", SITEMAP),
        ("", SITEMAP),
    ],
)
def test_what_is_no_sitemap_or_not_safe_is_an_error(body: bytes | str, media: str) -> None:
    with pytest.raises(BadIndex):
        sitemap(page(body, media))


def test_feeds_and_sitemaps_are_no_documents() -> None:
    assert [is_index(page("", media)) for media in (RSS, ATOM, SITEMAP, HTML, TEXT)] == [True, True, True, False, False]
