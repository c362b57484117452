"""How far archive files reach, sources, what changed in a page, near-duplicates, and why a page was not fetched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models import tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archive_file",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_archive_file")),
    )
    op.execute(
        "INSERT INTO archive_file (name, length) "
        "SELECT archive_file, MAX(archive_offset + archive_length) FROM page GROUP BY archive_file"
    )
    op.create_table(
        "source",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("run_started", tables.UtcTime(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_table(
        "change",
        sa.Column("page_id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=100), nullable=False),
        sa.Column("at", tables.UtcTime(length=32), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_source_id"), "change", ["source_id"], unique=False)
    op.add_column("document", sa.Column("signature", tables.HexBytes(), nullable=False, server_default=sa.text("''")))
    op.add_column("failure", sa.Column("kind", sa.String(length=40), nullable=False, server_default=sa.text("''")))
    op.add_column("run", sa.Column("refused", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("run", sa.Column("vanished", sa.Integer(), nullable=False, server_default=sa.text("0")))
