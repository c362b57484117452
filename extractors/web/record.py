"""One record of the archive: a response, or that a page was found as it was, as a gzipped WARC record."""

from __future__ import annotations

import base64
import hashlib
import uuid
from datetime import UTC, datetime
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped, unused-ignore]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped, unused-ignore]

from extractors.web.fetch import Unchanged
from extractors.web.warc import CHARSET, OF_TRANSFER
from models.records import Page, Response, digest

_REVISIT = "http://netpreserve.org/warc/1.1/revisit/"


def response_record(source_id: str, response: Response) -> tuple[str, bytes]:
    """The id and the bytes: a `response` record of what came over HTTP, a `resource` record of a file."""
    content = digest_of(response.body)
    record = record_id(source_id, response.url, content)
    head = {
        "WARC-Record-ID": record,
        "WARC-Date": _iso(response.fetched_at),
        "WARC-Payload-Digest": content,
        "WARC-Identified-Payload-Type": response.media_type,
        CHARSET: response.charset,
    }
    if response.url.startswith(("http://", "https://")):
        http = StatusAndHeaders(f"{response.status} ", _kept(response), protocol="HTTP/1.1")
        kind = "response"
    else:
        http, kind = None, "resource"
        head["Content-Type"] = response.media_type or "application/octet-stream"
    return record, _record(kind, response.url, head, http, response.body)


def revisit_record(page: Page, unchanged: Unchanged, status: int) -> tuple[str, bytes]:
    """The id and the bytes of a `revisit` record of a page archived before."""
    content = _labelled(bytes.fromhex(page.content))
    record = record_id(page.source_id, unchanged.url, content, _iso(unchanged.fetched_at))
    head = {
        "WARC-Record-ID": record,
        "WARC-Date": _iso(unchanged.fetched_at),
        "WARC-Profile": _REVISIT + ("server-not-modified" if status == 304 else "identical-payload-digest"),
        "WARC-Refers-To": f"<{page.record}>",
        "WARC-Refers-To-Target-URI": page.url,
        "WARC-Refers-To-Date": _iso(page.fetched_at),
        "WARC-Payload-Digest": content,
    }
    http = StatusAndHeaders(f"{status} ", [], protocol="HTTP/1.1")
    return record, _record("revisit", unchanged.url, head, http, b"")


def record_id(*parts: str) -> str:
    """A WARC-Record-ID made of what the record is about: the same always."""
    return uuid.UUID(digest(*parts)[:32], version=5).urn


def digest_of(body: bytes) -> str:
    """The labelled SHA-256 of a payload, as WARC writes it."""
    return _labelled(hashlib.sha256(body).digest())


def _labelled(value: bytes) -> str:
    return "sha256:" + base64.b32encode(value).decode()


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _record(kind: str, url: str, head: dict[str, str], http: StatusAndHeaders | None, body: bytes) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    given = {name: value for name, value in head.items() if value}
    given["WARC-Record-ID"] = f"<{given['WARC-Record-ID']}>"
    writer.write_record(
        writer.create_warc_record(
            url, kind, payload=BytesIO(body), length=len(body), warc_headers_dict=given, http_headers=http
        )
    )
    return out.getvalue()


def _kept(response: Response) -> list[tuple[str, str]]:
    """The headers that are still true of the decoded body."""
    pairs = ((name, " ".join(value.split())) for name, value in response.headers)
    return [(name, value) for name, value in pairs if name.lower() not in OF_TRANSFER]
