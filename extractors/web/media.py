"""What a body is, whatever its label says; and whether its page wants to be indexed, or is there at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import urlsplit

HTML, XHTML, PDF, CSV, TEXT = "text/html", "application/xhtml+xml", "application/pdf", "text/csv", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RSS, ATOM, SITEMAP, GZIP = "application/rss+xml", "application/atom+xml", "application/sitemap+xml", "application/gzip"
UNKNOWN = "application/octet-stream"

_MAGIC = (
    (b"%PDF-", PDF),
    (b"\x1f\x8b", GZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)
_ROOTS = {b"rss": RSS, b"rdf": RSS, b"feed": ATOM, b"urlset": SITEMAP, b"sitemapindex": SITEMAP}
_ROOT = re.compile(rb"<(?:[a-z0-9]+:)?(rss|rdf|feed|urlset|sitemapindex)\b", re.IGNORECASE)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"\s*<(?:\?xml|!--|!doctype|[a-z])", re.IGNORECASE)
_BY_ENDING = {".csv": CSV, ".txt": TEXT}
_LOOSE = ("", UNKNOWN, "binary/octet-stream", "application/download", "application/force-download")
_TEXTUAL = ("text/", "application/xml", "application/json", "application/xhtml", "application/rss", "application/atom")
_HEAD = 4096

_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_META = re.compile(rb"<meta\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_GONE = re.compile(
    r"^\W*(?:fejl|error)?\W*404\b|siden (?:findes|eksisterer) ikke|siden (?:blev|kunne|er) ikke (?:blive )?fundet|"
    r"side ikke fundet|page not found",
    re.IGNORECASE,
)
_FOR_ONE_AGENT = re.compile(r"\s*([a-z0-9_*-]+)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_WITH_VALUE = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")


def declared_type(content_type: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type header, lower case, each "" when missing."""
    media, _, parameters = content_type.partition(";")
    charset = re.search(r"""charset\s*=\s*["']?([^\s"';]+)""", parameters, re.IGNORECASE)
    return media.strip().lower(), charset[1].lower() if charset else ""


def media_type(declared: str, body: bytes, url: str) -> str:
    """The media type of `body`: its own signature before the label, the label before the URL's ending."""
    signature = _signature(body)
    if signature:
        return signature
    head = body[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    vague = declared in _LOOSE or _needs_signature(declared)
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return UNKNOWN if vague else declared
    markup = _markup(head, declared)
    if markup:
        return markup
    ending = _BY_ENDING.get(PurePosixPath(urlsplit(url).path).suffix.lower(), "")
    if ending and (declared == TEXT or not declared.startswith(_TEXTUAL)):
        return ending
    if vague:
        return TEXT if body else UNKNOWN
    return declared


def robots_rules(headers: Iterable[tuple[str, str]], media: str, body: bytes, agent: str) -> frozenset[str]:
    """What X-Robots-Tag and robots meta elements say to everyone and to `agent`: noindex, nofollow and others."""
    said = set[str]()
    for name, value in headers:
        if name.lower() == "x-robots-tag":
            said |= _header_rules(value, agent)
    if media in (HTML, XHTML):
        said |= _meta_rules(body, agent)
    return frozenset(said | {"noindex", "nofollow"} if "none" in said else said)


def is_gone(media: str, body: bytes) -> bool:
    """Whether a page answered with 200 says in its title that it does not exist (a "soft 404")."""
    title = _TITLE.search(body[: 1 << 16]) if media in (HTML, XHTML) else None
    return bool(title and _GONE.search(" ".join(title[1].decode("utf-8", "replace").split())))


def _signature(body: bytes) -> str:
    if body[:4] == b"PK\x03\x04":
        return DOCX if b"word/document" in body else XLSX if b"xl/workbook" in body else "application/zip"
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((media for magic, media in _MAGIC if start.startswith(magic)), "")


def _markup(head: bytes, declared: str) -> str:
    if _HTML.match(head):
        return XHTML if declared == XHTML else HTML
    root = _ROOT.search(head) if _XML.match(head) and declared != HTML else None
    return _ROOTS[root[1].lower()] if root else ""


def _needs_signature(declared: str) -> bool:
    return declared in (PDF, DOCX, XLSX, GZIP, "application/zip") or declared.startswith("image/")


def _header_rules(value: str, agent: str) -> set[str]:
    for_one = _FOR_ONE_AGENT.match(value)
    if for_one and for_one[1].lower() not in _WITH_VALUE:
        if for_one[1].lower() not in ("*", agent.lower()):
            return set()
        value = for_one[2]
    return {rule.strip().lower() for rule in value.split(",")}


def _meta_rules(body: bytes, agent: str) -> set[str]:
    head = _COMMENT.sub(b"", body[: 1 << 17].partition(b"</head")[0])
    rules = set[str]()
    for element in _META.findall(head):
        attributes = {name.lower(): b"".join(value) for name, *value in _ATTRIBUTE.findall(element)}
        if attributes.get(b"name", b"").strip().lower() in (b"robots", agent.lower().encode()):
            content = attributes.get(b"content", b"").decode("ascii", "replace")
            rules |= {rule.strip().lower() for rule in content.split(",")}
    return rules
