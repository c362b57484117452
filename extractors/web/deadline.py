"""Deadlines: the moment by which an exchange must have ended, however slowly its bytes drip.

A socket's own timeout starts anew with every byte. Here each read waits for what is left until the deadline at most:
status line, headers and body alike.
"""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class DeadlineError(TimeoutError):
    """The exchange did not end in time."""


@dataclass(slots=True)
class Deadline:
    """A moment on `clock`, and the longest wait for one read before it (seconds)."""

    clock: Callable[[], float]
    moment: float
    read: float

    @staticmethod
    def current() -> Deadline:
        """The deadline of the exchange that this thread is in."""
        return CURRENT.get()

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """What passes in the block does not count: it is us who wait, not the server."""
        began = self.clock()
        yield
        self.moment += self.clock() - began

    def within(self, seconds: float | None) -> float:
        """`seconds`, but no more than is left. Raises DeadlineError when nothing is left."""
        left = self.moment - self.clock()
        if left <= 0:
            raise DeadlineError
        return left if seconds is None else min(seconds, left)


CURRENT: ContextVar[Deadline] = ContextVar("deadline")


class DeadlineResponse(http.client.HTTPResponse):
    """http.client's response, reading from a socket that minds the deadline in force."""

    def __init__(self, sock: socket.socket, *args: object, **kwargs: object) -> None:
        super().__init__(sock, *args, **kwargs)  # type: ignore[arg-type]
        self.fp.close()
        self.fp = io.BufferedReader(_DeadlineReader(sock, Deadline.current()))


class _DeadlineReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)  # keeps the socket open until the body is read
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        self._sock.settimeout(self._deadline.within(self._deadline.read))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
