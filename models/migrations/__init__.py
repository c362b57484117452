"""The way of an older database to the tables of models.store: Alembic revisions, run forward when a store is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from models.errors import SamspilError

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent
LOCK = 20110831  # of PostgreSQL's advisory locks, any number that nobody else takes


class NewerDatabaseError(SamspilError):
    """The database was written by a newer Samspil than this one."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file; revisions lie beside this module."""
    from alembic.config import Config  # noqa: PLC0415 - Alembic takes long to import, and is seldom needed

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Bring the schema to the newest revision, inside the caller's transaction; does nothing when it is there."""
    if connection.dialect.name == "postgresql":  # of two that open a new database, one waits; SQLite sees to it itself
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    current = _revision(connection)
    known = sorted(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))
    if current == known[-1]:
        return
    if current is not None and current not in known:
        raise NewerDatabaseError(
            f"databasen har skemaversion {current}, som denne udgave af Samspil ikke kender: opdatér Samspil"
        )
    from alembic import command  # noqa: PLC0415 - as above

    command.upgrade(configuration(connection), "head")


def _revision(connection: Connection) -> str | None:
    """The revision that Alembic noted in the database; None in a new one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version = sa.table("alembic_version", sa.column("version_num", sa.String))
    return connection.execute(sa.select(version.c.version_num)).scalar()


def run(context: Any, metadata: Any = None) -> None:
    """What env.py does: run the revisions on the connection that `upgrade` was given."""
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
    )
    context.run_migrations()
