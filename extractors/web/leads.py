"""Leads: the addresses that a page or a sitemap leads to, kept small, so that an unchanged one is not opened again."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import StrEnum

from models.records import Source, digest

VERSION = "1"
"""Changes whenever the same bytes may lead elsewhere."""


class ReadAs(StrEnum):
    """How a response is looked through: the same feed may be met as a page and as a sitemap."""

    PAGE = "page"
    SITEMAP = "sitemap"


@dataclass(frozen=True, slots=True)
class Leads:
    """Canonical URLs in their order: `pages` that may be visited, and of a sitemap index further `sitemaps`."""

    content: str  # SHA-256 of the body that they stand in
    pages: tuple[str, ...]
    sitemaps: tuple[str, ...] = ()

    def pack(self) -> bytes:
        """Small bytes; `content` is left out."""
        return zlib.compress("\n\n".join("\n".join(urls) for urls in (self.pages, self.sitemaps)).encode())

    @staticmethod
    def unpack(content: str, packed: bytes) -> Leads:
        """What was packed."""
        pages, sitemaps = zlib.decompress(packed).decode().split("\n\n")
        return Leads(
            content, tuple(pages.split("\n")) if pages else (), tuple(sitemaps.split("\n")) if sitemaps else ()
        )


def scope_key(source: Source) -> str:
    """Names what leads of a source hold for: with another scope, or other rules of ours, they are worked out anew."""
    parts = ("\n".join(patterns) for patterns in (source.start, source.allow, source.deny))
    return digest(VERSION, *parts, length=12)
