"""What hangs together by pairs: disjoint sets (Tarjan 1975), each known by one of its members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Components(Generic[T]):
    """Sets that grow together; what was never joined is a set by itself."""

    def __init__(self) -> None:
        self._parent: dict[T, T] = {}

    def __bool__(self) -> bool:
        """Whether anything was joined."""
        return bool(self._parent)

    def root(self, item: T) -> T:
        """The member that an item's set is known by."""
        parent = self._parent
        while (above := parent.get(item, item)) != item:
            parent[item] = parent.get(above, above)
            item = above
        return item

    def join(self, kept: T, other: T) -> None:
        """Make one set of two, known by what that of `kept` is known by."""
        one, two = self.root(kept), self.root(other)
        if one != two:
            self._parent[two] = one

    def groups(self, items: Iterable[T]) -> list[list[T]]:
        """The items by their sets, both in the order of the items."""
        found: dict[T, list[T]] = defaultdict(list)
        for item in items:
            found[self.root(item)].append(item)
        return list(found.values())
