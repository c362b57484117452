"""A web server on loopback that misbehaves on demand, and a fetcher that does not wait."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from extractors.web.address import Guard
from extractors.web.address import resolve as system_resolve
from extractors.web.fetch import Fetcher
from extractors.web.pace import Pace
from extractors.web.transport import Limits, Transport, user_agent

CALM = Limits(connect=5, read=10, total=20, body=1 << 20)  # far from what a busy machine needs
LOOPBACK = Guard(allow_loopback=True)
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hit:
    """A request as the server got it."""

    path: str
    headers: dict[str, str]


Behaviour = bytes | Callable[[socket.socket, Hit], None]


def reply(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A well-formed answer; header names are written with underscores for hyphens."""
    named = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, FaultServer)
        with contextlib.suppress(OSError):
            if server.tls is not None:
                self.request = server.tls.wrap_socket(self.request, server_side=True)
            reader = self.request.makefile("rb")
            with reader:
                while (hit := _read(reader)) is not None:
                    behaviour = server.next_behaviour(hit)
                    if not isinstance(behaviour, bytes):
                        behaviour(self.request, hit)
                        break
                    self.request.sendall(behaviour)
        with contextlib.suppress(OSError):
            self.request.close()


def _read(reader: object) -> Hit | None:
    line = reader.readline()  # type: ignore[attr-defined]
    if not line.strip():
        return None
    headers = {}
    while (header := reader.readline().strip()) != b"":  # type: ignore[attr-defined]
        name, _, value = header.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    return Hit(line.split()[1].decode("latin-1"), headers)


class FaultServer(socketserver.ThreadingTCPServer):
    """Answers each path with its behaviours in turn, the last one for ever; 404 for other paths."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 50

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tls = tls
        self.hits: list[Hit] = []
        self._behaviours: dict[str, list[Behaviour]] = {}
        self._lock = threading.Lock()

    @property
    def root(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.server_address[1]}"

    def on(self, path: str, *behaviours: Behaviour) -> str:
        self._behaviours[path] = list(behaviours)
        return self.root + path

    def next_behaviour(self, hit: Hit) -> Behaviour:
        with self._lock:
            self.hits.append(hit)
            waiting = self._behaviours.get(hit.path, [reply(status="404 Not Found")])
            return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def paths(self) -> list[str]:
        return [hit.path for hit in self.hits]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news here."""


@contextlib.contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[FaultServer]:
    with FaultServer(tls) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@dataclass(slots=True)
class FakeTime:
    """A clock that only sleeping moves."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass(slots=True)
class Makers:
    """What tests build servers and fetchers with."""

    time: FakeTime
    stack: contextlib.ExitStack
    reply: Callable[..., bytes] = reply
    now: datetime = NOW

    def server(self, tls: ssl.SSLContext | None = None) -> FaultServer:
        return self.stack.enter_context(running(tls))

    def fetcher(
        self,
        limits: Limits = CALM,
        guard: Guard = LOOPBACK,
        certificates: str | bool = True,
    ) -> Fetcher:
        transport = Transport(user_agent("0.1", "https://example.org/"), limits, guard, certificates=certificates)
        fetcher = Fetcher(transport, Pace(self.time.clock, self.time.sleep), lambda: NOW, lambda: 0.5)
        self.stack.callback(fetcher.close)
        return fetcher

    def guard(self, **names: str) -> Guard:
        """Loopback is allowed; `names` (underscores for dots) resolve to those addresses, comma-separated."""
        table = {name.replace("_", "."): addresses.split(",") for name, addresses in names.items()}

        def resolve(host: str, port: int) -> list[str]:
            if host in table:
                return table[host]
            if host.endswith(".invalid"):
                raise OSError("no such host")
            return system_resolve(host, port)

        return Guard(allow_loopback=True, resolve=resolve)


@pytest.fixture
def make() -> Iterator[Makers]:
    with contextlib.ExitStack() as stack:
        yield Makers(FakeTime(), stack)


@pytest.fixture
def server(make: Makers) -> FaultServer:
    return make.server()


@pytest.fixture
def fetcher(make: Makers, server: FaultServer) -> Fetcher:
    return make.fetcher()
