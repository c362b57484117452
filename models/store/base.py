"""A database opened, read and written; what all parts of the store share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from models.database import (
    CHUNK,
    AnyRow,
    AnySelect,
    open_engine,
)
from models.errors import SamspilError
from models.migrations import upgrade
from models.tables import (
    failures,
    ledger,
    marks,
)

REVISION, PUBLISHED = "revision", "published"
"""Marks: how often what the dataset is made from has changed, and what the published one was made from."""

RESUMABLE = timedelta(days=1)
"""A run broken off longer ago is not gone on with, but begun anew."""


class DatabaseUnavailableError(SamspilError):
    """The database cannot be opened; the text names no password."""


class Base:
    """One database, by its URL: `sqlite:///path` or `postgresql+psycopg://…`. Opening brings its schema up to date."""

    def __init__(self, url: str) -> None:
        try:
            with ExitStack() as opening:
                self.engine = open_engine(url)
                opening.callback(self.engine.dispose)
                with self.engine.begin() as connection:
                    upgrade(connection)
                opening.pop_all()
        except (ImportError, sa.exc.ArgumentError, sa.exc.DatabaseError) as error:
            raise DatabaseUnavailableError(_reason(url, error)) from error
        self._reading = self.engine.execution_options(begin="BEGIN")

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: everything in it is stored, or nothing."""
        with self.engine.begin() as connection:
            yield connection

    def mark(self, name: str) -> tuple[int, str]:
        rows = self.rows(sa.select(marks).where(marks.c.name == name))
        return (rows[0].number, rows[0].told) if rows else (0, "")

    def pairs(self, query: AnySelect) -> dict[str, Any]:
        return {row[0]: row[1] for row in self.rows(query)}

    def rows(self, query: AnySelect) -> Sequence[AnyRow]:
        with self._reading.connect() as connection:
            return connection.execute(query).all()

    def stream(self, query: AnySelect) -> Iterator[AnyRow]:
        """Rows in batches, so that memory does not grow with the table."""
        with (
            self._reading.connect() as connection,
            connection.execution_options(yield_per=CHUNK).execute(query) as result,
        ):
            yield from result


def _reason(url: str, error: Exception) -> str:
    try:
        shown = sa.make_url(url).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        shown = "SAMSPIL_DATABASE"
    return f"{shown}: databasen kan ikke åbnes ({type(error).__name__}); se indstillingen SAMSPIL_DATABASE"


def revise(connection: Connection) -> None:
    """What the dataset is made from has changed."""
    insert = sqlite.insert(marks) if connection.dialect.name == "sqlite" else postgresql.insert(marks)
    more = {"number": marks.c.number + 1}
    first = insert.values(name=REVISION, number=1, told="")
    connection.execute(first.on_conflict_do_update(index_elements=["name"], set_=more))


def done_in(step: str, version: str) -> AnySelect:
    return sa.select(ledger.c.key).where(ledger.c.step == step, ledger.c.version == version)


def forget_failures(connection: Connection, source_id: str, step: str) -> None:
    mine = (failures.c.source_id == source_id) & (failures.c.step == step)
    connection.execute(failures.delete().where(mine))
