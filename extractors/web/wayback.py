"""Web archives: the captures of a source, listed by a CDX server and fetched as they were captured.

The interface is that of the Internet Archive's Wayback CDX server (its wayback-cdx-server README) and of others that
speak it: `/cdx/search/cdx` lists captures, `/web/<timestamp>id_/<address>` gives one without any rewriting.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from urllib.parse import quote_plus, unquote_plus, urlencode, urlsplit

from extractors.web.crawl import GIVE_UP, NOTHING, Memory, Outcome
from extractors.web.errors import (
    Blocked,
    FetchError,
    FetchFailure,
    IndexRefused,
    NotFound,
    ScopeRefused,
    TimedOut,
    TooLarge,
    TooManyRequests,
    Unreachable,
    Walled,
)
from extractors.web.fetch import CAPTURE, CAPTURE_DIGEST, Fetcher, Request, Unchanged
from extractors.web.media import CSV, DOCX, HTML, PDF, TEXT, XHTML, XLSX
from extractors.web.scope import Scope, canonical, is_trap
from models.records import Response, Source

WAYBACK = "https://web.archive.org"
"""The web archive that is asked unless another is named."""

LISTED = 5_000
"""Lines asked for at a time."""
LISTINGS = 100
"""Times that a listing is continued; a start URL with more lines than LISTED * LISTINGS is listed in part."""
CAPTURES = 50_000
"""Captures kept in mind of one source; about 25 MB."""

DOCUMENTS = (HTML, XHTML, PDF, DOCX, XLSX, CSV, TEXT)
"""Media types of captures worth fetching, as the archive has them."""

LOST = (NotFound, Blocked, IndexRefused, ScopeRefused, TooLarge, Walled)
"""Failures of a capture that will be the same on any night: it is not asked for again."""

_FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest")
_TIMESTAMP = re.compile(r"\d{14}")
_DIGEST = re.compile(r"[A-Z2-7]{32}")
_REPLAY = re.compile(r"/web/(\d{14})id_/(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Capture:
    """One capture: `original` is the address as the archive writes it, `url` our spelling of it."""

    moment: datetime  # UTC
    url: str
    original: str = field(compare=False)
    digest: str = field(compare=False)  # SHA-1 of the body as it was captured, base32

    @property
    def path(self) -> str:
        """Where the archive has it in its original form."""
        return f"/web/{self.moment:%Y%m%d%H%M%S}id_/{self.original}"


def captures(source: Source, fetcher: Fetcher, memory: Memory = NOTHING, service: str = WAYBACK) -> Iterator[Outcome]:
    """The captures of a source between `since` and `until`: one for each content, the oldest first.

    A Response has the original URL, the time of its capture, and headers CAPTURE and CAPTURE_DIGEST. Those whose digest
    is in `memory` are not fetched again, but Unchanged and not `asked`, or the failure that is remembered. Where the
    source has more captures than `max_pages`, the newest of each address are taken first. The same listing gives the
    same captures always.
    """
    listing = _Listing(source, fetcher, service)
    yield from listing.read()
    silent = 0
    for capture in _chosen(listing.found.values(), source.max_pages):
        if capture.digest in memory.digests:
            yield Unchanged(capture.url, capture.moment, asked=False)
            continue
        if capture.digest in memory.lost:
            yield memory.lost[capture.digest]
            continue
        if silent >= GIVE_UP:
            reason = "Webarkivet svarer ikke eller vil have ro; resten hentes ved næste kørsel"
            yield FetchFailure(capture.url, reason, "GaveUp")
            return
        try:
            yield _fetched(capture, source, fetcher, service)
            fetcher.free()
            silent = 0
        except FetchError as error:
            silent = _silence(error, silent)
            failure = error.failure(service + capture.path)
            if isinstance(error, LOST):
                memory.lose(capture.digest, failure)
            yield failure


@dataclass(slots=True)
class _Listing:
    """What the archive has of a source; a content is kept with its newest capture, so that the newest version of an
    address comes last also where an older one returned."""

    source: Source
    fetcher: Fetcher
    service: str
    scope: Scope = field(init=False)
    found: dict[str, Capture] = field(default_factory=dict)  # by digest

    def __post_init__(self) -> None:
        self.scope = Scope.of(self.source)

    def read(self) -> Iterator[FetchFailure]:
        """Lists the captures of all start URLs; what could not be listed is a failure."""
        for start in self.source.start:
            query = self.query(start)
            try:
                yield from self.pages(query)
            except FetchError as error:
                yield error.failure(query)
                if isinstance(error, Unreachable | TimedOut | TooManyRequests):
                    return

    def pages(self, query: str) -> Iterator[FetchFailure]:
        """Reads one listing to its end, or as far as the limits go."""
        broken, resume, unread = 0, "", True
        for _ in range(LISTINGS):
            answer = self.fetcher.fetch(Request(query + resume, self.source.delay, scope=self.is_listing))
            lines, key = _lines(answer)
            for line in lines:
                try:
                    self.keep(_capture(line))
                except ValueError:
                    broken += 1
            before, resume = resume, f"&resumeKey={quote_plus(unquote_plus(key))}" if key else ""
            if not key:
                unread = False
            if not key or resume == before or len(self.found) >= CAPTURES:
                break
        if unread:
            yield FetchFailure(query, "Webarkivets oversigt er længere end grænsen; resten er ikke læst", "TooLarge")
        if broken:
            reason = f"{broken} linjer i webarkivets oversigt kan ikke læses og er sprunget over"
            yield FetchFailure(query, reason, "BadIndex")

    def query(self, start: str) -> str:
        """The address of a listing: of the whole host, or of everything below the path of the start URL."""
        parts = urlsplit(start)
        whole = parts.path in ("", "/") and not parts.query
        since, until = self.source.since, self.source.until
        asked = [
            ("url", parts.netloc if whole else start),
            ("matchType", "host" if whole else "prefix"),
            *([("from", f"{since:%Y%m%d}")] if since else []),
            *([("to", f"{until:%Y%m%d}")] if until else []),
            ("filter", "statuscode:200"),
            ("filter", f"mimetype:({'|'.join(re.escape(kind) for kind in DOCUMENTS)})"),
            ("collapse", "digest"),
            ("fl", ",".join(_FIELDS)),
            ("limit", str(LISTED)),
            ("showResumeKey", "true"),
        ]
        return f"{self.service}/cdx/search/cdx?{urlencode(asked)}"

    def is_listing(self, url: str) -> bool:
        """Where a listing may be redirected to."""
        return urlsplit(url)[:2] == urlsplit(self.service)[:2]

    def keep(self, capture: Capture | None) -> None:
        """Keeps a capture that belongs to the source, the newest of each content."""
        if capture is None or capture.url not in self.scope or is_trap(capture.url):
            return
        if not _is_between(capture.moment, self.source):
            return
        known = self.found.get(capture.digest)
        if known is None or known < capture:
            self.found[capture.digest] = capture


def _lines(answer: Response | Unchanged) -> tuple[list[str], str]:
    """The lines of a listing, and the key to its continuation, which stands last behind a blank line; "" at the end."""
    text = answer.body.decode("utf-8", "replace") if isinstance(answer, Response) else ""
    lines = text.rstrip().split("\n")
    key = lines.pop() if len(lines) > 1 and not lines[-2].strip() else ""
    return [line for line in lines if line.strip()], key.strip()


def _capture(line: str) -> Capture | None:
    """The capture in a line of a listing; None when it is none of a document. Raises ValueError when it is broken."""
    timestamp, original, media_type, status, digest = line.split(" ")
    if not _DIGEST.fullmatch(digest):
        raise ValueError("no digest")
    moment = _moment(timestamp)
    url = canonical(original)
    if url is None or status != "200" or media_type not in DOCUMENTS:
        return None
    return Capture(moment, url, original, digest)


def _moment(timestamp: str) -> datetime:
    if not _TIMESTAMP.fullmatch(timestamp):
        raise ValueError("no timestamp")
    return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _is_between(moment: datetime, source: Source) -> bool:
    return (source.since or date.min) <= moment.date() <= (source.until or date.max)


def _chosen(found: Iterable[Capture], most: int) -> list[Capture]:
    """At most so many captures, oldest first: the newest of every address before a second of any."""
    ranks: Counter[str] = Counter()
    ranked = []
    for capture in sorted(found, reverse=True):
        ranked.append((ranks[capture.url], capture.url, capture))
        ranks[capture.url] += 1
    return sorted(capture for _, _, capture in sorted(ranked)[:most])


def _fetched(capture: Capture, source: Source, fetcher: Fetcher, service: str) -> Response:
    """The capture as it was made. The archive may redirect to another one of the same address a moment away."""

    def is_capture(url: str) -> bool:
        found = _REPLAY.fullmatch(url.removeprefix(service))
        return bool(
            found
            and url.startswith(service)
            and canonical(found[2]) == capture.url
            and _is_between(_moment(found[1]), source)
        )

    answer = fetcher.fetch(Request(service + capture.path, source.delay, scope=is_capture))
    if isinstance(answer, Unchanged):
        raise AssertionError("a capture is never asked for conditionally")
    found = _REPLAY.fullmatch(answer.url.removeprefix(service))
    moment = _moment(found[1]) if found else capture.moment
    headers = (*answer.headers, (CAPTURE, answer.url), (CAPTURE_DIGEST, capture.digest))
    return replace(answer, url=capture.url, fetched_at=moment, headers=headers)


def _silence(error: FetchError, silent: int) -> int:
    if isinstance(error, TooManyRequests):
        return GIVE_UP
    return silent + 1 if isinstance(error, Unreachable | TimedOut) else 0
