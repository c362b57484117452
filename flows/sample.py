"""The sample site that ships with Samspil, served on loopback: what a harvest falls back to without a network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from models.paths import DATA
from models.records import Source, SourceKind

SITE = DATA / "sample-site"
ID = "eksempelsite"
PORT = 8766  # the same each time, so that addresses in the dataset stay
TRIES = 20
REACH_SECONDS = 6.0


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files without a log, and without saying when they were changed: a checkout has no such times."""

    def log_message(self, *_: object) -> None:
        """Nothing: pages' addresses are in the store."""


@contextmanager
def served(folder: Path = SITE, port: int = PORT) -> Iterator[Source]:
    """Serve the folder on loopback while the block runs; gives the source that harvests it."""
    server = _bound(folder, port)
    thread = threading.Thread(target=server.serve_forever, name="sample-site", daemon=True)
    thread.start()
    try:
        yield source(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def source(port: int) -> Source:
    """The sample site as a source."""
    return Source(
        id=ID,
        name="Samspils eksempelsider (ikke virkelige data)",
        publisher="",
        kind=SourceKind.WEBSITE,
        regions=("alle",),
        start=(f"http://127.0.0.1:{port}/index.html",),
        delay=0.0,
        terms="CC0; skrevet til Samspil",
    )


def any_reachable(sources: Sequence[Source]) -> bool:
    """Whether the host of any of these sources accepts a connection within a few seconds."""
    parts = {urlsplit(url) for source in sources if source.kind is not SourceKind.FILES for url in source.start}
    hosts = {(part.hostname, part.port or (80 if part.scheme == "http" else 443)) for part in parts if part.hostname}
    pool = ThreadPoolExecutor(len(hosts) or 1)
    try:
        futures = [pool.submit(_connects, host, port) for host, port in sorted(hosts)]
        with suppress(TimeoutError):
            return any(future.result() for future in as_completed(futures, timeout=REACH_SECONDS))
        return False
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _bound(folder: Path, port: int) -> ThreadingHTTPServer:
    handler = partial(_Quiet, directory=str(folder))
    for candidate in range(port, port + TRIES):
        with suppress(OSError):
            return ThreadingHTTPServer(("127.0.0.1", candidate), handler)
    return ThreadingHTTPServer(("127.0.0.1", 0), handler)


def _connects(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=REACH_SECONDS):
            return True
    except OSError:
        return False
