from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from models import tables
from models.migrations import NewerDatabaseError, configuration
from models.store import DatabaseUnavailableError, Store

REVISIONS = [one.revision for one in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]
"""Every revision, oldest first."""

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def engine(store_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(store_url)
    yield engine
    engine.dispose()


def bring_to(engine: sa.Engine, revision: str) -> None:
    with engine.begin() as connection:
        command.upgrade(configuration(connection), revision)


def reflected(engine: sa.Engine) -> sa.MetaData:
    found = sa.MetaData()
    found.reflect(engine)
    return found


def fill(engine: sa.Engine) -> None:
    """Two rows in every table, whatever its columns are."""
    with engine.begin() as connection:
        for table in reflected(engine).sorted_tables:
            if table.name != "alembic_version":
                rows = [{column.name: example(column, number) for column in table.columns} for number in (1, 2)]
                connection.execute(table.insert(), rows)


def example(column: sa.Column[Any], number: int) -> object:
    """A value that the column takes."""
    examples: list[tuple[type[sa.types.TypeEngine[Any]], object]] = [
        (sa.Boolean, number == 1),
        (sa.JSON, ["æ", number]),
        (sa.Date, date(2011, 8, number)),
        (sa.Integer, number),
        (sa.Float, number / 4),
        (sa.LargeBinary, bytes([number])),
    ]
    if column.name in ("at", "fetched_at", "last_seen", "first_seen"):
        return datetime(2011, 8, number, tzinfo=UTC).isoformat()
    length = getattr(column.type, "length", None) or 100
    return next((value for kind, value in examples if isinstance(column.type, kind)), f"{number} å"[:length])


def content(engine: sa.Engine) -> Rows:
    with engine.connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(table.select().order_by(*table.primary_key))]
            for table in reflected(engine).sorted_tables
            if table.name != "alembic_version"
        }


def common(rows: Rows, other: Rows) -> Rows:
    """Of `rows` the columns that `other` has too; every table must be left with one."""
    kept: Rows = {}
    for name, of_table in rows.items():
        columns = of_table[0].keys() & other[name][0].keys()
        assert columns, f"table {name} has no column left"
        kept[name] = [{column: row[column] for column in columns} for row in of_table]
    return kept


def test_a_new_database_has_exactly_the_tables_of_the_store(store_url: str, engine: sa.Engine) -> None:
    Store(store_url).close()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, tables.metadata) == []
        assert context.get_current_revision() == REVISIONS[-1]


def test_the_tables_of_the_store_and_of_the_revisions_bear_the_same_names(
    new_database: Callable[[], str],
) -> None:
    """compare_metadata does not look at the names of primary keys."""

    def names(url: str, make: Callable[[sa.Engine], None]) -> dict[str, Any]:
        engine = sa.create_engine(url)
        make(engine)
        inspector = sa.inspect(engine)
        found = {name: inspector.get_pk_constraint(name) for name in inspector.get_table_names()}
        engine.dispose()
        found.pop("alembic_version", None)
        return found

    migrated = names(new_database(), lambda engine: bring_to(engine, "head"))
    assert migrated == names(new_database(), tables.metadata.create_all)


def test_opening_a_database_again_changes_nothing(store_url: str, engine: sa.Engine) -> None:
    Store(store_url).close()
    fill(engine)
    before = content(engine)
    Store(store_url).close()
    assert content(engine) == before


def test_a_database_of_a_newer_samspil_is_refused_and_left_as_it_is(store_url: str, engine: sa.Engine) -> None:
    Store(store_url).close()
    fill(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    before = content(engine)
    with pytest.raises(NewerDatabaseError) as caught:
        Store(store_url)
    assert str(caught.value) == (
        "databasen har skemaversion 9999, som denne udgave af Samspil ikke kender: opdatér Samspil"
    )
    assert content(engine) == before


def test_an_old_database_is_brought_forward_through_every_revision_and_keeps_its_rows(
    store_url: str, engine: sa.Engine
) -> None:
    bring_to(engine, REVISIONS[0])
    fill(engine)
    before = content(engine)
    for revision in [*REVISIONS[1:], "head"]:
        bring_to(engine, revision)
        after = {name: rows for name, rows in content(engine).items() if name in before}
        assert common(after, before) == common(before, after)
    store = Store(store_url)
    assert {name: store.counts()[name] for name in before} == dict.fromkeys(before, 2)
    store.close()


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_any_revision_is_brought_to_the_newest_when_it_is_opened(
    store_url: str, engine: sa.Engine, revision: str
) -> None:
    bring_to(engine, revision)
    fill(engine)
    filled = set(content(engine))
    Store(store_url).close()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, tables.metadata) == []
    held = {name: len(rows) for name, rows in content(engine).items() if rows}
    words = {"word": 3, "listed_word": 4} if "listing" in filled and "word" not in filled else {}  # "1 å", "2 å"
    assert held == dict.fromkeys({*filled, "archive_file"}, 2) | words


def test_a_migration_that_fails_leaves_the_database_as_it_was(store_url: str, engine: sa.Engine) -> None:
    """The schema changes in the transaction of the opening: a table in the way stops all of it."""
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE redirect (old_id INTEGER)"))
    with pytest.raises(DatabaseUnavailableError):
        Store(store_url)
    assert sa.inspect(engine).get_table_names() == ["redirect"]
