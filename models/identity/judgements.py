"""What people said of pairs, and what follows from it: A = B and B ≠ C decides A against C without asking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from models.records import Judgement, Relation


class Judged:
    """Decides on pairs as people did; the later judgement stands where two cannot both be true."""

    def __init__(self, judgements: Iterable[Judgement], key: Callable[[str], str] = str) -> None:
        """`key` brings what a judgement names to what is asked for later (a name to its normal form)."""
        last: dict[frozenset[str], tuple[Judgement, str, str]] = {}
        for one in sorted(judgements, key=lambda one: (one.at, one.id)):
            left, right = key(one.left), key(one.right)
            if left != right:
                last[frozenset((left, right))] = one, left, right
        self._parent: dict[str, str] = {}
        self._apart: dict[str, set[str]] = defaultdict(set)  # by the root of a group, names that are not of it
        for one, left, right in sorted(last.values(), key=lambda told: (told[0].at, told[0].id), reverse=True):
            if self(left, right) is None:
                if one.relation is Relation.SAME:
                    self._join(left, right)
                elif one.relation is Relation.DIFFERENT:
                    self._apart[self._root(left)].add(right)
                    self._apart[self._root(right)].add(left)

    def __bool__(self) -> bool:
        """Whether anything is decided."""
        return bool(self._parent or self._apart)

    def __call__(self, left: str, right: str) -> bool | None:
        """Whether both are one; None where no judgement decides it."""
        one, other = self._root(left), self._root(right)
        if one == other:
            return True
        apart = any(self._root(name) == other for name in self._apart.get(one, ()))
        return False if apart else None

    def groups(self) -> list[list[str]]:
        """Names that people said to be one, of each group all."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._parent):
            found[self._root(name)].append(name)
        return [group for group in found.values() if len(group) > 1]

    def allows(self, group: Iterable[str], others: Iterable[str]) -> bool:
        """Whether no judgement holds one of a group and one of the others apart."""
        others = list(others)
        return not any(self(one, other) is False for one in group for other in others)

    def _root(self, name: str) -> str:
        while (parent := self._parent.get(name, name)) != name:
            name = parent
        return name

    def _join(self, left: str, right: str) -> None:
        first, second = sorted((self._root(left), self._root(right)))
        for name in (left, right):
            self._parent.setdefault(name, name)
        self._parent[second] = first
        self._parent.setdefault(first, first)
        self._apart[first] |= self._apart.pop(second, set())
