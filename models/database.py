"""Two databases, one way to open and to write them: SQLite in WAL mode, and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from models.records import Participant, Role

R = TypeVar("R")
AnyRow = sa.Row[*tuple[Any, ...]]
AnySelect = sa.Select[*tuple[Any, ...]]
CHUNK = 500  # rows a statement; SQLite takes at most 32,766 parameters in one


def open_engine(url: str) -> Engine:
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    """Writers queue at the beginning, for none can wait once it has read; readers wait for nobody."""
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Let transactions hold schema changes too (sqlite3 would commit before them), and read while another writes."""
    connection.isolation_level = None
    for pragma in ("busy_timeout = 30000", "synchronous = NORMAL", "foreign_keys = ON", "journal_mode = WAL"):
        try:
            connection.execute(f"PRAGMA {pragma}").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:  # another that opens the new file is just setting WAL
                raise


def upsert(
    connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]], keep: Collection[str] = ()
) -> None:
    """Insert rows, or replace those of the same key but for the columns to keep."""
    insert = sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in {*keys, *keep}}
    statement = (
        insert.on_conflict_do_update(index_elements=keys, set_=rest) if rest else insert.on_conflict_do_nothing()
    )
    for start in range(0, len(rows), CHUNK):
        connection.execute(statement, list(rows[start : start + CHUNK]))


def insert_all(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those of a key that is there stay as they are."""
    insert = sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
    if rows:
        connection.execute(insert.on_conflict_do_nothing(), list(rows))


def row_of(table: sa.Table, record: Any) -> dict[str, Any]:
    """The columns of `table` out of a record; participants become (name, role, body) triples."""
    row = {column.name: getattr(record, column.name) for column in table.columns}
    if row.get("participants") is not None:
        row["participants"] = [[one.name, one.role, one.body_id] for one in row["participants"]]
    return row


def record_of(kind: type[R], row: AnyRow, **converted: Any) -> R:
    """A record out of the columns of a row that bear its fields' names."""
    names: tuple[str, ...] = _names(kind)  # type: ignore[arg-type]
    return kind(**{name: getattr(row, name) for name in names if name not in converted}, **converted)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def participants_of(triples: Iterable[tuple[str, str, str]]) -> tuple[Participant, ...]:
    """Out of the triples that `row_of` makes of them."""
    return tuple(Participant(name, Role(role), body) for name, role, body in triples)
