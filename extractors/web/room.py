"""Room for large bodies: all that are held at the same time, of all threads, come to a bounded number of bytes."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

from extractors.web.deadline import Deadline

LARGE = 2 << 20
"""Bytes up to which a body needs no room."""


class Room:
    """So many bytes for large bodies. A thread that holds one leaves before it asks for another, so none waits forever.

    What no room is big enough for is let in alone.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._taken: dict[int, int] = {}  # by thread
        self._changed = threading.Condition()

    def enter(self, size: int) -> None:
        """Waits until there is room for `size` bytes, and takes it."""
        size = min(size, self._size)
        with self._changed, Deadline.current().suspended():
            self._changed.wait_for(lambda: sum(self._taken.values()) + size <= self._size)
            self._taken[threading.get_ident()] = size

    def leave(self) -> None:
        """Gives back what this thread took, if anything."""
        with self._changed:
            if self._taken.pop(threading.get_ident(), 0):
                self._changed.notify_all()

    def admitted(self, chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
        """`chunks` of a body of at most `size` bytes; from the moment that it proves large there is room for it."""
        seen, inside = 0, False
        for chunk in chunks:
            seen += len(chunk)
            if seen > LARGE and not inside:
                self.enter(size)
                inside = True
            yield chunk
