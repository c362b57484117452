"""Pace: how often one host is asked, over all threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MAX_DELAY = 60.0
"""Seconds. A robots.txt that asks for more between two requests gets this: a run has to end."""


class Pace:
    """One queue for each host: every request gets a moment of its own, `delay` seconds after the one before it.

    `clock` counts seconds monotonically and `sleep` waits some; both are arguments so that tests need not wait.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}  # host -> the earliest moment of its next request
        self._last: dict[str, float] = {}  # host -> the moment given out last

    def wait(self, host: str, delay: float) -> None:
        """Sleeps until `host` may be asked. `delay` is the least number of seconds since the request before."""
        delay = min(delay, MAX_DELAY)
        with self._lock:
            now = self._clock()
            moment = max(now, self._next.get(host, now))
            if host in self._last:
                moment = max(moment, self._last[host] + delay)
            self._last[host] = moment
            self._next[host] = moment + delay
        if moment > now:
            self._sleep(moment - now)

    def hold(self, host: str, seconds: float) -> None:
        """Asks nothing of `host` for `seconds`, whichever thread: it said Retry-After, or it stumbled."""
        with self._lock:
            self._next[host] = max(self._next.get(host, 0.0), self._clock() + seconds)
