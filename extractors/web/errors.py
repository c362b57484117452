"""Why a page could not be had.

FetchError
├── Refused                 we will not ask
│   ├── SchemeRefused       not http or https, or no usable address
│   ├── AddressRefused      the host leads to a private, loopback, link-local, multicast or reserved address
│   ├── RobotsRefused       robots.txt forbids it, or could not be read (RFC 9309)
│   ├── IndexRefused        the page itself says noindex; it carries the response, for its links
│   ├── ScopeRefused        redirected to somewhere outside the source
│   └── Walled              instead of the page a cookie wall or a check for robots, with status 200
├── Unreachable             no such host, connection refused or reset             (retried)
├── CertificateError        TLS could not be verified
├── TimedOut                no answer in time                                     (retried)
│   └── TooSlow             an answer that did not end in time
├── BrokenBody              fewer bytes than promised, or undecodable             (retried)
├── TooLarge                more bytes than allowed, before or after decompression
├── TooManyRedirects        more than the cap, a loop, or a redirect to nowhere
├── BadIndex                a feed or sitemap that cannot be read
└── BadStatus               any other status than 200 and 304; carries `status`
    ├── NotFound            404, 410
    ├── Blocked             401, 403, 407, 451
    ├── TooManyRequests     429                                                   (retried)
    └── ServerError         500-599                                               (retried)

Each reads as one Danish line for users. No message holds the URL, a header or a part of the body, so none can hold
personal data; the URL stands beside it in `FetchFailure`.
"""

# ruff: noqa: N818 - the names say what happened to the page; each is used with its module or caught by its parent

from __future__ import annotations

from dataclasses import dataclass

from models.records import Response


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """A page that could not be had, and why: `reason` is one Danish line, `kind` the name of the error."""

    url: str
    reason: str
    kind: str = ""


class FetchError(Exception):
    """A page could not be had. `retriable`: trying again in a moment may help."""

    reason = "Siden kunne ikke hentes"
    retriable = False

    def __init__(self, url: str, detail: str = "") -> None:
        super().__init__(f"{self.reason} ({detail})" if detail else self.reason)
        self.url = url
        self.detail = detail

    def failure(self, url: str = "") -> FetchFailure:
        """This error as a record, of `url` where that was asked for and redirected to the URL that failed."""
        return FetchFailure(url or self.url, str(self), type(self).__name__)


class Refused(FetchError):
    """We will not ask."""

    reason = "Siden hentes ikke"


class SchemeRefused(Refused):
    """Not http or https, without a host, or with a user name in it."""

    reason = "Adressen er ikke en brugbar http- eller https-adresse"


class AddressRefused(Refused):
    """The host leads to an address that is not on the public internet."""

    reason = "Adressen fører til et privat eller reserveret netværk og hentes ikke"


class RobotsRefused(Refused):
    """robots.txt forbids it."""

    reason = "Webstedets robots.txt tillader ikke, at siden hentes"


class IndexRefused(Refused):
    """The page asks not to be indexed; `response` is there for its links only."""

    reason = "Siden beder om ikke at blive indekseret (noindex)"

    def __init__(self, response: Response) -> None:
        super().__init__(response.url)
        self.response = response


class ScopeRefused(Refused):
    """A redirect led out of the source."""

    reason = "Siden viderestiller til en adresse uden for kilden"


class Walled(Refused):
    """Only a question about cookies, or a check for robots, where the page should be; we answer neither."""

    reason = "Webstedet viser kun en cookie- eller robotkontrol i stedet for siden"


class Unreachable(FetchError):
    """No such host, or no connection to it."""

    reason = "Serveren kan ikke nås"
    retriable = True


class CertificateError(FetchError):
    """The server's TLS certificate could not be verified."""

    reason = "Serverens certifikat kan ikke godkendes"


class TimedOut(FetchError):
    """The server did not answer in time."""

    reason = "Serveren svarede ikke i tide"
    retriable = True


class TooSlow(TimedOut):
    """The server answered, but did not finish in time."""

    reason = "Serveren sendte siden for langsomt"
    retriable = False


class BrokenBody(FetchError):
    """The body ended before its promised length, or could not be decoded."""

    reason = "Siden kom ikke helt frem"
    retriable = True


class TooLarge(FetchError):
    """More bytes than a page may have."""

    reason = "Siden er større end grænsen"


class TooManyRedirects(FetchError):
    """Redirects without end."""

    reason = "Siden viderestiller i ring eller for mange gange"


class BadIndex(FetchError):
    """A feed or sitemap that is none, or is not safe to read."""

    reason = "Oversigten (sitemap eller feed) kan ikke læses"


class BadStatus(FetchError):
    """A status other than 200 and 304."""

    reason = "Serveren svarede med en fejl"

    def __init__(self, url: str, status: int) -> None:
        super().__init__(url, f"HTTP {status}")
        self.status = status


class NotFound(BadStatus):
    """The page is not, or no longer, there."""

    reason = "Siden findes ikke"


class Blocked(BadStatus):
    """The server will not show us the page."""

    reason = "Serveren afviser at vise siden"


class TooManyRequests(BadStatus):
    """The server asks us to slow down, and still did after our retries."""

    reason = "Serveren beder om færre forespørgsler"
    retriable = True


class ServerError(BadStatus):
    """The server failed."""

    reason = "Serveren fejlede"
    retriable = True


def status_error(url: str, status: int) -> BadStatus:
    """The error that a status stands for."""
    if status in (404, 410):
        return NotFound(url, status)
    if status in (401, 403, 407, 451):
        return Blocked(url, status)
    if status == 429:
        return TooManyRequests(url, status)
    if 500 <= status <= 599:
        return ServerError(url, status)
    return BadStatus(url, status)
