"""How probably two statements are of one collaboration, once worked out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models import tables

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chance",
        sa.Column("key", tables.PairKey, autoincrement=False, nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_chance")),
    )
