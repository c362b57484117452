"""Alembic's entry: run by alembic.command, never imported."""

from alembic import context

from models.migrations import run

run(context)
