"""One exchange with a server: a GET and its answer, within limits of time and size. No redirects, no retries."""

from __future__ import annotations

import contextlib
import ssl
import string
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import requests
import urllib3.exceptions
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar

from extractors.web.address import PUBLIC_ONLY, Guard, GuardedAdapter, host_of
from extractors.web.deadline import CURRENT, Deadline
from extractors.web.decoding import ENCODINGS, CapError, DecodingError, plain_chunks
from extractors.web.errors import (
    BrokenBody,
    CertificateError,
    FetchError,
    SchemeRefused,
    TimedOut,
    TooLarge,
    TooSlow,
    Unreachable,
)
from extractors.web.room import Room

_PIECE = 1 << 16
_HOP_BY_HOP = {  # of the connection and the transfer, not of the page; cookies are nobody's business
    "connection", "content-encoding", "content-length", "keep-alive", "set-cookie", "trailer", "transfer-encoding",
    "upgrade",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """What one exchange may take: seconds, and bytes of a body both as sent and as decoded."""

    connect: float = 10.0
    read: float = 30.0  # between two bytes
    total: float = 120.0  # for the whole exchange
    body: int = 50 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer, decoded. The body is empty unless the status is 200."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name; "" when there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def user_agent(version: str, contact: str) -> str:
    """The honest name that we go by: `Samspil/0.1.0 (+https://…)`. `contact` is a URL or an e-mail address."""
    shown = "".join(sign for sign in contact if sign.isascii() and sign.isprintable() and sign not in "()")
    return f"Samspil/{version} (+{shown})" if shown else f"Samspil/{version}"


class Transport:
    """Makes exchanges, over connections that are kept between them and shared by threads."""

    def __init__(
        self,
        user_agent: str,
        limits: Limits,
        guard: Guard = PUBLIC_ONLY,
        clock: Callable[[], float] = time.monotonic,
        certificates: str | bool = True,
    ) -> None:
        """`certificates`: a file of authorities to trust instead of the usual ones."""
        self._adapter = GuardedAdapter(guard)
        self._user_agent = user_agent
        self._limits = limits
        self._clock = clock
        self._certificates = certificates
        self._room = Room(limits.body + limits.body // 4)

    def close(self) -> None:
        """Closes all kept connections."""
        self._adapter.close()

    def free(self) -> None:
        """Told that this thread holds no body any more."""
        self._room.leave()

    @property
    def agent(self) -> str:
        """The product token of the user agent, which robots.txt is read for."""
        return self._user_agent.partition("/")[0]

    def get(
        self, url: str, headers: Mapping[str, str], cookies: RequestsCookieJar, cut_at: int | None = None
    ) -> Answer:
        """Asks for `url`. A body over the limit is TooLarge; with `cut_at` it is cut off there, in bytes.

        Raises the FetchErrors of an exchange; a status other than 200 is no error here.
        """
        host_of(url)
        self.free()
        deadline = Deadline(self._clock, self._clock() + self._limits.total, self._limits.read)
        token = CURRENT.set(deadline)
        try:
            response = self._send(url, headers, cookies)
            try:
                return self._answer(url, response, cut_at)
            finally:
                response.close()
        except FetchError as error:
            error.url = url
            if isinstance(error, TimedOut) and self._clock() >= deadline.moment:
                raise TooSlow(url) from error
            raise
        finally:
            CURRENT.reset(token)

    def _send(self, url: str, headers: Mapping[str, str], cookies: RequestsCookieJar) -> requests.Response:
        own = {
            "User-Agent": self._user_agent,
            "Accept-Encoding": ", ".join(ENCODINGS),
            "Accept-Language": "da, en;q=0.5",
        }
        timeout = (self._limits.connect, self._limits.read)
        try:
            request = _prepared(url, {**own, **headers}, cookies)
            response = self._adapter.send(request, stream=True, timeout=timeout, verify=self._certificates)
        except requests.exceptions.SSLError as error:
            if _is_about_certificate(error):
                raise CertificateError(url) from error
            raise Unreachable(url, "TLS-fejl") from error
        except requests.exceptions.Timeout as error:
            raise TimedOut(url) from error
        except requests.exceptions.ConnectionError as error:
            raise Unreachable(url) from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as error:
            raise SchemeRefused(url) from error
        extract_cookies_to_jar(cookies, request, response.raw)  # type: ignore[no-untyped-call]
        return response

    def _answer(self, url: str, response: requests.Response, cut_at: int | None) -> Answer:
        headers = tuple(
            (name, quote(" ".join(value.split()).encode("latin-1"), safe=string.printable))
            for name, value in response.raw.headers.iteritems()
            if name.lower() not in _HOP_BY_HOP
        )
        if response.status_code == 200:
            cap = self._limits.body if cut_at is None else cut_at
            return Answer(url, 200, headers, _body(url, response, self._room, cap, cut_at is not None))
        _drain(response)
        return Answer(url, response.status_code, headers, b"")


def _prepared(url: str, headers: Mapping[str, str], cookies: RequestsCookieJar) -> requests.PreparedRequest:
    """A GET request, without the steps that only one with a body or a password needs."""
    request = requests.PreparedRequest()
    request.prepare_method("GET")
    request.prepare_url(url, None)
    request.prepare_headers(headers)
    if cookies:
        request.prepare_cookies(cookies)
    return request


def _body(url: str, response: requests.Response, room: Room, cap: int, cut: bool) -> bytes:
    length, coding = (response.headers.get(name, "") for name in ("Content-Length", "Content-Encoding"))
    if not cut and length.isdecimal() and int(length) > cap:
        raise TooLarge(url)
    size = int(length) if length.isdecimal() and not coding else cap
    chunks = response.raw.stream(_PIECE, decode_content=False)
    try:
        return b"".join(room.admitted(plain_chunks(chunks, coding, cap, cut), size))
    except CapError as error:
        raise TooLarge(url) from error
    except DecodingError as error:
        raise BrokenBody(url) from error
    except urllib3.exceptions.TimeoutError as error:
        raise TimedOut(url) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise BrokenBody(url) from error


def _drain(response: requests.Response) -> None:
    """Reads the short body of a redirect or an error, so that the connection can be used again; nobody needs it."""
    length = response.headers.get("Content-Length", "0" if response.status_code == 304 else "")
    if length.isdecimal() and int(length) <= _PIECE:
        with contextlib.suppress(urllib3.exceptions.HTTPError, OSError):
            response.raw.read(_PIECE)


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        inner = error.args[0] if error.args else None
        reason = getattr(inner, "reason", None)
        error = reason if isinstance(reason, BaseException) else (error.__cause__ or error.__context__)
    return False
