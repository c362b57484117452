"""What people said of pairs, and what follows from it: A = B and B ≠ C decides A against C without asking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from models.identity.components import Components
from models.records import Judgement, Relation, digest

ORGANISATION, COLLABORATION, CLAIM = "organisation", "collaboration", "claim"
"""What is judged: names as written, ids, digests of quotes."""


def judgement(  # noqa: PLR0913, PLR0917 - the fields of the record
    at: datetime, reviewer: str, kind: str, left: str, right: str, relation: Relation, note: str
) -> Judgement:
    """A judgement with its id."""
    key = digest(at.isoformat(), reviewer, kind, left, right, relation, note, length=24)
    return Judgement(key, at, reviewer, kind, left, right, relation, note)


def last_words(judgements: Iterable[Judgement]) -> dict[frozenset[str], Judgement]:
    """The last judgement on each pair as it is written, but for what was taken back."""
    last = {frozenset((one.left, one.right)): one for one in sorted(judgements, key=lambda one: (one.at, one.id))}
    return {pair: one for pair, one in last.items() if one.relation is not Relation.WITHDRAWN}


class Judged:
    """Decides on pairs as people did; the later judgement stands where two cannot both be true."""

    def __init__(self, judgements: Iterable[Judgement], key: Callable[[str], str] = str) -> None:
        """`key` brings what a judgement names to what is asked for later (a name to its normal form)."""
        last: dict[frozenset[str], tuple[Judgement, str, str]] = {}
        for one in sorted(judgements, key=lambda one: (one.at, one.id)):
            left, right = key(one.left), key(one.right)
            if left != right:
                last[frozenset((left, right))] = one, left, right
        self._same = Components[str]()
        self._named = sorted({name for _, *pair in last.values() for name in pair})
        self._known = frozenset(self._named)
        self._apart: dict[str, set[str]] = defaultdict(set)  # by the root of a group, names that are not of it
        for one, left, right in sorted(last.values(), key=lambda told: (told[0].at, told[0].id), reverse=True):
            if self(left, right) is None:
                if one.relation is Relation.SAME:
                    self._join(left, right)
                elif one.relation is Relation.DIFFERENT:
                    self._apart[self._same.root(left)].add(right)
                    self._apart[self._same.root(right)].add(left)

    def __bool__(self) -> bool:
        """Whether anything is decided."""
        return bool(self._same or self._apart)

    def __call__(self, left: str, right: str) -> bool | None:
        """Whether both are one; None where no judgement decides it."""
        one, other = self._same.root(left), self._same.root(right)
        if one == other:
            return True
        apart = any(self._same.root(name) == other for name in self._apart.get(one, ()))
        return False if apart else None

    def knows(self, name: str) -> bool:
        """Whether anything was said of a name."""
        return name in self._known

    def groups(self) -> list[list[str]]:
        """Names that people said to be one, of each group all."""
        return [group for group in self._same.groups(self._named) if len(group) > 1]

    def allows(self, group: Iterable[str], others: Iterable[str]) -> bool:
        """Whether no judgement holds one of a group and one of the others apart."""
        others = list(others)
        return not any(self(one, other) is False for one in group for other in others)

    def _join(self, left: str, right: str) -> None:
        moved = self._apart.pop(self._same.root(right), set())
        self._same.join(left, right)
        if moved:
            self._apart[self._same.root(left)] |= moved
