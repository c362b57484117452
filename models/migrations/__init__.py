"""The way of an older database to the tables of models.store: Alembic revisions, run forward when a store is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from models.errors import SamspilError

LOCK = 20110831  # of PostgreSQL's advisory locks, any number that nobody else takes


class NewerDatabaseError(SamspilError):
    """The database was written by a newer Samspil than this one."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file; revisions lie beside this module."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Bring the schema to the newest revision, inside the caller's transaction; does nothing when it is there."""
    if connection.dialect.name == "postgresql":  # of two that open a new database, one waits; SQLite sees to it itself
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    scripts = ScriptDirectory.from_config(configuration())
    current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    if current is not None and current not in {revision.revision for revision in scripts.walk_revisions()}:
        raise NewerDatabaseError(
            f"databasen har skemaversion {current}, som denne udgave af Samspil ikke kender: opdatér Samspil"
        )
    command.upgrade(configuration(connection), "head")


def run(context: Any, metadata: Any = None) -> None:
    """What env.py does: run the revisions on the connection that `upgrade` was given."""
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
    )
    context.run_migrations()
