"""robots.txt, as RFC 9309 says: read once a run for each host, and obeyed."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from extractors.web.errors import BadStatus, FetchError, RobotsRefused, ServerError, TooManyRedirects, TooManyRequests

SIZE = 500 << 10
"""Bytes of a robots.txt that count (RFC 9309, 2.5); what follows is not read."""

_AGENT_LINE = re.compile(r"^([ \t]*user-agent[ \t]*:[ \t]*)([^#\r\n]*)", re.IGNORECASE | re.MULTILINE)
_RULE_LINE = re.compile(r"^([ \t]*(?:dis)?allow[ \t]*:[^#?\r\n]*\?)([^#\r\n]*)", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"[a-z_-]*", re.IGNORECASE)  # RFC 9309, 2.2.1
_ENCODED = {ord(sign): f"%{ord(sign):02X}" for sign in ":/?@[]"}
_SOMEBODY_ELSE = "another"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host allows `agent`. `failure` is why its robots.txt could not be read: then nothing is allowed."""

    parsed: Protego
    agent: str
    failure: FetchError | None = None

    def check(self, url: str) -> None:
        """Raises RobotsRefused when `url` may not be fetched, or the error that kept us from reading robots.txt."""
        if isinstance(self.failure, BadStatus):
            raise RobotsRefused(url, "robots.txt kan ikke læses") from self.failure
        if self.failure is not None:
            raise type(self.failure)(url, self.failure.detail) from self.failure
        if not self.parsed.can_fetch(_spelled(url), self.agent):
            raise RobotsRefused(url)

    @property
    def delay(self) -> float:
        """Seconds that the host asks for between two requests; 0 when it says nothing."""
        asked = self.parsed.crawl_delay(self.agent) if self.failure is None else None
        return max(asked or 0.0, 0.0)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The Sitemap lines, in order."""
        return tuple(dict.fromkeys(self.parsed.sitemaps)) if self.failure is None else ()


class Robots:
    """The rules of each host, fetched when first asked for. `read` gets a robots.txt, following its redirects."""

    def __init__(self, agent: str, read: Callable[[str], bytes]) -> None:
        self._agent = agent
        self._read = read
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._rules: dict[str, Rules] = {}

    def rules(self, url: str) -> Rules:
        """The rules of the host that `url` is on; one fetch a run, whichever thread comes first."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.lower()}"
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._rules:
                self._rules[origin] = self._load(f"{origin}/robots.txt")
            return self._rules[origin]

    def _load(self, url: str) -> Rules:
        try:
            return parse(self._read(url), self._agent)
        except (ServerError, TooManyRequests) as error:  # who wants quiet is not asked for pages either
            return parse(b"", self._agent, error)
        except (BadStatus, TooManyRedirects):  # "unavailable": every page may be fetched (RFC 9309, 2.3.1.2, 2.3.1.3)
            return parse(b"", self._agent)
        except FetchError as error:  # "unreachable": none may (2.3.1.4)
            return parse(b"", self._agent, error)


def parse(body: bytes, agent: str, failure: FetchError | None = None) -> Rules:
    """The rules in a robots.txt for `agent` (a product token such as "Samspil")."""
    text = body[:SIZE].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    return Rules(Protego.parse(_normalised(text, agent)), agent, failure)


def _normalised(text: str, agent: str) -> str:
    """`text` as the standard compares it. Protego takes any beginning of our name for it, no name with a version, and
    leaves reserved signs in a query as they were written."""

    def addressed(line: re.Match[str]) -> str:
        name = line[2].strip()
        token = _TOKEN.match(name)
        ours = token is not None and token[0].lower() == agent.lower()
        return line[1] + (agent if ours else "*" if name == "*" else _SOMEBODY_ELSE)

    text = _AGENT_LINE.sub(addressed, text)
    return _RULE_LINE.sub(lambda line: line[1] + line[2].translate(_ENCODED), text)


def _spelled(url: str) -> str:
    """`url` with the reserved signs of its query percent-encoded (RFC 9309, 2.2.2)."""
    path, mark, query = url.partition("?")
    return path + mark + query.translate(_ENCODED)
