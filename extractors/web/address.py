"""Addresses: which hosts may be asked. Every address a name resolves to is checked, and the connection is made to the
checked address itself, so that a name cannot resolve to something else a moment later (DNS rebinding)."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from extractors.web.deadline import Deadline, DeadlineResponse
from extractors.web.errors import AddressRefused, SchemeRefused, TimedOut, Unreachable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

Resolve = Callable[[str, int], list[str]]
"""Host name and port to numeric addresses. Raises OSError when there are none."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def resolve(host: str, port: int) -> list[str]:
    """The numeric addresses of `host`, in the system's order of preference. Raises OSError when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def is_public(address: str, allow_loopback: bool = False) -> bool:
    """Whether a numeric address is on the public internet; with `allow_loopback` loopback passes as well."""
    for ip in _embedded(ipaddress.ip_address(address.partition("%")[0])):
        if ip.is_loopback:
            if not allow_loopback:
                return False
        elif not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_link_local or ip.is_unspecified:
            return False
    return True


def host_of(url: str) -> str:
    """The host of an http(s) URL, lower case. Raises SchemeRefused for anything that is not to be fetched."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise SchemeRefused(url) from error
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise SchemeRefused(url)
    return host


@dataclass(frozen=True, slots=True)
class Guard:
    """Which addresses may be connected to, and who says what a name stands for."""

    allow_loopback: bool = False
    resolve: Resolve = resolve

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of `host`, all of them fit to connect to. Raises Unreachable, AddressRefused."""
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Unreachable(host, "ukendt værtsnavn") from error
        if not found or not all(is_public(address, self.allow_loopback) for address in found):
            raise AddressRefused(host)
        return found


PUBLIC_ONLY = Guard()
"""The guard of every run but those of tests and of the sample site."""


class GuardedAdapter(HTTPAdapter):
    """A requests adapter whose connections go to checked addresses only, and end at the deadline in force."""

    def __init__(self, guard: Guard, hosts: int = 64) -> None:
        self._pools = _guarded_pools(guard)
        super().__init__(pool_connections=hosts, pool_maxsize=4)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As HTTPAdapter, with our connection classes."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools


def _guarded_pools(guard: Guard) -> dict[str, type[HTTPConnectionPool]]:
    def connect(connection: HTTPConnection) -> socket.socket:
        return _connect(connection, guard)

    class Plain(HTTPConnection):
        response_class = DeadlineResponse

        def _new_conn(self) -> socket.socket:
            return connect(self)

    class Secure(HTTPSConnection):
        response_class = DeadlineResponse

        def _new_conn(self) -> socket.socket:
            return connect(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connect(connection: HTTPConnection, guard: Guard) -> socket.socket:
    host, port = connection.host, connection.port or connection.default_port
    limit = connection.timeout if isinstance(connection.timeout, int | float) else None
    failure: OSError | None = None
    for address in guard.addresses(host.strip("[]"), port):
        try:
            made = socket.create_connection((address, port), timeout=Deadline.current().within(limit))
        except OSError as error:
            failure = error
        else:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return made
    if isinstance(failure, TimeoutError):
        raise TimedOut(host) from failure
    raise Unreachable(host) from failure


def _embedded(ip: Address) -> list[Address]:
    """`ip` and the IPv4 addresses that it may be translated or tunnelled to."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip.ipv4_mapped is not None:
        return [ip.ipv4_mapped]
    inner: list[Address] = [ip]
    if ip.sixtofour is not None:
        inner.append(ip.sixtofour)
    if ip.teredo is not None:
        inner.extend(ip.teredo)
    if ip in _NAT64:
        inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return inner
