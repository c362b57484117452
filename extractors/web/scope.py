"""Scope: one spelling for each URL, which URLs belong to a source, and which are traps.

courlan's cleaning is not used: it drops any parameter whose name merely begins like a tracker (`gallery`, `reference`)
and parameters without a value, so that it would merge different pages. Its rules are kept here by exact name.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from models.records import Source

MAX_LENGTH = 2000
"""Characters of a URL; longer ones are made by machines for machines."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_BLANKS = re.compile(r"[\x00-\x1f\x7f]")
_TRACKING = re.compile(
    r"utm_.*|mtm_.*|pk_.*|hsa_.*|oly_.*_id|[gd]clid|[gw]braid|fbclid|msclkid|twclid|ttclid|yclid|igshid|mc_[ce]id|"
    r"_ga|_gl|_hsenc|_hsmi|hsctatracking|li_fat_id|vero_id|wickedid|at_campaign|at_medium",
    re.IGNORECASE,
)
_SESSION = re.compile(
    r"phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|session_?id|sess_?id|cfid|cftoken", re.I
)
_SESSION_IF_LONG = re.compile(r"(?:sid|s|session|token)=[0-9a-z]{16,}", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?#]*|\([A-Z]\([a-z0-9]{16,}\)\)/?", re.IGNORECASE)

_UNREADABLE = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|ico|bmp|tiff?|eps|psd|css|m?js|json|woff2?|ttf|eot|mp[34]|m4[av]|avi|mov|wm[av]|webm|wav|"
    r"ogg|zip|rar|7z|t?gz|tar|exe|msi|dmg|apk|iso|ics|vcf|pptx?|pps[xm]?|swf)$",
    re.IGNORECASE,
)
_CALENDAR = re.compile(
    r"/(?:[^/]*(?:kalender|calendar)[^/]*|events?|begivenheder|arrangementer)"
    r"(?:/(?:day|week|month|dag|uge|maaned|list|today))*/(?:19|20)\d\d(?:[-/]\d{1,2}){0,2}/?$",
    re.IGNORECASE,
)
_CALENDAR_KEYS = {
    "date",
    "dato",
    "month",
    "maaned",
    "week",
    "uge",
    "day",
    "dag",
    "year_month",
    "tribe-bar-date",
    "ical",
}
_FACET_KEYS = re.compile(
    r"sort(?:_?by|_?order|ering)?|order(?:_?by)?|f|facets?|filters?|replytocom|share|print|tx_cal.*|format|view_?mode",
    re.IGNORECASE,
)
_PAGING = {"page": 200, "side": 200, "p": 10_000, "paged": 200, "offset": 5000, "start": 5000, "skip": 5000}
_PAGING_IN_PATH = re.compile(r"/(?:page|side)/(\d+)/?$", re.IGNORECASE)


def canonical(url: str, base: str = "") -> str | None:
    """The one spelling of a link found on `base`; None when it is no http(s) link, or none that may be fetched.

    Scheme and host in lower case, IDNA, no default port, dot segments resolved, no fragment, no tracking parameters,
    no session ids, parameters sorted by name (those of one name in their order).
    """
    text = _BLANKS.sub("", url).strip()
    try:
        joined = urljoin(base, text) if base else text
        parts = parse_url(_SESSION_IN_PATH.sub("", joined.partition("#")[0]))
    except (LocationParseError, ValueError):
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.host or parts.auth is not None:
        return None
    port = None if parts.port == _DEFAULT_PORTS[parts.scheme] else parts.port
    query = "&".join(sorted(_kept(parts.query or ""), key=lambda pair: pair.partition("=")[0])) or None
    found = Url(parts.scheme, None, parts.host, port, parts.path or "/", query).url
    return found if len(found) <= MAX_LENGTH else None


def is_trap(url: str) -> bool:
    """Whether a canonical URL is one of endlessly many, or leads to nothing to read: calendars, facets, endless paging,
    segments that repeat, media files."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    paging = _PAGING_IN_PATH.search(parts.path)
    return (
        bool(_UNREADABLE.search(parts.path) or _CALENDAR.search(parts.path))
        or len(segments) > 15
        or any(count > 2 for count in Counter(segments).values())
        or (paging is not None and _beyond(paging[1], 200))
        or _is_query_trap(parts.query)
    )


@dataclass(frozen=True, slots=True)
class Scope:
    """The URLs of a source: those that `allow` finds something in (without any: those on `hosts`), `deny` nothing."""

    hosts: frozenset[str]
    allow: tuple[re.Pattern[str], ...] = ()
    deny: tuple[re.Pattern[str], ...] = ()

    @staticmethod
    def of(source: Source) -> Scope:
        """The scope of a source."""
        hosts = frozenset(_bare_host(url) for url in source.start)
        return Scope(hosts, tuple(map(re.compile, source.allow)), tuple(map(re.compile, source.deny)))

    def __contains__(self, url: str) -> bool:
        if any(pattern.search(url) for pattern in self.deny):
            return False
        return any(pattern.search(url) for pattern in self.allow) if self.allow else self.on_hosts(url)

    def on_hosts(self, url: str) -> bool:
        """Whether `url` is on a host of the start URLs, with or without www."""
        return _bare_host(url) in self.hosts


def _bare_host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _kept(query: str) -> list[str]:
    return [pair for pair in query.split("&") if pair and not _is_noise(pair)]


def _is_noise(pair: str) -> bool:
    name = unquote(pair.partition("=")[0])
    return bool(_TRACKING.fullmatch(name) or _SESSION.fullmatch(name) or _SESSION_IF_LONG.fullmatch(pair))


def _is_query_trap(query: str) -> bool:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    names = [unquote(name).partition("[")[0].lower() for name, _, _ in pairs]
    if len(names) > 6 or len(set(names)) < len(names) - 1:
        return True
    return any(
        name in _CALENDAR_KEYS or _FACET_KEYS.fullmatch(name) or (name in _PAGING and _beyond(value, _PAGING[name]))
        for name, (_, _, value) in zip(names, pairs, strict=True)
    )


def _beyond(number: str, limit: int) -> bool:
    return number.isdecimal() and (len(number) > 9 or int(number) > limit)
