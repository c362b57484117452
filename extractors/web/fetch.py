"""Fetching: one page, politely and within limits, or a named error that says why not."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urljoin

from requests.cookies import RequestsCookieJar
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from extractors.web import media
from extractors.web.address import host_of
from extractors.web.errors import (
    FetchError,
    IndexRefused,
    NotFound,
    ScopeRefused,
    TooManyRedirects,
    Walled,
    status_error,
)
from extractors.web.pace import Pace
from extractors.web.robots import SIZE as ROBOTS_SIZE
from extractors.web.robots import Robots, Rules
from extractors.web.transport import Answer, Transport
from extractors.web.walls import is_wall
from models.records import Response

REDIRECTED_FROM = "x-samspil-redirected-from"
"""The header of a Response that names an address it was redirected from, one for each step, the first step first."""

CAPTURE = "x-samspil-capture"
"""The header of a Response from a web archive that names the address of the capture it was had from."""
CAPTURE_DIGEST = "x-samspil-digest"
"""The header beside it: the archive's own digest of the capture (SHA-1, base32), to know it by without fetching."""

_REDIRECTS = (301, 302, 303, 307, 308)
_ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to recognise a page by, for a conditional request. Empty: it gave none."""

    etag: str = ""
    last_modified: str = ""

    @staticmethod
    def of(response: Response) -> Validators:
        """Those of a response."""
        found = {name.lower(): value for name, value in reversed(response.headers)}
        if CAPTURE_DIGEST in found:  # of a capture: nothing else will ever be asked with
            return Validators(found[CAPTURE_DIGEST])
        return Validators(found.get("etag", ""), found.get("last-modified", ""))

    def headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        pairs = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return {name: value for name, value in pairs if value}


Known = Callable[[str], Validators | None]
"""What is known of a URL from before; None for a page never had."""


def nothing_known(_url: str) -> Validators | None:
    """A first visit."""
    return None


def anywhere(_url: str) -> bool:
    """A scope without bounds."""
    return True


@dataclass(frozen=True, slots=True)
class Request:
    """A page to fetch. `known` and `scope` are asked about each address that redirects lead to."""

    url: str
    delay: float = 1.0  # seconds between two requests to its host, at least
    known: Known = nothing_known
    scope: Callable[[str], bool] = anywhere


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The page is as it was: the server says so (304). `url` is the address after redirects.

    Of a web archive: the capture is known by its digest, nothing was `asked`, and no revisit record is due.
    """

    url: str
    fetched_at: datetime
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try. Seconds double with each try and are scattered by half."""

    attempts: int = 4
    backoff: float = 1.0
    retry_after: float = 300.0  # a server that asks for a longer pause is not asked again in this run
    redirects: int = 10


class Fetcher:
    """Fetches pages for all threads of a run: one pace for each host, robots.txt read once."""

    def __init__(
        self,
        transport: Transport,
        pace: Pace,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
        patience: Patience = Patience(),
    ) -> None:
        """`chance` gives numbers from 0 up to 1."""
        self._transport = transport
        self._pace = pace
        self._clock = clock
        self._chance = chance
        self._patience = patience
        self._robots = Robots(transport.agent, self._read_robots)

    @property
    def agent(self) -> str:
        """The product token that pages may address us by."""
        return self._transport.agent

    def fetch(self, request: Request) -> Response | Unchanged:
        """The page at `request.url`. Raises FetchError, see extractors.web.errors."""
        url = urldefrag(request.url).url
        cookies = RequestsCookieJar()  # kept from one redirect to the next, then forgotten
        passed: list[str] = []
        while True:
            host_of(url)
            rules = self._robots.rules(url)
            rules.check(url)
            validators = (request.known(url) or Validators()).headers()
            answer = self._ask(url, max(request.delay, rules.delay), validators, cookies)
            if answer.status == 304 and validators:
                return Unchanged(url, self._clock())
            if answer.status not in _REDIRECTS:
                return self._result(answer, passed)
            passed.append(url)
            url = self._target(answer, passed)
            if not request.scope(url):
                raise ScopeRefused(answer.url)

    def rules(self, url: str) -> Rules:
        """The robots.txt rules of the host that `url` is on."""
        host_of(url)
        return self._robots.rules(url)

    def free(self) -> None:
        """Told that this thread is done with the last response: a large one may be fetched by another."""
        self._transport.free()

    def close(self) -> None:
        """Closes all kept connections."""
        self._transport.close()

    def _read_robots(self, url: str) -> bytes:
        cookies = RequestsCookieJar()
        passed: list[str] = []
        while True:
            answer = self._ask(url, 0.0, {}, cookies, cut_at=ROBOTS_SIZE)
            if answer.status == 200:
                return answer.body
            if answer.status not in _REDIRECTS:
                raise status_error(url, answer.status)
            passed.append(url)
            url = self._target(answer, passed)

    def _ask(
        self,
        url: str,
        delay: float,
        headers: Mapping[str, str],
        cookies: RequestsCookieJar,
        cut_at: int | None = None,
    ) -> Answer:
        """One exchange, tried again while that may help. An error status is an answer once tries have run out."""
        host = host_of(url)
        for attempt in range(1, self._patience.attempts + 1):
            self._pace.wait(host, delay)
            pause = self._patience.backoff * 2 ** (attempt - 1) * (0.5 + self._chance())
            try:
                answer = self._transport.get(url, {"Accept": _ACCEPT, **headers}, cookies, cut_at)
            except FetchError as error:
                if not error.retriable or attempt == self._patience.attempts:
                    raise
            else:
                if answer.status < 400 or not status_error(url, answer.status).retriable:
                    return answer
                pause = max(pause, _retry_after(answer, self._clock()))
                if pause > self._patience.retry_after or attempt == self._patience.attempts:
                    return answer
            self._pace.hold(host, pause)
        raise AssertionError("a fetch makes at least one attempt")

    def _target(self, answer: Answer, passed: list[str]) -> str:
        location = answer.header("location")
        if not location or len(passed) > self._patience.redirects:
            raise TooManyRedirects(answer.url)
        try:
            return parse_url(urldefrag(urljoin(answer.url, location)).url).url
        except (ValueError, LocationParseError) as error:
            raise TooManyRedirects(answer.url) from error

    def _result(self, answer: Answer, passed: list[str]) -> Response:
        if answer.status != 200:
            raise status_error(answer.url, answer.status)
        declared, charset = media.declared_type(answer.header("content-type"))
        kind = media.media_type(declared, answer.body, answer.url)
        if media.is_gone(kind, answer.body):
            raise NotFound(answer.url, 200)
        if is_wall(kind, answer.body):
            raise Walled(answer.url)
        headers = answer.headers + tuple((REDIRECTED_FROM, url) for url in passed)
        response = Response(answer.url, kind, answer.body, self._clock(), charset, 200, headers)
        if "noindex" in media.robots_rules(headers, kind, answer.body, self.agent):
            raise IndexRefused(response)
        return response


def _retry_after(answer: Answer, now: datetime) -> float:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3); 0 without one."""
    value = answer.header("retry-after").strip()
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max((moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds(), 0.0)
