"""Discovery: where a response leads to. Links of a page, entries of a feed, locations of a sitemap."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree.ElementTree import ParseError

import feedparser  # type: ignore[import-untyped, unused-ignore]
from defusedxml import DefusedXmlException  # type: ignore[import-untyped, unused-ignore]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped, unused-ignore]
from resiliparse.parse.html import HTMLTree

from extractors.web import media
from extractors.web.decoding import CapError, DecodingError, gunzip
from extractors.web.errors import BadIndex
from extractors.web.scope import canonical
from models.records import Response

SITEMAP_SIZE = 50 << 20
"""Bytes of a sitemap, unpacked (sitemaps.org)."""
SITEMAP_URLS = 50_000
"""Locations of a sitemap (sitemaps.org); further ones are not read."""

INDEXES = frozenset({media.RSS, media.ATOM, media.SITEMAP})
"""Media types that only lead to pages and have nothing to read in themselves."""

_LINKS = "a[href], area[href], frame[src], iframe[src], link[href]"
_FEED_TYPES = (media.RSS, media.ATOM)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: `pages`, or of a sitemap index further `sitemaps`. Canonical URLs in their order."""

    pages: tuple[str, ...]
    sitemaps: tuple[str, ...]


def is_index(response: Response) -> bool:
    """Whether a response is a feed or a sitemap: archived as proof, but no document."""
    return response.media_type in INDEXES


def leads(response: Response, agent: str) -> tuple[str, ...]:
    """The canonical URLs that a response leads to, in its order: the links of a page, the entries of a feed.

    Nothing for other media types, nor where the page asks `agent` not to follow. Raises BadIndex.
    """
    if response.media_type in _FEED_TYPES:
        return feed_entries(response)
    if response.media_type not in (media.HTML, media.XHTML):
        return ()
    if "nofollow" in media.robots_rules(response.headers, response.media_type, response.body, agent):
        return ()
    return links(response)


def links(response: Response) -> tuple[str, ...]:
    """The links of an HTML page, feeds that it announces among them, less those marked nofollow."""
    document = HTMLTree.parse(_text(response)).document
    if document is None:
        return ()
    base_element = document.query_selector("base[href]")
    base = urljoin(response.url, base_element.getattr("href") or "") if base_element else response.url
    found = []
    for element in document.query_selector_all(_LINKS).values():  # iterating the list itself is quadratic
        relation = (element.getattr("rel") or "").lower().split()
        if element.tag == "link" and not _is_feed_link(relation, element.getattr("type") or ""):
            continue
        if "nofollow" not in relation:
            found.append(element.getattr("href") or element.getattr("src") or "")
    return _canonical(found, base)


def feed_entries(response: Response) -> tuple[str, ...]:
    """The pages and enclosed files that an RSS or Atom feed lists. Raises BadIndex, also where it declares entities."""
    if b"<!entity" in response.body.replace(b"\0", b"").lower():  # in UTF-16 as well
        raise BadIndex(response.url)
    # A stream: given bytes, feedparser would try to open them as a file name.
    parsed = feedparser.parse(
        io.BytesIO(response.body), response_headers={"content-location": response.url}, sanitize_html=False
    )
    found = []
    for entry in parsed.entries:
        found.append(entry.get("link", ""))
        found += [enclosure.get("href", "") for enclosure in entry.get("enclosures", ())]
    if not any(found) and (parsed.bozo or not parsed.get("version")):
        raise BadIndex(response.url)
    return _canonical(found, response.url)


def sitemap(response: Response) -> Sitemap:
    """What a sitemap lists: XML (index, urlset, with news or images), plain text, feed, each gzipped or not.

    Raises BadIndex when it is none of these, declares a document type, or unpacks to more than SITEMAP_SIZE.
    """
    body = response.body
    if response.media_type == media.GZIP:
        try:
            body = gunzip(body, SITEMAP_SIZE)
        except (CapError, DecodingError) as error:
            raise BadIndex(response.url) from error
    kind = media.media_type("", body, "")
    if kind in _FEED_TYPES:
        return Sitemap(feed_entries(response), ())
    if kind == media.TEXT:
        lines = body.decode("utf-8", "replace").split("\n", SITEMAP_URLS)[:SITEMAP_URLS]
        return Sitemap(_canonical((line for line in lines if "://" in line), response.url), ())
    if kind != media.SITEMAP:
        raise BadIndex(response.url)
    return _xml_sitemap(body, response.url)


def _xml_sitemap(body: bytes, url: str) -> Sitemap:
    pages: list[str] = []
    sitemaps: list[str] = []
    parent = ""
    try:
        for event, element in iterparse(io.BytesIO(body), events=("start", "end"), forbid_dtd=True):
            name = element.tag.rpartition("}")[2]
            if event == "start":
                parent = name if name in ("url", "sitemap") else parent
            elif name == "loc" and not element.tag.startswith("{http://www.google.com/"):  # images and videos
                (sitemaps if parent == "sitemap" else pages).append(element.text or "")
            elif name in ("url", "sitemap"):
                element.clear()
            if len(pages) + len(sitemaps) >= SITEMAP_URLS:
                break
    except (DefusedXmlException, ParseError, ValueError) as error:
        if not pages and not sitemaps:
            raise BadIndex(url) from error
    return Sitemap(_canonical(pages, url), _canonical(sitemaps, url))


def _canonical(found: Iterable[str], base: str) -> tuple[str, ...]:
    urls = (canonical(url, base) for url in found if url)
    return tuple(dict.fromkeys(url for url in urls if url))


def _is_feed_link(relation: list[str], media_type: str) -> bool:
    return "alternate" in relation and media_type.strip().lower() in _FEED_TYPES


def _text(response: Response) -> str:
    try:
        return response.body.decode(response.charset or "utf-8", "replace")
    except LookupError:
        return response.body.decode("utf-8", "replace")
