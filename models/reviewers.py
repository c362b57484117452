"""Who may review with a password of their own, and a log of what was done in the review."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from models.database import record_of, upsert
from models.store import Store
from models.tables import audits, reviewers


@dataclass(frozen=True, slots=True)
class Audit:
    """Something that was done in the review, by whom and from where."""

    at: datetime
    reviewer: str
    address: str
    what: str
    told: str


class Reviewers:
    """The accounts and the audit log in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def names(self) -> list[str]:
        """Who has an account."""
        return [str(row.name) for row in self._store.rows(sa.select(reviewers).order_by(reviewers.c.name))]

    def password(self, name: str) -> str:
        """The hash of a password; "" where there is no such account."""
        rows = self._store.rows(sa.select(reviewers.c.password).where(reviewers.c.name == name))
        return str(rows[0].password) if rows else ""

    def add(self, name: str, password: str) -> None:
        """Make an account, or give it another password; `password` is its hash."""
        with self._store.transaction() as connection:
            upsert(connection, reviewers, [{"name": name, "password": password}])

    def remove(self, name: str) -> bool:
        """Close an account; whether there was one. What its owner decided stays."""
        with self._store.transaction() as connection:
            return bool(connection.execute(reviewers.delete().where(reviewers.c.name == name)).rowcount)

    def note(self, done: Audit) -> None:
        """Add to the log."""
        with self._store.transaction() as connection:
            connection.execute(audits.insert().values(asdict(done)))

    def log(self, size: int) -> list[Audit]:
        """The latest entries, the last first."""
        query = sa.select(audits).order_by(audits.c.id.desc()).limit(size)
        return [record_of(Audit, row) for row in self._store.rows(query)]
