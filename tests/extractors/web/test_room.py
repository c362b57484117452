from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from extractors.web.fetch import Request
from extractors.web.room import LARGE
from extractors.web.transport import Limits
from models.records import Response

if TYPE_CHECKING:
    from tests.extractors.web.conftest import FaultServer, Makers

BIG = b"<!doctype html><p>" + b"x " * LARGE


def test_a_second_large_body_waits_until_the_first_is_done_with_and_small_ones_do_not(
    make: Makers, server: FaultServer
) -> None:
    for path in ("/a", "/b"):
        server.on(path, make.reply(BIG))
    server.on("/c", make.reply(b"<p>small"))
    fetcher = make.fetcher(Limits(body=len(BIG)))
    had: list[str] = []

    def fetch(path: str) -> None:
        found = fetcher.fetch(Request(server.root + path, 0.0))
        assert isinstance(found, Response)
        had.append(path)

    fetch("/a")
    other = threading.Thread(target=fetch, args=("/b",))
    other.start()
    while "/b" not in server.paths():
        time.sleep(0.01)
    small = threading.Thread(target=fetch, args=("/c",))
    small.start()
    small.join()
    time.sleep(0.2)
    assert had == ["/a", "/c"]
    fetcher.free()
    other.join()
    assert had == ["/a", "/c", "/b"]


def test_a_thread_that_goes_on_to_its_next_page_gives_its_room_back(make: Makers, server: FaultServer) -> None:
    fetcher = make.fetcher(Limits(body=len(BIG)))
    for number in range(3):
        server.on(f"/{number}", make.reply(BIG))
        found = fetcher.fetch(Request(f"{server.root}/{number}", 0.0))
        assert isinstance(found, Response)
        assert found.body == BIG
