"""What the store takes and gives besides the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.records import (
    Claim,
    Page,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page's bytes lie in the archive, and what the server said to ask with next time."""

    file: str
    offset: int
    length: int
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page just archived; an older capture of an address is not its `current` version."""

    page: Page
    place: Place
    current: bool = True


@dataclass(frozen=True, slots=True)
class SourceRun:
    """What one run found at one source: counts of pages."""

    source_id: str
    source_name: str
    at: datetime
    fresh: int
    changed: int
    unchanged: int
    failed: int
    refused: int = 0  # not fetched because the site asks for that, or an address is not allowed
    vanished: int = 0  # had before, not found now


@dataclass(frozen=True, slots=True)
class Change:
    """How the claims of a page's new version compare with those of the version before."""

    page_id: str
    source_id: str
    at: datetime
    kept: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim with the document and the page that prove it."""

    claim: Claim
    document_url: str
    document_title: str
    published: date | None
    fetched_at: datetime
    last_seen: datetime
    record: str
    page_id: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """What a page led to, packed, and the scope that this holds for."""

    page_id: str
    read_as: str
    scope: str
    packed: bytes


@dataclass(frozen=True, slots=True)
class LostCapture:
    """A capture of a web archive that cannot be had, known by the archive's digest of it, and why."""

    source_id: str
    digest: str
    url: str
    reason: str
    kind: str
